"""The analysts' pages: criteria with their hit rates, a new one, a new version, and all that is known of one."""

import json
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.requests import person
from lib.pointers import whole_number
from lib.violations import Rejected, Violation
from risk import selectors, services
from risk.forms import CriterionForm, ReasonForm, ReplayForm, pickers
from risk.models import Criterion, Replay
from risk.rules import going_live
from risk.selectors.hits import RATED_DAYS
from risk.views.gate import analysts_only, criterion_or_404, readers_only

ROWS = 50


@readers_only
@require_GET
def criteria(request: HttpRequest) -> HttpResponse:
    """Every criterion: the version in force, the newest if that is another, how often each was right; the two arms."""
    today = timezone.localdate()
    since = selectors.since_of(today)
    page = Paginator(selectors.newest_versions(), ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": _rows(list(page.object_list), since=since, on=today),
        "arms": selectors.arm_rates(since=since),
        "waiting": list(selectors.waiting_versions()[:ROWS]),
        "days": RATED_DAYS,
        "since": since,
        "is_analyst": selectors.is_analyst(person(request), on=today),
        "checks_draws": selectors.may_check_draws(person(request), on=today),
    }
    return render(request, "risk/criteria.html", context)


def _rows(versions: list[Criterion], *, since: date, on: date) -> list[dict[str, Any]]:
    rates = selectors.hit_rates(since=since)
    in_force = selectors.versions_in_force(on=on)
    return [
        {"newest": each, "in_force": in_force.get(each.code), "shown": shown, "rate": rates.get(shown.pk),
         "words": selectors.conditions_in_words(shown)}
        for each in versions
        for shown in [in_force.get(each.code) or each]
    ]  # fmt: skip


@analysts_only
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new criterion, which waits for its replay and a second analyst."""
    return _form(request, version=None)


@analysts_only
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """A new version of a criterion; the one in force stays until the new one goes live."""
    return _form(request, version=criterion_or_404(pk))


def _form(request: HttpRequest, *, version: Criterion | None) -> HttpResponse:
    today, posted = timezone.localdate(), request.POST if request.method == "POST" else None
    if posted is not None and "more" in posted:
        form = CriterionForm(version=version, typed=posted.dict(), initial={"valid_from": today})
        return _form_page(request, form, version, seen=_seen(request))
    form = CriterionForm(posted, version=version, initial={"valid_from": today})
    if posted is not None and form.is_valid():
        try:
            made = _make(form, version, by=person(request), on=today, seen=_seen(request))
        except Rejected as error:
            form.take(error)
        else:
            messages.success(request, _("It is made and not live yet. Replay it, then put it forward."))
            return redirect("criterion", pk=made.pk)
    return _form_page(request, form, version)


def _seen(request: HttpRequest) -> int | None:
    """The newest version when the form was opened, as it says."""
    return whole_number(request.POST.get("seen", ""))


def _make(form: CriterionForm, version: Criterion | None, *, by: Any, on: date, seen: int | None) -> Criterion:
    given = {"on": on, "at": timezone.now(), "by": by}
    if version is None:
        return services.make_criterion(form.draft(), **given)
    return services.new_version(version, form.draft(), seen=seen, **given)


def _form_page(
    request: HttpRequest, form: CriterionForm, version: Criterion | None, *, seen: int | None = None
) -> HttpResponse:
    if version is not None and seen is None:
        seen = selectors.versions_of(version.code)[0].version
    context = {"form": form, "version": version, "pickers_json": json.dumps(pickers()), "seen": seen}
    return render(request, "risk/criterion_form.html", context, status=422 if form.is_bound else 200)


@readers_only
@require_GET
def criterion(request: HttpRequest, pk: int) -> HttpResponse:
    """One version: what it looks for, its replay, what stands between it and going live, its history."""
    return criterion_page(request, criterion_or_404(pk))


def criterion_page(
    request: HttpRequest, version: Criterion, *, asked_again: Violation | None = None, typed: str = ""
) -> HttpResponse:
    """The page of a version; `asked_again` is what a verb wants to know before it does what was asked."""
    today, reader = timezone.localdate(), person(request)
    since = selectors.since_of(today)
    replay = _shown_replay(request, version)
    context = {
        "version": version,
        "words": selectors.conditions_in_words(version),
        "versions": list(selectors.versions_of(version.code)[:ROWS]),
        "history": list(selectors.history_of(version.code)[:ROWS]),
        "replay": replay,
        "sample": in_words(replay),
        "replaying": ReplayForm(),
        "reason": ReasonForm(initial={"reason": typed}),
        "asked_again": asked_again,
        "doubt": _doubt(version, replay),
        "is_own": reader.pk in (version.made_by_id, version.proposed_by_id),
        "rate": selectors.hit_rates(since=since).get(version.pk),
        "days": RATED_DAYS,
        "since": since,
        "is_analyst": selectors.is_analyst(reader, on=today),
    }
    return render(request, "risk/criterion.html", context, status=422 if asked_again else 200)


def in_words(replay: Replay | None) -> list[dict[str, Any]]:
    """The sample of a replay with its conditions as sentences."""
    sample = replay.data.get("sample", []) if replay is not None else []
    return [row | {"words": [selectors.sentence(*each) for each in row["conditions"]]} for row in sample]


def _doubt(version: Criterion, replay: Replay | None) -> Violation | None:
    """What the replay says against the version, told before anybody asks."""
    if replay is None or replay.status != Replay.Status.DONE or version.switched_on:
        return None
    return going_live.doubt(version, replay, is_explained=False)


def _shown_replay(request: HttpRequest, version: Criterion) -> Replay | None:
    """The replay that was chosen from the history, the one that runs, or the newest."""
    wanted = request.GET.get("replay", "")
    chosen = selectors.replay_of(version, int(wanted)) if wanted.isascii() and wanted.isdigit() else None
    return chosen or selectors.last_replay(version)
