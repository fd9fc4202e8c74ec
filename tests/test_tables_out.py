"""Every table that leaves the portal can be opened in a spreadsheet: what it would compute is marked as text."""

import ast
import csv
import io
from pathlib import Path

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from lib.sheets import Expected, Faults, harmless, read_sheet, written
from lib.sheets.writing import unmarked
from tariff_changes import services as changes
from tariffs.models import Country, LegalAct
from tests import make
from tests.conftest import client_of

ROOT = Path(__file__).resolve().parent.parent
COMPUTED = [
    "=1+1", "=cmd|' /C calc'!A0", "@SUM(1)", "+1+2", "-2+3", "--1", "- cmd|'/C calc'!A0", "-A1", "\t=1+1", "\r=1+1",
    " =1+1", "\n=1", "\uff1d1+1", "\uff0b1", "\uff201", "-(1)", "+992 37 221 00 00", '=HYPERLINK("http://x")',
]  # fmt: skip
PLAIN = ["", "-5.5", "+7", "-12%", "5%", "- прочие", "— прочие", "-прочие", "A = B", "0902", "'quoted'", "a@b.org", "-"]


@pytest.mark.parametrize("text", COMPUTED)
def test_what_a_spreadsheet_would_compute_is_marked_and_comes_back_as_it_was(text: str) -> None:
    assert harmless(text) == f"'{text}"
    assert unmarked(harmless(text)) == text
    [row] = csv.reader(io.StringIO("".join(written([[text]])), newline=""))
    assert row == [f"'{text}"]


@pytest.mark.parametrize("text", PLAIN)
def test_other_texts_are_written_as_they_are(text: str) -> None:
    assert harmless(text) == unmarked(text) == text


def test_a_table_that_was_written_is_read_back() -> None:
    rows = [["code", "note"], ["A", "=1+1"], ["B", "- прочие"], ["C", 'a "quoted", text']]
    sheet = read_sheet("".join(written(rows)).encode(), name="f", faults=Faults(), tables=[Expected(("code", "note"))])
    assert [[row["code"], row["note"]] for _number, row in sheet.rows] == rows[1:]


@pytest.mark.django_db
@pytest.mark.parametrize("place", [0, 1])
def test_the_administration_exports_harmless_files(place: int) -> None:
    Country.objects.filter(code="KZ").update(name="=1+1", name_ru="@SUM(1)\x02", name_tg="-A1")
    client: Client = client_of(make.officer(Role.TARIFF, None))
    answer = client.post(reverse("admin:tariffs_country_export"), {"format": str(place)})
    assert answer.status_code == 200
    if place:
        cells = [cell for row in openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows() for cell in row]  # type: ignore[union-attr]
        assert not [cell for cell in cells if cell.data_type == "f"]
        texts = {str(cell.value) for cell in cells}
    else:
        texts = {cell for row in csv.reader(io.StringIO(answer.content.decode())) for cell in row}
    assert {"'=1+1", "'-A1"} <= texts
    assert any(text.startswith("'@SUM(1)") for text in texts)


@pytest.mark.django_db
def test_open_data_are_harmless() -> None:
    Country.objects.filter(code="KZ").update(name="=1+1")
    answer = Client().get(reverse("open_data_file", args=[make.ON.isoformat(), "countries.csv"]))
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert "KZ,'=1+1," in content.decode()


@pytest.mark.django_db
def test_a_change_set_as_csv_is_harmless_and_reads_back() -> None:
    maker = make.officer(Role.TARIFF, None)
    act = LegalAct.objects.get(number="Order 450")
    held = changes.begin(title="x", takes_effect=make.ON, legal_act=act, by=maker, at=make.AT)
    content = b"tax,commodity,rate,note\nDUTY,0808300000,3%,'=1+1\n"
    found = changes.read_file(content, name="f.csv", table="measure", change_set=held)
    changes.take_over(held, found, by=maker, at=make.AT)
    assert held.rows.get().values["note"] == "=1+1"
    answer = client_of(maker).get(reverse("change_set_csv", args=[held.pk]))
    text = b"".join(answer.streaming_content).decode()
    assert "'=1+1" in text
    assert ",=1+1" not in text


def test_no_other_module_writes_or_reads_tables() -> None:
    """Tables go in and out by lib.sheets: a reader or writer beside it would have bounds and marks of its own."""
    own = ("lib/sheets", "tests", "bench", ".venv")
    strays = [
        str(path.relative_to(ROOT))
        for path in ROOT.rglob("*.py")
        if not str(path.relative_to(ROOT)).startswith(own)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in [getattr(node, "module", None) or node.names[0].name]
        if name in ("csv", "openpyxl")
    ]
    assert strays == []
