"""Pages of companies: those I act for, and of each its members, mandates and history."""

from datetime import date

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import SignedInRequest
from lib.violations import Rejected
from traders import selectors, services
from traders.forms import MandateForm, MemberForm
from traders.models import Company, Right

HISTORY_PAGE = 50


@login_required
def companies(request: SignedInRequest) -> HttpResponse:
    """Companies in which I have a right, and for whom they may file."""
    on = timezone.localdate()
    mine = selectors.companies_of(request.user, on=on)
    context = {"companies": mine, "principals": selectors.mandates_into(mine, on=on)}
    return render(request, "traders/companies.html", context)


@login_required
def company(request: SignedInRequest, tin: str) -> HttpResponse:
    on = timezone.localdate()
    return _page(request, _mine(request, tin, on=on), MemberForm(), MandateForm(on=on), on=on)


@login_required
@require_POST
def add_member(request: SignedInRequest, tin: str) -> HttpResponse:
    on = timezone.localdate()
    own = _mine(request, tin, Right.OWNER, on=on)
    form = MemberForm(request.POST)
    if form.is_valid():
        try:
            services.invite(own, by=request.user, on=on, at=timezone.now(), **form.cleaned_data)
        except Rejected as rejected:
            show(rejected, form)
        else:
            messages.success(request, _("%(email)s is a member now.") % {"email": form.cleaned_data["email"]})
            return redirect("company", own.tin)
    return _page(request, own, form, MandateForm(on=on), on=on)


@login_required
@require_POST
def end_member(request: SignedInRequest, tin: str, pk: int) -> HttpResponse:
    on = timezone.localdate()
    own = _mine(request, tin, Right.OWNER, on=on)
    membership = selectors.memberships_of(own, on=on).filter(pk=pk).first()
    if membership is None:
        raise Http404
    try:
        services.end_membership(membership, by=request.user, on=on, at=timezone.now())
    except Rejected as rejected:
        messages.error(request, rejected.violations[0].sentence)
    else:
        messages.success(request, _("The right has ended."))
    still_mine = selectors.rights_of(request.user, own, on=on)
    return redirect("company", own.tin) if still_mine else redirect("companies")


@login_required
@require_POST
def give_mandate(request: SignedInRequest, tin: str) -> HttpResponse:
    on = timezone.localdate()
    own = _mine(request, tin, Right.OWNER, on=on)
    form = MandateForm(request.POST, on=on)
    if form.is_valid():
        try:
            mandate = services.give_mandate_by_tin(own, by=request.user, at=timezone.now(), **form.cleaned_data)
        except Rejected as rejected:
            show(rejected, form)
        else:
            messages.success(request, _("%(agent)s may now file for you.") % {"agent": mandate.agent})
            return redirect("company", own.tin)
    return _page(request, own, MemberForm(), form, on=on)


@login_required
@require_POST
def revoke_mandate(request: SignedInRequest, tin: str, pk: int) -> HttpResponse:
    own = _mine(request, tin, Right.OWNER, on=timezone.localdate())
    mandate = selectors.mandates_given_by(own).filter(pk=pk).first()
    if mandate is None:
        raise Http404
    services.revoke_mandate(mandate, by=request.user, at=timezone.now())
    messages.success(request, _("The mandate is revoked. What was lodged under it stays valid."))
    return redirect("company", own.tin)


def show(rejected: Rejected, form: forms.Form) -> None:
    """Put each violation beside its field; what has no field goes to the top of the form."""
    for violation in rejected.violations:
        form.add_error(violation.pointer if violation.pointer in form.fields else None, violation.sentence)


def _mine(request: SignedInRequest, tin: str, *rights: Right, on: date) -> Company:
    try:
        return selectors.company_for(request.user, tin, *rights, on=on)
    except Company.DoesNotExist as absent:
        raise Http404 from absent


def _page(
    request: SignedInRequest, own: Company, member_form: MemberForm, mandate_form: MandateForm, *, on: date
) -> HttpResponse:
    context = {
        "company": own,
        "is_owner": Right.OWNER in selectors.rights_of(request.user, own, on=on),
        "memberships": selectors.memberships_of(own, on=on),
        "given": selectors.mandates_given_by(own),
        "held": selectors.mandates_held_by(own),
        "history": Paginator(selectors.history_of(own), HISTORY_PAGE).get_page(request.GET.get("page")),
        "member_form": member_form,
        "mandate_form": mandate_form,
        "today": on,
    }
    faulty = member_form.errors or mandate_form.errors
    return render(request, "traders/company.html", context, status=422 if faulty else 200)
