"""Companies, the people in them and their rights, and the mandates under which brokers act for others."""

import uuid
from datetime import date
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lib.languages import in_language
from lib.validity import HOLDS_ON_A_DAY, in_force, one_value_a_day


class Standing(models.TextChoices):
    """What is known of whoever registered a company: a claim may save drafts, and nothing else."""

    CLAIMED = "claimed", _("not yet confirmed")
    CONFIRMED = "confirmed", _("confirmed")
    REFUSED = "refused", _("refused")


class CompanyQuerySet(models.QuerySet["Company"]):
    def confirmed(self) -> Self:
        """Companies that may lodge, pay, give mandates and take members in."""
        return self.filter(standing=Standing.CONFIRMED)


class Company(models.Model):
    """A trader or broker, known by its taxpayer number (TIN).

    Several persons may claim one TIN; one claim is confirmed. `decision` is the sentence the claimant reads.
    """

    class Kind(models.TextChoices):
        TRADER = "trader", _("trader")
        BROKER = "broker", _("customs broker")

    tin = models.CharField(_("TIN"), max_length=20, db_index=True)
    name = models.CharField(_("name"), max_length=200)
    name_ru = models.CharField(_("name in Russian"), max_length=200, blank=True)
    name_tg = models.CharField(_("name in Tajik"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=6, choices=Kind.choices, default=Kind.TRADER)
    address = models.CharField(_("address"), max_length=250, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    registered_at = models.DateTimeField(_("registered"), auto_now_add=True)
    standing = models.CharField(_("standing"), max_length=9, choices=Standing.choices, default=Standing.CLAIMED)
    decision = models.CharField(_("reason"), max_length=500, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    register_entry = models.JSONField(_("entry in the register"), null=True, blank=True)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        constraints = [
            models.CheckConstraint(condition=~Q(tin=""), name="company_tin_not_empty"),
            models.CheckConstraint(condition=Q(standing__in=Standing.values), name="company_standing_known"),
            models.UniqueConstraint(
                fields=["tin"], condition=Q(standing="confirmed"), name="company_confirmed_once_for_a_tin"
            ),
        ]

    def __str__(self) -> str:
        return f"{in_language(self)} ({self.tin})"

    @property
    def is_confirmed(self) -> bool:
        return self.standing == Standing.CONFIRMED


class ClaimPaper(models.Model):
    """A paper from which an officer confirms a claim: a certificate of registration, an order of appointment."""

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="papers", verbose_name=_("company"))
    name = models.CharField(_("name"), max_length=200)
    file = models.FileField(_("file"), upload_to="claims")
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.name


class Right(models.TextChoices):
    """What a member may do for the company."""

    OWNER = "owner", _("owner: members and mandates")
    PREPARER = "preparer", _("preparer: declarations and answers")
    PAYER = "payer", _("payer: accounts and payments")


class MembershipQuerySet(models.QuerySet["Membership"]):
    def on(self, date_: date) -> Self:
        """Memberships that hold on `date_`."""
        return self.filter(in_force(date_))


class Membership(models.Model):
    """`user` has `right` in `company` for a time; one row for each right.

    A right that ended on the day it began held on no day: its `valid_to` is the day before. The row stays all the same.
    """

    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("company")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("user")
    )
    right = models.CharField(_("right"), max_length=8, choices=Right.choices)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            one_value_a_day("membership_right_once_a_day", "company_id", "user_id", "right", condition=HOLDS_ON_A_DAY),
            models.CheckConstraint(condition=Q(right__in=Right.values), name="membership_right_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.company} · {self.get_right_display()}"


class Invitation(models.Model):
    """An owner asks the person with this address to take `rights`; the link in the letter is accepted once."""

    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="invitations", verbose_name=_("company")
    )
    email = models.EmailField(_("e-mail"))
    rights = ArrayField(models.CharField(max_length=8, choices=Right.choices), verbose_name=_("rights"))
    language = models.CharField(_("language"), max_length=2)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("invited by")
    )
    invited_at = models.DateTimeField(_("invited"))
    expires_at = models.DateTimeField(_("expires"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("accepted by"),
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        ordering = ["-invited_at"]

    def __str__(self) -> str:
        return f"{self.company} → {self.email}"

    @property
    def right_labels(self) -> list[str]:
        return [str(Right(right).label) for right in self.rights]


class MandateQuerySet(models.QuerySet["Mandate"]):
    def on(self, date_: date) -> Self:
        """Mandates in force on `date_` and not revoked."""
        return self.filter(in_force(date_), revoked_at__isnull=True)


class Mandate(models.Model):
    """`principal` lets `agent` file for it; dated, revocable, for the named general procedures (none: all)."""

    principal = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="mandates_given", verbose_name=_("principal")
    )
    agent = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="mandates_held", verbose_name=_("agent"))
    procedures = ArrayField(
        models.CharField(max_length=4),
        verbose_name=_("procedures"),
        default=list,
        blank=True,
        help_text=_("General procedures such as IM4; empty means every procedure."),
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("given by")
    )
    given_at = models.DateTimeField(_("given"), auto_now_add=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("revoked by"),
    )

    objects = MandateQuerySet.as_manager()

    class Meta:
        ordering = ["-given_at"]
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        constraints = [
            models.CheckConstraint(condition=~Q(principal=models.F("agent")), name="mandate_between_two_companies"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="mandate_revocation_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.principal} → {self.agent}"


class CompanyEvent(models.Model):
    """What was done to a company, its members and mandates, by whom and when. Only grows (a trigger refuses more)."""

    class Verb(models.TextChoices):
        REGISTERED = "registered", _("company registered")
        CHANGED = "changed", _("particulars changed")
        MEMBER_ADDED = "member added", _("right given to a member")
        MEMBER_ENDED = "member ended", _("right of a member ended")
        INVITED = "invited", _("person invited")
        INVITATION_WITHDRAWN = "invitation withdrawn", _("invitation withdrawn")
        PAPER_ADDED = "paper added", _("paper uploaded")
        CONFIRMED = "confirmed", _("company confirmed")
        REFUSED = "refused", _("company refused")
        MANDATE_GIVEN = "mandate given", _("mandate given")
        MANDATE_REVOKED = "mandate revoked", _("mandate revoked")
        PROGRAM_ADDED = "program added", _("program added")
        PROGRAM_ENDED = "program ended", _("program ended")

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="events", verbose_name=_("company"))
    verb = models.CharField(_("what was done"), max_length=20, choices=Verb.choices)
    about = models.CharField(_("about"), max_length=300, blank=True)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("company event")
        verbose_name_plural = _("company events")
        indexes = [models.Index(fields=["-at", "-id"], name="company_event_at")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.get_verb_display()} {self.about}"
