"""What speaks against a change set, by the row and the column it concerns."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lib.pointers import field_of, place_in
from lib.violations import Violation


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
        return [fault for fault in self.found if place_in(fault.pointer, "rows") is None]

    def at(self, place: int) -> tuple[Violation, ...]:
        return self.by_place.get(place, ())


def sorted_by_place(found: Sequence[Violation]) -> Faults:
    """Faults as a page wants them."""
    by_place: dict[int, list[Violation]] = defaultdict(list)
    for fault in found:
        if (place := place_in(fault.pointer, "rows")) is not None:
            by_place[place].append(fault)
    return Faults(tuple(found), {place: tuple(faults) for place, faults in by_place.items()})


NO_FAULTS = sorted_by_place([])


def column_of(fault: Violation) -> str:
    """The column a fault points at; empty where it is the whole row."""
    return field_of(fault.pointer) if place_in(fault.pointer, "rows") is not None else ""
