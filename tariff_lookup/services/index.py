"""Keeps the index of tariff search in step with the nomenclature and the everyday words."""

import io
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Model, Q

from tariff_lookup.models import IndexState, SearchForm, SearchTrigram, SearchWord, Synonym
from tariff_lookup.search import sounds, words
from tariff_lookup.search.numbers import HEADING_UNIT, MOST_TEXTS, heading_key, number_of
from tariff_lookup.search.weights import IN_HEADING, IN_SUBHEADING, NEXT_GOODS, TRUST, pooled, rarity, single
from tariffs.models import Commodity, Territory

CHAPTER, HEADING, SUBHEADING = 2, 4, 6
LONGEST_WORD = 64
LONGEST_BRAND = LONGEST_WORD - len(words.BRAND)
FEW_HEADINGS = 60  # more than these are rebuilt together with all others
_ONE_AT_A_TIME = 7_205_126_004  # any number; the same in every process
_KINDS = {4: "heading", 6: "subheading"}
_OF_TERMS = {Synonym.Kind.WORD: "everyday", Synonym.Kind.BRAND: "brand"}
Postings = dict[str, list[tuple[int, int]]]


class Passage(NamedTuple):
    """One text of a code: `kind` is heading, subheading, national, everyday or brand.

    `place`: how many kinds of goods of the brand go before this one.
    """

    code: str
    language: str
    kind: str
    text: str
    place: int = 0


@dataclass
class Vocabulary:
    """The words of many texts: form -> spelling, how often, stems; and the stems of each passage."""

    spelling: dict[str, str] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)
    stems: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    passages: list[tuple[Passage, list[str]]] = field(default_factory=list)


# The verbs ----------------------------------------------------------------------------------------------------


@transaction.atomic
def rebuild() -> int:
    """Make the index again and return how many texts can be found."""
    for model in (SearchWord, SearchForm, SearchTrigram):
        model.objects.all().delete()
    vocabulary = _vocabulary(_passages())
    frequency = Counter(stem for _passage, stems in vocabulary.passages for stem in set(stems))
    rarities = {stem: rarity(seen) for stem, seen in frequency.items()}
    postings = _postings(vocabulary, rarities)
    _copy(
        SearchWord,
        (
            (stem, rarities[stem], _numbers(n for n, _ in held), _numbers(w for _, w in held))
            for stem, held in postings.items()
        ),
    )
    _copy(SearchForm, _form_rows(vocabulary, vocabulary.spelling))
    _copy(SearchTrigram, ((trigram, _texts(held)) for trigram, held in _trigrams(vocabulary.spelling).items()))
    _analyse()
    edition = Territory.objects.values_list("edition", flat=True).first() or 0
    IndexState.objects.update_or_create(pk=1, defaults={"edition": edition, "mark": _mark()})
    return len(vocabulary.passages)


@transaction.atomic
def refresh(codes: Iterable[str]) -> None:
    """Bring the index up to date for the headings of `codes`, whose lines or everyday words have changed."""
    headings = _headings_of(set(codes))
    if len(headings) > FEW_HEADINGS:
        rebuild()
        return
    if headings:
        _write_headings(headings)


@transaction.atomic
def bring_up_to_date() -> int:
    """Make the index again if the nomenclature has other texts than it was made from; how many, 0 if it has not.

    Cheap where nothing was published since: one row is compared. Safe to run twice, and from several processes.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
    edition = Territory.objects.values_list("edition", flat=True).first()
    made = IndexState.objects.first()
    if edition is None or (made is not None and made.edition == edition):
        return 0
    mark = _mark()
    if made is None or made.mark != mark:
        return rebuild()
    IndexState.objects.update(edition=edition)
    return 0


def _mark() -> str:
    """Changes with any text of the nomenclature."""
    with connection.cursor() as cursor:
        cursor.execute(_MARK)
        return "/".join(str(part) for part in cursor.fetchone())


_MARK = """
SELECT count(*), coalesce(
    sum(hashtextextended(concat_ws('|', code, description, description_ru, description_tg), 0)::numeric), 0
) FROM tariffs_commodity
"""


def _headings_of(codes: Collection[str]) -> set[str]:
    chapters = {code for code in codes if len(code) < HEADING}
    below = Q(code__in=[])
    for chapter in chapters:
        below |= Q(code__startswith=chapter)
    found = Commodity.objects.filter(below).values_list("code", flat=True) if chapters else []
    return {code[:HEADING] for code in (*codes, *found) if len(code) >= HEADING}


# Texts --------------------------------------------------------------------------------------------------------


def _passages(headings: Collection[str] = ()) -> list[Passage]:
    """Every text of the tariff, or those of some headings. A chapter's everyday words are those of its headings."""
    lines, terms = Commodity.objects.all(), Synonym.objects.all()
    if headings:
        within, above = Q(), Q()
        for heading in headings:
            within |= Q(code__startswith=heading)
            above |= Q(code=heading[:CHAPTER])
        lines, terms = lines.filter(within), terms.filter(within | above)
    found: dict[Passage, None] = {}
    texts = lines.order_by("code").values_list("code", "description", "description_ru", "description_tg")
    for code, *named in texts.distinct():
        for language, text in zip(("en", "ru", "tg"), named, strict=True):
            if text and len(code) >= HEADING:
                found[Passage(code, language, _KINDS.get(len(code), "national"), text)] = None
    all_headings = sorted({passage.code[:HEADING] for passage in found})
    fields = ("code", "language", "term", "kind", "place")
    for code, language, term, kind, place in terms.order_by(*fields).values_list(*fields):
        for each in (
            [code] if len(code) >= HEADING else [heading for heading in all_headings if heading.startswith(code)]
        ):
            found[Passage(each, language, _OF_TERMS[kind], term, place)] = None
    return [passage for passage in found if not _repeats(passage, found)]


def _repeats(passage: Passage, found: Mapping[Passage, None]) -> bool:
    """A generic national code has the words of its subheading."""
    upper = passage._replace(code=passage.code[:SUBHEADING], kind="subheading")
    return passage.kind == "national" and upper in found


def _vocabulary(passages: Sequence[Passage]) -> Vocabulary:
    """The words of `passages`; those of some headings alone are joined where other headings write them as one."""
    vocabulary = Vocabulary()
    read = [(passage, list(_spellings(passage))) for passage in passages]
    spelled_so = Counter(pair for _passage, spelled in read for pair in spelled)
    for (form, spelling), seen in spelled_so.most_common():
        vocabulary.spelling.setdefault(form, form if form.isascii() and (form, form) in spelled_so else spelling)
        vocabulary.seen[form] += seen
    joined = [[pair for pair, _ in words.compounds(form for form, _ in spelled)] for _passage, spelled in read]
    known = vocabulary.spelling.keys() | _written_as_one({pair for pairs in joined for pair in pairs})
    snowball = _snowball(known)
    for (passage, spelled), pairs in zip(read, joined, strict=True):
        stems = []
        for form in [*(form for form, _ in spelled), *(pair for pair in pairs if pair in known)]:
            for stem in _stems(form, passage, snowball):
                vocabulary.stems[form].add(stem)
                stems.append(stem)
        if stems:
            vocabulary.passages.append((passage, stems))
    return vocabulary


def _written_as_one(pairs: Collection[str]) -> set[str]:
    """Neighbouring words that the index has as one word: "cuttle fish" is also "cuttlefish"."""
    return set(SearchForm.objects.filter(form__in=list(pairs)).values_list("form", flat=True))


def _spellings(passage: Passage) -> Iterator[tuple[str, str]]:
    """(form, spelling) of each word that says something; a brand is one word, however it is written."""
    if passage.kind == "brand":
        yield "".join(words.forms(passage.text))[:LONGEST_BRAND], passage.text[:LONGEST_WORD]
        return
    everyday = passage.kind == "everyday"
    text = passage.text if everyday else words.without_exclusions(passage.text)
    for form, spelling in words.spellings(text):
        if len(form) <= LONGEST_WORD and not words.says_nothing(form) and (everyday or not form.isdigit()):
            yield form, spelling


def _snowball(forms: Iterable[str]) -> dict[str, list[str]]:
    """The stems of PostgreSQL's snowball; none for words that carry no meaning ("with", "для")."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT form, CASE WHEN form ~ '[a-z]' THEN ts_lexize('english_stem', form)"
            " ELSE ts_lexize('russian_stem', form) END FROM unnest(%s::text[]) AS form",
            [list(forms)],
        )
        return {form: list(stems or ()) for form, stems in cursor.fetchall()}


def _stems(form: str, passage: Passage, snowball: Mapping[str, list[str]]) -> list[str]:
    if passage.kind == "brand":
        return [words.BRAND + form]
    if passage.language == "tg" and words.is_cyrillic(form):
        return [words.tajik_stem(form)]
    return snowball.get(form, [])


# Postings -----------------------------------------------------------------------------------------------------


def _postings(vocabulary: Vocabulary, rarities: Mapping[str, int]) -> Postings:
    postings: Postings = defaultdict(list)
    texts: Counter[str] = Counter()
    for passage, stems in vocabulary.passages:
        texts[passage.code] += 1
        if texts[passage.code] <= MOST_TEXTS:
            number = number_of(passage.code, texts[passage.code])
            trust = TRUST[passage.kind] * NEXT_GOODS**passage.place
            weights = single({stem: rarities[stem] for stem in stems}, trust=trust)
            for stem, weight in weights.items():
                postings[stem].append((number, weight))
    for code, counts in _counts(vocabulary).items():
        number = number_of(code, 0)
        for stem, weight in pooled(counts, digits=len(code)).items():
            postings[stem].append((number, weight))
    return postings


def _counts(vocabulary: Vocabulary) -> dict[str, dict[str, float]]:
    """How much of each stem a heading and a subheading have: their own, of what is below, and of what is above."""
    below: dict[str, set[str]] = defaultdict(set)
    for code in {passage.code for passage, _held in vocabulary.passages}:
        if len(code) >= SUBHEADING:
            below[code[:HEADING]].add(code[:SUBHEADING])
    counts: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(int))
    for passage, stems in vocabulary.passages:
        heading = passage.code[:HEADING]
        subheadings = [passage.code[:SUBHEADING]] if len(passage.code) >= SUBHEADING else below[heading]
        for stem in stems:
            counts[heading][stem] += IN_HEADING[passage.kind] * NEXT_GOODS**passage.place
            for subheading in subheadings:
                counts[subheading][stem] += IN_SUBHEADING[passage.kind] * NEXT_GOODS**passage.place
    return counts


def _trigrams(forms: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for form in forms:
        for trigram in words.trigrams(form):
            found[trigram].append(form)
    return found


# Writing ------------------------------------------------------------------------------------------------------

_TABLES = {
    SearchWord: "tariff_lookup_searchword (stem, rarity, numbers, weights)",
    SearchForm: "tariff_lookup_searchform (form, spelling, stems, seen, sound)",
    SearchTrigram: "tariff_lookup_searchtrigram (trigram, forms)",
}


def _numbers(values: Iterable[int]) -> str:
    """An array of numbers as PostgreSQL reads it."""
    return "{" + ",".join(map(str, values)) + "}"


def _texts(values: Iterable[str]) -> str:
    """An array of words as PostgreSQL reads it: quoted because of the word "null"; no letter of a word needs more."""
    return '{"' + '","'.join(values) + '"}'


def _form_rows(vocabulary: Vocabulary, forms: Iterable[str]) -> Iterator[tuple[object, ...]]:
    for form in forms:
        if stems := vocabulary.stems.get(form):
            yield form, vocabulary.spelling[form], _texts(sorted(stems)), vocabulary.seen[form], _sound(form)


def _sound(form: str) -> str:
    """What the form sounds like without its ending, for those who write it in Latin letters."""
    return sounds.trunk(sounds.key_of(form)) if words.is_cyrillic(form) else ""


def _copy(model: type[Model], rows: Iterable[tuple[object, ...]]) -> None:
    file = io.StringIO("".join("\t".join(map(str, row)) + "\n" for row in rows))
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {_TABLES[model]} FROM STDIN", file)


def _analyse() -> None:
    """Tell the planner how many words there are now."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE tariff_lookup_searchword, tariff_lookup_searchform, tariff_lookup_searchtrigram")


def _write_headings(headings: Collection[str]) -> None:
    vocabulary = _vocabulary(_passages(headings))
    stems = {stem for _passage, held in vocabulary.passages for stem in held}
    rarities = {stem: rarity(1) for stem in stems}
    rarities.update(SearchWord.objects.filter(stem__in=stems).values_list("stem", "rarity"))
    rows = [
        (stem, rarities[stem], *posting) for stem, held in _postings(vocabulary, rarities).items() for posting in held
    ]
    with connection.cursor() as cursor:
        columns = [list(column) for column in zip(*rows, strict=True)] or [[], [], [], []]
        cursor.execute(
            _RENEW,
            {
                "headings": [heading_key(heading) for heading in headings],
                "unit": HEADING_UNIT,
                **dict(zip(("stems", "rarities", "numbers", "weights"), columns, strict=True)),
            },
        )
        unused = [stem for (stem,) in cursor.fetchall()]
    SearchWord.objects.filter(stem__in=unused).delete()
    _add_forms(vocabulary)


_RENEW = """
WITH fresh AS (
    SELECT stem, min(rarity) AS rarity, array_agg(number) AS numbers, array_agg(weight) AS weights
    FROM unnest(%(stems)s::text[], %(rarities)s::int[], %(numbers)s::bigint[], %(weights)s::int[])
        AS row (stem, rarity, number, weight)
    GROUP BY stem
), touched AS MATERIALIZED (
    SELECT stem FROM tariff_lookup_searchword
    WHERE EXISTS (SELECT FROM unnest(numbers) AS number WHERE number / %(unit)s = ANY (%(headings)s::bigint[]))
    UNION SELECT stem FROM fresh
), kept AS MATERIALIZED (
    SELECT stem, array_agg(number) AS numbers, array_agg(weight) AS weights
    FROM tariff_lookup_searchword AS held JOIN touched USING (stem),
        unnest(held.numbers, held.weights) AS old (number, weight)
    WHERE number / %(unit)s <> ALL (%(headings)s::bigint[])
    GROUP BY stem
), renewed AS (
    UPDATE tariff_lookup_searchword AS held
    SET numbers = coalesce(kept.numbers, '{}') || coalesce(fresh.numbers, '{}'),
        weights = coalesce(kept.weights, '{}') || coalesce(fresh.weights, '{}')
    FROM touched LEFT JOIN kept USING (stem) LEFT JOIN fresh USING (stem)
    WHERE held.stem = touched.stem
    RETURNING held.stem, held.numbers
), added AS (
    INSERT INTO tariff_lookup_searchword (stem, rarity, numbers, weights)
    SELECT stem, rarity, numbers, weights FROM fresh WHERE NOT EXISTS (
        SELECT FROM tariff_lookup_searchword AS held WHERE held.stem = fresh.stem
    )
)
SELECT stem FROM renewed WHERE numbers = '{}'
"""


def _add_forms(vocabulary: Vocabulary) -> None:
    """Forms that are new, or new to a language. One that no text has any more stays until the next rebuild, unfound."""
    known = dict(SearchForm.objects.filter(form__in=vocabulary.stems).values_list("form", "stems"))
    new = [form for form in vocabulary.stems if form not in known]
    _copy(SearchForm, _form_rows(vocabulary, new))
    for form, stems in known.items():
        if not vocabulary.stems[form] <= set(stems):
            SearchForm.objects.filter(form=form).update(stems=sorted({*stems, *vocabulary.stems[form]}))
    pairs = [(trigram, held) for trigram, forms in _trigrams(new).items() for held in forms]
    with connection.cursor() as cursor:
        cursor.execute(_ADD_TRIGRAMS, [[trigram for trigram, _ in pairs], [form for _, form in pairs]])


_ADD_TRIGRAMS = """
INSERT INTO tariff_lookup_searchtrigram (trigram, forms)
SELECT trigram, array_agg(form) FROM unnest(%s::text[], %s::text[]) AS new (trigram, form) GROUP BY trigram
ON CONFLICT (trigram) DO UPDATE SET forms = tariff_lookup_searchtrigram.forms || excluded.forms
"""
