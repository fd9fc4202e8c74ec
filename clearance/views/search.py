"""Lists to look things up in: the trader's declarations, all files an officer may see, and who opened them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.models import Look
from accounts.requests import person
from clearance import selectors
from clearance.forms import ListFilter
from clearance.forms.search import OpeningsFilter, SearchFilter
from clearance.models import Opening
from clearance.selectors import search
from clearance.selectors.clients import client_companies
from clearance.views.gate import ROWS, CappedPaginator, note_asked, powers_or_404
from declarations.models import Declaration
from declarations.selectors import MOST_FOUND
from lib.figures import plain
from lib.table_answers import table_answer
from risk.selectors import may_see_criteria

Cells = Iterator[Sequence[object]]


# The trader's list ------------------------------------------------------------------------------------------------
@login_required
@require_GET
def declarations(request: HttpRequest) -> HttpResponse:
    """The list of declarations, with filters."""
    form = _list_filter(request)
    page = CappedPaginator(_listed(request, form), ROWS).get_page(request.GET.get("page"))
    filtered = any(request.GET.get(name) for name in form.fields)
    if filtered:
        _note_of_officer(request)
    return render(request, "clearance/declarations.html", {"form": form, "page": page, "filtered": filtered})


@login_required
@require_GET
def declarations_table(request: HttpRequest, kind: str) -> HttpResponseBase:
    """What the list shows, to take away: the newest that fit, as many as a file holds."""
    form = _list_filter(request)
    rows = _listed(request, form).select_related(None).order_by("-pk").values_list("pk", flat=True)
    keys = list(rows[: search.MOST_EXPORTED])
    return table_answer(_traders_rows(search.in_portions(keys)), name="declarations", kind=kind)


@login_required
@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """An earlier declaration, found by the search of the list, to copy or to make a template from."""
    text = request.GET.get("text", "").strip()[:80]
    rows = selectors.declarations_list(person(request), selectors.Filters(text=text), on=timezone.localdate())
    page = CappedPaginator(rows, ROWS).get_page(request.GET.get("page"))
    if text:
        _note_of_officer(request)
    return render(request, "clearance/find.html", {"page": page, "text": text})


def _note_of_officer(request: HttpRequest) -> None:
    """An officer finds by the traders' lists what the officers' search finds: it is written down alike."""
    if selectors.powers_of(person(request), on=timezone.localdate()).is_officer:
        note_asked(request, Look.What.SEARCH)


def _list_filter(request: HttpRequest) -> ListFilter:
    return ListFilter(request.GET, companies=client_companies(person(request), on=timezone.localdate()))


def _listed(request: HttpRequest, form: ListFilter) -> Any:
    if not form.is_valid():
        return Declaration.objects.none()
    return selectors.declarations_list(person(request), form.filters(), on=timezone.localdate())


def _traders_rows(rows: Iterable[Declaration]) -> Cells:
    yield (
        "mrn", "version", "lrn", "status", "procedure", "declarant", "declarant_tin", "trader", "trader_tin",
        "customs_value", "payable", "guaranteed", "made", "lodged",
    )  # fmt: skip
    for row in rows:
        trader = row.trader
        yield (
            row.mrn, row.version, row.lrn, row.status, row.procedure, row.declarant.name, row.declarant.tin,
            trader.name if trader else "", trader.tin if trader else "", _money(row.customs_value),
            _money(row.payable), _money(row.guaranteed), _day(row.created_at), _day(row.lodged_at),
        )  # fmt: skip


# The officers' search ---------------------------------------------------------------------------------------------
@login_required
@require_GET
def files(request: HttpRequest) -> HttpResponse:
    """Files that fit, the newest first; without a question nothing is read."""
    powers = powers_or_404(request)
    form = _search_filter(request, powers)
    asked = any(request.GET.get(name) for name in form.fields)
    keys = _keys(request, form, most=MOST_FOUND) if asked else []
    if asked:
        note_asked(request, Look.What.SEARCH)
    page = Paginator(keys, ROWS).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": search.files_of(list(page.object_list)),
        "asked": asked,
        "many": len(keys) >= MOST_FOUND,
        "most": MOST_FOUND,
        "most_exported": search.MOST_EXPORTED,
        "sees_openings": search.sees_openings(person(request), on=timezone.localdate()),
    }
    return render(request, "clearance/search.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def files_table(request: HttpRequest, kind: str) -> HttpResponseBase:
    """What the search finds, to take away."""
    form = _search_filter(request, powers_or_404(request))
    keys = _keys(request, form, most=search.MOST_EXPORTED)
    note_asked(request, Look.What.EXPORT)
    return table_answer(_files_rows(search.in_portions(keys)), name="files", kind=kind)


def _search_filter(request: HttpRequest, powers: selectors.Powers) -> SearchFilter:
    held_by = request.GET.get("held_by", "")
    also = int(held_by) if held_by.isascii() and held_by.isdigit() and len(held_by) < 19 else None
    offices = selectors.offices_seen(powers, on=timezone.localdate())
    return SearchFilter(
        request.GET, offices=offices, holders=search.holders(powers, also=also),
        by_criteria=may_see_criteria(person(request), on=timezone.localdate()),
    )  # fmt: skip


def _keys(request: HttpRequest, form: SearchFilter, *, most: int) -> list[int]:
    if not form.is_valid():
        return []
    return search.files_found(person(request), form.asked(), on=timezone.localdate(), most=most)


def _files_rows(rows: Iterable[Declaration]) -> Cells:
    yield (
        "mrn", "version", "office", "lrn", "lane", "status", "trader", "trader_tin", "declarant", "declarant_tin",
        "commodity_code", "goods", "items", "customs_value", "lodged", "held_by",
    )  # fmt: skip
    for row in rows:
        case, trader = getattr(row, "case", None), row.trader
        yield (
            row.mrn, row.version, row.office_code, row.lrn, case.lane if case else "", row.status,
            trader.name if trader else "", trader.tin if trader else "", row.declarant.name, row.declarant.tin,
            case.commodity_code if case else "", case.goods if case else "", case.item_count if case else "",
            _money(row.customs_value), _day(row.lodged_at),
            case.claimed_by if case and case.closed_at is None else "",
        )  # fmt: skip


# Who opened a file ------------------------------------------------------------------------------------------------
@login_required
@require_GET
def openings(request: HttpRequest) -> HttpResponse:
    """Who opened which file; for the auditor."""
    form, rows = _openings(request)
    page = CappedPaginator(rows, ROWS).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "filtered": any(request.GET.get(name) for name in form.fields)}
    return render(request, "clearance/openings.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def openings_table(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The same, to take away."""
    _form, rows = _openings(request)
    note_asked(request, Look.What.EXPORT)
    found = rows[: search.MOST_EXPORTED].iterator(chunk_size=1000)
    return table_answer(_openings_rows(found), name="openings", kind=kind)


def _openings(request: HttpRequest) -> tuple[OpeningsFilter, Any]:
    if not search.sees_openings(person(request), on=timezone.localdate()):
        raise Http404
    form = OpeningsFilter(request.GET)
    return form, search.openings(**form.cleaned_data) if form.is_valid() else Opening.objects.none()


def _openings_rows(rows: Iterable[Opening]) -> Cells:
    yield ("at", "officer", "address", "mrn", "version", "office")
    for row in rows:
        about = row.declaration
        at = f"{timezone.localtime(row.at):%Y-%m-%d %H:%M:%S}"
        yield (at, row.by.full_name, row.by.email, about.mrn, about.version, about.office_code)


def _money(value: Any) -> str:
    return "" if value is None else plain(value, least=2)


def _day(at: Any) -> str:
    return "" if at is None else timezone.localtime(at).date().isoformat()
