"""Ranks subheadings for what is asked: BM25 over all words of subheadings and headings, and likeness to single texts.

One query over the postings; then the three ranks are added up, and a heading that has been named counts less each time.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import connection

from tariffs.search.asking import Slot
from tariffs.search.numbers import text_of
from tariffs.search.weights import THOUSAND

CHAPTER, HEADING, SUBHEADING = 2, 4, 6
OF_SUBHEADING, OF_HEADING, OF_TEXT, OF_BEST_TEXT = 1.0, 0.5, 1.0, 1.0
AGAIN = 0.9  # what each further subheading of a heading keeps of its score
CANDIDATES = 300

_SCORES = """
WITH asked AS (
    SELECT * FROM unnest(%s::int[], %s::text[], %s::int[]) AS row (slot, stem, percent)
), hit AS (
    SELECT asked.slot, posting.number, asked.percent::bigint * word.rarity * posting.weight AS score
    FROM asked JOIN tariffs_searchword AS word USING (stem),
        unnest(word.numbers, word.weights) AS posting (number, weight)
), best AS (
    SELECT number, max(score) AS score FROM hit GROUP BY number, slot
), total AS MATERIALIZED (
    SELECT number, sum(score) AS score FROM best GROUP BY number
), longest AS (
    SELECT sum(square) AS square FROM (
        SELECT max((percent * rarity / 100.0) ^ 2) AS square FROM asked JOIN tariffs_searchword USING (stem)
        GROUP BY slot
    ) AS slots
)
(SELECT number, score, square FROM total, longest WHERE number %% 1000 > 0 ORDER BY score DESC, number LIMIT 600)
UNION ALL
(SELECT number, score, square FROM total, longest WHERE number %% 100000 = 4000 ORDER BY score DESC, number LIMIT 300)
UNION ALL
(SELECT number, score, square FROM total, longest WHERE number %% 100000 = 6000 ORDER BY score DESC, number LIMIT 600)
"""


@dataclass
class Scores:
    """Scores by code: all words of a subheading and of a heading; the best single text (0 to about 1)."""

    subheadings: dict[str, float] = field(default_factory=dict)
    headings: dict[str, float] = field(default_factory=dict)
    texts: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ranked:
    """Codes of six digits, best first, and how well the own text of national lines fits."""

    codes: tuple[str, ...]
    national: Mapping[str, float]


def ranked(slots: Sequence[Slot]) -> Ranked:
    """What fits `slots` best. One query."""
    scores = _scores(slots)
    texts = scores.texts
    best_below: dict[str, float] = defaultdict(float)
    best_text: dict[str, float] = defaultdict(float)
    for code, score in texts.items():
        best_text[code[:HEADING]] = max(score, best_text[code[:HEADING]])
        if len(code) >= SUBHEADING:
            best_below[code[:SUBHEADING]] = max(score, best_below[code[:SUBHEADING]])
    top = {
        name: max(held.values(), default=0) or 1
        for name, held in (("sub", scores.subheadings), ("head", scores.headings))
    }
    total = {
        code: OF_SUBHEADING * scores.subheadings.get(code, 0) / top["sub"]
        + OF_HEADING * scores.headings.get(code[:HEADING], 0) / top["head"]
        + OF_TEXT * max(best_below.get(code, 0), texts.get(code[:HEADING], 0))
        + OF_BEST_TEXT * best_text.get(code[:HEADING], 0)
        for code in {*scores.subheadings, *best_below}
    }
    national = {code: score for code, score in texts.items() if len(code) > SUBHEADING}
    return Ranked(tuple(_spread(total)), national)


def _scores(slots: Sequence[Slot]) -> Scores:
    rows = [(place, stem, percent) for place, slot in enumerate(slots) for stem, percent in slot.alternatives]
    scores = Scores()
    with connection.cursor() as cursor:
        cursor.execute(_SCORES, [list(column) for column in zip(*rows, strict=True)])
        for number, score, square in cursor.fetchall():
            code, part = text_of(number)
            if part:
                likeness = float(score) / (100 * THOUSAND * float(square) ** 0.5)
                scores.texts[code] = max(likeness, scores.texts.get(code, 0))
            elif len(code) == HEADING:
                scores.headings[code] = float(score)
            else:
                scores.subheadings[code] = float(score)
    return scores


def _spread(total: Mapping[str, float]) -> list[str]:
    """Codes by score, where each further one of a heading counts less: a heading of many lines hides no other."""
    before: Counter[str] = Counter()
    spread: list[tuple[float, str]] = []
    for code in sorted(total, key=lambda code: (-total[code], code))[:CANDIDATES]:
        spread.append((-total[code] * AGAIN ** before[code[:HEADING]], code))
        before[code[:HEADING]] += 1
    return [code for _score, code in sorted(spread)]
