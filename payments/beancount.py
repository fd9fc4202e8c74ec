"""The ledger as a text that the bookkeeping program beancount reads: an auditor proves the books with a foreign tool.

Each account, each entry with its postings, and at the end what each customer's account holds by our own count. It
refuses the text if an entry does not balance or a balance is another one.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Max, Min
from django.utils import timezone

from lib.figures import plain
from payments.models import Account, Entry, Posting

_AT_ONCE = 1000
_ADMINISTRATION = {
    Account.Kind.BANK: "Assets:Bank",
    Account.Kind.REVENUE: "Income",
    Account.Kind.COSTS: "Expenses:Bank",
}
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9-]")


def ledger_text() -> Iterator[str]:
    """The whole ledger, line by line. The caller holds a transaction that sees one moment."""
    days = Entry.objects.aggregate(first=Min("at"), last=Max("at"))
    if days["first"] is None:
        return
    first, last = (timezone.localtime(days[name]).date() for name in ("first", "last"))
    yield 'option "title" "Ledger of the customs portal"'
    accounts = {account.pk: account for account in Account.objects.order_by("pk")}
    for account in accounts.values():
        yield f"{first} open {name_of(account)} {account.currency}"
        yield f"  account: {account.pk}"
    for entry in _entries():
        yield from _entry(entry, accounts)
    for account in accounts.values():
        if account.company_id is not None:
            yield _balance(account, after=last)


def name_of(account: Account) -> str:
    """How beancount calls an account: `Liabilities:Company-7:Prepaid`, `Income:VAT`, `Assets:Bank`."""
    if account.company_id is not None:
        own = f"-{account.pk}" if account.reference else ""
        return f"Liabilities:Company-{account.company_id}:{account.kind.capitalize()}{own}"
    root = _ADMINISTRATION.get(Account.Kind(account.kind), f"Liabilities:{account.kind.capitalize()}")
    return f"{root}:{_NOT_IN_NAMES.sub('-', account.tax_code).upper()}" if account.tax_code else root


def _entries() -> Iterator[Entry]:
    rows = Entry.objects.select_related("declaration").defer("declaration__held", "declaration__kept")
    yield from rows.prefetch_related("postings").order_by("at", "pk").iterator(chunk_size=_AT_ONCE)


def _entry(entry: Entry, accounts: dict[int, Account]) -> Iterator[str]:
    yield f"{timezone.localtime(entry.at).date()} * {_quoted(entry.kind)} {_quoted(entry.text)}"
    yield f"  entry: {entry.pk}"
    yield f"  key: {_quoted(entry.idempotency_key)}"
    if entry.declaration is not None:
        yield f"  mrn: {_quoted(entry.declaration.mrn)}"
    for posting in entry.postings.all():
        account = accounts[posting.account_id]
        yield f"  {name_of(account)}  {_change(posting)} {account.currency}"


def _change(posting: Posting) -> str:
    return plain(posting.debit - posting.credit, least=2)


def _balance(account: Account, *, after: date) -> str:
    held: Decimal = -account.balance
    return f"{after + timedelta(days=1)} balance {name_of(account)}  {plain(held, least=2)} {account.currency}"


def _quoted(text: str) -> str:
    told = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{" ".join(told.split())}"'
