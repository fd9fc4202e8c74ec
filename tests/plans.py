"""How a query is answered: the rows of a table that its plan takes up, counted by the server and not guessed."""

from typing import Any

from django.db import connection


def analyze(*tables: str) -> None:
    """The planner knows what the tables hold in this transaction. Only their owner may say so."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")
        for table in tables:
            cursor.execute(f"ANALYZE {table}")
        cursor.execute("RESET ROLE")


def rows_taken_up(sql: str, *, table: str) -> int:
    """Rows of the table that the query reads, also those it throws away again. It is run once."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
        ((plan,),) = cursor.fetchone()
    return _taken_up(plan["Plan"], table)


def _taken_up(node: dict[str, Any], table: str) -> int:
    below = sum(_taken_up(one, table) for one in node.get("Plans", []))
    if node.get("Relation Name") != table:
        return below
    each = node["Actual Rows"] + node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    return below + int(each * node["Actual Loops"])
