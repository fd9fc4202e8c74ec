"""The calculator's forms: one consignment, its items, as typed in a browser or sent by a machine.

They judge what can be judged alone (a number is a number, a code exists); the arithmetic says what else it needs.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from lib.figures import plain
from lib.languages import in_language
from lib.pointers import field_of, place_in, pointer_to
from lib.violations import Violation
from tariff_lookup.estimates import Estimate, EstimatedItem
from tariff_lookup.forms.calculation_links import packed, place_of
from tariff_lookup.forms.consignment import ConsignmentForm, costs_of, refuse_what_the_price_holds
from tariff_lookup.forms.consignment_item import QUANTITY, ItemForm, item_choices
from tariffs.calculation import COSTS, Consignment, Need
from tariffs.rates import UNIT_SYMBOLS
from tariffs.selectors import code_lists, declarable, lines_near, need_sentence, procedure

MOST_ITEMS, MOST_ITEMS_SHOWN = 20, 40


@dataclass
class Calculator:
    """The forms of one consignment together. `lacking`: costs that the price leaves out, by field."""

    head: ConsignmentForm
    items: list[ItemForm]
    most: int = MOST_ITEMS
    needs: list[str] = field(default_factory=list)
    lacking: dict[str, str] = field(default_factory=dict)
    said: tuple[Mapping[str, str], Sequence[Mapping[str, str]]] = ({}, ())

    @property
    def filled(self) -> list[ItemForm]:
        """The items that count: those in which something is written, the first in any case."""
        return [form for form in self.items if not form.is_blank] or self.items[:1]

    @property
    def may_grow(self) -> bool:
        return len(self.items) < self.most

    @property
    def on(self) -> date:
        return self.head.cleaned_data.get("on") or self.head.today

    def is_valid(self) -> bool:
        """Judges every form; a code that may not be declared on the date is a fault of its field."""
        self.head.is_valid()
        for form in self.filled:
            if form.is_valid() and form.own_costs:
                refuse_what_the_price_holds(form, self.head.term)
        faulty = [form for form in (self.head, *self.filled) if form.errors]
        for form in self.filled[self.most :]:
            form.add_error(
                "commodity_code",
                _("At most %(most)s items are computed at a time. Take this one out and compute it apart.")
                % {"most": self.most},
            )
        return self._codes_are_declarable() and not faulty and len(self.filled) <= self.most

    def _codes_are_declarable(self) -> bool:
        codes = {form: code for form in self.filled if (code := form.cleaned_data.get("commodity_code"))}
        known = declarable(codes.values(), on=self.on)
        wrong = {form: code for form, code in codes.items() if code not in known}
        for form, code in wrong.items():
            near = lines_near(code, on=self.on)
            form.offered, form.search_for = near.lines, near.known or code
            form.add_error("commodity_code", _why_not(code, known=near.known))
        return not wrong

    def consignment(self) -> Consignment:
        """What the arithmetic takes; to be asked only of valid forms. Says on the way which costs are still lacking."""
        head = self.head.cleaned_data
        asked = procedure(head["extended_procedure"], on=head["on"])
        general = asked.general_procedure if asked is not None and asked.general_procedure else "IM4"
        if general.startswith("IM"):
            self.lacking = dict(self.head.lacking(self._given()))
        return Consignment(
            flow="export" if general.startswith("EX") else "import",
            general_procedure=general,
            invoice_currency=head["invoice_currency"],
            items=tuple(
                form.item(number=number, procedure=head["extended_procedure"])
                for number, form in enumerate(self.filled, 1)
            ),
            costs={} if self.head.has_own_costs else costs_of(head),
            working_mode=int(head["working_mode"] or 0),
        )

    def _given(self) -> dict[str, bool]:
        """Which costs are written, be it as 0."""
        rows: Sequence[forms.Form] = self.filled if self.head.has_own_costs else [self.head]
        return {name: all(row.cleaned_data.get(name) is not None for row in rows) for name in COSTS}

    def proofs(self) -> dict[int, str]:
        """Item number -> the paper of origin it carries."""
        return {number: form.cleaned_data["proof"] for number, form in enumerate(self.filled, 1)}

    def take(self, answer: Estimate) -> None:
        """Ask each item for what its rates and claims need; say beside its field what is missing or claimed in vain.

        What the forms say is noted before: a field with a fault no longer gives its value.
        """
        for form, item in zip(self.filled, answer.items, strict=True):
            form.ask_for(item.units, claims=_claims(item))
        self.said = self.head.plain(), [form.plain() for form in self.filled]
        for form, item in zip(self.filled, answer.items, strict=True):
            if item.misses_quota:
                form.add_error("quota_code", _not_open(item.item.quota_code))
            if item.value.customs_value < 0:
                form.add_error("item_price", _("The deductions are greater than the price with its costs. Lower them."))
        for need in answer.needs:
            self._ask(need)

    def _ask(self, need: Need) -> None:
        sentence = need_sentence(need)
        self.needs.append(sentence)
        form, name = self._field_of(need)
        if name in form.fields:
            form.add_error(name, forms.ValidationError(sentence, code="needed"))

    def _field_of(self, need: Need) -> tuple[forms.Form, str]:
        place, name = place_in(need.pointer, "items"), field_of(need.pointer)
        form: forms.Form = self.head if place is None else self.filled[place]
        if "unit" in need.values:
            return form, f"{QUANTITY}{need.values['unit']}"
        if name.removesuffix("_currency") in COSTS and not form[name].value():
            return self.head, "invoice_currency"
        return form, name

    def pointer(self, need: Need) -> str:
        """Where the machine door's request lacks what is needed, such as `items[0].quantities.LTR`."""
        form, name = self._field_of(need)
        return _pointer(form, name) if name in form.fields or name.startswith(QUANTITY) else ""

    def pairs(self, changes: Mapping[int, Mapping[str, str]] | None = None) -> list[tuple[str, str]]:
        """The parameters of the calculation's address; `changes` are fields to set in items, by number."""
        head, items = self.said
        changed = changes or {}
        return packed(head, [{**item, **changed.get(number, {})} for number, item in enumerate(items, 1)])

    def violations(self) -> list[Violation]:
        """Every fault as a value, pointing at `on` or `items[0].commodity_code`; what is only needed yet is none."""
        return [violation for form in (self.head, *self.filled) for violation in _violations(form)]


def _claims(item: EstimatedItem) -> dict[str, list[tuple[str, str]]]:
    """The preferences and quotas open to an item, as choices. A preference that goes with a paper needs no field."""
    bare = {option.claim.preference for option in item.options if not option.document} - {""}
    quotas = {
        option.quota.quota.number: _("%(number)s · %(name)s, %(balance)s %(unit)s left")
        % {
            "number": option.quota.quota.number,
            "name": in_language(option.quota.quota),
            "balance": plain(option.quota.balance),
            "unit": UNIT_SYMBOLS.get(option.quota.quota.unit, option.quota.quota.unit),
        }
        for option in item.options
        if option.quota is not None
    }
    return {"preference": [(code, code) for code in sorted(bare)], "quota_code": sorted(quotas.items())}


def _not_open(quota: str) -> str:
    return _("Quota %(quota)s is not open to this code, origin and procedure with this paper on this date.") % {
        "quota": quota
    }


def _why_not(code: str, *, known: str) -> str:
    if known == code:
        return _("%(code)s is not a whole code. Choose the line below it that the goods belong to.") % {"code": code}
    if known:
        return _("There is no code %(code)s on this date. The nearest lines are below %(known)s; or search.") % {
            "code": code,
            "known": known,
        }
    return _("There is no code %(code)s on this date. Search for the goods by their name.") % {"code": code}


def _violations(form: forms.Form) -> Iterator[Violation]:
    for name, errors in form.errors.as_data().items():
        for error in errors:
            if error.code != "needed":
                code = "T201" if error.code == "required" else "T202"
                sentences = (_with_lines(form, name, str(message)) for message in error.messages)
                yield from (Violation(code, _pointer(form, name), sentence) for sentence in sentences)


def _pointer(form: forms.Form, name: str) -> str:
    row = ("items", form.place) if isinstance(form, ItemForm) else ()
    field = ("quantities", name[len(QUANTITY) :]) if name.startswith(QUANTITY) else (name,)
    return pointer_to(*row, *field)


def _with_lines(form: forms.Form, name: str, sentence: str) -> str:
    """A machine sees no links: it is told the codes that may be meant."""
    offered = form.offered if name == "commodity_code" and isinstance(form, ItemForm) else []
    return f"{sentence} {', '.join(row.code for row in offered)}".strip()


def calculator(
    data: Mapping[str, Any] | None, *, places: Iterable[int], today: date, most: int = MOST_ITEMS
) -> Calculator:
    """The forms for the items at `places`, filled with `data` (`on`, `0-commodity_code`, `0-quantity_LTR`)."""
    lists = code_lists(on=today)
    choices = item_choices(lists)
    head = ConsignmentForm(data, today=today, lists=lists)
    items = [ItemForm(data, place=place, choices=choices, own_costs=head.has_own_costs) for place in places]
    return Calculator(head, items, most)


def places_of(data: Mapping[str, str], *, more: bool) -> list[int]:
    """Where items stand: as many places as the form says it has, one `more` on demand, and any that hold something."""
    said = data.get("items", "")
    count = int(said) if said.isascii() and said.isdecimal() and len(said) < 4 else 1
    places = set(range(max(1, min(count, MOST_ITEMS))))
    places |= {place for name, text in data.items() if text.strip() and (place := place_of(name)) is not None}
    if more and len(places) < MOST_ITEMS:
        places.add(max(places) + 1)
    return sorted(places)[:MOST_ITEMS_SHOWN]
