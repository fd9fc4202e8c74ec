"""Rows of a draft added and removed: items, their documents, containers, previous declarations, suppliers."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from declarations import reading
from declarations.boxes import ITEM
from declarations.models import Declaration, Item, ItemDocument
from declarations.selectors import PARTS
from declarations.services.content import MOST
from declarations.services.history import lock_draft
from lib.pointers import pointer_to
from lib.row_keys import KEY, new_key
from lib.violations import Conflict, Violation, refuse

CARRIED_ON = (
    "origin_country", "extended_procedure", "national_procedure", "valuation_method", "packages_kind", "preference",
    "summary_declaration",
)  # fmt: skip
_STEPS = re.compile(rf"(\w+)\[({KEY.pattern})\]", re.ASCII)
_ROW = re.compile(rf"{_STEPS.pattern}(?:\.{_STEPS.pattern})?", re.ASCII)


Place = int | str  # a place from zero, or the key of a row


@transaction.atomic
def add_item(declaration: Declaration, *, by: User, at: datetime, key: str = "") -> Item:
    """A further item at the end; what usually stays the same is taken over from the item before."""
    locked = lock_draft(declaration.pk)
    last = Item.objects.filter(declaration=locked).order_by("-number").first()
    number = 1 if last is None else last.number + 1
    _within(number - 1, "items")
    same = {} if last is None else {name: getattr(last, name) for name in CARRIED_ON}
    item: Item = Item.objects.create(declaration=locked, number=number, key=key or new_key(), **same)
    _touch(locked, by=by, at=at)
    return item


@transaction.atomic
def copy_item(declaration: Declaration, *, item: Place, by: User, at: datetime) -> Item:
    """A further item at the end, equal to `item` with its documents."""
    locked = lock_draft(declaration.pk)
    model = _item(locked, item)
    count = Item.objects.filter(declaration=locked).count()
    _within(count, "items")
    values = {box.field: getattr(model, box.field) for box in ITEM}
    added: Item = Item.objects.create(declaration=locked, number=count + 1, key=new_key(), **values)
    papers = list(model.documents.all())
    for paper in papers:
        paper.pk, paper.item, paper.key = None, added, new_key()
    ItemDocument.objects.bulk_create(papers)
    _touch(locked, by=by, at=at, held=_copied(locked.held, model.number - 1, count))
    return added


@transaction.atomic
def remove_item(declaration: Declaration, *, item: Place, by: User, at: datetime) -> None:
    """Remove `item`; those behind it move up."""
    locked = lock_draft(declaration.pk)
    model = _item(locked, item)
    number = model.number
    model.delete()
    Item.objects.filter(declaration=locked, number__gt=number).update(number=F("number") - 1)
    _touch(locked, by=by, at=at, held=reading.moved(locked.held, part="items", removed=number - 1))


@transaction.atomic
def add_document(declaration: Declaration, *, item: Place, by: User, at: datetime, key: str = "") -> ItemDocument:
    """A further document of `item`."""
    locked = lock_draft(declaration.pk)
    parent = _item(locked, item)
    count = parent.documents.count()
    _within(count, "documents")
    document: ItemDocument = ItemDocument.objects.create(item=parent, position=count + 1, key=key or new_key())
    _touch(locked, by=by, at=at)
    return document


@transaction.atomic
def remove_document(declaration: Declaration, *, item: Place, document: Place, by: User, at: datetime) -> None:
    """Remove a document of an item."""
    locked = lock_draft(declaration.pk)
    parent = _item(locked, item)
    model = _row(parent.documents.all(), pointer_to("items", parent.number - 1, "documents"), document, "position")
    place = model.position - 1
    model.delete()
    parent.documents.filter(position__gt=place + 1).update(position=F("position") - 1)
    held = reading.moved(locked.held, part=pointer_to("items", parent.number - 1, "documents"), removed=place)
    _touch(locked, by=by, at=at, held=held)


@transaction.atomic
def add_part(declaration: Declaration, *, part: str, by: User, at: datetime, key: str = "") -> Any:
    """A further row of `part`: containers, previous or suppliers."""
    locked = lock_draft(declaration.pk)
    rows = PARTS[part][0]._default_manager.filter(declaration=locked)
    count = rows.count()
    _within(count, part)
    added = rows.create(declaration=locked, position=count + 1, key=key or new_key())
    _touch(locked, by=by, at=at)
    return added


@transaction.atomic
def remove_part(declaration: Declaration, *, part: str, place: Place, by: User, at: datetime) -> None:
    """Remove the row `place` of `part`."""
    locked = lock_draft(declaration.pk)
    rows = PARTS[part][0]._default_manager.filter(declaration=locked)
    model = _row(rows, part, place, "position")
    position = model.position
    model.delete()
    rows.filter(position__gt=position).update(position=F("position") - 1)
    _touch(locked, by=by, at=at, held=reading.moved(locked.held, part=part, removed=position - 1))


def append(declaration: Declaration, name: str, *, by: User, at: datetime) -> None:
    """Add the row that a page has named by a key of its own, unless it is there. Raises Rejected for another name."""
    match _STEPS.findall(name) if _ROW.fullmatch(name) else []:
        case [("items", key)] if _is_new(Item.objects.filter(declaration=declaration), key):
            add_item(declaration, key=key, by=by, at=at)
        case [("items", item), ("documents", key)] if _is_new(_item(declaration, item).documents.all(), key):
            add_document(declaration, item=item, key=key, by=by, at=at)
        case [(part, key)] if part in PARTS:
            if _is_new(PARTS[part][0]._default_manager.filter(declaration=declaration), key):
                add_part(declaration, part=part, key=key, by=by, at=at)
        case [("items", _)] | [("items", _), ("documents", _)]:
            pass
        case _:
            raise refuse("S001", name[:200], _("The declaration has no rows of this name."))


def _is_new(rows: QuerySet[Any], key: str) -> bool:
    return not rows.filter(key=key).exists()


def _copied(held: Mapping[str, str], old: int, new: int) -> dict[str, str]:
    """Held texts with those of the item at place `old` once more for the item at place `new`."""
    start, other = pointer_to("items", old) + ".", pointer_to("items", new) + "."
    return {**held, **{other + key.removeprefix(start): text for key, text in held.items() if key.startswith(start)}}


def _item(declaration: Declaration, item: Place) -> Item:
    found: Item = _row(Item.objects.filter(declaration=declaration), "items", item, "number")
    return found


def _row(rows: QuerySet[Any], part: str, place: Place, numbered_by: str) -> Any:
    """The row at a place or with a key. Raises Conflict if the one with the key is gone, else Rejected."""
    if isinstance(place, str):
        row = rows.filter(key=place).first()
        if row is None:
            raise Conflict([Violation("S016", part, _("This row was removed meanwhile. Nothing was changed."))])
        return row
    row = rows.filter(**{numbered_by: place + 1}).first()
    if row is None:
        raise refuse("S005", pointer_to(part, place), _("This row is no longer there. Reload the page."))
    return row


def _within(count: int, part: str) -> None:
    if count >= MOST[part]:
        raise refuse("S004", part, _("There may be {limit} at the most.").format(limit=MOST[part]))


def _touch(declaration: Declaration, *, by: User, at: datetime, held: dict[str, str] | None = None) -> None:
    held = declaration.held if held is None else held
    Declaration.objects.filter(pk=declaration.pk).update(held=held, updated_by=by, updated_at=at)
