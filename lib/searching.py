"""What a text is found by: its words, and the pieces of the numbers in it, all in one spelling.

A word is found by its beginning, a number by any piece of three signs or more: each of its ends is kept, and an end is
found by its beginning. Pure; what is kept and asked are words of `tsvector` and `tsquery`.
"""

import re
import unicodedata
from collections.abc import Iterator

from lib.spelling import folded, seen, without_tajik_letters

SHORTEST_PIECE = 3
LONGEST_WORD, LONGEST_NUMBER, MOST_ASKED = 40, 40, 12
_WORDS = re.compile(r"[^\W_]+")
_DIGIT = re.compile(r"\d")


def words_in(text: str) -> Iterator[str]:
    """The words of a text as they are kept; a code among them in the spelling of codes.

    A Tajik word is kept as it is typed without Tajik keys, too.
    """
    for word in _WORDS.findall(_even(text)):
        yield (kept := _kept(word))
        if (bare := without_tajik_letters(kept)) != kept:
            yield bare


def pieces_of(number: str) -> Iterator[str]:
    """A number with each of its ends, and its parts as they were written apart."""
    whole = squeezed(number)
    for start in range(max(1, len(whole) - SHORTEST_PIECE + 1)):
        if whole:
            yield whole[start:]
    yield from words_in(number)


def asked_words(text: str) -> list[str]:
    """The words of what somebody typed, as they are kept; at most `MOST_ASKED`."""
    return [_kept(word) for word in _WORDS.findall(_even(text))[:MOST_ASKED]]


def number_asked(text: str) -> str:
    """What somebody typed in several parts, as one number; empty if it is none."""
    whole = squeezed(text)
    return whole if whole.isascii() and _DIGIT.search(whole) else ""


def squeezed(number: str) -> str:
    """A number without what separates its parts, in the spelling in which numbers are kept."""
    return "".join(_WORDS.findall(folded(number)))[:LONGEST_NUMBER].lower()


def query_of(text: str) -> str:
    """The `tsquery` of what somebody typed: all the words, or the whole as one number. Empty if nothing is asked."""
    asked = _WORDS.findall(_even(text))[:MOST_ASKED]
    if not asked:
        return ""
    every = " & ".join(_either(word) for word in asked)
    if len(asked) > 1 and (whole := number_asked(text)):
        return f"({every}) | {_beginning(whole)}"
    return every


def _even(text: str) -> str:
    return unicodedata.normalize("NFC", seen(text))


def _kept(word: str) -> str:
    if _DIGIT.search(word):
        return folded(word)[:LONGEST_WORD].lower()
    return word[:LONGEST_WORD].casefold().replace("ё", "е")


def _either(word: str) -> str:
    """The word, or the code that it may be: letters of another script that look like Latin ones."""
    as_word, as_code = _kept(word), folded(word)[:LONGEST_WORD].lower()
    if as_code == as_word or not as_code.isascii():
        return _beginning(as_word)
    return f"({_beginning(as_word)} | {_beginning(as_code)})"


def _beginning(word: str) -> str:
    """One or two signs stand for themselves: half of all words begin with them."""
    return f"'{word}':*" if len(word) >= SHORTEST_PIECE else f"'{word}'"
