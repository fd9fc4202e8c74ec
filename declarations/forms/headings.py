"""How people name the columns and the totals of their lists of goods, in English, Russian and Tajik."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby, product

from django.utils import translation

from declarations.forms.sections import GRID
from lib.spelling import without_tajik_letters

NUMBER, PRICE, QUANTITY, PACKAGES = "number", "item_price", "supplementary_quantity_1", "packages_number"
LANGUAGES = ("en", "ru", "tg")
# Beside the labels of the boxes themselves. A price may be that of one piece: it gives way to a column of sums.
_NAMES: Mapping[str, tuple[str, ...]] = {
    NUMBER: (
        "п п", "n п п", "no", "nr", "р т", "item no", "line", "line no", "поз", "позиция", "row", "pos", "s n", "s no",
        "sl no", "sr no", "номер п п",
    ),
    "commodity_code": (
        "код тн вэд", "тн вэд", "код тнвэд", "тнвэд", "тн вэд код", "тнвэд код", "tn ved", "код товара", "код",
        "таможенный код", "h s code", "h s", "hscode", "hs codes", "hs no", "hs number", "h t s", "hts code", "hts no",
        "tariff code", "tariff no", "tariff number", "customs code", "customs tariff number", "customs tariff no",
        "customs tariff code", "commodity code", "commodity", "code", "рамзи мол", "рамз", "рамзи тн вэд", "коди мол",
        "код по тн вэд", "рамзи мол аз рӯи тн вэд", "рамзи гумрукӣ",
    ),
    "commercial_description": (
        "наименование", "наименование товара", "наименование товаров", "наименование и описание товара",
        "наименование продукции", "наименование груза", "название", "название товара", "номенклатура", "товар",
        "описание", "описание товара", "описание товаров", "описание груза", "goods", "description",
        "goods description", "description of goods", "name", "name of goods", "name of commodity", "product",
        "product name", "product description", "item name", "item description", "commodity name",
        "commodity description", "description of commodity", "номи мол", "номгӯи мол", "номгӯй",
        "мол", "тавсиф", "тавсифи мол", "ном",
    ),
    "origin_country": (
        "страна происхождения", "страна", "происхождение", "страна происх", "страна производства",
        "страна изготовления", "страна изготовитель", "страна производитель", "origin", "country of origin", "country",
        "origin country", "c o o", "made in", "country of manufacture", "код страны", "кишвари пайдоиш",
        "давлати пайдоиш", "кишвар", "мамлакат", "мамлакати пайдоиш", "кишвари истеҳсолкунанда",
        "мамлакати истеҳсолкунанда",
    ),
    "extended_procedure": ("процедура", "procedure", "procedure code", "c p c", "тартибот", "код процедуры", "расмиёт"),
    "packages_kind": (
        "вид упаковки", "вид упак", "тип упаковки", "упаковка", "тара", "kind of packages", "kind of package",
        "type of packages", "type of package", "package type", "packing type", "packaging", "packing",
        "намуди бастабандӣ", "бастабандӣ",
    ),
    QUANTITY: (
        "количество", "кол во", "к во", "quantity", "qty", "миқдор", "шумора", "доп количество", "количество в дее",
        "количество единиц", "количество ед", "кол во ед", "количество товара", "supplementary quantity", "pcs",
        "number of pieces", "no of pcs", "штук", "шт", "адад",
    ),
    "supplementary_unit_1": (
        "единица", "ед изм", "ед измерения", "ед", "е и", "единица измерения", "unit", "units", "unit of measure",
        "measure", "u o m", "u m", "воҳид", "воҳиди ченак", "дее",
    ),
    PRICE: (
        "цена", "цена за", "цена за ед", "цена за единицу", "цена ед", "цена единицы", "price", "unit price", "u price",
        "price per", "price per unit", "price each", "unit cost", "unit value", "нарх", "нархи як", "нархи воҳид",
        "нархи як дона", "нарх барои як дона",
    ),
}  # fmt: skip
_SUMS = (
    "стоимость", "стоимость товара", "сумма", "фактурная стоимость", "amount", "value", "invoice value",
    "invoice amount", "line amount", "line total", "extended price", "ext price", "sum", "арзиш", "арзиши умумӣ",
    "маблағ", "маблағи умумӣ", "нархи умумӣ",
)  # fmt: skip
# Masses and packages are named by two words in any order.
_GROSS = ("gross", "brutto", "брутто", "g w")
_NET = ("net", "netto", "nett", "нетто", "n w", "холис", "соф")
_MASS = ("", "weight", "wt", "mass", "вес", "масса", "вазни", "вазн", "массаи")
_PACKED = (
    "packages", "package", "pkgs", "pkg", "cartons", "carton", "ctns", "ctn", "boxes", "pallets", "plts", "bags",
    "мест", "места", "место", "грузовых мест", "коробок", "упаковок", "паллет", "поддонов", "мешков", "ящиков", "ҷойҳо",
    "бастаҳо", "қуттиҳо",
)  # fmt: skip
_COUNTED = ("", "no of", "number of", "qty", "qty of", "quantity", "quantity of", "количество", "кол во", "к во",
            "число", "шумораи")  # fmt: skip
_MONEY = ("usd", "eur", "rub", "tjs", "cny", "rmb", "доллар", "долл", "сомони", "сомонӣ", "сша", "р", "руб", "евро",
          "юань", "fob", "cif", "exw", "cfr", "cpt", "cip", "dap", "fca")  # fmt: skip
_UNITS = (*_MONEY, "кг", "kg", "kgs", "графа", "гр", "box", "шт", "pcs", "pc", "еаэс", "тс")
_WHOLE = ("total", "общий", "общая", "общее", "общ", "всего", "итого", "умумӣ", "ҳамагӣ", "жами")
_FILLERS = ("of", "the", "in", "по", "в")
_OF_ONE = ("per", "each", "за", "барои")
_TOTALS = ("total", "totals", "subtotal", "carried", "brought", "итого", "всего", "итог", "подытог", "промежуточный",
           "промежуточные", "итоги", "жами", "ҳамагӣ", "ҷамъ", "ҷамъи", "жамъи", "ҷамъагӣ",
           "ҷамъулҷамъ", "ҳосили")  # fmt: skip
_BESIDE_TOTALS = (
    "grand", "sub", "page", "line", "lines", "forward", "invoice", "amount", "sum", "price", "items",
    "weight", "net", "gross", "qty", "quantity", "packages", "cartons", "vat", "including", "incl", "excluding", "excl",
    "the", "of", "in", "for", "with", "without", "and", "общий", "общая", "общее", "по", "инвойсу", "счету",
    "накладной", "странице", "листу", "группе", "сумма", "сумму", "стоимость", "вес", "нетто", "брутто", "количество",
    "кол", "во", "наименований", "позиций", "товаров", "мест", "места", "к", "оплате", "на", "с", "без", "в", "и",
    "ндс", "учетом", "аз", "рӯи", "маблағ", "умумӣ", "вазни", "саҳифа", "пардохт", "барои", "бо",
)  # fmt: skip
_TEXTS = frozenset({"commodity_code", "commercial_description", "origin_country"})
_WORD = re.compile(r"[^\W\d_]+")
_BETWEEN_NAMES = re.compile(r"[/|;()\[\]\r\n]|\s[-–—]\s")
_NUMBER_SIGNS = frozenset({"№", "#", "№№", "n"})


@dataclass(frozen=True, slots=True)
class Named:
    """The box that a column is for. `is_sum` where the name says that the figure is of the whole line."""

    field: str
    is_sum: bool = False


def _words(text: str) -> list[str]:
    """Words without capitals, `ё`, apostrophes and the letters that only Tajik has."""
    plain = unicodedata.normalize("NFKC", re.sub("['’`ʼ]", "", text[:200]).replace("№", " ")).casefold()
    return _WORD.findall(without_tajik_letters(plain).replace("ё", "е"))


def _name(text: str) -> tuple[str, ...]:
    """The words of a name, with letters that stand alone joined: `G.W.`, `g w` and `GW` are one name."""
    name: list[str] = []
    for is_letter, words in groupby(_words(text), key=lambda word: len(word) == 1):
        found = list(words)
        name += ["".join(found)] if is_letter else found
    return tuple(name)


def _set(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word for text in words for word in _words(text))


@cache
def _known() -> Mapping[tuple[str, ...], Named]:
    known = {_name(name): Named(field) for field, names in _NAMES.items() for name in names}
    known |= {name: Named(field) for field, name in _made_of_two()}
    known |= {_name(name): Named(PRICE, is_sum=True) for name in _SUMS}
    for language in LANGUAGES:
        with translation.override(language):
            known |= {_name(str(box.label)): Named(box.field, is_sum=True) for box in GRID}
    return known


def _made_of_two() -> Iterator[tuple[str, tuple[str, ...]]]:
    for field, words in (("gross_mass", _GROSS), ("net_mass", _NET)):
        for one, two in product(words, _MASS):
            yield field, _name(one) + _name(two)
            yield field, _name(two) + _name(one)
    for one, two in product(_COUNTED, _PACKED):
        yield PACKAGES, _name(one) + _name(two)


@cache
def _sorts() -> tuple[frozenset[str], ...]:
    return _set(_UNITS), _set(_WHOLE), _set(_FILLERS), _set(_OF_ONE), _set(_TOTALS), _set(_BESIDE_TOTALS)


def field_named(cell: str) -> Named | None:
    """The box that a cell names, its number, its unit and another language beside it or not; None for other texts."""
    if cell.strip().casefold().strip(". ") in _NUMBER_SIGNS:
        return Named(NUMBER)
    parts = [part for part in _BETWEEN_NAMES.split(cell[:200]) if _words(part)]
    is_either = "/" in cell and all(len("".join(_words(part))) > 1 for part in parts)  # S/N and п/п are one word
    whole = None if is_either and len(parts) > 1 else _named(cell)
    return whole or (_of_parts(parts, is_either=is_either) if len(parts) > 1 else None)


def _named(text: str) -> Named | None:
    """What a text names, as it stands or without its unit; a sum, or a price at all, where it says "total"."""
    units, whole, fillers, _of_one, _totals, _beside = _sorts()
    name, known = _name(text), _known()
    found = known.get(name) or known.get(tuple(word for word in name if word not in units))
    if found is not None or whole.isdisjoint(name):
        return found or known.get(tuple(word for word in name if word not in units | fillers))
    rest = [word for word in name if word not in whole | fillers]
    found = known.get(tuple(rest)) or known.get(tuple(word for word in rest if word not in units))
    if found is None:
        return Named(PRICE, is_sum=True) if _set(_MONEY).issuperset(rest) else None
    return Named(found.field, is_sum=True)


def _of_parts(parts: Sequence[str], *, is_either: bool) -> Named | None:
    """A name with its unit, its other language or what it is counted by behind a stroke or in brackets."""
    units, whole, fillers, of_one, _totals, _beside = _sorts()
    named = [_named(part) for part in parts]
    found = [each for each in named if each is not None]
    fields = {each.field for each in found}
    others = [frozenset(_name(part)) for part, each in zip(parts, named, strict=True) if each is None]
    is_of_one = any(not of_one.isdisjoint(words) for words in others)
    if found and found[0].field == PRICE and fields <= {PRICE, QUANTITY, PACKAGES, "supplementary_unit_1"}:
        return Named(PRICE, is_sum=len(fields) == 1 and not is_of_one and any(each.is_sum for each in found))
    if fields == {QUANTITY, PACKAGES} and not is_either:
        return Named(PACKAGES)
    if len(fields) != 1 or is_of_one:
        return None
    is_clear = fields <= _TEXTS or all(words <= units | whole | fillers for words in others)
    return Named(found[0].field, is_sum=any(each.is_sum for each in found)) if is_clear else None


def is_total(cell: str) -> bool:
    """Whether a cell says no more than that its row holds totals: `Итого:`, `Grand total, USD`, `Ҳамагӣ`."""
    units, _whole, _fillers, _of_one, totals, beside = _sorts()
    words = set(_words(cell))
    return bool(words & totals) and words <= totals | beside | units
