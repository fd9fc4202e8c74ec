"""The desk of audits after release, and the page of one: what it rests on, its work, and what came of it."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import person
from clearance import forms, selectors, services
from clearance.forms.audits import AuditFilter, AuditFindingForm, ConcludeForm, PlanAuditForm
from clearance.models import Audit, Case, Examination
from clearance.selectors import audits
from clearance.views.gate import CappedPaginator, case_of, powers_or_404
from clearance.views.officer import ANSWER_DAYS
from clearance.views.officer import show as show_case
from lib.violations import Rejected
from risk.selectors import reasons_in_words, score_of
from risk.selectors.values import beside

ROWS = 50
S = Audit.Status


@login_required
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """Audits of files in sight, the nearest day first; in hand unless another state is asked for."""
    powers, on, by = powers_or_404(request), timezone.localdate(), person(request)
    form = AuditFilter(request.GET, offices=selectors.offices_seen(powers, on=on))
    wanted = form.wanted() if form.is_valid() else audits.AuditsWanted()
    rows = audits.audits_listed(powers, wanted, by=by, on=on)
    context = {
        "form": form,
        "page": CappedPaginator(rows, ROWS).get_page(request.GET.get("page")),
        "board": audits.audit_board(powers, by=by, on=on),
        "wanted": wanted,
        "today": on,
        "powers": powers,
    }
    return render(request, "clearance/audits.html", context)


@login_required
@require_GET
def audit(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The page of an audit."""
    return show(request, audit_of(request, key))


def show(request: HttpRequest, found: Audit, refused: dict[str, forms.VerbForm] | None = None) -> HttpResponse:
    """The page; `refused` holds the form that a verb refused, by the name it has on the page."""
    user, on = person(request), timezone.localdate()
    powers = selectors.powers_of(user, on=on)
    case = audits.newest_file(found.mrn)
    links = selectors.links_to(user, case)
    looked = list(audits.examinations_in(found))
    context = {
        "audit": found,
        "case": case,
        "declaration": case.declaration,
        "links": links,
        "examinations": looked,
        "effect": audits.effects_of([found]).get(found.pk),
        "queries": [each for each in selectors.queries_of(case) if each.audit_id == found.pk],
        "corrections": selectors.corrections_of(case.declaration, user, on=on),
        "steps": list(found.steps.select_related("by")),
        "today": on,
        "late": found.is_in_hand and found.due < on,
        **_risk(found, case, hidden=bool(links)),
        **_acting(request, found, case, powers=powers, linked=bool(links), looked=looked),
    }
    return render(request, "clearance/audit.html", context | (refused or {}), status=422 if refused else 200)


def _risk(found: Audit, case: Case, *, hidden: bool) -> dict[str, Any]:
    """Why it was looked at, what is usual and what the trader's own history says; nothing for a reader who is bound to
    the file as a trader."""
    if hidden:
        return {"hits": [], "values": [], "usual": {}}
    score = score_of(found.case.declaration)
    hits = [hit for hit in reasons_in_words(score) if hit.selected] if score else []
    items = audits.items_valued(case)
    return {"hits": hits, "values": audits.values_beside(case, items), "usual": beside(case.declaration, items)}


def _acting(
    request: HttpRequest, found: Audit, case: Case, *, powers: selectors.Powers, linked: bool, looked: list[Examination]
) -> dict[str, Any]:
    on, user = timezone.localdate(), person(request)
    works = not linked and bool(powers.lanes(found.office_code))
    leads = found.company_audit is not None and found.company_audit.lead_id == user.pk
    mine = works and found.officer_id == user.pk
    open_findings = selectors.unsettled(found.mrn)
    under_way = next((each for each in looked if each.finished_at is None), None)
    firsts = (found.officer_id, found.concluded_by_id)
    supervises = "supervisor" in powers.roles_in(found.office_code)
    return {
        "may_plan": found.status in (S.OPEN, S.PLANNED, S.UNDERWAY) and (supervises or leads),
        "may_leave": found.status in (S.OPEN, S.PLANNED) and supervises and found.company_audit is None,
        "may_begin": mine and found.status in (S.PLANNED, S.UNDERWAY) and under_way is None,
        "works": mine and found.status == S.UNDERWAY,
        "may_confirm": works and found.status == S.CONCLUDED and user.pk not in firsts,
        "under_way": under_way if mine and under_way and under_way.officer_id == user.pk else None,
        "asked": audits.open_question(found),
        "unsettled": list(open_findings) if mine and found.status == S.UNDERWAY else [],
        "proposing": forms.FindingsForm(prefix="propose", findings=open_findings),
        "closing": forms.CloseForm(prefix="close", findings=open_findings),
        "fining": forms.FineForm(prefix="fine", findings=open_findings),
        "planning": PlanAuditForm(
            prefix="plan", officers=audits.auditors_of(found.office_code, on=on),
            initial={"officer": found.officer_id, "scope": found.scope, "plan": found.plan, "due": found.due},
        ),
        "leaving": forms.ReasonForm(prefix="leave"),
        "beginning": forms.NothingForm(),
        "asking": forms.AskForm(prefix="ask", initial={"due": on + timedelta(days=ANSWER_DAYS)}),
        "withdrawing": forms.ReasonForm(prefix="withdraw"),
        "finding": AuditFindingForm(prefix="finding", items=case.item_count, initial={"key": uuid.uuid4()}),
        "finishing": forms.FinishForm(prefix="finish"),
        "concluding": ConcludeForm(prefix="conclude", initial={"conclusion": found.conclusion}),
        "confirming": forms.NothingForm(),
        "returning": forms.ReasonForm(prefix="back"),
    }  # fmt: skip


# What officers do ---------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Act:
    """A verb of an audit: the name of its form on the page, the form's class and prefix, and what is said when done."""

    name: str
    form: Callable[..., forms.VerbForm]
    prefix: str | None
    verb: Callable[..., Any]
    done: str | Promise


ACTS: Mapping[str, Act] = {
    "plan": Act("planning", PlanAuditForm, "plan", services.plan_audit, gettext_lazy("The audit is planned.")),
    "leave": Act("leaving", forms.ReasonForm, "leave", services.leave_audit, gettext_lazy("Left, with your reason.")),
    "begin": Act(
        "beginning", forms.NothingForm, None, services.begin_audit, gettext_lazy("Begun. Record what you find.")
    ),
    "ask": Act(
        "asking", forms.AskForm, "ask", services.ask_in_audit, gettext_lazy("The question is with the declarant.")
    ),
    "withdraw": Act(
        "withdrawing", forms.ReasonForm, "withdraw", services.withdraw_in_audit,
        gettext_lazy("The question is withdrawn."),
    ),
    "conclude": Act(
        "concluding", ConcludeForm, "conclude", services.conclude_audit, gettext_lazy("Your conclusion is recorded.")
    ),
    "confirm": Act(
        "confirming", forms.NothingForm, None, services.confirm_audit, gettext_lazy("The audit is closed.")
    ),
    "return": Act(
        "returning", forms.ReasonForm, "back", services.send_audit_back, gettext_lazy("It is with the officer again.")
    ),
}  # fmt: skip


@login_required
@require_POST
def act(request: HttpRequest, key: uuid.UUID, verb: str) -> HttpResponse:
    """One verb of an audit; a refusal shows the page again with what was typed."""
    found = audit_of(request, key)
    known = ACTS.get(verb)
    if known is None:
        raise Http404
    more = {"officers": audits.auditors_of(found.office_code, on=timezone.localdate())} if verb == "plan" else {}
    form = known.form(request.POST, prefix=known.prefix, **more)
    return _do(request, found, known.name, form, lambda **given: known.verb(found, **given), str(known.done))


@login_required
@require_POST
def record(request: HttpRequest, key: uuid.UUID, examination: int) -> HttpResponse:
    """A finding of the examination that is under way."""
    found, current = _examination_of(request, key, examination)
    form = AuditFindingForm(request.POST, prefix="finding", items=current.case.item_count)
    done = _("The finding is recorded.")
    return _do(request, found, "finding", form, lambda **given: services.record_finding(current, **given), done)


@login_required
@require_POST
def finish(request: HttpRequest, key: uuid.UUID, examination: int) -> HttpResponse:
    found, current = _examination_of(request, key, examination)
    form = forms.FinishForm(request.POST, prefix="finish")
    done = _("The examination is finished.")
    return _do(request, found, "finishing", form, lambda **given: services.finish_examination(current, **given), done)


@login_required
@require_POST
def choose(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """A supervisor has a released file audited."""
    found = case_of(request, key)
    form = forms.ReasonForm(request.POST, prefix="choose")
    if form.is_valid():
        try:
            made = services.choose_for_audit(found, **form.cleaned_data, by=person(request), at=timezone.now())
        except Rejected as error:
            form.take(error)
        else:
            messages.success(request, _("The audit is open. Plan it now."))
            return redirect("audit", key=made.public_id)
    return show_case(request, case_of(request, key), {"choosing": form})


def audit_of(request: HttpRequest, key: uuid.UUID) -> Audit:
    """The audit, for an officer of its office. Raises Http404 for anybody else."""
    try:
        return audits.audit_for(person(request), key, on=timezone.localdate())
    except Audit.DoesNotExist as missing:
        raise Http404 from missing


def _examination_of(request: HttpRequest, key: uuid.UUID, pk: int) -> tuple[Audit, Examination]:
    found = audit_of(request, key)
    current = audits.looked_at(found).select_related("case").filter(pk=pk).first()
    if current is None:
        raise Http404
    return found, current


def _do(
    request: HttpRequest, found: Audit, name: str, form: forms.VerbForm, verb: Callable[..., Any], done: str
) -> HttpResponse:
    if form.is_valid():
        try:
            verb(**form.cleaned_data, by=person(request), at=timezone.now())
        except Rejected as error:
            form.take(error)
        else:
            messages.success(request, done)
            return redirect("audit", key=found.public_id)
    return show(request, audit_of(request, found.public_id), {name: form})
