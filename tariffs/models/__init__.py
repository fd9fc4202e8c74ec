"""The law as dated rows: code lists, nomenclature, taxes, measures, exchange rates."""

from tariffs.models.changes import ChangeEvent, ChangeRow, ChangeSet
from tariffs.models.codes import (
    CodeListEntry,
    Country,
    CountryGroup,
    CountryGroupMember,
    Currency,
    DeliveryTerm,
    DocumentType,
    PackageKind,
    Procedure,
    Territory,
    TransportMode,
    Unit,
)
from tariffs.models.exchange_rate_lists import ExchangeRateEntry, ExchangeRateList
from tariffs.models.law import ExchangeRate, Flow, LegalAct, Measure, Quota, QuotaDraw, Tax
from tariffs.models.nomenclature import Commodity, Section
from tariffs.models.search import SearchForm, SearchTrigram, SearchWord, Synonym

__all__ = [
    "ChangeEvent",
    "ChangeRow",
    "ChangeSet",
    "CodeListEntry",
    "Commodity",
    "Country",
    "CountryGroup",
    "CountryGroupMember",
    "Currency",
    "DeliveryTerm",
    "DocumentType",
    "ExchangeRate",
    "ExchangeRateEntry",
    "ExchangeRateList",
    "Flow",
    "LegalAct",
    "Measure",
    "PackageKind",
    "Procedure",
    "Quota",
    "QuotaDraw",
    "SearchForm",
    "SearchTrigram",
    "SearchWord",
    "Section",
    "Synonym",
    "Tax",
    "Territory",
    "TransportMode",
    "Unit",
]
