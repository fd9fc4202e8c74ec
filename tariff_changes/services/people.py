"""Who may do what with a change set, and the record of who did: two persons stand behind every change of law."""

from datetime import date, datetime
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accounts.models import Role, User
from accounts.selectors import has_role
from lib.violations import refuse
from tariff_changes.models import ChangeEvent, ChangeSet
from tariff_changes.selectors.history import took_part_in


def record(
    change_set: ChangeSet, *, verb: str, by: User | None, at: datetime, note: str = "", **data: Any
) -> ChangeEvent:
    """One line of the set's history."""
    return ChangeEvent.objects.create(change_set=change_set, verb=verb, by=by, at=at, note=note, data=data)


def refuse_unless_making(by: User, *, at: datetime) -> None:
    """T420: the tariff is changed by tariff officers."""
    _refuse_without(by, Role.TARIFF, on=localdate(at))


def refuse_unless_approving(by: User, *, at: datetime) -> None:
    """T420: the tariff is approved by approving officers."""
    _refuse_without(by, Role.APPROVING, on=localdate(at))


def refuse_unless_either(by: User, *, at: datetime) -> None:
    """T420: both kinds of officer may do this."""
    _refuse_without(by, Role.TARIFF, Role.APPROVING, on=localdate(at))


def _refuse_without(by: User, *roles: Role, on: date) -> None:
    if not has_role(by, *roles, on=on):
        names = ", ".join(str(role.label) for role in roles)
        raise refuse("T420", "", _("This is done by officers in the role: %(roles)s.") % {"roles": names})


def refuse_own_work(change_set: ChangeSet, by: User) -> None:
    """T421: nobody approves what they took part in."""
    if took_part_in(change_set, by):
        raise refuse("T421", "", _("You took part in this change set: another person approves it."))
