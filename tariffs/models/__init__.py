"""The law as dated rows: code lists, nomenclature, taxes, measures, exchange rates."""

from tariffs.models.codes import (
    CodeListEntry,
    CorrectionRule,
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
from tariffs.models.law import ExchangeRate, Flow, LegalAct, Measure, Quota, QuotaDraw, Tax
from tariffs.models.nomenclature import Commodity, Section

__all__ = [
    "CodeListEntry",
    "Commodity",
    "CorrectionRule",
    "Country",
    "CountryGroup",
    "CountryGroupMember",
    "Currency",
    "DeliveryTerm",
    "DocumentType",
    "ExchangeRate",
    "Flow",
    "LegalAct",
    "Measure",
    "PackageKind",
    "Procedure",
    "Quota",
    "QuotaDraw",
    "Section",
    "Tax",
    "Territory",
    "TransportMode",
    "Unit",
]
