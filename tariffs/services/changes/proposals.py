"""The rows of a change set, read against the published rows they change, for the rules and for publication."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from customs_portal.lib.violations import Violation
from tariffs.models import ChangeRow, ChangeSet
from tariffs.rules import Proposal
from tariffs.selectors.changeable import CHANGEABLE, Changeable, Texts, texts_by_pk
from tariffs.services.changes.columns import read_row, tidy
from tariffs.services.tables import day

DAY = timedelta(days=1)
Action = ChangeRow.Action


@dataclass(frozen=True, slots=True)
class Reading:
    """What could be read, and the faults of the cells that could not."""

    proposals: list[Proposal]
    faults: list[Violation]


def read(change_set: ChangeSet) -> Reading:
    """Every row of the set. One query for the rows, one for each table with targets."""
    rows = list(change_set.rows.order_by("place"))
    standing = _standing(rows)
    act = change_set.legal_act.number if change_set.legal_act else ""
    found = Reading([], [])
    for row in rows:
        _read(row, standing[row.table].get(row.target or 0), change_set.takes_effect, act, found)
    return found


def _standing(rows: Iterable[ChangeRow]) -> dict[str, Mapping[int, Texts]]:
    targets: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if row.target is not None:
            targets[row.table].append(row.target)
    found: dict[str, Mapping[int, Texts]] = defaultdict(dict)
    for name, pks in targets.items():
        found[name] = texts_by_pk(CHANGEABLE[name], pks)
    return found


def texts_after(table: Changeable, row: ChangeRow, *, takes_effect: date, act: str) -> dict[str, str]:
    """The cells of the row as it becomes: its own values, what it carries over, and what the set says for all."""
    texts = {**(row.seen if row.action == Action.REPLACE else {}), **row.values}
    if table.dated:
        texts["valid_from"] = row.values.get("valid_from") or takes_effect.isoformat()
    if "act" in table.columns and not row.values.get("act"):
        texts["act"] = act or texts.get("act", "")
    return texts


def _read(row: ChangeRow, now: Texts | None, takes_effect: date, act: str, found: Reading) -> None:
    table = CHANGEABLE[row.table]
    if row.action == Action.END:
        _read_end(row, table, now, takes_effect, found)
        return
    values, faults = read_row(table, texts_after(table, row, takes_effect=takes_effect, act=act))
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
            texts=tidy(values),
            last_day=last_day,
            to_decide=row.to_decide,
        )
    )


def _earlier(last_day: date, now: Texts | None) -> date:
    """A row that ends by itself before the new one begins keeps its own end."""
    own = now.get("valid_to", "") if now else ""
    return min(last_day, date.fromisoformat(own)) if own else last_day


def _read_end(row: ChangeRow, table: Changeable, now: Texts | None, takes_effect: date, found: Reading) -> None:
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
