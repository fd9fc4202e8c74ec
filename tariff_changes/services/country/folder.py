"""A country's folder as it is read: settings and the rows of each table, by the readers of change sets."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from lib.cells import Row
from lib.country_folder import SETTINGS, settings_of, tables_named
from lib.sheets import Expected, Faults, Sheet, read_rows
from lib.violations import Rejected, Violation, refuse
from tariff_changes.services.cells import Reader
from tariff_changes.services.journey import at_most
from tariff_changes.services.judging import Readers, readers
from tariffs.columns import CODE_LISTS, FEES, LAW, Table
from tariffs.models import Currency, Territory

# By risk, tariff_lookup and clearance.
READ_ELSEWHERE = frozenset(
    {"audit_terms.csv", "brands.csv", "criteria.csv", "paying_rules.csv", "synonyms.csv", "targets.csv"}
)
_REQUIRED = ("code", "name", "currency")


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row of a table: its file and row there, its cells as texts and as values by column.

    `columns` says what the file calls a column that the table calls otherwise.
    """

    file: str
    number: int
    texts: dict[str, str]
    values: Row = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)

    def pointer(self, column: str) -> str:
        return f"{self.file}:{self.number}:{self.columns.get(column, column)}"


@dataclass
class Folder:
    """What a folder says, and what is wrong with it. Nothing of it is written yet."""

    path: Path
    settings: dict[str, Any]
    rows: dict[str, list[FileRow]] = field(default_factory=dict)
    faults: list[Violation] = field(default_factory=list)
    readers: Readers = field(default_factory=readers)
    is_readable: bool = True

    def of(self, table: Table) -> list[FileRow]:
        return self.rows.get(table.name, [])

    def blame(self, row: FileRow, code: str, column: str, sentence: str) -> None:
        self.faults.append(Violation(code, row.pointer(column), sentence))

    def blame_setting(self, name: str, sentence: str) -> None:
        self.faults.append(Violation("T101", f"{SETTINGS}:1:{name}", sentence))

    def refuse(self) -> None:
        """Raise `Rejected` with every fault, if there is any."""
        if self.faults:
            raise Rejected(at_most(self.faults))


def read_folder(path: Path) -> Folder:
    """Settings and rows. Raises `Rejected` where a file is no table of a country; faults of cells are kept."""
    if not (path / SETTINGS).is_file():
        raise refuse("T101", SETTINGS, _("The folder %(folder)s has no country.toml.") % {"folder": path})
    try:
        settings = settings_of(path)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise refuse("T101", SETTINGS, str(error)) from error
    folder = Folder(path, settings)
    _check_settings(folder)
    folder.refuse()
    for table in (*CODE_LISTS.values(), *LAW.values(), FEES):
        reader = folder.readers.get(table.name) or Reader(table)
        folder.rows[table.name] = [
            row for file in tables_named(path, table.file) for row in _rows_of(file, reader, folder)
        ]
    _check_currencies(folder)
    _refuse_strangers(folder)
    if not folder.is_readable:
        folder.refuse()
    return folder


# Settings -----------------------------------------------------------------------------------------------------


def _check_settings(folder: Folder) -> None:
    settings = folder.settings
    for name in _REQUIRED:
        if not isinstance(settings.get(name), str) or not settings[name]:
            folder.blame_setting(name, _("This setting is missing."))
    try:
        re.compile(settings.get("tin_pattern", ""))
    except re.error as error:
        folder.blame_setting("tin_pattern", str(error))
    if not isinstance(settings.get("nomenclature", {}).get("valid_from"), date):
        folder.blame_setting("nomenclature.valid_from", _("Write a date as 2022-01-01."))
    if not 6 < settings.get("commodity_code_length", 10) <= 11:
        folder.blame_setting("commodity_code_length", _("Write a number from 7 to 11."))
    for name in ("exchange_rate_jump", "exchange_rate_age"):
        if not 0 < settings.get(name, 1) < 1000:
            folder.blame_setting(name, _("Write a number from 1 to 999."))
    international = settings.get("international")
    if international is not None and not (folder.path / international).is_dir():
        folder.blame_setting("international", _("There is no such folder."))
    present = Territory.objects.first()
    if present is not None and present.code != settings.get("code"):
        sentence = _("The tables hold the law of %(country)s. Load another country into an empty database.")
        folder.blame_setting("code", sentence % {"country": present.code})


def _check_currencies(folder: Folder) -> None:
    """Decimals of amounts come from the list of currencies: a country that names one without a row has none."""
    known = {row.values["code"] for row in folder.of(CODE_LISTS["currency"])}
    known |= set(Currency.objects.values_list("code", flat=True))
    for code in sorted({folder.settings["currency"], *folder.settings.get("trade_currencies", [])} - known):
        folder.blame_setting("currency", _("“%(code)s” is not known.") % {"code": code})


# Tables -------------------------------------------------------------------------------------------------------


def _refuse_strangers(folder: Folder) -> None:
    known = {table.file for table in (*CODE_LISTS.values(), *LAW.values(), FEES)} | READ_ELSEWHERE
    for path in sorted(folder.path.glob("*.csv")):
        if path.name not in known:
            folder.faults.append(Violation("T431", f"{path.name}:1:", _("No table of a country folder has this name.")))


def _rows_of(file: Path, reader: Reader, folder: Folder) -> list[FileRow]:
    faults = Faults(file.name)
    try:
        tables = [Expected.of(reader.table.of_file.values())]
        sheet = read_rows(file.read_bytes(), name=file.name, faults=faults, tables=tables)
        _check_header(reader.table, sheet, faults)
    except Rejected as rejected:
        folder.faults += rejected.violations
        folder.is_readable = False
        return []
    rows = [row for number, cells in sheet.rows if (row := _row(file.name, number, cells, reader, faults))]
    _refuse_duplicates(reader.table, rows, faults)
    folder.faults += faults.found
    return rows


def _check_header(table: Table, sheet: Sheet, faults: Faults) -> None:
    """Without the right columns the rows are not worth reading."""
    strange = [name for name in sheet.header if name not in table.of_file]
    missing = [name for name, column in table.of_file.items() if column.required and name not in sheet.header]
    for name in strange:
        faults.add("T431", sheet.top, name, _("This column is not known."))
    for name in missing:
        faults.add("T431", sheet.top, name, _("This column is missing."))
    if strange or missing:
        faults.refuse()


def _row(file: str, number: int, cells: Mapping[str, str], reader: Reader, faults: Faults) -> FileRow | None:
    """A readable row; a column that the file does not have is empty."""
    columns = reader.table.of_file
    values, texts, wrong = reader.read(cells, tuple(columns))
    for fault in wrong:
        faults.add(fault.code, number, fault.column, fault.sentence)
    empty = [name for name, column in columns.items() if column.required and texts.get(name) == ""]
    for name in empty:
        faults.add("T432", number, name, _("This cell is empty."))
    return None if wrong or empty else FileRow(file, number, texts, values)


def _refuse_duplicates(table: Table, rows: list[FileRow], faults: Faults) -> None:
    """A row stands once: of one thing no two begin on the same day, and a line of the nomenclature has one row."""
    dated = table.dated and table.by_name["valid_from"].required
    names = (*table.series, "valid_from") if dated else table.series
    first: dict[tuple[str, ...], int] = {}
    for row in rows:
        key = tuple(row.texts[name] for name in names)
        if key in first:
            shown = {"name": " ".join(text for text in key if text), "row": first[key]}
            faults.add("T433", row.number, names[-1], _("%(name)s is already in row %(row)d.") % shown)
        first.setdefault(key, row.number)
