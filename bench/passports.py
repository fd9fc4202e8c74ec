"""How many photographs of a passport's page are read, by how they were taken; and how long a look takes.

The pages are drawn (OCR-B, a portrait, lines of print), turned, seen from the side, with a shadow, unsharp, grainy, a
part of the picture. Each way of taking has samples of its own, made from fixed numbers of chance.
"""

import io
import random
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from bench import size
from bench.portal import percentile, table
from lib.passport_photo import Unread, read_photo
from lib.travel_documents import check_digit

FONTS = Path("/usr/share/fonts")
OCR_B, PLAIN = FONTS / "opentype/ocr-b/OCRB.otf", FONTS / "truetype/dejavu/DejaVuSans.ttf"
ON = date(2026, 11, 23)
EACH = size(20, 2)
WIDTH, HEIGHT = 1800, 1260
Take = Callable[[Image.Image, random.Random], Image.Image]


def lines_of(chance: random.Random) -> tuple[str, str]:
    number = "4" + "".join(chance.choice("0123456789") for _ in range(8))
    born = f"{chance.randrange(50, 99):02d}{chance.randrange(1, 13):02d}{chance.randrange(1, 29):02d}"
    ends = f"300101{check_digit('300101')}"
    second = f"{number}{check_digit(number)}TJK{born}{check_digit(born)}M{ends}".ljust(42, "<") + "0"
    whole = second[:10] + second[13:20] + second[21:43]
    name = "".join(chance.choice("ABDEHIKLMNORSTUZ") for _ in range(chance.randrange(4, 11)))
    return f"P<TJK{name}<<{name[::-1]}".ljust(44, "<"), second + check_digit(whole)


def page_of(first: str, second: str, chance: random.Random) -> Image.Image:
    page = Image.new("RGB", (WIDTH, HEIGHT), (214, 208, 196))
    drawn = ImageDraw.Draw(page)
    drawn.rectangle((100, 180, 560, 760), fill=(120, 100, 90))
    small = ImageFont.truetype(str(PLAIN), 34)
    for row in range(7):
        words = " ".join("".join(chance.choice("абвгдеикл") for _ in range(6)) for _ in range(4))
        drawn.text((640, 190 + row * 84), words, font=small, fill=(60, 60, 60))
    font = ImageFont.truetype(str(OCR_B), 54)
    drawn.text((70, HEIGHT - 188), first, font=font, fill=(30, 30, 30))
    drawn.text((70, HEIGHT - 104), second, font=font, fill=(30, 30, 30))
    return page


def turned(least: float, most: float) -> Take:
    def take(page: Image.Image, chance: random.Random) -> Image.Image:
        angle = chance.uniform(least, most) * chance.choice((-1, 1))
        return page.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=(70, 62, 50))

    return take


def from_the_side(page: Image.Image, chance: random.Random) -> Image.Image:
    near, far = chance.uniform(0.02, 0.06), chance.uniform(0.0, 0.03)
    corners = (-near * WIDTH, 0, 0, HEIGHT, WIDTH, HEIGHT, (1 + far) * WIDTH, 0)
    seen = page.transform(page.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC)
    return turned(1, 5)(seen, chance)


def with_a_shadow(page: Image.Image, chance: random.Random) -> Image.Image:
    shade = Image.linear_gradient("L").rotate(chance.choice((0, 90, 180, 270))).resize(page.size)
    dark = Image.new("RGB", page.size, (20, 18, 16))
    return turned(1, 5)(Image.composite(page, dark, shade.point(lambda light: 70 + light * 185 // 255)), chance)


def a_part_of_the_picture(page: Image.Image, chance: random.Random) -> Image.Image:
    table_top = Image.new("RGB", (int(WIDTH * 1.5), int(HEIGHT * 1.7)), (96, 70, 48))
    table_top.paste(page, (chance.randrange(100, 700), chance.randrange(100, 700)))
    return turned(1, 8)(table_top, chance)


TAKES: dict[str, Take] = {
    "straight (up to 2 degrees)": turned(0, 2),
    "askew (3 to 10 degrees)": turned(3, 10),
    "very askew (10 to 20 degrees)": turned(10, 20),
    "upside down": lambda page, chance: turned(0, 5)(page.rotate(180), chance),
    "from a side (90 or 270 degrees)": lambda page, chance: turned(0, 5)(
        page.rotate(chance.choice((90, 270)), expand=True), chance
    ),
    "seen from below": from_the_side,
    "with a shadow": with_a_shadow,
    "a part of the picture": a_part_of_the_picture,
}


def taken(take: Take, chance: random.Random) -> tuple[bytes, str]:
    """A photo as a phone sends it, and the number that stands in it."""
    first, second = lines_of(chance)
    seen = take(page_of(first, second, chance), chance).filter(ImageFilter.GaussianBlur(chance.uniform(0.5, 1.3)))
    grain = Image.effect_noise(seen.size, 22).convert("RGB")
    seen = Image.blend(seen, grain, 0.08)
    seen.thumbnail((1600, 1600))  # as the page of the form makes it before it is sent
    kept = io.BytesIO()
    seen.save(kept, "JPEG", quality=75)
    return kept.getvalue(), second[:9]


def main() -> None:
    rows = []
    for name, take in TAKES.items():
        chance, right, wrong, times = random.Random(name), 0, 0, []
        for _number in range(EACH):
            photo, number = taken(take, chance)
            began = time.monotonic()
            try:
                found = read_photo(photo, on=ON).number
                right, wrong = right + (found == number), wrong + (found != number)
            except Unread:
                pass
            times.append(time.monotonic() - began)
        rows.append((name, f"{right} of {EACH}", "", ""))
        rows.append(
            (
                "  read wrongly; median and longest",
                f"{wrong}; {percentile(times, 0.5):.1f} s, {max(times):.1f} s",
                "",
                "",
            )
        )
    table("Photographs of passports that are read", rows)


if __name__ == "__main__":
    main()
