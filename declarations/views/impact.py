"""The impact of a change set on past declarations, beside the set and on a page of its own."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.requests import person
from declarations.forms.impact import ImpactForm
from declarations.selectors import impacts as reports
from declarations.services import impacts
from tariff_changes.models import ChangeSet
from tariff_changes.selectors import change_sets as changes
from tariff_changes.selectors.rights import may_see_change_sets
from tariffs.selectors import code_list, territory

ON_ITS_WAY = (ChangeSet.Status.DRAFT, ChangeSet.Status.SUBMITTED, ChangeSet.Status.APPROVED)


@login_required
@require_http_methods(["GET", "POST"])
def impact(request: HttpRequest, pk: int) -> HttpResponse:
    """What the set would have meant; asked for by POST, and found again whenever the page is opened."""
    user = person(request)
    if not may_see_change_sets(user, on=timezone.localdate()):
        raise Http404
    held = changes.change_set(pk)
    if held is None:
        raise Http404
    form = ImpactForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and held.status in ON_ITS_WAY:
        impacts.ask_impact(held, last=form.cleaned_data["last"], by=user, at=timezone.now())
        if not request.headers.get("HX-Request"):
            return redirect("change_set_impact", pk)
        form = ImpactForm()
    template = "declarations/_impact.html" if request.headers.get("HX-Request") else "declarations/impact.html"
    status = 422 if form.errors else 200
    return render(request, template, _context(held, user, form), status=status)


def _context(held: ChangeSet, reader: User, form: ImpactForm) -> dict[str, Any]:
    report = reports.latest_report(held)
    answered = report is not None and reports.is_answered(report)
    today = timezone.localdate()
    result = reports.shown(report, reader=reader, on=today) if report and answered else None
    is_old = report is not None and answered and held.status in ON_ITS_WAY and (
        report.version != held.version or report.result.data["edition"] != territory().edition
    )  # fmt: skip
    if report is not None and not form.is_bound:
        form = ImpactForm(initial={"last": report.last})
    return {
        "set": held,
        "form": form,
        "report": report,
        "answered": answered,
        "result": result,
        "is_old": is_old,
        "progress": impacts.progress_of(report.pk) if report and not answered else None,
        "may_ask": held.status in ON_ITS_WAY,
        "taxes": code_list("tax", on=held.takes_effect),
    }
