"""What the treasury's pages show, to take away as CSV or XLSX. Headings are those of the machine door, in English."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_GET

from lib.figures import plain
from lib.table_answers import table_answer
from payments import selectors
from payments.forms import AccountsForm, EntriesForm
from payments.models import Account
from payments.views.books import chosen_entries
from payments.views.desk_tables import MOST_IN_WORKBOOK
from payments.views.gate import books_or_404
from payments.views.treasury import chosen_accounts

_AT_ONCE = 1_000
Rows = Iterator[Sequence[object]]


@login_required
@require_GET
def treasury_table(request: HttpRequest, table: str, kind: str) -> HttpResponseBase:
    """Accounts and entries as the filters leave them; limits, money that awaits its owner by age, days."""
    books_or_404(request)
    if table not in _TABLES:
        raise Http404
    return table_answer(_TABLES[table](request, kind), name=table, kind=kind)


@login_required
@require_GET
def account_table(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """Every posting of an account."""
    books_or_404(request)
    try:
        account = selectors.any_account(pk)
    except Account.DoesNotExist as missing:
        raise Http404 from missing
    return table_answer(_postings(account, kind), name=f"account-{pk}", kind=kind)


@login_required
@require_GET
def closing_table(request: HttpRequest, day: date, kind: str) -> HttpResponseBase:
    """The closing of a day: what was compared by office, then each difference."""
    books_or_404(request)
    closing = selectors.closing_of(day)
    if closing is None:
        raise Http404
    return table_answer(_closing(closing.pk, day), name=f"closing-{day}", kind=kind)


def _moment(at: object) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}" if at else ""  # type: ignore[arg-type]


def _accounts(request: HttpRequest, kind: str) -> Rows:
    rows = selectors.all_accounts(**chosen_accounts(AccountsForm(request.GET)))
    yield "account", "kind", "tin", "company", "tax", "currency", "balance", "limit", "reserved"
    own = selectors.balances_of_administration(list(Account.objects.none()) or list(rows.filter(company=None)))
    for row in rows[:MOST_IN_WORKBOOK].iterator(chunk_size=_AT_ONCE):
        yield (
            row.pk, row.kind, row.company.tin if row.company else "", row.company.name if row.company else "",
            row.tax_code, row.currency, plain(own.get(row.pk, row.balance), least=2), plain(row.limit, least=2),
            plain(row.reserved, least=2),
        )  # fmt: skip


def _entries(request: HttpRequest, kind: str) -> Rows:
    rows = selectors.all_entries(**chosen_entries(EntriesForm(request.GET))).prefetch_related("postings__account")
    yield "entry", "at", "kind", "text", "declaration", "by", "key", "account", "account_kind", "tax", "debit", "credit"
    rows = rows[:MOST_IN_WORKBOOK] if kind == "xlsx" else rows
    for row in rows.iterator(chunk_size=_AT_ONCE):
        number = row.declaration.mrn if row.declaration else row.travel.reference if row.travel else ""
        for line in row.postings.all():
            yield (
                row.pk, _moment(row.at), row.kind, row.text, number, row.by.email if row.by else "",
                row.idempotency_key, line.account_id, line.account.kind, line.account.tax_code,
                plain(line.debit, least=2), plain(line.credit, least=2),
            )  # fmt: skip


def _postings(account: Account, kind: str) -> Rows:
    rows = selectors.postings_of(account)
    yield "posting", "entry", "at", "kind", "text", "declaration", "debit", "credit"
    rows = rows[:MOST_IN_WORKBOOK] if kind == "xlsx" else rows
    for row in rows.iterator(chunk_size=_AT_ONCE):
        mrn = row.entry.declaration.mrn if row.entry.declaration else ""
        yield (
            row.pk, row.entry_id, _moment(row.entry.at), row.entry.kind, row.entry.text, mrn,
            plain(row.debit, least=2), plain(row.credit, least=2),
        )  # fmt: skip


def _limits(request: HttpRequest, kind: str) -> Rows:
    yield "account", "kind", "tin", "before", "after", "reason", "status", "asked_by", "asked", "decided_by", "decided"
    for row in selectors.limit_changes().iterator(chunk_size=_AT_ONCE):
        yield (
            row.account_id, row.account.kind, row.account.company.tin if row.account.company else "",
            plain(row.old, least=2), plain(row.new, least=2), row.reason, row.status, row.by.email, _moment(row.at),
            row.decided_by.email if row.decided_by else "", _moment(row.decided_at),
        )  # fmt: skip


def _ages(request: HttpRequest, kind: str) -> Rows:
    yield "days_from", "days_to", "items", "sum"
    for age in selectors.suspense_by_age(at=timezone.now()):
        yield age.since, age.until or "", age.count, plain(age.sum, least=2)


def _days(request: HttpRequest, kind: str) -> Rows:
    yield "day", "status", "entries", "came", "went", "told_came", "told_went", "closed", "closed_by", "hash"
    for row in selectors.closings().iterator(chunk_size=_AT_ONCE):
        sums = (plain(each, least=2) for each in (row.came, row.went, row.told_came, row.told_went))
        by = row.closed_by.email if row.closed_by else ""
        yield row.day, row.status, row.entries, *sums, _moment(row.closed_at), by, row.digest


def _closing(pk: int, day: date) -> Rows:
    closing = selectors.closing_of(day)
    assert closing is not None
    yield "part", "office", "entries", "revenue", "declarations", "charged", "booked", "due", "kind", "status", "note"
    for office in selectors.offices_of(closing):
        yield (
            "office", office.office_code, office.entries, plain(office.revenue, least=2), office.declarations,
            plain(office.charged, least=2), plain(office.booked, least=2), plain(office.due, least=2), "", "", "",
        )  # fmt: skip
    for each in selectors.differences_of(closing):
        notes = " | ".join(f"{note.by.email}: {note.text}" for note in each.notes.all())
        amount = plain(each.amount, least=2)
        yield "difference", each.office_code, "", amount, each.text, "", "", "", each.kind, each.status, notes


_TABLES: dict[str, Callable[[HttpRequest, str], Rows]] = {
    "accounts": _accounts,
    "entries": _entries,
    "limits": _limits,
    "suspense": _ages,
    "days": _days,
}
