"""Value, apportionment, duties and taxes of a consignment: frozen dataclasses in, frozen dataclasses out.

The public calculator and the assessment of a declaration both call `assess`. Nothing here knows a database, a
clock or a setting; amounts are Decimal, money is rounded half up.
"""

from tariffs.calculation.assessment import apportioned, assess
from tariffs.calculation.duty import Goods, amount_of
from tariffs.calculation.facts import (
    BEYOND,
    COSTS,
    WHOLE,
    WITHIN,
    Assessment,
    Charge,
    Consignment,
    ConsignmentItem,
    Cost,
    Draw,
    ExchangeRateFact,
    ItemValue,
    Law,
    MeasureFact,
    Need,
    QuotaFact,
    RestrictionFact,
    Share,
    SharedCost,
    TaxFact,
)
from tariffs.calculation.figures import money_text, quantity_text
from tariffs.calculation.interest import (
    Fee,
    Interest,
    InterestRateFact,
    Late,
    Owed,
    Paid,
    ServiceFeeFact,
    fee_due,
    interest_due,
    late_parts,
)
from tariffs.calculation.quantities import counted
from tariffs.calculation.value import Exchange

__all__ = [
    "BEYOND",
    "COSTS",
    "WHOLE",
    "WITHIN",
    "Assessment",
    "Charge",
    "Consignment",
    "ConsignmentItem",
    "Cost",
    "Draw",
    "Exchange",
    "ExchangeRateFact",
    "Fee",
    "Goods",
    "Interest",
    "InterestRateFact",
    "ItemValue",
    "Late",
    "Law",
    "MeasureFact",
    "Need",
    "Owed",
    "Paid",
    "QuotaFact",
    "RestrictionFact",
    "ServiceFeeFact",
    "Share",
    "SharedCost",
    "TaxFact",
    "amount_of",
    "apportioned",
    "assess",
    "counted",
    "fee_due",
    "interest_due",
    "late_parts",
    "money_text",
    "quantity_text",
]
