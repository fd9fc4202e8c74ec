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
from tariff_changes.rules.proposals import Case, Proposal, Span, clipped
from tariffs.columns import LAW, Table

Series = tuple[str, ...]
_NARROWED = {"measure": "commodity", "commodity": "code", "quota": "number"}


@dataclass(frozen=True, slots=True)
class _Held:
    """Days that a row of a series takes: a published one, or one of the set."""

    span: Span
    proposal: Proposal | None = None


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


def _of_series(case: Case, table: Table, created: Sequence[Proposal], columns: Series) -> list[Violation]:
    held: dict[Series, list[_Held]] = defaultdict(list)
    for proposal in created:
        if proposal.stops is None or proposal.stops >= proposal.starts:
            key = tuple(proposal.texts[column] for column in columns)
            held[key].append(_Held(Span(proposal.starts, proposal.stops), proposal))
    last_days = case.last_days(table.name)
    since = min((proposal.starts for proposal in created), default=case.on)
    for pk, key, span in _published(table, created, columns, since=since):
        left = clipped(span.start, span.stop, last_days.get(pk))
        if key in held and left is not None:
            held[key].append(_Held(left))
    return [fault for rows in held.values() for fault in _meeting(rows)]


def _published(
    table: Table, created: Iterable[Proposal], columns: Series, *, since: date
) -> Iterator[tuple[int, Series, Span]]:
    rows: Any = table.model.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=since))
    narrow = _NARROWED.get(table.name)
    if narrow in columns:
        rows = rows.filter(**{f"{table.path(narrow)}__in": {proposal.row[narrow] for proposal in created}})
    paths = [table.path(column) for column in columns]
    for pk, start, stop, *values in rows.values_list("pk", "valid_from", "valid_to", *paths):
        yield pk, tuple(map(printed, values)), Span(start, stop)


def _meeting(rows: list[_Held]) -> Iterator[Violation]:
    """Neighbours by their first day that share one; the fault stands at a row of the set."""
    rows.sort(key=lambda held: (held.span.start, held.proposal is not None))
    furthest = rows[0]
    for _earlier, later in pairwise(rows):
        if furthest.span.meets(later.span):
            here, there = (later, furthest) if later.proposal else (furthest, later)
            if here.proposal is not None:
                yield _fault(here.proposal, there)
        if furthest.span.stop is not None and (later.span.stop is None or later.span.stop > furthest.span.stop):
            furthest = later


def _fault(proposal: Proposal, other: _Held) -> Violation:
    if other.proposal is not None:
        sentence = _("Row %(row)d of this set says the same for %(days)s.")
        return proposal.fault("T401", "valid_from", sentence % {"row": other.proposal.place, "days": other.span})
    sentence = _("A published row says the same for %(days)s: replace or end it.")
    return proposal.fault("T401", "valid_from", sentence % {"days": other.span})
