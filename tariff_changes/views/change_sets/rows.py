"""Rows of a change set: a new one, one that ends or replaces a published row, edited in place, dropped."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.requests import person
from lib.violations import Rejected, Violation
from tariff_changes import services as changes
from tariff_changes.forms.change_sets import Action, ChooseForm, HeadForm, RowForm, TableForm
from tariff_changes.models import ChangeRow, ChangeSet
from tariff_changes.selectors import change_sets as reads
from tariff_changes.selectors import choices, grid, lists
from tariff_changes.selectors.faults import NO_FAULTS
from tariff_changes.selectors.law_texts import name_of
from tariff_changes.selectors.shown_rows import shown as shown_row
from tariff_changes.services.faults import JUDGED_AT_ONCE, faults_of
from tariff_changes.views.change_sets.gate import makers_only, number_in, readers_only, row_or_404, set_or_404
from tariff_changes.views.change_sets.page import shown
from tariffs.columns import LAW


def _in_place(request: HttpRequest) -> bool:
    return bool(request.headers.get("HX-Request"))


def _set_with(pk: int, place: int) -> str:
    return reverse("change_row_at", args=[pk, place])


# A new row ----------------------------------------------------------------------------------------------------
@makers_only
@require_http_methods(["GET", "POST"])
def new_row(request: HttpRequest, pk: int) -> HttpResponse:
    """A row that did not exist: a measure, a line, an act, a quota, a tax, a member of a group."""
    held = set_or_404(pk)
    asked = TableForm({"table": request.GET.get("table", "measure")})
    if not asked.is_valid():
        raise Http404
    table = LAW[asked.cleaned_data["table"]]
    given = {name: request.GET[name] for name in table.names if name in request.GET}
    form = RowForm(
        request.POST or None, table=table, action=Action.CREATE, seen={}, values=given, codes=_codes(held, table.name)
    )
    refused: list[Violation] = []
    if request.method == "POST" and form.is_valid():
        try:
            row = changes.add_row(
                held, table=table.name, action=Action.CREATE, values=form.values(), by=person(request),
                at=timezone.now(),
            )  # fmt: skip
            return redirect(_set_with(pk, row.place))
        except Rejected as rejected:
            refused = rejected.violations
    context = {"set": held, "table": table, "form": form, "refused": refused, "choose_table": asked}
    status = 422 if request.method == "POST" else 200
    return render(request, "tariff_changes/change_sets/new_row.html", context, status=status)


def _codes(held: ChangeSet, table: str) -> dict[str, list[tuple[str, str]]]:
    return choices.codes_for(LAW[table], on=held.takes_effect)


# The end or the replacement of a published row ----------------------------------------------------------------
@makers_only
@require_GET
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Published rows in force on the day of the set, to be ended or replaced."""
    held = set_or_404(pk)
    form = ChooseForm(request.GET or None, auto_id="choose_%s")
    found: list[Any] = []
    table = "measure"
    if form.is_valid():
        table = form.cleaned_data["table"]
        found = choices.rows_to_change(
            LAW[table], on=held.takes_effect, code=form.cleaned_data["code"], tax=form.cleaned_data["tax"]
        )
    context = {
        "set": held,
        "form": form,
        "table": LAW[table],
        "found": found,
        "most": choices.CHOICE,
        "asked": form.is_bound,
        "taxes": _codes(held, "measure")["tax"],
    }
    return render(request, "tariff_changes/change_sets/choose.html", context)


@makers_only
@require_POST
def change_published(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a published row into the set, to be ended or replaced."""
    held = set_or_404(pk)
    try:
        row = _take_in(request, held)
    except Rejected as rejected:
        return shown(request, held, rejected.violations, status=422)
    return _after_taking_in(row)


def _take_in(request: HttpRequest, held: ChangeSet) -> ChangeRow:
    return changes.add_row(
        held,
        table=request.POST.get("table", ""),
        action=request.POST.get("action", ""),
        target=number_in(request.POST.get("target", "")),
        by=person(request),
        at=timezone.now(),
    )


def _after_taking_in(row: ChangeRow) -> HttpResponse:
    """What is replaced gets its new values next; what ends is done."""
    if row.action == Action.REPLACE:
        return redirect("change_row", row.change_set_id, row.place)
    return redirect(_set_with(row.change_set_id, row.place))


@makers_only
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """From a page of the tariff: the published row that is to change, and the set it goes into."""
    asked = request.POST or request.GET
    table, target = asked.get("table", "measure"), asked.get("target", "")
    texts = choices.published_row(table, number_in(target))
    if texts is None:
        raise Http404
    form = HeadForm(request.POST if "begin" in request.POST else None, acts=reads.acts(), auto_id="%s")
    refused: list[Violation] = []
    if request.method == "POST":
        try:
            held = _chosen_set(request, form)
            if held is not None:
                return _after_taking_in(_take_in(request, held))
        except Rejected as rejected:
            refused = rejected.violations
    kind = LAW[table]
    context = {
        "table": kind,
        "target": target,
        "name": name_of(kind, texts),
        "cells": [(kind.label_of(column), text) for column, text in texts.items() if text],
        "drafts": lists.drafts_of(person(request)),
        "form": form,
        "refused": refused,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "tariff_changes/change_sets/start.html", context, status=status)


def _chosen_set(request: HttpRequest, form: HeadForm) -> ChangeSet | None:
    """The draft that was chosen, or a new one; None where its head is not complete yet."""
    if "begin" not in request.POST:
        return set_or_404(number_in(request.POST.get("set", "")))
    if not form.is_valid():
        return None
    given = {name: value for name, value in form.cleaned_data.items() if name != "version"}
    return changes.begin(**given, by=person(request), at=timezone.now())


# Editing ------------------------------------------------------------------------------------------------------
@makers_only
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int, place: int) -> HttpResponse:
    """The cells of a row: in the grid, or on a page of its own."""
    held = set_or_404(pk)
    row = row_or_404(held, place)
    form = _form(held, row, request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return _edited(request, held, row, form)
    try:
        changes.edit_row(
            row, version=form.cleaned_data["row_version"] or 0, values=form.values(), by=person(request),
            at=timezone.now(),
        )  # fmt: skip
    except Rejected as rejected:
        return _refused(request, held, row, form, rejected.violations)
    if _in_place(request):
        return _row(request, pk, place)
    return redirect(_set_with(pk, place))


def _form(held: ChangeSet, row: ChangeRow, data: Mapping[str, Any] | None, *, version: int = 0) -> RowForm:
    table = LAW[row.table]
    return RowForm(
        data,
        table=table,
        action=row.action,
        seen=row.seen,
        values=row.values,
        codes=_codes(held, table.name),
        version=version or row.version,
    )


def _refused(
    request: HttpRequest, held: ChangeSet, row: ChangeRow, form: RowForm, refused: list[Violation]
) -> HttpResponse:
    """Somebody was quicker: what was typed stays in the fields, what stands now is shown beside them."""
    now = reads.change_row(held, row.place)
    if now is None:
        return shown(request, set_or_404(held.pk), refused, status=422)
    typed = form.values()
    stands = {
        column: now.values.get(column, "")
        for column in form.columns
        if now.values.get(column, "") != typed.get(column, "")
    }
    again = QueryDict(request.POST.urlencode(), mutable=True)
    again["row_version"] = str(now.version)
    return _edited(request, held, now, _form(held, now, again), refused=refused, stands=stands)


def _edited(
    request: HttpRequest,
    held: ChangeSet,
    row: ChangeRow,
    form: RowForm,
    *,
    refused: list[Violation] | None = None,
    stands: dict[str, str] | None = None,
) -> HttpResponse:
    context = {
        "set": held,
        "view": shown_row(row, held),
        "form": form,
        "refused": refused or [],
        "stands": stands or {},
        "columns": request.GET.get("columns", ""),
        "width": request.GET.get("columns", "").count(",") + 4,
    }
    name = "_row_form" if _in_place(request) else "row"
    status = 422 if request.method == "POST" else 200
    return render(request, f"tariff_changes/change_sets/{name}.html", context, status=status)


@readers_only
@require_GET
def row(request: HttpRequest, pk: int, place: int) -> HttpResponse:
    """A row of the grid as it stands, for an edit that was given up."""
    if not _in_place(request):
        return redirect(_set_with(pk, place))
    return _row(request, pk, place)


def _row(request: HttpRequest, pk: int, place: int) -> HttpResponse:
    """The row in the columns that the grid around it has; small sets are judged again."""
    held = set_or_404(pk)
    found = row_or_404(held, place)
    small = reads.row_count(held) <= JUDGED_AT_ONCE
    faults = faults_of(held, on=timezone.localdate()) if small else NO_FAULTS
    names = request.GET.get("columns", "").split(",")
    context = {
        "set": held,
        "row": grid.in_columns(shown_row(found, held), names, faults),
        "columns": ",".join(names),
        "edits": True,
        "faults": faults,
        "beside": small,
    }
    return render(request, "tariff_changes/change_sets/_row_saved.html", context)


@makers_only
@require_POST
def drop(request: HttpRequest, pk: int, place: int) -> HttpResponse:
    """Take a row out of the set."""
    held = set_or_404(pk)
    try:
        changes.drop_row(row_or_404(held, place), version=_version(request), by=person(request), at=timezone.now())
    except Rejected as rejected:
        return shown(request, held, rejected.violations, status=422)
    return redirect("change_set", pk)


@makers_only
@require_POST
def drop_all(request: HttpRequest, pk: int) -> HttpResponse:
    """Empty the set."""
    held = set_or_404(pk)
    try:
        changes.drop_rows(held, version=_version(request), by=person(request), at=timezone.now())
    except Rejected as rejected:
        return shown(request, set_or_404(pk), rejected.violations, status=422)
    return redirect("change_set", pk)


@makers_only
@require_POST
def choose_again(request: HttpRequest, pk: int, place: int) -> HttpResponse:
    """Go on from the published row as it stands now."""
    held = set_or_404(pk)
    try:
        changes.choose_again(row_or_404(held, place), version=_version(request), by=person(request), at=timezone.now())
    except Rejected as rejected:
        return shown(request, held, rejected.violations, status=422)
    return redirect(_set_with(pk, place))


def _version(request: HttpRequest) -> int:
    return number_in(request.POST.get("version", ""))
