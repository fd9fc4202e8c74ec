"""Verbs about people: their profile, and what administrators do to the account of somebody else."""

from collections.abc import Mapping
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from axes.utils import reset
from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import faults_of_opening
from accounts.selectors import has_verified
from accounts.services.acts import Act, record_act
from accounts.services.letters import write_letter
from lib.limits import counted
from lib.violations import Rejected, refuse

_A_DAY = 24 * 60 * 60


def change_profile(user: User, *, full_name: str, language: str, time_zone: str) -> User:
    """Write what a person says about themselves."""
    user.full_name, user.language, user.time_zone = full_name, language, time_zone
    user.save(update_fields=["full_name", "language", "time_zone"])
    return user


def choose_language(user: User, *, language: str) -> None:
    """Remember the language a person switched to."""
    User.objects.filter(pk=user.pk).update(language=language)


@transaction.atomic
def create_person(*, email: str, password: str | None, full_name: str, by: User | None, at: datetime) -> User:
    """A new person whose address `by` vouches for; without a password until one is set by e-mail.

    Somebody may have signed up with the address without ever opening the letter to it: that account is taken over, and
    the password of whoever that was is worth nothing. Raises Rejected A001 when the address is taken.
    """
    user = User.objects.select_for_update().filter(email__iexact=email.strip()).first()
    if user is None:
        user = User.objects.create_user(email, password, full_name=full_name)
    elif has_verified(user, user.email):
        raise refuse("A001", "email", _("A person with this e-mail address exists already."))
    else:
        user.full_name = full_name
        user.set_password(password)
        user.save(update_fields=["full_name", "password"])
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    record_act(Act.PERSON_ADDED, person=user, about=user.email, by=by, at=at)
    return user


@transaction.atomic
def change_person(user: User, *, changes: Mapping[str, object], by: User, at: datetime) -> None:
    """An administrator writes particulars of somebody else: name, language, time zone, whether the account is open.

    Raises Rejected A012 for oneself, A019 for a closed account that still holds roles.
    """
    _somebody_else(user, by=by)
    old = User.objects.select_for_update().get(pk=user.pk)
    opened = bool(changes.get("is_active")) and not old.is_active
    if opened and (faults := list(faults_of_opening(old, on=timezone.localdate(at)))):
        raise Rejected(faults)
    changed = [f"{name}: {getattr(old, name)} → {new}" for name, new in changes.items() if getattr(old, name) != new]
    if changed:
        User.objects.filter(pk=user.pk).update(**changes)
        record_act(Act.PERSON_CHANGED, person=user, about="; ".join(changed), by=by, at=at)


@transaction.atomic
def take_away_second_factor(user: User, *, by: User, at: datetime) -> None:
    """After the person has proved who they are: a lost telephone. An officer must set up a new one at next sign-in."""
    _somebody_else(user, by=by)
    Authenticator.objects.filter(user=user).delete()
    record_act(Act.SECOND_FACTOR_REMOVED, person=user, by=by, at=at)


@transaction.atomic
def tell_of_wrong_passwords(email: str, *, address: str) -> None:
    """A letter to the owner of the account, if there is one, at most once a day."""
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None or counted(f"told-of-wrong-passwords:{user.pk}", seconds=_A_DAY) > 1:
        return
    with translation.override(user.language or settings.LANGUAGE_CODE):
        text = _(
            "Somebody typed wrong passwords for your account several times, from the address %(address)s. Signing in "
            "from there is paused for some minutes; devices on which you have signed in before go on working. If it "
            "was not you, your password is still safe: nobody got in. Change it if others may know it."
        )
        subject = _("Wrong passwords for your account")
        write_letter(to=user.email, subject=subject, text=text % {"address": address or "—"})


@transaction.atomic
def unlock_sign_in(user: User, *, by: User, at: datetime) -> None:
    """Lift the pause after wrong passwords."""
    _somebody_else(user, by=by)
    reset(username=user.email.lower())
    record_act(Act.SIGN_IN_UNLOCKED, person=user, by=by, at=at)


def _somebody_else(user: User, *, by: User) -> None:
    if user.pk == by.pk:
        raise refuse("A012", "", _("Nobody does this for themselves. Ask another administrator."))
