"""The last section: the declaration to read, every fault with the way to its box; and the verbs that end a draft."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import person
from declarations import services
from declarations.boxes import HEADER
from declarations.forms import papers, sections
from declarations.forms.controls import Controls, paired
from declarations.selectors import scans_by_id
from declarations.views.gate import draft_of, signed_in
from declarations.views.page import Sheet
from declarations.views.rows import totals
from lib.pointers import as_id
from lib.violations import Rejected, Violation

ITEMS_TO_READ = 50


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault with the address of the page and the box where it is corrected."""

    violation: Violation
    box: str
    item: int | None
    href: str


def fault_of(sheet: Sheet, violation: Violation) -> Fault:
    """The way to correct a violation."""
    pointer, key = violation.pointer, sheet.declaration.public_id
    place, name = sections.item_of(pointer), sections.section_of(pointer)
    control_id = as_id(pointer)
    if place is not None and name == "items" and "." in pointer:
        address = reverse("declaration_item", args=[key, place + 1])
    else:
        address = reverse("declaration_section", args=[key, name])
    number = sections.box_number(pointer)
    return Fault(violation, number, None if place is None else place + 1, f"{address}#{control_id}" if pointer else "")


def review_of(request: HttpRequest, sheet: Sheet) -> dict[str, Any]:
    """What the review shows beyond the frame."""
    controls = Controls(sheet.draft, held=sheet.declaration.held, faults=(), on=sheet.on)
    filled = [control for control in controls.of(HEADER) if control.text not in ("", "false")]
    groups = [
        (section, paired(control for control in filled if control.box.section == section.key))
        for section in sections.SECTIONS
    ]
    page = Paginator(sheet.draft["items"], ITEMS_TO_READ).get_page(request.GET.get("page"))
    start = (page.number - 1) * ITEMS_TO_READ
    return {
        "faults": [fault_of(sheet, violation) for violation in sheet.faults],
        "groups": [(section, boxes) for section, boxes in groups if boxes],
        "columns": sections.GRID,
        "rows": list(controls.rows("items", sections.GRID, start=start, stop=start + ITEMS_TO_READ)),
        "page": page,
        "papers": papers.shown_papers(controls, held=sheet.declaration.held, files=scans_by_id(sheet.declaration)),
        "totals": totals(sheet.draft),
    }


@signed_in
@require_POST
def lodge(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Lodge the draft. A second click finds it lodged and goes to its page."""
    declaration = draft_of(request, key)
    if not request.POST.get("true_and_complete"):
        messages.error(request, _("Confirm first that what you declare is true and complete."))
        return redirect("declaration_section", declaration.public_id, "review")
    try:
        lodged = services.lodge(declaration, on=timezone.localdate(), at=timezone.now(), by=person(request))
    except Rejected as rejected:
        for fault in rejected.violations:
            if not fault.pointer:
                messages.error(request, str(fault.sentence))
        return redirect("declaration_section", declaration.public_id, "review")
    if lodged.pk != declaration.pk:
        sentence = _("The same declaration was lodged before, as %(mrn)s. Nothing new was made.")
        messages.warning(request, sentence % {"mrn": lodged.mrn})
        return redirect("declaration_section", declaration.public_id, "review")
    messages.success(request, _("Lodged under %(mrn)s.") % {"mrn": lodged.mrn})
    return redirect("declaration", lodged.public_id)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Throw the draft away; asked for once more first, for it cannot be undone."""
    declaration = draft_of(request, key)
    amended = declaration.amends
    if request.method == "POST":
        services.discard_draft(declaration, by=person(request), at=timezone.now())
        messages.success(request, _("The draft was discarded."))
        return redirect("declaration", amended.public_id) if amended else redirect("declarations")
    return render(request, "declarations/discard.html", {"declaration": declaration})
