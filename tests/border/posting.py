"""Steps that tests of the post share: travellers who were sent, who stand there, and the officers who see them."""

from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from border import services
from passengers.models import TravelDeclaration
from risk.models import Criterion
from risk.services import switch_off
from tests import make
from tests.passengers import travelling as way
from tests.risk import make as risk

POST, OTHER = way.POST, "TJ04"
WHEN: dict[str, Any] = {"at": way.LATER, "on": make.ON}


def at_post(office: str | None = POST, role: Role = Role.EXAMINING) -> User:
    return make.officer(role, office)


def second() -> User:
    return make.officer(Role.EXAMINING, POST, email="second@customs.example")


def quiet() -> None:
    """No criterion on travellers is on: the lane is green unless a test says otherwise."""
    for version in Criterion.objects.filter(switched_on=True, about="travellers"):
        switch_off(version, reason="quiet", at=make.AT, by=None)


def all_red() -> Criterion:
    conditions = [{"field": "traveller.people", "op": "<", "value": "100000"}]
    return risk.criterion(code="ALL-TRAVELLERS", name="All", about="travellers", lane="red", conditions=conditions)


def present(made: TravelDeclaration, *, by: User | None = None) -> TravelDeclaration:
    return services.present(made, post=POST, by=by or at_post(), **WHEN)


def standing(price: str = "1500") -> TravelDeclaration:
    """With clothes for so much, sent, not paid, at the post."""
    return present(way.sent(way.with_clothes(price)))


def go(made: TravelDeclaration, *, seen: int | None = None, by: User | None = None) -> TravelDeclaration:
    return services.let_go(made, seen=seen, by=by or at_post(), **WHEN)


def look(made: TravelDeclaration) -> TravelDeclaration:
    return services.examine(made, seen=None, note="", by=at_post(), **WHEN)


def dearer(made: TravelDeclaration, price: str, *, seen: int | None = None, by: User | None = None) -> Any:
    """The officer corrects the price."""
    goods = [row | {"price": price} for row in made.draft["goods"]]
    draft = made.draft | {"goods": goods}
    return services.correct(made, seen=seen, draft=draft, reason="The invoice.", by=by or at_post(), **WHEN)


def put_aside(made: TravelDeclaration, *, kind: str = "kept", keys: tuple[str, ...] = ("a1",), **more: Any) -> Any:
    given = {"what": "", "pieces": 1, "place": "Shelf 4", "reason": "Not paid.", "seen": None, "by": at_post()}
    return services.set_aside(made, kind=kind, keys=keys, **(given | more), **WHEN)


def act(client: Client, made: TravelDeclaration, verb: str, **fields: Any) -> Any:
    """As the phone's outbox sends it."""
    address = reverse("traveller_act", args=[made.public_id, verb])
    sent = {"key": "k1", "version": str(made.version), **fields}
    return client.post(address, sent, headers={"Accept": "application/json"})
