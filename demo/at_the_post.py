"""The officer's phone of the demonstration: a flight, a train, a lane of cars, one red, goods kept, one for cargo."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from accounts.models import Role, User
from border import services
from demo.accounts import AIRPORT, GATE, TERMINAL
from demo.people import officer_with
from demo.travellers import Journey, live
from passengers.models import TravelDeclaration
from risk.models import About
from risk.services import Draft, make_criterion
from tariffs.selectors import territory

FLIGHT = {"way": "air", "post": AIRPORT, "carriage": "SU 1960"}
TRAIN = {"way": "rail", "post": TERMINAL, "carriage": "319"}
WEEK = timedelta(days=8)
CARS = {"way": "road", "post": GATE, "carriage": "01 123 AB 01"}


def stand(*, on: date, at: datetime) -> None:
    """Each stands where the officers' verbs have brought it."""
    dollar = territory().trade_currencies[0]
    shirts = {"topic": "goods", "category": "CLOTHES", "description": "Shirts", "mass": "180", "price": "4200",
              "currency": dollar, "commodity": "62", "key": "s1"}  # fmt: skip
    drone = {"topic": "radio", "category": "DRONE", "description": "Drone", "mass": "1.2", "price": "900",
             "currency": dollar, "unit": "NAR", "quantity": "1", "commodity": "8806", "key": "d1"}  # fmt: skip
    journeys = [
        Journey((("Шарипов", "Баҳром", "1988-03-14", "401000101"),), "sent", trip=FLIGHT),
        Journey((("Petrova", "Anna", "1990-09-02", "751000202"),), "sent", trip=FLIGHT, goods=(drone,)),
        Journey((("Ҳакимова", "Зебо", "1975-01-30", "401000303"), ("Ҳакимов", "Рустам", "2014-06-11", "")), "sent",
                trip=TRAIN),
        Journey((("Олимов", "Карим", "1969-11-23", "401000404"),), "sent", trip=TRAIN, goods=(shirts,)),
        Journey((("Юсупов", "Тоҳир", "1992-07-07", "401000505"),), "sent", trip=CARS,
                car={"kind": "car", "make": "Opel Astra", "plate": "01 123 AB 01", "country": territory().code,
                     "purpose": "return"}),
        Journey((("Азимов", "Илҳом", "1984-12-12", "401000606"),), "sent", trip=CARS, goods=(shirts,)),
    ]  # fmt: skip
    made = [live(each, number=100 + number, on=on, at=at - timedelta(hours=2)) for number, each in enumerate(journeys)]
    for each in made:
        services.choose_lane(each.pk, at=at - timedelta(hours=2))
    _at_the_airport(made[1], on=on, at=at)
    _at_the_gate(made[5], on=on, at=at)
    _at_the_station(made[3], on=on, at=at)
    _for_a_week(journeys[5], on=on - WEEK, at=at - WEEK)
    _a_criterion_to_try(on=on, at=at)


def _officer(post: str) -> User:
    return officer_with(Role.EXAMINING, post)


def _at_the_airport(drone: TravelDeclaration, *, on: date, at: datetime) -> None:
    """The drone waits in the red lane."""
    services.present(drone, post=AIRPORT, by=_officer(AIRPORT), at=at - timedelta(minutes=9), on=on)


def _for_a_week(journey: Journey, *, on: date, at: datetime) -> None:
    """Shirts of somebody who comes back for them: storage is to be paid by now."""
    olim = replace(journey, people=(("Сафаров", "Олим", "1979-05-05", "401000707"),))
    _at_the_gate(live(olim, number=110, on=on, at=at - timedelta(hours=2)), on=on, at=at)


def _a_criterion_to_try(*, on: date, at: datetime) -> None:
    """A criterion on travellers that an analyst has made: it is replayed before it goes live."""
    conditions = [{"field": "traveller.payable", "op": ">=", "value": "1000"}]
    draft = Draft(
        code="TRAVEL-DEAR", about=About.TRAVELLERS, name="A thousand somoni or more is due",
        name_ru="К уплате тысяча сомони и более", name_tg="Ҳазор сомонӣ ва зиёда пардохт мешавад", lane="red",
        conditions=conditions, instruction="Compare prices with the invoices.",
        instruction_ru="Сверьте цены с чеками.", instruction_tg="Нархҳоро бо чекҳо муқоиса кунед.", valid_from=on,
    )  # fmt: skip
    make_criterion(draft, on=on, at=at, by=officer_with(Role.ANALYST))


def _at_the_gate(shirts: TravelDeclaration, *, on: date, at: datetime) -> None:
    """Shirts that nobody paid for lie at the gate."""
    gate = _officer(GATE)
    services.present(shirts, post=GATE, by=gate, at=at - timedelta(minutes=40), on=on)
    services.set_aside(
        shirts, kind="kept", keys=["s1"], what="", pieces=6, place="Store 2, shelf 4", reason="Not paid yet.",
        seen=None, by=gate, at=at - timedelta(minutes=30), on=on,
    )  # fmt: skip


def _at_the_station(shirts: TravelDeclaration, *, on: date, at: datetime) -> None:
    """Shirts for a market go to the cargo side."""
    officer = _officer(TERMINAL)
    services.present(shirts, post=TERMINAL, by=officer, at=at - timedelta(minutes=25), on=on)
    services.hand_over(
        shirts, office="", keys=["s1"], reason="180 kg of shirts are no presents.", seen=None, by=officer,
        at=at - timedelta(minutes=20), on=on,
    )  # fmt: skip
