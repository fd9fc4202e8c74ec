"""How a cell of a table is read into a value and printed again, whatever the table and the file are about."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

Read = Callable[[str], Any]
Row = dict[str, Any]
YES, NO = frozenset({"yes", "true", "1"}), frozenset({"no", "false", "0", ""})


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: how its text is read, whether it may be empty, and which field of the row it fills."""

    name: str
    read: Read
    required: bool = True
    field: str = ""

    @property
    def target(self) -> str:
        return self.field or self.name


# Reading ------------------------------------------------------------------------------------------------------


def text(limit: int) -> Read:
    """Any text of at most `limit` characters, spaces tidied."""

    def read(value: str) -> str:
        tidy = " ".join(value.split())
        if len(tidy) > limit:
            raise ValueError(_("The text is longer than %(limit)d characters.") % {"limit": limit})
        return tidy

    return read


def matching(pattern: str, sentence: str | Promise) -> Read:
    """Text that matches the whole of `pattern`; `sentence` says what it should be."""
    compiled = re.compile(pattern)

    def read(value: str) -> str:
        if not compiled.fullmatch(value):
            raise ValueError(str(sentence))
        return value

    return read


def one_of(*choices: str) -> Read:
    """One of a few words."""

    def read(value: str) -> str:
        if value not in choices:
            raise ValueError(_("Write one of: %(choices)s.") % {"choices": ", ".join(choices)})
        return value

    return read


def or_empty(read: Read, default: Any = "") -> Read:
    """The same, but an empty cell stands for `default`."""
    return lambda value: read(value) if value else default


def flag(value: str) -> bool:
    """yes or no; empty means no."""
    if value.lower() in YES:
        return True
    if value.lower() in NO:
        return False
    raise ValueError(_("Write yes or no."))


def whole(value: str) -> int:
    """A whole number of zero or more; empty means zero."""
    if not value:
        return 0
    if not re.fullmatch(r"\d{1,9}", value):
        raise ValueError(_("Write a whole number."))
    return int(value)


def decimal(value: str) -> Decimal:
    """A number with a decimal point; empty means zero."""
    try:
        number = Decimal(value or "0")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise ValueError(_("Write a number with a decimal point, such as 1200.50."))
    return number


def day(value: str) -> date | None:
    """A date as 2026-11-23; empty means none."""
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(_("Write a date as 2026-11-23.")) from None


def month_and_day(value: str) -> str:
    """A day of any year as 06-01; empty means none."""
    if value:
        try:
            date.fromisoformat(f"2024-{value}")
        except ValueError:
            raise ValueError(_("Write month and day as 06-01.")) from None
    return value


def words(value: str) -> list[str]:
    """Codes separated by spaces."""
    return value.split()


def phrases(limit: int) -> Read:
    """Words or phrases separated by semicolons, each of at most `limit` characters."""
    one = text(limit)

    def read(value: str) -> list[str]:
        return [phrase for part in value.split(";") if (phrase := one(part))]

    return read


# Printing -----------------------------------------------------------------------------------------------------


def printed(value: Any) -> str:
    """A value as a cell holds it: a date as 2026-11-23, a flag as yes or no, a list with spaces, nothing as empty."""
    if value is None:
        return ""
    if value is True or value is False:
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return _plain(value)
    if isinstance(value, list | tuple):
        return " ".join(str(part) for part in value)
    return str(value)


def _plain(number: Decimal) -> str:
    """Without an exponent and without idle zeros: 0E-4 is 0, 1500.000000 is 1500."""
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text
