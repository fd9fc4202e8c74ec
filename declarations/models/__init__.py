"""Tables of the declaration: the document, its parts, and what is written once about it."""

from declarations.models.declaration import Declaration, Item, Status
from declarations.models.impact import ImpactReport, ImpactResult
from declarations.models.paper import LargePaper
from declarations.models.parts import Container, ItemDocument, PreviousDeclaration, SupplierInvoice
from declarations.models.penalty import FINE, Penalty
from declarations.models.record import Charge, Event, ItemValuation, NumberSeries, Snapshot, StoredFile

__all__ = [
    "FINE",
    "Charge",
    "Container",
    "Declaration",
    "Event",
    "ImpactReport",
    "ImpactResult",
    "Item",
    "ItemDocument",
    "ItemValuation",
    "LargePaper",
    "NumberSeries",
    "Penalty",
    "PreviousDeclaration",
    "Snapshot",
    "Status",
    "StoredFile",
    "SupplierInvoice",
]
