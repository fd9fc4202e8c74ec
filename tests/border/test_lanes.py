"""Green or red: criteria on travellers give the lane, at sending or at the post, once for a version and by one seed."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from border import services
from border.models import TravelLane
from border.services.lanes import facts_of
from border.tasks import choose_lane, replay
from lib.violations import Rejected
from passengers.models import Status, TravelDeclaration
from risk.models import Criterion, DrawSeed, Replay
from risk.scoring import is_drawn
from tests import make
from tests.border import posting as post
from tests.conftest import client_of
from tests.passengers import travelling as way
from tests.risk import make as risk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "told")]


@pytest.fixture(autouse=True)
def _no_luck() -> None:
    post.quiet()


def lane(made: TravelDeclaration) -> str:
    found = services.choose_lane(made.pk, at=make.AT)
    assert found is not None
    return found.lane


@pytest.mark.parametrize(
    ("field", "op", "value", "meets"),
    [
        ("way", "=", "air", True),
        ("citizenship", "in", "TJ, RU", True),
        ("citizenship", "=", "RU", False),
        ("categories", "=", "CLOTHES", True),
        ("commodities", "starts_with", "62", True),
        ("people", ">", "1", False),
        ("children", "=", "0", True),
        ("payable", ">", "1000", True),
        ("crossings", "=", "0", True),
        ("carriage", "=", "TK254", True),
        ("plate_country", "empty", "", True),
    ],
)
def test_a_criterion_may_ask_for_what_is_known_of_a_traveller(field: str, op: str, value: str, meets: bool) -> None:
    made = way.sent(way.with_clothes())
    conditions = [{"field": f"traveller.{field}", "op": op, "value": value}]
    risk.criterion(about="travellers", conditions=conditions)
    assert lane(made) == ("red" if meets else "green")


def test_the_lane_of_a_version_is_found_once_and_never_changes() -> None:
    made = way.sent(way.with_clothes())
    assert lane(made) == "green"
    post.all_red()
    assert lane(made) == "green"
    way.changed(made, "1600")
    assert lane(made) == "red"
    first, second = TravelLane.objects.order_by("version")
    assert first.drawn_on == second.drawn_on == made.valid_until
    with pytest.raises(DatabaseError), transaction.atomic():
        TravelLane.objects.update(lane="green")


def test_the_random_share_follows_from_the_seed_of_the_day() -> None:
    risk.criterion(code="R", about="travellers", conditions=[], share=Decimal(20))
    for number in range(12):
        made = way.sent(way.draft(people=[way.ANN | {"document": f"40000000{number}"}]))
        red = lane(made) == "red"
        seed = DrawSeed.objects.get(day=made.valid_until, lane="red").seed
        assert red == is_drawn(f"{seed}|{made.reference}", "R", Decimal(20))
    assert {row.reasons[0]["selected"] for row in TravelLane.objects.all()} <= {True, False}


def test_at_the_post_the_red_lane_is_looked_at_before_anybody_goes_on() -> None:
    post.all_red()
    made = way.sent(way.draft())
    said = services.let_through(made, post=post.POST, by=post.at_post(), **post.WHEN)
    assert said == "Presented, not let through: Red lane: look at the goods first."
    with pytest.raises(Rejected) as error:
        post.go(made)
    assert error.value.violations[0].code == "L005"
    post.look(made)
    assert post.go(made).status == Status.RELEASED


def test_officers_read_why_and_a_traveller_is_told_nothing_of_it() -> None:
    post.all_red()
    made = way.sent(way.draft())
    choose_lane(made.pk)
    page = client_of(post.at_post()).get(reverse("traveller", args=[made.public_id])).content.decode()
    assert "Number of travellers below 100000" in page
    assert "Open a packet." in page
    assert made.channel == "green"


def test_sending_asks_for_the_lane(follow_ups: Any) -> None:
    with follow_ups():
        made = way.sent(way.draft())
    assert TravelLane.objects.get(declaration=made).lane == "green"


def test_crossings_are_counted_by_the_document_and_the_month() -> None:
    for day in (1, 20, 40):
        earlier = way.sent(way.draft())
        services.let_through(earlier, post=post.POST, by=post.at_post(), at=way.LATER - timedelta(days=day), on=make.ON)
    made = way.sent(way.draft())
    assert facts_of(made, at=way.LATER)["traveller.crossings"] == 2


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"lane": "yellow"}, "K009"),
        ({"about": "cars"}, "K009"),
        ({"conditions": [{"field": "item.commodity_code", "op": "=", "value": "0902300009"}]}, "K018"),
        ({"about": "declarations", "conditions": [{"field": "traveller.way", "op": "=", "value": "air"}]}, "K018"),
    ],
)
def test_a_criterion_asks_for_facts_of_what_it_scores(changes: dict[str, object], code: str) -> None:
    with pytest.raises(Rejected) as error:
        risk.criterion(**{"about": "travellers", "conditions": [], "share": Decimal(5), **changes})
    assert code in [fault.code for fault in error.value.violations]


def test_an_analyst_makes_a_criterion_on_travellers_on_the_page_of_criteria() -> None:
    client = client_of(risk.analyst())
    fields = {
        "code": "T-AIR", "name": "By air", "about": "travellers", "lane": "red", "share": "50",
        "instruction": "Look.", "valid_from": "2026-11-23",
        "row0-field": "traveller.way", "row0-op": "=", "row0-value": "air",
    }  # fmt: skip
    made = client.post(reverse("criterion_new"), fields)
    page = client.get(made["Location"]).content.decode()
    assert "Way of travel is air" in page
    assert "Replay on travellers" in page


def test_a_criterion_is_tried_on_the_travellers_of_the_last_days_before_it_goes_live(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = [{"field": "traveller.payable", "op": ">", "value": "1000"}]
    for number, made in enumerate((way.with_clothes(), way.draft())):
        post.present(way.sent(made, key=str(number)))
    version = risk.made(code="DEAR", about="travellers", lane="red", conditions=one)
    none = risk.made(code="NONE", about="travellers", lane="red", conditions=[one[0] | {"value": "9999999"}])
    desk, second = client_of(risk.analyst()), client_of(risk.second_analyst())
    monkeypatch.setattr(timezone, "now", lambda: way.LATER + timedelta(minutes=1))
    for each in (version, none):
        desk.post(reverse("criterion_replay", args=[each.pk]), {"days": "7"})
        replay(Replay.objects.get(criterion=each).pk)
    data = Replay.objects.get(criterion=version).data
    assert [data[name] for name in ("total", "hits", "selected", "newly")] == [2, 1, 1, 1]
    assert (data["before"]["red"], data["after"]["red"], len(data["sample"])) == (0, 1, 1)
    assert TravelLane.objects.filter(lane="red").count() == 0
    asked = desk.post(reverse("criterion_propose", args=[none.pk]))
    assert (asked.status_code, "It hit nothing" in asked.content.decode()) == (422, True)
    for each in (version, none):
        desk.post(reverse("criterion_propose", args=[each.pk]), {"reason": "A case is expected."})
        second.post(reverse("criterion_approve", args=[each.pk]))
    assert set(Criterion.objects.switched_on(on=make.ON).filter(about="travellers")) == {version, none}
    assert client_of(post.at_post()).get(reverse("criterion", args=[version.pk])).status_code == 404
