"""A national tariff in one table `code10,heading_ru,name_ru,duty_rate_text,ambiguous_duplicate`.

It yields rows of two tables: lines of the nomenclature, and the general rate of each. Rows that the table itself flags
as ambiguous are left out and named. A number without a unit is per cent, and named. A line without a text keeps
the text that it has. A generic code `xxxxxx0000` whose
subheading the table splits ends, and what rested on exactly that code ends with it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from lib.cells import flag, matching, text
from lib.sheets import Column, Faults, Sheet
from lib.violations import refuse
from tariff_changes.models import ChangeRow, ChangeSet
from tariff_changes.selectors.law_texts import texts_of
from tariff_changes.services.difference import Difference, Standing
from tariff_changes.services.rows import created, ended, replaced
from tariffs.columns import LAW, rate_text
from tariffs.models import Commodity, Measure, Tax
from tariffs.selectors import import_duty

HS_DIGITS = 6
DAY = timedelta(days=1)
_BARE_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_BARE_SHARE = re.compile(r"^(\d+(?:[.,]\d+)?)(?=\s*,?\s*(?:но не менее|но не более|плюс)\b)")
_DASHES = re.compile(r"^(?:[-–—]\s*)*")
COLUMNS = (
    Column("code10", matching(r"\d{10}", _("Write ten digits."))),
    Column("heading_ru", text(4000), required=False),
    Column("name_ru", text(4000), required=False),
    Column("duty_rate_text", lambda value: rate_text(as_percent(value))),
    Column("ambiguous_duplicate", flag, required=False),
)
_COMMODITY, _MEASURE = LAW["commodity"], LAW["measure"]
# The general rate of a code: no condition but the code itself.
_GENERAL = {name: _MEASURE.by_name[name].usual for name in _MEASURE.series if name not in ("tax", "commodity")}


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table: a code of ten digits, the Russian text with its dashes counted, and its rate."""

    row: int
    code: str
    heading: str
    text: str
    indent: int
    rate_text: str


def is_tariff_table(header: Sequence[str]) -> bool:
    """Whether a file has the columns of such a table."""
    return {"code10", "duty_rate_text"} <= set(header)


def as_percent(value: str) -> str:
    """A number without a unit, alone or before "но не менее", is per cent.

    The column is headed "in per cent of the customs value, or in euro".
    """
    if _BARE_NUMBER.fullmatch(value) and value != "0":
        return f"{value}%"
    return _BARE_SHARE.sub(r"\1%", value)


def compare_tariff(
    sheet: Sheet, *, change_set: ChangeSet, end_missing: bool, faults: Faults, tax: str = ""
) -> Difference:
    """The table against the lines and general rates of `tax` (the country's import duty) in force on the set's day.

    A text, number of dashes or rate that differs is a change; a row that differs in its legal act alone is not.
    """
    on = change_set.takes_effect
    _check_header(sheet, faults)
    duty = _tax(tax, on=on)
    read = list(_readable(sheet, faults))
    flagged = tuple(str(row["code10"]) for _number, row in read if row["ambiguous_duplicate"])
    lines = [_line(number, row) for number, row in read if not row["ambiguous_duplicate"]]
    _check(lines, read, faults, on=on)
    if not {"heading_ru", "name_ru"} & set(sheet.header):
        _refuse_new_lines(lines, faults, on=on)
    faults.refuse()
    act = {} if change_set.legal_act else {"act": duty.legal_act.number}
    commodities = _commodities(lines, act, on=on)
    rates = Standing(_MEASURE, {"tax_code": duty.code}, on=on)
    measures, matched = _measures(lines, duty.code, act, rates)
    proposed = [*_upper_lines(lines, act, on=on), *commodities, *_split(lines, on=on), *measures]
    if end_missing:
        left_out = set(flagged)
        proposed += [row for row in rates.ends_of_the_missing(matched) if _is_missing(row, left_out)]
    touched = {row.source_row for row in (*commodities, *measures)}
    return Difference(
        sheet.file,
        len(read),
        tuple(proposed),
        len({line.row for line in lines} - touched),
        flagged=flagged,
        bare=tuple(cells.get("code10", "") for _number, cells in sheet.rows if _is_bare(cells)),
    )


def _is_bare(cells: dict[str, str]) -> bool:
    rate = cells.get("duty_rate_text", "")
    return as_percent(rate) != rate


def _is_missing(row: ChangeRow, left_out: set[str]) -> bool:
    """A general rate of a whole code that the table neither names nor leaves out."""
    seen = row.seen
    general = all(seen[column] == value for column, value in _GENERAL.items())
    return general and len(seen["commodity"]) == 10 and seen["commodity"] not in left_out


def _check_header(sheet: Sheet, faults: Faults) -> None:
    known = {column.name for column in COLUMNS}
    strange = [column for column in sheet.header if column not in known]
    for column in strange:
        faults.add("T431", sheet.top, column, _("This column is not known."))
    if strange:
        faults.refuse()


def _tax(code: str, *, on: date) -> Tax:
    if not code:
        duty = import_duty(on=on)
        if duty is None:
            raise refuse("T403", "tax", _("No import duty is in force on that date."))
        return duty
    found: Tax | None = Tax.objects.on(on).filter(code=code).select_related("legal_act").first()
    if found is None:
        raise refuse("T403", "tax", _("No tax %(code)s is in force on that date.") % {"code": code})
    return found


# Reading ------------------------------------------------------------------------------------------------------


def _readable(sheet: Sheet, faults: Faults) -> Iterator[tuple[int, dict[str, object]]]:
    for number, cells in sheet.rows:
        row: dict[str, object] = {}
        for column in COLUMNS:
            value = cells.get(column.name, "")
            if column.required and not value:
                faults.add("T432", number, column.name, _("This cell is empty."))
                continue
            try:
                row[column.name] = column.read(value)
            except ValueError as error:
                code = "T405" if column.name == "duty_rate_text" else "T432"
                faults.add(code, number, column.name, str(error))
        if len(row) == len(COLUMNS):
            yield number, row


def _line(number: int, row: dict[str, object]) -> Line:
    name, heading = str(row["name_ru"]), _sentence_case(str(row["heading_ru"]))
    dashes = _DASHES.match(name)
    prefix = dashes.group() if dashes else ""
    return Line(
        row=number,
        code=str(row["code10"]),
        heading=heading,
        text=name[len(prefix) :].strip() or heading,
        indent=len(re.findall(r"[-–—]", prefix)),
        rate_text=str(row["duty_rate_text"]),
    )


def _sentence_case(heading: str) -> str:
    """Headings stand in capitals: ЖИВЫЕ ДЕРЕВЬЯ -> Живые деревья."""
    return heading[:1] + heading[1:].lower() if heading.isupper() else heading


def _check(lines: Sequence[Line], read: Iterable[tuple[int, dict[str, object]]], faults: Faults, *, on: date) -> None:
    subheadings = set(Commodity.objects.on(on).filter(code__length=HS_DIGITS).values_list("code", flat=True))
    for number, row in read:
        code = str(row["code10"])[:HS_DIGITS]
        if code not in subheadings:
            sentence = _("No subheading %(code)s is in the nomenclature.")
            faults.add("T403", number, "code10", sentence % {"code": code})
    first: dict[str, int] = {}
    for line in lines:
        if line.code in first:
            sentence = _("The code is already in row %(row)d.")
            faults.add("T433", line.row, "code10", sentence % {"row": first[line.code]})
        first.setdefault(line.code, line.row)


def _refuse_new_lines(lines: Sequence[Line], faults: Faults, *, on: date) -> None:
    """A file of rates alone has no names for new lines."""
    rows = {line.code: line.row for line in lines}
    known = Commodity.objects.on(on).filter(code__in=rows).values_list("code", flat=True)
    for code in rows.keys() - set(known):
        sentence = _("The line %(code)s is new, and the file does not name it.")
        faults.add("T432", rows[code], "name_ru", sentence % {"code": code})


# Comparing ----------------------------------------------------------------------------------------------------


def _upper_lines(lines: Sequence[Line], act: dict[str, str], *, on: date) -> list[ChangeRow]:
    """Russian texts for headings, and for subheadings that have one code below them, where they have none yet."""
    texts: dict[str, str] = {}
    for line in lines:
        texts.setdefault(line.code[:4], line.heading)
        if line.code.endswith("0000") and line.text:
            texts.setdefault(line.code[:HS_DIGITS], line.text)
    named = [code for code, name in texts.items() if name]
    unnamed = texts_of(_COMMODITY, Commodity.objects.on(on).filter(code__in=named, description_ru=""))
    return [_replaced(pk, seen, {"description_ru": texts[seen["code"]], **act}) for pk, seen in unnamed.items()]


def _commodities(lines: Sequence[Line], act: dict[str, str], *, on: date) -> list[ChangeRow]:
    standing = Standing(_COMMODITY, {"code__in": [line.code for line in lines]}, on=on)
    found = []
    for line in lines:
        named = {"description_ru": line.text, "indent": str(line.indent)} if line.text else {}
        wanted = {"code": line.code, **named, "declarable": "yes"}
        target = standing.match(wanted)
        if target is None:
            values = {**wanted, **act, **_until(standing.next_start(wanted))}
            found.append(created("commodity", values, row=line.row))
            continue
        seen = standing.rows[target]
        changed = {column: value for column, value in wanted.items() if seen[column] != value}
        if changed:
            found.append(_replaced(target, seen, {**changed, **act}, row=line.row))
    return found


def _until(next_start: str) -> dict[str, str]:
    """A new row ends the day before the next one of the same thing begins."""
    return {"valid_to": (date.fromisoformat(next_start) - DAY).isoformat()} if next_start else {}


def _replaced(pk: int, seen: dict[str, str], values: dict[str, str], *, row: int | None = None) -> ChangeRow:
    return replaced("commodity", pk, seen, values, row=row)


def _split(lines: Sequence[Line], *, on: date) -> Iterator[ChangeRow]:
    """Generic codes whose subheading the table splits, with the measures on exactly them."""
    codes = {line.code for line in lines}
    generic = {code[:HS_DIGITS].ljust(len(code), "0") for code in codes} - codes
    for pk, seen in texts_of(_COMMODITY, Commodity.objects.on(on).filter(code__in=generic)).items():
        yield ended("commodity", pk, seen)
    for pk, seen in texts_of(_MEASURE, Measure.objects.on(on).filter(commodity_prefix__in=generic)).items():
        yield ended("measure", pk, seen)


def _measures(
    lines: Sequence[Line], tax: str, act: dict[str, str], standing: Standing
) -> tuple[list[ChangeRow], set[int]]:
    """The general rates that differ, and the primary keys of those that stand."""
    found: list[ChangeRow] = []
    matched: set[int] = set()
    for line in lines:
        key = {**_GENERAL, "tax": tax, "commodity": line.code}
        target = standing.match(key)
        if target is None:
            values = {"kind": "rate", "tax": tax, "commodity": line.code, "rate": line.rate_text, **act}
            values |= _until(standing.next_start(key))
            found.append(created("measure", values, row=line.row))
            continue
        matched.add(target)
        seen = standing.rows[target]
        wanted = {"rate": line.rate_text, "example": "no"}
        changed = {column: value for column, value in wanted.items() if seen[column] != value}
        if changed:
            values = {**changed, **act}
            found.append(replaced("measure", target, seen, values, row=line.row))
    return found, matched
