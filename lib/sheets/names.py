"""Names of columns as people head them, in English, Russian and Tajik, and which row of a file is the header.

A name is taken for a column only where it can mean one column of the table alone. Otherwise it stays as it is written.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

from lib import cells
from lib.sheets.cell import Cell, label

_BETWEEN = re.compile(r"[\s_\-./:*()№#]+")
# Columns that the portal's tables share, whatever their readers are.
DATES = frozenset({"valid_from", "valid_to", "date"})
SEASONS = frozenset({"season_from", "season_to"})
CODES = frozenset({"code", "commodity", "code10", "old_code", "new_code", "hscode"})
# Names of things, in which a phrase such as "not available" may be meant.
NAMES = frozenset({"name", "name_ru", "name_tg", "title", "title_ru", "title_tg", "term", "en", "ru", "tg"})
# Left empty, these mean "all" or "any". A word that says nothing is no answer there: it is asked about.
KEYS = frozenset(
    {
        "code", "number", "group", "country", "currency", "kind", "tax", "flow", "commodity", "excluded_commodities",
        "origin", "excluded_origins", "procedure", "national_procedure", "preference", "document",
        "alternative_documents", "quota", "season_from", "season_to", "additive",
    }
)  # fmt: skip

OTHER_NAMES: Mapping[str, tuple[str, ...]] = {
    "code": ("код", "рамз", "код товара", "код тн вэд", "тн вэд", "commodity code", "hs code", "tariff code",
             "рамзи мол", "рамзи нмфиха"),
    "code10": ("код", "рамз", "код товара", "код тн вэд", "тн вэд", "commodity code", "hs code", "tariff code",
               "рамзи мол"),
    "commodity": ("код товара", "код тн вэд", "тн вэд", "товар", "commodity code", "hs code", "tariff code",
                  "рамзи мол", "мол"),
    "hscode": ("код тн вэд", "hs code"),
    "old_code": ("старый код", "прежний код", "рамзи кӯҳна", "old"),
    "new_code": ("новый код", "рамзи нав", "new"),
    "kind": ("вид", "вид меры", "тип", "намуд", "type"),
    "tax": ("налог", "платеж", "вид платежа", "код платежа", "андоз", "пардохт", "tax code"),
    "flow": ("направление", "самт", "direction"),
    "origin": ("происхождение", "страна происхождения", "кишвари пайдоиш", "country of origin"),
    "excluded_commodities": ("кроме товаров", "ғайр аз молҳо", "but not the commodities"),
    "excluded_origins": ("кроме стран", "ғайр аз кишварҳо", "but not the countries"),
    "procedure": ("процедура", "код процедуры", "расмиёт"),
    "national_procedure": ("национальная процедура", "особенность", "расмиёти миллӣ"),
    "preference": ("преференция", "льгота", "имтиёз"),
    "document": ("документ", "код документа", "ҳуҷҷат"),
    "alternative_documents": ("или документы", "ё ҳуҷҷатҳо", "or one of the documents"),
    "quota": ("квота", "номер квоты"),
    "season_from": ("сезон с", "начало сезона", "мавсим аз"),
    "season_to": ("сезон по", "конец сезона", "мавсим то"),
    "rate": ("ставка", "ставка пошлины", "курс", "меъёр", "қурб", "duty rate", "exchange rate"),
    "duty_rate_text": ("ставка", "ставка пошлины", "ставка ввозной пошлины", "меъёр", "меъёри боҷ", "rate",
                       "duty rate"),
    "heading_ru": ("товарная позиция", "позиция", "мавқеи мол", "heading"),
    "ambiguous_duplicate": ("неоднозначный дубликат", "дубликат"),
    "additive": ("дополнительно", "прибавляется", "илова", "added to other measures"),
    "example": ("пример", "намуна", "example not published law"),
    "act": ("акт", "правовой акт", "основание", "санад", "санади ҳуқуқӣ", "legal act", "legal basis"),
    "note": ("примечание", "эзоҳ", "remark"),
    "note_ru": ("примечание на русском", "примечание рус", "эзоҳ бо русӣ", "note in russian"),
    "note_tg": ("примечание на таджикском", "эзоҳ бо тоҷикӣ", "note in tajik"),
    "name": ("название", "наименование", "ном", "имя"),
    "name_ru": ("название", "наименование", "наименование товара", "название на русском", "наименование на русском",
                "название рус", "ном бо русӣ", "name in russian"),
    "name_tg": ("название на таджикском", "ном бо тоҷикӣ", "name in tajik"),
    "title": ("заголовок", "унвон"),
    "title_ru": ("заголовок на русском", "title in russian"),
    "title_tg": ("заголовок на таджикском", "title in tajik"),
    "description": ("описание", "тавсиф"),
    "description_ru": ("описание на русском", "наименование товара", "наименование на русском", "тавсиф бо русӣ",
                       "description in russian"),
    "description_tg": ("описание на таджикском", "тавсиф бо тоҷикӣ", "description in tajik"),
    "indent": ("тире", "число тире", "dashes"),
    "declarable": ("декларируется", "эълоншаванда", "may be declared"),
    "supplementary_unit": ("дополнительная единица", "дополнительная единица измерения", "дее", "воҳиди иловагӣ"),
    "unit": ("единица", "единица измерения", "ед изм", "воҳид", "воҳиди ченак"),
    "number": ("номер", "рақам"),
    "volume": ("объем", "ҳаҷм"),
    "date": ("дата", "сана"),
    "link": ("ссылка", "пайванд", "url"),
    "group": ("группа", "группа стран", "гурӯҳ"),
    "country": ("страна", "кишвар", "давлат"),
    "sequence": ("порядок", "тартиб", "order of computation"),
    "decimals": ("знаков", "десятичных знаков", "decimals of the amount"),
    "rounding": ("округление", "яклухткунӣ"),
    "currency": ("валюта", "код валюты", "асъор", "рамзи асъор", "currency code", "char code", "charcode"),
    "nominal": ("номинал", "единиц", "за единиц", "воҳид", "units", "for units"),
    "valid_from": ("действует с", "действительно с", "дата начала", "начало", "начало действия", "с", "дата", "сана",
                   "эътибор аз", "аз", "from", "start", "start date", "date"),
    "valid_to": ("действует по", "действительно по", "дата окончания", "конец", "окончание", "окончание действия", "по",
                 "эътибор то", "то", "to", "end", "end date", "дата", "сана", "date"),
    "lane": ("коридор", "полоса", "роҳрав"),
    "hours": ("часы", "часов", "соат"),
    "share": ("доля", "процент", "ҳисса"),
    "conditions": ("условия", "шартҳо"),
    "instruction": ("указание", "дастур"),
    "instruction_ru": ("указание на русском", "instruction in russian"),
    "instruction_tg": ("указание на таджикском", "instruction in tajik"),
    "offices": ("посты", "таможенные посты", "гузаргоҳҳо"),
    "source": ("источник", "манбаъ"),
}  # fmt: skip


def _key(name: str) -> str:
    plain = unicodedata.normalize("NFKC", name).replace("\u00ad", "").casefold().replace("ё", "е")
    return _BETWEEN.sub(" ", plain).strip("\ufeff\u200b ,;")


_COLUMNS_OF: dict[str, set[str]] = defaultdict(set)
for _column, _others in OTHER_NAMES.items():
    for _other in _others:
        _COLUMNS_OF[_key(_other)].add(_column)


class ColumnLike(Protocol):
    """A column of a table: its name, how its text is read, and whether it may be empty."""

    @property
    def name(self) -> str: ...
    @property
    def read(self) -> Callable[[str], Any]: ...
    @property
    def required(self) -> bool: ...


@dataclass(frozen=True)
class Expected:
    """The columns that a table may have, and how their cells are to be tidied before they are read one by one."""

    names: tuple[str, ...]
    dates: frozenset[str] = DATES
    seasons: frozenset[str] = SEASONS
    codes: frozenset[str] = CODES
    numbers: frozenset[str] = frozenset()
    keys: frozenset[str] = KEYS
    may_compute: bool = True  # whether people keep the table in a spreadsheet, which would compute `=1+1`
    required: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def of(cls, columns: Iterable[ColumnLike]) -> "Expected":
        """What the columns of a table say themselves."""
        columns = tuple(columns)
        return cls(
            tuple(column.name for column in columns),
            dates=DATES | {column.name for column in columns if column.read is cells.day},
            seasons=SEASONS | {column.name for column in columns if column.read is cells.month_and_day},
            numbers=frozenset(column.name for column in columns if column.read in (cells.decimal, cells.above_zero)),
            required=frozenset(column.name for column in columns if column.required),
        )

    @cached_property
    def _by_key(self) -> dict[str, str]:
        own = {_key(name): name for name in self.names}
        others = {
            key: found.pop()
            for key, columns in _COLUMNS_OF.items()
            if key not in own and len(found := columns & set(self.names)) == 1
        }
        return {**others, **own}

    def column(self, name: str) -> str:
        """The column that a name of the header certainly means; the name itself where that is not certain."""
        return name if name in self.names else self._by_key.get(_key(name), name)

    def known(self, record: Sequence[Cell]) -> int:
        """How many columns a record names."""
        return len({column for cell in record if (column := self.column(label(cell))) in self.names})


def header_of(records: Sequence[tuple[int, Sequence[Cell]]], tables: Sequence[Expected]) -> tuple[int, Expected | None]:
    """Which of the first records is the header, and of which table: the one that names most columns.

    Titles above a table name no columns, or one by chance. Without a record that names two and more, the first is it.
    """
    found = [
        (table.known(record), -place, -order)
        for order, table in enumerate(tables)
        for place, (_number, record) in enumerate(records)
    ]
    best, place, order = max(found, default=(0, 0, 0))
    filled = sum(bool(label(cell)) for cell in records[-place][1]) if records else 0
    if place and (best < 2 or best * 2 < filled):
        place = 0
        best, order = max(((table.known(records[0][1]), -order) for order, table in enumerate(tables)), default=(0, 0))
    return -place, tables[-order] if best else None
