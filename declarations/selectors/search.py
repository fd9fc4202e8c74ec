"""The one search over declarations: in which of some rows a text is found. Lodged ones by an index, drafts as they are.

What may be searched is the caller's: rows of `visible_to`, narrowed as the caller likes. Each answer is bounded.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Lower, Upper

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
from lib.searching import asked_words, number_asked, pieces_of, query_of, squeezed, words_in
from lib.spelling import TAJIK, TWINS, without_tajik_letters
from traders.models import Company

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
_NAMES = ("name", "name_ru", "name_tg")
_NUMBERS_OF_DRAFT = (*_NUMBERS_OF_HEADER[2:], "amends__mrn", "declarant__tin", "trader__tin")
_TEXTS_OF_DRAFT = (
    *_TEXTS_OF_HEADER, *(f"{company}__{name}" for company in ("declarant", "trader") for name in _NAMES),
)  # fmt: skip
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
    drafts = list(_in_drafts(text, keys).order_by("-pk").values_list("pk", flat=True)[:most]) if keys else []
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


def _in_drafts(text: str, keys: Sequence[int]) -> QuerySet[Declaration]:
    """Of the drafts `keys` those in which each word of the text stands somewhere, or the whole of it as one number."""
    rows = Declaration.objects.filter(pk__in=keys).alias(
        said=_said(_TEXTS_OF_DRAFT), numbers=_numbers(_NUMBERS_OF_DRAFT)
    )
    words, whole = asked_words(text), number_asked(text)
    found = Q()
    for word in words:
        found &= _word_in_drafts(without_tajik_letters(word), keys)
    return rows.filter(found | _number_in_drafts(whole, keys) if whole and len(words) > 1 else found)


def _word_in_drafts(word: str, keys: Sequence[int]) -> Q:
    """The keys stand in each part of it: otherwise the items of all declarations would be read."""
    items = Item.objects.filter(declaration__in=keys).alias(said=_said(_TEXTS_OF_ITEM))
    suppliers = SupplierInvoice.objects.filter(declaration__in=keys).alias(said=_said(("name",)))
    named = Company.objects.alias(said=_said(_NAMES)).filter(said__contains=word)
    parties = [_of_party(box, named, keys) for box in ("consignee_code", "exporter_code")]
    goods = Q(said__contains=word) | Q(commodity_code__startswith=digits_of(word) or word)
    return (
        Q(said__contains=word)
        | Q(pk__in=items.filter(goods).values("declaration").order_by())
        | Q(pk__in=suppliers.filter(said__contains=word).values("declaration").order_by())
        | parties[0]
        | parties[1]
        | _number_in_drafts(squeezed(word), keys)
    )


def _of_party(box: str, named: QuerySet[Company], keys: Sequence[int]) -> Q:
    """Drafts whose party, given by its number alone, has the name in any of its languages."""
    theirs = Declaration.objects.filter(pk__in=keys).exclude(**{box: ""}).values(box).order_by()
    return Q(**{f"{box}__in": named.filter(tin__in=theirs).values("tin").order_by()})


def _number_in_drafts(number: str, keys: Sequence[int]) -> Q:
    """A piece of a number, as `lib.searching` keeps numbers of what was lodged."""
    found = Q(numbers__contains=number)
    if number.isdecimal():
        codes = Item.objects.filter(declaration__in=keys, commodity_code__startswith=number)
        found |= Q(pk__in=codes.values("declaration").order_by())
    parts: tuple[tuple[QuerySet[Any], str, tuple[str, ...]], ...] = (
        (Item.objects.all(), "declaration", _NUMBERS_OF_ITEM),
        (ItemDocument.objects.all(), "item__declaration", ("reference",)),
        (Container.objects.all(), "declaration", ("identity",)),
        (SupplierInvoice.objects.all(), "declaration", ("invoice_number",)),
    )
    for rows, about, names in parts:
        rows = rows.filter(**{f"{about}__in": keys}).alias(numbers=_numbers(names)).filter(numbers__contains=number)
        found |= Q(pk__in=rows.values(about).order_by())
    return found


# Drafts are read as they stand: what the index does to words and numbers is done to their columns.
class _Joined(Func):
    function, arg_joiner, output_field = "concat_ws", ", ", TextField()


def _said(names: Sequence[str]) -> Func:
    """Texts without capitals, `ё` and the letters that only Tajik has."""
    joined, (tajik, plain) = _Joined(Value(" "), *names), TAJIK
    letters = (Value(f"ё{tajik}"), Value(f"е{plain}"))
    return Func(Lower(joined), *letters, function="translate", output_field=TextField())


def _numbers(names: Sequence[str]) -> Func:
    """Numbers without what separates their parts, in the spelling of numbers, a bar between them."""
    plain = Func(Upper(_Joined(Value("|"), *names)), *map(Value, TWINS), function="translate")
    bare = Func(
        plain, Value("[^[:alnum:]|]"), Value(""), Value("g"), function="regexp_replace", output_field=TextField()
    )
    return Lower(bare)
