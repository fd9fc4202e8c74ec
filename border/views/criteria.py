"""Criteria on travellers before they go live: replayed in the worker, then switched on by an analyst."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import person
from border import selectors, services
from border.forms import ReplayForm
from lib.violations import Rejected, Violation
from risk import selectors as risk
from risk.models import About, Criterion


def _version(request: HttpRequest, pk: int, *, changes: bool) -> Criterion:
    """A version on travellers, for analysts; auditors read. Raises Http404 for anybody else."""
    judge = risk.is_analyst if changes else risk.may_see_criteria
    if not judge(person(request), on=timezone.localdate()):
        raise Http404
    try:
        found = risk.criterion(pk)
    except Criterion.DoesNotExist as missing:
        raise Http404 from missing
    if found.about != About.TRAVELLERS:
        raise Http404
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def travel_criterion(request: HttpRequest, pk: int) -> HttpResponse:
    """How many travellers of the last days it would have stopped; a post lets the worker count."""
    version = _version(request, pk, changes=request.method == "POST")
    form = ReplayForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.ask_replay(version, days=form.cleaned_data["days"], by=person(request), at=timezone.now())
        except Rejected as refused:
            form.add_error(None, refused.violations[0].sentence)
        else:
            return redirect("travel_criterion", pk=pk)
    return _page(request, version, form=form, status=422 if form.errors else 200)


@login_required
@require_POST
def criterion_live(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch it on, once it was replayed; what hit nothing or everybody is asked about again."""
    version, knowing = _version(request, pk, changes=True), bool(request.POST.get("knowing"))
    now = timezone.now()
    try:
        services.go_live(version, knowing=knowing, by=person(request), at=now, on=timezone.localdate())
    except Rejected as refused:
        return _page(request, version, form=ReplayForm(), asked_again=refused.violations[0], status=422)
    messages.success(request, _("The version is switched on."))
    return redirect("criterion", pk=pk)


def _page(
    request: HttpRequest, version: Criterion, *, form: ReplayForm, status: int, asked_again: Violation | None = None
) -> HttpResponse:
    replay = selectors.last_replay(version)
    sample = replay.data.get("sample", []) if replay else []
    context = {
        "version": version,
        "words": risk.conditions_in_words(version),
        "replay": replay,
        "sample": [row | {"words": [risk.sentence(*each) for each in row["conditions"]]} for row in sample],
        "form": form,
        "is_analyst": risk.is_analyst(person(request), on=timezone.localdate()),
        "asked_again": asked_again,
    }
    return render(request, "border/criterion.html", context, status=status)
