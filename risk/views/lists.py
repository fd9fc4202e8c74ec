"""Lists that conditions refer to: made, changed and approved by analysts; suggestions for the form of a criterion."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.requests import person
from lib.languages import in_language
from lib.pointers import whole_number
from lib.violations import Rejected
from risk import selectors, services
from risk.boxes import FIELDS
from risk.forms import ListForm
from risk.models import RiskList
from risk.rules.conditions import fits_list
from risk.selectors.lists import lists_on
from risk.views.gate import analysts_only, readers_only
from traders.selectors import companies_named

ROWS, SUGGESTED = 50, 12


def _list(pk: int) -> RiskList:
    try:
        return selectors.risk_list(pk)
    except RiskList.DoesNotExist as missing:
        raise Http404 from missing


@readers_only
@require_GET
def lists(request: HttpRequest) -> HttpResponse:
    """Every list with what it holds today."""
    today = timezone.localdate()
    page = Paginator(selectors.risk_lists(), ROWS).get_page(request.GET.get("page"))
    held = lists_on(today)
    rows = [{"listed": each, "held": held[each.code]} for each in page.object_list]
    context = {"page": page, "rows": rows, "is_analyst": selectors.is_analyst(person(request), on=today)}
    return render(request, "risk/lists.html", context)


@analysts_only
@require_http_methods(["GET", "POST"])
def new_list(request: HttpRequest) -> HttpResponse:
    """A list with its first version."""
    today = timezone.localdate()
    form = ListForm(request.POST or None, initial={"valid_from": today})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.make_list(
                form.draft(), valid_from=form.cleaned_data["valid_from"], note=form.cleaned_data["note"], on=today,
                at=timezone.now(), by=person(request),
            )  # fmt: skip
        except Rejected as error:
            form.take(error)
        else:
            messages.success(request, _("The list is made. It holds once another analyst has approved it."))
            return redirect("risk_list", pk=made.listed_id)
    return render(request, "risk/list_form.html", {"form": form}, status=422 if form.is_bound else 200)


@readers_only
@require_http_methods(["GET", "HEAD", "POST"])
def one_list(request: HttpRequest, pk: int) -> HttpResponse:
    """A list: what it holds, its versions, who refers to it; an analyst writes a further version."""
    listed, today, reader = _list(pk), timezone.localdate(), person(request)
    is_analyst = selectors.is_analyst(reader, on=today)
    if request.method == "POST" and not is_analyst:
        raise Http404
    versions = list(selectors.list_versions(listed)[:ROWS])
    entries = "\n".join(versions[0].entries) if versions else ""
    form = ListForm(request.POST or None, listed=listed, initial={"valid_from": today, "entries": entries})
    if request.method == "POST" and form.is_valid():
        try:
            services.change_list(
                listed, entries=form.written, valid_from=form.cleaned_data["valid_from"],
                note=form.cleaned_data["note"], on=today, at=timezone.now(), by=reader,
                seen=whole_number(request.POST.get("seen", "")),
            )  # fmt: skip
        except Rejected as error:
            form.take(error)
        else:
            messages.success(request, _("The new version is made. It holds once another analyst has approved it."))
            return redirect("risk_list", pk=pk)
    context = {
        "listed": listed, "versions": _differences(versions), "form": form, "is_analyst": is_analyst, "reader": reader,
        "seen": versions[0].number if versions else 0,
        "held": lists_on(today)[listed.code], "referring": selectors.referring_to(listed, on=today),
    }  # fmt: skip
    return render(request, "risk/list.html", context, status=422 if form.errors else 200)


def _differences(versions: list[Any]) -> list[dict[str, Any]]:
    """Each version with what it adds to the one before and what it takes out."""
    pairs = zip(versions, [*versions[1:], None], strict=True)
    return [
        {
            "version": version,
            "added": sorted(set(version.entries) - set(before.entries if before else ())),
            "removed": sorted(set(before.entries if before else ()) - set(version.entries)),
        }
        for version, before in pairs
    ]


@analysts_only
@require_POST
def approve(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The second analyst lets a version hold."""
    version = selectors.list_versions(_list(pk)).filter(number=number).first()
    if version is None:
        raise Http404
    try:
        services.approve_list(version, on=timezone.localdate(), at=timezone.now(), by=person(request))
    except Rejected as refused:
        messages.error(request, refused.violations[0].sentence)
    else:
        messages.success(request, _("Approved. The version holds from its day on."))
    return redirect("risk_list", pk=pk)


# Suggestions --------------------------------------------------------------------------------------------------
@analysts_only
@require_GET
def suggest_traders(request: HttpRequest) -> HttpResponse:
    """Companies by name or TIN, for the value of a condition."""
    found = companies_named(request.GET.get("q", "").strip()[:80], most=SUGGESTED)
    return _suggestions(request, [(company.tin, in_language(company)) for company in found])


@analysts_only
@require_GET
def suggest_lists(request: HttpRequest) -> HttpResponse:
    """Lists that fit a field, for the value of a condition."""
    known, text = FIELDS.get(request.GET.get("field", "")), request.GET.get("q", "").strip().upper()
    rows = [
        (each.code, in_language(each))
        for each in selectors.risk_lists()
        if known is not None and fits_list(known, each.kind) and text in f"{each.code} {in_language(each)}".upper()
    ]
    return _suggestions(request, rows[:SUGGESTED])


def _suggestions(request: HttpRequest, rows: list[tuple[str, str]]) -> HttpResponse:
    return render(request, "risk/_suggest.html", {"rows": rows})
