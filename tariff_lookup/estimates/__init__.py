"""The public calculator's answer: the same law and the same arithmetic as the assessment of a declaration.

`estimate` adds what a declaration does not show: what is asked for, which papers are needed, and what a proof of
origin, a preference or a tariff quota would save.
"""

from tariff_lookup.estimates.claims import Claim
from tariff_lookup.estimates.estimate import ChargeLine, Estimate, EstimatedItem, TaxTotal, estimate
from tariff_lookup.estimates.options import Alternative, Option
from tariff_lookup.estimates.papers import ConsignmentPapers, PaperAsked, Prohibition

__all__ = [
    "Alternative",
    "ChargeLine",
    "Claim",
    "ConsignmentPapers",
    "Estimate",
    "EstimatedItem",
    "Option",
    "PaperAsked",
    "Prohibition",
    "TaxTotal",
    "estimate",
]
