"""People and offices: users who log in by e-mail, customs offices, and the dated roles officers hold in them."""

from datetime import date, timedelta
from typing import Any, ClassVar, NoReturn, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lib.languages import in_language
from lib.validity import HOLDS_ON_A_DAY, in_force, one_value_a_day


class UserManager(BaseUserManager["User"]):
    """Makes users; the e-mail address is the login and is kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def create_superuser(self, **fields: Any) -> NoReturn:
        """Django's command `createsuperuser` ends here."""
        raise NotImplementedError("Nobody stands above the roles: use manage.py appoint_administrator EMAIL.")

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person, or a program that works for a company and never signs in on pages.

    What either may do follows from memberships (traders) and officer roles (here).
    """

    email = models.EmailField(_("e-mail"), unique=True)
    full_name = models.CharField(_("full name"), max_length=150, blank=True)
    language = models.CharField(_("language"), max_length=2, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=40, default="Asia/Dushanbe")
    is_active = models.BooleanField(_("active"), default=True)
    is_program = models.BooleanField(_("a program of a company"), default=False)
    is_staff = models.BooleanField(_("may open the admin"), default=False)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)

    # Nobody stands above the roles: the first administrators come from `manage.py appoint_administrator`.
    is_superuser = False
    # Roles of the day, put here by the middleware for the length of a request; what the admin allows follows from them.
    held_roles: frozenset[str] = frozenset()
    # What is read once while a page is looked at (`accounts.selectors.once_a_request`); None: read each time.
    facts: dict[tuple[str, date], Any] | None = None

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_case_insensitive")]

    def __str__(self) -> str:
        return self.full_name or self.email


class OfficeQuerySet(models.QuerySet["Office"]):
    def on(self, date_: date) -> Self:
        """Offices open on `date_`."""
        return self.filter(in_force(date_))


class Office(models.Model):
    """A customs office. Its code is what box A and box 29 of a declaration carry."""

    code = models.CharField(_("code"), max_length=8, unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_ru = models.CharField(_("name in Russian"), max_length=120, blank=True)
    name_tg = models.CharField(_("name in Tajik"), max_length=120, blank=True)
    address = models.CharField(_("address"), max_length=250, blank=True)
    is_border = models.BooleanField(_("border office"), default=False)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("customs office")
        verbose_name_plural = _("customs offices")

    def __str__(self) -> str:
        return f"{self.code} {in_language(self)}"


class Role(models.TextChoices):
    """What an officer does. A trader has no role; see `traders.Membership`."""

    DOCUMENTARY = "documentary", _("documentary officer")
    EXAMINING = "examining", _("examining officer")
    SUPERVISOR = "supervisor", _("supervisor")
    ANALYST = "analyst", _("risk analyst")
    TARIFF = "tariff", _("tariff officer")
    APPROVING = "approving", _("approving officer")
    CASHIER = "cashier", _("cashier")
    TREASURY = "treasury", _("treasury")
    MONITOR = "monitor", _("financial monitor")
    AUDITOR = "auditor", _("auditor")
    SECURITY = "security", _("internal security")
    DIRECTOR = "director", _("director")
    ADMIN = "admin", _("administrator")


# Who looks at the work of others, and changes nothing.
WATCHERS = (Role.AUDITOR, Role.SECURITY)


class RoleProposal(models.Model):
    """One administrator proposes that `user` shall hold `role`; another one gives it or refuses. Kept for good."""

    class Outcome(models.TextChoices):
        OPEN = "", _("waits for a second person")
        GIVEN = "given", _("role given")
        REFUSED = "refused", _("refused")

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="role_proposals", verbose_name=_("user"))
    role = models.CharField(_("role"), max_length=12, choices=Role.choices)
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("office")
    )
    reason = models.CharField(_("reason"), max_length=300)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("proposed by"))
    proposed_at = models.DateTimeField(_("proposed"))
    outcome = models.CharField(_("outcome"), max_length=7, choices=Outcome.choices, blank=True, default=Outcome.OPEN)
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        verbose_name = _("proposal of a role")
        verbose_name_plural = _("proposals of roles")
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="role_proposal_role_known"),
            models.CheckConstraint(condition=~Q(proposed_by=F("user")), name="role_proposal_not_for_oneself"),
            models.CheckConstraint(
                condition=Q(outcome="", decided_by=None, decided_at=None)
                | Q(outcome__in=("given", "refused"), decided_by__isnull=False, decided_at__isnull=False),
                name="role_proposal_decision_complete",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="given") | ~(Q(decided_by=F("proposed_by")) | Q(decided_by=F("user"))),
                name="role_proposal_given_by_another",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "office"],
                condition=Q(outcome=""),
                nulls_distinct=False,
                name="role_proposal_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.office or '*'}"


class OfficerRoleQuerySet(models.QuerySet["OfficerRole"]):
    def on(self, date_: date) -> Self:
        """Roles held on `date_`."""
        return self.filter(in_force(date_))


class OfficerRole(models.Model):
    """`user` holds `role` in `office` (none: in the whole country) for a time.

    A role that ended on the day it began held on no day: its `valid_to` is the day before `valid_from`. It stays all
    the same, with the instant and the person that ended it. Without a `proposal` it came from a command.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="officer_roles", verbose_name=_("user"))
    role = models.CharField(_("role"), max_length=12, choices=Role.choices)
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, null=True, blank=True, related_name="officer_roles", verbose_name=_("office")
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    proposal = models.OneToOneField(
        RoleProposal, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("proposal")
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ended by")
    )
    end_reason = models.CharField(_("why it ended"), max_length=300, blank=True)

    objects = OfficerRoleQuerySet.as_manager()

    class Meta:
        verbose_name = _("officer's role")
        verbose_name_plural = _("officers' roles")
        constraints = [
            one_value_a_day("officer_role_once_a_day", "user_id", "role", "office_id", condition=HOLDS_ON_A_DAY),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="officer_role_known"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None, end_reason="")
                | Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(end_reason=""),
                name="officer_role_end_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.office or '*'}"


class AdministrativeAct(models.Model):
    """What was done to people, roles and companies by those who may, kept for good. Only grows (a trigger sees to it).

    `by` is empty where a command on the server did it; `person` is whom it was done to, if it was a person.
    """

    class Verb(models.TextChoices):
        PERSON_ADDED = "person added", _("person added")
        PERSON_INVITED = "person invited", _("person invited again")
        PERSON_CHANGED = "person changed", _("particulars of a person changed")
        ROLE_PROPOSED = "role proposed", _("role proposed")
        ROLE_GIVEN = "role given", _("role given")
        ROLE_REFUSED = "role refused", _("role refused")
        ROLE_ENDED = "role ended", _("role ended")
        SECOND_FACTOR_REMOVED = "second factor", _("second factor removed")
        SIGN_IN_UNLOCKED = "unlocked", _("pause after wrong passwords lifted")
        COMPANY_CHANGED = "company changed", _("particulars of a company changed")
        COMPANY_CONFIRMED = "company confirmed", _("company confirmed")
        COMPANY_REFUSED = "company refused", _("company refused")
        ABSENCE_RECORDED = "absence recorded", _("absence recorded")
        ABSENCE_ENDED = "absence ended", _("absence ended")
        SKILL_SET = "skill set", _("skill and load of an officer set")
        TOKEN_ISSUED = "token issued", _("token issued")
        TOKEN_ENDED = "token ended", _("token ended")
        SECRET_RENEWED = "secret renewed", _("secret of a program renewed")
        ADDRESS_ADDED = "address added", _("address for events added")
        ADDRESS_ENDED = "address ended", _("address for events ended")
        KEY_MADE = "key made", _("key for travellers' receipts made")
        KEY_WITHDRAWN = "key withdrawn", _("key for travellers' receipts withdrawn")
        TABLE_LOADED = "table loaded", _("table loaded on the server")

    verb = models.CharField(_("what was done"), max_length=20, choices=Verb.choices)
    person = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("done to"), blank=True
    )
    about = models.CharField(_("about"), max_length=500, blank=True)
    by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("by"), blank=True
    )
    at = models.DateTimeField(_("at"), db_index=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("administrative act")
        verbose_name_plural = _("administrative acts")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_verb_display()} {self.person or ''} {self.about}"


class Look(models.Model):
    """Somebody of customs looked at data of a person or a company where no log of the desk's own says so. Append-only.

    `person` or `tin` say whose they were, `text` what was asked: words of a search, the name of a table taken away, the
    address of a page.
    """

    class What(models.TextChoices):
        PERSON = "person", _("a person's page")
        COMPANY = "company", _("a company's record")
        SEARCH = "search", _("a search over files")
        EXPORT = "export", _("a table taken away")
        OVERSIGHT = "oversight", _("a page of oversight")
        PAGE = "page", _("a page about somebody")

    what = models.CharField(_("what"), max_length=9, choices=What.choices)
    person = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("whose")
    )
    tin = models.CharField(_("TIN"), max_length=20, blank=True)
    text = models.CharField(_("looked for"), max_length=200, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("look at data")
        verbose_name_plural = _("looks at data")
        indexes = [
            models.Index(fields=["-at", "-id"], name="look_at"),
            models.Index(fields=["by", "-at"], name="look_by"),
            models.Index(fields=["tin", "-at"], name="look_of_company", condition=~Q(tin="")),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_what_display()} {self.text}"


class TableChange(models.Model):
    """What a row of a reference table was before and after somebody changed it. Written by a trigger, append-only.

    `by` is empty where a file of the country was loaded. A row that a file brings in for the first time has no entry.
    """

    class Action(models.TextChoices):
        INSERT = "insert", _("added")
        UPDATE = "update", _("changed")
        DELETE = "delete", _("taken out")

    table = models.CharField(_("table"), max_length=63)
    row = models.BigIntegerField(_("row"))
    action = models.CharField(_("what"), max_length=6, choices=Action.choices)
    before = models.JSONField(_("before"), null=True)
    after = models.JSONField(_("after"), null=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("change of a table")
        verbose_name_plural = _("changes of tables")
        indexes = [
            models.Index(fields=["table", "row"], name="table_change_row"),
            models.Index(fields=["-at", "-id"], name="table_change_at"),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.row} {self.action}"

    @property
    def differences(self) -> list[tuple[str, Any, Any]]:
        """(column, before, after) of each column that differs, in the order of the table."""
        before, after = self.before or {}, self.after or {}
        return [
            (name, before.get(name), after.get(name))
            for name in {**before, **after}
            if name != "id" and before.get(name) != after.get(name)
        ]


class FollowUp(models.Model):
    """The outbox: `event` happened to the row with primary key `subject`, and later desks have still to act on it.

    `task` names one slow task; where it is empty all quick tasks of the event are meant. `due_at` is when the sweep
    may take the row up: a few seconds after it was written, since a worker is sent for at once.
    """

    event = models.CharField(max_length=60)
    subject = models.BigIntegerField()
    task = models.CharField(max_length=80, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    due_at = models.DateTimeField(db_default=Now() + timedelta(seconds=10), db_index=True)
    tries = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return f"{self.event} {self.subject} {self.task}"


class Letter(models.Model):
    """An e-mail that waits to be sent. It may carry a secret link, so it is gone as soon as it is sent."""

    to = models.EmailField()
    subject = models.CharField(max_length=200)
    text = models.TextField()
    written_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.written_at:%Y-%m-%d %H:%M}"


class PhoneLinksEnded(models.Model):
    """`by` has ended the links for phones that he or she had made for one thing until `at` (`lib.phone_links`)."""

    purpose = models.CharField(max_length=40)
    subject = models.CharField(max_length=40)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["purpose", "subject", "by"], name="phone_links_ended_once")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.subject} {self.at:%Y-%m-%d %H:%M}"
