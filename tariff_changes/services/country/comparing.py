"""What a folder changes in the law: its rows, table by table, against those that stand."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from tariff_changes.models import ChangeRow
from tariff_changes.selectors.decided import decided
from tariff_changes.services.country.folder import FileRow, Folder
from tariff_changes.services.country.nomenclature import KEPT, check_act, ends_of, lines_of
from tariff_changes.services.country.present import Key, Present, Tally
from tariff_changes.services.rows import created, ended, replaced
from tariffs.columns import FEES, LAW, Table

_FEE_COLUMNS = {"rate": "fee"}


@dataclass
class Changes:
    """Rows for a change set in the order of its places, each with where it stands in the folder, and how many."""

    rows: list[ChangeRow] = field(default_factory=list)
    sources: list[FileRow] = field(default_factory=list)
    tallies: dict[str, Tally] = field(default_factory=dict)

    def add(self, row: ChangeRow, source: FileRow) -> None:
        self.rows.append(row)
        self.sources.append(source)


def changes_of(folder: Folder, *, on: date) -> Changes:
    """Every row of law that the folder makes new or different. What officers have decided about stays as it is."""
    changes = Changes()
    check_act(folder)
    for table in LAW.values():
        settled = decided(table)
        present = Present(table)
        if table is LAW["commodity"]:
            changes.tallies[table.file] = _nomenclature(folder, present, settled, changes, on=on)
        else:
            changes.tallies[table.file] = _compare(folder.of(table), present, settled, changes)
        if table is LAW["measure"]:
            changes.tallies[FEES.file] = _compare(_fees(folder), present, settled, changes)
    return changes


def _compare(
    rows: Iterable[FileRow], present: Present, settled: set[Key], changes: Changes, kept: Iterable[str] = ()
) -> Tally:
    """Rows of one table. An empty cell in one of the columns `kept` is no difference."""
    added = changed = unchanged = 0
    table = present.table
    for each in present.wanted(rows):
        row, found = each.row, present.rows.get(each.key)
        if each.key in settled:
            unchanged += 1
        elif found is None:
            values = {name: text for name, text in each.texts.items() if text}
            changes.add(created(table.name, values, row=row.number), row)
            added += 1
        elif different := _different(each.texts, found[1], kept):
            changes.add(_changed(table, *found, different, row.number), row)
            changed += 1
        else:
            unchanged += 1
    return Tally(added, changed, unchanged)


def _different(texts: Mapping[str, str], standing: Mapping[str, str], kept: Iterable[str]) -> dict[str, str]:
    return {name: text for name, text in texts.items() if text != standing[name] and not (name in kept and not text)}


def _changed(table: Table, pk: int, standing: dict[str, str], different: dict[str, str], number: int) -> ChangeRow:
    """A row that ends sooner, or one that is put right on the days it has."""
    sooner = different.get("valid_to", "")
    if set(different) == {"valid_to"} and sooner and sooner < (standing["valid_to"] or "9999"):
        return ended(table.name, pk, standing, different, row=number)
    days = {"valid_from": standing["valid_from"]} if table.dated else {}
    return replaced(table.name, pk, standing, {**different, **days, **_act(table, different, standing)}, row=number)


def _act(table: Table, different: Mapping[str, str], standing: Mapping[str, str]) -> dict[str, str]:
    """A row keeps its act: the set has none that could stand in its place."""
    return {"act": different.get("act", standing["act"])} if "act" in table.by_name else {}


def _nomenclature(folder: Folder, present: Present, settled: set[Key], changes: Changes, *, on: date) -> Tally:
    lines = lines_of(folder, settled=settled)
    tally = _compare(lines.rows, present, set(), changes, kept=KEPT)
    measure = LAW["measure"]
    kept = {(*(row.texts[name] for name in measure.series), row.texts["valid_from"]) for row in folder.of(measure)}
    ends = ends_of(lines.split, on=on, kept=kept)
    for row in ends:
        changes.add(row, FileRow(present.table.file, 1, {}))
    return tally + Tally(changed=len(ends))


def _from_value(row: FileRow) -> Decimal:
    value: Decimal = row.values["from_value"]
    return value


def _fees(folder: Folder) -> list[FileRow]:
    """Rows of one tax and one validity are the steps of one table by value."""
    steps: dict[tuple[str, ...], list[FileRow]] = defaultdict(list)
    for row in folder.of(FEES):
        steps[tuple(row.texts[name] for name in ("tax", "valid_from", "valid_to", "act", "example"))].append(row)
    usual = {name: column.usual for name, column in LAW["measure"].by_name.items()}
    found = []
    for rows in steps.values():
        first = rows[0]
        table = "; ".join(f"{row.texts['from_value']}: {row.texts['fee']}" for row in sorted(rows, key=_from_value))
        same = {name: first.texts[name] for name in ("tax", "valid_from", "valid_to", "act", "example")}
        texts = {**usual, **same, "rate": f"step({table})"}
        found.append(FileRow(first.file, first.number, texts, columns=_FEE_COLUMNS))
    return found
