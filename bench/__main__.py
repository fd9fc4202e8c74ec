"""Start a portal of its own and run the parts one after another against it.

./portal bench                    every part
./portal bench load items         some of them
"""

import argparse
import json
import os
import subprocess
import sys
import time

from customs_portal.embedded import free_port
from tests.stack import Stack

PARTS = {
    "load": "14 standard declarations a second for a minute; then as many as it takes",
    "mixed": "the API at 14 declarations a second with amendments, queries and reading between",
    "webhooks": "1,000 webhooks to a receiver that never answers, and what others pay for it",
    "items": "one declaration of 999 items; queries of an assessment",
    "grid": "999 items in the browser: bytes, time until one can type, saves, a paste, lodging",
    "goods": "999 rows of a packing list uploaded into a draft",
    "stock": "what a draw on stock adds to lodging",
    "lookup": "assessed items a second under 60,000 measures, with ten years of history behind them and without",
    "floor": "the rows of a declaration by one bulk statement",
    "queue": "the officers' queue and the search over files with 10,000 and with 1,000,000 declarations",
    "scans": "the officer's file of 20 items, and a scan opened beside it",
    "score": "declarations scored a second with 500 criteria, by two processes",
    "replay": "one criterion and 500 criteria over 100,000 declarations, in the worker",
    "history": "the price of the chain of history; 100,000 declarations verified",
    "messages": "10,000 messages to a slow mail server, and lodging beside it",
    "statement": "a bank statement of 100,000 entries booked by the worker",
    "money": "postings a second, beside plain SQL and django-hordak; a balance behind a million postings",
    "pay_many": "fifty declarations paid in one click",
    "again": "a standard declaration from a template, by keyboard alone",
    "search": "hits and speed of the tariff search, on the whole national tariff",
    "travel": "20 travellers' declarations a second sent for half a minute",
    "traveller": "a traveller for the first time on a phone with a bad line, from the start page to the receipt",
    "passports": "how many photographs of passports are read, by how they were taken",
    "receipts": "a traveller's receipt on a phone without a line: from a photo to the answer",
}


def processes(stack: Stack) -> dict[str, int]:
    """Process ids of the portal's parts by name; their children belong to them."""
    assert stack.postgres.process is not None
    assert stack.redis.process is not None
    servers = {"database": stack.postgres.process.pid, "redis": stack.redis.process.pid}
    return {name: process.pid for name, process in stack.processes.items()} | servers


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="portal bench", formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.epilog = "\n".join(f"{name:9} {text}" for name, text in PARTS.items())
    parser.add_argument("part", nargs="*", choices=[*PARTS, []], help="which parts to run (all)")
    chosen = parser.parse_args(arguments).part or list(PARTS)
    print(f"machine: {os.cpu_count()} cores; web, worker, database and load generator share them", flush=True)
    os.environ |= {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(free_port())}  # where the part "messages" listens
    os.environ["WEBHOOK_PRIVATE_HOSTS"] = "127.0.0.1"  # where the part "webhooks" listens
    stack = Stack(sweep_seconds=60)
    failed = []
    try:
        started = time.monotonic()
        stack.begin()
        print(f"portal started in {time.monotonic() - started:.1f} s", flush=True)
        for part in chosen:
            variables = {**stack.variables, "BENCH_URL": stack.url, "LOG_LEVEL": "ERROR"}
            variables["BENCH_PROCESSES"] = json.dumps(processes(stack))
            variables["DATABASE_URL"] = stack.postgres.owner_url  # some parts build tables beside the portal's
            if subprocess.run([sys.executable, "-m", f"bench.{part}"], env=variables).returncode:
                failed.append(part)
                print(stack.tail(), file=sys.stderr)
    finally:
        stack.end()
    if failed:
        print(f"failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
