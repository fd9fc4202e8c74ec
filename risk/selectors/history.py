"""A company's past as of the moment of a declaration, for many declarations at once: two statements, no scan.

Counts stop before the day of the declaration; a first use is the first of all, whatever was lodged since.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils import timezone

# How the other party's name is compared: its first line, blanks as one, in capitals. The database does it for both.
FOLDED = "left(upper(btrim(regexp_replace(split_part({}, chr(10), 1), '\\s+', ' ', 'g'))), 70)"
RECENT_DAYS, YEAR_DAYS = 90, 365


@dataclass(frozen=True, slots=True)
class Asked:
    """A declaration whose company's past is wanted: who lodged it, when, under which MRN, and what it declares."""

    pk: int
    trader: int
    at: datetime
    mrn: str
    flow: str
    party: str = ""
    headings: frozenset[str] = frozenset()
    origins: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Past:
    """What was known of the company when the declaration was lodged. `first` holds what it had not declared before."""

    days_registered: int = 0
    declarations: int = 0
    discrepancies: int = 0
    profiles: frozenset[str] = frozenset()
    first: frozenset[tuple[str, str]] = field(default_factory=frozenset)


_NOTHING_KNOWN = Past()

_FIRST = f"""
SELECT n.pk, n.kind, n.raw
FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::timestamptz[], %s::text[])
     AS n(pk, trader, flow, kind, raw, at, mrn)
LEFT JOIN risk_firstuse f ON f.trader_id = n.trader AND f.flow = n.flow AND f.kind = n.kind
     AND f.value = CASE n.kind WHEN 'sender' THEN {FOLDED.format("n.raw")} ELSE n.raw END
WHERE f.id IS NULL OR f.at >= n.at OR f.mrn = n.mrn
"""  # noqa: S608 - an expression of ours
_COMPANY = """
SELECT n.pk, c.registered_at,
       coalesce(d.declarations, 0), coalesce(d.discrepancies, 0),
       coalesce((SELECT array_agg(DISTINCT p.kind) FROM risk_companyprofile p WHERE p.company_id = n.trader
                 AND p.outcome = 'agreed' AND p.valid_from <= n.day AND (p.valid_to IS NULL OR p.valid_to >= n.day)),
                ARRAY[]::varchar[])
FROM unnest(%s::bigint[], %s::bigint[], %s::date[]) AS n(pk, trader, day)
JOIN traders_company c ON c.id = n.trader
LEFT JOIN LATERAL (
    SELECT sum(declarations) FILTER (WHERE day >= n.day - %s) AS declarations, sum(discrepancies) AS discrepancies
    FROM risk_companyday WHERE trader_id = n.trader AND day >= n.day - %s AND day < n.day
) AS d ON true
"""


def past_of(asked: Collection[Asked], *, firsts: Collection[str] = (), company: bool = True) -> Mapping[int, Past]:
    """The past of each declaration's company, by primary key; `firsts` names the kinds of first use that are wanted.

    At most two statements, whatever their number and that of their items.
    """
    new = _first_uses(asked, frozenset(firsts)) if firsts else {}
    of_company = _companies(asked) if company else {}
    return {
        one.pk: replace(of_company.get(one.pk, _NOTHING_KNOWN), first=frozenset(new.get(one.pk, ()))) for one in asked
    }


def _first_uses(asked: Iterable[Asked], kinds: frozenset[str]) -> dict[int, set[tuple[str, str]]]:
    rows = [
        (one.pk, one.trader, flow, kind, value, one.at, one.mrn)
        for one in asked
        for flow, kind, value in _uses(one)
        if kind in kinds
    ]
    found: dict[int, set[tuple[str, str]]] = {}
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_FIRST, [list(column) for column in zip(*rows, strict=True)])
            for pk, kind, value in cursor.fetchall():
                found.setdefault(pk, set()).add((kind, value))
    return found


def _uses(one: Asked) -> Iterable[tuple[str, str, str]]:
    yield "", "first", ""
    if one.party.strip():
        yield one.flow, "sender", one.party
    for kind, values in (("heading", one.headings), ("origin", one.origins)):
        for value in sorted(values):
            yield one.flow, kind, value


def _companies(asked: Collection[Asked]) -> dict[int, Past]:
    if not asked:
        return {}
    days = {one.pk: timezone.localdate(one.at) for one in asked}
    columns: list[list[Any]] = [list(days), [one.trader for one in asked], list(days.values())]
    with connection.cursor() as cursor:
        cursor.execute(_COMPANY, [*columns, RECENT_DAYS, YEAR_DAYS])
        return {
            pk: Past(_days_since(registered, days[pk]), int(lodged), int(wrong), frozenset(profiles))
            for pk, registered, lodged, wrong, profiles in cursor.fetchall()
        }


def _days_since(registered: datetime, day: date) -> int:
    return max(0, (day - timezone.localdate(registered)).days)
