"""What a cell of a table of goods was probably meant to say, for a person to accept: never taken without being asked.

Codes that a spreadsheet spoilt, names and other codes of countries, names of units and packages, figures with a word
beside them, figures with two readings of which the column shows one.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache, cached_property
from itertools import groupby
from typing import Protocol

from django.utils import translation
from django.utils.translation import gettext as _

from declarations import selectors
from declarations.boxes import Box
from declarations.forms.headings import LANGUAGES
from declarations.forms.other_names import COUNTRIES, PACKAGES, UNITS
from lib.codes import codes_among_words, digits_of, with_its_zero
from lib.country_codes import TWO_LETTERS, is_short_name, meant_by_short_name
from lib.numbers import NotANumber, is_ambiguous, read_number
from lib.sheets import Signs, settled
from lib.spelling import ForeignSign, plain_code, with_plain_digits, without_tajik_letters
from tariffs import selectors as tariff
from traders.models import Company

_POWER = re.compile(r"[0-9]+(?:[.,][0-9]+)?[eEеЕ]\+?([0-9]{1,2})")
_HEX = re.compile(r"0[xXхХ](?=[0-9])")
_LOOKS_LIKE_DIGITS = str.maketrans("OoОоlI|З", "00001113")
_INDIAN = re.compile(r"[0-9]{1,3}(?:,[0-9]{2})+,[0-9]{3}(?:\.[0-9]+)?")
_GROUPED = re.compile(r"[0-9]{1,3}(?:[,'’][0-9]{3}){2,3}")
_WITH_WORDS = re.compile(r"(?P<before>[^\d\s.,()+%-]{0,12})\s*(?P<figure>[0-9][^A-Za-zА-Яа-я$€£¥₽%]*?)\s*"
                         r"(?P<after>[^\d\s.,()+%-][^\d]{0,20})?")  # fmt: skip
_BELOW_ZERO = re.compile(r"\(\s*([0-9][^()]*?)\s*\)|([0-9].*?)\s*[-\u2212]")
_MADE_IN = re.compile(
    r"(?:(?:made|produced|manufactured) in|product of|(?:country of )?origin|"
    r"(?P<where>(?:сделано|произведено|изготовлено) в)|производство|пр-во|произв\.|страна(?: происхождения)?|"
    r"истеҳсоли|сохти|кишвари пайдоиш)[\s:.-]+(?=\w)",
    re.IGNORECASE,
)
_CASES = ("", "й", "я", "а", "ь")  # Китае: Китай; Индии: Индия; Польше: Польша
_IN_BRACKETS = re.compile(r".*\(\s*([A-Z]{2,3})\s*\)|([A-Z]{2})\s*[-–—]\s*\w.*")
_FIGURES = ("amount", "quantity", "integer")
_WHOLE_WORDS = {"rep": "republic", "dem": "democratic", "респ": "республика", "фед": "федерация"}
_UNSAID = frozenset({"of", "the", "and", "и", "ва"})
_LONGEST_NAME = 100
MOST_CANDIDATES = 6


@dataclass(frozen=True, slots=True)
class Meant:
    """A text for the box, and why it may have been meant."""

    text: str
    why: str


class Lists(Protocol):
    """The code lists in force: see `tariffs.selectors.CodeLists`."""

    def known(self, name: str) -> frozenset[str]: ...
    def names(self, name: str) -> Mapping[str, str]: ...


Between = Callable[[str, str], Sequence[str]]


def _no_codes(_low: str, _high: str) -> Sequence[str]:
    return ()


@dataclass
class Law:
    """What the law in force knows, as far as cells are concerned.

    `between` gives the codes of the tariff from one number to another, `used` those of them that the company declared.
    """

    lists: Lists
    between: Between = _no_codes
    used: Between = _no_codes
    _by_name: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def code_named(self, codes: str, name: str) -> str:
        """The code of a list that a name in any of the three languages means; empty where none does for certain."""
        if codes not in self._by_name:
            self._by_name[codes] = self._names(codes)
        return self._by_name[codes].get(called(codes, name), "")

    def codes_in(self, codes: str, text: str) -> list[str]:
        """The codes of a list whose names stand in a text."""
        self.code_named(codes, "")
        words = f" {called(codes, text)} "
        return [code for name, code in self._by_name[codes].items() if name and f" {name} " in words]

    def _names(self, codes: str) -> Mapping[str, str]:
        found: dict[str, str] = {}
        doubtful: set[str] = set()
        for language in LANGUAGES:
            with translation.override(language):
                for code, name in self.lists.names(codes).items():
                    if found.setdefault(key := called(codes, name), code) != code:
                        doubtful.add(key)
        others = {called(codes, name): code for code, names in OTHER_NAMES.get(codes, {}).items() for name in names}
        own = {name: code for name, code in found.items() if name not in doubtful}
        return own | {name: code for name, code in others.items() if code in self.known(codes)}

    def known(self, codes: str) -> frozenset[str]:
        return self.lists.known(codes)

    @cached_property
    def computed(self) -> dict[str, list[str]]:
        """What was found already for a code that a spreadsheet shortened."""
        return {}


def law_for(company: Company, *, on: date) -> Law:
    """What the tariff, the code lists and a company's own past know about cells."""
    most = MOST_CANDIDATES
    return Law(
        tariff.code_lists(on=on),
        between=lambda low, high: tariff.declarable_between(low, high, on=on, most=most),
        used=lambda low, high: selectors.codes_declared(company, low, high, most=most),
    )


OTHER_NAMES: Mapping[str, Mapping[str, Sequence[str]]] = {
    "country": COUNTRIES, "unit": UNITS, "package_kind": PACKAGES,
}  # fmt: skip


def folded_name(text: str) -> str:
    """A name without what nobody distinguishes: capitals, `ё`, signs between words."""
    plain = unicodedata.normalize("NFKC", text[:200]).casefold().replace("ё", "е")
    return " ".join(re.findall(r"[\w²³%]+", plain))


def called(codes: str, text: str) -> str:
    """A name in a list as far as people distinguish names: `P.R.C.` is PRC, `Чумхурии` is how `Ҷумҳурии` is typed.

    Words of a country stand in any order: "Korea, Republic of" is the Republic of Korea.
    """
    name: list[str] = []
    for is_letter, words in groupby(without_tajik_letters(folded_name(text)).split(), key=_is_letter):
        found = list(words)
        name += ["".join(found)] if is_letter else found
    if codes == "country":
        name = sorted({_WHOLE_WORDS.get(word, word) for word in name} - _UNSAID)
    return " ".join(name)


def _is_letter(word: str) -> bool:
    return len(word) == 1 and word.isalpha()


@cache
def _every_other_name() -> frozenset[str]:
    return frozenset(called("", name) for lists in OTHER_NAMES.values() for names in lists.values() for name in names)


def is_other_name(text: str) -> bool:
    """Whether a text is what people call a country, a unit or a kind of packages."""
    return called("", text) in _every_other_name()


def meant(box: Box, text: str, law: Law, signs: Signs) -> Meant | None:
    """What `text` was probably meant to say in `box`; None where it can be read as it is, or nobody knows."""
    if not text:
        return None
    if box.codes == "commodity":
        return _commodity(text, law)
    if box.codes in OTHER_NAMES:
        return _named(box.codes, text, law)
    if box.kind in _FIGURES:
        return _figure(box, text, signs)
    return None


# Codes of goods -----------------------------------------------------------------------------------------------
def _commodity(text: str, law: Law) -> Meant | None:
    bare = with_plain_digits(text).strip()
    if _POWER.fullmatch(bare):
        return _one_of(bare, law)
    if digits := digits_of(bare):
        return _with_zero(digits)
    if _GROUPED.fullmatch(bare):
        digits = re.sub(r"[^0-9]", "", bare)
        return _with_zero(digits) or Meant(digits, _("A spreadsheet parted this code as it parts a number."))
    bare = _HEX.sub("", bare, count=1)
    if not digits_of(bare) and digits_of(read := bare.translate(_LOOKS_LIKE_DIGITS)):
        digits = digits_of(read)
        why = _("A letter stands where a digit was meant.")
    else:
        found = codes_among_words(bare)
        digits = found[0] if len(found) == 1 else ""
        why = _("The code stands among other signs.")
    if not 4 <= len(digits) <= 11:
        return None
    return _with_zero(digits) or Meant(digits, why)


def _with_zero(digits: str) -> Meant | None:
    whole = with_its_zero(digits)
    return Meant(whole, _("A spreadsheet may have taken the first zero of this code.")) if whole else None


def _one_of(text: str, law: Law) -> Meant | None:
    found = shortened(text, law)
    if len(found) == 1:
        return Meant(found[0], _("A spreadsheet shortened this code, and the tariff has only this one that fits."))
    low, _shown, high = _bounds(text)
    own = law.used(low, high) if found else ()
    if len(own) == 1:
        return Meant(own[0], _("A spreadsheet shortened this code, and this is the one that you declared before."))
    return None


def shortened(text: str, law: Law) -> Sequence[str]:
    """The codes of the tariff that `8,517E+09` may have been, a few at the most."""
    text = with_plain_digits(text).strip()
    if not _POWER.fullmatch(text):
        return ()
    if text not in law.computed:
        low, shown, high = _bounds(text)
        found = [*law.between(shown, high), *law.between(low, shown)] if low else []
        law.computed[text] = list(dict.fromkeys(found))[:MOST_CANDIDATES]
    return law.computed[text]


def _bounds(text: str) -> tuple[str, str, str]:
    """The lowest code that a spreadsheet rounds to this, this itself, the highest; empty where no code is so long."""
    try:
        value = Decimal(re.sub("[еЕ]", "E", text.replace(",", ".")))
    except InvalidOperation:
        return "", "", ""
    sign, digits, exponent = value.as_tuple()
    if sign or not isinstance(exponent, int) or not 9 <= len(digits) + exponent <= 11:
        return "", "", ""
    half = Decimal(5).scaleb(exponent - 1)
    places = 10 if len(digits) + exponent == 9 else len(digits) + exponent
    low, shown, high = (str(int(each)).zfill(places) for each in (value - half, value, value + half))
    return low, shown, high


# Names --------------------------------------------------------------------------------------------------------
def _named(codes: str, text: str, law: Law) -> Meant | None:
    try:
        spelt = plain_code(text)
    except ForeignSign:
        spelt = ""
    if spelt in law.known(codes) and not (codes == "country" and is_short_name(text)):
        return None
    for code in _possible(codes, text, spelt, law):
        if code in law.known(codes):
            return Meant(code, _said_why(codes, text, law.lists.names(codes).get(code, "")))
    return None


def _possible(codes: str, text: str, spelt: str, law: Law) -> list[str]:
    found = [law.code_named(codes, text)]
    if codes == "country":
        bracket = _IN_BRACKETS.fullmatch(text.strip())
        said = (bracket[1] or bracket[2]) if bracket else ""
        found += [meant_by_short_name(text), TWO_LETTERS.get(spelt, "")]
        found += [*(law.code_named(codes, name) for name in _further_names(text))]
        found += [TWO_LETTERS.get(said, said)]
    else:  # "10 ctn": the word beside the figure
        found.append(law.code_named(codes, re.sub(r"^[\d\s.,]+", "", text)))
    return [code for code in found if code]


def _further_names(text: str) -> Iterator[str]:
    """A country without what people write before it, in its first case, and without what stands in brackets."""
    text = text[:_LONGEST_NAME]
    match = _MADE_IN.match(text)
    bare = text[match.end() :] if match else text
    yield bare
    if match and match["where"]:
        yield from (f"{bare.strip(' .')[:-1]}{end}" for end in _CASES)
    if "(" in bare:
        yield re.sub(r"\([^()]*\)", " ", bare)


def _said_why(codes: str, text: str, name: str) -> str:
    words = {
        "country": _("The code of the country “%(name)s”."),
        "unit": _("The code of the unit “%(name)s”."),
        "package_kind": _("The code of the kind of packages “%(name)s”."),
    }
    return words[codes] % {"name": name or text[:40]}


# Figures ------------------------------------------------------------------------------------------------------
def _figure(box: Box, text: str, signs: Signs) -> Meant | None:
    if is_ambiguous(text):
        return _by_its_column(text, signs)
    if _reads(text):
        return None
    if _INDIAN.fullmatch(text):
        return Meant(text.replace(",", ""), _("Commas stand between groups of two digits."))
    if text.startswith("#"):  # an error of a spreadsheet
        return None
    match = _BELOW_ZERO.fullmatch(text.strip())
    if match is not None and box.kind == "amount" and _reads(figure := (match[1] or match[2])):
        return Meant(f"-{figure}", _("A figure below zero is written so in accounts."))
    match = _WITH_WORDS.fullmatch(text.strip())
    if match is None or not (match["before"] or match["after"]):
        return None
    figure = match["figure"].strip()
    if is_ambiguous(figure):
        return _by_its_column(figure, signs)
    return Meant(figure, _("A word stands beside the figure.")) if _reads(figure) else None


def _by_its_column(figure: str, signs: Signs) -> Meant | None:
    read = settled(figure, signs)
    return Meant(read, _("The other figures of this column show what the sign means.")) if read else None


def _reads(text: str) -> bool:
    try:
        read_number(text)
    except NotANumber:
        return False
    return True
