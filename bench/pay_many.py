"""Fifty declarations paid in one click, over HTTP: seconds of the click, and queries for each of them."""

import json
import time
import urllib.request
from decimal import Decimal

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench import size
from bench.portal import URL, declaration, ratio, table, token, trader, wait_for_the_worker
from declarations import services as declarations
from declarations.models import Declaration
from payments import selectors, services
from payments.models import Account

MANY = size(50, 3)
ROUNDS = size(3, 1)
SECONDS = 2.0


def assessed(count: int) -> list[Declaration]:
    user, company = trader()
    at = timezone.now()
    on = timezone.localdate(at)
    lodged = [
        declarations.lodge_at_once(declarant=company, data=declaration(1), on=on, at=at, by=user)
        for _each in range(count)
    ]
    return [each.declaration for each in lodged]


def clicked(found: list[Declaration], account: Account, key: str) -> float:
    """Seconds until the answer to a click that pays them all."""
    body = json.dumps({"declarations": [each.mrn for each in found], "account": account.pk}).encode()
    head = {"Content-Type": "application/json", "Authorization": f"Bearer {token()}", "Idempotency-Key": key}
    request = urllib.request.Request(f"{URL}/api/v1/payments/many/", data=body, headers=head)
    started = time.perf_counter()
    with urllib.request.urlopen(request, timeout=60) as answer:
        rows = json.loads(answer.read())
    seconds = time.perf_counter() - started
    assert [row["violations"] for row in rows] == [[]] * len(found), rows
    return seconds


def main() -> None:
    user, company = trader()
    key = f"bench-{time.time_ns()}"
    services.top_up(company, amount=Decimal(10**9), by=None, at=timezone.now(), idempotency_key=key)
    account = selectors.account_of(company, Account.Kind.PREPAID)
    assert account is not None, "It was just topped up."
    times = []
    for round_ in range(ROUNDS):
        found = assessed(MANY)
        wait_for_the_worker()
        times.append(clicked(found, account, f"{key}-{round_}"))
        wait_for_the_worker()
    again = clicked(found, account, f"{key}-{ROUNDS - 1}")
    one = assessed(1)
    with CaptureQueriesContext(connection) as caught:
        services.pay_many(one, account=account, by=user, at=timezone.now(), idempotency_key=f"{key}-queries")
    best = min(times)
    rows = [
        (f"{MANY} declarations in one click (best of {ROUNDS})", f"{best:.2f} s", f"{SECONDS} s", ratio(best, SECONDS)),
        ("the same click again", f"{again:.2f} s", "", ""),
        ("queries for each", f"{len(caught)}", "", ""),
    ]
    table("Paying many at once", rows)


if __name__ == "__main__":
    main()
