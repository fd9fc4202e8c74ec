"""Why a rate text is refused: a code, the place, and what would have been understood there.

`RateUnreadable` speaks English; `tariffs.wording.unreadable` says the same in the reader's language from the code.
"""

from collections.abc import Mapping

EXPECTED: Mapping[str, str] = {
    "rate": "a number, “Free”, “min(”, “max(”, “step(”, a component such as EA, or “(”",
    "number": "a number",
    "end": "the end, “+”, “min” or “max”",
    "length": "no more than %(limit)s characters",
    "nesting": "no more than %(limit)s levels of nesting",
    "bracket": "“)”",
    "second_rate": "a comma and a second rate",
    "comma_or_bracket": "“,” or “)”",
    "bound": "the value from which the step counts",
    "bound_order": "a value greater than that of the step before",
    "colon": "“:”",
    "semicolon_or_bracket": "“;” or “)”",
    "percent_or_currency": "“%%” or a currency code such as EUR",
    "count": "a count greater than zero",
    "count_ambiguous": "a count without a space in it, such as 1000",
    "number_ambiguous": "a number that can be read in one way: 1234 or 1.234",
    "number_size": "a number of at most %(whole)s digits and %(decimals)s decimals",
    "unit": "a unit such as kg, l, pcs, pair, m2, cm3 or t",
    "strength": "“vol / hl” after “%%”: a rate by strength alone has no quantity",
    "mass_unit": "a unit of mass beside “gross”",
    "whichever": "“whichever is greater” or “whichever is lower”",
    "condition": "a rate without conditions: a document, an entry price or a date is a condition of the measure",
}


class RateUnreadable(ValueError):
    """`text` cannot be read; `position` counts from 0, `code` and `expected` say what would have been understood.

    `values` are the figures that the sentence of `code` names.
    """

    def __init__(self, text: str, position: int, code: str, values: Mapping[str, object] | None = None) -> None:
        self.text, self.position, self.code, self.values = text, position, code, dict(values or {})
        self.expected = EXPECTED[code] % self.values
        found = self.found or "the end"
        super().__init__(f"“{text}” cannot be read at character {position + 1} (“{found}”): expected {self.expected}.")

    @property
    def found(self) -> str:
        """What stands at the place; empty at the end of the text."""
        return self.text[self.position : self.position + 20].strip()
