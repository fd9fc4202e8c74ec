"""The officer's pages: the queue, the file, and the supervisor's view of the load."""

import uuid
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.models import Office
from accounts.requests import person
from clearance import forms, selectors, services
from clearance.models import Case, Examination
from clearance.selectors import Powers
from clearance.views.gate import ROWS, CappedPaginator, case_of
from declarations.selectors import events_of, looks_at, versions_of
from declarations.selectors.checks import may_check_history
from declarations.selectors.levies import levies_of
from declarations.selectors.stock_accounts import stock_drawn_by, stock_opened_by
from payments.selectors import due, hold_shown, is_settled, returned
from risk.selectors import reasons_in_words, score_of
from tariffs.selectors import service_fees

ITEMS = 20
ANSWER_DAYS = 5
REMEMBERED = "queue_filters"


@login_required
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """Files that wait for an officer. Filters stay: an address without any takes those of the last visit."""
    powers = powers_or_404(request)
    names = forms.QueueFilter.base_fields
    if not request.GET and request.session.get(REMEMBERED):
        return redirect(f"{reverse('queue')}?{urlencode(request.session[REMEMBERED])}")
    form = filter_form(request, powers)
    if request.GET and form.is_valid():
        request.session[REMEMBERED] = {name: request.GET[name] for name in names if request.GET.get(name)}
    rows = selectors.queue(powers, form.wanted(), by=person(request)) if form.is_valid() else Case.objects.none()
    context = {
        "form": form,
        "page": CappedPaginator(rows, ROWS).get_page(request.GET.get("page")),
        "now": timezone.now(),
        "powers": powers,
        "reasons": {},
        "filtered": any(request.GET.get(name) for name in names),
    }
    page: Any = context["page"]
    context["reasons"] = selectors.short_reasons(page.object_list)
    return render(request, "clearance/queue.html", context)


@login_required
@require_GET
def load(request: HttpRequest) -> HttpResponse:
    """Who holds what, and how old it is; for supervisors."""
    powers = powers_or_404(request)
    if not (powers.supervises or powers.everywhere):
        raise Http404
    offices, holders = selectors.load_of(powers, at=timezone.now())
    return render(request, "clearance/load.html", {"offices": offices, "holders": holders, "now": timezone.now()})


@login_required
@require_GET
def case(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The file of a declaration. That it was opened is written down."""
    found = case_of(request, key)
    services.note_opening(found.declaration, by=person(request), at=timezone.now())
    return show(request, found)


def show(request: HttpRequest, found: Case, refused: dict[str, forms.VerbForm] | None = None) -> HttpResponse:
    """The file page; `refused` holds the form a verb refused, by the name it has on the page."""
    context = _reading(request, found) | _acting(request, found) | (refused or {})
    if context["links"]:
        context["hits"] = []  # A trader is never told the criteria, and this reader may be one.
    return render(request, "clearance/case.html", context, status=422 if refused else 200)


def _reading(request: HttpRequest, found: Case) -> dict[str, Any]:
    declaration = found.declaration
    document = selectors.document_of(declaration, on=declaration.tax_date or timezone.localdate())
    score = score_of(declaration)
    return {
        "case": found,
        "declaration": declaration,
        "document": document,
        "items": Paginator(document.items, ITEMS).get_page(request.GET.get("page")),
        "hits": reasons_in_words(score) if score else [],
        "step": selectors.next_step(declaration, found),
        "queries": list(selectors.queries_of(found)),
        "examinations": list(selectors.examinations_of(found)),
        "events": list(events_of(declaration)),
        "versions": list(versions_of(declaration)),
        "changes": selectors.differences(declaration),
        "record": selectors.record_of(found),
        "due": due(declaration),
        "settled": is_settled(declaration),
        "returned": returned(declaration),
        "opened": stock_opened_by(declaration, to=person(request), on=timezone.localdate()),
        "drawn": stock_drawn_by(declaration, to=person(request), on=timezone.localdate()),
        "looks": looks_at(document.scans) if may_check_history(person(request), on=timezone.localdate()) else [],
        "now": timezone.now(),
    }


def _acting(request: HttpRequest, found: Case) -> dict[str, Any]:
    today = timezone.localdate()
    powers = selectors.powers_of(person(request), on=today)
    links = selectors.links_to(person(request), found)
    is_open = found.closed_at is None
    holds = is_open and powers.may_act(found) and found.claimed_by == request.user
    audits = not links and selectors.may_audit(found, powers)
    open_findings = selectors.unsettled(found.mrn)
    return {
        "links": links,
        "may_claim": is_open and not links and powers.may_act(found) and found.claimed_by is None,
        "may_give_back": holds,
        "holds": holds and not links,
        "may_supervise": is_open and not links and powers.may_supervise(found),
        "audits": audits,
        "mine": [each for each in selectors.examinations_of(found) if _is_mine(each, found, request, holds=holds)],
        "unsettled": list(open_findings) if (holds and not links) or audits else [],
        "proposing": forms.FindingsForm(prefix="propose", findings=open_findings),
        "closing": forms.CloseForm(prefix="close", findings=open_findings),
        "fining": forms.FineForm(prefix="fine", findings=open_findings),
        "corrections": selectors.corrections_of(found.declaration, person(request), on=today),
        "fines": selectors.fines_of(found.declaration),
        "levies": levies_of(found.declaration),
        "hold": hold_shown(found.declaration, on=today),
        "charges_fees": not links and (holds or audits),
        "feeing": forms.FeeForm(prefix="fee", fees=service_fees(on=today)),
        "may_drop": not links and selectors.acts_in_office(person(request), found.office_code, on=today),
        "grounds_to_drop": forms.GroundsForm(prefix="drop"),
        "asking": forms.AskForm(prefix="ask", initial={"due": today + timedelta(days=ANSWER_DAYS)}),
        "withdrawing": forms.ReasonForm(prefix="withdraw"),
        "examining": forms.ExamineForm(prefix="examine", initial={"kind": "goods" if found.lane == "red" else None}),
        "finding": forms.FindingForm(prefix="finding", items=found.item_count),
        "finishing": forms.FinishForm(prefix="finish"),
        "releasing": forms.ReleaseForm(prefix="release"),
        "rejecting": forms.ReasonForm(prefix="reject"),
        "rerouting": forms.RerouteForm(prefix="reroute"),
        "allotting": forms.AllotForm(prefix="allot", officers=selectors.officers_for(found, on=today)),
    }


def _is_mine(each: Examination, found: Case, request: HttpRequest, *, holds: bool) -> bool:
    """Whether the reader goes on with this examination: of a file that is held, or an audit that the reader began."""
    if each.finished_at is not None or each.case_id != found.pk:
        return False
    return each.officer_id == request.user.pk if each.kind == Examination.Kind.AUDIT else holds


def powers_or_404(request: HttpRequest) -> Powers:
    """The officer's powers; for somebody who has no queue the page does not exist."""
    powers = selectors.powers_of(person(request), on=timezone.localdate())
    if not powers.is_officer:
        raise Http404
    return powers


def filter_form(request: HttpRequest, powers: Powers) -> forms.QueueFilter:
    """The filters as asked for in the address."""
    return forms.QueueFilter(request.GET, offices=_offices(powers))


def _offices(powers: Powers) -> list[Office]:
    return selectors.offices_seen(powers, on=timezone.localdate())
