"""Guarantees in the browser: the list, each with what holds it, and the treasury's verbs on them."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.requests import person
from declarations.models import Declaration
from declarations.selectors import declaration_for
from lib.figures import plain
from lib.spelling import searched
from lib.table_answers import table_answer
from lib.uploads import read_upload
from lib.violations import Conflict, Rejected, Violation, refuse
from payments import selectors, services
from payments.forms import GuaranteeFilter, GuaranteeForm, GuaranteePaperForm, TermsForm
from payments.models import Guarantee, GuaranteePaper, GuaranteeTerms, Reservation
from payments.views.desk_tables import MOST_IN_WORKBOOK
from tariffs.selectors import national_currency

_A_PAGE = 25
_AT_ONCE = 500


# Reading ------------------------------------------------------------------------------------------------------
@login_required
@require_GET
def guarantees(request: HttpRequest) -> HttpResponse:
    """Those the reader sees: the treasury all of them, a company its own."""
    powers = _reader_or_404(request)
    form, rows = _listed(request)
    page = Paginator(rows, _A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "powers": powers,
        "today": timezone.localdate(),
        "soon": timezone.localdate() + selectors.ENDING_WITHIN,
        "filtered": any(request.GET.get(name) for name in form.fields),
        "query": request.GET.urlencode(),
    }
    return render(request, "payments/guarantees.html", context)


@login_required
@require_GET
def guarantees_table(request: HttpRequest, kind: str) -> HttpResponseBase:
    """What the list shows, as CSV or XLSX."""
    _reader_or_404(request)
    _form, rows = _listed(request)
    return table_answer(_rows(rows.iterator(chunk_size=_AT_ONCE)), name="guarantees", kind=kind)


def _listed(request: HttpRequest) -> tuple[GuaranteeFilter, Any]:
    form = GuaranteeFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    rows = selectors.guarantees_list(
        person(request),
        search=wanted.get("search", ""),
        state=wanted.get("state", ""),
        on=timezone.localdate(),
    )
    return form, rows


def _rows(found: Iterator[Guarantee]) -> Iterator[Sequence[object]]:
    yield (
        "tin", "company", "form", "scope", "guarantor", "reference", "mrn", "valid_from", "valid_to", "limit",
        "balance", "held", "available",
    )  # fmt: skip
    for row in found:
        account, company = row.account, row.account.company
        yield (
            company.tin if company else "", company.name if company else "", row.form, row.scope, row.guarantor,
            row.reference, row.mrn, row.valid_from, row.valid_to or "", plain(account.limit, least=2),
            plain(account.balance, least=2), plain(account.reserved, least=2), plain(account.available, least=2),
        )  # fmt: skip


@login_required
@require_GET
def guarantee_holds(request: HttpRequest, key: uuid.UUID, kind: str) -> HttpResponseBase:
    """What holds a guarantee since when and until when, as CSV or XLSX."""
    held = selectors.holds_of(guarantee_or_404(request, key))
    return table_answer(_holds(held[:MOST_IN_WORKBOOK]), name="holds", kind=kind)


def _holds(held: Iterable[Reservation]) -> Iterator[Sequence[object]]:
    yield "mrn", "amount", "since", "due", "overdue", "freed", "called"
    for row in selectors.explained(held, on=timezone.localdate()):
        yield (
            row.reservation.mrn, plain(row.reservation.amount, least=2),
            timezone.localtime(row.since).date() if row.since else "", row.due or "", row.overdue,
            plain(row.freed, least=2), plain(row.called, least=2),
        )  # fmt: skip


@login_required
@require_GET
def guarantee(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """One guarantee: its terms, what it holds since when and until when, what was called of it."""
    return _show(request, guarantee_or_404(request, key))


def _show(
    request: HttpRequest,
    found: Guarantee,
    *,
    violations: list[Violation] | None = None,
    terms: TermsForm | None = None,
    status: int = 200,
) -> HttpResponse:
    user, on = person(request), timezone.localdate()
    powers = selectors.treasury_powers(user, on=on)
    page = Paginator(selectors.holds_of(found), _A_PAGE).get_page(request.GET.get("page"))
    all_terms = list(selectors.terms_of(found))
    context = {
        "guarantee": found,
        "account": found.account,
        "powers": powers,
        "page": page,
        "holds": selectors.explained(page.object_list, on=on),
        "ended": selectors.ended_holds_of(found)[:_A_PAGE],
        "terms": all_terms,
        "proposed": next((each for each in all_terms if each.status == GuaranteeTerms.Status.PROPOSED), None),
        "papers": found.papers.all(),
        "terms_form": terms or TermsForm(currency=national_currency()),
        "paper_form": GuaranteePaperForm(),
        "violations": violations or [],
        "today": on,
        "soon": on + selectors.ENDING_WITHIN,
        "in_force": selectors.in_force(found, on=on),
    }
    return render(request, "payments/guarantee.html", context, status=status)


@login_required
@require_GET
def guarantee_paper(request: HttpRequest, key: uuid.UUID, paper: uuid.UUID) -> FileResponse:
    """A scan as it was sent."""
    try:
        found = selectors.paper_of_guarantee(guarantee_or_404(request, key), paper)
    except GuaranteePaper.DoesNotExist as missing:
        raise Http404 from missing
    answer = FileResponse(found.file.open("rb"), content_type=found.content_type, filename=found.name)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


# The treasury acts --------------------------------------------------------------------------------------------
@login_required
@require_http_methods(["GET", "POST"])
def enter_guarantee(request: HttpRequest) -> HttpResponse:
    """Enter a guarantor's undertaking; a second officer agrees to its terms."""
    _acting_or_refuse(request)
    form = GuaranteeForm(request.POST or None, request.FILES or None, currency=national_currency())
    violations: list[Violation] = []
    if request.method == "POST" and form.is_valid():
        try:
            made = _enter(request, form)
        except Rejected as refused:
            violations = refused.violations
        else:
            messages.success(request, _("Entered. It counts when another officer has agreed to its terms."))
            return redirect("guarantee", key=made.public_id)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "violations": violations}
    return render(request, "payments/guarantee_new.html", context, status=status)


def _enter(request: HttpRequest, form: GuaranteeForm) -> Guarantee:
    told = dict(form.cleaned_data)
    company = selectors.company_by_tin(searched(told.pop("tin")))
    if company is None:
        raise refuse("B024", "tin", _("There is no confirmed company with this TIN."))
    paper: Any = told.pop("paper", None)
    told["mrn"] = searched(told["mrn"])
    scan = (paper.name or "", read_upload(paper, pointer="paper")) if paper else None
    undertaking = services.Undertaking(company=company, **told)
    return services.enter_guarantee(undertaking, paper=scan, by=person(request), at=timezone.now())


@login_required
@require_POST
def propose_terms(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Another limit or last day, for a second officer to decide on."""
    _acting_or_refuse(request)
    found = guarantee_or_404(request, key)
    form = TermsForm(request.POST, currency=national_currency())
    if not form.is_valid():
        return _show(request, found, terms=form, status=422)
    try:
        services.propose_terms(found, **form.cleaned_data, by=person(request), at=timezone.now())
    except Rejected as refused:
        return _show(request, found, violations=refused.violations, terms=form, status=422)
    messages.success(request, _("Proposed. Another officer has to agree."))
    return redirect("guarantee", key=key)


@login_required
@require_POST
def decide_terms(request: HttpRequest, key: uuid.UUID, pk: int, verb: str) -> HttpResponse:
    """A second officer agrees to the terms or refuses them."""
    _acting_or_refuse(request)
    found = guarantee_or_404(request, key)
    try:
        terms = selectors.terms_by_key(found, pk)
        if verb == "agree":
            services.agree_terms(terms, by=person(request), at=timezone.now())
        elif verb == "refuse":
            services.refuse_terms(terms, reason=request.POST.get("reason", ""), by=person(request), at=timezone.now())
        else:
            raise Http404
    except GuaranteeTerms.DoesNotExist as missing:
        raise Http404 from missing
    except Rejected as refused:
        status = 409 if isinstance(refused, Conflict) else 422
        return _show(request, guarantee_or_404(request, key), violations=refused.violations, status=status)
    messages.success(request, _("Your decision is recorded."))
    return redirect("guarantee", key=key)


@login_required
@require_POST
def add_paper(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Attach a scan."""
    _acting_or_refuse(request)
    found, form = guarantee_or_404(request, key), GuaranteePaperForm(request.POST, request.FILES)
    if not form.is_valid():
        return redirect("guarantee", key=key)
    upload: Any = form.cleaned_data["file"]
    try:
        services.add_guarantee_paper(
            found, name=upload.name or "", content=read_upload(upload), by=person(request), at=timezone.now()
        )
    except Rejected as refused:
        return _show(request, found, violations=refused.violations, status=422)
    return redirect("guarantee", key=key)


@login_required
@require_POST
def call_guarantee(request: HttpRequest, key: uuid.UUID, mrn: str) -> HttpResponse:
    """Call the duty on what a declaration under this guarantee has overdue."""
    _acting_or_refuse(request)
    found = guarantee_or_404(request, key)
    held = selectors.holds_of(found).filter(mrn=mrn).first()
    if held is None:
        raise Http404
    try:
        text = request.POST.get("text", "").strip()
        if not text:
            raise refuse("P026", "text", _("Give the reason: the trader reads it."))
        services.call_overdue(held.declaration_id, text=text, by=person(request), at=timezone.now())
    except Rejected as refused:
        return _show(request, found, violations=refused.violations, status=422)
    messages.success(request, _("Called. The duty is charged, and the guarantee has paid it."))
    return redirect("guarantee", key=key)


# The company acts ---------------------------------------------------------------------------------------------
@login_required
@require_POST
def hold_elsewhere(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Put what is held for a declaration under another guarantee of the company."""
    user, on = person(request), timezone.localdate()
    try:
        declaration = declaration_for(user, key, on=on)
        chosen = selectors.guarantee_by_key(user, uuid.UUID(request.POST.get("guarantee", "")), on=on)
    except (Declaration.DoesNotExist, Guarantee.DoesNotExist, ValueError) as missing:
        raise Http404 from missing
    if not selectors.may_pay(user, declaration, on=on):
        raise Http404
    try:
        services.hold_elsewhere(declaration, chosen, by=user, at=timezone.now())
        messages.success(request, _("The charges are secured by the other guarantee now."))
    except Rejected as refused:
        for fault in refused.violations:
            messages.error(request, str(fault.sentence))
    return redirect("pay", key=key)


# The gate -----------------------------------------------------------------------------------------------------
def guarantee_or_404(request: HttpRequest, key: uuid.UUID) -> Guarantee:
    """One that the reader sees. Raises Http404."""
    try:
        return selectors.guarantee_by_key(person(request), key, on=timezone.localdate())
    except Guarantee.DoesNotExist as missing:
        raise Http404 from missing


def _reader_or_404(request: HttpRequest) -> selectors.TreasuryPowers:
    """Raises Http404 for who neither keeps guarantees nor pays for a company."""
    user, on = person(request), timezone.localdate()
    powers = selectors.treasury_powers(user, on=on)
    if not powers.reads and not selectors.paying_companies(user, on=on).exists():
        raise Http404
    return powers


def _acting_or_refuse(request: HttpRequest) -> None:
    """Raises Http404 for who is not of the treasury's desk, PermissionDenied for who only reads there."""
    powers = selectors.treasury_powers(person(request), on=timezone.localdate())
    if not powers.reads:
        raise Http404
    if not powers.acts:
        raise PermissionDenied
