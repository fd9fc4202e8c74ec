"""Revenue by tax, office, regime, day and month: the drawing, its table, and all rows to take away."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from lib.table_answers import table_answer
from payments import selectors
from payments.forms import RevenueForm
from payments.views.gate import books_or_404

TITLES = {
    "day": _("Revenue by day"),
    "month": _("Revenue by month"),
    "tax": _("Revenue by tax"),
    "office": _("Revenue by office"),
    "regime": _("Revenue by regime"),
}


@login_required
@require_GET
def revenue(request: HttpRequest, by: str = "day") -> HttpResponse:
    """One cut through revenue. The drawing is that of the usual period; with filters there is the table alone."""
    books_or_404(request)
    if by not in TITLES:
        raise Http404
    form = _form(request)
    usual = selectors.default_filters(by, on=timezone.localdate())
    filters = selectors.Filters(**_asked(form)) if form.is_valid() and any(_asked(form).values()) else usual
    lines = selectors.revenue_by(by, filters)
    chart = selectors.chart_of(by, language=(get_language() or "en")[:2]) if filters == usual else None
    context = {
        "by": by,
        "titles": TITLES,
        "title": TITLES[by],
        "form": form,
        "filtered": filters != usual,
        "filters": filters,
        "lines": lines,
        "total": selectors.total_of(lines),
        "most": max(lines, key=lambda line: line.amount, default=None),
        "drawing": mark_safe(chart.svg) if chart else "",  # noqa: S308 - drawn by the worker, which escapes names
        "as_of": selectors.counted_at(),
    }
    return render(request, "payments/treasury/revenue.html", context)


@login_required
@require_GET
def revenue_table(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Every row that the filters leave."""
    books_or_404(request)
    form = _form(request)
    filters = selectors.Filters(**_asked(form)) if form.is_valid() else selectors.Filters()
    return table_answer(selectors.exported(filters), name="revenue", kind=kind)


def _form(request: HttpRequest) -> RevenueForm:
    return RevenueForm(request.GET, choices={name: selectors.values_of(name) for name in ("tax", "office", "regime")})


def _asked(form: RevenueForm) -> dict[str, Any]:
    asked = form.cleaned_data
    days = {name: asked.get(name) for name in ("first", "last")}
    return {**days, **{name: asked.get(name, "") for name in ("tax", "office", "regime")}}
