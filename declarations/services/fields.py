"""Single fields of a draft, saved as they are left: good values into their columns, the rest held as typed.

Two persons, or two windows of one, may write into the same draft. A save says on which texts it builds; where a box
says something else by now, or its row is gone, nothing is written and both texts are told.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from declarations import reading
from declarations.models import Declaration, Item, ItemDocument
from declarations.reading import Pointer
from declarations.selectors import PARTS, Row, is_filled, row_as_json
from declarations.services.history import lock_draft
from declarations.services.identity import OTHER_FILE, UNCHANGED, not_amended
from declarations.services.places import Places, box_named
from declarations.services.rows import append
from lib.bulk import update_rows
from lib.pointers import pointer_to
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
    rows = _rows(locked, (box.pointer for box in boxes))
    wanted = _unchanged_since(locked, rows, boxes, bases or {})
    if locked.amends_id is not None:
        wanted = _without_identity(locked, rows, wanted)
    return _write(locked, rows, wanted, by=by, at=at)


def save_what_fits(
    declaration: Declaration,
    *,
    fields: Mapping[str, str],
    by: User,
    at: datetime,
    bases: Bases | None = None,
    new: Sequence[str] = (),
) -> list[Violation]:
    """As `save_fields`, for every box that nobody else has changed meanwhile; hands back the conflicts.

    Raises Rejected.
    """
    conflicts: list[Violation] = []
    while fields or new:
        try:
            with transaction.atomic():
                save_fields(declaration, fields=fields, bases=bases, new=new, by=by, at=at)
        except Conflict as conflict:
            conflicts += conflict.violations
            asked = {violation.pointer for violation in conflicts}
            fields = {name: text for name, text in fields.items() if name not in asked}
        else:
            break
    return conflicts


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
    rows = _rows(declaration, (box.pointer for box in boxes))
    changed = [box for box in boxes if not _says(declaration, rows, box, bases[box.name])]
    if changed:
        sentence = _("This row was changed meanwhile. Look at it as it is now, and press again.")
        raise Conflict([Violation(CHANGED, str(box.pointer), sentence) for box in changed])


def written_in(declaration: Declaration, names: Iterable[str]) -> list[tuple[str, Pointer, Row]]:
    """What boxes hold now: name, pointer and canonical JSON of the box; without those whose row is gone."""
    places = Places(declaration)
    found = {name: pointer for name in names if (pointer := places.find(name)) is not None}
    rows = _rows(declaration, found.values())
    return [(name, pointer, row_as_json([pointer.box], rows[pointer.row])) for name, pointer in found.items()]


def _found(locked: Declaration, fields: Mapping[str, str]) -> list[_Box]:
    places = Places(locked)
    found = {name: places.find(name) for name in fields}
    if gone := [name for name, pointer in found.items() if pointer is None]:
        sentence = _("This row was removed meanwhile. You typed “{mine}”.")
        raise Conflict([Violation(GONE, name, sentence.format(mine=fields[name])) for name in gone])
    return [_Box(name, pointer, fields[name]) for name, pointer in found.items() if pointer is not None]


def _rows(declaration: Declaration, pointers: Iterable[Pointer]) -> dict[str, Any]:
    """The header, items, documents and parts in which boxes lie, by pointer: one query for each kind of them.

    Raises Rejected if one is not there.
    """
    wanted = {pointer.row: pointer for pointer in pointers}
    found: dict[str, Any] = {"": declaration}
    for part in {pointer.part for pointer in wanted.values()} - {""}:
        found |= _of_part(declaration, part, [pointer for pointer in wanted.values() if pointer.part == part])
    for row, pointer in wanted.items():
        if row not in found:
            raise refuse("S005", str(pointer), _("This row is no longer there. Reload the page."))
    return found


def _of_part(declaration: Declaration, part: str, pointers: Sequence[Pointer]) -> dict[str, Any]:
    numbers = {pointer.place + 1 for pointer in pointers}
    if part != "items":
        rows = PARTS[part][0]._default_manager.filter(declaration=declaration, position__in=numbers)
        return {pointer_to(part, getattr(row, "position") - 1): row for row in rows}  # noqa: B009 of any part
    found: dict[str, Any] = {}
    if any(pointer.document is None for pointer in pointers):
        items = Item.objects.filter(declaration=declaration, number__in=numbers)
        found |= {pointer_to("items", item.number - 1): item for item in items}
    if any(pointer.document is not None for pointer in pointers):
        papers = ItemDocument.objects.filter(item__declaration=declaration, item__number__in=numbers)
        for paper in papers.annotate(item_number=F("item__number")):
            found[pointer_to("items", paper.item_number - 1, "documents", paper.position - 1)] = paper
    return found


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
    header: dict[str, Any] = {}
    written: dict[str, set[str]] = {}
    for box in boxes:
        pointer = box.pointer
        held.pop(str(pointer), None)
        try:
            value = reading.value(pointer.box, box.text)
        except reading.Unreadable as fault:
            held[str(pointer)] = reading.clean(box.text)[: reading.LONGEST_HELD]
            value = reading.empty(pointer.box)
            faults.append(Violation("S006", str(pointer), str(fault.reason)))
        if pointer.row:
            setattr(rows[pointer.row], pointer.field, value)
            written.setdefault(pointer.row, set()).add(pointer.field)
        else:
            header[pointer.field] = value
    for model in {type(rows[row]) for row in written}:
        changed = {row: names for row, names in written.items() if type(rows[row]) is model}
        update_rows([rows[row] for row in changed], sorted(set().union(*changed.values())))
    locked.held = held
    Declaration.objects.filter(pk=locked.pk).update(**header, held=held, updated_by=by, updated_at=at)
    return faults
