"""Lodged declarations as scoring sees them: canonical JSON to `scoring.Facts`, one or many at once. Writes nothing.

What is known of a company's past and of usual values is as of the day of lodging, whenever it is asked: a replay sees
no future. `header.earlier_declarations` alone is counted as of now.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as field_of
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Count
from django.utils import timezone

from declarations.models import Declaration, ItemValuation, Status
from declarations.selectors import lodged_content
from risk.boxes import FIELDS, FIRST_USES, HISTORY, OF_COMPANY, OF_VALUE
from risk.scoring import Facts, ItemFacts, Value
from risk.selectors.history import Asked, Past, past_of
from risk.selectors.values import Goods, Line, Tables, Usual, usual_of

_FILLED_LATER = frozenset(each.key for each in HISTORY)
_BY_LEVEL = {
    level: tuple(
        (key, key.partition(".")[2], known.kind)
        for key, known in FIELDS.items()
        if key.startswith(level) and key not in _FILLED_LATER
    )
    for level in ("header", "item", "document", "container")
}


EARLIER = "header.earlier_declarations"
ITEM_VALUES = frozenset({"item.customs_value", "item.unit_value"})
_COMPANY = frozenset(each.key for each in OF_COMPANY)
_USUAL = frozenset(each.key for each in OF_VALUE)
_UNKNOWN_LINES: Usual = Usual({})


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beyond the declaration itself: of the company's past, and what is usual, by item number."""

    past: Past | None = None
    firsts: frozenset[str] = frozenset()
    company: bool = False
    usual: Mapping[int, Usual] = field_of(default_factory=dict)


NOTHING = Known()


def of_declaration(declaration: Declaration, *, asked: Collection[str] = frozenset(FIELDS)) -> Facts:
    """Facts of one declaration, of what was lodged; `asked` are the fields that criteria ask for."""
    return of_many([(declaration, lodged_content(declaration))], asked=asked)[0]


def of_many(
    lodged: Sequence[tuple[Declaration, Mapping[str, Any]]], *, asked: Collection[str] = frozenset(FIELDS)
) -> list[Facts]:
    """Facts of many declarations with what was lodged, in their order.

    At most six queries however many they are and whatever they hold: values of items, earlier releases, first uses,
    companies, the tables of values, their lines. None for what nobody asks for. Give a few hundred at a time.
    """
    wanted = frozenset(asked)
    valued = item_values(one.pk for one, _content in lodged) if wanted & (ITEM_VALUES | _USUAL) else {}
    earlier = _releases({one.trader_id for one, _content in lodged}) if EARLIER in wanted else {}
    known = _known(lodged, wanted)
    return [
        of_content(
            content,
            declaration=declaration,
            item_values=valued.get(declaration.pk, {}),
            earlier=earlier.get(declaration.trader_id, 0),
            known=known.get(declaration.pk, NOTHING),
            asked=wanted,
        )
        for declaration, content in lodged
    ]


def of_content(
    content: Mapping[str, Any],
    *,
    declaration: Declaration,
    item_values: Mapping[int, Decimal],
    earlier: int,
    known: Known = NOTHING,
    asked: Collection[str] = frozenset(FIELDS),
) -> Facts:
    """Facts from canonical JSON, of the fields that are asked for; `item_values` are customs values by item number."""
    items = content.get("items") or []
    header = _values("header", content, asked) | {"header.item_count": Decimal(len(items))}
    header[EARLIER] = Decimal(earlier)
    if declaration.customs_value is not None:
        header["header.customs_value"] = declaration.customs_value
    header |= _sets("container", content.get("containers") or [], asked)
    header |= _of_past(known)
    return Facts(
        office=str(content.get("office_code") or ""),
        header=header,
        items=tuple(
            _item(number, item, item_values.get(number), known, asked) for number, item in enumerate(items, start=1)
        ),
    )


def item_values(declaration_pks: Iterable[int]) -> dict[int, dict[int, Decimal]]:
    """Customs value by declaration and item number."""
    rows = ItemValuation.objects.filter(item__declaration__in=list(declaration_pks))
    found: dict[int, dict[int, Decimal]] = {}
    for pk, number, value in rows.values_list("item__declaration_id", "item__number", "customs_value"):
        found.setdefault(pk, {})[number] = value
    return found


def earlier_releases(trader_pk: int | None) -> int:
    """How many declarations of the trader were released, counted up to 1,000: more tells a criterion nothing."""
    return Declaration.objects.filter(trader=trader_pk, status=Status.RELEASED).order_by()[:1000].count()


def _releases(traders: Collection[int | None]) -> dict[int | None, int]:
    if len(traders) == 1:
        return {trader: earlier_releases(trader) for trader in traders}
    rows = Declaration.objects.filter(trader__in=traders, status=Status.RELEASED).order_by().values("trader")
    counted = rows.annotate(number=Count("pk")).values_list("trader", "number")
    return {trader: min(number, 1000) for trader, number in counted}


# What is known beyond the declaration ------------------------------------------------------------------------
def _known(lodged: Sequence[tuple[Declaration, Mapping[str, Any]]], wanted: frozenset[str]) -> dict[int, Known]:
    firsts = frozenset(kind for key, kind in FIRST_USES.items() if key in wanted)
    company = bool(wanted & _COMPANY)
    past: Mapping[int, Past] = {}
    if firsts or company:
        asked = [_asked(one, content) for one, content in lodged if one.trader_id and one.lodged_at]
        past = past_of(asked, firsts=firsts, company=company)
    usual = _usual(lodged) if wanted & _USUAL else {}
    return {
        one.pk: Known(past.get(one.pk), firsts, company, usual.get(one.pk, {}))
        for one, _content in lodged
        if one.pk in past or one.pk in usual
    }


def _asked(declaration: Declaration, content: Mapping[str, Any]) -> Asked:
    assert declaration.trader_id is not None, "A lodged declaration has its trader."
    assert declaration.lodged_at is not None, "A lodged declaration says when."
    items = content.get("items") or []
    party = "consignee_name" if declaration.flow == "export" else "exporter_name"
    return Asked(
        pk=declaration.pk,
        trader=declaration.trader_id,
        at=declaration.lodged_at,
        mrn=declaration.mrn,
        flow=declaration.flow,
        party=str(content.get(party) or ""),
        headings=frozenset(heading for item in items if (heading := _heading(item))),
        origins=frozenset(str(item["origin_country"]) for item in items if item.get("origin_country")),
    )


def _heading(item: Mapping[str, Any]) -> str:
    return str(item.get("commodity_code") or "")[:4]


def _usual(lodged: Sequence[tuple[Declaration, Mapping[str, Any]]]) -> dict[int, dict[int, Usual]]:
    tables, goods = Tables(), dict[tuple[int, int], Goods]()
    for declaration, content in lodged:
        table = tables.on(timezone.localdate(declaration.lodged_at)) if declaration.lodged_at else None
        if table is None:
            continue
        for number, item in enumerate(content.get("items") or [], start=1):
            code, origin = str(item.get("commodity_code") or "")[:10], str(item.get("origin_country") or "")
            goods[declaration.pk, number] = Goods(table, declaration.flow, code, origin)
    lines = usual_of(set(goods.values())) if goods else {}
    found: dict[int, dict[int, Usual]] = {}
    for (pk, number), one in goods.items():
        found.setdefault(pk, {})[number] = lines[one]
    return found


def _of_past(known: Known) -> dict[str, Value]:
    past = known.past
    if past is None:
        return {}
    seen = frozenset(kind for kind, _value in past.first)
    found: dict[str, Value] = {
        key: kind in seen for key, kind in FIRST_USES.items() if kind in known.firsts and key.startswith("header.")
    }
    if known.company:
        found["header.company_days"] = Decimal(past.days_registered)
        found["header.company_declarations"] = Decimal(past.declarations)
        found["header.company_discrepancies"] = Decimal(past.discrepancies)
        if past.profiles:
            found["header.company_profile"] = frozenset(kind.upper() for kind in past.profiles)
    return found


def _of_item(item: Mapping[str, Any], values: Mapping[str, Value], number: int, known: Known) -> dict[str, Value]:
    found: dict[str, Value] = {}
    if known.past is not None:
        first = known.past.first
        if "heading" in known.firsts and _heading(item):
            found["item.first_heading"] = ("heading", _heading(item)) in first
        if "origin" in known.firsts and item.get("origin_country"):
            found["item.first_origin"] = ("origin", str(item["origin_country"])) in first
    usual = known.usual.get(number, _UNKNOWN_LINES)
    unit_value, line = values.get("item.unit_value"), usual.line("kg")
    if isinstance(unit_value, Decimal) and line is not None:
        found |= _beside(unit_value, line)
    mass, pieces = _read(item.get("net_mass"), "number"), _read(item.get("supplementary_quantity_1"), "number")
    of_mass = usual.line("mass", str(item.get("supplementary_unit_1") or ""))
    if isinstance(mass, Decimal) and isinstance(pieces, Decimal) and pieces > 0 and of_mass is not None:
        found["item.mass_unusual"] = of_mass.is_unusual(mass / pieces)
    return found


def _beside(unit_value: Decimal, line: Line) -> dict[str, Value]:
    return {
        "item.value_to_median": round(unit_value / line.p50, 4),
        "item.value_below_p10": unit_value < line.p10,
        "item.value_below_p25": unit_value < line.p25,
    }


# What is declared ---------------------------------------------------------------------------------------------
def _item(
    number: int, item: Mapping[str, Any], customs_value: Decimal | None, known: Known, asked: Collection[str]
) -> ItemFacts:
    values = _values("item", item, asked) | _sets("document", item.get("documents") or [], asked)
    if customs_value is not None:
        values["item.customs_value"] = customs_value
        net_mass = _read(item.get("net_mass"), "number")
        if isinstance(net_mass, Decimal) and net_mass > 0:
            values["item.unit_value"] = round(customs_value / net_mass, 4)
    if known is not NOTHING:
        values |= _of_item(item, values, number, known)
    return ItemFacts(number, values)


def _values(level: str, row: Mapping[str, Any], asked: Collection[str]) -> dict[str, Value]:
    read = ((key, _read(row.get(field), kind)) for key, field, kind in _BY_LEVEL[level] if key in asked)
    return {key: value for key, value in read if value is not None}


def _sets(level: str, rows: Iterable[Mapping[str, Any]], asked: Collection[str]) -> dict[str, Value]:
    """What repeats is a set of texts: a condition holds if it holds for one of them."""
    found: dict[str, Value] = {}
    rows = list(rows)
    for key, field, _kind in _BY_LEVEL[level]:
        if key not in asked:
            continue
        texts = frozenset(str(row[field]).strip().upper() for row in rows if row.get(field))
        if texts:
            found[key] = texts
    return found


def _read(value: Any, kind: str) -> Value | None:
    if kind == "flag":
        return bool(value)
    if value is None or value == "":
        return None
    if kind == "number":
        try:
            return Decimal(str(value))
        except InvalidOperation:
            return None
    return str(value).strip().upper()
