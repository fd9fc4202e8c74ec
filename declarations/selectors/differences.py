"""What one version of a declaration declares otherwise than another, box by box.

Items are matched by number, or by what they are where they have moved, so that an item that was taken out does not make
all those behind it look changed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from declarations.boxes import BY_FIELD

_LEVEL_OF = {"items": "item", "documents": "document", "containers": "container", "previous": "previous",
             "suppliers": "supplier"}  # fmt: skip
_UNDECLARED = frozenset(
    {"id", "status", "version", "mrn", "customs_number", "tax_date", "lodged_at", "held", "kept", "source", "amends",
     "customs_value", "payable", "guaranteed", "key"}
)  # fmt: skip
_WHAT_IT_IS = {
    "items": ("commodity_code", "commercial_description", "origin_country"),
    "documents": ("code", "reference"),
    "containers": ("identity",),
    "previous": ("number", "item_number"),
    "suppliers": ("invoice_number", "name"),
}
Row = Mapping[str, Any]
Pair = tuple[int | None, int | None]


@dataclass(frozen=True)
class Change:
    """A box that says something else; `where` is such as "2" or "2.1", the item and its document.

    `moved` names the number that the row had before, where it has another one now.
    """

    label: str | Promise
    box: str
    where: str
    before: str
    after: str
    moved: str = ""


def changes_between(before: Row, after: Row) -> list[Change]:
    """What the one canonical content declares otherwise than the other, box by box."""
    return list(_compared("header", "", before, after))


def _compared(level: str, where: str, before: Row, after: Row, moved: str = "") -> Iterator[Change]:
    for field in dict.fromkeys((*before, *after)):
        old, new = before.get(field, ""), after.get(field, "")
        if field in _LEVEL_OF:
            yield from _rows(field, where, old or [], new or [])
        elif old != new and field not in _UNDECLARED:
            box = BY_FIELD[level].get(field)
            yield Change(box.label if box else field, box.box if box else "", where, str(old), str(new), moved)


def _rows(part: str, where: str, before: Sequence[Row], after: Sequence[Row]) -> Iterator[Change]:
    for old, new in matched(part, before, after):
        shown = (new if new is not None else old or 0) + 1
        name = f"{where}.{shown}".lstrip(".")
        was = str(old + 1) if old is not None and new is not None and old != new else ""
        first = before[old] if old is not None else {}
        then = after[new] if new is not None else {}
        if part == "items" and (old is None or new is None):
            label = _("item added") if old is None else _("item taken out")
            yield Change(label, "32", name, "" if old is None else str(old + 1), "" if new is None else str(new + 1))
        elif part == "items" and was:
            yield Change(_("number of the item"), "32", name, was, str(shown), was)
        yield from _compared(_LEVEL_OF[part], name, first, then, was)


def matched(part: str, before: Sequence[Row], after: Sequence[Row]) -> list[Pair]:
    """The rows of both that stand for the same thing, by their places; None where one has none.

    In turn: alike at the same place; alike anywhere; the same goods (or paper) at the same place, then anywhere; the
    same place. Each step takes time in proportion to the rows.
    """
    left, right = dict(enumerate(before)), dict(enumerate(after))
    pairs: list[Pair] = []
    for told, by_place in ((_all, True), (_all, False), (_what(part), True), (_what(part), False), (_nothing, True)):
        waiting: dict[Any, list[int]] = {}
        for place, row in left.items():
            waiting.setdefault((told(row), place if by_place else None), []).append(place)
        for place, row in list(right.items()):
            found = waiting.get((told(row), place if by_place else None))
            if found:
                old = found.pop(0)
                pairs.append((old, place))
                del left[old], right[place]
    pairs += [(place, None) for place in left] + [(None, place) for place in right]
    return sorted(pairs, key=lambda pair: (pair[1] if pair[1] is not None else pair[0] or 0, pair[1] is None))


def _all(row: Row) -> str:
    return repr(sorted((name, str(value)) for name, value in row.items() if name not in ("key", "file", "files")))


def _nothing(row: Row) -> str:
    return ""


def _what(part: str) -> Any:
    fields = _WHAT_IT_IS[part]
    return lambda row: tuple(str(row.get(name, "")) for name in fields)
