"""Rows of a draft added and removed: documents of its items, containers, previous declarations, suppliers."""

import re
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from declarations import reading
from declarations.models import Declaration, Item, ItemDocument
from declarations.selectors import PARTS
from declarations.services.history import lock_draft
from declarations.services.items import Place, add_items, item_at, row_at, touch, within
from lib.pointers import pointer_to
from lib.row_keys import KEY, new_key
from lib.violations import refuse

_STEPS = re.compile(rf"(\w+)\[({KEY.pattern})\]", re.ASCII)
_ROW = re.compile(rf"{_STEPS.pattern}(?:\.{_STEPS.pattern})?", re.ASCII)


@transaction.atomic
def add_document(declaration: Declaration, *, item: Place, by: User, at: datetime, key: str = "") -> ItemDocument:
    """A further document of `item`."""
    locked = lock_draft(declaration.pk)
    parent = item_at(locked, item)
    count = parent.documents.count()
    within(count, "documents")
    document: ItemDocument = ItemDocument.objects.create(item=parent, position=count + 1, key=key or new_key())
    touch(locked, by=by, at=at)
    return document


@transaction.atomic
def remove_document(declaration: Declaration, *, item: Place, document: Place, by: User, at: datetime) -> None:
    """Remove a document of an item."""
    locked = lock_draft(declaration.pk)
    parent = item_at(locked, item)
    model = row_at(parent.documents.all(), pointer_to("items", parent.number - 1, "documents"), document, "position")
    place = model.position - 1
    model.delete()
    parent.documents.filter(position__gt=place + 1).update(position=F("position") - 1)
    held = reading.moved(locked.held, part=pointer_to("items", parent.number - 1, "documents"), removed=place)
    touch(locked, by=by, at=at, held=held)


@transaction.atomic
def add_part(declaration: Declaration, *, part: str, by: User, at: datetime, key: str = "") -> Any:
    """A further row of `part`: containers, previous or suppliers."""
    locked = lock_draft(declaration.pk)
    rows = PARTS[part][0]._default_manager.filter(declaration=locked)
    count = rows.count()
    within(count, part)
    added = rows.create(declaration=locked, position=count + 1, key=key or new_key())
    touch(locked, by=by, at=at)
    return added


@transaction.atomic
def remove_part(declaration: Declaration, *, part: str, place: Place, by: User, at: datetime) -> None:
    """Remove the row `place` of `part`."""
    locked = lock_draft(declaration.pk)
    rows = PARTS[part][0]._default_manager.filter(declaration=locked)
    model = row_at(rows, part, place, "position")
    position = model.position
    model.delete()
    rows.filter(position__gt=position).update(position=F("position") - 1)
    touch(locked, by=by, at=at, held=reading.moved(locked.held, part=part, removed=position - 1))


def append(declaration: Declaration, name: str, *, by: User, at: datetime) -> None:
    """Add the row that a page has named by a key of its own, unless it is there. Raises Rejected for another name."""
    match _STEPS.findall(name) if _ROW.fullmatch(name) else []:
        case [("items", key)] if _is_new(Item.objects.filter(declaration=declaration), key):
            add_items(declaration, keys=[key], by=by, at=at)
        case [("items", item), ("documents", key)] if _is_new(item_at(declaration, item).documents.all(), key):
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
