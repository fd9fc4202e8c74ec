"""Geometry of small charts for SVG: nice ticks, scales, lines, columns and bars. Whole numbers, no drawing library.

A chart is drawn 360 units wide, so that on a narrow phone a unit is about a pixel and its letters stay readable; on a
wide page it grows with its frame. Labels are thinned out until none touches its neighbour. Colours are classes of the
stylesheet, which knows the light and the dark page. Nothing here knows what is shown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

WIDTH, HEIGHT = 360, 200
LEFT, RIGHT, TOP, BOTTOM = 44, 8, 12, 24
LETTER = 7  # units that a letter takes at the most, at 12 units of height
LINE_OF_TEXT, BAR, GAP = 16, 12, 10
SHADES = 6  # classes of the stylesheet: chart-0 to chart-5
ZERO = Decimal(0)
Value = Decimal | None


@dataclass(frozen=True)
class Series:
    """A row of values with a name, one for each label; None where there is none."""

    name: str
    values: Sequence[Value]


@dataclass(frozen=True)
class Tick:
    """A mark of an axis: where, and what is written."""

    place: int
    text: str


@dataclass(frozen=True)
class Dot:
    x: int
    y: int
    text: str


@dataclass(frozen=True)
class Line:
    """A series as a path that is interrupted where a value is missing, with a dot for each value."""

    name: str
    shade: int
    path: str
    dots: Sequence[Dot]


@dataclass(frozen=True)
class Box:
    """A column, a part of one, or a bar."""

    x: int
    y: int
    width: int
    height: int
    shade: int
    text: str


@dataclass(frozen=True)
class Bar:
    """A bar with its label above and its value behind the label."""

    box: Box
    label: str
    value: str
    text_y: int


@dataclass(frozen=True)
class Chart:
    """What a template draws. `title` and `description` are read aloud in its place; `legend` is (shade, name)."""

    title: str
    description: str
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    base: int = HEIGHT - BOTTOM
    y_ticks: Sequence[Tick] = ()
    x_ticks: Sequence[Tick] = ()
    lines: Sequence[Line] = ()
    boxes: Sequence[Box] = ()
    bars: Sequence[Bar] = ()
    legend: Sequence[tuple[int, str]] = ()


def nice_ticks(least: Decimal, most: Decimal, *, about: int = 4, finest: Decimal = ZERO) -> list[Decimal]:
    """Ticks at multiples of 1, 2 or 5 times a power of ten, from at or below `least` to at or above `most`.

    Zero is among them. There are two at the least, and not many more than `about`; none are nearer than `finest`, which
    is one for what is counted.
    """
    low, high = min(least, ZERO), max(most, ZERO)
    if low == high:
        return [ZERO, Decimal(1)]
    rough = (high - low) / about
    power = Decimal(10) ** rough.adjusted()
    step = max(finest, next(power * each for each in (1, 2, 5, 10) if power * each >= rough))
    first = int((low / step).to_integral_value(ROUND_FLOOR))
    last = int((high / step).to_integral_value(ROUND_CEILING))
    return [step * place for place in range(first, last + 1)]


def written(value: Decimal) -> str:
    """A tick in as few letters as it needs."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def scaled(value: Decimal, *, low: Decimal, high: Decimal, begins: int, ends: int) -> int:
    """Where the value stands between `begins` (at `low`) and `ends` (at `high`), to the nearest unit."""
    place = begins + (value - low) / (high - low) * (ends - begins)
    return int(place.to_integral_value(ROUND_HALF_UP))


def every_nth(labels: Sequence[str], *, room: int) -> int:
    """Every how many labels one is written, so that each has room for its letters.

    The last one may have been moved towards its neighbour, away from the edge of the drawing.
    """
    if len(labels) < 2:
        return 1
    widest = max(len(label) for label in labels) * LETTER + LETTER
    slot = Decimal(room) / len(labels)
    moved = max(ZERO, (widest - slot) / 2 - RIGHT)
    return max(1, int(((widest + moved) / slot).to_integral_value(ROUND_CEILING)))


def line_chart(title: str, description: str, labels: Sequence[str], series: Sequence[Series]) -> Chart:
    """Lines over the labels, which stand at equal distances."""
    ticks = _ticks_of(value for each in series for value in each.values)
    places = _places(len(labels))
    lines = []
    for shade, each in enumerate(series):
        dots: list[Dot] = []
        path: list[str] = []
        begun = False
        for x, label, value in zip(places, labels, each.values, strict=True):
            if value is None:
                begun = False
                continue
            y = _y(value, ticks)
            path.append(f"{'L' if begun else 'M'}{x} {y}")
            dots.append(Dot(x, y, f"{each.name}, {label}: {written(value)}"))
            begun = True
        lines.append(Line(each.name, shade % SHADES, " ".join(path), dots))
    return Chart(
        title, description, y_ticks=_y_ticks(ticks), x_ticks=_x_ticks(labels, places), lines=lines,
        base=_y(ZERO, ticks), legend=_legend(series),
    )  # fmt: skip


def column_chart(
    title: str, description: str, labels: Sequence[str], series: Sequence[Series], *, finest: Decimal = ZERO
) -> Chart:
    """A column for each label, whose parts are the series; what is below zero hangs from the line of zero."""
    sums = [_stacked([each.values[place] or ZERO for each in series]) for place in range(len(labels))]
    ticks = _ticks_of((value for low, high in sums for value in (low, high)), finest=finest)
    places = _places(len(labels))
    thick = max(2, (WIDTH - LEFT - RIGHT) * 7 // (10 * max(1, len(labels))))
    boxes = []
    for place, (x, label) in enumerate(zip(places, labels, strict=True)):
        above = below = ZERO
        for shade, each in enumerate(series):
            value = each.values[place] or ZERO
            if not value:
                continue
            since = above if value > 0 else below
            until = since + value
            above, below = (until, below) if value > 0 else (above, until)
            edges = sorted((_y(since, ticks), _y(until, ticks)))
            text = f"{each.name}, {label}: {written(value)}"
            boxes.append(Box(x - thick // 2, edges[0], thick, max(1, edges[1] - edges[0]), shade % SHADES, text))
    return Chart(
        title, description, y_ticks=_y_ticks(ticks), x_ticks=_x_ticks(labels, places), boxes=boxes,
        base=_y(ZERO, ticks), legend=_legend(series),
    )  # fmt: skip


def bar_chart(title: str, description: str, rows: Sequence[tuple[str, Decimal, str]]) -> Chart:
    """A bar for each (label, value, value in words); the label stands above its bar and has the whole width."""
    most = max((value for _label, value, _text in rows), default=ZERO)
    bars, y = [], 0
    for label, value, text in rows:
        long = scaled(max(value, ZERO), low=ZERO, high=most, begins=0, ends=WIDTH) if most > 0 else 0
        room = (WIDTH - (len(text) + 2) * LETTER) // LETTER
        short = label if len(label) <= room else label[: room - 1] + "…"
        box = Box(0, y + LINE_OF_TEXT, max(1, long), BAR, 0, f"{label}: {text}")
        bars.append(Bar(box, short, text, y + LINE_OF_TEXT - 4))
        y += LINE_OF_TEXT + BAR + GAP
    return Chart(title, description, height=max(y, BAR), left=0, right=WIDTH, bars=bars)


def _stacked(values: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    below = sum((value for value in values if value < 0), ZERO)
    above = sum((value for value in values if value > 0), ZERO)
    return below, above


def _ticks_of(values: Iterable[Value], *, finest: Decimal = ZERO) -> list[Decimal]:
    known = [value for value in values if value is not None]
    return nice_ticks(min(known, default=ZERO), max(known, default=ZERO), finest=finest)


def _places(count: int) -> list[int]:
    """The middles of as many slots of equal width."""
    room = WIDTH - LEFT - RIGHT
    return [LEFT + room * (2 * place + 1) // (2 * count) for place in range(count)]


def _y(value: Decimal, ticks: Sequence[Decimal]) -> int:
    return scaled(value, low=ticks[0], high=ticks[-1], begins=HEIGHT - BOTTOM, ends=TOP)


def _y_ticks(ticks: Sequence[Decimal]) -> list[Tick]:
    return [Tick(_y(tick, ticks), written(tick)) for tick in ticks]


def _x_ticks(labels: Sequence[str], places: Sequence[int]) -> list[Tick]:
    """Labels, as many as have room, counted from the last one, which is the one people look for."""
    nth = every_nth(labels, room=WIDTH - LEFT - RIGHT)
    shown = list(zip(places, labels, strict=True))[::-1][::nth]
    return [Tick(_within(x, label), label) for x, label in reversed(shown)]


def _within(x: int, label: str) -> int:
    """The middle of a label, moved so that it does not stand out of the drawing."""
    half = len(label) * LETTER // 2
    return max(half, min(x, WIDTH - half))


def _legend(series: Sequence[Series]) -> list[tuple[int, str]]:
    return [(shade % SHADES, each.name) for shade, each in enumerate(series)]
