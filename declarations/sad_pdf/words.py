"""How papers write figures, dates and codes: in the reader's language, without a query for each of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from lib.figures import places
from lib.languages import day_text, moment_text
from lib.money import Currency
from lib.numbers import in_notation
from tariffs.selectors import code_list

EMPTY = (None, "")
NO_BREAK = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Words:
    """The wording of one paper; `on` is the date whose code lists apply, `national` the currency of its amounts."""

    on: date
    national: Currency

    @cached_property
    def countries(self) -> Mapping[str, str]:
        return code_list("country", on=self.on)

    @cached_property
    def packages(self) -> Mapping[str, str]:
        return code_list("package_kind", on=self.on)

    @cached_property
    def offices(self) -> Mapping[str, str]:
        return code_list("office", on=self.on)

    def money(self, value: Decimal | None) -> str:
        """National currency, with its decimals."""
        if value is None:
            return ""
        return in_notation(value, self.national.decimals)

    def amount(self, value: Decimal | None) -> str:
        """National currency, with its code, never torn apart at the end of a line."""
        return "" if value is None else f"{self.money(value)}{NO_BREAK}{self.national}"

    def figure(self, value: Decimal | int | None) -> str:
        """As many decimals as it has."""
        if value in EMPTY:
            return ""
        exact = Decimal(value)
        decimals = places(exact)
        return in_notation(exact, decimals)

    def price(self, value: Decimal | None) -> str:
        """A foreign amount: two decimals at the least."""
        if value is None:
            return ""
        decimals = places(value, least=2)
        return in_notation(value, decimals)

    def day(self, value: date | None) -> str:
        return day_text(value)

    def moment(self, value: datetime | None) -> str:
        return moment_text(value)

    def country(self, code: str) -> str:
        return self.countries.get(code, code)
