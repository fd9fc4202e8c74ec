"""Accounts: overview, statement, top-up, moves between own accounts, receipts."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.requests import person
from lib.bank_transfer import transfer_for
from lib.creditor_reference import COMPANY
from lib.languages import chosen_language
from lib.violations import Rejected
from payments import selectors, services
from payments.forms import FindForm, MoveForm, PeriodForm, TopUpForm
from payments.models import Account, Attempt, Payment
from payments.views.statements import this_month
from tariffs.selectors import national_currency

_A_PAGE, _SHOWN_DUE = 25, 8


@login_required
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Balances of every company the reader may pay for, and their payments."""
    user, now = person(request), timezone.now()
    companies = list(selectors.paying_companies(user, on=timezone.localdate()))
    if not companies:
        raise Http404
    accounts = list(selectors.accounts_for(user, on=timezone.localdate()))
    for company in companies:
        if company.pk not in {account.company_id for account in accounts}:
            accounts += services.open_accounts(company, at=now)
    by_company = [(company, [row for row in accounts if row.company_id == company.pk]) for company in companies]
    payments = Paginator(selectors.payments_for(user, on=timezone.localdate()), _A_PAGE)
    context = {
        "companies": by_company,
        "page": payments.get_page(request.GET.get("page")),
        "form": FindForm(),
        "open_attempts": selectors.open_attempts_of(companies)[:10],
        "due": selectors.due_for(user, on=timezone.localdate(), most=_SHOWN_DUE + 1),
        "most": _SHOWN_DUE,
        "stated": [row for row in selectors.deferred_statements_of(companies) if row.open],
        "today": timezone.localdate(),
    }
    return render(request, "payments/overview.html", context)


@login_required
@require_GET
def statement(request: HttpRequest, pk: int) -> HttpResponse:
    """The postings of one account with the balance after each."""
    try:
        account = selectors.account_for(person(request), pk, on=timezone.localdate())
    except Account.DoesNotExist as error:
        raise Http404 from error
    page = Paginator(selectors.statement(account), _A_PAGE).get_page(request.GET.get("page"))
    is_prepaid = account.kind == Account.Kind.PREPAID and account.company is not None
    context = {
        "account": account,
        "page": page,
        "form": PeriodForm(initial=this_month(timezone.localdate())),
        "transfer": transfer_for(COMPANY, account.company.tin) if is_prepaid and account.company else None,
        "holds": selectors.held_on([account])[:_A_PAGE],
        "statements": selectors.deferred_statements_on(account)[:_A_PAGE],
    }
    return render(request, "payments/statement.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def top_up(request: HttpRequest) -> HttpResponse:
    """Put money on the prepaid account through the bank's page."""
    user = person(request)
    companies = selectors.paying_companies(user, on=timezone.localdate())
    if not companies:
        raise Http404
    currency = national_currency()
    form = TopUpForm(request.POST or None, companies=companies, currency=currency)
    violations = []
    if request.method == "POST" and form.is_valid():
        try:
            attempt = services.start_bank_payment(
                company=form.cleaned_data["company"],
                amount=form.cleaned_data["amount"],
                by=user,
                at=timezone.now(),
                idempotency_key=f"top-up:{user.pk}:{form.cleaned_data['key']}",
            )
            return to_the_bank(attempt)
        except Rejected as refused:
            violations = refused.violations
            form = TopUpForm(initial={**form.cleaned_data, "key": uuid.uuid4()}, companies=companies, currency=currency)
    status = 422 if request.method == "POST" else 200
    return render(request, "payments/top_up.html", {"form": form, "violations": violations}, status=status)


def to_the_bank(attempt: Attempt) -> HttpResponse:
    """On to the bank's page; an attempt that has ended already shows its end."""
    if attempt.status == Attempt.Status.PENDING:
        return HttpResponseRedirect(attempt.redirect_url)
    return redirect("payment_return", key=attempt.public_id)


@login_required
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest) -> HttpResponse:
    """Move money from the prepaid account to another account of the same company."""
    user = person(request)
    companies = selectors.paying_companies(user, on=timezone.localdate())
    if not companies:
        raise Http404
    currency = national_currency()
    form = MoveForm(request.POST or None, initial=request.GET.dict(), companies=companies, currency=currency)
    violations = []
    if request.method == "POST" and form.is_valid():
        try:
            services.move(
                form.cleaned_data["company"],
                source=Account.Kind.PREPAID,
                target=form.cleaned_data["target"],
                amount=form.cleaned_data["amount"],
                by=user,
                at=timezone.now(),
                idempotency_key=f"move:{user.pk}:{form.cleaned_data['key']}",
            )
            messages.success(request, _("The money was moved."))
            return redirect("payments")
        except Rejected as refused:
            violations = refused.violations
    status = 422 if request.method == "POST" else 200
    return render(request, "payments/move.html", {"form": form, "violations": violations}, status=status)


@login_required
@require_GET
def receipt(request: HttpRequest, key: uuid.UUID) -> FileResponse:
    """The receipt of a payment as PDF, made when it is first asked for; `?language=` of any the site has."""
    try:
        payment = selectors.payment_for(person(request), key, on=timezone.localdate())
    except Payment.DoesNotExist as error:
        raise Http404 from error
    issued = services.issue_receipt(payment, at=timezone.now())
    paper = issued.file_in(chosen_language(request.GET.get("language")))
    answer = FileResponse(paper.file.open("rb"), content_type="application/pdf", filename=paper.name)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
