"""Damaged and hostile files: each gets a sentence that says what to do, in bounded time, and none is an error."""

import io
import random
import zipfile
from collections.abc import Callable
from time import thread_time

import pytest

from lib.sheets import Expected, Faults, Sheet, read_sheet
from lib.violations import Rejected, Violation
from tests.lib.workbooks import BOOK, MAIN, PARTS, ROWS, SHEET, STYLES, TEXTS, archive, cell, sheet, workbook

TABLE = Expected(("code", "rate", "valid_from"))
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def outcome(content: bytes) -> list[Violation] | Sheet:
    """What is wrong with a file, or its sheet. Anything but Rejected is a failure of the reader."""
    faults = Faults()
    try:
        found = read_sheet(content, name="f", faults=faults, tables=[TABLE])
        faults.refuse()
    except Rejected as refusal:
        return refusal.violations
    return found


def refused(content: bytes) -> Violation:
    """The only fault of a file."""
    found = outcome(content)
    assert isinstance(found, list), found
    assert len(found) == 1, found
    assert found[0].sentence.endswith("."), found[0]
    return found[0]


def test_the_workbook_from_which_the_damaged_ones_are_made_is_sound() -> None:
    found = outcome(workbook())
    assert isinstance(found, Sheet)
    assert found.rows == [(2, {"code": "0902300009", "rate": "5%"})]


def encrypted() -> bytes:
    content = bytearray(workbook())
    start = content.index(b"PK\x01\x02")
    while start >= 0:
        content[start + 8] |= 1
        start = content.find(b"PK\x01\x02", start + 4)
    return bytes(content)


def other_method() -> bytes:
    content = bytearray(workbook())
    start = content.index(b"PK\x01\x02")
    while start >= 0:
        content[start + 10] = 99
        start = content.find(b"PK\x01\x02", start + 4)
    return bytes(content)


def wrong_sum() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as file:
        for name, part in PARTS.items():
            file.writestr(name, part)
    return content.getvalue().replace(b"0902300009", b"0902300008")


DAMAGED: dict[str, bytes] = {
    "empty": b"",
    "blanks": b" \r\n\t ",
    "a mark alone": b"\xef\xbb\xbf",
    "the first bytes of an archive": b"PK\x03\x04 no workbook",
    "an empty archive": archive({}),
    "cut in the middle": workbook()[: len(workbook()) // 2],
    "cut before its end": workbook()[:-30],
    "without its directory": workbook()[: workbook().index(b"PK\x01\x02")],
    "noise": b"PK\x03\x04" + bytes(random.Random(1).randbytes(5000)),
    "a wrong sum": wrong_sum(),
    "an unknown compression": other_method(),
    "parts with a password": encrypted(),
    "an archive of other things": archive({"readme.txt": "hello", "data.csv": "code,rate\n1,2\n"}),
    "folders in place of parts": archive({"xl/": "", "xl/workbook.xml/": "", "_rels/": ""}),
    "a text document": archive({"[Content_Types].xml": "<Types/>", "word/document.xml": "<document/>"}),
    "an open document": archive({"mimetype": "application/vnd.oasis", "content.xml": "<x/>"}),
    "a binary workbook": archive({"xl/workbook.bin": b"\x00\x01"}),
    "without a workbook": workbook(**{BOOK: None}),
    "without relationships": workbook(**{"xl/_rels/workbook.xml.rels": None}),
    "relationships to nowhere": workbook(
        **{"xl/_rels/workbook.xml.rels": PARTS["xl/_rels/workbook.xml.rels"].replace("sheet1", "sheet9")}
    ),
    "relationships out of the archive": workbook(
        **{"xl/_rels/workbook.xml.rels": PARTS["xl/_rels/workbook.xml.rels"].replace("worksheets/", "../../../etc/")}
    ),
    "another key": workbook(**{BOOK: PARTS[BOOK].replace('r:id="rId1"', 'r:id="rId77"')}),
    "no key": workbook(**{BOOK: PARTS[BOOK].replace(' r:id="rId1"', "")}),
    "without a sheet": workbook(**{SHEET: None}),
    "no sheets": workbook(**{BOOK: f"<workbook {MAIN}><sheets/></workbook>"}),
    "only hidden sheets": workbook(**{BOOK: PARTS[BOOK].replace('sheetId="1"', 'sheetId="1" state="hidden"')}),
    "an empty part": workbook(**{SHEET: ""}),
    "XML that ends too early": workbook(**{SHEET: PARTS[SHEET][:-40]}),
    "XML that is broken": workbook(**{SHEET: PARTS[SHEET].replace("</row>", "</rwo>", 1)}),
    "XML with zero bytes": workbook(**{SHEET: PARTS[SHEET].replace("<row", "\x00<row", 1)}),
    "XML in an unknown encoding": workbook(**{SHEET: '<?xml version="1.0" encoding="klingon"?>' + PARTS[SHEET]}),
    "XML that lies about its encoding": workbook(
        **{SHEET: b'<?xml version="1.0" encoding="utf-8"?><worksheet>' + "чай".encode("cp1251") + b"</worksheet>"}
    ),
    "a broken list of sheets": workbook(**{BOOK: "<workbook><sheets>"}),
    "broken texts": workbook(**{TEXTS: "<sst><si><t>code</si></sst>"}),
    "broken styles": workbook(**{STYLES: "<styleSheet><cellXfs>"}),
    "no rows": workbook(**{SHEET: sheet("")}),
    "a header alone": workbook(**{SHEET: sheet(ROWS.split("</row>")[0] + "</row>")}),
    "rows out of order": workbook(**{SHEET: sheet(ROWS + ROWS)}),
    "a row that has no number": workbook(**{SHEET: sheet('<row r="one"><c r="A1"><v>1</v></c></row>')}),
    "cells out of order": workbook(**{SHEET: sheet('<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>')}),
    "a cell that has no place": workbook(**{SHEET: sheet('<row r="1"><c r="11"><v>1</v></c></row>')}),
    "an old workbook": OLE + b"\x00" * 512,
    "a workbook with a password": OLE + b"\x00" * 512 + "EncryptedPackage".encode("utf-16-le"),
    "a PDF": b"%PDF-1.7\n1 0 obj\n",
    "a picture": b"\x89PNG\r\n\x1a\n\x00\x00",
    "a page of the web": b"<html><table><tr><td>code</td></tr></table></html>",
    "XML of 2003": b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
    "JSON": b'[{"code": "0902", "rate": "5%"}]',
    "a packed file": b"\x1f\x8b\x08\x00\x00",
    "half a letter of UTF-16": "\ufeffcode,rate\n0902,5%\n".encode("utf-16-le") + b"\x41",
    "a surrogate alone": b"\xff\xfe" + "code,rate\n".encode("utf-16-le") + b"\x00\xd8",
    "only quotation marks": b'"""""',
    "only separators": b",,,,\n,,,,\n",
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_file_gets_a_sentence(name: str) -> None:
    fault = refused(DAMAGED[name])
    assert fault.code in ("T430", "T431", "T432")
    assert fault.pointer.startswith("f:1:")


def test_sentences_say_what_the_file_is_and_what_to_do() -> None:
    says = {name: refused(content).sentence for name, content in DAMAGED.items()}
    assert "protected by a password" in says["parts with a password"]
    assert "protected by a password" in says["a workbook with a password"]
    assert "old Excel file" in says["an old workbook"]
    assert "DOCX" in says["a text document"]
    assert "ODS" in says["an open document"]
    assert "XLSB" in says["a binary workbook"]
    assert "PDF" in says["a PDF"]
    assert "Unpack it" in says["an archive of other things"]
    assert "“Rates”" in says["without a sheet"]
    assert "empty" in says["empty"]


@pytest.mark.parametrize(
    ("content", "code", "column"),
    [
        (cell("<v>9999</v>", kind="s"), "T430", "rate"),
        (cell("<v>-1</v>", kind="s"), "T430", "rate"),
        (cell("<v>two</v>", kind="s"), "T430", "rate"),
        (cell("<v>5</v>", style="9999"), "T430", "rate"),
        (cell("<v>5</v>", style="-1"), "T430", "rate"),
        (cell("<v>5</v>", style="x"), "T430", "rate"),
        (cell("<v>five</v>"), "T432", "rate"),
        (cell("<v>1E400</v>"), "T432", "rate"),
        (cell("<v>99999999</v>", style="2"), "T435", "rate"),
        (cell("<v>-5</v>", style="2"), "T435", "rate"),
        (cell("<v>46361.75</v>", style="2"), "T435", "rate"),
        (cell("<v>2026-99-99</v>", kind="d"), "T435", "rate"),
        (cell("<v>2</v>", kind="b"), "T430", "rate"),
        (cell("<v>#REF!</v>", kind="e"), "T432", "rate"),
        (cell("<f>A2</f><v>5</v>"), "T434", "rate"),
        (cell('<f t="shared" si="0"/><v>5</v>'), "T434", "rate"),
        (cell("<is><t>a_x0000_b</t></is>", kind="inlineStr"), "T430", "rate"),
        (cell(f"<is><t>{'x' * 40_000}</t></is>", kind="inlineStr"), "T436", "rate"),
        (b"code,rate\n0902300009,5%\x00\n", "T430", "rate"),
        ("code,rate\n0902300009,5\ufffd\n".encode(), "T430", "rate"),
        (b"code,rate\n0902300009,5\x1b[0m\n", "T430", "rate"),
    ],
)
def test_a_damaged_cell_is_named_by_row_and_column(content: bytes, code: str, column: str) -> None:
    fault = refused(content)
    assert (fault.code, fault.pointer) == (code, f"f:2:{column}")


@pytest.mark.parametrize(
    "others",
    [
        {"[Content_Types].xml": None},
        {"[Content_Types].xml": "<Types><Override PartName='/xl/workbook.xml' ContentType='image/png'/></Types>"},
        {"_rels/.rels": None},
        {"_rels/.rels": PARTS["_rels/.rels"].replace('"xl/', '"/xl/')},
        {"xl/_rels/workbook.xml.rels": PARTS["xl/_rels/workbook.xml.rels"].replace('"worksheets/', '"/xl/worksheets/')},
        {"xl/_rels/workbook.xml.rels": PARTS["xl/_rels/workbook.xml.rels"].replace("worksheets/", "worksheets\\")},
        {BOOK: PARTS[BOOK].replace("<workbook", "<x:workbook").replace("</workbook", "</x:workbook")
         .replace("xmlns=", "xmlns:x=").replace("<sheet", "<x:sheet").replace("</sheet", "</x:sheet")},
        {BOOK: b"\xff\xfe" + ('<?xml version="1.0" encoding="UTF-16"?>' + PARTS[BOOK]).encode("utf-16-le")},
        {SHEET: sheet(ROWS.replace(' r="1"', "").replace(' r="2"', "").replace(' r="A1"', "").replace(' r="B1"', "")
                      .replace(' r="A2"', "").replace(' r="B2"', ""))},
        {TEXTS: f"<sst {MAIN}><si><r><t>co</t></r><r><t>de</t></r><rPh sb='0' eb='1'><t>x</t></rPh></si>"
                "<si><t>rate</t></si><si><t>0902300009</t></si></sst>"},
    ],
)  # fmt: skip
def test_what_is_certain_all_the_same_is_read(others: dict[str, str | bytes | None]) -> None:
    found = outcome(workbook(**others))
    assert isinstance(found, Sheet), found
    assert found.rows == [(2, {"code": "0902300009", "rate": "5%"})]


BOMBS: dict[str, Callable[[], dict[str, str | bytes]]] = {
    "a million and a half rows of one cell": lambda: {
        SHEET: sheet(
            "<row><c t='s'><v>0</v></c><c t='s'><v>1</v></c></row>" + "<row><c t='s'><v>2</v></c></row>" * 1_500_000
        )
    },
    "empty rows": lambda: {SHEET: sheet(ROWS + "<row/>" * 1_200_000)},
    "empty cells": lambda: {SHEET: sheet(ROWS + "<row>" + "<c/>" * 3_100_000 + "</row>")},
    "blanks": lambda: {SHEET: b"<worksheet>" + b" " * 210_000_000},
    "one endless tag": lambda: {SHEET: b"<worksheet a='" + b" " * 100_000_000},
    "elements inside each other": lambda: {SHEET: sheet("<a>" * 5_000_000)},
    "texts": lambda: {TEXTS: f"<sst {MAIN}>" + "<si/>" * 2_100_000 + "</sst>"},
    "a part that is too large": lambda: {STYLES: "<styleSheet>" + " " * 60_000_000},
    "entities": lambda: {SHEET: '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;&b;">]>' + sheet(ROWS)},
    "entities of others": lambda: {
        TEXTS: '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><sst><si><t>&b;</t></si></sst>'
    },
    "many sheets": lambda: {
        BOOK: f"<workbook {MAIN}><sheets>" + "<sheet name='x' r:id='rId1'/>" * 1000 + "</sheets></workbook>"
    },
}


@pytest.mark.parametrize("name", BOMBS)
def test_bounds_hold_while_a_workbook_is_read(name: str) -> None:
    file = workbook(**BOMBS[name]())
    began = thread_time()
    assert refused(file).code in ("T430", "T436")
    assert thread_time() - began < 15


def test_an_archive_of_very_many_parts_is_refused() -> None:
    assert refused(archive({**PARTS, **{f"x{n}": "" for n in range(6000)}})).code == "T436"


@pytest.mark.parametrize(
    "content",
    [b"code,rate\n" + b"\n" * 2_000_000, b"code,rate\n" + b"0902300009,5%\n" * 150_000,
     b"code,rate\n" + b"x" * 21_000_000, b'code,rate\n1,"' + b"\n" * 5_000_000, b"code,rate\n1," + b"x" * 1_000_000],
    ids=["blank lines", "rows", "bytes", "one open quotation mark", "one cell"],
)  # fmt: skip
def test_bounds_hold_while_csv_is_read(content: bytes) -> None:
    began = thread_time()
    assert refused(content).code in ("T432", "T436")
    assert thread_time() - began < 10


def test_half_a_million_cells_are_read_in_seconds() -> None:
    columns = tuple(f"column{n}" for n in range(20))
    head = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in columns)
    line = '<c t="s"><v>2</v></c>' * 10 + '<c s="1"><v>0.05</v></c>' * 10
    file = workbook(**{SHEET: sheet(f"<row>{head}</row>" + f"<row>{line}</row>" * 25_000)})
    began = thread_time()
    found = read_sheet(file, name="f", faults=Faults(), tables=[Expected(columns)])
    assert len(found.rows) == 25_000
    assert found.rows[-1][1] == {name: "0902300009" if n < 10 else "5%" for n, name in enumerate(columns)}
    assert thread_time() - began < 20


@pytest.mark.parametrize("seed", range(60))
def test_no_damage_anywhere_is_an_error(seed: int) -> None:
    """Bytes of a sound workbook changed, dropped or doubled: read or refused, never anything else."""
    chance = random.Random(seed)
    content = bytearray(workbook())
    for _ in range(chance.randint(1, 8)):
        place = chance.randrange(len(content))
        match chance.randrange(3):
            case 0:
                content[place] = chance.randrange(256)
            case 1:
                del content[place : place + chance.randrange(1, 40)]
            case _:
                content[place:place] = content[place : place + chance.randrange(1, 40)]
    outcome(bytes(content))
    parts = {**PARTS}
    name = chance.choice([SHEET, TEXTS, STYLES, BOOK, "xl/_rels/workbook.xml.rels"])
    text = list(parts[name])
    for _ in range(chance.randint(1, 4)):
        text[chance.randrange(len(text))] = chance.choice('<>/"&x9 \x00é')
    outcome(archive({**parts, name: "".join(text)}))
