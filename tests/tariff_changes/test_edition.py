"""A new edition of the Harmonized System arrives as a draft: lines, names, and law carried from old codes to new."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from lib.violations import Rejected
from tariff_changes import services as changes
from tariff_changes.models import ChangeSet
from tariff_changes.services.country.nomenclature import harmonized_system
from tariff_changes.services.load_country import load_country
from tariffs import selectors
from tariffs.models import Commodity, LegalAct, Measure
from tariffs.selectors.measures import measures_from
from tests import make
from tests.tariff_changes.change_steps import AT, DAY, ON, START, act, maker, published

pytestmark = pytest.mark.django_db
NAMES = ("edition.csv", "correlation.csv")
# Two lines become one, one is split in two, two with different rates become one, one gets another name.
GONE = {"010121", "010129", "970121", "970122"}
NEW = {"010122": "Horses; live", "610920": "T-shirts; of paper", "970123": "Paintings, whether or not old"}
RENAMED = {"0101": "Horses and their kin; live"}
CORRELATION = (
    ("010121", "010122"),
    ("010129", "010122"),
    ("610990", "610990"),
    ("610990", "610920"),
    ("970121", "970123"),
    ("970122", "970123"),
)


def table(rows: Iterable[tuple[str, str]], *, head: str = "code,description") -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(head.split(","))
    writer.writerows(rows)
    return text.getvalue().encode()


def edition() -> dict[str, str]:
    kept = {code: text for code, text in harmonized_system().items() if code not in GONE}
    return {**kept, **NEW, **RENAMED}


def draft() -> ChangeSet:
    return changes.begin(title="HS 2028", takes_effect=START, legal_act=act("TN VED"), by=maker(), at=AT)


def read(
    lines: dict[str, str] | None = None, correlation: Iterable[tuple[str, str]] = CORRELATION
) -> changes.Difference:
    return changes.read_edition(
        table((lines or edition()).items()),
        table(correlation, head="old_code,new_code"),
        names=NAMES,
        change_set=draft(),
    )


def rates(**by_code: str) -> None:
    """Rates of the old codes, published before the edition comes."""
    change_set = changes.begin(title="Rates", takes_effect=ON, legal_act=act(), by=maker(), at=AT)
    for code, rate in by_code.items():
        values = {"tax": "DUTY", "commodity": code.removeprefix("c"), "rate": rate}
        changes.add_row(change_set, table="measure", action="create", values=values, by=maker(), at=AT)
    published(change_set)


@pytest.fixture
def old_rates(db: None) -> None:
    rates(c010121="3%", c0101290000="3%", c610990="12%", c9701210000="5%", c9701220000="7%")


def law_of(code: str) -> str:
    """The general duty of a code on the first day of the edition."""
    fits = [
        row for row in measures_from(code, on=START)
        if (row.tax_code, row.origin, row.national_procedure, row.document_code, row.quota_number, row.season_from)
        == ("DUTY", "", "", "", "", "") and row.valid_from <= START
    ]  # fmt: skip
    return max(fits, key=lambda row: len(row.commodity_prefix)).rate_text


@pytest.mark.usefixtures("old_rates")
def test_lines_are_created_ended_and_renamed_with_the_generic_codes_below_them() -> None:
    found = read()
    assert {row.values["code"] for row in found.of("commodity", "create")} == {
        code for new in NEW for code in (new, new + "0000")
    }
    assert {row.seen["code"] for row in found.of("commodity", "end")} == {
        code for old in GONE for code in (old, old + "0000")
    }
    (renamed,) = found.of("commodity", "replace")
    assert (renamed.seen["code"], renamed.values) == ("0101", {"description": RENAMED["0101"]})
    assert [(notice.code, notice.sentence[:1]) for notice in found.notices if notice.code == "T454"] == [("T454", "1")]


@pytest.mark.usefixtures("old_rates")
def test_law_is_carried_where_the_old_codes_agree_and_decided_where_they_do_not() -> None:
    change_set = draft()
    found = read()
    carried = {row.values["commodity"]: row for row in found.of("measure", "create")}
    assert {code: row.values.get("rate") for code, row in carried.items()} == {
        "010122": "3%", "610920": "12%", "9701230000": None,
    }  # fmt: skip
    question = carried["9701230000"].to_decide
    assert "970121: DUTY 5%" in question
    assert "970122: DUTY 7%" in question
    changes.take_over(change_set, found, by=maker(), at=AT)
    faults = changes.judge(change_set, on=ON)
    assert {fault.code for fault in faults} == {"T451", "T405"}
    row = change_set.rows.exclude(to_decide="").get()
    answered = {**row.values, "rate": "6%"}
    changes.edit_row(row, version=row.version, values=answered, by=maker(), at=AT)
    assert changes.judge(change_set, on=ON) == []
    published(change_set)
    assert {code: law_of(code) for code in ("0101220000", "6109200000", "6109900000", "9701230000")} == {
        "0101220000": "3%", "6109200000": "12%", "6109900000": "12%", "9701230000": "6%",
    }  # fmt: skip
    codes = ["0101210000", "0101220000", "9701210000", "9701230000"]
    assert selectors.declarable(codes, on=START - DAY) == {"0101210000", "9701210000"}
    assert selectors.declarable(codes, on=START) == {"0101220000", "9701230000"}
    assert (
        not Measure.objects.on(START).filter(commodity_prefix__in=[*GONE, *(code + "0000" for code in GONE)]).exists()
    )


@pytest.mark.usefixtures("old_rates")
def test_a_country_loaded_again_does_not_bring_the_old_edition_back(country: Path) -> None:
    change_set = draft()
    changes.take_over(change_set, read(), by=maker(), at=AT)
    row = change_set.rows.exclude(to_decide="").get()
    changes.edit_row(row, version=row.version, values={**row.values, "rate": "6%"}, by=maker(), at=AT)
    published(change_set)
    before = set(Commodity.objects.values_list("code", "valid_from", "valid_to", "description"))
    tallies = load_country(country, at=AT)
    assert {name for name, tally in tallies.items() if tally.written} == set()
    assert set(Commodity.objects.values_list("code", "valid_from", "valid_to", "description")) == before


def test_national_lines_that_differ_below_an_old_code_are_a_question_too() -> None:
    change_set = changes.begin(title="Split", takes_effect=ON, legal_act=act(), by=maker(), at=AT)
    old = Commodity.objects.on(ON).get(code="9701210000")
    changes.add_row(change_set, table="commodity", action="end", target=old.pk, by=maker(), at=AT)
    for code, rate in (("9701210001", "5%"), ("9701210009", "9%")):
        line = {"code": code, "description": code, "declarable": "yes", "supplementary_unit": "NAR"}
        for table_, values in (("commodity", line), ("measure", {"tax": "DUTY", "commodity": code, "rate": rate})):
            changes.add_row(change_set, table=table_, action="create", values=values, by=maker(), at=AT)
    published(change_set)
    found = read(correlation=[pair for pair in CORRELATION if pair[0] != "970122"] + [("970122", "970122")], lines={
        **edition(), "970122": harmonized_system()["970122"],
    })  # fmt: skip
    (question,) = [row for row in found.of("measure", "create") if row.values["commodity"] == "9701230000"]
    assert "DUTY 5% / DUTY 9%" in question.to_decide
    (line,) = [row for row in found.of("commodity", "create") if row.values["code"] == "970123"]
    assert line.values["supplementary_unit"] == "NAR"


@pytest.mark.usefixtures("old_rates")
def test_goods_that_join_a_line_that_stays_are_told_and_not_written() -> None:
    lines = {code: text for code, text in edition().items() if code != "970123"}
    correlation = [pair for pair in CORRELATION if pair[1] != "970123"] + [("970121", "970129"), ("970122", "970129")]
    found = read(lines, correlation)
    told = [notice.sentence for notice in found.notices if notice.code == "T456"]
    assert any("Goods of 970121 join 970129: DUTY 5% becomes" in sentence for sentence in told)
    assert not [row for row in found.of("measure", "create") if row.values["commodity"].startswith("9701")]


def test_an_exclusion_of_a_vanished_code_is_put_to_a_person() -> None:
    change_set = changes.begin(title="All but", takes_effect=ON, legal_act=act(), by=maker(), at=AT)
    values = {"kind": "prohibition", "flow": "import", "commodity": "0101", "excluded_commodities": "010121 010130"}
    changes.add_row(change_set, table="measure", action="create", values=values, by=maker(), at=AT)
    published(change_set)
    (row,) = [row for row in read().of("measure", "replace") if row.seen["kind"] == "prohibition"]
    assert row.values["excluded_commodities"] == "010130 010122"
    assert "010121" in row.to_decide


@pytest.mark.parametrize(
    ("lines", "correlation", "found"),
    [
        ({}, [pair for pair in CORRELATION if pair[0] != "010129"], ("T452", "correlation.csv:1:old_code")),
        ({}, [*CORRELATION, ("010121", "010122")], ("T433", "correlation.csv:8:")),
        ({}, [*CORRELATION, ("010199", "010122")], ("T403", "correlation.csv:8:old_code")),
        ({}, [*CORRELATION, ("010130", "010199")], ("T403", "correlation.csv:8:new_code")),
        ({}, [*CORRELATION, ("0101", "010122")], ("T432", "correlation.csv:8:old_code")),
        ({"770110": "Without a heading"}, CORRELATION, ("T403", f"edition.csv:{len(edition()) + 2}:code")),
        ({"01012": "Odd"}, CORRELATION, ("T432", f"edition.csv:{len(edition()) + 2}:code")),
    ],
)
def test_what_is_wrong_with_the_files_is_named_and_nothing_taken_over(
    lines: dict[str, str], correlation: list[tuple[str, str]], found: tuple[str, str]
) -> None:
    with pytest.raises(Rejected) as refusal:
        read({**edition(), **lines}, correlation)
    assert [(fault.code, fault.pointer) for fault in refusal.value.violations] == [found]


def test_the_same_edition_again_changes_nothing() -> None:
    found = read(dict(harmonized_system()), [("010121", "010121")])
    assert found.proposed == ()


def test_the_command_leaves_a_draft_and_says_what_to_decide(
    tmp_path: Path, shared_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The real table of the HS 2022 with a few codes changed, and a correlation that was made up for it."""
    with (shared_data / "nomenclature" / "hs2022.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.reader(file) if row[1] not in GONE]
    rows += [["I", code, text, code[:4], "6"] for code, text in NEW.items()]
    files = {"--nomenclature": tmp_path / "hs.csv", "--correlation": tmp_path / "pairs.csv"}
    with files["--nomenclature"].open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    files["--correlation"].write_bytes(table(CORRELATION, head="old_code,new_code"))
    options = [part for name, path in files.items() for part in (name, str(path))]
    start = (make.ON.replace(year=make.ON.year + 2)).isoformat()
    call_command("load_edition", *options, "--from", start, "--by", maker().email, "--act", "TN VED")
    printed = capsys.readouterr().out
    made = ChangeSet.objects.get(title="hs.csv")
    assert f"change set {made.pk}: " in printed
    assert "commodity.create: 6\n" in printed
    assert "commodity.end: 8\n" in printed
    assert made.status == ChangeSet.Status.DRAFT
    assert made.legal_act == LegalAct.objects.get(number="TN VED")
    assert [fault.code for fault in changes.judge(made, on=make.ON)] == []
    with pytest.raises(CommandError, match="There is no file"):
        call_command("load_edition", *options[:3], str(tmp_path / "none.csv"), "--from", start)
