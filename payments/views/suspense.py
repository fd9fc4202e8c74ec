"""Money that awaits its owner: what the bank says, whose it may be, and the cashier's verbs."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import person
from lib.spelling import searched
from lib.violations import Conflict, Rejected, Violation, refuse
from payments import selectors, services
from payments.forms import AllotForm
from payments.models import SuspenseItem
from payments.views.gate import acting_desk_or_refuse, desk_or_404

WHY = {
    "reference": _("one of several references in the text"),
    "near": _("a reference with one wrong sign"),
    "amount": _("waits for just this sum, and the name fits"),
    "payer": _("paid from this account before"),
    "taken": _("the money that was taken back was theirs"),
}


@login_required
@require_GET
def suspense_item(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """One item."""
    desk_or_404(request)
    return _show(request, _item(key))


@login_required
@require_POST
def suspense_verb(request: HttpRequest, key: uuid.UUID, verb: str) -> HttpResponse:
    """Allot it, agree to a proposal, or drop the proposal."""
    acting_desk_or_refuse(request)
    item = _item(key)
    form = AllotForm(request.POST)
    try:
        if verb == "allot":
            if not form.is_valid():
                return _show(request, item, form, status=422)
            _allot(request, item, form)
        elif verb == "confirm":
            company = selectors.company_by_tin(request.POST.get("tin", ""))
            if company is None:
                raise _unknown_company()
            services.confirm_allotment(item, company=company, by=person(request), at=timezone.now())
            messages.success(request, gettext("Allotted."))
        elif verb == "drop":
            services.drop_proposal(item)
            messages.success(request, gettext("The proposal is dropped. The money awaits its owner."))
        else:
            raise Http404
    except Rejected as refused:
        status = 409 if isinstance(refused, Conflict) else 422
        return _show(request, _item(key), form if verb == "allot" else None, refused.violations, status=status)
    return redirect("suspense_item", key=key)


def _allot(request: HttpRequest, item: SuspenseItem, form: AllotForm) -> None:
    company = selectors.company_by_tin(searched(form.cleaned_data["tin"]))
    if company is None:
        raise _unknown_company()
    declaration = None
    if form.cleaned_data["mrn"]:
        declaration = selectors.declaration_by_mrn(searched(form.cleaned_data["mrn"]))
        if declaration is None:
            raise refuse("B022", "mrn", gettext("There is no declaration with this MRN."))
    done = services.allot(
        item,
        company=company,
        declaration=declaration,
        reason=form.cleaned_data["reason"],
        by=person(request),
        at=timezone.now(),
    )
    proposed = done.status == SuspenseItem.Status.PROPOSED
    messages.success(request, gettext("Proposed. Another cashier has to agree.") if proposed else gettext("Allotted."))


def _unknown_company() -> Rejected:
    return refuse("B024", "tin", gettext("There is no confirmed company with this TIN."))


def _show(
    request: HttpRequest,
    item: SuspenseItem,
    form: AllotForm | None = None,
    violations: list[Violation] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    desk = desk_or_404(request)
    is_open = item.status == SuspenseItem.Status.OPEN
    allottable = is_open and (not item.is_money_out or item.bank_entry.is_reversal)
    context = {
        "item": item,
        "entry": item.bank_entry,
        "form": form or AllotForm(),
        "violations": violations or [],
        "reasons": WHY,
        "suggestions": selectors.suggestions_for(item) if allottable else [],
        "may_allot": desk.acts and allottable,
        "may_confirm": desk.acts and item.status == SuspenseItem.Status.PROPOSED and item.proposed_by != request.user,
        "may_drop": desk.acts and item.status == SuspenseItem.Status.PROPOSED,
        "needs_second": services.needs_second(item),
        "desk": desk,
        "may_explain": desk.acts or selectors.back_desk_of(person(request), on=timezone.localdate()).acts,
        "sent_back": selectors.pay_out_of_item(item),
    }
    return render(request, "payments/suspense_item.html", context, status=status)


def _item(key: uuid.UUID) -> SuspenseItem:
    try:
        return selectors.suspense_item_for(key)
    except SuspenseItem.DoesNotExist as missing:
        raise Http404 from missing
