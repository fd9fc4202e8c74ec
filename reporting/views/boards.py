"""Figures for those who work: an officer's own, an office's, the country's; each with its tables to take away."""

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.requests import person
from clearance.models import Case, Finding
from clearance.selectors import AGES
from lib.charts import Chart
from lib.table_answers import table_answer
from reporting import selectors
from reporting.selectors import Sight, Volume, Volumes, offices_of, sight_of
from reporting.views import drawings
from reporting.views.asked import Asked, asked_of, names_of, times_asked
from tariffs.selectors import national_currency

OWN_DAYS = 30


@login_required
@require_GET
def own(request: HttpRequest) -> HttpResponse:
    """The officer's own files: what waits, how many were done and how long they took. Nobody else sees it."""
    sight, now, today = _sight_or_404(request), timezone.now(), timezone.localdate()
    if not sight.works_on_files:
        raise Http404
    officer = person(request)
    days = selectors.own_days(officer, on=today, days=OWN_DAYS)
    context = {
        "waiting": selectors.own_waiting(officer, at=now),
        "figures": selectors.own_figures(officer.pk),
        "days": days,
        "chart": drawings.own_days_chart(days),
        "sight": sight,
        "now": now,
    }
    return render(request, "reporting/own.html", context)


@login_required
@require_GET
def own_table(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The files that the officer decided, one by one."""
    if not _sight_or_404(request).works_on_files:
        raise Http404
    return table_answer(selectors.own_files(person(request)), name="my-files", kind=kind)


@login_required
@require_GET
def office(request: HttpRequest) -> HttpResponse:
    """An office against its targets and the period before, for supervisors and whoever sees all offices."""
    sight = _sight_or_404(request)
    if not sight.sees_offices:
        raise Http404
    return _board(request, sight, everywhere=sight.offices is None, director=False)


@login_required
@require_GET
def director(request: HttpRequest) -> HttpResponse:
    """The whole country, with money and selection."""
    sight = _sight_or_404(request)
    if not sight.sees_everything:
        raise Http404
    return _board(request, sight, everywhere=True, director=True)


@login_required
@require_GET
def times_table(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Every time of the period and of the offices in sight."""
    sight, asked = _asked_or_404(request)
    assert asked.period is not None
    rows = selectors.exported_times(asked.period, public=False, seen=sight.offices)
    return table_answer(rows, name=f"times-{asked.period.first}-{asked.period.last}", kind=kind)


@login_required
@require_GET
def counts_table(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Every count of the period and of the offices in sight."""
    sight, asked = _asked_or_404(request)
    assert asked.period is not None
    rows = selectors.exported_counts(asked.period, seen=sight.offices)
    return table_answer(rows, name=f"counts-{asked.period.first}-{asked.period.last}", kind=kind)


def _sight_or_404(request: HttpRequest) -> Sight:
    return sight_of(person(request), on=timezone.localdate())


def _asked_or_404(request: HttpRequest) -> tuple[Sight, Asked]:
    """What is to be taken away. Raises Http404 for a stranger and for a period there is not."""
    sight, today = _sight_or_404(request), timezone.localdate()
    if not sight.sees_offices:
        raise Http404
    asked = asked_of(request, offices=offices_of(sight, on=today), everywhere=sight.offices is None, on=today)
    if asked.period is None:
        raise Http404
    return sight, asked


def _board(request: HttpRequest, sight: Sight, *, everywhere: bool, director: bool) -> HttpResponse:
    today = timezone.localdate()
    offices = offices_of(sight, on=today)
    asked = asked_of(request, offices=offices, everywhere=everywhere, on=today)
    times = times_asked(asked, on=today, public=False, seen=sight.offices)
    context: dict[str, Any] = {
        "asked": asked,
        "times": times,
        "names": names_of(offices),
        "director": director,
        "sight": sight,
        "charts": {},
    }
    if asked.period is not None:
        assert times is not None
        chosen = [asked.cell.office] if asked.cell.office else None
        context |= _counts(asked, chosen)
        if times.whole is not None:
            context["charts"] |= {
                "months": drawings.months_chart(times.months),
                "waiters": drawings.waiters_chart(times),
                "steps": drawings.steps_chart(times),
            }
        if director:
            context |= _money(asked)
    return render(request, "reporting/board.html", context, status=200 if asked.is_known else 404)


def _counts(asked: Asked, chosen: list[str] | None) -> dict[str, Any]:
    assert asked.period is not None
    today = timezone.localdate()
    volumes = selectors.volumes_of(asked.period, asked.previous, office=asked.cell.office, on=today)
    ages = [f"<\N{NO-BREAK SPACE}{drawings.age_text(age)}" for age in AGES] + [_("older")]
    waiting = selectors.waiting_by_age(offices=chosen, buckets=len(ages))
    ends = _named(volumes, "ended", dict(Case.End.choices))
    findings = _named(volumes, "finding", dict(Finding.Code.choices))
    arms = _named(volumes, "arm", {"criteria": _("criteria"), "random": _("random share"), "model": _("model")})
    return {
        "volumes": volumes,
        "days": [_of_day(day, volume) for day, volume in reversed(volumes.days)],
        "ends": ends,
        "findings": findings,
        "arms": arms,
        "ends_chart": _drawn(_("Files by how they ended"), ends),
        "findings_chart": _drawn(_("Files with a discrepancy, by kind"), findings),
        "arms_chart": _drawn(_("Files by what selected them"), arms),
        "waiting": waiting,
        "ages": ages,
        "days_chart": drawings.days_chart(volumes),
        "ages_chart": drawings.ages_chart(waiting, ages) if waiting else None,
    }


def _named(volumes: Volumes, about: str, names: dict[Any, Any]) -> list[dict[str, Any]]:
    """Counts with the words for what they count, now and in the period before."""
    earlier = {row.key: row.files for row in volumes.before.rows(about)}
    return [
        {
            "name": str(names.get(row.key, row.key)),
            "row": row,
            "before": earlier.get(row.key, 0),
        }
        for row in volumes.now.rows(about)
    ]


def _drawn(title: str, rows: list[dict[str, Any]]) -> Chart | None:
    return drawings.counts_chart(title, [(each["name"], each["row"].files) for each in rows]) if rows else None


def _of_day(day: date, volume: Volume) -> dict[str, Any]:
    lanes = [volume.of("lodged", lane=lane) for lane in drawings.LANES]
    return {"day": day, "lanes": lanes, "lodged": volume.lodged}


def _money(asked: Asked) -> dict[str, Any]:
    revenue = selectors.collected(office=asked.cell.office, on=timezone.localdate())
    chart = drawings.revenue_chart(revenue, national_currency()) if revenue.months else None
    return {"revenue": revenue, "revenue_chart": chart}
