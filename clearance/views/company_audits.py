"""Audits of companies over a period: their list, the plan, the page of one, its papers, and what the company sees."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Role
from accounts.requests import person
from clearance import forms, selectors, services
from clearance.forms.audits import CompanyAuditForm, ConcludeForm, GiveAuditForm, NotifyForm
from clearance.models import CompanyAudit
from clearance.selectors import Powers, audits
from clearance.views.audits import Act
from clearance.views.gate import CappedPaginator, powers_or_404
from lib.languages import chosen_language
from lib.violations import Rejected

ROWS = 50
S = CompanyAudit.Status


@login_required
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """Audits of companies in sight, those that are open first and by their day."""
    powers, on = powers_or_404(request), timezone.localdate()
    page = CappedPaginator(audits.company_audits_listed(powers), ROWS).get_page(request.GET.get("page"))
    gone = audits.without_lead(list(page.object_list), on=on)
    context = {"page": page, "without_lead": gone, "today": on, "powers": powers}
    return render(request, "clearance/company_audits.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The plan of an audit; with it the seed of its sample is recorded."""
    powers = powers_or_404(request)
    if not powers.supervises:
        raise Http404
    options = _choices(powers)
    if request.method == "GET":
        tin = request.GET.get("tin", "")[:20]
        form = CompanyAuditForm(initial={"tin": tin, "lead": person(request).pk}, **options)
        return render(request, "clearance/company_audit_new.html", {"form": form})
    form = CompanyAuditForm(request.POST, **options)
    if form.is_valid():
        given = form.company(audits.company_with(form.cleaned_data["tin"]))
        if form.is_valid():
            try:
                made = services.plan_company_audit(**given, by=person(request), at=timezone.now())
            except Rejected as error:
                form.take(error)
            else:
                messages.success(request, _("The audit is planned and its seed recorded. Draw the files now."))
                return redirect("company_audit", key=made.public_id)
    return render(request, "clearance/company_audit_new.html", {"form": form}, status=422)


def _choices(powers: Powers) -> dict[str, Any]:
    """Offices that the planner supervises, and the officers who work there."""
    on = timezone.localdate()
    supervised = selectors.supervised(powers)
    offices = [(office.code, str(office)) for office in selectors.offices_seen(powers, on=on)
               if None in supervised or office.code in supervised]  # fmt: skip
    everywhere = [("", str(_("all offices")))] if None in supervised else []
    return {"offices": [*everywhere, *offices], "officers": selectors.staff_of(powers, on=on)}


@login_required
@require_GET
def audit(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    return show(request, audit_of(request, key))


def show(request: HttpRequest, found: CompanyAudit, refused: dict[str, forms.VerbForm] | None = None) -> HttpResponse:
    """The page of an audit; `?again=1` draws once more and says whether the sample is the same."""
    on = timezone.localdate()
    parts = audits.parts_of(found)
    effects = audits.effects_of(parts)
    again = audits.drawn_again(found) if found.drawn_at and request.GET.get("again") else None
    context = {
        "audit": found,
        "parts": [(part, effects.get(part.pk)) for part in parts],
        "totals": audits.totals_of_parts(found, parts, effects),
        "steps": list(found.steps.select_related("by")),
        "team": list(found.team.all()),
        "again": again,
        "again_equal": again is not None and audits.is_same_sample(found, again, parts),
        "papers": audits.audit_papers(found),
        "today": on,
        "late": found.is_open and found.due < on,
        "without_lead": audits.without_lead([found], on=on),
        **_acting(request, found),
    }
    return render(request, "clearance/company_audit.html", context | (refused or {}), status=422 if refused else 200)


def _acting(request: HttpRequest, found: CompanyAudit) -> dict[str, Any]:
    on, user = timezone.localdate(), person(request)
    powers = selectors.powers_of(user, on=on)
    leads = found.lead_id == user.pk and bool(powers.lanes(found.office_code))
    supervises = Role.SUPERVISOR in powers.roles_in(found.office_code)
    second = bool(powers.lanes(found.office_code)) and user.pk not in (found.lead_id, found.concluded_by_id)
    officers = audits.auditors_of(found.office_code, on=on)
    return {
        "may_draw": leads and found.status == S.PLANNED,
        "may_notify": leads and found.status == S.DRAWN,
        "may_conclude": leads and found.status == S.NOTIFIED,
        "may_confirm": second and found.status == S.CONCLUDED,
        "may_drop": supervises and found.status in (S.PLANNED, S.DRAWN),
        "may_give": supervises and found.status in (S.PLANNED, S.DRAWN, S.NOTIFIED),
        "drawing": forms.NothingForm(),
        "notifying": NotifyForm(prefix="notify"),
        "concluding": ConcludeForm(prefix="conclude", initial={"conclusion": found.conclusion}),
        "confirming": forms.NothingForm(),
        "returning": forms.ReasonForm(prefix="back"),
        "dropping": forms.ReasonForm(prefix="drop"),
        "giving": GiveAuditForm(prefix="give", officers=officers, initial={"lead": found.lead_id, "due": found.due}),
    }


# What officers do ---------------------------------------------------------------------------------------------
ACTS: Mapping[str, Act] = {
    "draw": Act("drawing", forms.NothingForm, None, services.draw_files, gettext_lazy("The files are drawn.")),
    "notify": Act(
        "notifying", NotifyForm, "notify", services.notify_company, gettext_lazy("The company is told of the audit.")
    ),
    "conclude": Act(
        "concluding", ConcludeForm, "conclude", services.conclude_company_audit,
        gettext_lazy("Your conclusion is recorded. Another officer closes the audit."),
    ),
    "confirm": Act(
        "confirming", forms.NothingForm, None, services.confirm_company_audit,
        gettext_lazy("The audit is closed. Its report is being made."),
    ),
    "return": Act(
        "returning", forms.ReasonForm, "back", services.send_company_audit_back,
        gettext_lazy("It is with the officer again."),
    ),
    "drop": Act("dropping", forms.ReasonForm, "drop", services.drop_company_audit, gettext_lazy("Given up.")),
    "give": Act("giving", GiveAuditForm, "give", services.give_company_audit, gettext_lazy("Recorded.")),
}  # fmt: skip


@login_required
@require_POST
def act(request: HttpRequest, key: uuid.UUID, verb: str) -> HttpResponse:
    """One verb of an audit; a refusal shows the page again with what was typed."""
    found = audit_of(request, key)
    known = ACTS.get(verb)
    if known is None:
        raise Http404
    more = {"officers": audits.auditors_of(found.office_code, on=timezone.localdate())} if verb == "give" else {}
    form = known.form(request.POST, prefix=known.prefix, **more)
    return _do(request, found, known, form, known.verb)


def _do(
    request: HttpRequest, found: CompanyAudit, known: Act, form: forms.VerbForm, verb: Callable[..., Any]
) -> HttpResponse:
    if form.is_valid():
        try:
            verb(found, **form.cleaned_data, by=person(request), at=timezone.now())
        except Rejected as error:
            form.take(error)
        else:
            messages.success(request, str(known.done))
            return redirect("company_audit", key=found.public_id)
    return show(request, audit_of(request, found.public_id), {known.name: form})


def audit_of(request: HttpRequest, key: uuid.UUID) -> CompanyAudit:
    """The audit, for an officer who sees it. Raises Http404 for anybody else."""
    try:
        return audits.company_audit_for(person(request), key, on=timezone.localdate())
    except CompanyAudit.DoesNotExist as missing:
        raise Http404 from missing


# The company and its papers -----------------------------------------------------------------------------------
@login_required
@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """What a company was told of its audits, for its members: notice, visit, and the report once there is one."""
    rows = audits.notices_for(person(request), on=timezone.localdate())
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = {"page": page, "today": timezone.localdate()}
    return render(request, "clearance/audit_notices.html", context)


@login_required
@require_GET
def paper(request: HttpRequest, key: uuid.UUID, kind: str) -> FileResponse:
    """Notice or report as PDF, for officers and for the company; `?language=` of any the site has."""
    user, on = person(request), timezone.localdate()
    found = audits.notices_for(user, on=on).filter(public_id=key).first() or audit_of(request, key)
    issued = audits.audit_paper(found, kind, language=chosen_language(request.GET.get("language")))
    if issued is None:
        raise Http404
    answer = FileResponse(issued.file.open("rb"), content_type="application/pdf", filename=issued.name)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
