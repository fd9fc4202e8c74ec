"""Officers' files: the case of each scored declaration, queries and answers, examinations, and exits."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from declarations.models import Declaration, StoredFile
from lib.validity import in_force, one_value_a_day
from risk.models import Lane

OFFICER_LANES = (Lane.YELLOW, Lane.RED)


class TargetQuerySet(models.QuerySet["Target"]):
    def on(self, date_: date) -> Self:
        """Targets in force on `date_`."""
        return self.filter(in_force(date_))


class Target(models.Model):
    """How many hours an office has for a file of a lane, from the moment its lane is known."""

    lane = models.CharField(_("lane"), max_length=6, choices=Lane.choices)
    hours = models.PositiveSmallIntegerField(_("hours"))
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("target time")
        verbose_name_plural = _("target times")
        constraints = [
            one_value_a_day("target_once_a_day", "lane"),
            models.CheckConstraint(condition=Q(lane__in=Lane.values), name="target_lane_known"),
        ]


class CaseQuerySet(models.QuerySet["Case"]):
    def waiting(self) -> Self:
        """Open files that need an officer; the condition of the queue's partial indexes."""
        return self.filter(closed_at__isnull=True, lane__in=OFFICER_LANES)


class WaitsFor(models.TextChoices):
    """What a file waits for: an officer, the answer to a query, the word on a proposal, or money."""

    OFFICE = "office", _("the office")
    ANSWER = "answer", _("the trader’s answer")
    CONSENT = "consent", _("the trader’s word on a proposal")
    MONEY = "money", _("payment")


FOR_THE_TRADER = (WaitsFor.ANSWER, WaitsFor.CONSENT)


class Case(models.Model):
    """The clearance file of one version of a declaration, from its lane to its end.

    What the queue shows is kept here as it was lodged, so that the queue reads one index. `decided_at` is the
    officer's decision to release; the release itself waits for the money. `waits_for` holds since `waits_since`; what
    it was before stands in `Wait`. `due_at` is the target, later by the time that the file did not wait for the
    office (see `services.clock`).
    """

    class End(models.TextChoices):
        RELEASED = "released", _("released")
        REJECTED = "rejected", _("rejected")
        CANCELLED = "cancelled", _("cancelled")
        SUPERSEDED = "superseded", _("replaced by an amendment")
        CORRECTED = "corrected", _("corrected after release")

    declaration = models.OneToOneField(Declaration, on_delete=models.PROTECT, related_name="case")
    office_code = models.CharField(_("office"), max_length=8)
    lane = models.CharField(_("lane"), max_length=6, choices=Lane.choices)
    lodged_at = models.DateTimeField(_("lodged"))
    opened_at = models.DateTimeField(_("opened"))
    clock_from = models.DateTimeField(_("clock runs from"))
    due_at = models.DateTimeField(_("target"))
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
        verbose_name=_("held by"),
    )
    claimed_at = models.DateTimeField(_("claimed"), null=True, blank=True)
    waits_for = models.CharField(_("waits for"), max_length=7, choices=WaitsFor.choices, default=WaitsFor.OFFICE)
    waits_since = models.DateTimeField(_("waits since"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("release decided by"),
    )
    decided_at = models.DateTimeField(_("release decided"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_as = models.CharField(_("closed as"), max_length=10, choices=End.choices, blank=True)
    mrn = models.CharField("MRN", max_length=18)
    trader_name = models.CharField(_("trader"), max_length=200)
    trader_tin = models.CharField(_("TIN"), max_length=20)
    goods = models.CharField(_("goods"), max_length=200, blank=True)
    procedure = models.CharField(_("procedure"), max_length=5, blank=True)
    commodity_code = models.CharField(_("commodity code"), max_length=11, blank=True)
    item_count = models.PositiveSmallIntegerField(_("items"), default=1)
    customs_value = models.DecimalField(_("customs value"), max_digits=18, decimal_places=4, null=True, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        constraints = [
            models.CheckConstraint(condition=Q(lane__in=Lane.values), name="case_lane_known"),
            models.CheckConstraint(condition=Q(waits_for__in=WaitsFor.values), name="case_waits_for_known"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_as="") | Q(closed_at__isnull=False) & ~Q(closed_as=""),
                name="case_end_complete",
            ),
            models.CheckConstraint(
                condition=Q(claimed_by__isnull=True, claimed_at__isnull=True)
                | Q(claimed_by__isnull=False, claimed_at__isnull=False),
                name="case_claim_complete",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True, decided_at__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="case_decision_complete",
            ),
        ]
        indexes = [
            models.Index(
                fields=["office_code", "waits_for", "due_at", "id"],
                name="case_queue_of_office",
                condition=Q(closed_at__isnull=True, lane__in=["yellow", "red"]),
            ),
            models.Index(
                fields=["waits_for", "due_at", "id"],
                name="case_queue",
                condition=Q(closed_at__isnull=True, lane__in=["yellow", "red"]),
            ),
            models.Index(
                fields=["claimed_by"],
                name="case_held",
                condition=Q(closed_at__isnull=True, claimed_by__isnull=False),
            ),
            models.Index(fields=["id"], name="case_open", condition=Q(closed_at__isnull=True)),
            models.Index(fields=["decided_at"], name="case_decided", condition=Q(decided_at__isnull=False)),
            models.Index(
                fields=["closed_at"],
                name="case_ended",
                condition=Q(closed_as__in=["released", "rejected", "cancelled"]),
            ),
            BrinIndex(fields=["lodged_at"], name="case_lodged", autosummarize=True),
            models.Index(fields=["trader_tin"], name="case_of_trader"),
            models.Index(fields=["lane", "-declaration"], name="case_of_lane"),
        ]

    def __str__(self) -> str:
        return self.mrn

    @property
    def is_free(self) -> bool:
        """Whether it needs an officer and nobody holds it."""
        waits = self.closed_at is None and self.lane in OFFICER_LANES and self.waits_for == WaitsFor.OFFICE
        return waits and self.claimed_by_id is None


class Wait(models.Model):
    """What a file waited for, from one moment to another. The rows of a file follow each other without a gap."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="waits")
    what = models.CharField(_("waited for"), max_length=7, choices=WaitsFor.choices)
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"))

    objects: Any = models.Manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("step of a file")
        verbose_name_plural = _("steps of files")
        constraints = [
            models.CheckConstraint(condition=Q(what__in=WaitsFor.values), name="wait_what_known"),
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="wait_forwards"),
        ]


class Query(models.Model):
    """An officer's question to the declarant, before release or in an `audit`. Append-only; its answer is a row."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="queries")
    audit: Any = models.ForeignKey(
        "clearance.Audit", on_delete=models.PROTECT, null=True, blank=True, related_name="queries"
    )
    question = models.TextField(_("question"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked"))
    due = models.DateField(_("answer due"))

    class Meta:
        ordering = ["pk"]
        verbose_name = _("query")
        verbose_name_plural = _("queries")
        constraints = [models.CheckConstraint(condition=~Q(question=""), name="query_not_empty")]


class Answer(models.Model):
    """The declarant's answer, or (`is_withdrawal`) the officer's withdrawal of the question. Append-only."""

    query = models.OneToOneField(Query, on_delete=models.PROTECT, related_name="answer")
    text = models.TextField(_("answer"))
    is_withdrawal = models.BooleanField(_("question withdrawn"), default=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("answered by")
    )
    at = models.DateTimeField(_("answered"))

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="answer_not_empty")]


class AnswerFile(models.Model):
    """A paper attached to an answer. Append-only."""

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="attachments")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="attached_to")

    objects: Any = models.Manager()

    class Meta:
        ordering = ["pk"]


class Examination(models.Model):
    """A check of the documents or goods of a file, or an audit of a released one. Once finished it never changes."""

    class Kind(models.TextChoices):
        DOCUMENTS = "documents", _("documents")
        GOODS = "goods", _("goods")
        AUDIT = "audit", _("after release")

    class Result(models.TextChoices):
        CONFORM = "conform", _("conform")
        DISCREPANCY = "discrepancy", _("discrepancy")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="examinations")
    kind = models.CharField(_("kind"), max_length=9, choices=Kind.choices)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("officer")
    )
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=11, choices=Result.choices, blank=True)
    note = models.TextField(_("note"), blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    containers = models.CharField(_("containers or vehicles"), max_length=400, blank=True)
    seals = models.CharField(_("seals found"), max_length=400, blank=True)
    seals_put = models.CharField(_("seals put on"), max_length=400, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("examination")
        verbose_name_plural = _("examinations")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"], name="examination_one_open", condition=Q(finished_at__isnull=True)
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True, outcome="") | Q(finished_at__isnull=False) & ~Q(outcome=""),
                name="examination_end_complete",
            ),
        ]


class Finding(models.Model):
    """What an examination found on an item (number 0: on the whole consignment), counted and weighed. Append-only.

    `key` is the form's: what a poor line sends twice is there once. `value` is the customs value of the item as
    it should have been declared, in national currency.
    """

    class Code(models.TextChoices):
        CONFORM = "conform", _("conform to the declaration")
        QUANTITY = "quantity", _("quantity or mass differs")
        VALUE = "value", _("value differs")
        CLASSIFICATION = "classification", _("commodity code differs")
        ORIGIN = "origin", _("origin differs")
        DESCRIPTION = "description", _("goods are not those described")
        DOCUMENT = "document", _("document missing or not valid")
        UNDECLARED = "undeclared", _("goods not declared")
        PROHIBITED = "prohibited", _("prohibited or restricted goods")

    examination = models.ForeignKey(Examination, on_delete=models.PROTECT, related_name="findings")
    item_number = models.PositiveSmallIntegerField(_("item"), default=0)
    code = models.CharField(_("result"), max_length=14, choices=Code.choices)
    text = models.TextField(_("remark"), blank=True)
    measured = models.DecimalField(_("measured"), max_digits=18, decimal_places=6, null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=4, blank=True)
    packages = models.PositiveIntegerField(_("packages counted"), null=True, blank=True)
    gross_mass = models.DecimalField(_("gross mass, kg"), max_digits=18, decimal_places=6, null=True, blank=True)
    net_mass = models.DecimalField(_("net mass, kg"), max_digits=18, decimal_places=6, null=True, blank=True)
    value = models.DecimalField(_("customs value found"), max_digits=18, decimal_places=4, null=True, blank=True)
    key = models.UUIDField(_("key"), unique=True, null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ["pk"]
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        constraints = [
            models.CheckConstraint(condition=Q(code="conform") | ~Q(text=""), name="finding_discrepancy_explained")
        ]


class ExitConfirmation(models.Model):
    """An officer of the office of exit saw the goods leave: once for a declaration. Append-only."""

    declaration = models.OneToOneField(Declaration, on_delete=models.PROTECT, related_name="exit")
    office_code = models.CharField(_("office of exit"), max_length=8)
    vehicle = models.CharField(_("vehicle seen"), max_length=100)
    seals = models.CharField(_("seals seen"), max_length=200, blank=True)
    packages = models.PositiveIntegerField(_("packages counted"))
    remark = models.TextField(_("remark"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("exit confirmation")
        verbose_name_plural = _("exit confirmations")
        constraints = [models.CheckConstraint(condition=~Q(vehicle=""), name="exit_vehicle_seen")]

    def __str__(self) -> str:
        return f"{self.declaration} {self.office_code}"
