"""Published release times, measured from lodging to release (WTO TFA article 7.6, the WCO time release study)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.utils import timezone

_SQL = """
SELECT office_code, lane, count(*),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY closed_at - lodged_at),
       percentile_cont(0.9) WITHIN GROUP (ORDER BY closed_at - lodged_at)
FROM clearance_case
WHERE closed_as = 'released' AND closed_at >= %s AND closed_at < %s
GROUP BY GROUPING SETS ((office_code, lane), (lane), ())
ORDER BY office_code NULLS FIRST, array_position(ARRAY['green', 'blue', 'yellow', 'red'], lane::text) NULLS FIRST
"""


@dataclass(frozen=True)
class ReleaseTime:
    """Median and 90th percentile of the time from lodging to release.

    Without `office_code`: the whole country; without `lane` as well: every lane together.
    """

    office_code: str
    lane: str
    released: int
    median: timedelta
    p90: timedelta


def release_times(on: date, *, days: int = 30) -> Sequence[ReleaseTime]:
    """Release times over the `days` local days up to and with `on`: the country, its lanes, then office by office."""
    end = timezone.make_aware(datetime.combine(on + timedelta(days=1), time.min))
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [end - timedelta(days=days), end])
        rows = cursor.fetchall()
    return [
        ReleaseTime(office or "", lane or "", count, median, p90) for office, lane, count, median, p90 in rows if count
    ]
