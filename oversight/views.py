"""Pages of those who look at the work of others: figures of integrity, administrative acts, looks at data,
and draws of the random share.

Each look at these pages is itself written down.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.models import Look
from accounts.requests import person
from accounts.services import note_look
from clearance.selectors import office_names
from lib.table_answers import table_answer
from oversight import selectors
from oversight.forms import ActsForm, DrawsForm, FiguresForm, LooksForm
from oversight.models import Mark
from oversight.selectors import Asked, Row, Wanted
from risk.selectors import revealed, seeds, seeds_after
from risk.selectors.draws import MOST_CHECKED, Checked, Drawn

ROWS = 50
SEEDS, FAULTS = 40, 100
USUAL_CHECK = timedelta(days=7)
MOST_TAKEN = 10_000
Cells = Iterator[Sequence[object]]


def watchers_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For the auditor and internal security; for anybody else the page does not exist. The look is written down."""

    @wraps(view)
    @login_required
    @require_GET
    def answer(request: HttpRequest, **kwargs: str) -> HttpResponseBase:
        by = person(request)
        if not selectors.watches(by, on=timezone.localdate()):
            raise Http404
        asked = request.GET.urlencode()
        text = f"{request.path}?{asked}" if asked else request.path
        note_look(Look.What.OVERSIGHT, by=by, at=timezone.now(), text=text)
        return view(request, **kwargs)

    return answer


# Integrity --------------------------------------------------------------------------------------------------------
@watchers_only
def integrity(request: HttpRequest) -> HttpResponse:
    """The figures of a period, each beside the median of its office, and people who often act together."""
    form, wanted = _wanted(request)
    found = selectors.figures(wanted) if wanted else []
    context = {
        "tab": "integrity",
        "form": form,
        "wanted": wanted,
        "page": Paginator(found, ROWS).get_page(request.GET.get("page")),
        "pairs": selectors.pairs(wanted) if wanted else [],
        "seen": selectors.looked_through(),
    }
    return render(request, "oversight/integrity.html", context, status=422 if form.errors else 200)


@watchers_only
def integrity_table(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The figures, to take away."""
    _form, wanted = _wanted(request)
    return table_answer(_figure_rows(selectors.figures(wanted) if wanted else []), name="integrity", kind=kind)


@watchers_only
def marks(request: HttpRequest) -> HttpResponse:
    """The files and acts behind a figure."""
    form, wanted = _wanted(request)
    rows = _marks(form, wanted)
    context = {
        "tab": "integrity",
        "form": form,
        "wanted": wanted,
        "page": Paginator(rows, ROWS).get_page(request.GET.get("page")),
    }
    return render(request, "oversight/marks.html", context, status=422 if form.errors else 200)


@watchers_only
def marks_table(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The same, to take away."""
    form, wanted = _wanted(request)
    found = _marks(form, wanted)[:MOST_TAKEN]
    return table_answer(_mark_rows(found), name="integrity-acts", kind=kind)


def _wanted(request: HttpRequest) -> tuple[FiguresForm, Wanted | None]:
    today = timezone.localdate()
    form = FiguresForm(request.GET, offices=office_names(on=today), today=today)
    return form, form.wanted() if form.is_valid() else None


def _marks(form: FiguresForm, wanted: Wanted | None) -> Any:
    return selectors.marks(wanted, second=form.cleaned_data["second"]) if wanted else []


def _figure_rows(found: Iterable[selectors.Figure]) -> Cells:
    yield ("what", "office", "officer", "address", "number", "decisions", "share", "median_of_office")
    for each in found:
        of = "" if each.decisions is None else each.decisions
        name, address = each.officer.full_name, each.officer.email
        yield (each.kind.value, each.office, name, address, each.number, of, each.share, each.usual)


def _mark_rows(found: Iterable[Mark]) -> Cells:
    yield ("at", "what", "office", "officer", "with", "mrn", "about")
    for each in found:
        second = each.second.email if each.second else ""
        yield (_at(each), each.kind, each.office_code, each.officer.email, second, each.mrn, each.about)


# Draws ------------------------------------------------------------------------------------------------------------
@watchers_only
def draws(request: HttpRequest) -> HttpResponse:
    """Seeds by day and lane; the draws of a period or of one number, reckoned again when asked."""
    today = timezone.localdate()
    yesterday = today - timedelta(days=1)
    form = DrawsForm(
        request.GET if "check" in request.GET else None, initial={"since": today - USUAL_CHECK, "until": yesterday}
    )
    checked, drawn = _reckoned(form, on=today) if form.is_bound and form.is_valid() else (None, [])
    # Days yet to come stand first; the page that is opened holds today.
    page = Paginator(seeds(), SEEDS).get_page(request.GET.get("page") or 1 + seeds_after(today) // SEEDS)
    context = {
        "form": form,
        "checked": checked,
        "faults": checked.faults[:FAULTS] if checked else [],
        "drawn": drawn,
        "page": page,
        "seeds": [(each, revealed(each, on=today)) for each in page.object_list],
        "most": MOST_CHECKED,
    }
    return render(request, "oversight/draws.html", context, status=422 if form.errors else 200)


def _reckoned(form: DrawsForm, *, on: date) -> tuple[Checked | None, list[Drawn]]:
    read = form.cleaned_data
    if number := read["number"].strip().upper():
        return None, selectors.draws_of_number(number, on=on)
    until = read["until"] or on - timedelta(days=1)
    return selectors.check_draws(since=read["since"] or until - USUAL_CHECK, until=until, on=on), []


# Acts and looks ---------------------------------------------------------------------------------------------------
@watchers_only
def acts(request: HttpRequest) -> HttpResponse:
    """All administrative acts, with a search."""
    form = ActsForm(request.GET)
    return _listed(request, form, selectors.acts, tab="acts")


@watchers_only
def acts_table(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The same, to take away."""
    return _taken(ActsForm(request.GET), selectors.acts, name="acts", kind=kind)


@watchers_only
def looks(request: HttpRequest) -> HttpResponse:
    """Who looked at whose data, with a search: what a person who asks for it is told from."""
    form = LooksForm(request.GET)
    return _listed(request, form, selectors.looks, tab="looks")


@watchers_only
def looks_table(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The same, to take away."""
    return _taken(LooksForm(request.GET), selectors.looks, name="looks", kind=kind)


def _listed(request: HttpRequest, form: ActsForm | LooksForm, read: Any, *, tab: str) -> HttpResponse:
    rows = read(form.asked()) if form.is_valid() else read(Asked(kind="none"))
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    filtered = any(request.GET.get(name) for name in form.fields)
    context = {"tab": tab, "form": form, "page": page, "filtered": filtered, "most": MOST_TAKEN}
    return render(request, f"oversight/{tab}.html", context, status=422 if form.errors else 200)


def _taken(form: ActsForm | LooksForm, read: Any, *, name: str, kind: str) -> HttpResponseBase:
    rows: list[Row] = read(form.asked())[0:MOST_TAKEN] if form.is_valid() else []
    return table_answer(_rows(rows), name=name, kind=kind)


def _rows(found: Iterable[Row]) -> Cells:
    yield ("at", "by", "address", "what", "whose", "about")
    for each in found:
        name, address = (each.by.full_name, each.by.email) if each.by else ("", "")
        yield (_at(each), name, address, each.label, each.person.email if each.person else "", each.about)


def _at(row: Row | Mark) -> str:
    return f"{timezone.localtime(row.at):%Y-%m-%d %H:%M:%S}"
