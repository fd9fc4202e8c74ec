"""Figures of a period, computed by the database from the rows of its files and replaced in one transaction."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from reporting.models import Figure, OfficerFigure, Period, Tally
from reporting.selectors.facts import month_of
from reporting.services.turn import turn_of_counting

ROLLING = (30, 90)
DAYS_KEPT = 400
AT_ONCE = 60
# A day is computed whenever it changed; what holds more files, not more often than this.
REST = timedelta(minutes=15)

_FIGURES = """
WITH files AS (
    SELECT case_id, office_code, lane, regime, trader_tin, took, within FROM reporting_closedfile
    WHERE ended_as = 'released' AND day BETWEEN %(first)s AND %(last)s
), steps AS (
    SELECT step.file_id, step.step, step.awaits, sum(step.until - step.since) AS time
    FROM reporting_filestep step JOIN files ON files.case_id = step.file_id GROUP BY 1, 2, 3
), parts AS (
    SELECT case_id, '' AS step, '' AS awaits, took AS time FROM files
    UNION ALL SELECT file_id, step, awaits, time FROM steps
    UNION ALL SELECT file_id, '', awaits, sum(time) FROM steps GROUP BY file_id, awaits
)
INSERT INTO reporting_figure
    (period_id, office_code, lane, regime, step, awaits, files, companies, median, p90, total, targeted, within)
SELECT %(period)s, coalesce(files.office_code, ''), coalesce(files.lane, ''), coalesce(files.regime, ''),
    parts.step, parts.awaits, count(*), count(DISTINCT files.trader_tin),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY parts.time), percentile_cont(0.9) WITHIN GROUP (ORDER BY parts.time),
    sum(parts.time), count(files.within), count(*) FILTER (WHERE files.within)
FROM parts JOIN files USING (case_id)
GROUP BY parts.step, parts.awaits, CUBE (files.office_code, files.lane, files.regime)
"""
_LODGED = """
INSERT INTO reporting_tally (period_id, about, key, office_code, lane, files, examined, found)
SELECT %(period)s, 'lodged', '', coalesce(file.office_code, ''), coalesce(file.lane, ''), count(*), 0, 0
FROM clearance_case file JOIN declarations_declaration version ON version.id = file.declaration_id
WHERE version.version = 1 AND file.lodged_at >= %(begins)s AND file.lodged_at < %(ends)s
GROUP BY CUBE (file.office_code, file.lane) HAVING count(*) > 0
"""
_ENDED = """
WITH files AS (
    SELECT office_code, lane, ended_as, examined, found, findings, arms FROM reporting_closedfile
    WHERE day BETWEEN %(first)s AND %(last)s
), told AS (
    SELECT 'ended' AS about, ended_as AS key, office_code, lane, examined, found FROM files
    UNION ALL SELECT 'finding', unnest(findings), office_code, lane, examined, found FROM files
    UNION ALL SELECT 'arm', unnest(arms), office_code, lane, examined, found FROM files
)
INSERT INTO reporting_tally (period_id, about, key, office_code, lane, files, examined, found)
SELECT %(period)s, about, key, coalesce(office_code, ''), coalesce(lane, ''), count(*),
    count(*) FILTER (WHERE examined), count(*) FILTER (WHERE found)
FROM told GROUP BY about, key, CUBE (office_code, lane)
"""
_OFFICERS = """
WITH files AS (
    SELECT file.case_id, file.decided_by_id, file.took, (
        SELECT coalesce(sum(until - since), interval '0') FROM reporting_filestep
        WHERE file_id = file.case_id AND awaits = 'office'
    ) AS office
    FROM reporting_closedfile file
    WHERE ended_as = 'released' AND decided_by_id IS NOT NULL AND day BETWEEN %(first)s AND %(last)s
)
INSERT INTO reporting_officerfigure (period_id, officer_id, files, median, p90, office_median, office_p90)
SELECT %(period)s, decided_by_id, count(*),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY took), percentile_cont(0.9) WITHIN GROUP (ORDER BY took),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY office), percentile_cont(0.9) WITHIN GROUP (ORDER BY office)
FROM files GROUP BY decided_by_id
"""


def day_key(day: date) -> str:
    return day.isoformat()


def month_key(day: date) -> str:
    return f"{day:%Y-%m}"


def make_stale(days: Iterable[date]) -> None:
    """The figures of these days, of their months and of the days that move on are to be computed again."""
    wanted = set(days)
    if not wanted:
        return
    S = Period.Span
    rows = {day_key(day): Period(key=day_key(day), span=S.DAY, first=day, last=day) for day in wanted}
    for day in wanted:
        first, last = month_of(day)
        rows[month_key(day)] = Period(key=month_key(day), span=S.MONTH, first=first, last=last)
    Period.objects.bulk_create(sorted(rows.values(), key=lambda row: str(row.key)), ignore_conflicts=True)
    rolling = Q(span__in=(S.DAYS, S.BEFORE), first__lte=max(wanted), last__gte=min(wanted))
    Period.objects.filter(Q(key__in=list(rows)) | rolling).update(stale=True)


@transaction.atomic
def count_days(days: Iterable[date]) -> None:
    """Let these days be counted anew, whatever is known of them."""
    turn_of_counting()
    make_stale(days)


@transaction.atomic
def move_on(*, on: date) -> None:
    """Let the days that move on end with today, and today and its month be counted."""
    turn_of_counting()
    for days in ROLLING:
        first = on - timedelta(days=days - 1)
        _keep(f"d{days}", Period.Span.DAYS, first=first, last=on)
        _keep(f"b{days}", Period.Span.BEFORE, first=first - timedelta(days=days), last=first - timedelta(days=1))
    make_stale([on])


def _keep(key: str, span: Period.Span, *, first: date, last: date) -> None:
    row, _made = Period.objects.get_or_create(key=key, defaults={"span": span, "first": first, "last": last})
    if (row.first, row.last) != (first, last):
        Period.objects.filter(pk=row.pk).update(first=first, last=last, stale=True, at=None)


def compute_stale(*, at: datetime, limit: int = AT_ONCE) -> list[str]:
    """Compute periods that are stale, those first that were never computed; their keys."""
    rested = Q(span=Period.Span.DAY) | Q(at=None) | Q(at__lte=at - REST)
    due = Period.objects.filter(rested, stale=True).order_by(F("at").asc(nulls_first=True), "-last", "key")
    return [key for pk, key in list(due.values_list("pk", "key")[:limit]) if _compute(pk, at=at)]


@transaction.atomic
def _compute(pk: int, *, at: datetime) -> bool:
    """Replace the figures of a period: who reads meanwhile sees the old ones."""
    period = Period.objects.select_for_update(skip_locked=True).filter(pk=pk, stale=True).first()
    if period is None:
        return False
    for table in (Figure, Tally, OfficerFigure):
        table.objects.filter(period=period).delete()
    zone = timezone.get_default_timezone()
    begins, ends = (
        datetime.combine(day, time.min, tzinfo=zone) for day in (period.first, period.last + timedelta(days=1))
    )
    told = {"period": period.pk, "first": period.first, "last": period.last, "begins": begins, "ends": ends}
    with connection.cursor() as cursor:
        for statement in (_FIGURES, _LODGED, _ENDED, *([] if period.span == Period.Span.DAY else [_OFFICERS])):
            cursor.execute(statement, told)
    Period.objects.filter(pk=pk).update(stale=False, at=at)
    return True


@transaction.atomic
def forget_old_days(*, on: date) -> int:
    """Figures of single days are kept for thirteen months, those of months for good; how many days went."""
    old = Period.objects.filter(span=Period.Span.DAY, last__lt=on - timedelta(days=DAYS_KEPT))
    keys = list(old.values_list("pk", flat=True)[:AT_ONCE])
    for table in (Figure, Tally, OfficerFigure):
        table.objects.filter(period__in=keys).delete()
    Period.objects.filter(pk__in=keys).delete()
    return len(keys)


def days_without_figures(*, on: date) -> list[date]:
    """Days within those that are kept on which something was lodged and which no period counts."""
    statement = """
    SELECT day FROM (
        SELECT DISTINCT (lodged_at AT TIME ZONE %s)::date AS day FROM clearance_case WHERE lodged_at >= %s
    ) lodged WHERE NOT EXISTS (SELECT FROM reporting_period WHERE span = 'day' AND first = day)
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, [settings.TIME_ZONE, on - timedelta(days=DAYS_KEPT - 1)])
        return [day for (day,) in cursor.fetchall()]
