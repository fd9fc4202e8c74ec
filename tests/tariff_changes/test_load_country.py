"""A country is loaded whole or not at all, every fault named by file, row and column; a second run changes nothing."""

import csv
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from lib.violations import Rejected
from tariff_changes.services.country.nomenclature import harmonized_system
from tariff_changes.services.load_country import load_country
from tariffs import selectors
from tariffs.models import Commodity, Country, ExchangeRate, LegalAct, Measure, Section, Tax, Territory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
ON = date(2026, 11, 23)
Edit = Callable[[str, str, str], None]


@pytest.fixture
def folder(country: Path, tmp_path: Path) -> Path:
    """A copy of countries/tj that a test may spoil."""
    copy = tmp_path / "tj"
    shutil.copytree(country, copy)
    shutil.copytree(country.parent / "international", tmp_path / "international")
    return copy


@pytest.fixture
def edit(folder: Path) -> Edit:
    def replace(file: str, old: str, new: str) -> None:
        path = folder / file
        content = path.read_text(encoding="utf-8")
        assert old in content
        path.write_text(content.replace(old, new, 1), encoding="utf-8")

    return replace


def faults(folder: Path) -> list[str]:
    with pytest.raises(Rejected) as refusal:
        load_country(folder, at=AT)
    return [fault.pointer for fault in refusal.value.violations]


def test_the_harmonized_system_is_that_of_2022() -> None:
    lengths = [len(code) for code in harmonized_system()]
    assert [lengths.count(digits) for digits in (2, 4, 6)] == [97, 1229, 5613]
    assert "854143" in harmonized_system()  # solar panels were split off in 2022
    assert Section.objects.count() == 21


@pytest.mark.server
def test_the_same_folder_again_changes_nothing(country: Path) -> None:
    before = selectors.territory().edition
    tallies = load_country(country, at=AT)
    assert {name for name, tally in tallies.items() if tally.written} == set()
    assert tallies["measures.csv"].unchanged > 200
    assert selectors.territory().edition == before


def test_a_changed_row_is_changed_and_processes_are_told(folder: Path, edit: Edit) -> None:
    before = selectors.territory().edition
    assert selectors.known_codes("office", on=ON) >= {"TJ01", "TJ13"}
    edit("offices.csv", "Dushanbe terminal", "Dushanbe freight terminal")
    tallies = load_country(folder, at=AT)
    assert (tallies["offices.csv"].changed, tallies["offices.csv"].added) == (1, 0)
    assert selectors.territory().edition > before
    assert selectors.code_list("office", on=ON)["TJ02"] == "Dushanbe freight terminal"


@pytest.mark.server
def test_every_fault_is_named_and_nothing_is_loaded(folder: Path, edit: Edit) -> None:
    edit("offices.csv", "TJ13,Khorog", "tj-13,Khorog")
    edit("measures.csv", "DUTY,,,,,,,10%", "DUTY,,,,,,,10 apples")
    edit("measures.csv", "DUTY,,CISFT", "DUTY,,NOWHERE")
    edit("taxes.csv", "DUTY EXCISE", "DUTY TOLL")
    edit("exchange_rates.csv", "2.5326", "2.53.26")
    edit("procedures.csv", "2022-01-01", "01/02/2022")
    edit("group_members.csv", "CISFT,AM", "CISFT,XX")
    assert sorted(faults(folder)) == [
        "exchange_rates.csv:2:rate",
        "group_members.csv:2:country",
        "measures.csv:2:rate",
        "measures.csv:3:origin",
        "offices.csv:14:code",
        "procedures.csv:2:valid_from",
        "taxes.csv:5:base_taxes",
    ]
    assert Tax.objects.get(code="VAT").base_taxes == ["DUTY", "EXCISE", "ADD"]


@pytest.mark.parametrize(
    ("file", "old", "new", "pointer"),
    [
        ("groups.csv", "name_tg", "name_tj", "groups.csv:1:name_tj"),
        ("groups.csv", "code,", "kode,", "groups.csv:1:code"),
        ("groups.csv", "CISFT,", "CISFT,more,", "groups.csv:2:"),
        ("fees.csv", "FEE,0,", "TOLL,0,", "fees.csv:2:tax"),
        ("nomenclature.csv", "\n0808108000", "\n0808998000", "nomenclature.csv:116:code"),
        ("measures.csv", "Order 450", "Order 451", "measures.csv:29:act"),
        ("country.toml", 'currency = "TJS"', "", "country.toml:1:currency"),
        ("country.toml", 'currency = "TJS"', 'currency = "TJX"', "country.toml:1:currency"),
        ("country.toml", '"CNY"', '"CNX"', "country.toml:1:currency"),
        ("country.toml", 'code = "TJ"', 'code = "UZ"', "country.toml:1:code"),
        ("country.toml", "../international", "../nowhere", "country.toml:1:international"),
    ],
)
def test_a_fault_is_named_by_file_row_and_column(
    folder: Path, edit: Edit, file: str, old: str, new: str, pointer: str
) -> None:
    edit(file, old, new)
    assert pointer in faults(folder)


def test_two_rates_for_one_day_are_refused_naming_the_later_row(folder: Path) -> None:
    with (folder / "measures.csv").open("a", encoding="utf-8") as stream:
        stream.write('VAT,,,,,,,15%,no,no,"Tax Code, art. 264",2026-06-01,,,,,,,,,,,,\n')
    rows = (folder / "measures.csv").read_text(encoding="utf-8").count("\n")
    assert faults(folder) == [f"measures.csv:{rows}:valid_from"]


def test_a_file_in_another_encoding_or_of_unknown_name_is_refused(folder: Path) -> None:
    (folder / "groups.csv").write_bytes("code,name,name_ru,name_tg\nCISFT,a,Зона,b\n".encode("cp1251"))
    (folder / "measure.csv").write_text("tax\n", encoding="utf-8")
    assert set(faults(folder)) >= {"groups.csv:2:name_ru", "measure.csv:1:"}


def test_the_command_prints_each_fault_and_fails(folder: Path, edit: Edit, capsys: pytest.CaptureFixture[str]) -> None:
    edit("measures.csv", "DUTY,,,,,,,10%", "DUTY,,,,,,,ten")
    with pytest.raises(CommandError, match="1 faults, nothing is loaded"):
        call_command("load_country", str(folder))
    assert "measures.csv:2:rate: “ten” cannot be read at character 1" in capsys.readouterr().err


def test_a_subheading_without_national_codes_has_one_generic_code() -> None:
    assert selectors.declarable(["9701210000", "0808100000", "0808108000", "970121"], on=ON) == {
        "9701210000",
        "0808108000",
    }


def test_an_exchange_rate_holds_until_the_next_one_and_the_last_stays_in_force() -> None:
    first, second, *_, last = ExchangeRate.objects.filter(currency="EUR").order_by("valid_from")
    assert (second.valid_from - first.valid_to).days == 1
    assert last.valid_to is None
    assert selectors.exchange_rate("EUR", on=date(2030, 1, 1)) is not None


def test_the_database_refuses_two_values_for_one_day() -> None:
    act = LegalAct.objects.get(number="Order 450")
    same = Measure.objects.get(commodity_prefix="0808108000", tax_code="DUTY")
    same.pk = None
    with pytest.raises(IntegrityError, match="measure_once_a_day"), transaction.atomic():
        same.save(force_insert=True)
    same.pk, same.valid_from, same.valid_to = None, date(2021, 1, 1), date(2021, 12, 31)
    same.save(force_insert=True)
    with pytest.raises(IntegrityError, match="commodity_once_a_day"), transaction.atomic():
        Commodity.objects.create(code="0808108000", valid_from=date(2027, 1, 1), legal_act=act)
    with pytest.raises(IntegrityError, match="exchange_rate_once_a_day"), transaction.atomic():
        ExchangeRate.objects.create(currency="EUR", rate=1, valid_from=date(2029, 1, 1))
    with pytest.raises(IntegrityError, match="one_territory"), transaction.atomic():
        Territory.objects.create(code="XX", name="Another", currency="USD")


def test_countries_are_named_in_three_languages() -> None:
    assert Country.objects.count() == 249
    assert Country.objects.get(code="TJ").name_tg == "Тоҷикистон"
    assert not Country.objects.filter(name_ru="").exists()


@pytest.mark.parametrize("language", ["ru", "tg"])
def test_every_heading_has_a_name_in_russian_and_in_tajik(language: str) -> None:
    headings = Commodity.objects.filter(code__regex=r"^\d{4}$")
    assert headings.count() > 1200
    assert list(headings.filter(**{f"description_{language}": ""}).values_list("code", flat=True)) == []


def test_everyday_words_name_at_least_2500_things_in_all_three_languages(country: Path) -> None:
    with (country.parent / "international" / "synonyms.csv").open(encoding="utf-8") as file:
        things = [row for row in csv.DictReader(file) if row["en"] and row["ru"] and row["tg"]]
    assert len(things) >= 2500
