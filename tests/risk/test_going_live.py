"""From a version that one analyst made to one that selects: replay, a second person, and what the database holds."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction
from django.urls import reverse

from accounts.models import OfficerRole, Role
from accounts.services import end_role
from declarations.models import Declaration
from lib.proportions import wilson
from lib.violations import Rejected
from risk import selectors, services, states
from risk.models import Criterion, CriterionEvent, Replay, Score
from risk.rules import going_live
from risk.services import replay as engine
from risk.services.past import LodgedDeclarations
from tests import make
from tests.conftest import client_of
from tests.risk import make as risk

pytestmark = pytest.mark.django_db
LATER = risk.LATER


def propose(version: Criterion, reason: str = "") -> Criterion:
    return services.propose(version, reason=reason, at=LATER, by=risk.analyst())


def approve(version: Criterion) -> Criterion:
    return services.approve(version, on=make.ON, at=LATER, by=risk.second_analyst())


def code_of(error: pytest.ExceptionInfo[Rejected]) -> tuple[str, str]:
    return error.value.violations[0].code, error.value.violations[0].pointer


def counted(version: Criterion, *, total: int, hits: int, selected: int) -> Replay:
    """A replay with these figures, as the worker leaves one."""
    asked = services.ask_replay(version, days=30, by=risk.analyst(), at=LATER)
    data = {"total": total, "hits": hits, "selected": selected, "changed": selected}
    assert states.end_replay(asked, data=data, done=total, total=total, done_at=LATER)
    asked.refresh_from_db()
    return asked


# Two persons --------------------------------------------------------------------------------------------------
def test_what_an_analyst_made_goes_live_by_a_replay_and_a_second_analyst() -> None:
    make.assessed()
    version = risk.made()
    with pytest.raises(Rejected) as error:
        propose(version)
    assert code_of(error)[0] == "K050"
    risk.replayed(version)
    propose(version, "Tea is what we look for.")
    with pytest.raises(Rejected, match="K054"):
        services.approve(version, on=make.ON, at=LATER, by=risk.analyst())
    live = approve(version)
    assert live.switched_on
    assert (live.proposed_by, live.approved_by) == (risk.analyst(), risk.second_analyst())
    verbs = list(CriterionEvent.objects.filter(criterion=version).order_by("pk").values_list("verb", flat=True))
    assert verbs == ["made", "replayed", "proposed", "approved", "switched_on"]


def test_what_was_put_forward_by_an_analyst_whose_role_ended_is_decided_by_another() -> None:
    make.assessed()
    approved, returned = risk.made(), risk.made(code="TEA-2")
    for version in (approved, returned):
        risk.replayed(version)
        propose(version, "Tea is what we look for.")
    first, second = risk.analyst(), risk.second_analyst()
    door = client_of(first)
    role = OfficerRole.objects.get(user=first)
    end_role(role, reason="moves on", by=make.officer(Role.ADMIN, None), on=make.ON, at=make.AT)
    for name in ("criterion_approve", "criterion_send_back", "criterion_switch_off", "criterion_propose"):
        assert door.post(reverse(name, args=[approved.pk]), {"reason": "So it is."}).status_code == 404
    assert services.approve(approved, on=make.ON, at=LATER, by=second).switched_on
    services.send_back(returned, reason="Too wide.", at=LATER, by=second)
    returned.refresh_from_db()
    assert returned.proposed_by is None
    assert services.propose(returned, reason="As it is.", at=LATER, by=second).proposed_by == second


def test_a_version_that_was_off_needs_two_again() -> None:
    make.assessed()
    version = risk.live()
    services.switch_off(version, reason="Look again.", at=LATER, by=risk.analyst())
    with pytest.raises(Rejected, match="K055"):
        approve(version)
    propose(version, "Now it is right.")
    assert approve(version).switched_on


def test_what_is_sent_back_says_why_and_is_put_forward_anew() -> None:
    version = risk.made()
    risk.replayed(version)
    propose(version, "New goods.")
    with pytest.raises(Rejected, match="K056"):
        services.send_back(version, reason=" ", at=LATER, by=risk.second_analyst())
    services.send_back(version, reason="Too wide.", at=LATER, by=risk.second_analyst())
    assert not selectors.waiting_versions()
    propose(version, "As wide as it has to be.")
    assert list(selectors.waiting_versions()) == [version]


def test_a_replay_of_long_ago_proves_nothing() -> None:
    version = risk.made()
    risk.replayed(version)
    with pytest.raises(Rejected, match="K050"):
        services.propose(version, reason="x", at=LATER + timedelta(days=31), by=risk.analyst())


@pytest.mark.parametrize(
    ("figures", "share", "code"),
    [
        ({"total": 100, "hits": 0, "selected": 0}, 100, "K051"),
        ({"total": 100, "hits": 40, "selected": 31}, 100, "K052"),
        ({"total": 19, "hits": 19, "selected": 19}, 100, "K052"),
        ({"total": 20, "hits": 20, "selected": 20}, 100, "K053"),
    ],
)
def test_what_hit_nothing_or_much_is_asked_about_and_what_hits_all_is_refused(
    figures: dict[str, int], share: int, code: str
) -> None:
    version = risk.made(share=share)
    counted(version, **figures)
    with pytest.raises(Rejected) as error:
        propose(version)
    assert code_of(error) == (code, "" if code == "K053" else "reason")
    if code == "K053":
        with pytest.raises(Rejected, match="K053"):
            propose(version, "It is meant so.")
    else:
        assert propose(version, "It is meant so.").reason == "It is meant so."


def test_a_sensible_share_and_a_blue_lane_need_no_word() -> None:
    version, blue = risk.made(), risk.made(code="BLUE", lane="blue", instruction="")
    counted(version, total=100, hits=100, selected=30)
    assert propose(version).reason == ""
    assert going_live.doubt(blue, counted(blue, total=50, hits=50, selected=50), is_explained=False) is None


def test_the_database_holds_two_persons_and_the_replay() -> None:
    version, other = risk.made(), risk.made(code="OTHER")
    done, others = risk.replayed(version), risk.replayed(other)
    running = services.ask_replay(version, days=7, by=risk.analyst(), at=LATER)
    mine, second = {"proposed_by": risk.analyst(), "proposed_at": LATER}, risk.second_analyst()
    refused: list[dict[str, Any]] = [
        {"switched_on": True},
        {"approved_by": second, "approved_at": LATER, "switched_on": True},
        {**mine, "replay": done, "approved_by": risk.analyst(), "approved_at": LATER},
        {"proposed_by": second, "proposed_at": LATER, "replay": done, "approved_by": second, "approved_at": LATER},
        {**mine, "replay": others},
        {**mine, "replay": running},
        {"made_by": None},
    ]
    for values in refused:
        with pytest.raises(IntegrityError), transaction.atomic():
            Criterion.objects.filter(pk=version.pk).update(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        Replay.objects.filter(pk=done.pk).update(done=5)


@pytest.mark.django_db(transaction=True)
def test_of_two_analysts_who_approve_at_once_one_is_told_that_it_was_decided() -> None:
    version = risk.made()
    risk.replayed(version)
    propose(version, "It is meant so.")
    third = make.officer(Role.ANALYST, None, "third.analyst@customs.example")
    ready = Barrier(2)

    def approves(by: Any) -> str:
        ready.wait(10)
        try:
            services.approve(version, on=make.ON, at=LATER, by=by)
        except Rejected as error:
            return error.violations[0].code
        finally:
            connections.close_all()
        return "live"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(approves, [risk.second_analyst(), third])) == ["K055", "live"]
    assert CriterionEvent.objects.filter(criterion=version, verb="approved").count() == 1


# Replay -------------------------------------------------------------------------------------------------------
@pytest.fixture
def past(monkeypatch: pytest.MonkeyPatch) -> list[Declaration]:
    """Five declarations, three of them tea, replayed two at a time."""
    monkeypatch.setattr(engine, "AT_A_TIME", 2)
    other = [make.item(commodity_code="1001990000")]
    return [make.assessed(lrn=f"L{n}", **({"items": other} if n in (1, 3) else {})) for n in range(5)]


def test_a_replay_tells_what_a_version_would_have_done_and_changes_nothing(past: list[Declaration]) -> None:
    done = risk.replayed(risk.made())
    found = done.data
    assert (found["total"], found["hits"], found["selected"], found["changed"], found["newly"]) == (5, 3, 3, 3, 3)
    assert (found["before"]["green"], found["after"]["green"], found["after"]["red"]) == (3, 0, 3)
    assert [row["number"] for row in found["sample"]] == [past[4].mrn, past[2].mrn, past[0].mrn]
    assert (done.status, done.done, done.total) == ("done", 5, 5)
    assert not Score.objects.exists()


class Dying(LodgedDeclarations):
    """A source whose worker is killed at a portion."""

    def __init__(self, portion: int = 2) -> None:
        super().__init__()
        self.left = portion

    def read(self, *args: Any, **named: Any) -> Any:
        self.left -= 1
        if not self.left:
            raise KeyboardInterrupt
        return super().read(*args, **named)


def test_a_replay_whose_worker_was_killed_goes_on_where_it_was(past: list[Declaration]) -> None:
    version = risk.made()
    asked = services.ask_replay(version, days=30, by=risk.analyst(), at=LATER)
    with pytest.raises(KeyboardInterrupt):
        services.run_replay(asked.pk, Dying(), about="declarations", at=LATER)
    asked.refresh_from_db()
    assert (asked.status, asked.done, asked.total) == ("waiting", 2, 5)
    assert services.ask_replay(version, days=7, by=risk.analyst(), at=LATER) == asked
    services.replay_declarations(asked.pk, at=LATER)
    services.replay_declarations(asked.pk, at=LATER)
    asked.refresh_from_db()
    whole = risk.replayed(version)
    assert (asked.done, asked.data) == (5, whole.data)
    assert CriterionEvent.objects.filter(criterion=version, verb="replayed").count() == 2


def test_a_replay_that_was_stopped_keeps_what_it_counted_and_lets_nothing_go_live(past: list[Declaration]) -> None:
    version = risk.made()
    asked = services.ask_replay(version, days=30, by=risk.analyst(), at=LATER)

    with pytest.raises(KeyboardInterrupt):
        services.run_replay(asked.pk, Dying(3), about="declarations", at=LATER)
    client_of(risk.analyst()).post(reverse("replay_stop", args=[asked.pk]))
    services.replay_declarations(asked.pk, at=LATER)
    asked.refresh_from_db()
    assert (asked.status, asked.data["total"]) == ("stopped", 4)
    with pytest.raises(Rejected, match="K050"):
        propose(version)


def test_all_criteria_are_replayed_at_once(past: list[Declaration]) -> None:
    risk.criterion(code="TEA")
    risk.criterion(code="LEAVES", conditions=[{"field": "item.commodity_code", "op": "starts_with", "value": "09"}])
    risk.criterion(code="WHEAT", conditions=[{"field": "item.commodity_code", "op": "=", "value": "1001990000"}])
    risk.criterion(code="NEVER", conditions=[{"field": "item.net_mass", "op": ">", "value": "999999999"}])
    desk = client_of(risk.analyst())
    desk.post(reverse("criteria_replays"), {"days": "366"})
    asked = Replay.objects.get()
    services.replay_declarations(asked.pk, at=asked.asked_at)
    asked.refresh_from_db()
    assert asked.data["codes"] == {"TEA": [3, 3, 0], "LEAVES": [3, 3, 0], "WHEAT": [2, 2, 2]}
    text = desk.get(reverse("criteria_replays")).content.decode()
    assert "met nothing" in text


# Hit rates ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        # Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17 (1998), table I.
        (81, 263, "0.2553", "0.3662"),
        (15, 148, "0.0624", "0.1605"),
        (0, 20, "0.0000", "0.1611"),
        (1, 29, "0.0061", "0.1718"),
    ],
)
def test_the_interval_agrees_with_published_figures(successes: int, trials: int, low: str, high: str) -> None:
    found = wilson(successes, trials)
    assert found is not None
    assert [round(bound, 4) for bound in found] == [Decimal(low), Decimal(high)]


def test_there_is_no_interval_without_a_trial() -> None:
    assert wilson(0, 0) is None
    assert wilson(3, 3) is not None


@pytest.fixture
def found() -> list[Declaration]:
    """Three teas, two examined, one with a discrepancy; a wheat that only the random share selects."""
    risk.criterion()
    risk.criterion(code="LUCK", conditions=[], share=Decimal(20))
    made = [make.assessed(lrn=f"L{n}") for n in range(3)]
    made += [make.assessed(lrn=f"W{n}", items=[make.item(commodity_code="1001990000")]) for n in range(9)]
    for declaration in made:
        services.score(declaration.pk, at=make.AT)
    services.record_outcome(made[0], discrepancy=True, at=make.AT)
    services.record_outcome(made[1], discrepancy=False, at=make.AT)
    services.record_outcome(made[1], discrepancy=False, at=make.AT)
    return made


def test_hit_rates_are_counted_in_the_background_and_each_figure_leads_to_its_files(found: list[Declaration]) -> None:
    services.count_hits(zone="UTC")
    tea = Criterion.objects.get(code="TEA")
    rate = selectors.hit_rates(since=make.ON)[tea.pk]
    assert (rate.hits, rate.selected, rate.examined, rate.right, rate.rate) == (3, 3, 2, 1, 50)
    assert rate.bounds == (Decimal("9.5"), Decimal("90.5"))
    services.record_outcome(found[2], discrepancy=True, at=make.AT)
    services.count_hits(zone="UTC")
    services.count_hits(zone="UTC")
    assert selectors.hit_rates(since=make.ON)[tea.pk].right == 2
    arms = selectors.arm_rates(since=make.ON)
    assert (arms[False].selected, arms[False].examined, arms[False].right) == (3, 3, 2)
    desk = client_of(risk.analyst())
    for named, came, expected in (
        ("tea v1", "", 3), ("TEA", "examined", 3), ("TEA", "discrepancy", 2), ("LUCK", "hit", 12),
        (":random", "", arms[True].selected), (":conditions", "discrepancy", 2), ("NONE", "hit", 0),
    ):  # fmt: skip
        text = desk.get(reverse("files"), {"criterion": named, "came": came}).content.decode()
        assert text.count('class="code" href="/declarations/') == expected, (named, came)
    page = desk.get(reverse("criteria")).content.decode()
    assert "criterion=TEA%20v1&amp;came=discrepancy" in page
    assert selectors.hit_rates(since=make.ON + timedelta(days=1)) == {}


def test_an_officer_who_may_not_know_of_criteria_cannot_search_by_them(found: list[Declaration]) -> None:
    desk = client_of(make.officer())
    text = desk.get(reverse("files"), {"criterion": "TEA", "came": "selected"}).content.decode()
    assert "What came of it" not in text
