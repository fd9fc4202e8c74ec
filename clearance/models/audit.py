"""Audits after release: of one file, and of a company over a period with its files sampled; their steps only grow."""

import uuid
from datetime import date
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clearance.models.case import Case
from clearance.models.trace import person
from lib.validity import in_force, one_value_a_day
from traders.models import Company


class AuditTermQuerySet(models.QuerySet["AuditTerm"]):
    def on(self, date_: date) -> Self:
        """Terms in force on `date_`."""
        return self.filter(in_force(date_))


class AuditTerm(models.Model):
    """How many days after a blue release its audit opens, and how many an audit may take; of an office, else of all."""

    office_code = models.CharField(_("office"), max_length=8, blank=True)
    delay_days = models.PositiveSmallIntegerField(_("days after release"))
    work_days = models.PositiveSmallIntegerField(_("days for the audit"))
    act = models.CharField(_("legal act"), max_length=60, blank=True)
    is_example = models.BooleanField(_("example"), default=False)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = AuditTermQuerySet.as_manager()

    class Meta:
        verbose_name = _("term of audits")
        verbose_name_plural = _("terms of audits")
        constraints = [one_value_a_day("audit_term_once_a_day", "office_code")]


class Scope(models.TextChoices):
    """What an audit looks at."""

    CLASSIFICATION = "classification", _("classification")
    VALUE = "value", _("customs value")
    ORIGIN = "origin", pgettext_lazy("scope of an audit", "origin")
    QUANTITY = "quantity", _("quantities")
    DOCUMENTS = "documents", _("documents and accounts")
    PROCEDURE = "procedure", _("procedure and reliefs")


class CompanyAudit(models.Model):
    """A post-clearance audit of a company over a period.

    `seed` is recorded when it is planned, before any file is listed. What was drawn from which frame stands in the
    columns `frame_*`; `frame_hash` is the SHA-256 of the frame's lines. `office_code` is empty for all offices.
    """

    class Status(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("audit", "planned")
        DRAWN = "drawn", pgettext_lazy("audit", "files drawn")
        NOTIFIED = "notified", pgettext_lazy("audit", "company notified")
        CONCLUDED = "concluded", pgettext_lazy("audit", "waits for a second officer")
        CLOSED = "closed", pgettext_lazy("audit", "closed")
        DROPPED = "dropped", pgettext_lazy("audit", "given up")

    ENDS = (Status.CLOSED, Status.DROPPED)

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("number"), max_length=30, unique=True)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="audits", verbose_name=_("company"))
    office_code = models.CharField(_("office"), max_length=8, blank=True)
    status = models.CharField(_("status"), max_length=9, choices=Status.choices, default=Status.PLANNED)
    period_from = models.DateField(_("from"))
    period_to = models.DateField(_("to"))
    reason = models.TextField(_("reason"))
    scope = ArrayField(models.CharField(max_length=14, choices=Scope.choices), verbose_name=_("scope"))
    lead = person(_("led by"))
    team: Any = models.ManyToManyField("accounts.User", related_name="+", blank=True, verbose_name=_("team"))
    due = models.DateField(pgettext_lazy("deadline", "due"))
    planned_by = person(_("planned by"))
    planned_at = models.DateTimeField(_("planned"))
    seed = models.CharField(_("seed"), max_length=64)
    by_value = models.PositiveSmallIntegerField(_("files by value"))
    by_lot = models.PositiveSmallIntegerField(_("files of each lane by lot"))
    method = models.CharField(_("method"), max_length=40)
    frame_count = models.PositiveIntegerField(_("files in the frame"), null=True, blank=True)
    frame_value = models.DecimalField(_("value of the frame"), max_digits=22, decimal_places=4, null=True, blank=True)
    frame_hash = models.CharField(_("hash of the frame"), max_length=64, blank=True)
    interval = models.DecimalField(_("sampling interval"), max_digits=22, decimal_places=4, null=True, blank=True)
    drawn_at = models.DateTimeField(_("drawn"), null=True, blank=True)
    notice = models.TextField(_("notice"), blank=True)
    visit_from = models.DateField(_("visit from"), null=True, blank=True)
    visit_to = models.DateField(_("visit to"), null=True, blank=True)
    notified_at = models.DateTimeField(_("company notified"), null=True, blank=True)
    conclusion = models.TextField(_("conclusion"), blank=True)
    concluded_by = person(_("concluded by"), null=True, blank=True)
    concluded_at = models.DateTimeField(_("concluded"), null=True, blank=True)
    ended_by = person(_("ended by"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects: Any = models.Manager()

    class Meta:
        verbose_name = _("audit of a company")
        verbose_name_plural = _("audits of companies")
        constraints = [
            models.CheckConstraint(condition=Q(period_from__lte=F("period_to")), name="company_audit_period_forwards"),
            models.CheckConstraint(condition=~Q(seed="") & ~Q(reason=""), name="company_audit_planned_complete"),
            models.CheckConstraint(
                condition=Q(status__in=["planned", "dropped"]) | Q(drawn_at__isnull=False) & ~Q(frame_hash=""),
                name="company_audit_drawn_complete",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["notified", "concluded", "closed"])
                | Q(notified_at__isnull=False, visit_from__isnull=False, visit_to__isnull=False) & ~Q(notice=""),
                name="company_audit_notified_complete",
            ),
            models.CheckConstraint(
                condition=~Q(status="closed") | ~Q(conclusion="") & ~Q(ended_by=F("concluded_by")),
                name="company_audit_closed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["closed", "dropped"], ended_at__isnull=False, ended_by__isnull=False)
                | ~Q(status__in=["closed", "dropped"]) & Q(ended_at=None),
                name="company_audit_end_complete",
            ),
        ]
        indexes = [
            models.Index(
                fields=["office_code", "due"],
                name="company_audit_open",
                condition=~Q(status__in=["closed", "dropped"]),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.status not in self.ENDS

    @property
    def scope_in_words(self) -> list[str]:
        return [str(Scope(each).label) for each in self.scope]


class AuditQuerySet(models.QuerySet["Audit"]):
    def open(self) -> Self:
        """In hand: opened and not ended."""
        return self.filter(status__in=Audit.IN_HAND)


class Audit(models.Model):
    """The audit of one released file, from the day it is known to come to its end.

    `case` is the file as it stood when the audit came to be; verbs act on the version that counts. `hits` is how many
    criteria its score met, `has_assessment` whether a correction or a fine came of it: then another officer closes it.
    Of a sampled file `drawn_how` and `drawn_why` say by which part of the method it was drawn.
    """

    class Source(models.TextChoices):
        BLUE = "blue", _("released on the blue lane")
        CHOSEN = "chosen", _("chosen by a supervisor")
        SAMPLE = "sample", _("drawn for the audit of a company")

    class Status(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("audit", "to come")
        OPEN = "open", pgettext_lazy("audit", "to be planned")
        PLANNED = "planned", pgettext_lazy("audit", "planned")
        UNDERWAY = "underway", pgettext_lazy("audit", "under way")
        CONCLUDED = "concluded", pgettext_lazy("audit", "waits for a second officer")
        CLOSED = "closed", pgettext_lazy("audit", "closed")
        LEFT = "left", pgettext_lazy("audit", "left without an audit")

    class How(models.TextChoices):
        CERTAIN = "certain", _("larger than the interval: certain")
        VALUE = "value", _("hit by a monetary unit")
        LOT = "lot", _("by lot within its lane")

    IN_HAND = (Status.OPEN, Status.PLANNED, Status.UNDERWAY, Status.CONCLUDED)
    ENDS = (Status.CLOSED, Status.LEFT)

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="audits")
    mrn = models.CharField("MRN", max_length=18)
    office_code = models.CharField(_("office"), max_length=8)
    lane = models.CharField(_("lane"), max_length=6)
    trader_tin = models.CharField(_("TIN"), max_length=20)
    trader_name = models.CharField(_("trader"), max_length=200)
    customs_value = models.DecimalField(_("customs value"), max_digits=18, decimal_places=4, null=True, blank=True)
    source = models.CharField(_("source"), max_length=6, choices=Source.choices)
    status = models.CharField(_("status"), max_length=9, choices=Status.choices)
    hits = models.PositiveSmallIntegerField(_("criteria met"), default=0)
    reason = models.TextField(_("reason"), blank=True)
    opens_on = models.DateField(_("opens"))
    opened_at = models.DateTimeField(_("opened"), null=True, blank=True)
    due = models.DateField(pgettext_lazy("deadline", "due"))
    company_audit = models.ForeignKey(
        CompanyAudit, on_delete=models.PROTECT, null=True, blank=True, related_name="parts"
    )
    drawn_how = models.CharField(_("drawn"), max_length=7, choices=How.choices, blank=True)
    drawn_why = models.CharField(_("why drawn"), max_length=120, blank=True)
    scope = ArrayField(
        models.CharField(max_length=14, choices=Scope.choices), verbose_name=_("scope"), default=list, blank=True
    )
    plan = models.TextField(_("plan"), blank=True)
    officer = person(_("officer"), null=True, blank=True)
    planned_by = person(_("planned by"), null=True, blank=True)
    conclusion = models.TextField(_("conclusion"), blank=True)
    has_assessment = models.BooleanField(_("something was assessed"), default=False)
    found = models.BooleanField(_("discrepancies found"), null=True, blank=True)
    concluded_by = person(_("concluded by"), null=True, blank=True)
    concluded_at = models.DateTimeField(_("concluded"), null=True, blank=True)
    ended_by = person(_("ended by"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit")
        verbose_name_plural = _("audits")
        constraints = [
            models.UniqueConstraint(
                fields=["mrn"], name="audit_one_at_a_time", condition=~Q(status__in=["closed", "left"])
            ),
            models.UniqueConstraint(fields=["mrn"], name="audit_of_blue_once", condition=Q(source="blue")),
            models.CheckConstraint(
                condition=~Q(source="sample") | Q(company_audit__isnull=False), name="audit_sample_of_a_company"
            ),
            models.CheckConstraint(
                condition=Q(status="waiting", opened_at=None) | ~Q(status="waiting") & Q(opened_at__isnull=False),
                name="audit_opened_complete",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["planned", "underway", "concluded", "closed"])
                | Q(officer__isnull=False) & ~Q(scope=[]),
                name="audit_planned_complete",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["closed", "left"], ended_at__isnull=False, ended_by__isnull=False)
                | ~Q(status__in=["closed", "left"]) & Q(ended_at=None),
                name="audit_end_complete",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["concluded", "closed"])
                | Q(concluded_by__isnull=False, found__isnull=False) & ~Q(conclusion=""),
                name="audit_concluded_complete",
            ),
            models.CheckConstraint(
                condition=~Q(status="closed", has_assessment=True) | ~Q(ended_by=F("concluded_by")),
                name="audit_assessment_takes_two",
            ),
        ]
        indexes = [
            models.Index(fields=["opens_on", "id"], name="audit_to_come", condition=Q(status="waiting")),
            models.Index(
                fields=["office_code", "due", "id"],
                name="audit_in_hand",
                condition=Q(status__in=["open", "planned", "underway", "concluded"]),
            ),
            models.Index(
                fields=["officer"],
                name="audit_held",
                condition=Q(status__in=["open", "planned", "underway", "concluded"]),
            ),
            models.Index(fields=["trader_tin", "-id"], name="audit_of_trader"),
            models.Index(fields=["mrn", "-id"], name="audit_of_mrn"),
        ]

    def __str__(self) -> str:
        return self.mrn

    @property
    def is_in_hand(self) -> bool:
        return self.status in self.IN_HAND

    @property
    def scope_in_words(self) -> list[str]:
        return [str(Scope(each).label) for each in self.scope]


class AuditStep(models.Model):
    """A row of the history of an audit, of a file or of a company. Append-only."""

    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, null=True, blank=True, related_name="steps")
    company_audit = models.ForeignKey(
        CompanyAudit, on_delete=models.PROTECT, null=True, blank=True, related_name="steps"
    )
    verb = models.CharField(_("step"), max_length=20)
    by = person(_("by"), null=True, blank=True)
    at = models.DateTimeField(_("at"))
    note = models.TextField(_("remark"), blank=True)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("step of an audit")
        verbose_name_plural = _("steps of audits")
        constraints = [
            models.CheckConstraint(
                condition=Q(audit__isnull=False, company_audit=None) | Q(audit=None, company_audit__isnull=False),
                name="audit_step_of_one",
            )
        ]
