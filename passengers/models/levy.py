"""What is charged on a traveller's declaration after it was answered: storage of goods that were kept."""

from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from passengers.models.declaration import TravelDeclaration


class TravelLevy(models.Model):
    """A sum with everything that explains it, as a charge of a version has it; `facts` compute it again. Append-only.

    `key` says what it is for: once each.
    """

    key = models.CharField(max_length=60, unique=True)
    declaration = models.ForeignKey(TravelDeclaration, on_delete=models.PROTECT, related_name="levies")
    tax_code = models.CharField(_("tax"), max_length=8)
    tax_name = models.CharField(_("name of the tax"), max_length=250)
    rate_text = models.CharField(_("rate"), max_length=250)
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=4)
    formula = models.TextField(_("formula"))
    legal_basis = models.CharField(_("legal basis"), max_length=400)
    is_example = models.BooleanField(_("example, not published law"), default=False)
    facts = models.JSONField(_("facts"), default=dict, encoder=DjangoJSONEncoder)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    objects: Any = models.Manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("levy on a traveller")
        verbose_name_plural = _("levies on travellers")
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="travel_levy_positive")]
