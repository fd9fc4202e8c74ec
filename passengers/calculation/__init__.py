"""What a party of travellers owes and must do: frozen dataclasses in, frozen dataclasses out.

Rate texts, exchange rates, rounding and full duties are those of `tariffs.calculation`. Nothing here knows a database,
a clock or a setting. Where the law leaves a choice (one of several limits, parts of limits, which thing that cannot be
divided stays within), the choice that costs the traveller least is taken.
"""

from passengers.calculation.allowances import judge
from passengers.calculation.cash import judge_cash
from passengers.calculation.facts import (
    AND,
    EVERYBODY,
    EXCESS,
    FULL,
    MONEY,
    NON_RESIDENTS,
    OR,
    PARTS,
    PROHIBITED,
    RATE,
    RESIDENTS,
    WHOLE,
    Carried,
    CashFound,
    CashLine,
    CashRule,
    Charge,
    Good,
    Judged,
    Limit,
    Party,
    Person,
    Refused,
    TravelLaw,
    Unknown,
    Used,
)

__all__ = [
    "AND",
    "EVERYBODY",
    "EXCESS",
    "FULL",
    "MONEY",
    "NON_RESIDENTS",
    "OR",
    "PARTS",
    "PROHIBITED",
    "RATE",
    "RESIDENTS",
    "WHOLE",
    "Carried",
    "CashFound",
    "CashLine",
    "CashRule",
    "Charge",
    "Good",
    "Judged",
    "Limit",
    "Party",
    "Person",
    "Refused",
    "TravelLaw",
    "Unknown",
    "Used",
    "judge",
    "judge_cash",
]
