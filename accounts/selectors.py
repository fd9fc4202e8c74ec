"""Reads about people: who is an officer, in which role, of which offices."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from allauth.account.models import EmailAddress
from django.core import signing
from django.db import models
from django.db.models import Q

from accounts.models import WATCHERS, OfficerRole, PhoneLinksEnded, Role, TableChange, User
from lib import phone_links

OFFICE_ROLES = (Role.DOCUMENTARY, Role.EXAMINING, Role.SUPERVISOR)
ALL_OFFICES_SEE = (*WATCHERS, Role.ANALYST)
FILE_ROLES = (*OFFICE_ROLES, *ALL_OFFICES_SEE)
INVITATION_SALT = "accounts.invitation"
INVITED_FOR = timedelta(days=7)
T = TypeVar("T")


def once_a_request(user: User, fact: str, on: date, read: Callable[[], T]) -> T:
    """A fact about `user` on the day, read once while a page is only looked at; read each time by whatever may write.

    Kept on the user's own object, which lives as long as the request: see `accounts.middleware.PersonFactsMiddleware`.
    """
    if user.facts is None:
        return read()
    key = fact, on
    if key not in user.facts:
        user.facts[key] = read()
    found: T = user.facts[key]
    return found


@dataclass(frozen=True)
class Posts:
    """Roles that a person holds on a day, each with the code of its office (None: the whole country).

    The one judge of what is seen by office; every table that carries the code of an office is asked through `within`.
    """

    roles: frozenset[tuple[str, str | None]]

    @property
    def everywhere(self) -> bool:
        return any(office is None for _role, office in self.roles)

    @property
    def offices(self) -> frozenset[str]:
        """Codes of the offices in which a role is held; says all only where not `everywhere`."""
        return frozenset(office for _role, office in self.roles if office is not None)

    def sees(self, office_code: str) -> bool:
        return self.everywhere or office_code in self.offices

    def roles_in(self, office_code: str) -> frozenset[str]:
        """Roles that count in the office, those for the whole country among them."""
        return frozenset(role for role, office in self.roles if office in (None, office_code))

    def within(self) -> Q:
        """Rows of the person's offices, by their column `office_code`."""
        if self.everywhere:
            return ~Q(pk__in=[])
        return Q(office_code__in=sorted(self.offices)) if self.offices else Q(pk__in=[])


def posts_of(user: User, *, on: date) -> Posts:
    """The roles with which `user` reads lodged declarations and their files on the day.

    None for a trader, nor for whose account is closed: what such a person held is anybody's.
    """
    roles = OfficerRole.objects.on(on).filter(user_id=user.pk, user__is_active=True, role__in=FILE_ROLES)
    held = roles.values_list("role", "office__code")
    return once_a_request(user, "posts", on, lambda: Posts(frozenset(held)))


def is_officer(user: User, *, on: date) -> bool:
    """Whether `user` holds any role on the day."""
    return user.is_authenticated and OfficerRole.objects.on(on).filter(user=user).exists()


def has_role(user: User, *roles: Role, on: date) -> bool:
    """Whether `user` holds one of `roles` anywhere on the day."""
    return user.is_authenticated and OfficerRole.objects.on(on).filter(user=user, role__in=roles).exists()


def has_verified(user: User, email: str) -> bool:
    """Whether `user` has shown that this address is theirs, by the link that was sent to it."""
    return bool(EmailAddress.objects.filter(user=user, email__iexact=email, verified=True).exists())


def is_invited(user: User) -> bool:
    """Whether somebody made the account and its person has not yet chosen a password."""
    return user.is_active and not user.has_usable_password()


def invited_by(token: str) -> User | None:
    """The person whom the link of an invitation names; None if it is not ours, too old, or was used."""
    try:
        key = signing.loads(token, salt=INVITATION_SALT, max_age=INVITED_FOR)
    except signing.BadSignature:
        return None
    user = User.objects.filter(pk=key).first()
    return user if user is not None and is_invited(user) else None


def person_of(key: int) -> User:
    """The person with this primary key, for a task."""
    return User.objects.get(pk=key)


def roles_of(user: User, *, on: date) -> set[str]:
    """Every role `user` holds on the day; empty for a trader."""
    return set(OfficerRole.objects.on(on).filter(user=user).values_list("role", flat=True))


def table_changes(row: models.Model) -> list[TableChange]:
    """What was done to a row of a reference table, the latest first."""
    kept = TableChange.objects.filter(table=row._meta.db_table, row=row.pk)
    return list(kept.select_related("by"))


def phone_link(purpose: str, token: str, *, good_for: timedelta = phone_links.GOOD_FOR) -> phone_links.PhoneLink | None:
    """What a link for a phone is for; None if it is not ours, past its time, or was ended by the person who made it."""
    read = phone_links.read(purpose, token, good_for=good_for)
    if read is None:
        return None
    ended = PhoneLinksEnded.objects.filter(
        purpose=purpose, subject=read.subject, by=read.person, at__gte=read.made_at
    ).exists()
    return None if ended else read
