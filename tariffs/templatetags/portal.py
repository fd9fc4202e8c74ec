"""Template filters and tags that every page may use (a built-in of the template engine).

They write numbers, money, dates and names in the reader's language; none of them touches a figure's value beyond
rounding it for display.
"""

import threading
import time
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BoundField
from django.utils import timezone
from django.utils.dateformat import format as write_date
from django.utils.translation import get_language, gettext

from lib import languages
from lib.figures import places
from lib.numbers import in_notation
from lib.violations import Violation
from tariffs.models import Territory
from tariffs.selectors import territory

register = template.Library()

NO_BREAK = "\N{NO-BREAK SPACE}"
# ISO 4217 currencies that are not written with two decimals.
WHOLE = ("BIF", "CLP", "ISK", "JPY", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF")
THOUSANDTHS = ("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND")
DECIMALS = dict.fromkeys(WHOLE, 0) | dict.fromkeys(THOUSANDTHS, 3)


class _Remembered(threading.local):
    """Code and decimals of the national currency, read once for each page (and at least once a second elsewhere)."""

    value: tuple[str, int] | None = None
    read_at: float = 0.0


_remembered = _Remembered()


def forget_national_currency() -> None:
    """Read the territory again at the next amount: a new page begins."""
    _remembered.value = None


def _national() -> tuple[str, int]:
    """Code and decimals of the national currency; no code while no country is loaded."""
    if _remembered.value is None or time.monotonic() - _remembered.read_at > 1:
        try:
            land = territory()
            _remembered.value = (land.currency, land.currency_decimals)
        except Territory.DoesNotExist:
            _remembered.value = ("", 2)
        _remembered.read_at = time.monotonic()
    return _remembered.value


def _grouped(value: Decimal, decimals: int) -> str:
    return in_notation(value, decimals)


@register.filter
def money(value: Decimal | int | None) -> str:
    """An amount of the national currency with its decimals and the reader's digit grouping; no currency code."""
    if value is None or value == "":
        return ""
    return _grouped(Decimal(value), _national()[1])


@register.filter
def amount(value: Decimal | int | None, currency: str = "") -> str:
    """An amount with its currency, as in "1 200,50 EUR"; the national currency keeps its own decimals."""
    if value is None or value == "":
        return ""
    national, decimals = _national()
    if currency and currency != national:
        decimals = DECIMALS.get(currency, 2)
    return f"{_grouped(Decimal(value), decimals)}{NO_BREAK}{currency or national}"


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
def rate(value: Decimal | None) -> str:
    """An exchange rate: as exact as published, with four decimals at least."""
    if value is None or value == "":
        return ""
    exact = Decimal(value)
    decimals = places(exact, least=4)
    return in_notation(exact, decimals)


@register.simple_tag
def national_currency() -> str:
    """The code of the national currency."""
    return _national()[0]


@register.filter
def in_language(row: Any, field: str = "name") -> str:
    """The row's `field` in the reader's language, else in English."""
    return languages.in_language(row, field) if row is not None and row != "" else ""


@register.filter
def day(value: date | None) -> str:
    """A date as people here write it: 23.11.2026, in English 23 Nov 2026."""
    if not value:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return write_date(value, "j M Y" if (get_language() or "en").startswith("en") else "d.m.Y").replace(" ", NO_BREAK)


@register.filter
def moment(value: datetime | None) -> str:
    """An instant in the reader's time zone: date and minute."""
    if not value:
        return ""
    return f"{day(value)},{NO_BREAK}{timezone.localtime(value):%H:%M}"


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
