"""The officer's file of 20 items with its scans, and a scan opened beside it: over the line.

The pages are drawn before, as the worker does when a paper comes in; what is measured is what an officer waits for.
"""

import gzip
import http.client
import io
import os
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client
from django.utils import timezone
from PIL import Image

from accounts.models import Role
from bench import size
from bench.portal import declaration, percentile, ratio, table, trader, wait_for_the_worker
from clearance import services as clearance
from declarations import services as declarations
from declarations.models import Declaration
from declarations.selectors import as_dict
from demo.accounts import TERMINAL
from demo.people import officer_with

ITEMS, PAGES = 20, 12
REQUESTS = size(60, 3)
FILE_MS, FILE_KB, SCAN_MS = 300, 120, 500
DRAWN_IN_SECONDS = 120


def paper() -> bytes:
    """A PDF of many scanned pages: points without a pattern are the heaviest there are."""
    pages = [Image.effect_noise((827, 1169), 60) for _page in range(PAGES)]
    kept = io.BytesIO()
    pages[0].save(kept, "PDF", save_all=True, append_images=pages[1:])
    return kept.getvalue()


def lodged() -> Declaration:
    """A declaration of 20 items with one scan for each of its papers, and its file."""
    user, company = trader()
    at, on = timezone.now(), timezone.localdate()
    draft = declarations.create_draft(declarant=company, by=user, at=at, data=declaration(ITEMS))
    scan = declarations.receive_file(draft, name="invoice.pdf", content=paper(), by=user, at=at)
    keys = [row["key"] for item in as_dict(draft)["items"] for row in item["documents"]]
    declarations.bind_scan(draft, scan, lines=keys, by=user, at=at)
    done = declarations.lodge(draft, on=on, at=at, by=user)
    clearance.take_up(done.pk, at=at)
    wait_for_the_worker()
    until = time.monotonic() + DRAWN_IN_SECONDS
    while declarations.page_picture(scan, 1) is None and time.monotonic() < until:
        time.sleep(0.2)
    return done


def session() -> str:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(officer_with(Role.SUPERVISOR, TERMINAL), backend=settings.AUTHENTICATION_BACKENDS[1])
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def timed(path: str, headers: Mapping[str, str]) -> tuple[list[float], bytes]:
    """Seconds of each request, and the last answer as it came over the line."""
    place = urlsplit(os.environ["BENCH_URL"])
    line = http.client.HTTPConnection(place.hostname or "", place.port)
    times, body = [], b""
    for _each in range(REQUESTS):
        started = time.perf_counter()
        line.request("GET", path, headers=dict(headers))
        answer = line.getresponse()
        body = answer.read()
        times.append(time.perf_counter() - started)
        assert answer.status == 200, (path, answer.status)
    return times, body


def main() -> None:
    found = lodged()
    headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session()}", "Accept-Encoding": "gzip"}
    page, body = timed(f"/queue/{found.public_id}/", headers)
    scan = found.files.get(kind="attachment")
    opened, picture = timed(f"/files/{scan.public_id}/pages/1/", headers)
    plain = len(gzip.decompress(body)) if body[:2] == b"\x1f\x8b" else len(body)
    late, open_late = percentile(page, 0.95) * 1000, percentile(opened, 0.95) * 1000
    rows = [
        (f"file of {ITEMS} items, median", f"{percentile(page, 0.5) * 1000:.0f} ms", "", ""),
        (f"file of {ITEMS} items, p95", f"{late:.0f} ms", f"{FILE_MS} ms", ratio(late, FILE_MS)),
        ("its page, unpacked", f"{plain / 1000:.0f} kB", f"{FILE_KB} kB", ratio(plain / 1000, FILE_KB)),
        ("its page over the line", f"{len(body) / 1000:.0f} kB", "", ""),
        ("opening a scan, p95", f"{open_late:.0f} ms", f"{SCAN_MS} ms", ratio(open_late, SCAN_MS)),
        ("the scan's page", f"{len(picture) / 1000:.0f} kB", "", ""),
    ]
    table("Scans: the officer's file and a scan beside it", rows)


if __name__ == "__main__":
    main()
