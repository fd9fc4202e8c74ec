"""Rules on the nomenclature: measures within their lines, lines within those above, none declarable above others."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from lib.violations import Violation
from tariff_changes.rules.judged import DAY, Case, JudgedRow, Span, clipped, first_day_outside
from tariffs.models import Commodity, Measure

_FEW_CHAPTERS = 8
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the nomenclature for its days."""

    span: Span
    declarable: bool


@dataclass
class Lines:
    """The nomenclature once the set is published: code -> lines, and the codes in order."""

    by_code: dict[str, list[Line]] = field(default_factory=lambda: defaultdict(list))
    codes: Sequence[str] = ()

    def spans(self, code: str) -> list[Span]:
        return [line.span for line in self.by_code.get(code, ())]

    def covering(self, prefix: str) -> list[Span]:
        """Days on which goods of a prefix exist: those of its line or, where none has this code, of lines below."""
        if prefix in self.by_code:
            return self.spans(prefix)
        return [span for code in self.below(prefix) for span in self.spans(code)]

    def below(self, code: str) -> Iterator[str]:
        """Longer codes that begin with `code`."""
        for place in range(bisect_left(self.codes, code), len(self.codes)):
            if not self.codes[place].startswith(code):
                return
            if self.codes[place] != code:
                yield self.codes[place]

    def above(self, code: str) -> list[str]:
        """Shorter codes that `code` begins with, the nearest first."""
        return [code[:digits] for digits in range(len(code) - 1, 1, -1) if code[:digits] in self.by_code]

    def in_force(self, code: str, day: date) -> bool:
        return any(span.holds(day) for span in self.spans(code))


def line_above(code: str) -> str:
    """The chapter, heading or subheading of the HS that a code stands directly below; "" for a chapter."""
    return code[: max((digits for digits in (2, 4, 6) if digits < len(code)), default=0)]


def nomenclature(case: Case) -> list[Violation]:
    """Everything that needs the lines; nothing is read where the set names no commodity."""
    measures, commodities = case.created("measure"), case.of("commodity")
    if not commodities and not any(judged.values["commodity"] for judged in measures):
        return []
    lines = _lines(case)
    ended = [judged for judged in commodities if judged.now is not None and judged.last_day is not None]
    return [
        *(fault for judged in measures for fault in _measure(judged, lines)),
        *(fault for judged in case.created("commodity") for fault in _new_line(judged, lines)),
        *(fault for judged in ended for fault in _ended_line(judged, lines)),
        *_left_behind(case, ended, lines),
    ]


def _lines(case: Case) -> Lines:
    codes = {judged.values["commodity"] for judged in case.created("measure")}
    codes |= {code for judged in case.created("measure") for code in judged.values["excluded_commodities"]}
    codes |= {judged.values["code"] for judged in case.created("commodity")}
    codes |= {judged.seen.get("code", "") for judged in case.of("commodity")}
    rows = Commodity.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=case.since - DAY))
    chapters = {code[:2] for code in codes if code}
    if len(chapters) <= _FEW_CHAPTERS:
        near = Q(pk__in=[])
        for chapter in chapters:
            near |= Q(code__startswith=chapter)
        rows = rows.filter(near)
    lines = Lines()
    last_days = case.last_days("commodity")
    for pk, code, start, stop, declarable in rows.values_list("pk", "code", "valid_from", "valid_to", "declarable"):
        if left := clipped(start, stop, last_days.get(pk)):
            lines.by_code[code].append(Line(left, declarable))
    for judged in case.created("commodity"):
        if new := clipped(judged.starts, judged.stops, None):
            lines.by_code[judged.values["code"]].append(Line(new, judged.values["declarable"]))
    lines.codes = sorted(lines.by_code)
    return lines


def _measure(judged: JudgedRow, lines: Lines) -> Iterator[Violation]:
    """T402, T403: there are goods for every day of the measure."""
    prefix = judged.values["commodity"]
    for code in judged.values["excluded_commodities"]:
        if not lines.covering(code):
            yield judged.fault("T403", "excluded_commodities", _not_known(code))
    if not prefix:
        return
    spans = lines.covering(prefix)
    if not spans:
        yield judged.fault("T403", "commodity", _not_known(prefix))
    elif day := first_day_outside(Span(judged.starts, judged.stops), spans):
        sentence = _("The commodity %(code)s is not in force on %(day)s, a day of this row.")
        yield judged.fault("T402", "commodity", sentence % {"code": prefix, "day": day.isoformat()})


def _not_known(code: str) -> str:
    return _("No line %(code)s is in the nomenclature.") % {"code": code}


def _new_line(judged: JudgedRow, lines: Lines) -> Iterator[Violation]:
    """T402, T403: the line above is there for all its days. T411: a declarable line has none below, another has."""
    code, span = judged.values["code"], Span(judged.starts, judged.stops)
    above = line_above(code)
    if above and above not in lines.by_code:
        yield judged.fault("T403", "code", _not_known(above))
    elif above and (day := first_day_outside(span, lines.spans(above))):
        sentence = _("The line %(code)s above is not in force on %(day)s, a day of this row.")
        yield judged.fault("T402", "code", sentence % {"code": above, "day": day.isoformat()})
    yield from _declarable(judged, code, span, lines)


def _declarable(judged: JudgedRow, code: str, span: Span, lines: Lines) -> Iterator[Violation]:
    below = [other for other in lines.below(code) if any(span.meets(held) for held in lines.spans(other))]
    if judged.values["declarable"] and below:
        sentence = _("The line may be declared but has lines below it: %(codes)s.")
        yield judged.fault("T411", "declarable", sentence % {"codes": _some(below)})
    if not judged.values["declarable"] and not below:
        sentence = _("The line may not be declared and has no lines below it.")
        yield judged.fault("T411", "declarable", sentence)
    for upper in lines.above(code):
        if any(line.declarable and line.span.meets(span) for line in lines.by_code[upper]):
            sentence = _("The line %(code)s above may be declared: end it, or make it a heading of lines.")
            yield judged.fault("T411", "code", sentence % {"code": upper})


def _ended_line(judged: JudgedRow, lines: Lines) -> Iterator[Violation]:
    """T402: no line stays in force below one that ends. T411: no line is left above nothing."""
    assert judged.last_day is not None
    code, day = judged.seen.get("code", ""), _first_day_without(judged)
    if lines.in_force(code, day):
        return
    left = [other for other in lines.below(code) if line_above(other) == code and lines.in_force(other, day)]
    if left:
        sentence = _("Lines below it stay in force on %(day)s: %(codes)s.")
        yield judged.fault("T402", "code", sentence % {"day": day.isoformat(), "codes": _some(left)})
    upper = next((other for other in lines.above(code) if lines.in_force(other, day)), None)
    if upper and not any(lines.in_force(other, day) for other in lines.below(upper)):
        sentence = _("The line %(code)s above is left without any line that may be declared.")
        yield judged.fault("T411", "code", sentence % {"code": upper})


def _first_day_without(judged: JudgedRow) -> date:
    assert judged.last_day is not None
    start = judged.target_starts
    return max(judged.last_day + DAY, start) if start else judged.last_day + DAY


def _left_behind(case: Case, ended: Iterable[JudgedRow], lines: Lines) -> Iterator[Violation]:
    """T402: a published measure on exactly a line that ends must end with it."""
    gone = {
        judged.seen.get("code", ""): judged
        for judged in ended
        if not lines.in_force(judged.seen.get("code", ""), _first_day_without(judged))
    }
    last_days = case.last_days("measure")
    rows = Measure.objects.filter(commodity_prefix__in=list(gone))
    for pk, prefix, start, stop in rows.values_list("pk", "commodity_prefix", "valid_from", "valid_to"):
        left = clipped(start, stop, last_days.get(pk))
        day = _first_day_without(gone[prefix])
        if left is not None and (left.stop is None or left.stop >= day):
            sentence = _("A measure on it stays in force on %(day)s: end it with the line.")
            yield gone[prefix].fault("T402", "code", sentence % {"day": max(day, left.start).isoformat()})


def _some(codes: Sequence[str]) -> str:
    more = "" if len(codes) <= _SHOWN else f" … ({len(codes)})"
    return ", ".join(codes[:_SHOWN]) + more
