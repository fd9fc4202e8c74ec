"""The fields a criterion may ask for: the box table's risk fields by level, a few that are reckoned, travellers'."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from declarations.boxes import LEVELS

Kind = Literal["text", "number", "flag"]


@dataclass(frozen=True, slots=True)
class Field:
    """`key` is level and field; `codes` the code list its values come from, if any; `spelling` as of its box.

    What can be declared in it: a text of at most `size` characters (0: any), one of `choices`; a number from `least` to
    `most`, in `whole` ones; `many` at once; `always` something.
    """

    key: str
    label: str | Promise
    kind: Kind
    box: str = ""
    codes: str = ""
    spelling: str = ""
    size: int = 0
    choices: frozenset[str] = frozenset()
    least: Decimal | None = Decimal(0)
    most: Decimal | None = None
    whole: bool = False
    many: bool = False
    always: bool = False


_ALWAYS = ("header.office_code", "item.commodity_code")
_MANY = ("document", "container")
_BELOW_ZERO = ("item.rate_of_adjustment",)
# The columns hold eighteen digits: of amounts four stand behind the point, of quantities six.
_MOST = {"amount": Decimal(10) ** 14, "quantity": Decimal(10) ** 12}


def _kind(kind: str) -> Kind:
    if kind in ("amount", "quantity", "integer"):
        return "number"
    return "flag" if kind == "flag" else "text"


RECKONED = (
    Field("header.customs_value", _("Customs value of the declaration"), "number", most=_MOST["amount"]),
    Field(
        "header.item_count",
        _("Number of items"),
        "number",
        whole=True,
        always=True,
        least=Decimal(1),
        most=Decimal(999),
    ),
    Field(
        "header.earlier_declarations",
        _("Earlier released declarations of the trader"),
        "number",
        whole=True,
        always=True,
        most=Decimal(1000),
    ),
    Field("item.customs_value", _("Customs value of the item"), "number", most=_MOST["amount"]),
    Field("item.unit_value", _("Customs value per kilogram net"), "number"),
)
# What is known of the company's past and of what is usual, as of the day of lodging; see `facts`.
FIRST_USES: dict[str, str] = {
    "header.first_declaration": "first", "header.first_sender": "sender",
    "item.first_heading": "heading", "item.first_origin": "origin",
}  # fmt: skip
OF_COMPANY = (
    Field("header.company_days", _("Days since the company registered"), "number", whole=True),
    Field("header.company_declarations", _("Declarations of the company in the 90 days before"), "number", whole=True),
    Field(
        "header.company_discrepancies", _("Discrepancies of the company in the 12 months before"), "number", whole=True
    ),
    Field(
        "header.company_profile", _("Profile of the company (AEO, WATCH, NEW)"), "text", many=True,
        choices=frozenset({"AEO", "WATCH", "NEW"}),
    ),
)  # fmt: skip
OF_VALUE = (
    Field("item.value_to_median", _("Value per kg as a share of the median of 12 months, code and origin"), "number"),
    Field("item.value_below_p10", _("Value per kg below the 10th percentile of 12 months, code and origin"), "flag"),
    Field("item.value_below_p25", _("Value per kg below the 25th percentile of 12 months, code and origin"), "flag"),
    Field("item.mass_unusual", _("Net mass of a supplementary unit unlike that of 12 months"), "flag"),
)
HISTORY = (
    Field("header.first_declaration", _("First declaration of the company"), "flag"),
    Field("header.first_sender", _("First use of this sender (on export: recipient) by the company"), "flag"),
    Field("item.first_heading", _("First import or export of this heading by the company"), "flag"),
    Field("item.first_origin", _("First use of this origin by the company"), "flag"),
    *OF_COMPANY,
    *OF_VALUE,
)
_FROM_BOXES = tuple(
    Field(
        f"{level}.{box.field}", box.label, _kind(box.kind), box.box, box.codes, box.spelling,
        size=0 if box.codes else box.size,
        least=None if f"{level}.{box.field}" in _BELOW_ZERO else Decimal(0),
        most=Decimal(10) ** box.size - 1 if box.kind == "integer" else _MOST.get(box.kind),
        whole=box.kind == "integer",
        many=level in _MANY,
        always=f"{level}.{box.field}" in _ALWAYS or box.kind == "flag",
    )
    for level, boxes in LEVELS.items()
    for box in boxes
    if box.risk
)  # fmt: skip
# What is known of a traveller. Whoever asks for a lane gives the values (risk knows no travellers); a person or a thing
# may have several: a condition holds if it holds for one of them.
OF_TRAVELLERS = (
    Field("traveller.direction", _("Direction"), "text", choices=frozenset({"ENTRY", "EXIT"}), always=True),
    Field("traveller.way", _("Way of travel"), "text", choices=frozenset({"AIR", "RAIL", "ROAD", "FOOT"})),
    Field("traveller.carriage", _("Flight, train or plate"), "text"),
    Field("traveller.country", _("Country the traveller comes from or goes to"), "text", codes="country"),
    Field("traveller.citizenship", _("Citizenship"), "text", codes="country", many=True),
    Field("traveller.document_country", _("Country that issued the document"), "text", codes="country", many=True),
    Field("traveller.residence", _("Country of residence"), "text", codes="country", many=True),
    Field("traveller.channel", _("Channel that the declaration asks for"), "text",
          choices=frozenset({"GREEN", "PAY", "RED"})),
    Field("traveller.people", _("Number of travellers"), "number", whole=True, always=True, least=Decimal(1)),
    Field("traveller.children", _("Travellers under 18"), "number", whole=True, always=True),
    Field("traveller.crossings", _("Crossings with the same document in 30 days"), "number", whole=True,
          always=True),
    Field("traveller.goods", _("Number of goods declared"), "number"),
    Field("traveller.categories", _("Categories of goods"), "text", many=True),
    Field("traveller.commodities", _("Commodity codes of goods"), "text", codes="commodity", spelling="commodity",
          many=True),
    Field("traveller.payable", _("Payable"), "number"),
    Field("traveller.currencies", _("Currencies of money"), "text", codes="currency", many=True),
    Field("traveller.money", _("Largest sum of money in its currency"), "number"),
    Field("traveller.plate_country", _("Country of the plate"), "text", codes="country"),
    Field("traveller.hours_before", _("Hours between sending and presenting"), "number"),
)  # fmt: skip
FIELDS: dict[str, Field] = {field.key: field for field in (*_FROM_BOXES, *RECKONED, *HISTORY, *OF_TRAVELLERS)}


def is_of_travellers(key: str) -> bool:
    """Whether a field is asked for by criteria on travellers."""
    return key.startswith("traveller.")


def has_whole_codes(key: str) -> bool:
    """Whether a commodity code in the field always has all digits of the tariff; travellers declare shorter ones."""
    return key == "item.commodity_code"
