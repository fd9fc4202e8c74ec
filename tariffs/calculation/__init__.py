"""Value, apportionment, duties and taxes of a consignment: frozen dataclasses in, frozen dataclasses out.

The public calculator and the assessment of a declaration both call `assess`. Nothing here knows a database, a
clock or a setting; amounts are Decimal, money is rounded half up.
"""

from tariffs.calculation.assessment import assess
from tariffs.calculation.facts import (
    COSTS,
    Assessment,
    Charge,
    Consignment,
    ConsignmentItem,
    Cost,
    ExchangeRateFact,
    ItemValue,
    Law,
    MeasureFact,
    Need,
    TaxFact,
)

__all__ = [
    "COSTS",
    "Assessment",
    "Charge",
    "Consignment",
    "ConsignmentItem",
    "Cost",
    "ExchangeRateFact",
    "ItemValue",
    "Law",
    "MeasureFact",
    "Need",
    "TaxFact",
    "assess",
]
