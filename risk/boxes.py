"""The fields a criterion may ask for: the box table's risk fields by level, and a few that are reckoned."""

from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from declarations.boxes import LEVELS

Kind = Literal["text", "number", "flag"]


@dataclass(frozen=True, slots=True)
class Field:
    """`key` is level and field; `codes` the code list its values come from, if any; `spelling` as of its box."""

    key: str
    label: str | Promise
    kind: Kind
    box: str = ""
    codes: str = ""
    spelling: str = ""


def _kind(kind: str) -> Kind:
    if kind in ("amount", "quantity", "integer"):
        return "number"
    return "flag" if kind == "flag" else "text"


RECKONED = (
    Field("header.customs_value", _("Customs value of the declaration"), "number"),
    Field("header.item_count", _("Number of items"), "number"),
    Field("header.earlier_declarations", _("Earlier released declarations of the trader"), "number"),
    Field("item.customs_value", _("Customs value of the item"), "number"),
    Field("item.unit_value", _("Customs value per kilogram net"), "number"),
)
_FROM_BOXES = tuple(
    Field(f"{level}.{box.field}", box.label, _kind(box.kind), box.box, box.codes, box.spelling)
    for level, boxes in LEVELS.items()
    for box in boxes
    if box.risk
)
FIELDS: dict[str, Field] = {field.key: field for field in (*_FROM_BOXES, *RECKONED)}
