"""How papers write figures, dates and codes: in the reader's language, without a query for each of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from django.utils import timezone
from django.utils.formats import number_format

from lib.money import Currency, round_money
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
        decimals = self.national.decimals
        return number_format(round_money(value, decimals), decimals, use_l10n=True, force_grouping=True)

    def amount(self, value: Decimal | None) -> str:
        """National currency, with its code, never torn apart at the end of a line."""
        return "" if value is None else f"{self.money(value)}{NO_BREAK}{self.national}"

    def figure(self, value: Decimal | int | None) -> str:
        """As many decimals as it has."""
        if value in EMPTY:
            return ""
        exact = Decimal(value)
        decimals = max(0, -int(exact.normalize().as_tuple().exponent))
        return number_format(exact, decimals, use_l10n=True, force_grouping=True)

    def price(self, value: Decimal | None) -> str:
        """A foreign amount: two decimals at the least."""
        if value is None:
            return ""
        decimals = max(2, -int(value.normalize().as_tuple().exponent))
        return number_format(round_money(value, decimals), decimals, use_l10n=True, force_grouping=True)

    def day(self, value: date | None) -> str:
        return f"{value:%d.%m.%Y}" if value else ""

    def moment(self, value: datetime | None) -> str:
        return f"{timezone.localtime(value):%d.%m.%Y %H:%M}" if value else ""

    def country(self, code: str) -> str:
        return self.countries.get(code, code)
