"""How good a model is and how far the world has moved from what it learnt: precision, AUC, bins and stability index."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

BINS = 10
_HARDLY = 0.0001  # a share of nothing, so that a logarithm exists


@dataclass(frozen=True, slots=True)
class Found:
    """Of the first `taken` of `lines`, `wrong` were wrong."""

    lines: int
    taken: int
    wrong: int

    @property
    def precision(self) -> float | None:
        """None where nothing was taken."""
        return self.wrong / self.taken if self.taken else None


def first(scores: Sequence[float], wrong: Sequence[bool], share: float) -> Found:
    """What lies in the first `share` of the lines, the highest score first; of equal scores the earlier line."""
    taken = round(len(scores) * share)
    order = sorted(range(len(scores)), key=lambda place: -scores[place])[:taken]
    return Found(len(scores), taken, sum(wrong[place] for place in order))


def auc(scores: Sequence[float], wrong: Sequence[bool]) -> float | None:
    """Chance that a wrong line scores above a right one; None where one kind is missing."""
    rights = sorted(score for score, bad in zip(scores, wrong, strict=True) if not bad)
    wrongs = [score for score, bad in zip(scores, wrong, strict=True) if bad]
    if not rights or not wrongs:
        return None
    above = sum((bisect_left(rights, score) + bisect_right(rights, score)) / 2 for score in wrongs)
    return above / (len(rights) * len(wrongs))


def quantiles(values: Sequence[float], parts: int) -> list[float]:
    """The `parts` - 1 values that cut the sorted values into equal parts; none of nothing."""
    known = sorted(value for value in values if not math.isnan(value))
    return [known[min(len(known) - 1, place * len(known) // parts)] for place in range(1, parts)] if known else []


def percentile(value: float, cuts: Sequence[float]) -> float:
    """Per cent of those that the cuts were made of which lie below the value; half of a tie."""
    place = (bisect_left(cuts, value) + bisect_right(cuts, value)) / 2
    return 100 * place / (len(cuts) + 1) if cuts else 0.0


def edges(values: Sequence[float]) -> list[float]:
    """The edges of at most ten bins of equal count."""
    return sorted(set(quantiles(values, BINS)))


def shares(values: Sequence[float], cuts: Sequence[float]) -> list[float]:
    """Share of the values in each bin of `cuts`; the last is the share that is not known."""
    counts = [0] * (len(cuts) + 2)
    for value in values:
        counts[-1 if math.isnan(value) else bisect_left(cuts, value)] += 1
    return [count / len(values) for count in counts] if values else [0.0 for _count in counts]


def stability(then: Sequence[float], now: Sequence[float]) -> float:
    """Population stability index of two lists of shares: below 0.1 nothing moved, above 0.25 much did."""
    pairs = [(max(old, _HARDLY), max(new, _HARDLY)) for old, new in zip(then, now, strict=True)]
    return sum((new - old) * math.log(new / old) for old, new in pairs)
