"""What every part needs: the database, a trader with a token, the standard declaration, tables and percentiles."""

import itertools
import os
import time
from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.models import FollowUp, User
from demo.accounts import POMIR
from demo.people import company_of, user_of
from machines.kinds import Scope
from machines.services import issue_own_token
from tariffs.models import Commodity
from traders.models import Company

URL = os.environ.get("BENCH_URL", "")
FAR_NUMBERS = 500_000_000  # which no office has reached
_serial = itertools.count(int(time.time() * 1000) % 10**9)
CODES = ("0902300009", "3305100000", "6907211000", "8517130000", "9503009909")


@cache
def trader() -> tuple[User, Company]:
    return user_of(POMIR), company_of(POMIR)


@cache
def token() -> str:
    """A token of the trader's; one for each process."""
    on, at = timezone.localdate(), timezone.now()
    name = f"bench {os.getpid()}"
    return issue_own_token(trader()[0], name=name, scopes=list(Scope), days=1, on=on, at=at)[1]


def declaration(items: int = 5, documents: int = 3) -> dict[str, Any]:
    """The standard declaration as JSON, under a reference of its own."""
    day = (timezone.localdate() - timedelta(days=5)).isoformat()
    papers = [
        {"code": code, "reference": f"{code}-{next(_serial)}", "date": day}
        for code in ("380", "730", "315")[:documents]
    ]
    rows = [_item(number, papers if number == 0 else []) for number in range(items)]
    return {
        "declaration_type": "IM",
        "general_procedure": "4",
        "office_code": "TJ02",
        "lrn": f"B-{os.getpid()}-{next(_serial)}",
        "exporter_name": "Yiwu Hengtong Trading Co., Ltd\n88 Chouzhou Road, Yiwu",
        "consignee_code": POMIR.tin,
        "consignee_name": POMIR.box,
        "export_country": "CN",
        "destination_country": "TJ",
        "border_mode": "3",
        "delivery_terms_code": "CIP",
        "delivery_terms_place": "Dushanbe",
        "invoice_amount": str(1200 * items),
        "invoice_currency": "USD",
        "items": rows,
    }


def _item(number: int, papers: Sequence[dict[str, str]]) -> dict[str, Any]:
    code = CODES[number % len(CODES)]
    unit = _units()[code]
    return {
        "commodity_code": code,
        "commercial_description": f"Goods of line {number + 1}",
        "origin_country": "CN",
        "extended_procedure": "4000",
        "packages_number": "40",
        "packages_kind": "CT",
        "packages_marks": "N/M",
        "gross_mass": "420",
        "net_mass": "400",
        "item_price": "1200",
        **({"supplementary_unit_1": unit, "supplementary_quantity_1": "400"} if unit else {}),
        "valuation_method": "1",
        "documents": list(papers),
    }


@cache
def _units() -> dict[str, str]:
    rows = Commodity.objects.filter(code__in=CODES, declarable=True).values_list("code", "supplementary_unit")
    known = dict(rows)
    assert set(known) == set(CODES), f"not in the loaded nomenclature: {set(CODES) - set(known)}"
    return known


def wait_for_the_worker() -> None:
    """Return when nothing that was announced is left to do; after a minute, whatever is left."""
    until = time.monotonic() + 60
    while FollowUp.objects.exists() and time.monotonic() < until:
        time.sleep(0.2)


def far_number(key: str) -> str:
    """SQL of a registration number that no office has come to, for a copied declaration with this key."""
    return f"{FAR_NUMBERS} + {key}"


def reserved(name: str, count: int) -> int:
    """Take `count` keys of a table from its sequence, so that nobody else is given them; the one before the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [name])
        (base,) = cursor.fetchone()
        cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [name, base + count])
    return int(base)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def table(title: str, rows: Sequence[tuple[str, str, str, str]]) -> None:
    """Print rows of (what, measured, wanted, ratio)."""
    heads = ("", "measured", "wanted", "ratio")
    widths = [max(len(row[column]) for row in (*rows, heads)) for column in range(4)]
    print(f"\n{title}")
    for row in (heads, *rows):
        print(
            "  "
            + row[0].ljust(widths[0])
            + "".join(f"  {text:>{width}}" for text, width in zip(row[1:], widths[1:], strict=True))
        )
    print(flush=True)


def ratio(measured: float, wanted: float) -> str:
    return f"{measured / wanted:.2f}"
