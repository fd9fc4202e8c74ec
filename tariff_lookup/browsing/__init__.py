"""What the public tariff pages show: the tree of the nomenclature, a line with its measures, quotas."""

from tariff_lookup.browsing.commodity import Change, CommodityPage, TaxRows, commodity_page, validity_of
from tariff_lookup.browsing.quotas import open_quotas, rates_within
from tariff_lookup.browsing.rows import MeasureRow, Papers, QuotaRows, Wording, papers_for
from tariff_lookup.browsing.tree import Branch, Branches, branches_below, section_of, sections_with_chapters

__all__ = [
    "Branch",
    "Branches",
    "Change",
    "CommodityPage",
    "MeasureRow",
    "Papers",
    "QuotaRows",
    "TaxRows",
    "Wording",
    "branches_below",
    "commodity_page",
    "open_quotas",
    "papers_for",
    "rates_within",
    "section_of",
    "sections_with_chapters",
    "validity_of",
]
