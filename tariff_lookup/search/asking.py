"""What a question in words asks for: its words as stems of the index, corrected where the index does not know them.

A wrong keyboard layout is corrected only where the other reading is known and the typed one is not. Sizes and grades
are read as the goods that have them, brands as brands. A word that is not known is read as the beginning of one (the
last word), as Russian or Tajik in Latin letters, or as two words written as one; a typing error is corrected where the
other words bear it out and else offered. Four queries at most.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tariff_lookup.search import grades, sounds, words
from tariff_lookup.search.correcting import (
    MOST_OFFERED,
    SPOKEN,
    Meant,
    Reading,
    Slot,
    meanings,
    slot_of,
    spoken_so,
)
from tariff_lookup.search.lexicon import Candidates, Known, candidates_for, known_of

MOST_WORDS = 20
LONGEST_FORM = 64
SURE_LENGTH = 5  # letters of a word that is hardly another one by chance
GRADE = 70  # per cent that what a size or grade stands for counts beside words
_MARKS_OF_SIGNS = re.compile(r"(?<=[^\W\d_])[`'’ʹ′]+(?!s\b)", re.IGNORECASE)  # sol' for соль, my`lo for мыло
_NAMES_OF_MODELS = frozenset({
    "air", "black", "blue", "classic", "edition", "eco", "gen", "gold", "lite", "max", "mini", "new", "note", "plus",
    "premium", "pro", "se", "series", "silver", "smart", "sport", "super", "turbo", "ultra", "white", "x", "xl", "про",
    "макс", "мини", "плюс", "ультра", "лайт", "нот", "аир", "эйр",
})  # fmt: skip
_COLOUR = re.compile(r"(?:бел|черн|сер|син|красн|зелен|желт|розов|голуб|золот|серебрист)(?:ый|ий|ая|яя|ое|ее|ые|ие)")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question understood.

    `shown`: what was read instead of what was typed; `offered`: what may have been meant; `guessed`: no word of it is
    known; `brands`: the words of it that are brands.
    """

    slots: tuple[Slot, ...] = ()
    shown: str = ""
    guessed: bool = False
    offered: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Token:
    """A word between blanks as it is read, and its forms; `corrected` if the keyboard layout was wrong."""

    text: str
    forms: tuple[str, ...]
    corrected: bool = False


def understand(question: str) -> Asked:
    """The slots of a question. No letters or digits: no slots."""
    text, meant_by_grades = grades.read_off(question)
    typed = [words.in_one_script(text) for text in grades.without_measures(text).split()[:MOST_WORDS]]
    readings = {text: [text.lower(), *words.other_layouts(text)] for text in typed}
    stands_for = tuple(form for meant in meant_by_grades for form in _forms(meant))
    lines = [[form for text in typed for form in _token(text).forms], *_lines_in_other_layouts(readings.values())]
    known = known_of(
        {form for texts in readings.values() for text in texts for form in _forms(text)}
        | {form for line in lines for form in (*line, *_joined(line))}
        | set(stands_for)
    )
    tokens = _tokens(typed, readings, known | _parts_of_brands(lines[1:], known))
    joined = _joined([form for token in tokens for form in token.forms]) - known.keys()
    known |= known_of(joined) if joined else {}
    return _asked(tokens, known, stands_for)


def _lines_in_other_layouts(readings: Iterable[Sequence[str]]) -> list[list[str]]:
    """The forms of the whole question on each other keyboard; words that have no other reading stay."""
    columns = list(readings)
    most = max((len(column) for column in columns), default=0)
    return [
        [form for column in columns for form in _forms(column[min(number, len(column) - 1)])]
        for number in range(1, most)
    ]


def _parts_of_brands(lines: Iterable[Sequence[str]], known: Mapping[str, Known]) -> dict[str, Known]:
    """Words that name a brand together on another keyboard: each is a word there."""
    return {
        form: known[form]._replace(is_there=True, brands=(form,))
        for line in lines
        for place, size, name in words.phrases(line)
        if known[name[:LONGEST_FORM]].brands
        for form in line[place : place + size]
    }


def _forms(text: str) -> tuple[str, ...]:
    return tuple(form[:LONGEST_FORM] for form in words.forms(text))


def _token(text: str) -> Token:
    """A word as it was typed, without the marks that stand for soft and hard signs in Latin letters."""
    plain = _MARKS_OF_SIGNS.sub("", text.lower())
    return Token(plain, _forms(plain))


def _joined(forms: Sequence[str]) -> set[str]:
    return {whole[:LONGEST_FORM] for _place, _size, whole in words.phrases(forms)}


# Keyboard layouts ---------------------------------------------------------------------------------------------


def _tokens(typed: Sequence[str], readings: dict[str, list[str]], known: dict[str, Known]) -> list[Token]:
    """Each word in the layout that gives known words. After a corrected one those of its script follow if they can."""
    as_typed = [_token(text) for text in typed]
    corrected = [
        None if _means_something(text, token, known) else _other_reading(readings[text], known)
        for text, token in zip(typed, as_typed, strict=True)
    ]
    corrected = [other if other and _is_telling(other, known) else None for other in corrected]
    scripts = {words.is_cyrillic(token.text) for token, other in zip(as_typed, corrected, strict=True) if other}
    return [
        other or (_other_reading(readings[text], known) if words.is_cyrillic(token.text) in scripts else None) or token
        for text, token, other in zip(typed, as_typed, corrected, strict=True)
    ]


def _means_something(text: str, token: Token, known: dict[str, Known]) -> bool:
    """Whether words of a token are known as typed: one is enough, unless what parts them is a key of a letter."""
    known_forms = [_is_known(known[form]) or known[form].is_grammar for form in token.forms if len(form) > 1]
    return bool(known_forms) and (all if words.has_letter_keys(text) else any)(known_forms)


def _is_known(known: Known) -> bool:
    return bool(known.stems or known.brands)


def _is_telling(token: Token, known: dict[str, Known]) -> bool:
    """Whether a reading holds a word of goods: "z" and "d" alone are no "я" and "в"."""
    return any(len(form) > 1 and _is_known(known[form]) for form in token.forms)


def _other_reading(readings: Sequence[str], known: dict[str, Known]) -> Token | None:
    """The reading in another layout whose words are all known: as they stand, else in another form."""
    others = [Token(reading, _forms(reading), corrected=True) for reading in readings[1:]]
    for is_read in (_is_there, _is_read):
        for token in others:
            if token.forms and all(is_read(form, known[form]) for form in token.forms):
                return token
    return None


def _is_there(form: str, known: Known) -> bool:
    return known.is_there or known.is_grammar or bool(known.brands) or len(form) == 1


def _is_read(form: str, known: Known) -> bool:
    return _is_there(form, known) or (bool(known.stems) and len(form) >= SURE_LENGTH)


# Words and brands ---------------------------------------------------------------------------------------------


def _asked(tokens: Sequence[Token], known: Mapping[str, Known], stands_for: Sequence[str]) -> Asked:
    forms = [form for token in tokens for form in _forms_asked(token, known)]
    brands = dict(_brands([form for token in tokens for form in token.forms], known))
    sure = [name for name, parts in brands.items() if known[name].is_brand_alone or len(parts) > 1]
    sure = list(brands) if len(brands) > 1 else sure  # two brands bear each other out: "shell helix"
    alone = {form for name in sure for form in brands[name]}
    telling = [form for form in forms if not _says_nothing(form, known) and form not in alone]
    if alone:  # then what is a word too is a brand here, and a model's name no word
        telling = [form for form in telling if form not in brands and not _is_model(form, known)]
    if not telling and not brands and not stands_for:
        telling = [form for form in forms if words.is_latin(form) or words.is_cyrillic(form)]
    telling = list(dict.fromkeys(telling))
    if not telling and not brands and not stands_for:
        return Asked()
    meant = _meant(tokens, telling, known)
    return _put_together(tokens, telling, known, meant, brands, stands_for)


def _says_nothing(form: str, known: Mapping[str, Known]) -> bool:
    return words.says_nothing(form) or (known[form].is_grammar and not known[form].stems)


def _forms_asked(token: Token, known: Mapping[str, Known]) -> tuple[str, ...]:
    """ "t-shirt" is asked as its parts and, where the index has it, as one word; "wi-fi" as one word alone."""
    if "-" not in token.text or len(token.forms) != 3:
        return token.forms
    *parts, whole = token.forms
    if not _is_known(known[whole]):
        return tuple(parts)
    return token.forms if all(known[part].stems for part in parts) else (whole,)


def _brands(forms: Sequence[str], known: Mapping[str, Known]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each brand and the forms that name it; a longer name goes before the shorter ones in it."""
    taken: set[int] = set()
    singles = [(place, 1, form) for place, form in enumerate(forms)]
    for place, size, name in [*words.phrases(forms), *singles]:
        places = set(range(place, place + size))
        if taken & places or name not in known or not known[name].brands:
            continue
        if size == 1 or not known[name].is_there:
            taken |= places
            yield name, tuple(forms[place : place + size])


def _is_model(form: str, known: Mapping[str, Known]) -> bool:
    """Whether a word beside a brand names its model: "air", "m2", "574"."""
    return (
        form in _NAMES_OF_MODELS
        or bool(_COLOUR.fullmatch(form))
        or form.isdigit()
        or (_is_mixed(form) and not known[form].is_there)
    )


def _is_mixed(form: str) -> bool:
    return any(sign.isdigit() for sign in form) and any(sign.isalpha() for sign in form)


# Unknown words ------------------------------------------------------------------------------------------------


def _meant(tokens: Sequence[Token], telling: Sequence[str], known: Mapping[str, Known]) -> dict[str, Meant]:
    """What the unknown of `telling` mean, and known Latin ones that are Russian words too beside such."""
    spelled = {form[:LONGEST_FORM]: spelling for token in tokens for form, spelling in words.spellings(token.text)}
    unknown = [form for form in telling if not _is_known(known[form]) and not form.isdigit()]
    unsure = [form for form in telling if not known[form].is_there and words.is_latin(form)]
    if not unknown and not unsure:
        return {}
    spoken = {form: sounds.keys_of(spelled.get(form, form)) for form in telling if words.is_latin(form)}
    candidates = candidates_for(unknown, spoken=spoken, last=telling[-1])
    beside = {form: known[form].stems for form in telling if known[form].stems}
    meant = meanings(unknown, candidates=candidates, spoken=spoken, beside=beside)
    return meant | _in_both(telling, known, candidates, spoken, meant)


def _in_both(
    telling: Sequence[str],
    known: Mapping[str, Known],
    candidates: Candidates,
    spoken: Mapping[str, Sequence[str]],
    meant: Mapping[str, Meant],
) -> dict[str, Meant]:
    """Words of English that are Russian ones in Latin letters too, where another word is one: "list stalnoy"."""
    is_russian = any(
        form in meant and meant[form].reading is Reading.MEANT and meant[form].spellings for form in spoken
    )
    found = {}
    for form in telling:
        stems = known[form].stems
        is_open = form in spoken and stems and (is_russian or not known[form].is_there)
        if is_open and (same := spoken_so(spoken[form], candidates[form])):
            russian = slot_of((each, SPOKEN) for each in same).alternatives
            found[form] = Meant((Slot((*((stem, 100) for stem in stems), *russian)),), Reading.MEANT)
    return found


# Together -----------------------------------------------------------------------------------------------------


def _put_together(
    tokens: Sequence[Token],
    telling: Sequence[str],
    known: Mapping[str, Known],
    meant: Mapping[str, Meant],
    brands: Mapping[str, Sequence[str]],
    stands_for: Sequence[str],
) -> Asked:
    sure = [slot for form in telling for slot in _sure(form, known, meant)]
    joined = [pair for pair, _ in words.compounds(telling) if pair in known and known[pair].stems]
    sure += [_exactly(known[pair].stems) for pair in joined]
    sure += [_exactly(known[name].brands) for name in brands]
    sure += [
        _exactly(known[form].stems, GRADE if sure else 100)
        for form in dict.fromkeys(stands_for)
        if form not in telling and known[form].stems
    ]
    unsure = [meant[form] for form in telling if form in meant and not _is_sure(meant[form])]
    doubted = [slot for each in unsure if each.reading is not Reading.GUESSED for slot in each.slots]
    corrected = {form: found.spellings[0] for form, found in meant.items() if found.spellings and _is_sure(found)}
    is_other = any(token.corrected for token in tokens) or bool(corrected)
    return Asked(
        tuple([*sure, *doubted] if sure else [slot for each in unsure for slot in each.slots]),
        " ".join(_shown(token, corrected) for token in tokens) if is_other and sure else "",
        guessed=not sure,
        offered=_offered(tokens, meant, corrected),
        brands=tuple(_name(parts, tokens) for parts in brands.values()),
    )


def _exactly(stems: Sequence[str], percent: int = 100) -> Slot:
    return Slot(tuple((stem, percent) for stem in stems))


def _sure(form: str, known: Mapping[str, Known], meant: Mapping[str, Meant]) -> tuple[Slot, ...]:
    if form in meant:
        return meant[form].slots if _is_sure(meant[form]) else ()
    return (_exactly(known[form].stems),) if known[form].stems else ()


def _is_sure(meant: Meant) -> bool:
    return meant.reading in (Reading.MEANT, Reading.CORRECTED)


def _offered(tokens: Sequence[Token], meant: Mapping[str, Meant], corrected: Mapping[str, str]) -> tuple[str, ...]:
    """The question as it may have been meant: of a lone word several readings, of several words one."""
    doubted = {form: found.spellings for form, found in meant.items() if found.reading is Reading.DOUBTED}
    readings = [dict(zip(doubted, spellings, strict=True)) for spellings in zip(*doubted.values(), strict=False)]
    most = MOST_OFFERED if len(doubted) == 1 else 1
    return tuple(" ".join(_shown(token, {**corrected, **each}) for token in tokens) for each in readings[:most])


def _shown(token: Token, corrected: Mapping[str, str]) -> str:
    """A token with its mistyped words as they are spelled."""
    text = token.text
    for form, spelling in words.spellings(token.text):
        if form[:LONGEST_FORM] in corrected:
            better = corrected[form[:LONGEST_FORM]].replace("\\", r"\\")
            text = re.sub(rf"\b{re.escape(spelling)}\b", better, text)
    return text


def _name(parts: Sequence[str], tokens: Sequence[Token]) -> str:
    """A brand as it was typed."""
    spelled = {form: spelling for token in tokens for form, spelling in words.spellings(token.text)}
    return " ".join(spelled.get(part, part) for part in parts)
