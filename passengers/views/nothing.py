"""Nothing to declare: who and where on one page, and the receipt of the green channel follows at once."""

import uuid
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lib.languages import day_text
from lib.violations import Rejected, Violation
from passengers import services
from passengers.models import TravelDeclaration
from passengers.views.asking import Asked, ask, way_said
from passengers.views.gate import while_open
from passengers.views.shown import shown

STEPS = ("trip", "people")
# Of the trip no more is asked than a receipt needs.
TRIP_FIELDS = ("direction", "way", "post", "day")
# Any of the names will do; the officer compares the number.
PERSON_FIELDS = ("family", "birth", "document")


@require_http_methods(["GET", "HEAD", "POST"])
@while_open
def nothing(request: HttpRequest, declaration: TravelDeclaration) -> HttpResponse:
    """Both questions on one page; a post keeps them and sends. Whoever has said more goes by the questions."""
    if declaration.version or declaration.draft.get("carries"):
        return redirect("travel_review", key=declaration.public_id)
    on, violations = timezone.localdate(), list[Violation]()
    sections = [ask(step, declaration, on=on, request=request) for step in STEPS]
    if request.method == "POST":
        declaration, violations = _keep_and_send(sections, declaration, request)
        if not violations and not any(asked.is_wrong for asked in sections):
            return redirect("travel_standing", key=declaration.public_id)
    trip, people = sections
    people.main = PERSON_FIELDS
    context = {
        **shown(declaration),
        "trip": [trip.form[name] for name in TRIP_FIELDS],
        "trip_said": _trip_said(trip, declaration),
        "trip_wrong": bool(trip.form.errors),
        "asked": people,
        "countries": people.countries,
        "violations": violations,
        "key": uuid.uuid4().hex,
    }
    return render(request, "passengers/nothing.html", context, status=422 if request.method == "POST" else 200)


def _trip_said(trip: Asked, declaration: TravelDeclaration) -> str:
    """Direction, way and day in words; empty where direction or way is not known."""
    way = way_said(declaration.draft)
    day = trip.form["day"].value()
    if day in (timezone.localdate(), timezone.localdate().isoformat()):
        day = _("today")
    return f"{way} · {day_text(day) if isinstance(day, date) else day}" if way else ""


def _keep_and_send(
    sections: list[Asked], declaration: TravelDeclaration, request: HttpRequest
) -> tuple[TravelDeclaration, list[Violation]]:
    """What can be read is kept whatever else is wrong; it is sent when nothing is."""
    on, now = timezone.localdate(), timezone.now()
    for asked in sections:
        if asked.is_valid():
            declaration = asked.save(declaration, at=now)
    if any(asked.is_wrong for asked in sections):
        return declaration, []
    try:
        services.submit(declaration, key=request.POST.get("key", "")[:64], at=now, on=on)
    except Rejected as refused:
        return declaration, refused.violations
    return declaration, []
