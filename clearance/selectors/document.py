"""A lodged declaration laid out for reading: filled boxes by section, items with papers, value and charges."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Model, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from declarations.boxes import HEADER, ITEM, Box
from declarations.models import Charge, Declaration, Item, ItemDocument, ItemValuation, StoredFile
from declarations.selectors import PARTS, charges_of, content_of, files_of, scans_of, valuations_of
from tariffs.selectors import code_lists

NAMED = ("country", "office", "procedure", "delivery_term", "transport_mode", "document_type", "package_kind", "tax")
SECTIONS: dict[str, str | Promise] = {
    "procedure": _("Procedure"),
    "parties": _("Parties"),
    "transport": _("Transport"),
    "value": _("Value"),
    "goods": _("Goods"),
    "documents": _("Documents"),
    "payment": _("Payment"),
    "transit": _("Transit"),
}


@dataclass(frozen=True)
class Fact:
    """A filled box: its number, label, value as written, and what its code means."""

    box: str
    label: str | Promise
    value: Any
    kind: str
    meaning: str = ""


@dataclass(frozen=True)
class Paper:
    """A document of box 44 with the scans that prove it."""

    code: str
    meaning: str
    reference: str
    date: date | None
    scans: Sequence[StoredFile]

    @property
    def title(self) -> str:
        """Kind and number: the name of its scans in the viewer."""
        return " ".join(filter(None, (self.code, self.meaning, self.reference)))


@dataclass(frozen=True)
class ItemView:
    """An item with all that belongs to it."""

    item: Item
    origin: str
    facts: Sequence[Fact]
    papers: Sequence[Paper]
    valuation: ItemValuation | None
    charges: Sequence[Charge]


@dataclass(frozen=True)
class TaxTotal:
    """The sum of a tax over the declaration."""

    code: str
    name: str
    amount: Decimal
    payable: bool


@dataclass(frozen=True)
class Document:
    """The whole declaration, laid out."""

    sections: Sequence[tuple[str | Promise, Sequence[Fact]]]
    items: Sequence[ItemView]
    charges: Sequence[Charge]
    totals: Sequence[TaxTotal]
    taxes: Mapping[str, str]
    files: Sequence[StoredFile]
    scans: Sequence[StoredFile]
    parts: Mapping[str, Sequence[Sequence[Fact]]]


def document_of(declaration: Declaration, *, on: date) -> Document:
    """The declaration laid out, with a constant number of queries; codes are explained as on the day `on`."""
    content = content_of(declaration)
    lists = code_lists(on=on)
    names = {name: lists.names(name) for name in NAMED}
    charges: dict[int | None, list[Charge]] = defaultdict(list)
    for charge in charges_of(declaration):
        charges[charge.item_id].append(charge)
    valuations, scans = valuations_of(declaration), scans_of(declaration)
    by_id = {scan.public_id: scan for scan in scans}
    return Document(
        sections=_sections(declaration, names),
        items=[
            ItemView(
                item=item,
                origin=names["country"].get(item.origin_country, ""),
                facts=_facts(ITEM, item, names),
                papers=[_paper(row, names["document_type"], by_id) for row in documents],
                valuation=valuations.get(item.pk),
                charges=charges.get(item.pk, []),
            )
            for item, documents in zip(content.items, content.documents, strict=True)
        ],
        charges=charges.get(None, []),
        totals=totals_of(declaration, names["tax"]),
        taxes=names["tax"],
        files=list(files_of(declaration)),
        scans=scans,
        parts={
            name: [_facts(boxes, row, names) for row in getattr(content, name)]
            for name, (_model, boxes) in PARTS.items()
        },
    )


def totals_of(declaration: Declaration, names: Mapping[str, str]) -> list[TaxTotal]:
    """The charges summed tax by tax, named in the reader's language where the tax is still in force."""
    rows = declaration.charges.order_by("tax_code").values("tax_code", "tax_name", "payable")
    return [
        TaxTotal(row["tax_code"], names.get(row["tax_code"], row["tax_name"]), row["total"], row["payable"])
        for row in rows.annotate(total=Sum("amount"))
    ]


def _sections(
    declaration: Declaration, names: Mapping[str, Mapping[str, str]]
) -> list[tuple[str | Promise, Sequence[Fact]]]:
    found = [
        (title, _facts([box for box in HEADER if box.section == section], declaration, names))
        for section, title in SECTIONS.items()
    ]
    return [(title, facts) for title, facts in found if facts]


def _facts(boxes: Sequence[Box], row: Model, names: Mapping[str, Mapping[str, str]]) -> list[Fact]:
    return [
        Fact(box.box, box.label, value, box.kind, str(names.get(box.codes, {}).get(str(value), "")))
        for box in boxes
        if (value := getattr(row, box.field)) not in ("", None, False)
    ]


def _paper(row: ItemDocument, types: Mapping[str, str], scans: Mapping[UUID, StoredFile]) -> Paper:
    further = [scans[key] for key in row.more_files if key in scans]
    shown = [row.file, *further] if row.file else further
    return Paper(row.code, str(types.get(row.code, "") or row.name), row.reference, row.date, shown)
