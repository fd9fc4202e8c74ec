"""Several tables that only grow, read as one list, the newest first. Nothing is kept twice, every read is bounded."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import BigIntegerField, DecimalField, F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, NullIf
from django.utils import timezone
from django.utils.functional import Promise

from accounts.models import User

COUNTED = 1000
NAMED = 100
_COLUMNS = ("row_source", "row_pk", "row_at", "row_by", "row_person", "row_kind", "row_about")


@dataclass(frozen=True)
class Source:
    """A table of which a list tells: `at`, `by`, `person` and `kind` are its columns, `about` those that are read out.

    `narrow` answers to what is asked of one kind of thing (a company, a file); without it the table knows none.
    `said` makes words of what `about` reads out.
    """

    name: str
    label: Promise
    rows: Callable[[], QuerySet[Any]]
    about: Sequence[str]
    at: str = "at"
    by: str = "by"
    kind: str | Value = "verb"
    person: str = ""
    kinds: Mapping[str, Any] = field(default_factory=dict)
    narrow: Callable[[str], Q | None] | None = None
    said: Callable[[str], str] = str


@dataclass(frozen=True)
class Asked:
    """What is looked for; an empty filter filters nothing. `kind` is a source or `source:kind`."""

    by: str = ""
    whose: str = ""
    kind: str = ""
    words: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Row:
    """A line of the list. `by` None: a command on the server, or a file that was loaded."""

    source: Source
    pk: int
    at: datetime
    by: User | None
    person: User | None
    kind: str
    about: str

    @property
    def label(self) -> str:
        return str(self.source.kinds.get(self.kind, self.kind.replace("_", " ")))


class Union:
    """The list for a paginator: counted to a thousand, read by pieces."""

    def __init__(self, sources: Sequence[Source], asked: Asked) -> None:
        self.known = {each.name: each for each in sources}
        self.branches = [branch for each in sources if (branch := _branch(each, asked)) is not None]

    def count(self) -> int:
        return len(self._read(0, COUNTED))

    def __getitem__(self, piece: slice) -> list[Row]:
        read = self._read(piece.start or 0, piece.stop)
        people = User.objects.in_bulk({pk for row in read for pk in (row[3], row[4]) if pk})
        return [
            Row(self.known[name], pk, at, people.get(by), people.get(person), kind, self.known[name].said(about))
            for name, pk, at, by, person, kind, about in read
        ]

    def _read(self, start: int, stop: int) -> list[tuple[Any, ...]]:
        if not self.branches or stop <= start:
            return []
        newest = [branch.order_by("-row_at", "-row_pk")[:stop] for branch in self.branches]
        if len(newest) == 1:
            return list(newest[0][start:stop])
        return list(newest[0].union(*newest[1:], all=True).order_by("-row_at", "-row_pk")[start:stop])


def named(text: str) -> list[int]:
    """People by name or address."""
    found = User.objects.filter(Q(full_name__icontains=text) | Q(email__iexact=text))
    return list(found.values_list("pk", flat=True)[:NAMED])


def _branch(source: Source, asked: Asked) -> QuerySet[Any] | None:
    name, _colon, kind = asked.kind.partition(":")
    if name and name != source.name:
        return None
    rows = source.rows()
    if asked.by.strip():
        rows = rows.filter(**{f"{source.by}__in": named(asked.by.strip())})
    if asked.whose.strip():
        fits = _whose(source, asked.whose.strip())
        if fits is None:
            return None
        rows = rows.filter(fits)
    if asked.since:
        rows = rows.filter(**{f"{source.at}__gte": _midnight(asked.since)})
    if asked.until:
        rows = rows.filter(**{f"{source.at}__lt": _midnight(asked.until + timedelta(days=1))})
    if asked.words.strip():
        found = [Q(**{f"{column}__icontains": asked.words.strip()}) for column in source.about]
        rows = rows.filter(reduce(or_, found))
    shown: QuerySet[Any] = rows.annotate(**_columns(source))
    if kind:
        shown = shown.filter(row_kind=kind)
    branch: QuerySet[Any] = shown.values_list(*_COLUMNS)
    return branch


def _whose(source: Source, text: str) -> Q | None:
    fits = source.narrow(text) if source.narrow else None
    if source.person:
        person = Q(**{f"{source.person}__in": named(text)})
        fits = person if fits is None else fits | person
    return fits


def _columns(source: Source) -> dict[str, Any]:
    of_table = {each.name: each for each in source.rows().model._meta.concrete_fields}
    said = [NullIf(_read_out(column, of_table.get(column)), Value("", TextField())) for column in source.about]
    about = Func(Value(" · ", TextField()), *said, function="concat_ws", output_field=TextField())
    return {
        "row_source": Value(source.name, TextField()),
        "row_pk": Cast("pk", BigIntegerField()),
        "row_at": F(source.at),
        "row_by": Cast(source.by, BigIntegerField()) if source.by else Cast(Value(None), BigIntegerField()),
        "row_person": Cast(source.person or Value(None), BigIntegerField()),
        "row_kind": Cast(source.kind, TextField()),
        "row_about": about,
    }


def _read_out(column: str, kept: Any) -> Cast:
    """A column as text; a sum without the zeros behind it."""
    is_sum = isinstance(kept, DecimalField)
    return Cast(Func(column, function="trim_scale", output_field=DecimalField()) if is_sum else column, TextField())


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
