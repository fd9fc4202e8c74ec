"""Postings a second of django-hordak on PostgreSQL: run by `bench.money` with a Python that has it.

A database of its own on the same server, made and dropped here; the same connections and accounts as ours. Each line
of the input, "BOOK ACCOUNTS SECONDS", asks for a round; the answer is postings a second.
"""

import os
import sys
import threading
import time
from urllib.parse import parse_qs, unquote, urlsplit

import django
from django.conf import settings
from django.core.management import call_command

NAME = f"hordak_{os.getpid()}"
URL = urlsplit(os.environ["DATABASE_URL"])
HOST = parse_qs(URL.query).get("host", [URL.hostname or ""])[0]
CONNECTIONS, MANY = (int(os.environ[name]) for name in ("CONNECTIONS", "MANY"))


def database(name: str) -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.postgresql", "NAME": name, "USER": unquote(URL.username or "postgres"),
        "PASSWORD": unquote(URL.password or ""), "HOST": unquote(HOST), "PORT": str(URL.port or ""),
        "CONN_MAX_AGE": None,
    }  # fmt: skip


settings.configure(
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "mptt", "djmoney", "hordak"],
    DATABASES={"default": database(NAME), "server": database("postgres")},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    SECRET_KEY="of-the-bench",
    USE_TZ=True,
    DEFAULT_CURRENCY="TJS",
    CURRENCIES=["TJS"],
)
django.setup()

from django.db import connection, connections, transaction  # noqa: E402
from hordak.models import Account  # noqa: E402
from moneyed import Money  # noqa: E402


def on_the_server(statement: str) -> None:
    with connections["server"].cursor() as cursor:
        cursor.execute(statement)


def transfer(source: Account, target: Account) -> None:
    """The booking alone: nothing keeps the account from going below zero."""
    with transaction.atomic():
        source.transfer_to(target, Money("0.01", "TJS"))


def judged(source: Account, target: Account) -> None:
    """As an account that has to stay within its limit needs it: locked, its balance read, then booked."""
    with transaction.atomic():
        locked = Account.objects.select_for_update().get(pk=source.pk)
        locked.get_balance()
        locked.transfer_to(target, Money("0.01", "TJS"))


BOOKS = {"transfer": transfer, "judged": judged}


def postings_a_second(name: str, pairs: list[tuple[Account, Account]], *, seconds: float) -> float:
    book = BOOKS[name]
    until = time.monotonic() + seconds
    counts = [0] * CONNECTIONS

    def run(place: int) -> None:
        while time.monotonic() < until:
            source, target = pairs[(place + counts[place] * CONNECTIONS) % len(pairs)]
            book(source, target)
            counts[place] += 1
        connection.close()

    threads = [threading.Thread(target=run, args=[place]) for place in range(CONNECTIONS)]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return 2 * sum(counts) / (time.monotonic() - started)


def main() -> None:
    on_the_server(f"CREATE DATABASE {NAME}")
    try:
        call_command("migrate", verbosity=0, database="default")
        kind = Account.TYPES.liability if hasattr(Account, "TYPES") else "LI"
        pairs = [
            (
                Account.objects.create(name=f"Prepaid {number}", type=kind, currencies=["TJS"]),
                Account.objects.create(name=f"Guarantee {number}", type=kind, currencies=["TJS"]),
            )
            for number in range(MANY)
        ]
        for line in sys.stdin:
            name, accounts, seconds = line.split()
            print(postings_a_second(name, pairs[: int(accounts)], seconds=float(seconds)), flush=True)
    finally:
        connection.close()
        on_the_server(f"DROP DATABASE {NAME} WITH (FORCE)")


if __name__ == "__main__":
    main()
