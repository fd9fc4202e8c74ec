"""The floor: the rows of a lodged declaration written again by one bulk statement, and how far lodging is above it.

The statement copies every table's rows of one declaration into new declarations, with new keys; nothing is judged,
computed or rendered. What the verb takes more is the price of rules, arithmetic and history.
"""

import time

from django.db import connection, transaction
from django.utils import timezone

from bench import size
from bench.portal import declaration, far_number, ratio, reserved, table, trader, wait_for_the_worker
from declarations import services as declarations

COPIES = size(200, 3)
ROUNDS = size(30, 3)
# table, column that leads to the declaration, through which table
TABLES = (
    ("declarations_item", "declaration_id", ""),
    ("declarations_itemdocument", "item_id", "declarations_item"),
    ("declarations_event", "declaration_id", ""),
    ("declarations_snapshot", "declaration_id", ""),
    ("declarations_itemvaluation", "item_id", "declarations_item"),
    ("declarations_charge", "declaration_id", ""),
)
DECLARATION = "declarations_declaration"


def columns(name: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s "
            "AND is_generated = 'NEVER' ORDER BY ordinal_position",
            [name],
        )
        return [column for (column,) in cursor.fetchall()]


def keys_of(name: str, column: str, through: str, pk: int) -> list[int]:
    inner = f'SELECT id FROM "{through}" WHERE declaration_id = {pk}' if through else str(pk)
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT id FROM "{name}" WHERE {column} IN ({inner}) ORDER BY id')
        return [key for (key,) in cursor.fetchall()]


def statement(pk: int) -> str:
    """One statement: each table's rows of declaration `pk`, `COPIES` times, with keys counted on."""
    keys_by_table = {name: keys_of(name, column, through, pk) for name, column, through in TABLES}
    items = keys_by_table["declarations_item"]
    bases = {name: reserved(name, COPIES * len(keys)) for name, keys in keys_by_table.items()}
    bases[DECLARATION] = reserved(DECLARATION, COPIES)
    parts = [_copy(DECLARATION, [pk], _declaration_columns(bases[DECLARATION]))]
    for name, keys in keys_by_table.items():
        replaced = {
            "id": _shifted("t.id", keys, bases[name]),
            "declaration_id": f"{bases[DECLARATION]} + n",
            "item_id": _shifted("t.item_id", items, bases["declarations_item"]),
        }
        parts.append(_copy(name, keys, replaced))
    ctes = ",\n".join(f"c{place} AS ({part})" for place, part in enumerate(parts[:-1]))
    return f"WITH {ctes}\n{parts[-1]}"


def _declaration_columns(base: int) -> dict[str, str]:
    return {
        "id": f"{base} + n",
        "status": "'draft'",  # as the row stands when its parts are written
        "public_id": "gen_random_uuid()",
        "mrn": f"'F' || lpad(({base} + n)::text, 17, '0')",
        "lrn": f"'F-' || ({base} + n)",
        "registration_number": far_number(f"{base} + n"),
    }


def _shifted(column: str, keys: list[int], base: int) -> str:
    """The place of a key among the copied ones, counted on from `base` for copy number n; null stays null."""
    places = f"array_position(ARRAY{keys}::bigint[], {column})"
    return f"CASE WHEN {column} IS NULL THEN NULL ELSE {base} + (n - 1) * {len(keys)} + {places} END"


def _copy(name: str, keys: list[int], replaced: dict[str, str]) -> str:
    names = columns(name)
    values = ", ".join(replaced.get(column, f't."{column}"') for column in names)
    listed = ", ".join(f'"{column}"' for column in names)
    wanted = ", ".join(map(str, keys)) or "NULL"
    return (
        f'INSERT INTO "{name}" ({listed}) OVERRIDING SYSTEM VALUE SELECT {values} FROM "{name}" t, '
        f"generate_series(1, {COPIES}) n WHERE t.id IN ({wanted}) RETURNING 1"
    )


def main() -> None:
    user, company = trader()
    taken = []
    for _each in range(ROUNDS):
        at = timezone.now()
        data = declaration()
        started = time.perf_counter()
        done = declarations.lodge_at_once(declarant=company, data=data, on=timezone.localdate(at), at=at, by=user)
        taken.append(time.perf_counter() - started)
    lodged = sorted(taken)[len(taken) // 2]
    wait_for_the_worker()
    bulk = []
    for _each in range(3):
        sql = statement(done.declaration.pk)
        started = time.perf_counter()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
        bulk.append((time.perf_counter() - started) / COPIES)
    floor = min(bulk)
    rows = [
        (f"lodge, median of {ROUNDS}", f"{lodged * 1000:.2f} ms", "", ""),
        (f"the same rows by one statement for {COPIES}", f"{floor * 1000:.2f} ms", "", ""),
        ("lodge above the floor", f"{lodged * 1000:.2f} ms", f"{floor * 1000:.2f} ms", ratio(lodged, floor)),
    ]
    table("Floor: one declaration of 5 items and 3 documents", rows)


if __name__ == "__main__":
    main()
