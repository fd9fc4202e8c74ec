"""The calculator's forms: one consignment, its items, as typed in a browser or sent by a machine.

They judge what can be judged alone (a number is a number, a code exists); the arithmetic says what else it needs.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customs_portal.lib.violations import Violation
from tariffs.calculation import Consignment, ConsignmentItem, Cost
from tariffs.forms.fields import DayField, NumberField, choices_of
from tariffs.rates import UNIT_SYMBOLS
from tariffs.selectors import CodeLists, code_lists, declarable, delivery_term, procedure, proofs_of_origin
from tariffs.wording import unit_in_words

MOST_ITEMS = 20
NOTHING = Decimal(0)
_CURRENCY_FIELDS = {
    "external_freight_currency": "freight_currency",
    "insurance_currency": "insurance_currency",
    "invoice_currency": "currency",
}


def _plain(data: Mapping[str, Any]) -> dict[str, Any]:
    """One value for each name, also where a query string is given."""
    return dict(data.items())


class ConsignmentForm(forms.Form):
    """What is the same for all items. `on`: the date whose law applies."""

    on = DayField(label=_("Date"), required=False, help_text=_("Law and exchange rates of this day."))
    currency = forms.ChoiceField(label=_("Invoice currency"))
    delivery_term = forms.ChoiceField(label=_("Delivery term"), required=False)
    procedure = forms.ChoiceField(label=_("Procedure"), required=False)
    freight = NumberField(
        label=_("Freight to the border"), required=False, help_text=_("What the price does not hold already.")
    )
    freight_currency = forms.ChoiceField(label=_("Currency of freight"), required=False)
    insurance = NumberField(label=_("Insurance"), required=False)
    insurance_currency = forms.ChoiceField(label=_("Currency of insurance"), required=False)
    share = forms.ChoiceField(
        label=_("Share costs by"), required=False, choices=[("0", _("price")), ("1", _("gross mass"))]
    )

    def __init__(self, data: Mapping[str, Any] | None, *, today: date, lists: CodeLists) -> None:
        usual = {"on": today.isoformat(), "currency": "USD", "procedure": "4000"}
        super().__init__(
            None if data is None else {**usual, **_plain(data)},
            auto_id="%s",
            initial=usual,
            use_required_attribute=False,
        )
        self.today = today
        same = [("", _("as the invoice")), *choices_of(lists, "currency")]
        self._choose("currency", choices_of(lists, "currency"))
        self._choose("freight_currency", same)
        self._choose("insurance_currency", same)
        self._choose("delivery_term", [("", "—"), *choices_of(lists, "delivery_term")])
        self._choose("procedure", choices_of(lists, "procedure"))

    def _choose(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean_on(self) -> date:
        return self.cleaned_data["on"] or self.today

    def clean_procedure(self) -> str:
        return self.cleaned_data["procedure"] or "4000"

    def clean(self) -> dict[str, Any]:
        """A cost that the price holds already must not be added again."""
        term = delivery_term(self.cleaned_data.get("delivery_term") or "")
        if term is not None and term.includes_freight and self.cleaned_data.get("freight"):
            self.add_error("freight", _("A price on these terms already holds the freight. Leave this empty."))
        if term is not None and term.includes_insurance and self.cleaned_data.get("insurance"):
            self.add_error("insurance", _("A price on these terms already holds the insurance. Leave this empty."))
        self.cleaned_data["missing_freight"] = (
            term is not None and not term.includes_freight and self.cleaned_data.get("freight") is None
        )
        return self.cleaned_data


class ItemForm(forms.Form):
    """One item. Quantities in further units are asked for when the item's rates need them."""

    code = forms.CharField(label=_("Commodity code"), max_length=20)
    value = NumberField(label=_("Price"), help_text=_("In the invoice currency, for all of the item."))
    origin = forms.ChoiceField(label=_("Country of origin"))
    proof = forms.ChoiceField(label=_("Proof of origin"), required=False)
    net_mass = NumberField(label=_("Net mass, kg"), required=False)
    gross_mass = NumberField(label=_("Gross mass, kg"), required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        place: int,
        origins: Sequence[tuple[str, Any]],
        proofs: Sequence[tuple[str, Any]],
        units: Sequence[str] = (),
    ) -> None:
        super().__init__(data, prefix=str(place), auto_id="%s", use_required_attribute=False)
        self.place = place
        self.units = tuple(units)
        self.fields["origin"].choices = origins  # type: ignore[attr-defined]
        self.fields["proof"].choices = proofs  # type: ignore[attr-defined]
        self.fields["code"].widget.attrs |= {"inputmode": "text", "autocomplete": "off", "spellcheck": "false"}
        for unit in self.units:
            self._add_quantity(unit)

    def ask_for(self, units: Sequence[str]) -> None:
        """Show a field for each of `units` and no others; what was typed into them stays."""
        for unit in self.units:
            if unit not in units:
                del self.fields[f"quantity_{unit}"]
        for unit in units:
            if unit not in self.units:
                self._add_quantity(unit)
        self.units = tuple(units)

    def _add_quantity(self, unit: str) -> None:
        label = _("Quantity: %(unit)s") % {"unit": unit_in_words(unit)}
        self.fields[f"quantity_{unit}"] = NumberField(label=label, required=False)

    @property
    def quantities(self) -> list[forms.BoundField]:
        return [self[f"quantity_{unit}"] for unit in self.units]

    @property
    def is_blank(self) -> bool:
        """Whether nothing at all is written in it."""
        return not any(str(self.data.get(self.add_prefix(name), "")).strip() for name in self.fields)

    def clean_code(self) -> str:
        code = re.sub(r"[\s.\-]", "", self.cleaned_data["code"])
        if not code.isascii() or not code.isdigit():
            raise forms.ValidationError(_("A commodity code has only digits, such as 0808 10 800 1."))
        return code

    def item(self, *, number: int, procedure: str) -> ConsignmentItem:
        """The item as the arithmetic takes it; to be asked only of a valid form."""
        found = self.cleaned_data
        quantities = [(unit, found.get(f"quantity_{unit}")) for unit in self.units]
        return ConsignmentItem(
            number=number,
            commodity_code=found["code"],
            origin=found["origin"],
            price=found["value"],
            gross_mass=found["gross_mass"] or NOTHING,
            net_mass=found["net_mass"] or NOTHING,
            procedure=procedure,
            supplementary=tuple((unit, quantity) for unit, quantity in quantities if quantity is not None),
        )


@dataclass
class Calculator:
    """The forms of one consignment together."""

    head: ConsignmentForm
    items: list[ItemForm]
    needs: list[str] = field(default_factory=list)

    @property
    def filled(self) -> list[ItemForm]:
        """The items that count: those in which something is written, the first in any case."""
        return [form for form in self.items if not form.is_blank] or self.items[:1]

    @property
    def on(self) -> date:
        return self.head.cleaned_data.get("on") or self.head.today

    def is_valid(self) -> bool:
        """Judges every form; a code that may not be declared on the date is a fault of its field."""
        valid = not any([*self.head.errors, *(name for form in self.filled for name in form.errors)])
        codes = {form.cleaned_data["code"] for form in self.filled if form.cleaned_data.get("code")}
        known = declarable(codes, on=self.on)
        for form in self.filled:
            if (code := form.cleaned_data.get("code")) and code not in known:
                form.add_error("code", _("No goods are declared under this code on this date. Search for the code."))
                valid = False
        return valid

    def consignment(self) -> Consignment:
        head = self.head.cleaned_data
        asked = procedure(head["procedure"], on=head["on"])
        general = asked.general_procedure if asked is not None and asked.general_procedure else "IM4"
        return Consignment(
            flow="export" if general.startswith("EX") else "import",
            general_procedure=general,
            invoice_currency=head["currency"],
            items=tuple(
                form.item(number=number, procedure=head["procedure"]) for number, form in enumerate(self.filled, 1)
            ),
            costs={
                name: Cost(head[field], head[f"{field}_currency"])
                for name, field in (("external_freight", "freight"), ("insurance", "insurance"))
                if head[field] is not None
            },
            working_mode=int(head["share"] or 0),
        )

    def proofs(self) -> dict[int, str]:
        """Item number -> the paper of origin it carries."""
        return {number: form.cleaned_data["proof"] for number, form in enumerate(self.filled, 1)}

    def point_at(self, pointer: str, *, unit: str, sentence: str) -> None:
        """Show beside its field what the arithmetic still needs."""
        self.needs.append(sentence)
        match = re.fullmatch(r"items\[(\d+)\]\.(\w+)", pointer)
        form = self.filled[int(match[1])] if match else self.head
        name = f"quantity_{unit}" if unit else match[2] if match else _CURRENCY_FIELDS.get(pointer, "currency")
        if name in form.fields:
            form.add_error(name, forms.ValidationError(sentence, code="needed"))

    def violations(self) -> list[Violation]:
        """Every fault as a value, pointing at `currency` or `items[0].code`."""
        found = _violations(self.head, "")
        for form in self.filled:
            found += _violations(form, f"items[{form.place}].")
        return found


def _violations(form: forms.Form, pointer: str) -> list[Violation]:
    return [
        Violation("T201" if error.code == "required" else "T202", f"{pointer}{field}", str(message))
        for field, errors in form.errors.as_data().items()
        for error in errors
        for message in error.messages
    ]


def without_item(pairs: Iterable[tuple[str, str]], removed: int) -> Iterator[tuple[str, str]]:
    """The calculator's data without item `removed`: those behind it move one place up."""
    for name, value in pairs:
        place, _dash, field = name.partition("-")
        if not place.isdecimal():
            yield name, value
        elif int(place) != removed:
            yield f"{int(place) - (int(place) > removed)}-{field}", value


def calculator(data: Mapping[str, Any] | None, *, count: int, today: date) -> Calculator:
    """The forms for `count` items, filled with `data` (`currency`, `0-code`, `0-quantity_LTR`)."""
    lists = code_lists(on=today)
    proofs = [("", _("none")), *((row.code, str(row)) for row in proofs_of_origin())]
    origins = [("", "—"), *choices_of(lists, "country")]
    items = [
        ItemForm(data, place=place, origins=origins, proofs=proofs, units=_units(data or {}, place))
        for place in range(count)
    ]
    return Calculator(ConsignmentForm(data, today=today, lists=lists), items)


def _units(data: Mapping[str, Any], place: int) -> list[str]:
    """The units for which `data` holds a quantity of the item."""
    prefix = f"{place}-quantity_"
    return sorted({name[len(prefix) :] for name in data if name.startswith(prefix)} & set(UNIT_SYMBOLS))
