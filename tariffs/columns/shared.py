"""Columns that come again in several tables of the law, and how they are read."""

from dataclasses import replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lib.cells import day, flag, matching, month_and_day, one_of, or_empty, text
from tariffs.columns.table import Choices, LawColumn
from tariffs.rates import RateUnreadable, parse
from tariffs.wording import unreadable


def rate_text(value: str) -> str:
    """A rate that the grammar of rate texts can read, kept as it is written."""
    try:
        parse(value)
    except RateUnreadable as error:
        raise ValueError(unreadable(error)) from None
    return value


# Columns that come again --------------------------------------------------------------------------------------


def long_text(name: str, limit: int, **more: Any) -> LawColumn:
    return LawColumn(name, text(limit), widget="long", **more)


def flag_column(name: str, **more: Any) -> LawColumn:
    return LawColumn(name, flag, widget="flag", **more)


def choice(name: str, choices: Choices, **more: Any) -> LawColumn:
    read = one_of(*(value for value, _label in choices))
    if not more.get("required", True):
        read = or_empty(read, more.get("usual", ""))
    return LawColumn(name, read, widget="choice", choices=choices, **more)


def season(name: str, hint: str | Promise) -> LawColumn:
    return LawColumn(name, month_and_day, required=False, hint=hint, fault="T409")


def names(limit: int = 250) -> tuple[LawColumn, ...]:
    """A name in three languages."""
    return (
        long_text("name", limit),
        long_text("name_ru", limit, required=False),
        long_text("name_tg", limit, required=False),
    )


def days(**more: Any) -> tuple[LawColumn, ...]:
    """The first and the last day of a row, both inclusive."""
    return (
        LawColumn("valid_from", day, of_the_set=True, widget="day", hint=FROM_HINT, **more),
        LawColumn("valid_to", day, required=False, widget="day", hint=_("Empty: without an end."), **more),
    )


def notes(limit: int) -> tuple[LawColumn, ...]:
    """A note in three languages."""
    return tuple(long_text(name, limit, required=False) for name in ("note", "note_ru", "note_tg"))


FROM_HINT = _("Empty: the day of the change set.")
CODES_HINT = _("Codes with spaces between them.")
TAX_CODE = matching(r"[A-Z0-9]{1,8}", _("Write up to eight capital letters or digits."))
ACT = LawColumn(
    "act",
    text(60),
    field="legal_act__number",
    of_the_set=True,
    refers="act",
    hint=_("Empty: the act of the change set."),
)
ACT_IF_ANY = replace(ACT, required=False, in_file=False)
EXAMPLE = flag_column("example", required=False, field="is_example", usual="no")
