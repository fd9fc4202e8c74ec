"""Sending, changing, presenting and ending: versions stay, one key sends once, and what has ended stays as it is."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from lib.violations import Rejected
from passengers import selectors, services
from passengers.models import Event, Status, TravelDeclaration, Traveller, Version
from passengers.services.versions import search_key
from passengers.states import MOVES, WrongStatus, transition
from tariffs.models import TravelAllowance
from tests import make
from tests.passengers import travelling as way

pytestmark = pytest.mark.django_db


def presented(made: TravelDeclaration, **when: Any) -> TravelDeclaration:
    return services.present(made, post=way.POST, by=make.officer(), at=way.LATER, on=make.ON, **when)


def released(made: TravelDeclaration) -> TravelDeclaration:
    return services.release(presented(made), by=make.officer(), at=way.LATER)


def channel(**parts: Any) -> tuple[str, list[str]]:
    version = Version.objects.get(declaration=way.sent(way.draft(**parts)))
    return version.channel, [finding["what"] for finding in version.findings]


def test_each_channel() -> None:
    assert channel() == ("green", [])
    assert channel(carries=["goods"], goods=[way.clothes("900")]) == ("green", [])
    assert channel(carries=["goods"], goods=[way.clothes()]) == ("pay", [])
    cash = {"person": 1, "kind": "cash", "currency": "USD", "amount": "12000", "origin": "wages", "purpose": "living"}
    assert channel(carries=["money"], money=[cash]) == ("red", ["declare", "explain"])
    assert channel(carries=["goods"], goods=[way.clothes("", price_unknown=True)]) == ("red", ["value"])
    drone = way.clothes("300", topic="radio", category="DRONE", unit="NAR", quantity="1")
    assert channel(carries=["radio"], goods=[drone]) == ("red", ["paper"])
    assert channel(carries=["goods"], goods=[way.clothes("9000", choice="cargo")]) == ("red", ["cargo"])


def test_questions_that_are_no_longer_ticked_count_for_nothing_and_are_not_lost() -> None:
    made = services.save_part(way.with_clothes(), part="carries", value=[], at=make.AT)
    made = way.sent(made)
    assert (made.channel, made.payable) == ("green", 0)
    assert made.draft["goods"]


def test_the_same_key_from_two_phones_sends_once() -> None:
    made = way.with_clothes()
    one, two, three = way.sent(made, key="k"), way.sent(made, key="k"), way.sent(made, key="of another phone")
    assert (one.version, two.version, three.version) == (1, 1, 1)
    assert Version.objects.count() == 1


def test_a_change_makes_a_version_and_both_stay() -> None:
    made = way.changed(way.sent(way.with_clothes("900")), "1500")
    first, second = selectors.versions_of(made)
    assert (first.content["goods"][0]["price"], second.content["goods"][0]["price"]) == ("900", "1500")
    assert first.sha256 != second.sha256
    assert made.reference == TravelDeclaration.objects.get().reference


@pytest.mark.usefixtures("as_owner")
def test_the_database_keeps_what_was_sent() -> None:
    made = way.sent(way.with_clothes())
    for change in (
        lambda: Version.objects.update(reason="x"),
        lambda: Traveller.objects.update(given_name="x"),
        lambda: Event.objects.all().delete(),
        lambda: TravelDeclaration.objects.filter(pk=made.pk).delete(),
        lambda: TravelDeclaration.objects.update(version=0),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_midnight_and_a_late_flight_void_nothing() -> None:
    made = way.sent(way.with_clothes("900"))
    assert made.valid_until == make.ON + timedelta(days=30)
    days = made.valid_until
    services.present(made, post="TJ04", by=make.officer(), at=way.LATER, on=days)
    assert services.release(made, by=make.officer(), at=way.LATER).status == Status.RELEASED


def test_after_its_days_it_is_sent_again_under_the_law_of_that_day() -> None:
    made = way.sent(way.with_clothes("900"))
    late = make.ON + timedelta(days=31)
    with pytest.raises(Rejected, match="G014"):
        services.present(made, post=way.POST, by=make.officer(), at=way.LATER, on=late)
    made = services.save_part(made, part="trip", value=way.TRIP | {"day": late.isoformat()}, at=way.LATER)
    made = way.sent(made, on=late)
    assert (made.law_on, made.valid_until) == (late, late + timedelta(days=30))


def test_a_correction_has_a_reason_and_stands_beside_what_was_sent() -> None:
    made = services.examine(presented(way.sent(way.with_clothes("900"))), by=make.officer(), at=way.LATER)
    draft = made.draft | {"goods": [way.clothes("950")]}
    officer: dict[str, Any] = {"by": make.officer(), "at": way.LATER, "on": make.ON}
    with pytest.raises(Rejected, match="G013"):
        services.correct(made, draft=draft, reason="  ", **officer)
    services.correct(made, draft=draft, reason="Two shirts more", **officer)
    assert [(row.number, row.by, row.reason) for row in selectors.versions_of(made)] == [
        (1, None, ""),
        (2, make.officer(), "Two shirts more"),
    ]


@pytest.mark.parametrize(
    ("verb", "status"),
    [("keep_goods", Status.GOODS_KEPT), ("return_goods", Status.GOODS_RETURNED), ("retain", Status.RETAINED)],
)
def test_goods_are_kept_sent_back_or_retained_with_a_reason(verb: str, status: Status) -> None:
    made = services.examine(presented(way.sent(way.with_clothes("900"))), by=make.officer(), at=way.LATER)
    with pytest.raises(Rejected, match="G013"):
        getattr(services, verb)(made, reason="", by=make.officer(), at=way.LATER)
    ended = getattr(services, verb)(made, reason="No permit", by=make.officer(), at=way.LATER)
    assert ended.status == status
    with pytest.raises(IntegrityError), transaction.atomic():
        TravelDeclaration.objects.filter(pk=made.pk).update(post="TJ04")


def test_nobody_goes_on_who_owes() -> None:
    with pytest.raises(Rejected, match="G015"):
        released(way.sent(way.with_clothes()))


def test_after_presentation_the_traveller_changes_nothing() -> None:
    made = presented(way.sent(way.draft()))
    for change in (
        lambda: services.save_part(made, part="carries", value=[], at=way.LATER),
        lambda: way.sent(made),
        lambda: services.cancel(made, at=way.LATER),
    ):
        with pytest.raises(Rejected, match="G010"):
            change()


def test_whoever_comes_second_moves_nothing() -> None:
    made = way.sent(way.draft())
    stale = TravelDeclaration.objects.get(pk=made.pk)
    services.cancel(made, at=way.LATER)
    with pytest.raises(WrongStatus):
        transition(stale, Status.PRESENTED, verb="present", by=None, at=way.LATER)
    assert all(not after for status, after in MOVES.table.items() if status in ("released", "cancelled"))


def test_cash_declared_on_the_way_in_may_go_out() -> None:
    cash = {"person": 1, "kind": "cash", "currency": "USD", "amount": "8000"}
    way_out = {"trip": {"direction": "exit"}, "carries": ["money"], "money": [cash]}
    assert channel(**way_out)[1] == ["declare", "forbidden"]
    released(way.sent(way.draft(carries=["money"], money=[cash])))
    assert Version.objects.filter(declaration=way.sent(way.draft(**way_out))).get().findings[0]["what"] == "declare"
    assert selectors.declared_on_entry(services.read(way.draft(**way_out).draft))[0].amount == 8000


def test_an_allowance_of_a_period_counts_what_was_released_in_it() -> None:
    make.other_law(TravelAllowance.objects.filter(code="GOODS-VALUE"), period="month")
    first, other = way.clothes("800"), way.ANN | {"document": "400999999"}
    released(way.sent(way.draft(carries=["goods"], goods=[first])))
    unused = way.sent(way.draft(carries=["goods"], goods=[first]))
    assert f"{unused.payable:.2f}" == "1625.96"  # 600 USD are above: 800 were used
    assert way.sent(way.draft(people=[other], carries=["goods"], goods=[first])).payable == 0
    late = make.ON + timedelta(days=31)
    later = way.draft(trip={"day": late.isoformat()}, carries=["goods"], goods=[first])
    assert way.sent(later, on=late).payable == 0


def test_a_vehicle_leaves_by_the_term_of_its_plates() -> None:
    car = {"kind": "car", "plate": "А123ВС 77", "country": "RU", "purpose": "temporary"}
    made = way.sent(way.draft(trip={"way": "road", "post": "TJ04"}, carries=["vehicle"], vehicle=car))
    vehicle = Version.objects.get(declaration=made).vehicle
    assert (vehicle.plate, vehicle.leave_by) == ("A123BC 77", make.ON + timedelta(days=15))


@pytest.mark.parametrize(
    ("people", "code"),
    [
        ([], "G001"),
        ([{"birth": "1990-05-01", "document": "1"}], "G001"),
        ([way.ANN | {"birth": "2090-05-01"}], "G002"),
        ([way.ANN | {"birth": "1850-05-01"}], "G002"),
        ([way.ANN | {"birth": "2026-11-01"}], "G003"),
    ],
)
def test_who_travels_is_asked_for(people: list[dict[str, str]], code: str) -> None:
    with pytest.raises(Rejected, match=code):
        way.sent(way.draft(people=people))


def test_a_child_of_no_age_and_a_person_of_120_travel() -> None:
    old, child = way.ANN | {"birth": "1906-05-01"}, way.ANN | {"birth": make.ON.isoformat(), "document": ""}
    assert way.sent(way.draft(people=[old, child])).status == Status.SUBMITTED


def test_nobody_crosses_where_there_is_no_post_of_that_way() -> None:
    with pytest.raises(Rejected, match="G004"):
        way.sent(way.draft(trip={"way": "road", "post": "TJ01"}))


def test_search_knows_any_script() -> None:
    way.sent(way.draft(people=[way.ANN | {"family": "王", "given": "小明"}]))
    assert Traveller.objects.get(search__startswith=search_key("  王 小明 ")).given_name == "小明"
