"""Changes of the tariff on their way into law: change sets, their rows, and who did what with them."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tariffs.models.law import LegalAct


class ChangeSet(models.Model):
    """Rows of law to be created, ended or replaced together on one day, made by one person and approved by another.

    A set that came with a country's folder is the law of many days: its rows bring their own, and no person made it.
    `version` rises with every edit, so that two people who edit at once do not overwrite each other. What was
    published is never edited: its opposite is a change set of its own (`opposite_of`).
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("being prepared")
        SUBMITTED = "submitted", _("waiting for approval")
        APPROVED = "approved", _("approved")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Origin(models.TextChoices):
        OFFICERS = "officers", _("officers")
        FOLDER = "folder", _("folder of the country")

    title = models.CharField(_("title"), max_length=200)
    origin = models.CharField(_("origin"), max_length=8, choices=Origin.choices, default=Origin.OFFICERS)
    reason = models.TextField(_("reason"), blank=True)
    legal_act = models.ForeignKey(
        LegalAct,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="change_sets",
        verbose_name=_("legal act"),
        help_text=_("Of every row that names no act of its own."),
    )
    takes_effect = models.DateField(_("takes effect"))
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    version = models.PositiveIntegerField(_("version"), default=1)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("made by"),
    )
    made_at = models.DateTimeField(_("made"))
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("submitted by"),
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    opposite_of = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="opposites",
        verbose_name=_("takes back the change set"),
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("change set")
        verbose_name_plural = _("change sets")
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("made_by")), name="change_set_second_person"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | Q(submitted_by__isnull=True)
                | ~Q(approved_by=F("submitted_by")),
                name="change_set_not_approved_by_its_submitter",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["approved", "published"])
                | Q(approved_by__isnull=False)
                | Q(origin="folder", status="published"),
                name="change_set_published_needs_approval",
            ),
            models.CheckConstraint(
                condition=Q(origin="officers", made_by__isnull=False)
                | Q(origin="folder", made_by=None, submitted_by=None, approved_by=None, opposite_of=None),
                name="change_set_made_by_persons_or_loaded",
            ),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(published_at__isnull=False), name="change_set_published_when"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.title}"

    @property
    def is_loaded(self) -> bool:
        """Whether it came with the folder of the country."""
        return self.origin == self.Origin.FOLDER


class ChangeRow(models.Model):
    """One row of law that a change set creates, ends or replaces.

    `target` is the primary key of the published row that is ended or replaced and `seen` its values when it was
    chosen; `values` are those of the new row by column name, as text a table would hold. `source_row` is the row of
    the file it came from. `to_decide` is a question that a person has to answer before the set can be submitted. On
    publication `written` becomes the primary key of the row that was created. A row that is not saved yet is what a
    file or an edition would put into a set.
    """

    class Action(models.TextChoices):
        CREATE = "create", _("new")
        END = "end", _("ended")
        REPLACE = "replace", _("replaced")

    change_set = models.ForeignKey(
        ChangeSet, on_delete=models.CASCADE, related_name="rows", verbose_name=_("change set")
    )
    place = models.PositiveIntegerField(_("place"))
    table = models.CharField(_("table"), max_length=20)
    action = models.CharField(_("action"), max_length=8, choices=Action.choices)
    target = models.BigIntegerField(_("row that is changed"), null=True, blank=True)
    seen = models.JSONField(_("as it was"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    values = models.JSONField(_("as it becomes"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    source_row = models.PositiveIntegerField(_("row of the file"), null=True, blank=True)
    to_decide = models.TextField(_("to be decided"), blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)
    written = models.BigIntegerField(_("row that was created"), null=True, blank=True)

    class Meta:
        ordering = ["change_set", "place"]
        verbose_name = _("row of a change set")
        verbose_name_plural = _("rows of change sets")
        constraints = [
            models.UniqueConstraint(
                fields=["change_set", "table", "target"],
                condition=Q(target__isnull=False),
                name="change_row_target_once",
            ),
            models.CheckConstraint(
                condition=Q(action="create", target__isnull=True)
                | Q(action__in=["end", "replace"], target__isnull=False),
                name="change_row_target_unless_new",
            ),
        ]
        indexes = [
            models.Index(fields=["table", "target"], name="change_row_target"),
            models.Index(fields=["table", "written"], name="change_row_written"),
        ]

    def __str__(self) -> str:
        return f"{self.change_set_id}/{self.place} {self.action} {self.table}"


class ChangeEvent(models.Model):
    """Who did what with a change set, and when. Append-only."""

    change_set = models.ForeignKey(
        ChangeSet, on_delete=models.PROTECT, related_name="events", verbose_name=_("change set")
    )
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    verb = models.CharField(_("what"), max_length=20)
    note = models.TextField(_("note"), blank=True)
    data = models.JSONField(_("details"), default=dict, blank=True, encoder=DjangoJSONEncoder)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("event of a change set")
        verbose_name_plural = _("events of change sets")
        indexes = [models.Index(fields=["-at", "-id"], name="change_event_at")]

    def __str__(self) -> str:
        return f"{self.verb} {self.at:%Y-%m-%d %H:%M}"
