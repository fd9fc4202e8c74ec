"""Reads of the law: the territory, code lists, nomenclature, and what applies to a consignment on a date."""

from tariffs.selectors.codes import (
    CodeLists,
    code_list,
    code_lists,
    delivery_term,
    known_codes,
    procedure,
    proofs_of_origin,
    territory,
    unit_factors,
)
from tariffs.selectors.exchange_rates import PastRate, exchange_rate_history, exchange_rates_in_force
from tariffs.selectors.law import (
    exchange_rate,
    import_duty,
    law_for,
    need_sentence,
)
from tariffs.selectors.measures import (
    earlier_measures,
    fits_origin,
    groups_of,
    in_season,
    legal_basis,
    measures_from,
)
from tariffs.selectors.nomenclature import commodity, declarable, lines_near, path_to
from tariffs.selectors.quotas import (
    DayOfDraws,
    QuotaBalance,
    draws_by_day,
    measures_with_quota,
    quota_balances,
    quota_on,
    quota_periods,
)

__all__ = [
    "CodeLists",
    "DayOfDraws",
    "PastRate",
    "QuotaBalance",
    "code_list",
    "code_lists",
    "commodity",
    "declarable",
    "delivery_term",
    "draws_by_day",
    "earlier_measures",
    "exchange_rate",
    "exchange_rate_history",
    "exchange_rates_in_force",
    "fits_origin",
    "groups_of",
    "import_duty",
    "in_season",
    "known_codes",
    "law_for",
    "legal_basis",
    "lines_near",
    "measures_from",
    "measures_with_quota",
    "need_sentence",
    "path_to",
    "procedure",
    "proofs_of_origin",
    "quota_balances",
    "quota_on",
    "quota_periods",
    "territory",
    "unit_factors",
]
