"""Everything that is asked about a declaration beside its content, gathered with a constant number of queries.

`consignment` translates the declared content into what the duty arithmetic takes; `gather` adds the law and the
parties. Neither judges anything: a draft may be as incomplete as it likes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from declarations.models import Item, ItemDocument, StockAccount, StoredFile
from declarations.selectors import Content, StockDraw, draws_of, trader_field
from lib.figures import ONE, ZERO
from lib.remembered import Remembered
from tariffs.calculation import COSTS, Consignment, ConsignmentItem, Cost, Law
from tariffs.models import (
    Commodity,
    CountryGroupMember,
    DeliveryTerm,
    DocumentType,
    LegalAct,
    Measure,
    Procedure,
    Territory,
)
from tariffs.selectors import CodeLists, Edition, code_lists, law_for, scans_asked
from traders.models import Company
from traders.selectors import company_by_tin, may_act_for

_read_commodities: Remembered[tuple[Edition, date, str], Commodity | None] = Remembered(20_000)
CODE_LISTS = (
    "country", "currency", "unit", "package_kind", "delivery_term", "transport_mode", "document_type", "office",
    "procedure", "national_procedure", "declaration_type", "general_procedure", "valuation_method", "working_mode",
)  # fmt: skip


# What is assessed ---------------------------------------------------------------------------------------------
def consignment(content: Content) -> Consignment:
    """The declared content as the duty arithmetic takes it. Figures that are missing or negative count as zero."""
    header = content.declaration
    return Consignment(
        flow=header.flow,
        general_procedure=header.procedure,
        invoice_currency=header.invoice_currency,
        items=tuple(
            _item(item, papers, place)
            for place, (item, papers) in enumerate(zip(content.items, content.documents, strict=True))
        ),
        costs=_costs(header),
        working_mode=header.working_mode if header.working_mode in (0, 1, 2) else 0,
    )


def _item(item: Item, papers: Sequence[ItemDocument], place: int) -> ConsignmentItem:
    return ConsignmentItem(
        number=place + 1,
        commodity_code=item.commodity_code,
        origin_country=item.origin_country,
        item_price=_figure(item.item_price),
        gross_mass=_figure(item.gross_mass),
        net_mass=_figure(item.net_mass),
        extended_procedure=item.extended_procedure,
        national_procedure=item.national_procedure,
        preference=item.preference,
        quota_code=item.quota_code,
        documents=frozenset(paper.code for paper in papers if paper.code and paper.reference),
        supplementary=_supplementary(item),
        rate_of_adjustment=item.rate_of_adjustment or ONE,
        costs=_costs(item),
    )


def _figure(value: Decimal | None) -> Decimal:
    return ZERO if value is None else max(value, ZERO)


def _supplementary(item: Item) -> tuple[tuple[str, Decimal], ...]:
    declared = (
        (getattr(item, f"supplementary_unit_{rank}"), getattr(item, f"supplementary_quantity_{rank}"))
        for rank in (1, 2, 3)
    )
    return tuple((unit, _figure(quantity)) for unit, quantity in declared if unit and quantity is not None)


def _costs(row: Any) -> dict[str, Cost]:
    return {
        name: Cost(_figure(amount), getattr(row, f"{name}_currency"))
        for name in COSTS
        if (amount := getattr(row, name)) is not None
    }


# What is judged -----------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Case:
    """A declaration with what the rules compare it to.

    `on` is the date whose law applies, `today` the day of the verb (they differ when an old declaration is amended).
    `trader` is the company whose TIN stands in `trader_field`, None if it is not registered. `preferences` are those
    in force with the countries of origin that may claim them; an empty set means any. `draws` is what the items take
    from stock. `scans_asked` are the documents (and procedures; empty: any) that come with a scan by law, each with the
    act; `kept_aside` are the scans named here in which a virus was found.
    """

    content: Content
    on: date
    today: date
    territory: Territory
    law: Law
    known: Mapping[str, frozenset[str]]
    commodities: Mapping[str, Commodity]
    procedures: Mapping[str, Procedure]
    document_types: Mapping[str, DocumentType]
    delivery_terms: Mapping[str, DeliveryTerm]
    preferences: Mapping[str, frozenset[str]]
    trader: Company | None
    mandated: bool
    draws: tuple[StockDraw, ...]
    scans_asked: Mapping[tuple[str, str], LegalAct]
    kept_aside: frozenset[UUID]

    def paper_is(self, quality: str, code: str) -> bool:
        """Whether the document type has the quality `is_invoice`, `is_transport` or `proves_origin`."""
        paper = self.document_types.get(code)
        return paper is not None and bool(getattr(paper, quality))

    def has_papers(self, quality: str) -> bool:
        """Whether the country's list has any document type of this quality."""
        return any(getattr(paper, quality) for paper in self.document_types.values())


def gather(content: Content, *, on: date, today: date, stock: Sequence[StockAccount] | None = None) -> Case:
    """All that the rules need, with the same number of queries for one item and for 999.

    `stock` are the accounts that somebody holds for it.
    """
    header = content.declaration
    lists = code_lists(on=on)
    edition = lists.edition
    trader, procedures = _trader(content), _procedures(edition, on)
    draws = draws_of(content, procedures=procedures, company=trader, read=stock)
    codes = {item.commodity_code for item in content.items}
    codes |= {draw.account.commodity_code for draw in draws if draw.account is not None}
    return Case(
        content=content,
        on=on,
        today=today,
        territory=lists.territory,
        law=law_for(consignment(content), on=on, lists=lists),
        known=_known(lists),
        commodities=_commodities(codes, on=on, edition=edition),
        procedures=procedures,
        document_types=_document_types(edition),
        delivery_terms=_delivery_terms(edition),
        preferences=_preferences(content.items, on=on),
        trader=trader,
        draws=draws,
        scans_asked=scans_asked(on=on, edition=edition),
        kept_aside=_kept_aside(content),
        mandated=trader is not None
        and may_act_for(agent=header.declarant, principal=trader, procedure=header.procedure, on=today),
    )


def _trader(content: Content) -> Company | None:
    header = content.declaration
    tin = getattr(header, trader_field(header.declaration_type))
    if not tin:
        return None
    return header.declarant if tin == header.declarant.tin else company_by_tin(tin)


def _kept_aside(content: Content) -> frozenset[UUID]:
    papers = [paper for documents in content.documents for paper in documents if paper.file_id is not None]
    first = {paper.file.public_id for paper in papers if paper.file and paper.file.safety == StoredFile.Safety.FOUND}
    further = {key for paper in papers for key in paper.more_files}
    if further:
        found = StoredFile.objects.filter(public_id__in=further, safety=StoredFile.Safety.FOUND)
        first |= set(found.values_list("public_id", flat=True))
    return frozenset(first)


def _known(lists: CodeLists) -> dict[str, frozenset[str]]:
    return {name: lists.known(name) for name in CODE_LISTS}


def _commodities(codes: set[str], *, on: date, edition: Edition) -> dict[str, Commodity]:

    def read(keys: list[tuple[Edition, date, str]]) -> dict[tuple[Edition, date, str], Commodity | None]:
        wanted = Commodity.objects.on(on).filter(code__in=[key[-1] for key in keys])
        rows = {row.code: row for row in wanted.only("code", "declarable", "supplementary_unit")}
        return {key: rows.get(key[-1]) for key in keys}

    found = _read_commodities.many([(edition, on, code) for code in sorted(codes) if code], read)
    return {key[-1]: row for key, row in found.items() if row is not None}


def _preferences(items: Sequence[Item], *, on: date) -> dict[str, frozenset[str]]:
    """Preferences that the items claim, with the countries of origin they are for."""
    claimed = {item.preference for item in items if item.preference}
    if not claimed:
        return {}
    found = Measure.objects.on(on).filter(kind=Measure.Kind.RATE, preference__in=claimed)
    rows = found.values_list("preference", "origin").distinct()
    origins: dict[str, set[str]] = {}
    for preference, origin in rows:
        origins.setdefault(preference, set()).add(origin)
    named = set().union(*origins.values())
    members = CountryGroupMember.objects.on(on).filter(group__code__in=named)
    for group, country in members.values_list("group__code", "country__code"):
        for allowed in origins.values():
            if group in allowed:
                allowed.add(country)
    return {code: frozenset() if "" in allowed else frozenset(allowed) for code, allowed in origins.items()}


def document_types(*, on: date) -> Mapping[str, DocumentType]:
    """The papers of box 44 by code, with what the law says about each."""
    return _document_types(code_lists(on=on).edition)


# Short lists, remembered by each process for as long as the edition of the tables stays the same.
@lru_cache(maxsize=64)
def _procedures(edition: Edition, on: date) -> Mapping[str, Procedure]:
    return {row.code: row for row in Procedure.objects.on(on).filter(is_national=False)}


@lru_cache(maxsize=8)
def _document_types(edition: Edition) -> Mapping[str, DocumentType]:
    return {row.code: row for row in DocumentType.objects.all()}


@lru_cache(maxsize=8)
def _delivery_terms(edition: Edition) -> Mapping[str, DeliveryTerm]:
    return {row.code: row for row in DeliveryTerm.objects.all()}
