"""One spelling for what is written with Latin letters and digits: codes, container numbers, plates, figures.

A letter that only looks right becomes the letter that was meant, a digit of any script the digit, and what nobody
sees is dropped. What has no Latin twin is refused by name, so that no door passes it on.
"""

import re
import unicodedata

from django.utils.translation import gettext as _

# Capitals of Cyrillic, Greek and Armenian that no eye tells from the Latin ones below them.
TWINS = ("АВСЕНІЈКМОРЅТУХҮӀԚԜΑΒΕΖΗΙΚΜΝΟΡΤΥΧՕՍ", "ABCEHIJKMOPSTYXYIQWABEZHIKMNOPTYXOU")
_TWINS = str.maketrans(*TWINS)
TAJIK = ("ғқҳҷӣӯ", "гкхчиу")
_WITHOUT_TAJIK = str.maketrans(*TAJIK)
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"
# Nothing to be seen, though Unicode counts them among letters, marks and signs.
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u2800\u3164\uffa0")
_SELECTORS = ((0xFE00, 0xFE0F), (0xE0100, 0xE01EF))
_SAME_SIGN = ("<wide>", "<narrow>", "<font>", "<noBreak>", "<compat>")
_ASCII_NUMERALS = {"\u066b": ".", "\u066c": "'"}
_SEPARATORS = re.compile(r"[\s.\-_·]")
_CONTAINER_IN_PARTS = re.compile(r"([A-Z]{4}[0-9]{6})/([0-9])")


class ForeignSign(ValueError):
    """A code has a sign that is no Latin letter, digit or sign of ASCII; the text says which and what to do."""

    def __init__(self, sign: str, place: int) -> None:
        self.sign, self.place = sign, place
        super().__init__(_sentence(sign, place))


def _sentence(sign: str, place: int) -> str:
    name = unicodedata.name(sign, "")
    if name.startswith("CYRILLIC"):
        sentence = _("Character %(place)d, “%(sign)s”, is a Cyrillic letter. Codes have Latin letters and digits.")
    elif name.startswith("GREEK"):
        sentence = _("Character %(place)d, “%(sign)s”, is a Greek letter. Codes have Latin letters and digits.")
    else:
        sentence = _("Character %(place)d, “%(sign)s”, cannot stand in a code. Write Latin letters and digits.")
    return sentence % {"place": place, "sign": sign}


def _is_unseen(sign: str) -> bool:
    return (
        sign in _BLANKS
        or unicodedata.category(sign) in ("Cf", "Cs")
        or (sign < " " and not sign.isspace())
        or any(first <= ord(sign) <= last for first, last in _SELECTORS)
    )


def seen(text: str) -> str:
    """`text` without the signs that nobody sees: zero-width spaces, marks of direction, soft hyphens."""
    return text if text.isascii() else "".join(sign for sign in text if not _is_unseen(sign))


def without_tajik_letters(text: str) -> str:
    """A word in small letters as people write it who have no Tajik keys: `ҳамагӣ` is `хамаги`."""
    return text if text.isascii() else text.translate(_WITHOUT_TAJIK)


def with_plain_digits(text: str) -> str:
    """A figure or a day with the digits 0 to 9, whatever script they were written in, and without unseen signs."""
    return text if text.isascii() else "".join(_plain_digit(sign) for sign in seen(text))


def _plain_digit(sign: str) -> str:
    if sign in _ASCII_NUMERALS:
        return _ASCII_NUMERALS[sign]
    if unicodedata.category(sign) == "Nd":
        return str(unicodedata.decimal(sign))
    return unicodedata.normalize("NFKC", sign) if unicodedata.decomposition(sign).startswith("<wide>") else sign


def folded(text: str) -> str:
    """A code in capitals with look-alikes as Latin letters; what has no Latin twin stays. For search: never raises."""
    if text.isascii():
        return text.upper()
    return "".join(_fold(sign) for sign in seen(unicodedata.normalize("NFC", text)))


def _fold(sign: str) -> str:
    if sign in _DASHES:
        return "-"
    plain = _plain_digit(sign)
    if not plain.isascii():
        tag, _space, rest = unicodedata.decomposition(plain).partition(" ")
        if tag in _SAME_SIGN or not rest:
            plain = unicodedata.normalize("NFKC", plain)
    capital = plain.upper()
    return (capital if len(capital) == len(plain) else plain).translate(_TWINS)


def plain_code(text: str) -> str:
    """A code as it is kept: Latin capitals, digits and signs of ASCII, no space. Raises ForeignSign."""
    code = "".join(folded(text).split())
    if not code.isascii():
        place = next(place for place, sign in enumerate(code, start=1) if not sign.isascii())
        raise ForeignSign(code[place - 1], place)
    return code


def searched(text: str) -> str:
    """A number as somebody types it into a search: folded, without spaces."""
    return "".join(folded(text).split())


def searched_container(text: str) -> str:
    """A container number as somebody types it into a search; what has no Latin twin stays."""
    return _SEPARATORS.sub("", searched(text))


def plain_container(text: str) -> str:
    """A container number as it is kept: `csqu 305438-3` is CSQU3054383. Raises ForeignSign."""
    return _CONTAINER_IN_PARTS.sub(r"\1\2", _SEPARATORS.sub("", plain_code(text)))


def plain_plate(text: str) -> str:
    """A means of transport as it is kept: in words with a digit, letters that have a Latin twin are Latin capitals.

    A plate А123ВС is A123BC; a name such as МАЗ, `борт 5`, and a word with any other letter stay as they are.
    """
    return " ".join(_plate(word) for word in seen(text).split())


def _plate(word: str) -> str:
    code = folded(word)
    return code if code.isascii() and any(sign.isdigit() for sign in code) else word
