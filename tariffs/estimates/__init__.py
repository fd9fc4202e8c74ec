"""The public calculator's answer: the same law and the same arithmetic as the assessment of a declaration.

`estimate` adds what a declaration does not show: what is asked for, which papers are needed, and what a proof of
origin, a preference or a tariff quota would save.
"""

from tariffs.estimates.claims import Claim
from tariffs.estimates.estimate import ChargeLine, Estimate, EstimatedItem, TaxTotal, estimate
from tariffs.estimates.options import Alternative, Option
from tariffs.estimates.papers import ConsignmentPapers, PaperAsked, Prohibition

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
