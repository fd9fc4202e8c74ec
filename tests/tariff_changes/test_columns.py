"""Each column of the law is named once: one that is added to the table is there wherever rows are read or shown."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from lib.cells import text
from lib.violations import Rejected
from tariff_changes import services as changes
from tariff_changes.forms.change_sets import Action, RowForm
from tariff_changes.models import ChangeSet
from tariff_changes.selectors import change_sets as reads
from tariff_changes.selectors.choices import codes_for
from tariff_changes.selectors.shown_rows import rows_of
from tariff_changes.services.exports import as_differences, as_table
from tariff_changes.services.load_country import load_country
from tariffs.columns import CODE_LISTS, FEES, LAW, LawColumn, Table
from tariffs.models import Measure
from tests.tariff_changes.change_steps import APPLES, AT, ON, apples, begun, maker, published
from tests.tariff_changes.test_country_law import Edit, edit, folder, loaded

__all__ = ["edit", "folder"]
pytestmark = pytest.mark.django_db
REMARK = LawColumn("remark", text(300), required=False, field="note", label="remark of the reader", hint="Short.")


@pytest.fixture(autouse=True)
def remark(monkeypatch: pytest.MonkeyPatch) -> None:
    """Measures have a column more. The field `note` plays the part of the new field: no other column fills it here."""
    measure = LAW["measure"]
    columns = tuple(column for column in measure.columns if column.name != "note")
    monkeypatch.setitem(LAW, "measure", replace(measure, columns=(*columns, REMARK)))


def with_remark() -> ChangeSet:
    """A draft that gives the duty on apples a remark."""
    held = begun()
    content = f"tax,commodity,remark\nDUTY,{APPLES},For the kitchen\n".encode()
    difference = changes.read_file(content, name="apples.csv", change_set=held, table="measure")
    changes.take_over(held, difference, by=maker(), at=AT)
    return reads.change_set(held.pk) or held


def test_a_file_of_a_change_set_has_it() -> None:
    (row,) = rows_of(with_remark()).rows
    assert [(cell.column, cell.label, cell.after) for cell in row.changes if cell.column == "remark"] == [
        ("remark", "remark of the reader", "For the kitchen")
    ]
    with pytest.raises(Rejected) as refusal:
        changes.read_file(b"tax,commodity,remark\nDUTY,01," + b"x" * 301, name="x", change_set=begun(), table="measure")
    assert [fault.pointer for fault in refusal.value.violations] == ["x:2:remark"]


def test_it_is_published_into_its_field_and_shown_in_the_exports() -> None:
    held = with_remark()
    assert f"1,measure,replace,DUTY {APPLES},remark,,For the kitchen" in "".join(as_differences(held))
    (row,) = csv.DictReader(io.StringIO("".join(as_table(held, "measure"))))
    assert row["remark"] == "For the kitchen"
    done = published(held)
    assert apples(done.takes_effect).note == "For the kitchen"


def test_the_form_of_a_row_asks_for_it() -> None:
    table = LAW["measure"]
    form = RowForm(
        {"remark": "  For the   kitchen ", "tax": "DUTY", "kind": "rate"}, table=table, action=Action.CREATE, seen={},
        values={}, codes=codes_for(table, on=ON),
    )  # fmt: skip
    assert form.fields["remark"].label == "Remark of the reader"
    assert form.is_valid()
    assert form.values()["remark"] == "For the kitchen"


def test_a_countrys_file_has_it(folder: Path, edit: Edit) -> None:
    rows = list(csv.reader((folder / "measures.csv").open(encoding="utf-8")))
    head = ["remark" if name == "note" else name for name in rows[0]]
    place = next(number for number, row in enumerate(rows) if row[head.index("commodity")] == APPLES)
    rows[place][head.index("remark")] = "For the kitchen"
    with (folder / "measures.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([head, *rows[1:]])
    load_country(folder, at=AT)
    (row,) = rows_of(loaded()[-1]).rows
    assert {cell.column: cell.after for cell in row.changes} == {"remark": "For the kitchen"}
    assert apples(ON).note == "For the kitchen"


def test_the_open_data_have_it(client: Client) -> None:
    def fetched(file: str) -> str:
        return client.get(reverse("open_data_file", args=[ON.isoformat(), file])).getvalue().decode()

    noted = Measure.objects.on(ON).exclude(note="")[0]
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(fetched("measures.csv")))}
    assert rows[str(noted.pk)]["remark"] == noted.note
    (row,) = [row for row in json.loads(fetched("tariff.json"))["measures"] if row["id"] == noted.pk]
    assert row["remark"] == noted.note
    resources = {resource["name"]: resource for resource in json.loads(fetched("datapackage.json"))["resources"]}
    assert {"name": "remark", "type": "string"} in resources["measures"]["schema"]["fields"]


@pytest.mark.parametrize("table", [*LAW.values(), *CODE_LISTS.values(), FEES], ids=lambda table: table.name)
def test_every_column_has_a_field_a_name_and_an_order_of_its_own(table: Table) -> None:
    assert len(table.names) == len(table.columns)
    assert set(table.series) <= set(table.names)
    for column in table.columns:
        field = column.target.split("__")[0]
        if table is not FEES:
            assert table.model._meta.get_field(field)
            assert table.label_of(column.name)
        assert column.widget in ("text", "long", "day", "flag", "choice", "commodity")
        assert bool(column.choices) == (column.widget == "choice")
    assert not table.public or table.order
