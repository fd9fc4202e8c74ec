"""The law that applies to a consignment on a date: taxes, measures, exchange rates, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customs_portal.lib.languages import in_language
from tariffs.calculation import (
    Consignment,
    ConsignmentItem,
    ExchangeRateFact,
    Law,
    MeasureFact,
    Need,
    TaxFact,
)
from tariffs.models import CountryGroupMember, ExchangeRate, LegalAct, Measure, Tax
from tariffs.rates import currencies_of, parse
from tariffs.selectors.codes import code_lists

_COLUMNS = (
    "pk",
    "tax_code",
    "commodity_prefix",
    "origin",
    "procedure",
    "national_procedure",
    "preference",
    "document_code",
    "rate_text",
    "additive",
    "is_example",
    "legal_act_id",
)


@dataclass(frozen=True, slots=True)
class _Row:
    """A measure as it stands in the table, without the cost of a model instance."""

    pk: int
    tax_code: str
    commodity_prefix: str
    origin: str
    procedure: str
    national_procedure: str
    preference: str
    document_code: str
    rate_text: str
    additive: bool
    is_example: bool
    legal_act_id: int

    def applies(self, item: ConsignmentItem, groups: frozenset[str]) -> bool:
        """Whether every condition but the commodity (looked up by prefix already) holds."""
        return (
            (not self.origin or self.origin == item.origin or self.origin in groups)
            and item.procedure.startswith(self.procedure)
            and self.national_procedure in ("", item.national_procedure)
            and self.preference in ("", item.preference)
            and (not self.document_code or self.document_code in item.documents)
        )

    def precedence(self, item: ConsignmentItem) -> tuple[int, int, int, int, int]:
        """Greater goes first: procedure, then conditions met, then the more exact origin, then the longer prefix.

        The prefix comes last because a preference for all goods of a group must beat the general rate of one code.
        """
        return (
            len(self.national_procedure),
            len(self.procedure),
            bool(self.preference) + bool(self.document_code),
            0 if not self.origin else 2 if self.origin == item.origin else 1,
            len(self.commodity_prefix),
        )


def law_for(consignment: Consignment, *, on: date) -> Law:
    """Everything `calculation.assess` needs to know. Six queries, however many items; measures are one of them."""
    lists = code_lists(on=on)
    taxes = list(Tax.objects.on(on).filter(flow__in=[consignment.flow, Tax.Flow.BOTH]).select_related("legal_act"))
    rows = _rows_by_prefix(taxes, consignment, on=on)
    acts = LegalAct.objects.in_bulk({row.legal_act_id for group in rows.values() for row in group})
    measures = _chosen(consignment, taxes, rows, _groups(consignment, on=on), acts)
    return Law(
        on=on,
        currency=lists.territory.currency,
        decimals=lists.territory.currency_decimals,
        exchange_rates=_exchange_rates(_currencies(consignment, measures), on=on),
        taxes=tuple(_tax_fact(tax) for tax in taxes),
        measures=measures,
        suspending_procedures=lists.suspending_procedures(),
        unit_factors=lists.unit_factors(),
    )


def _prefixes(code: str) -> list[str]:
    return [code[:length] for length in range(len(code) + 1)]


def _rows_by_prefix(taxes: list[Tax], consignment: Consignment, *, on: date) -> Mapping[str, list[_Row]]:
    prefixes = {prefix for item in consignment.items for prefix in _prefixes(item.commodity_code)} | {""}
    found = (
        Measure.objects.on(on)
        .filter(commodity_prefix__in=prefixes, tax_code__in=[tax.code for tax in taxes])
        .order_by("pk")
        .values_list(*_COLUMNS)
    )
    rows: dict[str, list[_Row]] = defaultdict(list)
    for values in found:
        row = _Row(*values)
        rows[row.commodity_prefix].append(row)
    return rows


def _groups(consignment: Consignment, *, on: date) -> Mapping[str, frozenset[str]]:
    """origin -> the country groups it belongs to on the date."""
    origins = {item.origin for item in consignment.items}
    members = CountryGroupMember.objects.on(on).filter(country__code__in=origins)
    groups: dict[str, set[str]] = defaultdict(set)
    for country, group in members.values_list("country__code", "group__code"):
        groups[country].add(group)
    return {country: frozenset(codes) for country, codes in groups.items()}


def _chosen(
    consignment: Consignment,
    taxes: list[Tax],
    rows: Mapping[str, list[_Row]],
    groups: Mapping[str, frozenset[str]],
    acts: Mapping[int, LegalAct],
) -> dict[int, tuple[MeasureFact, ...]]:
    by_item = {tax.code for tax in taxes if tax.scope == Tax.Scope.ITEM}
    bases = {pk: legal_basis(act) for pk, act in acts.items()}
    measures: dict[int, tuple[MeasureFact, ...]] = {}
    for item in consignment.items:
        fitting = [
            row
            for prefix in _prefixes(item.commodity_code)
            for row in rows.get(prefix, ())
            if row.tax_code in by_item and row.applies(item, groups.get(item.origin, frozenset()))
        ]
        measures[item.number] = tuple(_measure_fact(row, bases) for row in _winners(fitting, item))
    whole = consignment.items[0] if consignment.items else ConsignmentItem(0, "", "", Decimal(0), procedure="")
    fitting = [row for row in rows.get("", ()) if row.tax_code not in by_item and row.applies(whole, frozenset())]
    measures[0] = tuple(_measure_fact(row, bases) for row in _winners(fitting, whole))
    return measures


def _winners(fitting: Iterable[_Row], item: ConsignmentItem) -> list[_Row]:
    """Of each tax the one measure that goes before the others, and every additive one."""
    best: dict[str, _Row] = {}
    additive: list[_Row] = []
    for row in fitting:
        if row.additive:
            additive.append(row)
        elif row.tax_code not in best or row.precedence(item) > best[row.tax_code].precedence(item):
            best[row.tax_code] = row
    return [*best.values(), *additive]


def _measure_fact(row: _Row, bases: Mapping[int, str]) -> MeasureFact:
    return MeasureFact(
        measure_id=row.pk,
        tax_code=row.tax_code,
        rate=parse(row.rate_text),
        rate_text=row.rate_text,
        legal_basis=bases[row.legal_act_id],
        is_example=row.is_example,
        origin=row.origin,
        commodity_prefix=row.commodity_prefix,
    )


def _tax_fact(tax: Tax) -> TaxFact:
    return TaxFact(
        code=tax.code,
        name=in_language(tax),
        sequence=tax.sequence,
        scope=tax.scope,
        base_includes_value=tax.base_includes_value,
        base_taxes=tuple(tax.base_taxes),
        base_adjustment=tax.base_adjustment,
        decimals=tax.decimals,
        is_suspended=tax.is_suspended,
        legal_basis=legal_basis(tax.legal_act),
        rounding=tax.rounding,
    )


def legal_basis(act: LegalAct) -> str:
    """The act as a charge names it: number and title in the reader's language, at most 400 characters."""
    return f"{act.number} · {in_language(act, 'title')}"[:400]


def _currencies(consignment: Consignment, measures: Mapping[int, tuple[MeasureFact, ...]]) -> set[str]:
    costs = [*consignment.costs.values(), *(cost for item in consignment.items for cost in item.costs.values())]
    named = {consignment.invoice_currency, *(cost.currency for cost in costs)}
    rates = {measure.rate for group in measures.values() for measure in group}
    return named.union(*(currencies_of(rate) for rate in rates)) - {""}


def _exchange_rates(currencies: Iterable[str], *, on: date) -> dict[str, ExchangeRateFact]:
    rows = ExchangeRate.objects.on(on).filter(currency__in=list(currencies))
    return {row.currency: _exchange_rate_fact(row) for row in rows}


def _exchange_rate_fact(row: ExchangeRate) -> ExchangeRateFact:
    return ExchangeRateFact(row.currency, row.rate / row.nominal, row.valid_from, row.source)


def exchange_rate(currency: str, *, on: date) -> ExchangeRateFact | None:
    """National units for one unit of `currency` on a date; None where no rate is in force."""
    return _exchange_rates([currency], on=on).get(currency)


def import_duty(*, on: date) -> Tax | None:
    """The first tax of imported items charged on the bare customs value: the country's import duty."""
    duties = Tax.objects.on(on).filter(flow=Tax.Flow.IMPORT, scope=Tax.Scope.ITEM, base_taxes=[])
    found: Tax | None = duties.select_related("legal_act").order_by("sequence").first()
    return found


def measures_of(code: str, *, on: date, origin: str = "") -> list[Measure]:
    """Every measure in force for a commodity code: its own and those it inherits; with `origin` only what fits it."""
    measures = Measure.objects.on(on).filter(commodity_prefix__in=_prefixes(code)).select_related("legal_act")
    if origin:
        groups = CountryGroupMember.objects.on(on).filter(country__code=origin).values_list("group__code", flat=True)
        measures = measures.filter(Q(origin__in=["", origin]) | Q(origin__in=list(groups)))
    return list(measures.order_by("tax_code", "-commodity_prefix", "origin"))


_NEEDS = {
    "T001": _("Declare the quantity in %(symbol)s (unit %(unit)s): the rate is charged on it."),
    "T002": _("No exchange rate of %(currency)s is in force on %(on)s."),
    "T003": _("Declare the net mass: the rate is charged on it."),
    "T004": _("Declare the gross mass: the rate is charged on it."),
    "T005": _("Declare the currency of the amount."),
    "T006": _(
        "State the agricultural component (%(symbol)s): its amount in %(currency)s for 100 kg of net mass, "
        "as a quantity in the unit %(unit)s."
    ),
    "T007": _(
        "State the additional duty on sugar (%(symbol)s): its amount in %(currency)s for 100 kg of net mass, "
        "as a quantity in the unit %(unit)s."
    ),
    "T008": _(
        "State the additional duty on flour (%(symbol)s): its amount in %(currency)s for 100 kg of net mass, "
        "as a quantity in the unit %(unit)s."
    ),
    "T009": _("Declare the sucrose content in per cent by weight, at most 100, as a quantity in the unit %(unit)s."),
}


def need_sentence(need: Need) -> str:
    """What is missing, in the reader's language."""
    return str(_NEEDS[need.code]) % need.values
