"""Finds goods in the nomenclature by code or by words in English, Russian and Tajik, grouped by heading.

The door of tariff search: `search(question, on=…)`. The index it reads is made by `tariffs.services.search`. Nothing is
found for a question without letters and digits; a code that does not exist finds the nearest lines above it; words that
are not known find the nearest guesses, marked as such, and what they may have meant is offered. What is known of brands
is help and no law.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q

from lib.codes import beginnings, code_alone, codes_among_words, with_its_zero
from tariff_lookup.search.asking import understand
from tariff_lookup.search.ranking import Ranked, ranked
from tariff_lookup.search.words import clean
from tariffs.models import Commodity, Section

CHAPTER, HEADING, SUBHEADING = 2, 4, 6
HEADINGS = 12
LINES = 6
FIRST_CODES = 10  # of these every one is shown, of further ones the best of each heading
NATIONAL_LINES = 2  # of one subheading, beside it
FITS = 0.75  # how well the own words of a national line must fit to be shown beside its subheading
BELOW_A_CODE = 400
SUGGESTIONS = 40
LONGEST_QUESTION = 200
LONGEST_READ = 1000  # of this, before what cannot be seen is taken out


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
    """What was found under one heading (or chapter), best first, with the path to the heading."""

    heading: Commodity
    lines: tuple[Line, ...]
    section: Section | None = None
    chapter: Commodity | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a question.

    `sought`: the codes asked for. `nearest`: nothing has the code asked for, these lines come nearest. `shown`: what
    was read instead of what was typed (a wrong keyboard layout, a typing error that other words bear out). `offered`:
    what may have been meant. `guessed`: no word is known, these are the nearest. `brands`: words that were read as
    brands. `is_cut`: only the beginning was read. `codes`: what words found, six digits each, best first, whatever
    heading it stands under.
    """

    question: str
    groups: tuple[Group, ...] = ()
    sought: tuple[str, ...] = ()
    nearest: str = ""
    shown: str = ""
    offered: tuple[str, ...] = ()
    guessed: bool = False
    brands: tuple[str, ...] = ()
    is_cut: bool = False
    codes: tuple[str, ...] = ()

    @property
    def lines(self) -> list[Line]:
        return [line for group in self.groups for line in group.lines]


def search(question: str, *, on: date) -> Found:
    """What `question`, a code or words, finds on a date. At most eight queries."""
    whole = clean(question[:LONGEST_READ])
    text = whole[:LONGEST_QUESTION]
    found = _by_code(text, on=on) or _by_words(text, on=on)
    return replace(found, is_cut=len(whole) > LONGEST_QUESTION or len(question) > LONGEST_READ)


def _by_words(text: str, *, on: date) -> Found:
    asked = understand(text)
    if not asked.slots:
        return Found(text, offered=asked.offered)
    found = ranked(asked.slots)
    groups = _grouped(_with_national(found, _to_show(found.codes)), on=on)
    shown = {line.code[:SUBHEADING] for group in groups for line in group.lines}
    return Found(
        text,
        groups,
        shown=asked.shown,
        offered=asked.offered,
        guessed=asked.guessed,
        brands=asked.brands,
        codes=tuple(code for code in found.codes if code in shown),
    )


def declarable(found: Found, *, on: date) -> list[Line]:
    """The lines that may be declared among what was found, best first. At most two queries."""
    code = bool(found.sought) and not found.nearest
    prefixes = list(found.sought) if code else list(found.codes) or [line.code for line in found.lines]
    below = Q(code__in=[])
    for prefix in prefixes:
        below |= Q(code__startswith=prefix)
    rows = list(Commodity.objects.on(on).filter(below, declarable=True).order_by("code")) if prefixes else []
    chosen = rows[:SUGGESTIONS] if code else _best_of_each(rows, found, prefixes)
    above = _rows({prefix for row in chosen for prefix in beginnings(row.code, shortest=CHAPTER)}, on=on)
    return [_line(row, above) for row in chosen]


def _best_of_each(rows: Iterable[Commodity], found: Found, prefixes: Sequence[str]) -> list[Commodity]:
    """A few lines of each code that was found: first those whose own words fit."""
    fitting = {line.code: place for place, line in enumerate(found.lines)}
    below: dict[str, list[Commodity]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (fitting.get(row.code, len(fitting)), row.code)):
        below[next(prefix for prefix in prefixes if row.code.startswith(prefix))].append(row)
    return [row for prefix in prefixes for row in below[prefix][:LINES]][:SUGGESTIONS]


# By code ------------------------------------------------------------------------------------------------------


def _by_code(text: str, *, on: date) -> Found | None:
    """What has the code of a question, alone or among words; None if there is no code in it."""
    if code := code_alone(text):
        return _chapters(text, code, on=on) if len(code) == 1 else _lines_of(text, code, on=on)
    among = codes_among_words(text)
    lines = _below(among, on=on)
    sought = _begun(among, lines)
    return Found(text, _grouped(lines, on=on), sought=sought) if sought else None


def _chapters(text: str, digit: str, *, on: date) -> Found:
    chapters = _rows({*(f"{digit}{second}" for second in range(10)), f"0{digit}"}, on=on)
    return Found(text, tuple(Group(chapters[each], ()) for each in sorted(chapters)), sought=(digit,))


def _lines_of(text: str, code: str, *, on: date) -> Found:
    """The lines of a code; where a spreadsheet may have taken its first zero, those of the other one too."""
    written = [each for each in (code, with_its_zero(code)) if each]
    lines = _below(written, on=on)
    if lines:
        return Found(text, _grouped(lines, on=on), sought=_begun(written, lines))
    above = {line for each in written for line in beginnings(each, shortest=CHAPTER)}
    known = Commodity.objects.on(on).filter(code__in=above).values_list("code", flat=True)
    nearest = [
        max(begins, key=len) for each in written if (begins := [line for line in known if each.startswith(line)])
    ]
    groups = _grouped(nearest, on=on)
    return Found(text, groups, sought=(code,), nearest=code if groups else "")


def _begun(codes: Sequence[str], lines: Sequence[str]) -> tuple[str, ...]:
    return tuple(code for code in codes if any(line.startswith(code) for line in lines))


def _below(codes: Sequence[str], *, on: date) -> list[str]:
    """The lines that begin with one of `codes`, in the order of those."""
    if not codes:
        return []
    below = Q()
    for code in codes:
        below |= Q(code__startswith=code)
    found = (
        Commodity.objects.on(on)
        .filter(below)
        .order_by("code")
        .values_list("code", flat=True)[: BELOW_A_CODE * len(codes)]
    )
    return sorted(found, key=lambda line: next(place for place, code in enumerate(codes) if line.startswith(code)))


# Grouping -----------------------------------------------------------------------------------------------------


def _to_show(codes: Sequence[str]) -> Iterator[str]:
    """The first codes, then one of each further heading: few lines under many headings."""
    seen: set[str] = set()
    for place, code in enumerate(codes):
        if place < FIRST_CODES or code[:HEADING] not in seen:
            yield code
        seen.add(code[:HEADING])


def _with_national(found: Ranked, codes: Iterable[str]) -> Iterator[str]:
    """Subheadings by rank, each followed by the national lines below it whose own words fit."""
    below: dict[str, list[str]] = defaultdict(list)
    for code in sorted(found.national, key=lambda code: (-found.national[code], code)):
        if found.national[code] >= FITS and len(below[code[:SUBHEADING]]) < NATIONAL_LINES:
            below[code[:SUBHEADING]].append(code)
    for code in codes:
        yield code
        yield from below[code]


def _grouped(codes: Iterable[str], *, on: date) -> tuple[Group, ...]:
    by_heading: dict[str, list[str]] = defaultdict(list)
    for code in codes:
        by_heading[code[:HEADING]].append(code)
    chosen = list(by_heading.items())[: 2 * HEADINGS]
    wanted = {
        prefix
        for heading, group in chosen
        for code in [heading, *group[: 2 * LINES]]
        for prefix in beginnings(code, shortest=CHAPTER)
    }
    rows = _rows(wanted, on=on)
    sections = list(Section.objects.all()) if rows else []
    return tuple(
        Group(rows[heading], tuple(_lines(heading, group, rows)), _section(heading, sections), _chapter(heading, rows))
        for heading, group in chosen
        if heading in rows
    )[:HEADINGS]


def _rows(codes: Iterable[str], *, on: date) -> dict[str, Commodity]:
    return {row.code: row for row in Commodity.objects.on(on).filter(code__in=list(codes))}


def _lines(heading: str, codes: Sequence[str], rows: Mapping[str, Commodity]) -> list[Line]:
    return [_line(rows[code], rows) for code in codes if code != heading and code in rows][:LINES]


def _line(row: Commodity, rows: Mapping[str, Commodity]) -> Line:
    above = next(
        (rows[prefix] for prefix in reversed(beginnings(row.code, shortest=CHAPTER)[:-1]) if prefix in rows), None
    )
    if above is None or len(above.code) <= HEADING or _texts(above) == _texts(row):
        return Line(row, None)
    return Line(row, above)


def _texts(row: Commodity) -> tuple[str, str, str]:
    return row.description, row.description_ru, row.description_tg


def _section(code: str, sections: Iterable[Section]) -> Section | None:
    return next((each for each in sections if each.first_chapter <= code[:CHAPTER] <= each.last_chapter), None)


def _chapter(heading: str, rows: Mapping[str, Commodity]) -> Commodity | None:
    return rows.get(heading[:CHAPTER]) if len(heading) > CHAPTER else None
