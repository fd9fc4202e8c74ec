"""What stands beside the form: duty and taxes of the draft as it is now, each line with its formula."""

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from declarations import services
from declarations.forms import sections
from declarations.views.apportionment import beside_the_value
from declarations.views.gate import draft_of, signed_in
from declarations.views.page import Sheet, frame, read, said_beside
from declarations.views.review import fault_of
from declarations.views.rows import totals
from lib.figures import ZERO
from lib.pointers import pointer_to, whole_number
from lib.violations import Violation
from tariffs.calculation import Assessment, Charge
from tariffs.selectors import need_sentence

LINES_SHOWN = 100
NEEDS_SHOWN = 8
DRAWS_SHOWN = 8


@dataclass(slots=True)
class TaxSum:
    """What one tax comes to over all items."""

    code: str
    name: str
    amount: Decimal = ZERO
    is_example: bool = False


@dataclass(frozen=True, slots=True)
class Missing:
    """Something without which a rate cannot be worked out, with the way to its box."""

    item: int | None
    sentence: str
    href: str


def sums_by_tax(charges: Iterable[Charge]) -> list[TaxSum]:
    """One sum for each tax, in the order in which they are charged."""
    sums: dict[str, TaxSum] = {}
    for charge in charges:
        tax = sums.setdefault(charge.tax_code, TaxSum(charge.tax_code, charge.tax_name))
        tax.amount += charge.amount
        tax.is_example = tax.is_example or charge.is_example
    return list(sums.values())


def duty_of(sheet: Sheet, assessed: Assessment) -> dict[str, Any]:
    """The panel's content: sums, lines to open, and in words what is still needed."""
    ways = [(fault_of(sheet, Violation(need.code, need.pointer, "")), need) for need in assessed.needs[:NEEDS_SHOWN]]
    return {
        "taxes": sums_by_tax(assessed.charges),
        "lines": assessed.charges[:LINES_SHOWN],
        "lines_left": max(0, len(assessed.charges) - LINES_SHOWN),
        "draws": assessed.draws[:DRAWS_SHOWN],
        "needs": [Missing(way.item, need_sentence(need), way.href) for way, need in ways],
        "needs_left": max(0, len(assessed.needs) - NEEDS_SHOWN),
    }


@signed_in
@require_GET
def beside(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Duty and taxes; for a script also the outline and the totals of the items, each put into its place."""
    declaration = draft_of(request, key)
    sheet = read(declaration, on=timezone.localdate())
    name = request.GET.get("section", "")
    assessed = services.preview(declaration, on=sheet.on)
    number = whole_number(request.GET.get("item", ""))
    context = frame(request, sheet, name if name in sections.BY_KEY else "procedure") | {
        "on": services.law_day(declaration, on=sheet.on),
        "assessment": assessed,
        "duty": duty_of(sheet, assessed),
        "totals": totals(sheet.draft),
        "shows_totals": name == "items" and not number,
        "shared": beside_the_value(sheet) if name == "value" else None,
        "said": json.dumps(said_beside(sheet, sheet.marked(request), _place_of(name, number))),
    }
    template = "declarations/beside.html" if request.headers.get("HX-Request") else "declarations/duty_page.html"
    return render(request, template, context)


def _place_of(name: str, number: int | None) -> str:
    """What a page of the form shows: a section, all items, or the item with this number."""
    return pointer_to("items", number - 1) + "." if number else name
