"""The viewer of scans: page by page, turned and zoomed, beside the declaration or on a page of its own."""

import uuid
from dataclasses import dataclass

from django.http import FileResponse, Http404, HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from accounts.requests import person
from declarations import selectors, services
from declarations.models import FileView, StoredFile
from declarations.views.gate import by_script, signed_in
from lib.pointers import whole_number

KEPT_SECONDS = 3600
ZOOMS = (50, 75, 100, 150, 200, 300)
QUARTER = 90
LOOK_AGAIN_SECONDS = 1


def file_of(request: HttpRequest, key: uuid.UUID) -> StoredFile:
    """The file, if the person may see its declaration. Raises Http404 otherwise."""
    try:
        return selectors.file_for(person(request), key, on=timezone.localdate())
    except StoredFile.DoesNotExist as missing:
        raise Http404 from missing


def kept_back(request: HttpRequest, stored: StoredFile) -> HttpResponseBase:
    """The answer for a file that is kept aside, or not checked yet."""
    if by_script(request):
        return JsonResponse({"safety": stored.safety}, status=409)
    return render(request, "declarations/kept_back.html", {"file": stored}, status=409)


@signed_in
@require_GET
def page_picture(request: HttpRequest, key: uuid.UUID, number: int) -> HttpResponseBase:
    """One page as a picture; 202 while the worker draws it. A picture that was sent is its own only page."""
    stored = file_of(request, key)
    if stored.pages is None or not 1 <= number <= stored.pages:
        raise Http404
    if not stored.is_shown:
        return kept_back(request, stored)
    place = services.page_picture(stored, number)
    if place is None:
        return JsonResponse({"again": LOOK_AGAIN_SECONDS}, status=202, headers={"Retry-After": str(LOOK_AGAIN_SECONDS)})
    services.note_look(stored, what=FileView.What.PAGES, by=person(request), at=timezone.now())
    answer = FileResponse(place.open("rb"), content_type="image/jpeg")
    answer["X-Content-Type-Options"] = "nosniff"
    patch_cache_control(answer, private=True, max_age=KEPT_SECONDS)
    return answer


@dataclass(frozen=True, slots=True)
class Look:
    """How a page is looked at where no script turns it: each change is a link."""

    page: int
    turn: int
    zoom: int

    def to(self, **changes: int) -> str:
        """The query of another look."""
        return "?" + urlencode({"page": self.page, "turn": self.turn, "zoom": self.zoom} | changes)

    @property
    def turned(self) -> str:
        return self.to(turn=(self.turn + QUARTER) % 360)

    @property
    def larger(self) -> str:
        return self.to(zoom=next((each for each in ZOOMS if each > self.zoom), ZOOMS[-1]))

    @property
    def smaller(self) -> str:
        return self.to(zoom=next((each for each in reversed(ZOOMS) if each < self.zoom), ZOOMS[0]))

    @property
    def before(self) -> str:
        return self.to(page=self.page - 1)

    @property
    def after(self) -> str:
        return self.to(page=self.page + 1)


@signed_in
@require_GET
def viewer(request: HttpRequest, key: uuid.UUID) -> HttpResponseBase:
    """A scan on a page of its own, for browsers without script and windows too small for two."""
    stored = file_of(request, key)
    if not stored.is_shown:
        return kept_back(request, stored)
    asked = {name: whole_number(request.GET.get(name, "")) for name in ("page", "turn", "zoom")}
    look = Look(
        page=min(max(asked["page"] or 1, 1), stored.pages or 1),
        turn=(asked["turn"] or 0) // QUARTER % 4 * QUARTER,
        zoom=asked["zoom"] if asked["zoom"] in ZOOMS else 100,
    )
    return render(request, "declarations/viewer.html", {"file": stored, "look": look})
