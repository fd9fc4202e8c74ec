"""A vehicle on temporary import: begun by its release at entry, extended by a decision, ended by its exit.

The declaration's lock comes first, as with every verb; each writes a row of its history.
"""

import uuid
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.followups import announce
from lib.violations import refuse
from passengers.models import (
    StayConsequence,
    StayExtension,
    TravelDeclaration,
    Vehicle,
    VehicleStay,
)
from passengers.selectors import law as law_of
from passengers.selectors.stays import plate_key
from passengers.services.history import lock, record
from passengers.states import EXTENSIONS, STAYS, move
from tariffs.models import Direction, TravelTerm

LONGEST_DAYS = 3 * 365
AT_ONCE = 500


def _lock_stay(pk: int) -> VehicleStay:
    """The stay, its declaration locked before it. Raises Rejected G030 where it has ended."""
    found: VehicleStay = VehicleStay.objects.select_related("declaration").get(pk=pk)
    lock(found.declaration_id)
    locked: VehicleStay = VehicleStay.objects.select_for_update(of=("self",)).select_related("declaration").get(pk=pk)
    if locked.status != VehicleStay.Status.HERE:
        raise refuse("G030", "", _("This vehicle is no longer on temporary import."))
    return locked


def _said(text: str, pointer: str) -> str:
    found = " ".join(text.split())[:500]
    if not found:
        raise refuse("G031", pointer, _("Give the reason."))
    return found


def follow_release(locked: TravelDeclaration, *, by: User, at: datetime) -> None:
    """What the release of a declaration means for its vehicle. The caller holds the lock and the transaction.

    On entry a stay begins, for the term of the law from the day of the crossing; an earlier stay of the same plate has
    ended then, seen or not. On exit the stay of the vehicle ends.
    """
    vehicle: Vehicle | None = Vehicle.objects.filter(
        version__declaration=locked, version__number=locked.version
    ).first()
    if vehicle is None:
        return
    on, post, key = timezone.localdate(at), locked.presented_post, plate_key(vehicle.plate)
    here = VehicleStay.objects.filter(status=VehicleStay.Status.HERE, plate_key=key, country=vehicle.country)
    for stay in here if key else ():
        if locked.direction == Direction.EXIT:
            _settled(stay, on=on)
        _end(stay, on=on, post=post, by=by, at=at, verb="vehicle_left")
    if locked.direction == Direction.ENTRY and vehicle.leave_by is not None:
        assert locked.law_on is not None
        term = law_of.term(TravelTerm.Kind.VEHICLE, on=locked.law_on, countries=[vehicle.country])
        leave_by = max(vehicle.leave_by, on + timedelta(days=term.days) if term else on)
        VehicleStay.objects.create(
            vehicle=vehicle,
            declaration=locked,
            make=vehicle.make,
            plate=vehicle.plate,
            plate_key=key,
            vin=vehicle.vin,
            country=vehicle.country,
            post=post,
            begun_on=on,
            leave_by=leave_by,
        )
        record(locked, verb="vehicle_came", by=by, at=at, data={"leave_by": leave_by})


def _settled(stay: VehicleStay, *, on: date) -> None:
    if on > stay.leave_by and not stay.consequences.exists():
        raise refuse("G037", "", _("The term of the vehicle has ended: first record what comes of it."))


def _end(stay: VehicleStay, *, on: date, post: str, by: User, at: datetime, verb: str) -> None:
    days_over = max((on - stay.leave_by).days, 0)
    move(STAYS, stay, VehicleStay.Status.LEFT, ended_on=on, ended_post=post, ended_by=by)
    record(stay.declaration, verb=verb, by=by, at=at, data={"post": post, "days_over": days_over})


@transaction.atomic
def leave_contact(stay: VehicleStay, *, phone: str, email: str, at: datetime) -> VehicleStay:
    """Where the traveller wants to be reminded; empty: nowhere."""
    locked = _lock_stay(stay.pk)
    locked.phone, locked.email = phone, email
    locked.save(update_fields=["phone", "email"])
    record(locked.declaration, verb="vehicle_contact", by=None, at=at)
    return locked


@transaction.atomic
def ask_extension(stay: VehicleStay, *, until: date, reason: str, at: datetime, on: date) -> StayExtension:
    """The traveller asks to stay longer. Raises Rejected: G031 no reason, G032 not longer, G033 asked already."""
    locked = _lock_stay(stay.pk)
    why = _said(reason, "reason")
    _longer(locked, until, on=on)
    if locked.extensions.filter(outcome=StayExtension.Outcome.OPEN).exists():
        raise refuse("G033", "", _("A request for this vehicle waits for a decision already."))
    made: StayExtension = StayExtension.objects.create(stay=locked, asked_until=until, reason=why, asked_at=at)
    record(locked.declaration, verb="extension_asked", by=None, at=at, note=why, data={"until": until})
    return made


def _longer(stay: VehicleStay, until: date, *, on: date) -> None:
    if until <= stay.leave_by or until < on:
        raise refuse("G032", "until", _("Choose a day after the day by which it has to leave."))
    if (until - stay.begun_on).days > LONGEST_DAYS:
        raise refuse("G032", "until", _("No vehicle stays that long: choose an earlier day."))


def _lock_extension(pk: int) -> tuple[StayExtension, VehicleStay]:
    found: StayExtension = StayExtension.objects.get(pk=pk)
    stay = _lock_stay(found.stay_id)
    locked: StayExtension = StayExtension.objects.select_for_update().get(pk=pk)
    if locked.outcome != StayExtension.Outcome.OPEN:
        raise refuse("G034", "", _("This request was decided already."))
    return locked, stay


@transaction.atomic
def grant_extension(
    extension: StayExtension, *, until: date, reason: str, by: User, at: datetime, on: date
) -> StayExtension:
    """The vehicle may stay until a day that the officer says: later than before, never earlier."""
    locked, stay = _lock_extension(extension.pk)
    why = _said(reason, "reason")
    _longer(stay, until, on=on)
    filling = {"until": until, "decision": why, "decided_by": by, "decided_at": at}
    move(EXTENSIONS, locked, StayExtension.Outcome.GRANTED, **filling)
    stay.leave_by = until
    stay.save(update_fields=["leave_by"])
    record(stay.declaration, verb="extension_granted", by=by, at=at, note=why, data={"until": until})
    announce("travel.extension_decided", locked.pk)
    return locked


@transaction.atomic
def refuse_extension(extension: StayExtension, *, reason: str, by: User, at: datetime) -> StayExtension:
    """The day by which it has to leave stays as it is."""
    locked, stay = _lock_extension(extension.pk)
    why = _said(reason, "reason")
    move(EXTENSIONS, locked, StayExtension.Outcome.REFUSED, decision=why, decided_by=by, decided_at=at)
    record(stay.declaration, verb="extension_refused", by=by, at=at, note=why)
    announce("travel.extension_decided", locked.pk)
    return locked


@transaction.atomic
def record_consequence(
    stay: VehicleStay, *, kind: str, number: str, reason: str, by: User, at: datetime, on: date
) -> StayConsequence:
    """What comes of a stay that is too long. Raises Rejected G035 where the term has not ended."""
    locked = _lock_stay(stay.pk)
    why, days = _said(reason, "reason"), (on - locked.leave_by).days
    if days <= 0:
        raise refuse("G035", "", _("The term of this vehicle has not ended."))
    if kind == StayConsequence.Kind.PROTOCOL and not number.strip():
        raise refuse("G036", "number", _("Write the number of the protocol."))
    made: StayConsequence = StayConsequence.objects.create(
        stay=locked, kind=kind, number=number.strip()[:40], text=why, days_over=days, by=by, at=at
    )
    record(locked.declaration, verb="vehicle_overdue", by=by, at=at, note=why, data={"kind": kind, "days": days})
    return made


@transaction.atomic
def let_out(stay: VehicleStay, *, post: str, by: User, at: datetime, on: date) -> VehicleStay:
    """It leaves here and now. Raises Rejected G037: too late, and nobody has said what comes of it."""
    locked = _lock_stay(stay.pk)
    _settled(locked, on=on)
    _end(locked, on=on, post=post, by=by, at=at, verb="vehicle_out")
    return locked


@transaction.atomic
def link_declared(stay: VehicleStay, *, key: uuid.UUID, by: User, at: datetime) -> VehicleStay:
    """An ordinary declaration was begun for the vehicle. A draft that was thrown away may be followed by another."""
    locked = _lock_stay(stay.pk)
    locked.declared_as = key
    locked.save(update_fields=["declared_as"])
    record(locked.declaration, verb="vehicle_declaring", by=by, at=at, data={"declaration": key})
    return locked


@transaction.atomic
def mark_converted(key: uuid.UUID, *, at: datetime, on: date) -> VehicleStay | None:
    """The ordinary declaration of this key is released: if it is that of a stay, the stay ends. Safe to repeat."""
    found: VehicleStay | None = VehicleStay.objects.filter(declared_as=key, status=VehicleStay.Status.HERE).first()
    if found is None:
        return None
    locked = _lock_stay(found.pk)
    move(STAYS, locked, VehicleStay.Status.CONVERTED, ended_on=on)
    record(locked.declaration, verb="vehicle_converted", by=None, at=at, data={"declaration": key})
    return locked


def remind(*, at: datetime) -> int:
    """Announce stays that end soon and left an address, each once for a day by which it has to leave; how many."""
    on = timezone.localdate(at)
    term = law_of.term(TravelTerm.Kind.REMINDER, on=on)
    if term is None:
        return 0
    rows = VehicleStay.objects.filter(
        status=VehicleStay.Status.HERE, leave_by__gte=on, leave_by__lte=on + timedelta(days=term.days)
    ).exclude(phone="", email="")
    return sum(_remind(stay.pk) for stay in rows.order_by("pk")[:AT_ONCE] if stay.reminded_for != stay.leave_by)


@transaction.atomic
def _remind(pk: int) -> int:
    stay: VehicleStay = VehicleStay.objects.select_for_update().get(pk=pk)
    if stay.reminded_for == stay.leave_by:
        return 0
    stay.reminded_for = stay.leave_by
    stay.save(update_fields=["reminded_for"])
    announce("travel.vehicle_due", stay.pk)
    return 1
