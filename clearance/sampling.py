"""Which files of a company are audited: drawn by value and by lot, from a seed. Pure: same seed and frame, same sample.

By value: monetary-unit sampling with a fixed interval and a start that follows from the seed (as auditors do, ISA 530,
appendix 4): each file is as likely as it is large, and a file of at least an interval is certain. By lot: of each lane
the files that the seed puts first among those not drawn by value, so that cheap files and every lane are looked at.
Numbers follow from SHA-256 and from nothing else: anybody can draw again, in any language, in ten years.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from lib.figures import ONE, ZERO, plain

METHOD = "MUS+lot/SHA-256/1"
CERTAIN, VALUE, LOT = "certain", "value", "lot"
_BITS = 256


@dataclass(frozen=True, slots=True)
class Filed:
    """A file of the frame: its MRN, its lane, and its customs value in national currency (none: zero)."""

    mrn: str
    lane: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Drawn:
    """A file that is to be audited: `how` is CERTAIN, VALUE or LOT. `unit` is the monetary unit that hit it, `place`
    its place by lot within the lane, counted from 1; the one that does not apply is None.
    """

    filed: Filed
    how: str
    unit: Decimal | None = None
    place: int | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """What was drawn, in the order of the MRNs; of which frame. `interval` is zero where nothing has a value."""

    drawn: Sequence[Drawn]
    count: int
    value: Decimal
    interval: Decimal
    frame_hash: str


def draw(frame: Iterable[Filed], *, seed: str, by_value: int, by_lot: int) -> Sample:
    """Draw about `by_value` files by their value and then up to `by_lot` files of each lane by lot."""
    files = sorted(frame, key=lambda each: each.mrn)
    total = sum((each.value for each in files), ZERO)
    interval = total / by_value if by_value and total else ZERO
    hit = _by_value(files, seed=seed, interval=interval)
    taken = {each.filed.mrn for each in hit}
    lots = _by_lot([each for each in files if each.mrn not in taken], seed=seed, most=by_lot)
    drawn = sorted([*hit, *lots], key=lambda each: each.filed.mrn)
    return Sample(drawn, len(files), total, interval, hash_of(files))


def hash_of(files: Iterable[Filed]) -> str:
    """The SHA-256 of the frame: a line for each file in the order of the MRNs."""
    lines = (f"{each.mrn};{each.lane};{plain(each.value)}\n" for each in sorted(files, key=lambda each: each.mrn))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def projected(findings: Iterable[tuple[str, Decimal, Decimal]], *, interval: Decimal) -> Decimal:
    """What the frame would differ by if it is like the sample: (how, value, difference) of each audited file.

    A certain file counts with its own difference; one hit by a unit with its share of error on a whole interval. Files
    by lot say nothing about sums. It informs; nobody is ever charged by it.
    """
    sums = ZERO
    for how, value, difference in findings:
        if how == CERTAIN:
            sums += difference
        elif how == VALUE and value:
            sums += difference / value * interval
    return sums


def _by_value(files: Sequence[Filed], *, seed: str, interval: Decimal) -> list[Drawn]:
    if not interval:
        return []
    unit = interval * _fraction(f"{seed}|start")
    drawn, below = [], ZERO
    for each in files:
        above = below + each.value
        if unit < above:
            drawn.append(Drawn(each, CERTAIN if each.value >= interval else VALUE, unit=unit.quantize(ONE)))
        while unit < above:
            unit += interval
        below = above
    return drawn


def _by_lot(files: Sequence[Filed], *, seed: str, most: int) -> list[Drawn]:
    drawn = []
    for lane in sorted({each.lane for each in files}):
        ordered = sorted((each for each in files if each.lane == lane), key=lambda each: _digest(f"{seed}|{each.mrn}"))
        drawn += [Drawn(each, LOT, place=place) for place, each in enumerate(ordered[:most], start=1)]
    return drawn


def _fraction(text: str) -> Decimal:
    """A number from 0 to below 1 that follows from the text, with 28 digits."""
    return Decimal(int(_digest(text), 16)) / Decimal(2**_BITS)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
