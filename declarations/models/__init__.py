"""Tables of the declaration: the document, its parts, and what is written once about it."""

from declarations.models.chain import Anchor, AnchoredHead, Chain, HistoryCheck, HistoryFault
from declarations.models.declaration import Declaration, Item, Status
from declarations.models.impact import ImpactReport, ImpactResult
from declarations.models.levy import Levy
from declarations.models.paper import IssuedFile, IssuedPaper, PrintedPaper
from declarations.models.parts import Container, ItemDocument, PreviousDeclaration, SupplierInvoice
from declarations.models.penalty import FINE, Penalty
from declarations.models.record import Charge, Event, FileView, ItemValuation, NumberSeries, Snapshot, StoredFile
from declarations.models.stock import MEASURES, StockAccount, StockDischarge, StockMovement
from declarations.models.stock_requests import (
    ExtendedTerm,
    ExtensionPaper,
    RefusedBalance,
    StockReminder,
    StockWriteOff,
    TermExtension,
)

__all__ = [
    "FINE",
    "MEASURES",
    "Anchor",
    "AnchoredHead",
    "Chain",
    "Charge",
    "Container",
    "Declaration",
    "Event",
    "ExtendedTerm",
    "ExtensionPaper",
    "FileView",
    "HistoryCheck",
    "HistoryFault",
    "ImpactReport",
    "ImpactResult",
    "IssuedFile",
    "IssuedPaper",
    "Item",
    "ItemDocument",
    "ItemValuation",
    "Levy",
    "NumberSeries",
    "Penalty",
    "PreviousDeclaration",
    "PrintedPaper",
    "RefusedBalance",
    "Snapshot",
    "Status",
    "StockAccount",
    "StockDischarge",
    "StockMovement",
    "StockReminder",
    "StockWriteOff",
    "StoredFile",
    "SupplierInvoice",
    "TermExtension",
]
