"""A table of goods as people keep it, pasted or uploaded: which row names the columns, which rows are items.

The one interpretation for every door. Nothing is written and nothing lost: rows that are no items are named with why,
what may have been meant is proposed, and what cannot be read is told of its cell.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from declarations import reading
from declarations.boxes import BY_FIELD
from declarations.forms.headings import NUMBER, Named, field_named, is_total
from declarations.forms.meant import Law, is_other_name, meant, shortened
from declarations.forms.sections import GRID
from lib.cells import is_mark_of_nothing
from lib.figures import ZERO, plain
from lib.numbers import NotANumber, read_number, with_one_reading
from lib.sheets import signs_of

MOST_ITEMS = 999
TITLES = 40  # rows that may stand above the names of the columns
COLUMNS = tuple(box.field for box in GRID)
_BOXES = BY_FIELD["item"]
_FIGURES = tuple(box.field for box in GRID if box.kind in ("amount", "quantity"))
_MOST_TOLD = 100
_LONGEST_TOLD = 120
_SURE = 4  # names of different columns, which no row of goods has

Line = tuple[int, Sequence[str]]  # a row with its number, counted as a spreadsheet counts
Broken = Mapping[tuple[int, int], str]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that is no item."""

    line: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the text of a box may have been meant to say. `row` counts the items that were read, from zero."""

    row: int
    box: str
    old: str
    new: str
    why: str

    def as_dict(self) -> dict[str, Any]:
        return {"row": self.row, "box": self.box, "from": self.old, "to": self.new, "why": self.why}


@dataclass(frozen=True, slots=True)
class CellFault:
    """What cannot be read in a box as it stands."""

    row: int
    box: str
    code: str
    message: str


@dataclass(slots=True)
class Goods:
    """The items of a table: texts by box, and the number of the row each came from. `columns`: the box of each.

    `totals` are the figures of its rows of totals, `price_of_one` the name of a column of prices that says no sum.
    """

    columns: list[str] = field(default_factory=list)
    rows: list[dict[str, str]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    faults: list[CellFault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    totals: dict[str, list[Decimal]] = field(default_factory=dict)
    price_of_one: str = ""

    def as_dict(self) -> dict[str, Any]:
        """As the doors answer it."""
        return {
            "rows": self.rows,
            "left_out": [{"line": each.line, "text": each.text, "why": each.why} for each in self.left_out],
            "proposals": [each.as_dict() for each in self.proposals],
            "notes": self.notes,
            "faults": [{"row": each.row, "box": each.box, "code": each.code, "message": each.message}
                       for each in self.faults],
        }  # fmt: skip

    def leave_out(self, line: Line, why: str) -> None:
        if len(self.left_out) < _MOST_TOLD:
            text = " · ".join(cell.strip() for cell in line[1] if cell.strip())
            self.left_out.append(LeftOut(line[0], text[:_LONGEST_TOLD], why))


@dataclass(frozen=True, slots=True)
class Heading:
    """The rows that name the columns: the first of them, how many, and the names joined."""

    place: int
    rows: int
    names: tuple[str, ...]


# What names the columns ---------------------------------------------------------------------------------------
def names_in(row: Sequence[str]) -> int:
    """How many columns a row names."""
    return sum(bool(field_named(cell)) for cell in row)


def heading_at(lines: Sequence[Line], place: int) -> Heading:
    """The row that a person chose, with the one below it where that names parts of its columns."""
    return max((Heading(place, 1, tuple(lines[place][1])), *_of_two_rows(lines, place)),
               key=lambda heading: names_in(heading.names))  # fmt: skip


def heading_of(lines: Sequence[Line]) -> Heading | None:
    """The row that names most columns. A second one below may name parts of a column."""
    found: list[tuple[int, int, int, Heading]] = []
    for place in range(min(TITLES + 1, len(lines))):
        for heading in (Heading(place, 1, tuple(lines[place][1])), *_of_two_rows(lines, place)):
            if _names_columns(filled := [cell for cell in heading.names if cell.strip()], place, lines):
                found.append((names_in(filled), -heading.rows, -place, heading))
    return max(found, key=lambda each: each[:3])[3] if found else None


def _names_columns(filled: Sequence[str], place: int, lines: Sequence[Line]) -> bool:
    """Whether most cells of a row are names of columns, or so many that it can be nothing else."""
    named = [found.field for cell in filled if (found := field_named(cell))]
    least = 1 if _is_column(filled, place, lines) else 2
    most = len(named) * 2 >= len(filled) or len(set(named)) >= _SURE
    return len(named) >= least and most and not any(map(_holds_digits_alone, filled))


def _is_column(filled: Sequence[str], place: int, lines: Sequence[Line]) -> bool:
    """Whether one cell alone may name the one column there is."""
    is_first = len(filled) == 1 and place == 0 and len(lines) > 1
    return is_first and not is_other_name(filled[0]) and not is_total(filled[0])


def _holds_digits_alone(cell: str) -> bool:
    """A figure or a code names no column."""
    return any(map(str.isdigit, cell)) and not any(map(str.isalpha, cell))


def _of_two_rows(lines: Sequence[Line], place: int) -> Iterator[Heading]:
    """A row with that below it, if all cells of that are names of columns or of parts of them."""
    if place + 1 == len(lines):
        return
    names, below = list(lines[place][1]), lines[place + 1][1]
    names += [""] * (len(below) - len(names))
    joined = {at: cell if field_named(cell) else f"{_above(names, at)} {cell}" for at, cell in enumerate(below)
              if cell.strip()}  # fmt: skip
    if joined and all(field_named(name) for name in joined.values()):
        yield Heading(place, 2, tuple(joined.get(at, name) for at, name in enumerate(names)))


def _above(names: Sequence[str], at: int) -> str:
    """The name under which a cell of the second row stands: a merged one stands in its first column alone."""
    return next((name for name in reversed(names[: at + 1]) if name.strip()), "")


def boxes_named(names: Sequence[str]) -> tuple[list[str], list[Named]]:
    """The box of each column, empty where none is meant. Of two columns for one box, that of the sum is taken."""
    named = [field_named(cell) or Named("") for cell in names]
    columns = ["" if found.field == NUMBER else found.field for found in named]
    for name in set(columns) - {""}:
        rivals = [place for place, column in enumerate(columns) if column == name]
        for loser in sorted(rivals, key=lambda place: (not named[place].is_sum, place))[1:]:
            columns[loser] = ""
    return columns, named


# Which rows are items -----------------------------------------------------------------------------------------
def read_goods(
    lines: Sequence[Line],
    *,
    start: str = "",
    columns: Sequence[str] | None = None,
    heading: Heading | None = None,
    room: int = MOST_ITEMS,
    taken: Collection[int] = (),
    dropped: Collection[int] = (),
) -> Goods:
    """The items among `lines`, none of which is empty.

    `columns` are what a person chose; without them the names in `heading` say it, and without those the columns are
    those of the grid from the box `start` on. An empty cell empties its box, as in a spreadsheet. A person has said
    of the rows numbered in `taken` that they are items, of those in `dropped` that they are none.
    """
    goods = Goods()
    body = list(lines)
    if heading is not None:
        for line in lines[: heading.place]:
            goods.leave_out(line, _("It stands above the names of the columns."))
        goods.leave_out(lines[heading.place], _("It names the columns."))
        body = _without_numbers_of_columns(body[heading.place + heading.rows :], goods)
        body = _without_names_again(body, heading, goods)
    if columns is not None:
        goods.columns = list(columns)
    elif heading is not None:
        goods.columns = _named_columns(heading.names, goods)
    else:
        goods.columns = list(COLUMNS[COLUMNS.index(start) if start in COLUMNS else 0 :])
        if any(len(row) > len(goods.columns) for _number, row in body):
            goods.notes.append(_("Cells beyond the last column were left out."))
    if heading is not None:
        goods.price_of_one = _price_of_one(heading.names, goods.columns)
    items = _items_of(body, goods, taken)
    for line in (line for line in items if line[0] in dropped):
        goods.leave_out(line, _("You left it out."))
    items = [line for line in items if line[0] not in dropped]
    for line in items[max(0, room) :]:
        goods.leave_out(line, _("A declaration has 999 items at the most."))
    _say_what_found_no_room(len(items) - max(0, room), goods.notes)
    for number, row in items[: max(0, room)]:
        texts = {name: _text(name, cell) for name, cell in zip(goods.columns, row, strict=False) if name}
        goods.rows.append(texts)
        goods.numbers.append(number)
    return goods


def _text(name: str, cell: str) -> str:
    """The text of a cell; one that only says that nothing is known says nothing. Of a number it is asked about."""
    text = cell.strip()
    return "" if _BOXES[name].kind in ("code", "text", "lines") and is_mark_of_nothing(text) else text


def _price_of_one(names: Sequence[str], columns: Sequence[str]) -> str:
    """The name of the column that fills the price of the item, if it may be the price of one piece."""
    for name, column in zip(names, columns, strict=False):
        named = field_named(name) if column == "item_price" else None
        if named is not None and named.field == "item_price" and not named.is_sum:
            return name.strip()[:40]
    return ""


def _without_numbers_of_columns(lines: list[Line], goods: Goods) -> list[Line]:
    """Without the row that names the columns once more, by number: 1, 2, 3 …"""
    first = [cell.strip() for cell in lines[0][1]] if lines else []
    if len(first) > 2 and first == [str(each + 1) for each in range(len(first))]:
        goods.leave_out(lines[0], _("It numbers the columns."))
        return lines[1:]
    return lines


def _without_names_again(lines: list[Line], heading: Heading, goods: Goods) -> list[Line]:
    """Without the names of the columns that are printed anew at the top of each page."""
    names = [cell.strip() for cell in heading.names if cell.strip()]
    again = {number for number, row in lines if [cell.strip() for cell in row if cell.strip()] == names}
    for line in lines:
        if line[0] in again:
            goods.leave_out(line, _("It names the columns."))
    return [line for line in lines if line[0] not in again]


def _named_columns(names: Sequence[str], goods: Goods) -> list[str]:
    columns, named = boxes_named(names)
    goods.notes.append(_("The row with the names of the columns was recognized: it is no item."))
    left_out = [cell.strip() for cell, column, found in zip(names, columns, named, strict=True)
                if cell.strip() and not column and found.field != NUMBER]  # fmt: skip
    if left_out:
        told = ", ".join(f"“{name[:40]}”" for name in left_out[:10])
        goods.notes.append(_("These columns were left out: %(names)s.") % {"names": told})
    return columns


def _items_of(lines: Sequence[Line], goods: Goods, taken: Collection[int]) -> list[Line]:
    items: list[Line] = []
    totals = 0
    nothing = {name: ZERO for name in goods.columns if name}
    sums, since = dict(nothing), dict(nothing)  # of all rows, and of those below the last totals
    for line in lines:
        cells = {name: cell for name, cell in zip(goods.columns, line[1], strict=False) if name}
        code = cells.get("commodity_code", "").strip()
        coded = bool(code) and not is_total(code)
        figures = {name: number for name in _FIGURES if (number := _number(cells.get(name, ""))) is not None}
        if line[0] in taken:
            items.append(line)
        elif not coded and (any(map(is_total, line[1])) or _sums_up(cells, figures, sums, since)):
            totals += 1
            since = dict(nothing)
            for name, number in figures.items():
                goods.totals.setdefault(name, []).append(number)
            goods.leave_out(line, _("It holds totals."))
        elif totals and _says_no_goods(code, figures):
            goods.leave_out(line, _("It stands below the totals."))
        else:
            items.append(line)
            for name, number in figures.items():
                sums[name] += number
                since[name] += number
    if totals:
        goods.notes.append(
            ngettext(
                "%(count)d row of totals was left out: it is no item.",
                "%(count)d rows of totals were left out: they are no items.",
                totals,
            )
            % {"count": totals}
        )
    return items


def _says_no_goods(code: str, figures: Mapping[str, Decimal]) -> bool:
    """Whether a row below totals is none of goods: words alone, or a sum that belongs to all of them, as freight."""
    return not any(map(str.isdigit, code)) and figures.keys() <= {"item_price"}


def _sums_up(cells: Mapping[str, str], figures: Mapping[str, Decimal], *sums: Mapping[str, Decimal]) -> bool:
    """Whether a row without goods holds nothing but the sums of the rows above it: of all, or of the last group."""
    nameless = not cells.get("commodity_code", "").strip() and not cells.get("commercial_description", "").strip()
    known = "commodity_code" in cells or "commercial_description" in cells
    found = any(all(number and each[name] == number for name, number in figures.items()) for each in sums)
    return known and nameless and bool(figures) and found


def _number(text: str) -> Decimal | None:
    try:
        return read_number(text) if text.strip() else None
    except NotANumber:
        return None


def _say_what_found_no_room(lines: int, notes: list[str]) -> None:
    if lines > 0:
        notes.append(
            ngettext(
                "A declaration has 999 items at the most: %d line was left out.",
                "A declaration has 999 items at the most: %d lines were left out.",
                lines,
            )
            % lines
        )


# What the cells say -------------------------------------------------------------------------------------------
def judge(goods: Goods, law: Law, *, broken: Broken | None = None, written: Collection[str] = ()) -> None:
    """Add what is proposed for single cells, and what cannot be read in them. A person wrote those in `written`."""
    broken = broken or {}
    signs = {name: signs_of(row.get(name, "") for row in goods.rows) for name in goods.columns if name}
    for place, row in enumerate(goods.rows):
        for column, name in enumerate(goods.columns):
            if not name or name not in row:
                continue
            said = broken.get((goods.numbers[place], column))
            if said is not None:
                goods.faults.append(CellFault(place, name, "F041", said))
                continue
            if not (text := row[name]):
                continue
            guess = meant(_BOXES[name], text, law, signs[name])
            if guess is not None and guess.text != text:
                goods.proposals.append(Proposal(place, name, text, guess.text, guess.why))
            _judge_cell(goods, place, name, text, law)
        is_said = f"{goods.numbers[place]}:item_price" in written
        if goods.price_of_one and not is_said and (whole := _price_of_all(row)):
            why = _("The column “%(name)s” may hold the price of one: this is the price times the quantity.")
            goods.proposals.append(
                Proposal(place, "item_price", row["item_price"], whole, why % {"name": goods.price_of_one})
            )


def _price_of_all(row: Mapping[str, str]) -> str:
    """The price of one times the quantity, empty where that is no other figure."""
    one, count = _number(row.get("item_price", "")), _number(row.get("supplementary_quantity_1", ""))
    return with_one_reading(plain(one * count)) if one and count and count != 1 else ""


def _judge_cell(goods: Goods, place: int, name: str, text: str, law: Law) -> None:
    reason = reading.reason("item", name, text)
    if reason is None:
        return
    sentence = str(reason)
    if name == "commodity_code" and (codes := shortened(text, law)):
        sentence += " " + _("It may have been one of these: %(codes)s.") % {"codes": ", ".join(codes)}
    goods.faults.append(CellFault(place, name, "S006", sentence))
