"""T401: no two rows of one thing share a day. Said here with the rows' names, before the database refuses it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from lib.cells import printed
from lib.violations import Violation
from tariff_changes.rules.judged import Case, JudgedRow, Span, clipped
from tariffs.columns import LAW, Table

Series = tuple[str, ...]
_NARROWED = {"measure": "commodity", "commodity": "code", "quota": "number"}


@dataclass(frozen=True, slots=True)
class _Held:
    """Days that a row of a series takes: a published one, or one of the set."""

    span: Span
    judged: JudgedRow | None = None


def t401_overlap(case: Case) -> list[Violation]:
    """The new rows against each other and against what stays in force once the set has ended what it ends."""
    found: list[Violation] = []
    for table in LAW.values():
        created = case.created(table.name)
        if table.dated and created:
            found += _of_series(case, table, created, table.series)
            if table.name == "tax":
                found += _of_series(case, table, created, ("sequence",))
    return found


def _of_series(case: Case, table: Table, created: Sequence[JudgedRow], columns: Series) -> list[Violation]:
    held: dict[Series, list[_Held]] = defaultdict(list)
    for judged in created:
        if judged.stops is None or judged.stops >= judged.starts:
            key = tuple(judged.texts[column] for column in columns)
            held[key].append(_Held(Span(judged.starts, judged.stops), judged))
    last_days = case.last_days(table.name)
    since = min((judged.starts for judged in created), default=case.on)
    for pk, key, span in _published(table, created, columns, since=since):
        left = clipped(span.start, span.stop, last_days.get(pk))
        if key in held and left is not None:
            held[key].append(_Held(left))
    return [fault for rows in held.values() if len(rows) > 1 for fault in _meeting(rows)]


def _published(
    table: Table, created: Iterable[JudgedRow], columns: Series, *, since: date
) -> Iterator[tuple[int, Series, Span]]:
    rows: Any = table.model.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=since))
    narrow = _NARROWED.get(table.name)
    if narrow in columns:
        rows = rows.filter(**{f"{table.path(narrow)}__in": {judged.values[narrow] for judged in created}})
    paths = [table.path(column) for column in columns]
    for pk, start, stop, *values in rows.values_list("pk", "valid_from", "valid_to", *paths):
        yield pk, tuple(map(printed, values)), Span(start, stop)


def _meeting(rows: list[_Held]) -> Iterator[Violation]:
    """Neighbours by their first day that share one; the fault stands at a row of the set."""
    rows.sort(key=lambda held: (held.span.start, held.judged is not None))
    furthest = rows[0]
    for _earlier, later in pairwise(rows):
        if furthest.span.meets(later.span):
            here, there = (later, furthest) if later.judged else (furthest, later)
            if here.judged is not None:
                yield _fault(here.judged, there)
        if furthest.span.stop is not None and (later.span.stop is None or later.span.stop > furthest.span.stop):
            furthest = later


def _fault(judged: JudgedRow, other: _Held) -> Violation:
    if other.judged is not None:
        sentence = _("Row %(row)d of this set says the same for %(days)s.")
        return judged.fault("T401", "valid_from", sentence % {"row": other.judged.number, "days": other.span})
    sentence = _("A published row says the same for %(days)s: replace or end it.")
    return judged.fault("T401", "valid_from", sentence % {"days": other.span})
