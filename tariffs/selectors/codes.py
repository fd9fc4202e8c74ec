"""Code lists, remembered by each process for as long as the edition of the tables stays the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from accounts.models import Office
from lib import money
from lib.remembered import Remembered
from tariffs.models import (
    CodeListEntry,
    CorrectionRule,
    Country,
    Currency,
    DeliveryTerm,
    DocumentType,
    PackageKind,
    Procedure,
    RefundRule,
    Tax,
    Territory,
    TransportMode,
    Unit,
)

Edition = tuple[str, int]
_TABLES: dict[str, tuple[Any, dict[str, Any]]] = {
    "country": (Country, {}),
    "currency": (Currency, {}),
    "unit": (Unit, {}),
    "package_kind": (PackageKind, {}),
    "delivery_term": (DeliveryTerm, {}),
    "transport_mode": (TransportMode, {}),
    "document_type": (DocumentType, {}),
    "procedure": (Procedure, {"is_national": False}),
    "national_procedure": (Procedure, {"is_national": True}),
    "office": (Office, {}),
    "tax": (Tax, {}),
}
_DATED = {"procedure", "national_procedure", "office", "tax"}


_territories: Remembered[Edition, Territory] = Remembered(8)


def territory() -> Territory:
    """The customs territory whose law is loaded. Raises `Territory.DoesNotExist` before the first `load_country`.

    One small query asks for the edition; the row is remembered and shared, and not for editing.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT code, edition FROM tariffs_territory")
        edition = cursor.fetchone()
    if edition is None:
        raise Territory.DoesNotExist("no country is loaded")
    return _territories.one(edition, Territory.objects.get)


@dataclass(frozen=True, slots=True)
class _Entry:
    code: str
    names: Mapping[str, str]
    valid_from: date | None = None
    valid_to: date | None = None

    def in_force(self, on: date) -> bool:
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or self.valid_to >= on)


@lru_cache(maxsize=64)
def _entries(edition: Edition, name: str) -> tuple[_Entry, ...]:
    table, filters = _TABLES.get(name, (CodeListEntry, {"code_list": name}))
    columns = ["code", "name", "name_ru", "name_tg", *(["valid_from", "valid_to"] if name in _DATED else [])]
    rows = table.objects.filter(**filters).order_by("code").values_list(*columns)
    return tuple(_Entry(row[0], {"en": row[1], "ru": row[2], "tg": row[3]}, *row[4:]) for row in rows)


@lru_cache(maxsize=256)
def _known(edition: Edition, name: str, on: date) -> frozenset[str]:
    return frozenset(entry.code for entry in _entries(edition, name) if entry.in_force(on))


@lru_cache(maxsize=256)
def _names(edition: Edition, name: str, on: date, language: str) -> Mapping[str, str]:
    entries = [entry for entry in _entries(edition, name) if entry.in_force(on)]
    return {entry.code: entry.names.get(language) or entry.names["en"] for entry in entries}


@lru_cache(maxsize=8)
def _unit_factors(edition: Edition) -> Mapping[str, tuple[str, Decimal]]:
    rows = Unit.objects.exclude(base="").values_list("code", "base", "factor")
    return {code: (base, factor) for code, base, factor in rows}


@lru_cache(maxsize=8)
def _currencies(edition: Edition) -> Mapping[str, money.Currency]:
    return {code: money.Currency(code, decimals) for code, decimals in Currency.objects.values_list("code", "decimals")}


@lru_cache(maxsize=64)
def _suspending(edition: Edition, on: date) -> frozenset[str]:
    return frozenset(Procedure.objects.on(on).filter(is_national=False, suspends=True).values_list("code", flat=True))


@lru_cache(maxsize=64)
def _unsecured(edition: Edition, on: date) -> frozenset[str]:
    found = Procedure.objects.on(on).filter(is_national=False, without_guarantee=True)
    return frozenset(found.values_list("code", flat=True))


@dataclass(frozen=True, slots=True)
class Currencies:
    """The currencies by code, each with the decimals of its row, and which of them is the national one."""

    national: money.Currency
    by_code: Mapping[str, money.Currency]


@dataclass(frozen=True, slots=True)
class CodeLists:
    """All code lists on a date. Made with one query (the edition); the lists themselves are remembered."""

    territory: Territory
    on: date

    @property
    def edition(self) -> Edition:
        """What is remembered of the tables is remembered under this."""
        return self.territory.code, self.territory.edition

    def known(self, name: str) -> frozenset[str]:
        """The codes of list `name` in force."""
        return _known(self.edition, name, self.on)

    def names(self, name: str) -> Mapping[str, str]:
        """code -> name in the reader's language."""
        return _names(self.edition, name, self.on, (get_language() or "en")[:2])

    def currencies(self) -> "Currencies":
        by_code = _currencies(self.edition)
        return Currencies(by_code[self.territory.currency], by_code)

    def unit_factors(self) -> Mapping[str, tuple[str, Decimal]]:
        return _unit_factors(self.edition)

    def suspending_procedures(self) -> frozenset[str]:
        return _suspending(self.edition, self.on)

    def unsecured_procedures(self) -> frozenset[str]:
        return _unsecured(self.edition, self.on)


def code_lists(*, on: date) -> CodeLists:
    """The code lists in force on a date."""
    return CodeLists(territory(), on)


def code_list(name: str, *, on: date) -> Mapping[str, str]:
    """code -> name, in the reader's language, of one list that the box table names in `codes`."""
    return code_lists(on=on).names(name)


def known_codes(name: str, *, on: date) -> frozenset[str]:
    """The codes of one list in force on a date."""
    return code_lists(on=on).known(name)


def currencies() -> Currencies:
    """Every currency. The list does not depend on a day: a currency keeps its decimals."""
    found = territory()
    return CodeLists(found, date.max).currencies()


def national_currency() -> money.Currency:
    """The currency in which the law counts."""
    return currencies().national


def amounts_context() -> dict[str, object]:
    """What a page, a paper or a mail writes amounts with: `national`, and `currencies` by code.

    Both are read when one of them is first used, with one query.
    """
    found: Any = SimpleLazyObject(currencies)
    return {
        "national": SimpleLazyObject(lambda: found.national),
        "currencies": SimpleLazyObject(lambda: found.by_code),
    }


def unit_factors() -> Mapping[str, tuple[str, Decimal]]:
    """Of each unit that converts: its base unit and how many of it one unit makes."""
    found = territory()
    return _unit_factors((found.code, found.edition))


def delivery_term(code: str) -> DeliveryTerm | None:
    """The delivery term with its flags, None where the code is no Incoterm."""
    return DeliveryTerm.objects.filter(code=code).first()


def procedure(code: str, *, on: date) -> Procedure | None:
    """The four-digit procedure of box 37 in force on the day."""
    found: Procedure | None = Procedure.objects.on(on).filter(code=code, is_national=False).first()
    return found


def procedures(*, on: date) -> QuerySet[Procedure]:
    """The four-digit procedures of box 37 in force on the day, by code."""
    found: QuerySet[Procedure] = Procedure.objects.on(on).filter(is_national=False)
    return found.order_by("code")


def correction_rule(*, moment: str, effect: str, on: date) -> CorrectionRule | None:
    """What the law in force on the day says of such a correction; None where the loaded country does not say."""
    found: CorrectionRule | None = CorrectionRule.objects.on(on).filter(moment=moment, effect=effect).first()
    return found


def refund_rules(*, on: date) -> list[RefundRule]:
    """On what grounds money may be claimed back by the law in force on the day."""
    return list(RefundRule.objects.on(on).order_by("pk"))


def proofs_of_origin() -> list[DocumentType]:
    """Papers that prove origin, such as a certificate ST-1."""
    return list(DocumentType.objects.filter(proves_origin=True))
