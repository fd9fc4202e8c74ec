"""The law that applies to a consignment on a date: taxes, measures, exchange rates.

The law of a day changes only with the edition of the tables, so each process remembers what it has read of it.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from django.utils.translation import gettext_lazy as _

from lib.languages import in_language
from lib.remembered import Remembered
from tariffs.calculation import Consignment, ExchangeRateFact, Law, MeasureFact, Need, TaxFact
from tariffs.models import ExchangeRate, Flow, Tax
from tariffs.rates import currencies_of
from tariffs.selectors.codes import CodeLists, Edition, code_lists
from tariffs.selectors.measures import legal_basis, select
from tariffs.selectors.quotas import quotas_named

_taxes: Remembered[tuple[Edition, date, str], tuple[Tax, ...]] = Remembered(64)
_rates: Remembered[tuple[Edition, date], Mapping[str, ExchangeRateFact]] = Remembered(64)


def law_for(consignment: Consignment, *, on: date, lists: CodeLists | None = None) -> Law:
    """Everything `calculation.assess` needs to know; `lists` are the code lists of the day, if the caller has them.

    One query asks for the edition; what of its law is not remembered takes five, however many items, and measures are
    one of them. A further one reads the balances of the quotas that items name, if they name any.
    """
    lists = lists or code_lists(on=on)
    edition = lists.edition
    national = lists.currencies().national
    taxes = _taxes.one((edition, on, consignment.flow), lambda: _taxes_of(consignment.flow, on=on))
    quotas = quotas_named(consignment, on=on)
    chosen = select(consignment, taxes, quotas=quotas, on=on, edition=edition)
    rates = _rates.one((edition, on), lambda: exchange_rates(on=on))
    named = _currencies(consignment, chosen.measures)
    return Law(
        on=on,
        currency=national.code,
        decimals=national.decimals,
        exchange_rates={currency: rates[currency] for currency in named if currency in rates},
        taxes=tuple(_tax_fact(tax) for tax in taxes),
        measures=chosen.measures,
        restrictions=chosen.restrictions,
        quotas=quotas,
        quota_items=chosen.quota_items,
        suspending_procedures=lists.suspending_procedures(),
        unsecured_procedures=lists.unsecured_procedures(),
        unit_factors=lists.unit_factors(),
    )


def _taxes_of(flow: str, *, on: date) -> tuple[Tax, ...]:
    return tuple(Tax.objects.on(on).filter(flow__in=[flow, Flow.BOTH]).select_related("legal_act"))


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


def exchange_rates(currencies: Iterable[str] = (), *, on: date) -> dict[str, ExchangeRateFact]:
    """currency -> national units for one unit of it on a date, of those named or of all."""
    found = ExchangeRate.objects.on(on)
    if named := list(currencies):
        found = found.filter(currency__in=named)
    return {
        row.currency: ExchangeRateFact(row.currency, row.rate / row.nominal, row.valid_from, row.source)
        for row in found
    }


def exchange_rate(currency: str, *, on: date) -> ExchangeRateFact | None:
    """National units for one unit of `currency` on a date; None where no rate is in force."""
    return exchange_rates([currency], on=on).get(currency)


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
