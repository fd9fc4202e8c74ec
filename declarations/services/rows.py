"""Rows of a draft added and removed: items, their documents, containers, previous declarations, suppliers."""

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
from lib.violations import refuse

CARRIED_ON = (
    "origin_country", "extended_procedure", "national_procedure", "valuation_method", "packages_kind", "preference",
    "summary_declaration",
)  # fmt: skip


@transaction.atomic
def add_item(declaration: Declaration, *, by: User, at: datetime) -> Item:
    """A further item at the end; what usually stays the same is taken over from the item before."""
    locked = lock_draft(declaration.pk)
    last = Item.objects.filter(declaration=locked).order_by("-number").first()
    _within(0 if last is None else last.number, "items")
    same = {} if last is None else {name: getattr(last, name) for name in CARRIED_ON}
    item: Item = Item.objects.create(declaration=locked, number=1 if last is None else last.number + 1, **same)
    _touch(locked, by=by, at=at)
    return item


@transaction.atomic
def copy_item(declaration: Declaration, *, item: int, by: User, at: datetime) -> Item:
    """A further item at the end, equal to item `item` (counted from zero) with its documents."""
    locked = lock_draft(declaration.pk)
    model = _found(Item.objects.filter(declaration=locked, number=item + 1), pointer_to("items", item))
    count = Item.objects.filter(declaration=locked).count()
    _within(count, "items")
    values = {box.field: getattr(model, box.field) for box in ITEM}
    added: Item = Item.objects.create(declaration=locked, number=count + 1, **values)
    papers = list(model.documents.all())
    for paper in papers:
        paper.pk, paper.item = None, added
    ItemDocument.objects.bulk_create(papers)
    _touch(locked, by=by, at=at)
    return added


@transaction.atomic
def remove_item(declaration: Declaration, *, item: int, by: User, at: datetime) -> None:
    """Remove item `item` (counted from zero); those behind it move up."""
    locked = lock_draft(declaration.pk)
    _found(Item.objects.filter(declaration=locked, number=item + 1), pointer_to("items", item)).delete()
    Item.objects.filter(declaration=locked, number__gt=item + 1).update(number=F("number") - 1)
    _touch(locked, by=by, at=at, held=reading.moved(locked.held, part="items", removed=item))


@transaction.atomic
def add_document(declaration: Declaration, *, item: int, by: User, at: datetime) -> ItemDocument:
    """A further document of item `item` (counted from zero)."""
    locked = lock_draft(declaration.pk)
    parent = _found(Item.objects.filter(declaration=locked, number=item + 1), pointer_to("items", item))
    count = parent.documents.count()
    _within(count, "documents")
    document: ItemDocument = ItemDocument.objects.create(item=parent, position=count + 1)
    _touch(locked, by=by, at=at)
    return document


@transaction.atomic
def remove_document(declaration: Declaration, *, item: int, document: int, by: User, at: datetime) -> None:
    """Remove a document of an item, both counted from zero."""
    locked = lock_draft(declaration.pk)
    papers = ItemDocument.objects.filter(item__declaration=locked, item__number=item + 1)
    _found(papers.filter(position=document + 1), pointer_to("items", item, "documents", document)).delete()
    papers.filter(position__gt=document + 1).update(position=F("position") - 1)
    held = reading.moved(locked.held, part=pointer_to("items", item, "documents"), removed=document)
    _touch(locked, by=by, at=at, held=held)


@transaction.atomic
def add_part(declaration: Declaration, *, part: str, by: User, at: datetime) -> Any:
    """A further row of `part`: containers, previous or suppliers."""
    locked = lock_draft(declaration.pk)
    rows = PARTS[part][0]._default_manager.filter(declaration=locked)
    count = rows.count()
    _within(count, part)
    added = rows.create(declaration=locked, position=count + 1)
    _touch(locked, by=by, at=at)
    return added


@transaction.atomic
def remove_part(declaration: Declaration, *, part: str, place: int, by: User, at: datetime) -> None:
    """Remove row `place` (counted from zero) of `part`."""
    locked = lock_draft(declaration.pk)
    rows = PARTS[part][0]._default_manager.filter(declaration=locked)
    _found(rows.filter(position=place + 1), pointer_to(part, place)).delete()
    rows.filter(position__gt=place + 1).update(position=F("position") - 1)
    _touch(locked, by=by, at=at, held=reading.moved(locked.held, part=part, removed=place))


def _within(count: int, part: str) -> None:
    if count >= MOST[part]:
        raise refuse("S004", part, _("There may be {limit} at the most.").format(limit=MOST[part]))


def _found(rows: QuerySet[Any], pointer: str) -> Any:
    row = rows.first()
    if row is None:
        raise refuse("S005", pointer, _("This row is no longer there. Reload the page."))
    return row


def _touch(declaration: Declaration, *, by: User, at: datetime, held: dict[str, str] | None = None) -> None:
    held = declaration.held if held is None else held
    Declaration.objects.filter(pk=declaration.pk).update(held=held, updated_by=by, updated_at=at)
