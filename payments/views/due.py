"""Everything that is due for a reader: chosen or all of it is paid in one click, from an account or at the bank."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.requests import person
from declarations.models import Declaration
from lib.figures import ZERO
from lib.violations import Rejected, Violation, refuse
from payments import selectors, services
from payments.forms import DueForm
from payments.models import Account, Attempt
from payments.views.accounts import to_the_bank
from traders.models import Company

SHOWN = services.MOST_AT_ONCE


@dataclass(frozen=True, slots=True)
class Way:
    """A way to pay that the page offers: from an account, or for a company at the bank."""

    value: str
    company: Company
    account: Account | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """What is due and the ways to pay it. `more`: not everything stands here."""

    rows: list[selectors.Due]
    ways: list[Way]

    @property
    def total(self) -> Decimal:
        return sum((row.amount for row in self.rows), ZERO)

    @property
    def more(self) -> bool:
        return len(self.rows) >= SHOWN


@login_required
@require_http_methods(["GET", "POST"])
def due(request: HttpRequest) -> HttpResponse:
    """Show what is due; a post pays what was chosen and says what became of each."""
    user, on = person(request), timezone.localdate()
    companies = list(selectors.paying_companies(user, on=on))
    if not companies:
        raise Http404
    page = Page(selectors.due_for(user, on=on, most=SHOWN), _ways(companies))
    violations: list[Violation] = []
    if request.method == "POST":
        try:
            return _pay(request, page, user, on=on)
        except Rejected as refused:
            violations = refused.violations
    context = {"page": page, "form": DueForm(), "violations": violations, "chosen": request.POST.getlist("chosen")}
    return render(request, "payments/due.html", context, status=422 if violations else 200)


def _pay(request: HttpRequest, page: Page, user: User, *, on: date) -> HttpResponse:
    """Pay what was chosen. Raises Rejected."""
    form = DueForm(request.POST)
    way = next((each for each in page.ways if each.value == request.POST.get("means")), None)
    if not form.is_valid() or way is None:
        raise refuse("P002", "means", _("Choose how to pay."))
    key = f"due:{user.pk}:{form.cleaned_data['key']}"
    whole = form.cleaned_data["which"] == "all"
    chosen = [row.declaration for row in page.rows] if whole else _chosen(request, user, on=on)
    if way.account is not None:
        done = services.pay_many(chosen, account=way.account, by=user, at=timezone.now(), idempotency_key=key)
        return _told(request, done)
    attempt, left_out = services.start_bank_payment_of_many(
        chosen, company=way.company, by=user, at=timezone.now(), idempotency_key=key
    )
    if attempt is not None and not left_out:
        return to_the_bank(attempt)
    return _told(request, left_out, attempt=attempt)


def _told(request: HttpRequest, done: Sequence[services.Done], *, attempt: Attempt | None = None) -> HttpResponse:
    refused = [each for each in done if each.violations]
    context = {"paid": [each for each in done if not each.violations], "refused": refused, "attempt": attempt}
    return render(request, "payments/paid_many.html", context)


def _chosen(request: HttpRequest, user: User, *, on: date) -> list[Declaration]:
    """The declarations that were ticked and that the reader may pay, whatever has become of them meanwhile."""
    keys = []
    for written in request.POST.getlist("chosen")[: SHOWN + 1]:
        try:
            keys.append(uuid.UUID(written))
        except ValueError as error:
            raise Http404 from error
    return selectors.payable_by(user, keys, on=on)


def _ways(companies: Sequence[Company]) -> list[Way]:
    ways: list[Way] = []
    for company in companies:
        for kind in (Account.Kind.PREPAID, Account.Kind.DEFERRED):
            account = selectors.account_of(company, kind)
            if account is not None and (kind == Account.Kind.PREPAID or _gives_credit(account)):
                ways.append(Way(f"account:{account.pk}", company, account))
        ways.append(Way(f"bank:{company.pk}", company))
    return ways


def _gives_credit(account: Account) -> bool:
    """Whether the deferred account has a limit and no statement that is overdue."""
    return bool(account.limit) and selectors.overdue_statement(account, on=timezone.localdate()) is None
