"""Pages for everybody: figures of travellers, the law for them with its acts, and who sees which of their data."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from lib.sheets import written
from passengers.selectors import figures, visibility
from passengers.selectors import law as law_of
from tariffs.models import Direction, TravelTerm, Way
from tariffs.selectors import amounts_context

_KEEPING = (
    TravelTerm.Kind.KEEPING,
    TravelTerm.Kind.KEEP_CASH,
    TravelTerm.Kind.KEEP_PHOTOS,
    TravelTerm.Kind.KEEP_VIEWS,
)


@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    """Declared, paid, red, hits and minutes, by post, way or day; as a page with a chart, or as CSV."""
    asked, on = request.GET.get("days", ""), timezone.localdate()
    days = int(asked) if asked.isdecimal() and int(asked) in figures.PERIODS else figures.PERIODS[0]
    by = request.GET.get("by", "") if request.GET.get("by", "") in figures.BY else figures.BY[0]
    lines = figures.published(by=by, days=days, on=on)
    if request.GET.get("format") == "csv":
        return _as_csv(lines, name=f"travellers-by-{by}-{days}-days-{on}.csv")
    named: dict[str, dict[str, Any]] = {"post": dict(figures.post_names(on=on)), "way": dict(Way.choices), "day": {}}
    names = named[by]
    context = {
        "lines": [(names.get(line.name, line.name), line) for line in lines],
        "by": by,
        "days": days,
        "periods": figures.PERIODS,
        "chart": figures.chart(days=days, language=(get_language() or "en")[:2]) if by == "post" else None,
        "until": figures.counted_until(),
        **amounts_context(),
    }
    return render(request, "passengers/statistics.html", context)


def _as_csv(lines: Sequence[figures.Line], *, name: str) -> HttpResponse:
    table: list[list[object]] = [
        ["name", "declared", "payers", "paid", "red", "hits", "median_minutes", "p90_minutes", "put_together"]
    ]
    for line in lines:
        cells = (line.name, line.declared, line.payers, line.paid, line.red, line.hits, line.median, line.p90)
        table.append([*cells, line.together if line.name == figures.OTHERS else ""])
    answer = HttpResponse("".join(written(table)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Which authority sees which field, from the table that the pages themselves obey; how long what is kept."""
    on = timezone.localdate()
    context = {
        "authorities": visibility.Authority.choices,
        "fields": visibility.FIELDS,
        "terms": [row for kind in _KEEPING if (row := law_of.term(kind, on=on))],
    }
    return render(request, "passengers/privacy.html", context)


@require_safe
def law(request: HttpRequest) -> HttpResponse:
    """Every allowance, limit, requirement, post and term in force, each with its act; the same as open data."""
    on = timezone.localdate()
    names = {row.code: row for row in law_of.categories(on=on)}
    directions = (Direction.ENTRY, Direction.EXIT)
    unique: dict[str, dict[int, Any]] = {
        "allowances": {row.pk: row for each in directions for row in law_of.allowances(direction=each, way="", on=on)},
        "cash": {row.pk: row for each in directions for row in law_of.cash_limits(direction=each, on=on)},
        "requirements": {row.pk: row for each in directions for row in law_of.requirements(direction=each, on=on)},
    }
    context = {
        **{name: list(rows.values()) for name, rows in unique.items()},
        "categories": list(names.values()),
        "names": names,
        "posts": [row for way in Way.values for row in law_of.posts(way=way, on=on)],
        "terms": law_of.terms(on=on),
        "today": on,
        **amounts_context(),
    }
    return render(request, "passengers/law.html", context)
