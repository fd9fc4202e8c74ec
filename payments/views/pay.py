"""Paying a declaration: what is due, tax by tax, and by which means."""

import uuid
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import User
from accounts.requests import person
from declarations.models import Charge, Declaration, Levy, Status
from declarations.selectors import charges_of, declaration_for
from declarations.selectors.levies import levies_of
from lib.bank_transfer import transfer_for
from lib.creditor_reference import DECLARATION
from lib.figures import ZERO
from lib.violations import Rejected, Violation, refuse
from payments import selectors, services
from payments.forms import FindForm, PayForm
from payments.models import Account
from payments.views.accounts import to_the_bank
from tariffs.selectors import code_list
from traders.models import Company

_EXPLAINED_HERE = 60


@dataclass(frozen=True, slots=True)
class Means:
    """A way to pay that the page offers. `at_bank` is what goes over the bank's page; `enough` whether it can pay;
    `blocked`: a statement of the deferred account is overdue.
    """

    value: str
    company: Company
    account: Account | None
    available: Decimal
    at_bank: Decimal
    from_account: Decimal
    enough: bool
    blocked: bool


@dataclass(frozen=True, slots=True)
class TaxDue:
    """A line of what is due, with the charges that explain it."""

    code: str
    name: str
    charged: Decimal
    paid: Decimal
    due: Decimal
    charges: list[Charge | Levy]


@login_required
@require_GET
def find(request: HttpRequest, number: str = "") -> HttpResponse:
    """From a number on a paper to the page where it is paid; a stranger learns nothing about it."""
    user, on = person(request), timezone.localdate()
    asked = number or request.GET.get("number")
    form = FindForm(None if asked is None else {"number": asked})
    if form.is_valid():
        try:
            found = declaration_for(user, form.cleaned_data["number"], on=on)
        except Declaration.DoesNotExist:
            found = None
        if found and found.status != Status.DRAFT and selectors.may_pay(user, found, on=on):
            return redirect("pay", key=found.public_id)
        form.add_error("number", _("There is no declaration with this number that you may pay."))
    return render(request, "payments/find.html", {"form": form}, status=404 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def pay(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Show what is due; a post pays it, from an account at once or by way of the bank's page."""
    user, on = person(request), timezone.localdate()
    try:
        declaration = declaration_for(user, key, on=on)
    except Declaration.DoesNotExist as error:
        raise Http404 from error
    payers = selectors.payers_of(user, declaration, on=on)
    if not payers or declaration.status == Status.DRAFT:
        raise Http404
    offered = _offered(declaration, payers) if selectors.is_payable(declaration) else []
    violations: list[Violation] = []
    if request.method == "POST":
        form = PayForm(request.POST)
        try:
            return _do(request, form, declaration, offered, user)
        except Rejected as refused:
            violations = refused.violations
    context = _context(declaration, offered, payers) | {"form": PayForm(), "violations": violations}
    return render(request, "payments/pay.html", context, status=422 if violations else 200)


def _do(
    request: HttpRequest, form: PayForm, declaration: Declaration, offered: list[Means], user: User
) -> HttpResponse:
    """Carry the choice out. Raises Rejected."""
    if not form.is_valid():
        raise refuse("P002", "means", _("Choose how to pay."))
    key = f"pay:{user.pk}:{declaration.pk}:{form.cleaned_data['key']}"
    chosen = next((means for means in offered if means.value == form.cleaned_data["means"]), None)
    if chosen is None and not selectors.is_payable(declaration):
        return redirect("pay", key=declaration.public_id)
    if chosen is None:
        raise refuse("P002", "means", _("Choose how to pay."))
    if chosen.at_bank:
        attempt = services.start_bank_payment(
            company=chosen.company,
            declaration=declaration,
            amount=chosen.at_bank,
            from_account=chosen.from_account,
            by=user,
            at=timezone.now(),
            idempotency_key=key,
        )
        return to_the_bank(attempt)
    services.pay_from_account(declaration, by=user, at=timezone.now(), idempotency_key=key, account=chosen.account)
    messages.success(request, _("Paid. The receipt is ready below."))
    return redirect("pay", key=declaration.public_id)


def _offered(declaration: Declaration, payers: list[Company]) -> list[Means]:
    """From each company's accounts, at the bank, or the balance and the rest at the bank."""
    due = max(selectors.due(declaration), ZERO)
    offered: list[Means] = []
    for company in payers:
        prepaid = selectors.account_of(company, Account.Kind.PREPAID)
        has = prepaid.available if prepaid else ZERO
        if prepaid:
            offered.append(_means(f"account:{prepaid.pk}", company, prepaid, enough=has >= due))
        deferred = selectors.account_of(company, Account.Kind.DEFERRED)
        if deferred and deferred.limit and due:
            blocked = selectors.overdue_statement(deferred, on=timezone.localdate()) is not None
            enough = deferred.available >= due and not blocked
            offered.append(_means(f"account:{deferred.pk}", company, deferred, enough=enough, blocked=blocked))
        if due:
            offered.append(_means(f"bank:{company.pk}", company, None, at_bank=due))
        if prepaid and 0 < has < due:
            offered.append(_means(f"rest:{company.pk}", company, prepaid, at_bank=due - has, from_account=has))
    return offered


def _means(
    value: str,
    company: Company,
    account: Account | None,
    *,
    at_bank: Decimal = ZERO,
    from_account: Decimal = ZERO,
    enough: bool = True,
    blocked: bool = False,
) -> Means:
    available = account.available if account else ZERO
    return Means(value, company, account, available, at_bank, from_account, enough, blocked)


def _context(declaration: Declaration, offered: list[Means], companies: list[Company]) -> dict[str, object]:
    lines = _lines(declaration)
    to_secure = selectors.to_secure(declaration)
    payers = list(dict.fromkeys(means.company for means in offered)) if to_secure > 0 else []
    on = timezone.localdate()
    guarantees = [(each, selectors.guarantee_for(each, declaration, on=on)) for each in payers]
    return {
        "declaration": declaration,
        "lines": lines,
        "explained_here": sum(len(line.charges) for line in lines) <= _EXPLAINED_HERE,
        "due": sum((line.due for line in lines), ZERO),
        "guaranteed": [row for row in charges_of(declaration) if not row.payable][:_EXPLAINED_HERE],
        "to_secure": to_secure,
        "guarantees": guarantees,
        "can_secure": to_secure <= 0 or any(account for _company, account in guarantees),
        "offered": offered,
        "first": next((means.value for means in offered if means.enough), ""),
        "payments": selectors.payments_of(declaration),
        "held": selectors.held_for(declaration.mrn),
        "expired": selectors.expired_hold(declaration, on=timezone.localdate()),
        "others": selectors.others_that_can_hold(companies, declaration, on=timezone.localdate()),
        "returned": selectors.returned(declaration),
        "transfer": transfer_for(DECLARATION, declaration.mrn) if offered else None,
        "transfers": selectors.transfers_waiting(declaration.mrn) if offered else [],
        "links": [
            (link, services.link_address(link)) for link in selectors.pay_links_of(declaration, at=timezone.now())
        ],
    }


def _lines(declaration: Declaration) -> list[TaxDue]:
    """Tax by tax: charged on this version, paid on all versions, still due, and why."""
    charges: dict[str, list[Charge | Levy]] = defaultdict(list)
    for charge in charges_of(declaration):
        if charge.payable:
            charges[charge.tax_code].append(charge)
    for levy in levies_of(declaration):
        if levy.status == Levy.Status.OWED:
            charges[levy.tax_code].append(levy)
    paid = selectors.paid_by_tax(declaration.mrn)
    names = code_list("tax", on=timezone.localdate())
    lines = []
    charged_now = selectors.charged_by_tax(declaration)
    for code in dict.fromkeys([*charges, *charged_now, *paid]):
        charged = charged_now.get(code, ZERO)
        name = names.get(code) or (charges[code][0].tax_name if charges[code] else selectors.name_beside_law(code))
        gone = paid.get(code, ZERO)
        lines.append(TaxDue(code, name, charged, gone, charged - gone, charges[code]))
    return lines
