"""A statement of deferred payment: its page, its paper, and paying it from the prepaid account or at the bank."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.requests import person
from declarations.models import IssuedPaper
from lib.languages import chosen_language
from lib.violations import Rejected, Violation, refuse
from payments import selectors, services
from payments.forms import KeyedForm
from payments.models import Account, DeferredStatement
from payments.statement import transfer_of
from payments.views.accounts import to_the_bank

SHOWN = 200


@login_required
@require_http_methods(["GET", "POST"])
def deferred_statement(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """What is to be paid and why; a post pays it by `means`: from the prepaid account, or at the bank."""
    statement = _statement(request, key)
    violations: list[Violation] = []
    if request.method == "POST":
        try:
            return _pay(request, statement)
        except Rejected as refused:
            violations = refused.violations
    assert statement.account.company is not None, "Statements are of customers."
    to_pay = selectors.still_open(statement)
    postings = selectors.postings_stated(statement)
    context = {
        "statement": statement,
        "account": statement.account,
        "open": to_pay,
        "overdue": to_pay > 0 and statement.due_on < timezone.localdate(),
        "postings": postings[:SHOWN],
        "count": postings.count(),
        "prepaid": selectors.account_of(statement.account.company, Account.Kind.PREPAID),
        "transfer": transfer_of(statement) if to_pay else None,
        "paper": selectors.paper_of_books(IssuedPaper.Kind.DEFERRED, statement.number),
        "form": KeyedForm(),
        "violations": violations,
    }
    return render(request, "payments/deferred_statement.html", context, status=422 if violations else 200)


def _pay(request: HttpRequest, statement: DeferredStatement) -> HttpResponse:
    """Raises Rejected."""
    form, user, now = KeyedForm(request.POST), person(request), timezone.now()
    means = request.POST.get("means")
    if not form.is_valid() or means not in ("prepaid", "bank"):
        raise refuse("P002", "means", _("Choose how to pay."))
    once = f"deferred:{user.pk}:{statement.pk}:{form.cleaned_data['key']}"
    if means == "bank":
        return to_the_bank(services.start_bank_payment_of_statement(statement, by=user, at=now, idempotency_key=once))
    services.pay_statement(statement, by=user, at=now, idempotency_key=once)
    messages.success(request, _("The statement is paid."))
    return redirect("deferred_statement", key=statement.public_id)


@login_required
@require_GET
def deferred_statement_paper(request: HttpRequest, key: uuid.UUID) -> HttpResponseBase:
    """The statement as PDF; `?language=` of any the site has."""
    return issued_paper(request, IssuedPaper.Kind.DEFERRED, _statement(request, key).number)


def issued_paper(request: HttpRequest, kind: IssuedPaper.Kind, number: str) -> FileResponse:
    """The signed file of a paper about books. Raises Http404 where the worker has not made it yet."""
    paper = selectors.paper_of_books(kind, number)
    if paper is None:
        raise Http404
    language = chosen_language(request.GET.get("language"))
    content = paper.files.get(language=language).file.open("rb")
    answer = FileResponse(content, content_type="application/pdf", filename=f"{kind}-{number}-{language}.pdf")
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _statement(request: HttpRequest, key: uuid.UUID) -> DeferredStatement:
    try:
        return selectors.deferred_statement_for(person(request), key, on=timezone.localdate())
    except DeferredStatement.DoesNotExist as error:
        raise Http404 from error
