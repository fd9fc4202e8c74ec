"""Vehicles on temporary import: begun at the border, extended by a decision, ended by the exit, never forgotten."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import FollowUp
from lib.violations import Rejected
from passengers import selectors, services
from passengers.models import StayConsequence, StayExtension, TravelDeclaration, VehicleStay
from passengers.services import stays
from tests import make
from tests.passengers import travelling as way

pytestmark = pytest.mark.django_db
CAR = {"kind": "car", "make": "Lada Vesta", "plate": "А123ВС 77", "vin": "XTA21129", "country": "RU",
       "purpose": "temporary"}  # fmt: skip
ROAD = {"way": "road", "post": "TJ04", "carriage": ""}


def with_car(**car: Any) -> TravelDeclaration:
    return way.sent(way.draft(trip=ROAD, carries=["vehicle"], vehicle=CAR | car))


def crossed(made: TravelDeclaration, *, at: Any = make.AT, on: Any = make.ON) -> TravelDeclaration:
    services.present(made, post="TJ04", by=make.officer(), at=at, on=on)
    return services.release(made, by=make.officer(), at=at)


def stay(**car: Any) -> VehicleStay:
    crossed(with_car(**car))
    found: VehicleStay = VehicleStay.objects.get()
    return found


def later(days: int) -> dict[str, Any]:
    return {"at": make.AT + timedelta(days=days), "on": make.ON + timedelta(days=days)}


def code(refused: pytest.ExceptionInfo[Rejected]) -> str:
    return refused.value.violations[0].code


def asked(found: VehicleStay, days: int = 40) -> StayExtension:
    return stays.ask_extension(found, until=make.ON + timedelta(days=days), reason="Repair", at=make.AT, on=make.ON)


@pytest.mark.parametrize(("country", "days"), [("RU", 15), ("KZ", 90)])
def test_the_term_is_a_dated_row_for_the_country_of_the_plate(country: str, days: int) -> None:
    found = stay(country=country)
    assert (found.status, found.leave_by) == (VehicleStay.Status.HERE, make.ON + timedelta(days=days))
    assert not selectors.overdue_stays(selectors.officer_posts(make.supervisor(None), on=make.ON), on=found.leave_by)
    assert selectors.overdue_stays(
        selectors.officer_posts(make.supervisor(None), on=make.ON), on=found.leave_by + timedelta(days=1)
    )


@pytest.mark.parametrize("purpose", ["transit", "for_good", "return"])
def test_what_does_not_come_for_a_time_begins_no_stay(purpose: str) -> None:
    crossed(with_car(purpose=purpose))
    assert not VehicleStay.objects.exists()


def test_an_exit_of_the_same_plate_ends_the_stay() -> None:
    found = stay()
    leaving = way.sent(way.draft(trip=ROAD | {"direction": "exit"}, carries=["vehicle"], vehicle=CAR))
    crossed(leaving)
    found.refresh_from_db()
    assert (found.status, found.ended_post) == (VehicleStay.Status.LEFT, "TJ04")


def test_whoever_comes_again_left_unseen() -> None:
    first = stay()
    crossed(with_car(), **later(5))
    first.refresh_from_db()
    assert first.status == VehicleStay.Status.LEFT
    assert VehicleStay.objects.get(status=VehicleStay.Status.HERE).leave_by == make.ON + timedelta(days=20)


def test_an_officer_grants_more_time_and_it_is_never_shorter() -> None:
    found = stay()
    extension = asked(found)
    with pytest.raises(Rejected) as again:
        asked(found)
    assert code(again) == "G033"
    for until in (found.leave_by, found.leave_by - timedelta(days=1)):
        with pytest.raises(Rejected) as refused:
            stays.grant_extension(extension, until=until, reason="No", by=make.supervisor(), at=make.AT, on=make.ON)
        assert code(refused) == "G032"
    until = make.ON + timedelta(days=30)
    stays.grant_extension(extension, until=until, reason="Repair", by=make.supervisor(), at=make.AT, on=make.ON)
    found.refresh_from_db()
    assert found.leave_by == until
    assert FollowUp.objects.filter(event="travel.extension_decided", subject=extension.pk).exists()
    with pytest.raises(Rejected) as twice:
        stays.refuse_extension(extension, reason="No", by=make.supervisor(), at=make.AT)
    assert code(twice) == "G034"
    with pytest.raises(IntegrityError), transaction.atomic():
        VehicleStay.objects.filter(pk=found.pk).update(leave_by=until - timedelta(days=1))


def test_a_refusal_leaves_the_day_as_it_is() -> None:
    found = stay()
    before = found.leave_by
    stays.refuse_extension(asked(found), reason="No ground", by=make.supervisor(), at=make.AT)
    found.refresh_from_db()
    assert found.leave_by == before


@pytest.mark.parametrize(("days", "wrong"), [(15, "G032"), (3000, "G032")])
def test_what_may_not_be_asked_for(days: int, wrong: str) -> None:
    with pytest.raises(Rejected) as refused:
        asked(stay(), days)
    assert code(refused) == wrong


def test_an_overdue_vehicle_leaves_once_its_consequence_is_recorded() -> None:
    found = stay()
    officer, day = make.officer(), later(17)
    with pytest.raises(Rejected) as early:
        stays.record_consequence(found, kind="warning", number="", reason="x", by=officer, **later(15))
    assert code(early) == "G035"
    with pytest.raises(Rejected) as refused:
        stays.let_out(found, post="TJ04", by=officer, **day)
    assert code(refused) == "G037"
    with pytest.raises(Rejected) as nameless:
        stays.record_consequence(found, kind="protocol", number=" ", reason="x", by=officer, **day)
    assert code(nameless) == "G036"
    stays.record_consequence(found, kind="protocol", number="17", reason="Late", by=officer, **day)
    stays.let_out(found, post="TJ04", by=officer, **day)
    found.refresh_from_db()
    assert found.status == VehicleStay.Status.LEFT
    assert StayConsequence.objects.get().days_over == 2
    with pytest.raises(Rejected) as ended:
        stays.let_out(found, post="TJ04", by=officer, **day)
    assert code(ended) == "G030"


def test_an_overdue_vehicle_stops_the_release_of_its_exit() -> None:
    stay()
    trip = ROAD | {"direction": "exit", "day": (make.ON + timedelta(days=20)).isoformat()}
    leaving = way.sent(way.draft(trip=trip, carries=["vehicle"], vehicle=CAR), **later(20))
    with pytest.raises(Rejected) as refused:
        crossed(leaving, **later(20))
    assert code(refused) == "G037"


@pytest.mark.parametrize(("days", "announced"), [(7, 0), (8, 1), (15, 1), (16, 0)])
def test_whoever_left_an_address_is_reminded_once(days: int, announced: int, monkeypatch: Any) -> None:
    found = stay()
    stays.leave_contact(found, phone="+992900000001", email="", at=make.AT)
    at: date = make.AT + timedelta(days=days)
    assert stays.remind(at=at) == announced  # type: ignore[arg-type]
    assert stays.remind(at=at) == 0  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["А123ВС 77", "a123bc77", "XTA21129", "xta21129", "reference", "code"])
def test_an_officer_finds_it_by_plate_vin_code_or_reference(text: str) -> None:
    found = stay()
    wanted = {"reference": found.declaration.reference, "code": found.declaration.code}.get(text, text)
    assert list(selectors.found_stays(wanted)) == [found]
    assert not selectors.found_stays("B999")
