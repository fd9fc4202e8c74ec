"""Words of texts and questions for tariff search: folded, freed of exclusions, stemmed, corrected. Pure; no database.

The stems of English and Russian are PostgreSQL's snowball (`ts_lexize`); this module brings words into the form those
take, and stems Tajik, for which there is none.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

_FOLDED = str.maketrans("ёӣӯҷҳқғѓќ’`", "еиучхкггк''")  # as Tajik is typed on a Russian keyboard, and ё as е
_PLAIN = {
    **{number: unicodedata.normalize("NFD", chr(number))[0] for number in range(0xC0, 0x250)},
    **str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"}),
}
_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Me", "Mn"})  # controls, soft hyphens, loose accents, half letters
_BLANKS = "\t\n\r\v\f\x1c\x1d\x1e\x1f\x85"
_LATIN_TWINS, _CYRILLIC_TWINS = "aceopxykmthbi", "асеорхукмтнві"
_TO_LATIN = str.maketrans(_CYRILLIC_TWINS, _LATIN_TWINS)
_TO_CYRILLIC = str.maketrans(_LATIN_TWINS, _CYRILLIC_TWINS)
_TOKEN = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_LATIN = re.compile(r"[a-z]")
_CYRILLIC = re.compile(r"[а-яёӣӯҷҳқғ]")
_GENITIVE = re.compile(r"(?<=\w)'(?:s\b)?")

# What a line does not cover says nothing of what it covers: "other than cotton", "кроме хлопка".
_EXCLUDED = re.compile(
    r"\bn\.e\.[cs]\.?(?:\s+in\s+(?:the\s+)?(?:item|(?:sub)?heading|chapter)s?\s+(?:nos?\.?\s*)?[\d.,\sand]+)?"
    r"|\b(?:of|in|under)\s+(?:sub)?headings?\s+(?:nos?\.?)?\s*[\d.,\sandor]+"
    r"|\b(?:other than|excluding|excl\.|except|not including|but not|whether or not)\b[^;,()]*"
    r"|\(not\s[^)]*\)"
    r"|\b(?:кроме|за исключением|исключая|отлич\w+ от|не включ\w+ в|содержащ\w+ или не содержащ\w+)\b[^;,()]*"
    r"|в другом месте не поименованн\w+(?:\s+или\s+не\s+включенн\w+)?|\bтоварн\w+\s+(?:суб)?позици\w+[\s\d,и-]*"
    r"|\b(?:ба )?ғайр аз\b[^;,()]*"
)
_EMPTY_WORDS = frozenset({
    "other", "not", "nec", "nes", "no", "heading", "subheading", "whether", "article", "articles", "thereof",
    "purposes", "прочий", "прочие", "прочее", "прочая", "прочих", "дигар", "дигархо", "ва", "барои", "аз", "бо",
    "дар", "ки", "е",
})  # fmt: skip
_PLURALS = {
    "calves": "calf", "children": "child", "dice": "die", "feet": "foot", "gases": "gas", "geese": "goose",
    "halves": "half", "hooves": "hoof", "indices": "index", "knives": "knife", "leaves": "leaf", "lenses": "lens",
    "lice": "louse", "loaves": "loaf", "matrices": "matrix", "men": "man", "mice": "mouse", "oxen": "ox",
    "scarves": "scarf", "sheaves": "sheaf", "shelves": "shelf", "teeth": "tooth", "vertices": "vertex",
    "wives": "wife", "wolves": "wolf", "women": "woman", "buses": "bus", "tomatoes": "tomato",
}  # fmt: skip
_SPELLINGS = (
    (re.compile(r"^alumin(um|ium)"), "aluminium"),
    (re.compile(r"fiber"), "fibre"),
    (re.compile(r"^(tire)(s?)$"), r"tyre\2"),
    (re.compile(r"^(gray)$"), "grey"),
    (re.compile(r"^(col|od|flav|arm|harb|lab|vap|hum)or(?=s?$|ed|ing|less|ful)"), r"\1our"),
    (re.compile(r"(?<=\w{2})iz(?=e$|ed$|er$|ers$|es$|ing$|ation$|ations$)"), "is"),
    (re.compile(r"(?<=\w{3})lyz(?=e$|ed$|er$|ers$|ing$)"), "lys"),
    (re.compile(r"^jewelr"), "jeweller"),
    (re.compile(r"^plow"), "plough"),
    (re.compile(r"^(mold)(?=s?$|ed$|ing$)"), "mould"),
    (re.compile(r"^sulf"), "sulph"),
    (re.compile(r"^(pajama)"), "pyjama"),
    (re.compile(r"^(center|meter|liter)(?=s?$)"), lambda found: found.group()[:-2] + "re"),
    (re.compile(r"^yogh?o?urt"), "yogurt"),
    (re.compile(r"^whiskey"), "whisky"),
)
_TAJIK_ENDINGS = ("хояшон", "хоямон", "хоятон", "хоро", "хои", "хо", "гони", "гон", "они", "ени", "ен", "он", "ро", "и")
SHORTEST_STEM = 3
TAJIK, BRAND = "tg:", "b:"


def clean(text: str) -> str:
    """Text as it was meant: letters composed, full width made plain, what cannot be seen left out, blanks single."""
    plain = unicodedata.normalize("NFKC", text)
    seen = "".join(
        sign if unicodedata.category(sign) not in _UNSEEN else " " if sign in _BLANKS else "" for sign in plain
    )
    return " ".join(seen.split())


def in_one_script(word: str) -> str:
    """A word whose letters are of two alphabets because some look alike, in the one that its other letters are of."""
    small = word.lower()
    if not (is_latin(small) and is_cyrillic(small)):
        return word
    telling = [sign for sign in small if sign not in _LATIN_TWINS + _CYRILLIC_TWINS]
    if any(map(is_cyrillic, telling)) == any(map(is_latin, telling)):
        return word
    return small.translate(_TO_LATIN if any(map(is_latin, telling)) else _TO_CYRILLIC)


def fold(text: str) -> str:
    """Small letters without accents, one spelling of letters that keyboards and habits spell in two ways."""
    folded = text.lower().translate(_FOLDED)
    return folded if folded.isascii() else folded.translate(_PLAIN)


def without_exclusions(text: str) -> str:
    """The text of a line without what it says it does not cover."""
    return _EXCLUDED.sub(" ; ", text.lower())


def is_latin(word: str) -> bool:
    return bool(_LATIN.search(word))


def is_cyrillic(word: str) -> bool:
    return bool(_CYRILLIC.search(word))


def says_nothing(form: str) -> bool:
    """Words every second line has, and single letters."""
    return form in _EMPTY_WORDS or (len(form) < 2 and not form.isdigit())


def spellings(text: str) -> Iterator[tuple[str, str]]:
    """(form, spelling) of each word in order; the parts of "t-shirt" and, after them, both as one word."""
    for found in _TOKEN.finditer(_GENITIVE.sub(" ", text.lower().replace("’", "'"))):
        parts = found.group().split("-")
        for part in parts:
            yield form_of(part), part
        if len(parts) == 2 and not any(part.isdigit() for part in parts):
            yield form_of("".join(parts)), "".join(parts)


def forms(text: str) -> list[str]:
    return [form for form, _spelling in spellings(text)]


@lru_cache(maxsize=80_000)
def form_of(word: str) -> str:
    """A word as it is kept and compared: folded, in British spelling, irregular plurals made regular."""
    form = fold(word)
    if not form.isascii():
        return form
    for pattern, spelling in _SPELLINGS:
        form = pattern.sub(spelling, form)
    return _PLURALS.get(form, form)


def tajik_stem(form: str) -> str:
    """A folded Tajik word without the endings of plural and izafat, marked as Tajik: себҳои -> tg:себ."""
    for ending in _TAJIK_ENDINGS:
        if form.endswith(ending) and len(form) - len(ending) >= SHORTEST_STEM:
            return TAJIK + form.removesuffix(ending)
    return TAJIK + form


# Keyboards ----------------------------------------------------------------------------------------------------
_KEYS = "`qwertyuiop[]asdfghjkl;'zxcvbnm,."
_SHIFTED = '~QWERTYUIOP{}ASDFGHJKL:"ZXCVBNM<>'
_RUSSIAN_KEYS = "ёйцукенгшщзхъфывапролджэячсмитьбю"
_TAJIK_KEYS = "ёйқукенгшҳзхъфҷвапролджэячсмитӣбю"
_LAYOUTS = tuple(
    str.maketrans(_KEYS + _SHIFTED + more, layout * 2 + letters)
    for layout, more, letters in ((_RUSSIAN_KEYS, "", ""), (_TAJIK_KEYS, "-=", "ғӯ"))
)
_BETWEEN_LETTERS = re.compile(r"(?<=[a-z])[\[\];,.`=](?=[a-z])", re.IGNORECASE)
_LATIN_LAYOUT = {
    **str.maketrans(_TAJIK_KEYS + "ғӯ", _KEYS + "-="),
    **str.maketrans(_RUSSIAN_KEYS, _KEYS),
}


def other_layouts(typed: str) -> list[str]:
    """What the keys of `typed` give on the other keyboard: Cyrillic for Latin (Russian, Tajik), Latin for Cyrillic."""
    if is_cyrillic(typed.lower()):
        return [typed.lower().translate(_LATIN_LAYOUT)]
    if is_latin(typed.lower()):
        return list(dict.fromkeys(typed.translate(layout).lower() for layout in _LAYOUTS))
    return []


def has_letter_keys(typed: str) -> bool:
    """Whether signs stand between letters that are letters in the other layout: "gf[nfuby" is "пахтагин"."""
    return bool(_BETWEEN_LETTERS.search(typed))


# Likeness -----------------------------------------------------------------------------------------------------
def trigrams(form: str) -> frozenset[str]:
    """Three letters in a row, with the beginning and the end of the word marked."""
    marked = f"^{form}$"
    return frozenset([marked[:2], *(marked[place : place + 3] for place in range(len(marked) - 2))])


def typing_errors(first: str, second: str) -> int:
    """How many letters left out, added, taken for another or swapped with the next lie between two words."""
    before: list[int] = []
    row = list(range(len(second) + 1))
    for number, letter in enumerate(first, 1):
        new = [number]
        for place, other in enumerate(second, 1):
            steps = min(row[place] + 1, new[-1] + 1, row[place - 1] + (letter != other))
            if before and place > 1 and letter == second[place - 2] and first[number - 2] == other:
                steps = min(steps, before[place - 2] + 1)
            new.append(steps)
        before, row = row, new
    return row[-1]


def likeness(first: str, second: str) -> int:
    """0 to 100: half by shared trigrams, half by typing errors."""
    ours, theirs = trigrams(first), trigrams(second)
    shared = 200 * len(ours & theirs) // (len(ours) + len(theirs))
    kept = 100 - 100 * typing_errors(first, second) // max(len(first), len(second))
    return (shared + kept) // 2


def phrases(forms: Sequence[str], *, longest: int = 3) -> Iterator[tuple[int, int, str]]:
    """(place, how many, as one word) of two or more words in a row, the longest first: "land rover" -> landrover."""
    for size in range(longest, 1, -1):
        for place in range(len(forms) - size + 1):
            yield place, size, "".join(forms[place : place + size])


def compounds(words: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Neighbours that could be one word: "cuttle fish" -> cuttlefish."""
    last = ""
    for word in words:
        if len(last) > 2 and len(word) > 2 and is_latin(last) == is_latin(word):
            yield last + word, word
        last = word
