"""Verbs about people: a profile, an officer, the roles an officer holds and gives back."""

from datetime import date, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _
from rest_framework.authtoken.models import Token

from accounts.models import Office, OfficerRole, Role, User
from accounts.permissions import STAFF_ROLES
from accounts.selectors import roles_of
from lib.violations import refuse


def change_profile(user: User, *, full_name: str, language: str, time_zone: str) -> User:
    """Write what a person says about themselves."""
    user.full_name, user.language, user.time_zone = full_name, language, time_zone
    user.save(update_fields=["full_name", "language", "time_zone"])
    return user


def choose_language(user: User, *, language: str) -> None:
    """Remember the language a person switched to."""
    User.objects.filter(pk=user.pk).update(language=language)


@transaction.atomic
def create_person(*, email: str, password: str | None, full_name: str) -> User:
    """A new person whose address the administrator vouches for; without a password until one is set by e-mail."""
    if User.objects.filter(email__iexact=email.strip()).exists():
        raise refuse("A001", "email", _("A person with this e-mail address exists already."))
    user = User.objects.create_user(email, password, full_name=full_name)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@transaction.atomic
def create_officer(
    *, email: str, password: str | None, full_name: str, role: Role, office: Office | None, on: date
) -> User:
    """A new officer with a first role from `on`; see `create_person`."""
    user = create_person(email=email, password=password, full_name=full_name)
    give_role(user, role=role, office=office, on=on)
    return user


@transaction.atomic
def give_role(user: User, *, role: Role, office: Office | None, on: date) -> OfficerRole:
    """`user` holds `role` in `office` (none: everywhere) from `on`; an equal role in force is returned as it is."""
    User.objects.select_for_update().get(pk=user.pk)
    held = OfficerRole.objects.on(on).filter(user=user, role=role, office=office).first()
    held = held or OfficerRole.objects.create(user=user, role=role, office=office, valid_from=on)
    _open_the_admin(user, on=on)
    return held


@transaction.atomic
def end_role(officer_role: OfficerRole, *, on: date) -> None:
    """The role ends at once: its last day is the day before `on`. One that began on `on` is taken back."""
    user = User.objects.select_for_update().get(pk=officer_role.user_id)
    if officer_role.valid_from >= on:
        officer_role.delete()
    else:
        officer_role.valid_to = on - timedelta(days=1)
        officer_role.save(update_fields=["valid_to"])
    _open_the_admin(user, on=on)


@transaction.atomic
def create_token(user: User, *, on: date) -> str:
    """A new key for a machine that acts for `user`; an earlier one stops working. Raises Rejected A004 for officers."""
    if roles_of(user, on=on):
        raise refuse("A004", "", _("An officer works with a second factor, which a machine has not."))
    Token.objects.filter(user=user).delete()
    return str(Token.objects.create(user=user).key)


def revoke_token(user: User) -> None:
    """The key stops working at once."""
    Token.objects.filter(user=user).delete()


def take_away_second_factor(user: User) -> None:
    """After the person has proved who they are: a lost telephone. An officer must set up a new one at next sign-in."""
    Authenticator.objects.filter(user=user).delete()


def _open_the_admin(user: User, *, on: date) -> None:
    """Whoever holds a role with tables to keep may open the admin, and nobody else but superusers."""
    user.is_staff = user.is_superuser or bool(roles_of(user, on=on) & STAFF_ROLES)
    user.save(update_fields=["is_staff"])
