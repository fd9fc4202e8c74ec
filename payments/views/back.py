"""The trader's pages of money that goes back: what was credited, claims of refunds, bank accounts, pay-outs."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.requests import person
from declarations.models import Declaration
from declarations.selectors import declaration_for
from lib.figures import plain
from lib.violations import Conflict, Rejected, Violation
from payments import selectors, services
from payments.forms import BankAccountForm, PaperForm, PayOutForm, ReasonForm, RefundDecisionForm, RefundForm
from payments.models import BankAccount, MoneyPaper, PayOut, RefundClaim
from tariffs.selectors import national_currency

_A_PAGE, _A_FEW = 25, 10
Verbs = dict[str, Callable[[], str]]


@login_required
@require_GET
def money_back(request: HttpRequest) -> HttpResponse:
    """What came back by itself, what is claimed, and what is paid out, for every company the reader pays for."""
    user, on = person(request), timezone.localdate()
    companies = _companies(request)
    context = {
        "credited": selectors.credited_at_once(user, on=on)[:_A_FEW],
        "claims": Paginator(selectors.claims_for(user, on=on), _A_PAGE).get_page(request.GET.get("page")),
        "pay_outs": selectors.pay_outs_for(user, on=on)[:_A_PAGE],
        "balances": [(each, selectors.available_to(each), selectors.under_way(each)) for each in companies],
    }
    return render(request, "payments/money_back.html", context)


# Claims --------------------------------------------------------------------------------------------------------
@login_required
@require_http_methods(["GET", "POST"])
def refund_claim_new(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Claim back what was paid for a declaration."""
    user, on = person(request), timezone.localdate()
    declaration = _declaration(request, key)
    offers = selectors.claimable_by(user, declaration, on=on)
    if not offers:
        raise Http404
    chosen = next((each for each in offers if each.company.tin == request.GET.get("company")), offers[0])
    rules = [each.rule for each in chosen.grounds if not each.rule.by_correction and not each.is_over]
    accounts = selectors.confirmed_accounts([chosen.company])
    form = RefundForm(*_posted(request), rules=rules, taxes=chosen.taxes, accounts=accounts)
    if request.method == "POST" and form.is_valid():
        wanted = services.Wanted(
            kind=form.cleaned_data["kind"],
            reason=form.cleaned_data["reason"],
            by_tax=form.by_tax,
            amount=form.amount_wanted,
            pay_to=form.cleaned_data["pay_to"],
            papers=form.cleaned_data["file"],
        )
        once = f"refund:{user.pk}:{form.cleaned_data['key']}"
        try:
            made = services.claim_refund(
                declaration, company=chosen.company, wanted=wanted, by=user, at=timezone.now(), idempotency_key=once
            )
        except Rejected as refused:
            form.take(refused.violations)
        else:
            messages.success(request, _("The claim was sent."))
            return redirect("refund_claim", key=made.public_id)
    context = {"declaration": declaration, "offer": chosen, "offers": offers, "form": form}
    return render(request, "payments/refund_claim_new.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def refund_claim(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """A claim, for the company and for the treasury."""
    return _show_claim(request, _claim(request, key))


@login_required
@require_POST
def refund_claim_verb(request: HttpRequest, key: uuid.UUID, verb: str) -> HttpResponse:
    """Withdraw it or add papers; as an officer propose, confirm, or send back. Each verb judges who may."""
    user, now = person(request), timezone.now()
    claim = _claim(request, key)
    paper, reason = PaperForm(request.POST, request.FILES), ReasonForm(request.POST)
    decision = RefundDecisionForm(request.POST, taxes=_claimed(claim))

    def add_papers() -> str:
        for name, content in paper.cleaned_data["file"]:
            services.add_refund_paper(claim, name=name, content=content, by=user, at=now)
        return _("The papers were added.")

    def withdraw() -> str:
        services.withdraw_refund(claim, by=user, at=now)
        return _("The claim is withdrawn.")

    def propose() -> str:
        told = decision.cleaned_data
        services.propose_refund(claim, end=told["end"], text=told["text"], granted=decision.by_tax, by=user, at=now)
        return _("Proposed. Another officer confirms it or sends it back.")

    def confirm() -> str:
        services.confirm_refund(claim, by=user, at=now)
        return _("Decided. The company is told.")

    def send_back() -> str:
        services.send_back_refund(claim, text=reason.cleaned_data["reason"], by=user, at=now)
        return _("Sent back to be decided anew.")

    verbs: Verbs = {
        "papers": add_papers, "withdraw": withdraw, "propose": propose, "confirm": confirm, "back": send_back,
    }  # fmt: skip
    forms = {"papers": paper, "propose": decision, "back": reason}
    refused = _act(request, verb, verbs, forms)
    return _show_claim(request, _claim(request, key), refused) if refused else redirect("refund_claim", key=key)


def _claimed(claim: RefundClaim) -> dict[str, str | None]:
    """What a first officer would grant: what is claimed; of one sum as much of each tax in turn as was paid."""
    rest, paid = claim.amount, selectors.paid_positive(claim.mrn)
    shares: dict[str, str | None] = {}
    for line in claim.lines.all():
        share = line.claimed if line.claimed is not None else min(rest, paid.get(line.tax_code, rest))
        shares[line.tax_code] = plain(share, least=2) if share else None
        rest -= share
    return shares


def _show_claim(request: HttpRequest, claim: RefundClaim, refused: "_Refused | None" = None) -> HttpResponse:
    user, on, refused = person(request), timezone.localdate(), refused or _Refused()
    desk = selectors.back_desk_of(user, on=on)
    company = selectors.claims_for(user, on=on).filter(pk=claim.pk).exists()
    context = {
        "claim": claim,
        "desk": desk,
        "as_company": company,
        "overdue": claim.is_open and claim.due < on,
        "violations": refused.violations,
        "may_propose": desk.acts and claim.status == RefundClaim.Status.SENT,
        "may_confirm": desk.acts and claim.status == RefundClaim.Status.PROPOSED and claim.advised_by_id != user.pk,
        "decision": refused.forms.get("propose") or RefundDecisionForm(taxes=_claimed(claim)),
        "reason": refused.forms.get("back") or ReasonForm(),
        "paper": refused.forms.get("papers") or PaperForm(),
    }
    return render(request, "payments/refund_claim.html", context, status=refused.status)


# Bank accounts -------------------------------------------------------------------------------------------------
@login_required
@require_http_methods(["GET", "POST"])
def bank_accounts(request: HttpRequest) -> HttpResponse:
    """The companies' accounts at banks; a post adds one."""
    user, companies = person(request), _companies(request)
    form = BankAccountForm(*_posted(request), companies=companies)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        particulars = services.Particulars(told["number"], told["bank_code"], told["bank_name"], told["holder"])
        try:
            made = services.add_bank_account(
                told["company"], particulars, papers=told["file"], by=user, at=timezone.now()
            )
        except Rejected as refused:
            form.take(refused.violations)
        else:
            messages.success(request, _("Added. It counts once a second person has confirmed it."))
            return redirect("bank_account", key=made.public_id)
    context = {"accounts": selectors.bank_accounts_for(user, on=timezone.localdate()), "form": form}
    return render(request, "payments/bank_accounts.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def bank_account(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """One account, for the company and for the treasury."""
    return _show_account(request, _account(request, key))


@login_required
@require_POST
def bank_account_verb(request: HttpRequest, key: uuid.UUID, verb: str) -> HttpResponse:
    """Confirm or end it as the company; approve from the paper or refuse as the treasury."""
    user, now, account = person(request), timezone.now(), _account(request, key)
    form = ReasonForm(request.POST)

    def confirm() -> str:
        services.confirm_bank_account(account, by=user, at=now)
        return _("Confirmed. Money can be paid out to this account.")

    def approve() -> str:
        services.confirm_by_paper(account, by=user, at=now)
        return _("Confirmed. Money can be paid out to this account.")

    def end() -> str:
        services.end_bank_account(account, by=user, at=now)
        return _("The bank account is ended.")

    def refuse() -> str:
        services.refuse_bank_account(account, reason=form.cleaned_data["reason"], by=user, at=now)
        return _("Refused. The company reads why.")

    verbs: Verbs = {"confirm": confirm, "approve": approve, "end": end, "refuse": refuse}
    refused = _act(request, verb, verbs, {"refuse": form})
    return _show_account(request, _account(request, key), refused) if refused else redirect("bank_account", key=key)


def _show_account(request: HttpRequest, account: BankAccount, refused: "_Refused | None" = None) -> HttpResponse:
    user, on, refused = person(request), timezone.localdate(), refused or _Refused()
    desk = selectors.back_desk_of(user, on=on)
    company = selectors.bank_accounts_for(user, on=on).filter(pk=account.pk).exists()
    waits, alone = account.status == BankAccount.Status.PROPOSED, selectors.is_alone(account.company, on=on)
    context = {
        "account": account,
        "desk": desk,
        "alone": alone,
        "as_company": company,
        "may_confirm": company and waits and account.added_by_id != user.pk,
        "may_end": company and account.status in BankAccount.HELD,
        "may_approve": desk.acts and waits and alone and account.papers.all(),
        "may_refuse": desk.acts and waits,
        "form": refused.forms.get("refuse") or ReasonForm(),
        "violations": refused.violations,
    }
    return render(request, "payments/bank_account.html", context, status=refused.status)


# Pay-outs ------------------------------------------------------------------------------------------------------
@login_required
@require_http_methods(["GET", "POST"])
def pay_out_new(request: HttpRequest) -> HttpResponse:
    """Order that a balance is paid out."""
    user, companies = person(request), _companies(request)
    accounts = selectors.confirmed_accounts(companies)
    form = PayOutForm(
        request.POST if request.method == "POST" else None, accounts=accounts, currency=national_currency()
    )
    if request.method == "POST" and form.is_valid():
        to = form.cleaned_data["bank_account"]
        try:
            made = services.order_pay_out(
                to.company,
                bank_account=to,
                amount=form.cleaned_data["amount"],
                by=user,
                at=timezone.now(),
                idempotency_key=f"pay-out:{user.pk}:{form.cleaned_data['key']}",
            )
        except Rejected as refused:
            form.take(refused.violations)
        else:
            messages.success(request, _("Ordered. The money is set aside; the treasury decides."))
            return redirect("pay_out", key=made.public_id)
    balances = [(each, selectors.available_to(each)) for each in companies]
    context = {"form": form, "accounts": accounts, "balances": balances}
    return render(request, "payments/pay_out_new.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def pay_out(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """A pay-out, for the company, the treasury, and the cashiers who send money back."""
    return _show_pay_out(request, _pay_out(request, key))


@login_required
@require_POST
def pay_out_verb(request: HttpRequest, key: uuid.UUID, verb: str) -> HttpResponse:
    """Cancel it; as the treasury approve or refuse it."""
    user, now, found = person(request), timezone.now(), _pay_out(request, key)
    form = ReasonForm(request.POST)

    def cancel() -> str:
        services.cancel_pay_out(found, by=user, at=now)
        return _("Cancelled. The money is back where it was.")

    def approve() -> str:
        done = services.approve_pay_out(found, by=user, at=now)
        is_first = done.status == PayOut.Status.SECONDED
        return _("Approved. A second officer has to agree.") if is_first else _("Approved. It goes with the next file.")

    def refuse() -> str:
        services.refuse_pay_out(found, reason=form.cleaned_data["reason"], by=user, at=now)
        return _("Refused. The money is back where it was.")

    verbs: Verbs = {"cancel": cancel, "approve": approve, "refuse": refuse}
    refused = _act(request, verb, verbs, {"refuse": form})
    return _show_pay_out(request, _pay_out(request, key), refused) if refused else redirect("pay_out", key=key)


def _show_pay_out(request: HttpRequest, found: PayOut, refused: "_Refused | None" = None) -> HttpResponse:
    user, on, refused = person(request), timezone.localdate(), refused or _Refused()
    desk = selectors.back_desk_of(user, on=on)
    company = selectors.pay_outs_for(user, on=on).filter(pk=found.pk).exists()
    waits = found.status in (PayOut.Status.ORDERED, PayOut.Status.SECONDED)
    before = found.status in PayOut.BEFORE_FILE
    context = {
        "pay_out": found,
        "desk": desk,
        "as_company": company,
        "needs_two": services.needs_two(found),
        "may_cancel": before and (company or (found.suspense_id is not None and found.ordered_by_id == user.pk)),
        "may_approve": desk.acts and waits and user.pk not in (found.ordered_by_id, found.first_by_id),
        "may_refuse": desk.acts and before,
        "form": refused.forms.get("refuse") or ReasonForm(),
        "violations": refused.violations,
    }
    return render(request, "payments/pay_out.html", context, status=refused.status)


@login_required
@require_GET
def money_paper(request: HttpRequest, key: uuid.UUID) -> FileResponse:
    """A paper of a claim or a bank account."""
    try:
        paper = selectors.money_paper_for(person(request), key, on=timezone.localdate())
    except MoneyPaper.DoesNotExist as missing:
        raise Http404 from missing
    answer = FileResponse(paper.file.open("rb"), content_type=paper.content_type, filename=paper.name)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


# What every verb goes through -----------------------------------------------------------------------------------
@dataclass(frozen=True)
class _Refused:
    """What a verb did not take: its form with the faults, or violations that belong to no field."""

    forms: Mapping[str, Any] = field(default_factory=dict)
    violations: Sequence[Violation] = ()
    status: int = 200


def _act(request: HttpRequest, verb: str, verbs: Verbs, forms: Mapping[str, Any]) -> _Refused | None:
    """Read the verb's form if it has one, do the verb and say so; None where it was done. Raises Http404."""
    if verb not in verbs:
        raise Http404
    form = forms.get(verb)
    if form is not None and not form.is_valid():
        return _Refused({verb: form}, status=422)
    try:
        messages.success(request, verbs[verb]())
    except Rejected as refused:
        status = 409 if isinstance(refused, Conflict) else 422
        if form is None:
            return _Refused(violations=refused.violations, status=status)
        form.take(refused.violations)
        return _Refused({verb: form}, status=status)
    return None


def _posted(request: HttpRequest) -> tuple[Any, Any]:
    """What a form was sent, and its files; nothing where it is only shown."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


# Gates ---------------------------------------------------------------------------------------------------------
def _companies(request: HttpRequest) -> Any:
    """The companies whose money the reader uses. Raises Http404 for whoever has none."""
    companies = selectors.paying_companies(person(request), on=timezone.localdate())
    if not companies:
        raise Http404
    return companies


def _declaration(request: HttpRequest, key: uuid.UUID) -> Declaration:
    try:
        return declaration_for(person(request), key, on=timezone.localdate())
    except Declaration.DoesNotExist as missing:
        raise Http404 from missing


def _claim(request: HttpRequest, key: uuid.UUID) -> RefundClaim:
    try:
        return selectors.claim_for(person(request), key, on=timezone.localdate())
    except RefundClaim.DoesNotExist as missing:
        raise Http404 from missing


def _account(request: HttpRequest, key: uuid.UUID) -> BankAccount:
    try:
        return selectors.bank_account_for(person(request), key, on=timezone.localdate())
    except BankAccount.DoesNotExist as missing:
        raise Http404 from missing


def _pay_out(request: HttpRequest, key: uuid.UUID) -> PayOut:
    try:
        return selectors.pay_out_for(person(request), key, on=timezone.localdate())
    except PayOut.DoesNotExist as missing:
        raise Http404 from missing
