"""`load_tariff`: a national tariff from one table `code10,heading_ru,name_ru,duty_rate_text,ambiguous_duplicate`.

Whole or not at all: a row that cannot be read refuses the load and is named by row and column. Rows that the table
itself flags as ambiguous are left out and reported. What the table replaces ends the day before it begins.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from customs_portal.lib.violations import refuse
from tariffs.models import Commodity, LegalAct, Measure, Tax
from tariffs.services import search
from tariffs.services.load_country import new_edition
from tariffs.services.nomenclature import HS_DIGITS, end_lines, harmonized_system
from tariffs.services.sync import BATCH, Tally
from tariffs.services.tables import Column, Faults, Row, Source, flag, matching, rate_text, read_table, text

Progress = Callable[[str, int, int], None]
_BARE_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_DASHES = re.compile(r"^(?:[-–—]\s*)*")
TABLE = (
    Column("code10", matching(r"\d{10}", _("Write ten digits."))),
    Column("heading_ru", text(4000), required=False),
    Column("name_ru", text(4000), required=False),
    Column("duty_rate_text", lambda value: rate_text(as_percent(value))),
    Column("ambiguous_duplicate", flag, required=False),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table: a code of ten digits, the Russian text with its dashes counted, and its rate."""

    row: int
    code: str
    heading: str
    text: str
    indent: int
    rate_text: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a load did. `flagged` and `bare` are codes: left out as ambiguous, and bare numbers read as per cent."""

    rows: int
    commodities: Tally
    measures: Tally
    ended: int
    flagged: Sequence[str] = field(default_factory=tuple)
    bare: Sequence[str] = field(default_factory=tuple)


def as_percent(value: str) -> str:
    """A number without a unit is per cent: the column is headed "in per cent of the customs value, or in euro"."""
    return f"{value}%" if _BARE_NUMBER.fullmatch(value) and value != "0" else value


def load_tariff(
    file: Path, *, tax: str, act: str, start: date, at: datetime, progress: Progress = lambda what, done, total: None
) -> Outcome:
    """Load the table for `tax`, resting on `act`, in force from `start`. Raises `Rejected` and then changes nothing."""
    faults = Faults()
    rows = read_table(file, TABLE, faults)
    progress(_("rows read"), len(rows), len(rows))
    _check(rows, faults)
    faults.refuse()
    legal_act = _legal_act(tax, act, start=start)
    lines = [_line(source, row) for source, row in rows if not row["ambiguous_duplicate"]]
    try:
        with transaction.atomic():
            outcome = _write(lines, tax=tax, act=legal_act, start=start, progress=progress)
            if outcome.commodities.written or outcome.measures.written or outcome.ended:
                search.rebuild()
                new_edition(at=at)
    except IntegrityError as error:
        raise refuse("T102", file.name, _("The tables refuse the load: %(why)s") % {"why": error}) from error
    progress(_("done"), len(lines), len(lines))
    return replace(
        outcome,
        rows=len(rows),
        flagged=tuple(row["code10"] for _source, row in rows if row["ambiguous_duplicate"]),
        bare=tuple(_bare_numbers(file)),
    )


def _bare_numbers(file: Path) -> Iterator[str]:
    raw = (
        Column("code10", str),
        Column("duty_rate_text", str),
        *(Column(name, str, required=False) for name in ("heading_ru", "name_ru", "ambiguous_duplicate")),
    )
    for _source, row in read_table(file, raw, Faults()):
        if as_percent(row["duty_rate_text"]) != row["duty_rate_text"]:
            yield row["code10"]


def _check(rows: Sequence[tuple[Source, Row]], faults: Faults) -> None:
    first: dict[str, int] = {}
    if not rows and not faults.found:
        faults.add(Source("", 1), "", _("The table has no rows."))
    for source, row in rows:
        code = row["code10"]
        if code[:HS_DIGITS] not in harmonized_system():
            faults.add(source, "code10", _("No subheading %(code)s is in the HS 2022.") % {"code": code[:HS_DIGITS]})
        if row["ambiguous_duplicate"]:
            continue
        if code in first:
            faults.add(source, "code10", _("The code stands in row %(row)d already.") % {"row": first[code]})
        first.setdefault(code, source.row)


def _legal_act(tax: str, act: str, *, start: date) -> LegalAct:
    if not Tax.objects.on(start).filter(code=tax).exists():
        raise refuse("T103", "tax", _("No tax %(code)s is in force on that date.") % {"code": tax})
    found = LegalAct.objects.filter(number=act).first()
    if found is None:
        raise refuse("T104", "act", _("No legal act has the number “%(number)s”.") % {"number": act})
    return found


def _line(source: Source, row: Row) -> Line:
    dashes = _DASHES.match(row["name_ru"])
    prefix = dashes.group() if dashes else ""
    return Line(
        row=source.row,
        code=row["code10"],
        heading=_sentence_case(row["heading_ru"]),
        text=row["name_ru"][len(prefix) :].strip() or _sentence_case(row["heading_ru"]),
        indent=len(re.findall(r"[-–—]", prefix)),
        rate_text=row["duty_rate_text"],
    )


def _sentence_case(heading: str) -> str:
    """Headings stand in capitals: ЖИВЫЕ ДЕРЕВЬЯ -> Живые деревья."""
    return heading[:1] + heading[1:].lower() if heading.isupper() else heading


# Writing ------------------------------------------------------------------------------------------------------


def _write(lines: Sequence[Line], *, tax: str, act: LegalAct, start: date, progress: Progress) -> Outcome:
    named = _name_upper_lines(lines)
    progress(_("headings named"), named.written, len(lines))
    commodities = _write_commodities(lines, act=act, start=start)
    progress(_("codes written"), commodities.written, len(lines))
    ended = _end_generic_codes({line.code for line in lines}, on=start)
    measures = _write_measures(lines, tax=tax, act=act, start=start)
    progress(_("rates written"), measures.written, len(lines))
    return Outcome(len(lines), commodities + named, measures, ended.changed)


def _name_upper_lines(lines: Sequence[Line]) -> Tally:
    """Russian texts for headings, and for subheadings that have one code below them, where they have none yet."""
    texts: dict[str, str] = {}
    for line in lines:
        texts.setdefault(line.code[:4], line.heading)
        if line.code.endswith("0000") and line.text:
            texts.setdefault(line.code[:HS_DIGITS], line.text)
    unnamed = Commodity.objects.filter(code__in=[code for code, name in texts.items() if name], description_ru="")
    changed = list(unnamed)
    for commodity in changed:
        commodity.description_ru = texts[commodity.code]
    Commodity.objects.bulk_update(changed, ["description_ru"], batch_size=BATCH)
    return Tally(changed=len(changed))


def _write_commodities(lines: Sequence[Line], *, act: LegalAct, start: date) -> Tally:
    present = {line.code: line for line in Commodity.objects.on(start).filter(code__in=[line.code for line in lines])}
    new: list[Commodity] = []
    changed: list[Commodity] = []
    for line in lines:
        values = {
            "description_ru": line.text,
            "indent": line.indent,
            "declarable": True,
            "legal_act_id": act.pk,
        }
        found = present.get(line.code)
        if found is None:
            new.append(Commodity(code=line.code, valid_from=start, valid_to=None, **values))
        elif any(getattr(found, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(found, name, value)
            changed.append(found)
    Commodity.objects.bulk_update(changed, ["description_ru", "indent", "declarable", "legal_act"], batch_size=BATCH)
    Commodity.objects.bulk_create(new, batch_size=BATCH)
    return Tally(len(new), len(changed), len(lines) - len(new) - len(changed))


def _end_generic_codes(codes: set[str], *, on: date) -> Tally:
    """A code `xxxxxx0000` stood for a whole subheading; where the table splits that, it ends."""
    generic = {code[:HS_DIGITS] + "0" * (len(code) - HS_DIGITS) for code in codes}
    return end_lines(generic - codes, on=on)


def _write_measures(lines: Sequence[Line], *, tax: str, act: LegalAct, start: date) -> Tally:
    """The general rate of each code: an equal one stays, another ends the day before `start`."""
    general = Measure.objects.filter(
        kind=Measure.Kind.RATE, tax_code=tax, origin="", procedure="", national_procedure="", preference="",
        document_code="", quota_number="", season_from="", additive=False,
    ).filter(commodity_prefix__in=[line.code for line in lines])
    present = {row.commodity_prefix: row for row in general.on(start)}
    following = _next_starts(general.filter(valid_from__gt=start).values_list("commodity_prefix", "valid_from"))
    new: list[Measure] = []
    ended: list[Measure] = []
    changed: list[Measure] = []
    for line in lines:
        found = present.get(line.code)
        if found is not None and (found.rate_text, found.legal_act_id, found.is_example) == (
            line.rate_text,
            act.pk,
            False,
        ):
            continue
        if found is not None and found.valid_from == start:
            found.rate_text, found.legal_act, found.is_example = line.rate_text, act, False
            changed.append(found)
            continue
        end = following.get(line.code)
        if found is not None:
            end = found.valid_to
            found.valid_to = start - timedelta(days=1)
            ended.append(found)
        elif end is not None:
            end -= timedelta(days=1)
        new.append(
            Measure(
                tax_code=tax,
                commodity_prefix=line.code,
                rate_text=line.rate_text,
                legal_act=act,
                valid_from=start,
                valid_to=end,
            )
        )
    Measure.objects.bulk_update(ended, ["valid_to"], batch_size=BATCH)
    Measure.objects.bulk_update(changed, ["rate_text", "legal_act", "is_example"], batch_size=BATCH)
    Measure.objects.bulk_create(new, batch_size=BATCH)
    return Tally(len(new), len(changed), len(lines) - len(new) - len(changed))


def _next_starts(pairs: Iterable[tuple[str, date]]) -> dict[str, date]:
    starts: dict[str, date] = {}
    for code, start in pairs:
        starts[code] = min(start, starts.get(code, start))
    return starts
