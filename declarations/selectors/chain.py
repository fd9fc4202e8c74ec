"""Reads history against its chains (ADR 40): every hash is computed anew here, none of the database's is believed.

One statement reads a stretch of declarations, so that all of it is of one moment, and memory stays bounded.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from django.db import connection

from declarations.models import Anchor, Declaration, HistoryFault, Status

STRETCH = 500
MARK_BYTES = 8
MOST_MISSING = 20
Kind = HistoryFault.Kind
# Groups of columns in the order in which they are hashed; how many values of the row each takes.
GROUPS: Mapping[str, Sequence[tuple[str, Sequence[str]]]] = {
    "event": (
        ("row", ("id", "declaration_id")),
        ("who", ("at", "by_id")),
        ("step", ("verb", "old_status", "new_status")),
        ("note", ("note",)),
        ("details", ("data",)),
    ),
    "snapshot": (
        ("row", ("id", "declaration_id")),
        ("who", ("at",)),
        ("content", ("content",)),
        ("hash", ("sha256",)),
    ),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in history that is not as it was written; `groups` are the groups of columns that were changed."""

    name: str
    kind: Kind
    table: str = ""
    row: int | None = None
    place: int | None = None
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Head:
    """What the declaration and its chain say of themselves."""

    name: str
    version: int
    status: str
    length: int | None
    beginning: bytes
    head: bytes
    follows: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A row of history as it lies in the table; `values` are those of its groups, one after another."""

    table: str
    key: int
    place: int
    chain: bytes
    marks: bytes
    values: Sequence[str | None]


@dataclass(slots=True)
class Read:
    """What a stretch of history came to."""

    declarations: int = 0
    rows: int = 0
    faults: list[Fault] = field(default_factory=list)


def hash_of(texts: Sequence[str | None]) -> bytes:
    """The hash of some values: of their JSON array, as PostgreSQL writes it."""
    return hashlib.sha256(json.dumps(texts, ensure_ascii=False).encode()).digest()


def next_link(before: bytes, place: int, digest: bytes) -> bytes:
    """The chain's hash at a place, from the one before it and the hashes of the row's groups."""
    return hashlib.sha256(before + place.to_bytes(4, "big") + digest).digest()


def last_declaration() -> int:
    """The highest key that the tables of history know."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST)
        return int(cursor.fetchone()[0])


def end_of_stretch(after: int, *, last: int) -> int:
    """The key up to which `STRETCH` declarations lie above `after`, `last` where there are fewer.

    Keys have gaps, and large ones after a restore: a gap is no stretch of its own.
    """
    keys = Declaration.objects.filter(pk__gt=after, pk__lt=last).order_by("pk").values_list("pk", flat=True)
    return next(iter(keys[STRETCH - 1 : STRETCH]), last)


def read_stretch(after: int, until: int, *, since: date | None = None) -> Read:
    """Every declaration with a key above `after` up to `until`, those lodged since a day alone if one is given."""
    read = Read()
    with connection.cursor() as cursor:
        cursor.execute(_STRETCH, {"after": after, "until": until, "since": since})
        found = cursor.fetchall()
    for key, rows in groupby(found, key=lambda row: row[0]):
        head, events = _taken_apart(key, rows)
        read.declarations += 1
        read.rows += len(events)
        read.faults += judge(head, events)
    return read


def _taken_apart(key: int, rows: Iterable[tuple[Any, ...]]) -> tuple[Head, list[Row]]:
    head = Head(f"? {key}", 1, "", None, b"", b"", follows=True)
    events = []
    for _key, table, place, pk, chain, marks, values in rows:
        if table == "":
            name, version, status, follows = values
            head = Head(
                name or f"? {key}", int(version or 1), status or "", place, bytes(marks or b""), bytes(chain or b""),
                follows=follows != "false",
            )  # fmt: skip
        else:
            events.append(Row(table, pk, place, bytes(chain), bytes(marks), values))
    return head, events


def judge(head: Head, rows: Sequence[Row]) -> list[Fault]:
    """What is wrong with the history of one declaration; `rows` by place, then key."""
    if head.length is None and not rows:
        lodged = head.status not in ("", Status.DRAFT)
        return [Fault(head.name, Kind.MISSING, place=1)] if lodged else []
    faults = list(_judged_rows(head, rows))
    last = rows[-1] if rows else None
    if not faults and last is not None and (head.length != last.place or head.head != last.chain):
        faults.append(Fault(head.name, Kind.HEAD, place=last.place))
    if not head.follows:
        faults.append(Fault(head.name, Kind.BEGINNING, place=1))
    steps = [row for row in rows if row.table == "event"]
    if not faults and steps and steps[-1].values[6] != head.status:
        faults.append(Fault(head.name, Kind.STATUS, "event", steps[-1].key, steps[-1].place))
    return faults


def _judged_rows(head: Head, rows: Sequence[Row]) -> Iterator[Fault]:
    """Each row that was changed or added, each place that is empty. One changed row does not accuse those after it."""
    before, place = [head.beginning], 1
    for row in rows:
        beyond = head.length is None or row.place > head.length
        if row.place < place or beyond:
            yield Fault(head.name, Kind.ADDED, row.table, row.key, row.place)
            continue
        known = row.place == place
        yield from _missing(head, place, row.place)
        place = row.place + 1
        hashes = [hash_of(texts) for texts in _texts(row)]
        groups = _changed(row, hashes)
        links = [next_link(each, row.place, b"".join(hashes)) for each in before]
        follows = not known or row.chain in links
        if groups:
            named = ("marks",) if known and follows else groups
            yield Fault(head.name, Kind.CHANGED, row.table, row.key, row.place, named)
        elif not follows:
            yield Fault(head.name, Kind.LINK, row.table, row.key, row.place)
        before = [row.chain, *links[:1]]  # whose own hash was changed does not accuse the next one
    yield from _missing(head, place, (head.length or 0) + 1)


def _missing(head: Head, place: int, until: int) -> Iterator[Fault]:
    """The empty places; of a gap that somebody has written in, a few."""
    return (Fault(head.name, Kind.MISSING, place=empty) for empty in range(place, min(until, place + MOST_MISSING)))


def _texts(row: Row) -> Iterator[Sequence[str | None]]:
    start = 0
    for _name, columns in GROUPS[row.table]:
        yield row.values[start : start + len(columns)]
        start += len(columns)


def _changed(row: Row, hashes: Sequence[bytes]) -> tuple[str, ...]:
    names = [name for name, _columns in GROUPS[row.table]]
    marks = [row.marks[start : start + MARK_BYTES] for start in range(0, MARK_BYTES * len(names), MARK_BYTES)]
    changed = [name for name, mark, whole in zip(names, marks, hashes, strict=True) if mark != whole[:MARK_BYTES]]
    if changed:
        return tuple(changed)
    return ("marks",) if len(row.marks) != MARK_BYTES * len(names) else ()


# Nights -------------------------------------------------------------------------------------------------------
def anchor_digest(rows: Iterable[tuple[int, str, int, bytes | memoryview]], *, day: date, before: bytes) -> bytes:
    """One hash over the chains that grew (key, name, place, hash; by key and place), the day, and the night before."""
    whole = hashlib.sha256(before + day.isoformat().encode())
    for key, name, place, chain in rows:
        whole.update(json.dumps([key, name, place, bytes(chain).hex()]).encode())
    return whole.digest()


def read_anchor(anchor: Anchor) -> list[Fault]:
    """What is wrong with a night: its own hash, and every chain that is no longer as it was that night."""
    before = Anchor.objects.filter(pk__lt=anchor.pk).order_by("-pk").first()
    rows = anchor.anchored.order_by("declaration_key", "place")
    faults = []
    heads = rows.values_list("declaration_key", "name", "place", "chain").iterator(chunk_size=5000)
    digest = anchor_digest(heads, day=anchor.day, before=bytes(before.chain) if before else b"")
    if digest != bytes(anchor.chain):
        faults.append(Fault(anchor.day.isoformat(), Kind.ANCHOR))
    with connection.cursor() as cursor:
        cursor.execute(_NOT_AS_ANCHORED, [anchor.pk])
        faults += [Fault(name, Kind.ANCHORED, place=place) for name, place in cursor.fetchall()]
    return faults


_LAST = """
SELECT greatest(
    (SELECT max(id) FROM declarations_declaration), (SELECT max(declaration_id) FROM declarations_event),
    (SELECT max(declaration_id) FROM declarations_snapshot), (SELECT max(declaration_id) FROM declarations_chain), 0)
"""
_STRETCH = """
WITH wanted AS (
    SELECT coalesce(d.id, c.declaration_id) AS id, d.mrn, d.version, d.status, c.length, c.head, c.beginning,
        coalesce(d.version, 1) = 1 AND coalesce(c.beginning, '') = '' OR EXISTS (
            SELECT FROM declarations_declaration o JOIN declarations_event e ON e.declaration_id = o.id
            WHERE o.mrn = d.mrn AND o.version = d.version - 1 AND e.chain = c.beginning
        ) AS follows
    FROM (SELECT * FROM declarations_declaration WHERE id > %(after)s AND id <= %(until)s) d
    FULL JOIN (SELECT * FROM declarations_chain WHERE declaration_id > %(after)s AND declaration_id <= %(until)s) c
        ON c.declaration_id = d.id
    WHERE %(since)s::date IS NULL OR d.lodged_at >= %(since)s::date
)
SELECT id, '' AS kind, length AS place, 0 AS row, head AS chain, beginning AS marks,
    ARRAY[mrn || '/' || version, version::text, status, follows::text] AS texts
FROM wanted WHERE status IS DISTINCT FROM 'draft' OR length IS NOT NULL
UNION ALL
SELECT e.declaration_id, 'event', e.place, e.id, e.chain, e.marks, ARRAY[
    e.id::text, e.declaration_id::text, (extract(epoch FROM e.at) * 1000000)::bigint::text, e.by_id::text,
    e.verb, e.old_status, e.new_status, e.note, e.data::text]
FROM declarations_event e
WHERE e.declaration_id > %(after)s AND e.declaration_id <= %(until)s
    AND (%(since)s::date IS NULL OR e.declaration_id IN (SELECT id FROM wanted))
UNION ALL
SELECT s.declaration_id, 'snapshot', s.place, s.id, s.chain, s.marks, ARRAY[
    s.id::text, s.declaration_id::text, (extract(epoch FROM s.at) * 1000000)::bigint::text,
    encode(sha256(convert_to(s.content, 'UTF8')), 'hex'), s.sha256]
FROM declarations_snapshot s
WHERE s.declaration_id > %(after)s AND s.declaration_id <= %(until)s
    AND (%(since)s::date IS NULL OR s.declaration_id IN (SELECT id FROM wanted))
ORDER BY 1, 3, 4
"""
_NOT_AS_ANCHORED = """
SELECT a.name, a.place FROM declarations_anchoredhead a
WHERE a.anchor_id = %s
    AND NOT EXISTS (
        SELECT FROM declarations_event e
        WHERE e.declaration_id = a.declaration_key AND e.place = a.place AND e.chain = a.chain)
    AND NOT EXISTS (
        SELECT FROM declarations_snapshot s
        WHERE s.declaration_id = a.declaration_key AND s.place = a.place AND s.chain = a.chain)
ORDER BY a.declaration_key, a.place
"""
