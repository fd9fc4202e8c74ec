"""The one search over declarations: in which of some rows a text is found. Lodged ones by an index, drafts as they are.

What may be searched is the caller's: rows of `visible_to`, narrowed as the caller likes. Each answer is bounded.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Q, QuerySet

from declarations.models import (
    Container,
    Declaration,
    Item,
    ItemDocument,
    Searched,
    Status,
    SupplierInvoice,
)
from declarations.selectors.content import Content
from lib.codes import digits_of
from lib.searching import pieces_of, query_of, words_in
from lib.spelling import searched

MOST_FOUND, FEW, MOST_DRAFTS = 500, 5000, 2000
# Of a declaration of 999 items with long papers; what is over is found by its number and its parties all the same.
MOST_WORDS = 20_000
_NUMBERS_OF_HEADER = (
    "mrn", "customs_number", "lrn", "manifest_reference", "departure_identity", "border_identity", "exporter_code",
    "consignee_code", "financial_code", "declarant_code",
)  # fmt: skip
_TEXTS_OF_HEADER = (
    "exporter_name", "consignee_name", "financial_name", "declarant_name", "declarant_representative",
    "departure_identity", "border_identity", "location_of_goods",
)  # fmt: skip
_NUMBERS_OF_ITEM = ("summary_declaration", "previous_document", "licence_number")
_TEXTS_OF_ITEM = ("commercial_description", "tariff_description", "packages_marks", "packages_marks_2")


def words_of(content: Content) -> list[str]:
    """Everything that a lodged declaration is found by, each word once, at most `MOST_WORDS`."""
    found: dict[str, None] = {}
    for word in _words(content):
        found[word] = None
        if len(found) == MOST_WORDS:
            break
    return list(found)


def in_rows(rows: QuerySet[Declaration], text: str, *, most: int = MOST_FOUND) -> list[int]:
    """Keys of the newest of `rows` in which the text is found, in order: at most `most` lodged and `most` drafts."""
    if not query_of(text):
        return []
    newest = rows.filter(status=Status.DRAFT).order_by("-pk").values_list("pk", flat=True)
    keys = list(newest[:MOST_DRAFTS])
    found = Declaration.objects.filter(pk__in=keys).filter(_in_drafts(text, keys)).order_by("-pk") if keys else None
    drafts = [] if found is None else list(found.values_list("pk", flat=True)[:most])
    return [*drafts, *lodged_in_rows(rows, text, most=most)]


def lodged_in_rows(rows: QuerySet[Declaration], text: str, *, most: int = MOST_FOUND) -> list[int]:
    """As `in_rows`, without drafts.

    What few declarations hold is taken from the index and then narrowed; of what many hold the newest of `rows` are
    looked through until there are enough: each way is short where the other one would be long.
    """
    query = query_of(text)
    if not query:
        return []
    few = max(FEW, most)
    hits = list(Searched.objects.filter(words__holds=query).order_by().values_list("pk", flat=True)[: few + 1])
    fitting = rows.filter(pk__in=hits) if len(hits) <= few else rows.filter(searched__words__holds=query)
    return list(fitting.values_list("pk", flat=True)[:most]) if hits else []


def with_text(rows: QuerySet[Declaration], text: str) -> QuerySet[Declaration]:
    """Those of `rows` in which the text is found."""
    return rows.filter(pk__in=in_rows(rows, text))


def _words(content: Content) -> Iterator[str]:
    """First what names the declaration, last the words of its goods."""
    header = content.declaration
    for name in _NUMBERS_OF_HEADER:
        yield from pieces_of(getattr(header, name))
    for company in (header.declarant, header.trader):
        if company is not None:
            for text in (company.tin, company.name, company.name_ru, company.name_tg):
                yield from words_in(text)
    for name in _TEXTS_OF_HEADER:
        yield from words_in(getattr(header, name))
    for container in content.containers:
        yield from pieces_of(container.identity)
    for supplier in content.suppliers:
        yield from pieces_of(supplier.invoice_number)
        yield from words_in(supplier.name)
    for item in content.items:
        yield from words_in(item.commodity_code)
    for papers in content.documents:
        for paper in papers:
            yield from pieces_of(paper.reference)
    for item in content.items:
        for name in _NUMBERS_OF_ITEM:
            yield from pieces_of(getattr(item, name))
        for name in _TEXTS_OF_ITEM:
            yield from words_in(getattr(item, name))


def _in_drafts(text: str, keys: Sequence[int]) -> Q:
    """Of the drafts `keys` those in which each word of the text stands somewhere."""
    found = Q()
    for word in [word for word in text.split() if searched(word)][:12]:
        found &= _word_in_drafts(word, keys)
    return found


def _word_in_drafts(word: str, keys: Sequence[int]) -> Any:
    """The keys stand in each part of it: otherwise the items of all declarations would be read."""
    code = searched(word)
    header = (*_NUMBERS_OF_HEADER[2:], *_TEXTS_OF_HEADER)
    found: Any = Q(declarant__name__icontains=word) | Q(trader__name__icontains=word) | Q(amends__mrn__contains=code)
    for name in header:
        found |= Q(**{f"{name}__icontains": word})
    goods = Q(commodity_code__startswith=digits_of(word) or code) | Q(commercial_description__icontains=word)
    invoice = Q(invoice_number__icontains=word) | Q(name__icontains=word)
    for part in (
        Item.objects.filter(goods, declaration__in=keys).values("declaration"),
        ItemDocument.objects.filter(item__declaration__in=keys, reference__icontains=word).values("item__declaration"),
        Container.objects.filter(declaration__in=keys, identity__contains=code).values("declaration"),
        SupplierInvoice.objects.filter(invoice, declaration__in=keys).values("declaration"),
    ):
        found |= Q(pk__in=part.order_by())
    return found
