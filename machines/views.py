"""Pages of a company's owner: programs, their tokens, addresses for events, the log of what was sent; own tokens."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import SignedInRequest
from lib.violations import Rejected
from machines import selectors, services
from machines.forms import EndpointForm, ProgramForm, TokenForm
from machines.kinds import Scope
from machines.models import Endpoint, Program
from traders.models import Company

LOG_PAGE = 50


@login_required
@require_GET
def programs(request: SignedInRequest, tin: str) -> HttpResponse:
    """What works for the company without a person, and where its events go."""
    return _page(request, _company(request, tin))


@login_required
@require_POST
def add_program(request: SignedInRequest, tin: str) -> HttpResponse:
    own, form = _company(request, tin), ProgramForm(request.POST)
    if form.is_valid():
        try:
            program, client, secret = services.add_program(
                own, by=request.user, on=timezone.localdate(), at=timezone.now(), **form.cleaned_data
            )
        except Rejected as rejected:
            _show(rejected, form)
        else:
            return _page(request, own, told={"program": program, "client_id": client, "client_secret": secret})
    return _page(request, own, program_form=form)


@login_required
@require_POST
def new_secret(request: SignedInRequest, tin: str, pk: int) -> HttpResponse:
    own = _company(request, tin)
    program = _program(own, pk)
    client, secret = services.new_secret(program, by=request.user, at=timezone.now())
    return _page(request, own, told={"program": program, "client_id": client, "client_secret": secret})


@login_required
@require_POST
def end_program(request: SignedInRequest, tin: str, pk: int) -> HttpResponse:
    own = _company(request, tin)
    services.end_program(_program(own, pk), by=request.user, on=timezone.localdate(), at=timezone.now())
    messages.success(request, _("The program has ended. Its tokens open nothing any more."))
    return redirect("programs", own.tin)


@login_required
def token(request: SignedInRequest, tin: str, pk: int) -> HttpResponse:
    """The tokens of a program, and a new one, which is shown once."""
    own, on, at = _company(request, tin), timezone.localdate(), timezone.now()
    program, made = _program(own, pk), ""
    scopes = services.scopes_of(program, on=on)
    form = TokenForm(request.POST if request.method == "POST" else None, scopes=scopes)
    if form.is_bound and form.is_valid():
        try:
            _kept, made = services.issue_token(program, by=request.user, on=on, at=at, **form.cleaned_data)
        except Rejected as rejected:
            _show(rejected, form)
        else:
            form = TokenForm(scopes=scopes)
    context = {
        "company": own,
        "program": program,
        "tokens": selectors.tokens_of(program, at=at),
        "form": form,
        "made": made,
    }
    return _once(render(request, "machines/tokens.html", context, status=422 if form.errors else 200))


@login_required
@require_POST
def end_token(request: SignedInRequest, tin: str, pk: int, token: int) -> HttpResponse:
    program = _program(_company(request, tin), pk)
    kept = get_object_or_404(selectors.tokens_of(program, at=timezone.now()), pk=token)
    services.end_token(kept, by=request.user, at=timezone.now())
    messages.success(request, _("The token opens nothing any more."))
    return redirect("program_tokens", tin, pk)


@login_required
def own_tokens(request: SignedInRequest) -> HttpResponse:
    """Tokens of a person who works alone: a program of the person's own acts as the person."""
    at, made = timezone.now(), ""
    form = TokenForm(request.POST if request.method == "POST" else None, scopes=list(Scope))
    if form.is_bound and form.is_valid():
        try:
            wanted = form.cleaned_data
            _kept, made = services.issue_own_token(request.user, on=timezone.localdate(), at=at, **wanted)
        except Rejected as rejected:
            _show(rejected, form)
        else:
            form = TokenForm(scopes=list(Scope))
    context = {"tokens": selectors.own_tokens_of(request.user, at=at), "form": form, "made": made}
    return _once(render(request, "machines/own_tokens.html", context, status=422 if form.errors else 200))


@login_required
@require_POST
def end_own_token(request: SignedInRequest, token: int) -> HttpResponse:
    kept = get_object_or_404(selectors.own_tokens_of(request.user, at=timezone.now()), pk=token)
    services.end_token(kept, by=request.user, at=timezone.now())
    messages.success(request, _("The token opens nothing any more."))
    return redirect("own_tokens")


# Webhooks ---------------------------------------------------------------------------------------------------------
@login_required
@require_POST
def add_endpoint(request: SignedInRequest, tin: str) -> HttpResponse:
    own, form = _company(request, tin), EndpointForm(request.POST)
    if form.is_valid():
        try:
            endpoint, secret = services.add_endpoint(own, by=request.user, at=timezone.now(), **form.cleaned_data)
        except Rejected as rejected:
            _show(rejected, form)
        else:
            return _page(request, own, told={"endpoint": endpoint, "signing_secret": secret})
    return _page(request, own, endpoint_form=form)


@login_required
@require_GET
@never_cache
def endpoint(request: SignedInRequest, tin: str, pk: int) -> HttpResponse:
    """What was sent to the address, try by try."""
    own = _company(request, tin)
    found = _endpoint(own, pk)
    log = Paginator(selectors.sendings_of(found), LOG_PAGE).get_page(request.GET.get("page"))
    return render(request, "machines/endpoint.html", {"company": own, "endpoint": found, "log": log})


@login_required
@require_POST
def end_endpoint(request: SignedInRequest, tin: str, pk: int) -> HttpResponse:
    own = _company(request, tin)
    services.end_endpoint(_endpoint(own, pk), by=request.user, at=timezone.now())
    messages.success(request, _("Nothing more is sent to this address."))
    return redirect("programs", own.tin)


@login_required
@require_POST
def send_test(request: SignedInRequest, tin: str, pk: int) -> HttpResponse:
    own = _company(request, tin)
    services.send_test(_endpoint(own, pk), at=timezone.now())
    messages.success(request, _("A test goes to the address within seconds. Look at the log below."))
    return redirect("endpoint", own.tin, pk)


@login_required
@require_POST
def send_again(request: SignedInRequest, tin: str, pk: int, sending: int) -> HttpResponse:
    own = _company(request, tin)
    row = get_object_or_404(selectors.sendings_of(_endpoint(own, pk)), pk=sending)
    services.send_again(row, at=timezone.now())
    messages.success(request, _("The event is sent once more."))
    return redirect("endpoint", own.tin, pk)


# Shared -----------------------------------------------------------------------------------------------------------
def _company(request: SignedInRequest, tin: str) -> Company:
    try:
        return selectors.own_company(request.user, tin, on=timezone.localdate())
    except Company.DoesNotExist as absent:
        raise Http404 from absent


def _program(company: Company, pk: int) -> Program:
    return get_object_or_404(selectors.programs_of(company), pk=pk)


def _endpoint(company: Company, pk: int) -> Endpoint:
    return get_object_or_404(selectors.endpoints_of(company), pk=pk)


def _show(rejected: Rejected, form: forms.Form) -> None:
    for violation in rejected.violations:
        form.add_error(violation.pointer if violation.pointer in form.fields else None, violation.sentence)


def _page(
    request: SignedInRequest,
    company: Company,
    *,
    told: dict[str, Any] | None = None,
    program_form: ProgramForm | None = None,
    endpoint_form: EndpointForm | None = None,
) -> HttpResponse:
    """`told` is shown this once: a secret is in no table and in no address."""
    today: date = timezone.localdate()
    context = {
        "company": company,
        "programs": [
            (each, [scope.value for scope in services.scopes_of(each, on=today)])
            for each in selectors.programs_of(company)
        ],
        "endpoints": selectors.endpoints_of(company),
        "program_form": program_form or ProgramForm(),
        "endpoint_form": endpoint_form or EndpointForm(),
        "told": told or {},
    }
    faulty = any(form is not None and form.errors for form in (program_form, endpoint_form))
    return _once(render(request, "machines/programs.html", context, status=422 if faulty else 200))


def _once(response: HttpResponse) -> HttpResponse:
    """A page that may show a secret is kept nowhere."""
    response["Cache-Control"] = "no-store"
    return response
