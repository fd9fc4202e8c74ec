"""How an officer likes the queue: the columns, whether letters are keys, and filters kept under a name."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class DeskChoice(models.Model):
    """The columns that an officer has chosen, by code and in the order of the desk; and whether one letter acts."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="desk_choice")
    columns = ArrayField(models.CharField(max_length=12), verbose_name=_("columns"), default=list)
    uses_keys = models.BooleanField(_("one letter is a key"), default=True)

    objects: Any = models.Manager()


class SavedView(models.Model):
    """Filters of the queue that an officer has kept under a name; `filters` as they stand in the address."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(_("name"), max_length=40)
    filters = models.JSONField(_("filters"), default=dict, blank=True)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="saved_view_once"),
            models.CheckConstraint(condition=~Q(name=""), name="saved_view_named"),
        ]

    def __str__(self) -> str:
        return self.name
