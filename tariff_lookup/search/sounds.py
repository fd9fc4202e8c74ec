"""Russian and Tajik in Latin letters, whatever system they were written by: both spellings of a word have one key.

The key of a Cyrillic word is single; a Latin word has several where its letters have several readings ("j" is the "ж"
of a chat, the "й" of a passport and the "ҷ" of Tajik). Pure; no database.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import islice, product

MOST_READINGS = 48
LONGEST_WORD = 64
SHORTEST_TRUNK = 3

# One sign for each sound that systems write with several letters: C ч, S ш and щ, Z ж.
_CYRILLIC = str.maketrans({
    "а": "a", "б": "b", "в": "v", "г": "g", "ғ": "g", "д": "d", "е": "e", "ё": "e", "ж": "Z", "з": "z", "и": "i",
    "ӣ": "i", "й": "i", "к": "k", "қ": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s",
    "т": "t", "у": "u", "ӯ": "u", "ф": "f", "х": "h", "ҳ": "h", "ц": "c", "ч": "C", "ҷ": "C", "ш": "S", "щ": "S",
    "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "iu", "я": "ia",
})  # fmt: skip
_LATIN: Mapping[str, tuple[str, ...]] = {
    "shch": ("S",), "sch": ("S",), "shh": ("S",), "sh": ("S",), "š": ("S",), "ŝ": ("S",), "w": ("v", "S"),
    "ch": ("C",), "č": ("C",), "4": ("C",), "zh": ("Z",), "ž": ("Z",), "j": ("i", "Z", "C"), "kh": ("h",),
    "gh": ("g",), "ğ": ("g",), "x": ("h", "ks"), "h": ("h",), "ts": ("c",), "cz": ("c",),
    "c": ("c", "k"), "ck": ("k",), "yo": ("io", "e"), "jo": ("io", "e", "Zo", "Co"), "y": ("i",), "q": ("k",),
    "â": ("ia",), "û": ("iu",), "ë": ("e",), "è": ("e",), "é": ("e",), "ė": ("e",), "ī": ("i",), "ū": ("u",),
    "ö": ("e",), "ü": ("iu",), "ph": ("f",),
}  # fmt: skip
_PARTS = re.compile("|".join(sorted(map(re.escape, _LATIN), key=len, reverse=True)) + "|.")
_MARKS = re.compile(r"[`'’ʹʺ′″]")  # soft and hard signs
_JOINED = (
    (re.compile(r"sC"), "S"),  # "sch" is щ, and the beginning of счетчик
    (re.compile(r"ts"), "c"),
    (re.compile(r"i+(?=[aeiou])"), ""),  # "ya", "ia" and "ja" are я; "ye" is е
    (re.compile(r"ii+"), "i"),
)
_ENDING = re.compile(r"(?:ami|ogo|ego|omu|emu|imi|ih|ah|am|im|om|em|ov|ev|[aeo]i|hoi|ho|[aeiou]+)$")


def key_of(word: str) -> str:
    """The key of a Cyrillic word: морковь -> morkov."""
    return _joined(word.translate(_CYRILLIC))


def keys_of(word: str) -> list[str]:
    """The keys that a word in Latin letters may have, likeliest first: morkov' -> morkov; 4asy -> Casi."""
    parts = [_LATIN.get(part, (part,)) for part in _PARTS.findall(_MARKS.sub("", word.lower())[:LONGEST_WORD])]
    return list(dict.fromkeys(_joined("".join(reading)) for reading in islice(_readings(parts), MOST_READINGS)))


def _readings(parts: list[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """A letter is read in one way throughout a word."""
    ambiguous = list(dict.fromkeys(part for part in parts if len(part) > 1))
    for chosen in product(*ambiguous):
        reading = dict(zip(ambiguous, chosen, strict=True))
        yield tuple(reading.get(part, part[0]) for part in parts)


def _joined(key: str) -> str:
    for pattern, sign in _JOINED:
        key = pattern.sub(sign, key)
    return key


def trunk(key: str) -> str:
    """A key without the ending of its case, number or gender, and without doubled letters: pomidorov -> pomidor."""
    single = re.sub(r"(.)\1+", r"\1", key)
    bare = _ENDING.sub("", single)
    return bare if len(bare) >= SHORTEST_TRUNK else single
