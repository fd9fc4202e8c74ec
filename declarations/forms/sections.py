"""The sections of the form: which boxes each shows at once, and which only matter to some procedures.

No box is ever out of reach: those that seldom matter are folded, and unfold when they hold a text or a fault.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from declarations import reading
from declarations.boxes import BY_FIELD, HEADER, ITEM, Box
from declarations.models import Declaration
from lib.pointers import place_in, steps_of
from lib.violations import Violation

COSTS = ("external_freight", "internal_freight", "insurance", "other_cost", "deduction")
COST_BOXES = tuple(name for cost in COSTS for name in (cost, f"{cost}_currency"))


@dataclass(frozen=True, slots=True)
class Section:
    """A page of the form. `first` are the fields shown at once, in this order."""

    key: str
    title: str | Promise
    hint: str | Promise
    first: tuple[str, ...] = ()


SECTIONS: tuple[Section, ...] = (
    Section(
        "procedure",
        _("Procedure and office"),
        _("What is done with the goods, and which office handles it."),
        ("declaration_type", "general_procedure", "office_code", "lrn", "declaration_place", "declaration_date"),
    ),
    Section(
        "parties",
        _("Parties"),
        _("Who sends, who receives, who declares."),
        (
            "exporter_code",
            "exporter_name",
            "consignee_code",
            "consignee_name",
            "declarant_code",
            "declarant_name",
            "declarant_representative",
        ),
    ),
    Section(
        "transport",
        _("Transport"),
        _("Where the goods come from and go to, and what carries them."),
        (
            "export_country",
            "destination_country",
            "trading_country",
            "border_mode",
            "border_identity",
            "border_nationality",
            "departure_identity",
            "departure_nationality",
            "inland_mode",
            "border_office_code",
            "location_of_goods",
            "total_packages",
            "container_flag",
        ),
    ),
    Section(
        "value",
        _("Value"),
        _("Invoice, delivery term, and the costs that belong to the customs value."),
        (
            "invoice_amount",
            "invoice_currency",
            "delivery_terms_code",
            "delivery_terms_place",
            "transaction_nature_1",
            "total_gross_mass",
            *COST_BOXES,
            "working_mode",
        ),
    ),
    Section("items", _("Items"), _("The goods, one line for each commodity code and origin.")),
    Section("documents", _("Documents"), _("Papers that prove what is declared."), ("additional_information",)),
    Section(
        "payment",
        _("Payment"),
        _("Guarantee and bank, where the procedure needs them."),
        ("guarantee_name", "guarantee_date", "deferred_payment_reference", "payment_terms_code"),
    ),
    Section(
        "transit",
        _("Transit"),
        _("Principal, destination, seals and time limit."),
        tuple(box.field for box in HEADER if box.section == "transit"),
    ),
    Section("review", _("Review and lodge"), _("Everything once more, and what is still missing.")),
)
BY_KEY = {section.key: section for section in SECTIONS}

GRID: tuple[Box, ...] = tuple(
    BY_FIELD["item"][name]
    for name in (
        "commodity_code",
        "commercial_description",
        "origin_country",
        "extended_procedure",
        "packages_number",
        "packages_kind",
        "gross_mass",
        "net_mass",
        "supplementary_quantity_1",
        "supplementary_unit_1",
        "item_price",
    )
)


@dataclass(frozen=True, slots=True)
class ItemGroup:
    """A part of an item's page. Its boxes are those whose row of the box table names it; `order` comes first."""

    key: str
    title: str | Promise
    order: tuple[str, ...] = ()

    @property
    def boxes(self) -> list[Box]:
        own = [box for box in ITEM if box.group == self.key]
        return sorted(own, key=lambda box: self.order.index(box.field) if box.field in self.order else len(self.order))


ITEM_GROUPS = (
    ItemGroup("goods", _("Goods"), ("commodity_code", "origin_country", "commercial_description")),
    ItemGroup(
        "packages",
        _("Packages and quantities"),
        (
            *("packages_number", "packages_kind", "packages_marks", "packages_marks_2", "gross_mass", "net_mass"),
            *(f"supplementary_{what}_{rank}" for rank in (1, 2, 3) for what in ("quantity", "unit")),
        ),
    ),
    ItemGroup("procedure", _("Procedure and preference"), ("extended_procedure", "national_procedure")),
    ItemGroup("value", _("Value"), ("item_price", "valuation_method", "rate_of_adjustment")),
    ItemGroup("references", _("References")),
)
ITEM_FIRST = frozenset(
    {box.field for box in GRID}
    | {
        "packages_marks",
        "national_procedure",
        "preference",
        "valuation_method",
        "summary_declaration",
        "previous_document",
        "licence_number",
    }
)
SEPARATE_COSTS = "2"


def sections_for(draft: Mapping[str, Any]) -> list[Section]:
    """The sections of this declaration: transit is one only where goods go in transit or a transit box is filled.

    A template is never lodged, so it has no review.
    """
    transit = str(draft.get("declaration_type") or "").startswith("TR") or any(
        draft.get(name) for name in BY_KEY["transit"].first
    )
    left_out = {"transit"} if not transit else set()
    if draft.get("source") == Declaration.Source.TEMPLATE:
        left_out.add("review")
    return [section for section in SECTIONS if section.key not in left_out]


def boxes_of(section: Section, draft: Mapping[str, Any]) -> tuple[list[Box], list[Box]]:
    """The header boxes of `section`: those shown at once, and the folded rest."""
    wanted = [name for name in (*section.first, *_also(section, draft)) if name not in _not_for(draft)]
    first = [BY_FIELD["header"][name] for name in wanted]
    return first, [box for box in HEADER if box.section == section.key and box not in first]


def item_boxes(draft: Mapping[str, Any], item: Mapping[str, Any]) -> list[tuple[Any, list[Box], list[Box]]]:
    """The groups of an item's form: title, boxes shown at once, the folded rest."""
    first = set(ITEM_FIRST)
    if str(draft.get("working_mode") or "") == SEPARATE_COSTS:
        first |= set(COST_BOXES)
    first |= {name for name, value in item.items() if value not in (None, "", [])}
    groups = []
    for group in ITEM_GROUPS:
        boxes = group.boxes
        groups.append((group.title, [b for b in boxes if b.field in first], [b for b in boxes if b.field not in first]))
    return groups


def _also(section: Section, draft: Mapping[str, Any]) -> Iterable[str]:
    """Boxes that this procedure needs beyond the usual ones."""
    general = str(draft.get("general_procedure") or "")
    if section.key == "procedure" and str(draft.get("declaration_type") or "").startswith("TR"):
        return ("transit_document_type", "loading_lists")
    if section.key == "transport" and general in ("7", "9"):
        return ("warehouse", "warehouse_delay")
    return ()


def _not_for(draft: Mapping[str, Any]) -> frozenset[str]:
    """Boxes of the usual ones that this procedure seldom needs."""
    if str(draft.get("declaration_type") or "").startswith("EX"):
        return frozenset({"internal_freight", "internal_freight_currency", "deduction", "deduction_currency"})
    if str(draft.get("general_procedure") or "") == "4":
        return frozenset({"guarantee_name", "guarantee_date"})
    return frozenset()


def section_of(pointer: str) -> str:
    """The section on which the box at `pointer` is corrected; a fault of the whole belongs to the review."""
    match steps_of(pointer):
        case ("items", int(), "documents", *_) | ("previous" | "suppliers", *_):
            return "documents"
        case ("items", *_):
            return "items"
        case ("containers", *_):
            return "transport"
        case (str(name),) if name in BY_FIELD["header"]:
            return BY_FIELD["header"][name].section
    return "review"


def item_of(pointer: str) -> int | None:
    """The place (from zero) of the item that `pointer` names."""
    return place_in(pointer, "items")


def faults_by_section(faults: Iterable[Violation]) -> dict[str, int]:
    """How many faults wait in each section."""
    counts: dict[str, int] = {}
    for fault in faults:
        key = section_of(fault.pointer)
        counts[key] = counts.get(key, 0) + 1
    return counts


def box_number(pointer: str) -> str:
    """The number of the box that `pointer` names, empty where it names none."""
    found = reading.pointer(pointer)
    return found.box.box if found else ""
