"""The value control table: search by code and origin, and all lines that fit to take away. For officers alone."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.requests import person
from lib.table_answers import table_answer
from risk.desk_forms import ValuesForm
from risk.selectors import values as reads
from tariffs.selectors import national_currency

ROWS = 50
MOST_IN_WORKBOOK = 100_000


@login_required
@require_GET
def values(request: HttpRequest) -> HttpResponse:
    """A page of the newest table."""
    _readers_only(request)
    table, form = reads.current_table(), ValuesForm(request.GET)
    rows = reads.value_rows(table, form.filters() if form.is_valid() else None)
    context: dict[str, Any] = {
        "table": table,
        "form": form,
        "asked": any(request.GET.get(name) for name in form.fields),
        "page": Paginator(rows, ROWS).get_page(request.GET.get("page")),
        "least": reads.LEAST,
    }
    return render(request, "risk/values.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def values_table(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Every line that the filters leave, as CSV or XLSX; a workbook holds the first 100,000."""
    _readers_only(request)
    table, form = reads.current_table(), ValuesForm(request.GET)
    if table is None or not form.is_valid():
        raise Http404
    rows = reads.value_rows(table, form.filters())
    rows = rows[:MOST_IN_WORKBOOK] if kind == "xlsx" else rows
    told = reads.exported_values(rows, currency=national_currency().code)
    return table_answer(told, name=f"values-{table.on}", kind=kind)


def _readers_only(request: HttpRequest) -> None:
    if not reads.may_see_values(person(request), on=timezone.localdate()):
        raise Http404
