"""Tables of the declaration: the document, its parts, and what is written once about it."""

from declarations.models.chain import Anchor, AnchoredHead, Chain, HistoryCheck, HistoryFault
from declarations.models.declaration import Declaration, Item, RemovedItem, Status
from declarations.models.goods import ColumnChoice, DraftBefore, GoodsFile
from declarations.models.impact import ImpactReport, ImpactResult
from declarations.models.levy import Levy
from declarations.models.paper import IssuedFile, IssuedPaper, PrintedPaper
from declarations.models.parts import Container, ItemDocument, PreviousDeclaration, SupplierInvoice
from declarations.models.penalty import FINE, Penalty
from declarations.models.record import Charge, Event, FileView, ItemValuation, NumberSeries, Snapshot, StoredFile
from declarations.models.repeating import Beginning, Learnt, Party, Template, UsedCode
from declarations.models.searched import Searched
from declarations.models.stock import MEASURES, StockAccount, StockDischarge, StockMovement
from declarations.models.stock_requests import (
    ExtendedTerm,
    ExtensionPaper,
    RefusedBalance,
    StockReminder,
    StockWriteOff,
    TermExtension,
)
from declarations.models.upload import Upload, UploadedFile

__all__ = [
    "FINE",
    "MEASURES",
    "Anchor",
    "AnchoredHead",
    "Beginning",
    "Chain",
    "Charge",
    "ColumnChoice",
    "Container",
    "Declaration",
    "DraftBefore",
    "Event",
    "ExtendedTerm",
    "ExtensionPaper",
    "FileView",
    "GoodsFile",
    "HistoryCheck",
    "HistoryFault",
    "ImpactReport",
    "ImpactResult",
    "IssuedFile",
    "IssuedPaper",
    "Item",
    "ItemDocument",
    "ItemValuation",
    "Learnt",
    "Levy",
    "NumberSeries",
    "Party",
    "Penalty",
    "PreviousDeclaration",
    "PrintedPaper",
    "RefusedBalance",
    "RemovedItem",
    "Searched",
    "Snapshot",
    "Status",
    "StockAccount",
    "StockDischarge",
    "StockMovement",
    "StockReminder",
    "StockWriteOff",
    "StoredFile",
    "SupplierInvoice",
    "Template",
    "TermExtension",
    "Upload",
    "UploadedFile",
    "UsedCode",
]
