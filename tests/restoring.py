"""Brings a database back to what it held, by those of its tables that were written to.

A new clone copies thousands of files for the sake of the few rows that a test has committed. Which tables were written
to is known from the server's own counts, which a session hands in when it ends; so whoever is connected is sent away
first. What it cannot bring back it leaves to a clone: large tables, and anything but rows.
"""

import io
import time
from typing import Any

SMALL_BYTES = 512 * 1024
CAN_BE_ASKED = "SELECT current_setting('is_superuser')::boolean AND current_setting('track_counts')::boolean"
SEND_AWAY = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
WRITTEN = """
SELECT format('%I.%I', schemaname, relname), n_tup_ins + n_tup_upd + n_tup_del, pg_relation_size(relid)
FROM pg_stat_user_tables
"""
# Whoever makes, alters or empties a table, a trigger, a function or a right writes into one of these.
CATALOGUES = ("pg_class", "pg_attribute", "pg_attrdef", "pg_constraint", "pg_trigger", "pg_proc", "pg_namespace")
SHAPE = " UNION ALL ".join(f"SELECT '{name}', count(*), max(xmin::text::bigint) FROM {name}" for name in CATALOGUES)
COLUMNS = """
SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
"""
_SECONDS = 30


class Kept:
    """The rows of the small tables of a fresh clone, to be put back; the cursor is the tables' owner's, autocommit."""

    def __init__(self, cursor: Any) -> None:
        self.shape = _asked(cursor, SHAPE)
        self.counts = _counts(cursor)
        self.rows = {table: _rows_of(cursor, table) for table, size in _sizes(cursor).items() if size <= SMALL_BYTES}

    def brings_back(self, cursor: Any) -> bool:
        """Whether all is again as it was; if not, nothing was done."""
        _send_away(cursor)
        counts = _counts(cursor)
        written = [table for table in counts if counts[table] != self.counts.get(table)]
        if _asked(cursor, SHAPE) != self.shape or not self.rows.keys() >= set(written):
            return False
        cursor.execute("BEGIN")
        cursor.execute("SET LOCAL session_replication_role = replica")  # no trigger asks what for
        for table in written:
            columns, rows = self.rows[table]
            cursor.execute(f"DELETE FROM {table}")
            if rows:
                cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", io.BytesIO(rows))
        cursor.execute("COMMIT")
        self.counts = _counts(cursor)
        return True


def can_be_kept(cursor: Any) -> bool:
    """Whether this server counts what is written, and lets this role put it back."""
    return bool(_asked(cursor, CAN_BE_ASKED) == [(True,)])


def _send_away(cursor: Any) -> None:
    until = time.monotonic() + _SECONDS
    while _asked(cursor, SEND_AWAY) != [(0,)]:
        assert time.monotonic() < until, "a session of the test's database does not end"
        time.sleep(0.005)


def _counts(cursor: Any) -> dict[str, int]:
    """How many rows of each table were ever written, this session's included."""
    cursor.execute("SELECT pg_stat_force_next_flush()")
    return {table: count for table, count, _size in _asked(cursor, WRITTEN)}


def _sizes(cursor: Any) -> dict[str, int]:
    return {table: size for table, _count, size in _asked(cursor, WRITTEN)}


def _rows_of(cursor: Any, table: str) -> tuple[str, bytes]:
    """Names of the columns that can be written, and their values as COPY has them."""
    cursor.execute(COLUMNS, [table])
    columns = cursor.fetchone()[0]
    rows = io.BytesIO()
    cursor.copy_expert(f"COPY {table} ({columns}) TO STDOUT", rows)
    return columns, rows.getvalue()


def _asked(cursor: Any, sql: str) -> list[tuple[Any, ...]]:
    cursor.execute(sql)
    return list(cursor.fetchall())
