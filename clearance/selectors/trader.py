"""The trader's own view: the desk (what needs me first) and the list of declarations with its filters."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet

from accounts.models import User
from clearance.models import Correction, Query, WaitsFor
from clearance.selectors.corrections import to_answer
from declarations.models import Declaration, Status
from declarations.selectors import visible_to, with_text
from lib.figures import ZERO
from payments.models import Account
from payments.selectors import accounts_for
from traders.models import Company
from traders.selectors import companies_of

SHOWN = 10
ASKED_IN_AUDIT = Query.objects.filter(answer=None, audit__isnull=False).order_by().values("case__declaration")
# What is being decided about, or was turned down, is shown among the corrections.
SENT_DRAFTS = Q(status=Status.DRAFT, sent_at__isnull=False)
_SHOWN_WITH = ("case", "trader", "declarant", "amends")


@dataclass(frozen=True)
class Filters:
    """Filters of the list; an empty one filters nothing. `stage` is one of `STAGES`."""

    stage: str = ""
    text: str = ""
    company: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Desk:
    """What a trader sees first. Each list holds at most ten rows."""

    companies: Sequence[Company]
    queries: Sequence[Query]
    proposals: Sequence[Correction]
    to_pay: Sequence[Declaration]
    to_pay_total: Decimal
    rejected: Sequence[Declaration]
    moving: Sequence[Declaration]
    drafts: Sequence[Declaration]
    released: Sequence[Declaration]
    accounts: Sequence[Account] = field(default_factory=tuple)


STAGES: dict[str, Q] = {
    "drafts": Q(status=Status.DRAFT, sent_at=None),
    "queries": Q(case__waits_for=WaitsFor.ANSWER) | Q(pk__in=ASKED_IN_AUDIT),
    "to_pay": Q(status=Status.ASSESSED),
    "moving": Q(status__in=(Status.LODGED, Status.ASSESSED, Status.PAID)),
    "released": Q(status__in=(Status.RELEASED, Status.EXITED)),
    "rejected": Q(status=Status.REJECTED),
    "ended": Q(status__in=(Status.REJECTED, Status.CANCELLED, Status.SUPERSEDED)),
}


def desk_of(user: User, *, on: date, since: date) -> Desk:
    """The desk of `user`: queries, payments and rejections (since the day) first, then what moves, then drafts."""
    mine = visible_to(user, on=on).as_rows().select_related(*_SHOWN_WITH).order_by("-pk")
    to_pay = list(mine.filter(STAGES["to_pay"], payable__gt=0).order_by("lodged_at")[:SHOWN])
    waiting = mine.filter(STAGES["queries"]).values("pk").order_by()
    queries = Query.objects.filter(answer__isnull=True, case__declaration__in=waiting)
    return Desk(
        companies=list(companies_of(user, on=on)),
        queries=list(queries.select_related("case__declaration__trader").order_by("due", "pk")[:SHOWN]),
        proposals=list(to_answer(user, on=on)[:SHOWN]),
        to_pay=to_pay,
        to_pay_total=sum((each.payable or ZERO for each in to_pay), ZERO),
        rejected=list(mine.filter(STAGES["rejected"], updated_at__date__gte=since)[:SHOWN]),
        moving=list(mine.filter(status__in=(Status.LODGED, Status.PAID))[:SHOWN]),
        drafts=list(mine.filter(STAGES["drafts"]).order_by("-updated_at")[:SHOWN]),
        released=list(mine.filter(STAGES["released"])[:5]),
        accounts=list(accounts_for(user, on=on)),
    )


def declarations_list(user: User, filters: Filters, *, on: date) -> QuerySet[Declaration]:
    """Declarations `user` may see, the newest first; each row comes with its file and its trader."""
    rows: QuerySet[Declaration] = (
        visible_to(user, on=on).as_rows().exclude(SENT_DRAFTS).select_related(*_SHOWN_WITH).order_by("-pk")
    )
    if filters.stage in STAGES:
        rows = rows.filter(STAGES[filters.stage])
    if filters.company:
        drafted = Q(consignee_code=filters.company) | Q(exporter_code=filters.company)
        named = Q(trader__tin=filters.company) | Q(declarant__tin=filters.company)
        rows = rows.filter(named | drafted & Q(status=Status.DRAFT))
    if filters.since:
        rows = rows.filter(created_at__date__gte=filters.since)
    if filters.until:
        rows = rows.filter(created_at__date__lte=filters.until)
    if filters.text.strip():
        rows = with_text(rows, filters.text)
    return rows
