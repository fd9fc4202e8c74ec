"""Verbs on accounts: open, lock, top up, move between a company's own accounts."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from lib.bulk import lock_rows
from lib.violations import refuse
from payments import ledger
from payments.models import Account, Entry, Guarantee
from tariffs.selectors import territory
from traders.models import Company


def open_account(company: Company, kind: str, *, at: datetime) -> Account:
    """The company's account of that kind, opened if it has none."""
    found: Account | None = Account.objects.filter(company=company, kind=kind, reference="").first()
    return found or _opened(company, kind, at=at)


@transaction.atomic
def _opened(company: Company, kind: str, *, at: datetime) -> Account:
    """A new account, unless somebody else was quicker. That for guarantees is the company's deposit."""
    account: Account
    account, new = Account.objects.get_or_create(
        company=company, kind=kind, reference="", defaults={"currency": territory().currency, "opened_at": at}
    )
    if new and kind == Account.Kind.GUARANTEE:
        day = timezone.localdate(at)
        Guarantee.objects.create(account=account, form=Guarantee.Form.DEPOSIT, valid_from=day, at=at)
    return account


def open_accounts(company: Company, *, at: datetime) -> list[Account]:
    """All three accounts a company has."""
    return [open_account(company, kind, at=at) for kind in Account.OF_CUSTOMERS]


def administration(kind: str, *, at: datetime, tax_code: str = "") -> Account:
    """An account of the administration itself, opened on demand."""
    account: Account = Account.objects.get_or_create(
        company=None, kind=kind, tax_code=tax_code, defaults={"currency": territory().currency, "opened_at": at}
    )[0]
    return account


def revenue_accounts(tax_codes: Mapping[str, Decimal], *, at: datetime) -> dict[str, Account]:
    """The revenue account of each tax; those that are there are read at once."""
    kind = Account.Kind.REVENUE
    rows = Account.objects.filter(company=None, kind=kind, tax_code__in=list(tax_codes))
    known = {row.tax_code: row for row in rows}
    return {code: known.get(code) or administration(kind, tax_code=code, at=at) for code in tax_codes}


def lock_accounts(*accounts: Account) -> dict[int, Account]:
    """Lock customers' accounts by primary key, lowest first, and read them afresh."""
    return {account.pk: account for account in lock_rows(Account, {account.pk for account in accounts})}


@transaction.atomic
def top_up(
    company: Company, *, amount: Decimal, by: User | None, at: datetime, idempotency_key: str, text: str = ""
) -> Entry:
    """Book money received for the company on its prepaid account, once for each key."""
    account = lock_accounts(open_account(company, Account.Kind.PREPAID, at=at)).popitem()[1]
    if entry := ledger.booked(idempotency_key):
        return entry
    _must_be_positive(amount)
    occasion = ledger.Occasion(key=idempotency_key, kind=Entry.Kind.TOP_UP, text=text, at=at, by=by)
    bank = administration(Account.Kind.BANK, at=at)
    return ledger.book(occasion, ledger.received(bank=bank, prepaid=account, amount=amount))


def move(
    company: Company, *, source: str, target: str, amount: Decimal, by: User, at: datetime, idempotency_key: str
) -> Entry:
    """Move money between two of the company's accounts: to the guarantee account, or to settle deferred payment."""
    _must_be_positive(amount)
    rows = Account.objects.filter(company=company, kind__in=(source, target), reference="")
    known = {account.kind: account for account in rows}
    giving, taking = (known.get(kind) or open_account(company, kind, at=at) for kind in (source, target))
    occasion = ledger.Occasion(key=idempotency_key, kind=Entry.Kind.MOVE, text="", at=at, by=by)
    entry = ledger.transfer(occasion, source=giving, target=taking, amount=amount) or ledger.booked(idempotency_key)
    if entry is None:
        raise refuse("P004", "amount", _("The account does not hold this amount. Top it up first."))
    return entry


def _must_be_positive(amount: Decimal) -> None:
    if amount <= 0:
        raise refuse("P009", "amount", _("The amount must be more than zero."))
