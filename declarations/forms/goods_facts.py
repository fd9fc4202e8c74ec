"""What a table of goods says beside its rows: the invoice's number, day and currency, and totals to be compared."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.functional import Promise

from declarations.boxes import BY_FIELD
from declarations.forms.goods import Goods, Heading, Line
from declarations.forms.meant import Law
from lib.dates import DayUnclear, NotADay, read_day
from lib.figures import ZERO, plain
from lib.numbers import NotANumber, read_number, with_one_reading

SUMS: Mapping[str, str] = {
    "item_price": "invoice_amount", "gross_mass": "total_gross_mass", "packages_number": "total_packages",
}  # fmt: skip
INVOICE = ("invoice_number", "date")  # of the supplier's invoice; all others are boxes of the header
_NUMBER = re.compile(
    r"(?:invoice|инвойс|сч[её]т(?:[\s-]*фактура)?|ҳисобнома(?:-фактура)?|фактура)\b[\s.,:#№-]*"
    r"(?:(?:no|nr|number|num|номер|рақами?)\b[\s.:#№]*)?(?P<number>(?=[\w/-]*\d)[A-Za-zА-Яа-я0-9][\w/-]{0,40})",
    re.IGNORECASE,
)
_DAY = re.compile(r"\b(?P<day>\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{4})\b")
_CODE = re.compile(r"\b[A-Z]{3}\b")
_CURRENCY = re.compile(r"^(?:currency|валюта|асъор)\b[\s:]*", re.IGNORECASE)
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Fact:
    """A text for a box of the head, or of the supplier's invoice, that the table gives."""

    field: str
    text: str

    @property
    def label(self) -> str | Promise:
        """What the box is called."""
        if self.field in INVOICE:
            return BY_FIELD["supplier"][self.field].label
        return BY_FIELD["header"][self.field].label


@dataclass(frozen=True, slots=True)
class Difference:
    """A total of the table that is not the sum of its items."""

    label: str | Promise
    said: Decimal
    found: Decimal


def facts_of(lines: Sequence[Line], heading: Heading | None, goods: Goods, law: Law) -> list[Fact]:
    """What the rows above the table, the names of its columns and its sums give for the head."""
    above = [cell for _number, row in lines[: heading.place if heading else 0] for cell in _joined(row)]
    found = {"invoice_number": _first(_NUMBER, above, "number"), "date": _day_in(above)}
    priced = [name for name, column in zip(heading.names, goods.columns, strict=False) if column == "item_price"] \
        if heading else []  # fmt: skip
    found["invoice_currency"] = _currency(priced, above, law)
    for name, total in sums_of(goods).items():
        if name in SUMS and total:
            found[SUMS[name]] = with_one_reading(plain(total))
    return [Fact(field, text) for field, text in found.items() if text]


def sums_of(goods: Goods) -> dict[str, Decimal]:
    """The sums over all items; of a column with a cell that cannot be read there is none."""
    sums: dict[str, Decimal] = {}
    for name in dict.fromkeys(goods.columns):
        if not name or BY_FIELD["item"][name].kind not in ("amount", "quantity"):
            continue
        try:
            sums[name] = sum((read_number(row[name]) for row in goods.rows if row.get(name)), ZERO)
        except NotANumber:
            continue
    return sums


def differences_of(goods: Goods) -> list[Difference]:
    """Where no row of totals says what the items make. The last one of a figure is told: others are of parts."""
    sums = sums_of(goods)
    return [
        Difference(BY_FIELD["item"][name].label, said[-1], sums[name])
        for name, said in goods.totals.items()
        if name in sums and sums[name] not in said
    ]


def _joined(row: Sequence[str]) -> list[str]:
    """The cells of a row, and each with the next filled one: `Invoice No.` stands beside its number."""
    filled = [" ".join(cell[:_LONGEST].split()) for cell in row if cell.strip()]
    return [f"{one} {two}".strip() for one, two in zip(filled, [*filled[1:], ""], strict=True)]


def _first(pattern: re.Pattern[str], texts: Sequence[str], group: str) -> str:
    return next((str(match[group]).strip() for text in texts if (match := pattern.search(text))), "")


def _day_in(texts: Sequence[str]) -> str:
    """The day of the invoice: that beside its number, else the only day there is."""
    days = [day for text in texts if _NUMBER.search(text) and (day := _read(text))]
    days = days or list(dict.fromkeys(day for text in texts if (day := _read(text))))
    return days[0].isoformat() if days and len(set(days)) == 1 else ""


def _read(text: str) -> date | None:
    match = _DAY.search(text)
    try:
        return read_day(match["day"]) if match else None
    except (DayUnclear, NotADay, ValueError):
        return None


def _currency(names: Sequence[str], above: Sequence[str], law: Law) -> str:
    """The currency that the column of prices names, else the one that stands above the table: its code or its name."""
    known = law.known("currency")
    for text in (*names, *(text for text in above if _CURRENCY.match(text))):
        said: list[str] = [code for code in _CODE.findall(text) if code in known]
        said = said or law.codes_in("currency", text)
        if len(set(said)) == 1:
            return said[0]
    return ""
