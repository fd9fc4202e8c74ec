"""Money that leaves: companies' accounts at banks, orders to pay out, and the files of them that go to our bank."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from payments.models.incoming import BankEntry, SuspenseItem
from payments.models.money import Entry, money_field
from traders.models import Company


def person_field(label: Any, *, null: bool = True) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=null,
        blank=null,
        related_name="+",
        verbose_name=label,
    )


class BankAccount(models.Model):
    """A company's account at a bank. It counts once a second person has confirmed it; it is ended, never changed.

    `number` is an IBAN, or a domestic number with the code of its bank. A company of one person has it confirmed by an
    officer from a paper of the bank.
    """

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("waits for a second person")
        CONFIRMED = "confirmed", _("confirmed")
        REFUSED = "refused", _("refused")
        ENDED = "ended", _("ended")

    HELD = (Status.PROPOSED, Status.CONFIRMED)

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="bank_accounts", verbose_name=_("company")
    )
    number = models.CharField(_("account number"), max_length=34)
    is_iban = models.BooleanField(_("IBAN"))
    bank_code = models.CharField(_("code of the bank"), max_length=11, blank=True)
    bank_name = models.CharField(_("bank"), max_length=140, blank=True)
    holder = models.CharField(_("holder"), max_length=140)
    status = models.CharField(_("status"), max_length=9, choices=Status.choices, default=Status.PROPOSED)
    added_by = person_field(_("added by"), null=False)
    added_at = models.DateTimeField(_("added"))
    confirmed_by = person_field(_("confirmed by"))
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    by_customs = models.BooleanField(_("confirmed by an officer"), default=False)
    ended_by = person_field(_("ended by"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    end_text = models.CharField(_("why it ended"), max_length=500, blank=True)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("bank account of a company")
        verbose_name_plural = _("bank accounts of companies")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "number", "bank_code"],
                condition=Q(status__in=["proposed", "confirmed"]),
                name="bank_account_once",
            ),
            models.CheckConstraint(
                condition=Q(is_iban=True) | ~Q(bank_code=""), name="bank_account_domestic_names_bank"
            ),
            models.CheckConstraint(
                condition=~Q(status="confirmed")
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False) & ~Q(confirmed_by=F("added_by")),
                name="bank_account_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["refused", "ended"]) | Q(ended_by__isnull=False, ended_at__isnull=False),
                name="bank_account_ended_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.bank_name}".strip()

    @property
    def shown(self) -> str:
        """The number in groups of four, as it is printed."""
        return " ".join(self.number[place : place + 4] for place in range(0, len(self.number), 4))


class PaymentFile(models.Model):
    """A message to our bank (pain.001) that orders its pay-outs to be made. Made once; what is in it never changes."""

    class Status(models.TextChoices):
        MADE = "made", _("waits to be sent")
        SENT = "sent", _("sent to the bank")

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    message_id = models.CharField(_("number of the message"), max_length=16, unique=True)
    count = models.PositiveIntegerField(_("pay-outs"))
    total = money_field(_("total"))
    currency = models.CharField(_("currency"), max_length=3)
    file = models.FileField(_("file"), upload_to="payment_files", max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64)
    status = models.CharField(_("status"), max_length=4, choices=Status.choices, default=Status.MADE)
    made_by = person_field(_("made by"), null=False)
    made_at = models.DateTimeField(_("made"))
    sent_by = person_field(_("sent by"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("payment file")
        verbose_name_plural = _("payment files")
        constraints = [
            models.CheckConstraint(condition=Q(count__gt=0, total__gt=0), name="payment_file_not_empty"),
            models.CheckConstraint(
                condition=Q(status="made", sent_by=None, sent_at=None)
                | Q(status="sent", sent_by__isnull=False, sent_at__isnull=False),
                name="payment_file_sent_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.message_id


class PayOut(models.Model):
    """An order to pay money to an account at a bank: of a company's balance, or back to who sent it unknown.

    From the order on the money lies on the account of refunds payable, so that nothing else can use it. It is booked
    out when the bank's statement tells of it under `reference`, and goes back where it came from when it is refused,
    cancelled or returned. Payee, number and sum never change.
    """

    class Status(models.TextChoices):
        ORDERED = "ordered", _("waits for the treasury")
        SECONDED = "seconded", _("waits for a second officer")
        APPROVED = "approved", _("goes with the next payment file")
        IN_FILE = "in_file", _("in a payment file")
        PAID = "paid", _("paid out")
        RETURNED = "returned", _("came back from the bank")
        REFUSED = "refused", _("refused")
        CANCELLED = "cancelled", _("cancelled")

    BEFORE_FILE = (Status.ORDERED, Status.SECONDED, Status.APPROVED)
    UNDER_WAY = (*BEFORE_FILE, Status.IN_FILE)

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(_("reference"), max_length=16, unique=True)
    idempotency_key = models.CharField(max_length=120, unique=True)
    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, null=True, blank=True, related_name="pay_outs", verbose_name=_("company")
    )
    bank_account = models.ForeignKey(
        BankAccount, on_delete=models.PROTECT, null=True, blank=True, related_name="pay_outs"
    )
    claim = models.OneToOneField(
        "RefundClaim",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="pay_out",
        verbose_name=_("claim of a refund"),
    )
    suspense = models.ForeignKey(SuspenseItem, on_delete=models.PROTECT, null=True, blank=True, related_name="pay_outs")
    payee = models.CharField(_("payee"), max_length=140)
    number = models.CharField(_("account number"), max_length=34)
    is_iban = models.BooleanField(_("IBAN"))
    bank_code = models.CharField(_("code of the bank"), max_length=11, blank=True)
    bank_name = models.CharField(_("bank"), max_length=140, blank=True)
    amount = money_field(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    status = models.CharField(_("status"), max_length=9, choices=Status.choices, default=Status.ORDERED)
    ordered_by = person_field(_("ordered by"), null=False)
    ordered_at = models.DateTimeField(_("ordered"))
    order_entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="pay_out_ordered")
    first_by = person_field(_("first officer"))
    approved_by = person_field(_("approved by"))
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    file = models.ForeignKey(
        PaymentFile, on_delete=models.PROTECT, null=True, blank=True, related_name="pay_outs", verbose_name=_("file")
    )
    debit = models.ForeignKey(
        BankEntry, on_delete=models.PROTECT, null=True, blank=True, related_name="pay_outs", verbose_name=_("paid by")
    )
    bounce = models.ForeignKey(
        BankEntry, on_delete=models.PROTECT, null=True, blank=True, related_name="bounced", verbose_name=_("back by")
    )
    ended_by = person_field(_("ended by"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    end_text = models.CharField(_("why"), max_length=500, blank=True)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("pay-out")
        verbose_name_plural = _("pay-outs")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="pay_out_positive"),
            models.CheckConstraint(
                condition=Q(company__isnull=False, bank_account__isnull=False, suspense=None)
                | Q(company=None, bank_account=None, claim=None, suspense__isnull=False),
                name="pay_out_of_a_company_or_of_suspense",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["ordered", "seconded", "refused", "cancelled"])
                | Q(approved_by__isnull=False, approved_at__isnull=False)
                & ~Q(approved_by=F("ordered_by"))
                & (Q(first_by=None) | ~Q(approved_by=F("first_by")) & ~Q(first_by=F("ordered_by"))),
                name="pay_out_approved_by_others",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["in_file", "paid", "returned"]) | Q(file__isnull=False),
                name="pay_out_leaves_in_a_file",
            ),
            models.CheckConstraint(condition=~Q(status="paid") | Q(debit__isnull=False), name="pay_out_paid_by_bank"),
            models.UniqueConstraint(
                fields=["suspense"],
                condition=Q(status__in=["ordered", "seconded", "approved", "in_file", "paid"]),
                name="pay_out_of_suspense_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["ordered_at"],
                name="pay_out_under_way",
                condition=Q(status__in=["ordered", "seconded", "approved", "in_file"]),
            ),
            models.Index(fields=["company", "-id"], name="pay_out_of_company"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def shown(self) -> str:
        """The number in groups of four, as it is printed."""
        return " ".join(self.number[place : place + 4] for place in range(0, len(self.number), 4))


class MoneyEvent(models.Model):
    """What was done to a claim, a bank account, a pay-out or a payment file, by whom (None: the bank). Append-only."""

    claim = models.ForeignKey("RefundClaim", on_delete=models.PROTECT, null=True, blank=True, related_name="events")
    bank_account = models.ForeignKey(
        BankAccount, on_delete=models.PROTECT, null=True, blank=True, related_name="events"
    )
    pay_out = models.ForeignKey(PayOut, on_delete=models.PROTECT, null=True, blank=True, related_name="events")
    file = models.ForeignKey(PaymentFile, on_delete=models.PROTECT, null=True, blank=True, related_name="events")
    verb = models.CharField(_("what was done"), max_length=16)
    at = models.DateTimeField(_("at"))
    by = person_field(_("by"))
    note = models.CharField(_("note"), max_length=1000, blank=True)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("event of money that goes back")
        verbose_name_plural = _("events of money that goes back")
        constraints = [
            models.CheckConstraint(
                condition=Q(claim__isnull=False, bank_account=None, pay_out=None, file=None)
                | Q(claim=None, bank_account__isnull=False, pay_out=None, file=None)
                | Q(claim=None, bank_account=None, pay_out__isnull=False, file=None)
                | Q(claim=None, bank_account=None, pay_out=None, file__isnull=False),
                name="money_event_of_one_thing",
            )
        ]
