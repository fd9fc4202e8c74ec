"""What is asked and recorded about stock beside its movements: more time, goods that are no more, a refused entry."""

import uuid
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from declarations.models.stock import MEASURES, StockAccount, StockMovement
from lib.figures import ZERO


def _person(label: Any, **options: Any) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=label, **options
    )


class TermExtension(models.Model):
    """A trader asks for more time for an account, or for every account of its declaration; an officer decides.

    `until_wanted` and `granted_until` are the last days of the longer term. What was granted to which account stands
    in `ExtendedTerm`.
    """

    class Status(models.TextChoices):
        ASKED = "asked", _("waits for a decision")
        GRANTED = "granted", _("granted")
        REFUSED = "refused", _("refused")

    account = models.ForeignKey(
        StockAccount, on_delete=models.PROTECT, related_name="extensions", verbose_name=_("stock account")
    )
    whole_declaration = models.BooleanField(_("for all items of the declaration"), default=False)
    until_wanted = models.DateField(_("wanted until"))
    reason = models.TextField(_("reason"))
    asked_by = _person(_("asked by"))
    asked_at = models.DateTimeField(_("asked"))
    status = models.CharField(_("decision"), max_length=7, choices=Status.choices, default=Status.ASKED)
    granted_until = models.DateField(_("granted until"), null=True, blank=True)
    decided_by = _person(_("decided by"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decision = models.TextField(_("reason of the decision"), blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("extension of a term")
        verbose_name_plural = _("extensions of terms")
        constraints = [
            models.UniqueConstraint(
                fields=["account"], name="extension_one_open_of_an_account", condition=Q(status="asked")
            ),
            models.CheckConstraint(
                condition=Q(status="asked", granted_until=None, decided_by=None, decided_at=None)
                | Q(status="granted", granted_until__isnull=False, decided_by__isnull=False, decided_at__isnull=False)
                | Q(status="refused", granted_until=None, decided_by__isnull=False, decided_at__isnull=False),
                name="extension_decided_as_it_says",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")), name="extension_two_persons"
            ),
            models.CheckConstraint(
                condition=~Q(status="refused") | ~Q(decision=""), name="extension_refused_with_a_reason"
            ),
        ]


class ExtensionPaper(models.Model):
    """A paper that comes with the request."""

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    extension = models.ForeignKey(TermExtension, on_delete=models.PROTECT, related_name="papers")
    name = models.CharField(_("name"), max_length=200)
    file = models.FileField(_("file"), upload_to="stock")
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("paper of an extension")
        verbose_name_plural = _("papers of extensions")


class ExtendedTerm(models.Model):
    """That an account has until `due_after` instead of `due_before`. Append-only; a trigger moves the account's day."""

    extension = models.ForeignKey(TermExtension, on_delete=models.PROTECT, related_name="terms")
    account = models.ForeignKey(StockAccount, on_delete=models.PROTECT, related_name="extended_terms")
    due_before = models.DateField(_("due before"))
    due_after = models.DateField(_("due after"))

    class Meta:
        ordering = ["pk"]
        verbose_name = _("extended term")
        verbose_name_plural = _("extended terms")
        constraints = [
            models.UniqueConstraint(fields=["extension", "account"], name="term_extended_once"),
            models.CheckConstraint(condition=Q(due_after__gt=F("due_before")), name="term_becomes_longer"),
        ]


def _quantity(label: Any, decimals: int = 6) -> "models.DecimalField[Any, Any]":
    return models.DecimalField(label, max_digits=18, decimal_places=decimals, default=ZERO)


class StockWriteOff(models.Model):
    """Goods under suspension that are no more, by an act: recorded by an officer, confirmed by a second.

    The movement is written with the confirmation. `duty_due`: the loss is not excused, so charges on it are owed; it
    then stays secured, and `duty_reason` says why either way.
    """

    class Kind(models.TextChoices):
        LOSS = StockMovement.Kind.LOSS.value, StockMovement.Kind.LOSS.label
        DESTRUCTION = StockMovement.Kind.DESTRUCTION.value, StockMovement.Kind.DESTRUCTION.label
        WASTE = StockMovement.Kind.WASTE.value, StockMovement.Kind.WASTE.label

    class Status(models.TextChoices):
        RECORDED = "recorded", _("waits for the second officer")
        CONFIRMED = "confirmed", _("confirmed")
        REJECTED = "rejected", _("rejected")

    account = models.ForeignKey(
        StockAccount, on_delete=models.PROTECT, related_name="write_offs", verbose_name=_("stock account")
    )
    kind = models.CharField(_("what happened"), max_length=11, choices=Kind.choices)
    act_number = models.CharField(_("number of the act"), max_length=40)
    act_date = models.DateField(_("date of the act"))
    packages = _quantity(_("packages"))
    net_mass = _quantity(_("net mass, kg"))
    supplementary_quantity = _quantity(_("supplementary quantity"))
    value = _quantity(_("value"), decimals=4)
    note = models.TextField(_("note"), blank=True)
    duty_due = models.BooleanField(_("duty is due"), default=False)
    duty_reason = models.TextField(_("why duty is or is not due"))
    recorded_by = _person(_("recorded by"))
    recorded_at = models.DateTimeField(_("recorded"))
    status = models.CharField(_("status"), max_length=9, choices=Status.choices, default=Status.RECORDED)
    decided_by = _person(_("decided by"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decision = models.TextField(_("reason of the decision"), blank=True)
    movement = models.OneToOneField(
        StockMovement, on_delete=models.PROTECT, null=True, blank=True, related_name="write_off"
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("write-off by an act")
        verbose_name_plural = _("write-offs by acts")
        constraints = [
            models.CheckConstraint(
                condition=Q(status="recorded", decided_by=None, movement=None)
                | Q(status="confirmed", decided_by__isnull=False, movement__isnull=False)
                | Q(status="rejected", decided_by__isnull=False, movement=None) & ~Q(decision=""),
                name="write_off_decided_as_it_says",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("recorded_by")), name="write_off_two_officers"
            ),
            models.CheckConstraint(
                condition=Q(**{f"{name}__gte": 0 for name in MEASURES}) & ~Q(**dict.fromkeys(MEASURES, 0)),
                name="write_off_takes_something",
            ),
        ]


class RefusedBalance(models.Model):
    """Goods from before the system that the second officer refused: the account is gone, what was entered stays here.

    `data` holds it as the form takes it, so that it can be entered again without the fault. Append-only.
    """

    office_code = models.CharField(_("office"), max_length=8)
    number = models.CharField(_("number"), max_length=60)
    data = models.JSONField(_("as it was entered"), encoder=DjangoJSONEncoder)
    entered_by = _person(_("entered by"))
    entered_at = models.DateTimeField(_("entered"))
    refused_by = _person(_("rejected by"))
    refused_at = models.DateTimeField(_("rejected at"))
    reason = models.TextField(_("reason"))

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("rejected opening balance")
        verbose_name_plural = _("rejected opening balances")
        constraints = [
            models.CheckConstraint(condition=~Q(refused_by=F("entered_by")), name="balance_refused_by_another"),
            models.CheckConstraint(condition=~Q(reason=""), name="balance_refused_with_a_reason"),
        ]


class StockReminder(models.Model):
    """That it was said once that an account's term ends soon, or has ended. Another term is said anew. Append-only."""

    class Kind(models.TextChoices):
        DUE_SOON = "due_soon", _("term ends soon")
        OVERDUE = "overdue", _("term is over")

    account = models.ForeignKey(StockAccount, on_delete=models.PROTECT, related_name="reminders")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    due = models.DateField(_("term"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("reminder of a term")
        verbose_name_plural = _("reminders of terms")
        constraints = [models.UniqueConstraint(fields=["account", "kind", "due"], name="stock_reminded_once")]
