"""One declaration by several means: shares of own accounts at once, the rest at the bank or later."""

import uuid
from collections.abc import Sequence
from decimal import Decimal

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.requests import person
from declarations.models import Declaration, Status
from declarations.selectors import declaration_for
from lib.figures import ZERO
from lib.violations import Rejected, Violation
from payments import selectors, services
from payments.forms import SplitForm
from payments.models import Account
from payments.views.accounts import to_the_bank
from tariffs.selectors import national_currency
from traders.models import Company


@login_required
@require_http_methods(["GET", "POST"])
def split(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Ask how much each account gives; a post takes it, and leads on to the bank for the rest if that is wanted."""
    user, on = person(request), timezone.localdate()
    try:
        declaration = declaration_for(user, key, on=on)
    except Declaration.DoesNotExist as error:
        raise Http404 from error
    payers = selectors.payers_of(user, declaration, on=on)
    if not payers or declaration.status == Status.DRAFT:
        raise Http404
    due = selectors.due(declaration) if selectors.is_payable(declaration) else ZERO
    if due <= 0 and request.method == "GET":
        return redirect("pay", key=key)
    company = next((each for each in payers if str(each.pk) == request.GET.get("company")), payers[0])
    accounts = _accounts(company)
    form = SplitForm(request.POST or None, accounts=accounts, currency=national_currency())
    violations: list[Violation] = []
    if request.method == "POST" and form.is_valid():
        try:
            return _do(form, declaration, company, user, request)
        except Rejected as refused:
            violations = refused.violations
    context = {
        "declaration": declaration, "due": due, "form": form, "violations": violations, "company": company,
        "others": [each for each in payers if each != company],
        "free": {account.pk: services.usable(account) for account in accounts},
    }  # fmt: skip
    return render(request, "payments/split.html", context, status=422 if request.method == "POST" else 200)


def _do(form: SplitForm, declaration: Declaration, company: Company, user: User, request: HttpRequest) -> HttpResponse:
    """Take the shares, then begin what goes over the bank. Raises Rejected."""
    once, now = f"split:{user.pk}:{declaration.pk}:{form.cleaned_data['key']}", timezone.now()
    paid = services.pay_split(declaration, shares=form.shares, by=user, at=now, idempotency_key=once)
    rest: Decimal = max(selectors.due(paid), ZERO)
    if not rest:
        messages.success(request, _("Paid. The receipt is ready below."))
        return redirect("pay", key=declaration.public_id)
    if form.cleaned_data["rest"] == "bank":
        attempt = services.start_bank_payment(
            company=company, declaration=paid, amount=rest, by=user, at=now, idempotency_key=f"{once}:rest"
        )
        return to_the_bank(attempt)
    messages.success(request, _("The part is booked. The rest is still due: pay it here whenever you want."))
    return redirect("pay", key=declaration.public_id)


def _accounts(company: Company) -> Sequence[Account]:
    """The company's accounts that could give something now; a deferred one that is blocked gives nothing."""
    on = timezone.localdate()
    found = [selectors.account_of(company, kind) for kind in Account.OF_CUSTOMERS]
    giving = [account for account in found if account is not None and services.usable(account) > 0]
    return [account for account in giving if selectors.overdue_statement(account, on=on) is None]
