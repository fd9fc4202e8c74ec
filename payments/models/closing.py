"""The closing of a day: ledger, charges and bank statement beside each other, and each difference with its reason."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from declarations.models import Declaration
from lib.figures import ZERO
from payments.models.incoming import BankEntry
from payments.models.money import Attempt, Entry, money_field


class Closing(models.Model):
    """A day of the books, from `begins` to before `ends`: compared by the worker, then closed for good.

    Once it is closed, a trigger refuses every entry dated before `ends`; what was wrong is put right by a new entry on
    an open day. `digest` is the hash of the day's entries and of the closing `before`: a changed book shows.
    """

    class Status(models.TextChoices):
        ASKED = "asked", _("is being compared")
        COMPARED = "compared", _("compared")
        CLOSED = "closed", _("closed")

    day = models.DateField(_("day"), unique=True)
    begins = models.DateTimeField(_("begins"), unique=True)
    ends = models.DateTimeField(_("ends"), unique=True)
    status = models.CharField(_("status"), max_length=8, choices=Status.choices, default=Status.ASKED)
    total = models.PositiveIntegerField(_("declarations to compare"), default=0)
    done = models.PositiveIntegerField(_("declarations compared"), default=0)
    entries = models.PositiveIntegerField(_("entries"), default=0)
    came = money_field(_("money that came in, by the ledger"), default=ZERO)
    went = money_field(_("money that went out, by the ledger"), default=ZERO)
    told_came = money_field(_("money that came in, by the bank's statements"), default=ZERO)
    told_went = money_field(_("money that went out, by the bank's statements"), default=ZERO)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("asked by"),
    )  # fmt: skip
    asked_at = models.DateTimeField(_("asked"))
    compared_at = models.DateTimeField(_("compared"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("closed by"),
    )  # fmt: skip
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    before = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="after")
    digest = models.CharField(_("hash of the day"), max_length=64, blank=True)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["-day"]
        verbose_name = _("closing of a day")
        verbose_name_plural = _("closings of days")
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("begins")), name="closing_has_a_length"),
            models.CheckConstraint(
                condition=~Q(status="closed") | Q(closed_at__isnull=False, compared_at__isnull=False) & ~Q(digest=""),
                name="closing_closed_when_compared",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}"

    @property
    def percent(self) -> int:
        """How much of the declarations is compared."""
        return min(100, self.done * 100 // self.total) if self.total else 0


class ClosingOffice(models.Model):
    """What a closing found of one office; without a code: of money that belongs to no office."""

    closing = models.ForeignKey(Closing, on_delete=models.PROTECT, related_name="offices")
    office_code = models.CharField(_("office"), max_length=8, blank=True)
    entries = models.PositiveIntegerField(_("entries"), default=0)
    revenue = money_field(_("booked as revenue on the day"), default=ZERO)
    declarations = models.PositiveIntegerField(_("declarations"), default=0)
    charged = money_field(_("charged on them"), default=ZERO)
    booked = money_field(_("booked for them"), default=ZERO)
    due = money_field(_("still to be paid"), default=ZERO)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["office_code"]
        verbose_name = _("office in a closing")
        verbose_name_plural = _("offices in closings")
        constraints = [models.UniqueConstraint(fields=["closing", "office_code"], name="closing_office_once")]


class Difference(models.Model):
    """Where ledger, charges and bank do not say the same. Its kind explains it, or a person does, or one looks into it.

    `key` names it within its closing, so that comparing again finds the same one with what was said of it.
    """

    class Kind(models.TextChoices):
        NOT_TOLD = "not_told", _("booked; the bank’s statements have not told of it yet")
        CARD = "card", _("paid at the bank’s page; no statement has told of it yet")
        ATTEMPT = "attempt", _("begun at the bank’s page; its end is not known")
        SUSPENSE = "suspense", _("came in and awaits its owner")
        OWED = "owed", _("charged after the release and not paid yet")
        CHARGE = "charge", _("charged, paid as a whole, but not booked")
        POSTING = "posting", _("booked as revenue without a charge")
        SUM = "sum", _("ledger and bank name different sums")
        GAP = "gap", _("a statement does not begin where the one before it ended")
        BALANCE = "balance", _("a balance is not the sum of its postings")

    # What the passing of time explains; any other kind waits for a person.
    EXPLAINED_BY_KIND = (Kind.NOT_TOLD, Kind.CARD, Kind.ATTEMPT, Kind.SUSPENSE, Kind.OWED)

    class Status(models.TextChoices):
        OPEN = "open", _("to be explained")
        ASSIGNED = "assigned", _("somebody looks into it")
        EXPLAINED = "explained", _("explained")
        GONE = "gone", _("no longer there")

    closing = models.ForeignKey(Closing, on_delete=models.PROTECT, related_name="differences")
    key = models.CharField(max_length=80)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    status = models.CharField(_("status"), max_length=9, choices=Status.choices)
    office_code = models.CharField(_("office"), max_length=8, blank=True)
    amount = money_field(_("amount"))
    text = models.CharField(_("text"), max_length=250, blank=True)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    bank_entry = models.ForeignKey(BankEntry, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("looked into by"),
    )  # fmt: skip

    objects: Any = models.Manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("difference")
        verbose_name_plural = _("differences")
        constraints = [
            models.UniqueConstraint(fields=["closing", "key"], name="difference_once_a_closing"),
            models.CheckConstraint(
                condition=~Q(status="assigned") | Q(assigned_to__isnull=False), name="difference_assigned_to_somebody"
            ),
        ]

    def __str__(self) -> str:
        return self.key


class DifferenceNote(models.Model):
    """What a person said of a difference: whom it was given to, or how it is explained. Append-only."""

    difference = models.ForeignKey(Difference, on_delete=models.PROTECT, related_name="notes")
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    text = models.CharField(_("note"), max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    objects: Any = models.Manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("note on a difference")
        verbose_name_plural = _("notes on differences")
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="difference_note_says_something")]


class BooksCheck(models.Model):
    """One reading of the whole ledger: balances, reservations, what the bank told, and the hash of each closed day.

    `asked_by` None: by command. `found` says what is wrong, the first thousand faults at most.
    """

    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("asked by"),
    )  # fmt: skip
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    entries = models.PositiveBigIntegerField(_("entries"), default=0)
    accounts = models.PositiveIntegerField(_("accounts"), default=0)
    days = models.PositiveIntegerField(_("closed days"), default=0)
    faults = models.PositiveIntegerField(_("faults"), default=0)
    found = models.JSONField(_("what was found"), default=list, blank=True)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("check of the books")
        verbose_name_plural = _("checks of the books")
        constraints = [
            models.UniqueConstraint(
                models.expressions.Value(1), condition=Q(finished_at=None), name="books_check_one_at_a_time"
            )
        ]
