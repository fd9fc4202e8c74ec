"""Travellers of the demonstration: some who wait at a post, one who paid, a family, cash, a car, one who goes on."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from accounts.models import Role
from demo.people import officer_with
from passengers import services
from passengers.models import TravelDeclaration
from payments import services as payments
from tariffs.selectors import national_currency, territory

AIRPORT, ROAD = "TJ01", "TJ04"


@dataclass(frozen=True)
class Journey:
    """Who travels with what, and how far the declaration has come: "draft", "sent", "paid", "presented", "released"."""

    people: tuple[tuple[str, str, str, str], ...]
    stands: str
    trip: Mapping[str, str] = field(default_factory=dict)
    money: tuple[tuple[str, str], ...] = ()
    goods: tuple[Mapping[str, Any], ...] = ()
    car: Mapping[str, str] = field(default_factory=dict)


def _good(topic: str, category: str, description: str, mass: str, price: str, **more: Any) -> dict[str, Any]:
    return {"topic": topic, "category": category, "description": description, "mass": mass, "price": price, **more}


def journeys() -> list[Journey]:
    """Seven everyday ones."""
    home, dollar = territory().code, territory().trade_currencies[0]
    presents = {"currency": dollar, "commodity": "62", "key": "a1"}
    return [
        Journey((("Раҳмонов", "Фирӯз", "1990-05-01", "400123456"),), "paid",
                goods=(_good("goods", "CLOTHES", "Туҳфаҳо", "38", "1450", **presents),)),
        Journey((("Саидова", "Мадина", "1986-02-11", "400222333"), ("Саидов", "Далер", "2017-08-03", "")), "sent",
                goods=(_good("goods", "CLOTHES", "Либос", "61", "1900", **presents),)),
        Journey((("Müller", "Zoë", "1979-12-24", "C01X0006H"),), "presented", money=((dollar, "4200"),)),
        Journey((("王", "小明", "1994-03-09", "E12345678"),), "presented",
                goods=(_good("radio", "DRONE", "Drone", "1.2", "900", currency=dollar, unit="NAR", quantity="1",
                             commodity="8806", key="d1"),)),
        Journey((("Иванов", "Сергей", "1981-07-17", "751234567"),), "released",
                trip={"way": "road", "post": ROAD, "carriage": "А123ВС 77"},
                car={"kind": "car", "make": "Lada Vesta", "plate": "А123ВС 77", "country": "RU",
                     "purpose": "temporary"}),
        Journey((("Қодирова", "Ҳилола", "1999-10-30", "400999888"),), "sent"),
        Journey((("Назаров", "Умед", "2001-01-19", "400777111"),), "draft", trip={"country": home},
                goods=(_good("phones", "PHONE", "Телефонҳо", "1", "1200", currency=dollar, unit="NAR", quantity="3",
                             commodity="8517130000", key="p1"),)),
    ]  # fmt: skip


def exist() -> bool:
    return bool(TravelDeclaration.objects.exists())


def make_declarations(*, on: date, at: datetime) -> None:
    """Each by the verbs that travellers and officers use."""
    for number, journey in enumerate(journeys(), start=1):
        live(journey, number=number, on=on, at=at - timedelta(minutes=20 * number))


def live(journey: Journey, *, number: int, on: date, at: datetime) -> TravelDeclaration:
    """The declaration of a journey, as far as it has come."""
    trip = {"direction": "entry", "way": "air", "post": AIRPORT, "day": on.isoformat(), "carriage": "TK 254"}
    made = services.begin(trip=trip | dict(journey.trip), language="tg", at=at)
    for part, value in _parts(journey).items():
        made = services.save_part(made, part=part, value=value, at=at)
    if journey.stands == "draft":
        return made
    made = services.submit(made, key=uuid.uuid4().hex, at=at, on=on)
    if journey.stands == "paid":
        attempt = payments.record_travel_attempt(made, at=at, idempotency_key=f"demo-travel-{number}")
        payments.confirm_travel(
            attempt,
            transaction_id=f"DEMO-T{number}",
            amount=attempt.amount,
            currency=national_currency().code,
            at=at,
        )
    if journey.stands in ("presented", "released"):
        officer = officer_with(Role.EXAMINING)
        made = services.present(made, post=made.post, by=officer, at=at, on=on)
        if journey.stands == "released":
            made = services.release(made, by=officer, at=at)
    return made


def _parts(journey: Journey) -> dict[str, Any]:
    names = ("family", "given", "birth", "document")
    topics = [str(row["topic"]) for row in journey.goods]
    carries = [*topics, *(["money"] if journey.money else []), *(["vehicle"] if journey.car else [])]
    return {
        "people": [dict(zip(names, person, strict=True)) for person in journey.people],
        "carries": carries,
        "goods": list(journey.goods),
        "money": [
            {"person": "1", "kind": "cash", "currency": currency, "amount": amount}
            for currency, amount in journey.money
        ],
        "vehicle": dict(journey.car),
    }
