"""The law that applies to a consignment on a date: taxes, measures, exchange rates, in a constant number of queries."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.utils.translation import gettext_lazy as _

from lib.languages import in_language
from tariffs.calculation import Consignment, ExchangeRateFact, Law, MeasureFact, Need, TaxFact
from tariffs.models import ExchangeRate, Tax
from tariffs.rates import currencies_of
from tariffs.selectors.codes import code_lists
from tariffs.selectors.measures import legal_basis, select
from tariffs.selectors.quotas import quotas_named


def law_for(consignment: Consignment, *, on: date) -> Law:
    """Everything `calculation.assess` needs to know. Six queries, however many items; measures are one of them.

    A seventh reads the balances of the quotas that items name, if they name any.
    """
    lists = code_lists(on=on)
    national = lists.currencies().national
    taxes = list(Tax.objects.on(on).filter(flow__in=[consignment.flow, Tax.Flow.BOTH]).select_related("legal_act"))
    quotas = quotas_named(consignment, on=on)
    chosen = select(consignment, taxes, quotas=quotas, on=on)
    return Law(
        on=on,
        currency=national.code,
        decimals=national.decimals,
        exchange_rates=_exchange_rates(_currencies(consignment, chosen.measures), on=on),
        taxes=tuple(_tax_fact(tax) for tax in taxes),
        measures=chosen.measures,
        restrictions=chosen.restrictions,
        quotas=quotas,
        quota_items=chosen.quota_items,
        suspending_procedures=lists.suspending_procedures(),
        unit_factors=lists.unit_factors(),
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
        missing_adjustment=tax.missing_adjustment,
    )


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
