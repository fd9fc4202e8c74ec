"""The duty and taxes of a consignment, as one types, and on paper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from lib.limits import asked_this_minute
from lib.pointers import whole_number
from tariff_lookup import calculation_pdf
from tariff_lookup.estimates import Alternative, Estimate, Option, estimate
from tariff_lookup.forms import (
    MOST_ITEMS,
    Calculator,
    ItemForm,
    calculator,
    place_of,
    places_of,
    unpacked,
    without_item,
)
from tariffs.models import Commodity

PAPERS_A_MINUTE = 10
Pairs = Sequence[tuple[str, str]]


@dataclass
class Page:
    """A calculation as the page shows it: the forms, the answer if there is one, and the links that lead on."""

    calculator: Calculator
    typed: Pairs
    estimate: Estimate | None = None
    newly_asked: list[ItemForm] = field(default_factory=list)

    @cached_property
    def link(self) -> str:
        """The address of the calculation, as short as it can be: what is typed, while it cannot be read yet."""
        return _link(self.calculator.pairs() if self.estimate is not None else _filled(self.typed))

    @property
    def whole_link(self) -> str:
        return settings.SITE_URL + self.link

    @property
    def pdf_link(self) -> str:
        return reverse("calculation_pdf") + self.link.removeprefix(reverse("calculator"))

    @cached_property
    def alternatives(self) -> list[tuple[Alternative, str]]:
        """What is cheaper, each with the address that applies it."""
        found = self.estimate.alternatives if self.estimate is not None else ()
        return [(other, self._with_claim(other, other.items)) for other in found]

    @cached_property
    def options(self) -> dict[int, list[tuple[Option, str]]]:
        """The options of each item by its number, each with the address that applies it."""
        items = self.estimate.items if self.estimate is not None else ()
        return {
            item.item.number: [(option, self._with_claim(option, [item.item.number])) for option in item.options]
            for item in items
        }

    def _with_claim(self, other: Alternative | Option, numbers: Sequence[int]) -> str:
        return _link(self.calculator.pairs({number: _changes(other) for number in numbers}))

    @cached_property
    def named(self) -> dict[int, Commodity | None]:
        """The commodity of each place of the form."""
        items = self.estimate.items if self.estimate is not None else ()
        return {form.place: item.commodity for form, item in zip(self.calculator.filled, items, strict=False)}

    @cached_property
    def idle(self) -> set[int]:
        """The places whose paper changes nothing."""
        items = self.estimate.items if self.estimate is not None else ()
        return {form.place for form, item in zip(self.calculator.filled, items, strict=False) if item.idle_paper}

    @cached_property
    def offered(self) -> dict[int, list[tuple[Commodity, str]]]:
        """Lines that may be meant by a code that cannot be declared, each with the address that takes it."""
        return {
            form.place: [(row, self._with_code(form.place, row.code)) for row in form.offered]
            for form in self.calculator.items
            if form.offered
        }

    def _with_code(self, place: int, code: str) -> str:
        name = f"{place}-commodity_code"
        return _link([(key, code if key == name else text) for key, text in _filled(self.typed)])

    @property
    def is_future(self) -> bool:
        return self.calculator.on > self.calculator.head.today

    @property
    def is_lawless(self) -> bool:
        """Whether no tax at all is known on the date."""
        return self.estimate is not None and not self.estimate.law.taxes


@require_safe
@gzip_page
@vary_on_headers("HX-Request")
def calculate(request: HttpRequest) -> HttpResponse:
    """The calculator: a form by GET, so that its address is the calculation. As one types, only results travel."""
    typed = _typed(request)
    if (removed := whole_number(request.GET.get("remove", ""))) is not None:
        return redirect(_link(_filled(list(without_item(typed, removed)))))
    page = _page(request, typed)
    live = bool(request.headers.get("HX-Request"))
    if live or "go" not in request.GET:
        _forgive_what_is_missing(page.calculator)
    if live:
        page.newly_asked = _newly_asked(page.calculator, dict(typed))
    response = render(
        request,
        "tariff_lookup/_calculated.html" if live else "tariff_lookup/calculator.html",
        {"page": page, "calculator": page.calculator, "estimate": page.estimate, "most_items": MOST_ITEMS},
    )
    if live:
        response["HX-Replace-Url"] = page.link
    return response


@require_safe
def calculation_paper(request: HttpRequest) -> HttpResponse:
    """The calculation as PDF, in the reader's language; what cannot be computed leads back to the form."""
    page = _page(request, _typed(request))
    if page.estimate is None:
        return redirect(f"{page.link}&go=1")
    if asked_this_minute(request, "calculation") > PAPERS_A_MINUTE:
        response = render(request, "tariff_lookup/calculation_later.html", {"page": page}, status=429)
        response["Retry-After"] = "60"
        return response
    head = page.calculator.head
    typed = calculation_pdf.Typed(str(head.term or ""), head.named_costs(), list(page.calculator.lacking.values()))
    content = calculation_pdf.render(page.estimate, typed, link=page.whole_link, today=timezone.localdate())
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="calculation-{page.calculator.on:%Y-%m-%d}.pdf"'
    return answer


# What was typed -----------------------------------------------------------------------------------------------
def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Every parameter in the long form."""
    return unpacked((name, str(text)) for name, texts in request.GET.lists() for text in texts)


def _page(request: HttpRequest, typed: Pairs) -> Page:
    data = dict(typed)
    today: date = timezone.localdate()
    places = places_of(data, more=bool(request.GET.get("add")))
    page = Page(calculator(data or None, places=places, today=today), typed)
    page.estimate = _answer(page.calculator) if data else None
    return page


def _answer(calc: Calculator) -> Estimate | None:
    """The estimate, if the forms are valid; each item is then asked for what its rates and claims need."""
    if not calc.is_valid():
        return None
    answer = estimate(calc.consignment(), proofs=calc.proofs(), on=calc.on)
    calc.take(answer)
    return answer


def _forgive_what_is_missing(calc: Calculator) -> None:
    """While one types, an empty field is not yet a fault."""
    for form in [calc.head, *calc.items]:
        for name in [
            name for name, errors in form.errors.as_data().items() if errors[0].code in ("required", "needed")
        ]:
            del form.errors[name]


def _newly_asked(calc: Calculator, data: Mapping[str, str]) -> list[ItemForm]:
    """Items whose fields differ from those the browser shows: quantities, claims, own costs."""
    return [
        form
        for form in calc.items
        if {bound.html_name for bound in form.shown} != {name for name in data if place_of(name) == form.place}
    ]


# Addresses ----------------------------------------------------------------------------------------------------
def _changes(other: Alternative | Option) -> dict[str, str]:
    """The fields of an item that make the claim."""
    claim = other.claim
    changes = {"preference": claim.preference, "quota_code": claim.quota}
    if claim.document or not claim.quota:
        changes["proof"] = claim.document
    return changes


def _filled(pairs: Pairs) -> list[tuple[str, str]]:
    """Only the parameters that hold something, so that the address is short to share."""
    return [(name, text) for name, text in pairs if text and name not in ("add", "go", "items", "remove")]


def _link(pairs: Pairs) -> str:
    return f"{reverse('calculator')}?{urlencode(pairs)}"
