"""Counting in the background what criteria selected and what came of it: by version and day, and by arm."""

from django.db import connection, transaction

from risk.models import HitsCounted

_DAYS = """
SELECT (s.at AT TIME ZONE %(zone)s)::date FROM risk_score s WHERE s.id > %(score)s AND s.id <= %(last_score)s
UNION
SELECT (s.at AT TIME ZONE %(zone)s)::date FROM risk_score s JOIN risk_outcome o ON o.declaration_id = s.declaration_id
WHERE o.id > %(outcome)s AND o.id <= %(last_outcome)s
"""
_FORGET = "DELETE FROM risk_hitcount WHERE day = ANY (%(days)s)"
_SCORES = """
WITH day AS (
    SELECT d AS day, d::timestamp AT TIME ZONE %(zone)s AS since, (d + 1)::timestamp AT TIME ZONE %(zone)s AS until
    FROM unnest(%(days)s::date[]) d
), met AS (
    SELECT h.criterion_id, c.conditions = '[]'::jsonb AS random, day.day, h.selected, s.id AS score,
        found.examined, found.discrepancy
    FROM day JOIN risk_score s ON s.at >= day.since AND s.at < day.until
    JOIN risk_hit h ON h.score_id = s.id JOIN risk_criterion c ON c.id = h.criterion_id
    CROSS JOIN LATERAL (SELECT count(*) > 0 AS examined, coalesce(bool_or(o.discrepancy), false) AS discrepancy
        FROM risk_outcome o WHERE o.declaration_id = s.declaration_id) found
), arm AS (
    SELECT score, day, bool_and(random) FILTER (WHERE selected) AS random, bool_and(random) AS met_by_luck,
        bool_or(selected) AS selected, bool_or(examined) AS examined, bool_or(discrepancy) AS discrepancy
    FROM met GROUP BY score, day
)
INSERT INTO risk_hitcount (criterion_id, random, day, hits, selected, examined, "right")
SELECT criterion_id, random, day, count(*), count(*) FILTER (WHERE selected),
    count(*) FILTER (WHERE selected AND examined), count(*) FILTER (WHERE selected AND discrepancy)
FROM met GROUP BY criterion_id, random, day
UNION ALL
SELECT NULL, coalesce(random, met_by_luck), day, count(*), count(*) FILTER (WHERE selected),
    count(*) FILTER (WHERE selected AND examined), count(*) FILTER (WHERE selected AND discrepancy)
FROM arm GROUP BY coalesce(random, met_by_luck), day
"""
_LAST = "SELECT coalesce((SELECT max(id) FROM risk_score), 0), coalesce((SELECT max(id) FROM risk_outcome), 0)"
# A key that is lower may be committed after one that is higher: the last ones are looked at again.
_AGAIN = 500


@transaction.atomic
def count_hits(*, zone: str) -> int:
    """Count the days anew on which something was scored or examined since the last time; how many. Safe to repeat.

    Days are those of the local time `zone`. Whoever comes second waits, and finds little left.
    """
    HitsCounted.objects.get_or_create(pk=1)
    state = HitsCounted.objects.select_for_update().get(pk=1)
    with connection.cursor() as cursor:
        cursor.execute(_LAST)
        last_score, last_outcome = cursor.fetchone()
        since = {"score": max(0, state.score_key - _AGAIN), "outcome": max(0, state.outcome_key - _AGAIN)}
        cursor.execute(_DAYS, {**since, "last_score": last_score, "last_outcome": last_outcome, "zone": zone})
        days = sorted(day for (day,) in cursor.fetchall())
        if days:
            cursor.execute(_FORGET, {"days": days})
            cursor.execute(_SCORES, {"days": days, "zone": zone})
    HitsCounted.objects.filter(pk=1).update(score_key=last_score, outcome_key=last_outcome)
    return len(days)
