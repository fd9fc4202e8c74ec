"""999 uploaded rows, from the file to the items of a draft, through the page that a broker uses.

A packing list as XLSX with a title, a heading, totals, names of countries and codes that lost a zero: uploaded, all
proposals accepted, written. What the page weighs is told too.
"""

import time

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bench import size
from bench.portal import declaration, ratio, table, trader
from declarations import services
from declarations.models import Item
from lib.sheets import workbook

ROWS = size(999, 60)
ROUNDS = size(3, 1)
HEADING = ("HS Code", "Description of goods", "Country of origin", "Gross weight, kg", "Net weight, kg", "Amount, USD")


def packing_list() -> bytes:
    rows = [("902300009", f"Black tea, lot {place}", "China", "12.5", "12", "120.50") for place in range(ROWS)]
    return workbook([("INVOICE No. 17",), HEADING, *rows, ("Total", "", "", "", "", str(ROWS * 120.5))])


def uploaded_in(content: bytes) -> tuple[float, float, float, int]:
    """Seconds of the upload with its page, of accepting all, of the write; bytes of the page."""
    user, company = trader()
    draft = services.create_draft(declarant=company, by=user, at=timezone.now(), data=declaration(1))
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user)
    address = reverse("declaration_goods_file", args=[draft.public_id])

    def post(**data: object) -> float:
        started = time.perf_counter()
        answer = client.post(address, data, follow=True)
        assert answer.status_code == 200
        seen.append(len(answer.content))
        return time.perf_counter() - started

    seen: list[int] = []
    sent = post(do="upload", file=SimpleUploadedFile("list.xlsx", content))
    accepted, written = post(do="accept_all"), post(do="write", how="replace")
    assert Item.objects.filter(declaration=draft, commodity_code="0902300009", origin_country="CN").count() == ROWS
    return sent, accepted, written, seen[0]


def main() -> None:
    content = packing_list()
    sent, accepted, written, weight = min(uploaded_in(content) for _ in range(ROUNDS))
    whole = sent + accepted + written
    rows = [
        (f"{ROWS} rows uploaded, and their page", f"{sent:.2f} s", "", ""),
        ("all proposals accepted", f"{accepted:.2f} s", "", ""),
        ("written into the draft, and the page of its items", f"{written:.2f} s", "", ""),
        (f"{ROWS} rows in all", f"{whole:.2f} s", "5 s", ratio(whole, 5)),
        ("the page", f"{weight / 1000:.0f} kB before compression", "", ""),
    ]
    table("Goods: a packing list into a draft", rows)


if __name__ == "__main__":
    main()
