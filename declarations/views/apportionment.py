"""What falls on each item of the costs in the header, as the assessment shares them: beside the boxes, and whole."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from declarations import services
from declarations.boxes import BY_FIELD
from declarations.forms.sections import SEPARATE_COSTS
from declarations.models import Declaration
from declarations.views.gate import draft_of, signed_in
from declarations.views.page import Sheet, frame, read
from lib.figures import ZERO, last_place
from tariffs.calculation import Share, SharedCost

LINES = 20
SHOWN_PLACES = last_place(6)
BY_MASS = "1"


@dataclass(frozen=True, slots=True)
class Part:
    """What falls on one item of one cost. `is_rounded`: the amount is not its exact part."""

    amount: Decimal
    exact: Decimal
    carried: Decimal
    left: Decimal

    @property
    def is_rounded(self) -> bool:
        return bool(self.left or self.carried)


@dataclass(frozen=True, slots=True)
class Line:
    """An item with its weight in the sharing, and its part of each cost."""

    number: int
    description: str
    weight: Decimal
    parts: Sequence[Part]
    sum: Decimal


def _short(figure: Decimal) -> Decimal:
    return figure.quantize(SHOWN_PLACES)


def _part(share: Share) -> Part:
    return Part(share.amount, _short(share.exact), _short(share.carried), _short(share.left))


def apportionment_of(declaration: Declaration, draft: Mapping[str, Any], *, most: int | None) -> dict[str, Any]:
    """The table: costs in their order, a line for each item (`most` of them), and by what they are shared."""
    costs = [cost for cost in services.apportioned(declaration, on=timezone.localdate()) if cost.stated]
    items, mode = draft["items"][:most], str(draft.get("working_mode") or "")
    return {
        "costs": [{"cost": cost, "label": BY_FIELD["header"][cost.name].label} for cost in costs],
        "lines": [_line(costs, place, item) for place, item in enumerate(items)] if costs else [],
        "lines_left": len(draft["items"]) - len(items),
        "by_mass": mode == BY_MASS,
        "own": mode == SEPARATE_COSTS,
        "whole": sum((share.weight for share in costs[0].shares), ZERO) if costs else ZERO,
        "total": sum((_signed(cost, cost.total) for cost in costs), ZERO),
        "currency": draft.get("invoice_currency") or "",
    }


def _line(costs: Sequence[SharedCost], place: int, item: Mapping[str, Any]) -> Line:
    return Line(
        number=place + 1,
        description=str(item.get("commercial_description") or item.get("commodity_code") or ""),
        weight=costs[0].shares[place].weight,
        parts=[_part(cost.shares[place]) for cost in costs],
        sum=sum((_signed(cost, cost.shares[place].amount) for cost in costs), ZERO),
    )


def _signed(cost: SharedCost, amount: Decimal) -> Decimal:
    return -amount if cost.name == "deduction" else amount


def beside_the_value(sheet: Sheet) -> dict[str, Any]:
    """The table as the section of values shows it."""
    return apportionment_of(sheet.declaration, sheet.draft, most=LINES)


@signed_in
@require_GET
def apportionment(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The whole table."""
    sheet = read(draft_of(request, key), on=timezone.localdate())
    context = frame(request, sheet, "value") | {"shared": apportionment_of(sheet.declaration, sheet.draft, most=None)}
    return render(request, "declarations/apportionment.html", context)
