"""The tree of the nomenclature: sections, chapters, and the lines below a line with their general rates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.db.models.functions import Length

from lib.codes import beginnings
from tariffs.models import Commodity, Measure, Section, Tax
from tariffs.selectors import in_season

CHAPTER = 2
HEADING = 4


def sections_with_chapters(*, on: date) -> list[tuple[Section, list[Commodity]]]:
    """Every section with its chapters. Two queries."""
    chapters = list(Commodity.objects.on(on).filter(code__length=CHAPTER))
    return [
        (section, [row for row in chapters if section.first_chapter <= row.code <= section.last_chapter])
        for section in Section.objects.all()
    ]


def section_of(code: str) -> Section | None:
    """The section a code lies in."""
    return Section.objects.filter(first_chapter__lte=code[:2], last_chapter__gte=code[:2]).first()


@dataclass(frozen=True, slots=True)
class Branch:
    """A line below another: how deep it lies, its general rates by tax code."""

    commodity: Commodity
    depth: int
    rates: Mapping[str, Measure]


@dataclass(frozen=True, slots=True)
class Branches:
    """The lines below a code, and the taxes whose rate differs among them."""

    taxes: list[Tax]
    lines: list[Branch]


def branches_below(code: str, *, on: date) -> Branches:
    """Headings of a chapter, or all lines of a heading or subheading, with their general rates. Three queries."""
    below = Commodity.objects.on(on).filter(code__startswith=code).annotate(length=Length("code"))
    if len(code) == CHAPTER:
        return Branches([], [Branch(row, 0, {}) for row in below.filter(length=HEADING)])
    rows = list(below.filter(length__gt=len(code)))
    general = _general_measures(code, on=on)
    special = {
        tax for group in general.values() for tax, prefix in ((m.tax_code, m.commodity_prefix) for m in group) if prefix
    }
    taxes = [tax for tax in Tax.objects.on(on).filter(scope=Tax.Scope.ITEM) if tax.code in special]
    open_codes: list[str] = []
    lines = []
    for row in rows:
        while open_codes and not row.code.startswith(open_codes[-1]):
            open_codes.pop()
        lines.append(Branch(row, len(open_codes), _rates(row.code, general) if row.declarable else {}))
        open_codes.append(row.code)
    return Branches(taxes, lines)


def _general_measures(code: str, *, on: date) -> dict[str, list[Measure]]:
    """Rates without any condition on origin, procedure, papers or quota, by prefix: those above `code` and below it."""
    found: dict[str, list[Measure]] = {}
    unconditional = Measure.objects.on(on).filter(
        Q(commodity_prefix__in=beginnings(code)) | Q(commodity_prefix__startswith=code),
        kind=Measure.Kind.RATE, origin="", procedure="", national_procedure="", preference="", document_code="",
        quota_number="", additive=False,
    )  # fmt: skip
    for measure in unconditional:
        if in_season(measure.season_from, measure.season_to, on=on):
            found.setdefault(measure.commodity_prefix, []).append(measure)
    return found


def _rates(code: str, general: Mapping[str, list[Measure]]) -> dict[str, Measure]:
    """The general measure of each tax for `code`: a season before none, then the longest prefix."""
    rates: dict[str, Measure] = {}
    for prefix in beginnings(code):
        for measure in general.get(prefix, ()):
            held = rates.get(measure.tax_code)
            outside = any(code.startswith(excluded) for excluded in measure.excluded_commodities)
            if not outside and (held is None or bool(measure.season_from) >= bool(held.season_from)):
                rates[measure.tax_code] = measure
    return rates
