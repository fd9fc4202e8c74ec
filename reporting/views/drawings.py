"""Charts of figures with their words: what is drawn, in which unit, and what is read aloud instead."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lib.charts import Chart, Series, bar_chart, column_chart, line_chart
from lib.money import Currency
from lib.numbers import in_notation
from lib.templatetags.portal import amount, duration
from reporting.models import Awaited, Step
from reporting.selectors import Ages, Collected, Row, Times, Volumes
from risk.models import Lane

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ONE = Decimal(1)
LANES = (Lane.GREEN, Lane.BLUE, Lane.YELLOW, Lane.RED)


def unit_of(times: Sequence[timedelta]) -> tuple[timedelta, str]:
    """In what times are drawn, by the longest of them: minutes, hours or days."""
    most = max(times, default=timedelta())
    if most >= 4 * DAY:
        return DAY, _("days")
    return (HOUR, _("hours")) if most >= 3 * HOUR else (timedelta(minutes=1), _("minutes"))


def in_units(time: timedelta, unit: timedelta) -> Decimal:
    """A time in units, to a tenth."""
    return (Decimal(time // timedelta(seconds=1)) / Decimal(unit // timedelta(seconds=1))).quantize(Decimal("0.1"))


def months_chart(months: Sequence[Row]) -> Chart:
    """Median and 90th percentile month by month; a month that is not published is a gap."""
    shown = [row.figure for row in months if not row.hidden]
    unit, word = unit_of([figure.p90 for figure in shown])
    series = [
        Series(_("median"), [None if row.hidden else in_units(row.figure.median, unit) for row in months]),
        Series(_("9 in 10 within"), [None if row.hidden else in_units(row.figure.p90, unit) for row in months]),
    ]
    title = _("Release times by month, in %(unit)s") % {"unit": word}
    return line_chart(title, _told(months), [f"{row.figure.period.first:%m.%y}" for row in months], series)


def _told(months: Sequence[Row]) -> str:
    """The first and the last month in words."""
    shown = [row.figure for row in months if not row.hidden]
    if not shown:
        return _("No month has enough files to be published.")
    sentence = _("%(month)s: half of the files took at most %(median)s, nine in ten at most %(p90)s.")
    told = [
        sentence % {"month": f"{each.period.first:%m.%Y}", "median": duration(each.median), "p90": duration(each.p90)}
        for each in (shown[0], shown[-1])
    ]
    return " ".join(dict.fromkeys(told))


def waiters_chart(times: Times) -> Chart:
    """For whom the time of all files was waited.

    Where one part is too small to be published, medians are drawn instead: from shares it could be worked out.
    """
    if any(row.hidden for row in times.waiters):
        return _medians(_("For whom files waited: median"), times.waiters, dict(Awaited.choices))
    rows = [(row, times.time_share(row)) for row in times.waiters]
    named = [
        (str(Awaited(row.key).label), share, f"{in_notation(share, 1)} %") for row, share in rows if share is not None
    ]
    told = "; ".join(f"{name}: {text}" for name, _share, text in named)
    return bar_chart(_("For whom files waited: share of all the time"), told, named)


def steps_chart(times: Times) -> Chart:
    """The median of each step."""
    return _medians(_("Median of each step"), times.steps, dict(Step.choices))


def _medians(title: str, rows: Sequence[Row], names: Mapping[Any, Any]) -> Chart:
    shown = [row for row in rows if not row.hidden]
    bars = [
        (str(names[row.key]), Decimal(row.figure.median // timedelta(seconds=1)), duration(row.figure.median))
        for row in shown
    ]
    return bar_chart(title, "; ".join(f"{name}: {text}" for name, _seconds, text in bars), bars)


def days_chart(volumes: Volumes) -> Chart:
    """Files lodged on each of the last days, by lane."""
    labels = [f"{day:%d.%m}" for day, _volume in volumes.days]
    series = [
        Series(str(lane.label), [Decimal(volume.of("lodged", lane=lane)) for _day, volume in volumes.days])
        for lane in LANES
    ]
    lodged = sum(volume.of("lodged") for _day, volume in volumes.days)
    told = ngettext(
        "%(count)d file was lodged in %(days)d days.", "%(count)d files were lodged in %(days)d days.", lodged
    )
    told = told % {"count": lodged, "days": len(labels)}
    return column_chart(_("Files lodged by day and lane"), told, labels, series, finest=ONE)


def own_days_chart(days: Sequence[tuple[date, int]]) -> Chart:
    """Files that one officer decided, by the day of their release."""
    total = sum(files for _day, files in days)
    told = ngettext("%(count)d file in %(days)d days.", "%(count)d files in %(days)d days.", total)
    return column_chart(
        _("Your files released by day"),
        told % {"count": total, "days": len(days)},
        [f"{day:%d.%m}" for day, _files in days],
        [Series(_("files"), [Decimal(files) for _day, files in days])],
        finest=ONE,
    )


def age_text(age: timedelta) -> str:
    """An age in as few letters as it needs: whole hours, or whole days."""
    if age >= DAY:
        return _("%(days)s d") % {"days": age // DAY}
    return _("%(hours)s h") % {"hours": age // HOUR}


def ages_chart(waiting: Sequence[Ages], names: Sequence[str]) -> Chart:
    """Files that wait, by age; a column for each age, its parts what they wait for."""
    series = [Series(row.name, [Decimal(files) for files in row.ages]) for row in waiting]
    total = sum(row.files for row in waiting)
    told = ngettext("%(count)d file waits.", "%(count)d files wait.", total) % {"count": total}
    return column_chart(_("Waiting files by age"), told, list(names), series, finest=ONE)


def counts_chart(title: str, rows: Sequence[tuple[str, int]]) -> Chart:
    """A bar for each of the counts."""
    named = [(name, Decimal(files), str(files)) for name, files in rows]
    return bar_chart(title, "; ".join(f"{name}: {files}" for name, files in rows), named)


def revenue_chart(revenue: Collected, currency: Currency) -> Chart:
    """What was collected in each month, in thousands or millions of the currency."""
    most = max((abs(value) for value in revenue.sums), default=Decimal(0))
    scale, word = (Decimal(1_000_000), _("millions")) if most >= 10_000_000 else (Decimal(1000), _("thousands"))
    title = _("Revenue by month, in %(unit)s of %(currency)s") % {"unit": word, "currency": currency.code}
    told = _("%(amount)s in all.") % {"amount": amount(revenue.total, currency)}
    values = [(value / scale).quantize(Decimal("0.1")) for value in revenue.sums]
    return column_chart(title, told, [f"{month:%m.%y}" for month in revenue.months], [Series(_("revenue"), values)])
