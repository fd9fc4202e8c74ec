"""Files for a change set: what they would change is shown; what is doubtful is named by row and column."""

import csv
import io
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from accounts.models import Role, User
from lib.violations import Rejected
from tariff_changes import services as changes
from tariff_changes.models import ChangeRow, ChangeSet
from tariff_changes.selectors.shown_rows import rows_of, shown_as_it_is
from tariffs.models import Commodity, LegalAct, Measure
from tests import make

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
START = date(2026, 12, 1)
APPLES, PEARS = "0808108000", "0808300000"
HEAD = "tax,commodity,rate,valid_from\n"
TARIFF = (
    "code10,heading_ru,name_ru,duty_rate_text,ambiguous_duplicate\n"
    '0808108000,"ЯБЛОКИ, ГРУШИ И АЙВА, СВЕЖИЕ",- - прочие,"12%, но не менее 0.1 EUR за 1 кг",0\n'
    "6109100000,МАЙКИ,- из хлопчатобумажной пряжи,12,0\n"
    "9701210001,КАРТИНЫ,- - - живопись маслом,5%,0\n"
    "9701210009,КАРТИНЫ,- - - прочие,0,0\n"
    "9701290000,КАРТИНЫ,- - прочие,7%,1\n"
)


def maker() -> User:
    return make.officer(Role.TARIFF, None)


def draft() -> ChangeSet:
    act = LegalAct.objects.get(number="Order 450")
    return changes.begin(title="A file", takes_effect=START, legal_act=act, by=maker(), at=AT)


def read(content: str | bytes, **options: Any) -> changes.Difference:
    """What a file of measures would change."""
    raw = content.encode() if isinstance(content, str) else content
    return changes.read_file(raw, **{"name": "file.csv", "table": "measure", "change_set": draft(), **options})


def faults(content: str | bytes, **options: Any) -> list[tuple[str, str]]:
    """Code and pointer of everything that is wrong with a file; and nothing is written."""
    before = ChangeRow.objects.count(), Measure.objects.count(), Commodity.objects.count()
    with pytest.raises(Rejected) as refusal:
        read(content, **options)
    assert (ChangeRow.objects.count(), Measure.objects.count(), Commodity.objects.count()) == before
    return [(fault.code, fault.pointer) for fault in refusal.value.violations]


def workbook(*rows: list[Any], formats: dict[str, str] | None = None) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for cell, shown in (formats or {}).items():
        sheet[cell].number_format = shown
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def cells(row: ChangeRow) -> list[tuple[str, str, str]]:
    """What a row changes: the label of the column, before, after."""
    return [(cell.label, cell.before, cell.after) for cell in shown_as_it_is(row).changes]


# The difference -----------------------------------------------------------------------------------------------


def test_a_file_shows_what_is_new_what_changes_field_by_field_and_what_stays() -> None:
    old = Measure.objects.get(kind="rate", tax_code="DUTY", commodity_prefix=APPLES, origin="")
    found = read(f"tax,commodity,rate,note\nDUTY,{APPLES},7%,dearer\nDUTY,{PEARS},3%,\nVAT,,14%,\n")
    assert (found.rows, found.unchanged) == (3, 1)
    assert found.counts == {"measure.replace": 1, "measure.create": 1}
    (apples,) = found.of(action="replace")
    assert (apples.target, apples.source_row) == (old.pk, 2)
    assert cells(apples) == [("rate", old.rate_text, "7%"), ("note", "", "dearer")]
    (pears,) = found.of(action="create")
    assert pears.values == {"kind": "rate", "tax": "DUTY", "commodity": PEARS, "rate": "3%", "additive": "no"}


def test_the_rows_of_a_file_are_taken_over_published_and_then_make_no_difference() -> None:
    content = f"tax,commodity,rate,valid_from\nDUTY,{APPLES},7%,\nDUTY,{PEARS},3%,2027-01-01\n"
    change_set = draft()
    assert changes.take_over(change_set, read(content, change_set=change_set), by=maker(), at=AT) == 2
    change_set.refresh_from_db()
    approver = make.officer(Role.APPROVING, None)
    held = changes.submit(change_set, version=change_set.version, by=maker(), at=AT, on=make.ON)
    changes.approve(held, version=held.version, by=approver, at=AT, on=make.ON)
    changes.publish(held, by=approver, at=AT, on=make.ON)
    assert Measure.objects.get(commodity_prefix=PEARS, tax_code="DUTY").valid_from == date(2027, 1, 1)
    assert read(content).proposed == ()
    assert rows_of(change_set).rows[0].row.source_row == 2


def test_a_row_that_is_in_the_set_already_is_not_taken_over_twice() -> None:
    change_set = draft()
    content = f"tax,commodity,rate\nDUTY,{APPLES},7%\n"
    changes.take_over(change_set, read(content, change_set=change_set), by=maker(), at=AT)
    with pytest.raises(Rejected) as refusal:
        changes.take_over(change_set, read(content, change_set=change_set), by=maker(), at=AT)
    assert [(fault.code, fault.pointer) for fault in refusal.value.violations] == [("T424", "file.csv:2:")]


def test_rows_that_are_missing_end_only_when_it_is_asked() -> None:
    content = "tax,commodity,rate\nEXCISE,2203,0.50 EUR/l\n"
    assert read(content).counts == {"measure.replace": 1}
    others = Measure.objects.on(START).filter(tax_code="EXCISE").count() - 1
    assert read(content, end_missing=True).counts == {"measure.replace": 1, "measure.end": others}


def test_a_last_day_in_the_file_is_an_end_and_an_open_one_a_replacement() -> None:
    found = read(f"tax,commodity,rate,valid_to\nDUTY,{APPLES},5% min 0.03 EUR/kg,31.12.2026\n")
    (row,) = found.proposed
    assert (row.action, row.values) == ("end", {"valid_to": "2026-12-31"})


def test_other_tables_come_by_file_too() -> None:
    found = read("group,country\nCISFT,RU\nCISFT,TM\n", table="group_member")
    assert (found.unchanged, [row.values for row in found.proposed]) == (1, [{"group": "CISFT", "country": "TM"}])
    found = read("code,description_ru\n0808300000,Груши свежие\n0808300011,Новая груша\n", table="commodity")
    assert found.of(action="create")[0].values["declarable"] == "yes"
    assert cells(found.of(action="replace")[0])[0][2] == "Груши свежие"


@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_commas_semicolons_and_tabs_with_and_without_a_mark(sign: str, mark: bytes) -> None:
    content = (
        sign.join(["tax", "commodity", "rate"]) + "\n" + sign.join(["DUTY", APPLES, '"5%, но не менее 1 EUR за 1 кг"'])
    )
    (row,) = read(mark + content.encode()).proposed
    assert row.values == {"rate": "5%, но не менее 1 EUR за 1 кг"}


def test_a_workbook_says_the_same_with_its_own_kinds_of_cells() -> None:
    head = ["tax", "commodity", "rate", "valid_from", "additive"]
    rows = [["DUTY", APPLES, 0.07, None, False], ["DUTY", PEARS, "3%", datetime(2027, 1, 1), None]]
    found = read(workbook(head, *rows, formats={"C2": "0%"}), name="file.xlsx")
    assert found.of(action="replace")[0].values == {"rate": "7%"}
    assert found.of(action="create")[0].values["valid_from"] == "2027-01-01"


# Bad input ----------------------------------------------------------------------------------------------------


def test_another_encoding_is_named_by_row_and_column_and_never_read_as_something_else() -> None:
    content = f"tax,commodity,note,rate\nDUTY,{APPLES},fresh,7%\nDUTY,{PEARS},груши,3%\n"
    assert faults(content.encode("cp1251")) == [("T430", "file.csv:3:note")]
    assert faults(content.encode("koi8-r")) == [("T430", "file.csv:3:note")]
    assert read(content.encode("utf-16")).counts == {"measure.replace": 1, "measure.create": 1}
    assert faults(content.replace("груши", "гр\ufffdши")) == [("T430", "file.csv:3:note")]
    assert read(content).counts == {"measure.replace": 1, "measure.create": 1}


@pytest.mark.parametrize(
    "text", ["=1+1", "=cmd|' /C calc'!A0", "@SUM(A1)", "+1+2", "-2+3", "--1", '=HYPERLINK("http://x")', " =1"]
)
def test_a_formula_in_a_cell_is_refused_wherever_it_stands(text: str) -> None:
    cell = '"' + text.replace('"', '""') + '"'
    assert faults(f"tax,commodity,rate,note\nDUTY,{APPLES},7%,{cell}\n") == [("T434", "file.csv:2:note")]


@pytest.mark.parametrize("text", ["- - прочие", "-прочие", "— прочие", "-5.5", "A = B", "- 2 литра и более"])
def test_a_dash_of_the_nomenclature_is_no_formula(text: str) -> None:
    assert read(f"tax,commodity,rate,note\nDUTY,{APPLES},7%,{text}\n").proposed[0].values["note"] == text


def test_formulas_errors_and_shortened_codes_of_a_workbook_are_named() -> None:
    head = ["tax", "commodity", "rate", "note"]
    content = workbook(
        head, ["DUTY", APPLES, "=A1", None], ["DUTY", 808300000, "3%", None], ["DUTY", PEARS, "3%", "#REF!"]
    )
    found = faults(content, name="file.xlsx")
    assert found == [("T434", "file.xlsx:2:rate"), ("T432", "file.xlsx:3:commodity"), ("T432", "file.xlsx:4:note")]


def test_dates_in_two_styles_are_read_and_a_third_is_refused_with_its_row() -> None:
    rows = [f"DUTY,{PEARS},3%,2026-12-05", f"DUTY,{APPLES},7%,05.12.2026", "DUTY,080840,3%,11/12/2026"]
    assert faults(HEAD + "\n".join(rows)) == [("T435", "file.csv:4:valid_from")]
    assert {row.values["valid_from"] for row in read(HEAD + "\n".join(rows[:2])).proposed} == {"2026-12-05"}
    for wrong in ("31.02.2027", "2027-02-31", "1.2.27", "5 December", "20261205", "12-05-2026"):
        assert faults(f"{HEAD}DUTY,{PEARS},3%,{wrong}\n") == [("T435", "file.csv:2:valid_from")]


def test_a_code_that_stands_twice_names_the_row_where_it_stood_first() -> None:
    content = f"tax,commodity,rate\nDUTY,{PEARS},3%\nDUTY,{APPLES},7%\nDUTY,{PEARS},4%\n"
    with pytest.raises(Rejected) as refusal:
        read(content)
    (fault,) = refusal.value.violations
    assert (fault.code, fault.pointer) == ("T433", "file.csv:4:commodity")
    assert "row 2" in fault.sentence


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("", [("T431", "file.csv:1:")]),
        ("tax,commodity,rate\n", [("T431", "file.csv:1:")]),
        ("tax,commodity,price\nDUTY,0808,5%\n", [("T431", "file.csv:1:price")]),
        ("tax,commodity,rate,rate\nDUTY,0808,5%,6%\n", [("T431", "file.csv:1:rate")]),
        ("commodity,rate\n0808,5%\n", [("T431", "file.csv:1:tax")]),
        ("tax,commodity,rate\nDUTY,0808\n", [("T432", "file.csv:2:")]),
        ("tax,commodity,rate\nDUTY,0808,5%,more\n", [("T432", "file.csv:2:")]),
        ('tax,commodity,rate\nDUTY,0808,5%\nDUTY,"080810,5%\n', [("T432", "file.csv:3:")]),
        ("tax,commodity,rate\nDUTY,o808,5%\nDUTY,0808,5 apples\n",
         [("T413", "file.csv:2:commodity"), ("T405", "file.csv:3:rate")]),
        ("tax,commodity,rate\nDUTY,0808,5%\x00\n", [("T430", "file.csv:2:rate")]),
        (b"PK\x03\x04 no workbook", [("T430", "file.csv:1:")]),
        (b"\xd0\xcf\x11\xe0 an old one", [("T430", "file.csv:1:")]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_row_and_column(content: str | bytes, found: list[tuple[str, str]]) -> None:
    assert faults(content) == found


def test_faults_of_every_kind_are_named_together() -> None:
    rows = [
        *TARIFF.splitlines(),
        "0808108000,A,b,5%,0",
        "6109900000,A,b,=1+1,0",
        "6109900000,A,b",
        "7701000000,A,b,5 apples,0",
    ]
    assert faults("\n".join(rows), table="") == [
        ("T433", "file.csv:7:code10"),
        ("T434", "file.csv:8:duty_rate_text"),
        ("T432", "file.csv:9:"),
        ("T405", "file.csv:10:duty_rate_text"),
    ]


@pytest.mark.parametrize(
    ("cells", "code", "column"),
    [
        ({"commodity": "7700"}, "T403", "commodity"),
        ({"commodity": "08083000001"}, "T410", "commodity"),
        ({"origin": "QQ"}, "T403", "origin"),
        ({"document": "QQQ"}, "T403", "document"),
        ({"tax": "TOLL"}, "T403", "tax"),
        ({"quota": "09.9999"}, "T403", "quota"),
        ({"procedure": "99"}, "T403", "procedure"),
        ({"excluded_commodities": "7700"}, "T403", "excluded_commodities"),
        ({"rate": ""}, "T405", "rate"),
        ({"rate": "3 QQQ/kg"}, "T405", "rate"),
        ({"season_from": "06-01"}, "T409", "season_to"),
        ({"act": "Order 999"}, "T404", "act"),
    ],
)
def test_unknown_codes_and_broken_rows_are_named_in_the_file(cells: dict[str, str], code: str, column: str) -> None:
    row = {"tax": "DUTY", "commodity": PEARS, "rate": "3%", **cells}
    content = f"{','.join(row)}\n{','.join(row.values())}\n"
    assert (code, f"file.csv:2:{column}") in faults(content)


def test_lines_may_come_with_one_file_and_their_rates_with_the_next() -> None:
    change_set = draft()
    rates = "tax,commodity,rate\nDUTY,0808300011,3%\n"
    assert faults(rates, change_set=change_set) == [("T403", "file.csv:2:commodity")]
    lines = read("code,description\n0808300011,Quinces\n", table="commodity", change_set=change_set)
    changes.take_over(change_set, lines, by=maker(), at=AT)
    assert read(rates, change_set=change_set).counts == {"measure.create": 1}


def test_a_file_without_a_table_or_of_an_unknown_one_is_refused() -> None:
    assert faults("tax,commodity,rate\nDUTY,0808,5%\n", table="") == [("T431", "file.csv:1:")]
    assert faults("tax,commodity,rate\nDUTY,0808,5%\n", table="synonym") == [("T413", "table")]


def test_two_hundred_thousand_rows_are_refused_in_seconds_and_the_first_faults_are_shown() -> None:
    content = "tax,commodity,rate\n" + "".join(f"DUTY,{n:010},5%\n" for n in range(200_000))
    began = time.monotonic()
    with pytest.raises(Rejected) as refusal:
        read(content)
    assert time.monotonic() - began < 20
    (fault,) = refusal.value.violations
    assert (fault.code, fault.pointer) == ("T436", "file.csv:100002:")
    assert "more than 100000 rows" in fault.sentence
    assert faults(b"tax,commodity,rate\n" + b"DUTY,0808300000,5%\n" * 1_200_000) == [("T436", "file.csv:1:")]


def test_of_very_many_faults_a_thousand_are_named_and_the_others_counted() -> None:
    with pytest.raises(Rejected) as refusal:
        read("tax,commodity,rate\n" + "".join(f"DUTY,{n:010},dear\n" for n in range(1500)))
    found = refusal.value.violations
    assert (len(found), found[0].pointer, found[-1].code) == (1001, "file.csv:2:rate", "T400")
    assert "500 further" in found[-1].sentence


# The national tariff in one table -----------------------------------------------------------------------------


def test_a_national_tariff_yields_lines_and_rates_together() -> None:
    found = read(TARIFF, table="")
    assert (found.rows, found.flagged, found.bare) == (5, ("9701290000",), ("6109100000",))
    assert [row.values["rate"] for row in found.of("measure") if row.source_row == 3] == ["12%"]
    assert {row.values["code"] for row in found.of("commodity", "create")} == {"9701210001", "9701210009"}
    assert [row.seen["code"] for row in found.of("commodity", "end")] == ["9701210000"]
    change_set = draft()
    changes.take_over(change_set, found, by=maker(), at=AT)
    assert changes.judge(change_set, on=make.ON) == []


def test_general_rates_of_whole_codes_end_where_a_tariff_does_not_name_them_and_it_is_asked() -> None:
    assert not read(TARIFF, table="").of("measure", "end")
    ended = {row.seen["commodity"] for row in read(TARIFF, table="", end_missing=True).of("measure", "end")}
    general = Measure.objects.on(START).filter(tax_code="DUTY", origin="", procedure="", national_procedure="")
    whole = {code for code in general.values_list("commodity_prefix", flat=True) if len(code) == 10}
    assert ended == whole - {APPLES, "6109100000", "9701290000"}
    assert ended


def test_another_act_alone_is_no_difference() -> None:
    change_set = draft()
    changes.take_over(change_set, read(TARIFF, change_set=change_set), by=maker(), at=AT)
    publish(change_set)
    other = changes.begin(
        title="Next", takes_effect=START, legal_act=LegalAct.objects.get(number="CIS FTA"), by=maker(), at=AT
    )
    assert read(TARIFF, change_set=other).proposed == ()
    dearer = read(TARIFF.replace("живопись маслом,5%", "живопись маслом,6%"), change_set=other)
    assert [cells(row) for row in dearer.proposed] == [[("rate", "5%", "6%")]]


def publish(change_set: ChangeSet) -> None:
    change_set.refresh_from_db()
    approver = make.officer(Role.APPROVING, None)
    held = changes.submit(change_set, version=change_set.version, by=maker(), at=AT, on=make.ON)
    changes.approve(held, version=held.version, by=approver, at=AT, on=make.ON)
    changes.publish(held, by=approver, at=AT, on=make.ON)


def test_of_a_tariff_with_some_rates_changed_the_difference_is_those(shared_data: Path) -> None:
    """A twelfth of the national tariff, each with its flagged rows; the whole one is loaded in test_load_tariff."""

    def text_of(rows: list[dict[str, str]]) -> str:
        text = io.StringIO()
        writer = csv.DictWriter(text, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
        return text.getvalue()

    content = (shared_data / "tariff" / "ett_2026.csv").read_text(encoding="utf-8-sig")
    whole = list(csv.DictReader(io.StringIO(content)))
    rows = [row for number, row in enumerate(whole) if number % 12 == 0 or row["ambiguous_duplicate"] == "1"]
    plain = [row for row in rows if row["ambiguous_duplicate"] == "0"]
    change_set = draft()
    found = read(text_of(rows), change_set=change_set, name="ett.csv")
    assert len(found.flagged) == 23
    assert found.rows - len(found.flagged) == len(plain) > 1000
    changes.take_over(change_set, found, by=maker(), at=AT)
    publish(change_set)
    changed = {}
    for row in plain[:: len(plain) // 30][:30]:
        row["duty_rate_text"] = "33.5%"
        changed[row["code10"]] = "33.5%"
    again = read(text_of(rows), name="ett.csv")
    assert len(changed) == 30
    assert {row.seen["commodity"]: row.values["rate"] for row in again.proposed} == changed
    assert {(row.table, row.action) for row in again.proposed} == {("measure", "replace")}
    assert again.unchanged == len(plain) - 30
