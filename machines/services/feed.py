"""The one writer of events for programs: an event becomes a row for each company, and one for each of its addresses.

The feed is read by "later than the last one I know", and a reader may act for several companies. So rows come to be one
after another, under one lock that lasts until they are committed: no row appears behind one that was read.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from accounts.services import announce
from clearance.models import Correction, Query
from declarations.models import Declaration
from machines.kinds import Kind
from machines.models import Happening, Sending, Trial

KEPT = timedelta(days=90)
THINNED_AT_ONCE = 5000
_LOCK = 0x66656564


@dataclass(frozen=True, slots=True)
class Subject:
    """What an event is about: a declaration, and what else a program needs in order to ask for more."""

    declaration: int
    more: Mapping[str, Any]


def _declaration(pk: int) -> Subject:
    return Subject(pk, {})


def _query(pk: int) -> Subject:
    query = Query.objects.select_related("case").only("case__declaration_id", "due").get(pk=pk)
    return Subject(query.case.declaration_id, {"query": pk, "due": query.due.isoformat() if query.due else None})


def _correction(pk: int) -> Subject:
    found = Correction.objects.select_related("draft").only("declaration_id", "draft__public_id", "status").get(pk=pk)
    return Subject(found.declaration_id, {"correction": str(found.draft.public_id), "status": found.status})


_SUBJECTS: Mapping[Kind, Callable[[int], Subject]] = {
    Kind.QUERY_ASKED: _query,
    Kind.QUERY_ANSWERED: _query,
    Kind.PROPOSAL_MADE: _correction,
    Kind.CORRECTION_SENT: _correction,
    Kind.CORRECTION_DECIDED: _correction,
}


def happened(kind: Kind, pk: int, *, now: datetime) -> int:
    """Tell the programs of the companies concerned; how many companies heard it for the first time."""
    subject = _SUBJECTS.get(kind, _declaration)(pk)
    about = Declaration.objects.only("public_id", "mrn", "lrn", "version", "status", "declarant_id", "trader_id").get(
        pk=subject.declaration
    )
    data = {
        "declaration": str(about.public_id),
        "mrn": about.mrn,
        "lrn": about.lrn,
        "version": about.version,
        "status": about.status,
        **subject.more,
    }
    companies = sorted({key for key in (about.declarant_id, about.trader_id) if key is not None})
    return tell(companies, kind=kind, subject=pk, declaration=about.pk, data=data, now=now)


@transaction.atomic
def tell(
    companies: list[int], *, kind: Kind, subject: int, declaration: int | None, data: Mapping[str, Any], now: datetime
) -> int:
    """Rows for those of the companies that have a program or an address; what was told before is left as it is."""
    with connection.cursor() as cursor:
        cursor.execute(_CONCERNED, [companies])
        keys = [key for (key,) in cursor.fetchall()]
        if not keys:
            return 0
        wait_for_turn()
        values: list[Any] = [kind.value, subject, declaration, json.dumps(dict(data)), now, keys, now, kind.value]
        cursor.execute(_TELL, values)
        told, waiting = cursor.fetchone()
    if waiting is not None:
        announce("webhook.waiting", waiting)
    return int(told)


def wait_for_turn() -> None:
    """Whoever writes an event does so after all that were begun before are committed; until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


@transaction.atomic
def thin_out(*, at: datetime) -> int:
    """Throw away what is older than the feed promises, with its log; how many events."""
    old = Happening.objects.filter(at__lt=at - KEPT).order_by("pk").values_list("pk", flat=True)
    keys = list(old[:THINNED_AT_ONCE])
    Trial.objects.filter(sending__happening__in=keys).delete()
    Sending.objects.filter(happening__in=keys).delete()
    return Happening.objects.filter(pk__in=keys).delete()[0]


_CONCERNED = """
SELECT id FROM traders_company AS company WHERE id = ANY (%s::bigint[]) AND (
    EXISTS (SELECT FROM machines_program WHERE company_id = company.id AND ended_at IS NULL)
    OR EXISTS (SELECT FROM machines_endpoint WHERE company_id = company.id AND ended_at IS NULL)
) ORDER BY id
"""
_TELL = """
WITH told AS (
    INSERT INTO machines_happening (company_id, kind, subject, declaration_id, data, at)
    SELECT company, %s, %s, %s::bigint, %s::jsonb, %s FROM unnest(%s::bigint[]) AS company ORDER BY company
    ON CONFLICT (company_id, kind, subject) DO NOTHING
    RETURNING id, company_id
), outbox AS (
    INSERT INTO machines_sending (happening_id, endpoint_id, status, tries, due_at)
    SELECT told.id, endpoint.id, 'waiting', 0, %s
    FROM told JOIN machines_endpoint AS endpoint ON endpoint.company_id = told.company_id
    WHERE endpoint.ended_at IS NULL AND (endpoint.kinds = '{}' OR %s = ANY (endpoint.kinds))
    RETURNING id
)
SELECT (SELECT count(*) FROM told), (SELECT min(id) FROM outbox)
"""
