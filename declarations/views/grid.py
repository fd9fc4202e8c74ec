"""The grid of items: a page with the rows as data, the door to which a browser sends what was done, the rows anew."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import json_script
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import person
from declarations import selectors, services
from declarations.forms import edits, grid, sections
from declarations.models import Declaration
from declarations.views.gate import draft_of, signed_in
from declarations.views.page import frame, unchecked
from declarations.views.rows import totals
from declarations.views.saved import answers, box_in_words
from lib.pointers import whole_number
from lib.violations import Conflict, Rejected, Violation


def grid_page(request: HttpRequest, declaration: Declaration) -> HttpResponse:
    """The items for a browser with a script. What is wrong with them is asked for once they stand there."""
    items = selectors.items_in(declaration, sections.GRID)
    draft = {**selectors.header_of(declaration), "items": [row for _number, _key, row in items]}
    context = frame(request, unchecked(declaration, draft, on=timezone.localdate()), "items")
    data = {"state": services.state_of(declaration), "columns": grid.columns(), "carried": grid.carried(),
            "words": grid.words(), "rows": grid.texts(items, declaration.held)}  # fmt: skip
    context |= {"grid": data, "data": json_script(data, "grid-data", encoder=grid.Compact), "totals": totals(draft),
                "plain_page": whole_number(request.GET.get("at", "")) or 1}  # fmt: skip
    return render(request, "declarations/items.html", context)


@signed_in
@require_GET
def rows(request: HttpRequest, key: uuid.UUID) -> JsonResponse:
    """All rows as they are now, for a page that has heard that somebody else was there."""
    return JsonResponse(_rows(draft_of(request, key)))


@signed_in
@require_POST
def steps(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Do what was done in a grid, in its order; steps that come again are done once.

    `{"state", "steps": [{"do", "keys", "of", "boxes", "was"}]}` (`services.Step`) is answered with each box as it
    was read and each new row; `is_alone` is false where somebody else wrote since `state`. 409 where a box says
    something else by now (`violations`, `boxes` says what), or where a whole step did not fit (`refused`); all
    other steps are done.
    """
    declaration, at = draft_of(request, key), timezone.now()
    try:
        wanted, known = edits.read_steps(request.body)
        with services.locked(declaration) as draft:
            is_alone = known == services.state_of(draft)
            taken = services.take_steps(draft, wanted, by=person(request), at=at)
    except Rejected as rejected:
        said = {"violations": [fault.as_dict() for fault in rejected.violations]}
        return JsonResponse(said, status=rejected.status)
    return JsonResponse(
        {"saved": f"{timezone.localtime(at):%H:%M}", "is_alone": is_alone, **_outcome(request, key, wanted, taken)},
        status=Conflict.status if taken.conflicts or taken.refused else 200,
    )


def _outcome(
    request: HttpRequest, key: uuid.UUID, wanted: list[services.Step], taken: services.Taken
) -> dict[str, Any]:
    declaration = draft_of(request, key)
    names = [name for step in wanted if step.do == "set" for name in step.boxes]
    items = selectors.items_in(declaration, sections.GRID, keys=taken.rows) if taken.rows else []
    return {
        "state": services.state_of(declaration),
        "boxes": answers(declaration, dict.fromkeys(names), on=timezone.localdate()),
        "rows": grid.texts(items, declaration.held),
        "violations": [_said(fault) for fault in taken.conflicts],
        "refused": [fault.as_dict() for fault in taken.refused],
    }


def _said(fault: Violation) -> dict[str, str]:
    return {**fault.as_dict(), "box": box_in_words(fault)}


def _rows(declaration: Declaration) -> dict[str, Any]:
    items = selectors.items_in(declaration, sections.GRID)
    return {"state": services.state_of(declaration), "rows": grid.texts(items, declaration.held)}
