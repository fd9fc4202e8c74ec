"""Which measures apply to each item of a consignment: rates of taxes, restrictions and prohibitions.

All rows that could concern any item come with one query, or from what the process remembers of this edition of the
tables; the choice among them is made in memory.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from lib.codes import beginnings
from lib.figures import ZERO
from lib.languages import in_language
from lib.remembered import Remembered
from tariffs.calculation import BEYOND, WHOLE, WITHIN, Consignment, ConsignmentItem, MeasureFact, RestrictionFact
from tariffs.models import CountryGroupMember, Flow, LegalAct, Measure, Tax
from tariffs.rates import parse
from tariffs.selectors.codes import Edition

NO_GROUPS: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Row:
    """A measure as it stands in the table, without the cost of a model instance."""

    id: int
    kind: str
    tax_code: str
    commodity_prefix: str
    excluded_commodities: list[str]
    origin: str
    excluded_origins: list[str]
    procedure: str
    national_procedure: str
    preference: str
    document_code: str
    alternative_documents: list[str]
    quota_number: str
    season_from: str
    season_to: str
    rate_text: str
    additive: bool
    note: str
    note_ru: str
    note_tg: str
    is_example: bool
    legal_act_id: int

    def applies(self, item: ConsignmentItem, groups: frozenset[str]) -> bool:
        """Whether every condition but the commodity (looked up by prefix already) and the season holds."""
        return (
            (not self.origin or self.origin == item.origin_country or self.origin in groups)
            and item.extended_procedure.startswith(self.procedure)
            and self.national_procedure in ("", item.national_procedure)
            and self.preference in ("", item.preference)
            and self.quota_number in ("", item.quota_code)
            and (not self.document_code or self.kind != Measure.Kind.RATE or self.document_code in item.documents)
            and not self._excludes(item, groups)
        )

    def _excludes(self, item: ConsignmentItem, groups: frozenset[str]) -> bool:
        return any(item.commodity_code.startswith(prefix) for prefix in self.excluded_commodities) or any(
            origin == item.origin_country or origin in groups for origin in self.excluded_origins
        )

    def precedence(self, item: ConsignmentItem) -> tuple[int, ...]:
        """Greater goes first: procedure, quota, conditions met, the more exact origin, season, the longer prefix.

        The prefix comes last because a preference for all goods of a group must beat the general rate of one code.
        """
        return (
            len(self.national_procedure),
            len(self.procedure),
            bool(self.quota_number),
            bool(self.preference) + bool(self.document_code),
            0 if not self.origin else 2 if self.origin == item.origin_country else 1,
            bool(self.season_from),
            len(self.commodity_prefix),
        )


# One index look-up for each prefix. Written out because a planner that is given thousands of prefixes in a list counts
# their frequencies one by one, and then reads the whole table, history and all. OFFSET 0 keeps it from joining that
# way, and the sub-select from compiling the query for the sake of the list's length. The end is compared as the index
# `measure_lookup` has it, so that what ended before the day is not even read. The columns are those of `Row`, in order.
_IN_FORCE = """
SELECT found.* FROM unnest((SELECT %(prefixes)s::varchar[])) AS wanted (prefix) CROSS JOIN LATERAL (
    SELECT id, kind, tax_code, commodity_prefix, excluded_commodities, origin, excluded_origins, procedure,
        national_procedure, preference, document_code, alternative_documents, quota_number, season_from, season_to,
        rate_text, additive, note, note_ru, note_tg, is_example, legal_act_id
    FROM "tariffs_measure"
    WHERE commodity_prefix = wanted.prefix AND coalesce(valid_to, '9999-12-31'::date) >= %(on)s
        AND valid_from <= %(on)s AND (tax_code = ANY (%(taxes)s) OR flow = ANY (%(flows)s))
    OFFSET 0
) AS found ORDER BY found.id
"""


@dataclass(frozen=True, slots=True)
class Selection:
    """What applies to each item by its number; `measures[0]` are those of taxes charged on the declaration."""

    measures: Mapping[int, tuple[MeasureFact, ...]]
    restrictions: Mapping[int, tuple[RestrictionFact, ...]]
    quota_items: frozenset[int]


def in_season(season_from: str, season_to: str, *, on: date) -> bool:
    """Whether the day lies in the part of the year from `MM-DD` to `MM-DD`, which may run over the new year."""
    if not season_from:
        return True
    day = f"{on:%m-%d}"
    if season_from <= season_to:
        return season_from <= day <= season_to
    return day >= season_from or day <= season_to


_rows: Remembered[tuple[Edition, date, str, str], tuple[Row, ...]] = Remembered(20_000)
_acts: Remembered[tuple[Edition, int], LegalAct] = Remembered(1_000)
_members: Remembered[tuple[Edition, date], Mapping[str, frozenset[str]]] = Remembered(64)


def forget() -> None:
    """Forget what is remembered of the law; for whoever looks at tables of another place under the same edition."""
    for remembered in (_rows, _acts, _members):
        remembered.clear()


def select(
    consignment: Consignment, taxes: Sequence[Tax], *, quotas: Iterable[str], on: date, edition: Edition
) -> Selection:
    """The measures of each item. Three queries at most however many items; `quotas` are the numbers in force."""
    rows = _rows_by_prefix(taxes, consignment, on=on, edition=edition)
    acts = _acts.many({(edition, row.legal_act_id) for group in rows.values() for row in group}, _read_acts)
    chooser = _Chooser(
        rows=rows,
        groups=_members.one((edition, on), lambda: _groups(on=on)),
        bases={pk: legal_basis(act) for (_edition, pk), act in acts.items()},
        by_item=frozenset(tax.code for tax in taxes if tax.scope == Tax.Scope.ITEM),
        quotas=frozenset(quotas),
    )
    chosen = {item.number: chooser.item(item) for item in consignment.items}
    return Selection(
        measures={0: chooser.whole(consignment)} | {number: found.measures for number, found in chosen.items()},
        restrictions={number: found.restrictions for number, found in chosen.items() if found.restrictions},
        quota_items=frozenset(number for number, found in chosen.items() if found.fits_quota),
    )


_ENGLISH_WORD = re.compile(r"[A-Za-z]{3}")


def acts_by_number(numbers: Iterable[str]) -> dict[str, LegalAct]:
    """The acts of these numbers that the loaded law knows."""
    return LegalAct.objects.in_bulk(sorted(set(numbers) - {""}), field_name="number")


def act_in_words(act: LegalAct) -> str:
    """The act for its reader: where its title is translated, of an English number ("Order 450") the figure alone."""
    title, number = in_language(act, "title"), act.number
    if title != act.title and _ENGLISH_WORD.search(number):
        figures = re.findall(r"[0-9][0-9./-]*", number)
        number = f"№ {figures[-1]}" if figures and figures[-1] not in title else ""
    return f"{number} · {title}" if number else title


def legal_basis(act: LegalAct) -> str:
    """The act as a charge names it: number and title in the reader's language, at most 400 characters."""
    return f"{act.number} · {in_language(act, 'title')}"[:400]


def _rows_by_prefix(
    taxes: Iterable[Tax], consignment: Consignment, *, on: date, edition: Edition
) -> Mapping[str, tuple[Row, ...]]:
    prefixes = {prefix for item in consignment.items for prefix in beginnings(item.commodity_code)} | {""}
    taken = [tax.code for tax in taxes]

    def read(keys: list[tuple[Edition, date, str, str]]) -> dict[tuple[Edition, date, str, str], tuple[Row, ...]]:
        rows = _read_rows([key[-1] for key in keys], taxes=taken, flow=consignment.flow, on=on)
        return {key: tuple(rows.get(key[-1], ())) for key in keys}

    found = _rows.many([(edition, on, consignment.flow, prefix) for prefix in sorted(prefixes)], read)
    return {key[-1]: rows for key, rows in found.items()}


def _read_rows(prefixes: list[str], *, taxes: list[str], flow: str, on: date) -> Mapping[str, list[Row]]:
    named: dict[str, Any] = {"prefixes": prefixes, "on": on, "taxes": taxes, "flows": [flow, str(Flow.BOTH)]}
    with connection.cursor() as cursor:
        cursor.execute(_IN_FORCE, named)
        found = cursor.fetchall()
    rows: dict[str, list[Row]] = defaultdict(list)
    for values in found:
        row = Row(*values)
        if in_season(row.season_from, row.season_to, on=on):
            rows[row.commodity_prefix].append(row)
    return rows


def _read_acts(keys: list[tuple[Edition, int]]) -> dict[tuple[Edition, int], LegalAct]:
    acts = LegalAct.objects.in_bulk([pk for _edition, pk in keys])
    return {key: acts[key[1]] for key in keys}


def _groups(*, on: date) -> Mapping[str, frozenset[str]]:
    """country -> the country groups it belongs to on the date."""
    groups: dict[str, set[str]] = defaultdict(set)
    for country, group in CountryGroupMember.objects.on(on).values_list("country__code", "group__code"):
        groups[country].add(group)
    return {country: frozenset(codes) for country, codes in groups.items()}


@dataclass(frozen=True, slots=True)
class _Chosen:
    measures: tuple[MeasureFact, ...]
    restrictions: tuple[RestrictionFact, ...]
    fits_quota: bool


@dataclass(frozen=True, slots=True)
class _Chooser:
    rows: Mapping[str, tuple[Row, ...]]
    groups: Mapping[str, frozenset[str]]
    bases: Mapping[int, str]
    by_item: frozenset[str]
    quotas: frozenset[str]

    def item(self, item: ConsignmentItem) -> _Chosen:
        groups = self.groups.get(item.origin_country, NO_GROUPS)
        fitting = [
            row
            for prefix in beginnings(item.commodity_code)
            for row in self.rows.get(prefix, ())
            if row.applies(item, groups)
        ]
        rates = [row for row in fitting if row.tax_code in self.by_item]
        restrictions = tuple(self._restriction(row) for row in fitting if row.kind != Measure.Kind.RATE)
        ordinary = _winners([row for row in rates if not row.quota_number], item)
        if not item.quota_code:
            return _Chosen(tuple(self._measure(row, WHOLE) for row in ordinary), restrictions, fits_quota=False)
        within = [row for row in rates if not row.quota_number or row.quota_number in self.quotas]
        fits = any(row.quota_number for row in within)
        return _Chosen(self._in_parts(_winners(within, item), ordinary), restrictions, fits_quota=fits)

    def _in_parts(self, claimed: Sequence[Row], ordinary: Sequence[Row]) -> tuple[MeasureFact, ...]:
        """What the quota covers pays the rates claimed with it, the rest what it would pay without the quota."""
        within = [self._measure(row, WITHIN if row.quota_number else WHOLE) for row in claimed]
        beyond = [self._measure(row, BEYOND) for row in ordinary if row not in claimed]
        return (*within, *beyond)

    def whole(self, consignment: Consignment) -> tuple[MeasureFact, ...]:
        """Measures of taxes charged once on the declaration: by the procedure of its first item."""
        item = consignment.items[0] if consignment.items else ConsignmentItem(0, "", "", ZERO, extended_procedure="")
        fitting = [
            row
            for row in self.rows.get("", ())
            if row.kind == Measure.Kind.RATE and row.tax_code not in self.by_item and row.applies(item, NO_GROUPS)
        ]
        return tuple(self._measure(row, WHOLE) for row in _winners(fitting, item))

    def _measure(self, row: Row, part: str) -> MeasureFact:
        return MeasureFact(
            measure_id=row.id,
            tax_code=row.tax_code,
            rate=parse(row.rate_text),
            rate_text=row.rate_text,
            legal_basis=self.bases[row.legal_act_id],
            is_example=row.is_example,
            origin=row.origin,
            commodity_prefix=row.commodity_prefix,
            part=part,
        )

    def _restriction(self, row: Row) -> RestrictionFact:
        return RestrictionFact(
            measure_id=row.id,
            documents=tuple(code for code in (row.document_code, *row.alternative_documents) if code),
            note=in_language(row, "note"),
            legal_basis=self.bases[row.legal_act_id],
            prohibited=row.kind == Measure.Kind.PROHIBITION,
            is_example=row.is_example,
            commodity_prefix=row.commodity_prefix,
        )


def _winners(fitting: Iterable[Row], item: ConsignmentItem) -> list[Row]:
    """Of each tax the one measure that goes before the others, and every additive one."""
    best: dict[str, Row] = {}
    additive: list[Row] = []
    for row in fitting:
        if row.additive:
            additive.append(row)
        elif row.tax_code not in best or row.precedence(item) > best[row.tax_code].precedence(item):
            best[row.tax_code] = row
    return [*best.values(), *additive]


# Of one commodity code -----------------------------------------------------------------------------------------
def measures_from(code: str, *, on: date) -> list[Measure]:
    """Measures of a commodity code, its own and those it inherits, that are in force on the date or begin later."""
    found = Measure.objects.not_ended(beginnings(code), on=on).select_related("legal_act")
    return _not_excluded(code, found.order_by("tax_code", "-commodity_prefix", "origin", "valid_from"))


def earlier_measures(code: str, *, on: date, most: int) -> list[Measure]:
    """The last measures of a commodity code that had ended before the date, the latest first."""
    found = Measure.objects.filter(commodity_prefix__in=beginnings(code), valid_to__lt=on).select_related("legal_act")
    return _not_excluded(code, found.order_by("-valid_to", "tax_code", "-commodity_prefix", "pk")[:most])


def _not_excluded(code: str, measures: Iterable[Measure]) -> list[Measure]:
    return [
        measure for measure in measures if not any(code.startswith(prefix) for prefix in measure.excluded_commodities)
    ]


def groups_of(country: str, *, on: date) -> frozenset[str]:
    """The country groups a country belongs to on the date."""
    members = CountryGroupMember.objects.on(on).filter(country__code=country)
    return frozenset(members.values_list("group__code", flat=True))


def fits_origin(measure: Measure, origin: str, groups: frozenset[str]) -> bool:
    """Whether the measure is for goods of this country, which belongs to these groups."""
    places = {origin, *groups}
    return measure.origin in ("", *places) and not places.intersection(measure.excluded_origins)
