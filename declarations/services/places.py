"""Where rows stand now: the names of boxes by key, `items[r1c2…].net_mass`, made into pointers by place.

Whoever names a row by its key means that row, wherever rows before it have gone. Read under the lock of the draft.
"""

import re
from collections.abc import Mapping
from functools import cached_property

from declarations import reading
from declarations.models import Declaration, Item, ItemDocument
from declarations.selectors import PARTS
from lib.row_keys import KEY

_ROW = re.compile(rf"(items|documents|{'|'.join(PARTS)})\[({KEY.pattern})\]", re.ASCII)


def box_named(name: str) -> reading.Pointer | None:
    """Which box a name means, by place or by key, its row left open; None if it names no box."""
    return reading.pointer(_ROW.sub(r"\1[0]", name))


def key_named(name: str) -> str:
    """The key of the innermost row in a name, empty where rows are named by place."""
    found = _ROW.findall(name)
    return found[-1][1] if found else ""


class Places:
    """The places of all rows of a draft that is locked."""

    def __init__(self, declaration: Declaration) -> None:
        self._declaration = declaration

    def find(self, name: str) -> reading.Pointer | None:
        """The pointer of the box that `name` means; None if its row is gone or it names no box."""
        pointed = self.by_place(name)
        return None if pointed is None else reading.pointer(pointed)

    def by_place(self, name: str) -> str | None:
        """A name with places (from zero) for keys; None if a row is gone."""
        found = _ROW.findall(name)
        if any(key not in self._of(part) for part, key in found):
            return None
        return _ROW.sub(lambda match: f"{match[1]}[{self._of(match[1])[match[2]]}]", name)

    def _of(self, part: str) -> Mapping[str, int]:
        if part == "items":
            return self._items
        return self._documents if part == "documents" else self._parts[part]

    @cached_property
    def _items(self) -> dict[str, int]:
        rows = Item.objects.filter(declaration=self._declaration).values_list("key", "number")
        return {key: number - 1 for key, number in rows}

    @cached_property
    def _documents(self) -> dict[str, int]:
        rows = ItemDocument.objects.filter(item__declaration=self._declaration).values_list("key", "position")
        return {key: position - 1 for key, position in rows}

    @cached_property
    def _parts(self) -> dict[str, dict[str, int]]:
        return {
            part: {
                key: position - 1
                for key, position in model._default_manager.filter(declaration=self._declaration).values_list(
                    "key", "position"
                )
            }
            for part, (model, _boxes) in PARTS.items()
        }
