"""Goods that do not go on: set aside with a receipt, waiting by the law's term, decided once."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from border import selectors, states
from border.models import GoodsAside
from border.services.acts import corrected, end_with, lock_as_seen
from border.services.storage import charge_storage
from lib.violations import refuse
from passengers import selectors as travellers
from passengers import services as passengers
from passengers.models import TravelDeclaration
from passengers.selectors.law import term
from tariffs.models import TravelTerm

LEAVE = "leave"
USUAL_STORAGE = 60
_K, _S = GoodsAside.Kind, GoodsAside.Status
AT_ONCE = {_K.RETURNED: GoodsAside.Status.SENT_BACK, _K.RETAINED: GoodsAside.Status.RETAINED}
LATER = (*AT_ONCE.values(), GoodsAside.Status.GIVEN_BACK, GoodsAside.Status.TO_CARGO)


@transaction.atomic
def set_aside(
    declaration: TravelDeclaration,
    *,
    kind: str,
    keys: Sequence[str],
    what: str,
    pieces: int,
    place: str,
    reason: str,
    seen: int | None,
    by: User,
    at: datetime,
    on: date,
    choice: str = LEAVE,
) -> GoodsAside:
    """Put aside the goods with these keys, or what the text says. Nothing is due on them any more; the declaration ends
    so when nothing is due on the others, else after that is paid.

    Raises Rejected: L006 nothing was chosen, L007 not presented yet, G013 no reason, and what a correction refuses.
    """
    locked = lock_as_seen(declaration, seen=seen, by=by, on=on)
    if locked.presented_at is None or locked.closed_at is not None:
        raise refuse("L007", "", _("Goods are set aside while the traveller stands here."))
    why = " ".join(reason.split())[:500]
    if not why:
        raise refuse("G013", "reason", _("Give the reason."))
    goods = [row for row in locked.draft.get("goods", ()) if row.get("key") and row["key"] in keys]
    named = selectors.goods_in_words(locked.draft, on=on)
    words = " ".join(what.split())[:500] or "; ".join(named[row["key"]] for row in goods)[:500]
    if not words:
        raise refuse("L006", "what", _("Say what is set aside."))
    if goods:
        chosen = {row["key"] for row in goods}
        rows = [row | {"choice": choice} if row.get("key") in chosen else row for row in locked.draft["goods"]]
        locked = corrected(locked, draft=locked.draft | {"goods": rows}, reason=why, by=by, at=at, on=on)
    law = term(TravelTerm.Kind.STORAGE, on=on) if kind == _K.KEPT else None
    days = law.days if law else USUAL_STORAGE
    made: GoodsAside = GoodsAside.objects.create(
        declaration=locked,
        number=_number(locked, on=on),
        kind=kind,
        post=locked.presented_post,
        goods=[_kept(row) | {"description": named[row["key"]]} for row in goods],
        what=words,
        pieces=pieces,
        place=" ".join(place.split())[:60],
        reason=why,
        by=by,
        at=at,
        keep_until=on + timedelta(days=days) if kind == _K.KEPT else None,
        term=law.code if law else "",
    )
    if _K(kind) in AT_ONCE:
        states.end_aside(made, AT_ONCE[_K(kind)], ended_by=by, ended_at=at, end_note=why)
    if locked.payable <= locked.paid:
        end_with(locked, selectors.aside_of(locked), by=by, at=at)
    return made


def _number(locked: TravelDeclaration, *, on: date) -> str:
    """The declaration's number with the number of the receipt behind it; the caller holds the lock."""
    return f"K{locked.reference[1:]}-{GoodsAside.objects.filter(declaration=locked).count() + 1}"


def _kept(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row.get(name, "") for name in ("key", "description", "quantity", "unit", "mass")}


@transaction.atomic
def decide_aside(
    aside: GoodsAside, *, end: GoodsAside.Status, reason: str, by: User, at: datetime, on: date
) -> GoodsAside:
    """What becomes of goods that were kept. Goods are given back once their storage is paid: until then it is charged,
    and they wait. Raises Rejected: G013 no reason, L008 it was decided already, L002."""
    assert end in LATER, end
    locked = passengers.lock(aside.declaration_id)
    if not selectors.border_powers(by, on=on).acts_at(aside.post):
        raise refuse("L002", "", _("This traveller stands at another post: the officers there decide."))
    why = " ".join(reason.split())[:500]
    if not why:
        raise refuse("G013", "reason", _("Give the reason."))
    aside.refresh_from_db(fields=["status"])
    if end == _S.GIVEN_BACK and aside.status == _S.HELD:
        charge_storage(aside, locked, by=by, at=at, on=on)
        if travellers.still_due(locked) > 0:
            return aside
    if not states.end_aside(aside, end, ended_by=by, ended_at=at, end_note=why):
        raise refuse("L008", "", _("This was decided already."))
    passengers.record(locked, verb="aside_ended", by=by, at=at, note=why, data={"receipt": aside.number, "end": end})
    return aside


@transaction.atomic
def remind_of_aside(aside: GoodsAside, *, by: User, at: datetime, on: date) -> GoodsAside:
    """The traveller was told that the term ends. Raises Rejected L008 where the goods no longer wait."""
    locked = passengers.lock(aside.declaration_id)
    if not selectors.border_powers(by, on=on).acts_at(aside.post):
        raise refuse("L002", "", _("This traveller stands at another post: the officers there decide."))
    if not GoodsAside.objects.filter(pk=aside.pk, status=_S.HELD).update(reminded_at=at):
        raise refuse("L008", "", _("This was decided already."))
    passengers.record(locked, verb="aside_reminded", by=by, at=at, data={"receipt": aside.number})
    aside.refresh_from_db()
    return aside
