"""The analysts' pages: criteria with their hit rates, a new one, a new version, replay, the switch."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.requests import person
from lib.violations import Rejected
from risk import selectors, services
from risk.forms import CriterionForm, ReplayForm
from risk.models import About, Criterion, CriterionEvent

RATED_DAYS = 90
View = Callable[..., HttpResponse]


def readers_only(view: View) -> View:
    """For analysts and auditors; for anybody else criteria do not exist."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not selectors.may_see_criteria(person(request), on=timezone.localdate()):
            raise Http404
        return view(request, *args, **kwargs)

    return login_required(answer)


def analysts_only(view: View) -> View:
    """For analysts; an auditor reads and changes nothing."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not selectors.is_analyst(person(request), on=timezone.localdate()):
            raise Http404
        return view(request, *args, **kwargs)

    return login_required(answer)


def _criterion(pk: int) -> Criterion:
    try:
        return selectors.criterion(pk)
    except Criterion.DoesNotExist as missing:
        raise Http404 from missing


@readers_only
@require_GET
def criteria(request: HttpRequest) -> HttpResponse:
    """Every criterion: the version in force, the newest if that is another, and how often it was right."""
    today = timezone.localdate()
    rates = selectors.hit_rates(since=today - timedelta(days=RATED_DAYS))
    in_force = selectors.versions_in_force(on=today)
    rows = [
        {"newest": each, "in_force": in_force.get(each.code), "rate": rates.get(each.code),
         "words": selectors.conditions_in_words(in_force.get(each.code) or each)}
        for each in selectors.newest_versions()
    ]  # fmt: skip
    context = {"rows": rows, "days": RATED_DAYS, "is_analyst": selectors.is_analyst(person(request), on=today)}
    return render(request, "risk/criteria.html", context)


@analysts_only
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new criterion, switched off."""
    today = timezone.localdate()
    form = CriterionForm(request.POST or None, initial={"valid_from": today})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.make_criterion(form.draft(), on=today, at=timezone.now(), by=person(request))
        except Rejected as error:
            form.take(error)
        else:
            messages.success(request, _("The criterion is made and switched off. Replay it before you switch it on."))
            return redirect("criterion", pk=made.pk)
    context = {"form": form, "version": None}
    return render(request, "risk/criterion_form.html", context, status=422 if form.is_bound else 200)


@analysts_only
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """A new version of a criterion, switched off; the one in force stays until then."""
    version, today = _criterion(pk), timezone.localdate()
    form = CriterionForm(request.POST or None, version=version, initial={"valid_from": today})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.new_version(version, form.draft(), on=today, at=timezone.now(), by=person(request))
        except Rejected as error:
            form.take(error)
        else:
            messages.success(request, _("The new version is made and switched off. Replay it, then switch it on."))
            return redirect("criterion", pk=made.pk)
    context = {"form": form, "version": version}
    return render(request, "risk/criterion_form.html", context, status=422 if form.is_bound else 200)


@readers_only
@require_GET
def criterion(request: HttpRequest, pk: int) -> HttpResponse:
    """One version: what it looks for, its replays, its versions and their history."""
    version, today = _criterion(pk), timezone.localdate()
    history = list(selectors.history_of(version.code))
    context = {
        "version": version,
        "words": selectors.conditions_in_words(version),
        "versions": list(selectors.versions_of(version.code)),
        "history": history,
        "replay": _shown_replay(request, version, history),
        "replays": [event for event in history if event.verb == "replayed" and event.criterion_id == version.pk],
        "replaying": ReplayForm(),
        "rate": selectors.hit_rates(since=today - timedelta(days=RATED_DAYS)).get(version.code),
        "days": RATED_DAYS,
        "is_analyst": selectors.is_analyst(person(request), on=today),
    }
    return render(request, "risk/criterion.html", context)


def _shown_replay(request: HttpRequest, version: Criterion, history: list[CriterionEvent]) -> CriterionEvent | None:
    wanted = request.GET.get("replay", "")
    mine = [event for event in history if event.verb == "replayed" and event.criterion_id == version.pk]
    return next((event for event in mine if not wanted or str(event.pk) == wanted), None)


@analysts_only
@require_POST
def replay(request: HttpRequest, pk: int) -> HttpResponse:
    """Replay a version on past declarations."""
    version, form = _criterion(pk), ReplayForm(request.POST)
    if version.about != About.DECLARATIONS:
        raise Http404
    last = form.cleaned_data["last"] if form.is_valid() else 200
    services.replay(version, last=last, at=timezone.now(), by=person(request))
    return redirect("criterion", pk=pk)


@analysts_only
@require_POST
def switch_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a version take part in scoring; one on travellers is replayed and switched on by the border."""
    version = _criterion(pk)
    if version.about == About.TRAVELLERS:
        return redirect("travel_criterion", pk=pk)
    try:
        services.switch_on(version, on=timezone.localdate(), at=timezone.now(), by=person(request))
    except Rejected as error:
        messages.error(request, error.violations[0].sentence)
    else:
        messages.success(request, _("The version is switched on."))
    return redirect("criterion", pk=pk)


@analysts_only
@require_POST
def switch_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a version out of scoring."""
    services.switch_off(_criterion(pk), at=timezone.now(), by=person(request))
    messages.success(request, _("The version is switched off."))
    return redirect("criterion", pk=pk)
