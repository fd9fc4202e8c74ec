"""Lines of goods for the model: of a lodged declaration, of the portal's own history, of a CSV file of another source.

One table says under which name each field of `learning.Line` stands in each source; what a source lacks is not known.
"""

import json
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from declarations.models import Declaration, Snapshot
from lib.sheets.cell import Unreadable
from lib.sheets.plain import records_of
from lib.violations import refuse
from risk import facts
from risk.learning.lines import Line
from risk.models import Outcome
from risk.scoring import Facts, Value

MOST_LINES = 60_000
_AT_A_TIME = 500
# Field of a line -> field of the facts of a declaration, column of the CSV file of declarations with known outcomes.
TEXTS: Mapping[str, tuple[str, str]] = {
    "code": ("item.commodity_code", "HS6 Code"),
    "origin": ("item.origin_country", "Country of Origin"),
    "departure": ("header.export_country", "Country of Departure"),
    "tax": ("item.preference", "Tax Type"),
    "indicator": ("item.valuation_method", "Country of Origin Indicator"),
    "regime": ("item.extended_procedure", "Import Type"),
    "use": ("header.transaction_nature_1", "Import Use"),
    "payment": ("header.delivery_terms_code", "Payment Type"),
    "mode": ("header.border_mode", "Mode of Transport"),
    "importer": ("header.consignee_code", "Importer ID"),
    "seller": ("header.exporter_name", "Seller ID"),
    "declarant": ("header.declarant_code", "Declarant ID"),
    "courier": ("", "Courier ID"),
    "office": ("header.office_code", "Office ID"),
}
NUMBERS: Mapping[str, tuple[str, str]] = {
    "mass": ("item.net_mass", "Net Mass"),
    "gross": ("item.gross_mass", ""),
    "price": ("item.customs_value", "Item Price"),
    "rate": ("", "Tax Rate"),
}
FILE, DAY, WRONG = "Declaration ID", "Date", "Fraud"
ASKED = frozenset(name for name, _column in (*TEXTS.values(), *NUMBERS.values()) if name)


def of_facts(known: Facts, *, file: str, on: date, wrong: bool | None = None) -> list[Line]:
    """The lines of one declaration, one for each item."""
    return [
        Line(
            file=file,
            on=on.toordinal(),
            number=item.number,
            lines=len(known.items),
            wrong=wrong,
            **_read({**known.header, **item.values}),
        )
        for item in known.items
    ]


def _read(values: Mapping[str, Value]) -> dict[str, Any]:
    texts = {field: str(values.get(name, "")) for field, (name, _column) in TEXTS.items() if name}
    numbers: dict[str, Any] = {}
    for field, (name, _column) in NUMBERS.items():
        number = values.get(name)
        numbers[field] = float(number) if isinstance(number, Decimal) else None
    return texts | numbers


def history(*, since: date, until: date, most: int = MOST_LINES) -> list[Line]:
    """Lines of declarations as they were first lodged from `since` to `until`, the newest `most` of them.

    A finding on any version of a declaration is one of what was first declared.
    """
    lodged = Declaration.objects.filter(lodged_at__date__gte=since, lodged_at__date__lte=until, version=1, stands_as="")
    keys = list(lodged.order_by("-lodged_at", "-pk").values_list("pk", flat=True)[:most])[::-1]
    found: deque[Line] = deque(maxlen=most)
    for begin in range(0, len(keys), _AT_A_TIME):
        found.extend(_of_history(keys[begin : begin + _AT_A_TIME]))
    return list(found)


def _of_history(keys: list[int]) -> Iterator[Line]:
    snapshots = Snapshot.objects.filter(declaration__in=keys).select_related("declaration")
    place = {pk: at for at, pk in enumerate(keys)}
    rows = sorted(snapshots, key=lambda row: place[row.declaration_id])
    values = facts.item_values(keys)
    outcomes = _outcomes(row.declaration.mrn for row in rows)
    for row in rows:
        declaration = row.declaration
        known = facts.of_content(
            json.loads(row.content), declaration=declaration, item_values=values.get(declaration.pk, {}), earlier=0
        )
        assert declaration.lodged_at is not None
        yield from of_facts(
            known, file=declaration.mrn, on=declaration.lodged_at.date(), wrong=outcomes.get(declaration.mrn)
        )


def _outcomes(mrns: Iterable[str]) -> dict[str, bool]:
    """Whether anything was found, by MRN; nobody looked at those that are absent."""
    found: dict[str, bool] = {}
    rows = Outcome.objects.filter(declaration__mrn__in=list(mrns))
    for mrn, discrepancy in rows.values_list("declaration__mrn", "discrepancy"):
        found[mrn] = found.get(mrn, False) or discrepancy
    return found


def read_csv(path: Path) -> list[Line]:
    """Lines of a CSV file whose outcomes are all known. Raises Rejected K102 with file, row and column; OSError."""
    needed = {FILE, DAY, WRONG, *(column for _name, column in (*TEXTS.values(), *NUMBERS.values()) if column)}
    try:
        records = records_of(path.read_bytes(), known=lambda names: len(needed.intersection(names)))
        header = [str(name) for name in next(records, (1, []))[1]]
        if missing := sorted(needed - set(header)):
            raise refuse("K102", f"{path.name}:1", _("The file has no column “%s”.") % missing[0])
        rows = [dict(zip(header, map(str, cells), strict=False)) for _number, cells in records]
    except Unreadable as fault:
        raise refuse("K102", path.name, str(fault)) from fault
    return of_rows(rows, name=path.name)


def of_rows(rows: Iterable[Mapping[str, str]], *, name: str) -> list[Line]:
    """The same of rows that were read already; a column that a row lacks is not known. Raises Rejected K102."""
    return [_of_row(row, f"{name}:{number}") for number, row in enumerate(rows, start=2)]


def _of_row(row: Mapping[str, str], place: str) -> Line:
    column = DAY
    try:
        line = Line(file=row[FILE], on=date.fromisoformat(row[DAY]).toordinal(), wrong=row[WRONG] == "1")
        numbers: dict[str, Any] = {}
        for field, (_name, column) in NUMBERS.items():
            numbers[field] = float(row[column]) if row.get(column) else None
    except (ValueError, TypeError, KeyError) as fault:
        raise refuse("K102", f"{place}:{column}", _("“%s” cannot be read.") % row.get(column)) from fault
    texts: dict[str, Any] = {field: row.get(column, "").strip() for field, (_name, column) in TEXTS.items()}
    return replace(line, **numbers, **texts)
