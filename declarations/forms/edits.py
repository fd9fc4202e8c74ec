"""Steps of the grid as a page sends them: JSON, judged for its shape before anything is done."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from declarations.services import Step, box_named
from lib.row_keys import KEY
from lib.violations import Rejected, refuse

SHAPE, TOO_MUCH = "F030", "F031"
MOST_STEPS = 1_000
MOST_BOXES = 50_000
MOST_KEYS = 999
VERBS = ("set", "add", "copy", "remove", "restore")


def read_steps(body: bytes) -> tuple[list[Step], str]:
    """The steps, and the state of the draft that the page knows. Raises Rejected for anything else."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        raise _no_step("") from None
    raw = said.get("steps") if isinstance(said, Mapping) else None
    if not isinstance(raw, list):
        raise _no_step("steps")
    if len(raw) > MOST_STEPS:
        raise _too_much()
    steps = [_step(one, f"steps[{place}]") for place, one in enumerate(raw)]
    if sum(len(step.boxes) + len(step.was) for step in steps) > 2 * MOST_BOXES:
        raise _too_much()
    return steps, str(said.get("state") or "")


def _step(raw: Any, pointer: str) -> Step:
    if not isinstance(raw, Mapping) or raw.get("do") not in VERBS:
        raise _no_step(pointer)
    step = Step(
        do=raw["do"],
        keys=_keys(raw.get("keys", []), pointer),
        of=str(raw.get("of") or ""),
        boxes=_boxes(raw.get("boxes", {}), pointer),
        was={name: _texts(texts, pointer) for name, texts in _object(raw.get("was", {}), pointer).items()},
    )
    is_whole = {
        "set": bool(step.boxes),
        "copy": len(step.keys) == 1 and KEY.fullmatch(step.of) is not None,
    }.get(step.do, bool(step.keys))
    if not is_whole:
        raise _no_step(pointer)
    return step


def _keys(raw: Any, pointer: str) -> tuple[str, ...]:
    if not isinstance(raw, list) or not all(isinstance(key, str) and KEY.fullmatch(key) for key in raw):
        raise _no_step(pointer)
    if len(raw) > MOST_KEYS:
        raise _too_much()
    return tuple(raw)


def _boxes(raw: Any, pointer: str) -> dict[str, str]:
    boxes = _object(raw, pointer)
    if not all(isinstance(text, str) and box_named(name) is not None for name, text in boxes.items()):
        raise _no_step(pointer)
    return dict(boxes)


def _texts(raw: Any, pointer: str) -> Sequence[str]:
    texts = raw if isinstance(raw, list) else [raw]
    if not all(isinstance(text, str) for text in texts):
        raise _no_step(pointer)
    return texts


def _object(raw: Any, pointer: str) -> Mapping[str, Any]:
    if not isinstance(raw, Mapping):
        raise _no_step(pointer)
    return raw


def _no_step(pointer: str) -> Rejected:
    return refuse(SHAPE, pointer, _("This is no step of the table of items. Reload the page."))


def _too_much() -> Rejected:
    return refuse(TOO_MUCH, "steps", _("This is too much at a time. Do it in several parts."))
