"""A calculation on paper: every line with formula, rate, exchange rate and act, and a QR that leads back to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lib.languages import in_language
from lib.papers import print_pdf, qr_drawing
from tariff_lookup.estimates import Estimate
from tariffs.selectors import amounts_context, need_sentence, territory

# A longer address makes a code too fine to be read off paper.
LONGEST_IN_QR = 1200


@dataclass(frozen=True, slots=True)
class Typed:
    """What the assessment does not hold: the delivery term, the costs by name, and which costs are still lacking."""

    term: str
    costs: Sequence[tuple[str, Decimal, str]]
    lacking: Sequence[str]


def render(estimate: Estimate, typed: Typed, *, link: str, today: date) -> bytes:
    """The calculation as PDF, in the active language. `today` is the day on which the law was looked up."""
    return print_pdf(
        "papers/calculation.html",
        {
            "estimate": estimate,
            "territory": in_language(territory()),
            "today": today,
            "link": link,
            "qr": qr_drawing(link) if len(link) <= LONGEST_IN_QR else "",
            "needs": [need_sentence(need) for need in estimate.needs],
            "term": typed.term,
            "costs": typed.costs,
            "lacking": typed.lacking,
            **amounts_context(),
        },
    )
