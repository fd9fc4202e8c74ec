"""The address of a calculation. Each item is one parameter, so that the address is short enough for a QR code.

`i=8517130000~1000~CN~ST1~40` holds code, price, origin, proof, net mass, gross mass, national code, preference
and quota in this order, empty ones at the end left out; after them quantities and own costs by name, as `LTR-500` and
`external_freight-20`. The long form (`0-commodity_code=8517130000&0-item_price=1000`), which the page's form sends,
means the same.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from tariff_lookup.forms.consignment_item import FIXED, QUANTITY
from tariffs.calculation import COSTS

ITEM = "i"
SEPARATOR = "~"
UNIT = re.compile(r"[A-Z0-9]{2,4}")
Pairs = Iterable[tuple[str, str]]
_COSTS = frozenset(COSTS) | {f"{name}_currency" for name in COSTS}


def packed(head: Mapping[str, str], items: Sequence[Mapping[str, str]]) -> list[tuple[str, str]]:
    """The parameters of a calculation, given what its forms say in plain words."""
    return [*head.items(), *((ITEM, _packed_item(item)) for item in items)]


def _packed_item(item: Mapping[str, str]) -> str:
    fixed = [item.get(name, "") for name in FIXED]
    further = [
        f"{name.removeprefix(QUANTITY)}-{text}" for name, text in item.items() if name not in FIXED and text != ""
    ]
    while not further and fixed and not fixed[-1]:
        fixed.pop()
    return SEPARATOR.join([*fixed, *further])


def unpacked(pairs: Pairs) -> list[tuple[str, str]]:
    """The same parameters in the long form; what cannot be understood is left out."""
    found = list(pairs)
    long = [(name, text) for name, text in found if name != ITEM]
    place = max((int(at) + 1 for name, _text in long if (at := place_of(name)) is not None), default=0)
    for name, text in found:
        if name == ITEM:
            long += [(f"{place}-{field}", value) for field, value in _unpacked_item(text)]
            place += 1
    return long


def _unpacked_item(text: str) -> Iterator[tuple[str, str]]:
    parts = text.split(SEPARATOR)
    yield from zip(FIXED, parts, strict=False)
    for part in parts[len(FIXED) :]:
        name, _dash, value = part.partition("-")
        if UNIT.fullmatch(name):
            yield f"{QUANTITY}{name}", value
        elif name in _COSTS:
            yield name, value


def place_of(name: str) -> int | None:
    """The place of the item that a parameter in the long form belongs to; None where it belongs to none."""
    place, dash, _field = name.partition("-")
    return int(place) if dash and place.isascii() and place.isdecimal() and len(place) < 4 else None


def without_item(pairs: Pairs, removed: int) -> Iterator[tuple[str, str]]:
    """The parameters, in the long form, without item `removed`: those behind it move one place up."""
    for name, value in pairs:
        place = place_of(name)
        if place is None:
            yield name, value
        elif place != removed:
            yield f"{place - (place > removed)}-{name.partition('-')[2]}", value
