"""Criteria: versions, the switch, replay, the file of a country, and the analysts' pages."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role
from lib.violations import Rejected
from risk import selectors, services
from risk.models import Criterion, CriterionEvent
from tests import make
from tests.conftest import client_of
from tests.risk import make as risk

pytestmark = pytest.mark.django_db
LATER = make.ON + timedelta(days=10)


@pytest.fixture
def as_analyst() -> Client:
    return client_of(risk.analyst())


def refused(**changes: object) -> list[tuple[str, str]]:
    with pytest.raises(Rejected) as error:
        services.make_criterion(risk.draft(**changes), on=make.ON, at=make.AT, by=risk.analyst())
    return [(fault.code, fault.pointer) for fault in error.value.violations]


def condition(field: str, op: str, value: str = "") -> list[dict[str, str]]:
    return [{"field": field, "op": op, "value": value}]


# What a criterion must be -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"code": " "}, "K001", "code"),
        ({"name": ""}, "K002", "name"),
        ({"lane": "pink"}, "K003", "lane"),
        ({"share": 101}, "K004", "share"),
        ({"valid_to": date(2025, 1, 1)}, "K005", "valid_to"),
        ({"instruction": ""}, "K006", "instruction"),
        ({"offices": ["XX99"]}, "K007", "offices"),
        ({"conditions": []}, "K008", "share"),
        ({"conditions": condition("item.marks", "=", "x")}, "K010", "conditions[0].field"),
        ({"conditions": condition("item.net_mass", "~", "1")}, "K011", "conditions[0].op"),
        ({"conditions": condition("item.net_mass", "contains", "1")}, "K012", "conditions[0].op"),
        ({"conditions": condition("item.origin_country", "<", "CN")}, "K012", "conditions[0].op"),
        ({"conditions": condition("item.preference", "filled", "x")}, "K013", "conditions[0].value"),
        ({"conditions": condition("item.origin_country", "=", " ")}, "K014", "conditions[0].value"),
        ({"conditions": condition("header.container_flag", "=", "maybe")}, "K015", "conditions[0].value"),
        ({"conditions": condition("item.net_mass", "<", "light")}, "K016", "conditions[0].value"),
        ({"conditions": condition("item.origin_country", "in", "CN, XQ")}, "K017", "conditions[0].value"),
    ],
)
def test_a_fault_is_named_with_its_place(changes: dict[str, object], code: str, pointer: str) -> None:
    assert (code, pointer) in refused(**changes)


@pytest.mark.parametrize(
    "conditions",
    [
        condition("item.net_mass", "<", "1 200,5"),
        condition("item.origin_country", "in", "CN, TR"),
        condition("header.container_flag", "=", "yes"),
        condition("item.preference", "empty"),
        condition("document.code", "not_in", "ST1"),
    ],
)
def test_a_readable_condition_is_taken(conditions: list[dict[str, str]]) -> None:
    draft = risk.draft(conditions=conditions)
    assert services.make_criterion(draft, on=make.ON, at=make.AT, by=risk.analyst()).pk


def test_a_random_selection_needs_no_condition_and_stays_small() -> None:
    draft = risk.draft(conditions=[], share=5)
    assert services.make_criterion(draft, on=make.ON, at=make.AT, by=risk.analyst()).pk


# Versions and the switch --------------------------------------------------------------------------------------
def test_a_new_criterion_is_off_and_looks_at_nothing() -> None:
    made = services.make_criterion(risk.draft(), on=make.ON, at=make.AT, by=risk.analyst())
    assert not made.switched_on
    score = services.score(make.assessed().pk, at=make.AT)
    assert score is not None
    assert score.lane == "green"


def test_a_new_version_takes_over_when_it_is_switched_on_and_the_old_one_is_ended() -> None:
    old = risk.criterion()
    new = services.new_version(old, risk.draft(lane="yellow"), on=LATER, at=make.AT, by=risk.analyst())
    assert selectors.versions_in_force(on=LATER)["TEA"] == old
    services.switch_on(new, on=LATER, at=make.AT, by=risk.analyst())
    assert selectors.versions_in_force(on=LATER)["TEA"] == new
    assert selectors.versions_in_force(on=LATER - timedelta(days=1))["TEA"] == old
    verbs = set(CriterionEvent.objects.filter(criterion=old).values_list("verb", flat=True))
    assert verbs == {"made", "switched_on", "ended"}


def test_two_versions_are_never_on_for_one_day() -> None:
    old = risk.criterion()
    new = services.new_version(old, risk.draft(), on=make.ON, at=make.AT, by=risk.analyst())
    with pytest.raises(IntegrityError), transaction.atomic():
        Criterion.objects.filter(pk=new.pk).update(switched_on=True, valid_from=old.valid_from)


def test_a_version_edited_twice_in_a_day_is_replaced_at_once() -> None:
    first = risk.criterion(valid_from=make.ON)
    second = services.new_version(first, risk.draft(), on=make.ON, at=make.AT, by=risk.analyst())
    services.switch_on(second, on=make.ON, at=make.AT, by=risk.analyst())
    assert list(Criterion.objects.switched_on(on=make.ON)) == [second]


def test_a_version_never_changes_its_content() -> None:
    made = risk.criterion()
    with pytest.raises(IntegrityError), transaction.atomic():
        Criterion.objects.filter(pk=made.pk).update(lane="green")
    services.switch_off(made, at=make.AT, by=risk.analyst())
    assert selectors.versions_in_force(on=make.ON) == {}


def test_a_version_that_is_past_is_not_switched_on() -> None:
    draft = risk.draft(valid_from=date(2026, 1, 1), valid_to=date(2026, 2, 1))
    made = services.make_criterion(draft, on=make.ON, at=make.AT, by=risk.analyst())
    with pytest.raises(Rejected, match="K021"):
        services.switch_on(made, on=make.ON, at=make.AT, by=risk.analyst())


# Replay and hit rates -----------------------------------------------------------------------------------------
def test_a_replay_tells_what_a_version_would_have_done_and_changes_nothing() -> None:
    tea, other = make.assessed(), make.assessed(items=[make.item(commodity_code=_other_code())])
    made = services.make_criterion(risk.draft(), on=make.ON, at=make.AT, by=risk.analyst())
    found = services.replay(made, last=50, at=make.AT, by=risk.analyst()).data
    assert (found["declarations"], found["hits"], found["selected"], found["changed"]) == (2, 1, 1, 1)
    assert (found["before"]["green"], found["after"]["green"], found["after"]["red"]) == (2, 1, 1)
    assert [row["mrn"] for row in found["sample"]] == [tea.mrn]
    assert selectors.score_of(tea) is None
    assert selectors.score_of(other) is None


def test_a_replay_takes_the_same_number_of_queries_whatever_it_replays() -> None:
    analyst = risk.analyst()
    made = services.make_criterion(risk.draft(), on=make.ON, at=make.AT, by=analyst)
    counts = []
    for more in (1, 5):
        for _ in range(more):
            make.assessed()
        with CaptureQueriesContext(connection) as captured:
            services.replay(made, last=50, at=make.AT, by=analyst)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_findings_flow_back_into_the_hit_rate() -> None:
    risk.criterion()
    for place, discrepancy in enumerate((True, False, None)):
        declaration = make.assessed(lrn=f"L{place}")
        services.score(declaration.pk, at=make.AT)
        if discrepancy is not None:
            services.record_outcome(declaration, discrepancy=discrepancy, at=make.AT)
    rate = selectors.hit_rates(since=make.ON)["TEA"]
    assert (rate.hits, rate.selected, rate.examined, rate.right) == (3, 3, 2, 1)
    assert rate.rate == 50
    assert selectors.hit_rates(since=LATER) == {}


# The file of a country ----------------------------------------------------------------------------------------
def test_the_criteria_of_the_country_load_once(country: Path) -> None:
    made = services.load_criteria(country, at=make.AT)
    assert made == len(selectors.versions_in_force(on=make.ON)) > 5
    assert services.load_criteria(country, at=make.AT) == 0


def test_an_analysts_version_is_not_overwritten_by_the_file(country: Path) -> None:
    services.load_criteria(country, at=make.AT)
    code = next(iter(selectors.versions_in_force(on=make.ON)))
    known = selectors.versions_in_force(on=make.ON)[code]
    services.new_version(known, risk.draft(), on=make.ON, at=make.AT, by=risk.analyst())
    assert services.load_criteria(country, at=make.AT) == 0


def test_a_fault_in_the_file_is_named_by_row_and_column_and_nothing_is_loaded(country: Path, tmp_path: Path) -> None:
    lines = (country / "criteria.csv").read_text().splitlines()
    (tmp_path / "criteria.csv").write_text("\n".join([*lines, lines[3].replace(",red,", ",pink,")]))
    with pytest.raises(Rejected) as error:
        services.load_criteria(tmp_path, at=make.AT)
    assert error.value.violations[0].pointer == f"criteria.csv:{len(lines) + 1}:lane"
    assert not Criterion.objects.exists()
    (tmp_path / "criteria.csv").write_text("code,name\nA,B\n")
    with pytest.raises(Rejected, match=r"criteria\.csv:1:lane: This column is missing"):
        services.load_criteria(tmp_path, at=make.AT)


# Pages --------------------------------------------------------------------------------------------------------
FORM = {
    "code": "TEA", "name": "Tea of China", "lane": "red", "share": "100", "instruction": "Open a packet.",
    "valid_from": "2026-11-01", "row0-field": "item.commodity_code", "row0-op": "starts_with", "row0-value": "0902",
}  # fmt: skip


def test_an_analyst_makes_replays_and_switches_on_a_criterion(as_analyst: Client) -> None:
    make.assessed()
    page = as_analyst.post(reverse("criterion_new"), FORM, follow=True)
    assert page.status_code == 200
    made = Criterion.objects.get(code="TEA")
    as_analyst.post(reverse("criterion_replay", args=[made.pk]), {"last": "50"})
    text = as_analyst.get(reverse("criterion", args=[made.pk])).content.decode()
    assert "hits among 1 declarations" in text
    as_analyst.post(reverse("criterion_switch_on", args=[made.pk]))
    assert Criterion.objects.get(pk=made.pk).switched_on
    as_analyst.post(reverse("criterion_switch_off", args=[made.pk]))
    assert not Criterion.objects.get(pk=made.pk).switched_on
    assert "Tea of China" in as_analyst.get(reverse("criteria")).content.decode()


def test_a_refused_criterion_keeps_what_was_typed(as_analyst: Client) -> None:
    page = as_analyst.post(reverse("criterion_new"), {**FORM, "row0-field": "item.net_mass", "row0-op": "contains"})
    assert page.status_code == 422
    assert "cannot be compared this way" in page.content.decode()
    assert "Open a packet." in page.content.decode()
    assert not Criterion.objects.exists()


def test_an_edit_makes_a_new_version(as_analyst: Client) -> None:
    made = risk.criterion()
    as_analyst.post(reverse("criterion_edit", args=[made.pk]), {**FORM, "lane": "yellow"})
    assert list(Criterion.objects.order_by("version").values_list("version", "lane")) == [(1, "red"), (2, "yellow")]


def test_criteria_do_not_exist_for_traders_and_other_officers(as_trader: Client, as_officer: Client) -> None:
    made = risk.criterion()
    for client in (as_trader, as_officer):
        assert client.get(reverse("criteria")).status_code == 404
        assert client.get(reverse("criterion", args=[made.pk])).status_code == 404
        assert client.post(reverse("criterion_switch_off", args=[made.pk])).status_code == 404


def test_an_auditor_reads_criteria_and_changes_none() -> None:
    made = risk.criterion()
    auditor = client_of(make.officer(Role.AUDITOR, None))
    assert auditor.get(reverse("criteria")).status_code == 200
    assert auditor.post(reverse("criterion_switch_off", args=[made.pk])).status_code == 404
    assert auditor.get(reverse("criterion_new")).status_code == 404


def _other_code() -> str:
    """A declarable code that is no tea."""
    return "1001990000"
