"""`load_country`: a country's law from a folder of plain tables, whole or not at all. docs/country.md defines it."""

import itertools
import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import IntegrityError, connection
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from lib.country_folder import SETTINGS, settings_of, tables_named
from lib.sheets import Faults, Row, Source, read_table
from lib.violations import refuse
from tariff_changes.selectors.settled import settled
from tariff_changes.services.country_tables import BY_FILE, TABLES
from tariff_changes.services.law_lock import may_write_law
from tariff_changes.services.nomenclature import harmonized_system, load_nomenclature
from tariff_changes.services.sync import Tally, bring_dated_in_line, bring_in_line
from tariffs.models import (
    Commodity,
    Country,
    CountryGroup,
    CountryGroupMember,
    Currency,
    DocumentType,
    ExchangeRate,
    LegalAct,
    Measure,
    Procedure,
    Quota,
    Tax,
    Territory,
    Unit,
)
from tariffs.rates import RateUnreadable, parse
from tariffs.services.edition import new_edition
from tariffs.wording import unreadable

READ_ELSEWHERE = frozenset({"criteria.csv", "synonyms.csv", "targets.csv"})  # by risk, tariff_lookup, clearance
MEASURE_KEY = Measure.KEY
_REQUIRED = ("code", "name", "currency")


@dataclass
class Folder:
    """What a country folder says: settings and the rows of each table, read and not yet written."""

    path: Path
    settings: dict[str, Any]
    faults: Faults = field(default_factory=lambda: Faults(code="T101"))
    rows: dict[str, list[tuple[Source, Row]]] = field(default_factory=dict)

    def of(self, file: str) -> list[Row]:
        return [row for _, row in self.rows.get(file, [])]

    def fault(self, source: Source, column: str, sentence: str) -> None:
        self.faults.add("T101", source.row, column, sentence, file=source.file)


def load_country(folder: Path, *, at: datetime) -> dict[str, Tally]:
    """Load the folder and return a tally for each table. Raises `Rejected` with every fault; then nothing is loaded."""
    read = _read(folder)
    _check(read)
    read.faults.refuse()
    try:
        with may_write_law():
            return _write(read, at=at)
    except IntegrityError as error:
        raise refuse("T102", SETTINGS, _("The tables refuse the load: %(why)s") % {"why": error}) from error


# Reading ------------------------------------------------------------------------------------------------------


def _read(folder: Path) -> Folder:
    path = folder / SETTINGS
    if not path.is_file():
        raise refuse("T101", SETTINGS, _("The folder %(folder)s has no country.toml.") % {"folder": folder})
    try:
        settings = settings_of(folder)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise refuse("T101", SETTINGS, str(error)) from error
    read = Folder(folder, settings)
    _check_settings(read)
    read.faults.refuse()
    for table in TABLES:
        files = tables_named(folder, table.file)
        read.rows[table.file] = [row for file in files for row in read_table(file, table.columns, read.faults)]
    _refuse_strangers(read)
    return read


def _refuse_strangers(read: Folder) -> None:
    for path in sorted(read.path.glob("*.csv")):
        if path.name not in BY_FILE and path.name not in READ_ELSEWHERE:
            read.fault(Source(path.name, 1), "", _("No table of a country folder has this name."))


def _check_settings(read: Folder) -> None:
    for name in _REQUIRED:
        if not isinstance(read.settings.get(name), str) or not read.settings[name]:
            read.fault(Source(SETTINGS, 1), name, _("This setting is missing."))
    try:
        re.compile(read.settings.get("tin_pattern", ""))
    except re.error as error:
        read.fault(Source(SETTINGS, 1), "tin_pattern", str(error))
    if not isinstance(read.settings.get("nomenclature", {}).get("valid_from"), date):
        read.fault(Source(SETTINGS, 1), "nomenclature.valid_from", _("Write a date as 2022-01-01."))
    if not 6 < read.settings.get("commodity_code_length", 10) <= 11:
        read.fault(Source(SETTINGS, 1), "commodity_code_length", _("Write a number from 7 to 11."))
    for name in ("exchange_rate_jump", "exchange_rate_age"):
        if not 0 < read.settings.get(name, 1) < 1000:
            read.fault(Source(SETTINGS, 1), name, _("Write a number from 1 to 999."))
    international = read.settings.get("international")
    if international is not None and not (read.path / international).is_dir():
        read.fault(Source(SETTINGS, 1), "international", _("There is no such folder."))
    present = Territory.objects.first()
    if present is not None and present.code != read.settings.get("code"):
        sentence = _("The tables hold the law of %(country)s. Load another country into an empty database.")
        read.fault(Source(SETTINGS, 1), "code", sentence % {"country": present.code})


# Checking one table against another ---------------------------------------------------------------------------


def _check(read: Folder) -> None:
    codes = {file: _codes(read, file, model) for file, model in _REFERRED.items()}
    codes["quotas.csv"] = _codes(read, "quotas.csv", Quota, "number")
    codes["legal_acts.csv"] = _codes(read, "legal_acts.csv", LegalAct, "number")
    codes["nomenclature.csv"] |= set(harmonized_system())
    for name in {read.settings["currency"], *read.settings.get("trade_currencies", [])} - codes["currencies.csv"]:
        sentence = _("“%(code)s” is not known.") % {"code": name}
        read.faults.add("T101", 1, "currency", sentence, file=SETTINGS)
    origins = codes["countries.csv"] | codes["groups.csv"] | {""}
    _known(read, "group_members.csv", "group", codes["groups.csv"])
    _known(read, "group_members.csv", "country", codes["countries.csv"])
    for file in ("taxes.csv", "quotas.csv", "measures.csv", "fees.csv"):
        _known(read, file, "act", codes["legal_acts.csv"])
    _known(read, "fees.csv", "tax", codes["taxes.csv"], "tax_code")
    _known(read, "measures.csv", "tax", codes["taxes.csv"] | {""}, "tax_code")
    _known(read, "quotas.csv", "unit", codes["units.csv"])
    _known(read, "measures.csv", "quota", codes["quotas.csv"] | {""}, "quota_number")
    _known(read, "measures.csv", "origin", origins)
    _known(read, "measures.csv", "document", codes["document_types.csv"] | {""}, "document_code")
    _known(read, "measures.csv", "procedure", _beginnings(codes["procedures.csv"]))
    _known(read, "nomenclature.csv", "supplementary_unit", codes["units.csv"] | {""})
    _known(read, "units.csv", "base", codes["units.csv"] | {""})
    for source, row in read.rows["taxes.csv"]:
        for code in row["base_taxes"]:
            if code not in codes["taxes.csv"]:
                read.fault(source, "base_taxes", _("“%(code)s” is not known.") % {"code": code})
    for source, row in read.rows["exchange_rates.csv"]:
        if row["rate"] <= 0 or row["nominal"] <= 0:
            read.fault(source, "rate", _("A rate and its nominal are greater than zero."))
    _check_measures(read, origins=origins, documents=codes["document_types.csv"])
    _check_nomenclature(read)
    for file, key in _UNIQUE.items():
        _once_a_day(read, file, key)


def _check_measures(read: Folder, *, origins: set[str], documents: set[str]) -> None:
    """A rate names its tax and rate text; a restriction its flow and the paper it asks for; lists name what exists."""
    needed = {
        Measure.Kind.RATE: ("tax_code", "rate_text"),
        Measure.Kind.RESTRICTION: ("flow", "document_code"),
        Measure.Kind.PROHIBITION: ("flow",),
    }
    columns = {"tax_code": "tax", "rate_text": "rate", "document_code": "document"}
    for source, row in read.rows["measures.csv"]:
        for name in needed[row["kind"]]:
            if not row[name]:
                read.fault(source, columns.get(name, name), _("This cell is empty."))
        for column, known in (("excluded_origins", origins), ("alternative_documents", documents)):
            for code in set(row[column]) - known:
                read.fault(source, column, _("“%(code)s” is not known.") % {"code": code})
        if bool(row["season_from"]) != bool(row["season_to"]):
            read.fault(source, "season_to", _("A season has a first and a last day."))


_REFERRED: dict[str, Any] = {
    "groups.csv": CountryGroup,
    "countries.csv": Country,
    "currencies.csv": Currency,
    "document_types.csv": DocumentType,
    "procedures.csv": Procedure,
    "taxes.csv": Tax,
    "units.csv": Unit,
    "nomenclature.csv": Commodity,
}
_UNIQUE: dict[str, tuple[str, ...]] = {
    "group_members.csv": ("group", "country"),
    "procedures.csv": ("code", "is_national"),
    "taxes.csv": ("code",),
    "measures.csv": MEASURE_KEY,
    "quotas.csv": ("number",),
    "exchange_rates.csv": ("currency",),
}


def _codes(read: Folder, file: str, model: Any, column: str = "code") -> set[str]:
    return {row[column] for row in read.of(file)} | set(model.objects.values_list(column, flat=True))


def _beginnings(codes: Iterable[str]) -> set[str]:
    return {code[:length] for code in codes for length in range(len(code) + 1)}


def _known(read: Folder, file: str, column: str, codes: set[str], field_name: str = "") -> None:
    for source, row in read.rows[file]:
        value = row[field_name or column]
        if value not in codes:
            read.fault(source, column, _("“%(code)s” is not known.") % {"code": value})


def _check_nomenclature(read: Folder) -> None:
    length = read.settings.get("commodity_code_length", 10)
    lines = {row["code"] for row in read.of("nomenclature.csv")} | set(harmonized_system())
    seen: set[str] = set()
    for source, row in read.rows["nomenclature.csv"]:
        code = row["code"]
        if code in seen:
            read.fault(source, "code", _("“%(code)s” stands twice.") % {"code": code})
        seen.add(code)
        if len(code) > length:
            read.fault(source, "code", _("A code has at most %(length)d digits.") % {"length": length})
        if len(code) > 2 and code[: _above(code)] not in lines:
            sentence = _("No line %(code)s is in the HS 2022 or in this table.")
            read.fault(source, "code", sentence % {"code": code[: _above(code)]})
        if code not in harmonized_system() and not row["description"]:
            read.fault(source, "description", _("This cell is empty."))
    for source, row in read.rows["measures.csv"]:
        if len(row["commodity_prefix"]) > length:
            read.fault(source, "commodity", _("A code has at most %(length)d digits.") % {"length": length})


def _above(code: str) -> int:
    """Digits of the line of the HS that a code stands below: chapter, heading or subheading."""
    return max(digits for digits in (2, 4, 6) if digits < len(code))


def _once_a_day(read: Folder, file: str, key: tuple[str, ...]) -> None:
    """Two rows of one thing may not begin on the same day, nor the later before the earlier has ended."""
    series: dict[tuple[Any, ...], list[tuple[Source, Row]]] = defaultdict(list)
    for source, row in read.rows[file]:
        if row["valid_to"] is not None and row["valid_to"] < row["valid_from"]:
            read.fault(source, "valid_to", _("The validity ends before it begins."))
        series[tuple(row[name] for name in key)].append((source, row))
    for rows in series.values():
        rows.sort(key=lambda pair: pair[1]["valid_from"])
        for (first, earlier), (second, later) in itertools.pairwise(rows):
            end = earlier["valid_to"]
            same_day = earlier["valid_from"] == later["valid_from"]
            if same_day or (end is not None and end >= later["valid_from"]):
                read.fault(second, "valid_from", _("This overlaps row %(row)d.") % {"row": first.row})


# Writing ------------------------------------------------------------------------------------------------------


def _write(read: Folder, *, at: datetime) -> dict[str, Tally]:
    tallies: dict[str, Tally] = {}
    for table in TABLES:
        write = _WRITERS.get(table.file)
        if table.file == "nomenclature.csv":
            tallies[table.file] = _write_nomenclature(read, on=localdate(at))
        elif write is not None:
            tallies[table.file] = write(read)
        else:
            tallies[table.file] = bring_in_line(table.model, _last_of_each(read.of(table.file), table.key), table.key)
    changed = any(tally.written for tally in tallies.values())
    tallies[SETTINGS] = _write_territory(read, at=at, changed=changed)
    if changed:
        _count_anew()
    return tallies


def _count_anew() -> None:
    """Tell the planner how large the tables have become: until it knows, it reads them whole for each question."""
    tables = (Commodity, Measure, ExchangeRate)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE " + ", ".join(table._meta.db_table for table in tables))


def _last_of_each(rows: list[Row], key: tuple[str, ...]) -> list[Row]:
    """National rows stand after the international ones and replace those with the same code."""
    return list({tuple(row[name] for name in key): row for row in rows}.values())


def _write_territory(read: Folder, *, at: datetime, changed: bool) -> Tally:
    settings = read.settings
    row = {
        "code": settings["code"],
        "name": settings["name"],
        "name_ru": settings.get("name_ru", ""),
        "name_tg": settings.get("name_tg", ""),
        "currency": settings["currency"],
        "trade_currencies": settings.get("trade_currencies", []),
        "tin_pattern": settings.get("tin_pattern", r"\d{9}"),
        "commodity_code_length": settings.get("commodity_code_length", 10),
        "language": settings.get("language", "en"),
        "exchange_rate_jump": settings.get("exchange_rate_jump", 10),
        "exchange_rate_age": settings.get("exchange_rate_age", 7),
    }
    tally = bring_in_line(Territory, [row], ["code"])
    if changed or tally.written:
        new_edition(at=at)
    return tally


def _acts(rows: Iterable[Row], column: str = "act") -> Mapping[str, LegalAct]:
    numbers = {row[column] for row in rows}
    return {act.number: act for act in LegalAct.objects.filter(number__in=numbers)}


def _with_acts(rows: list[Row]) -> list[Row]:
    acts = _acts(rows)
    return [
        {**{name: value for name, value in row.items() if name != "act"}, "legal_act": acts[row["act"]]} for row in rows
    ]


def _write_group_members(read: Folder) -> Tally:
    groups = {group.code: group for group in CountryGroup.objects.all()}
    countries = {country.code: country for country in Country.objects.all()}
    rows = [
        {**row, "group": groups[row["group"]], "country": countries[row["country"]]}
        for row in read.of("group_members.csv")
    ]
    return bring_dated_in_line(CountryGroupMember, rows, ["group", "country"], settled=settled("group_member"))


def _write_legal_acts(read: Folder) -> Tally:
    acts = _last_of_each(read.of("legal_acts.csv"), ("number",))
    return bring_in_line(LegalAct, acts, ["number"], settled=settled("legal_act"))


def _write_procedures(read: Folder) -> Tally:
    return bring_dated_in_line(Procedure, read.of("procedures.csv"), ["code", "is_national"])


def _write_taxes(read: Folder) -> Tally:
    return bring_dated_in_line(Tax, _with_acts(read.of("taxes.csv")), ["code"], settled=settled("tax"))


def _write_quotas(read: Folder) -> Tally:
    return bring_dated_in_line(Quota, _with_acts(read.of("quotas.csv")), ["number"], settled=settled("quota"))


def _write_measures(read: Folder) -> Tally:
    return bring_dated_in_line(Measure, _with_acts(read.of("measures.csv")), MEASURE_KEY, settled=settled("measure"))


def _write_fees(read: Folder) -> Tally:
    """Rows of one tax and one validity are the steps of one table by value."""
    steps: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in read.of("fees.csv"):
        steps[(row["tax_code"], row["valid_from"], row["valid_to"], row["act"], row["is_example"])].append(row)
    rows = []
    for (tax, start, end, act, example), fees in steps.items():
        table = "; ".join(f"{fee['from_value']}: {fee['fee']}" for fee in sorted(fees, key=lambda f: f["from_value"]))
        rows.append(
            {
                **dict.fromkeys(MEASURE_KEY, ""),
                "kind": Measure.Kind.RATE,
                "tax_code": tax,
                "additive": False,
                "rate_text": f"step({table})",
                "is_example": example,
                "act": act,
                "valid_from": start,
                "valid_to": end,
            }
        )
    for row in rows:
        _readable(row["rate_text"])
    return bring_dated_in_line(Measure, _with_acts(rows), MEASURE_KEY, settled=settled("measure"))


def _readable(rate_text: str) -> None:
    try:
        parse(rate_text)
    except RateUnreadable as error:
        raise refuse("T101", "fees.csv", unreadable(error)) from error


def _write_nomenclature(read: Folder, *, on: date) -> Tally:
    settings = read.settings["nomenclature"]
    act = LegalAct.objects.filter(number=settings.get("act", "")).first()
    rows = [{**row, "valid_from": row["valid_from"] or settings["valid_from"]} for row in read.of("nomenclature.csv")]
    return load_nomenclature(
        rows,
        length=read.settings.get("commodity_code_length", 10),
        valid_from=settings["valid_from"],
        act=act,
        on=on,
    )


def _write_exchange_rates(read: Folder) -> Tally:
    """A rate without an end holds until the next one of its currency; the last stays in force."""
    series: dict[str, list[Row]] = defaultdict(list)
    for row in read.of("exchange_rates.csv"):
        series[row["currency"]].append(row)
    rows = []
    for rates in series.values():
        rates.sort(key=lambda row: row["valid_from"])
        starts = [row["valid_from"] for row in rates[1:]] + [None]
        for row, following in zip(rates, starts, strict=True):
            end = row["valid_to"] or (following - timedelta(days=1) if following else None)
            rows.append({**row, "valid_to": end})
    return bring_dated_in_line(ExchangeRate, rows, ["currency"])


_WRITERS: dict[str, Callable[[Folder], Tally]] = {
    "group_members.csv": _write_group_members,
    "legal_acts.csv": _write_legal_acts,
    "procedures.csv": _write_procedures,
    "taxes.csv": _write_taxes,
    "quotas.csv": _write_quotas,
    "measures.csv": _write_measures,
    "fees.csv": _write_fees,
    "exchange_rates.csv": _write_exchange_rates,
}
