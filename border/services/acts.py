"""What an officer does with a traveller who stands there: present, look, correct, let go."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from border import selectors
from border.models import GoodsAside
from border.services.lanes import lane_of_locked
from lib.violations import Conflict, Rejected, Violation, refuse
from passengers import services as passengers
from passengers.models import Status, TravelDeclaration

_K = GoodsAside.Kind
# The end of the declaration is that of its gravest goods.
ENDS = {_K.RETAINED: passengers.retain, _K.KEPT: passengers.keep_goods, _K.RETURNED: passengers.return_goods}
AFTER_A_LOOK = (Status.PRESENTED, Status.CORRECTED, Status.TO_PAY, Status.PAID)


def lock_as_seen(declaration: TravelDeclaration, *, seen: int | None, by: User, on: date) -> TravelDeclaration:
    """The declaration, locked, for an officer of its post. Raises Conflict L001 where another version counts by now."""
    locked = passengers.lock(declaration.pk)
    if not selectors.may_act_on(by, locked, on=on):
        raise refuse("L002", "", _("This traveller stands at another post: the officers there decide."))
    if seen is not None and seen != locked.version:
        sentence = _("It was changed meanwhile: version {number} counts now. Look at it and repeat what still holds.")
        raise Conflict([Violation("L001", "", sentence.format(number=locked.version))])
    return locked


@transaction.atomic
def present(declaration: TravelDeclaration, *, post: str, by: User, at: datetime, on: date) -> TravelDeclaration:
    """The traveller is here; the lane is found now if it was not. Raises Rejected L004 for an officer of no post."""
    locked = lock_as_seen(declaration, seen=None, by=by, on=on)
    here = selectors.post_to_present(by, locked, wanted=post, on=on)
    if not here:
        raise refuse("L004", "post", _("You work at no post for travellers."))
    lane_of_locked(locked, at=at)
    return passengers.present(locked, post=here, by=by, at=at, on=on)


@transaction.atomic
def examine(
    declaration: TravelDeclaration, *, seen: int | None, note: str, by: User, at: datetime, on: date
) -> TravelDeclaration:
    """The goods were looked at and are as declared."""
    locked = lock_as_seen(declaration, seen=seen, by=by, on=on)
    return passengers.examine(locked, by=by, at=at, note=" ".join(note.split())[:500])


@transaction.atomic
def correct(
    declaration: TravelDeclaration,
    *,
    seen: int | None,
    draft: Mapping[str, Any],
    reason: str,
    by: User,
    at: datetime,
    on: date,
) -> TravelDeclaration:
    """Another version beside the traveller's; whoever corrects has looked."""
    locked = lock_as_seen(declaration, seen=seen, by=by, on=on)
    return corrected(locked, draft=draft, reason=reason, by=by, at=at, on=on)


def corrected(
    locked: TravelDeclaration, *, draft: Mapping[str, Any], reason: str, by: User, at: datetime, on: date
) -> TravelDeclaration:
    if locked.status in AFTER_A_LOOK:
        locked = passengers.examine(locked, by=by, at=at)
    return passengers.correct(locked, draft=draft, reason=reason, by=by, at=at, on=on)


@transaction.atomic
def let_go(declaration: TravelDeclaration, *, seen: int | None, by: User, at: datetime, on: date) -> TravelDeclaration:
    """The traveller goes on, with all goods or without those that were set aside.

    Raises Rejected: L005 the goods have to be looked at first, G015 something is to be paid.
    """
    locked = lock_as_seen(declaration, seen=seen, by=by, on=on)
    aside = selectors.aside_of(locked)
    if aside:
        return end_with(locked, aside, by=by, at=at)
    if locked.presented_at and selectors.has_to_be_seen(locked) and not selectors.was_examined(locked):
        raise refuse("L005", "", _("Red lane: look at the goods first."))
    if locked.payable > locked.paid:
        raise refuse("G015", "", _("The sum due is not paid yet."))
    return passengers.release(locked, by=by, at=at)


def end_with(locked: TravelDeclaration, aside: Any, *, by: User, at: datetime) -> TravelDeclaration:
    """The end of a declaration some goods of which were set aside, once what is due on the others is paid."""
    if locked.payable > locked.paid:
        raise refuse("G015", "", _("The sum due is not paid yet."))
    kinds = {row.kind for row in aside}
    gravest = next(kind for kind in ENDS if kind in kinds)
    reason = "; ".join(f"{row.number}: {row.reason}" for row in aside)
    if locked.status in AFTER_A_LOOK:
        locked = passengers.examine(locked, by=by, at=at)
    return ENDS[gravest](locked, reason=reason, by=by, at=at)


@transaction.atomic
def let_through(declaration: TravelDeclaration, *, post: str, by: User, at: datetime, on: date) -> str:
    """Present and let go in one, as an officer does who checked the receipt without a line.

    Where the traveller may not simply go on, presented stays and the sentence says why.
    """
    locked = lock_as_seen(declaration, seen=None, by=by, on=on)
    if locked.presented_at is None:
        present(locked, post=post, by=by, at=at, on=on)
    try:
        with transaction.atomic():
            let_go(locked, seen=None, by=by, at=at, on=on)
    except Rejected as refused:
        why = " ".join(fault.sentence for fault in refused.violations)
        return _("Presented, not let through: {why}").format(why=why)
    return _("Let through.")
