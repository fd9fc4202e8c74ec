"""A national tariff is loaded from one table: whole or not at all, and a second run changes nothing."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Role, User
from lib.violations import Rejected
from tariff_changes.services.law_lock import may_write_law
from tariff_changes.services.load_country import load_country
from tariff_changes.services.load_tariff import Outcome, load_tariff
from tariffs import selectors
from tariffs.models import Commodity, Measure
from tests import make

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
START = date(2026, 12, 1)
BEFORE = START - timedelta(days=1)
HEAD = "code10,heading_ru,name_ru,duty_rate_text,ambiguous_duplicate\n"
ROWS = (
    '0808108000,"ЯБЛОКИ, ГРУШИ И АЙВА, СВЕЖИЕ",- - прочие,"12%, но не менее 0.1 EUR за 1 кг",0\n'
    "6109100000,МАЙКИ,- из хлопчатобумажной пряжи,12,0\n"
    "9701210001,КАРТИНЫ,- - - живопись маслом,5%,0\n"
    "9701210009,КАРТИНЫ,- - - прочие,0,0\n"
    "9701290000,КАРТИНЫ,- - прочие,7%,1\n"
)


def table(tmp_path: Path, rows: str = ROWS) -> Path:
    file = tmp_path / "tariff.csv"
    file.write_text(HEAD + rows, encoding="utf-8")
    return file


def load(file: Path, *, start: date = START) -> Outcome:
    return load_tariff(file, tax="DUTY", act="Order 450", start=start, at=AT, by=maker(), approved_by=approver())


def maker() -> User:
    return make.officer(Role.TARIFF, None)


def approver() -> User:
    return make.officer(Role.APPROVING, None)


def rate_of(code: str, on: date) -> str:
    return Measure.objects.on(on).get(tax_code="DUTY", commodity_prefix=code, origin="").rate_text


def test_a_new_rate_ends_the_old_one_the_day_before(tmp_path: Path) -> None:
    load(table(tmp_path))
    assert rate_of("0808108000", BEFORE) == "5% min 0.03 EUR/kg"
    assert rate_of("0808108000", START) == "12%, но не менее 0.1 EUR за 1 кг"


def test_a_number_without_a_unit_is_per_cent_and_reported(tmp_path: Path) -> None:
    outcome = load(table(tmp_path))
    assert rate_of("6109100000", START) == "12%"
    assert outcome.bare == ("6109100000",)


def test_a_split_subheading_ends_its_generic_code(tmp_path: Path) -> None:
    outcome = load(table(tmp_path))
    codes = ["9701210000", "9701210001", "9701210009"]
    assert selectors.declarable(codes, on=BEFORE) == {"9701210000"}
    assert selectors.declarable(codes, on=START) == {"9701210001", "9701210009"}
    assert outcome.ended == 1


def test_texts_lose_their_dashes_and_headings_without_a_name_get_one_in_small_letters(tmp_path: Path) -> None:
    with may_write_law():
        Commodity.objects.filter(code="9701").update(description_ru="")
    load(table(tmp_path))
    line = Commodity.objects.on(START).get(code="9701210001")
    assert (line.description_ru, line.indent) == ("живопись маслом", 3)
    assert Commodity.objects.on(START).get(code="9701").description_ru == "Картины"


def test_flagged_rows_are_left_out_and_reported(tmp_path: Path) -> None:
    outcome = load(table(tmp_path))
    assert outcome.flagged == ("9701290000",)
    assert not Measure.objects.filter(commodity_prefix="9701290000").exists()


def test_a_second_run_changes_nothing_even_on_a_later_day(tmp_path: Path, country: Path) -> None:
    file = table(tmp_path)
    load(file)
    for start in (START, START + timedelta(days=40)):
        again = load(file, start=start)
        assert (again.commodities.written, again.measures.written, again.ended) == (0, 0, 0)
        assert again.measures.unchanged == 4
    tallies = load_country(country, at=AT)
    assert {name for name, tally in tallies.items() if tally.written} == set()


@pytest.mark.parametrize(
    ("row", "pointer"),
    [
        ("0808,ЯБЛОКИ,- прочие,5%,0\n", "tariff.csv:7:code10"),
        ("0899100000,ЯБЛОКИ,- прочие,5%,0\n", "tariff.csv:7:code10"),
        ("6109100000,МАЙКИ,- прочие,5%,0\n", "tariff.csv:7:code10"),
        ("6109900000,МАЙКИ,- прочие,5% или больше,0\n", "tariff.csv:7:duty_rate_text"),
        ("6109900000,МАЙКИ,- прочие,,0\n", "tariff.csv:7:duty_rate_text"),
        ("6109900000,МАЙКИ,- прочие,5%,maybe\n", "tariff.csv:7:ambiguous_duplicate"),
        ("6109900000,МАЙКИ\n", "tariff.csv:7:"),
    ],
)
def test_a_bad_row_refuses_the_load_and_names_itself(tmp_path: Path, row: str, pointer: str) -> None:
    before = Measure.objects.count(), Commodity.objects.count()
    with pytest.raises(Rejected) as refusal:
        load(table(tmp_path, ROWS + row))
    assert [fault.pointer for fault in refusal.value.violations] == [pointer]
    assert (Measure.objects.count(), Commodity.objects.count()) == before


def test_the_command_takes_the_countrys_import_duty(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    start = timezone.localdate() + timedelta(days=400)
    persons = ("--by", maker().email, "--approved-by", approver().email)
    call_command("load_tariff", str(table(tmp_path)), "--from", start.isoformat(), *persons)
    printed = capsys.readouterr().out
    assert "rates written: 4 of 5" in printed
    assert f"5 rows read for DUTY under Order 450 from {start}: change set" in printed
    with pytest.raises(CommandError, match="There is no file"):
        call_command("load_tariff", str(tmp_path / "absent.csv"), *persons)


def test_a_tariff_needs_two_persons_and_they_are_named(tmp_path: Path) -> None:
    file, start = str(table(tmp_path)), (timezone.localdate() + timedelta(days=400)).isoformat()
    with pytest.raises(CommandError, match="--by"):
        call_command("load_tariff", file, "--from", start)
    with pytest.raises(CommandError, match="--approved-by: nobody"):
        call_command("load_tariff", file, "--from", start, "--by", maker().email, "--approved-by", "x@example.com")
    with pytest.raises(CommandError, match="1 faults, nothing is loaded"):
        call_command("load_tariff", file, "--from", start, "--by", maker().email, "--approved-by", maker().email)


def test_rates_that_have_begun_today_change_from_tomorrow_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    persons = ("--by", maker().email, "--approved-by", approver().email)
    call_command("load_tariff", str(table(tmp_path)), *persons)
    call_command(
        "load_tariff",
        str(table(tmp_path, ROWS.replace("9701210009,КАРТИНЫ,- - - прочие,0", "9701210009,КАРТИНЫ,- - - прочие,3%"))),
        *persons,
    )
    printed = capsys.readouterr().out
    today = timezone.localdate()
    assert f"from {today}: change set" in printed
    assert f"from {today + timedelta(days=1)}: change set" in printed
    assert "rates: 0 new, 1 changed, 3 unchanged" in printed


@pytest.mark.long
def test_a_large_national_tariff_is_loaded_whole(shared_data: Path) -> None:
    file = shared_data / "tariff" / "ett_2026.csv"
    outcome = load(file)
    assert (outcome.rows, len(outcome.flagged), outcome.measures.written) == (13_290, 23, 13_267)
    assert outcome.change_set is not None
    assert outcome.change_set.rows.filter(source_row__isnull=False, table="measure").count() == 13_267
    rates = Measure.objects.on(START).filter(tax_code="DUTY", legal_act__number="Order 450", origin="")
    assert selectors.declarable(rates.values_list("commodity_prefix", flat=True), on=START) == set(
        rates.values_list("commodity_prefix", flat=True)
    )
    again = load(file)
    assert (again.commodities.written, again.measures.written, again.ended) == (0, 0, 0)
