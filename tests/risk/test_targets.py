"""Targets of offices: what gives way when an office is full, what never does, and who sees it."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from accounts.models import Role
from clearance.services import amend
from declarations.models import Declaration
from declarations.selectors import canonical, content_of
from lib.violations import Rejected
from risk import services, yielding
from risk.models import OfficeTarget
from risk.scoring import HitFact, Result
from risk.selectors import reasons_in_words
from risk.yielding import Full, Marks, Settled
from tests import make
from tests.conftest import client_of
from tests.risk import make as risk

pytestmark = pytest.mark.django_db
WHY = "Two officers work in this shift."
HOUR = timedelta(hours=1)


def _target(lane: str = "red", per_hour: int | None = 1, per_day: int | None = None) -> OfficeTarget:
    draft = services.TargetDraft(make.OFFICE, lane, per_hour, per_day, valid_from=make.ON, reason=WHY)
    return services.set_target(draft, by=risk.analyst(), at=make.AT)


def _scored(at: object = make.AT, **changes: object) -> Declaration:
    declaration = make.assessed(**changes)
    services.score(declaration.pk, at=at)  # type: ignore[arg-type]
    return declaration


def test_a_full_office_is_passed_by_and_the_score_says_so() -> None:
    risk.criterion(code="TEA", may_yield=True)
    _target()
    first, second, later = _scored(), _scored(), _scored(make.AT + HOUR)
    assert [one.score.lane for one in (first, second, later)] == ["red", "blue", "red"]
    (reason,) = reasons_in_words(second.score)
    assert reason.lane == "blue"
    assert reason.sentences[-1] == "Selected for red, but the office had taken its 1 of the hour (1): blue."
    services.score(second.pk, at=make.AT + HOUR)
    assert Declaration.objects.get(pk=second.pk).score.lane == "blue", "a repeated task changes nothing"


def test_a_mandatory_criterion_never_yields() -> None:
    risk.criterion(code="TEA", may_yield=True)
    risk.criterion(
        code="MUST", name="Must", conditions=[{"field": "header.declaration_type", "op": "filled", "value": ""}]
    )
    _target()
    assert [_scored().score.lane for _each in range(2)] == ["red", "red"]


def test_an_amendment_is_no_second_ticket() -> None:
    risk.criterion(code="TEA", may_yield=True)
    _target()
    seen, passed = _scored(), _scored()

    def amended(one: Declaration) -> str:
        data = canonical(content_of(one)) | {"comments": "changed"}
        again = amend(one, data=data, reason="typing error", by=make.trader(), at=make.AT, on=make.ON)
        score = services.score(again.pk, at=make.AT)
        assert score is not None
        return score.lane

    assert amended(seen) == "red", "not past the officer in a full hour"
    assert amended(passed) == "blue"


def _hit(pk: int, lane: str, *, selected: bool = True) -> HitFact:
    return HitFact(pk, f"C{pk}", lane, (), selected, ())


@pytest.mark.parametrize(
    ("marks", "profiles", "lane"),
    [
        ({1: Marks(may_yield=True), 2: Marks(may_yield=True)}, frozenset(), "blue"),
        ({1: Marks(may_yield=True), 2: Marks()}, frozenset(), "yellow"),
        ({1: Marks(), 2: Marks(may_yield=True)}, frozenset(), "red"),
        ({1: Marks(may_yield=True, is_random=True), 2: Marks(may_yield=True)}, frozenset(), "red"),
        ({1: Marks(may_yield=True), 2: Marks(may_yield=True)}, frozenset({"watch"}), "red"),
    ],
)
def test_the_highest_lane_gives_way_first(marks: dict[int, Marks], profiles: frozenset[str], lane: str) -> None:
    met = Settled(Result("red", (_hit(1, "red"), _hit(2, "yellow"), _hit(3, "red", selected=False))), {})
    full = {lane: Full(12, 12, "hour") for lane in ("red", "yellow")}
    settled = yielding.by_capacity(met, marks, profiles=profiles, full=full, before=None)
    assert settled.result.lane == lane
    assert all(settled.yielded[hit.pk].lane != hit.lane for hit in settled.result.hits if hit.pk in settled.yielded)


def test_a_target_follows_another_and_both_are_kept() -> None:
    first = _target(per_hour=5)
    tomorrow = services.TargetDraft(make.OFFICE, "red", 3, 20, make.ON + timedelta(days=1), WHY)
    second = services.set_target(tomorrow, by=risk.analyst(), at=make.AT)
    first.refresh_from_db()
    assert first.valid_to == make.ON
    with pytest.raises(Rejected) as error:
        _target()
    assert error.value.violations[0].code == "K084"
    services.end_target(second, by=risk.analyst(), at=make.AT)
    assert list(OfficeTarget.objects.on(tomorrow.valid_from)) == []
    wrong = services.TargetDraft("XX99", "blue", 9, 3, make.ON - timedelta(days=1), "")
    with pytest.raises(Rejected) as error:
        services.set_target(wrong, by=risk.analyst(), at=make.AT)
    assert {fault.code for fault in error.value.violations} == {"K080", "K081", "K082", "K083", "K074"}


def test_only_what_stops_a_declaration_can_give_way() -> None:
    for changes in (
        {"lane": "red", "general": True}, {"lane": "blue", "may_yield": True},
        {"conditions": [], "share": Decimal(2), "may_yield": True},
    ):  # fmt: skip
        with pytest.raises(Rejected) as error:
            risk.made(code="WRONG", **changes)
        assert [fault.code for fault in error.value.violations] == ["K070"]


@time_machine.travel(make.AT + timedelta(minutes=5), tick=False)
def test_the_page_shows_use_against_target_to_those_who_plan() -> None:
    risk.criterion(code="TEA", may_yield=True)
    _target()
    _scored()
    _scored()
    page = client_of(make.supervisor()).get(reverse("office_targets"))
    (use,) = page.context["use"]
    assert (use.office.code, use.lane, use.of_hour, use.of_day, use.gave_way) == (make.OFFICE, "red", 1, 1, 1)
    assert use.hour_is_full
    assert "Set a target" not in page.content.decode()
    assert client_of(make.supervisor("TJ02")).get(reverse("office_targets")).context["use"] == []
    assert client_of(make.supervisor()).post(reverse("office_target_set"), {}).status_code == 404
    assert client_of(make.officer()).get(reverse("office_targets")).status_code == 404
    analyst = client_of(make.officer(Role.ANALYST, None))
    given = {"office_code": make.OFFICE, "lane": "yellow", "per_hour": "4", "valid_from": "2026-11-24", "reason": WHY}
    assert analyst.post(reverse("office_target_set"), given).status_code == 302
    made = OfficeTarget.objects.get(lane="yellow")
    assert analyst.post(reverse("office_target_end", args=[made.pk])).status_code == 302
    assert analyst.post(reverse("office_target_set"), given | {"per_hour": "", "reason": "x"}).status_code == 422
