"""Value, apportionment, duties and taxes of a consignment: frozen dataclasses in, frozen dataclasses out.

The public calculator and the assessment of a declaration both call `assess`. Nothing here knows a database, a
clock or a setting; amounts are Decimal, money is rounded half up.
"""

from tariffs.calculation.assessment import assess
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
    TaxFact,
)
from tariffs.calculation.quantities import counted

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
    "ExchangeRateFact",
    "ItemValue",
    "Law",
    "MeasureFact",
    "Need",
    "QuotaFact",
    "RestrictionFact",
    "TaxFact",
    "assess",
    "counted",
]
