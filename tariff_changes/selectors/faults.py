"""What speaks against a change set, by the row and the column it concerns."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lib.violations import Violation

_PLACE = re.compile(r"rows\[(\d+)\](?:\.(\w+))?")


@dataclass(frozen=True, slots=True)
class Faults:
    """Everything that speaks against a set, by the place of the row it concerns."""

    found: tuple[Violation, ...]
    by_place: Mapping[int, tuple[Violation, ...]]

    @property
    def places(self) -> list[int]:
        return sorted(self.by_place)

    @property
    def on_the_whole(self) -> list[Violation]:
        """Faults of no row in particular."""
        return [fault for fault in self.found if _PLACE.match(fault.pointer) is None]

    def at(self, place: int) -> tuple[Violation, ...]:
        return self.by_place.get(place, ())


def sorted_by_place(found: Sequence[Violation]) -> Faults:
    """Faults as a page wants them."""
    by_place: dict[int, list[Violation]] = defaultdict(list)
    for fault in found:
        if match := _PLACE.match(fault.pointer):
            by_place[int(match.group(1))].append(fault)
    return Faults(tuple(found), {place: tuple(faults) for place, faults in by_place.items()})


NO_FAULTS = sorted_by_place([])


def column_of(fault: Violation) -> str:
    """The column a fault points at; empty where it is the whole row."""
    match = _PLACE.match(fault.pointer)
    return (match.group(2) or "") if match else ""
