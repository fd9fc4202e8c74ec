"""Pointers: where in a document something lies, such as `items[2].documents[1].reference`. Places count from zero."""

import re
from collections.abc import Iterable, Sequence

_STEP = re.compile(r"(?P<name>\w+)(?:\[(?P<place>\d{1,9})\])?", re.ASCII)
Step = str | int


def pointer_to(*steps: Step) -> str:
    """`pointer_to("items", 2, "documents", 1, "reference")` is "items[2].documents[1].reference"."""
    written = ""
    for step in steps:
        if isinstance(step, int):
            written += f"[{step}]"
        else:
            written += f".{step}" if written else step
    return written


def steps_of(pointer: str) -> tuple[Step, ...]:
    """The names and places of a pointer, in their order; nothing for an empty one or a text that is none."""
    steps: list[Step] = []
    for part in pointer.split("."):
        found = _STEP.fullmatch(part)
        if found is None:
            return ()
        steps.append(found["name"])
        if found["place"] is not None:
            steps.append(int(found["place"]))
    return tuple(steps)


def whole_number(text: str) -> int | None:
    """A place or a number as a button or an address says it: up to six digits 0 to 9; None for anything else."""
    return int(text) if re.fullmatch(r"[0-9]{1,6}", text) else None


def place_in(pointer: str, part: str) -> int | None:
    """The place of the row of the list `part` in which something lies; None where it lies elsewhere."""
    match steps_of(pointer):
        case (name, int(place), *_) if name == part:
            return place
    return None


def part_of(pointer: str) -> str:
    """The name at the beginning: `items` of "items[2].net_mass", nothing where the text is no pointer."""
    steps = steps_of(pointer)
    return str(steps[0]) if steps else ""


def field_of(pointer: str) -> str:
    """The name at the end: `reference` of "items[2].documents[1].reference", nothing where a row is meant."""
    steps = steps_of(pointer)
    return steps[-1] if steps and isinstance(steps[-1], str) else ""


def as_id(pointer: str) -> str:
    """The pointer as an id of HTML: "items-2-documents-1-reference"."""
    return "-".join(str(step) for step in steps_of(pointer))


def without_row(pointers: Iterable[str], *, part: str, removed: int) -> dict[str, str]:
    """Old pointer -> new pointer after row `removed` of the list `part` is gone; those into the row itself are gone.

    `part` is a list's pointer, such as `items` or `items[2].documents`.
    """
    start = steps_of(part)
    moved: dict[str, str] = {}
    for pointer in pointers:
        steps = steps_of(pointer)
        place = steps[len(start)] if steps[: len(start)] == start and len(steps) > len(start) else None
        if not isinstance(place, int) or place < removed:
            moved[pointer] = pointer
        elif place > removed:
            moved[pointer] = pointer_to(*start, place - 1, *steps[len(start) + 1 :])
    return moved


def in_order(pointers: Iterable[str], *, part: str, before: Sequence[str], after: Sequence[str]) -> dict[str, str]:
    """Old pointer -> new pointer after the rows of the list `part` stand otherwise; without rows that are gone.

    `before` and `after` are the keys of the rows, in their order.
    """
    places = {key: place for place, key in enumerate(after)}
    moved: dict[str, str] = {}
    for pointer in pointers:
        match steps_of(pointer):
            case (name, int(place), *rest) if name == part:
                now = places.get(before[place]) if place < len(before) else None
                if now is not None:
                    moved[pointer] = pointer_to(part, now, *rest)
            case _:
                moved[pointer] = pointer
    return moved
