"""What a file would change: its rows against the law in force on the day of a change set. Nothing is written here."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from lib.sheets import Faults, Sheet
from lib.violations import Rejected, Violation, refuse
from tariff_changes.models import ChangeRow, ChangeSet
from tariff_changes.selectors.law_texts import Texts, name_of, series_of, texts_of
from tariff_changes.services.cells import Reader
from tariff_changes.services.drafts import editable, next_place
from tariff_changes.services.people import record
from tariff_changes.services.rows import created, ended, replaced, store
from tariffs.columns import LAW, Table, changed_by_hand
from tariffs.selectors import territory

Action = ChangeRow.Action


@dataclass(frozen=True, slots=True)
class Difference:
    """What a file would change. `flagged` codes were left out, `bare` numbers are per cent; `notices` need a look."""

    file: str
    rows: int
    proposed: tuple[ChangeRow, ...]
    unchanged: int
    flagged: tuple[str, ...] = ()
    bare: tuple[str, ...] = ()
    notices: tuple[Violation, ...] = ()
    verb: str = "file_taken"

    def of(self, table: str = "", action: str = "") -> list[ChangeRow]:
        """The proposed rows of a table, or with an action, or both."""
        return [row for row in self.proposed if table in ("", row.table) and action in ("", row.action)]

    @property
    def counts(self) -> dict[str, int]:
        """Rows by table and action: `{"measure.replace": 300}`."""
        return dict(Counter(f"{row.table}.{row.action}" for row in self.proposed))


@transaction.atomic
def take_over(change_set: ChangeSet, difference: Difference, *, by: User, at: datetime) -> int:
    """Put the rows of a difference into the draft; how many. T424 where the set holds a row about the same already."""
    held = editable(change_set, by=by, at=at)
    known = {(table, target): place for table, target, place in held.rows.values_list("table", "target", "place")}
    twice = [row for row in difference.proposed if row.target is not None and (row.table, row.target) in known]
    if twice:
        sentence = _("Row %(row)d of the set changes %(name)s already.")
        raise Rejected(
            [
                Violation("T424", f"{difference.file}:{row.source_row or ''}:",
                          sentence % {"row": known[row.table, row.target], "name": _name(row)})
                for row in twice[:1000]
            ]
        )  # fmt: skip
    store(held, difference.proposed, first=next_place(held))
    held.version += 1
    held.save(update_fields=["version"])
    record(
        held,
        verb=difference.verb,
        by=by,
        at=at,
        file=difference.file,
        rows=difference.rows,
        counts=difference.counts,
        unchanged=difference.unchanged,
        flagged=list(difference.flagged),
        bare=list(difference.bare),
        notices=[notice.as_dict() for notice in difference.notices],
    )
    return len(difference.proposed)


def _name(row: ChangeRow) -> str:
    """The key of what a row is about."""
    return name_of(LAW[row.table], {**row.seen, **row.values})


# The portal's own tables --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Read:
    """A row of the file: only the columns the file has."""

    number: int
    texts: dict[str, str]


def compare(sheet: Sheet, *, table: str, change_set: ChangeSet, end_missing: bool, faults: Faults) -> Difference:
    """The rows of one of the portal's tables against what is in force on the day of the set, field by field."""
    if table not in changed_by_hand():
        raise refuse("T413", "table", _("A change set cannot hold rows of “%(table)s”.") % {"table": table})
    kind = LAW[table]
    _check_columns(kind, sheet, faults)
    rows = list(_readable(kind, sheet, faults))
    _refuse_duplicates(kind, rows, faults)
    faults.refuse()
    standing = Standing(kind, rows_of_interest(kind, [row.texts for row in rows]), on=change_set.takes_effect)
    matched: set[int] = set()
    proposed: list[ChangeRow] = []
    for row in rows:
        target = standing.match(row.texts)
        if target is not None:
            matched.add(target)
        if (one := _proposed(kind, row, target, standing, change_set.takes_effect)) is not None:
            proposed.append(one)
    unchanged = len(rows) - len(proposed)
    if end_missing and kind.dated:
        proposed += standing.ends_of_the_missing(matched)
    return Difference(sheet.file, len(rows), tuple(proposed), unchanged)


def _check_columns(table: Table, sheet: Sheet, faults: Faults) -> None:
    """Without the right columns the rows are not worth reading."""
    known = table.of_set
    strange = [column for column in sheet.header if column not in known]
    missing = [column for column in table.series if column not in sheet.header and known[column].required]
    if table.name == "measure" and not {"tax", "kind"} & set(sheet.header):
        missing.append("tax")
    for column in strange:
        faults.add("T431", sheet.top, column, _("This column is not known."))
    for column in missing:
        faults.add("T431", sheet.top, column, _("This column is missing."))
    if strange or missing:
        faults.refuse()


def _readable(table: Table, sheet: Sheet, faults: Faults) -> Iterator[_Read]:
    reader = Reader(table)
    for number, cells in sheet.rows:
        _row, texts, wrong = reader.read(cells, tuple(cells))
        for fault in wrong:
            faults.add(fault.code, number, fault.column, fault.sentence)
        if not wrong:
            yield _Read(number, {**_defaults(table), **texts})


def _defaults(table: Table) -> dict[str, str]:
    return {name: table.by_name[name].usual for name in table.series}


def _refuse_duplicates(table: Table, rows: Iterable[_Read], faults: Faults) -> None:
    first: dict[tuple[str, ...], int] = {}
    for row in rows:
        key = (*series_of(table, row.texts), row.texts.get("valid_from", ""))
        if key in first:
            sentence = _("%(name)s is already in row %(row)d.")
            shown = {"name": name_of(table, row.texts), "row": first[key]}
            column = "commodity" if table.name == "measure" else table.series[-1]
            faults.add("T433", row.number, column, sentence % shown)
        first.setdefault(key, row.number)


def rows_of_interest(table: Table, rows: Sequence[Texts]) -> dict[str, Any]:
    """Lookups that keep the published rows a file can be about: of measures those of its taxes and kinds."""
    if table.name == "measure":
        return {
            "tax_code__in": {row.get("tax", "") for row in rows},
            "kind__in": {row.get("kind", "rate") for row in rows},
        }
    return {}


class Standing:
    """The published rows that are in force on a day or come into force later, by what they are about."""

    def __init__(self, table: Table, lookups: Mapping[str, Any], *, on: date) -> None:
        self.table, self.on = table, on.isoformat()
        rows = table.model.objects.filter(**lookups)
        if table.dated:
            rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))
        self.rows = texts_of(table, rows)
        self.by_series: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for pk, texts in self.rows.items():
            self.by_series[series_of(table, texts)].append(pk)

    def match(self, texts: Texts) -> int | None:
        """The published row that a row of the file is about: the one beginning on its day, else the one in force."""
        pks = self.by_series.get(series_of(self.table, texts), [])
        if not self.table.dated:
            return pks[0] if pks else None
        start = texts.get("valid_from", "")
        for pk in pks:
            if start and self.rows[pk]["valid_from"] == start:
                return pk
        day = max(start, self.on)
        return next((pk for pk in pks if self._in_force(pk, day)), None)

    def _in_force(self, pk: int, day: str) -> bool:
        row = self.rows[pk]
        return row["valid_from"] <= day and (not row["valid_to"] or row["valid_to"] >= day)

    def next_start(self, texts: Texts) -> str:
        """The first day of the next row of the series after the day; "" where none follows."""
        pks = self.by_series.get(series_of(self.table, texts), [])
        later = [self.rows[pk]["valid_from"] for pk in pks if self.rows[pk]["valid_from"] > self.on]
        return min(later, default="")

    def ends_of_the_missing(self, matched: set[int]) -> list[ChangeRow]:
        """An end for every row in force that was not matched."""
        return [
            ended(self.table.name, pk, row)
            for pk, row in self.rows.items()
            if pk not in matched and self._in_force(pk, self.on)
        ]


def _proposed(table: Table, row: _Read, target: int | None, standing: Standing, takes_effect: date) -> ChangeRow | None:
    if target is None:
        values = {column: text for column, text in row.texts.items() if text}
        return created(table.name, _completed(table, values, row), row=row.number)
    seen = standing.rows[target]
    values = {
        column: text
        for column, text in row.texts.items()
        if text != seen[column] and column != "valid_from" and not (column == "act" and not text)
    }
    if not values:
        return None
    if set(values) == {"valid_to"} and values["valid_to"] and values["valid_to"] < (seen["valid_to"] or "9999"):
        return ended(table.name, target, seen, values, row=row.number)
    start = max(row.texts.get("valid_from", ""), seen.get("valid_from", ""))
    if start > takes_effect.isoformat():
        values["valid_from"] = start
    return replaced(table.name, target, seen, values, row=row.number)


def _completed(table: Table, values: dict[str, str], row: _Read) -> dict[str, str]:
    """A new line of full length may be declared, unless the file says otherwise."""
    if table.name == "commodity" and "declarable" not in row.texts:
        whole = len(values["code"]) == territory().commodity_code_length
        return {**values, "declarable": "yes" if whole else "no"}
    return values
