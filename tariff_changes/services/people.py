"""Who may do what with a change set, and the record of who did: two persons stand behind every change of law."""

from datetime import date, datetime
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accounts.models import Role, User
from accounts.selectors import has_role
from lib.violations import refuse
from tariff_changes.models import ChangeEvent, ChangeSet

# Verbs of events by which a person had a hand in the content; whoever did one of them cannot approve it.
EDITS = ("begun", "described", "row_added", "row_changed", "row_dropped", "file_taken", "edition_taken", "submitted")


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


def had_a_hand_in(change_set: ChangeSet, by: User) -> bool:
    """Whether `by` made, edited or submitted the set."""
    if by.pk in (change_set.made_by_id, change_set.submitted_by_id):
        return True
    return change_set.events.filter(by=by, verb__in=EDITS).exists()


def refuse_own_work(change_set: ChangeSet, by: User) -> None:
    """T421: nobody approves what they had a hand in."""
    if had_a_hand_in(change_set, by):
        raise refuse("T421", "", _("You had a hand in this change set: another person approves it."))
