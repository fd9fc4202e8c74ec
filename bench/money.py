"""Postings a second on one hot account and on many, against the same rows as plain SQL and against django-hordak.

And how long the balance of an account takes with a million postings behind it, against one with ten.
"""

import os
import subprocess
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from statistics import fmean, median

from django.db import connection, transaction
from django.utils import timezone

from bench import size
from bench.portal import ratio, reserved, table, trader
from payments import ledger, selectors, services
from payments.models import Account, Entry
from payments.services.accounts import lock_accounts
from tariffs.selectors import territory
from traders.models import Company
from traders.services import confirm_company, register_company

SECONDS, ROUNDS = size(3, 1), size(6, 1)
CONNECTIONS = 4
MANY = size(200, 4)
POSTINGS = size(1_000_000, 2_000)
LEAST = 0.3
HORDAK = Path(__file__).parent / "hordak" / "measure.py"
PREPAID, GUARANTEE = Account.Kind.PREPAID, Account.Kind.GUARANTEE
CENT = Decimal("0.01")


def accounts(count: int) -> list[tuple[Company, Account, Account]]:
    """So many companies with money on the prepaid account, each with its guarantee account."""
    user, at = trader()[0], timezone.now()
    run = 800_000_000 + time.time_ns() // 10**6 % 90_000 * 1000
    found = []
    for number in range(count):
        company = register_company(
            tin=str(run + number), name=f"Bench {number}", tin_pattern=territory().tin_pattern, by=user,
            on=timezone.localdate(), at=at, address="10 Rudaki Avenue", country=territory().code,
        )  # fmt: skip
        confirm_company(company, by=None, at=at)
        company.refresh_from_db()
        services.top_up(company, amount=Decimal(10**9), by=None, at=at, idempotency_key=f"bench:{company.pk}")
        prepaid, guarantee = (services.open_account(company, kind, at=at) for kind in (PREPAID, GUARANTEE))
        found.append((company, prepaid, guarantee))
    return found


def by_verb(company: Company, source: Account, target: Account) -> None:
    """What a trader's page does: accounts found, locked, judged, booked once under its key."""
    services.move(
        company, source=PREPAID, target=GUARANTEE, amount=CENT, by=trader()[0], at=timezone.now(),
        idempotency_key=f"bench:{uuid.uuid4()}",
    )  # fmt: skip


def _occasion() -> ledger.Occasion:
    return ledger.Occasion(key=f"bench:{uuid.uuid4()}", kind=Entry.Kind.MOVE, text="", at=timezone.now())


def by_transfer(company: Company, source: Account, target: Account) -> None:
    """Money from one account to another: locked, judged and booked by one statement."""
    assert ledger.transfer(_occasion(), source=source, target=target, amount=CENT)


def by_ledger(company: Company, source: Account, target: Account) -> None:
    """What most verbs do in the end: lock both accounts, judge, write an entry and its postings."""
    with transaction.atomic():
        assert lock_accounts(source, target)[source.pk].available >= CENT
        ledger.book(_occasion(), ledger.moved(source=source, target=target, amount=CENT))


def by_sql(company: Company, source: Account, target: Account) -> None:
    """The same rows by plain SQL: both accounts locked, one entry, two postings."""
    with transaction.atomic(), connection.cursor() as cursor:
        pair = [source.pk, target.pk]
        cursor.execute("SELECT FROM payments_account WHERE id = ANY (%s) ORDER BY id FOR UPDATE", [pair])
        cursor.execute(
            "INSERT INTO payments_entry (idempotency_key, kind, at, text) VALUES (%s, 'move', now(), '') RETURNING id",
            [f"bench:{uuid.uuid4()}"],
        )
        (entry,) = cursor.fetchone()
        cursor.execute(
            "INSERT INTO payments_posting (entry_id, account_id, debit, credit) "
            "VALUES (%s, %s, 0.01, 0), (%s, %s, 0, 0.01)",
            [entry, source.pk, entry, target.pk],
        )


Book = Callable[[Company, Account, Account], None]


def bookings(book: Book, on: Sequence[tuple[Company, Account, Account]], *, seconds: float) -> float:
    """Postings a second, two for each booking, by some connections at a time, each going round the accounts."""
    until = time.monotonic() + seconds
    counts = [0] * CONNECTIONS

    def run(place: int) -> None:
        while time.monotonic() < until:
            book(*on[(place + counts[place] * CONNECTIONS) % len(on)])
            counts[place] += 1
        connection.close()

    threads = [threading.Thread(target=run, args=[place]) for place in range(CONNECTIONS)]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return 2 * sum(counts) / (time.monotonic() - started)


class Hordak:
    """django-hordak in a process of its own beside the same server; it measures a round when it is asked to."""

    def __init__(self, python: str) -> None:
        names = ("PATH", "DATABASE_URL")
        variables = {**{name: os.environ[name] for name in names}, "CONNECTIONS": str(CONNECTIONS), "MANY": str(MANY)}
        self.process = subprocess.Popen(
            [python, str(HORDAK)], env=variables, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def postings_a_second(self, book: str, accounts: int, *, seconds: float) -> float:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{book} {accounts} {seconds}\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def end(self) -> None:
        self.process.communicate(timeout=60)


OURS: dict[str, Book] = {"plain SQL": by_sql, "ledger": by_ledger, "one statement": by_transfer, "verb": by_verb}
NAMES = {
    "plain SQL": "plain SQL",
    "ledger": "the ledger: locked, judged, booked",
    "one statement": "the ledger: all of it in one statement",
    "verb": "a verb of a page, in one statement",
    "judged": "django-hordak: locked, judged, booked",
    "transfer": "django-hordak: booked, nobody judges",
}
AGAINST = (("ledger", "judged"), ("ledger", "transfer"), ("one statement", "judged"), ("one statement", "transfer"))


def speed() -> None:
    """Each contender takes its turn in each round, so that what else the machine does meets all of them."""
    many = accounts(MANY)
    python = os.environ.get("BENCH_HORDAK", "")
    hordak = Hordak(python) if python else None
    rows = []
    for name, on in (("one hot account", many[:1]), (f"{MANY} accounts", many)):
        rounds = [_round(on, hordak) for _time in range(ROUNDS)]
        rows.append((f"{name}:", "", "", ""))
        for who in rounds[0]:
            measured = fmean(each[who] for each in rounds)
            wanted = f"{LEAST} of SQL" if who in OURS and who != "plain SQL" else ""
            rows.append((f"  {NAMES[who]}", f"{measured:.0f}", wanted, _paired(rounds, who, "plain SQL")))
        for who, other in AGAINST if hordak else ():
            rows.append((f"  {NAMES[who]} / {NAMES[other]}", "", "more than 1", _paired(rounds, who, other)))
    if hordak is None:
        rows.append(("django-hordak", "not installed", "", ""))
    else:
        hordak.end()
    table(f"Money: postings a second, {CONNECTIONS} connections; ratios are medians of {ROUNDS} rounds", rows)


def _round(on: Sequence[tuple[Company, Account, Account]], hordak: Hordak | None) -> dict[str, float]:
    """Postings a second of everybody, one after another."""
    found = {who: bookings(book, on, seconds=SECONDS) for who, book in OURS.items()}
    for who in ("judged", "transfer") if hordak else ():
        assert hordak is not None
        found[who] = hordak.postings_a_second(who, len(on), seconds=SECONDS)
    return found


def _paired(rounds: Sequence[dict[str, float]], who: str, other: str) -> str:
    """The ratio of two contenders within a round, its median: what else the machine does meets both."""
    return f"{median(each[who] / each[other] for each in rounds):.2f}"


def balances() -> None:
    """An account with a million postings against one with ten: what is read, judged and locked is one row."""
    (_one, few, _of_one), (_other, full, _of_other) = accounts(2)
    fill(full)
    rows = []
    for name, account in (("few postings", few), (f"{POSTINGS:,} postings", full)):
        took = min(_seconds(lambda account=account: _read(account)) for _time in range(20))  # type: ignore[misc]
        rows.append((name, took))
    base = rows[0][1]
    shown = [(name, f"{took * 1e6:.0f} µs", "", ratio(took, base)) for name, took in rows]
    table("Money: balance of an account, read and locked", shown)


def _read(account: Account) -> None:
    assert account.company is not None
    with transaction.atomic():
        selectors.balance(account.company)
        lock_accounts(account)


def _seconds(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    for _time in range(50):
        work()
    return (time.perf_counter() - started) / 50


def fill(account: Account) -> None:
    """Make the account a million postings by SQL: ten thousand in an entry, one way and back."""
    in_an_entry = min(10_000, POSTINGS // 2)
    number = POSTINGS // in_an_entry
    base = reserved(Entry._meta.db_table, number)
    tables = ("payments_entry", "payments_posting")
    with transaction.atomic(), connection.cursor() as cursor:
        for name in tables:  # each way and back is the same: no balance changes, and nothing has to be judged
            cursor.execute(f"ALTER TABLE {name} DISABLE TRIGGER USER")
        for entry in range(base + 1, base + number + 1):
            cursor.execute(
                "WITH made AS (INSERT INTO payments_entry (id, idempotency_key, kind, at, text) "
                "VALUES (%s, %s, 'move', now(), 'bench') RETURNING id) "
                "INSERT INTO payments_posting (entry_id, account_id, debit, credit) "
                "SELECT made.id, %s, n %% 2 * 0.01, (n + 1) %% 2 * 0.01 FROM made, generate_series(1, %s) AS n",
                [entry, f"bench:{uuid.uuid4()}", account.pk, in_an_entry],
            )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name in tables:
            cursor.execute(f"ALTER TABLE {name} ENABLE TRIGGER USER")
        cursor.execute("ANALYZE payments_posting")


def main() -> None:
    speed()
    balances()


if __name__ == "__main__":
    main()
