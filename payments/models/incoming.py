"""What the bank's statements say: files as they came, statements and entries in them, money that awaits its owner."""

import uuid
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from declarations.models import Declaration
from payments.models.money import Entry
from traders.models import Company


def money_field(label: Any, **options: Any) -> "models.DecimalField[Any, Any]":
    return models.DecimalField(label, max_digits=18, decimal_places=4, **options)


class BankFile(models.Model):
    """A file of statements as it came, kept whatever it was worth; the same bytes are kept once.

    It is read twice: whole, to judge it, and only then booked, portion after portion. `total` and `done` count entries;
    `fault` says why it was refused, as a violation.
    """

    class Source(models.TextChoices):
        UPLOAD = "upload", _("uploaded")
        FOLDER = "folder", _("taken from the folder")

    class Status(models.TextChoices):
        RECEIVED = "received", _("waits to be read")
        BOOKING = "booking", _("is being booked")
        BOOKED = "booked", _("booked")
        REFUSED = "refused", _("refused")

    UNFINISHED = (Status.RECEIVED, Status.BOOKING)

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=200)
    file = models.FileField(_("file"), upload_to="bank", max_length=200)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField("SHA-256", max_length=64, unique=True)
    form = models.CharField(_("form"), max_length=20, blank=True)
    source = models.CharField(_("how it came"), max_length=6, choices=Source.choices)
    status = models.CharField(_("status"), max_length=8, choices=Status.choices, default=Status.RECEIVED)
    total = models.PositiveIntegerField(_("entries"), default=0)
    done = models.PositiveIntegerField(_("entries done"), default=0)
    new = models.PositiveIntegerField(_("entries booked for the first time"), default=0)
    fault = models.JSONField(_("why it was refused"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("received"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("file of the bank")
        verbose_name_plural = _("files of the bank")
        constraints = [
            models.CheckConstraint(
                condition=Q(status="refused", fault__isnull=False, new=0)
                | Q(status__in=["received", "booking", "booked"], fault__isnull=True),
                name="bank_file_refused_with_a_fault_and_nothing_booked",
            ),
        ]
        indexes = [models.Index(fields=["at"], name="bank_file_at")]

    def __str__(self) -> str:
        return self.name


class BankStatement(models.Model):
    """A statement in a file: which account, which days, and its balances where it has any. Append-only."""

    file = models.ForeignKey(BankFile, on_delete=models.PROTECT, related_name="statements", verbose_name=_("file"))
    number = models.CharField(_("number"), max_length=60, blank=True)
    account = models.CharField(_("account"), max_length=40)
    currency = models.CharField(_("currency"), max_length=3)
    first = models.DateField(_("from"), null=True, blank=True)
    last = models.DateField(_("to"), null=True, blank=True)
    opening = money_field(_("opening balance"), null=True, blank=True)
    closing = money_field(_("closing balance"), null=True, blank=True)
    entries = models.PositiveIntegerField(_("entries"))

    objects: Any = models.Manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("bank statement")
        verbose_name_plural = _("bank statements")

    def __str__(self) -> str:
        return self.number or str(self.pk)


class BankEntry(models.Model):
    """Money that moved on our account at the bank, booked once however often the bank tells of it. Append-only.

    `key` names the movement in any file that tells of it; `part` is above 0 where one movement is several payments.
    `amount` is what came in, below zero what went out. `mate` is the movement that this one takes back, or that took
    this one back and was told first: the two cancel each other.
    """

    key = models.CharField(max_length=64)
    part = models.PositiveIntegerField(default=0)
    file = models.ForeignKey(BankFile, on_delete=models.PROTECT, related_name="entries", verbose_name=_("file"))
    place = models.CharField(_("place in the file"), max_length=60)
    account = models.CharField(_("account"), max_length=40)
    amount = money_field(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    is_reversal = models.BooleanField(_("takes back an earlier one"), default=False)
    value_date = models.DateField(_("value date"))
    bank_reference = models.CharField(_("the bank's reference"), max_length=60, blank=True)
    payers_reference = models.CharField(_("the payer's reference"), max_length=60, blank=True)
    reference = models.CharField(_("reference"), max_length=140, blank=True)
    text = models.CharField(_("text"), max_length=500, blank=True)
    payer = models.CharField(_("payer"), max_length=140, blank=True)
    payer_account = models.CharField(_("payer’s account"), max_length=40, blank=True)
    company = models.ForeignKey(
        Company,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="bank_entries",
        verbose_name=_("company"),
    )
    declaration = models.ForeignKey(
        Declaration,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="bank_entries",
        verbose_name=_("declaration"),
    )
    deferred = models.ForeignKey(
        "payments.DeferredStatement",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="bank_entries",
        verbose_name=_("statement of deferred payment"),
    )
    mate = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="taken_back_by")
    entry = models.OneToOneField(
        Entry, on_delete=models.PROTECT, related_name="bank_entry", verbose_name=_("entry of the ledger")
    )

    objects: Any = models.Manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("entry of a bank statement")
        verbose_name_plural = _("entries of bank statements")
        constraints = [
            models.UniqueConstraint(fields=["key", "part"], name="bank_entry_once"),
            models.CheckConstraint(condition=~Q(amount=0) & ~Q(key=""), name="bank_entry_moves_money"),
        ]
        indexes = [
            models.Index(fields=["account", "bank_reference"], name="bank_entry_by_reference"),
            models.Index(fields=["account", "payers_reference"], name="bank_entry_by_payers_ref"),
            models.Index(fields=["payer_account"], name="bank_entry_by_payer"),
        ]

    def __str__(self) -> str:
        return f"{self.value_date} {self.amount} {self.payer}"


class SuspenseItem(models.Model):
    """Money on the suspense account until a cashier allots it; above a set sum another cashier confirms.

    Below zero it is money that the bank took back and that its owner's account did not hold, or that went out unknown.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("awaits its owner")
        PROPOSED = "proposed", _("waits for a second person")
        ALLOTTED = "allotted", _("allotted")
        REVERSED = "reversed", _("taken back by the bank")
        SENDING = "sending", _("goes back to its sender")
        SENT_BACK = "back", _("went back to its sender")
        EXPLAINED = "known", _("explained")

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    bank_entry = models.OneToOneField(
        BankEntry, on_delete=models.PROTECT, related_name="suspense", verbose_name=_("entry of a bank statement")
    )
    amount = money_field(_("amount"))
    status = models.CharField(_("status"), max_length=8, choices=Status.choices, default=Status.OPEN)
    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("company")
    )
    declaration = models.ForeignKey(
        Declaration, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("declaration")
    )
    reason = models.CharField(_("reason"), max_length=250, blank=True)
    entry = models.OneToOneField(
        Entry, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("entry of the ledger")
    )
    opened_at = models.DateTimeField(_("since"))
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("proposed by"),
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("allotted by"),
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("suspense item")
        verbose_name_plural = _("suspense items")
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="suspense_not_nothing"),
            models.CheckConstraint(
                condition=~Q(status="allotted")
                | Q(company__isnull=False, entry__isnull=False, decided_by__isnull=False, ended_at__isnull=False),
                name="suspense_allotted_to_somebody_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(status="proposed") | Q(company__isnull=False, proposed_by__isnull=False),
                name="suspense_proposal_complete",
            ),
            models.CheckConstraint(
                condition=~Q(status="allotted") | Q(proposed_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="suspense_confirmed_by_another",
            ),
        ]
        indexes = [
            models.Index(fields=["opened_at"], name="suspense_open", condition=Q(status__in=["open", "proposed"]))
        ]

    def __str__(self) -> str:
        return f"{self.bank_entry}"

    @property
    def is_money_out(self) -> bool:
        """Whether it is money that left our account at the bank."""
        return Decimal(self.amount) < 0


class RefusedCallbacks(models.Model):
    """How many call-backs of a day were not acted on, and why. What carries no valid signature is not kept itself."""

    class Why(models.TextChoices):
        SIGNATURE = "refused", _("signature wrong or stale")
        UNREADABLE = "unreadable", _("cannot be read or booked")
        UNKNOWN = "unknown", _("names no payment of ours")

    day = models.DateField(_("day"))
    why = models.CharField(_("why"), max_length=10, choices=Why.choices)
    count = models.PositiveBigIntegerField(_("how many"), default=0)
    last_at = models.DateTimeField(_("the last one"))

    objects: Any = models.Manager()

    class Meta:
        ordering = ["-day", "why"]
        verbose_name = _("refused call-backs of a day")
        verbose_name_plural = _("refused call-backs of days")
        constraints = [models.UniqueConstraint(fields=["day", "why"], name="refused_callbacks_once_a_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.why} {self.count}"
