"""Tables of goods written into a draft: kept while somebody looks at them, written at once, taken back by one click."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from declarations.models import ColumnChoice, Declaration, DraftBefore, GoodsFile
from declarations.selectors import content_of, with_keys
from declarations.services.carrying import PER_DECLARATION
from declarations.services.drafts import create_draft, save_draft
from declarations.services.history import as_it_was, lock_draft, state_of
from declarations.services.items import CARRIED_ON
from declarations.services.numbering import fresh_reference
from lib.violations import refuse
from traders.models import Company

KEPT_FOR = timedelta(days=7)
MOST_CHARACTERS = 3_000_000  # written into the cells of a table
MOST_CHOICES = 200  # remembered for a company


@transaction.atomic
def keep_goods_file(
    declaration: Declaration, *, name: str, tables: Sequence[Mapping[str, Any]], by: User, at: datetime
) -> GoodsFile:
    """Keep a table for a draft, in the place of one that was looked at before. Raises Rejected if it is no draft."""
    locked = lock_draft(declaration.pk)
    GoodsFile.objects.filter(declaration=locked).delete()
    kept: GoodsFile = GoodsFile.objects.create(declaration=locked, name=name[:200], tables=list(tables), by=by, at=at)
    return kept


@transaction.atomic
def choose_in_goods_file(
    declaration: Declaration, *, choice: Mapping[str, Any] | None = None, cells: Mapping[str, str] | None = None
) -> GoodsFile:
    """Set what was chosen, and write into cells; what is not given stays.

    Raises GoodsFile.DoesNotExist, and Rejected for more text in cells than a table may hold.
    """
    file: GoodsFile = GoodsFile.objects.select_for_update().get(declaration=declaration)
    file.choice = {**file.choice, **(choice or {})}
    file.cells = {**file.cells, **(cells or {})}
    if sum(map(len, file.cells.values())) > MOST_CHARACTERS:
        raise refuse("F044", "file", _("You wrote more than a table may hold. Correct the file and upload it again."))
    file.save(update_fields=["choice", "cells"])
    return file


def forget_goods_file(declaration: Declaration) -> None:
    """Throw the table away; the draft stays as it is."""
    GoodsFile.objects.filter(declaration=declaration).delete()


def throw_away_old_goods(*, at: datetime) -> None:
    """Delete tables and earlier contents of a week ago and more."""
    GoodsFile.objects.filter(at__lt=at - KEPT_FOR).delete()
    DraftBefore.objects.filter(at__lt=at - KEPT_FOR).delete()


@transaction.atomic
def remember_columns(company: Company, *, heading: str, columns: Sequence[str], at: datetime) -> None:
    """From now on a table of this company that is headed so is read with these columns."""
    ColumnChoice.objects.update_or_create(
        company=company, heading=heading, defaults={"columns": list(columns), "used_at": at}
    )
    latest = ColumnChoice.objects.filter(company=company).order_by("-used_at").values_list("pk", flat=True)
    ColumnChoice.objects.filter(pk__in=list(latest[MOST_CHOICES : 2 * MOST_CHOICES])).delete()


# Into a draft -------------------------------------------------------------------------------------------------
@transaction.atomic
def append_goods(
    declaration: Declaration, *, rows: Sequence[Mapping[str, str]], header: Mapping[str, Any], by: User, at: datetime
) -> Declaration:
    """The rows as further items; what usually stays the same is taken over from the item before.

    An item that says nothing of its own gives its place to them.
    """
    data = _begin(declaration, by=by, at=at)
    last = data["items"][-1] if data["items"] else {}
    same = {name: last[name] for name in CARRIED_ON if last.get(name)}
    while data["items"] and not items_that_speak(data["items"][-1:]) and not _is_held(data, len(data["items"]) - 1):
        data["items"].pop()
    return _write(declaration, {**data, "items": [*data["items"], *_items(rows, same)]}, header, by=by, at=at)


@transaction.atomic
def replace_goods(
    declaration: Declaration, *, rows: Sequence[Mapping[str, str]], header: Mapping[str, Any], by: User, at: datetime
) -> Declaration:
    """The rows in the place of all items; what those had in common is taken over."""
    data = _begin(declaration, by=by, at=at)
    items = _items(rows, _common(data["items"]))
    return _write(declaration, {**_without_items(data), "items": items}, header, by=by, at=at)


@transaction.atomic
def goods_in_new_draft(
    declaration: Declaration, *, rows: Sequence[Mapping[str, str]], header: Mapping[str, Any], by: User, at: datetime
) -> Declaration:
    """A new draft with the head of this one, a reference of its own, and the rows as items. This one stays as it is."""
    whole = _content(lock_draft(declaration.pk))
    same, data = _common(whole["items"]), _without_items(whole)
    data = {name: value for name, value in data.items() if name not in PER_DECLARATION}
    on = timezone.localdate(at)
    data |= {"lrn": fresh_reference(on), "declaration_date": on.isoformat(), "items": _items(rows, same), **header}
    return create_draft(declarant=declaration.declarant, by=by, at=at, data=data)


def bring_back(declaration: Declaration, *, state: str, by: User, at: datetime) -> Declaration:
    """The content from before the table, if the draft is in `state` still; what it holds now can be brought back too.

    Raises NotAsBefore, and DraftBefore.DoesNotExist.
    """
    with as_it_was(declaration, state):
        locked = lock_draft(declaration.pk)
        content = DraftBefore.objects.get(declaration=locked).content
        _remember(locked, _content(locked), by=by, at=at)
        saved = save_draft(locked, data=content, by=by, at=at)
        DraftBefore.objects.filter(declaration=locked).update(state=state_of(saved))
    return saved


def _begin(declaration: Declaration, *, by: User, at: datetime) -> dict[str, Any]:
    locked = lock_draft(declaration.pk)
    data = _content(locked)
    _remember(locked, data, by=by, at=at)
    return data


def _content(locked: Declaration) -> dict[str, Any]:
    return {**with_keys(content_of(locked)), "held": dict(locked.held)}


def _without_items(content: Mapping[str, Any]) -> dict[str, Any]:
    held = {pointer: text for pointer, text in content["held"].items() if not pointer.startswith("items[")}
    return {**content, "held": held, "items": []}


def _remember(locked: Declaration, content: Mapping[str, Any], *, by: User, at: datetime) -> None:
    DraftBefore.objects.update_or_create(
        declaration=locked, defaults={"content": content, "state": "", "by": by, "at": at}
    )


def items_that_speak(items: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The items that say more than what is carried on from one to the next."""
    return [item for item in items if any(value for name, value in item.items() if name not in (*CARRIED_ON, "key"))]


def _is_held(content: Mapping[str, Any], place: int) -> bool:
    return any(pointer.startswith(f"items[{place}]") for pointer in content["held"])


def _common(items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What is usually carried on and is the same in all items."""
    return {
        name: items[0][name]
        for name in CARRIED_ON
        if items and items[0].get(name) and all(item.get(name) == items[0][name] for item in items)
    }


def _items(rows: Sequence[Mapping[str, str]], same: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{**same, **row, "documents": []} for row in rows]


def _write(
    declaration: Declaration, data: Mapping[str, Any], header: Mapping[str, Any], *, by: User, at: datetime
) -> Declaration:
    saved = save_draft(declaration, data={**data, **header}, by=by, at=at)
    DraftBefore.objects.filter(declaration=saved).update(state=state_of(saved))
    return saved
