"""An item of the calculator's form. What only some goods need is asked for once the tariff says so."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lib.codes import code_alone
from lib.figures import ZERO, plain
from lib.form_fields import NumberField
from lib.numbers import with_one_reading
from lib.spelling import searched
from tariff_lookup.forms.codes import CodeField
from tariff_lookup.forms.consignment import add_costs, costs_of, plain_costs
from tariff_lookup.forms.fields import choices_of
from tariffs.calculation import COSTS, ConsignmentItem
from tariffs.models import Commodity
from tariffs.rates import UNIT_SYMBOLS
from tariffs.selectors import CodeLists, proofs_of_origin
from tariffs.wording import unit_in_words

FIXED = (
    "commodity_code", "item_price", "origin_country", "proof", "net_mass", "gross_mass", "national_procedure",
    "preference", "quota_code",
)  # fmt: skip
QUANTITY = "quantity_"
CLAIMS = ("preference", "quota_code")


@dataclass(frozen=True, slots=True)
class ItemChoices:
    """The lists that every item's form shows; read once for all of them."""

    origins: Sequence[tuple[str, Any]]
    proofs: Sequence[tuple[str, Any]]
    papers: frozenset[str]
    reliefs: Sequence[tuple[str, Any]]
    units: Mapping[str, str]
    currencies: Sequence[tuple[str, Any]]


def item_choices(lists: CodeLists) -> ItemChoices:
    """The lists of the items' forms."""
    return ItemChoices(
        origins=[("", "—"), *choices_of(lists, "country")],
        proofs=[("", _("none")), *((row.code, str(row)) for row in proofs_of_origin())],
        papers=lists.known("document_type"),
        reliefs=[("", _("none")), *choices_of(lists, "national_procedure")],
        units={**UNIT_SYMBOLS, **lists.names("unit")},
        currencies=choices_of(lists, "currency"),
    )


class ItemForm(forms.Form):
    """One item. Quantities, a quota, a preference and own costs are asked for where they make a difference."""

    commodity_code = forms.CharField(label=_("Commodity code"), max_length=60)
    item_price = NumberField(label=_("Price"), help_text=_("In the invoice currency, for all of the item."))
    origin_country = CodeField(label=_("Country of origin"), unknown=_("There is no country %(value)s in the list."))
    proof = CodeField(
        label=_("Proof of origin"), required=False, unknown=_("There is no kind of document %(value)s in the list.")
    )
    net_mass = NumberField(label=_("Net mass, kg"), required=False)
    gross_mass = NumberField(label=_("Gross mass, kg"), required=False)
    national_procedure = CodeField(
        label=_("Special treatment"),
        required=False,
        help_text=_("The national code of the procedure, such as humanitarian aid."),
        unknown=_("There is no national code %(value)s. Choose one from the list."),
    )
    preference = CodeField(label=_("Preference"), required=False)
    quota_code = CodeField(label=_("Tariff quota"), required=False)

    def __init__(
        self, data: Mapping[str, Any] | None, *, place: int, choices: ItemChoices, own_costs: bool = False
    ) -> None:
        super().__init__(data, prefix=str(place), auto_id="%s", use_required_attribute=False)
        self.place = place
        self.own_costs = own_costs
        self.units: tuple[str, ...] = ()
        self.unit_names = choices.units
        self.claims: list[str] = []
        self.offered: list[Commodity] = []
        self.search_for = ""
        self._offer("origin_country", choices.origins)
        self._offer("proof", choices.proofs, also=choices.papers)
        self._offer("national_procedure", choices.reliefs)
        self.ask_for((), claims={})
        self.fields["commodity_code"].widget.attrs |= {
            "inputmode": "text",
            "autocomplete": "off",
            "spellcheck": "false",
        }
        if own_costs:
            typed = {f"{name}_currency": self._typed(f"{name}_currency") for name in COSTS}
            add_costs(self, choices.currencies, typed=typed)
        self._ask_quantities(_units(data or {}, place, choices.units))

    def _typed(self, name: str) -> str:
        return str(self.data.get(self.add_prefix(name), "")).strip()

    def _offer(self, name: str, choices: Sequence[tuple[str, Any]], *, also: Iterable[str] = ()) -> None:
        field = self.fields[name]
        assert isinstance(field, CodeField)
        field.offer(choices, typed=self._typed(name), also=also)

    def ask_for(self, units: Sequence[str], *, claims: Mapping[str, Sequence[tuple[str, Any]]]) -> None:
        """Show a field for each of `units` and `claims` and no others; what was typed into them stays.

        `claims` are the preferences and quotas open to these goods; one that is claimed in vain stays in sight.
        """
        for unit in self.units:
            if unit not in units:
                del self.fields[f"{QUANTITY}{unit}"]
        self._ask_quantities(units)
        self.claims = [name for name in CLAIMS if claims.get(name) or self._typed(name)]
        for name in CLAIMS:
            self._offer(name, [("", _("none")), *claims.get(name, ())], also=[searched(self._typed(name))[:20]])

    def _ask_quantities(self, units: Sequence[str]) -> None:
        for unit in units:
            words = unit_in_words(unit)
            label = _("Quantity: %(unit)s") % {"unit": self.unit_names.get(unit, unit) if words == unit else words}
            self.fields.setdefault(f"{QUANTITY}{unit}", NumberField(label=label, required=False))
        self.units = tuple(units)

    @property
    def asked(self) -> list[forms.BoundField]:
        """The fields that these goods alone need."""
        return [*(self[f"{QUANTITY}{unit}"] for unit in self.units), *(self[name] for name in self.claims)]

    @property
    def costs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Amount and currency of each own cost; none where costs are shared."""
        return [(self[name], self[f"{name}_currency"]) for name in COSTS] if self.own_costs else []

    @property
    def changing(self) -> list[forms.BoundField]:
        """The fields that come and go."""
        return [*self.asked, *(field for pair in self.costs for field in pair)]

    @property
    def shown(self) -> Iterator[forms.BoundField]:
        """Every field that the page shows."""
        yield from (self[name] for name in FIXED if name not in CLAIMS)
        yield from self.changing

    @property
    def has_rare(self) -> bool:
        """Whether something rarer is written, so that its fold stands open."""
        return any(self._typed(name) for name in ("gross_mass", "national_procedure"))

    @property
    def is_blank(self) -> bool:
        """Whether nothing at all is written in it."""
        return not any(self._typed(name) for name in self.fields)

    def clean_commodity_code(self) -> str:
        code = code_alone(self.cleaned_data["commodity_code"])
        if not code:
            self.search_for = self.cleaned_data["commodity_code"]
            raise forms.ValidationError(_("A commodity code has only digits, such as 0808 10 800 1."))
        return code

    def item(self, *, number: int, procedure: str) -> ConsignmentItem:
        """The item as the arithmetic takes it; to be asked only of a valid form."""
        found = self.cleaned_data
        return ConsignmentItem(
            number=number,
            commodity_code=found["commodity_code"],
            origin_country=found["origin_country"],
            item_price=found["item_price"],
            gross_mass=found["gross_mass"] or ZERO,
            net_mass=found["net_mass"] or ZERO,
            extended_procedure=procedure,
            national_procedure=found["national_procedure"],
            preference=found["preference"],
            quota_code=found["quota_code"],
            supplementary=tuple((unit, quantity) for unit, quantity in self._quantities()),
            costs=costs_of(found) if self.own_costs else {},
        )

    def _quantities(self) -> Iterator[tuple[str, Decimal]]:
        for unit in self.units:
            quantity = self.cleaned_data.get(f"{QUANTITY}{unit}")
            if quantity is not None:
                yield unit, quantity

    def plain(self) -> dict[str, str]:
        """What a valid form says, as short as it can be written."""
        found = self.cleaned_data
        texts = {
            name: found[name] for name in ("commodity_code", "origin_country", "proof", "national_procedure", *CLAIMS)
        }
        numbers = {name: found[name] for name in ("item_price", "net_mass", "gross_mass")}
        numbers |= {f"{QUANTITY}{unit}": quantity for unit, quantity in self._quantities()}
        written = {name: text for name, text in texts.items() if text}
        written |= {name: with_one_reading(plain(number)) for name, number in numbers.items() if number is not None}
        return written | (plain_costs(found) if self.own_costs else {})


def _units(data: Mapping[str, Any], place: int, known: Iterable[str]) -> list[str]:
    """The units for which `data` holds a quantity of the item."""
    prefix = f"{place}-{QUANTITY}"
    return sorted({name[len(prefix) :] for name in data if name.startswith(prefix)}.intersection(known))
