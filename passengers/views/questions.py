"""One question a page on a phone, all of them on one page on a desk; saved on the server at each step."""

import uuid
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from lib.violations import Rejected
from passengers import selectors
from passengers.models import TravelDeclaration
from passengers.views.asking import Asked, ask
from passengers.views.gate import while_open
from passengers.views.shown import owed, shown
from passengers.views.steps import after, names_of, title_of


@require_http_methods(["GET", "HEAD", "POST"])
@while_open
def question(request: HttpRequest, declaration: TravelDeclaration, step: str) -> HttpResponse:
    """One question; a post saves it and goes on to the next, or shows one row more."""
    if step not in names_of(declaration.draft):
        raise Http404
    now = timezone.now()
    asked = ask(step, declaration, on=timezone.localdate(), request=request)
    if request.method == "POST" and asked.is_valid():
        try:
            saved = asked.save(declaration, at=now)
        except Rejected as refused:
            asked.refused = refused.violations
        else:
            if any(name.endswith("-zone_photo") for name in request.FILES):
                page = redirect("travel_question", key=declaration.public_id, step=step)
                page["Location"] += "?read=1"
                return page
            if "more" in request.POST:
                page = redirect("travel_question", key=declaration.public_id, step=step)
                page["Location"] += "?more=1#last"
                return page
            following = after(saved.draft, step)
            if "back" in request.POST or not following:
                return redirect("travel_review", key=declaration.public_id)
            return redirect("travel_question", key=declaration.public_id, step=following)
    context = {
        **shown(declaration),
        "asked": asked,
        "title": title_of(step),
        "was_read": "read" in request.GET,
        "is_answered": "people" in declaration.draft,
        "place": names_of(declaration.draft).index(step) + 1,
        "owed": owed(declaration, on=timezone.localdate()),
    }
    return render(request, "passengers/question.html", context, status=422 if asked.is_wrong else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@while_open
def all_questions(request: HttpRequest, declaration: TravelDeclaration) -> HttpResponse:
    """Every question on one page. What can be read is saved, whatever else is wrong."""
    on, now = timezone.localdate(), timezone.now()
    wrong = False
    sections: list[Asked] = []
    for step in names_of(declaration.draft):
        asked = ask(step, declaration, on=on, request=request)
        if request.method == "POST":
            if asked.is_valid():
                try:
                    declaration = asked.save(declaration, at=now)
                except Rejected as refused:
                    asked.refused = refused.violations
            wrong = wrong or asked.is_wrong
        sections.append(asked)
    if request.method == "POST" and not wrong:
        if "send" in request.POST:
            return redirect("travel_review", key=declaration.public_id)
        return redirect("travel_all", key=declaration.public_id)
    context = {**shown(declaration), "sections": sections, "owed": owed(declaration, on=on)}
    return render(request, "passengers/all.html", context, status=422 if wrong else 200)


@require_safe
@while_open
def photo(request: HttpRequest, declaration: TravelDeclaration, photo: uuid.UUID) -> Any:
    """A photograph of the declaration."""
    found = selectors.photo_of(declaration, photo)
    if found is None:
        raise Http404
    response = FileResponse(found.file.open(), content_type=found.content_type)
    response["Content-Disposition"] = "inline"
    response["X-Content-Type-Options"] = "nosniff"
    return response
