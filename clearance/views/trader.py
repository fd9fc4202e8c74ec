"""The trader's pages: the desk, the list of declarations, and the file of a lodged one."""

import uuid
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Role
from accounts.requests import person
from accounts.selectors import roles_of
from clearance import selectors, services
from clearance.forms import AnswerForm, ReasonForm, VerbForm
from clearance.models import Case, Query, WaitsFor
from clearance.selectors.audits import closed_audits, notices_for, open_audit_question
from clearance.views.gate import declaration_of, prepared_declaration_of
from declarations.models import Declaration, IssuedPaper, Status
from declarations.selectors import events_of, may_prepare, versions_of
from declarations.selectors.levies import levies_of
from declarations.selectors.stock_accounts import stock_drawn_by, stock_opened_by
from declarations.services import may_be_amended, may_be_cancelled
from lib.languages import chosen_language
from lib.pictures import first_bytes
from lib.violations import Rejected
from payments.selectors import (
    due,
    hold_shown,
    is_payable,
    may_pay,
    payments_of,
    refunds_of,
    returned,
    settling_if_ended,
)
from risk.selectors.profiles import operators

RECENT = timedelta(days=30)
ITEMS = 20


@login_required
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """What needs the trader first; an officer is sent to the officer's own desk."""
    user, today = person(request), timezone.localdate()
    roles = roles_of(user, on=today)
    if roles:
        return redirect(_desk_of_officer(roles))
    found = selectors.desk_of(user, on=today, since=today - RECENT)
    visits = notices_for(user, on=today).filter(ended_at=None)[: selectors.SHOWN]
    context = {"desk": found, "today": today, "operators": operators(found.companies, on=today), "visits": visits}
    return render(request, "clearance/desk.html", context)


def _desk_of_officer(roles: set[str]) -> str:
    if roles & {Role.DOCUMENTARY, Role.EXAMINING, Role.SUPERVISOR, Role.AUDITOR}:
        return "queue"
    if Role.DIRECTOR in roles:
        return "figures"
    if Role.SECURITY in roles:
        return "integrity"
    return "criteria" if Role.ANALYST in roles else "home"


@login_required
@require_GET
def declaration(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The file of a lodged declaration; a draft goes to its form, an officer to the officer's view of it.

    An officer who is linked to the file as a trader reads it as traders do.
    """
    found, user, today = declaration_of(request, key), person(request), timezone.localdate()
    if found.status == Status.DRAFT and found.amends_id is not None:
        return redirect("correction", key=key)
    if found.status == Status.DRAFT and may_prepare(user, found, on=today):
        return redirect("declaration_edit", key=key)
    case = selectors.case_of(found)
    as_officer = case is not None and selectors.powers_of(user, on=today).sees(case.office_code)
    if case is not None and as_officer and not selectors.is_linked(user, case):
        return redirect("case", key=key)
    return show(request, found)


def show(
    request: HttpRequest,
    found: Declaration,
    *,
    answering: VerbForm | None = None,
    cancelling: VerbForm | None = None,
    amending: VerbForm | None = None,
    contesting: tuple[int, VerbForm] | None = None,
) -> HttpResponse:
    """The file page, with a form that was refused if there is one."""
    user, today = person(request), timezone.localdate()
    case = selectors.case_of(found)
    document = selectors.document_of(found, on=found.tax_date or today)
    refused = (answering, cancelling, amending, contesting and contesting[1])
    wrong = any(form.errors for form in refused if form)
    owed, pays = due(found), may_pay(user, found, on=today)
    context: dict[str, Any] = {
        "declaration": found,
        "step": selectors.next_step(found, case),
        "case": case,
        "document": document,
        "items": Paginator(document.items, ITEMS).get_page(request.GET.get("page")),
        "queries": list(selectors.queries_of(case)) if case else [],
        "open_query": _open_query(found, case),
        "closed_audits": closed_audits(found.mrn),
        "events": selectors.shown_to_trader(events_of(found)),
        "versions": list(versions_of(found)),
        "payments": list(payments_of(found)),
        "returned": returned(found),
        "refunds": refunds_of(found, user, on=today, owed=owed),
        "due": owed,
        "may_pay": pays and is_payable(found, owed=owed),
        "may_prepare": may_prepare(user, found, on=today),
        "may_cancel": may_be_cancelled(found),
        "may_amend": may_be_amended(found),
        "if_cancelled": settling_if_ended(found) if may_be_cancelled(found) else None,
        "corrections": selectors.corrections_of(found, user, on=today),
        "fines": selectors.fines_of(found),
        "levies": levies_of(found),
        "hold": hold_shown(found, on=today),
        "guarantee_seen": pays,
        "amending": amending,
        "contesting": contesting and contesting[1],
        "contested": contesting and contesting[0],
        "grounds": ReasonForm(prefix="contest"),
        "answering": answering or AnswerForm(prefix="answer"),
        "cancelling": cancelling or ReasonForm(prefix="cancel"),
        "note": selectors.note_of(found),
        "exit_note": selectors.note_of(found, IssuedPaper.Kind.EXIT_NOTE),
        "opened": stock_opened_by(found, to=user, on=today),
        "drawn": stock_drawn_by(found, to=user, on=today),
    }
    return render(request, "clearance/declaration.html", context, status=422 if wrong else 200)


def _open_query(found: Declaration, case: Case | None) -> Query | None:
    """The question that waits for the trader: of the file before release, else of an audit after it."""
    if case is not None and case.waits_for == WaitsFor.ANSWER:
        return selectors.open_query(case)
    return open_audit_question(found.mrn)


@login_required
@require_GET
def note(request: HttpRequest, key: uuid.UUID, kind: str) -> FileResponse:
    """The release note or exit note as PDF; `?language=` of any the site has, else the reader's own."""
    issued = selectors.note_of(declaration_of(request, key), kind)
    if issued is None:
        raise Http404
    paper = issued.file_in(chosen_language(request.GET.get("language")))
    answer = FileResponse(paper.file.open("rb"), content_type="application/pdf", filename=paper.name)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@login_required
@require_POST
def answer(request: HttpRequest, key: uuid.UUID, query: int) -> HttpResponse:
    """Answer an officer's question, with papers."""
    found = prepared_declaration_of(request, key)
    asked = next((each for each in _queries(found) if each.pk == query), None)
    if asked is None:
        raise Http404
    form = AnswerForm(request.POST, request.FILES, prefix="answer")
    if form.is_valid():
        files = [(upload.name or "", first_bytes(upload)) for upload in form.cleaned_data["papers"]]
        try:
            text = form.cleaned_data["text"]
            services.answer(asked, text=text, files=files, by=person(request), at=timezone.now())
        except Rejected as error:
            form.take(error)
        else:
            messages.success(request, _("Your answer is with customs."))
            return redirect("declaration", key=key)
    return show(request, found, answering=form)


def _queries(found: Declaration) -> list[Any]:
    case = selectors.case_of(found)
    return list(selectors.queries_of(case)) if case else []


@login_required
@require_POST
def cancel(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Withdraw a declaration before release."""
    found = prepared_declaration_of(request, key)
    form = ReasonForm(request.POST, prefix="cancel")
    if form.is_valid():
        try:
            services.cancel(found, reason=form.cleaned_data["reason"], by=person(request), at=timezone.now())
        except Rejected as error:
            form.take(error)
        else:
            messages.success(request, _("The declaration is cancelled."))
            return redirect("declaration", key=key)
    return show(request, found, cancelling=form)
