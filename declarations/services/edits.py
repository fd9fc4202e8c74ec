"""What was done in the grid of items, step after step, as a page sends it: again and again until it is answered.

Every step may come twice and is done once. A step that does not fit what is there by now is told and left out; those
after it are done.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from accounts.models import User
from declarations.models import Declaration
from declarations.services.fields import Bases, meanwhile, save_fields, save_what_fits
from declarations.services.items import add_items, copy_item, remove_items, restore_items
from lib.violations import Rejected, Violation


@dataclass(frozen=True, slots=True)
class Step:
    """One thing done to items, which are named by keys.

    `do` is set (`boxes`: texts by the names of boxes), add (`keys`; `boxes` is what they begin with), copy (`of` under
    the one key), remove (`keys`) or restore (`keys`). `was` are the texts that the page shows, by the names of boxes.
    """

    do: str
    keys: tuple[str, ...] = ()
    of: str = ""
    boxes: Mapping[str, str] = field(default_factory=dict)
    was: Bases = field(default_factory=dict)


@dataclass(slots=True)
class Taken:
    """What became of steps: `conflicts` of single boxes, `refused` of whole steps, and the keys of `rows` now new."""

    conflicts: list[Violation] = field(default_factory=list)
    refused: list[Violation] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)


@transaction.atomic(savepoint=False)
def take_steps(declaration: Declaration, steps: Sequence[Step], *, by: User, at: datetime) -> Taken:
    """Do the steps in their order. Raises Rejected if it is no draft."""
    taken = Taken()
    for step in steps:
        try:
            with transaction.atomic():
                DONE[step.do](declaration, step, taken, by, at)
        except Rejected as rejected:
            taken.refused += rejected.violations
    return taken


def _set(draft: Declaration, step: Step, taken: Taken, by: User, at: datetime) -> None:
    taken.conflicts += save_what_fits(draft, fields=step.boxes, bases=step.was, by=by, at=at)


def _add(draft: Declaration, step: Step, taken: Taken, by: User, at: datetime) -> None:
    """A row that is there already keeps what it says: it was added when the step came before."""
    added = tuple(f"items[{item.key}]." for item in add_items(draft, keys=step.keys, by=by, at=at))
    begins = {name: text for name, text in step.boxes.items() if name.startswith(added)}
    if begins:
        save_fields(draft, fields=begins, by=by, at=at)
    taken.rows += step.keys


def _copy(draft: Declaration, step: Step, taken: Taken, by: User, at: datetime) -> None:
    copy_item(draft, item=step.of, key=step.keys[0], by=by, at=at)
    taken.rows += step.keys


def _remove(draft: Declaration, step: Step, taken: Taken, by: User, at: datetime) -> None:
    meanwhile(draft, step.was)
    remove_items(draft, keys=step.keys, by=by, at=at)


def _restore(draft: Declaration, step: Step, taken: Taken, by: User, at: datetime) -> None:
    restore_items(draft, keys=step.keys, by=by, at=at)
    taken.rows += step.keys


DONE: Mapping[str, Callable[[Declaration, Step, Taken, User, datetime], None]] = {
    "set": _set, "add": _add, "copy": _copy, "remove": _remove, "restore": _restore,
}  # fmt: skip
