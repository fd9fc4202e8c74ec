"""Rate texts: one grammar for the notations of tariffs, read into a small tree and printed back.

`parse` reads English and Russian notation, `text_of` prints the canonical one of either language, and
`parse(text_of(rate)) == rate`. What cannot be read is refused with its place, never guessed and never zero.
The written definition is docs/rates.md.
"""

from tariffs.rates.currencies import CURRENCIES
from tariffs.rates.printing import text_of, unit_text
from tariffs.rates.reading import MAX_DEPTH, MAX_LENGTH, parse
from tariffs.rates.refusal import EXPECTED, RateUnreadable
from tariffs.rates.tree import (
    Component,
    Fixed,
    Free,
    Max,
    Min,
    Percent,
    Rate,
    Specific,
    Step,
    Sum,
    currencies_of,
    leaves,
    units_of,
)
from tariffs.rates.units import (
    COMPONENTS,
    CONTENTS,
    MASS_KINDS,
    RATE_UNITS,
    STATED_UNITS,
    UNIT_FACTORS,
    UNIT_SYMBOLS,
    ComponentKind,
    ContentKind,
    MassKind,
    RateUnit,
)

__all__ = [
    "COMPONENTS",
    "CONTENTS",
    "CURRENCIES",
    "EXPECTED",
    "MASS_KINDS",
    "MAX_DEPTH",
    "MAX_LENGTH",
    "RATE_UNITS",
    "STATED_UNITS",
    "UNIT_FACTORS",
    "UNIT_SYMBOLS",
    "Component",
    "ComponentKind",
    "ContentKind",
    "Fixed",
    "Free",
    "MassKind",
    "Max",
    "Min",
    "Percent",
    "Rate",
    "RateUnit",
    "RateUnreadable",
    "Specific",
    "Step",
    "Sum",
    "currencies_of",
    "leaves",
    "parse",
    "text_of",
    "unit_text",
    "units_of",
]
