"""What the cashier's desk shows, to take away as CSV or XLSX. Headings are those of the machine door, in English."""

import uuid
from collections.abc import Callable, Iterator, Sequence

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_GET

from lib.figures import plain
from lib.table_answers import table_answer
from payments import selectors
from payments.models import BankEntry
from payments.views.cashier import file_or_404
from payments.views.gate import desk_or_404

MOST_IN_WORKBOOK = 50_000
_AT_ONCE = 2_000
Rows = Iterator[Sequence[object]]


@login_required
@require_GET
def desk_table(request: HttpRequest, table: str, kind: str) -> HttpResponseBase:
    """What one of the desk's lists shows, whole."""
    desk_or_404(request)
    if table not in _TABLES:
        raise Http404
    return table_answer(_TABLES[table](), name=table, kind=kind)


@login_required
@require_GET
def bank_file_table(request: HttpRequest, key: uuid.UUID, kind: str) -> HttpResponseBase:
    """What a file told of for the first time."""
    desk_or_404(request)
    kept = file_or_404(key)
    if kind == "xlsx" and kept.new > MOST_IN_WORKBOOK:
        raise Http404
    return table_answer(_entries(selectors.entries_of(kept).iterator(chunk_size=_AT_ONCE)), name="entries", kind=kind)


def _entries(rows: Iterator[BankEntry]) -> Rows:
    yield (
        "value_date", "amount", "currency", "payer", "payer_account", "reference", "text", "bank_reference",
        "reversal", "tin", "declaration", "suspense",
    )  # fmt: skip
    for row in rows:
        suspense = getattr(row, "suspense", None)
        company = row.company or (suspense.company if suspense else None)
        yield (
            row.value_date, plain(row.amount, least=2), row.currency, row.payer, row.payer_account, row.reference,
            row.text, row.bank_reference, row.is_reversal, company.tin if company else "",
            row.declaration.mrn if row.declaration else "", suspense.status if suspense else "",
        )  # fmt: skip


def _suspense() -> Rows:
    yield ("since", "status", "amount", "currency", "payer", "payer_account", "reference", "text", "tin")
    for item in selectors.suspense_open().iterator(chunk_size=_AT_ONCE):
        row = item.bank_entry
        yield (
            timezone.localtime(item.opened_at).date(), item.status, plain(item.amount, least=2), row.currency,
            row.payer, row.payer_account, row.reference, row.text, item.company.tin if item.company else "",
        )  # fmt: skip


def _files() -> Rows:
    yield ("received", "name", "form", "status", "entries", "done", "new", "fault", "sha256")
    for kept in selectors.bank_files().iterator(chunk_size=_AT_ONCE):
        fault = kept.fault["code"] if kept.fault else ""
        at = timezone.localtime(kept.at)
        yield (
            f"{at:%Y-%m-%d %H:%M}", kept.name, kept.form, kept.status, kept.total, kept.done, kept.new, fault,
            kept.sha256,
        )  # fmt: skip


def _today() -> Rows:
    yield "entry", "at", "kind", "amount", "tin", "declaration", "text"
    for line in selectors.lines_of_today(on=timezone.localdate()).iterator(chunk_size=_AT_ONCE):
        entry = line.entry
        yield (
            entry.pk, f"{timezone.localtime(entry.at):%Y-%m-%d %H:%M:%S}", entry.kind,
            plain(line.debit - line.credit, least=2), line.tin or "",
            entry.declaration.mrn if entry.declaration else "", entry.text,
        )  # fmt: skip


def _attempts() -> Rows:
    yield "begun", "status", "amount", "currency", "tin", "declaration", "reference", "bank_reference"
    for row in selectors.attempts_without_end(at=timezone.now()).iterator(chunk_size=_AT_ONCE):
        yield (
            f"{timezone.localtime(row.created_at):%Y-%m-%d %H:%M:%S}", row.status, plain(row.amount, least=2),
            row.currency, row.company.tin, row.declaration.mrn if row.declaration else "", row.public_id,
            row.bank_reference,
        )  # fmt: skip


def _refused() -> Rows:
    yield "day", "why", "count"
    for row in selectors.refused_callbacks(on=timezone.localdate()):
        yield row.day, row.why, row.count


_TABLES: dict[str, Callable[[], Rows]] = {
    "suspense": _suspense,
    "files": _files,
    "today": _today,
    "attempts": _attempts,
    "call-backs": _refused,
}
