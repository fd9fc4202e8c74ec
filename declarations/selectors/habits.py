"""What a company used most and last, of every code list: what its pickers show first."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from django.db import connection

from lib.languages import in_language
from tariffs.models import Commodity
from traders.models import Company

FIRST = 8
COMMODITY = "commodity"
# A code counts for as many uses as it had, for half of them when the last is 60 days ago, for a third after 120.
_QUERY = """
SELECT code_list, code FROM (
    SELECT code_list, code, times, last_on, row_number() OVER (
        PARTITION BY code_list
        ORDER BY times * 6000 / (60 + greatest(%s::date - last_on, 0)) DESC, last_on DESC, times DESC, code
    ) AS place
    FROM declarations_usedcode WHERE company_id = %s
) AS ranked WHERE place <= %s ORDER BY code_list, place
"""


def used_codes(company: Company, *, on: date) -> Mapping[str, list[str]]:
    """By code list, the codes to stand first, the best first: one query."""
    with connection.cursor() as cursor:
        cursor.execute(_QUERY, [on, company.pk, FIRST])
        rows = cursor.fetchall()
    found: dict[str, list[str]] = defaultdict(list)
    for code_list, code in rows:
        found[code_list].append(code)
    return found


def used_goods(codes: list[str], *, on: date) -> list[tuple[str, str]]:
    """Those of the commodity codes that may be declared on the day, with what they mean, in the same order."""
    rows = {row.code: row for row in Commodity.objects.on(on).filter(code__in=codes, declarable=True)}
    return [(code, in_language(rows[code], "description")) for code in codes if code in rows]
