"""A measure as people read it: conditions by name, rate and season in words, the line it is inherited from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lib.languages import in_language
from tariffs.models import (
    Commodity,
    Country,
    CountryGroup,
    CountryGroupMember,
    DocumentType,
    Flow,
    LegalAct,
    Measure,
    Procedure,
    Tax,
)
from tariffs.selectors import QuotaBalance, in_season
from tariffs.wording import base_in_words, rate_in_words, tax_names

LEAP_YEAR = 2000


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A measure as the page of a line shows it.

    `documents` are the papers it asks for, one of which is enough; `line` is the line it is inherited from (None: it
    is set for this very line, or for all goods). `is_current` is False out of its season.
    """

    measure: Measure
    tax: Tax | None
    origin: str
    members: tuple[str, ...]
    not_from: tuple[str, ...]
    documents: tuple[tuple[str, str], ...]
    procedure: str
    in_words: str
    season: str
    is_current: bool
    line: Commodity | None

    @property
    def act(self) -> LegalAct:
        return self.measure.legal_act

    @property
    def note(self) -> str:
        return in_language(self.measure, "note")

    @property
    def flow(self) -> str:
        """Which way the goods go: import, export, both."""
        return self.measure.flow or (self.tax.flow if self.tax is not None else Flow.IMPORT)

    @property
    def flow_in_words(self) -> str:
        return _("import and export") if self.flow == Flow.BOTH else str(Flow(self.flow).label)

    @property
    def document(self) -> str:
        """The papers in one phrase: "certificate of origin or declaration of origin"."""
        return _(" or ").join(name for _code, name in self.documents)


def season_in_words(measure: Measure) -> str:
    """ "from 1 June to 31 October", empty for a measure of the whole year."""
    if not measure.season_from:
        return ""
    return _("from %(first)s to %(last)s") % {
        "first": _month_and_day(measure.season_from),
        "last": _month_and_day(measure.season_to),
    }


def _month_and_day(text: str) -> str:
    month, day = text.split("-")
    return str(date_format(date(LEAP_YEAR, int(month), int(day)), "j\N{NO-BREAK SPACE}E"))


def plainest_first(measure: Measure, *, on: date) -> tuple[object, ...]:
    """The order of measures on a page: the more conditions the later; a rate in season before what it replaces."""
    seasonal = bool(measure.season_from)
    rank = 0 if seasonal and in_season(measure.season_from, measure.season_to, on=on) else 2 if seasonal else 1
    return (
        measure.procedure, measure.national_procedure, measure.document_code, measure.preference, measure.origin,
        measure.additive, rank, measure.season_from, measure.commodity_prefix,
    )  # fmt: skip


class Wording:
    """Names of all that measures mention, fetched once for all of them. Six queries at most."""

    def __init__(self, measures: Sequence[Measure], *, taxes: Sequence[Tax], path: Sequence[Commodity], on: date):
        self.on = on
        self.taxes = {tax.code: tax for tax in taxes}
        self.tax_names = tax_names(list(taxes))
        self.lines = {row.code: row for row in path}
        self.code = path[-1].code if path else ""
        self.places = _places(measures)
        self.members = _members(measures, on=on)
        self.documents = _documents(measures)
        self.procedures = _procedures(measures, on=on)

    def row(self, measure: Measure) -> MeasureRow:
        codes = [code for code in (measure.procedure, measure.national_procedure) if code]
        inherited = measure.commodity_prefix != self.code
        return MeasureRow(
            measure=measure,
            tax=self.taxes.get(measure.tax_code),
            origin=self.places.get(measure.origin, measure.origin),
            members=tuple(self.members.get(measure.origin, ())),
            not_from=tuple(self.places.get(code, code) for code in measure.excluded_origins),
            documents=tuple((code, self.documents.get(code, code)) for code in papers_of(measure)),
            procedure=", ".join(f"{code} {self.procedures.get(code, '…')}" for code in codes),
            in_words=self._in_words(measure),
            season=season_in_words(measure),
            is_current=in_season(measure.season_from, measure.season_to, on=self.on),
            line=self.lines.get(measure.commodity_prefix) if inherited else None,
        )

    def rows(self, measures: Iterable[Measure]) -> tuple[MeasureRow, ...]:
        return tuple(self.row(measure) for measure in measures)

    def _in_words(self, measure: Measure) -> str:
        tax = self.taxes.get(measure.tax_code)
        if not measure.rate_text:
            return ""
        return rate_in_words(measure.rate_text, base=base_in_words(tax, self.tax_names) if tax else "")


def papers_of(measure: Measure) -> list[str]:
    """The codes of the papers a measure asks for."""
    return [code for code in (measure.document_code, *measure.alternative_documents) if code]


def _places(measures: Iterable[Measure]) -> Mapping[str, str]:
    codes = {code for measure in measures for code in (measure.origin, *measure.excluded_origins)} - {""}
    if not codes:
        return {}
    names = {row.code: in_language(row) for row in Country.objects.filter(code__in=codes)}
    return names | {row.code: in_language(row) for row in CountryGroup.objects.filter(code__in=codes)}


def _members(measures: Iterable[Measure], *, on: date) -> Mapping[str, list[str]]:
    groups = {measure.origin for measure in measures if len(measure.origin) > 2}
    members: dict[str, list[str]] = {}
    if groups:
        found = CountryGroupMember.objects.on(on).filter(group__code__in=groups).select_related("country", "group")
        for member in found.order_by("country__code"):
            members.setdefault(member.group.code, []).append(in_language(member.country))
    return members


def _documents(measures: Iterable[Measure]) -> Mapping[str, str]:
    codes = {code for measure in measures for code in papers_of(measure)}
    return {row.code: in_language(row) for row in DocumentType.objects.filter(code__in=codes)} if codes else {}


def _procedures(measures: Iterable[Measure], *, on: date) -> Mapping[str, str]:
    codes = {code for measure in measures for code in (measure.procedure, measure.national_procedure)} - {""}
    rows = Procedure.objects.on(on).filter(code__in=codes) if codes else ()
    return {row.code: in_language(row) for row in rows}


@dataclass(frozen=True, slots=True)
class QuotaRows:
    """A quota with its balance, and the measures of a line that it is for."""

    balance: QuotaBalance
    rows: tuple[MeasureRow, ...]


@dataclass(frozen=True, slots=True)
class Papers:
    """The papers a consignment needs: one of each of the first two kinds, and those that its measures ask for."""

    invoices: tuple[DocumentType, ...]
    transport: tuple[DocumentType, ...]
    asked: tuple[DocumentType, ...]


def papers_for(measures: Iterable[Measure]) -> Papers:
    """What has to lie beside the declaration. One query."""
    asked = {code for measure in measures for code in papers_of(measure)}
    found = list(DocumentType.objects.filter(Q(is_invoice=True) | Q(is_transport=True) | Q(code__in=asked)))
    return Papers(
        invoices=tuple(paper for paper in found if paper.is_invoice),
        transport=tuple(paper for paper in found if paper.is_transport),
        asked=tuple(paper for paper in found if paper.code in asked),
    )
