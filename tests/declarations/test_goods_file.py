"""A packing list or an invoice: each cell told of, written into the draft at once, taken back by one click."""

import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from declarations.forms.goods import COLUMNS, Goods
from declarations.forms.goods_file import Choice, Looked, look, read_file, template_rows
from declarations.models import Declaration
from declarations.selectors import as_dict
from lib.sheets import read_tables, workbook, written
from lib.violations import Rejected
from tests import make
from tests.declarations.test_form_paste import LAW

TABLE = (
    ("INVOICE No. AB-17/26", "", "dated 02.11.2026", ""),
    ("HS Code", "Description of goods", "Country of origin", "Net weight, kg", "Amount, USD"),
    ("0902300009", "Black tea\nin packets", "CN", "400", "1200.25"),
    ("6911100000", "Dishes; white, \"blue\"", "CN", "2700", "8400"),
    ("Total", "", "", "3101", "9600.25"),
)  # fmt: skip
ITEMS = [
    dict(
        zip(("commodity_code", "commercial_description", "origin_country", "net_mass", "item_price"), row, strict=True)
    )
    for row in TABLE[2:4]
]


def book(*sheets: tuple[str, Sequence[Sequence[object]]], change: Callable[[Any], None] = lambda sheet: None) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets:
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        change(sheet)
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def rewritten(content: bytes, old: str, new: str) -> bytes:
    """The workbook with another text in the part of its first sheet, as another program may have written it."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(made, "w") as after:
        for name in before.namelist():
            part = before.read(name)
            is_sheet = name == "xl/worksheets/sheet1.xml"
            after.writestr(name, part.replace(old.encode(), new.encode()) if is_sheet else part)
    return made.getvalue()


def csv_of(rows: Sequence[Sequence[object]], separator: str = ",") -> str:
    quoted = (separator.join(f'"{str(cell).replace(chr(34), chr(34) * 2)}"' for cell in row) for row in rows)
    return "\r\n".join(quoted)


def looked_at(content: bytes, choice: Choice = Choice(), **more: Any) -> Looked:  # noqa: B008
    return look(read_file(content), choice, LAW, remembered=more.get("remembered", lambda keys: {}))


def test_kinds_of_files_are_read_alike() -> None:
    russian = [*TABLE[:1], ("Код ТН ВЭД", "Наименование товара", "Страна происхождения", "Нетто, кг", "Сумма, USD"),
               *[(row[0], f"Посуда и чай {row[1]}", *row[2:]) for row in TABLE[2:4]]]  # fmt: skip
    files = {
        "xlsx": book(("Sheet1", TABLE)),
        "second sheet": book(("README", [["Read me first"]]), ("Лист 2", TABLE)),
        "merged titles": book(("S", TABLE), change=lambda sheet: sheet.merge_cells("A1:C1")),
        "numbers": book(("S", [*TABLE[:2], *[[*row[:3], int(row[3]), float(row[4])] for row in TABLE[2:4]]])),
        "csv": csv_of(TABLE).encode(),
        "semicolon": csv_of(TABLE, ";").encode("utf-8-sig"),
        "tabs": csv_of(TABLE, "\t").encode(),
        "utf-16": csv_of(TABLE, "\t").encode("utf-16"),
        "cp1251": csv_of(russian, ";").encode("cp1251"),
    }
    for kind, content in files.items():
        rows = looked_at(content).goods.rows
        if kind == "cp1251":
            rows = [{**row, "commercial_description": row["commercial_description"].removeprefix("Посуда и чай ")}
                    for row in rows]  # fmt: skip
        assert rows == ITEMS, kind


def bomb() -> bytes:
    """A small file whose sheet unpacks to megabytes, in one element that never ends."""
    content = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book(("S", TABLE)))) as old,
        zipfile.ZipFile(content, "w", zipfile.ZIP_BZIP2) as new,
    ):
        for name in old.namelist():
            is_sheet = name == "xl/worksheets/sheet1.xml"
            new.writestr(name, b"<sheet " + b" " * 5_000_000 if is_sheet else old.read(name))
    return content.getvalue()


def archive_of(name: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(name, "x")
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (book(("S", [])), "empty"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"<html><table><tr><td>1</td></tr></table>", "HTML"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (archive_of("content.xml"), "ODS"),
        (archive_of("Index/Document.iwa"), "Numbers"),
        (archive_of("xl/workbook.bin"), "XLSB"),
        (book(("S", TABLE))[:2000], "damaged"),
        (bomb(), "damaged"),
        ("Код;Мол\n1;Чой\n".encode("cp1251"), "encoding"),
        (csv_of([["HS Code", "Name"], *[["0902300009", "x" * 30_000]] * 120]).encode(), "too much text"),
        (b'HS code,Name\n0902300009,"never closed\n', "quotation mark"),
        ('<?xml version="1.0" encoding="UTF-16"?><a/>'.encode("utf-16"), "XML"),
        ("HS;Наименование\n0902300009;Чай ИВАНОВ\n".encode().decode("cp1251", "replace").encode(), "broken"),
        ("HS;Name\n0902300009;Чай чёрный\n".encode().decode("cp1252", "replace").encode(), "broken"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_table_is_refused_with_what_to_do(content: bytes, said: str) -> None:
    with pytest.raises(Rejected) as refused:
        read_file(content)
    (fault,) = refused.value.violations
    assert fault.code == "F040"
    assert said in fault.sentence


def test_real_tables_of_the_law_and_pasted_ones_are_read_or_refused(shared_data: Path) -> None:
    """Nobody's file brings the reader down, whatever stands in it."""
    codes, seen = set(), 0
    for file in sorted((shared_data / "cases").iterdir()):
        try:
            goods = looked_at(file.read_bytes()).goods
        except Rejected as refused:
            codes.add(refused.violations[0].code)
        else:
            assert isinstance(goods, Goods)
            seen += 1
    assert seen >= 10
    assert codes == {"F040"}


def test_the_facts_beside_the_items_and_totals_that_differ_are_told() -> None:
    looked = looked_at(book(("S", TABLE)))
    assert {fact.field: fact.text for fact in looked.facts} == {
        "invoice_number": "AB-17/26", "date": "2026-11-02", "invoice_currency": "USD", "invoice_amount": "9600.25",
    }  # fmt: skip
    assert [(str(each.said), str(each.found)) for each in looked.differences] == [("3101", "3100")]


def test_a_price_of_one_is_proposed_times_the_quantity() -> None:
    looked = looked_at(csv_of([["HS", "Name", "Qty", "Unit price"], ["0902300009", "Tea", "40", "2.5"]]).encode())
    assert [(each.old, each.new) for each in looked.goods.proposals] == [("2.5", "100")]
    said = looked_at(
        csv_of([["HS", "Name", "Qty", "Unit price"], ["0902300009", "Tea", "40", "2.5"]]).encode(),
        Choice(cells={"2:item_price": "100"}),
    )
    assert said.goods.rows[0]["item_price"] == "100"
    assert said.goods.proposals == []


def test_a_formula_is_its_last_result_and_without_one_it_is_told() -> None:
    def compute(sheet: Any) -> None:
        sheet["E3"], sheet["D3"] = "=1200+0.25", "=400"

    content = book(("S", TABLE), change=compute)
    for empty in ("<v/>", "<v></v>", "<v />"):
        content = rewritten(content, f"<f>1200+0.25</f>{empty}", "<f>1200+0.25</f><v>1200.25</v>")
    goods = looked_at(content).goods
    assert goods.rows[0]["item_price"] == "1200.25"
    assert [(each.row, each.box, each.code) for each in goods.faults] == [(0, "net_mass", "F041")]


def test_an_error_of_a_spreadsheet_is_told_and_no_figure_is_made_of_it() -> None:
    def spoil(sheet: Any) -> None:
        for place, text in (("D3", "#DIV/0!"), ("E4", "#REF!")):
            sheet[place], sheet[place].data_type = text, "e"

    goods = looked_at(book(("S", TABLE), change=spoil)).goods
    assert [(each.row, each.box, each.code) for each in goods.faults] == [
        (0, "net_mass", "F041"), (1, "item_price", "F041")]  # fmt: skip
    assert [each.message for each in goods.faults] == ["The cell holds an error: #DIV/0!.",
                                                       "The cell holds an error: #REF!."]  # fmt: skip
    assert goods.proposals == []


def test_no_more_of_a_row_is_looked_at_than_a_table_may_have() -> None:
    seen: list[int] = []

    def known(row: Sequence[str]) -> int:
        seen.append(len(row))
        return 0

    read_tables(b"a;" * 100_000, known=known, most_rows=9, most_characters=999, seconds=5)
    assert max(seen) <= 60


def hiding(rows: Sequence[Sequence[object]]) -> bytes:
    """A filter, a closed group, a row without height; two columns, an empty one, and one that is only narrow."""
    return rewritten(book(("S", rows), change=hide), '<row r="7"', '<row r="7" ht="0" customHeight="1"')


def hide(sheet: Any) -> None:
    sheet.auto_filter.ref = "A1:E9"
    sheet.auto_filter.add_filter_column(2, ["CN"])
    sheet.row_dimensions[4].hidden = True
    sheet.row_dimensions.group(5, 6, outline_level=1, hidden=True)
    sheet.column_dimensions.group("B", "B", hidden=True)
    sheet.column_dimensions["E"].hidden = True
    sheet.column_dimensions["F"].hidden = True
    sheet.column_dimensions["A"].width = 1


def test_what_a_sheet_hides_is_left_out_and_said_and_taken_when_a_person_says_so() -> None:
    head = ("Code", "Sum, USD", "Name of goods", "Net, kg", "Gross, kg")
    body = [(f"09023000{n:02}", str(n), f"Tea {n}", "5", "6") for n in range(2, 9)]
    content = hiding([head, *body])
    looked = looked_at(content)
    assert (looked.table.hidden_rows, looked.table.hidden_columns) == ([4, 5, 6, 7], [1, 4])
    assert looked.goods.numbers == [2, 3, 8]
    assert looked.columns == ["commodity_code", "", "commercial_description", "net_mass", ""]
    assert {len(row) for row in looked.goods.rows} == {3}
    taken = looked_at(content, Choice(hidden=True))
    assert taken.goods.numbers == [2, 3, 4, 5, 6, 7, 8]
    assert taken.columns == ["commodity_code", "item_price", "commercial_description", "net_mass", "gross_mass"]
    assert taken.key != looked.key


def test_a_hidden_sheet_is_offered_and_never_chosen_by_itself() -> None:
    def hide(sheet: Any) -> None:
        sheet.sheet_state = {"Old": "hidden", "Macro": "veryHidden"}.get(sheet.title, "visible")

    old = [*TABLE, *[(f"09023000{n:02}", "Old tea", "CN", "4", "12") for n in range(40)]]
    looked = looked_at(book(("Old", old), ("New", TABLE), ("Macro", old), change=hide))
    assert [(table.name, table.is_hidden) for table in looked.tables] == [
        ("New", False), ("Old", True), ("Macro", True)]  # fmt: skip
    assert looked.goods.rows == ITEMS
    assert looked_at(book(("New", [["Read me"]]), ("Old", TABLE), change=hide), Choice(sheet=1)).goods.rows == ITEMS
    huge = [("0902300009", "x" * 30_000)] * 120
    assert looked_at(book(("New", TABLE), ("Old", huge), change=hide)).goods.rows == ITEMS


def test_a_cell_of_several_rows_is_proposed_for_each_and_a_figure_in_it_is_told() -> None:
    def merge(sheet: Any) -> None:
        for place in ("A1:D1", "C3:C5", "D4:E5", "Z1:Z9"):
            sheet.merge_cells(place)

    body = [("0902300009", f"Tea {n}", "China", "400", "12") for n in range(3)]
    looked = looked_at(book(("S", [*TABLE[:2], *body]), change=merge))
    assert [(each.row, each.box, each.new) for each in looked.goods.proposals if not each.old] == [
        (1, "origin_country", "CN"), (2, "origin_country", "CN")]  # fmt: skip
    assert [row.get("net_mass") for row in looked.goods.rows] == ["400", "400", None]
    assert any("400" in note and "rows 4 to 5" in note for note in looked.goods.notes)
    written = looked_at(book(("S", [*TABLE[:2], *body]), change=merge), Choice(cells={"4:origin_country": ""}))
    assert [each.row for each in written.goods.proposals if not each.old] == [2]


def test_a_table_that_is_formatted_to_the_last_row_of_its_sheet_is_read_as_far_as_it_holds_goods() -> None:
    """A spreadsheet that was formatted as a whole has a million rows; a gap of some thousand is none."""
    cells = "".join(f'<c r="{column}%d" s="0"/>' for column in "ABCDE")
    empty = "".join(f'<row r="{number}">{cells.replace("%d", str(number))}</row>' for number in range(9, 150_000))
    more = '<row r="{0}"><c r="A{0}" t="str"><v>0902300009</v></c><c r="B{0}" t="str"><v>Tea</v></c></row>'
    content = rewritten(
        book(("S", TABLE[:4])), "</sheetData>", f"{more.format(8)}{empty}{more.format(150_001)}</sheetData>"
    )
    looked = looked_at(content)
    assert looked.goods.numbers == [3, 4, 8]
    close = "".join(f'<row r="{number}"/>' for number in range(9, 5000))
    content = rewritten(
        book(("S", TABLE[:4])), "</sheetData>", f"{more.format(8)}{close}{more.format(5000)}</sheetData>"
    )
    assert looked_at(content).goods.numbers == [3, 4, 8, 5000]


def test_what_a_person_chose_comes_before_what_the_company_chose_and_that_before_the_names() -> None:
    content = csv_of([["HS", "Name", "Kilo"], ["0902300009", "Tea", "5"], ["Total", "", "5"]]).encode()
    assert looked_at(content).columns == ["commodity_code", "commercial_description", ""]
    before = ["commodity_code", "commercial_description", "net_mass"]
    remembered = looked_at(content, remembered=lambda keys: {keys[0]: before})
    assert (remembered.columns, remembered.is_remembered) == (before, True)
    chosen = looked_at(
        content, Choice(columns=["", "commodity_code", "gross_mass"]), remembered=lambda keys: {keys[0]: before}
    )
    assert chosen.columns == ["", "commodity_code", "gross_mass"]
    assert [row["gross_mass"] for row in looked_at(content, Choice(columns=chosen.columns, taken=[3])).goods.rows] == [
        "5", "5",
    ]  # fmt: skip
    assert looked_at(content, Choice(dropped=[2])).goods.rows == []
    assert len(looked_at(content, Choice(heading=0)).goods.rows) == 2


@pytest.mark.parametrize("language", ["en", "ru", "tg"])
def test_the_table_to_fill_in_is_read_back_in_any_language(language: str) -> None:
    with translation.override(language):
        rows = [*template_rows(), ["0902300009", *["1"] * (len(COLUMNS) - 1)]]
    for content in (workbook(rows, texts=3), "".join(written(rows)).encode()):
        assert looked_at(content).columns == list(COLUMNS)


# Through the door ---------------------------------------------------------------------------------------------
def send(client: Client, draft: Declaration, content: bytes, name: str = "list.xlsx") -> Any:
    address = reverse("declaration_goods_file", args=[draft.public_id])
    return client.post(address, {"do": "upload", "file": SimpleUploadedFile(name, content)}, follow=True)


def press(client: Client, draft: Declaration, do: str, **data: str) -> Any:
    address = reverse("declaration_goods_file", args=[draft.public_id])
    return client.post(address, {"do": do, **data}, follow=True)


def items(draft: Declaration) -> list[tuple[Any, ...]]:
    saved = as_dict(Declaration.objects.get(pk=draft.pk))
    return [(item.get("commodity_code"), item.get("origin_country"), item.get("net_mass")) for item in saved["items"]]


def test_from_a_file_into_the_draft_and_back(as_trader: Client) -> None:
    draft = make.draft(invoice_currency="")
    before = items(draft)
    table = [*TABLE[:2], ("902300009", "Tea", "China", "4 00", "1,200.50"), TABLE[3]]
    page = send(as_trader, draft, book(("S", table)))
    assert page.context["doubtful"] == 1
    assert items(draft) == before, "a dry run writes nothing"
    press(as_trader, draft, "accept:3:origin_country", **{"cell:3:net_mass": "400", "was:3:net_mass": "4 00"})
    page = press(as_trader, draft, "accept_all")
    assert page.context["doubtful"] == 0
    page = press(
        as_trader, draft, "write", how="append", **{"fact:invoice_currency": "on", "fact:invoice_number": "on"}
    )
    assert items(draft) == [*before, ("0902300009", "CN", "400"), ("6911100000", "CN", "2700")]
    saved = as_dict(Declaration.objects.get(pk=draft.pk))
    assert saved["invoice_currency"] == "USD"
    assert saved["suppliers"][-1]["invoice_number"] == "AB-17/26"
    back = reverse("declaration_bring_back", args=[draft.public_id])
    as_trader.post(back, {"state": "another state"})
    assert len(items(draft)) == len(before) + 2, "what was changed since is not lost unseen"
    as_trader.post(back, {"state": page.context["state"]})
    assert items(draft) == before
    again = as_trader.get(reverse("declaration_section", args=[draft.public_id, "items"]))
    as_trader.post(back, {"state": again.context["state"]})
    assert len(items(draft)) == len(before) + 2, "the table comes back in the same way"


def test_hidden_rows_and_columns_are_named_and_one_press_takes_them(as_trader: Client) -> None:
    draft = make.draft()
    head = ("Code", "Sum, USD", "Name of goods", "Net, kg", "Gross, kg")
    content = hiding([head, *[("0902300009", "9", f"Tea {n}", "5", "6") for n in range(7)]])
    page = send(as_trader, draft, content)
    text = " ".join(page.content.decode().split())
    assert "Hidden rows of the sheet: 4-7. Hidden columns of the sheet: B, E." in text
    assert len(page.context["looked"].goods.rows) == 3
    names = {f"column{place}": name for place, name in enumerate(page.context["looked"].columns)}
    chosen = {"sheet": "0", "was_sheet": "0", "heading": "1", "was_heading": "1", **names,
              "was_columns": page.context["was_columns"]}  # fmt: skip
    page = press(as_trader, draft, "hidden:take", **chosen)
    assert len(page.context["looked"].goods.rows) == 7
    assert "item_price" in page.context["looked"].columns
    assert len(press(as_trader, draft, "hidden:leave").context["looked"].goods.rows) == 3
    door = reverse("api-declaration-items-read", args=[draft.public_id])
    for asked, count in (({}, 3), ({"hidden": "true"}, 7)):
        said = as_trader.post(door, {"file": SimpleUploadedFile("list.xlsx", content), **asked}).json()
        assert len(said["rows"]) == count
        assert said["hidden"] == {"rows": [4, 5, 6, 7], "columns": ["B", "E"], "sheets": [], "are_read": count == 7}


def test_columns_are_remembered_for_the_company_and_the_kind_of_table(as_trader: Client) -> None:
    draft = make.draft()
    table = [("Art", "HS", "Kilo"), ("Tea", "0902300009", "5")]
    send(as_trader, draft, book(("S", table)))
    chosen = {"sheet": "0", "was_sheet": "0", "heading": "1", "was_heading": "0", "was_columns": ",commodity_code,"}
    press(as_trader, draft, "columns", **chosen, column0="commercial_description", column1="commodity_code",
          column2="net_mass")  # fmt: skip
    press(as_trader, draft, "write", how="replace")
    assert items(draft) == [("0902300009", "CN", "5")], "what all items had in common stays"
    other = make.draft()
    page = send(as_trader, other, book(("S", [*table, ("Rice", "1006309809", "7")])))
    assert page.context["looked"].is_remembered
    press(as_trader, other, "write", how="new")
    newest = Declaration.objects.order_by("-pk")[0]
    assert items(newest) == [("0902300009", "CN", "5"), ("1006309809", "CN", "7")]
    assert len(items(other)) == 1, "the draft from which it was made stays"


def test_what_does_not_fit_is_refused_whole_and_no_text_is_too_strange(as_trader: Client) -> None:
    draft = make.draft()
    many = [TABLE[1], *[("0902300009", f"Tea {count}", "CN", "1", "1") for count in range(999)]]
    send(as_trader, draft, "".join(written(many)).encode(), "list.csv")
    page = press(as_trader, draft, "write", how="append")
    assert (page.status_code, [fault.code for fault in page.context["violations"]]) == (422, ["F043"])
    assert len(items(draft)) == 1
    strange = csv_of([["HS", "Name"], ["09\x00023\ud80000009".encode("utf-8", "replace").decode(), "\x01=1+1"]])
    page = send(as_trader, draft, strange.encode(), "\x01.csv")
    page = press(as_trader, draft, "check", **{"cell:2:commodity_code": "\x0009", "cell:²:x": "1", "column0": "\x00"},
                 sheet="0", heading="9" * 5000, was_sheet="²", was_heading="")  # fmt: skip
    assert page.status_code == 200


def test_a_program_reads_a_file_as_the_page_does_and_sends_its_rows(as_trader: Client) -> None:
    draft = make.draft()
    address = reverse("api-declaration-items-read", args=[draft.public_id])
    read = as_trader.post(address, {"file": SimpleUploadedFile("list.xlsx", book(("S", TABLE)))}).json()
    assert read["rows"] == ITEMS
    assert (read["faults"], read["proposals"], read["sheets"]) == ([], [], ["S"])
    assert read["facts"]["invoice_number"] == "AB-17/26"
    one = {"cells": "902300009\tTea", "column": "commodity_code"}
    assert as_trader.post(address, one, content_type="application/json").json()["proposals"][0]["to"] == "0902300009"
    refused = as_trader.post(address, {"file": SimpleUploadedFile("list.xlsx", b"%PDF-1.7")})
    assert (refused.status_code, refused.json()["violations"][0]["code"]) == (422, "F040")
    door = reverse("api-declaration-detail", args=[draft.public_id])
    as_trader.patch(door, {"items": read["rows"]}, content_type="application/json")
    assert items(draft) == [("0902300009", "CN", "400"), ("6911100000", "CN", "2700")]
