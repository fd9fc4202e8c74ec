"""The content of a traveller's declaration: the working copy (JSON, as typed) and what it says, typed and judged.

The working copy is always readable: what is missing or wrong is empty here, and `faults` says so before it is sent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from lib.figures import ZERO
from lib.pointers import pointer_to
from lib.violations import Violation
from tariffs.models import Direction, Way

MOST_PEOPLE, MOST_ROWS = 60, 200
WITH_ME, UNACCOMPANIED, CARRIER = "with_me", "unaccompanied", "carrier"
PAY, LEAVE, CARGO = "pay", "leave", "cargo"
MONEY, VEHICLE = "money", "vehicle"


@dataclass(frozen=True, slots=True)
class Trip:
    direction: str = ""
    way: str = ""
    post: str = ""
    carriage: str = ""
    day: date | None = None
    country: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Somebody:
    """A traveller, names exactly as written."""

    family: str = ""
    given: str = ""
    patronymic: str = ""
    birth: date | None = None
    citizenship: str = ""
    document_kind: str = ""
    document: str = ""
    document_country: str = ""
    residence: str = ""
    relation: str = ""

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.family, self.given, self.patronymic) if part)

    def age(self, on: date) -> int:
        """Whole years on a day; one who is not born yet, or of no known birth, is 0."""
        if self.birth is None:
            return 0
        before = (on.month, on.day) < (self.birth.month, self.birth.day)
        return max(on.year - self.birth.year - before, 0)


@dataclass(frozen=True, slots=True)
class Money:
    person: int = 1
    kind: str = "cash"
    currency: str = ""
    amount: Decimal | None = None
    issuer: str = ""
    number: str = ""
    origin: str = ""
    owner: str = ""
    purpose: str = ""
    recipient: str = ""
    instrument: str = ""
    weight: Decimal | None = None
    via: str = ""
    apart: str = WITH_ME


@dataclass(frozen=True, slots=True)
class Thing:
    """Goods of one kind. `price` None with `price_unknown`: an officer values it."""

    key: str = ""
    person: int = 0
    category: str = ""
    commodity: str = ""
    description: str = ""
    marks: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    strength: Decimal | None = None
    mass: Decimal | None = None
    price: Decimal | None = None
    price_unknown: bool = False
    currency: str = ""
    bought_in: str = ""
    used: bool = False
    whole: bool = False
    apart: str = WITH_ME
    pieces: str = ""
    expected: date | None = None
    choice: str = PAY


@dataclass(frozen=True, slots=True)
class Car:
    kind: str = ""
    make: str = ""
    vin: str = ""
    plate: str = ""
    country: str = ""
    first_registration: date | None = None
    engine: Decimal | None = None
    value: Decimal | None = None
    currency: str = ""
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    trip: Trip = field(default_factory=Trip)
    people: tuple[Somebody, ...] = ()
    carries: tuple[str, ...] = ()
    money: tuple[Money, ...] = ()
    things: tuple[Thing, ...] = ()
    car: Car | None = None


# Reading ------------------------------------------------------------------------------------------------------


def read(draft: Mapping[str, Any]) -> Content:
    """The working copy, typed. Rows of questions that are no longer ticked are left out, not lost."""
    carries = tuple(str(topic) for topic in draft.get("carries", ()))
    car = draft.get("vehicle")
    return Content(
        trip=Trip(**_typed(Trip, draft.get("trip", {}))),
        people=tuple(Somebody(**_typed(Somebody, row)) for row in draft.get("people", ())),
        carries=carries,
        money=tuple(Money(**_typed(Money, row)) for row in draft.get("money", ())) if MONEY in carries else (),
        things=tuple(Thing(**_typed(Thing, row)) for row in draft.get("goods", ()) if row.get("topic") in carries),
        car=Car(**_typed(Car, car)) if car and VEHICLE in carries else None,
    )


def _typed(kind: Any, row: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a row that `kind` has, each as its type; an empty one stands for what goes without saying."""
    names = kind.__dataclass_fields__
    return {name: _value(names[name].type, row[name]) for name in names if row.get(name, "") != ""}


def _value(kind: Any, value: Any) -> Any:
    if kind is int:
        return int(value) if str(value).isdecimal() else 0
    if kind is bool:
        return value is True
    if kind is str:
        return "" if value is None else str(value)
    return _day(value) if kind == (date | None) else _number(value)


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None


def _number(value: Any) -> Decimal | None:
    try:
        found = Decimal(str(value)) if value not in ("", None) else None
    except InvalidOperation:
        return None
    return found if found is None or found.is_finite() else None


# Judging ------------------------------------------------------------------------------------------------------


def faults(content: Content, *, on: date) -> list[Violation]:
    """What has to be mended before it can be sent."""
    return [
        *_trip(content.trip, on=on),
        *_people(content.people, on=on),
        *(fault for place, row in enumerate(content.money) for fault in _money(place, row, content)),
        *(fault for place, row in enumerate(content.things) for fault in _thing(place, row, content)),
        *_car(content),
    ]


def _need(pointer: str, sentence: str) -> Violation:
    return Violation("G001", pointer, sentence)


def _trip(trip: Trip, *, on: date) -> list[Violation]:
    found = []
    if trip.direction not in (Direction.ENTRY, Direction.EXIT):
        found.append(_need("trip.direction", _("Say whether you enter or leave.")))
    if trip.way not in Way.values:
        found.append(_need("trip.way", _("Say how you travel.")))
    if not trip.post:
        found.append(_need("trip.post", _("Choose the post where you cross the border.")))
    if trip.day is None:
        found.append(_need("trip.day", _("Say on which day you travel.")))
    elif (trip.day - on).days < -1:
        found.append(Violation("G002", "trip.day", _("This day has passed.")))
    return found


def _people(people: Sequence[Somebody], *, on: date) -> list[Violation]:
    if not people:
        return [_need("people", _("Say who travels."))]
    found = []
    for place, person in enumerate(people):

        def at(name: str, place: int = place) -> str:
            return pointer_to("people", place, name)

        if not person.name:
            found.append(_need(at("given"), _("Write the name as it stands in the passport; one part is enough.")))
        if person.birth is None:
            found.append(_need(at("birth"), _("Write the date of birth.")))
        elif person.birth > on or person.age(on) > 130:
            found.append(Violation("G002", at("birth"), _("This cannot be a date of birth.")))
        if place == 0 and not person.document:
            found.append(_need(at("document"), _("Write the number of the passport or identity card.")))
    if all(person.age(on) < 1 for person in people):
        found.append(Violation("G003", "people", _("A child of this age does not travel alone: add who comes along.")))
    return found


def _money(place: int, row: Money, content: Content) -> list[Violation]:
    found = []
    if not row.currency:
        found.append(_need(pointer_to("money", place, "currency"), _("Choose the currency.")))
    if row.amount is None or row.amount <= 0:
        found.append(_need(pointer_to("money", place, "amount"), _("Write how much it is.")))
    return found


def _thing(place: int, row: Thing, content: Content) -> list[Violation]:
    found = []
    if not row.category:
        found.append(_need(pointer_to("goods", place, "category"), _("Choose what it is.")))
    if row.price is None and not row.price_unknown:
        found.append(_need(pointer_to("goods", place, "price"), _("Write the price, or tick that you do not know it.")))
    if row.price is not None and row.price > ZERO and not row.currency:
        found.append(_need(pointer_to("goods", place, "currency"), _("Choose the currency of the price.")))
    if row.unit and not row.quantity:
        found.append(_need(pointer_to("goods", place, "quantity"), _("Write how much of it you carry.")))
    return found


def _car(content: Content) -> list[Violation]:
    if VEHICLE not in content.carries:
        return []
    found = []
    if content.car is None or not content.car.plate:
        found.append(_need("vehicle.plate", _("Write the plate of the vehicle.")))
    if content.car is None or not content.car.purpose:
        found.append(_need("vehicle.purpose", _("Say what the vehicle comes for.")))
    return found
