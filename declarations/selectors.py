"""Reads about declarations: the access gate, the whole document with its parts, its canonical JSON and its history."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Model, OuterRef, Q, QuerySet, Subquery, prefetch_related_objects
from django.db.models.functions import Coalesce

from accounts.models import User
from accounts.selectors import ALL_OFFICES_SEE, OFFICE_ROLES
from declarations.boxes import CONTAINER, DOCUMENT, HEADER, ITEM, PREVIOUS, SUPPLIER, Box
from declarations.models import (
    Charge,
    Container,
    Declaration,
    Event,
    Item,
    ItemDocument,
    PreviousDeclaration,
    Status,
    StoredFile,
    SupplierInvoice,
)
from declarations.models.declaration import DeclarationQuerySet
from traders.models import Company, Right
from traders.selectors import companies_of

Row = dict[str, Any]
PREPARE = (Right.OWNER, Right.PREPARER)


# The access gate ----------------------------------------------------------------------------------------------
def visible_to(user: User, *, on: date) -> DeclarationQuerySet:
    """Declarations that `user` may see on the day; for anybody else they do not exist.

    Members of the declarant see theirs, drafts too; members of the trader see those lodged for it; officers see
    lodged ones of their offices, auditors and analysts all lodged ones.
    """
    companies = list(companies_of(user, on=on).values_list("pk", flat=True))
    lodged = ~Q(status=Status.DRAFT)
    may = Q(declarant_id__in=companies) | (Q(trader_id__in=companies) & lodged) if companies else Q(pk__in=[])
    return Declaration.objects.filter(may | (_officers_view(user, on=on) & lodged))


def _officers_view(user: User, *, on: date) -> Q:
    held = list(user.officer_roles.on(on).values_list("role", "office__code"))
    national = {role for role, office in held if office is None}
    if national & {*OFFICE_ROLES, *ALL_OFFICES_SEE}:
        return ~Q(pk__in=[])
    offices = {office for role, office in held if role in (*OFFICE_ROLES, *ALL_OFFICES_SEE)}
    return Q(office_code__in=sorted(offices)) if offices else Q(pk__in=[])


def declaration_for(user: User, key: str | uuid.UUID, *, on: date) -> Declaration:
    """The declaration with this public id or MRN (its newest version), if `user` may see it.

    Raises Declaration.DoesNotExist otherwise.
    """
    visible = visible_to(user, on=on).select_related("declarant", "trader")
    public_id = _as_uuid(key)
    if public_id is not None:
        return visible.get(public_id=public_id)
    newest = visible.filter(mrn=str(key).strip().upper()).exclude(mrn="").order_by("-version").first()
    if newest is None:
        raise Declaration.DoesNotExist(f"No declaration {key}")
    return newest


def draft_for(user: User, key: str | uuid.UUID, *, on: date) -> Declaration:
    """A declaration of a company for which `user` may prepare: owner or preparer. Raises DoesNotExist otherwise."""
    public_id = _as_uuid(key)
    if public_id is None:
        raise Declaration.DoesNotExist(f"No declaration {key}")
    companies = companies_of(user, *PREPARE, on=on)
    return Declaration.objects.select_related("declarant", "trader").get(public_id=public_id, declarant__in=companies)


def rows_visible_to(user: User, *, on: date) -> QuerySet[Declaration]:
    """Lines of a list: what `user` may see, with the parties and the number of items, in one query."""
    count = Item.objects.filter(declaration=OuterRef("pk")).order_by().values("declaration")
    counted = Coalesce(Subquery(count.annotate(n=Count("pk")).values("n")), 0)
    return visible_to(user, on=on).select_related("declarant", "trader").annotate(item_count=counted)


def declarants_of(user: User, *, on: date) -> list[Company]:
    """Companies for which `user` may prepare declarations on the day."""
    return list(companies_of(user, *PREPARE, on=on))


def may_prepare(user: User, declaration: Declaration, *, on: date) -> bool:
    """Whether `user` may lodge, amend or cancel for the company that files."""
    return companies_of(user, *PREPARE, on=on).filter(pk=declaration.declarant_id).exists()


def file_for(user: User, public_id: str | uuid.UUID, *, on: date) -> StoredFile:
    """A stored file of a declaration that `user` may see. Raises StoredFile.DoesNotExist otherwise."""
    known = _as_uuid(public_id)
    if known is None:
        raise StoredFile.DoesNotExist(f"No file {public_id}")
    visible = visible_to(user, on=on)
    return StoredFile.objects.select_related("declaration").get(public_id=known, declaration__in=visible)


def _as_uuid(key: str | uuid.UUID) -> uuid.UUID | None:
    if isinstance(key, uuid.UUID):
        return key
    try:
        return uuid.UUID(key)
    except ValueError:
        return None


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
def plain(value: Decimal, *, places: int = 0) -> str:
    """A number without exponent or trailing zeros, with `places` decimals at the least."""
    text = f"{value:f}"
    whole, _, fraction = text.partition(".")
    fraction = fraction.rstrip("0").ljust(places, "0")
    return f"{whole}.{fraction}" if fraction else whole


def _as_json(box: Box, value: Any) -> Any:
    if box.kind == "amount":
        return plain(value, places=2)
    if box.kind == "quantity":
        return plain(value)
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
    """The declared content alone, as the machine door takes it."""
    declared = row_as_json(HEADER, content.declaration)
    declared["items"] = [
        {**row_as_json(ITEM, item), "documents": [_document_as_json(document) for document in documents]}
        for item, documents in zip(content.items, content.documents, strict=True)
    ]
    declared["containers"] = [row_as_json(CONTAINER, row) for row in content.containers]
    declared["previous"] = [row_as_json(PREVIOUS, row) for row in content.previous]
    declared["suppliers"] = [row_as_json(SUPPLIER, row) for row in content.suppliers]
    return declared


def _document_as_json(document: ItemDocument) -> Row:
    declared = row_as_json(DOCUMENT, document)
    if document.file_id is not None and document.file is not None:
        declared["file"] = str(document.file.public_id)
    return declared


def standing(declaration: Declaration) -> Row:
    """What the portal knows about the declaration beside its content."""
    amounts = {
        name: None if value is None else plain(value, places=2)
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
        "held": declaration.held,
        "kept": declaration.kept,
    }


def as_dict(declaration: Declaration) -> Row:
    """Canonical JSON of the declaration with its standing: status, MRN, totals."""
    return {**standing(declaration), **canonical(content_of(declaration))}


# What was written about it ------------------------------------------------------------------------------------
def events_of(declaration: Declaration) -> QuerySet[Event]:
    """The history of all versions of the declaration, oldest first."""
    same = Q(declaration=declaration)
    if declaration.mrn:
        same |= Q(declaration__mrn=declaration.mrn, declaration__version__lte=declaration.version)
    return Event.objects.filter(same).select_related("by", "declaration").order_by("at", "pk")


def charges_of(declaration: Declaration) -> QuerySet[Charge]:
    """The lines of box 47, by item and order of computation; those on the declaration as a whole last."""
    return declaration.charges.select_related("item").order_by("item__number", "sequence", "pk")


def files_of(declaration: Declaration) -> QuerySet[StoredFile]:
    """Files of the declaration, oldest first."""
    return declaration.files.select_related("by")


def versions_of(declaration: Declaration) -> QuerySet[Declaration]:
    """All versions under the declaration's MRN, oldest first; a draft stands alone."""
    if not declaration.mrn:
        return Declaration.objects.filter(pk=declaration.pk)
    return Declaration.objects.filter(mrn=declaration.mrn).order_by("version")


def lodged_under(*, declarant_id: int, lrn: str) -> Declaration | None:
    """What the declarant lodged under this reference (its newest version), or None."""
    return (
        Declaration.objects.filter(declarant_id=declarant_id, lrn=lrn)
        .exclude(lrn="")
        .exclude(status=Status.DRAFT)
        .order_by("-version")
        .first()
    )
