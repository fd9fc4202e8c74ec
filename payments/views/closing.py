"""The closing of days: a list, a day with its reconciliation and differences, and the verbs of the treasury."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import person
from declarations.models import IssuedPaper
from lib.violations import Conflict, Rejected, Violation, refuse
from payments import selectors, services
from payments.forms import DayForm, NoteForm
from payments.models import Closing, Difference
from payments.views.deferred import issued_paper
from payments.views.gate import acting_books_or_refuse, books_or_404

_A_PAGE = 25
_LOOK_AGAIN_SECONDS = 3


@login_required
@require_GET
def closings(request: HttpRequest) -> HttpResponse:
    """Every day that was compared or closed, and the days that wait."""
    return _list(request)


@login_required
@require_POST
def ask_closing(request: HttpRequest) -> HttpResponse:
    """Have a day compared by the worker."""
    acting_books_or_refuse(request)
    form = DayForm(request.POST)
    if not form.is_valid():
        return _list(request, form, status=422)
    day = form.cleaned_data["day"]
    try:
        services.ask_closing(day, by=person(request), at=timezone.now())
    except Rejected as refused:
        return _list(request, form, refused.violations, status=422)
    return redirect("closing", day=day.isoformat())


def _list(
    request: HttpRequest,
    form: DayForm | None = None,
    violations: list[Violation] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    desk = books_or_404(request)
    waiting = selectors.days_to_close(before=selectors.book_day(timezone.now()), limit=_A_PAGE)
    context = {
        "desk": desk,
        "form": form or DayForm(initial={"day": waiting[0].isoformat() if waiting else ""}),
        "violations": violations or [],
        "waiting": waiting,
        "page": Paginator(selectors.closings(), _A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "payments/treasury/closings.html", context, status=status)


@login_required
@require_GET
def closing(request: HttpRequest, day: date) -> HttpResponse:
    """One day; while the worker compares it, the page looks again. A closed day's paper is made at the first look."""
    books_or_404(request)
    found = _closing(day)
    services.ask_closing_paper(found)
    return _show(request, found)


@login_required
@require_GET
def closing_paper(request: HttpRequest, day: date) -> HttpResponseBase:
    """The signed paper of a closed day as PDF; `?language=` of any the site has."""
    books_or_404(request)
    return issued_paper(request, IssuedPaper.Kind.CLOSING, day.isoformat())


@login_required
@require_POST
def close_day(request: HttpRequest, day: date) -> HttpResponse:
    """Close the day for good."""
    acting_books_or_refuse(request)
    found = _closing(day)
    try:
        services.close_day(found, by=person(request), at=timezone.now())
    except Rejected as refused:
        return _show(request, _closing(day), refused.violations, status=409 if isinstance(refused, Conflict) else 422)
    messages.success(request, _("The day is closed. What is wrong from now on is put right on an open day."))
    return redirect("closing", day=day.isoformat())


@login_required
@require_POST
def difference_verb(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Explain a difference, or give it to somebody."""
    acting_books_or_refuse(request)
    try:
        difference = selectors.difference_for(pk)
    except Difference.DoesNotExist as missing:
        raise Http404 from missing
    if verb not in ("assign", "explain"):
        raise Http404
    form = NoteForm(request.POST, people=selectors.people_for_differences(on=timezone.localdate()))
    form.is_valid()
    note, to = form.cleaned_data.get("note", ""), form.cleaned_data.get("person")
    try:
        if verb == "assign":
            if to is None:
                raise refuse("K008", "person", _("Choose who looks into it."))
            services.assign_difference(difference, to=to, note=note, by=person(request), at=timezone.now())
        else:
            services.explain_difference(difference, note=note, by=person(request), at=timezone.now())
    except Rejected as refused:
        status = 409 if isinstance(refused, Conflict) else 422
        return _show(request, _closing(difference.closing.day), refused.violations, status=status)
    return redirect("closing", day=difference.closing.day.isoformat())


def _show(
    request: HttpRequest, found: Closing, violations: list[Violation] | None = None, *, status: int = 200
) -> HttpResponse:
    desk = books_or_404(request)
    differences = selectors.differences_of(found)
    context = {
        "desk": desk,
        "closing": found,
        "offices": selectors.offices_of(found),
        "total": selectors.total_of_offices(found),
        "names": selectors.names_of("office"),
        "paper": selectors.paper_of_books(IssuedPaper.Kind.CLOSING, found.day.isoformat()),
        "page": Paginator(differences, _A_PAGE).get_page(request.GET.get("page")),
        "open": differences.filter(status=Difference.Status.OPEN).count(),
        "people": selectors.people_for_differences(on=timezone.localdate()),
        "violations": violations or [],
    }
    answer = render(request, "payments/treasury/closing.html", context, status=status)
    if found.status == Closing.Status.ASKED:
        answer["Refresh"] = str(_LOOK_AGAIN_SECONDS)
    return answer


def _closing(day: date) -> Closing:
    found = selectors.closing_of(day)
    if found is None:
        raise Http404
    return found
