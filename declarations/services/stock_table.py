"""Goods from before the system as a table, CSV or XLSX: read, judged cell by cell, and entered only if all is right."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from declarations.services.stock_balances import Balance, as_text, faults_of
from lib.cells import Read, code, day, decimal, matching, text, whole
from lib.figures import last_place
from lib.sheets import Column, Faults, read_content, written
from lib.uploads import too_large
from lib.violations import refuse

MOST_ROWS = 2_000
MOST_BYTES = 2 * 1024 * 1024
LARGEST = Decimal(10) ** 12


def _quantity(decimals: int) -> Read:
    """A number that is not below zero and has no more digits than the table keeps."""

    def read(value: str) -> Decimal:
        number = decimal(value)
        if not 0 <= number < LARGEST or number != number.quantize(last_place(decimals)):
            sentence = _("Write a number of up to 12 digits and %(decimals)d decimals, not below zero.")
            raise ValueError(sentence % {"decimals": decimals})
        return number

    return read


_SERIAL = matching(r"[0-9]{1,9}", gettext_lazy("Write a number of up to nine digits."))
_YEAR = matching(r"[0-9]{4}", gettext_lazy("Write the year with four digits."))
_ITEM = matching(r"[0-9]{1,4}", gettext_lazy("Write the number of the item."))
_TWO_DIGITS = matching(r"[0-9]{2}", gettext_lazy("Write the two digits of the procedure, such as 71."))
_GOODS = matching(r"[0-9]{6,11}", gettext_lazy("A commodity code has 6 to 11 digits."))
COLUMNS = (
    Column("tin", code(20)),
    Column("office_code", code(8)),
    Column("year", lambda value: whole(_YEAR(value))),
    Column("series", code(3), required=False),
    Column("number", lambda value: whole(_SERIAL(value))),
    Column("item_number", lambda value: whole(_ITEM(value))),
    Column("mrn", code(18), required=False),
    Column("procedure", _TWO_DIGITS),
    Column("commodity_code", _GOODS),
    Column("origin_country", code(2), required=False),
    Column("description", text(1000), required=False),
    Column("supplementary_unit", code(4), required=False),
    Column("packages", _quantity(6), required=False),
    Column("net_mass", _quantity(6), required=False),
    Column("supplementary_quantity", _quantity(6), required=False),
    Column("value", _quantity(4), required=False),
    Column("due", day, required=False),
)


def read_balances(content: bytes, *, name: str, at: datetime) -> list[Balance]:
    """The entries of a file, if every one could be entered. Nothing is written.

    Raises Rejected with each faulty cell as `file:row:column`: what cannot be read, and what `faults_of` finds; F002
    too large, W044 too many rows.
    """
    if len(content) > MOST_BYTES:
        raise too_large(MOST_BYTES)
    faults = Faults(name)
    rows = read_content(content, COLUMNS, faults, name=name)
    if len(rows) > MOST_ROWS:
        raise refuse("W044", "file", _("The file has more than %d rows. Enter it in parts.") % MOST_ROWS)
    if not rows and not faults:
        raise refuse("W044", "file", _("The table has no rows."))
    balances = [Balance(**row) for _source, row in rows]
    found = zip(rows, faults_of(balances, on=timezone.localdate(at)), strict=True)
    for (source, _row), wrong in found:
        for fault in wrong:
            faults.add(fault.code, source.row, fault.pointer, fault.sentence)
    faults.refuse()
    return balances


def empty_table() -> Iterator[str]:
    """A table with its header alone, to be filled in."""
    return written([[column.name for column in COLUMNS]])


def as_table(balances: Sequence[Balance]) -> str:
    """Entries as the table that reads back as them."""
    names = [each.name for each in COLUMNS]
    return "".join(written([names, *([as_text(getattr(each, name)) for name in names] for each in balances)]))
