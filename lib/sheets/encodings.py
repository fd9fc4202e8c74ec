"""Tells the encoding of a text file for certain, or not at all: Unicode by its marks, old Cyrillic by its letters.

Old encodings leave no mark. A text is taken for Russian in one of them only where that reading is many thousand times
likelier than every other; a few letters are not enough.
"""

import re
from math import log

_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_LEGACY = ("cp1251", "koi8-r", "cp866", "iso8859-5", "mac-cyrillic")
_CERTAIN = log(100_000)
_SAMPLE_BYTES = 200_000
_MOST_WORDS = 4_000
_LETTERS = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё"
# How often a letter stands in Russian text, per 10,000 letters, in the order of _LETTERS.
_OFTEN = (1097, 845, 801, 735, 670, 626, 547, 473, 454, 440, 349, 321, 298, 281, 262, 201, 190, 174, 170, 165, 159, 144,
          121, 97, 94, 73, 64, 48, 36, 32, 26, 4, 4)  # fmt: skip
_WEIGHT = {letter: log(count / 10_000) for letter, count in zip(_LETTERS, _OFTEN, strict=True)}
_UNKNOWN, _MIXED_CASE = log(1e-6), log(1e-3)
_HIGH = re.compile(rb"[A-Za-z]*[\x80-\xff]+[A-Za-z\x80-\xff]*")
_PUNCTUATION = frozenset("\u00a0«»№–—…“”„’°±§€·•")


def encoding_of(content: bytes) -> str | None:
    """The encoding in which the whole of a text is certainly written; None where it cannot be told."""
    for mark, name in _MARKS:
        if content.startswith(mark):
            return name if _decodes(content, name) else None
    if b"\x00" in content and (name := _without_mark(content)):
        return name
    if _decodes(content, "utf-8"):
        return "utf-8-sig"
    return _cyrillic(content)


def _decodes(content: bytes, name: str) -> bool:
    try:
        content.decode(name)
    except UnicodeDecodeError:
        return False
    return True


def _without_mark(content: bytes) -> str:
    """UTF-16 without a mark: the zero bytes of its separators and line ends all stand on one side."""
    even, odd = content[0::2].count(0), content[1::2].count(0)
    if len(content) % 2 or min(even, odd) or max(even, odd) * 20 < len(content):
        return ""
    name = "utf-16-le" if odd else "utf-16-be"
    return name if _decodes(content, name) else ""


def _cyrillic(content: bytes) -> str | None:
    words = _HIGH.findall(content[:_SAMPLE_BYTES])[:_MOST_WORDS]
    scores = sorted(((_score(words, name), name) for name in _LEGACY), reverse=True)
    (best, name), (second, _name) = scores[0], scores[1]
    letters = sum(len(word) for word in words)
    sounds_russian = best / max(1, letters) > log(1 / 50)
    if sounds_russian and best - second > _CERTAIN and _decodes(content, name) and _only_russian(content, name):
        return name
    return None


def _score(words: list[bytes], name: str) -> float:
    """The logarithm of how likely Russian words are these bytes, read in an encoding."""
    total = 0.0
    for raw in words:
        word = raw.decode(name, "replace")
        letters = [sign for sign in word if sign not in _PUNCTUATION]
        total += sum(_WEIGHT.get(sign.lower(), _UNKNOWN) for sign in letters)
        core = "".join(letters)
        if core and not (core.islower() or core.isupper() or core.istitle()):
            total += _MIXED_CASE
    return total


def _only_russian(content: bytes, name: str) -> bool:
    """No sign that Russian text does not have: letters of other alphabets show another encoding."""
    foreign = {sign for sign in content.decode(name) if sign >= "\x80"}
    return all(sign in _PUNCTUATION or sign.lower() in _WEIGHT for sign in foreign)


_PAIR = re.compile("[РСÐÑ][^\\sA-Za-z0-9]")


def is_garbled(text: str) -> bool:
    """Whether a text is UTF-8 that was read in an old encoding and saved so: `РіСЂСѓС€Рё` was груши."""
    if len(_PAIR.findall(text)) < 3:
        return False
    for name in ("cp1251", "cp1252"):
        try:
            text.encode(name).decode("utf-8")
        except UnicodeError:
            continue
        return True
    return False
