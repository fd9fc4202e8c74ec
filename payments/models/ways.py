"""Ways to pay beside one declaration from one account: many at once, deferred, by itself, and by a link for others."""

import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from declarations.models import Declaration
from lib.validity import in_force, one_value_a_day
from payments.models.money import Account, Attempt, Entry, money_field
from traders.models import Company


class PayingRuleQuerySet(models.QuerySet[Any]):
    def on(self, day: date) -> "PayingRuleQuerySet":
        """The rule in force on the day, if there is one."""
        return self.filter(in_force(day))


class PayingRule(models.Model):
    """Terms of deferred payment and of links, as dated rows: without one in force there are neither.

    A month's statement is made on `statement_day` of the next month, due `due_days` after that; who has not paid is
    reminded `remind_days` before. A link to pay is good for `link_days`.
    """

    statement_day = models.PositiveSmallIntegerField(_("day of the statement"))
    due_days = models.PositiveSmallIntegerField(_("days to pay it"))
    remind_days = models.PositiveSmallIntegerField(_("reminded so many days before"))
    link_days = models.PositiveSmallIntegerField(_("days for which a link to pay is good"))
    legal_basis = models.CharField(_("legal basis"), max_length=250)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects: Any = PayingRuleQuerySet.as_manager()

    class Meta:
        ordering = ["valid_from"]
        verbose_name = _("terms of payment")
        verbose_name_plural = _("terms of payment")
        constraints = [
            one_value_a_day("paying_rule_once_a_day"),
            models.CheckConstraint(
                condition=Q(statement_day__gte=1, statement_day__lte=28, due_days__gte=1, link_days__gte=1),
                name="paying_rule_days_make_sense",
            ),
        ]


class DeferredStatement(models.Model):
    """What is to be paid of a deferred payment account for a month, under a number and a reference. Append-only.

    `carried` was owed when the month began, `used` was taken on credit in it, `returned` came in; `total` is what was
    owed at its end, and to be paid by `due_on`. `newest` is the last posting that counts. What of it is still open is
    read from the ledger: what came in after it pays the oldest debt first.
    """

    number = models.CharField(_("number"), max_length=20, unique=True)
    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="deferred_statements", verbose_name=_("account")
    )
    first = models.DateField(_("from"))
    last = models.DateField(_("to"))
    carried = money_field(_("owed before"))
    used = money_field(_("taken on credit"))
    returned = money_field(_("paid or given back"))
    total = money_field(_("to be paid"))
    newest = models.PositiveBigIntegerField(_("last posting"))
    due_on = models.DateField(_("to be paid by"))
    at = models.DateTimeField(_("made"))

    objects: Any = models.Manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("statement of deferred payment")
        verbose_name_plural = _("statements of deferred payment")
        constraints = [
            models.UniqueConstraint(fields=["account", "last"], name="deferred_statement_once_a_month"),
            models.CheckConstraint(
                condition=Q(total=F("carried") + F("used") - F("returned"), used__gte=0, returned__gte=0),
                name="deferred_statement_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class DeferredNotice(models.Model):
    """That a company was told of a statement: once of each kind. Append-only."""

    class Kind(models.TextChoices):
        MADE = "made", _("made")
        REMINDER = "reminder", _("reminder")
        OVERDUE = "overdue", _("overdue")

    statement = models.ForeignKey(DeferredStatement, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    at = models.DateTimeField(_("at"))

    objects: Any = models.Manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["statement", "kind"], name="deferred_notice_once")]


class AttemptPart(models.Model):
    """What one payment at the bank's page is meant for beside others: a declaration or a statement. Append-only."""

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="parts")
    declaration = models.ForeignKey(
        Declaration, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("declaration")
    )
    statement = models.ForeignKey(
        DeferredStatement, on_delete=models.PROTECT, null=True, blank=True, related_name="attempt_parts"
    )
    amount = money_field(_("amount"))

    objects: Any = models.Manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "declaration"], name="attempt_part_once"),
            models.CheckConstraint(
                condition=Q(amount__gt=0)
                & (
                    Q(declaration__isnull=False, statement__isnull=True)
                    | Q(declaration__isnull=True, statement__isnull=False)
                ),
                name="attempt_part_for_one_thing",
            ),
        ]


class AutoPayment(models.Model):
    """How a company pays by itself from now on; the last row counts. Append-only, so that each change is kept.

    `each` is the most for one declaration, `daily` for all of a day.
    """

    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="auto_payments", verbose_name=_("company")
    )
    is_on = models.BooleanField(_("switched on"))
    source = models.CharField(_("from"), max_length=9, choices=Account.Kind.choices)
    each = money_field(_("at most for a declaration"))
    daily = money_field(_("at most on a day"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    objects: Any = models.Manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("automatic payment")
        verbose_name_plural = _("automatic payments")
        constraints = [
            models.CheckConstraint(
                condition=Q(source__in=["prepaid", "deferred"], each__gt=0, daily__gte=F("each")),
                name="auto_payment_makes_sense",
            ),
        ]
        indexes = [models.Index(fields=["company", "-id"], name="auto_payment_of_company")]


class AutoPaid(models.Model):
    """What automatic payment did with a declaration, or why it left it to be paid. Append-only; one row for each."""

    class Outcome(models.TextChoices):
        PAID = "paid", _("paid")
        ABOVE_EACH = "each", _("more is due than you allow for one declaration")
        ABOVE_DAILY = "daily", _("more was due than you allow for one day")
        REFUSED = "refused", _("the account could not pay it")

    declaration = models.OneToOneField(
        Declaration, on_delete=models.PROTECT, related_name="auto_paid", verbose_name=_("declaration")
    )
    setting = models.ForeignKey(AutoPayment, on_delete=models.PROTECT, related_name="outcomes")
    verdict = models.CharField(_("what became of it"), max_length=7, choices=Outcome.choices)
    amount = money_field(_("amount"))
    day = models.DateField(_("day"))
    reason = models.CharField(_("reason"), max_length=250, blank=True)
    at = models.DateTimeField(_("at"))

    objects: Any = models.Manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("declaration paid automatically or left")
        verbose_name_plural = _("declarations paid automatically or left")
        indexes = [models.Index(fields=["setting", "day"], name="auto_paid_of_day")]


class PayLink(models.Model):
    """A link by which anybody who has it pays what is due on a declaration; it shows reference, sum and payee alone."""

    token = models.CharField(max_length=43, unique=True)
    declaration = models.ForeignKey(
        Declaration, on_delete=models.PROTECT, related_name="pay_links", verbose_name=_("declaration")
    )
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", verbose_name=_("company"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("made"))
    until = models.DateTimeField(_("good until"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("link to pay")
        verbose_name_plural = _("links to pay")
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("at")) & ~Q(token=""), name="pay_link_ends_after_it_begins")
        ]


class LinkRefund(models.Model):
    """Money of who paid by a link that paid nothing: asked back of the bank once, booked when the bank has sent it."""

    class Status(models.TextChoices):
        ORDERED = "ordered", _("on its way to the card")
        DONE = "done", _("sent back to the card")

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="link_refunds")
    arrived = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="link_refund")
    amount = money_field(_("amount"))
    status = models.CharField(_("status"), max_length=7, choices=Status.choices, default=Status.ORDERED)
    at = models.DateTimeField(_("ordered"))
    done_at = models.DateTimeField(_("sent back"), null=True, blank=True)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("refund to who paid by a link")
        verbose_name_plural = _("refunds to who paid by a link")
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="link_refund_positive")]
        indexes = [models.Index(fields=["at"], name="link_refund_ordered", condition=Q(status="ordered"))]
