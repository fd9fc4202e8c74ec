"""Guarantees: what secures suspended charges, on which terms, what was called of it, who was reminded of its end."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from declarations.models import Declaration, StockDischarge, StockMovement
from payments.models.money import Account, Entry, Reservation, money_field


class Guarantee(models.Model):
    """What a guarantee account stands for: a deposit of the company's own money, or a guarantor's undertaking.

    A deposit secures any of the company's declarations, is worth what lies on its account, and has no end. An
    undertaking secures one declaration (`mrn`) or any, within the limit of its account and from and to its days, both
    inclusive. Limit and last day come from terms that two officers agreed on; nothing else of it ever changes.
    """

    class Form(models.TextChoices):
        DEPOSIT = "deposit", _("cash deposit")
        UNDERTAKING = "undertaking", _("guarantor's undertaking")

    class Scope(models.TextChoices):
        GENERAL = "general", _("general: any declaration of the company")
        INDIVIDUAL = "individual", _("individual: one declaration")

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="guarantee")
    form = models.CharField(_("form"), max_length=11, choices=Form.choices)
    scope = models.CharField(_("scope"), max_length=10, choices=Scope.choices, default=Scope.GENERAL)
    reference = models.CharField(_("reference of the guarantor"), max_length=60, blank=True)
    guarantor = models.CharField(_("guarantor"), max_length=200, blank=True)
    mrn = models.CharField("MRN", max_length=18, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("entered by")
    )
    at = models.DateTimeField(_("entered"))

    objects: Any = models.Manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("guarantee")
        verbose_name_plural = _("guarantees")
        constraints = [
            models.CheckConstraint(
                condition=Q(form="deposit", scope="general", reference="", guarantor="", mrn="", valid_to=None)
                | Q(form="undertaking", by__isnull=False) & ~Q(reference="") & ~Q(guarantor=""),
                name="guarantee_form_complete",
            ),
            models.CheckConstraint(
                condition=Q(scope="general", mrn="") | Q(scope="individual") & ~Q(mrn=""),
                name="guarantee_individual_names_its_declaration",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="guarantee_days_in_order"
            ),
            models.UniqueConstraint(
                fields=["guarantor", "reference"], name="guarantee_entered_once", condition=Q(form="undertaking")
            ),
        ]
        indexes = [models.Index(fields=["valid_to"], name="guarantee_ends")]

    def __str__(self) -> str:
        return f"{self.reference} · {self.guarantor}" if self.reference else str(self.get_form_display())


class GuaranteeTerms(models.Model):
    """Limit and last day of an undertaking, proposed by one officer of the treasury and decided by another."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("waits for a second person")
        AGREED = "agreed", _("agreed")
        REFUSED = "refused", _("refused")

    guarantee = models.ForeignKey(Guarantee, on_delete=models.PROTECT, related_name="terms")
    limit = money_field(_("limit"))
    valid_to = models.DateField(_("valid to"))
    reason = models.CharField(_("reason"), max_length=250)
    status = models.CharField(_("status"), max_length=8, choices=Status.choices, default=Status.PROPOSED)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    at = models.DateTimeField(_("proposed"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True)
    decision = models.CharField(_("decision"), max_length=250, blank=True)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("terms of a guarantee")
        verbose_name_plural = _("terms of guarantees")
        constraints = [
            models.CheckConstraint(condition=Q(limit__gte=0), name="guarantee_terms_limit"),
            models.CheckConstraint(
                condition=Q(status="proposed", decided_by=None, decided_at=None)
                | Q(status__in=["agreed", "refused"], decided_by__isnull=False, decided_at__isnull=False)
                & ~Q(decided_by=F("by")),
                name="guarantee_terms_two_persons",
            ),
            models.UniqueConstraint(
                fields=["guarantee"], name="guarantee_terms_one_open", condition=Q(status="proposed")
            ),
        ]


class GuaranteePaper(models.Model):
    """A paper of a guarantee as it was scanned. Append-only."""

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    guarantee = models.ForeignKey(Guarantee, on_delete=models.PROTECT, related_name="papers")
    name = models.CharField(_("name"), max_length=200)
    file = models.FileField(_("file"), upload_to="guarantees", max_length=200)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    objects: Any = models.Manager()

    class Meta:
        ordering = ["pk"]


class GuaranteeReminder(models.Model):
    """That company and treasury were told of the end of a guarantee that holds something: once for each day of end."""

    class Kind(models.TextChoices):
        ENDING = "ending", _("ends soon")
        EXPIRED = "expired", _("has expired")

    guarantee = models.ForeignKey(Guarantee, on_delete=models.PROTECT, related_name="reminders")
    kind = models.CharField(_("kind"), max_length=7, choices=Kind.choices)
    valid_to = models.DateField(_("valid to"))
    at = models.DateTimeField(_("at"))

    objects: Any = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["guarantee", "kind", "valid_to"], name="guarantee_reminded_once"),
        ]


class GuaranteeCall(models.Model):
    """Suspended duty that fell due: `amount` was charged, and `posted` of it taken from the guarantee. Append-only.

    `reservation` is what was posted; None where nothing was held. The charges are levies under `call:KEY:…`.
    """

    class Cause(models.TextChoices):
        OVERDUE = "overdue", _("not accounted for in time")
        LOSS = "loss", _("lost without excuse")

    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="guarantee_calls")
    mrn = models.CharField("MRN", max_length=18)
    cause = models.CharField(_("cause"), max_length=7, choices=Cause.choices)
    amount = money_field(_("amount"))
    posted = money_field(_("taken from the guarantee"))
    reservation = models.OneToOneField(Reservation, on_delete=models.PROTECT, null=True, related_name="call")
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, null=True, related_name="call")
    text = models.TextField(_("reason"), blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))

    objects: Any = models.Manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("call of a guarantee")
        verbose_name_plural = _("calls of guarantees")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, posted__gte=0, posted__lte=F("amount")), name="guarantee_call_within"
            ),
            models.CheckConstraint(
                condition=Q(posted=0, reservation=None, entry=None)
                | Q(posted__gt=0, reservation__isnull=False, entry__isnull=False),
                name="guarantee_call_posted",
            ),
        ]
        indexes = [models.Index(fields=["mrn"], name="guarantee_call_of_mrn")]


class GuaranteeFreed(models.Model):
    """How a declaration's guarantee is needed less, or more again (below zero). Append-only.

    The cause is a discharge of its stock or a draw that was given back, each heard of once; with neither, what the
    declaration secures was counted anew. With a `call` what is needed less was not freed but called.
    """

    discharge = models.OneToOneField(StockDischarge, on_delete=models.PROTECT, null=True, related_name="freed")
    given_back = models.OneToOneField(StockMovement, on_delete=models.PROTECT, null=True, related_name="held_again")
    call = models.ForeignKey(GuaranteeCall, on_delete=models.PROTECT, null=True, related_name="freed")
    mrn = models.CharField("MRN", max_length=18, db_index=True)
    amount = money_field(_("amount"))
    at = models.DateTimeField(_("at"))

    objects: Any = models.Manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("guarantee freed")
        verbose_name_plural = _("guarantees freed")
        constraints = [
            models.CheckConstraint(condition=Q(discharge=None) | Q(given_back=None), name="guarantee_freed_one_cause"),
            models.CheckConstraint(condition=Q(call=None) | Q(amount__gte=0), name="guarantee_called_not_negative"),
        ]
