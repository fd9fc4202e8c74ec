"""The start page tells the rules before anything is typed; from there a declaration is begun or resumed."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lib.limits import asked_this_minute, counted
from lib.requests import client
from lib.resume_codes import plain_resume_code
from passengers import selectors, services
from passengers.forms import BeginForm, CarriesForm, ResumeForm
from passengers.requests import COOKIE, opened_keys, remember
from passengers.selectors.rules import rules_for
from passengers.views.steps import first_open
from tariffs.models import Direction

TRIES_A_MINUTE, TRIES_OF_A_CODE, HOUR = 10, 20, 3600
BEGUN_A_MINUTE = 30


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """What may be carried free, must be declared, is forbidden: for a direction, a way of travel and an age."""
    asked = {"direction": "entry", "way": "air", "age": "", **request.GET.dict()}
    form = BeginForm(asked)
    if not form.is_valid():
        form = BeginForm({"direction": "entry", "way": "air"})
        form.is_valid()
    chosen = form.cleaned_data
    rules = rules_for(direction=chosen["direction"], way=chosen["way"], age=chosen.get("age"), on=timezone.localdate())
    context = {
        "form": form,
        "directions": Direction.choices[:2],
        "rules": rules,
        "chosen": chosen,
        "carries": CarriesForm(prefix="carries"),
        "has_begun": bool(opened_keys(request)),
    }
    return render(request, "passengers/start.html", context)


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """A declaration is begun with what was ticked; on a desk all its questions stand on one page."""
    form = BeginForm(request.POST)
    if not form.is_valid() or asked_this_minute(request, "travel-begin") > BEGUN_A_MINUTE:
        return redirect("travel")
    now = timezone.now()
    trip = {"direction": form.cleaned_data["direction"], "way": form.cleaned_data["way"]}
    ticked = CarriesForm(request.POST, prefix="carries")
    nothing = bool(request.POST.get("nothing"))
    made = services.begin(
        trip=trip,
        carries=ticked.cleaned_data["carries"] if ticked.is_valid() and not nothing else (),
        language=(get_language() or "en")[:2],
        at=now,
        key=_key(request.POST.get("key", "")),
    )
    if nothing:
        return remember(redirect("travel_nothing", key=made.public_id), request, made)
    if request.POST.get("layout") == "all":
        return remember(redirect("travel_all", key=made.public_id), request, made)
    return remember(redirect("travel_question", key=made.public_id, step=first_open(made.draft)), request, made)


def _key(text: str) -> uuid.UUID | None:
    """The key that the phone has chosen; none where it is none of chance."""
    try:
        found = uuid.UUID(text)
    except ValueError:
        return None
    return found if found.version == 4 else None


@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: HttpRequest) -> HttpResponse:
    """With the code and a date of birth. Whatever is wrong, the answer is the same, and guessing is slow."""
    form = ResumeForm(request.POST if request.method == "POST" else None)
    own = [found for key in opened_keys(request) if (found := selectors.by_hex(key))]
    context = {"form": form, "own": own}
    if request.method != "POST":
        return render(request, "passengers/resume.html", context)
    code = plain_resume_code(request.POST.get("code", "")[:40])
    of_code = counted(f"travel-code:{code}", seconds=HOUR) if code else 0
    if counted(f"travel-resume:{client(request)}", seconds=60) > TRIES_A_MINUTE or of_code > TRIES_OF_A_CODE:
        response = render(request, "passengers/later.html", status=429)
        response["Retry-After"] = "60"
        return response
    found = selectors.by_code(code, form.cleaned_data["birth"]) if form.is_valid() else None
    if found is None:
        if not form.errors:
            form.add_error(None, _("Nothing opens with this code and date of birth. Check both and try again."))
        return render(request, "passengers/resume.html", context, status=422)
    return remember(redirect("travel_standing", key=found.public_id), request, found)


@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """This browser no longer opens what it has opened; whoever has the code still does."""
    response = redirect("travel")
    response.delete_cookie(COOKIE, samesite="Lax")
    return response
