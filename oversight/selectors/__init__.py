"""Reads of those who look at the work of others: acts, looks, and figures of integrity."""

from oversight.selectors.acts import acts, kinds_of_acts
from oversight.selectors.draws import check_draws, draws_of_number
from oversight.selectors.figures import Figure, Pair, Wanted, figures, looked_through, marks, pairs, watches
from oversight.selectors.looks import kinds_of_looks, looks
from oversight.selectors.union import COUNTED, Asked, Row

__all__ = [
    "COUNTED", "Asked", "Figure", "Pair", "Row", "Wanted", "acts", "check_draws", "draws_of_number", "figures",
    "kinds_of_acts", "kinds_of_looks", "looked_through", "looks", "marks", "pairs", "watches",
]  # fmt: skip
