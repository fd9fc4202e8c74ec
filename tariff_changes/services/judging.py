"""The rows of a change set, read against the published rows they change, for the rules and for publication."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from lib.cells import day
from lib.violations import Violation
from tariff_changes.models import ChangeRow, ChangeSet
from tariff_changes.rules import JudgedRow
from tariff_changes.selectors.law_texts import Texts, becoming, texts_by_pk
from tariff_changes.services.cells import Reader
from tariffs.columns import LAW

DAY = timedelta(days=1)
Action = ChangeRow.Action
Readers = Mapping[str, Reader]


def readers() -> Readers:
    """For each table of law, what reads its rows."""
    return {name: Reader(table) for name, table in LAW.items()}


@dataclass
class Reading:
    """What could be read, and the faults of the cells that could not."""

    change_set: ChangeSet
    rows: list[JudgedRow] = field(default_factory=list)
    faults: list[Violation] = field(default_factory=list)

    def row(self, row: ChangeRow, now: Texts | None, **more: Any) -> None:
        """A row that could be read. `now` is its target as it stands."""
        number = (self.change_set.is_loaded and row.source_row) or row.place
        self.rows.append(
            JudgedRow(
                place=row.place,
                table=LAW[row.table],
                action=row.action,
                target=row.target,
                seen=row.seen,
                now=now,
                to_decide=row.to_decide,
                number=number,
                **more,
            )
        )

    def fault(self, row: ChangeRow, code: str, column: str, sentence: str) -> None:
        """A cell that could not be read."""
        self.faults.append(Violation(code, f"rows[{row.place}].{column}", sentence))


def read(change_set: ChangeSet, *, more: Sequence[ChangeRow] = ()) -> Reading:
    """Every row of the set, and `more` as if they were in it. One query for the rows, one for each table of targets."""
    return read_rows([*change_set.rows.order_by("place"), *more], change_set, readers())


def read_rows(rows: Sequence[ChangeRow], change_set: ChangeSet, readers: Readers) -> Reading:
    """Rows, saved or not, as rows of a set."""
    standing = _standing(rows)
    act = change_set.legal_act.number if change_set.legal_act else ""
    found = Reading(change_set)
    for row in rows:
        now = standing[row.table].get(row.target or 0)
        if row.action == Action.END:
            _read_end(row, now, found)
        else:
            after = becoming(
                LAW[row.table],
                seen=row.seen,
                values=row.values,
                takes_effect=change_set.takes_effect,
                act=act,
            )
            _read(row, readers[row.table], now, after, found)
    return found


def _standing(rows: Iterable[ChangeRow]) -> dict[str, Mapping[int, Texts]]:
    targets: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if row.target is not None:
            targets[row.table].append(row.target)
    found: dict[str, Mapping[int, Texts]] = defaultdict(dict)
    for name, pks in targets.items():
        found[name] = texts_by_pk(LAW[name], pks)
    return found


def _read(row: ChangeRow, reader: Reader, now: Texts | None, after: Texts, found: Reading) -> None:
    table = reader.table
    values, texts, faults = reader.read(after)
    for fault in faults:
        found.fault(row, fault.code, fault.column, fault.sentence)
    if faults:
        return
    if row.target is None:
        found.row(row, now, values=values, texts=texts)
    elif not table.dated:
        found.row(row, now, values=values, texts=texts, in_place=True)
    else:
        corrects = found.change_set.is_loaded and now is not None and texts["valid_from"] == now["valid_from"]
        last_day = _earlier(values["valid_from"] - DAY, now)
        found.row(row, now, values=values, texts=texts, last_day=last_day, in_place=corrects)


def _earlier(last_day: date, now: Texts | None) -> date:
    """A row that ends by itself before the new one begins keeps its own end."""
    own = now.get("valid_to", "") if now else ""
    return min(last_day, date.fromisoformat(own)) if own else last_day


def _read_end(row: ChangeRow, now: Texts | None, found: Reading) -> None:
    try:
        chosen = day(row.values.get("valid_to", ""))
    except ValueError as error:
        found.fault(row, "T413", "valid_to", str(error))
        return
    strange = [column for column, value in row.values.items() if column != "valid_to" and value]
    for column in strange:
        found.fault(row, "T413", column, _("A row that ends has no values but its last day."))
    last_day = (chosen or found.change_set.takes_effect - DAY) if LAW[row.table].dated else None
    found.row(row, now, last_day=last_day)
