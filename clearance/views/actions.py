"""What officers do to a file. Each door parses its form, calls one verb, and answers with the file page."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import person
from clearance import forms, selectors, services
from clearance.models import Case, Examination, Query
from clearance.views.gate import case_of
from clearance.views.officer import show
from clearance.views.queue import go_on
from lib.violations import Rejected


def act_on(
    request: HttpRequest,
    found: Case,
    name: str,
    form: forms.VerbForm,
    verb: Callable[..., Any],
    done: str,
    *,
    after: Callable[[HttpRequest], HttpResponse] | None = None,
) -> HttpResponse:
    """Run `verb` with what the form read; a refusal shows the page again with what was typed.

    Afterwards comes the page of the file, or what `after` gives.
    """
    if form.is_valid():
        try:
            verb(**form.cleaned_data, by=person(request), at=timezone.now())
        except Rejected as error:
            form.take(error)
        else:
            messages.success(request, done)
            return after(request) if after else redirect("case", key=found.declaration.public_id)
    return show(request, case_of(request, found.declaration.public_id), {name: form})


@login_required
@require_POST
def claim(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    found = case_of(request, key)
    form = forms.NothingForm(request.POST)
    return act_on(request, found, "claiming", form, of(services.claim, found), _("The file is yours."))


@login_required
@require_POST
def give_back(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    found = case_of(request, key)
    form = forms.NothingForm(request.POST)
    return act_on(request, found, "giving", form, of(services.give_back, found), _("The file is back in the queue."))


@login_required
@require_POST
def ask(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    found = case_of(request, key)
    form = forms.AskForm(request.POST, prefix="ask")
    return act_on(request, found, "asking", form, of(services.ask, found), _("The question is with the declarant."))


@login_required
@require_POST
def withdraw(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    found = case_of(request, key)
    asked: Query | None = selectors.open_query(found)
    if asked is None:
        raise Http404
    form = forms.ReasonForm(request.POST, prefix="withdraw")
    return act_on(request, found, "withdrawing", form, of(services.withdraw, asked), _("The question is withdrawn."))


@login_required
@require_POST
def examine(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    found = case_of(request, key)
    form = forms.ExamineForm(request.POST, prefix="examine")
    verb = of(services.start_examination, found)
    return act_on(request, found, "examining", form, verb, _("The examination has started. Record what you find."))


@login_required
@require_POST
def finding(request: HttpRequest, key: uuid.UUID, examination: int) -> HttpResponse:
    found = case_of(request, key)
    form = forms.CountedForm(request.POST, prefix="finding", items=found.item_count)
    verb = of(services.record_finding, examination_of(found, examination))
    return act_on(request, found, "finding", form, verb, _("The finding is recorded."))


@login_required
@require_POST
def finish(request: HttpRequest, key: uuid.UUID, examination: int) -> HttpResponse:
    found = case_of(request, key)
    form = forms.FinishForm(request.POST, prefix="finish")
    verb = of(services.finish_examination, examination_of(found, examination))
    return act_on(request, found, "finishing", form, verb, _("The examination is finished."))


@login_required
@require_POST
def release(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    found = case_of(request, key)
    form = forms.ReleaseForm(request.POST, prefix="release")
    verb = of(services.decide_release, found)
    return act_on(request, found, "releasing", form, verb, _released(found), after=go_on)


@login_required
@require_POST
def reject(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    found = case_of(request, key)
    form = forms.ReasonForm(request.POST, prefix="reject")
    done = _("%(mrn)s is rejected.") % {"mrn": found.mrn}
    return act_on(request, found, "rejecting", form, of(services.reject, found), done, after=go_on)


@login_required
@require_POST
def reroute(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    found = case_of(request, key)
    form = forms.RerouteForm(request.POST, prefix="reroute")
    done = _("It is recorded. To less control the file goes when a second officer agrees.")
    return act_on(request, found, "rerouting", form, of(services.reroute, found), done)


@login_required
@require_POST
def decide_reroute(request: HttpRequest, key: uuid.UUID, verb: str) -> HttpResponse:
    """A second officer agrees to a change of lane, or does not."""
    found = case_of(request, key)
    asked = selectors.open_reroute(found)
    if asked is None:
        messages.info(request, _("No change of lane waits here any more."))
        return redirect("case", key=key)
    if verb == "agree":
        agree = of(services.agree_to_reroute, asked)
        return act_on(request, found, "agreeing", forms.NothingForm(request.POST), agree, _("The file is re-routed."))
    form = forms.ReasonForm(request.POST, prefix="stays")
    return act_on(request, found, "staying", form, of(services.refuse_reroute, asked), _("The file stays on its lane."))


@login_required
@require_POST
def allot(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    found = case_of(request, key)
    officers = selectors.officers_for(found, on=timezone.localdate())
    form = forms.AllotForm(request.POST, prefix="allot", officers=officers)
    return act_on(request, found, "allotting", form, of(services.allot, found), _("The file is allotted."))


def _released(found: Case) -> str:
    return _("%(mrn)s: decided. The goods are released as soon as all is paid.") % {"mrn": found.mrn}


def of(verb: Callable[..., Any], subject: object) -> Callable[..., Any]:
    """The verb, bound to what it acts on."""
    return lambda **given: verb(subject, **given)


def examination_of(found: Case, pk: int) -> Examination:
    """An examination of this version, or one that is under way on an earlier one. Raises Http404 for any other."""
    examination = next((each for each in selectors.examinations_of(found) if each.pk == pk), None)
    if examination is None or (examination.case_id != found.pk and examination.finished_at is not None):
        raise Http404
    return examination
