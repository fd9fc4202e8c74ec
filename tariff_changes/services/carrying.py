"""How the law of old codes comes to new ones: carried where the old codes agree, and put to a person where they do not.

The law of an old subheading is what applies to each line below it that may be declared: of rates without a condition of
their own the one with the longest prefix, of additive ones and restrictions all. What a new code inherits from its own
heading and chapter is not written twice.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from lib.violations import Violation
from tariff_changes.models import ChangeRow, ChangeSet
from tariff_changes.selectors.law_texts import Texts, texts_of
from tariff_changes.services.rows import created, ended, replaced
from tariffs.columns import LAW
from tariffs.models import Measure

HS_DIGITS = 6
_MEASURE = LAW["measure"]
_WHAT = tuple(column for column in _MEASURE.names if column not in ("commodity", "valid_from"))
_KIND = tuple(column for column in _MEASURE.series if column != "commodity")

Series = tuple[str, ...]
Said = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Applied:
    """What measures of one series say about a line: their contents, and the length of the longest prefix."""

    said: tuple[Said, ...]
    digits: int


class Carrying:
    """The measures in force on the day of the set, and what becomes of those on vanished lines."""

    def __init__(
        self,
        change_set: ChangeSet,
        *,
        lines: Mapping[str, Mapping[int, Texts]],
        vanished: set[str],
        length: int,
    ) -> None:
        day = change_set.takes_effect
        self.lines, self.vanished, self.length, self.day = lines, vanished, length, day.isoformat()
        self.measures = texts_of(_MEASURE, Measure.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day)))
        self.by_prefix: dict[str, list[int]] = defaultdict(list)
        for pk, texts in self.measures.items():
            self.by_prefix[texts["commodity"]].append(pk)
        self.leaves: dict[str, list[str]] = defaultdict(list)
        for code, rows in lines.items():
            if len(code) > HS_DIGITS and any(row["declarable"] == "yes" for row in rows.values()):
                self.leaves[code[:HS_DIGITS]].append(code)
        self.notices: list[Violation] = []

    # What ends -------------------------------------------------------------------------------------------------

    def ends(self) -> Iterator[ChangeRow]:
        """Measures on vanished lines, and on prefixes between them."""
        subheadings = {code for code in self.vanished if len(code) == HS_DIGITS}
        for prefix, pks in sorted(self.by_prefix.items()):
            if prefix not in self.vanished and prefix[:HS_DIGITS] not in subheadings:
                continue
            for pk in pks:
                seen = self.measures[pk]
                yield ended("measure", pk, seen)
                if seen["valid_from"] > self.day:
                    sentence = _("A measure on %(code)s that would begin on %(day)s is taken out and not carried.")
                    shown = {"code": prefix, "day": seen["valid_from"]}
                    self.notices.append(Violation("T455", prefix, sentence % shown))

    # What applies ----------------------------------------------------------------------------------------------

    def _law(self, code: str, *, kept_alone: bool = False) -> dict[Series, Applied]:
        """Series -> what is said about a line by measures on its prefixes; with `kept_alone` by those that stay."""
        found: dict[Series, list[tuple[int, Said]]] = defaultdict(list)
        for digits in range(len(code) + 1):
            prefix = code[:digits]
            if kept_alone and prefix in self.vanished:
                continue
            for pk in self.by_prefix.get(prefix, ()):
                texts = self.measures[pk]
                if texts["valid_from"] <= self.day:
                    series = tuple(texts[column] for column in _KIND)
                    found[series].append((digits, tuple(texts[column] for column in _WHAT)))
        return {series: _applied(series, said) for series, said in found.items()}

    def _leaves_of(self, old: str) -> list[str]:
        return self.leaves.get(old) or [old]

    # What is carried -------------------------------------------------------------------------------------------

    def carried(self, code: str, sources: Sequence[str], *, is_new: bool) -> Iterator[ChangeRow]:
        """Measures for a new code; for one that stands already, a notice where goods that join it were treated else."""
        inherited = self._law(code, kept_alone=True)
        laws = {old: [self._law(leaf) for leaf in self._leaves_of(old)] for old in sources}
        for series in sorted({series for leaves in laws.values() for law in leaves for series in law}):
            said = {old: {law[series].said if series in law else () for law in leaves} for old, leaves in laws.items()}
            if not is_new:
                self._tell_what_changes(code, series, said)
                continue
            answers = set().union(*said.values())
            own = inherited[series].said if series in inherited else ()
            if answers == {own}:
                continue
            digits = [law[series].digits for leaves in laws.values() for law in leaves if series in law]
            place = code.ljust(self.length, "0") if min(digits) > HS_DIGITS else code
            if len(answers) == 1:
                yield from (_carried(place, content) for content in answers.pop() if content not in own)
            else:
                yield _to_decide(place, said)
        self._tell_what_joins(code, inherited, laws, is_new=is_new)

    def _tell_what_changes(self, code: str, series: Series, said: Mapping[str, set[tuple[Said, ...]]]) -> None:
        own = {law[series].said if (law := self._law(leaf)).get(series) else () for leaf in self._leaves_of(code)}
        for old, answers in said.items():
            if old != code and answers != own:
                sentence = _("Goods of %(old)s join %(code)s: %(before)s becomes %(after)s.")
                shown = {"old": old, "code": code, "before": _shown(answers), "after": _shown(own)}
                self.notices.append(Violation("T456", code, sentence % shown))

    def _tell_what_joins(
        self,
        code: str,
        inherited: Mapping[Series, Applied],
        laws: Mapping[str, Sequence[Mapping[Series, Applied]]],
        *,
        is_new: bool,
    ) -> None:
        """Law of its new heading that none of the old codes had."""
        if not is_new or not laws:
            return
        for series, applied in inherited.items():
            if not any(series in law for leaves in laws.values() for law in leaves):
                sentence = _("%(code)s inherits what none of its old codes had: %(what)s.")
                self.notices.append(Violation("T456", code, sentence % {"code": code, "what": _shown({applied.said})}))

    # Exclusions ------------------------------------------------------------------------------------------------

    def exclusions(self, correlation: Iterable[tuple[str, str]]) -> Iterator[ChangeRow]:
        """Measures that stay and exclude a vanished code exclude its new codes, once a person has looked at them."""
        new_codes: dict[str, list[str]] = defaultdict(list)
        for old, new in correlation:
            new_codes[old].append(new)
        subheadings = {code for code in self.vanished if len(code) == HS_DIGITS}
        for pk, seen in self.measures.items():
            excluded = seen["excluded_commodities"].split()
            gone = [code for code in excluded if code in self.vanished or code[:HS_DIGITS] in subheadings]
            ends = seen["commodity"] in self.vanished or seen["commodity"][:HS_DIGITS] in subheadings
            if not gone or ends:
                continue
            follow = sorted(
                {
                    new
                    for code in gone
                    for old in new_codes
                    if old.startswith(code[:HS_DIGITS])
                    for new in new_codes[old]
                }
            )
            kept = [code for code in excluded if code not in gone]
            sentence = _("The excluded codes %(old)s disappear; %(new)s replace them: are all of them meant?")
            yield replaced(
                "measure",
                pk,
                seen,
                {"excluded_commodities": " ".join([*kept, *follow]), "act": seen["act"]},
                to_decide=sentence % {"old": " ".join(gone), "new": " ".join(follow)},
            )


def _applied(series: Series, said: Sequence[tuple[int, Said]]) -> Applied:
    digits = max(length for length, _content in said)
    kind = dict(zip(_KIND, series, strict=True))
    if kind["kind"] == Measure.Kind.RATE and kind["additive"] == "no":
        return Applied(tuple(content for length, content in said if length == digits), digits)
    return Applied(tuple(sorted({content for _length, content in said})), digits)


def _carried(place: str, content: Said) -> ChangeRow:
    values = {column: text for column, text in zip(_WHAT, content, strict=True) if text}
    return created("measure", {"commodity": place, **values})


def _to_decide(place: str, said: Mapping[str, set[tuple[Said, ...]]]) -> ChangeRow:
    """A row without a rate, or with the paper some of the old codes asked for, and the question."""
    contents = Counter(content for answers in said.values() for answer in answers for content in answer)
    likely = dict(zip(_WHAT, contents.most_common(1)[0][0], strict=True))
    values = {column: text for column, text in likely.items() if text and column != "rate"}
    answers = "; ".join(f"{old}: {_shown(answers)}" for old, answers in sorted(said.items()))
    sentence = _("The old codes of %(code)s do not agree: %(answers)s. Decide what applies.")
    return created(
        "measure",
        {"commodity": place, **values},
        to_decide=sentence % {"code": place, "answers": answers},
    )


def _shown(answers: Iterable[tuple[Said, ...]]) -> str:
    return " / ".join(sorted(", ".join(map(_one, answer)) or "—" for answer in answers))


def _one(content: Said) -> str:
    texts = dict(zip(_WHAT, content, strict=True))
    shown = [texts["tax"], texts["origin"], texts["rate"] or texts["document"] or texts["kind"]]
    return " ".join(part for part in shown if part)
