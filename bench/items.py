"""One declaration of 999 items: from JSON to ASSESSED, the queries of an assessment, its papers in the worker.

A paper is asked for and waited for as its reader does; the file is printed, signed if there is a key, and stored.
"""

import time

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench import size
from bench.portal import declaration, ratio, table, trader, wait_for_the_worker
from declarations import assessment
from declarations import services as declarations
from declarations.services import papers

MOST = size(999, 60)
ROUNDS = size(3, 1)


def lodged_in(items: int) -> float:
    """Seconds from canonical JSON to a committed, assessed declaration."""
    user, company = trader()
    data = declaration(items)
    at = timezone.now()
    started = time.perf_counter()
    declarations.lodge_at_once(declarant=company, data=data, on=timezone.localdate(at), at=at, by=user)
    return time.perf_counter() - started


def queries(items: int) -> int:
    """Queries of the live preview of a draft's duty."""
    user, company = trader()
    at = timezone.now()
    draft = declarations.create_draft(declarant=company, by=user, at=at, data=declaration(items))
    with CaptureQueriesContext(connection) as caught:
        assessment.preview(draft, on=timezone.localdate(at))
    return len(caught)


def printed_in(items: int, kind: str) -> float:
    """Seconds from asking for a paper in Russian until the worker has printed it."""
    user, company = trader()
    at = timezone.now()
    made = declarations.lodge_at_once(
        declarant=company, data=declaration(items), on=timezone.localdate(at), at=at, by=user
    )
    wait_for_the_worker()
    made.declaration.refresh_from_db()
    started = time.perf_counter()
    asked = papers.ask(made.declaration, kind, language="ru", at=timezone.now())
    while not asked.file and time.perf_counter() < started + 120:
        time.sleep(0.05)
        asked.refresh_from_db(fields=["file"])
    assert asked.file, "no worker has printed it"
    return time.perf_counter() - started


def main() -> None:
    lodged_in(5)
    standard, most = min(lodged_in(5) for _ in range(10)), min(lodged_in(MOST) for _ in range(ROUNDS))
    few, many = queries(5), queries(MOST)
    usual, sad, notice = printed_in(5, "sad"), printed_in(MOST, "sad"), printed_in(MOST, "notice")
    rows = [
        ("5 items, best of 10", f"{standard * 1000:.1f} ms", "", ""),
        (f"{MOST} items, best of {ROUNDS}", f"{most:.2f} s", "5 s", ratio(most, 5)),
        (
            "an item of 999 against an item of 5",
            f"{most / MOST * 1000:.2f} ms",
            f"{standard / 5 * 1000:.2f} ms",
            ratio(most / MOST, standard / 5),
        ),
        ("queries of an assessment, 999 against 5 items", f"{many}", f"{few}", ratio(many, few)),
        ("SAD of 5 items from the worker", f"{usual:.2f} s", "2 s", ratio(usual, 2)),
        (f"SAD of {MOST} items from the worker", f"{sad:.1f} s", "20 s", ratio(sad, 20)),
        (f"notice of {MOST} items from the worker", f"{notice:.1f} s", "", ""),
    ]
    table("Items: lodge in one transaction", rows)


if __name__ == "__main__":
    main()
