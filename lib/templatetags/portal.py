"""Template filters and tags that every page may use (a built-in of the template engine).

They write numbers, money, dates and names in the reader's language. Whatever they need comes as an argument: a currency
is an object with its decimals (`lib.money.Currency`); none of them reads a table or asks the clock.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BoundField
from django.utils.translation import gettext

from lib import languages
from lib.figures import places
from lib.money import Currency
from lib.numbers import in_notation
from lib.proportions import percent_within
from lib.uploads import endings
from lib.violations import Violation

register = template.Library()

NO_BREAK = "\N{NO-BREAK SPACE}"


def _grouped(value: Decimal, decimals: int) -> str:
    return in_notation(value, decimals)


@register.simple_tag
def papers_accepted() -> str:
    """What a file chooser for papers offers."""
    return endings()


@register.filter
def money(value: Decimal | int | None, currency: Currency) -> str:
    """An amount with the decimals of its currency and the reader's digit grouping; the code stands elsewhere."""
    if value is None or value == "":
        return ""
    return _grouped(Decimal(value), currency.decimals)


@register.filter
def amount(value: Decimal | int | None, currency: Currency) -> str:
    """An amount with its currency, as in "1 200,50 EUR", never torn apart at the end of a line."""
    written = money(value, currency)
    return f"{written}{NO_BREAK}{currency.code}" if written else ""


@register.filter
def within(part: int, whole: int) -> tuple[Decimal, Decimal, Decimal] | None:
    """`part` of `whole` in per cent, and between which per cent the true share lies; None of nothing."""
    return percent_within(part, whole)


@register.filter
def quantity(value: Decimal | int | None) -> str:
    """A quantity, mass or rate with as many decimals as it has and the reader's digit grouping."""
    if value is None or value == "":
        return ""
    exact = Decimal(value)
    decimals = places(exact)
    return in_notation(exact, decimals)


@register.filter
def price(value: Decimal | int | None) -> str:
    """A declared sum as exact as it was written: whole, or with two decimals at least."""
    if value is None or value == "":
        return ""
    exact = Decimal(value)
    return _grouped(exact, places(exact, least=2 if places(exact) else 0))


@register.filter
def unit_value(value: Decimal | int | None) -> str:
    """A value or mass for one unit, for comparing: two decimals, four where it is below one."""
    if value is None or value == "":
        return ""
    exact = Decimal(value)
    return in_notation(exact, 2 if exact >= 1 else 4)


@register.filter
def rate(value: Decimal | None) -> str:
    """An exchange rate: as exact as published, with four decimals at least."""
    if value is None or value == "":
        return ""
    exact = Decimal(value)
    decimals = places(exact, least=4)
    return in_notation(exact, decimals)


@register.filter
def in_language(row: Any, field: str = "name") -> str:
    """The row's `field` in the reader's language, else in English."""
    return languages.in_language(row, field) if row is not None and row != "" else ""


register.filter("day", languages.day_text)
register.filter("moment", languages.moment_text)


@register.filter
def duration(value: timedelta | None) -> str:
    """How long, in its two largest units: "2 d 4 h", "3 h 20 min", "12 min"."""
    if value is None:
        return ""
    minutes = max(0, round(value.total_seconds() / 60))
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    if days:
        return gettext("%(days)d d %(hours)d h") % {"days": days, "hours": hours}
    if hours:
        return gettext("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest}
    return gettext("%(minutes)d min") % {"minutes": rest}


@register.filter
def entry(mapping: Mapping[Any, Any] | None, key: Any) -> Any:
    """`mapping[key]`, empty when there is none."""
    return mapping.get(key, "") if mapping else ""


@register.filter
def violations_at(violations: Iterable[Violation] | None, pointer: str) -> list[Violation]:
    """The violations that point at `pointer`."""
    return [violation for violation in violations or () if violation.pointer == pointer]


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, box: str = "", extra: str = "") -> dict[str, Any]:
    """Label, control, hint and errors of a form field, with the SAD box number if there is one."""
    return {"field": bound, "box": box, "extra": extra}


@register.inclusion_tag("components/field_error.html")
def field_error(violations: Iterable[Violation] | None, pointer: str = "", id_: str = "") -> dict[str, Any]:
    """The sentences of the violations that point at `pointer`."""
    return {"violations": violations_at(violations, pointer), "id": id_}


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: template.Context, page: Page[Any]) -> dict[str, Any]:
    """Links to the neighbouring pages of `page`; the other query parameters stay."""
    return {"page": page, "request": context["request"]}
