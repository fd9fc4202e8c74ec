"""What moves a version: replay, putting forward, approving, sending back, switching off; a replay of all."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import person
from lib.violations import Rejected
from risk import selectors, services
from risk.forms import ReasonForm, ReplayForm
from risk.models import About, Replay
from risk.views.criteria import criterion_page
from risk.views.gate import analysts_only, criterion_or_404, readers_only

SHOWN, ROWS = 20, 50


@analysts_only
@require_POST
def replay(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the worker try a version on the last days."""
    version, form = criterion_or_404(pk), ReplayForm(request.POST)
    days = form.cleaned_data["days"] if form.is_valid() else 30
    services.ask_replay(version, days=days, by=person(request), at=timezone.now())
    return redirect("criterion", pk=pk)


@analysts_only
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a replay; what was counted so far is kept."""
    try:
        found = selectors.replay_by_key(pk)
    except Replay.DoesNotExist as missing:
        raise Http404 from missing
    if services.stop_replay(found, at=timezone.now()):
        messages.success(request, _("The replay is stopped. What it had counted so far is kept."))
    return redirect("criterion", pk=found.criterion_id) if found.criterion_id else redirect("criteria_replays")


@analysts_only
@require_POST
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a version forward; what hit nothing, or much, is asked about again."""
    version, reason = criterion_or_404(pk), _reason(request)
    try:
        services.propose(version, reason=reason, at=timezone.now(), by=person(request))
    except Rejected as refused:
        return criterion_page(request, version, asked_again=refused.violations[0], typed=reason)
    messages.success(request, _("It is put forward. It goes live when another analyst approves it."))
    return redirect("criterion", pk=pk)


@analysts_only
@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """The second analyst lets it go live."""
    version = criterion_or_404(pk)
    try:
        services.approve(version, on=timezone.localdate(), at=timezone.now(), by=person(request))
    except Rejected as refused:
        return criterion_page(request, version, asked_again=refused.violations[0])
    messages.success(request, _("Approved. The version is live."))
    return redirect("criterion", pk=pk)


@analysts_only
@require_POST
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """The second analyst does not approve, or the first takes it back."""
    version = criterion_or_404(pk)
    try:
        services.send_back(version, reason=_reason(request), at=timezone.now(), by=person(request))
    except Rejected as refused:
        return criterion_page(request, version, asked_again=refused.violations[0])
    messages.success(request, _("It does not go live. Who put it forward finds the reason in its history."))
    return redirect("criterion", pk=pk)


@analysts_only
@require_POST
def switch_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a version out of scoring, with a reason."""
    version = criterion_or_404(pk)
    try:
        services.switch_off(version, reason=_reason(request), at=timezone.now(), by=person(request))
    except Rejected as refused:
        return criterion_page(request, version, asked_again=refused.violations[0])
    messages.success(request, _("The version is switched off."))
    return redirect("criterion", pk=pk)


def _reason(request: HttpRequest) -> str:
    form = ReasonForm(request.POST)
    return str(form.cleaned_data["reason"]) if form.is_valid() else ""


@readers_only
@require_http_methods(["GET", "HEAD", "POST"])
def replays(request: HttpRequest) -> HttpResponse:
    """All criteria in force tried at once: how often each is met, selects, and is the only one that does."""
    about = request.GET.get("about", About.DECLARATIONS.value)
    if about not in About.values:
        raise Http404
    reader, today = person(request), timezone.localdate()
    if request.method == "POST":
        form = ReplayForm(request.POST)
        if not selectors.is_analyst(reader, on=today):
            raise Http404
        days = form.cleaned_data["days"] if form.is_valid() else 30
        services.ask_replay(None, about=about, days=days, by=reader, at=timezone.now())
        return redirect(request.get_full_path())
    runs = list(selectors.replays_of_all(about)[:SHOWN])
    shown = next((each for each in runs if str(each.pk) == request.GET.get("replay")), runs[0] if runs else None)
    page = Paginator(_codes(shown), ROWS).get_page(request.GET.get("page"))
    context = {"about": about, "runs": runs, "replay": shown, "page": page, "replaying": ReplayForm(),
               "is_analyst": selectors.is_analyst(reader, on=today)}  # fmt: skip
    return render(request, "risk/replays.html", context)


def _codes(replay: Replay | None) -> list[dict[str, Any]]:
    """Criteria of a replay, those that select most first; those in force that it never met last."""
    if replay is None:
        return []
    names = {version.code: version for version in selectors.versions_in_force(on=timezone.localdate()).values()
             if version.about == replay.about}  # fmt: skip
    figures = {code: [0, 0, 0] for code in names} | replay.data.get("codes", {})
    rows = [
        {"code": code, "version": names.get(code), "hits": hits, "selected": selected, "alone": alone}
        for code, (hits, selected, alone) in figures.items()
    ]
    return sorted(rows, key=lambda row: (-row["selected"], -row["hits"], row["code"]))
