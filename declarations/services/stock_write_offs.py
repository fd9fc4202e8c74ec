"""Loss, destruction and waste of stock with an act: recorded by an officer, written off when a second one confirms.

Whether the officers may is judged by clearance. Never is more written off than is left at the moment of confirmation.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from declarations.models import MEASURES, StockAccount, StockMovement, StockWriteOff
from declarations.services.stock import discharge_movements
from declarations.services.stock_locks import hold_account, needed, record_on
from declarations.states import WRITE_OFF
from lib.bulk import insert_rows
from lib.figures import ZERO, plain
from lib.languages import day_text
from lib.violations import Rejected, Violation, refuse


@dataclass(frozen=True, slots=True)
class Act:
    """What an act says: what happened, its number and day, how much of each is gone, and whether duty is due on it."""

    kind: str
    act_number: str
    act_date: date
    packages: Decimal = ZERO
    net_mass: Decimal = ZERO
    supplementary_quantity: Decimal = ZERO
    value: Decimal = ZERO
    note: str = ""
    duty_due: bool = False
    duty_reason: str = ""


@transaction.atomic
def record_write_off(account: StockAccount, *, act: Act, by: User, at: datetime) -> StockWriteOff:
    """Record an act; nothing leaves the account before a second officer confirms it.

    Raises Rejected: W020 nothing is written off, W021 more than is left, W022 no act, W023 the day of the act, W024
    the act is recorded already, W027 no word on the duty.
    """
    held = hold_account(account.pk)
    number = needed(act.act_number, code="W022", pointer="act_number", sentence=_("Give the number of the act."))
    sentence = _("Say why duty is due, or why it is not: the reason is kept.")
    reason = needed(act.duty_reason, code="W027", pointer="duty_reason", sentence=sentence)
    if act.act_date > timezone.localdate(at):
        raise refuse("W023", "act_date", _("The day of the act has not yet come."))
    known = StockWriteOff.objects.filter(account=held, act_number=number, act_date=act.act_date)
    if known.exclude(status=StockWriteOff.Status.REJECTED).exists():
        sentence = _("Act {number} of {day} is already recorded on this stock.")
        raise refuse("W024", "act_number", sentence.format(number=number, day=day_text(act.act_date)))
    _not_more_than_is_left(held, act)
    told = asdict(act) | {"act_number": number, "duty_reason": reason, "note": act.note.strip()}
    made: StockWriteOff = StockWriteOff.objects.create(account=held, recorded_by=by, recorded_at=at, **told)
    record_on(held, verb="record_write_off", by=by, at=at, data={"kind": act.kind, "act": number})
    return made


@transaction.atomic
def confirm_write_off(write_off: StockWriteOff, *, by: User, at: datetime) -> StockWriteOff:
    """The second officer agrees: the goods leave the account. Without duty they need be secured no longer.

    Raises Rejected: W021 more than is left by now, W025 decided already, W026 the same officer.
    """
    held = _to_decide(write_off, by=by)
    _not_more_than_is_left(held, write_off)
    movement = StockMovement(
        account=held,
        kind=write_off.kind,
        act=f"{write_off.act_number} {write_off.act_date:%d.%m.%Y}",
        note=write_off.note,
        by=write_off.recorded_by,
        second=by,
        at=at,
        **{name: getattr(write_off, name) for name in MEASURES},
    )
    insert_rows([movement])
    if not WRITE_OFF.write(
        write_off.pk, StockWriteOff.Status.CONFIRMED, decided_by=by, decided_at=at, movement=movement
    ):
        raise _decided(write_off)
    if not write_off.duty_due:
        discharge_movements([movement], by=by, at=at)
    told = {"kind": write_off.kind, "act": movement.act, "duty_due": write_off.duty_due}
    record_on(held, verb="write_off", by=by, at=at, note=write_off.duty_reason, data=told)
    return StockWriteOff.objects.get(pk=write_off.pk)


@transaction.atomic
def reject_write_off(write_off: StockWriteOff, *, reason: str, by: User, at: datetime) -> StockWriteOff:
    """The second officer does not agree: nothing leaves the account. Raises Rejected: W006, W025, W026."""
    held = _to_decide(write_off, by=by)
    reason = needed(reason, code="W006", pointer="reason", sentence=_("Give the reason."))
    if not WRITE_OFF.write(write_off.pk, StockWriteOff.Status.REJECTED, decided_by=by, decided_at=at, decision=reason):
        raise _decided(write_off)
    record_on(held, verb="reject_write_off", by=by, at=at, note=reason, data={"act": write_off.act_number})
    return StockWriteOff.objects.get(pk=write_off.pk)


def _to_decide(write_off: StockWriteOff, *, by: User) -> StockAccount:
    if write_off.recorded_by_id == by.pk:
        raise refuse("W026", "", _("You recorded this act yourself. Another officer confirms it."))
    held = hold_account(write_off.account_id)
    write_off.refresh_from_db()
    if write_off.status != StockWriteOff.Status.RECORDED:
        raise _decided(write_off)
    return held


def _decided(write_off: StockWriteOff) -> Rejected:
    sentence = _("{officer} has already decided on this act: {decision}.")
    return refuse("W025", "", sentence.format(officer=write_off.decided_by, decision=write_off.get_status_display()))


def _not_more_than_is_left(account: StockAccount, taken: Act | StockWriteOff) -> None:
    if not any(getattr(taken, name) for name in MEASURES):
        raise refuse("W020", "net_mass", _("Say how much of the goods is gone."))
    if faults := list(_too_much(account, taken)):
        raise Rejected(faults)


def _too_much(account: StockAccount, taken: Act | StockWriteOff) -> Iterator[Violation]:
    for name in MEASURES:
        left, gone = getattr(account, f"{name}_left"), getattr(taken, name)
        if gone > left:
            sentence = _("{stock} holds {left}; {more} more than that is written off here.")
            yield Violation("W021", name, sentence.format(stock=account, left=plain(left), more=plain(gone - left)))
