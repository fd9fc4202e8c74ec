"""The whole declaration with its parts, and its canonical JSON."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet, prefetch_related_objects

from declarations.boxes import CONTAINER, DOCUMENT, HEADER, ITEM, PREVIOUS, SUPPLIER, Box
from declarations.models import (
    Container,
    Declaration,
    Item,
    ItemDocument,
    PreviousDeclaration,
    Snapshot,
    Status,
    SupplierInvoice,
)
from lib.figures import plain
from lib.numbers import with_one_reading

Row = dict[str, Any]


# The document with its parts ----------------------------------------------------------------------------------
@dataclass(slots=True)
class Content:
    """A declaration with everything that hangs on it; `documents[n]` are the papers of `items[n]`."""

    declaration: Declaration
    items: list[Item]
    documents: list[list[ItemDocument]]
    containers: list[Container]
    previous: list[PreviousDeclaration]
    suppliers: list[SupplierInvoice]


PARTS: Mapping[str, tuple[type[Model], tuple[Box, ...]]] = {
    "containers": (Container, CONTAINER),
    "previous": (PreviousDeclaration, PREVIOUS),
    "suppliers": (SupplierInvoice, SUPPLIER),
}


def with_parts(declarations: QuerySet[Declaration]) -> QuerySet[Declaration]:
    """Fetch all parts with a constant number of queries, for `content_of` and `as_dict`."""
    return declarations.prefetch_related(*_PREFETCHED)


_PREFETCHED = ("items__documents__file", "containers", "previousdeclarations", "supplierinvoices")


def content_of(declaration: Declaration) -> Content:
    """The declaration with its parts: six queries at the most, none if they were prefetched."""
    prefetch_related_objects([declaration], *_PREFETCHED)
    items = list(declaration.items.all())
    return Content(
        declaration=declaration,
        items=items,
        documents=[list(item.documents.all()) for item in items],
        containers=list(declaration.containers.all()),
        previous=list(declaration.previousdeclarations.all()),
        suppliers=list(declaration.supplierinvoices.all()),
    )


# Canonical JSON -----------------------------------------------------------------------------------------------
def _as_json(box: Box, value: Any) -> Any:
    if box.kind == "amount":
        return with_one_reading(plain(value, least=2))
    if box.kind == "quantity":
        return with_one_reading(plain(value))
    if box.kind == "date":
        return value.isoformat()
    if box.kind == "integer":
        return int(value)
    return value


def is_filled(value: object) -> bool:
    """Whether a column holds something; a figure of zero does."""
    return value is not None and value is not False and value != ""


def row_as_json(boxes: Sequence[Box], row: Model) -> Row:
    """The filled columns of one row as canonical JSON values; empty ones are absent."""
    values = row.__dict__
    return {box.field: _as_json(box, value) for box in boxes if is_filled(value := values[box.field])}


def canonical(content: Content) -> Row:
    """The declared content alone, as the machine door takes it: what two drafts with the same content share."""
    declared = row_as_json(HEADER, content.declaration)
    declared["items"] = [
        {**row_as_json(ITEM, item), "documents": [document_as_json(document) for document in documents]}
        for item, documents in zip(content.items, content.documents, strict=True)
    ]
    declared["containers"] = [row_as_json(CONTAINER, row) for row in content.containers]
    declared["previous"] = [row_as_json(PREVIOUS, row) for row in content.previous]
    declared["suppliers"] = [row_as_json(SUPPLIER, row) for row in content.suppliers]
    return declared


def header_of(declaration: Declaration) -> Row:
    """The header alone as canonical JSON."""
    return row_as_json(HEADER, declaration)


def items_in(
    declaration: Declaration, boxes: Sequence[Box], *, keys: Sequence[str] | None = None
) -> list[tuple[int, str, Row]]:
    """Number, key and these boxes of the items, or of those with `keys`: one query that reads nothing else."""
    rows = Item.objects.filter(declaration=declaration).order_by("number")
    if keys is not None:
        rows = rows.filter(key__in=keys)
    fields = [box.field for box in boxes]
    return [
        (number, key, {box.field: _as_json(box, value) for box, value in zip(boxes, values, strict=True)
                       if is_filled(value)})
        for number, key, *values in rows.values_list("number", "key", *fields)
    ]  # fmt: skip


def with_keys(content: Content) -> Row:
    """The declared content, each row with its key: saved again, every row keeps its own."""
    declared = canonical(content)
    rows: list[tuple[Sequence[Any], Sequence[Row]]] = [
        (content.items, declared["items"]),
        (content.containers, declared["containers"]),
        (content.previous, declared["previous"]),
        (content.suppliers, declared["suppliers"]),
    ]
    rows += [(papers, item["documents"]) for papers, item in zip(content.documents, declared["items"], strict=True)]
    for models, written in rows:
        for model, row in zip(models, written, strict=True):
            row["key"] = model.key
    return declared


def document_as_json(document: ItemDocument) -> Row:
    """A paper as canonical JSON, with the name of its file."""
    declared = row_as_json(DOCUMENT, document)
    if document.file_id is not None and document.file is not None:
        declared["file"] = str(document.file.public_id)
        if document.more_files:
            declared["files"] = [declared["file"], *map(str, document.more_files)]
    return declared


def standing(declaration: Declaration) -> Row:
    """What the portal knows about the declaration beside its content."""
    amounts = {
        name: None if value is None else plain(value, least=2)
        for name in ("customs_value", "payable", "guaranteed")
        for value in [getattr(declaration, name)]
    }
    return {
        "id": str(declaration.public_id),
        "status": str(declaration.status),
        "version": declaration.version,
        "mrn": declaration.mrn,
        "customs_number": declaration.customs_number,
        "tax_date": declaration.tax_date.isoformat() if declaration.tax_date else None,
        "lodged_at": declaration.lodged_at.isoformat() if declaration.lodged_at else None,
        **amounts,
        "source": str(declaration.source),
        "amends": declaration.amends.mrn if declaration.amends else "",
        "held": declaration.held,
        "kept": declaration.kept,
    }


def lodged_content(declaration: Declaration) -> Row:
    """What was lodged, word for word; of a draft what it says now. One query for what was lodged."""
    kept = Snapshot.objects.filter(declaration=declaration).values_list("content", flat=True)
    if declaration.status == Status.DRAFT:
        return canonical(content_of(declaration))
    content: Row = json.loads(kept.get())
    return content


def as_dict(declaration: Declaration, *, content: Content | None = None) -> Row:
    """Canonical JSON of the declaration with its standing (status, MRN, totals), each row with its key.

    `content` is what the declaration says, if it is in hand.
    """
    return {**standing(declaration), **with_keys(content or content_of(declaration))}
