"""The law as dated rows: code lists, nomenclature, taxes, measures, exchange rates."""

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
from tariffs.models.law import ExchangeRate, LegalAct, Measure, Tax
from tariffs.models.nomenclature import Commodity, Section
from tariffs.models.search import SearchEntry, Synonym

__all__ = [
    "CodeListEntry",
    "Commodity",
    "Country",
    "CountryGroup",
    "CountryGroupMember",
    "Currency",
    "DeliveryTerm",
    "DocumentType",
    "ExchangeRate",
    "LegalAct",
    "Measure",
    "PackageKind",
    "Procedure",
    "SearchEntry",
    "Section",
    "Synonym",
    "Tax",
    "Territory",
    "TransportMode",
    "Unit",
]
