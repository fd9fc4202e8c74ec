"""Reads the text of one cell of a table: text, code, flag, number, day. What has two readings is refused, not guessed.

Each reader takes the text and returns the value, or raises ValueError with a sentence that says what to write.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from lib.country_codes import SHORT_NAME, is_short_name
from lib.dates import DayUnclear, NotADay, read_day
from lib.figures import ZERO, plain
from lib.numbers import NotANumber, read_number, with_one_reading
from lib.spelling import plain_code, seen

Read = Callable[[str], Any]
Row = dict[str, Any]
EARLIEST, LATEST = 1900, 2200  # years that can be meant
YES = frozenset({"yes", "y", "true", "t", "1", "on", "да", "д", "истина", "ҳа", "ха", "бале", "бали", "оре", "дуруст"})
NO = frozenset({"no", "n", "false", "f", "0", "off", "нет", "н", "ложь", "не", "дурӯғ", "нодуруст"})
# What other systems write where nothing is known. "NA" is a country, "0" a number: they are not among them.
_MARKS = frozenset(
    {
        "n/a", "#n/a", "n.a.", "#н/д", "н/д", "н.д.", "null", "(null)", "<null>", "none", "nan", "undefined",
        "(blank)", "(empty)", "(пусто)", "?", "??", "???",
    }
)  # fmt: skip
_PHRASES = frozenset(
    {
        "unknown", "not specified", "not available", "not applicable", "no data", "not given", "blank", "empty",
        "не указано", "не указан", "не указана", "не определено", "не определен", "не определён", "не применимо",
        "неприменимо", "не известно", "неизвестно", "неизвестен", "нет данных", "отсутствует", "пусто", "не задано",
        "маълум нест", "номаълум", "нишон дода нашудааст", "маълумот нест", "надорад", "дода нашудааст",
    }
)  # fmt: skip
_ONLY_SIGNS = re.compile(r"[-\u2010-\u2015\u2212_.…*/\\]+")


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


def is_mark_of_nothing(value: str) -> bool:
    """Whether a text is what a program writes where it has nothing: `N/A`, `null`, `-`."""
    tidy = " ".join(value.split())
    return bool(tidy) and (tidy.casefold() in _MARKS or _ONLY_SIGNS.fullmatch(tidy) is not None)


def is_placeholder(value: str) -> bool:
    """Whether a text only says that nothing is known: `N/A`, `null`, `-`, `не указано`, `маълумот нест`.

    In a list of names a phrase may be a name: the package code NA of the UNECE is "Not available".
    """
    return is_mark_of_nothing(value) or " ".join(value.split()).casefold() in _PHRASES


def text(limit: int) -> Read:
    """Any text of at most `limit` characters, spaces tidied."""

    def read(value: str) -> str:
        tidy = " ".join(value.split())
        if len(tidy) > limit:
            sentence = _("The text has %(found)d characters; at most %(limit)d fit.")
            raise ValueError(sentence % {"found": len(tidy), "limit": limit})
        return tidy

    return read


def code(limit: int) -> Read:
    """A code of at most `limit` characters; look-alike letters are read as the Latin ones that were meant."""
    fitting = text(limit)
    return lambda value: fitting(_latin(value))


def origin(limit: int) -> Read:
    """The code of a country, or of a group of them."""
    fitting = code(limit)
    return lambda value: fitting(_no_short_name(value))


def origins(value: str) -> list[str]:
    """Codes of countries and groups separated by spaces."""
    return [_latin(_no_short_name(part)) for part in value.split()]


def _no_short_name(value: str) -> str:
    if is_short_name(value):
        raise ValueError(str(SHORT_NAME))
    return value


def _latin(value: str) -> str:
    return value if value.isascii() else plain_code(value)


def matching(pattern: str, sentence: str | Promise) -> Read:
    """A code that matches the whole of `pattern`; `sentence` says what it should be."""
    compiled = re.compile(pattern, re.ASCII)

    def read(value: str) -> str:
        plain = _latin(value)
        if not compiled.fullmatch(plain):
            plain = "".join(plain.split())
        if not compiled.fullmatch(plain):
            raise ValueError(str(sentence))
        return plain

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
    """Yes or no in English, Russian or Tajik, as spreadsheets and people write it; empty means no."""
    word = " ".join(seen(value).split()).casefold()
    if word in YES:
        return True
    if not word or word in NO:
        return False
    raise ValueError(_("“%(text)s” is neither yes nor no. Write yes or no.") % {"text": value[:40]})


def whole(value: str) -> int:
    """A whole number of zero or more, at most nine digits; empty means zero."""
    if not value:
        return 0
    if not re.fullmatch(r"[0-9]{1,9}", value):
        raise ValueError(_("Write a whole number."))
    return int(value)


def decimal(value: str) -> Decimal:
    """An exact number in English or Russian notation; empty means zero."""
    try:
        return read_number(value) if value else ZERO
    except NotANumber as fault:
        raise ValueError(str(fault.reason)) from None


def above_zero(value: str) -> Decimal:
    """A number as `decimal` reads it that is greater than zero."""
    number = decimal(value)
    if number <= 0:
        raise ValueError(_("Write a number greater than zero."))
    return number


def day(value: str) -> date | None:
    """A day as 2026-11-23 or 23.11.2026; empty means none. A day with two readings is asked about."""
    if not value:
        return None
    try:
        read = read_day(value)
    except DayUnclear:
        sentence = _("“%(text)s” may be read as two different days. Write 2026-11-23 or 23.11.2026.")
        raise ValueError(sentence % {"text": value[:40]}) from None
    except NotADay:
        sentence = _("“%(text)s” is not a day. Write 2026-11-23 or 23.11.2026.")
        raise ValueError(sentence % {"text": value[:40]}) from None
    if not EARLIEST <= read.year <= LATEST:
        raise ValueError(_("The year of “%(text)s” cannot be right.") % {"text": value[:40]})
    return read


def month_and_day(value: str) -> str:
    """A day of any year as 06-01; empty means none."""
    if value:
        if not re.fullmatch(r"[0-9]{2}-[0-9]{2}", value):
            raise ValueError(_("Write month and day as 06-01."))
        try:
            date.fromisoformat(f"2024-{value}")
        except ValueError:
            raise ValueError(_("Write month and day as 06-01.")) from None
    return value


def words(value: str) -> list[str]:
    """Codes separated by spaces."""
    return [_latin(part) for part in value.split()]


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
        return with_one_reading(plain(value))
    if isinstance(value, list | tuple):
        return " ".join(str(part) for part in value)
    return str(value)
