"""Claims of money that was paid: what is claimed on which ground, who decided what, and the papers of it."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from declarations.models import Declaration
from payments.models.money import Entry, money_field
from payments.models.payouts import BankAccount, person_field
from tariffs.models import RefundRule
from traders.models import Company


class RefundClaim(models.Model):
    """A company claims back what it paid for a declaration, on a ground that the law knows; two officers decide.

    `due` is the last day of customs' clock. `granted` is known from the first decision on. What is granted goes to the
    accounts that paid, and from there to `pay_to` if the company wishes so.
    """

    class Status(models.TextChoices):
        SENT = "sent", _("waits for a decision")
        PROPOSED = "proposed", _("waits for a second officer")
        GRANTED = "granted", _("granted")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    OPEN = (Status.SENT, Status.PROPOSED)

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    idempotency_key = models.CharField(max_length=120, unique=True)
    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="refund_claims", verbose_name=_("company")
    )
    declaration = models.ForeignKey(
        Declaration, on_delete=models.PROTECT, related_name="refund_claims", verbose_name=_("declaration")
    )
    mrn = models.CharField("MRN", max_length=18, db_index=True)
    kind = models.CharField(_("ground"), max_length=9, choices=RefundRule.Kind.choices)
    act = models.CharField(_("legal act"), max_length=60)
    amount = money_field(_("amount"))
    reason = models.TextField(_("reason"), max_length=2000)
    pay_to = models.ForeignKey(
        BankAccount, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("to be paid to")
    )
    status = models.CharField(_("status"), max_length=9, choices=Status.choices, default=Status.SENT)
    sent_by = person_field(_("claimed by"), null=False)
    sent_at = models.DateTimeField(_("sent"))
    due = models.DateField(_("to be decided by"))
    advice = models.CharField(_("first decision"), max_length=9, blank=True)
    advice_text = models.CharField(_("grounds"), max_length=1000, blank=True)
    granted = money_field(_("granted"), null=True, blank=True)
    advised_by = person_field(_("first officer"))
    advised_at = models.DateTimeField(_("first decision made"), null=True, blank=True)
    ended_by = person_field(_("ended by"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    entry = models.OneToOneField(
        Entry, on_delete=models.PROTECT, null=True, blank=True, related_name="refund", verbose_name=_("entry")
    )

    objects: Any = models.Manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("claim of a refund")
        verbose_name_plural = _("claims of refunds")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_claim_positive"),
            models.CheckConstraint(
                condition=Q(status__in=["sent", "withdrawn"])
                | Q(advised_by__isnull=False, advice__in=["granted", "refused"]) & ~Q(advice_text=""),
                name="refund_decided_with_grounds",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["sent", "proposed"], ended_at=None)
                | Q(status__in=["granted", "refused", "withdrawn"], ended_at__isnull=False, ended_by__isnull=False),
                name="refund_ended_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["granted", "refused"]) | ~Q(ended_by=F("advised_by")),
                name="refund_decided_by_two",
            ),
            models.CheckConstraint(
                condition=~Q(status="granted")
                | Q(advice="granted", granted__gt=0, granted__lte=F("amount"), entry__isnull=False),
                name="refund_granted_and_booked",
            ),
            models.CheckConstraint(
                condition=Q(entry=None) | Q(status="granted"), name="refund_booked_only_when_granted"
            ),
            models.UniqueConstraint(
                fields=["mrn"], condition=Q(status__in=["sent", "proposed"]), name="refund_claim_open_once"
            ),
        ]
        indexes = [
            models.Index(fields=["due"], name="refund_claim_open", condition=Q(status__in=["sent", "proposed"])),
            models.Index(fields=["company", "-id"], name="refund_claim_of_company"),
            models.Index(fields=["ended_at"], name="refund_claim_ended", condition=Q(ended_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What people call it by."""
        return f"RC{self.pk:07d}"

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN

    @property
    def is_partly(self) -> bool:
        """Whether less is granted than was claimed."""
        return bool(self.advice == self.Status.GRANTED and self.granted and self.granted < self.amount)


class RefundLine(models.Model):
    """A tax of a claim: what of it is claimed (None: only a sum was named), and what is granted."""

    claim = models.ForeignKey(RefundClaim, on_delete=models.PROTECT, related_name="lines")
    tax_code = models.CharField(_("tax"), max_length=8)
    claimed = money_field(_("claimed back"), null=True, blank=True)
    granted = money_field(_("granted"), null=True, blank=True)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("tax of a claim")
        verbose_name_plural = _("taxes of a claim")
        constraints = [
            models.UniqueConstraint(fields=["claim", "tax_code"], name="refund_line_once"),
            models.CheckConstraint(
                condition=(Q(claimed=None) | Q(claimed__gt=0)) & (Q(granted=None) | Q(granted__gte=0)),
                name="refund_line_positive",
            ),
        ]


class MoneyPaper(models.Model):
    """A paper of a claim, or the bank's paper of a company's account. Append-only."""

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    claim = models.ForeignKey(RefundClaim, on_delete=models.PROTECT, null=True, blank=True, related_name="papers")
    bank_account = models.ForeignKey(
        BankAccount, on_delete=models.PROTECT, null=True, blank=True, related_name="papers"
    )
    name = models.CharField(_("name"), max_length=200)
    file = models.FileField(_("file"), upload_to="money", max_length=200)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))

    objects: Any = models.Manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("paper about money")
        verbose_name_plural = _("papers about money")
        constraints = [
            models.CheckConstraint(
                condition=Q(claim__isnull=False, bank_account=None) | Q(claim=None, bank_account__isnull=False),
                name="money_paper_of_one_thing",
            )
        ]

    def __str__(self) -> str:
        return self.name
