"""Scans of the demonstration: papers drawn from what the declaration says, turned a little, grey and noisy.

They say what the declaration says: names, numbers, weights and sums; so an officer can compare them line by line.
"""

import io
import random
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from math import cos, sin
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from accounts.models import User
from declarations import services
from declarations.models import Declaration
from declarations.selectors import as_dict

SIZE = (827, 1169)  # A4 at 100 points an inch
PAPER, INK, PALE = 250, 40, 150
INVOICE, PACKING, WAYBILL, PERMIT = "380", "271", "730", "MVD"
TITLES = {
    INVOICE: "COMMERCIAL INVOICE",
    PACKING: "PACKING LIST",
    WAYBILL: "CMR  INTERNATIONAL CONSIGNMENT NOTE",
    "315": "CONTRACT OF SALE",
    "ST1": "CERTIFICATE OF ORIGIN  FORM ST-1",
    "851": "PHYTOSANITARY CERTIFICATE",
    "853": "VETERINARY CERTIFICATE",
    "911": "IMPORT LICENCE",
    "MEDR": "STATE REGISTRATION OF A MEDICINE",
}
Table = Sequence[Sequence[str]]


@cache
def _font(size: int) -> Any:
    return ImageFont.load_default(size)


def with_packing_list(data: Mapping[str, Any]) -> dict[str, Any]:
    """The declaration with a packing list among the papers of its first item."""
    first, *rest = data["items"]
    invoice = next(paper for paper in first["documents"] if paper["code"] == INVOICE)
    packing = {**invoice, "code": PACKING, "reference": invoice["reference"].replace("INV", "PL")}
    return {**data, "items": [{**first, "documents": [*first["documents"], packing]}, *rest]}


def with_permit(data: Mapping[str, Any]) -> dict[str, Any]:
    """The declaration with a permit whose scan the law asks for; it has none yet, and lodging says so."""
    first, *rest = data["items"]
    permit = {"code": PERMIT, "reference": "12/7-26", "date": first["documents"][0]["date"]}
    return {**data, "items": [{**first, "documents": [*first["documents"], permit]}, *rest]}


def leave(draft: Declaration, *, by: User, at: datetime, chance: random.Random) -> None:
    """Two scans came in by phone and are not with their papers yet."""
    data = as_dict(draft)
    for number, paper in enumerate(data["items"][0]["documents"][:2], 1):
        page = scanned(drawn(data, paper), chance)
        content = _saved(page, "JPEG", quality=60)
        services.receive_file(draft, name=f"photo-{number}.jpg", content=content, by=by, at=at)


def attach(draft: Declaration, *, by: User, at: datetime, chance: random.Random, as_pdf: bool) -> None:
    """Each paper of the draft gets its scan, the invoice as a PDF of two pages if `as_pdf`."""
    data = as_dict(draft)
    for paper in [each for item in data["items"] for each in item["documents"]]:
        page = scanned(drawn(data, paper), chance)
        number = paper["reference"].replace("/", "-").replace(" ", "-")
        if as_pdf and paper["code"] == INVOICE:
            terms = scanned(drawn(data, {**paper, "code": "315"}), chance)
            name, content = f"invoice-{number}.pdf", _saved(page, "PDF", save_all=True, append_images=[terms])
        else:
            name, content = f"scan-{paper['code']}-{number}.jpg", _saved(page, "JPEG", quality=60)
        code = paper["code"]
        scan = services.receive_file(draft, name=name, content=content, by=by, at=at, document_code=code)
        services.bind_scan(draft, scan, lines=[paper["key"]], by=by, at=at)


def letter(data: Mapping[str, Any], chance: random.Random) -> tuple[str, bytes]:
    """A paper that comes with an answer: the price list that customs asked for."""
    page = drawn(data, {"code": "", "reference": f"PL {chance.randint(100, 999)}", "date": ""})
    return "price-list.jpg", _saved(scanned(page, chance), "JPEG", quality=60)


def _saved(page: Image.Image, kind: str, **more: Any) -> bytes:
    kept = io.BytesIO()
    page.save(kept, kind, **more)
    return kept.getvalue()


def scanned(page: Image.Image, chance: random.Random) -> Image.Image:
    """As it lay in the scanner: turned by less than a degree, with specks and an uneven light."""
    turned = page.rotate(chance.uniform(-0.9, 0.9), Image.Resampling.BILINEAR, fillcolor=205)
    noise = Image.effect_noise((SIZE[0] // 3, SIZE[1] // 3), 18).resize(SIZE)
    return Image.blend(turned, noise, 0.06)


# The paper ----------------------------------------------------------------------------------------------------
def drawn(data: Mapping[str, Any], paper: Mapping[str, Any]) -> Image.Image:
    """A paper about the goods of `data`: heading, both parties, a table, a sum, and who signed."""
    page = Image.new("L", SIZE, PAPER)
    pen = ImageDraw.Draw(page)
    code = str(paper["code"])
    data = {name: _plain(value) for name, value in data.items()}
    pen.text((60, 60), TITLES.get(code, "PRICE LIST OF THE MANUFACTURER"), font=_font(26), fill=INK)
    pen.line((60, 98, 767, 98), fill=INK, width=2)
    pen.text((60, 108), f"No {paper['reference']}    Date {paper.get('date', '')}", font=_font(17), fill=INK)
    _block(pen, (60, 160), "Exporter / seller", str(data.get("exporter_name", "")))
    _block(pen, (430, 160), "Consignee / buyer", str(data.get("consignee_name", "")))
    _block(pen, (60, 300), "Carriage", _carriage(data))
    _block(pen, (430, 300), "Terms", f"{data.get('delivery_terms_code', '')} {data.get('delivery_terms_place', '')}")
    end = _table(pen, 420, _rows(data, code))
    pen.text((60, end + 24), _sum(data, code), font=_font(19), fill=INK)
    _signed(pen, end + 110)
    return page


def _plain(value: Any) -> Any:
    """A text in the letters that the font has: Doğuş is Dogus, as a typewriter abroad writes it."""
    if not isinstance(value, str):
        return value
    folded = unicodedata.normalize("NFKD", value.replace("ı", "i")).encode("ascii", "ignore")
    return folded.decode()


def _block(pen: ImageDraw.ImageDraw, place: tuple[int, int], title: str, text: str) -> None:
    x, y = place
    pen.rectangle((x, y, x + 337, y + 120), outline=PALE)
    pen.text((x + 8, y + 6), title, font=_font(12), fill=90)
    lines = [line[:42] for part in text.split("\n") for line in _broken(part, 38)][:5]
    for number, line in enumerate(lines):
        pen.text((x + 8, y + 24 + number * 18), line, font=_font(15), fill=INK)


def _broken(text: str, width: int) -> list[str]:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) + 1 > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _carriage(data: Mapping[str, Any]) -> str:
    return f"Truck {data.get('border_identity', '')}\nfrom {data.get('export_country', '')} to Dushanbe, TJ"


def _rows(data: Mapping[str, Any], code: str) -> Table:
    """The goods as this kind of paper lists them."""
    weights = code in (PACKING, WAYBILL)
    head = (
        ("Goods", "Code", "Packages", "Net kg", "Gross kg")
        if weights
        else ("Goods", "Code", "Origin", "Net kg", "Price")
    )
    rows = [
        (
            str(item.get("commercial_description", ""))[:38],
            str(item.get("commodity_code", "")),
            f"{item.get('packages_number', '')} {item.get('packages_kind', '')}"
            if weights
            else str(item.get("origin_country", "")),
            str(item.get("net_mass", "")),
            str(item.get("gross_mass" if weights else "item_price", "")),
        )
        for item in data["items"]
    ]
    return [head, *rows]


def _table(pen: ImageDraw.ImageDraw, top: int, rows: Table) -> int:
    places = (60, 350, 470, 570, 670)
    for number, row in enumerate(rows):
        y = top + number * 30
        for x, cell in zip(places, row, strict=True):
            pen.text((x + 4, y + 6), cell, font=_font(14), fill=INK)
        pen.line((60, y + 30, 767, y + 30), fill=INK if number == 0 else PALE)
    return top + len(rows) * 30


def _sum(data: Mapping[str, Any], code: str) -> str:
    if code in (PACKING, WAYBILL):
        return f"Total packages: {data.get('total_packages', '')}"
    return f"Total: {data.get('invoice_amount', '')} {data.get('invoice_currency', '')}"


def _signed(pen: ImageDraw.ImageDraw, top: int) -> None:
    """A stamp and a signature."""
    pen.ellipse((540, top, 700, top + 160), outline=110, width=3)
    pen.ellipse((560, top + 20, 680, top + 140), outline=130, width=1)
    pen.text((590, top + 68), "STAMP", font=_font(18), fill=110)
    curve = [(90 + step * 2 + 16 * sin(step / 3), top + 62 + 20 * cos(step / 3.7) - step / 6) for step in range(90)]
    pen.line(curve, fill=70, width=2, joint="curve")
    pen.text((60, top + 100), "Signature", font=_font(12), fill=90)
