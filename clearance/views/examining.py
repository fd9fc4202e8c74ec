"""The check of an instruction and the parts of an examination; a phone sends photographs by a link of its own."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.requests import person
from clearance import forms, selectors, services
from clearance.models import Examination
from clearance.views.actions import act_on, examination_of, of
from clearance.views.gate import case_of
from lib.limits import asked_this_minute
from lib.papers import qr_drawing
from lib.pictures import first_bytes
from lib.violations import Rejected

SENT_A_MINUTE = 120


@login_required
@require_POST
def check(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    found = case_of(request, key)
    form = forms.CheckForm(request.POST, prefix="check")
    return act_on(request, found, "checking", form, of(services.check_instruction, found), _("The check is recorded."))


@login_required
@require_POST
def facts(request: HttpRequest, key: uuid.UUID, examination: int) -> HttpResponse:
    found = case_of(request, key)
    form = forms.FactsForm(request.POST, prefix="facts")
    verb = of(services.keep_facts, examination_of(found, examination))
    return act_on(request, found, "facts", form, verb, _("Place, containers and seals are kept."))


@login_required
@require_POST
def sample(request: HttpRequest, key: uuid.UUID, examination: int) -> HttpResponse:
    found = case_of(request, key)
    form = forms.SampleForm(request.POST, prefix="sample")
    verb = of(services.take_sample, examination_of(found, examination))
    return act_on(request, found, "sampling", form, verb, _("The sample is recorded."))


@login_required
@require_POST
def sample_result(request: HttpRequest, key: uuid.UUID, sample: int) -> HttpResponse:
    found = case_of(request, key)
    taken = selectors.sample_of(found, sample)
    if taken is None:
        raise Http404
    form = forms.SampleResultForm(request.POST, prefix="result")
    verb = of(services.record_sample_result, taken)
    return act_on(request, found, "resulting", form, verb, _("The result is recorded."))


@login_required
@require_POST
def presence(request: HttpRequest, key: uuid.UUID, examination: int) -> HttpResponse:
    found = case_of(request, key)
    form = forms.PresenceForm(request.POST, prefix="presence")
    verb = of(services.record_presence, examination_of(found, examination))
    return act_on(request, found, "presence", form, verb, _("The person is recorded."))


@login_required
@require_POST
def photo(request: HttpRequest, key: uuid.UUID, examination: int) -> HttpResponse:
    """A photograph from the officer's own page."""
    found = case_of(request, key)
    form = forms.PhotoForm(request.POST, request.FILES, prefix="photo")
    return act_on(
        request, found, "photo", form, _keep(examination_of(found, examination)), _("The photograph is kept.")
    )  # fmt: skip


@login_required
@require_safe
def picture(request: HttpRequest, key: uuid.UUID, picture: uuid.UUID) -> Any:
    """A photograph or a signature of the file."""
    file = selectors.picture_of(case_of(request, key), picture)
    if file is None:
        raise Http404
    response = FileResponse(file.open(), content_type="image/jpeg")
    response["Content-Disposition"] = "inline"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@login_required
@require_safe
def link(request: HttpRequest, key: uuid.UUID, examination: int) -> HttpResponse:
    """The QR code by which a phone sends photographs to the examination, for the officer who works on it."""
    found = case_of(request, key)
    at_work = examination_of(found, examination)
    if at_work.finished_at is not None:
        raise Http404
    token = selectors.photo_link(at_work, by=person(request), at=timezone.now())
    address = settings.SITE_URL + reverse("phone_photos", args=[token])
    context = {"case": found, "examination": at_work, "address": address, "qr": qr_drawing(address)}
    return render(request, "clearance/photo_link.html", context)


@login_required
@require_POST
def end_links(request: HttpRequest, key: uuid.UUID, examination: int) -> HttpResponse:
    """All links to the examination end that this officer made."""
    at_work = examination_of(case_of(request, key), examination)
    services.end_photo_links(at_work, by=person(request), at=timezone.now())
    messages.success(request, _("Your links for phones to this examination have ended."))
    return redirect("case", key)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def phone(request: HttpRequest, token: str) -> HttpResponse:
    """The page of the link: takes photographs and sends them when there is a line. Nobody signs in."""
    if asked_this_minute(request, "phone-photos") > SENT_A_MINUTE:
        return _told(request, 429, _("Too many at once. Wait a minute; what waits is sent by itself."))
    found = selectors.by_photo_link(token)
    if found is None:
        return _ended(request)
    examination, officer = found
    if request.method != "POST":
        return _phone_page(request, examination)
    form = forms.PhotoForm(request.POST, request.FILES)
    sentence = _kept_by(form, examination, officer)
    if sentence:
        return _told(request, 422, sentence, examination)
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"done": True})
    messages.success(request, _("The photograph is kept."))
    return redirect("phone_photos", token=token)


def _kept_by(form: forms.PhotoForm, examination: Examination, officer: User) -> str:
    """Keep the photograph; what is wrong with it, empty if nothing is."""
    if not form.is_valid():
        return str(next(iter(form.errors.values()))[0])
    try:
        _keep(examination)(**form.cleaned_data, by=officer, at=timezone.now())
    except Rejected as error:
        return error.violations[0].sentence
    return ""


def _keep(examination: Examination) -> Any:
    return lambda *, photo, **given: services.keep_photo(examination, content=first_bytes(photo), **given)


def _phone_page(
    request: HttpRequest, examination: Examination, *, refused: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "mrn": examination.case.mrn,
        "subject": f"examination:{examination.pk}",
        "photos": selectors.photos_in(examination),
        "form": forms.PhotoForm(initial={"key": uuid.uuid4()}),
        "refused": refused,
    }
    page: HttpResponse = render(request, "clearance/phone_photos.html", context, status=status)
    return page


def _told(request: HttpRequest, status: int, sentence: str, examination: Examination | None = None) -> HttpResponse:
    if "application/json" in request.headers.get("Accept", "") or examination is None:
        return JsonResponse({"done": False, "sentence": sentence}, status=status)
    return _phone_page(request, examination, refused=sentence, status=status)


def _ended(request: HttpRequest) -> HttpResponse:
    sentence = _("This link is no longer good. Open a new one at the desk.")
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"done": False, "sentence": sentence}, status=410)
    return render(request, "clearance/phone_photos.html", {"refused": sentence}, status=410)
