"""What a script hears of boxes that were just saved: how each was read. What the rules say of them comes later."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from declarations import reading, services
from declarations.forms.controls import Controls
from declarations.models import Declaration
from lib.violations import Violation

UNREAD = "S006"
GOODS_NAMED = 20


def box_in_words(fault: Violation) -> str:
    """The box of a fault as a person calls it."""
    pointer = services.box_named(fault.pointer)
    return f"{pointer.box.label} ({pointer.box.box})" if pointer else fault.pointer


def answers(declaration: Declaration, names: Iterable[str], *, on: date) -> dict[str, Any]:
    """Text, meaning and what cannot be read, of boxes by their names; those whose row is gone are left out.

    The draft is read as far as these boxes go, and no rule is asked: a save is as quick on 999 items as on one.
    """
    held = declaration.held
    unread = [Violation(UNREAD, key, reading.unread(key, text)) for key, text in held.items()]
    controls = Controls({}, held=held, faults=unread, on=on)
    said = {}
    for name, pointer, row in services.written_in(declaration, names):
        code = str(row.get("commodity_code") or "")
        if pointer.field == "commodity_code" and code not in controls.goods and len(controls.goods) < GOODS_NAMED:
            controls.name_goods(code)
        control = controls.one(pointer.box, row, pointer=str(pointer), name=name)
        said[name] = {"text": control.text, "meaning": control.meaning, "faults": control.faults}
    return said
