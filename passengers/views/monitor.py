"""The financial monitor's desk: search with totals per person, a person across crossings, files. Looks are logged."""

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.requests import person
from lib.violations import Rejected
from passengers.forms.choices import MONEY_WORDS
from passengers.forms.leaving import CashSearchForm, ExportForm
from passengers.models import CashExport, PassengerView
from passengers.selectors import monitor
from passengers.services import exports
from passengers.services.viewing import note_view
from tariffs.selectors import amounts_context

SHOWN = 30
TYPES = {
    CashExport.Format.CSV: "text/csv; charset=utf-8",
    CashExport.Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    CashExport.Format.JSON: "application/json",
}
What = PassengerView.What


def _monitor(request: HttpRequest) -> User:
    """The person, if the financial monitor; else there is nothing here."""
    user = person(request)
    if not monitor.is_monitor(user, on=timezone.localdate()):
        raise Http404
    return user


@login_required
@never_cache
@require_safe
def cash(request: HttpRequest) -> HttpResponse:
    """Search declarations of cash; a search is made only when something is asked."""
    user = _monitor(request)
    form = CashSearchForm(request.GET or None)
    found = None
    if form.is_bound and form.is_valid():
        asked = monitor.Asked(**form.cleaned_data)
        found = monitor.search_cash(asked)
        text = ", ".join(f"{name} {value}" for name, value in asked.kept().items()) or "*"
        note_view(None, what=What.SEARCH, by=user, at=timezone.now(), text=text)
    context = {"form": form, "found": found, **amounts_context()}
    return render(request, "passengers/cash.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_safe
def cash_person(request: HttpRequest, traveller: int) -> HttpResponse:
    """A person's declarations of cash across crossings."""
    _monitor(request)
    found, rows = monitor.crossings_of(traveller)
    if found is None:
        raise Http404
    context = {"person": found, "rows": rows, "words": MONEY_WORDS, **amounts_context()}
    return render(request, "passengers/cash_person.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cash_files(request: HttpRequest) -> HttpResponse:
    """Ask for a file, and the files that were made: when, by whom, with which hash."""
    user = _monitor(request)
    form = ExportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            exports.ask_export(**form.cleaned_data, by=user, at=timezone.now())
            return redirect("travel_cash_files")
        except Rejected as refused:
            form.take(refused)
    rows = monitor.latest_files(SHOWN)
    waits = any(row.status == CashExport.Status.WAITING for row in rows)
    context = {"form": form, "files": rows, "waits": waits, "columns": monitor.EXPORTED}
    return render(request, "passengers/cash_files.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_safe
def cash_file(request: HttpRequest, key: uuid.UUID) -> Any:
    """Fetch a file; that is logged."""
    user = _monitor(request)
    found = monitor.file_by_key(key)
    if found is None:
        raise Http404
    note_view(None, what=What.EXPORT, by=user, at=timezone.now(), text=f"{found} {found.sha256}")
    answer = FileResponse(found.file.open(), content_type=TYPES[CashExport.Format(found.format)])
    answer["Content-Disposition"] = f'attachment; filename="{found}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@login_required
@require_safe
def cash_schema(request: HttpRequest) -> JsonResponse:
    """The documented shape of the files."""
    _monitor(request)
    return JsonResponse(exports.schema(), json_dumps_params={"ensure_ascii": False, "indent": 1})
