"""How a draft began that was made from an earlier declaration or a template: what was left out, what the law says."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from declarations import selectors
from declarations.forms import sections
from declarations.forms.left_out import left_out
from declarations.models import Declaration
from declarations.views.gate import draft_of, signed_in
from declarations.views.page import Sheet, read
from declarations.views.review import fault_of
from lib.pointers import as_id

SHOWN = 100


def against_the_law(sheet: Sheet) -> list[Any]:
    """Faults of what is written, by the law of today; what is merely missing is for the form to ask."""
    return [fault_of(sheet, fault) for fault in sheet.faults if sheet.is_written(fault.pointer)]


def opened(request: HttpRequest, draft: Declaration) -> HttpResponse:
    """To the page that says what was left out, if there is anything to say; else to the first box that is open."""
    sheet = read(draft, on=timezone.localdate())
    if draft.beginning.left_out or against_the_law(sheet):
        return redirect("declaration_begun", draft.public_id)
    return redirect(first_open(sheet))


def first_open(sheet: Sheet) -> str:
    """The address of the first fault in the order of the form; without any, of the items."""
    order = [section.key for section in sections.sections_for(sheet.draft)]
    faults = sorted(sheet.faults, key=lambda fault: order.index(sections.section_of(fault.pointer)))
    if not faults:
        return reverse("declaration_section", args=[sheet.declaration.public_id, "items"])
    name = sections.section_of(faults[0].pointer)
    address = reverse("declaration_section", args=[sheet.declaration.public_id, name])
    return f"{address}#{as_id(faults[0].pointer)}" if faults[0].pointer and name != "review" else address


@signed_in
@require_GET
def begun(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """What was left out, and what today's law says about the rest, before one goes on."""
    sheet = read(draft_of(request, key), on=timezone.localdate())
    beginning = selectors.beginning_of(sheet.declaration)
    if beginning is None:
        raise Http404
    rows, faults = left_out(beginning, on=sheet.on), against_the_law(sheet)
    context = {
        "declaration": sheet.declaration,
        "beginning": beginning,
        "rows": rows[:SHOWN],
        "rows_left": max(0, len(rows) - SHOWN),
        "faults": faults[:SHOWN],
        "faults_left": max(0, len(faults) - SHOWN),
        "on": sheet.on,
        "go_on": first_open(sheet),
    }
    return render(request, "declarations/begun.html", context)
