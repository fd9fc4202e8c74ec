"""Keeping companies' history: what was scored since the last run is taken in, by one worker at a time.

Scores and outcomes only grow and commit out of order, so each run looks back an hour further than the last one came:
what it meets twice changes nothing.
"""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from risk.models import HistoryUpTo
from risk.selectors.history import FOLDED

_ONE_AT_A_TIME = 7_205_126_011  # of PostgreSQL's advisory locks
_OVERLAP = timedelta(hours=1)
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)

# One row for each declaration (not transit) that was scored in the time: who, what, when.
_LODGED = """
    SELECT d.id, d.trader_id, d.lodged_at, d.mrn,
           CASE WHEN d.declaration_type = 'EX' THEN 'export' ELSE 'import' END AS flow,
           CASE WHEN d.declaration_type = 'EX' THEN d.consignee_name ELSE d.exporter_name END AS party
    FROM risk_score s JOIN declarations_declaration d ON d.id = s.declaration_id
    WHERE s.at >= %(since)s AND s.at < %(until)s AND d.trader_id IS NOT NULL AND d.declaration_type <> 'TR'
"""
_FIRST_USES = f"""
WITH lodged AS ({_LODGED}), used AS (
    SELECT trader_id, '' AS flow, 'first' AS kind, '' AS value, lodged_at, mrn FROM lodged
    UNION ALL
    SELECT trader_id, flow, 'sender', {FOLDED.format("party")}, lodged_at, mrn FROM lodged
    UNION ALL
    SELECT l.trader_id, l.flow, u.kind, u.value, l.lodged_at, l.mrn
    FROM lodged l JOIN declarations_item i ON i.declaration_id = l.id
    CROSS JOIN LATERAL (VALUES ('heading', left(i.commodity_code, 4)), ('origin', i.origin_country)) AS u(kind, value)
)
INSERT INTO risk_firstuse (trader_id, flow, kind, value, at, mrn)
SELECT DISTINCT ON (trader_id, flow, kind, value) trader_id, flow, kind, value, lodged_at, mrn
FROM used WHERE kind = 'first' OR value <> '' ORDER BY trader_id, flow, kind, value, lodged_at, mrn
ON CONFLICT (trader_id, flow, kind, value) DO UPDATE SET at = excluded.at, mrn = excluded.mrn
WHERE excluded.at < risk_firstuse.at
"""  # noqa: S608 - expressions of ours
_EARLIEST = """
    SELECT min(d.lodged_at) FROM risk_score s JOIN declarations_declaration d ON d.id = s.declaration_id
    WHERE s.at >= %(since)s AND s.at < %(until)s AND d.version = 1
"""
# Whole days are counted anew, so that a row that is met twice counts once. A corrected declaration counts once.
_DAYS = """
WITH counted AS (
    SELECT d.trader_id, (d.lodged_at AT TIME ZONE %(zone)s)::date AS day, 1 AS declarations, 0 AS discrepancies
    FROM risk_score s JOIN declarations_declaration d ON d.id = s.declaration_id
    WHERE s.at >= %(days_since)s AND d.lodged_at >= %(days_since)s AND d.version = 1 AND d.trader_id IS NOT NULL
    UNION ALL
    SELECT d.trader_id, (o.at AT TIME ZONE %(zone)s)::date, 0, 1
    FROM risk_outcome o JOIN declarations_declaration d ON d.id = o.declaration_id
    WHERE o.at >= %(days_since)s AND o.discrepancy AND d.trader_id IS NOT NULL
)
INSERT INTO risk_companyday (trader_id, day, declarations, discrepancies)
SELECT trader_id, day, sum(declarations), sum(discrepancies) FROM counted GROUP BY trader_id, day
ON CONFLICT (trader_id, day) DO UPDATE
SET declarations = excluded.declarations, discrepancies = excluded.discrepancies
WHERE (risk_companyday.declarations, risk_companyday.discrepancies)
      IS DISTINCT FROM (excluded.declarations, excluded.discrepancies)
"""


@transaction.atomic
def take_in_history(*, at: datetime, anew: bool = False) -> int:
    """Take in what was scored and found since the last run; `anew` everything. How many first uses were written.

    Safe to repeat and to run beside scoring: it holds no lock that scoring waits for.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
        known = HistoryUpTo.objects.first()
        since = _BEGINNING if known is None or anew else known.upto - _OVERLAP
        given = {"since": since, "until": at, "zone": settings.TIME_ZONE}
        cursor.execute(_EARLIEST, given)
        earliest: datetime = min(since, cursor.fetchone()[0] or since)
        given["days_since"] = timezone.localtime(earliest).replace(hour=0, minute=0, second=0, microsecond=0)
        cursor.execute(_FIRST_USES, given)
        written: int = cursor.rowcount
        cursor.execute(_DAYS, given)
    HistoryUpTo.objects.update_or_create(pk=known.pk if known else None, defaults={"upto": at})
    return written
