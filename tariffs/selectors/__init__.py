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
from tariffs.selectors.exchange_rates import (
    PastRate,
    exchange_rate_history,
    exchange_rates_in_force,
    may_keep_rates,
    may_see_rate_lists,
    rate_list,
    rate_lists,
)
from tariffs.selectors.law import (
    exchange_rate,
    import_duty,
    law_for,
    measures_of,
    need_sentence,
)
from tariffs.selectors.measures import in_season
from tariffs.selectors.nomenclature import commodity, declarable, path_to
from tariffs.selectors.quotas import (
    DayOfDraws,
    QuotaBalance,
    draws_by_day,
    measures_with_quota,
    quota_balances,
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
    "exchange_rate",
    "exchange_rate_history",
    "exchange_rates_in_force",
    "import_duty",
    "in_season",
    "known_codes",
    "law_for",
    "may_keep_rates",
    "may_see_rate_lists",
    "measures_of",
    "measures_with_quota",
    "need_sentence",
    "path_to",
    "procedure",
    "proofs_of_origin",
    "quota_balances",
    "quota_periods",
    "rate_list",
    "rate_lists",
    "territory",
    "unit_factors",
]
