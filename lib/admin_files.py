"""Tables that come into the administration and go out of it by file: read and written as everywhere, CSV and XLSX."""

from typing import Any

from django.forms import Form
from django.utils.translation import gettext as _
from import_export.formats.base_formats import CSV, XLSX
from import_export.widgets import BooleanWidget, DecimalWidget, SimpleArrayWidget
from tablib import Dataset

from lib import cells
from lib.sheets import Expected, Faults, harmless, read_rows, written
from lib.sheets.writing import without_control
from lib.violations import Rejected

_SHOWN = 20
_NAME = "file"
_ANY = Expected((), may_compute=False)  # a list of the UNECE has `-log10(mol/l)`; what goes out is made harmless


def _read(content: bytes) -> Dataset:
    """Raises Rejected with every fault."""
    faults = Faults(_NAME)
    sheet = read_rows(content, name=_NAME, faults=faults, tables=[_ANY])
    faults.refuse()
    table = Dataset(headers=list(sheet.header))
    for _number, row in sheet.rows:
        table.append([row.get(column, "") for column in sheet.header])
    return table


class Csv(CSV):  # type: ignore[misc]
    """CSV in any encoding and with any separator that can be told."""

    def is_binary(self) -> bool:
        return True

    def get_read_mode(self) -> str:
        return "rb"

    def create_dataset(self, in_stream: bytes, **_options: Any) -> Dataset:
        return _read(in_stream)

    def export_data(self, dataset: Dataset, **_options: Any) -> str:
        return "".join(written([dataset.headers or [], *dataset]))


class Xlsx(XLSX):  # type: ignore[misc]
    """A workbook of one sheet, all of its cells text."""

    def create_dataset(self, in_stream: bytes, **_options: Any) -> Dataset:
        return _read(in_stream)

    def export_data(self, dataset: Dataset, **options: Any) -> bytes:
        safe = Dataset(headers=[harmless(name) for name in dataset.headers or []])
        for row in dataset:
            safe.append([without_control(harmless(cell)) for cell in row])
        content: bytes = super().export_data(safe, **options)
        return content


class Flag(BooleanWidget):  # type: ignore[misc]
    """Yes or no in the words that every table knows; another word is refused and not taken for no."""

    def clean(self, value: Any, row: Any = None, **_options: Any) -> bool:
        return cells.flag("" if value is None else str(value))


class ExactNumber(DecimalWidget):  # type: ignore[misc]
    """A number with one reading."""

    def clean(self, value: Any, row: Any = None, **_options: Any) -> Any:
        return None if self.is_empty(value) else cells.decimal(str(value).strip())


class Codes(SimpleArrayWidget):  # type: ignore[misc]
    """Codes with spaces or commas between them."""

    def clean(self, value: Any, row: Any = None, **_options: Any) -> list[str]:
        return cells.words(str(value or "").replace(",", " "))

    def render(self, value: Any, obj: Any = None, **_options: Any) -> str:
        return " ".join(value or ())


WIDGETS = {"BooleanField": Flag, "DecimalField": ExactNumber, "ArrayField": Codes}


class TablesByFile:
    """For the administration of a model: its formats, and the sentences of a file that cannot be read."""

    formats = (Csv, Xlsx)

    def add_data_read_fail_error_to_form(self, form: Form, error: Exception) -> None:
        if not isinstance(error, Rejected):
            raise error
        for fault in error.violations[:_SHOWN]:
            form.add_error("import_file", f"{fault.pointer}: {fault.sentence}")
        if (more := len(error.violations) - _SHOWN) > 0:
            form.add_error("import_file", _("And %(number)d further faults.") % {"number": more})
