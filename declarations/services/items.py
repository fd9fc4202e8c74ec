"""Items of a draft added, copied, removed and put back, one or many at a time."""

from collections.abc import Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from declarations import reading
from declarations.boxes import ITEM
from declarations.models import Declaration, Item, ItemDocument, RemovedItem
from declarations.selectors import document_as_json, row_as_json
from declarations.services.content import MOST, document_of, files_named, scans_named
from declarations.services.history import lock_draft
from lib.bulk import insert_rows, update_rows
from lib.pointers import in_order, pointer_to
from lib.row_keys import new_key
from lib.violations import Conflict, Violation, refuse

CARRIED_ON = (
    "origin_country", "extended_procedure", "national_procedure", "valuation_method", "packages_kind", "preference",
    "summary_declaration",
)  # fmt: skip
MOST_KEPT = 2_000
GONE, NOT_KEPT = "S016", "S030"

Place = int | str  # a place from zero, or the key of a row


# Added --------------------------------------------------------------------------------------------------------
@transaction.atomic
def add_item(declaration: Declaration, *, by: User, at: datetime) -> Item:
    """A further item at the end; what usually stays the same is taken over from the item before."""
    (added,) = add_items(declaration, keys=[new_key()], by=by, at=at)
    return added


@transaction.atomic
def add_items(declaration: Declaration, *, keys: Sequence[str], by: User, at: datetime) -> list[Item]:
    """Further items at the end, as `add_item`, under keys of the caller; those that are there already are left out."""
    locked = lock_draft(declaration.pk)
    there = _keys_of(locked)
    wanted = [key for key in dict.fromkeys(keys) if key not in there]
    within(len(there) + max(0, len(wanted) - 1), "items", added=bool(wanted))
    last = Item.objects.filter(declaration=locked).order_by("-number").first()
    same = {} if last is None else {name: getattr(last, name) for name in CARRIED_ON}
    added = [Item(declaration=locked, number=number, key=key, **same)
             for number, key in enumerate(wanted, len(there) + 1)]  # fmt: skip
    insert_rows(added)
    touch(locked, by=by, at=at)
    return added


@transaction.atomic
def copy_item(declaration: Declaration, *, item: Place, by: User, at: datetime, key: str = "") -> Item:
    """A further item at the end, equal to `item` with its documents. With a `key` that is there nothing is made."""
    locked = lock_draft(declaration.pk)
    made: Item | None = Item.objects.filter(declaration=locked, key=key).first() if key else None
    if made is not None:
        return made
    model = item_at(locked, item)
    count = Item.objects.filter(declaration=locked).count()
    within(count, "items")
    values = {box.field: getattr(model, box.field) for box in ITEM}
    added: Item = Item.objects.create(declaration=locked, number=count + 1, key=key or new_key(), **values)
    papers = list(model.documents.all())
    for paper in papers:
        paper.pk, paper.item, paper.key = None, added, new_key()
    ItemDocument.objects.bulk_create(papers)
    touch(locked, by=by, at=at, held=_copied(locked.held, model.number - 1, count))
    return added


def _copied(held: dict[str, str], old: int, new: int) -> dict[str, str]:
    """Held texts with those of the item at place `old` once more for the item at place `new`."""
    return {**held, **_put(_taken(held, old), new)}


# Removed and put back -----------------------------------------------------------------------------------------
@transaction.atomic
def remove_item(declaration: Declaration, *, item: Place, by: User, at: datetime) -> None:
    """Remove `item`; those behind it move up. It can be put back under its key."""
    model = item_at(lock_draft(declaration.pk), item)
    remove_items(declaration, keys=[model.key], by=by, at=at)


@transaction.atomic
def remove_items(declaration: Declaration, *, keys: Sequence[str], by: User, at: datetime) -> None:
    """Remove the items with these keys that are there; those behind them move up. They can be put back."""
    locked = lock_draft(declaration.pk)
    before = _keys_of(locked)
    gone = list(Item.objects.filter(declaration=locked, key__in=keys).prefetch_related("documents__file"))
    if not gone:
        return
    _keep(locked, gone)
    Item.objects.filter(pk__in=[item.pk for item in gone]).delete()
    removed = {item.key for item in gone}
    _stand(locked, before, [key for key in before if key not in removed], by=by, at=at)


@transaction.atomic
def restore_items(declaration: Declaration, *, keys: Sequence[str], by: User, at: datetime) -> list[Item]:
    """Put removed items back where they were, with their papers. Raises Rejected for one that is not kept."""
    locked = lock_draft(declaration.pk)
    before = _keys_of(locked)
    wanted = [key for key in dict.fromkeys(keys) if key not in before]
    kept = {row.key: row for row in RemovedItem.objects.filter(declaration=locked, key__in=wanted)}
    if lost := [key for key in wanted if key not in kept]:
        sentence = _("This item was removed too long ago to be put back.")
        raise refuse(NOT_KEPT, f"items[{lost[0]}]", sentence)
    within(len(before) + max(0, len(wanted) - 1), "items", added=bool(wanted))
    after = list(before)
    for row in sorted(kept.values(), key=lambda row: row.number):
        after.insert(row.number - 1, row.key)
    _stand(locked, before, after, by=by, at=at)
    numbers = {key: number for number, key in enumerate(after, 1)}
    items = [_remade(locked, row.content, key=key, number=numbers[key]) for key, row in kept.items()]
    insert_rows([item for item, _papers, _held in items])
    insert_rows([paper for _item, papers, _held in items for paper in papers])
    held = dict(locked.held)
    for item, _papers, texts in items:
        held |= _put(texts, item.number - 1)
    touch(locked, by=by, at=at, held=held)
    RemovedItem.objects.filter(declaration=locked, key__in=wanted).delete()
    return [item for item, _papers, _held in items]


def forget_removed(declaration: Declaration) -> None:
    """From now on nothing that was removed can be put back: the draft was lodged."""
    RemovedItem.objects.filter(declaration=declaration).delete()


def _keep(locked: Declaration, items: Sequence[Item]) -> None:
    kept = []
    for item in items:
        papers = [{**document_as_json(paper), "key": paper.key} for paper in item.documents.all()]
        held = _taken(locked.held, item.number - 1)
        content = {**row_as_json(ITEM, item), "key": item.key, "documents": papers, "held": held}
        kept.append(RemovedItem(declaration=locked, key=item.key, number=item.number, content=content))
    RemovedItem.objects.filter(declaration=locked, key__in=[row.key for row in kept]).delete()
    insert_rows(kept)
    oldest = RemovedItem.objects.filter(declaration=locked).order_by("-pk").values_list("pk", flat=True)[MOST_KEPT:]
    RemovedItem.objects.filter(pk__in=list(oldest)).delete()


def _remade(
    locked: Declaration, content: dict[str, Any], *, key: str, number: int
) -> tuple[Item, list[ItemDocument], dict[str, str]]:
    """The item, its papers and its held texts, which also hold what can no longer be read."""
    row = reading.row("item", content)
    item = Item(declaration=locked, number=number, key=key, **row.values)
    scans = [scans_named(paper) for paper in content["documents"]]
    files = files_named(locked, chain.from_iterable(scans))
    papers = []
    for position, (written, named) in enumerate(zip(content["documents"], scans, strict=True), 1):
        read = reading.row("document", written)
        found = [files[name] for name in named if name in files]
        papers.append(document_of(item, position, read.key, read, found))
    return item, papers, {**row.held, **content["held"]}


def _stand(locked: Declaration, before: Sequence[str], after: Sequence[str], *, by: User, at: datetime) -> None:
    """Number the items that are there as `after` says; held texts move with them."""
    numbers = {key: number for number, key in enumerate(after, 1)}
    moved = [item for item in Item.objects.filter(declaration=locked).only("pk", "key", "number")
             if item.number != numbers[item.key]]  # fmt: skip
    for item in moved:
        item.number = numbers[item.key]
    update_rows(moved, ["number"])
    places = in_order(locked.held, part="items", before=before, after=after)
    locked.held = {new: locked.held[old] for old, new in places.items()}
    touch(locked, by=by, at=at)


def _taken(held: dict[str, str], place: int) -> dict[str, str]:
    """The held texts of an item, by pointers that begin in it."""
    start = pointer_to("items", place) + "."
    return {key.removeprefix(start): text for key, text in held.items() if key.startswith(start)}


def _put(texts: dict[str, str], place: int) -> dict[str, str]:
    start = pointer_to("items", place) + "."
    return {start + key: text for key, text in texts.items()}


# What other rows need too -------------------------------------------------------------------------------------
def _keys_of(declaration: Declaration) -> list[str]:
    return list(Item.objects.filter(declaration=declaration).order_by("number").values_list("key", flat=True))


def item_at(declaration: Declaration, item: Place) -> Item:
    """The item at a place or with a key. Raises Conflict if the one with the key is gone, else Rejected."""
    found: Item = row_at(Item.objects.filter(declaration=declaration), "items", item, "number")
    return found


def row_at(rows: QuerySet[Any], part: str, place: Place, numbered_by: str) -> Any:
    """The row at a place or with a key. Raises Conflict if the one with the key is gone, else Rejected."""
    if isinstance(place, str):
        row = rows.filter(key=place).first()
        if row is None:
            raise Conflict([Violation(GONE, part, _("This row was removed meanwhile. Nothing was changed."))])
        return row
    row = rows.filter(**{numbered_by: place + 1}).first()
    if row is None:
        raise refuse("S005", pointer_to(part, place), _("This row is no longer there. Reload the page."))
    return row


def within(count: int, part: str, *, added: bool = True) -> None:
    """Raises Rejected if there is no room for a row after `count` others."""
    if added and count >= MOST[part]:
        raise refuse("S004", part, _("There may be {limit} at the most.").format(limit=MOST[part]))


def touch(declaration: Declaration, *, by: User, at: datetime, held: dict[str, str] | None = None) -> None:
    """Note who changed the draft and when, with its held texts."""
    held = declaration.held if held is None else held
    Declaration.objects.filter(pk=declaration.pk).update(held=held, updated_by=by, updated_at=at)
