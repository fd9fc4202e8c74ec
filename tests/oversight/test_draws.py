"""The random share: seeds published by their hash, draws kept with the score, and anybody can reckon them again."""

import hashlib
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from border import services as border
from border.models import TravelLane
from declarations.models import Declaration
from oversight import selectors
from risk import services
from risk.models import DrawSeed, Score
from tests import make
from tests.border import posting as post
from tests.conftest import client_of
from tests.passengers import travelling as way
from tests.risk import make as risk

pytestmark = pytest.mark.django_db
NEXT = make.ON + timedelta(days=1)


@pytest.fixture
def drawn() -> list[Declaration]:
    """Files drawn at random by two lanes."""
    risk.criterion(code="R-RED", conditions=[], share=Decimal(20))
    risk.criterion(code="R-YELLOW", lane="yellow", conditions=[], share=Decimal("0.5"))
    made = [make.assessed(lrn=f"L{n}") for n in range(4)]
    for declaration in made:
        services.score(declaration.pk, at=make.AT)
    return made


def test_seeds_are_made_ahead_and_never_change() -> None:
    services.make_seeds(on=make.ON, at=make.AT)
    services.make_seeds(on=make.ON, at=make.AT)
    assert DrawSeed.objects.filter(day=NEXT).count() == 4
    assert DrawSeed.objects.values("seed").distinct().count() == 12
    with pytest.raises(DatabaseError), transaction.atomic():
        DrawSeed.objects.filter(day=NEXT).update(seed="chosen")


def test_a_draw_is_kept_with_the_score_and_can_be_repeated_by_hand(drawn: list[Declaration]) -> None:
    score = Score.objects.get(declaration=drawn[0])
    red, yellow = score.reasons
    assert (score.drawn_on, red["share"], yellow["share"]) == (make.ON, "20", "0.5")
    seed = DrawSeed.objects.get(day=make.ON, lane="red")
    text = f"{seed.seed}|{drawn[0].mrn}|R-RED"
    ticket = int(hashlib.sha256(text.encode()).hexdigest()[:16], 16) % 10_000
    assert (red["ticket"], red["selected"]) == (ticket, ticket < 2000)
    assert hashlib.sha256(seed.seed.encode()).hexdigest() == seed.sha256


def test_the_seed_is_shown_when_the_day_is_over(drawn: list[Declaration], monkeypatch: pytest.MonkeyPatch) -> None:
    auditor = client_of(make.officer(Role.AUDITOR, None))
    seed = DrawSeed.objects.get(day=make.ON, lane="red")
    for now, shown in ((make.AT, False), (make.AT + timedelta(days=1), True)):
        monkeypatch.setattr(timezone, "now", lambda now=now: now)
        text = auditor.get(reverse("draws")).content.decode()
        assert (seed.sha256 in text, seed.seed in text) == (True, shown)
        query = {"check": "1", "number": drawn[0].mrn.lower()}
        assert (seed.seed in auditor.get(reverse("draws"), query).content.decode()) == shown
    assert client_of(risk.analyst()).get(reverse("draws")).status_code == 404


def test_a_traveller_is_drawn_by_the_seed_of_the_last_day_of_validity_that_nobody_reads_before(
    as_owner: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    post.quiet()
    border.make_seeds(at=make.AT)
    risk.criterion(code="T-RANDOM", about="travellers", lane="red", conditions=[], share=Decimal(20))
    made = [way.sent(way.draft(people=[way.ANN | {"document": f"40000000{n}"}])) for n in range(6)]
    lanes = [border.choose_lane(each.pk, at=make.AT) for each in made]
    way.changed(made[0], "1600")
    changed = border.choose_lane(made[0].pk, at=make.AT)
    last, number = made[0].valid_until, made[0].reference
    assert last is not None
    assert lanes[0] is not None
    assert changed is not None
    assert (changed.drawn_on, changed.lane, changed.version) == (last, lanes[0].lane, 2)
    seed = DrawSeed.objects.get(day=last, lane="red")
    assert (last > make.ON, seed.made_at <= make.AT) == (True, True)
    tickets = [int(hashlib.sha256(f"{seed.seed}|{each.reference}|T-RANDOM".encode()).hexdigest()[:16], 16) % 10_000
               for each in made]  # fmt: skip
    assert [lane.lane for lane in lanes if lane] == ["red" if ticket < 2000 else "green" for ticket in tickets]
    auditor, query = make.officer(Role.AUDITOR, None), {"check": "1", "number": number.lower()}
    for now, shown in ((make.AT + (last - make.ON), False), (make.AT + (last - NEXT) + timedelta(days=2), True)):
        monkeypatch.setattr(timezone, "now", lambda now=now: now)
        text = client_of(auditor).get(reverse("draws"), query).content.decode()
        assert (f"{seed.seed}|{number}|T-RANDOM" in text) == shown
    call_command("check_draws", last.isoformat(), last.isoformat())
    found = selectors.check_draws(since=last, until=last, on=last + timedelta(days=1))
    assert (found.lanes, found.draws, found.faults) == (7, 7, [])
    # A lane from before there were seeds of days: its ticket agrees with none of them, and is held against none.
    hit = {"code": "T-RANDOM", "lane": "red", "ticket": 1, "share": "20", "selected": True}
    earlier = {"declaration": made[1], "version": 2, "lane": "red", "reasons": [hit], "at": make.AT}
    for days in ({"drawn_on": None, "seed": ""}, {"drawn_on": last, "seed": "of its own"}):
        with pytest.raises(DatabaseError, match="drawn_once"), transaction.atomic():
            TravelLane.objects.create(**earlier, **days)
    TravelLane.objects.create(**earlier, seed="of its own")
    assert selectors.check_draws(since=last, until=last, on=last + timedelta(days=1)) == found
    row = TravelLane.objects.filter(version=2)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE border_travellane DISABLE TRIGGER USER")
    row.update(reasons=[changed.reasons[0] | {"ticket": tickets[0] + 1}])
    with pytest.raises(CommandError, match="do not agree"):
        call_command("check_draws", last.isoformat(), last.isoformat())


def test_draws_of_a_period_are_reckoned_again(drawn: list[Declaration], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: make.AT + timedelta(days=1))
    day = make.ON.isoformat()
    auditor = client_of(make.officer(Role.AUDITOR, None))
    text = auditor.get(reverse("draws"), {"check": "1", "since": day, "until": day}).content.decode()
    assert "All agree: 8 draws of 4 declarations" in text
    call_command("check_draws", day, day)
    assert selectors.check_draws(since=make.ON, until=make.ON, on=make.ON).lanes == 0


@pytest.mark.usefixtures("as_owner")
def test_a_draw_that_was_altered_is_found(drawn: list[Declaration]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE risk_score DISABLE TRIGGER USER; ALTER TABLE risk_drawseed DISABLE TRIGGER USER")
    first, second, third, fourth = Score.objects.order_by("pk")
    for score, changes in ((first, {"ticket": 9999}), (second, {"selected": not second.reasons[0]["selected"]})):
        Score.objects.filter(pk=score.pk).update(reasons=[score.reasons[0] | changes, score.reasons[1]])
    third_reasons = [third.reasons[0] | {"ticket": 1, "selected": True, "lane": "blue"}, third.reasons[1]]
    Score.objects.filter(pk=third.pk).update(reasons=third_reasons, lane="green")
    DrawSeed.objects.filter(day=make.ON, lane="yellow").update(made_at=make.AT + timedelta(hours=1))
    found = selectors.check_draws(since=make.ON, until=make.ON, on=NEXT)
    sentences = {
        fault.number: {each.sentence for each in found.faults if each.number == fault.number} for fault in found.faults
    }
    assert any("9999 was kept" in each for each in sentences[first.declaration.mrn])
    assert any("does not follow" in each for each in sentences[second.declaration.mrn])
    assert any("lane is lower" in each for each in sentences[third.declaration.mrn])
    assert sentences[fourth.declaration.mrn] == {"The seed was made after the draw."}
    with pytest.raises(CommandError, match="do not agree"):
        call_command("check_draws", make.ON.isoformat(), make.ON.isoformat())
