"""Steps that tests of travellers share: working copies, sent, paid, presented; by services and through the door."""

import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.test import Client
from django.urls import reverse

from passengers import services
from passengers.models import TravelDeclaration
from payments import services as payments
from payments.models import Entry, TravelAttempt
from tests import make

D = Decimal
LATER = make.AT + timedelta(hours=2)
POST = "TJ01"
TRIP = {"direction": "entry", "way": "air", "post": POST, "day": make.ON.isoformat(), "carriage": "TK 254"}
ANN = {
    "family": "Раҳмонов", "given": "Фирӯз", "birth": "1990-05-01", "document": "400123456", "citizenship": "TJ",
    "residence": "TJ",
}  # fmt: skip


def clothes(price: str = "1500", **more: Any) -> dict[str, Any]:
    """Clothes of 30 kg: above 1,000 USD thirty per cent are due."""
    row = {"key": "a1", "topic": "goods", "category": "CLOTHES", "commodity": "62", "description": "Presents",
           "mass": "30", "price": price, "currency": "USD", "unit": ""}  # fmt: skip
    return row | more


def draft(**parts: Any) -> TravelDeclaration:
    """A working copy of one traveller by air; `parts` are put in their place."""
    made = services.begin(trip=TRIP | parts.pop("trip", {}), language="en", at=make.AT)
    for part, value in ({"people": [ANN], "carries": []} | parts).items():
        made = services.save_part(made, part=part, value=value, at=make.AT)
    return made


def with_clothes(price: str = "1500") -> TravelDeclaration:
    return draft(carries=["goods"], goods=[clothes(price)])


def sent(made: TravelDeclaration, *, key: str = "", at: Any = make.AT, on: Any = make.ON) -> TravelDeclaration:
    return services.submit(made, key=key or uuid.uuid4().hex, at=at, on=on)


def changed(made: TravelDeclaration, price: str, **when: Any) -> TravelDeclaration:
    """The same with another price, sent again."""
    return sent(services.save_part(made, part="goods", value=[clothes(price)], at=LATER), **when)


def begin_payment(made: TravelDeclaration, *, key: str = "") -> TravelAttempt:
    return payments.start_travel_payment(made, at=make.AT, idempotency_key=key or uuid.uuid4().hex)


def arrives(attempt: TravelAttempt, amount: Any = None, *, transaction: str = "TX1") -> Entry:
    return payments.confirm_travel(
        attempt, transaction_id=transaction, amount=D(amount or attempt.amount), currency="TJS", at=LATER
    )


def paid(made: TravelDeclaration, *, transaction: str = "TX1") -> TravelDeclaration:
    arrives(begin_payment(made), transaction=transaction)
    made.refresh_from_db()
    return made


def begun(client: Client, **more: str) -> str:
    """Begin through the door; the key of the declaration."""
    answer = client.post(reverse("travel_begin"), {"direction": "entry", "way": "air", **more})
    assert answer.status_code == 302
    return str(answer["Location"]).split("/")[2]


def page(key: str, step: str) -> str:
    return reverse("travel_question", args=[key, step])


def told_trip(client: Client, key: str, **more: str) -> Any:
    values = {"direction": "entry", "way": "air", "post": POST, "day": "2026-11-23", "carriage": "TK 254", **more}
    return client.post(page(key, "trip"), {f"trip-{name}": value for name, value in values.items()})


def told_people(client: Client, key: str, *people: dict[str, str], **buttons: str) -> Any:
    rows = people or ({"family": "Раҳмонов", "given": "Фирӯз", "birth": "01.05.1990", "document": "400123456"},)
    return client.post(page(key, "people"), as_rows("people", *rows) | buttons)


def as_rows(step: str, *rows: dict[str, Any]) -> dict[str, Any]:
    """Rows as a browser sends them."""
    data: dict[str, Any] = {f"{step}-count": str(len(rows))}
    for place, row in enumerate(rows):
        data |= {f"{step}-{place}-{name}": value for name, value in row.items()}
    return data
