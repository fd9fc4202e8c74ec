"""Corrections in the browser: begun on the declaration's page, compared, sent, decided; lists of both sides."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from accounts.requests import person
from clearance import forms, selectors
from clearance.models import Correction
from clearance.services import corrections as verbs
from clearance.views import trader
from clearance.views.gate import (
    ROWS,
    CappedPaginator,
    correction_of,
    declaration_of,
    powers_or_404,
    prepared_declaration_of,
)
from declarations.models import Declaration, Status
from declarations.selectors import canonical, changes_between, content_of, draft_for, may_prepare
from declarations.services import check
from lib.pointers import whole_number
from lib.violations import Rejected

State = Correction.Status


@dataclass(frozen=True)
class Act:
    """A verb of the page: its form, what is said when it is done, and whether the law's day is asked for."""

    verb: Callable[..., Correction]
    form: type[forms.VerbForm]
    done: str | Promise
    asks_day: bool = False


TRADER: Mapping[str, Act] = {
    "send": Act(verbs.send, forms.ReasonForm, gettext_lazy("Sent."), asks_day=True),
    "withdraw": Act(verbs.withdraw, forms.NothingForm, gettext_lazy("Withdrawn.")),
    "accept": Act(verbs.accept, forms.NothingForm, gettext_lazy("Accepted: the new version counts."), asks_day=True),
    "accept-contested": Act(
        verbs.accept_contested, forms.NothingForm, gettext_lazy("Accepted: the new version counts."), asks_day=True
    ),
    "contest": Act(verbs.contest, forms.ReasonForm, gettext_lazy("Another officer judges it now.")),
}
OFFICER: Mapping[str, Act] = {
    "propose": Act(verbs.send_proposal, forms.ReasonForm, gettext_lazy("The trader is asked."), asks_day=True),
    "take-back": Act(verbs.withdraw, forms.NothingForm, gettext_lazy("Withdrawn.")),
    "decide": Act(verbs.decide, forms.ConsentForm, gettext_lazy("Your decision is recorded."), asks_day=True),
    "confirm": Act(verbs.confirm, forms.NothingForm, gettext_lazy("Confirmed."), asks_day=True),
    "send-back": Act(verbs.send_back, forms.GroundsForm, gettext_lazy("The first decision has fallen.")),
    "uphold": Act(verbs.uphold, forms.GroundsForm, gettext_lazy("Upheld: the new version counts."), asks_day=True),
    "drop": Act(verbs.drop, forms.GroundsForm, gettext_lazy("The proposal is dropped.")),
}


# Pages --------------------------------------------------------------------------------------------------------
@login_required
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """All corrections the reader may see, the newest first."""
    rows = selectors.corrections_visible_to(person(request), on=timezone.localdate())
    page = CappedPaginator(rows, ROWS).get_page(request.GET.get("page"))
    return render(request, "clearance/corrections.html", {"page": page})


@login_required
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for officers of the offices: claims and contested proposals, contested fines."""
    powers = powers_or_404(request)
    page = CappedPaginator(selectors.waiting_corrections(powers), ROWS).get_page(request.GET.get("page"))
    fines = selectors.contested_fines(powers)[:ROWS]
    context = {"page": page, "fines": fines, "now": timezone.now(), "judging": forms.GroundsForm(prefix="judge")}
    return render(request, "clearance/correction_queue.html", context)


@login_required
@require_GET
def correction(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """One correction: what it changes box by box, what it costs, how far it has come."""
    return show(request, correction_of(request, key))


def show(request: HttpRequest, found: Correction, refused: tuple[str, forms.VerbForm] | None = None) -> HttpResponse:
    """The page, with the form that a verb refused if there is one."""
    user, today = person(request), timezone.localdate()
    draft, old = found.draft, found.declaration
    draft.amends = old
    ended = found.status not in (State.DRAFT, *Correction.OPEN)
    effect = None if ended else verbs.effect_of(draft, on=today)
    context: dict[str, Any] = {
        "correction": found,
        "declaration": old,
        "draft": draft,
        "changes": changes_between(canonical(content_of(old)), canonical(content_of(draft))),
        "effect": effect,
        "ruling": _ruling(found, effect, on=today),
        "faults": check(draft, on=today) if found.status == State.DRAFT else [],
        "as_trader": may_prepare(user, old, on=today),
        "as_officer": _acts(user, found, on=today),
        "may_edit": found.status == State.DRAFT and _may_edit(user, draft, on=today),
        "stale": _is_stale(found),
        "forms": _forms(refused),
        "refused": refused and refused[1],
    }
    return render(request, "clearance/correction.html", context, status=422 if refused else 200)


@login_required
@require_GET
def versions(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Two versions of a declaration side by side: by default the last two."""
    user, today = person(request), timezone.localdate()
    found = declaration_of(request, key)
    seen = {each.version: each for each in selectors.versions_seen(found, user, on=today)}
    if not seen:
        raise Http404
    new = seen.get(whole_number(request.GET.get("new", "")) or 0) or seen[max(seen)]
    before = [each for number, each in seen.items() if number < new.version]
    old = seen.get(whole_number(request.GET.get("old", "")) or 0) or (before[-1] if before else new)
    compared = selectors.side_by_side(old, new, on=today)
    context = {"declaration": found, "versions": list(seen.values()), "compared": compared}
    return render(request, "clearance/versions.html", context)


# Verbs --------------------------------------------------------------------------------------------------------
@login_required
@require_POST
def begin(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Begin a correction of the declaration, or go on with the one that was begun."""
    found = prepared_declaration_of(request, key)
    form = forms.NothingForm(request.POST)
    form.is_valid()
    try:
        made = verbs.begin(found, by=person(request), at=timezone.now())
    except Rejected as error:
        form.take(error)
        return trader.show(request, found, amending=form)
    return redirect("declaration_edit", key=made.draft.public_id)


@login_required
@require_POST
def begin_again(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Take what was written in a correction over into a new one, on the version that counts."""
    found, user, today = correction_of(request, key), person(request), timezone.localdate()
    if not may_prepare(user, found.declaration, on=today) or found.is_proposal:
        raise Http404
    newest = selectors.versions_seen(found.declaration, user, on=today)[-1]
    form = forms.NothingForm(request.POST)
    form.is_valid()
    try:
        made = verbs.begin_again(found, on_version=newest, by=user, at=timezone.now())
    except Rejected as error:
        form.take(error)
        return show(request, found, ("again", form))
    return redirect("declaration_edit", key=made.draft.public_id)


@login_required
@require_POST
def act(request: HttpRequest, key: uuid.UUID, verb: str) -> HttpResponse:
    """A verb of one of the two sides; a refusal shows the page again with what was typed."""
    found = correction_of(request, key)
    chosen = _act_of(person(request), found, verb)
    form = chosen.form(request.POST, prefix=verb)
    if form.is_valid():
        at = timezone.now()
        day: dict[str, date | datetime] = {"on": timezone.localdate(at)} if chosen.asks_day else {}
        try:
            chosen.verb(found, **form.cleaned_data, **day, by=person(request), at=at)
        except Rejected as error:
            form.take(error)
        else:
            messages.success(request, str(chosen.done))
            return redirect("correction", key=key)
    return show(request, correction_of(request, key), (verb, form))


def _act_of(user: User, found: Correction, verb: str) -> Act:
    """The verb, for somebody of the side to which it belongs. Raises Http404 for others."""
    today = timezone.localdate()
    if verb in TRADER and may_prepare(user, found.declaration, on=today):
        return TRADER[verb]
    if verb in OFFICER and selectors.powers_of(user, on=today).sees(found.office_code):
        return OFFICER[verb]
    raise Http404


# What the page shows ------------------------------------------------------------------------------------------
def _acts(user: User, found: Correction, *, on: date) -> bool:
    """Whether the reader may decide as an officer."""
    return selectors.acts_in_office(user, found.office_code, on=on) and not selectors.is_linked_to_number(
        user, found.mrn
    )


def _may_edit(user: User, draft: Declaration, *, on: date) -> bool:
    try:
        draft_for(user, draft.public_id, on=on)
    except Declaration.DoesNotExist:
        return False
    return True


def _is_stale(found: Correction) -> bool:
    """Whether the version was replaced before the correction was sent."""
    return found.status == State.DRAFT and found.declaration.status == Status.SUPERSEDED


def _ruling(found: Correction, effect: verbs.EffectOf | None, *, on: date) -> selectors.Ruling | None:
    """What the law will say of a draft that is sent today."""
    if found.status != State.DRAFT or effect is None or found.is_proposal:
        return None
    return selectors.ruling_on(found.declaration, effect=effect.effect, on=on)


def _forms(refused: tuple[str, forms.VerbForm] | None) -> dict[str, Any]:
    """The forms by name, dashes as underscores for the template."""
    found = {verb: chosen.form(prefix=verb) for verb, chosen in {**TRADER, **OFFICER}.items()}
    if refused is not None:
        found[refused[0]] = refused[1]
    return {verb.replace("-", "_"): form for verb, form in found.items()}
