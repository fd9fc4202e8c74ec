"""Pages of companies for their members: those I act for, and of each its standing, members, mandates and history."""

import uuid
from datetime import date

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import SignedInRequest
from lib.uploads import read_upload
from lib.violations import Rejected
from traders import selectors, services
from traders.forms import MandateForm, MemberForm, PaperForm
from traders.models import ClaimPaper, Company, Right

HISTORY_PAGE = 50


@login_required
def companies(request: SignedInRequest) -> HttpResponse:
    """Companies in which I have a right, and for whom they may file."""
    on = timezone.localdate()
    mine = selectors.companies_of(request.user, on=on)
    context = {
        "companies": mine,
        "principals": selectors.mandates_into(mine, on=on),
        "refused": selectors.refused_claims_of(request.user, on=on),
    }
    return render(request, "traders/companies.html", context)


@login_required
def company(request: SignedInRequest, tin: str) -> HttpResponse:
    on = timezone.localdate()
    return _page(request, _mine(request, tin, on=on), on=on)


@login_required
@require_POST
def add_paper(request: SignedInRequest, tin: str) -> HttpResponse:
    """A scanned paper for a claim that waits."""
    on = timezone.localdate()
    own = _mine(request, tin, Right.OWNER, on=on)
    form = PaperForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            services.add_paper(own, name=file.name, content=read_upload(file), by=request.user, at=timezone.now())
        except Rejected as rejected:
            show(rejected, form)
        else:
            messages.success(request, _("The paper is with the customs service."))
            return redirect("company", own.tin)
    return _page(request, own, on=on, paper_form=form)


@login_required
@require_GET
def paper(request: SignedInRequest, key: uuid.UUID) -> FileResponse:
    """A paper of a claim, for its members and for the officers who decide."""
    try:
        kept = selectors.paper_for(request.user, key, on=timezone.localdate())
    except ClaimPaper.DoesNotExist as absent:
        raise Http404 from absent
    answer = FileResponse(kept.file.open("rb"), filename=kept.name, content_type=kept.content_type)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@login_required
@require_POST
def invite(request: SignedInRequest, tin: str) -> HttpResponse:
    """The answer is the same whether or not the address has an account."""
    on = timezone.localdate()
    own = _mine(request, tin, Right.OWNER, on=on)
    form = MemberForm(request.POST)
    if form.is_valid():
        try:
            services.invite(
                own, by=request.user, at=timezone.now(), language=get_language() or "en", **form.cleaned_data
            )
        except Rejected as rejected:
            show(rejected, form)
        else:
            text = _("A letter with an invitation goes to %(email)s. It holds for seven days.")
            messages.success(request, text % {"email": form.cleaned_data["email"]})
            return redirect("company", own.tin)
    return _page(request, own, on=on, member_form=form)


@login_required
@require_POST
def withdraw_invitation(request: SignedInRequest, tin: str, pk: int) -> HttpResponse:
    own = _mine(request, tin, Right.OWNER, on=timezone.localdate())
    invitation = selectors.open_invitations(own, at=timezone.now()).filter(pk=pk).first()
    if invitation is None:
        raise Http404
    services.withdraw_invitation(invitation, by=request.user, at=timezone.now())
    messages.success(request, _("The invitation no longer holds."))
    return redirect("company", own.tin)


@login_required
def invitation(request: SignedInRequest, token: str) -> HttpResponse:
    """Where the link of the letter leads: what is offered, and the step that takes it."""
    on, at = timezone.localdate(), timezone.now()
    found = selectors.invitation_of(token, at=at)
    violations = []
    if found and request.method == "POST":
        try:
            services.accept_invitation(found, by=request.user, on=on, at=at)
        except Rejected as rejected:
            violations = rejected.violations
        else:
            messages.success(request, _("You act for %(company)s now.") % {"company": found.company})
            return redirect("company", found.company.tin)
    mine = found is not None and selectors.is_for(found, request.user)
    status = 422 if violations else 200 if mine else 403 if found else 404
    context = {"invitation": found if mine else None, "elsewhere": found and not mine, "violations": violations}
    response = render(request, "traders/invitation.html", context, status=status)
    response["Referrer-Policy"] = "no-referrer"
    return response


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
    return _page(request, own, on=on, mandate_form=form)


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
    request: SignedInRequest,
    own: Company,
    *,
    on: date,
    member_form: MemberForm | None = None,
    mandate_form: MandateForm | None = None,
    paper_form: PaperForm | None = None,
) -> HttpResponse:
    forms_ = {
        "member_form": member_form or MemberForm(),
        "mandate_form": mandate_form or MandateForm(on=on),
        "paper_form": paper_form or PaperForm(),
    }
    context = {
        "company": own,
        "is_owner": Right.OWNER in selectors.rights_of(request.user, own, on=on),
        "memberships": selectors.memberships_of(own, on=on),
        "invitations": selectors.open_invitations(own, at=timezone.now()),
        "given": selectors.mandates_given_by(own),
        "held": selectors.mandates_held_by(own),
        "history": Paginator(selectors.history_of(own), HISTORY_PAGE).get_page(request.GET.get("page")),
        "today": on,
        **forms_,
    }
    faulty = any(form.errors for form in forms_.values())
    return render(request, "traders/company.html", context, status=422 if faulty else 200)
