"""What words that the index does not know may mean: Russian in Latin letters, a typing error, two words in one.

A word is corrected only where another word of the question bears it out: one text has both. Else what it may have meant
is offered.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import Enum
from typing import NamedTuple

from tariff_lookup.search import sounds, words
from tariff_lookup.search.lexicon import Candidate, Candidates, said_together, splits

CLOSE = 15  # per cent of likeness by which a further word a mistyped one may stand for lies below the best
ONE_ERROR, TWO_ERRORS = 4, 7  # letters from which a word may have one and two typing errors
BEGUN, SPLIT, SPOKEN, SPOKEN_ENDING, WEAK = 85, 75, 90, 80, 50  # per cent that words read so count
MOST_ALTERNATIVES = 8
MOST_OFFERED = 3
SHORTEST_SPOKEN, SHORTEST_TRUNK = 3, 4
SHORTEST_END, ENDS = 5, 60  # letters of what a compound may end with; per cent that it counts
SURE_SPOKEN = 5  # letters of a Russian word in Latin letters that may stand among English ones


class Slot(NamedTuple):
    """One word that is asked for: the stems it may stand for, and how much each counts in per cent."""

    alternatives: tuple[tuple[str, int], ...]


class Reading(Enum):
    """How far what a word was read as may be trusted."""

    MEANT = "meant"  # the same word: begun, written as one, in Latin letters
    CORRECTED = "corrected"  # another spelling of it
    DOUBTED = "doubted"  # perhaps another word: offered
    PARTLY = "partly"  # a word of it is known: "acidimeters" are meters
    GUESSED = "guessed"  # what looks most like it


class Meant(NamedTuple):
    """What an unknown word is taken for. `spellings`: the words it may have meant, likeliest first."""

    slots: tuple[Slot, ...]
    reading: Reading
    spellings: tuple[str, ...] = ()


def meanings(
    unknown: Sequence[str],
    *,
    candidates: Candidates,
    spoken: Mapping[str, Sequence[str]],
    beside: Mapping[str, Sequence[str]],
) -> dict[str, Meant]:
    """What each unknown form is taken for. `beside`: the stems of the known forms. At most one query."""
    found: dict[str, Meant] = {}
    for form in unknown:
        keys = () if _hardly_russian(form, unknown, beside) else spoken.get(form, ())
        if (meant := _meaning(form, candidates[form], candidates[""], keys=keys)) is not None:
            found[form] = meant
    doubted = {form: meant for form, meant in found.items() if meant.reading is Reading.DOUBTED}
    if doubted and len(found) + len(beside) > 1:
        found |= _borne_out(doubted, beside=beside, others=found)
    return found


def _meaning(
    form: str, candidates: Sequence[Candidate], parts: Sequence[Candidate], *, keys: Sequence[str]
) -> Meant | None:
    if same := spoken_so(keys, candidates):
        return Meant((slot_of((each, SPOKEN) for each in same),), Reading.MEANT, (same[0].spelling,))
    begun = [(candidate, BEGUN) for candidate in candidates if candidate.how == "begun"]
    like = _by_likeness(form, candidates)
    near = _near(form, like)
    if not near and not begun and (other := _spoken_ending(keys, candidates)):
        return Meant((slot_of((each, SPOKEN_ENDING) for each in other),), Reading.MEANT, (other[0].spelling,))
    if not near and not begun and (halves := _halves(form, {part.form: part for part in parts})):
        return Meant(tuple(slot_of([(half, SPLIT)]) for half in halves), Reading.MEANT)
    if begun:
        return Meant((slot_of([*near, *begun]),), Reading.MEANT)
    if near:
        return Meant((slot_of(near),), Reading.DOUBTED, tuple(dict.fromkeys(each.spelling for each, _ in near)))
    if end := _end(form, parts):
        return Meant((slot_of([(end, ENDS)]),), Reading.PARTLY)
    if like:
        return Meant((slot_of((each, percent * WEAK // 100) for each, percent in like[:3]),), Reading.GUESSED)
    return None


def _hardly_russian(form: str, unknown: Sequence[str], beside: Iterable[str]) -> bool:
    """A short word among those of English is hardly a Russian one: "body srub"."""
    around = list(beside)
    return len(unknown) == 1 and bool(around) and len(form) < SURE_SPOKEN and all(map(words.is_latin, around))


def _by_likeness(form: str, candidates: Iterable[Candidate]) -> list[tuple[Candidate, int]]:
    like = ((each, words.likeness(form, each.form)) for each in candidates if each.how == "near")
    return sorted(like, key=lambda pair: (-pair[1], -pair[0].seen, pair[0].form))


def _near(form: str, like: Sequence[tuple[Candidate, int]]) -> list[tuple[Candidate, int]]:
    """Words that a typing error or two lie away."""
    best = like[0][1] if like else 0
    return [
        (each, percent * percent // 100)
        for each, percent in like
        if percent >= best - CLOSE and _is_mistyped(form, each.form)
    ]


def _is_mistyped(typed: str, meant: str) -> bool:
    """One typing error in a short word, two in a long one. More make it another word."""
    allowed = (len(typed) >= ONE_ERROR) + (len(typed) >= TWO_ERRORS)
    return words.typing_errors(typed, meant) <= allowed


def slot_of(found: Iterable[tuple[Candidate, int]]) -> Slot:
    percents: dict[str, int] = {}
    for candidate, percent in list(found)[: 2 * MOST_ALTERNATIVES]:
        for stem in candidate.stems:
            percents[stem] = max(percent, percents.get(stem, 0))
    return Slot(tuple(percents.items()))


# Latin letters ------------------------------------------------------------------------------------------------


def spoken_so(keys: Sequence[str], candidates: Iterable[Candidate]) -> list[Candidate]:
    """Cyrillic forms that the Latin ones of `keys` spell, most frequent first."""
    by_key: dict[str, list[Candidate]] = {}
    for each in candidates:
        if each.how == "sound":
            by_key.setdefault(sounds.key_of(each.form), []).append(each)
    for key in keys:
        if len(key) >= SHORTEST_SPOKEN and (same := by_key.get(key)):
            return sorted(same, key=lambda each: (-each.seen, each.form))[:MOST_ALTERNATIVES]
    return []


def _spoken_ending(keys: Sequence[str], candidates: Iterable[Candidate]) -> list[Candidate]:
    """Cyrillic forms that differ from the Latin ones by their ending alone."""
    heard = [each for each in candidates if each.how == "sound"]
    for key in keys:
        trunk = sounds.trunk(key)
        same = [each for each in heard if sounds.trunk(sounds.key_of(each.form)) == trunk]
        if len(trunk) >= SHORTEST_TRUNK and same:
            return sorted(same, key=lambda each: (-words.likeness(key, sounds.key_of(each.form)), -each.seen))[:3]
    return []


# Two words in one ---------------------------------------------------------------------------------------------


def _halves(form: str, known: Mapping[str, Candidate]) -> tuple[Candidate, Candidate] | None:
    pairs = [(known[a], known[b]) for a, b in splits(form) if a in known and b in known]
    return max(pairs, key=lambda pair: min(pair[0].seen, pair[1].seen), default=None)


def _end(form: str, parts: Iterable[Candidate]) -> Candidate | None:
    """The longest known word that a compound ends with: what it is one of."""
    ends = [part for part in parts if form.endswith(part.form) and len(part.form) >= SHORTEST_END]
    return max(ends, key=lambda part: len(part.form), default=None)


# Typing errors that the other words bear out ------------------------------------------------------------------


def _borne_out(
    doubted: Mapping[str, Meant], *, beside: Mapping[str, Collection[str]], others: Mapping[str, Meant]
) -> dict[str, Meant]:
    around = [(form, stem) for form, stems in beside.items() for stem in stems]
    around += [(form, stem) for form, meant in others.items() for slot in meant.slots for stem, _ in slot.alternatives]
    asked = [(form, stem) for form, meant in doubted.items() for slot in meant.slots for stem, _ in slot.alternatives]
    together = said_together(asked, beside=around)
    return {
        form: corrected
        for form, meant in doubted.items()
        if (corrected := _corrected(form, meant, {stem for named, stem in together if named == form})) is not None
    }


def _corrected(form: str, meant: Meant, together: Collection[str]) -> Meant | None:
    """The likeliest word, if it is one that other words of the question stand beside somewhere."""
    first = meant.slots[0].alternatives[0][0]
    if first not in together:
        return None
    return meant._replace(reading=Reading.CORRECTED)
