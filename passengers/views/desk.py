"""What officers at the posts do with what leaves: vehicles on temporary import, claims of money, cash of an entry."""

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import person
from accounts.selectors import Posts
from lib.violations import Rejected
from passengers import selectors
from passengers.forms.choices import MONEY_WORDS
from passengers.forms.leaving import (
    ConsequenceForm,
    FindForm,
    GrantForm,
    PostForm,
    PostReasonForm,
    ReasonForm,
    VerbForm,
)
from passengers.models import ExitClaim, PassengerView, StayExtension, TravelDeclaration, VehicleStay
from passengers.services import claims, read, stays
from passengers.services.viewing import note_view

ROWS = 25
SHOWN = 20
What = PassengerView.What


def _posts(request: HttpRequest) -> Posts:
    """The officer's posts. Raises Http404 for anybody who acts at none."""
    posts = selectors.officer_posts(person(request), on=timezone.localdate())
    if not posts.roles:
        raise Http404
    return posts


@login_required
@never_cache
@require_safe
def leaving(request: HttpRequest) -> HttpResponse:
    """Look for what leaves, by plate, VIN, code or reference; else what is overdue and what waits for a decision."""
    posts, on = _posts(request), timezone.localdate()
    form = FindForm(request.GET or None)
    text = form.cleaned_data["q"].strip() if form.is_valid() else ""
    context: dict[str, Any] = {"form": form, "text": text, "today": on}
    if text:
        context["stays"] = selectors.found_stays(text)[:SHOWN]
        context["declarations"] = selectors.left_with(text)[:SHOWN]
        note_view(None, what=What.SEARCH, by=person(request), at=timezone.now(), text=text)
    else:
        rows = selectors.overdue_stays(posts, on=on)
        context["page"] = Paginator(rows, ROWS).get_page(request.GET.get("page"))
        context["waiting"] = selectors.waiting_extensions(posts)[:ROWS]
    return render(request, "passengers/leaving.html", context)


# Vehicles -----------------------------------------------------------------------------------------------------
def _stay(key: uuid.UUID) -> VehicleStay:
    found = selectors.stay_by_key(key)
    if found is None:
        raise Http404
    return found


@login_required
@never_cache
@require_safe
def vehicle(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """One stay with what the officer may do about it."""
    _posts(request)
    return _vehicle(request, _stay(key), {})


def _vehicle(request: HttpRequest, stay: VehicleStay, sent: dict[str, VerbForm]) -> HttpResponse:
    """The page; `sent` holds the form that a verb refused."""
    on, posts = timezone.localdate(), _posts(request)
    waiting = stay.extensions.filter(outcome=StayExtension.Outcome.OPEN).first()
    context: dict[str, Any] = {
        "stay": stay,
        "days_over": max((on - stay.leave_by).days, 0) if stay.status == VehicleStay.Status.HERE else 0,
        "is_here": stay.status == VehicleStay.Status.HERE,
        "extensions": stay.extensions.select_related("decided_by"),
        "consequences": stay.consequences.select_related("by"),
        "waiting": waiting,
        "decides": selectors.decides_at(posts, stay.post),
        "out": PostForm(posts=selectors.post_choices(posts, on=on)),
        "grant": GrantForm(initial={"until": waiting.asked_until if waiting else None}),
        "refusal": ReasonForm(prefix="refuse"),
        "consequence": ConsequenceForm(prefix="consequence"),
    } | sent
    return render(request, "passengers/vehicle.html", context, status=422 if sent else 200)


@login_required
@require_POST
def vehicle_act(request: HttpRequest, key: uuid.UUID, verb: str) -> HttpResponse:
    """Let it out, grant or refuse more time, record what comes of a stay that is too long."""
    posts, stay, on = _posts(request), _stay(key), timezone.localdate()
    by, at = person(request), timezone.now()
    waiting = stay.extensions.filter(outcome=StayExtension.Outcome.OPEN).first()
    form: VerbForm
    act: Callable[..., object]
    if verb == "out":
        name, form = "out", PostForm(request.POST, posts=selectors.post_choices(posts, on=on))
        act = partial(stays.let_out, stay, by=by, at=at, on=on)
    elif verb == "consequence":
        name, form = "consequence", ConsequenceForm(request.POST, prefix="consequence")
        act = partial(stays.record_consequence, stay, by=by, at=at, on=on)
    elif verb in ("grant", "refuse") and waiting is not None and selectors.decides_at(posts, stay.post):
        if verb == "grant":
            name, form = "grant", GrantForm(request.POST)
            act = partial(stays.grant_extension, waiting, by=by, at=at, on=on)
        else:
            name, form = "refusal", ReasonForm(request.POST, prefix="refuse")
            act = partial(stays.refuse_extension, waiting, by=by, at=at)
    else:
        raise Http404
    if form.is_valid():
        try:
            act(**form.cleaned_data)
            messages.success(request, _("Done."))
            return redirect("travel_vehicle", key=key)
        except Rejected as refused:
            form.take(refused)
    return _vehicle(request, _stay(key), {name: form})


# What leaves with a traveller ---------------------------------------------------------------------------------
def _declaration(key: uuid.UUID) -> TravelDeclaration:
    found = selectors.by_key(key)
    if found is None or selectors.newest_version(found) is None:
        raise Http404
    return found


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leaving_with(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """An entry at the exit: its cash and what of it is left, its goods that were paid for, a claim to decide on."""
    posts, declaration, on = _posts(request), _declaration(key), timezone.localdate()
    claim = selectors.claim_that_waits(declaration)
    choices = selectors.post_choices(posts, on=on)
    wants = request.POST.get("act", "") if claim else ""
    confirm = PostForm(request.POST if wants == "confirm" else None, posts=choices)
    refusal = PostReasonForm(request.POST if wants == "refuse" else None, posts=choices, prefix="refuse")
    if claim is not None and request.method == "POST" and _decided(request, claim, confirm, refusal):
        return redirect("travel_leaving_with", key=key)
    version = selectors.newest_version(declaration)
    assert version is not None
    content = read(version.content)
    context = {
        "declaration": declaration,
        "names": [each.name for each in content.people],
        "cash": selectors.cash_of_entry(version),
        "words": MONEY_WORDS,
        "exits": selectors.exits_of(declaration),
        "claim": claim,
        "things": dict(enumerate(content.things, start=1)),
        "worth": claims.worth(declaration, claim.goods) if claim else (),
        "claims": selectors.claims_of(declaration),
        "until": selectors.claim_until(declaration),
        "confirm": confirm,
        "refusal": refusal,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "passengers/leaving_with.html", context, status=status)


def _decided(request: HttpRequest, claim: ExitClaim, confirm: PostForm, refusal: PostReasonForm) -> bool:
    by, at, on = person(request), timezone.now(), timezone.localdate()
    try:
        if confirm.is_bound and confirm.is_valid():
            claims.confirm_claim(claim, **confirm.cleaned_data, by=by, at=at, on=on)
            messages.success(request, _("Confirmed: the money goes back to the card."))
            return True
        if refusal.is_bound and refusal.is_valid():
            claims.refuse_claim(claim, **refusal.cleaned_data, by=by, at=at)
            return True
    except Rejected as refused:
        (confirm if confirm.is_bound else refusal).take(refused)
    return False
