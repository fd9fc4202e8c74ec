"""Criteria: versions, the switch, replay, the file of a country, and the analysts' pages."""

import re
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from lib.violations import Rejected
from risk import selectors, services
from risk.models import Criterion, CriterionEvent, Replay, RiskListVersion
from risk.tasks import replay
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
        ({"code": "ТЕА"}, "K001", "code"),  # Cyrillic letters that look like Latin ones
        ({"code": "TEA v2"}, "K001", "code"),  # how the search names a version
        ({"name": ""}, "K002", "name"),
        ({"lane": "pink"}, "K003", "lane"),
        ({"share": 101}, "K004", "share"),
        ({"share": 0}, "K004", "share"),
        ({"share": Decimal("NaN")}, "K004", "share"),
        ({"share": Decimal("0.001")}, "K004", "share"),
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
    new = services.new_version(old, risk.draft(lane="yellow"), on=LATER, at=make.AT, by=None)
    assert selectors.versions_in_force(on=LATER)["TEA"] == old
    services.switch_on(new, on=LATER, at=make.AT, by=None)
    assert selectors.versions_in_force(on=LATER)["TEA"] == new
    assert selectors.versions_in_force(on=LATER - timedelta(days=1))["TEA"] == old
    verbs = set(CriterionEvent.objects.filter(criterion=old).values_list("verb", flat=True))
    assert verbs == {"made", "switched_on", "ended"}


def test_two_versions_are_never_on_for_one_day() -> None:
    old = risk.criterion()
    new = services.new_version(old, risk.draft(), on=make.ON, at=make.AT, by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Criterion.objects.filter(pk=new.pk).update(switched_on=True, valid_from=old.valid_from)


def test_a_version_edited_twice_in_a_day_is_replaced_at_once() -> None:
    first = risk.criterion(valid_from=make.ON)
    second = services.new_version(first, risk.draft(), on=make.ON, at=make.AT, by=None)
    services.switch_on(second, on=make.ON, at=make.AT, by=None)
    assert list(Criterion.objects.switched_on(on=make.ON)) == [second]


def test_a_version_never_changes_its_content() -> None:
    made = risk.criterion()
    with pytest.raises(IntegrityError), transaction.atomic():
        Criterion.objects.filter(pk=made.pk).update(lane="green")
    with pytest.raises(Rejected, match="K056"):
        services.switch_off(made, reason=" ", at=make.AT, by=risk.analyst())
    services.switch_off(made, reason="It finds nothing.", at=make.AT, by=risk.analyst())
    assert CriterionEvent.objects.filter(criterion=made).first().note == "It finds nothing."  # type: ignore[union-attr]
    assert selectors.versions_in_force(on=make.ON) == {}


def test_a_version_that_is_past_is_not_switched_on() -> None:
    draft = risk.draft(valid_from=date(2026, 1, 1), valid_to=date(2026, 2, 1))
    made = services.make_criterion(draft, on=make.ON, at=make.AT, by=None)
    with pytest.raises(Rejected, match="K021"):
        services.switch_on(made, on=make.ON, at=make.AT, by=None)


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


def test_one_analyst_makes_replays_and_puts_forward_and_another_lets_it_go_live(
    as_analyst: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: risk.LATER)
    make.assessed()
    second = client_of(risk.second_analyst())
    assert as_analyst.post(reverse("criterion_new"), FORM, follow=True).status_code == 200
    made = Criterion.objects.get(code="TEA")
    page = reverse("criterion", args=[made.pk])
    assert "Replay this version first" in as_analyst.post(page + "propose/").content.decode()
    as_analyst.post(page + "replay/", {"days": "30"})
    assert "waiting for a worker" in as_analyst.get(page).content.decode()
    replay(Replay.objects.get().pk)
    assert "hits among 1 declarations" in as_analyst.get(page).content.decode()
    asked = as_analyst.post(page + "propose/")
    assert (asked.status_code, "It would send 100.0 % to an officer" in asked.content.decode()) == (422, True)
    as_analyst.post(page + "propose/", {"reason": "Tea is what we look for."})
    assert "Approve: let it go live" not in as_analyst.get(page).content.decode()
    assert as_analyst.post(page + "approve/").status_code == 422
    assert "Waiting for a second analyst" in second.get(reverse("criteria")).content.decode()
    assert "Tea is what we look for." in second.get(page).content.decode()
    second.post(page + "approve/")
    assert Criterion.objects.get(pk=made.pk).switched_on
    assert second.post(page + "switch-off/").status_code == 422
    second.post(page + "switch-off/", {"reason": "It finds nothing."})
    assert not Criterion.objects.get(pk=made.pk).switched_on
    assert "Tea of China" in as_analyst.get(reverse("criteria")).content.decode()


def test_more_rows_keep_what_was_typed_and_judge_nothing(as_analyst: Client) -> None:
    page = as_analyst.post(reverse("criterion_new"), {"more": "1", "rows": "6", **FORM, "name": ""})
    assert page.status_code == 200
    assert 'name="row11-value"' in page.content.decode()
    assert 'value="0902"' in page.content.decode()
    assert not Criterion.objects.exists()


def test_pickers_suggest_traders_and_lists_that_fit(as_analyst: Client, as_officer: Client) -> None:
    make.company()
    draft = services.ListDraft(code="SHADY", kind="trader", name="Shady", entries=[make.TIN])
    services.make_list(draft, valid_from=make.ON, note="", on=make.ON, at=make.AT, by=risk.analyst())
    found = as_analyst.get(reverse("criterion_traders"), {"q": "somon"}).content.decode()
    assert f'data-code="{make.TIN}"' in found
    lists = reverse("risk_lists_suggest")
    assert "SHADY" in as_analyst.get(lists, {"field": "header.consignee_code"}).content.decode()
    assert "SHADY" not in as_analyst.get(lists, {"field": "item.origin_country"}).content.decode()
    assert as_officer.get(reverse("criterion_traders"), {"q": "somon"}).status_code == 404


def test_analysts_keep_lists_on_a_page(as_analyst: Client) -> None:
    sent = {"code": "risky", "kind": "country", "name": "Risky", "entries": "cn, tr\nUZ", "valid_from": "2026-11-01"}
    wrong = as_analyst.post(reverse("risk_list_new"), {**sent, "entries": "XQ"})
    assert (wrong.status_code, "cannot stand in this list: XQ" in wrong.content.decode()) == (422, True)
    page = as_analyst.post(reverse("risk_list_new"), sent)["Location"]
    assert as_analyst.post(page + "1/approve/", follow=True).content.decode().count("Another analyst has to")
    second = client_of(risk.second_analyst())
    second.post(page + "1/approve/")
    second.post(page, {"entries": "UZ", "valid_from": "2026-11-01", "note": "Only these."})
    text = second.get(page).content.decode()
    assert "CN, TR" in text
    assert "waits for a second analyst" in text
    assert "RISKY" in second.get(reverse("risk_lists")).content.decode()


@pytest.mark.parametrize(
    ("typed", "kept"), [("0,5", "0.50"), ("12.5", "12.50"), ("100", "100.00"), ("0,005", None), ("100,5", None)]
)
def test_a_share_is_read_as_people_write_it(as_analyst: Client, typed: str, kept: str | None) -> None:
    answer = as_analyst.post(reverse("criterion_new"), {**FORM, "share": typed})
    assert answer.status_code == (302 if kept else 422)
    assert [f"{each.share}" for each in Criterion.objects.all()] == ([kept] if kept else [])


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


def seen_on(page: bytes) -> str:
    found = re.search(r'name="seen" value="(\d+)"', page.decode())
    assert found is not None
    return found[1]


def test_of_two_analysts_who_edit_one_criterion_the_second_hears_of_the_first(as_analyst: Client) -> None:
    door, other = reverse("criterion_edit", args=[risk.criterion().pk]), client_of(risk.second_analyst())
    seen = [seen_on(client.get(door).content) for client in (as_analyst, other)]
    assert as_analyst.post(door, {**FORM, "lane": "yellow", "seen": seen[0]}).status_code == 302
    sent = {**FORM, "name": "Tea of the second", "seen": seen[1]}
    asked = other.post(door, {**sent, "more": "1"})
    assert seen_on(asked.content) == seen[1], "more rows are no look at what the other one did"
    told = other.post(door, sent)
    assert (told.status_code, Criterion.objects.count()) == (422, 2)
    text = told.content.decode()
    assert all(words in text for words in (str(risk.analyst()), "version 2", "Tea of the second"))
    assert other.post(door, {**sent, "seen": seen_on(told.content)}).status_code == 302, "sent again it is meant so"
    assert Criterion.objects.get(version=3).name == "Tea of the second"


def test_of_two_analysts_who_edit_one_list_the_second_hears_of_the_first(as_analyst: Client) -> None:
    sent = {"code": "risky", "kind": "country", "name": "Risky", "entries": "CN", "valid_from": "2026-11-01"}
    page, other = as_analyst.post(reverse("risk_list_new"), sent)["Location"], client_of(risk.second_analyst())
    seen = seen_on(other.get(page).content)
    change = {"valid_from": "2026-11-01", "note": "One more.", "seen": seen}
    assert as_analyst.post(page, {**change, "entries": "CN, TR"}).status_code == 302
    told = other.post(page, {**change, "entries": "CN, UZ"})
    assert (told.status_code, RiskListVersion.objects.count()) == (422, 2)
    assert "UZ" in told.content.decode()
    again = {**change, "entries": "CN, TR, UZ", "seen": seen_on(other.get(page).content)}
    assert other.post(page, again).status_code == 302
    assert RiskListVersion.objects.get(number=3).entries == ["CN", "TR", "UZ"]


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
