"""Targets of release times: those in force, those that were, and a form for whoever may set one."""

from collections.abc import Iterator, Sequence

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.requests import person
from lib.table_answers import table_answer
from lib.violations import Rejected
from reporting import selectors, services
from reporting.forms import TargetForm
from reporting.selectors import Sight, offices_of, sight_of
from reporting.views.asked import names_of, regime_choices

ROWS = 50


@login_required
@require_http_methods(["GET", "POST"])
def targets(request: HttpRequest) -> HttpResponse:
    """Every target with its reason; supervisors set those of their offices, the director any."""
    sight, now, today = _sight_or_404(request), timezone.now(), timezone.localdate()
    offices = offices_of(sight, on=today)
    named = [(office.code, str(office)) for office in offices if sight.sets_in(office.code)]
    choices = [("", _("the whole country")), *named] if sight.sets_in("") else named
    form = TargetForm(
        request.POST if request.method == "POST" else None,
        offices=choices,
        regimes=regime_choices(),
        initial={"valid_from": today},
    )
    if request.method == "POST":
        if not sight.sets_targets:
            raise Http404
        if form.is_valid():
            try:
                services.set_target(**form.cleaned_data, by=person(request), at=now)
            except Rejected as error:
                form.take(error)
            else:
                messages.success(request, _("The target is set; the one before stays in the list."))
                return redirect("release_targets")
    page = Paginator(selectors.targets(), ROWS).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "names": names_of(offices), "sight": sight, "today": today}
    return render(request, "reporting/targets.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def targets_table(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Every target there is and was."""
    _sight_or_404(request)
    return table_answer(_rows(), name="release-targets", kind=kind)


def _rows() -> Iterator[Sequence[object]]:
    yield "office", "lane", "regime", "hours", "valid_from", "valid_to", "reason", "set_by", "set_at"
    for row in selectors.targets().iterator(chunk_size=500):
        yield (
            row.office_code, row.lane, row.regime, row.hours, row.valid_from, row.valid_to, row.reason,
            str(row.set_by), row.set_at.isoformat(),
        )  # fmt: skip


def _sight_or_404(request: HttpRequest) -> Sight:
    sight = sight_of(person(request), on=timezone.localdate())
    if not sight.sees_offices:
        raise Http404
    return sight
