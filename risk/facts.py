"""A lodged declaration as scoring sees it: canonical JSON to `scoring.Facts`. Writes nothing."""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from declarations.models import Declaration, ItemValuation, Status
from declarations.selectors import lodged_content
from risk.boxes import FIELDS
from risk.scoring import Facts, ItemFacts, Value

_BY_LEVEL = {
    level: tuple((key, key.partition(".")[2], field.kind) for key, field in FIELDS.items() if key.startswith(level))
    for level in ("header", "item", "document", "container")
}


EARLIER = "header.earlier_declarations"
ITEM_VALUES = frozenset({"item.customs_value", "item.unit_value"})


def of_declaration(declaration: Declaration, *, asked: Collection[str] = frozenset(FIELDS)) -> Facts:
    """Facts of one declaration, of what was lodged; `asked` are the fields that criteria ask for."""
    values = item_values([declaration.pk]).get(declaration.pk, {}) if ITEM_VALUES.intersection(asked) else {}
    return of_content(
        lodged_content(declaration),
        customs_value=declaration.customs_value,
        item_values=values,
        earlier=earlier_releases(declaration.trader_id) if EARLIER in asked else 0,
        asked=asked,
    )


def of_content(
    content: Mapping[str, Any],
    *,
    customs_value: Decimal | None,
    item_values: Mapping[int, Decimal],
    earlier: int,
    asked: Collection[str] = frozenset(FIELDS),
) -> Facts:
    """Facts from canonical JSON, of the fields that are asked for; `item_values` are customs values by item number."""
    items = content.get("items") or []
    header = _values("header", content, asked) | {"header.item_count": Decimal(len(items))}
    header[EARLIER] = Decimal(earlier)
    if customs_value is not None:
        header["header.customs_value"] = customs_value
    header |= _sets("container", content.get("containers") or [], asked)
    return Facts(
        office=str(content.get("office_code") or ""),
        header=header,
        items=tuple(_item(number, item, item_values.get(number), asked) for number, item in enumerate(items, start=1)),
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


def _item(number: int, item: Mapping[str, Any], customs_value: Decimal | None, asked: Collection[str]) -> ItemFacts:
    values = _values("item", item, asked) | _sets("document", item.get("documents") or [], asked)
    if customs_value is not None:
        values["item.customs_value"] = customs_value
        net_mass = _read(item.get("net_mass"), "number")
        if isinstance(net_mass, Decimal) and net_mass > 0:
            values["item.unit_value"] = round(customs_value / net_mass, 4)
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
