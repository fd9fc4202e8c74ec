"""One reader of tables: what is certain is read, whoever wrote the file; what is not is named by row and column."""

import io
from datetime import datetime
from typing import Any

import openpyxl
import pytest

from lib.cells import day, decimal, flag, text
from lib.sheets import Column, Expected, Faults, Sheet, read_content, read_sheet
from lib.violations import Rejected

LAW = Expected(("kind", "tax", "commodity", "origin", "rate", "note", "additive", "valid_from", "valid_to"))
RATES = Expected(("currency", "nominal", "rate", "valid_from"), numbers=frozenset({"nominal", "rate"}))
TARIFF = Expected(("code10", "heading_ru", "name_ru", "duty_rate_text"))


def read(content: str | bytes, *tables: Expected) -> Sheet:
    """The table of a file that has no fault."""
    faults = Faults()
    raw = content.encode() if isinstance(content, str) else content
    sheet = read_sheet(raw, name="file", faults=faults, tables=tables or [LAW])
    assert faults.found == []
    return sheet


def rows(content: str | bytes, *tables: Expected) -> list[dict[str, str]]:
    return [row for _number, row in read(content, *tables).rows]


def faults_of(content: str | bytes, *tables: Expected) -> list[tuple[str, str, str]]:
    """Code, pointer and sentence of everything that is wrong with a file."""

    def whole() -> None:
        faults = Faults()
        raw = content.encode() if isinstance(content, str) else content
        read_sheet(raw, name="file", faults=faults, tables=tables or [LAW])
        faults.refuse()

    with pytest.raises(Rejected) as refusal:
        whole()
    return [(fault.code, fault.pointer, fault.sentence) for fault in refusal.value.violations]


def pointers(content: str | bytes, *tables: Expected) -> list[tuple[str, str]]:
    return [(code, pointer) for code, pointer, _sentence in faults_of(content, *tables)]


def workbook(*lines: list[Any], formats: dict[str, str] | None = None, titles: tuple[str, ...] = ()) -> bytes:
    book = openpyxl.Workbook()
    for title in titles:
        book.create_sheet(title)
    sheet = book.worksheets[-1]
    for line in lines:
        sheet.append(line)
    for place, shown in (formats or {}).items():
        sheet[place].number_format = shown
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


# Encodings and separators -------------------------------------------------------------------------------------
TEA = "tax;commodity;note\nDUTY;0902300009;чай чёрный ферментированный, в первичных упаковках\n"
NOTE = "чай чёрный ферментированный, в первичных упаковках"


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1251", "koi8-r", "cp866", "iso8859-5"],
)
def test_an_encoding_that_can_be_told_for_certain_is_read(encoding: str) -> None:
    assert rows(TEA.encode(encoding))[0]["note"] == NOTE


def test_utf_16_with_each_mark_is_read() -> None:
    assert rows(b"\xff\xfe" + TEA.encode("utf-16-le")) == rows(b"\xfe\xff" + TEA.encode("utf-16-be")) == rows(TEA)


@pytest.mark.parametrize(
    ("encoding", "note"),
    [("cp1251", "чай"), ("koi8-r", "груши"), ("cp1252", "pêches, abricots séchés, thé glacé"),
     ("cp1254", "şeker ve çay, işlenmiş"), ("mac-roman", "pêches séchées et thé glacé"),
     ("cp1253", "πράσινο τσάι και μαύρο τσάι σε συσκευασίες"), ("cp1256", "شاي أخضر غير مخمر معبأ"),
     ("cp1255", "תה ירוק לא מותסס באריזות"), ("cp1251", "чай зелений неферментований і прянощі"),
     ("cp932", "緑茶と紅茶の小売用の包装"), ("gb18030", "绿茶和红茶零售包装")],
)  # fmt: skip
def test_a_few_letters_are_no_certainty_and_are_refused_by_row_and_column(encoding: str, note: str) -> None:
    content = f"tax,commodity,note,rate\nDUTY,0902300009,fresh,7%\nDUTY,0808300000,{note},3%\n"
    [(code, pointer, sentence)] = faults_of(content.encode(encoding))
    assert (code, pointer) == ("T430", "file:3:note")
    assert "Save it as CSV in UTF-8" in sentence


@pytest.mark.parametrize("wrong", ["cp1251", "cp1252"])
def test_letters_broken_by_an_earlier_program_are_named(wrong: str) -> None:
    broken = "груши".encode().decode(wrong, "replace")
    if "\ufffd" in broken:
        broken = "чай".encode().decode(wrong)
    assert pointers(f"tax,note\nDUTY,{broken}\n") == [("T430", "file:2:note")]


@pytest.mark.parametrize("name", ["Свежие груши", "Сёмга", "№ 5 «Рёв»", "Ñandú", "Речь; Сорт"])
def test_whole_letters_are_not_taken_for_broken_ones(name: str) -> None:
    assert rows(f'tax,note\nDUTY,"{name}"\n')[0]["note"] == name


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_separator_and_line_end(sign: str, end: str) -> None:
    content = end.join(
        [sign.join(["tax", "commodity", "rate"]), sign.join(["DUTY", "0808", '"5%, но не менее 1 EUR"'])]
    )
    assert rows(content) == [{"tax": "DUTY", "commodity": "0808", "rate": "5%, но не менее 1 EUR"}]


def test_a_separator_is_told_by_the_names_of_columns_and_not_by_counting() -> None:
    content = "Rates; in force, as amended, of 1 May, 2 June\ntax;commodity;rate\nDUTY;0808;5%\n"
    assert rows(content) == [{"tax": "DUTY", "commodity": "0808", "rate": "5%"}]


def test_a_first_line_that_names_the_separator_is_no_row() -> None:
    assert rows("sep=;\r\ntax;rate\r\nDUTY;5%\r\n") == [{"tax": "DUTY", "rate": "5%"}]


def test_a_decimal_comma_between_commas_is_refused_and_told_how_to_write() -> None:
    [(code, pointer, sentence)] = faults_of("currency,nominal,rate,valid_from\nUSD,1,9,30,2026-12-05\n", RATES)
    assert (code, pointer) == ("T432", "file:2:")
    assert "5 cells, the header 4" in sentence
    assert "double quotes" in sentence


# Headers ------------------------------------------------------------------------------------------------------


def test_titles_above_the_header_are_passed_over_and_rows_keep_their_numbers() -> None:
    content = "Changes of rates from 20 December,,\n,,\nTax,Commodity,Rate\nDUTY,0808,5%\n"
    sheet = read(content)
    assert (sheet.top, sheet.header, sheet.rows[0][0]) == (3, ("tax", "commodity", "rate"), 4)


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        ("Tax;Commodity;Rate;Valid From", ("tax", "commodity", "rate", "valid_from")),
        ("TAX;COMMODITY;RATE;VALID-FROM", ("tax", "commodity", "rate", "valid_from")),
        (" tax ;Commodity code;duty rate; valid  from", ("tax", "commodity", "rate", "valid_from")),
        ("Налог;Код ТН ВЭД;Ставка;Действует с", ("tax", "commodity", "rate", "valid_from")),
        ("Андоз;Рамзи мол;Меъёр;Эътибор аз", ("tax", "commodity", "rate", "valid_from")),
        ("Платёж;Товар;Ставка пошлины;Начало действия", ("tax", "commodity", "rate", "valid_from")),
    ],
)
def test_names_of_columns_in_three_languages_and_any_case(header: str, columns: tuple[str, ...]) -> None:
    assert read(f"{header}\nDUTY;0808;5%;2026-12-01\n").header == columns


def test_a_name_that_may_be_two_columns_stays_as_it_is_written() -> None:
    assert read("tax,Дата,rate\nDUTY,2026-12-01,5%\n").header == ("tax", "Дата", "rate")
    assert read("валюта;номинал;курс;дата\nUSD;1;9,30;05.12.2026\n", RATES).header == RATES.names


def test_two_names_of_one_column_are_named() -> None:
    assert pointers("tax,rate,Ставка\nDUTY,5%,6%\n") == [("T431", "file:1:rate")]


def test_of_several_tables_the_header_tells_which_one_it_is() -> None:
    assert read("Код ТН ВЭД,Наименование,Ставка\n0808300000,Груши,5\n", TARIFF).header == (
        "code10", "name_ru", "duty_rate_text",
    )  # fmt: skip
    assert read("code10,duty_rate_text\n0808300000,5%\n", LAW, TARIFF).header == ("code10", "duty_rate_text")


def test_of_several_sheets_the_one_with_the_table_is_read_and_two_are_asked_about() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Read me first"])
    for line in (["tax", "commodity", "rate"], ["DUTY", "0808", "5%"]):
        for name in ("Rates", "Old"):
            (book[name] if name in book.sheetnames else book.create_sheet(name)).append(line)
    book["Old"].sheet_state = "hidden"
    content = io.BytesIO()
    book.save(content)
    assert rows(content.getvalue()) == [{"tax": "DUTY", "commodity": "0808", "rate": "5%"}]
    book["Old"].sheet_state = "visible"
    book.save(content := io.BytesIO())
    [(code, _pointer, sentence)] = faults_of(content.getvalue())
    assert code == "T430"
    assert "“Rates”, “Old”" in sentence


def test_a_table_that_hides_rows_or_columns_is_refused_with_their_numbers() -> None:
    """Nobody has looked at what would become law or a balance."""
    book = openpyxl.Workbook()
    sheet = book.active
    for line in (["Rates"], ["tax", "commodity", "rate"], *[["DUTY", f"09{n:02}", "5%"] for n in range(6)]):
        sheet.append(line)
    sheet.row_dimensions[1].hidden = True  # a title is passed over anyway
    sheet.column_dimensions["H"].hidden = True
    book.save(content := io.BytesIO())
    assert len(rows(content.getvalue())) == 6
    for number in (4, 5, 8):
        sheet.row_dimensions[number].hidden = True
    sheet.column_dimensions["B"].hidden = True
    book.save(content := io.BytesIO())
    (_code, where, columns), (_second, first, lines) = faults_of(content.getvalue())
    assert (where, first) == ("file:2:commodity", "file:4:")
    assert "(B)" in columns
    assert "(4-5, 8)" in lines


# Cells --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    ["0902 30 000 9", "0902\u00a030\u00a0000\u00a09", "0902.30.000.9", "0902.30.00.09", "0902-30-0009", "0902300009",
     "\u200b0902300009"],
)  # fmt: skip
def test_a_code_as_the_portal_and_the_hs_print_it_is_read(written: str) -> None:
    assert rows(f"tax,commodity\nDUTY,{written}\n")[0]["commodity"] == "0902300009"


@pytest.mark.parametrize("written", ["901110000.0", "902300009.00", "9,023E+08", "9.02E+09", "9.02e9"])
def test_a_code_that_a_spreadsheet_took_for_a_number_is_named_and_no_dot_is_taken_out(written: str) -> None:
    [(code, pointer, sentence)] = faults_of(f'tax,commodity\nDUTY,"{written}"\n')
    assert (code, pointer) == ("T432", "file:2:commodity")
    assert written in sentence


def test_numbers_of_a_workbook_under_codes() -> None:
    head = ["tax", "commodity"]
    assert rows(workbook(head, ["DUTY", 9011100000]))[0]["commodity"] == "9011100000"
    assert rows(workbook(head, ["DUTY", 902300009], formats={"B2": "0000000000"}))[0]["commodity"] == "0902300009"
    assert pointers(workbook(head, ["DUTY", 902300009])) == [("T432", "file:2:commodity")]
    assert pointers(workbook(head, ["DUTY", 8471.3])) == [("T432", "file:2:commodity")]


@pytest.mark.parametrize("word", ["N/A", "#N/A", "null", "-", "—", "none", "не указано", "нет данных", "маълумот нест"])
def test_a_placeholder_says_nothing_about_its_column(word: str) -> None:
    assert rows(f"tax,rate,note,valid_to\nDUTY,5%,{word},{word}\n") == [{"tax": "DUTY", "rate": "5%"}]


@pytest.mark.parametrize("word", ["N/A", "null", "не указано"])
def test_a_placeholder_where_an_empty_cell_means_all_is_asked_about(word: str) -> None:
    [(code, pointer, sentence)] = faults_of(f"tax,commodity,rate\nDUTY,{word},5%\n")
    assert (code, pointer) == ("T432", "file:2:commodity")
    assert word in sentence


def test_days_with_two_readings_are_decided_by_the_others_of_the_file_or_asked_about() -> None:
    content = "tax,rate,valid_from,valid_to\nDUTY,5%,11/12/2026,{}\n"
    assert rows(content.format("31/12/2026"))[0] == {
        "tax": "DUTY", "rate": "5%", "valid_from": "2026-12-11", "valid_to": "2026-12-31",
    }  # fmt: skip
    assert rows(content.format("12/31/2026"))[0]["valid_from"] == "2026-11-12"
    [(code, pointer, sentence)] = faults_of(content.format(""))
    assert (code, pointer) == ("T435", "file:2:valid_from")
    assert "two different days" in sentence
    disagree = content.format("31/12/2026") + "DUTY,6%,12/31/2026,\n"
    assert pointers(disagree) == [("T435", "file:2:valid_from")]


def test_days_of_a_workbook() -> None:
    head = ["tax", "valid_from", "season_from"]
    table = Expected(("tax", "valid_from", "season_from"))
    line = ["DUTY", datetime(2026, 12, 5), datetime(2026, 6, 1)]
    assert rows(workbook(head, line), table) == [{"tax": "DUTY", "valid_from": "2026-12-05", "season_from": "06-01"}]
    assert pointers(workbook(head, ["DUTY", datetime(2026, 12, 5, 14, 30), None]), table) == [
        ("T435", "file:2:valid_from")
    ]


@pytest.mark.parametrize(
    ("others", "unclear", "value"),
    [("9.30", "1.125", "1.1250"), ("9,30", "1,125", "1.1250"), ("1,234.50", "1,125", "1125"),
     ("1.234,50", "1.125", "1125"), ("0.125", "10.500", "10.5000"), ("1,234,567", "1,125", "1125")],
)  # fmt: skip
def test_a_number_with_two_readings_is_decided_by_the_others_of_its_column(
    others: str, unclear: str, value: str
) -> None:
    content = f"currency;nominal;rate;valid_from\nUSD;1;{others};2026-12-05\nEUR;1;{unclear};2026-12-05\n"
    assert rows(content, RATES)[1]["rate"] == value


@pytest.mark.parametrize("others", ["2,250", "100", "9.30;x;9,30"])
def test_a_number_that_nothing_decides_stays_as_it_is_written(others: str) -> None:
    content = "currency;nominal;rate;valid_from\nEUR;1;1.125;2026-12-05\n"
    content += "".join(f"USD;1;{other};2026-12-05\n" for other in others.split(";x;"))
    assert rows(content, RATES)[0]["rate"] == "1.125"


@pytest.mark.parametrize("text", ["=1+1", "=cmd|' /C calc'!A0", "@SUM(A1)", "+1+2", "--1", " =1", "\uff1d1+1"])
def test_what_a_spreadsheet_would_compute_is_refused_unless_it_is_marked_as_text(text: str) -> None:
    assert pointers(f'tax,note\nDUTY,"{text}"\n') == [("T434", "file:2:note")]
    if text.startswith(("=", "@", "+")):
        assert rows(f'tax,note\nDUTY,"\'{text}"\n')[0]["note"] == text


@pytest.mark.parametrize("error", ["#REF!", "#VALUE!", "#DIV/0!", "#ИМЯ?", "#ЗНАЧ!"])
def test_an_error_of_a_spreadsheet_is_no_text(error: str) -> None:
    assert pointers(f"tax,rate\nDUTY,{error}\n") == [("T432", "file:2:rate")]
    assert pointers(workbook(["tax", "rate"], ["DUTY", error])) == [("T432", "file:2:rate")]


def test_empty_rows_and_cells_at_the_end_count_for_nothing() -> None:
    assert len(rows("tax,rate,,\nDUTY,5%,,\n,,,\n\n   \n")) == 1
    assert pointers("tax,rate\nDUTY\n") == [("T432", "file:2:")]
    assert rows(workbook(["tax", "rate", "note"], ["DUTY"])) == [{"tax": "DUTY", "rate": "", "note": ""}]


# One bag of faults, in the reader's language ------------------------------------------------------------------
COLUMNS = (
    Column("code", text(10)),
    Column("factor", decimal, required=False),
    Column("yes_no", flag, required=False, field="is_so"),
    Column("day", day, required=False),
)


def test_columns_make_typed_rows_and_every_fault_is_in_the_bag() -> None:
    faults = Faults(code="T101")
    good = read_content(b"code;yes_no;factor\nA;\xd0\xb4\xd0\xb0;0,5\nB;;\n", COLUMNS, faults, name="good.csv")
    assert [(source.row, row["is_so"], str(row["factor"]), row["day"]) for source, row in good] == [
        (2, True, "0.5", None), (3, False, "0", None),
    ]  # fmt: skip
    read_content(b"code,yes_no,factor\nA,oui,1.000\n,no,2\n", COLUMNS, faults, name="bad.csv")
    read_content(b"factor,price\n1,2\n", COLUMNS, faults, name="worse.csv")
    read_content(b"", COLUMNS, faults, name="empty.csv")
    with pytest.raises(Rejected) as refusal:
        faults.refuse()
    assert [(fault.code, fault.pointer) for fault in refusal.value.violations] == [
        ("T101", "bad.csv:2:factor"), ("T101", "bad.csv:2:yes_no"), ("T101", "bad.csv:3:code"),
        ("T101", "worse.csv:1:code"), ("T101", "worse.csv:1:price"), ("T101", "empty.csv:1:"),
    ]  # fmt: skip


def test_a_table_whose_day_column_has_a_name_of_its_own_is_read_by_the_same_reader() -> None:
    faults = Faults()
    found = read_content(b"code,day\nA,11/12/2026\nB,31/12/2026\n", COLUMNS, faults, name="days.csv")
    assert [str(row["day"]) for _source, row in found] == ["2026-12-11", "2026-12-31"]


def test_sentences_hold_no_english_of_a_parser() -> None:
    for content in ('tax,note\nDUTY,"open', 'tax,note\nDUTY,"a"b\n', "tax,note\nDUTY," + "x" * 40_000):
        [(code, pointer, sentence)] = faults_of(content)
        assert (code, pointer) == ("T432", "file:2:")
        assert not any(word in sentence for word in ("expected after", "unexpected", "limit", "Error"))
