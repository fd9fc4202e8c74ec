"""The items as the grid of a browser takes them: columns, and each row's key and texts; nothing else, to stay small."""

from collections.abc import Iterable, Mapping
from typing import Any

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
