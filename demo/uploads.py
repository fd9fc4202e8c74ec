"""Files that a broker of the demonstration uploaded together: two became drafts that lack papers, one is no SAD."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from declarations.boxes import HEADER, ITEM, Box
from declarations.models import Declaration, Item, Upload, UploadedFile
from declarations.services import uploads
from demo.accounts import SHARQ
from demo.people import company_of, user_of


def exist() -> bool:
    return Upload.objects.exists()


def upload(*, on: date, at: datetime) -> None:
    """What the broker's own system would write of what it lodged last, and what it wrote by mistake."""
    sharq = company_of(SHARQ)
    earlier = Declaration.objects.filter(declarant=sharq).exclude(mrn="").order_by("-pk")[:2]
    files = [(f"export-{number}.xml", _written(each, number=number)) for number, each in enumerate(earlier, start=1)]
    files.append(("price-list.xml", b"<prices><item>1</item></prices>"))
    made = uploads.take_in(declarant=sharq, files=files, by=user_of(SHARQ), at=at)
    for row in UploadedFile.objects.filter(upload=made):
        uploads.make_draft(row.pk, on=on, at=at)


def _written(declaration: Declaration, *, number: int) -> bytes:
    """The boxes of a declaration as elements, under a reference of the file's own and without its papers."""
    root = Element("ASYCUDA")
    declaration.lrn = f"XML-{number:04}"
    _put_boxes(root, declaration, HEADER)
    for item in Item.objects.filter(declaration=declaration):
        _put_boxes(SubElement(root, "Item"), item, ITEM)
    return bytes(tostring(root, encoding="utf-8"))


def _put_boxes(element: Element, row: Any, boxes: Iterable[Box]) -> None:
    for box in boxes:
        value = getattr(row, box.field)
        if "[" in box.xml or not isinstance(value, str | Decimal) or value == "":
            continue
        node = element
        for step in box.xml.split("/"):
            found = node.find(step)
            node = SubElement(node, step) if found is None else found
        node.text = str(value)
