"""What the public tariff pages show: the tree of the nomenclature, a line with its measures, rates of exchange."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Q
from django.db.models.functions import Length

from customs_portal.lib.languages import in_language
from tariffs.models import (
    Commodity,
    Country,
    CountryGroup,
    CountryGroupMember,
    DocumentType,
    LegalAct,
    Measure,
    Procedure,
    Section,
    Tax,
)
from tariffs.selectors import measures_of, path_to
from tariffs.wording import base_in_words, rate_in_words, tax_names

CHAPTER = 2
HEADING = 4


# The tree -----------------------------------------------------------------------------------------------------
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
    """Measures without any condition on origin, procedure or papers, by prefix: those above `code` and below it."""
    above = [code[:length] for length in range(len(code) + 1)]
    found: dict[str, list[Measure]] = {}
    unconditional = Measure.objects.on(on).filter(
        Q(commodity_prefix__in=above) | Q(commodity_prefix__startswith=code),
        origin="", procedure="", national_procedure="", preference="", document_code="", additive=False,
    )  # fmt: skip
    for measure in unconditional:
        found.setdefault(measure.commodity_prefix, []).append(measure)
    return found


def _rates(code: str, general: Mapping[str, list[Measure]]) -> dict[str, Measure]:
    """The general measure of each tax for `code`: the longest prefix wins."""
    rates: dict[str, Measure] = {}
    for length in range(len(code) + 1):
        for measure in general.get(code[:length], ()):
            rates[measure.tax_code] = measure
    return rates


# One line -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A measure as the page of a line shows it."""

    measure: Measure
    origin: str
    members: tuple[str, ...]
    document: str
    procedure: str
    in_words: str

    @property
    def act(self) -> LegalAct:
        return self.measure.legal_act


@dataclass(frozen=True, slots=True)
class TaxRows:
    tax: Tax
    rows: tuple[MeasureRow, ...]


@dataclass(frozen=True)
class CommodityPage:
    """A line of the nomenclature on a date."""

    commodity: Commodity
    path: list[Commodity]
    section: Section | None
    on: date
    origin: str = ""

    @cached_property
    def branches(self) -> Branches:
        return Branches([], []) if self.commodity.declarable else branches_below(self.commodity.code, on=self.on)

    @cached_property
    def measures(self) -> list[Measure]:
        """Measures that apply: of equal conditions only the one with the longest prefix."""
        kept: dict[tuple[object, ...], Measure] = {}
        for measure in measures_of(self.commodity.code, on=self.on, origin=self.origin):
            key = (*_conditions(measure), measure.pk if measure.additive else None)
            if key not in kept or len(kept[key].commodity_prefix) < len(measure.commodity_prefix):
                kept[key] = measure
        return list(kept.values())

    @cached_property
    def taxes(self) -> list[TaxRows]:
        """Measures by tax, in the order of computation."""
        taxes = list(Tax.objects.on(self.on).select_related("legal_act"))
        names = tax_names(taxes)
        words = _Words(self.measures, on=self.on)
        return [
            TaxRows(tax, rows)
            for tax in taxes
            if (
                rows := tuple(
                    words.row(measure, base_in_words(tax, names))
                    for measure in sorted(self.measures, key=_plainest_first)
                    if measure.tax_code == tax.code
                )
            )
        ]

    @cached_property
    def preferences(self) -> list[MeasureRow]:
        """Rows that ask for a proof of origin or a claim of preference."""
        return [row for tax in self.taxes for row in tax.rows if row.measure.document_code or row.measure.preference]

    @cached_property
    def papers(self) -> "Papers":
        return papers_for(self.measures)

    @cached_property
    def coming(self) -> list[Measure]:
        """Measures that take effect after the date, the next first."""
        above = [self.commodity.code[:length] for length in range(len(self.commodity.code) + 1)]
        later = Measure.objects.filter(commodity_prefix__in=above, valid_from__gt=self.on)
        return list(later.select_related("legal_act").order_by("valid_from", "tax_code")[:20])


def _conditions(measure: Measure) -> tuple[object, ...]:
    return (
        measure.tax_code, measure.origin, measure.procedure, measure.national_procedure, measure.preference,
        measure.document_code,
    )  # fmt: skip


def _plainest_first(measure: Measure) -> tuple[object, ...]:
    return (measure.procedure, measure.national_procedure, measure.document_code, measure.preference, measure.origin)


class _Words:
    """Names of the origins, papers and procedures that measures mention, fetched once for all of them."""

    def __init__(self, measures: Iterable[Measure], *, on: date) -> None:
        origins = {measure.origin for measure in measures}
        self.origins = {row.code: in_language(row) for row in Country.objects.filter(code__in=origins)}
        self.origins |= {row.code: in_language(row) for row in CountryGroup.objects.filter(code__in=origins)}
        self.members: dict[str, list[str]] = {}
        members = CountryGroupMember.objects.on(on).filter(group__code__in=origins).select_related("country", "group")
        for member in members.order_by("country__code"):
            self.members.setdefault(member.group.code, []).append(in_language(member.country))
        documents = {measure.document_code for measure in measures}
        self.documents = {row.code: in_language(row) for row in DocumentType.objects.filter(code__in=documents)}
        procedures = {code for measure in measures for code in (measure.procedure, measure.national_procedure)}
        self.procedures = {row.code: in_language(row) for row in Procedure.objects.on(on).filter(code__in=procedures)}

    def row(self, measure: Measure, base: str) -> MeasureRow:
        codes = [code for code in (measure.procedure, measure.national_procedure) if code]
        return MeasureRow(
            measure=measure,
            origin=self.origins.get(measure.origin, measure.origin),
            members=tuple(self.members.get(measure.origin, ())),
            document=self.documents.get(measure.document_code, ""),
            procedure=", ".join(f"{code} {self.procedures.get(code, '')}".strip() for code in codes),
            in_words=rate_in_words(measure.rate_text, base=base),
        )


@dataclass(frozen=True, slots=True)
class Papers:
    """The papers a consignment needs: one of each of the first two kinds, and those that its measures ask for."""

    invoices: tuple[DocumentType, ...]
    transport: tuple[DocumentType, ...]
    asked: tuple[DocumentType, ...]


def papers_for(measures: Iterable[Measure]) -> Papers:
    """What has to lie beside the declaration. One query."""
    asked = {measure.document_code for measure in measures} - {""}
    found = list(DocumentType.objects.filter(Q(is_invoice=True) | Q(is_transport=True) | Q(code__in=asked)))
    return Papers(
        invoices=tuple(paper for paper in found if paper.is_invoice),
        transport=tuple(paper for paper in found if paper.is_transport),
        asked=tuple(paper for paper in found if paper.code in asked),
    )


def commodity_page(code: str, *, on: date, origin: str = "") -> CommodityPage | None:
    """The page of `code` on a date; None where no such line is in force then."""
    path = path_to(code, on=on)
    if not path or path[-1].code != code:
        return None
    return CommodityPage(path[-1], path, section_of(code), on, origin)


def validity_of(code: str) -> list[Commodity]:
    """Every row a code ever had, the latest first."""
    return list(Commodity.objects.filter(code=code).order_by("-valid_from"))
