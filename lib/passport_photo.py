"""The machine-readable zone read from a photo of a passport or card, by the program tesseract; the photo is not kept.

Without the program, or with a photo in which nothing can be read, the lines are typed by hand: `Unread` says why.
"""

import io
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from PIL import Image, ImageChops, ImageFilter, ImageOps

from lib.pictures import opened
from lib.travel_documents import UnreadableZone, Zone, check_digit, read_zone

SECONDS, SECONDS_FOR_ALL = 4, 10
WIDTH, LARGEST, SMALL = 1400, 2000, 400
MOST_ASKEW = 24
_SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<"
_OPTIONS = (
    *("-l", "eng", "--psm", "6", "--oem", "1"),
    *("-c", f"tessedit_char_whitelist={_SIGNS}", "-c", "load_system_dawg=0", "-c", "load_freq_dawg=0"),
)
_AS_DIGIT = str.maketrans("OQDIJLZSBGT", "00011125867")
_AS_LETTER = str.maketrans("0158264", "OISBZGA")
_SHORTEST = 15
_turn = threading.Semaphore(1)


class Unread(Exception):
    """No zone was read. `why`: "missing" the program is not there, "late" it took too long, "nothing" found."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


def is_there() -> bool:
    """Whether photos can be read here."""
    return shutil.which("tesseract") is not None


def read_photo(content: bytes, *, on: date) -> Zone:
    """The zone in a photo. Raises Rejected for what is no picture (see `lib.pictures.opened`), Unread otherwise.

    One photo at a time in each process: whoever comes meanwhile is told that it is late.
    """
    program = shutil.which("tesseract")
    if program is None:
        raise Unread("missing")
    if not _turn.acquire(timeout=SECONDS):
        raise Unread("late")
    try:
        return _read(content, program, on=on)
    finally:
        _turn.release()


def _read(content: bytes, program: str, *, on: date) -> Zone:
    """Look by look, the likeliest first, until one has a zone or the time for all is over."""
    until = time.monotonic() + SECONDS_FOR_ALL
    with opened(content) as picture:
        looks = looks_at(picture)
        for look in looks:
            left = until - time.monotonic()
            if left <= 0:
                break
            zone = zone_in(_text_of(_sent(look), program, seconds=min(SECONDS, left)), on=on)
            if zone is not None:
                return zone
    raise Unread("nothing")


def _sent(look: Image.Image) -> bytes:
    kept = io.BytesIO()
    look.save(kept, "PPM")
    return kept.getvalue()


def _text_of(picture: bytes, program: str, *, seconds: float) -> str:
    command = [program, "stdin", "stdout", *_OPTIONS]
    try:
        done = subprocess.run(  # noqa: S603 - a program of the PATH, and what is sent goes in as its input
            command, input=picture, capture_output=True, timeout=seconds, env={"OMP_THREAD_LIMIT": "1"}
        )
    except subprocess.TimeoutExpired:
        raise Unread("late") from None
    return done.stdout.decode("utf-8", "replace")


# Looks at a photo ---------------------------------------------------------------------------------------------


def looks_at(picture: Image.Image) -> Iterator[Image.Image]:
    """The picture in grey with its lines level: lower part and whole, then upside down, then from both sides.

    Lines of print are level where dark and light rows differ most; the angle at which they do is that of the photo.
    """
    grey = _even(ImageOps.grayscale(picture))
    small = ImageOps.invert(grey)
    small.thumbnail((SMALL, SMALL))
    lying = [(angle, turn) for turn in (0, 90) for angle in [_askew(small.rotate(turn, expand=True))]]
    best = sorted(lying, key=lambda each: -each[0][1])
    for (angle, _contrast), turn in best:
        for half in (0, 180):
            level = grey.rotate(turn + half + angle, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
            yield from _parts(level)


def _even(grey: Image.Image) -> Image.Image:
    """The print alone on a white page: what is a shadow, a colour of the page or the table is taken off."""
    grey.thumbnail((LARGEST, LARGEST))
    around = grey.filter(ImageFilter.BoxBlur(max(grey.size) / 60))
    print_alone = ImageChops.invert(ImageChops.subtract(around, grey))
    return ImageOps.autocontrast(print_alone, cutoff=(0.2, 0))


def _askew(small: Image.Image) -> tuple[float, float]:
    """The angle that makes the lines of print level, and how much rows differ then: first by degrees, then finer."""
    best = max(((angle, _contrast_of(small, angle)) for angle in range(-MOST_ASKEW, MOST_ASKEW + 1, 2)), key=_second)
    finer = ((best[0] + part / 4, _contrast_of(small, best[0] + part / 4)) for part in range(-7, 8))
    return max(finer, key=_second)


def _second(each: tuple[float, float]) -> float:
    return each[1]


def _contrast_of(small: Image.Image, angle: float) -> int:
    """How much the sums of rows next to each other differ, once the picture is turned."""
    turned = small.rotate(angle, Image.Resampling.BILINEAR)
    rows: bytes = turned.resize((1, small.height), Image.Resampling.BOX).tobytes()
    return sum((one - other) ** 2 for one, other in pairwise(rows))


def _parts(level: Image.Image) -> Iterator[Image.Image]:
    """Where the zone may be: the lower part, the whole; as wide as makes its signs easy to read."""
    for top in (0.55, 0.0):
        part = level.crop((0, int(level.height * top), level.width, level.height))
        yield part.resize((WIDTH, max(1, round(part.height * WIDTH / part.width))), Image.Resampling.LANCZOS)


# What was read ------------------------------------------------------------------------------------------------


def zone_in(text: str, *, on: date) -> Zone | None:
    """The zone among the lines of a text as it was read, with signs that look alike put right by the check digits.

    Fillers are lost or too many, so places are not counted from the ends of lines: wherever number, day of birth and
    last day stand with their three digits, there it is. What follows them is not needed and not trusted.
    """
    lines = [re.sub(rf"[^{_SIGNS}]", "", line.upper()) for line in text.splitlines()]
    lines = [line for line in lines if len(line) > _SHORTEST]
    for place in range(1, len(lines)):
        found = _passport(lines[place - 1], lines[place]) or _card(*lines[place - 1 : place + 2])
        if found:
            try:
                return read_zone(found, on=on)
            except UnreadableZone:
                continue
    return None


def _passport(first: str, second: str) -> str:
    """The two lines of a passport; empty where they are not here."""
    for start in range(len(second) - 27):
        part = second[start : start + 28]
        number = _number(part[:9], part[9])
        born, ends = part[13:20].translate(_AS_DIGIT), part[21:28].translate(_AS_DIGIT)
        if number and _is_day(born) and _is_day(ends):
            head = f"{number}{part[10:13].translate(_AS_LETTER)}{born}{part[20]}{ends}".ljust(43, "<")
            last = check_digit(head[:10] + head[13:20] + head[21:43])
            return f"{_head(first)}{_names(first[5:], 39)}\n{head}{last}"
    return ""


def _card(first: str, second: str, third: str = "") -> str:
    """The three lines of a card; empty where they are not here."""
    number = _number(first[5:14], first[14]) if first[:1] in ("I", "A", "C", "L", "1") and third else ""
    for start in range(len(second) - 17):
        part = second[start : start + 18]
        born, ends = part[:7].translate(_AS_DIGIT), part[8:15].translate(_AS_DIGIT)
        if number and _is_day(born) and _is_day(ends):
            top = f"{_head(first)}{number}".ljust(30, "<")
            middle = f"{born}{part[7]}{ends}{part[15:18].translate(_AS_LETTER)}".ljust(29, "<")
            last = check_digit(top[5:30] + middle[:7] + middle[8:15] + middle[18:29])
            return f"{top}\n{middle}{last}\n{_names(third, 30)}"
    return ""


def _is_day(text: str) -> bool:
    return text.isdigit() and check_digit(text[:6]) == text[6]


def _number(number: str, digit: str) -> str:
    """The number with its check digit: as it was read, or with letters before digits; empty where it is none."""
    digit = digit.translate(_AS_DIGIT)
    heads = [number[:cut].translate(_AS_LETTER) + number[cut:].translate(_AS_DIGIT) for cut in range(4)]
    fitting = [each for each in (number, *heads) if check_digit(each) == digit and any(map(str.isdigit, each))]
    return f"{fitting[0]}{digit}" if fitting else ""


def _head(line: str) -> str:
    """Kind of document and country, the second sign of the kind a filler where it is often misread."""
    kind = "I" if line[:1] in ("L", "1") else line[:1]
    return f"{kind}<{line[2:5].translate(_AS_LETTER)}".ljust(5, "<")


def _names(line: str, width: int) -> str:
    """The names. Fillers are often read as K, C, S, E or L: behind the names such a sign is one."""
    family, separator, given = line.partition("<<")
    given = re.sub(r"<[KCSELXG<]{3,}$|<<.*$", "", given)
    given = re.sub(r"(?<=<)[KCSEL](?=<|$)", "", given).rstrip("<")
    return f"{family}{separator}{given}"[:width].ljust(width, "<")
