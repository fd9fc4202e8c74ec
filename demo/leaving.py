"""Travellers of the last weeks: vehicles in time and overdue, cash for the financial monitor, a claim, figures."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from accounts.models import Role
from demo.accounts import GATE
from demo.people import officer_with
from passengers import services
from passengers.models import CashExport, TravelDeclaration, VehicleStay
from passengers.selectors import stays_of
from passengers.services import chart, claims, exports, figures, stays
from payments import services as payments
from tariffs.selectors import national_currency, territory

AIRPORT = "TJ01"
COUNTED_DAYS = 50


@dataclass(frozen=True)
class Crossing:
    """Who crossed `days` ago with what."""

    days: int
    person: tuple[str, str, str, str]
    direction: str = "entry"
    money: tuple[Mapping[str, str], ...] = ()
    goods: tuple[Mapping[str, Any], ...] = ()
    car: Mapping[str, str] = field(default_factory=dict)


KARIM = ("Каримов", "Далер", "1984-09-02", "400331122")
CHEN = ("陈", "伟", "1988-01-15", "E77120045")
NINA = ("Соколова", "Нина", "1977-03-30", "752001188")


def _cash(amount: str, currency: str, **more: str) -> dict[str, str]:
    return {"person": "1", "kind": "cash", "currency": currency, "amount": amount, "origin": "business",
            "purpose": "property", **more}  # fmt: skip


def _car(make: str, plate: str, country: str, vin: str, value: str) -> dict[str, str]:
    dollar = territory().trade_currencies[0]
    return {"kind": "car", "make": make, "plate": plate, "country": country, "vin": vin, "purpose": "temporary",
            "value": value, "currency": dollar, "engine": "1596"}  # fmt: skip


def crossings() -> list[Crossing]:
    """Cash in and out of the same persons, cars of two terms, a camera that leaves again."""
    dollar = territory().trade_currencies[0]
    camera = {"key": "c1", "topic": "goods", "category": "CAMERA", "commodity": "8525", "description": "Камера Sony",
              "mass": "3", "price": "2400", "currency": dollar, "unit": "NAR", "quantity": "1",
              "marks": "SN 4410077"}  # fmt: skip
    return [
        Crossing(42, KARIM, money=(_cash("18000", dollar, owner="ООО «Помир Импорт»"),)),
        Crossing(35, KARIM, "exit", money=(_cash("9500", dollar),)),
        Crossing(21, KARIM, money=(_cash("22000", "EUR"), _cash("4000", dollar, kind="bearer", instrument="cheque"))),
        Crossing(12, CHEN, money=(_cash("64000", "CNY", recipient="Silk Road Auto LLC", via="KG"),)),
        Crossing(4, CHEN, "exit", money=(_cash("5000", dollar),)),
        Crossing(40, NINA, car=_car("Lada Granta", "К777ОР 55", "RU", "XTA219010K0777", "6200")),
        Crossing(9, ("Жумабаев", "Ерлан", "1991-06-11", "N0912233"), car=_car(
            "Toyota Corolla", "177ABC 02", "KZ", "JTDBR32E530177", "8900")),
        Crossing(6, ("Соколов", "Игорь", "1975-12-01", "752001189"), car=_car(
            "Kia Rio", "М210КХ 77", "RU", "Z94CB41BBR0210", "7400")),
        Crossing(8, ("Weber", "Jonas", "1993-02-17", "C4F8821K"), goods=(camera,)),
    ]  # fmt: skip


def exist() -> bool:
    return bool(VehicleStay.objects.exists() and CashExport.objects.exists())


def make_leaving(*, on: date, at: datetime) -> None:
    """Each crossing by the verbs of travellers and officers; then what waits on the desks, and the figures."""
    made = [
        _cross(each, number=number, on=on - timedelta(days=each.days), at=at - timedelta(days=each.days))
        for number, each in enumerate(crossings(), start=1)
    ]
    for back in range(1, COUNTED_DAYS):
        _everyday(back, on=on - timedelta(days=back), at=at - timedelta(days=back))
    _waiting(made, on=on, at=at)
    figures.count_days(at=at, days=COUNTED_DAYS)
    chart.draw_charts(on=on, at=at)


def _cross(crossing: Crossing, *, number: int, on: date, at: datetime) -> TravelDeclaration:
    road = bool(crossing.car)
    post = GATE if road else AIRPORT
    trip = {"direction": crossing.direction, "way": "road" if road else "air", "post": post, "day": on.isoformat(),
            "carriage": "" if road else "FZ 4432", "country": "AE"}  # fmt: skip
    draft = services.begin(trip=trip, language="ru", at=at)
    topics = {str(row["topic"]) for row in crossing.goods}
    carries = [*topics, *(["money"] if crossing.money else []), *(["vehicle"] if crossing.car else [])]
    names = ("family", "given", "birth", "document")
    for part, value in {
        "people": [dict(zip(names, crossing.person, strict=True))],
        "carries": carries,
        "goods": [dict(row) for row in crossing.goods],
        "money": [dict(row) for row in crossing.money],
        "vehicle": dict(crossing.car),
    }.items():
        draft = services.save_part(draft, part=part, value=value, at=at)  # type: ignore[arg-type]
    sent = services.submit(draft, key=uuid.uuid4().hex, at=at, on=on)
    if sent.payable:
        attempt = payments.record_travel_attempt(sent, at=at, idempotency_key=f"demo-leaving-{number}")
        currency = national_currency().code
        payments.confirm_travel(
            attempt, transaction_id=f"DEMO-L{number}", amount=attempt.amount, currency=currency, at=at
        )
    return _let_through(sent, post=post, on=on, at=at, minutes=3 + number)


def _let_through(sent: TravelDeclaration, *, post: str, on: date, at: datetime, minutes: int) -> TravelDeclaration:
    officer = officer_with(Role.EXAMINING)
    here = services.present(sent, post=post, by=officer, at=at, on=on)
    return services.release(here, by=officer, at=at + timedelta(minutes=minutes))


def _everyday(back: int, *, on: date, at: datetime) -> None:
    """Somebody with nothing to declare: figures are told of five and more."""
    way, post, carriage = (("air", AIRPORT, "TK 254"), ("road", GATE, ""), ("air", AIRPORT, "SU 1234"))[back % 3]
    trip = {"direction": "entry", "way": way, "post": post, "day": on.isoformat(), "carriage": carriage}
    draft = services.begin(trip=trip, language="tg", at=at)
    person = {"family": "Сайфуллоев", "given": "Беҳрӯз", "birth": "1992-04-0" + str(back % 9 + 1),
              "document": f"4004{back:05d}"}  # fmt: skip
    for part, value in (("people", [person]), ("carries", [])):
        draft = services.save_part(draft, part=part, value=value, at=at)
    sent = services.submit(draft, key=uuid.uuid4().hex, at=at, on=on)
    _let_through(sent, post=post, on=on, at=at, minutes=1 + back % 7)


def _waiting(made: list[TravelDeclaration], *, on: date, at: datetime) -> None:
    """A request for more time, an address for the reminder, a claim, a file for the monitor."""
    cars = [stay for each in made for stay in stays_of(each)]
    until = cars[-1].leave_by + timedelta(days=30)
    stays.ask_extension(cars[-1], until=until, reason="Ремонт двигателя в Душанбе", at=at, on=on)
    stays.leave_contact(cars[1], phone="+992900000077", email="erlan@demo.example", at=at)
    claims.claim(made[-1], goods=[1], at=at, on=on)
    monitor = officer_with(Role.MONITOR)
    asked = exports.ask_export(since=on - timedelta(days=60), until=on, format="json", by=monitor, at=at)
    exports.make_export(asked.pk, at=at)
