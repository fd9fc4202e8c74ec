"""Finds goods in the nomenclature by code or by words in any of the languages, grouped by heading.

Full-text search of core PostgreSQL alone: the words of a code and everyday words lie in `SearchEntry`. Nothing is
found for an empty question; a code that does not exist finds the nearest lines above it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import Exists, F, OuterRef, Value

from tariffs.models import Commodity, SearchEntry, Synonym

CONFIGURATION = "russian"  # stems Cyrillic words as Russian, Latin words as English
WEIGHTS = [0.0, 0.15, 0.9, 1.0]  # D unused, C lines above, B everyday words, A the line's own words
HEADINGS = 12
LINES = 6
CANDIDATES = 400
LONGEST_QUESTION = 200
_CODE = re.compile(r"[\d\s.\-]+")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that was found, with the words above it that its own text needs to be understood."""

    commodity: Commodity
    above: Commodity | None

    @property
    def code(self) -> str:
        return str(self.commodity.code)


@dataclass(frozen=True, slots=True)
class Group:
    """What was found under one heading (or chapter), best first."""

    heading: Commodity
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a question. `nearest`: nothing has the code asked for, these lines come nearest."""

    question: str
    groups: tuple[Group, ...] = ()
    nearest: str = ""

    @property
    def lines(self) -> list[Line]:
        return [line for group in self.groups for line in group.lines]


def digits_of(question: str) -> str:
    """The code that is asked for, without dots and spaces; empty where words are asked."""
    text = question.strip()
    return re.sub(r"\D", "", text) if _CODE.fullmatch(text) else ""


def search(question: str, *, on: date) -> Found:
    """What `question`, a code or words, finds on a date. At most six queries."""
    text = question.replace("\x00", "").strip()[:LONGEST_QUESTION]
    code = digits_of(text)
    if code:
        return _by_code(text, code, on=on)
    if words := _WORD.findall(text.lower()):
        return Found(text, _grouped(_by_words(words, phrase=" ".join(text.lower().split())), on=on))
    return Found(text)


def _by_code(text: str, code: str, *, on: date) -> Found:
    if len(code) == 1:
        chapters = list(Commodity.objects.on(on).filter(code__in=[f"{code}{n}" for n in range(10)] + [f"0{code}"]))
        return Found(text, tuple(Group(chapter, ()) for chapter in chapters))
    prefixes = [code[:length] for length in range(2, len(code) + 1)]
    known = list(
        Commodity.objects.on(on).filter(code__in=prefixes).order_by("-code").values_list("code", flat=True)[:1]
    )
    below = Commodity.objects.on(on).filter(code__startswith=code).order_by("code")
    codes = list(below.values_list("code", flat=True)[:CANDIDATES])
    if codes:
        return Found(text, _grouped(codes, on=on))
    return Found(text, _grouped(known, on=on), nearest=code) if known else Found(text)


def _by_words(words: Sequence[str], *, phrase: str) -> list[str]:
    """Codes by rank: lines with all words; else with the last one begun; else with any of them."""
    begun = [*words[:-1], f"{words[-1]}:*"]
    for sign in (" & ", " | "):
        for asked in (words, begun):
            if codes := _ranked(sign.join(asked), phrase=phrase):
                return codes
    return []


def _ranked(asked: str, *, phrase: str) -> list[str]:
    query = SearchQuery(asked, config=CONFIGURATION, search_type="raw")
    everyday = Synonym.objects.filter(term=phrase, code=OuterRef("code"))
    found = SearchEntry.objects.filter(words=query).annotate(rank=_rank(query), is_everyday=Exists(everyday))
    return list(found.order_by("-is_everyday", "-rank", "code").values_list("code", flat=True)[:CANDIDATES])


def _rank(query: SearchQuery) -> SearchRank:
    return SearchRank(F("words"), query, weights=WEIGHTS, normalization=Value(1))


def _grouped(codes: Iterable[str], *, on: date) -> tuple[Group, ...]:
    by_heading: dict[str, list[str]] = defaultdict(list)
    for code in codes:
        by_heading[code[:4]].append(code)
    chosen = list(by_heading.items())[:HEADINGS]
    wanted = {prefix for heading, group in chosen for code in [heading, *group[: LINES + 1]] for prefix in _above(code)}
    rows = {row.code: row for row in Commodity.objects.on(on).filter(code__in=wanted)}
    return tuple(
        Group(rows[heading], tuple(_lines(heading, group, rows))) for heading, group in chosen if heading in rows
    )


def _lines(heading: str, codes: list[str], rows: dict[str, Commodity]) -> Iterable[Line]:
    for code in [code for code in codes if code != heading and code in rows][:LINES]:
        above = next((rows[prefix] for prefix in reversed(_above(code)[:-1]) if prefix in rows), None)
        tells_more = above is not None and above.code != heading and above.description != rows[code].description
        yield Line(rows[code], above if tells_more else None)


def _above(code: str) -> list[str]:
    return [code[:length] for length in range(2, len(code) + 1)]
