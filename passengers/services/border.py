"""At the post: presented, examined, corrected with a reason while both versions stay, and how it ends."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.followups import announce
from lib.violations import Rejected, refuse
from passengers.content import faults, read
from passengers.models import Status, TravelDeclaration
from passengers.services import cash, stays, versions
from passengers.services.history import lock
from passengers.services.receipts import withdraw_receipts
from passengers.services.submit import columns_of, fill, judged
from passengers.states import may_become, transition
from travel_receipts.models import Why


def _lock_for(pk: int, new: Status) -> TravelDeclaration:
    locked = lock(pk)
    if not may_become(locked, new):
        sentence = _("This declaration is “{status}”: this cannot be done now.")
        raise refuse("G012", "", sentence.format(status=locked.get_status_display()))
    return locked


def _reason(text: str) -> str:
    found = " ".join(text.split())[:500]
    if not found:
        raise refuse("G013", "reason", _("Give the reason."))
    return found


@transaction.atomic
def present(declaration: TravelDeclaration, *, post: str, by: User, at: datetime, on: date) -> TravelDeclaration:
    """The traveller is here, at any post. What was changed and not sent is not part of it.

    Raises Rejected: G012 not in this state, G014 no longer valid.
    """
    locked = _lock_for(declaration.pk, Status.PRESENTED)
    if locked.presented_at is not None:
        raise refuse("G012", "", _("This declaration was presented already."))
    if locked.valid_until is None or on > locked.valid_until:
        raise refuse("G014", "", _("This declaration is no longer valid: send it again."))
    filling = {"presented_at": at, "presented_post": post}
    transition(locked, Status.PRESENTED, verb="present", by=by, at=at, filling=filling, data={"post": post})
    return locked


@transaction.atomic
def examine(declaration: TravelDeclaration, *, by: User, at: datetime, note: str = "") -> TravelDeclaration:
    """An officer looks at the goods, again after a correction."""
    locked = _lock_for(declaration.pk, Status.EXAMINED)
    if locked.presented_at is None:
        raise refuse("G012", "", _("This declaration was not presented yet."))
    transition(locked, Status.EXAMINED, verb="examine", by=by, at=at, note=note)
    return locked


@transaction.atomic
def correct(
    declaration: TravelDeclaration, *, draft: Mapping[str, Any], reason: str, by: User, at: datetime, on: date
) -> TravelDeclaration:
    """Another version by an officer, under the law of the day on which it was sent; the traveller's stays beside it."""
    locked = _lock_for(declaration.pk, Status.CORRECTED)
    why, content = _reason(reason), read(draft)
    assert locked.law_on is not None
    found = [fault for fault in faults(content, on=locked.law_on) if fault.pointer != "trip.day"]
    if found:
        raise Rejected(found)
    given = judged(content, on=locked.law_on, except_for=locked.pk)
    version = versions.write(locked, content, given, draft=draft, by=by, at=at, reason=why)
    withdraw_receipts(locked, why=Why.REVOKED, at=at)
    fill(locked, {**columns_of(content, given, number=version.number), "draft": dict(draft)}, at=at)
    data = {"version": version.number, "channel": given.channel, "payable": str(given.payable)}
    transition(locked, Status.CORRECTED, verb="correct", by=by, at=at, note=why, data=data)
    if locked.payable > locked.paid:
        transition(locked, Status.TO_PAY, verb="sum", by=by, at=at, data={"payable": str(locked.payable)})
    elif locked.payable < locked.paid:
        announce("travel.overpaid", locked.pk)
    return locked


@transaction.atomic
def release(declaration: TravelDeclaration, *, by: User, at: datetime) -> TravelDeclaration:
    """The traveller goes on. Raises Rejected: G015 something is to be paid, G041 more cash than may leave,
    G037 a vehicle that stayed too long."""
    locked = _lock_for(declaration.pk, Status.RELEASED)
    if locked.presented_at is None:
        raise refuse("G012", "", _("This declaration was not presented yet."))
    if locked.payable > locked.paid:
        raise refuse("G015", "", _("The sum due is not paid yet."))
    return _crossed(locked, Status.RELEASED, verb="release", by=by, at=at)


def _end(
    declaration: TravelDeclaration, new: Status, verb: str, *, reason: str, by: User, at: datetime
) -> TravelDeclaration:
    locked = _lock_for(declaration.pk, new)
    if locked.presented_at is None:
        raise refuse("G012", "", _("This declaration was not presented yet."))
    return _crossed(locked, new, verb=verb, note=_reason(reason), by=by, at=at)


def _crossed(
    locked: TravelDeclaration, new: Status, *, verb: str, by: User, at: datetime, note: str = ""
) -> TravelDeclaration:
    """The traveller crosses, with all goods or without some: cash, vehicle and receipt follow."""
    cash.count_out(locked, in_full=new == Status.RELEASED, by=by, at=at)
    transition(locked, new, verb=verb, by=by, at=at, note=note, filling={"closed_at": at})
    stays.follow_release(locked, by=by, at=at)
    withdraw_receipts(locked, why=Why.USED, at=at)
    return locked


@transaction.atomic
def keep_goods(declaration: TravelDeclaration, *, reason: str, by: User, at: datetime) -> TravelDeclaration:
    """The goods stay at the post for the term of storage."""
    return _end(declaration, Status.GOODS_KEPT, "keep_goods", reason=reason, by=by, at=at)


@transaction.atomic
def return_goods(declaration: TravelDeclaration, *, reason: str, by: User, at: datetime) -> TravelDeclaration:
    """The goods go back where they came from."""
    return _end(declaration, Status.GOODS_RETURNED, "return_goods", reason=reason, by=by, at=at)


@transaction.atomic
def retain(declaration: TravelDeclaration, *, reason: str, by: User, at: datetime) -> TravelDeclaration:
    """The goods are retained: they may not be carried, or were hidden."""
    return _end(declaration, Status.RETAINED, "retain", reason=reason, by=by, at=at)
