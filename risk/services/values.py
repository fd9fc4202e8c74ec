"""Computing the value control table: a whole new table in one statement, put in the place of the old one at once."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from risk.models import ValueGeneration, ValueRow
from risk.selectors.values import DAYS_KEPT, LEAST, MONTHS_KEPT

_ONE_AT_A_TIME = 7_205_126_012  # of PostgreSQL's advisory locks
_YEAR = timedelta(days=365)

# Items of what was released and stands, lodged in the twelve months before the day; three levels of the code; each
# origin and all of them. PostgreSQL's percentile_cont reckons in double precision: these are statistics, not money.
_COMPUTE = """
WITH declared AS (
    SELECT d.id, CASE WHEN d.declaration_type = 'EX' THEN 'export' ELSE 'import' END AS flow,
           left(i.commodity_code, 10) AS code, i.origin_country AS origin, v.customs_value AS value,
           nullif(i.net_mass, 0) AS mass,
           i.supplementary_unit_1 AS unit, nullif(i.supplementary_quantity_1, 0) AS pieces
    FROM declarations_declaration d
    JOIN declarations_item i ON i.declaration_id = d.id
    JOIN declarations_itemvaluation v ON v.item_id = i.id
    WHERE (d.status IN ('released', 'exited') OR d.stands_as <> '' AND d.status <> 'superseded')
      AND d.declaration_type <> 'TR' AND length(i.commodity_code) >= 10
      AND d.lodged_at >= %(since)s::timestamp AT TIME ZONE %(zone)s
      AND d.lodged_at < %(on)s::timestamp AT TIME ZONE %(zone)s
), measured AS (
    SELECT id, flow, left(code, digits) AS code, origin, m.measure, m.unit, m.value
    FROM declared
    CROSS JOIN (VALUES (10), (8), (6)) AS levels(digits)
    CROSS JOIN LATERAL (VALUES ('kg', '', value / mass), ('unit', unit, value / pieces), ('mass', unit, mass / pieces))
        AS m(measure, unit, value)
    WHERE m.value > 0 AND (m.measure = 'kg' OR m.unit <> '')
), figures AS (
    SELECT flow, code, coalesce(origin, '') AS origin, measure, unit, count(DISTINCT id) AS declarations,
           min(value) AS least, max(value) AS most, avg(value) AS mean,
           percentile_cont(ARRAY[0.05, 0.10, 0.25, 0.50, 0.75, 0.90]) WITHIN GROUP (ORDER BY value::float8) AS p
    FROM measured
    GROUP BY GROUPING SETS ((flow, code, measure, unit, origin), (flow, code, measure, unit))
    HAVING count(DISTINCT id) >= %(least)s AND (grouping(origin) = 1 OR origin <> '')
)
INSERT INTO risk_valuerow (generation_id, flow, code, origin, measure, unit, count, least, p5, p10, p25, p50, p75, p90,
                           mean, most)
SELECT %(generation)s, flow, code, origin, measure, unit, declarations, least, p[1], p[2], p[3], p[4], p[5], p[6],
       mean, most
FROM figures
"""
_DECLARATIONS = """
SELECT count(*) FROM declarations_declaration d
WHERE (d.status IN ('released', 'exited') OR d.stands_as <> '' AND d.status <> 'superseded')
  AND d.declaration_type <> 'TR'
  AND d.lodged_at >= %(since)s::timestamp AT TIME ZONE %(zone)s
  AND d.lodged_at < %(on)s::timestamp AT TIME ZONE %(zone)s
"""


@transaction.atomic
def compute_values(*, on: date, at: datetime) -> ValueGeneration:
    """The table as of `on`, from declarations lodged in the 365 days before it. Readers see the old one until the end.

    A table as of the same day is replaced. Kept are those of the last days, for files that are still worked on, and
    the newest of each month for two years: what is scored again as of a past day reads the nearest table before it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
        _throw_away(ValueGeneration.objects.filter(on=on).values_list("pk", flat=True))
        made: ValueGeneration = ValueGeneration.objects.create(on=on, since=on - _YEAR, at=at)
        given: dict[str, Any] = {
            "on": on, "since": made.since, "zone": settings.TIME_ZONE, "least": LEAST, "generation": made.pk,
        }  # fmt: skip
        cursor.execute(_COMPUTE, given)
        made.rows = cursor.rowcount
        cursor.execute(_DECLARATIONS, given)
        made.declarations = cursor.fetchone()[0]
    made.save(update_fields=["rows", "declarations"])
    _throw_away(_superfluous())
    return made


def _superfluous() -> list[int]:
    """Tables that are neither of the last days nor the newest of one of the last months."""
    months: set[tuple[int, int]] = set()
    surplus = []
    for place, (pk, on) in enumerate(ValueGeneration.objects.order_by("-on").values_list("pk", "on")):
        month = (on.year, on.month)
        is_newest = month not in months and len(months) < MONTHS_KEPT
        if not is_newest and place >= DAYS_KEPT:
            surplus.append(pk)
        months.add(month)
    return surplus


def _throw_away(keys: Iterable[int]) -> None:
    gone = list(keys)
    if gone:
        ValueRow.objects.filter(generation__in=gone).delete()
        ValueGeneration.objects.filter(pk__in=gone).delete()
