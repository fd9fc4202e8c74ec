"""Tables of the declaration: the document, its parts, and what is written once about it."""

from declarations.models.chain import Anchor, AnchoredHead, Chain, HistoryCheck, HistoryFault
from declarations.models.declaration import Declaration, Item, Status
from declarations.models.impact import ImpactReport, ImpactResult
from declarations.models.paper import IssuedFile, IssuedPaper, PrintedPaper
from declarations.models.parts import Container, ItemDocument, PreviousDeclaration, SupplierInvoice
from declarations.models.record import Charge, Event, ItemValuation, NumberSeries, Snapshot, StoredFile
from declarations.models.stock import MEASURES, StockAccount, StockDischarge, StockMovement

__all__ = [
    "MEASURES",
    "Anchor",
    "AnchoredHead",
    "Chain",
    "Charge",
    "Container",
    "Declaration",
    "Event",
    "HistoryCheck",
    "HistoryFault",
    "ImpactReport",
    "ImpactResult",
    "IssuedFile",
    "IssuedPaper",
    "Item",
    "ItemDocument",
    "ItemValuation",
    "NumberSeries",
    "PreviousDeclaration",
    "PrintedPaper",
    "Snapshot",
    "Status",
    "StockAccount",
    "StockDischarge",
    "StockMovement",
    "StoredFile",
    "SupplierInvoice",
]
