"""The items as the grid of a browser takes them: columns, and each row's key and texts; nothing else, to stay small."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _

from declarations.boxes import Box
from declarations.forms.controls import shown
from declarations.forms.sections import GRID
from declarations.services import CARRIED_ON
from lib.pointers import pointer_to


def columns() -> list[dict[str, str]]:
    """What a browser has to know of each column."""
    return [_column(box) for box in GRID]


def _column(box: Box) -> dict[str, str]:
    mode = {"amount": "decimal", "quantity": "decimal", "integer": "numeric"}.get(box.kind, "text")
    return {"field": box.field, "box": box.box, "label": str(box.label), "kind": box.kind, "codes": box.codes or "",
            "mode": mode}  # fmt: skip


def carried() -> list[str]:
    """Fields that a new row takes over from the row before."""
    return [box.field for box in GRID if box.field in CARRIED_ON]


def texts(items: Iterable[tuple[int, str, Mapping[str, Any]]], held: Mapping[str, str]) -> list[list[str]]:
    """Key and texts of items, given as number, key and canonical JSON; empty texts at the end of a row are left out."""
    written = []
    for number, key, row in items:
        start = pointer_to("items", number - 1)
        said = [held.get(f"{start}.{box.field}") or shown(box, row.get(box.field)) for box in GRID]
        while said and not said[-1]:
            said.pop()
        written.append([key, *said])
    return written


def words() -> dict[str, str]:
    """What a script says around the grid; names in braces are filled in by it."""
    return {
        "where": _("Item {number} · {box} {label}"),
        "item": _("Item {number}"),
        "tooMuch": _("This is too much to paste at a time. Paste the rows in several parts."),
        "goneRow": _("Somebody else removed this item meanwhile. What you write here is not saved."),
        "chosen": _("{cells} cells of {rows} items chosen; sum of the figures {sum}"),
        "all": _("Items: {all}"),
        "some": _("Shown: {shown} of {all} items"),
        "inChosen": _("in the items chosen ({rows})"),
        "inShown": _("in all items shown ({rows})"),
        "changed": _("Boxes changed: {count}"),
        "copied": _("The copy is item {number}, at the end."),
        "removed": _("Items removed: {rows}. Ctrl+Z brings them back."),
        "full": _("A declaration has 999 items at the most."),
        "pasted": _("Rows put in: {rows}. Ctrl+Z takes them back."),
        "leftOut": _("Row {line} was left out: {text}. {why}"),
        "unread": _("Cells that cannot be read: {count}. They are marked."),
        "proposals": _("Proposals: {count}"),
        "accept": _("Accept"),
        "acceptAll": _("Accept all"),
        "faults": _("To correct: {count}"),
        "more": _("And {count} more."),
        "other": _("This item has something to correct in its other boxes or papers."),
        "everywhere": _("all columns"),
    }


class Compact(DjangoJSONEncoder):
    """JSON for a page, as short as it can be."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "ensure_ascii": False, "separators": (",", ":")})
