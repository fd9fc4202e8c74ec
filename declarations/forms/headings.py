"""How people name the columns and the totals of their lists of goods, in English, Russian and Tajik."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from django.utils import translation

from declarations.forms.sections import GRID

NUMBER = "number"
LANGUAGES = ("en", "ru", "tg")
# Beside the labels of the boxes themselves. A price may be that of one piece: it gives way to a column of sums.
_NAMES: Mapping[str, tuple[str, ...]] = {
    NUMBER: ("п п", "no", "nr", "р т", "item no", "line", "поз", "позиция", "row"),
    "commodity_code": (
        "код тн вэд", "тн вэд", "код тнвэд", "тнвэд", "код товара", "код", "код тн вэд еаэс", "тн вэд еаэс", "hs code",
        "hs", "hscode", "tariff code", "commodity code", "commodity", "code", "рамзи мол", "рамз", "рамзи тн вэд",
        "коди мол", "код по тн вэд", "рамзи мол аз рӯи тн вэд",
    ),
    "commercial_description": (
        "наименование", "наименование товара", "наименование товаров", "товар", "описание", "описание товара", "goods",
        "description", "description of goods", "name", "name of goods", "product", "item description", "номи мол",
        "мол", "тавсиф", "тавсифи мол", "ном",
    ),
    "origin_country": (
        "страна происхождения", "страна", "происхождение", "origin", "country of origin", "country", "код страны",
        "кишвари пайдоиш", "давлати пайдоиш", "кишвар", "мамлакати пайдоиш",
    ),
    "extended_procedure": ("процедура", "procedure", "тартибот", "код процедуры", "расмиёт"),
    "packages_number": (
        "количество мест", "кол во мест", "число мест", "мест", "места", "packages", "number of packages",
        "no of packages", "ҷойҳо", "шумораи ҷойҳо", "ctns", "cartons", "шумораи бастаҳо",
    ),
    "packages_kind": ("вид упаковки", "упаковка", "kind of packages", "packaging", "намуди бастабандӣ", "бастабандӣ"),
    "gross_mass": (
        "брутто", "вес брутто", "масса брутто", "gross", "brutto", "gross weight", "gross mass", "вазни брутто",
        "массаи брутто",
    ),
    "net_mass": (
        "нетто", "вес нетто", "масса нетто", "net", "netto", "net weight", "net mass", "вазни нетто", "массаи нетто",
    ),
    "supplementary_quantity_1": (
        "количество", "кол во", "quantity", "qty", "миқдор", "шумора", "доп количество", "количество в дее",
        "supplementary quantity", "pcs", "штук", "адад",
    ),
    "supplementary_unit_1": (
        "единица", "ед изм", "ед", "единица измерения", "unit", "uom", "воҳид", "воҳиди ченак", "дее",
    ),
    "item_price": ("цена", "price", "unit price", "цена за единицу", "цена за ед", "нарх"),
}  # fmt: skip
_SUMS = ("стоимость", "сумма", "amount", "value", "invoice value", "total price", "total amount", "фактурная стоимость",
         "арзиш", "маблағ", "общая стоимость", "total value", "sum", "нархи умумӣ")  # fmt: skip
_UNITS = frozenset({"кг", "kg", "kgs", "usd", "eur", "rub", "tjs", "доллар", "долл", "сомони", "сомонӣ", "графа", "гр",
                    "box", "шт", "сша", "р"})  # fmt: skip
_TOTALS = frozenset({"total", "totals", "subtotal", "итого", "всего", "итог", "жами", "ҳамагӣ", "ҳамаги", "хамаги",
                     "ҷамъ", "ҷамъи", "чамъ", "жамъи", "ҷамъагӣ", "ҷамъулҷамъ"})  # fmt: skip
_BESIDE_TOTALS = _UNITS | frozenset({"grand", "sub", "общий", "общая", "по", "инвойсу", "счету", "накладной", "invoice",
                                     "amount", "sum", "сумма", "вес", "weight", "товаров", "мест", "items", "аз", "рӯи",
                                     "маблағ", "к", "оплате", "the", "of", "in", "умумӣ"})  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER_SIGNS = frozenset({"№", "#", "№№", "n"})


@dataclass(frozen=True, slots=True)
class Named:
    """The box that a column is for. `is_sum` where the name says that the figure is of the whole line."""

    field: str
    is_sum: bool = False


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text[:200].replace("№", " ")).casefold().replace("ё", "е"))


@cache
def _known() -> Mapping[str, Named]:
    known = {name: Named(field) for field, names in _NAMES.items() for name in names}
    known |= dict.fromkeys(_SUMS, Named("item_price", is_sum=True))
    for language in LANGUAGES:
        with translation.override(language):
            known |= {" ".join(_words(str(box.label))): Named(box.field, is_sum=True) for box in GRID}
    return known


def field_named(cell: str) -> Named | None:
    """The box that a cell names, its number and its unit beside it or not; None for any other text."""
    if cell.strip().casefold().strip(". ") in _NUMBER_SIGNS:
        return Named(NUMBER)
    words = _words(cell)
    return _known().get(" ".join(words)) or _known().get(" ".join(word for word in words if word not in _UNITS))


def is_total(cell: str) -> bool:
    """Whether a cell says no more than that its row holds totals: `Итого:`, `Grand total, USD`, `Ҳамагӣ`."""
    words = set(_words(cell))
    return bool(words & _TOTALS) and words <= _TOTALS | _BESIDE_TOTALS
