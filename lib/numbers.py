"""Reads numbers as people write them, in English, Russian and German notation, and writes them in the reader's.

What has two readings is refused.
"""

import re
from decimal import Decimal, InvalidOperation

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lib.money import round_money
from lib.spelling import with_plain_digits

_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f'\u2019]")
_GROUPED = re.compile(r"-?[0-9]{1,3}(?:[ \u00a0\u2007\u2009\u202f'\u2019][0-9]{3})+(?:[.,][0-9]+)?")
_ENGLISH = re.compile(r"-?[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]+|-?[0-9]{1,3}(?:,[0-9]{3}){2,}")
_GERMAN = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+|-?[0-9]{1,3}(?:\.[0-9]{3}){2,}")
_PLAIN = re.compile(r"-?[0-9]+(?:[.,][0-9]*)?|-?[.,][0-9]+")
_MOST_DIGITS = 40
_AMBIGUOUS = re.compile(r"-?[1-9][0-9]{0,2}[.,][0-9]{3}")
# As programs write very small and very large numbers: 4e-05, 1.5E7. A spreadsheet shows 1.2E+03 for what it shortened.
_POWER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:e[+-]?|E-?)[0-9]{1,2}")
_SHORTENED = re.compile(r"-?[0-9]+(?:[.,][0-9]+)?[Ee]\+[0-9]+")


class NotANumber(ValueError):
    """The text cannot be read as a number; `reason` says what to write."""

    def __init__(self, reason: str | Promise) -> None:
        self.reason = reason
        super().__init__(str(reason))


def is_ambiguous(text: str) -> bool:
    """Whether a number may be one or a thousand: `1,000` and `1.000`."""
    return _AMBIGUOUS.fullmatch(_tidy(text)) is not None


def read_number(text: str) -> Decimal:
    """An exact number that a person wrote: `1200.5`, `1,200.50`, `1 200,50`, `0,5`. Raises NotANumber.

    `1,000` and `1.000` both raise: one or a thousand.
    """
    if is_ambiguous(text):
        raise NotANumber(
            _("This may be read in two ways. Write the number with a decimal point, such as 1200.00 or 1.2000.")
        )
    return _certain(text)


def read_program_number(text: str) -> Decimal:
    """An exact number that a program wrote: `1.000` is one, `4e-05` has a power of ten. `1,000` still raises."""
    tidy = _tidy(text)
    if _POWER.fullmatch(tidy):
        return Decimal(tidy)
    if is_ambiguous(tidy) and "," not in tidy:
        return _certain(tidy)
    return read_number(tidy)


class ProgramNumber(str):
    """A number as a program wrote it, with a point before its decimals: `1.000` is one, `1.2e3` is 1200."""

    __slots__ = ()

    def for_people(self) -> str:
        """The same number as `read_number` reads it; a text that is none, or is out of all bounds, as it is."""
        try:
            exact = Decimal(self)
        except InvalidOperation:
            return str(self)
        if not exact.is_finite() or abs(exact.adjusted()) > _MOST_DIGITS:
            return str(self)
        return with_one_reading(f"{exact:f}")


def with_one_reading(text: str) -> str:
    """A number as a program wrote it, so that `read_number` reads it too: `1.125` becomes `1.1250`."""
    return f"{text}0" if "." in text and is_ambiguous(text) else text


def _tidy(text: str) -> str:
    return with_plain_digits(text).strip().replace("\u2212", "-")


def _certain(text: str) -> Decimal:
    text = _tidy(text)
    if _ENGLISH.fullmatch(text):
        return Decimal(text.replace(",", ""))
    if _GERMAN.fullmatch(text):
        return Decimal(text.replace(".", "").replace(",", "."))
    if _GROUPED.fullmatch(text) or _PLAIN.fullmatch(text):
        return Decimal(_SPACES.sub("", text).replace(",", "."))
    if _SHORTENED.fullmatch(text):
        raise NotANumber(_("A program has shortened this number. Write all of its digits, such as 1200.50."))
    raise NotANumber(_("This is not a number. Write digits, such as 1200.50."))


def in_notation(number: Decimal, decimals: int) -> str:
    """A number with so many decimals, rounded half up, with the reader's decimal sign and digit grouping."""
    return number_format(round_money(number, decimals), decimals, use_l10n=True, force_grouping=True)
