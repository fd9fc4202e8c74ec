"""One criterion and 500 criteria replayed by the worker over 100,000 declarations, with the progress that a page shows.

The declarations are copies of one of 5 items, written by SQL with their items, values and snapshots.
"""

import time

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Role
from bench import criteria, size
from bench.floor import columns
from bench.history import copy_declaration, copy_rows
from bench.portal import declaration, ratio, reserved, table, trader, wait_for_the_worker
from declarations import services as declarations
from declarations.models import Declaration
from demo.people import officer_with
from risk import services
from risk.models import Replay

COUNT = size(100_000, 120)
ONE_WITHIN, ALL_WITHIN = 60, 300
ITEM, VALUATION = "declarations_item", "declarations_itemvaluation"


def lodged() -> Declaration:
    user, company = trader()
    at = timezone.now()
    made = declarations.lodge_at_once(
        declarant=company, data=declaration(), on=timezone.localdate(at), at=at, by=user
    ).declaration
    wait_for_the_worker()
    return made


def multiply(made: Declaration) -> None:
    """Copies that wait for nobody: cancelled, so that no sweep scores, routes or prints them."""
    with transaction.atomic():
        base = copy_declaration(made, COUNT)
        copy_rows(made, "declarations_snapshot", base, COUNT)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")  # a lodged declaration takes no more items
            _copy_items(made, base)
            cursor.execute("UPDATE declarations_declaration SET status = 'cancelled' WHERE id > %s AND id <= %s",
                           [base, base + COUNT])  # fmt: skip
    with connection.cursor() as cursor:
        for name in ("declarations_declaration", "declarations_snapshot", ITEM, VALUATION):
            cursor.execute(f'VACUUM ANALYZE "{name}"')


def _copy_items(made: Declaration, base: int) -> None:
    items = made.items.count()
    first = reserved(ITEM, COUNT * items)
    values = reserved(VALUATION, COUNT * items)
    place = f"(n - 1) * {items} + t.number"
    _insert(ITEM, f"SELECT * FROM {ITEM} WHERE declaration_id = {made.pk}",
            {"id": f"{first} + {place}", "declaration_id": f"{base} + n"})  # fmt: skip
    _insert(VALUATION, f"SELECT v.*, i.number FROM {VALUATION} v JOIN {ITEM} i ON i.id = v.item_id "
            f"WHERE i.declaration_id = {made.pk}",
            {"id": f"{values} + {place}", "item_id": f"{first} + {place}"})  # fmt: skip


def _insert(name: str, source: str, replaced: dict[str, str]) -> None:
    names = columns(name)
    listed = ", ".join(f'"{column}"' for column in names)
    values = ", ".join(replaced.get(column, f't."{column}"') for column in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{name}" ({listed}) OVERRIDING SYSTEM VALUE '
            f"SELECT {values} FROM ({source}) t, generate_series(1, {COUNT}) n"
        )


def replayed(asked: Replay) -> tuple[Replay, float, int]:
    """The replay when the worker has done it, its seconds, and how many different figures its progress showed."""
    started, seen = time.perf_counter(), set[int]()
    while asked.status == Replay.Status.WAITING and time.perf_counter() < started + 1200:
        time.sleep(0.2)
        asked.refresh_from_db(fields=["status", "done", "total", "data"])
        seen.add(asked.done)
    assert asked.status == Replay.Status.DONE, "no worker has done it"
    return asked, time.perf_counter() - started, len(seen)


def main() -> None:
    started = time.perf_counter()
    multiply(lodged())
    print(f"{COUNT:,} declarations written in {time.perf_counter() - started:.0f} s", flush=True)
    analyst = officer_with(Role.ANALYST)
    with criteria.in_force() as made:
        version = next(each for each in made if each.conditions)
        at = timezone.now()
        one, seconds, steps = replayed(services.ask_replay(version, days=366, by=analyst, at=at))
        at = timezone.now()
        every, longer, _steps = replayed(services.ask_replay(None, about="declarations", days=366, by=analyst, at=at))
    assert one.data["total"] >= COUNT or one.data["total"] == services.MOST_REPLAYED
    rows = [
        (f"one criterion beside {len(made)}, {one.done:,} declarations", f"{seconds:.0f} s", f"{ONE_WITHIN} s",
         ratio(seconds, ONE_WITHIN)),
        ("steps of progress that were seen", f"{steps}", "", ""),
        (f"{len(made)} criteria, {every.done:,} declarations", f"{longer:.0f} s", f"{ALL_WITHIN} s",
         ratio(longer, ALL_WITHIN)),
    ]  # fmt: skip
    table("Replay: criteria over what was lodged", rows)


if __name__ == "__main__":
    main()
