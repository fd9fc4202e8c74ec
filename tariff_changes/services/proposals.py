"""The rows of a change set, read against the published rows they change, for the rules and for publication."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from lib.cells import day
from lib.violations import Violation
from tariff_changes.models import ChangeRow, ChangeSet
from tariff_changes.rules import Proposal
from tariff_changes.selectors.changeable import CHANGEABLE, Texts, becoming, texts_by_pk
from tariff_changes.services.columns import Reader

DAY = timedelta(days=1)
Action = ChangeRow.Action
_COLUMNS = ("place", "table", "action", "target", "seen", "values", "to_decide")


@dataclass(frozen=True, slots=True)
class Held:
    """A row of the set without the cost of a model instance."""

    place: int
    table: str
    action: str
    target: int | None
    seen: dict[str, str]
    values: dict[str, str]
    to_decide: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What could be read, and the faults of the cells that could not."""

    proposals: list[Proposal]
    faults: list[Violation]


def read(change_set: ChangeSet, *, more: Sequence[Held] = ()) -> Reading:
    """Every row of the set, and `more` as if they were in it. One query for the rows, one for each table of targets."""
    rows = [Held(*values) for values in change_set.rows.order_by("place").values_list(*_COLUMNS)]
    rows += more
    standing = _standing(rows)
    act = change_set.legal_act.number if change_set.legal_act else ""
    found = Reading([], [])
    readers = {name: Reader(table) for name, table in CHANGEABLE.items()}
    for row in rows:
        now = standing[row.table].get(row.target or 0)
        if row.action == Action.END:
            _read_end(row, now, change_set.takes_effect, found)
        else:
            after = becoming(
                CHANGEABLE[row.table],
                seen=row.seen,
                values=row.values,
                takes_effect=change_set.takes_effect,
                act=act,
            )
            _read(row, readers[row.table], now, after, found)
    return found


def _standing(rows: Iterable[Held]) -> dict[str, Mapping[int, Texts]]:
    targets: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if row.target is not None:
            targets[row.table].append(row.target)
    found: dict[str, Mapping[int, Texts]] = defaultdict(dict)
    for name, pks in targets.items():
        found[name] = texts_by_pk(CHANGEABLE[name], pks)
    return found


def _read(row: Held, reader: Reader, now: Texts | None, after: Texts, found: Reading) -> None:
    table = reader.table
    values, texts, faults = reader.read(after)
    found.faults.extend(Violation(fault.code, f"rows[{row.place}].{fault.column}", fault.sentence) for fault in faults)
    if faults:
        return
    last_day = None
    if row.target is not None and table.dated:
        last_day = _earlier(values["valid_from"] - DAY, now)
    found.proposals.append(
        Proposal(
            place=row.place,
            table=table,
            action=row.action,
            target=row.target,
            seen=row.seen,
            now=now,
            row=values,
            texts=texts,
            last_day=last_day,
            to_decide=row.to_decide,
        )
    )


def _earlier(last_day: date, now: Texts | None) -> date:
    """A row that ends by itself before the new one begins keeps its own end."""
    own = now.get("valid_to", "") if now else ""
    return min(last_day, date.fromisoformat(own)) if own else last_day


def _read_end(row: Held, now: Texts | None, takes_effect: date, found: Reading) -> None:
    table = CHANGEABLE[row.table]
    try:
        chosen = day(row.values.get("valid_to", ""))
    except ValueError as error:
        found.faults.append(Violation("T413", f"rows[{row.place}].valid_to", str(error)))
        return
    strange = [column for column, value in row.values.items() if column != "valid_to" and value]
    for column in strange:
        sentence = _("A row that ends has no values but its last day.")
        found.faults.append(Violation("T413", f"rows[{row.place}].{column}", sentence))
    found.proposals.append(
        Proposal(
            place=row.place,
            table=table,
            action=row.action,
            target=row.target,
            seen=row.seen,
            now=now,
            last_day=(chosen or takes_effect - DAY) if table.dated else None,
            to_decide=row.to_decide,
        )
    )
