"""How much a word counts in a text: BM25 for all words of a code taken together, cosine for one text.

The figures were found on a random half of a list of everyday terms and confirmed on the other (`portal bench search`).
"""

import math
from collections.abc import Mapping

THOUSAND = 1000
TEXTS = 40_000  # about as many texts as a whole tariff has; a constant, so that one more word changes nothing else

# How much a word counts among all words of a subheading or heading, by where it stands.
IN_SUBHEADING = {"heading": 0.4, "subheading": 1.0, "national": 0.3, "everyday": 1.0, "brand": 1.0}
IN_HEADING = {"heading": 1.0, "subheading": 0.5, "national": 0.2, "everyday": 1.0, "brand": 1.0}
USUAL_LENGTH = {4: 60.0, 6: 25.0}  # words, weighted as above
SATURATION = 0.9
LENGTH_COUNTS = 0.15
TRUST = {"heading": 1.0, "subheading": 1.0, "national": 0.9, "everyday": 1.1, "brand": 1.1}
NEXT_GOODS = 0.93  # what each further kind of goods of a brand counts


def rarity(seen: int) -> int:
    """The inverse document frequency of a stem that `seen` texts have, in thousandths."""
    return round(THOUSAND * math.log(1 + (TEXTS - min(seen, TEXTS) + 0.5) / (seen + 0.5)))


def pooled(counts: Mapping[str, float], *, digits: int) -> dict[str, int]:
    """BM25 without the rarity, which the question brings: the weight of each stem in thousandths."""
    length = sum(counts.values()) / USUAL_LENGTH[digits]
    dampened = SATURATION * (1 - LENGTH_COUNTS + LENGTH_COUNTS * length)
    return {
        stem: round(THOUSAND * count * (SATURATION + 1) / (count + dampened))
        for stem, count in counts.items()
        if count > 0
    }


def single(rarities: Mapping[str, int], *, trust: float) -> dict[str, int]:
    """The share of each stem in one text as a vector of length `trust`, in thousandths."""
    length = math.sqrt(sum(value**2 for value in rarities.values())) or 1.0
    return {stem: round(THOUSAND * trust * value / length) for stem, value in rarities.items()}
