"""What is learnt from a lodged declaration, behind the gate: the codes its company uses, the parties it deals with."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from declarations.boxes import CONTAINER, DOCUMENT, HEADER, ITEM, SUPPLIER, Box
from declarations.models import Declaration, Status
from declarations.selectors import Content, content_of
from declarations.services.address_book import learn_parties

_ONCE = "INSERT INTO declarations_learnt (declaration_id) VALUES (%s) ON CONFLICT DO NOTHING"
# In the order of the key: two workers that count for one company wait for each other and never in a circle.
_COUNT = """
INSERT INTO declarations_usedcode (company_id, code_list, code, times, last_on)
SELECT %s, used.list, used.code, 1, %s::date FROM unnest(%s::text[], %s::text[]) AS used (list, code) ORDER BY 2, 3
ON CONFLICT (company_id, code_list, code) DO UPDATE SET
    times = declarations_usedcode.times + 1, last_on = greatest(declarations_usedcode.last_on, excluded.last_on)
"""


@transaction.atomic
def learn(pk: int, *, at: datetime) -> None:
    """Count a lodged declaration into the habits of the company it is for; once, however often it is asked.

    A later version says the same of the same goods: only the first one counts.
    """
    declaration = Declaration.objects.select_related("trader", "created_by").get(pk=pk)
    if declaration.status == Status.DRAFT or declaration.version > 1 or declaration.trader is None:
        return
    content = content_of(declaration)
    on = timezone.localdate(declaration.lodged_at or at)
    used = sorted(set(_codes(content)))
    with connection.cursor() as cursor:
        cursor.execute(_ONCE, [declaration.pk])
        if not cursor.rowcount:
            return
        lists, codes = [pair[0] for pair in used], [pair[1] for pair in used]
        cursor.execute(_COUNT, [declaration.trader.pk, on, lists, codes])
    learn_parties(declaration.trader, content, by=declaration.created_by, on=on, at=at)


def _codes(content: Content) -> Iterator[tuple[str, str]]:
    """Each code that the declaration names, with its list."""
    papers = [paper for rows in content.documents for paper in rows]
    parts: Sequence[tuple[Sequence[Box], Sequence[Any]]] = (
        (HEADER, [content.declaration]),
        (ITEM, content.items),
        (DOCUMENT, papers),
        (CONTAINER, content.containers),
        (SUPPLIER, content.suppliers),
    )
    for boxes, rows in parts:
        for box in boxes:
            if box.codes:
                yield from (
                    (box.codes, str(code)) for row in rows if (code := getattr(row, box.field)) not in ("", None)
                )
