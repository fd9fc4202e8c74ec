"""The law in a country's folder is a change set: number one, then one for each folder that says something else."""

import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from lib.violations import Rejected
from tariff_changes import services as changes
from tariff_changes.models import ChangeSet
from tariff_changes.selectors.shown_rows import rows_of
from tariff_changes.services import exchange_rates
from tariff_changes.services.load_country import load_country
from tariff_changes.states import WrongStatus, move
from tariffs.calculation import Draw
from tariffs.columns import LAW
from tariffs.models import Commodity, ExchangeRate, LegalAct, Measure, Quota
from tariffs.services.quotas import draw
from tests import make
from tests.conftest import client_of
from tests.tariff_changes.change_steps import (
    APPLES,
    AT,
    ON,
    START,
    apples,
    codes,
    maker,
    published,
    replaced,
    submitted,
)

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=40)
Edit = Callable[[str, str, str], None]


@pytest.fixture
def folder(country: Path, tmp_path: Path) -> Path:
    """A copy of countries/tj that a test may change."""
    shutil.copytree(country, tmp_path / "tj")
    shutil.copytree(country.parent / "international", tmp_path / "international")
    return tmp_path / "tj"


@pytest.fixture
def edit(folder: Path) -> Edit:
    def replace(file: str, old: str, new: str) -> None:
        content = (folder / file).read_text(encoding="utf-8")
        assert old in content
        (folder / file).write_text(content.replace(old, new, 1), encoding="utf-8")

    return replace


def loaded() -> list[ChangeSet]:
    return list(ChangeSet.objects.filter(origin=ChangeSet.Origin.FOLDER).order_by("pk"))


def only(change_set: ChangeSet) -> dict[str, tuple[str, str]]:
    """Column -> before and after, of the single row of a set."""
    (row,) = rows_of(change_set).rows
    return {cell.column: (cell.before, cell.after) for cell in row.changes}


# Number one ---------------------------------------------------------------------------------------------------


def test_the_law_of_a_country_is_a_published_set_that_no_person_made() -> None:
    (first,) = loaded()
    assert (first.title, first.status) == ("Law of Tajikistan as loaded", ChangeSet.Status.PUBLISHED)
    assert (first.made_by, first.submitted_by, first.approved_by) == (None, None, None)
    for table in LAW.values():
        written = set(first.rows.filter(table=table.name).values_list("written", flat=True))
        assert written == set(table.model.objects.values_list("pk", flat=True)), table.name


def test_officers_see_it_among_the_published_sets_without_a_way_back() -> None:
    (first,) = loaded()
    client: Client = client_of(maker())
    listed = client.get(reverse("change_sets"), {"show": "published"}).content.decode()
    assert first.title in listed
    assert "folder of the country" in listed
    page = client.get(reverse("change_set", args=[first.pk])).content.decode()
    assert "This law came with the folder of the country" in page
    assert "Make the opposite" not in page
    with pytest.raises(Rejected) as refusal:
        changes.opposite(first, by=maker(), at=AT)
    assert codes(refusal) == ["T422"]


def test_only_a_loaded_set_does_without_persons() -> None:
    (first,) = loaded()
    made = {"title": "Nobody's", "takes_effect": START, "made_at": AT}
    with pytest.raises(IntegrityError, match="change_set_made_by_persons_or_loaded"), transaction.atomic():
        ChangeSet.objects.create(**made)
    with pytest.raises(IntegrityError, match="change_set_published_needs_approval"), transaction.atomic():
        ChangeSet.objects.create(**made, made_by=maker(), status="published", published_at=AT)
    with pytest.raises(IntegrityError, match="refused"), transaction.atomic():
        ChangeSet.objects.filter(pk=first.pk).update(title="Another")


# What a folder changes ----------------------------------------------------------------------------------------


def test_the_same_folder_again_makes_no_set(country: Path) -> None:
    tallies = load_country(country, at=LATER)
    assert {name for name, tally in tallies.items() if tally.written} == set()
    assert len(loaded()) == 1


def test_a_changed_row_makes_a_set_with_exactly_that_difference(folder: Path, edit: Edit) -> None:
    before = apples(ON)
    edit("measures.csv", f"DUTY,{APPLES},,,,,,5% min 0.03 EUR/kg", f"DUTY,{APPLES},,,,,,6% min 0.03 EUR/kg")
    tallies = load_country(folder, at=AT)
    assert (tallies["measures.csv"].added, tallies["measures.csv"].changed) == (0, 1)
    _first, second = loaded()
    assert second.title == "Law of Tajikistan, loaded with changes"
    assert only(second) == {"rate": ("5% min 0.03 EUR/kg", "6% min 0.03 EUR/kg")}
    after = apples(ON)
    assert (after.pk, after.rate_text) == (before.pk, "6% min 0.03 EUR/kg")
    assert load_country(folder, at=LATER)["measures.csv"].written == 0


def test_a_row_that_begins_later_ends_the_one_before_it(folder: Path) -> None:
    rows = (folder / "measures.csv").read_text(encoding="utf-8")
    head = rows.split("\n", 1)[0].split(",")
    new = {"tax": "DUTY", "commodity": APPLES, "rate": "9%", "act": "Order 450", "valid_from": "2027-02-01"}
    (folder / "measures.csv").write_text(rows + ",".join(new.get(name, "") for name in head) + "\n", encoding="utf-8")
    load_country(folder, at=AT)
    rows_made = {(row.row.action, row.row.values.get("valid_to", "")) for row in rows_of(loaded()[-1]).rows}
    assert rows_made == {("end", "2027-01-31"), ("create", "")}
    assert [apples(day).rate_text for day in (date(2027, 1, 31), date(2027, 2, 1))] == ["5% min 0.03 EUR/kg", "9%"]


def test_a_line_that_splits_its_subheading_ends_the_generic_code(folder: Path) -> None:
    with (folder / "nomenclature.csv").open("a", encoding="utf-8") as stream:
        stream.write("9701210001,,Oil paintings,,,,,,,\n9701210009,,Other,,,,,,,\n")
    load_country(folder, at=AT)
    assert Commodity.objects.get(code="9701210000").valid_to == ON - timedelta(days=1)
    actions = {(row.row.action, row.name) for row in rows_of(loaded()[-1]).rows}
    assert actions == {("create", "9701210001"), ("create", "9701210009"), ("end", "9701210000")}


def test_a_quota_that_was_drawn_from_is_put_right_in_place(folder: Path, edit: Edit) -> None:
    quota = Quota.objects.on(ON).get(number="090207")
    five = Decimal(5)
    draw([Draw(1, "090207", "TNE", five, five, quota.volume)], drawn_for="TEST/1", on=ON, at=AT)
    names = "TNE,Example,Poultry meat (example),Мясо птицы (пример),Гӯшти парранда (намуна)"
    edit("quotas.csv", f"090207,20000,{names},2026", f"090207,21000,{names},2026")
    load_country(folder, at=AT)
    quota.refresh_from_db()
    assert (quota.volume, quota.drawn) == (21000, 5)


# What officers have decided about -----------------------------------------------------------------------------


def test_what_a_published_set_has_decided_about_stays_as_it_decided(folder: Path, edit: Edit) -> None:
    published(replaced("7%"))
    edit("measures.csv", f"DUTY,{APPLES},,,,,,5% min 0.03 EUR/kg", f"DUTY,{APPLES},,,,,,6% min 0.03 EUR/kg")
    assert load_country(folder, at=AT)["measures.csv"].written == 0
    assert [apples(day).rate_text for day in (ON, START)] == ["5% min 0.03 EUR/kg", "7%"]
    assert len(loaded()) == 1


def test_a_row_that_officers_took_out_before_it_began_does_not_come_back(folder: Path, country: Path) -> None:
    rows = (folder / "measures.csv").read_text(encoding="utf-8")
    head = rows.split("\n", 1)[0].split(",")
    new = {"tax": "DUTY", "commodity": "0808300000", "rate": "9%", "act": "Order 450", "valid_from": "2027-02-01"}
    (folder / "measures.csv").write_text(rows + ",".join(new.get(name, "") for name in head) + "\n", encoding="utf-8")
    load_country(folder, at=AT)
    pears = Measure.objects.get(commodity_prefix="0808300000")
    held = changes.begin(title="Not pears", takes_effect=date(2027, 2, 1), by=maker(), at=AT)
    changes.add_row(held, table="measure", action="end", target=pears.pk, by=maker(), at=AT)
    published(held)
    assert not Measure.objects.filter(commodity_prefix="0808300000").exists()
    assert load_country(folder, at=AT)["measures.csv"].written == 0


def test_an_exchange_rate_that_came_in_a_list_stays(folder: Path) -> None:
    before = ExchangeRate.objects.filter(currency="EUR").latest("valid_from")
    day = before.valid_from + timedelta(days=7)
    content = f"currency,nominal,rate,valid_from\nEUR,1,{before.rate},{day}\n".encode()
    brought = exchange_rates.bring_file(content, name="rates.csv", source="National Bank", by=maker(), at=AT)
    exchange_rates.confirm(brought, by=make.officer(Role.APPROVING, None), at=AT)
    with (folder / "exchange_rates.csv").open("a", encoding="utf-8") as stream:
        stream.write(f"EUR,1,99,Somebody else,yes,{day},\n")
    assert load_country(folder, at=AT)["exchange_rates.csv"].written == 0
    assert ExchangeRate.objects.get(currency="EUR", valid_from=day).rate == before.rate
    before.refresh_from_db()
    assert before.valid_to == day - timedelta(days=1)


def test_a_set_on_its_way_hears_that_a_folder_was_quicker(folder: Path, edit: Edit) -> None:
    waiting = submitted(replaced("7%"))
    edit("measures.csv", f"DUTY,{APPLES},,,,,,5% min 0.03 EUR/kg", f"DUTY,{APPLES},,,,,,6% min 0.03 EUR/kg")
    load_country(folder, at=AT)
    assert [fault.code for fault in changes.judge(waiting, on=ON)] == ["T406"]


# The same rules -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "old", "new", "pointer", "code"),
    [
        ("taxes.csv", "Аксиз,2025-05-29", "Аксиз,2024-01-01", "taxes.csv:4:valid_from", "T402"),
        ("measures.csv", "DUTY,,,,,,,10%", "DUTY,,,,,,,", "measures.csv:2:rate", "T405"),
        ("measures.csv", "DUTY,0207,", "DUTY,7788,", "measures.csv:228:commodity", "T403"),
        ("measures.csv", "DUTY,1006,PK,40,,,,Free,no,yes,Example,2024", "DUTY,1006,PK,40,,,,Free,no,yes,Example,2023",
         "measures.csv:230:quota", "T402"),
        ("groups.csv", "CISFT,", "cisft,", "groups.csv:2:code", "T413"),
        ("fees.csv", "20 TJS", "20 ABC", "fees.csv:2:fee", "T405"),
        ("exchange_rates.csv", "AED,1,", "AED,0,", "exchange_rates.csv:2:nominal", "T413"),
        ("exchange_rates.csv", "AED,1,", "AAA,1,", "exchange_rates.csv:2:currency", "T403"),
        ("country.toml", 'act = "TN VED"', 'act = "Nothing"', "country.toml:1:nomenclature.act", "T101"),
        ("measures.csv", "DUTY,,,,,,,10%", "DUTY,,,,,,,=10%", "measures.csv:2:rate", "T434"),
    ],
)  # fmt: skip
def test_the_rules_of_change_sets_judge_a_folder(
    folder: Path, edit: Edit, file: str, old: str, new: str, pointer: str, code: str
) -> None:
    edit(file, old, new)
    before = Measure.objects.count(), Commodity.objects.count(), LegalAct.objects.count()
    with pytest.raises(Rejected) as refusal:
        load_country(folder, at=AT)
    assert (pointer, code) in [(fault.pointer, fault.code) for fault in refusal.value.violations]
    assert (Measure.objects.count(), Commodity.objects.count(), LegalAct.objects.count()) == before
    assert len(loaded()) == 1


def test_a_row_that_stands_twice_is_named_with_the_first_one(folder: Path) -> None:
    first = (folder / "group_members.csv").read_text(encoding="utf-8").split("\n")[1]
    with (folder / "group_members.csv").open("a", encoding="utf-8") as stream:
        stream.write(first + "\n")
    with pytest.raises(Rejected) as refusal:
        load_country(folder, at=AT)
    (fault,) = refusal.value.violations
    assert (fault.code, fault.pointer) == ("T433", "group_members.csv:10:valid_from")
    assert "row 2" in fault.sentence


# Where a set stands -------------------------------------------------------------------------------------------


def test_a_status_moves_only_as_the_table_says_and_from_where_it_is() -> None:
    draft = replaced()
    stale = ChangeSet.objects.get(pk=draft.pk)
    with pytest.raises(WrongStatus):
        move(draft, ChangeSet.Status.PUBLISHED, published_at=datetime(2026, 11, 23, tzinfo=UTC))
    changes.withdraw(draft, by=maker(), at=AT)
    with pytest.raises(WrongStatus, match="no longer draft"):
        move(stale, ChangeSet.Status.SUBMITTED)
    assert ChangeSet.objects.get(pk=draft.pk).status == ChangeSet.Status.WITHDRAWN
