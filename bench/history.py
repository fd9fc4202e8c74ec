"""The chain of history: what it adds to the price of a lodged declaration, and how long 100,000 take to be read.

The declarations are copies of one with its whole life, written by SQL; the triggers chain their rows as any other.
"""

import resource
import time
from collections.abc import Callable
from functools import cache

from django.db import connection, transaction
from django.utils import timezone

from bench import size
from bench.floor import DECLARATION, columns
from bench.portal import declaration, far_number, percentile, ratio, reserved, table, trader, wait_for_the_worker
from clearance import services as clearance
from declarations import services as declarations
from declarations.models import Declaration
from declarations.selectors import chain
from declarations.services import history_checks

COUNT = size(100_000, 200)
ROUNDS = size(200, 5)
STEPS = ("claim", "query", "answer", "release_note")


def lodged() -> tuple[Declaration, float]:
    """A declaration with its life's rows of history, and the median seconds of lodging."""
    user, company = trader()
    taken = []
    for _each in range(size(30, 2)):
        at, data = timezone.now(), declaration()
        started = time.perf_counter()
        made = declarations.lodge_at_once(
            declarant=company, data=data, on=timezone.localdate(at), at=at, by=user
        ).declaration
        taken.append(time.perf_counter() - started)
    clearance.take_up(made.pk, at=timezone.now())
    wait_for_the_worker()
    made.refresh_from_db()
    for verb in STEPS:
        declarations.record(made, verb=verb, by=user, at=timezone.now(), note="A remark of some words", data={"of": 1})
    return made, percentile(taken, 0.5)


def price(made: Declaration, role: str) -> float:
    """Median seconds for the rows of a lodging, two events and a snapshot; as `replica` no trigger chains them."""
    taken = []
    for _each in range(ROUNDS):
        with transaction.atomic(), connection.cursor() as cursor:
            base = copy_declaration(made, 1)
            cursor.execute(f"SET LOCAL session_replication_role = {role}")
            started = time.perf_counter()
            copy_rows(made, "declarations_event", base, 1, until=2)
            copy_rows(made, "declarations_snapshot", base, 1)
            taken.append(time.perf_counter() - started)
            transaction.set_rollback(True)
    return percentile(taken, 0.5)


def copy_declaration(made: Declaration, count: int) -> int:
    """`count` copies; the key before the first."""
    base = reserved(DECLARATION, count)
    key = f"{base} + n"
    replaced = {
        "id": key, "public_id": "gen_random_uuid()", "mrn": f"'H' || lpad(({key})::text, 17, '0')",
        "lrn": f"'H-' || {key}", "registration_number": far_number(key),
    }  # fmt: skip
    _insert(DECLARATION, f"t.id = {made.pk}", count, replaced)
    return base


def copy_rows(made: Declaration, name: str, base: int, count: int, *, until: int = 1_000) -> None:
    """The rows of history of each copy, in their order up to a place."""
    replaced = {"declaration_id": f"{base} + n", "id": f"nextval(pg_get_serial_sequence('{name}', 'id'))"}
    _insert(name, f"t.declaration_id = {made.pk} AND t.place <= {until}", count, replaced)


def _insert(name: str, where: str, count: int, replaced: dict[str, str]) -> None:
    names = _columns(name)
    values = ", ".join(replaced.get(column, f't."{column}"') for column in names)
    listed = ", ".join(f'"{column}"' for column in names)
    order = "ORDER BY n, t.place" if "place" in names else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{name}" ({listed}) OVERRIDING SYSTEM VALUE SELECT {values} '
            f'FROM "{name}" t, generate_series(1, {count}) n WHERE {where} {order}'
        )


@cache
def _columns(name: str) -> list[str]:
    return columns(name)


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main() -> None:
    made, lodging = lodged()
    chained, plain = price(made, "origin"), price(made, "replica")
    with transaction.atomic():
        base = copy_declaration(made, COUNT)
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {DECLARATION}")
        events = timed(lambda: copy_rows(made, "declarations_event", base, COUNT))
        copy_rows(made, "declarations_snapshot", base, COUNT)
    now = timezone.now()
    anchored = timed(lambda: history_checks.anchor_history(on=timezone.localdate(now), at=now))
    before = resident()
    started = time.perf_counter()
    found: list[chain.Fault] = []
    check = history_checks.check_now(since=None, clock=timezone.now, told=found.append, progress=lambda at, of: None)
    own = [fault for fault in found if fault.name.startswith("H")]  # other parts write rows that no verb would
    read = time.perf_counter() - started
    rows = [
        ("rows of a lodging without the chain", f"{plain * 1000:.2f} ms", "", ""),
        ("with it", f"{chained * 1000:.2f} ms", "", ""),
        ("of lodging, median", f"{(chained - plain) * 1000:.2f} ms", f"{lodging * 1000:.2f} ms",
         ratio(chained - plain, lodging)),
        (f"{COUNT:,} declarations' events chained", f"{events:.1f} s", "", ""),
        (f"anchor of {COUNT:,} chains", f"{anchored:.1f} s", "", ""),
        (f"{check.declarations:,} declarations, {check.rows:,} rows read", f"{read:.1f} s", "300 s", ratio(read, 300)),
        ("memory it took", f"{(resident() - before) / 1024:.0f} MB", "", ""),
        ("faults", f"{len(own)}", "0", ""),
    ]  # fmt: skip
    table("History: the chain of each declaration", rows)
    assert not own, f"history that nobody touched has faults: {own[:3]}"


def resident() -> int:
    """The most memory this process had, in kB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main()
