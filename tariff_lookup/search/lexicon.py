"""What the index knows of words: the queries behind `asking`. Each function is one query."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from django.db import connection

from tariff_lookup.search import sounds, words

SHORT_STEM = 4  # letters of a Russian stem that another word may have by chance: конд of кондей and кондом
SHORTEST_PART = 3
SHORTEST_PLURAL, LONGEST_PLURAL = 3, 6  # of abbreviations: "cds", "laptops" needs no help
_BEYOND = "\u04ff"  # after every letter of a word


class Known(NamedTuple):
    """What the index knows of a form: its stems there; whether it is mere grammar ("with", "для"); the form itself.

    `brands` are the stems of brands that are written so.
    """

    stems: tuple[str, ...]
    is_grammar: bool = False
    is_there: bool = False
    brands: tuple[str, ...] = ()

    @property
    def is_brand_alone(self) -> bool:
        """A brand and no word: "canon" but not "apple"."""
        return bool(self.brands) and not self.is_there


class Candidate(NamedTuple):
    """A form of the index that an unknown word may have meant, and `how` it was found."""

    form: str
    spelling: str
    stems: tuple[str, ...]
    seen: int
    how: str


Candidates = dict[str, list[Candidate]]

_KNOWN = """
SELECT asked.form, asked.is_grammar,
    array_agg(held.stem) FILTER (WHERE held.stem NOT LIKE 'b:%%'),
    array_agg(held.stem) FILTER (WHERE held.stem LIKE 'b:%%'),
    asked.is_there,
    (SELECT array_agg(kin.form) FROM (
        SELECT form FROM tariff_lookup_searchform
        WHERE NOT asked.is_there AND length(asked.russian) BETWEEN 1 AND %s
            AND form ~>=~ asked.russian AND form ~<~ (asked.russian || %s) AND asked.russian = ANY (stems::text[])
        LIMIT 40
    ) AS kin), asked.russian
FROM (
    SELECT form, stems || tajik AS stems, brands, russian, coalesce(cardinality(stems) = 0, false) AS is_grammar,
        EXISTS (
            SELECT FROM tariff_lookup_searchform AS there
            WHERE there.form = lexized.form AND there.stems::text[] && (lexized.stems || lexized.tajik)
        ) AS is_there
    FROM (
        SELECT form, tajik, ARRAY['b:' || form, 'b:' || russian[1]] AS brands, coalesce(russian[1], '') AS russian,
            coalesce(english, russian) AS stems
        FROM (
            SELECT form, CASE WHEN tajik = '' THEN '{}'::text[] ELSE ARRAY[tajik] END AS tajik,
                CASE WHEN form ~ '[a-z]' THEN ts_lexize('english_stem', form) END AS english,
                CASE WHEN form !~ '[a-z]' THEN ts_lexize('russian_stem', form) END AS russian
            FROM unnest(%s::text[], %s::text[]) AS row (form, tajik)
        ) AS read
    ) AS lexized
) AS asked
LEFT JOIN tariff_lookup_searchword AS held ON held.stem = ANY (asked.stems || asked.brands)
GROUP BY asked.form, asked.is_grammar, asked.is_there, asked.russian
"""


def known_of(forms: Iterable[str]) -> dict[str, Known]:
    asked = set(forms)
    asked |= {single for form in asked if (single := _singular(form))}
    rows = sorted(asked)
    tajik = [words.tajik_stem(form) if words.is_cyrillic(form) else "" for form in rows]
    found: dict[str, Known] = {}
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [SHORT_STEM, _BEYOND, rows, tajik])
        for form, is_grammar, stems, brands, is_there, kin, russian in cursor.fetchall():
            held = set(stems or ())
            if kin and not _is_kin(form, kin, russian):
                held -= {russian}
            if kin and set(kin) != {russian}:  # "мази" are of "мазь", not of the lorries МАЗ
                brands = [brand for brand in brands or () if brand == words.BRAND + form]
            found[form] = Known(tuple(sorted(held)), is_grammar, is_there, tuple(sorted(brands or ())))
    return {form: _or_singular(form, found) for form in found}


def _is_kin(form: str, kin: Sequence[str], stem: str) -> bool:
    """Whether a form that no text has is one of the words that have its stem: what follows the stem must not differ."""
    return any(len(other) - len(stem) <= 1 or other[: len(stem) + 1] == form[: len(stem) + 1] for other in kin)


def _singular(form: str) -> str:
    short = SHORTEST_PLURAL <= len(form) <= LONGEST_PLURAL
    return form[:-1] if short and form.isascii() and form.endswith("s") else ""


def _or_singular(form: str, found: Mapping[str, Known]) -> Known:
    """ "cpus" is the plural of "cpu" where the index has no other word for it."""
    held = found[form]
    single = found.get(_singular(form)) if not held.stems and not held.brands and not held.is_grammar else None
    return single if single is not None and single.is_there else held


_CANDIDATES = """
WITH asked AS (
    SELECT form, trigram FROM unnest(%(forms)s::text[], %(trigrams)s::text[]) AS row (form, trigram)
), sizes AS (
    SELECT form, count(*) AS size FROM asked GROUP BY form
), shared AS (
    SELECT asked.form AS asked, held AS form, count(*) AS shared
    FROM asked JOIN tariff_lookup_searchtrigram USING (trigram), unnest(forms) AS held GROUP BY 1, 2
), near AS (
    SELECT asked, shared.form, row_number() OVER (
        PARTITION BY asked ORDER BY shared::real / (size + length(shared.form) + 1) DESC, shared.form
    ) AS place
    FROM shared JOIN sizes ON sizes.form = asked
), found AS (
    SELECT asked, form, 'near' AS how FROM near WHERE place <= 40
    UNION ALL
    (SELECT %(last)s, form, 'begun' FROM tariff_lookup_searchform WHERE form LIKE %(begun)s ORDER BY seen DESC, form
        LIMIT 12)
    UNION ALL
    SELECT '', form, 'part' FROM tariff_lookup_searchform WHERE form = ANY (%(parts)s)
    UNION ALL
    SELECT spoken.form, held.form, 'sound'
    FROM unnest(%(spoken)s::text[], %(sounds)s::text[]) AS spoken (form, sound)
    JOIN tariff_lookup_searchform AS held USING (sound)
)
SELECT found.asked, held.form, held.spelling, held.stems, held.seen, found.how
FROM found JOIN tariff_lookup_searchform AS held USING (form)
WHERE EXISTS (SELECT FROM tariff_lookup_searchword AS word WHERE word.stem = ANY (held.stems))
"""


def candidates_for(unknown: Collection[str], *, spoken: Mapping[str, Sequence[str]], last: str) -> Candidates:
    """What unknown forms may mean, by form; parts of words stand under "". `spoken`: Latin forms and their keys."""
    pairs = [(form, trigram) for form in unknown for trigram in sorted(words.trigrams(form))]
    sounding = list(dict.fromkeys((form, sounds.trunk(key)) for form, keys in spoken.items() for key in keys))
    begun = last if last in unknown else ""
    with connection.cursor() as cursor:
        cursor.execute(
            _CANDIDATES,
            {
                "forms": [form for form, _ in pairs],
                "trigrams": [trigram for _, trigram in pairs],
                "last": begun,
                "begun": f"{begun}%" if begun else "",
                "parts": sorted({part for form in unknown for split in splits(form) for part in split}),
                "spoken": [form for form, _ in sounding],
                "sounds": [sound for _, sound in sounding],
            },
        )
        found: Candidates = defaultdict(list)
        for asked, form, spelling, stems, seen, how in cursor.fetchall():
            found[asked].append(Candidate(form, spelling, tuple(stems), seen, how))
        return found


def splits(form: str) -> Iterator[tuple[str, str]]:
    for place in range(SHORTEST_PART, len(form) - SHORTEST_PART + 1):
        yield form[:place], form[place:]


_TOGETHER = """
WITH beside AS (
    SELECT other.form, number FROM unnest(%s::text[], %s::text[]) AS other (form, stem)
    JOIN tariff_lookup_searchword AS word USING (stem), unnest(word.numbers) AS number
    WHERE number %% 1000 > 0
)
SELECT DISTINCT asked.form, asked.stem FROM unnest(%s::text[], %s::text[]) AS asked (form, stem)
JOIN tariff_lookup_searchword AS word USING (stem), unnest(word.numbers) AS text (number)
JOIN beside USING (number)
WHERE beside.form <> asked.form
"""


def said_together(asked: Iterable[tuple[str, str]], *, beside: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Which of `asked` (form, stem) one text has together with the stem of another form in `beside`."""
    columns = [
        list(column)
        for pairs in (list(beside), list(asked))
        for column in (zip(*pairs, strict=True) if pairs else ([], []))
    ]
    with connection.cursor() as cursor:
        cursor.execute(_TOGETHER, columns)
        return set(cursor.fetchall())
