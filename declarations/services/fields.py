"""Single fields of a draft, saved as they are left: good values into their columns, the rest held as typed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from accounts.models import User
from declarations import reading
from declarations.models import Declaration, Item, ItemDocument
from declarations.reading import Pointer
from declarations.selectors import PARTS
from declarations.services.history import lock_draft
from lib.violations import Rejected, Violation


@transaction.atomic
def save_fields(declaration: Declaration, *, fields: Mapping[str, str], by: User, at: datetime) -> list[Violation]:
    """Save texts as typed, by pointer. What cannot be read is held and handed back as violations.

    Raises Rejected for a pointer that names no box or a row that is not there, and if it is no draft.
    """
    locked = lock_draft(declaration.pk)
    texts = {_known(key): text for key, text in fields.items()}
    held, faults = dict(locked.held), []
    columns: dict[str, dict[str, Any]] = {}
    places: dict[str, Pointer] = {}
    for pointer, text in texts.items():
        held.pop(str(pointer), None)
        try:
            value = reading.value(pointer.box, text)
        except reading.Unreadable as fault:
            held[str(pointer)] = reading.clean(text)[: reading.LONGEST_HELD]
            value = reading.empty(pointer.box)
            faults.append(Violation("S006", str(pointer), str(fault.reason)))
        columns.setdefault(pointer.row, {})[pointer.field] = value
        places[pointer.row] = pointer
    for row, values in columns.items():
        if row:
            _update_row(locked, places[row], values)
    header = {**columns.get("", {}), "held": held, "updated_by": by, "updated_at": at}
    Declaration.objects.filter(pk=locked.pk).update(**header)
    return faults


def _known(key: str) -> Pointer:
    pointer = reading.pointer(key)
    if pointer is None:
        raise Rejected([Violation("S001", key[:200], _("The declaration has no field of this name."))])
    return pointer


def _update_row(declaration: Declaration, pointer: Pointer, values: Mapping[str, Any]) -> None:
    """Write the columns of one item, document or part. Raises Rejected if the row is not there."""
    place = pointer.place + 1
    if pointer.part != "items":
        model: type[Model] = PARTS[pointer.part][0]
        rows = model._default_manager.filter(declaration=declaration, position=place)
    elif pointer.document is None:
        rows = Item.objects.filter(declaration=declaration, number=place)
    else:
        rows = ItemDocument.objects.filter(
            item__declaration=declaration, item__number=place, position=pointer.document + 1
        )
    if not rows.update(**values):
        raise Rejected([Violation("S005", str(pointer), _("This row is no longer there. Reload the page."))])
