"""The broker's view across clients: what is due for each and when, and how much else there is. All of it bounded."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from clearance.models import Examination, Query
from clearance.selectors.trader import SENT_DRAFTS, STAGES
from declarations.models import Declaration, Status
from declarations.selectors import stock_visible_to, visible_to
from lib.figures import ZERO
from payments.selectors import PAYING_RIGHTS, deferred_statements_of, guarantees_visible_to, paying_companies, with_due
from traders.models import Company, Mandate, Membership
from traders.selectors import companies_of, mandates_into

SOON = timedelta(days=30)
MOST_CLIENTS, MOST_OF_A_KIND = 2000, 1000
_PAYERS_NAMED = 5
KINDS: Mapping[str, str | Promise] = {
    "question": _("question to answer"),
    "pay": _("to pay"),
    "examination": _("goods or papers are examined"),
    "statement": _("deferred payment"),
    "stock": _("goods to be accounted for"),
    "guarantee": _("guarantee ends"),
    "mandate": _("mandate ends"),
}
_MOVING = (Status.LODGED, Status.ASSESSED, Status.PAID)


@dataclass(frozen=True)
class DueThing:
    """Something that is due for a client. `kind` is a key of `KINDS`; `day` None: nobody set one."""

    kind: str
    client: Company
    what: str
    day: date | None = None
    amount: Decimal | None = None
    declaration: Declaration | None = None

    @property
    def label(self) -> str:
        return str(KINDS[self.kind])


@dataclass(frozen=True)
class Client:
    """A company for which the reader's companies file, and what there is for it now.

    `until` is the last day of its mandate (None: no end, or a company of one's own). `payers` are people of the
    reader's own companies who may pay; of the client it is only said whether somebody there may.
    """

    company: Company
    is_own: bool
    until: date | None
    ends_soon: bool
    drafts: int
    moving: int
    due: Sequence[DueThing]
    may_pay: bool
    pays_itself: bool
    payers: Sequence[str] = field(default_factory=tuple)

    def number(self, kind: str) -> int:
        return sum(each.kind == kind for each in self.due)

    @property
    def questions(self) -> int:
        return self.number("question")

    @property
    def answer_by(self) -> date | None:
        return min((each.day for each in self.due if each.kind == "question" and each.day), default=None)

    @property
    def to_pay(self) -> int:
        return self.number("pay")

    @property
    def amount(self) -> Decimal:
        return sum((each.amount or ZERO for each in self.due if each.kind == "pay"), ZERO)

    @property
    def examinations(self) -> int:
        return self.number("examination")

    @property
    def ending(self) -> int:
        """Terms and guarantees that end soon."""
        return self.number("stock") + self.number("guarantee") + self.number("statement")


def client_companies(user: User, *, on: date) -> list[Company]:
    """Companies of one's own and those whose mandate they hold on the day, by name."""
    mine = companies_of(user, on=on)
    given = mandates_into(mine, on=on).values("principal")
    return list(Company.objects.filter(Q(pk__in=mine) | Q(pk__in=given)).order_by("name", "pk")[:MOST_CLIENTS])


def clients_of(user: User, *, on: date, only: str = "") -> list[Client]:
    """Every client with what is due, or the one with the TIN `only`."""
    mine = companies_of(user, on=on)
    own = set(mine.values_list("pk", flat=True))
    companies = [each for each in client_companies(user, on=on) if only in ("", each.tin)]
    keys = [each.pk for each in companies]
    last = _last_days(mandates_into(mine, on=on))
    due: dict[int, list[DueThing]] = defaultdict(list)
    for thing in _due(user, companies, on=on):
        due[thing.client.pk].append(thing)
    drafts, moving = _drafts(user, companies, on=on), _moving(user, keys, on=on)
    paying = set(paying_companies(user, on=on).values_list("pk", flat=True))
    payers, paid_by_themselves = _payers(own, on=on), _with_payers(keys, on=on)
    found = []
    for company in companies:
        until = None if company.pk in own else last.get(company.pk)
        soon = until is not None and until <= on + SOON
        ending = [DueThing("mandate", company, "", until)] if soon else []
        found.append(
            Client(
                company, company.pk in own, until, soon, drafts[company.tin], moving[company.pk],
                [*due[company.pk], *ending],
                may_pay=bool(paying & own) or company.pk in paying, pays_itself=company.pk in paid_by_themselves,
                payers=payers,
            )
        )  # fmt: skip
    return found


def due_first(clients: Sequence[Client], *, on: date) -> list[DueThing]:
    """What is due for all of them: what is late, then what has no day, then by day."""
    things = [thing for client in clients for thing in client.due]
    return sorted(things, key=lambda each: (each.day or on, str(each.client), each.kind, each.what))


# How much there is ------------------------------------------------------------------------------------------------
def _drafts(user: User, companies: Sequence[Company], *, on: date) -> Counter[str]:
    """Drafts by the TIN of whom they are for: the party on this side of the border, else whoever files."""
    mine = visible_to(user, on=on).filter(status=Status.DRAFT).exclude(SENT_DRAFTS).order_by("-pk")
    tins, counted = {each.tin for each in companies}, Counter[str]()
    rows = mine.values_list("declaration_type", "exporter_code", "consignee_code", "declarant__tin")
    for kind, exporter, consignee, declarant in rows[: 5 * MOST_OF_A_KIND]:
        party = exporter if kind.startswith("EX") else consignee
        counted[party if party in tins else declarant] += 1
    return counted


def _moving(user: User, keys: Sequence[int], *, on: date) -> Counter[int]:
    rows = visible_to(user, on=on).filter(status__in=_MOVING, trader__in=keys).order_by()
    return Counter(dict(rows.values_list("trader").annotate(number=Count("pk"))))


def _last_days(mandates: QuerySet[Mandate]) -> dict[int, date | None]:
    """Until when one may file for each principal, by the mandate that lasts longest; None: without end."""
    last: dict[int, date | None] = {}
    for key, until in mandates.values_list("principal", "valid_to"):
        known = last.get(key, date.min)
        last[key] = None if until is None or known is None else max(until, known)
    return last


def _payers(own: set[int], *, on: date) -> list[str]:
    held = Membership.objects.on(on).filter(company__in=own, right__in=PAYING_RIGHTS, user__is_program=False)
    return list(dict.fromkeys(str(each.user) for each in held.select_related("user")))[:_PAYERS_NAMED]


def _with_payers(keys: Sequence[int], *, on: date) -> set[int]:
    held = Membership.objects.on(on).filter(company__in=keys, right__in=PAYING_RIGHTS)
    return set(held.values_list("company", flat=True))


# What is due ------------------------------------------------------------------------------------------------------
def _due(user: User, companies: Sequence[Company], *, on: date) -> list[DueThing]:
    by_pk: dict[int | None, Company] = {each.pk: each for each in companies}
    rows = visible_to(user, on=on).filter(trader__in=by_pk).as_rows().select_related("trader", "declarant")
    return [
        *_questions(rows), *_payments(rows), *_examinations(rows), *_stock(user, by_pk, on=on),
        *_guarantees(user, by_pk, on=on), *_statements(user, by_pk, on=on),
    ]  # fmt: skip


def _questions(rows: QuerySet[Declaration]) -> Iterator[DueThing]:
    waiting = rows.filter(STAGES["queries"]).select_related(None).values("pk").order_by()
    asked = Query.objects.filter(answer=None, case__declaration__in=waiting).select_related("case__declaration__trader")
    for query in asked.order_by("due", "pk")[:MOST_OF_A_KIND]:
        about = query.case.declaration
        yield DueThing("question", _client(about), query.question, query.due, declaration=about)


def _payments(rows: QuerySet[Declaration]) -> Iterator[DueThing]:
    assessed = rows.filter(STAGES["to_pay"], payable__gt=0).order_by("pk")[:MOST_OF_A_KIND]
    for each in with_due(list(assessed)):
        if each.amount > 0:
            about = each.declaration
            yield DueThing("pay", _client(about), about.mrn, amount=each.amount, declaration=about)


def _examinations(rows: QuerySet[Declaration]) -> Iterator[DueThing]:
    going_on = Examination.objects.filter(finished_at=None).exclude(kind=Examination.Kind.AUDIT)
    looked_at = going_on.values("case__declaration__mrn").order_by()
    for about in rows.filter(status__in=_MOVING, mrn__in=looked_at).order_by("pk")[:MOST_OF_A_KIND]:
        yield DueThing("examination", _client(about), about.mrn, declaration=about)


def _stock(user: User, by_pk: Mapping[int | None, Company], *, on: date) -> Iterator[DueThing]:
    held = stock_visible_to(user, on=on).filter(company__in=by_pk, due__lte=on + SOON).with_stock()
    for account in held.order_by("due", "pk")[:MOST_OF_A_KIND]:
        yield DueThing("stock", by_pk[account.company_id], str(account), account.due)


def _guarantees(user: User, by_pk: Mapping[int | None, Company], *, on: date) -> Iterator[DueThing]:
    ending = guarantees_visible_to(user, on=on).filter(valid_to__range=(on, on + SOON), account__company__in=by_pk)
    for each in ending.order_by("valid_to", "pk")[:MOST_OF_A_KIND]:
        yield DueThing("guarantee", by_pk[each.account.company_id], each.reference, each.valid_to)


def _statements(user: User, by_pk: Mapping[int | None, Company], *, on: date) -> Iterator[DueThing]:
    paying = paying_companies(user, on=on).filter(pk__in=list(by_pk))
    for each in deferred_statements_of(list(paying[:MOST_OF_A_KIND])):
        kept = each.statement
        company = by_pk[kept.account.company_id]
        yield DueThing("statement", company, kept.number, kept.due_on, amount=each.open)


def _client(declaration: Declaration) -> Company:
    assert declaration.trader is not None, "what was lodged has a trader"
    return declaration.trader
