"""Profiles of companies: an analyst asks, another one agrees or refuses, either ends. Auditors read."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import person
from lib.violations import Rejected
from risk import selectors, services
from risk.desk_forms import EndForm, ProfileForm, ProfilesForm
from risk.models import CompanyProfile
from risk.selectors import profiles as reads
from risk.views.gate import analysts_only, readers_only

ROWS = 50


@readers_only
@require_GET
def profiles(request: HttpRequest) -> HttpResponse:
    """Every profile: those that wait for a second person first."""
    return _page(request, asking=ProfileForm(initial={"valid_from": timezone.localdate()}))


@analysts_only
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a profile of a company."""
    form = ProfileForm(request.POST)
    if form.is_valid():
        try:
            made = services.ask_profile(form.draft(), by=person(request), at=timezone.now())
        except Rejected as error:
            form.take(error)
        else:
            messages.success(request, _asked_in_words(made))
            return redirect("profiles")
    return _page(request, asking=form)


@analysts_only
@require_POST
def agree(request: HttpRequest, pk: int) -> HttpResponse:
    """The second person agrees."""
    return _decided(request, services.agree_to_profile, pk, _("The profile is agreed to."))


@analysts_only
@require_POST
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """The profile is not given, or taken back by whoever asked."""
    return _decided(request, services.refuse_profile, pk, _("The profile is not given."))


@analysts_only
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """The profile ends."""
    found, form = _profile(pk), EndForm(request.POST)
    if form.is_valid():
        try:
            services.end_profile(found, reason=form.cleaned_data["reason"], by=person(request), at=timezone.now())
        except Rejected as error:
            form.take(error)
        else:
            messages.success(request, _("The profile has ended."))
            return redirect("profiles")
    asking = ProfileForm(initial={"valid_from": timezone.localdate()})
    return _page(request, asking=asking, ending=(found, form))


def _decided(request: HttpRequest, verb: Any, pk: int, sentence: str) -> HttpResponse:
    try:
        verb(_profile(pk), by=person(request), at=timezone.now())
    except Rejected as error:
        messages.error(request, error.violations[0].sentence)
    else:
        messages.success(request, sentence)
    return redirect("profiles")


def _asked_in_words(made: CompanyProfile) -> str:
    if made.outcome == CompanyProfile.Outcome.AGREED:
        return _("The profile is made.")
    return _("The profile is asked for. It holds when a second analyst agrees.")


def _profile(pk: int) -> CompanyProfile:
    try:
        return reads.profile(pk)
    except CompanyProfile.DoesNotExist as missing:
        raise Http404 from missing


def _page(
    request: HttpRequest, *, asking: ProfileForm, ending: tuple[CompanyProfile, EndForm] | None = None
) -> HttpResponse:
    form, today = ProfilesForm(request.GET), timezone.localdate()
    asked = form.cleaned_data if form.is_valid() else {}
    rows = reads.all_profiles(asked.get("text", ""), asked.get("kind", ""))
    is_refused = asking.is_bound or ending is not None
    context = {
        "form": form,
        "page": Paginator(rows, ROWS).get_page(request.GET.get("page")),
        "asking": asking,
        "ending": ending,
        "today": today,
        "is_analyst": selectors.is_analyst(person(request), on=today),
    }
    return render(request, "risk/profiles.html", context, status=422 if is_refused else 200)
