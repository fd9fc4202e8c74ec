"""What comes of a discrepancy, in the browser: an audit, a proposal, a fine, a stated reason; fines contested."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import person
from clearance import forms, selectors, services
from clearance.services import corrections
from clearance.views import trader
from clearance.views.actions import act_on, of
from clearance.views.gate import case_of
from clearance.views.officer import show
from declarations.models import Declaration, Levy, Penalty
from declarations.selectors import declaration_for, may_prepare
from declarations.selectors.levies import levy_by_key
from lib.violations import Rejected
from tariffs.selectors import service_fees


# An officer's file --------------------------------------------------------------------------------------------
@login_required
@require_POST
def audit(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    found = case_of(request, key)
    form = forms.NothingForm(request.POST)
    done = _("The examination has started. Record what you find.")
    return act_on(request, found, "auditing", form, of(services.start_audit, found), done)


@login_required
@require_POST
def propose(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Begin a proposal for the chosen discrepancies and go on to its form."""
    found = case_of(request, key)
    form = forms.FindingsForm(request.POST, prefix="propose", findings=selectors.unsettled(found.mrn))
    if form.is_valid():
        try:
            made = corrections.propose(found, **form.cleaned_data, by=person(request), at=timezone.now())
        except Rejected as error:
            form.take(error)
        else:
            return redirect("declaration_edit", key=made.draft.public_id)
    return show(request, case_of(request, key), {"proposing": form})


@login_required
@require_POST
def close_findings(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    found = case_of(request, key)
    form = forms.CloseForm(request.POST, prefix="close", findings=selectors.unsettled(found.mrn))
    return act_on(request, found, "closing", form, of(services.close_findings, found), _("Closed with your reason."))


@login_required
@require_POST
def fine(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    found = case_of(request, key)
    form = forms.FineForm(request.POST, prefix="fine", findings=selectors.unsettled(found.mrn))
    return act_on(request, found, "fining", form, of(services.fine, found), _("The fine is due from now on."))


@login_required
@require_POST
def fee(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Charge a fee for a service on the file."""
    found = case_of(request, key)
    form = forms.FeeForm(request.POST, prefix="fee", fees=service_fees(on=timezone.localdate()))
    return act_on(request, found, "feeing", form, of(services.charge_fee, found), _("The fee is due from now on."))


@login_required
@require_POST
def drop_levy(request: HttpRequest, pk: int) -> HttpResponse:
    """Another officer drops a fee or interest: it is not owed, what was paid of it goes back."""
    try:
        levy = levy_by_key(pk)
        declaration = declaration_for(person(request), levy.mrn, on=timezone.localdate())
    except (Levy.DoesNotExist, Declaration.DoesNotExist) as missing:
        raise Http404 from missing
    powers = selectors.powers_of(person(request), on=timezone.localdate())
    if not powers.sees(declaration.office_code):
        raise Http404
    form = forms.GroundsForm(request.POST, prefix="drop")
    if not form.is_valid():
        messages.error(request, _("Give the grounds: the trader reads them."))
        return redirect("case", key=declaration.public_id)
    try:
        services.drop_levy(levy, **form.cleaned_data, by=person(request), at=timezone.now())
        messages.success(request, _("Your decision is recorded."))
    except Rejected as error:
        for fault in error.violations:
            messages.error(request, str(fault.sentence))
    return redirect("case", key=declaration.public_id)


# A fine -------------------------------------------------------------------------------------------------------
@login_required
@require_POST
def contest_fine(request: HttpRequest, pk: int) -> HttpResponse:
    """The trader contests a fine, on the declaration's page."""
    penalty, declaration = _fine_of(request, pk)
    if not may_prepare(person(request), declaration, on=timezone.localdate()):
        raise Http404
    form = forms.ReasonForm(request.POST, prefix="contest")
    if form.is_valid():
        try:
            services.contest_fine(penalty, **form.cleaned_data, by=person(request), at=timezone.now())
        except Rejected as error:
            form.take(error)
        else:
            messages.success(request, _("Another officer judges it now."))
            return redirect("declaration", key=declaration.public_id)
    return trader.show(request, declaration, contesting=(penalty.pk, form))


@login_required
@require_POST
def judge_fine(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Another officer upholds or drops a contested fine, from the queue of corrections."""
    penalty, declaration = _fine_of(request, pk)
    verbs = {"uphold": services.uphold_fine, "drop": services.drop_fine}
    powers = selectors.powers_of(person(request), on=timezone.localdate())
    if verb not in verbs or not powers.sees(declaration.office_code):
        raise Http404
    form = forms.GroundsForm(request.POST, prefix="judge")
    faults = [str(fault) for each in form.errors.values() for fault in each] if not form.is_valid() else []
    if not faults:
        try:
            verbs[verb](penalty, **form.cleaned_data, by=person(request), at=timezone.now())
            messages.success(request, _("Your decision is recorded."))
        except Rejected as error:
            faults = [str(fault.sentence) for fault in error.violations]
    for sentence in faults:
        messages.error(request, sentence)
    return redirect("correction_queue")


def _fine_of(request: HttpRequest, pk: int) -> tuple[Penalty, Declaration]:
    """The fine with the newest version of its declaration, for those who may see it. Raises Http404 for others."""
    try:
        penalty = selectors.fine_by_key(pk)
        return penalty, declaration_for(person(request), penalty.mrn, on=timezone.localdate())
    except (Penalty.DoesNotExist, Declaration.DoesNotExist) as missing:
        raise Http404 from missing
