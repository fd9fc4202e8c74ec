"""Assessed items a second under a whole tariff: 13,000 codes, 60,000 measures in force, ten years of history behind.

The tables are filled in a transaction that is rolled back: one with the history and, in a schema of its own, one
without. The same declarations are assessed under the two in turn, so that whatever else the machine does meets both:
what ended long ago must cost next to nothing. The measures of a declaration come with one query.
"""

import random
import time
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench import size
from bench.portal import ratio, table
from tariffs.calculation import Consignment, ConsignmentItem, assess
from tariffs.selectors import forget, law_for

CODES, YEARS = size(13_000, 260), size(10, 2)
MOST, FEW = size(999, 60), 5
ROUNDS = {MOST: size(30, 2), FEW: size(120, 2)}
WITHOUT = "bench_without_history"
ALLOWED = 1.2
# What lies on how many codes of 13,000: kind, tax, flow, origin, paper, season from and to, rate (percent doubled).
LAYERS = (
    (13, "'rate', 'DUTY', '', '', '', '', '', (n %% 15 + 1) || '%% min 0.' || (n %% 9 + 1) || ' EUR/kg'"),
    (13, "'rate', 'DUTY', '', 'CISFT', 'ST1', '', '', 'Free'"),
    (13, "'rate', 'DUTY', '', 'TR', '861', '', '', (n %% 7 + 1) || '%%'"),
    (4, "'rate', 'EXCISE', '', '', '', '', '', '0.' || (n %% 9 + 1) || ' EUR/kg'"),
    (4, "'rate', 'VAT', '', '', '', '', '', '7%%'"),
    (4, "'rate', 'DUTY', '', '', '', '06-01', '10-31', '15%%'"),
    (3, "'rate', 'ADD', '', 'CN', '', '', '', '14.8%%'"),
    (6, "'restriction', '', 'import', '', '853', '', '', ''"),
)
_FILL = """
INSERT INTO {schema}.tariffs_measure (
    kind, tax_code, flow, origin, document_code, season_from, season_to, rate_text, commodity_prefix,
    valid_from, valid_to, procedure, national_procedure, preference, quota_number, additive, is_example,
    excluded_commodities, excluded_origins, alternative_documents, note, note_ru, note_tg, legal_act_id
)
SELECT kind, tax, flow, origin, paper, season_from, season_to, rate, code, %(first)s + age * -365,
    CASE WHEN age > 0 THEN %(first)s + age * -365 + 364 WHEN n %% 2 = 0 THEN %(first)s + 730 END,
    '', '', '', '', false, true, '{}', '{}', '{}', '', '', '', (SELECT min(id) FROM tariffs_legalact)
FROM ({layers}) AS layer (n, code, kind, tax, flow, origin, paper, season_from, season_to, rate),
    generate_series(0, %(oldest)s) AS age
ORDER BY random()
"""
IN_FORCE = sum(count * CODES // 13 for count, _row in LAYERS)
# VAT for all goods, without a prefix.
_GENERAL = "SELECT 1, '', 'rate', 'VAT', '', '', '', '', '', '14%%'"


def codes() -> list[str]:
    """13,000 codes of ten digits below the subheadings of the HS, in no order; kept in a table of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE bench_code ON COMMIT DROP AS "
            "SELECT row_number() OVER () AS n, code FROM ("
            "SELECT DISTINCT h.code || tail AS code, md5(h.code || tail) FROM tariffs_commodity h, "
            "(VALUES ('1000'), ('2000'), ('9000')) AS tails (tail) WHERE length(h.code) = 6 ORDER BY 2 LIMIT %s"
            ") AS every",
            [CODES],
        )
        cursor.execute("SELECT code FROM bench_code ORDER BY n")
        found = [code for (code,) in cursor.fetchall()]
    assert len(found) == CODES
    return found


def fill(schema: str, *, first: date, oldest: int) -> int:
    """Write measures in force and those that ended up to `oldest` years ago, in no order; how many rows that makes."""
    layers = " UNION ALL ".join(
        [
            _GENERAL,
            *(f"SELECT n, code, {row} FROM bench_code WHERE n <= {count * CODES // 13}" for count, row in LAYERS),
        ]
    )
    sql = _FILL.replace("{layers}", layers).replace("{schema}", schema)
    with connection.cursor() as cursor:
        cursor.execute(sql, {"first": first, "oldest": oldest})
        cursor.execute(f"ANALYZE {schema}.tariffs_measure")
        cursor.execute(f"SELECT count(*) FROM {schema}.tariffs_measure")
        return int(cursor.fetchone()[0])


def empty() -> None:
    """No measures, and a second table for them.

    The constraint on their days is of no use to a lookup, and slow to keep for 660,000 rows.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.publishing', 'on', true)")
        cursor.execute("DELETE FROM public.tariffs_measure")
        cursor.execute(f"CREATE SCHEMA {WITHOUT}")
        cursor.execute(f"CREATE TABLE {WITHOUT}.tariffs_measure (LIKE public.tariffs_measure INCLUDING ALL)")
        cursor.execute("ALTER TABLE public.tariffs_measure DROP CONSTRAINT measure_once_a_day")
        cursor.execute(
            "SELECT indexrelid::regclass FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid "
            "JOIN pg_am ON pg_am.oid = relam WHERE indrelid = %s::regclass AND amname = 'gist'",
            [f"{WITHOUT}.tariffs_measure"],
        )
        (name,) = cursor.fetchone()
        cursor.execute(f"ALTER TABLE {WITHOUT}.tariffs_measure DROP CONSTRAINT {name.rpartition('.')[2]}")


def look_in(schema: str) -> None:
    """Tables of `schema` go before those of the same name in the portal's own."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL search_path = {schema}, public")


def consignments(codes: Sequence[str], *, items: int, count: int) -> list[Consignment]:
    """The same declarations each time, of goods from everywhere."""
    chance = random.Random(7)
    return [
        Consignment(
            "import", "4", "USD", tuple(_item(number, codes, chance) for number in range(1, items + 1)), working_mode=0
        )
        for _each in range(count)
    ]


def _item(number: int, codes: Sequence[str], chance: random.Random) -> ConsignmentItem:
    origin = chance.choice(("CN", "TR", "RU", "IR", "KZ"))
    return ConsignmentItem(
        number=number,
        commodity_code=chance.choice(codes),
        origin_country=origin,
        item_price=Decimal(chance.randint(100, 9000)),
        gross_mass=Decimal(420),
        net_mass=Decimal(400),
        documents=frozenset({"ST1"} if origin in ("RU", "KZ") else {"861"}),
    )


def seconds(work: Sequence[Consignment], *, on: date) -> float:
    """How long it takes to look the law up, as one who remembers none of it, and to assess."""
    started = time.perf_counter()
    for consignment in work:
        forget()
        outcome = assess(consignment, law_for(consignment, on=on))
        assert not outcome.needs, outcome.needs
    return time.perf_counter() - started


def items_a_second(work: Sequence[Consignment], *, on: date) -> tuple[float, float]:
    """Items assessed in a second with the history and without: the best of many rounds, taken in turn."""
    best = {"public": 1e9, WITHOUT: 1e9}
    for _round in range(ROUNDS[len(work[0].items)]):
        for schema, fastest in tuple(best.items()):
            look_in(schema)
            best[schema] = min(fastest, seconds(work, on=on))
    items = sum(len(one.items) for one in work)
    return items / best["public"], items / best[WITHOUT]


def queries(consignment: Consignment, *, on: date) -> tuple[int, int]:
    """Queries of a lookup, and how many of them read measures."""
    forget()
    with CaptureQueriesContext(connection) as caught:
        law_for(consignment, on=on)
    return len(caught), sum('FROM "tariffs_measure"' in query["sql"] for query in caught)


def main() -> None:
    on = timezone.localdate()
    first = on.replace(month=1, day=1)
    with transaction.atomic():
        every = codes()
        empty()
        in_force = fill(WITHOUT, first=first, oldest=0)
        rows = fill("public", first=first, oldest=YEARS)
        assert (in_force, rows) == (IN_FORCE + 1, (IN_FORCE + 1) * (YEARS + 1))
        large, small = consignments(every, items=MOST, count=1), consignments(every, items=FEW, count=5)
        most, few = items_a_second(large, on=on), items_a_second(small, on=on)
        look_in("public")
        (of_few, measures_of_few), (of_most, measures_of_most) = queries(small[0], on=on), queries(large[0], on=on)
        transaction.set_rollback(True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE tariffs_measure")
    slower = max(without / held for held, without in (most, few))
    table(
        f"Lookup: {CODES:,} codes, {in_force:,} measures in force, {rows:,} rows with {YEARS} years of history",
        [
            ("items a second with and without history", "with", "without", ""),
            *(
                (f"{size} items in a declaration", f"{held:,.0f}", f"{without:,.0f}", ratio(without, held))
                for size, (held, without) in ((MOST, most), (FEW, few))
            ),
            ("slower by the history, at the most", f"{slower:.2f}", f"{ALLOWED}", ratio(slower, ALLOWED)),
            (f"queries of a lookup, {MOST} against {FEW} items", f"{of_most}", f"{of_few}", ratio(of_most, of_few)),
            ("of them for measures", f"{measures_of_most}", f"{measures_of_few}", ratio(measures_of_most, 1)),
        ],
    )
    assert (of_most, measures_of_most) == (of_few, 1), "a lookup takes more queries for more items"


if __name__ == "__main__":
    main()
