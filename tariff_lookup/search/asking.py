"""What a question in words asks for: its words as stems of the index, mended where the index does not know them.

A wrong keyboard layout is mended only where the other reading is known and the typed one is not. A word that is not
known is read as the beginning of one (the last word), as a typing error, as two words written as one, or as Russian or
Tajik in Latin letters. Two queries at most.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection

from tariff_lookup.search import words

CLOSE = 15  # per cent of likeness by which a further word a mistyped one may stand for lies below the best
ONE_ERROR, TWO_ERRORS = 4, 7  # letters from which a word may have one and two typing errors
BEGUN, SPLIT, TRANSLITERATED, WEAK = 85, 75, 90, 50  # per cent that words read so count
MOST_ALTERNATIVES = 8
MOST_WORDS = 20
LONGEST_FORM = 64
SHORTEST_PART = 3
SURE_LENGTH = 5  # letters of a word that is hardly another one by chance


class Slot(NamedTuple):
    """One word that is asked for: the stems it may stand for, and how much each counts in per cent."""

    alternatives: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question understood. `shown`: what was read instead of what was typed; `guessed`: no word of it is known."""

    slots: tuple[Slot, ...] = ()
    shown: str = ""
    guessed: bool = False


class Known(NamedTuple):
    """What the index knows of a form: its stems there; whether it is mere grammar ("with", "для"); the form itself."""

    stems: tuple[str, ...]
    is_grammar: bool
    is_there: bool


class Candidate(NamedTuple):
    """A form of the index that an unknown word may have meant."""

    form: str
    spelling: str
    stems: tuple[str, ...]
    seen: int
    begun: bool


@dataclass(frozen=True, slots=True)
class Token:
    """A word between blanks as it is read, and its forms; `mended` if the keyboard layout was wrong."""

    text: str
    forms: tuple[str, ...]
    mended: bool = False


def understand(question: str) -> Asked:
    """The slots of a question. No letters or digits: no slots."""
    typed = question.split()[:MOST_WORDS]
    readings = {text: [text.lower(), *words.other_layouts(text)] for text in typed}
    known = _known({form for texts in readings.values() for text in texts for form in _forms(text)} | _pairs(typed))
    tokens = _tokens(typed, readings, known)
    missing = [text for token in tokens if any(f not in known for f in token.forms) for text in token.forms]
    known |= _known(missing) if missing else {}
    return _asked(tokens, known)


def _forms(text: str) -> tuple[str, ...]:
    return tuple(form[:LONGEST_FORM] for form in words.forms(text))


def _pairs(typed: Sequence[str]) -> set[str]:
    return {pair for pair, _ in words.compounds(form for text in typed for form in _forms(text))}


# Keyboard layouts ---------------------------------------------------------------------------------------------


def _tokens(typed: Sequence[str], readings: dict[str, list[str]], known: dict[str, Known]) -> list[Token]:
    """Each word in the layout that gives known words. Once one is mended, those of its script that can be follow it."""
    as_typed = [Token(text.lower(), _forms(text)) for text in typed]
    mended = [
        None if _means_something(token, known) else _other_reading(readings[text], known)
        for text, token in zip(typed, as_typed, strict=True)
    ]
    mended = [other if other and _is_telling(other, known) else None for other in mended]
    scripts = {words.is_cyrillic(token.text) for token, other in zip(as_typed, mended, strict=True) if other}
    return [
        other or (_other_reading(readings[text], known) if words.is_cyrillic(token.text) in scripts else None) or token
        for text, token, other in zip(typed, as_typed, mended, strict=True)
    ]


def _means_something(token: Token, known: dict[str, Known]) -> bool:
    """Whether words of a token are known as typed: one is enough, unless what parts them is a key of a letter."""
    told = [bool(known[form].stems) or known[form].is_grammar for form in token.forms if len(form) > 1]
    return bool(told) and (all if words.has_letter_keys(token.text) else any)(told)


def _is_telling(token: Token, known: dict[str, Known]) -> bool:
    """Whether a reading holds a word of goods: "z" and "d" alone are no "я" and "в"."""
    return any(len(form) > 1 and known[form].stems for form in token.forms)


def _other_reading(readings: Sequence[str], known: dict[str, Known]) -> Token | None:
    """The reading in another layout whose words are all known: as they stand, else in another form."""
    others = [Token(reading, _forms(reading), mended=True) for reading in readings[1:]]
    for is_read in (_is_there, _is_read):
        for token in others:
            if token.forms and all(is_read(form, known[form]) for form in token.forms):
                return token
    return None


def _is_there(form: str, known: Known) -> bool:
    return known.is_there or known.is_grammar or len(form) == 1


def _is_read(form: str, known: Known) -> bool:
    return _is_there(form, known) or (bool(known.stems) and len(form) >= SURE_LENGTH)


# Words --------------------------------------------------------------------------------------------------------


def _asked(tokens: Sequence[Token], known: dict[str, Known]) -> Asked:
    forms = [form for token in tokens for form in _forms_asked(token, known)]
    telling = [form for form in forms if not _says_nothing(form, known)]
    telling = telling or [form for form in forms if words.is_latin(form) or words.is_cyrillic(form)]
    if not telling:
        return Asked()
    unknown = [form for form in dict.fromkeys(telling) if not known[form].stems and not form.isdigit()]
    meant = _meant(unknown, last=telling[-1]) if unknown else {}
    return _put_together(tokens, telling, known, meant)


def _says_nothing(form: str, known: dict[str, Known]) -> bool:
    return words.says_nothing(form) or (known[form].is_grammar and not known[form].stems)


def _forms_asked(token: Token, known: dict[str, Known]) -> tuple[str, ...]:
    """ "t-shirt" is asked as its parts and, where the index has it, as one word; "wi-fi" as one word alone."""
    if "-" not in token.text or len(token.forms) != 3:
        return token.forms
    *parts, whole = token.forms
    if not known[whole].stems:
        return tuple(parts)
    return token.forms if all(known[part].stems for part in parts) else (whole,)


def _put_together(
    tokens: Sequence[Token], telling: Sequence[str], known: dict[str, Known], meant: dict[str, "Meant"]
) -> Asked:
    sure: list[Slot] = []
    weak: list[Slot] = []
    for form in dict.fromkeys(telling):
        if stems := known[form].stems:
            sure.append(Slot(tuple((stem, 100) for stem in stems)))
        elif form in meant:
            (sure if meant[form].sure else weak).extend(meant[form].slots)
    joined = [pair for pair, _ in words.compounds(telling) if pair in known and known[pair].stems]
    sure.extend(Slot(tuple((stem, 100) for stem in known[pair].stems)) for pair in joined)
    mended = any(token.mended for token in tokens) or any(found.spelling for found in meant.values() if found.sure)
    shown = " ".join(_shown(token, meant) for token in tokens) if mended else ""
    return Asked(tuple(sure or weak), shown if sure else "", guessed=not sure)


def _shown(token: Token, meant: dict[str, "Meant"]) -> str:
    """A token with its mistyped words as they are spelled."""
    text = token.text
    for form, spelling in words.spellings(token.text):
        found = meant.get(form[:LONGEST_FORM])
        if found and found.sure and found.spelling:
            text = re.sub(rf"\b{re.escape(spelling)}\b", found.spelling, text)
    return text


# What unknown words may mean ----------------------------------------------------------------------------------


class Meant(NamedTuple):
    """What an unknown word is taken for. `spelling`: the word it was mended to, empty where it was only begun."""

    slots: tuple[Slot, ...]
    sure: bool
    spelling: str


def _meant(unknown: Sequence[str], *, last: str) -> dict[str, Meant]:
    candidates = _candidates(unknown, last=last)
    return {
        form: meant for form in unknown if (meant := _meaning(form, candidates[form], candidates[_PARTS])) is not None
    }


def _meaning(form: str, candidates: Sequence[Candidate], parts: Sequence[Candidate]) -> Meant | None:
    exact = {part.form: part for part in parts}
    if len(form) >= SURE_LENGTH and (spelled := exact.get(words.in_cyrillic(form))):
        return Meant((_slot([(spelled, TRANSLITERATED)]),), True, spelled.spelling)
    begun = [(candidate, BEGUN) for candidate in candidates if candidate.begun]
    like = sorted(
        ((words.likeness(form, each.form), each) for each in candidates if not each.begun),
        key=lambda pair: (-pair[0], -pair[1].seen, pair[1].form),
    )
    best = like[0][0] if like else 0
    near = [
        (each, percent * percent // 100)
        for percent, each in like
        if percent >= best - CLOSE and _is_mistyped(form, each.form)
    ]
    if not near and not begun and (halves := _halves(form, exact)):
        spelling = " ".join(half.spelling for half in halves)
        return Meant(tuple(_slot([(half, SPLIT)]) for half in halves), True, spelling)
    if begun or near:
        return Meant((_slot([*near, *begun]),), True, "" if begun else near[0][0].spelling)
    if like:
        return Meant((_slot([(each, percent * WEAK // 100) for percent, each in like[:3]]),), False, "")
    return None


def _is_mistyped(typed: str, meant: str) -> bool:
    """One typing error in a short word, two in a long one. More make it another word."""
    allowed = (len(typed) >= ONE_ERROR) + (len(typed) >= TWO_ERRORS)
    return words.typing_errors(typed, meant) <= allowed


def _slot(found: Iterable[tuple[Candidate, int]]) -> Slot:
    percents: dict[str, int] = {}
    for candidate, percent in list(found)[: 2 * MOST_ALTERNATIVES]:
        for stem in candidate.stems:
            percents[stem] = max(percent, percents.get(stem, 0))
    return Slot(tuple(percents.items()))


def _halves(form: str, known: dict[str, Candidate]) -> tuple[Candidate, Candidate] | None:
    pairs = [(known[a], known[b]) for a, b in _splits(form) if a in known and b in known]
    return max(pairs, key=lambda pair: min(pair[0].seen, pair[1].seen), default=None)


def _splits(form: str) -> Iterator[tuple[str, str]]:
    for place in range(SHORTEST_PART, len(form) - SHORTEST_PART + 1):
        yield form[:place], form[place:]


# Queries ------------------------------------------------------------------------------------------------------

_PARTS = ""  # candidates that stand under no unknown word: parts of words, transliterations

_KNOWN = """
SELECT asked.form, asked.is_grammar, array_agg(held.stem) FILTER (WHERE held.stem IS NOT NULL),
    EXISTS (SELECT FROM tariff_lookup_searchform AS there WHERE there.form = asked.form)
FROM (
    SELECT form, stems || tajik AS stems, coalesce(cardinality(stems) = 0, false) AS is_grammar
    FROM (
        SELECT form, CASE WHEN tajik = '' THEN '{}'::text[] ELSE ARRAY[tajik] END AS tajik,
            CASE WHEN form ~ '[a-z]' THEN ts_lexize('english_stem', form) ELSE ts_lexize('russian_stem', form) END
                AS stems
        FROM unnest(%s::text[], %s::text[]) AS row (form, tajik)
    ) AS lexized
) AS asked
LEFT JOIN tariff_lookup_searchword AS held ON held.stem = ANY (asked.stems)
GROUP BY asked.form, asked.is_grammar
"""


def _known(forms: Iterable[str]) -> dict[str, Known]:
    asked = sorted(set(forms))
    tajik = [words.tajik_stem(form) if words.is_cyrillic(form) else "" for form in asked]
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [asked, tajik])
        return {
            form: Known(tuple(sorted(stems or ())), is_grammar, is_there)
            for form, is_grammar, stems, is_there in cursor.fetchall()
        }


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
    SELECT asked, form, false AS begun FROM near WHERE place <= 40
    UNION ALL
    (SELECT %(last)s, form, true FROM tariff_lookup_searchform WHERE form LIKE %(begun)s ORDER BY seen DESC, form
        LIMIT 12)
    UNION ALL
    SELECT '', form, false FROM tariff_lookup_searchform WHERE form = ANY (%(parts)s)
)
SELECT found.asked, held.form, held.spelling, held.stems, held.seen, found.begun
FROM found JOIN tariff_lookup_searchform AS held USING (form)
WHERE EXISTS (SELECT FROM tariff_lookup_searchword AS word WHERE word.stem = ANY (held.stems))
"""


def _candidates(unknown: Sequence[str], *, last: str) -> dict[str, list[Candidate]]:
    pairs = [(form, trigram) for form in unknown for trigram in sorted(words.trigrams(form))]
    parts = {part for form in unknown for split in _splits(form) for part in split}
    begun = last if last in unknown else ""
    with connection.cursor() as cursor:
        cursor.execute(
            _CANDIDATES,
            {
                "forms": [form for form, _ in pairs],
                "trigrams": [trigram for _, trigram in pairs],
                "last": begun,
                "begun": f"{begun}%" if begun else "",
                "parts": sorted(parts | {words.in_cyrillic(form) for form in unknown if words.is_latin(form)}),
            },
        )
        found: dict[str, list[Candidate]] = defaultdict(list)
        for asked, form, spelling, stems, seen, is_begun in cursor.fetchall():
            found[asked].append(Candidate(form, spelling, tuple(stems), seen, is_begun))
        return found
