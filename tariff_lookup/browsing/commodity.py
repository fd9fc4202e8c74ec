"""A line of the nomenclature on a date: its measures in groups, its papers, what changes next, and what was before."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from lib.languages import in_language
from tariff_lookup.browsing.rows import MeasureRow, Papers, QuotaRows, Wording, papers_for, plainest_first
from tariff_lookup.browsing.tree import Branches, branches_below, section_of
from tariffs.models import Commodity, Measure, Section, Tax
from tariffs.selectors import (
    earlier_measures,
    fits_origin,
    groups_of,
    measures_from,
    path_to,
    quota_balances,
)

COMING_SHOWN = 20
HISTORY_SHOWN = 60


@dataclass(frozen=True, slots=True)
class TaxRows:
    """The rates of a tax for everyone, and those under a procedure of their own."""

    tax: Tax
    rows: tuple[MeasureRow, ...]
    reliefs: tuple[MeasureRow, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to the law of a line on a day: a measure begins, perhaps in place of `before`, or `row` ends."""

    day: date
    row: MeasureRow
    before: MeasureRow | None = None
    ends: bool = False


@dataclass(frozen=True)
class CommodityPage:
    """A line of the nomenclature on a date; with `origin` what goods of this country pay."""

    commodity: Commodity
    path: list[Commodity]
    section: Section | None
    on: date
    origin: str = ""

    @property
    def notes(self) -> list[tuple[str, str]]:
        """(code, note in the reader's language) of the section and of each line down to this one that has a note."""
        named = [(self.section.roman, self.section)] if self.section is not None else []
        rows = [*named, *((row.code, row) for row in self.path)]
        return [(code, note) for code, row in rows if (note := in_language(row, "note"))]

    @cached_property
    def branches(self) -> Branches:
        return Branches([], []) if self.commodity.declarable else branches_below(self.commodity.code, on=self.on)

    # Measures -------------------------------------------------------------------------------------------------
    @cached_property
    def _from_today(self) -> list[Measure]:
        """What is in force on the date or begins later, and fits the origin."""
        found = measures_from(self.commodity.code, on=self.on)
        if not self.origin:
            return found
        groups = groups_of(self.origin, on=self.on)
        return [measure for measure in found if fits_origin(measure, self.origin, groups)]

    @cached_property
    def _past(self) -> list[Measure]:
        return earlier_measures(self.commodity.code, on=self.on, most=HISTORY_SHOWN)

    @cached_property
    def _all_taxes(self) -> list[Tax]:
        return list(Tax.objects.on(self.on).select_related("legal_act"))

    @cached_property
    def _wording(self) -> Wording:
        mentioned = [*self._from_today, *self._past]
        return Wording(mentioned, taxes=self._all_taxes, path=self.path, on=self.on)

    @cached_property
    def measures(self) -> list[Measure]:
        """Measures that apply: of equal conditions only the one with the longest prefix; restrictions all."""
        kept: dict[tuple[object, ...], Measure] = {}
        for measure in self._from_today:
            if measure.valid_from > self.on:
                continue
            key = _series(measure)
            if key not in kept or len(kept[key].commodity_prefix) < len(measure.commodity_prefix):
                kept[key] = measure
        return sorted(kept.values(), key=lambda measure: plainest_first(measure, on=self.on))

    @cached_property
    def taxes(self) -> list[TaxRows]:
        """Rates by tax, in the order of computation, without those of quotas."""
        rates = [measure for measure in self.measures if measure.tax_code and not measure.quota_number]
        found = []
        for tax in self._all_taxes:
            rows = self._wording.rows(measure for measure in rates if measure.tax_code == tax.code)
            usual = tuple(row for row in rows if not row.procedure)
            reliefs = tuple(row for row in rows if row.procedure)
            if rows:
                found.append(TaxRows(tax, usual, reliefs))
        return found

    @cached_property
    def quotas(self) -> list[QuotaRows]:
        """Quotas in force with their balances and the rates they are for."""
        by_number: dict[str, list[Measure]] = {}
        for measure in self.measures:
            if measure.quota_number:
                by_number.setdefault(measure.quota_number, []).append(measure)
        balances = quota_balances(by_number, on=self.on) if by_number else []
        return [QuotaRows(balance, self._wording.rows(by_number[balance.quota.number])) for balance in balances]

    @cached_property
    def restrictions(self) -> tuple[MeasureRow, ...]:
        """What the goods need a paper for."""
        return self._wording.rows(self._of_kind(Measure.Kind.RESTRICTION))

    @cached_property
    def prohibitions(self) -> tuple[MeasureRow, ...]:
        return self._wording.rows(self._of_kind(Measure.Kind.PROHIBITION))

    def _of_kind(self, kind: str) -> Iterable[Measure]:
        return (measure for measure in self.measures if measure.kind == kind)

    @property
    def rows(self) -> list[MeasureRow]:
        """Every measure that applies: rates by tax, then those of quotas, restrictions, prohibitions."""
        by_tax = [row for tax in self.taxes for row in (*tax.rows, *tax.reliefs)]
        by_quota = [row for quota in self.quotas for row in quota.rows]
        return [*by_tax, *by_quota, *self.restrictions, *self.prohibitions]

    @cached_property
    def preferences(self) -> list[MeasureRow]:
        """Rates that ask for a proof of origin or a claim of preference."""
        return [row for tax in self.taxes for row in tax.rows if row.measure.document_code or row.measure.preference]

    @cached_property
    def papers(self) -> Papers:
        return papers_for(self.measures)

    # Time -----------------------------------------------------------------------------------------------------
    @cached_property
    def coming(self) -> list[Change]:
        """What changes after the date, the next first (at most 20)."""
        known = {(_exactly(measure), measure.valid_from): measure for measure in self._from_today}
        ending = {(_exactly(measure), measure.valid_to): measure for measure in self._from_today}
        changes = [
            Change(measure.valid_from, self._wording.row(measure), self._before(ending.get(_just_before(measure))))
            for measure in self._from_today
            if measure.valid_from > self.on
        ]
        changes += [
            Change(_day_after(measure.valid_to), self._wording.row(measure), ends=True)
            for measure in self._from_today
            if measure.valid_to is not None
            and measure.valid_to < date.max
            and (_exactly(measure), _day_after(measure.valid_to)) not in known
        ]
        return sorted(changes, key=lambda change: (change.day, change.ends))[:COMING_SHOWN]

    def _before(self, measure: Measure | None) -> MeasureRow | None:
        return self._wording.row(measure) if measure is not None else None

    @cached_property
    def history(self) -> tuple[MeasureRow, ...]:
        """Measures that have ended, the last first (at most 60)."""
        return self._wording.rows(self._past)

    @cached_property
    def editions(self) -> list[Commodity]:
        """Every row this code ever had in the nomenclature, the latest first."""
        return validity_of(self.commodity.code)


def _series(measure: Measure) -> tuple[object, ...]:
    """Conditions under which only one rate applies. Additive rates, restrictions and prohibitions all apply."""
    alone = not measure.additive and measure.kind == Measure.Kind.RATE
    return (
        measure.tax_code, measure.origin, measure.procedure, measure.national_procedure, measure.preference,
        measure.document_code, measure.quota_number, measure.season_from, measure.season_to,
        None if alone else measure.pk,
    )  # fmt: skip


def _exactly(measure: Measure) -> tuple[object, ...]:
    """All that tells a measure apart from others but its validity."""
    return tuple(getattr(measure, name) for name in Measure.KEY)


def _just_before(measure: Measure) -> tuple[tuple[object, ...], date]:
    return _exactly(measure), measure.valid_from - timedelta(days=1)


def _day_after(day: date) -> date:
    return day + timedelta(days=1)


def commodity_page(code: str, *, on: date, origin: str = "") -> CommodityPage | None:
    """The page of `code` on a date; None where no such line is in force then."""
    path = path_to(code, on=on)
    if not path or path[-1].code != code:
        return None
    return CommodityPage(path[-1], path, section_of(code), on, origin)


def validity_of(code: str) -> list[Commodity]:
    """Every row a code ever had, the latest first."""
    return list(Commodity.objects.filter(code=code).order_by("-valid_from"))
