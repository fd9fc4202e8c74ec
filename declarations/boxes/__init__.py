"""The box table: every data element of the declaration, named once.

Forms, the serializer, XML in and out, the printed SAD, error pointers and the risk criteria read this table.
"""

from declarations.boxes.box import Box
from declarations.boxes.header import HEADER
from declarations.boxes.item import ITEM
from declarations.boxes.parts import CONTAINER, DOCUMENT, PREVIOUS, SUPPLIER

LEVELS: dict[str, tuple[Box, ...]] = {
    "header": HEADER,
    "item": ITEM,
    "document": DOCUMENT,
    "container": CONTAINER,
    "previous": PREVIOUS,
    "supplier": SUPPLIER,
}
BY_FIELD: dict[str, dict[str, Box]] = {level: {box.field: box for box in rows} for level, rows in LEVELS.items()}

__all__ = ["BY_FIELD", "CONTAINER", "DOCUMENT", "HEADER", "ITEM", "LEVELS", "PREVIOUS", "SUPPLIER", "Box"]
