"""The part of the calculator's form that is the same for all items: law, currency, delivery term, costs."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as text
from django.utils.translation import gettext_lazy as _

from lib.figures import plain
from lib.form_fields import DayField, NumberField
from lib.numbers import with_one_reading
from tariff_lookup.forms.codes import CodeField
from tariff_lookup.forms.fields import choices_of
from tariffs.calculation import Cost
from tariffs.models import DeliveryTerm
from tariffs.selectors import CodeLists, delivery_term

USUAL_PROCEDURE = "4000"
BY_PRICE, BY_GROSS_MASS, OWN_COSTS = "0", "1", "2"
PLAIN_COSTS, FURTHER_COSTS = ("external_freight", "insurance"), ("internal_freight", "other_cost", "deduction")
_COST_LABELS = {
    "external_freight": (_("Freight to the border"), _("Currency of freight")),
    "insurance": (_("Insurance"), _("Currency of insurance")),
    "internal_freight": (_("Internal freight"), _("Currency of the internal freight")),
    "other_cost": (_("Other costs"), _("Currency of the other costs")),
    "deduction": (_("Deductions"), _("Currency of the deductions")),
}
_COST_HINTS = {
    "external_freight": _("What the price does not hold already."),
    "insurance": "",
    "internal_freight": _("Carriage behind the border, only where it belongs to the customs value."),
    "other_cost": _("Loading, commissions, packing, licence fees that the buyer pays beside the price."),
    "deduction": _(
        "What the price holds and the value leaves out, if the invoice shows it apart: carriage behind the border, "
        "assembly, import duties under DDP."
    ),
}


def add_costs(form: forms.Form, currencies: Sequence[tuple[str, Any]], *, typed: Mapping[str, Any]) -> None:
    """Give a form an amount and a currency for every kind of cost. `typed` is what it was sent, by name."""
    for name, (label, currency_label) in _COST_LABELS.items():
        form.fields[name] = NumberField(label=label, required=False, help_text=_COST_HINTS[name])
        field = CodeField(label=currency_label, required=False, unknown=_("There is no currency %(value)s."))
        field.offer([("", _("as the invoice")), *currencies], typed=typed.get(f"{name}_currency", ""))
        form.fields[f"{name}_currency"] = field


def costs_of(found: Mapping[str, Any]) -> dict[str, Cost]:
    """The costs of a form that is valid."""
    return {name: Cost(found[name], found[f"{name}_currency"]) for name in _COST_LABELS if found.get(name) is not None}


def plain_costs(found: Mapping[str, Any]) -> dict[str, str]:
    """The costs of a form that is valid, as short as they can be written; a currency without its amount is left."""
    written = {}
    for name in _COST_LABELS:
        if found.get(name) is not None:
            written[name] = with_one_reading(plain(found[name]))
            written |= {f"{name}_currency": code for code in [found[f"{name}_currency"]] if code}
    return written


def refuse_what_the_price_holds(form: forms.Form, term: DeliveryTerm | None) -> None:
    """A cost that the price holds already must not be added again."""
    if term is not None and term.includes_freight and form.cleaned_data.get("external_freight"):
        form.add_error("external_freight", _("A price on these terms already holds the freight. Leave this empty."))
    if term is not None and term.includes_insurance and form.cleaned_data.get("insurance"):
        form.add_error("insurance", _("A price on these terms already holds the insurance. Leave this empty."))


def _usual_currency(lists: CodeLists) -> str:
    """The currency in which most goods are invoiced, else the national one."""
    return next(iter(lists.territory.trade_currencies), lists.territory.currency)


class ConsignmentForm(forms.Form):
    """What is the same for all items. `on`: the date whose law applies."""

    on = DayField(label=_("Date"), required=False, help_text=_("Law and exchange rates of this day."))
    invoice_currency = CodeField(
        label=_("Invoice currency"),
        unknown=_("There is no currency %(value)s in the list. Write three letters, such as USD."),
    )
    delivery_terms_code = CodeField(
        label=_("Delivery term"), required=False, unknown=_("%(value)s is not a delivery term of Incoterms 2020.")
    )
    extended_procedure = CodeField(
        label=_("Procedure"), required=False, unknown=_("There is no procedure %(value)s. Choose one from the list.")
    )
    working_mode = forms.ChoiceField(
        label=_("Share costs by"),
        required=False,
        choices=[
            (BY_PRICE, _("price")),
            (BY_GROSS_MASS, _("gross mass")),
            (OWN_COSTS, _("not at all: each item has its own")),
        ],
    )

    def __init__(self, data: Mapping[str, Any] | None, *, today: date, lists: CodeLists) -> None:
        usual = {
            "on": today.isoformat(),
            "invoice_currency": _usual_currency(lists),
            "extended_procedure": USUAL_PROCEDURE,
        }
        super().__init__(
            None if data is None else {**usual, **data}, auto_id="%s", initial=usual, use_required_attribute=False
        )
        self.today = today
        typed = self.data
        currencies = choices_of(lists, "currency")
        self._offer("invoice_currency", currencies, typed)
        self._offer("delivery_terms_code", [("", "—"), *choices_of(lists, "delivery_term")], typed)
        self._offer("extended_procedure", choices_of(lists, "procedure"), typed)
        add_costs(self, currencies, typed=typed)
        self.term: DeliveryTerm | None = None

    def _offer(self, name: str, choices: Sequence[tuple[str, Any]], typed: Mapping[str, Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, CodeField)
        field.offer(choices, typed=typed.get(name, ""), also=[""])

    def clean_on(self) -> date:
        return self.cleaned_data["on"] or self.today

    def clean_extended_procedure(self) -> str:
        return self.cleaned_data["extended_procedure"] or USUAL_PROCEDURE

    def clean(self) -> dict[str, Any]:
        self.term = delivery_term(self.cleaned_data.get("delivery_terms_code") or "")
        refuse_what_the_price_holds(self, self.term)
        if self.has_own_costs:
            for name in _COST_LABELS:
                if self.cleaned_data.get(name):
                    self.add_error(name, _("Costs are not shared: write this one at the items it belongs to."))
        return self.cleaned_data

    @property
    def has_own_costs(self) -> bool:
        """Whether each item states its own costs (working mode 2)."""
        return str(self.data.get("working_mode", "")) == OWN_COSTS

    @property
    def plain_costs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[name], self[f"{name}_currency"]) for name in PLAIN_COSTS]

    @property
    def further_costs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[name], self[f"{name}_currency"]) for name in FURTHER_COSTS]

    @property
    def has_further_costs(self) -> bool:
        """Whether a rarer cost is written, so that its fold stands open."""
        return any(str(self.data.get(name, "")).strip() for name in FURTHER_COSTS)

    def lacking(self, given: Mapping[str, bool]) -> Iterator[tuple[str, str]]:
        """Each cost that the price leaves out and nobody has `given` yet, with the question for it."""
        if self.term is None:
            return
        if not self.term.includes_freight and not given["external_freight"]:
            yield (
                "external_freight",
                text(
                    "On these delivery terms the price does not hold the freight to the border: add it, it is part of "
                    "the customs value."
                ),
            )
        if not self.term.includes_insurance and not given["insurance"]:
            yield (
                "insurance",
                text(
                    "On these delivery terms the price does not hold the insurance: add what it costs, or 0 where the "
                    "goods are not insured."
                ),
            )

    def named_costs(self) -> list[tuple[str, Decimal, str]]:
        """What the form says costs: label, amount, currency."""
        found = self.cleaned_data
        return [
            (str(_COST_LABELS[name][0]), found[name], found.get(f"{name}_currency") or self["invoice_currency"].value())
            for name in _COST_LABELS
            if found.get(name) is not None
        ]

    def plain(self) -> dict[str, str]:
        """What a valid form says, as short as it can be written."""
        found = self.cleaned_data
        written = {"on": found["on"].isoformat(), "invoice_currency": found["invoice_currency"]}
        for name, usual in (
            ("delivery_terms_code", ""),
            ("extended_procedure", USUAL_PROCEDURE),
            ("working_mode", BY_PRICE),
        ):
            written |= {name: found[name]} if found[name] not in ("", usual) else {}
        return written | plain_costs(found)
