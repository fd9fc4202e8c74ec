"""One declaration of 999 items from JSON to ASSESSED, and the queries an assessment takes for 1 and for 999 items."""

import time

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench import size
from bench.portal import declaration, ratio, table, trader
from declarations import assessment
from declarations import services as declarations

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


def main() -> None:
    lodged_in(5)
    standard, most = min(lodged_in(5) for _ in range(10)), min(lodged_in(MOST) for _ in range(ROUNDS))
    few, many = queries(5), queries(MOST)
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
    ]
    table("Items: lodge in one transaction", rows)


if __name__ == "__main__":
    main()
