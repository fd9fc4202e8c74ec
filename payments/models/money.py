"""Money: accounts, the append-only double-entry ledger, attempts at the bank, payments, reservations, receipts.

The database keeps the balances, refuses an entry that does not balance, and refuses to change what was booked.
"""

import uuid
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from declarations.models import Declaration, IssuedPaper, StoredFile
from lib.figures import ZERO
from passengers.models import TravelDeclaration
from traders.models import Company


def money_field(label: Any, **options: Any) -> "models.DecimalField[Any, Any]":
    return models.DecimalField(label, max_digits=18, decimal_places=4, **options)


class Account(models.Model):
    """An account of the ledger. With a company it is that customer's; without one it is the administration's.

    `balance` is credits less debits: what a customer still has. A trigger keeps it for customers' accounts; the
    administration's are summed from their postings, so that payments of different customers never wait for a row.
    `reserved` is held by guarantees. A company has one account of each kind, and one more for each guarantor's
    undertaking, told apart by `reference`. A customer may use `balance + limit - reserved`, never more.
    """

    class Kind(models.TextChoices):
        PREPAID = "prepaid", _("prepaid account")
        DEFERRED = "deferred", _("deferred payment account")
        GUARANTEE = "guarantee", _("guarantee account")
        BANK = "bank", _("bank clearing")
        REVENUE = "revenue", _("revenue")
        REFUNDS = "refunds", _("refunds payable")
        SUSPENSE = "suspense", _("suspense account")
        COSTS = "costs", _("charges of the bank")

    OF_CUSTOMERS = (Kind.PREPAID, Kind.DEFERRED, Kind.GUARANTEE)

    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, null=True, blank=True, related_name="accounts", verbose_name=_("company")
    )
    kind = models.CharField(_("kind"), max_length=9, choices=Kind.choices)
    tax_code = models.CharField(_("tax"), max_length=8, blank=True)
    reference = models.CharField(_("reference"), max_length=40, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    limit = money_field(_("limit"), default=ZERO)
    balance = money_field(_("balance"), default=ZERO, editable=False)
    reserved = money_field(_("reserved"), default=ZERO, editable=False)
    opened_at = models.DateTimeField(_("opened"))

    objects: Any = models.Manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "kind", "reference"],
                name="account_once_a_company",
                condition=Q(company__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["kind", "tax_code"], name="account_of_administration_once", condition=Q(company__isnull=True)
            ),
            models.CheckConstraint(
                condition=Q(company__isnull=False, kind__in=["prepaid", "deferred", "guarantee"], tax_code="")
                | Q(company__isnull=True, kind__in=["bank", "refunds", "suspense", "costs"], tax_code="")
                | Q(company__isnull=True, kind="revenue") & ~Q(tax_code=""),
                name="account_kind_fits_owner",
            ),
            models.CheckConstraint(condition=Q(reference="") | Q(kind="guarantee"), name="account_reference"),
            models.CheckConstraint(
                condition=Q(company__isnull=True) | Q(balance__gte=F("reserved") - F("limit")),
                name="account_within_limit",
            ),
            models.CheckConstraint(
                condition=Q(reserved__gte=0, limit__gte=0) & (~Q(kind="prepaid") | Q(limit=0)),
                name="account_limit_and_reserve",
            ),
        ]

    def __str__(self) -> str:
        return " · ".join(str(part) for part in (self.company, self.get_kind_display(), self.tax_code) if part)

    @property
    def available(self) -> Decimal:
        """What the customer may still use."""
        return Decimal(self.balance + self.limit - self.reserved)


class LimitChange(models.Model):
    """Who asked to give an account which limit, and why; another person confirms or refuses. Kept, whatever its end."""

    class Status(models.TextChoices):
        ASKED = "asked", _("waits for a second person")
        CONFIRMED = "confirmed", _("in force")
        REFUSED = "refused", _("refused")

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="limit_changes")
    old = money_field(_("limit before"))
    new = money_field(_("limit after"))
    reason = models.CharField(_("reason"), max_length=250)
    status = models.CharField(_("status"), max_length=9, choices=Status.choices, default=Status.ASKED)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("change of a limit")
        verbose_name_plural = _("changes of limits")
        constraints = [
            models.CheckConstraint(condition=Q(new__gte=0), name="limit_change_not_negative"),
            models.CheckConstraint(
                condition=Q(status="asked", decided_by=None, decided_at=None)
                | Q(status__in=["confirmed", "refused"], decided_by__isnull=False, decided_at__isnull=False),
                name="limit_change_decision_complete",
            ),
            models.CheckConstraint(
                condition=~Q(status="confirmed") | ~Q(decided_by=F("by")), name="limit_change_confirmed_by_another"
            ),
            models.UniqueConstraint(
                fields=["account"], condition=Q(status="asked"), name="limit_change_asked_once_an_account"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.old} → {self.new}"


class Entry(models.Model):
    """One booking: postings whose debits equal their credits. Append-only; a correction is a new, opposite entry."""

    class Kind(models.TextChoices):
        TOP_UP = "top_up", _("money received")
        PAYMENT = "payment", _("payment of a declaration")
        CREDIT = "credit", _("given back")
        MOVE = "move", _("moved between own accounts")
        SUSPENSE = "suspense", _("money of the bank that awaits its owner")
        ALLOTTED = "allotted", _("allotted from the suspense account")
        REVERSED = "reversed", _("taken back by the bank")
        REFUND = "refund", _("sent back to the card")
        PAY_OUT = "pay_out", _("paid out to a bank account")
        BOUNCED = "bounced", _("pay-out that did not happen")
        CALL = "call", _("taken from a guarantee")
        INTEREST = "interest", _("interest for late payment")

    idempotency_key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    text = models.CharField(_("text"), max_length=250)
    declaration = models.ForeignKey(
        Declaration,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="entries",
        verbose_name=_("declaration"),
    )
    travel = models.ForeignKey(
        TravelDeclaration,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="entries",
        verbose_name=_("traveller's declaration"),
    )
    attempt = models.ForeignKey(
        "payments.Attempt",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="entries",
        verbose_name=_("payment at the bank"),
    )

    objects: Any = models.Manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        constraints = [
            models.CheckConstraint(condition=~Q(idempotency_key=""), name="entry_key_not_empty"),
            models.CheckConstraint(
                condition=Q(declaration__isnull=True) | Q(travel__isnull=True), name="entry_of_one_declaration"
            ),
        ]
        indexes = [models.Index(fields=["at"], name="entry_at")]

    def __str__(self) -> str:
        return f"{self.pk} {self.text}"


class Posting(models.Model):
    """A line of an entry: exactly one of debit and credit is positive. Append-only."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="postings")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="postings")
    debit = money_field(_("debit"), default=ZERO)
    credit = money_field(_("credit"), default=ZERO)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        constraints = [
            models.CheckConstraint(
                condition=Q(debit__gt=0, credit=0) | Q(debit=0, credit__gt=0), name="posting_debit_or_credit"
            ),
        ]
        indexes = [models.Index(fields=["account", "id"], name="posting_of_account")]


class Attempt(models.Model):
    """A try to pay at the bank's hosted page; without a declaration and parts it tops up the prepaid account.

    With parts it pays many things. With a link it is somebody who is not the declarant, and `by` is who made the link.
    `from_account` is what the payer agreed to take from the prepaid account beside it. `bank_reference` is the
    bank's name for the try. A status is changed by conditional UPDATE only; SUCCEEDED is final.
    """

    class Status(models.TextChoices):
        CREATED = "created", _("begun")
        PENDING = "pending", _("waiting for the bank")
        SUCCEEDED = "succeeded", _("paid")
        FAILED = "failed", _("not paid")
        EXPIRED = "expired", _("expired")

    OPEN = (Status.CREATED, Status.PENDING)

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    idempotency_key = models.CharField(max_length=120, unique=True)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="attempts", verbose_name=_("company"))
    declaration = models.ForeignKey(
        Declaration,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="attempts",
        verbose_name=_("declaration"),
    )
    link = models.ForeignKey(
        "payments.PayLink",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="attempts",
        verbose_name=_("link to pay"),
    )
    amount = money_field(_("amount"))
    from_account = money_field(_("from the prepaid account"), default=ZERO)
    currency = models.CharField(_("currency"), max_length=3)
    status = models.CharField(_("status"), max_length=9, choices=Status.choices, default=Status.CREATED)
    bank_reference = models.CharField(_("the bank's reference"), max_length=60, blank=True)
    redirect_url = models.URLField(max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    created_at = models.DateTimeField(_("begun"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("payment at the bank")
        verbose_name_plural = _("payments at the bank")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0, from_account__gte=0), name="attempt_amount_positive"),
            models.CheckConstraint(
                condition=Q(status__in=["created", "pending", "succeeded", "failed", "expired"]),
                name="attempt_status_known",
            ),
        ]
        indexes = [
            models.Index(fields=["created_at"], name="attempt_open", condition=Q(status__in=["created", "pending"]))
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class Callback(models.Model):
    """A message that arrived at the bank's door, whatever it was worth. Append-only."""

    body = models.BinaryField(_("as it arrived"))
    signature_ok = models.BooleanField(_("signature is right"))
    received_at = models.DateTimeField(_("received"))

    objects: Any = models.Manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("call-back")
        verbose_name_plural = _("call-backs")


class Payment(models.Model):
    """Money taken for a declaration by one means. Append-only."""

    class Means(models.TextChoices):
        BANK = "bank", _("bank page")
        PREPAID = "prepaid", _("prepaid account")
        DEFERRED = "deferred", _("deferred payment account")
        TRANSFER = "transfer", _("bank transfer")
        GUARANTEE = "guarantee", _("guarantee that was called")
        DEPOSIT = "deposit", _("money on the guarantee account")
        LINK = "link", _("bank page, by a link")

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    declaration = models.ForeignKey(
        Declaration, on_delete=models.PROTECT, related_name="payments", verbose_name=_("declaration")
    )
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="payments", verbose_name=_("payer"))
    amount = money_field(_("amount"))
    means = models.CharField(_("means"), max_length=9, choices=Means.choices)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="payments", verbose_name=_("entry"))
    attempt = models.ForeignKey(
        Attempt,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="payments",
        verbose_name=_("payment at the bank"),
    )
    at = models.DateTimeField(_("at"))

    objects: Any = models.Manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_positive"),
            models.UniqueConstraint(fields=["entry", "means"], name="payment_means_once_an_entry"),
        ]
        indexes = [models.Index(fields=["company", "-id"], name="payment_of_company")]

    def __str__(self) -> str:
        return f"{self.declaration} {self.amount}"


class Reservation(models.Model):
    """Part of a guarantee account held for a declaration, until it is posted (taken) or voided (given back).

    A trigger keeps the account's `reserved`; a declaration number (MRN) has one held reservation at the most.
    """

    class Status(models.TextChoices):
        HELD = "held", _("held")
        POSTED = "posted", _("taken")
        VOIDED = "voided", _("given back")

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="reservations")
    declaration = models.ForeignKey(
        Declaration, on_delete=models.PROTECT, related_name="reservations", verbose_name=_("declaration")
    )
    mrn = models.CharField("MRN", max_length=18)
    amount = money_field(_("amount"))
    status = models.CharField(_("status"), max_length=6, choices=Status.choices, default=Status.HELD)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("at"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("guarantee held")
        verbose_name_plural = _("guarantees held")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="reservation_positive"),
            models.UniqueConstraint(fields=["mrn"], name="reservation_held_once", condition=Q(status="held")),
        ]


class Receipt(models.Model):
    """The paper that says a payment was received: one number, one content, in three languages. Append-only."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="receipt")
    paper = models.OneToOneField(IssuedPaper, on_delete=models.PROTECT, related_name="receipt")
    at = models.DateTimeField(_("at"))

    objects: Any = models.Manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")

    def __str__(self) -> str:
        return self.number

    def file_in(self, language: str) -> StoredFile:
        """The paper in that language."""
        return self.paper.file_in(language)
