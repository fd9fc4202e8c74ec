"""A file with a table of goods: its sheets read once, then interpreted as often as somebody chooses anew.

What a table means is said in `goods`, for pasted cells alike. What the workbook does not show, by a filter, a closed
group or by hand, is left out and said with its numbers until a person takes it: the list that one sees and prints is
the one that goes with the consignment, and what nobody has seen must not be declared.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from declarations.boxes import BY_FIELD
from declarations.forms.goods import (
    MOST_ITEMS,
    TITLES,
    Goods,
    Heading,
    Line,
    Proposal,
    boxes_named,
    heading_at,
    heading_of,
    judge,
    names_in,
    read_goods,
)
from declarations.forms.goods_facts import Difference, Fact, differences_of, facts_of
from declarations.forms.meant import Law, folded_name
from declarations.forms.sections import GRID
from lib.codes import digits_of
from lib.pointers import whole_number
from lib.sheets import Table, Unreadable, read_tables
from lib.violations import refuse

MOST_LINES = 3_000  # of a sheet: 999 items, and what stands around them
MOST_CHARACTERS = 3_000_000
SECONDS = 5.0
_SAMPLE = 30

Remembered = Callable[[Sequence[str]], Mapping[str, Sequence[str]]]  # keys of tables -> their columns


def read_file(content: bytes) -> list[Table]:
    """The sheets of an uploaded file that hold something. Raises Rejected (F040) with what to do."""
    try:
        tables = read_tables(
            content, known=names_in, most_rows=MOST_LINES, most_characters=MOST_CHARACTERS, seconds=SECONDS
        )
    except Unreadable as fault:
        sentence = fault.sentence
        if fault.row > 1:
            sentence = _("Row %(row)d: %(sentence)s") % {"row": fault.row, "sentence": sentence}
        raise refuse("F040", "file", sentence) from None
    if not tables:
        raise refuse("F040", "file", _("The file is empty."))
    return tables


def as_json(table: Table) -> dict[str, Any]:
    """A sheet as it is kept."""
    broken = [[number, column, sentence] for (number, column), sentence in table.broken.items()]
    return {"name": table.name, "rows": table.rows, "broken": broken, "is_cut": table.is_cut,
            "hidden": [table.hidden_rows, table.hidden_columns, table.is_hidden], "merged": table.merged}  # fmt: skip


def from_json(kept: Mapping[str, Any]) -> Table:
    """A sheet that `as_json` wrote."""
    hidden_rows, hidden_columns, is_hidden = kept.get("hidden") or ([], [], False)
    return Table(
        name=kept["name"],
        rows=[(number, cells) for number, cells in kept["rows"]],
        broken={(number, column): sentence for number, column, sentence in kept["broken"]},
        is_cut=kept["is_cut"],
        hidden_rows=hidden_rows,
        hidden_columns=hidden_columns,
        is_hidden=is_hidden,
        merged=[(first, last, column) for first, last, column in kept.get("merged", ())],
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person chose: a sheet by its place, the number of the row that names the columns (0: none), their boxes,
    rows that are items, or are none, against what the table looks like, and texts in the place of cells. `hidden`: the
    rows and columns are read that the sheet does not show.
    """

    sheet: int | None = None
    heading: int | None = None
    columns: Sequence[str] | None = None
    taken: Sequence[int] = ()
    dropped: Sequence[int] = ()
    cells: Mapping[str, str] = field(default_factory=dict)
    hidden: bool = False


@dataclass(slots=True)
class Looked:
    """A file as it is understood: `names` head its columns, `key` tells its kind of table.

    `lines` are the rows of the sheet as far as they are read: what is hidden may be left out.
    """

    tables: Sequence[Table]
    sheet: int
    lines: Sequence[Line]
    takes_hidden: bool
    heading: Heading | None
    names: list[str]
    columns: list[str]
    goods: Goods
    facts: list[Fact] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    is_remembered: bool = False

    @property
    def table(self) -> Table:
        return self.tables[self.sheet]

    @property
    def key(self) -> str:
        return key_of(self.names)


def key_of(names: Sequence[str]) -> str:
    """A word for the names of the columns, the same for the same names."""
    return hashlib.sha256("\x1f".join(map(folded_name, names)).rstrip("\x1f").encode()).hexdigest()


def look(
    tables: Sequence[Table], choice: Choice, law: Law, *, remembered: Remembered, room: int = MOST_ITEMS
) -> Looked:
    """A file as a person's choice, a company's earlier one and its own names have it, in this order."""
    sheet = choice.sheet if choice.sheet is not None and choice.sheet < len(tables) else likely_sheet(tables)
    table = tables[sheet]
    lines = table.rows if choice.hidden else shown(table)
    heading, before = _heading(lines, choice, remembered)
    width = max(len(row) for _number, row in table.rows)
    names = [*(heading.names if heading else ()), *[""] * width][:width]
    columns = _fitting(choice.columns or before or _guessed(lines, heading, width), width)
    goods = read_goods(lines, columns=columns, heading=heading, room=room, taken=choice.taken, dropped=choice.dropped)
    if table.is_cut:
        goods.notes.append(_("Only the first %(most)d rows of the sheet were read.") % {"most": MOST_LINES})
    broken = dict(table.broken)
    _write_over(goods, choice.cells, broken)
    judge(goods, law, broken=broken, written=choice.cells)
    _spread(goods, table.merged, choice.cells)
    return Looked(
        tables, sheet, lines, choice.hidden, heading, names, columns, goods,
        facts=facts_of(lines, heading, goods, law),
        differences=differences_of(goods),
        is_remembered=bool(before),
    )  # fmt: skip


def shown(table: Table) -> list[Line]:
    """The rows that the sheet shows, with nothing in the columns that it does not show."""
    hidden, columns = {*table.hidden_rows}, {*table.hidden_columns}
    return [
        (number, ["" if place in columns else cell for place, cell in enumerate(row)] if columns else row)
        for number, row in table.rows
        if number not in hidden
    ]


def likely_sheet(tables: Sequence[Table]) -> int:
    """The sheet whose heading names most columns; of equal ones the longest. One that nobody sees only if alone."""

    def worth(place: int) -> tuple[bool, int, int, int]:
        lines = shown(tables[place])
        heading = heading_of(lines)
        return not tables[place].is_hidden, names_in(heading.names) if heading else 0, len(lines), -place

    return max(range(len(tables)), key=worth)


def _heading(
    lines: Sequence[Line], choice: Choice, remembered: Remembered
) -> tuple[Heading | None, Sequence[str] | None]:
    """The row that a person chose, else one that the company had before, else the one that names most columns.

    With the columns that the company chose for it, if the person has not chosen any.
    """
    places = {number: place for place, (number, _row) in enumerate(lines[: TITLES + 1])}
    if choice.heading is not None:
        possible = [heading_at(lines, places[choice.heading])] if choice.heading in places else []
    else:
        possible = [heading_at(lines, place) for place in places.values()]
    keys = [key_of(heading.names) for heading in possible]
    before = remembered(keys) if choice.columns is None else {}
    for heading, key in zip(possible, keys, strict=True):
        if key in before:
            return heading, before[key]
    if choice.heading is not None:
        return next(iter(possible), None), None
    return heading_of(lines), None


def _guessed(lines: Sequence[Line], heading: Heading | None, width: int) -> list[str]:
    if heading is not None:
        return boxes_named(heading.names)[0]
    return [_by_content([row[place] for _number, row in lines[:_SAMPLE] if place < len(row)]) for place in range(width)]


def _by_content(cells: Sequence[str]) -> str:
    """What a column without a name holds, where its cells leave no doubt: codes of goods."""
    filled = [cell for cell in cells if cell.strip()]
    codes = sum(len(digits_of(cell)) in (9, 10, 11) for cell in filled)
    return "commodity_code" if filled and codes * 2 > len(filled) else ""


def _fitting(columns: Sequence[str], width: int) -> list[str]:
    """The boxes of so many columns; of two columns for one box the first is it."""
    known = [name if name in BY_FIELD["item"] else "" for name in columns]
    once = [name if name not in known[:place] else "" for place, name in enumerate(known)]
    return [*once, *[""] * width][:width]


def _write_over(goods: Goods, cells: Mapping[str, str], broken: dict[tuple[int, int], str]) -> None:
    """Put what a person wrote in the place of cells: by row number and box."""
    places = {number: place for place, number in enumerate(goods.numbers)}
    for name, text in cells.items():
        line, _colon, box = name.partition(":")
        number = whole_number(line)
        if number in places and box in goods.columns:
            goods.rows[places[number]][box] = text
            broken.pop((number, goods.columns.index(box)), None)


def _spread(goods: Goods, merged: Sequence[tuple[int, int, int]], written: Mapping[str, str]) -> None:
    """What a cell of several rows says is proposed for each of its items. A figure is of all of them, and only told."""
    places = {number: place for place, number in enumerate(goods.numbers)}
    for first, last, column in merged:
        box = goods.columns[column] if column < len(goods.columns) else ""
        text = goods.rows[places[first]].get(box, "") if first in places else ""
        below = [number for number in range(first + 1, last + 1) if number in places]
        if not box or not text or not below:
            continue
        if BY_FIELD["item"][box].kind in ("amount", "quantity", "integer"):
            sentence = _("{box}: {text} in row {row} is one cell of rows {row} to {last}. Share it among the items.")
            goods.notes.append(
                sentence.format(box=BY_FIELD["item"][box].label, text=text[:40], row=first, last=below[-1])
            )
            continue
        said = (each.new for each in goods.proposals if (each.row, each.box) == (places[first], box))
        text = next(said, text)
        for number in below:
            if not goods.rows[places[number]].get(box) and f"{number}:{box}" not in written:
                why = _("One cell with that of row {row}.").format(row=first)
                goods.proposals.append(Proposal(places[number], box, "", text, why))


def template_rows() -> list[list[str]]:
    """The heading of a table to be filled in, in the reader's language: read back whatever language it was in."""
    return [[f"{box.box} {box.label}" for box in GRID]]
