"""Cells pasted from a spreadsheet: rows of the clipboard become pointers and texts, in the order of the grid's columns.

A row with the names of columns says which box each column is meant for. It is no item, and neither is a row of totals;
what was left out is said.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from declarations.forms.headings import NUMBER, Named, field_named, is_total
from declarations.forms.sections import GRID
from lib.cells import is_mark_of_nothing
from lib.pointers import pointer_to
from lib.sheets import read_clipboard
from lib.violations import refuse

MOST_ITEMS = 999
MOST_CHARACTERS = 2_000_000
MOST_ROWS = 20_000
TITLES = 5  # rows that may stand above the names of the columns
COLUMNS = tuple(box.field for box in GRID)
_TEXTS = frozenset(box.field for box in GRID if box.kind in ("code", "text", "lines"))


@dataclass(slots=True)
class Pasted:
    """`fields` by pointer, how many items there must be to hold them, and what was left out in sentences."""

    fields: dict[str, str] = field(default_factory=dict)
    items: int = 0
    notes: list[str] = field(default_factory=list)


def spread(text: str, *, place: int, field: str) -> Pasted:
    """Lay cells out from item `place` (from zero) and column `field`, to the right and downwards.

    Where the names of columns came with them, each column goes to the box that it names. An empty cell empties its
    box, as in a spreadsheet; a row of nothing but empty cells is no item. Raises Rejected for too much text.
    """
    found = list(islice(read_clipboard(text[: MOST_CHARACTERS + 1]), MOST_ROWS + 1))
    if len(text) > MOST_CHARACTERS or len(found) > MOST_ROWS:
        raise refuse("F015", "cells", _("This is too much to paste at a time. Paste the rows in several parts."))
    rows = [row for row in found if len(row) == 1 or any(cell.strip() for cell in row)]
    pasted = Pasted()
    start = COLUMNS.index(field) if field in COLUMNS else 0
    columns: Sequence[str] = COLUMNS[start:]
    if (top := _heading(rows)) is not None:
        columns = _named_columns(rows[top], pasted.notes)
        rows = rows[top + 1 :]
        if rows and [cell.strip() for cell in rows[0]] == [str(number + 1) for number in range(len(rows[0]))]:
            rows = rows[1:]  # the columns once more by number
    elif any(len(row) > len(columns) for row in rows):
        pasted.notes.append(_("Cells beyond the last column were left out."))
    items = _without_totals(rows, columns, pasted.notes)
    room = items[: max(0, MOST_ITEMS - place)]
    _say_what_found_no_room(len(items) - len(room), pasted.notes)
    for down, row in enumerate(room):
        for name, cell in zip(columns, row, strict=False):
            if name:
                pasted.fields[pointer_to("items", place + down, name)] = _text(name, cell)
    pasted.items = place + len(room)
    return pasted


def _text(name: str, cell: str) -> str:
    """The text of a cell; one that only says that nothing is known says nothing. Of a number it is asked about."""
    text = cell.strip()
    return "" if name in _TEXTS and is_mark_of_nothing(text) else text


def _heading(rows: Sequence[Sequence[str]]) -> int | None:
    """Which row names the columns: most of its cells are names, and no figure stands in it."""
    for place, row in enumerate(rows[: TITLES + 1]):
        filled = [cell for cell in row if cell.strip()]
        known = sum(bool(field_named(cell)) for cell in filled)
        least = 1 if len(filled) == 1 and place == 0 and len(rows) > 1 else 2
        if known >= least and known * 2 >= len(filled):
            return place
    return None


def _named_columns(header: Sequence[str], notes: list[str]) -> list[str]:
    """The box of each column, empty where none is meant. Of two columns for one box, that of the sum is taken."""
    named = [field_named(cell) or Named("") for cell in header]
    columns = ["" if found.field == NUMBER else found.field for found in named]
    for name in set(columns) - {""}:
        rivals = [place for place, column in enumerate(columns) if column == name]
        for loser in sorted(rivals, key=lambda place: (not named[place].is_sum, place))[1:]:
            columns[loser] = ""
    notes.append(_("The row with the names of the columns was recognized: it is no item."))
    left_out = [cell.strip() for cell, column, found in zip(header, columns, named, strict=True)
                if cell.strip() and not column and found.field != NUMBER]  # fmt: skip
    if left_out:
        names = ", ".join(f"“{name[:40]}”" for name in left_out[:10])
        notes.append(_("These columns were left out: %(names)s.") % {"names": names})
    return columns


def _without_totals(rows: Sequence[list[str]], columns: Sequence[str], notes: list[str]) -> list[list[str]]:
    code = columns.index("commodity_code") if "commodity_code" in columns else None
    items: list[list[str]] = []
    totals: list[list[str]] = []
    for row in rows:
        coded = code is not None and code < len(row) and row[code].strip() and not is_total(row[code])
        (totals if not coded and any(map(is_total, row)) else items).append(row)
    if totals:
        notes.append(
            ngettext(
                "%(count)d row of totals was left out: it is no item.",
                "%(count)d rows of totals were left out: they are no items.",
                len(totals),
            )
            % {"count": len(totals)}
        )
    return items


def _say_what_found_no_room(lines: int, notes: list[str]) -> None:
    if lines:
        notes.append(
            ngettext(
                "A declaration has 999 items at the most: %d line was left out.",
                "A declaration has 999 items at the most: %d lines were left out.",
                lines,
            )
            % lines
        )
