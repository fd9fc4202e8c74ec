"""The duty and taxes of a consignment, as one types."""

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from tariffs.estimates import Estimate, estimate
from tariffs.forms import MOST_ITEMS, Calculator, calculator, without_item
from tariffs.selectors import need_sentence


@require_safe
@vary_on_headers("HX-Request")
def calculate(request: HttpRequest) -> HttpResponse:
    """The calculator: a form by GET, so that its address is the calculation. As one types, only results travel."""
    if (removed := request.GET.get("remove", "")).isdecimal():
        return redirect(_link(without_item(_pairs(request), int(removed))))
    data = request.GET or None
    calc = calculator(data, count=_item_count(request), today=timezone.localdate())
    answer = _answer(calc) if data is not None else None
    live = bool(request.headers.get("HX-Request"))
    if live or "go" not in request.GET:
        _forgive_what_is_missing(calc)
    link = _link(_pairs(request))
    context: dict[str, object] = {"calculator": calc, "estimate": answer, "link": link, "most_items": MOST_ITEMS}
    if answer is not None:
        context["named"] = {form.place: item for form, item in zip(calc.filled, answer.items, strict=True)}
    context["asked"] = _newly_asked(calc, request.GET) if live else []
    response = render(request, "tariffs/_calculated.html" if live else "tariffs/calculator.html", context)
    if live:
        response["HX-Replace-Url"] = link
    return response


def _item_count(request: HttpRequest) -> int:
    """How many items the form has: as many as it says or as there is data for, one more on demand."""
    given = request.GET.get("items", "")
    named = [int(name.split("-")[0]) + 1 for name in request.GET if name.split("-")[0].isdecimal()]
    said = int(given) if given.isascii() and given.isdecimal() and len(given) < 4 else 1
    shown = max([said, *(number for number in named if number <= MOST_ITEMS)])
    return max(1, min(MOST_ITEMS, shown + bool(request.GET.get("add"))))


def _answer(calc: Calculator) -> Estimate | None:
    """The estimate, if the forms are valid; each item is then asked for the quantities its rates need."""
    if not calc.is_valid():
        return None
    answer = estimate(calc.consignment(), proofs=calc.proofs(), on=calc.on)
    for form, item in zip(calc.filled, answer.items, strict=True):
        form.ask_for(item.units)
    for need in answer.needs:
        calc.point_at(need.pointer, unit=need.values.get("unit", ""), sentence=need_sentence(need))
    return answer


def _forgive_what_is_missing(calc: Calculator) -> None:
    """While one types, an empty field is not yet a fault."""
    for form in [calc.head, *calc.items]:
        for name in [
            name for name, errors in form.errors.as_data().items() if errors[0].code in ("required", "needed")
        ]:
            del form.errors[name]


def _newly_asked(calc: Calculator, data: Mapping[str, str]) -> list[object]:
    """Items whose fields for quantities differ from those the browser shows."""
    return [
        form
        for form in calc.items
        if {f"{form.place}-quantity_{unit}" for unit in form.units}
        != {name for name in data if name.startswith(f"{form.place}-quantity_")}
    ]


def _pairs(request: HttpRequest) -> list[tuple[str, str]]:
    return [(name, str(value)) for name, value in request.GET.items()]


def _link(pairs: Iterable[tuple[str, str]]) -> str:
    """The address of a calculation: only the parameters that hold something, so that it is short to share."""
    filled = [(name, value) for name, value in pairs if value and name not in ("add", "go", "items", "remove")]
    return f"{reverse('calculator')}?{urlencode(filled)}"
