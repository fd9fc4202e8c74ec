"""One change set: its head, its rows as they were and become, its faults, its history, and the set as a file."""

from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from accounts.requests import person
from lib.violations import Rejected, Violation
from tariff_changes import services as changes
from tariff_changes.forms.change_sets import FileForm, HeadForm, OppositeForm, RowsAskedForm, SendBackForm, TableForm
from tariff_changes.models import ChangeSet
from tariff_changes.selectors import change_sets as reads
from tariff_changes.selectors import grid
from tariff_changes.selectors.faults import NO_FAULTS
from tariff_changes.selectors.history import timeline
from tariff_changes.services.exports import as_differences, as_table
from tariff_changes.services.faults import JUDGED_AT_ONCE, faults_of
from tariff_changes.views.change_sets.gate import makers_only, number_in, readers_only, rights, set_or_404
from tariffs.columns import LAW


@readers_only
@require_GET
def change_set(request: HttpRequest, pk: int) -> HttpResponse:
    """The set with a page of its rows."""
    return shown(request, set_or_404(pk))


def shown(
    request: HttpRequest, held: ChangeSet, refused: list[Violation] | None = None, *, status: int = 200
) -> HttpResponse:
    """The page of a set; `refused` is what a verb has just been refused for."""
    today = timezone.localdate()
    counts = reads.counts_of(held)
    total = sum(counts.values())
    judged = held.status != ChangeSet.Status.PUBLISHED and held.status != ChangeSet.Status.WITHDRAWN
    ask_rules = judged and (total <= JUDGED_AT_ONCE or "judge" in request.GET)
    faults = faults_of(held, on=today) if ask_rules else NO_FAULTS
    form, asked = _asked(request, sorted({table for table, _action in counts}))
    context = {
        "set": held,
        "may": rights(request, held),
        "counts": _counted(counts),
        "total": total,
        "faults": faults,
        "refused": refused or [],
        "judged_later": judged and not ask_rules,
        "shown": grid.rows_shown(held, asked, faults),
        "asked": asked,
        "filters": form,
        "events": timeline(held),
        "opposites": held.opposites.all(),
        "tables": sorted({table for table, _action in counts}),
        "send_back": SendBackForm(),
        "opposite": OppositeForm(initial={"takes_effect": max(today, held.takes_effect)}),
        "new_row": TableForm(auto_id="new_%s"),
        "file": FileForm(auto_id="file_%s"),
        "has_passed": judged and held.takes_effect < today,
    }
    return render(request, "tariff_changes/change_sets/page.html", context, status=status)


def _counted(counts: dict[tuple[str, str], int]) -> list[dict[str, Any]]:
    """Rows by table: new, replaced, ended."""
    tables = [name for name in LAW if any(table == name for table, _action in counts)]
    return [
        {
            "name": name,
            "label": LAW[name].label,
            **{action: counts.get((name, action), 0) for action in ("create", "replace", "end")},
        }
        for name in tables
    ]


def _asked(request: HttpRequest, tables: list[str]) -> tuple[RowsAskedForm, grid.RowsAsked]:
    form = RowsAskedForm(request.GET, tables=tables)
    form.is_valid()
    given = form.cleaned_data
    return form, grid.RowsAsked(
        table=given.get("table", ""),
        action=given.get("action", ""),
        code=given.get("code", ""),
        faulty=given.get("only") == "faults",
        to_decide=given.get("only") == "questions",
        number=number_in(request.GET.get("page", "")) or 1,
    )


@readers_only
@require_GET
def faults(request: HttpRequest, pk: int) -> HttpResponse:
    """What the rules say, for a page that has opened without it."""
    held = set_or_404(pk)
    found = faults_of(held, on=timezone.localdate())
    if not request.headers.get("HX-Request"):
        return redirect(f"{reverse('change_set', args=[pk])}?judge=1")
    return render(request, "tariff_changes/change_sets/_faults.html", {"set": held, "faults": found})


@readers_only
@require_GET
def to_row(request: HttpRequest, pk: int, place: int) -> HttpResponse:
    """Leads to a row, on whatever page of the set it stands."""
    number = grid.page_with(set_or_404(pk), place)
    return redirect(f"{reverse('change_set', args=[pk])}?page={number}&judge=1#row-{place}")


@makers_only
@require_http_methods(["GET", "POST"])
def describe(request: HttpRequest, pk: int) -> HttpResponse:
    """Another title, day, act or reason."""
    held = set_or_404(pk)
    initial = {
        "title": held.title,
        "takes_effect": held.takes_effect,
        "legal_act": held.legal_act,
        "reason": held.reason,
        "version": held.version,
    }
    form = HeadForm(request.POST or None, initial=initial, acts=reads.acts(), auto_id="%s")
    refused: list[Violation] = []
    if request.method == "POST" and form.is_valid():
        given = {**form.cleaned_data, "version": form.cleaned_data["version"] or 0}
        try:
            changes.describe(held, **given, by=person(request), at=timezone.now())
            return redirect("change_set", pk)
        except Rejected as rejected:
            refused = rejected.violations
            held = set_or_404(pk)
            form = HeadForm({**request.POST.dict(), "version": held.version}, acts=reads.acts(), auto_id="%s")
    context = {"set": held, "form": form, "refused": refused}
    status = 422 if request.method == "POST" else 200
    return render(request, "tariff_changes/change_sets/describe.html", context, status=status)


@readers_only
@require_GET
def as_file(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The set as CSV: cell by cell, or one table of it as it becomes."""
    held = set_or_404(pk)
    table = request.GET.get("table", "")
    if table in LAW:
        name, pieces = f"change-set-{pk}-{table}.csv", as_table(held, table)
    else:
        name, pieces = f"change-set-{pk}.csv", as_differences(held)
    response = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
