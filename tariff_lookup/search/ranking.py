"""Ranks subheadings for what is asked: BM25 over all words of subheadings and headings, and votes of single texts.

One query over the postings; then the scores are added up, and a heading that has been named counts less each time. A
heading's chapter counts too: "funnels, steel" belongs among goods of steel even if no text has the word "funnel".
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import connection

from tariff_lookup.search.correcting import Slot
from tariff_lookup.search.numbers import text_of
from tariff_lookup.search.weights import THOUSAND
from tariff_lookup.search.words import BRAND

CHAPTER, HEADING, SUBHEADING = 2, 4, 6
# How much counts: all words of the subheading, the heading, the chapter's best heading; texts of the code, the heading.
OF_SUBHEADING, OF_HEADING, OF_CHAPTER, OF_TEXTS, OF_HEADING_TEXTS = 1.0, 0.5, 0.75, 0.5, 0.5
VOTES, NEXT_VOTE = 10, 0.8  # texts of a code that vote for it, and what each further one counts
SAME, OF_THE_SAME = 0.97, 1.0  # likeness of a text that says just what is asked, and what its code and heading gain
AGAIN, SLOWER = 0.86, 0.7  # what the second subheading of a heading keeps of its score; how much slower it goes on
CANDIDATES = 300
TOLD = 0.85  # likeness from which words name goods in full: "washing machine" beside a brand
OF_BRAND, OF_BRAND_BESIDE_GOODS, OF_WORDS_BESIDE_BRAND = 1.0, 0.35, 0.3

_SCORES = """
WITH asked AS (
    SELECT * FROM unnest(%s::int[], %s::text[], %s::int[], %s::bool[]) AS row (slot, stem, percent, brand)
), hit AS (
    SELECT asked.slot, asked.brand, posting.number, asked.percent::bigint * word.rarity * posting.weight AS score
    FROM asked JOIN tariff_lookup_searchword AS word USING (stem),
        unnest(word.numbers, word.weights) AS posting (number, weight)
), best AS (
    SELECT brand, number, max(score) AS score FROM hit GROUP BY brand, number, slot
), total AS MATERIALIZED (
    SELECT brand, number, sum(score) AS score FROM best GROUP BY brand, number
), longest AS (
    SELECT brand, sum(square) AS square FROM (
        SELECT brand, max((percent * rarity / 100.0) ^ 2) AS square
        FROM asked JOIN tariff_lookup_searchword USING (stem) GROUP BY brand, slot
    ) AS slots GROUP BY brand
), ordered AS (
    SELECT brand, number, score, square, number %% 100000 AS kind,
        row_number() OVER (PARTITION BY brand, CASE WHEN number %% 1000 > 0 THEN 0 ELSE number %% 100000 END
            ORDER BY score DESC, number) AS place
    FROM total JOIN longest USING (brand)
)
SELECT brand, number, score, square FROM ordered WHERE place <= CASE kind WHEN 4000 THEN 300 ELSE 600 END
"""


@dataclass
class Scores:
    """Scores by code: all words of a subheading and of a heading; single texts (each 0 to about 1)."""

    subheadings: dict[str, float] = field(default_factory=dict)
    headings: dict[str, float] = field(default_factory=dict)
    texts: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))


@dataclass(frozen=True, slots=True)
class Ranked:
    """Codes of six digits, best first, and how well the own text of national lines fits."""

    codes: tuple[str, ...]
    national: Mapping[str, float]


def ranked(slots: Sequence[Slot]) -> Ranked:
    """What fits `slots` best. One query."""
    by_words, by_brands = _scores(slots)
    national = {code: max(texts) for code, texts in by_words.texts.items() if len(code) > SUBHEADING}
    return Ranked(tuple(_spread(_with_brands(by_words, by_brands))), national)


def _with_brands(by_words: Scores, by_brands: Scores) -> dict[str, float]:
    """A brand leads, unless the words beside it name goods: "nike air max" is shoes, "nike socks" are socks."""
    worded, branded = _added_up(by_words), _added_up(by_brands)
    if not worded or not branded:
        return worded or branded
    is_told = max((max(texts) for texts in by_words.texts.values()), default=0) >= TOLD
    of_words, of_brand = (1.0, OF_BRAND_BESIDE_GOODS) if is_told else (OF_WORDS_BESIDE_BRAND, OF_BRAND)
    return {
        code: of_words * worded.get(code, 0) + of_brand * branded.get(code, 0)
        for code in worded.keys() | branded.keys()
    }


def _added_up(scores: Scores) -> dict[str, float]:
    """The whole score of each subheading that has one of the words, itself or by a text."""
    of_code: dict[str, list[float]] = defaultdict(list)
    of_heading: dict[str, list[float]] = defaultdict(list)
    for code, texts in scores.texts.items():
        of_heading[code[:HEADING]] += texts
        of_code[code[:SUBHEADING]] += texts
    votes = {code: _votes(texts) for code, texts in of_code.items()}
    heading_votes = {code: _votes(texts) for code, texts in of_heading.items()}
    chapters: dict[str, float] = defaultdict(float)
    for code, score in scores.headings.items():
        chapters[code[:CHAPTER]] = max(score, chapters[code[:CHAPTER]])
    most, most_of_heading = (max(held.values(), default=1.0) for held in (scores.subheadings, scores.headings))
    return {
        code: OF_SUBHEADING * scores.subheadings.get(code, 0) / most
        + OF_HEADING * scores.headings.get(code[:HEADING], 0) / most_of_heading
        + OF_CHAPTER * chapters[code[:CHAPTER]] / most_of_heading
        + OF_TEXTS * max(votes.get(code, 0), votes.get(code[:HEADING], 0))
        + OF_HEADING_TEXTS * heading_votes.get(code[:HEADING], 0)
        for code in {*scores.subheadings, *(code for code in votes if len(code) == SUBHEADING)}
    }


def _votes(texts: Sequence[float]) -> float:
    best = sorted(texts, reverse=True)[:VOTES]
    gain = OF_THE_SAME if best and best[0] >= SAME else 0.0
    return gain + sum(score * NEXT_VOTE**place for place, score in enumerate(best))


def _scores(slots: Sequence[Slot]) -> tuple[Scores, Scores]:
    """What words score, and what brands do."""
    rows = [
        (place, stem, percent, stem.startswith(BRAND))
        for place, slot in enumerate(slots)
        for stem, percent in slot.alternatives
    ]
    found = Scores(), Scores()
    with connection.cursor() as cursor:
        cursor.execute(_SCORES, [list(column) for column in zip(*rows, strict=True)])
        for brand, number, score, square in cursor.fetchall():
            scores = found[brand]
            code, part = text_of(number)
            if part:
                scores.texts[code].append(float(score) / (100 * THOUSAND * float(square) ** 0.5))
            elif len(code) == HEADING:
                scores.headings[code] = float(score)
            else:
                scores.subheadings[code] = float(score)
    return found


def _spread(total: Mapping[str, float]) -> list[str]:
    """Codes by score, where each further one of a heading counts less: a heading of many lines hides no other."""
    before: Counter[str] = Counter()
    spread: list[tuple[float, str]] = []
    for code in sorted(total, key=lambda code: (-total[code], code))[:CANDIDATES]:
        spread.append((-total[code] * AGAIN ** (before[code[:HEADING]] ** SLOWER), code))
        before[code[:HEADING]] += 1
    return [code for _score, code in sorted(spread)]
