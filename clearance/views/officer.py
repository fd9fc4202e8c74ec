"""The officer's file of a declaration: what there is to read, and what its reader may do."""

import uuid
from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.requests import person
from clearance import forms, selectors
from clearance.models import Case, Examination
from clearance.selectors.audits import audits_of_file, audits_of_trader
from clearance.views.gate import case_of
from declarations.selectors import events_of, looks_at, versions_of
from declarations.selectors.checks import may_check_history
from declarations.selectors.levies import levies_of
from declarations.selectors.stock_accounts import stock_drawn_by, stock_opened_by
from payments.selectors import due, hold_shown, is_settled, returned
from risk.selectors import opinions_of, reasons_in_words, score_of
from risk.selectors.profiles import profiles_of
from risk.selectors.values import beside
from tariffs.selectors import service_fees

ITEMS = 20
ANSWER_DAYS = 5


@login_required
@require_GET
def case(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The file of a declaration."""
    return show(request, case_of(request, key))


def show(request: HttpRequest, found: Case, refused: dict[str, forms.VerbForm] | None = None) -> HttpResponse:
    """The file page; `refused` holds the form a verb refused, by the name it has on the page."""
    looked = list(selectors.examinations_of(found))
    context = _reading(request, found, looked) | _acting(request, found, looked) | (refused or {})
    if context["links"]:
        # A trader is never told the criteria, and this reader may be one.
        context |= {"hits": [], "opinions": [], "checks": {}, "values": {}, "profiles": []}
    return render(request, "clearance/case.html", context, status=422 if refused else 200)


def _reading(request: HttpRequest, found: Case, examinations: list[Examination]) -> dict[str, Any]:
    declaration = found.declaration
    document = selectors.document_of(declaration, on=declaration.tax_date or timezone.localdate())
    score = score_of(declaration)
    items = Paginator(document.items, ITEMS).get_page(request.GET.get("page"))
    hits, owed = reasons_in_words(score) if score else [], due(declaration)
    return {
        "case": found,
        "declaration": declaration,
        "document": document,
        "items": items,
        "values": beside(declaration, [(each.item, each.valuation) for each in items]),
        "profiles": list(profiles_of(declaration.trader_id, on=timezone.localdate())),
        "hits": hits,
        "opinions": opinions_of(score),
        "checks": {each.reason.criterion: each for each in selectors.instructions_among(found, hits)},
        "step": selectors.next_step(declaration, found),
        "queries": list(selectors.queries_of(found)),
        "examinations": examinations,
        "events": list(events_of(declaration)),
        "versions": list(versions_of(declaration)),
        "changes": selectors.differences(declaration),
        "record": selectors.record_of(found),
        "audits_of_trader": audits_of_trader(
            found.trader_tin, selectors.powers_of(person(request), on=timezone.localdate())
        ),
        "due": owed,
        "settled": is_settled(declaration, owed=owed),
        "returned": returned(declaration),
        "opened": stock_opened_by(declaration, to=person(request), on=timezone.localdate()),
        "drawn": stock_drawn_by(declaration, to=person(request), on=timezone.localdate()),
        "looks": looks_at(document.scans) if may_check_history(person(request), on=timezone.localdate()) else [],
        "now": timezone.now(),
    }


def _acting(request: HttpRequest, found: Case, examinations: list[Examination]) -> dict[str, Any]:
    today = timezone.localdate()
    powers = selectors.powers_of(person(request), on=today)
    links = selectors.links_to(person(request), found)
    is_open = found.closed_at is None
    holds = is_open and powers.may_act(found) and found.claimed_by == request.user
    audits = not links and selectors.may_audit(found, powers)
    of_file = audits_of_file(found.mrn)
    in_hand = any(each.is_in_hand for each in of_file)
    asked, lanes = selectors.open_reroute(found) if is_open else None, powers.lanes(found.office_code)
    open_findings = selectors.unsettled(found.mrn)
    mine = [each for each in examinations if _is_mine(each, found, request, holds=holds)]
    return {
        "choice": selectors.choice_of(person(request)),
        "powers": powers,
        "facts": forms.FactsForm(prefix="facts", initial=_facts(mine[0]) if mine else None),
        "records_results": bool(lanes) and not links,
        "links": links,
        "may_claim": is_open and not links and powers.may_act(found) and found.claimed_by is None,
        "may_give_back": holds,
        "holds": holds and not links,
        "may_supervise": is_open and not links and powers.may_supervise(found),
        "audits": audits and not in_hand,
        "audits_of_file": of_file,
        "may_choose": audits and not in_hand and powers.may_supervise(found),
        "choosing": forms.ReasonForm(prefix="choose"),
        "mine": mine,
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
        "finding": forms.CountedForm(prefix="finding", items=found.item_count, initial={"key": uuid.uuid4()}),
        "checking": None,
        "differences": forms.DIFFERS,
        "sampling": forms.SampleForm(prefix="sample", initial={"key": uuid.uuid4(), "item_number": 1}),
        "presence": forms.PresenceForm(prefix="presence", initial={"key": uuid.uuid4()}),
        "photo": forms.PhotoForm(prefix="photo", initial={"key": uuid.uuid4()}),
        "resulting": forms.SampleResultForm(prefix="result"),
        "finishing": forms.FinishForm(prefix="finish"),
        "releasing": forms.ReleaseForm(prefix="release"),
        "rejecting": forms.ReasonForm(prefix="reject"),
        "rerouted": selectors.was_rerouted_by(person(request), found),
        "asked_lane": asked,
        "may_agree": asked is not None and asked.asked_by != request.user and asked.lane_from in lanes and not links,
        "agreeing": forms.NothingForm(),
        "staying": forms.ReasonForm(prefix="stays"),
        "rerouting": forms.RerouteForm(prefix="reroute"),
        "allotting": forms.AllotForm(prefix="allot", officers=selectors.officers_for(found, on=today)),
    }


def _facts(each: Examination) -> dict[str, str]:
    return {name: getattr(each, name) for name in ("place", "containers", "seals", "seals_put")}


def _is_mine(each: Examination, found: Case, request: HttpRequest, *, holds: bool) -> bool:
    """Whether the reader goes on with this examination: of a file that is held, or an audit that the reader began."""
    if each.finished_at is not None:
        return False
    return each.officer_id == request.user.pk if each.kind == Examination.Kind.AUDIT else holds
