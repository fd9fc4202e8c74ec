"""Single fields of a draft, saved as they are left: good values into their columns, the rest held as typed.

Two persons, or two windows of one, may write into the same draft. A save says on which texts it builds; where a box
says something else by now, or its row is gone, nothing is written and both texts are told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from declarations import reading
from declarations.models import Declaration, Item, ItemDocument
from declarations.reading import Pointer
from declarations.selectors import PARTS, is_filled, row_as_json
from declarations.services.history import lock_draft
from declarations.services.identity import OTHER_FILE, UNCHANGED, not_amended
from declarations.services.places import Places, box_named
from declarations.services.rows import append
from lib.violations import Conflict, Rejected, Violation, refuse

GONE, CHANGED = "S016", "S015"
Bases = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class _Box:
    """A box that is to be written: what the page calls it, where it lies, what was typed."""

    name: str
    pointer: Pointer
    text: str


@transaction.atomic
def save_fields(
    declaration: Declaration,
    *,
    fields: Mapping[str, str],
    by: User,
    at: datetime,
    bases: Bases | None = None,
    new: Sequence[str] = (),
) -> list[Violation]:
    """Save texts as typed, by pointer or by the key of a row. What cannot be read is held and handed back.

    `bases` are the texts, one or several, that a box may have held when it was typed into; a box without them is
    written whatever it holds. `new` names rows that are added first, such as `items[r0123456789ab]`; those that are
    there already stay as they are. Raises Conflict (S015: a box says something else by now; S016: a row is gone),
    and Rejected for a name that is no box and if it is no draft.
    """
    locked = lock_draft(declaration.pk)
    for name in fields:
        if box_named(name) is None:
            raise Rejected([Violation("S001", name[:200], _("The declaration has no field of this name."))])
    for name in new:
        append(locked, name, by=by, at=at)
    boxes = _found(locked, fields)
    rows = {row: _row(locked, boxes_of_row[0].pointer) for row, boxes_of_row in _by_row(boxes).items()}
    wanted = _unchanged_since(locked, rows, boxes, bases or {})
    if locked.amends_id is not None:
        wanted = _without_identity(locked, rows, wanted)
    return _write(locked, rows, wanted, by=by, at=at)


def _without_identity(locked: Declaration, rows: Mapping[str, Any], boxes: list[_Box]) -> list[_Box]:
    """The boxes an amendment may write. Raises Rejected if one says that this is another declaration."""
    standing = [box for box in boxes if not box.pointer.part and box.pointer.field in UNCHANGED]
    changed = [box for box in standing if not _says(locked, rows, box, [box.text])]
    if changed:
        raise Rejected([Violation(OTHER_FILE, str(box.pointer), not_amended()) for box in changed])
    return [box for box in boxes if box not in standing]


def meanwhile(declaration: Declaration, bases: Bases) -> None:
    """Raise Conflict if one of the boxes that are still there says something else. The draft is locked."""
    places = Places(declaration)
    boxes = _found(declaration, {name: texts[0] for name, texts in bases.items() if texts and places.find(name)})
    rows = {row: _row(declaration, found[0].pointer) for row, found in _by_row(boxes).items()}
    changed = [box for box in boxes if not _says(declaration, rows, box, bases[box.name])]
    if changed:
        sentence = _("This row was changed meanwhile. Look at it as it is now, and press again.")
        raise Conflict([Violation(CHANGED, str(box.pointer), sentence) for box in changed])


def _found(locked: Declaration, fields: Mapping[str, str]) -> list[_Box]:
    places = Places(locked)
    found = {name: places.find(name) for name in fields}
    if gone := [name for name, pointer in found.items() if pointer is None]:
        sentence = _("This row was removed meanwhile. You typed “{mine}”.")
        raise Conflict([Violation(GONE, name, sentence.format(mine=fields[name])) for name in gone])
    return [_Box(name, pointer, fields[name]) for name, pointer in found.items() if pointer is not None]


def _by_row(boxes: Sequence[_Box]) -> dict[str, list[_Box]]:
    rows: dict[str, list[_Box]] = {}
    for box in boxes:
        rows.setdefault(box.pointer.row, []).append(box)
    return rows


def _row(declaration: Declaration, pointer: Pointer) -> Any:
    """The header, item, document or part in which a box lies. Raises Rejected if it is not there."""
    if not pointer.part:
        return declaration
    place = pointer.place + 1
    if pointer.part != "items":
        rows = PARTS[pointer.part][0]._default_manager.filter(declaration=declaration, position=place)
    elif pointer.document is None:
        rows = Item.objects.filter(declaration=declaration, number=place)
    else:
        rows = ItemDocument.objects.filter(
            item__declaration=declaration, item__number=place, position=pointer.document + 1
        )
    row = rows.first()
    if row is None:
        raise refuse("S005", str(pointer), _("This row is no longer there. Reload the page."))
    return row


# What it builds on --------------------------------------------------------------------------------------------
def _unchanged_since(locked: Declaration, rows: Mapping[str, Any], boxes: list[_Box], bases: Bases) -> list[_Box]:
    """The boxes to write: those with a new text. Raises Conflict for those that say something else by now."""
    wanted, conflicts = [], []
    for box in boxes:
        base = bases.get(box.name)
        if base is None:
            wanted.append(box)
        elif _says(locked, rows, box, [box.text]) or _is_same(box.pointer, box.text, base):
            continue
        elif _says(locked, rows, box, base):
            wanted.append(box)
        else:
            theirs = _written(locked, rows, box.pointer) or _("nothing")
            sentence = _("You typed “{mine}”. Meanwhile this box was changed to “{theirs}”. Choose which is right.")
            conflicts.append(Violation(CHANGED, box.name, sentence.format(mine=box.text, theirs=theirs)))
    if conflicts:
        raise Conflict(conflicts)
    return wanted


def _is_same(pointer: Pointer, text: str, bases: Sequence[str]) -> bool:
    """Whether nothing was typed: the text is the one that the page showed last."""
    return bool(bases) and reading.clean(text).splitlines() == reading.clean(bases[0]).splitlines()


def _says(locked: Declaration, rows: Mapping[str, Any], box: _Box, texts: Sequence[str]) -> bool:
    """Whether the box now holds one of the texts, in whatever notation."""
    pointer = box.pointer
    held = locked.held.get(str(pointer))
    if held is not None:
        return held in (reading.clean(text) for text in texts)
    value = getattr(rows[pointer.row], pointer.field)
    return any(_reads_as(pointer, text, value) for text in texts)


def _reads_as(pointer: Pointer, text: str, value: Any) -> bool:
    try:
        return bool(reading.value(pointer.box, text) == value)
    except reading.Unreadable:
        return is_filled(value) and reading.clean(text) == str(value)


def _written(locked: Declaration, rows: Mapping[str, Any], pointer: Pointer) -> str:
    held = locked.held.get(str(pointer))
    return held or str(row_as_json([pointer.box], rows[pointer.row]).get(pointer.field, ""))


# Writing ------------------------------------------------------------------------------------------------------
def _write(
    locked: Declaration, rows: Mapping[str, Any], boxes: Sequence[_Box], *, by: User, at: datetime
) -> list[Violation]:
    held, faults = dict(locked.held), []
    columns: dict[str, dict[str, Any]] = {}
    for box in boxes:
        pointer = box.pointer
        held.pop(str(pointer), None)
        try:
            value = reading.value(pointer.box, box.text)
        except reading.Unreadable as fault:
            held[str(pointer)] = reading.clean(box.text)[: reading.LONGEST_HELD]
            value = reading.empty(pointer.box)
            faults.append(Violation("S006", str(pointer), str(fault.reason)))
        columns.setdefault(pointer.row, {})[pointer.field] = value
    header = {**columns.pop("", {}), "held": held, "updated_by": by, "updated_at": at}
    for row, values in columns.items():
        type(rows[row])._default_manager.filter(pk=rows[row].pk).update(**values)
    Declaration.objects.filter(pk=locked.pk).update(**header)
    return faults
