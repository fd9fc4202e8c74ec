"""The price of a draw: lodging the standard declaration out of a warehouse against lodging it without one."""

import json
import os
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import User
from bench import cpu, size
from bench.portal import CODES, declaration, ratio, table, trader
from declarations import services as declarations
from declarations.models import StockAccount

ROUNDS = size(300, 10)
ITEMS = len(CODES)
MOST = Decimal("1.15")


def stock() -> int:
    """Goods from before the system, more than the bench draws, by line of the declaration; their number."""
    user, company = trader()
    second = User.objects.exclude(pk=user.pk).order_by("pk")[:1].get()
    lines = declaration()["items"]
    number = int(time.time()) % 10**9
    for place, line in enumerate(lines, 1):
        StockAccount.objects.create(
            company=company,
            office_code="TJ02",
            year=2024,
            series="R",
            number=number,
            item_number=place,
            procedure="71",
            commodity_code=line["commodity_code"],
            origin_country="CN",
            supplementary_unit=line.get("supplementary_unit_1", ""),
            packages=10**8,
            net_mass=10**9,
            supplementary_quantity=10**9 if "supplementary_unit_1" in line else 0,
            value=10**9,
            opened_at=timezone.now(),
            due=date(2099, 1, 1),
            is_opening_balance=True,
            entered_by=user,
            confirmed_by=second,
        )
    return number


def drawing(number: int, *, rows: int, procedure: str = "4071") -> dict[str, Any]:
    """The standard declaration out of the warehouse: the first `rows` lines by a row of box 40 each."""
    data = declaration()
    data["items"] = [
        {**line, "extended_procedure": procedure if place < rows else "4000"}
        for place, line in enumerate(data["items"])
    ]
    named = {"office_code": "TJ02", "year": 2024, "serial": "R", "number": number}
    data["previous"] = [{**named, "item_number": place, "current_item": place} for place in range(1, rows + 1)]
    return data


def lodge(data: dict[str, Any]) -> None:
    user, company = trader()
    at = timezone.now()
    declarations.lodge_at_once(declarant=company, data=data, on=timezone.localdate(at), at=at, by=user)


def cost(contents: list[dict[str, Any]]) -> tuple[float, float]:
    """Milliseconds of CPU for each: of this process, and of the database."""
    database = {"database": json.loads(os.environ["BENCH_PROCESSES"])["database"]}
    own, theirs = time.process_time(), cpu.used(database)["database"]
    for data in contents:
        lodge(data)
    own, theirs = time.process_time() - own, cpu.used(database)["database"] - theirs
    return own * 1000 / len(contents), theirs / len(contents)


def main() -> None:
    number = stock()
    kinds: dict[str, Callable[[], dict[str, Any]]] = {
        "without a draw": declaration,
        "rows of box 40, none draws": lambda: drawing(number, rows=ITEMS, procedure="4000"),
        "one line draws": lambda: drawing(number, rows=1),
        f"all {ITEMS} lines draw": lambda: drawing(number, rows=ITEMS),
    }
    for make in kinds.values():
        lodge(make())
    sums = dict.fromkeys(kinds, (0.0, 0.0))
    parts = max(ROUNDS // 10, 1)
    for _part in range(ROUNDS // parts):
        for name, make in kinds.items():
            own, theirs = cost([make() for _n in range(parts)])
            sums[name] = (sums[name][0] + own, sums[name][1] + theirs)
    base = sum(sums["without a draw"])
    shown = []
    for name, (own, theirs) in sums.items():
        count = ROUNDS // parts
        measured = f"{(own + theirs) / count:.1f} ms ({own / count:.1f} + {theirs / count:.1f})"
        wanted = "" if name == "without a draw" else f"{base / count * float(MOST):.1f} ms"
        shown.append((name, measured, wanted, ratio(own + theirs, base)))
    table(f"Stock: CPU to lodge {ITEMS} items, this process + database, mean of {ROUNDS}", shown)


if __name__ == "__main__":
    main()
