"""The ledger's guards live in the database: whoever writes, unbalanced or changed books are refused."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from beancount import loader
from beancount.core import inventory
from beancount.core.data import Transaction
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from lib.violations import Rejected
from payments import selectors, services
from payments.beancount import ledger_text, name_of
from payments.models import Account, Entry, Payment, Posting
from tests import make

pytestmark = pytest.mark.django_db


def account(kind: str = Account.Kind.PREPAID) -> Account:
    return services.open_account(make.company(owner=make.trader()), kind, at=make.AT)


def entry(key: str, *amounts: int) -> Entry:
    """An entry over the prepaid and guarantee account; positive credits, negative debits."""
    made = Entry.objects.create(idempotency_key=key, kind=Entry.Kind.MOVE, at=make.AT, text="")
    for place, amount in enumerate(amounts):
        kind = Account.Kind.PREPAID if place % 2 else Account.Kind.GUARANTEE
        Posting.objects.create(entry=made, account=account(kind), debit=max(-amount, 0), credit=max(amount, 0))
    return made


def test_an_entry_whose_debits_are_not_its_credits_is_refused_at_commit():
    make.funds(amount=Decimal(100))
    entry("balanced", 5, -5)
    connection.check_constraints()
    entry("unbalanced", 5, -4)
    with pytest.raises(IntegrityError, match="does not balance"):
        connection.check_constraints()


def test_an_entry_without_postings_is_refused_at_commit():
    Entry.objects.create(idempotency_key="empty", kind=Entry.Kind.MOVE, at=make.AT, text="")
    with pytest.raises(IntegrityError, match="does not balance"):
        connection.check_constraints()


@pytest.mark.parametrize(("debit", "credit"), [(0, 0), (5, 5), (-5, 0)])
def test_a_posting_has_exactly_one_positive_side(debit: int, credit: int):
    make.funds()
    made = entry("sides", 5, -5)
    with pytest.raises(IntegrityError, match="posting_debit_or_credit"), transaction.atomic():
        Posting.objects.create(entry=made, account=account(), debit=debit, credit=credit)


@pytest.mark.parametrize("table", ["entry", "posting", "payment", "callback", "receipt", "bankstatement", "bankentry"])
def test_what_was_booked_is_neither_changed_nor_deleted(table: str):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgname = %s AND tgrelid = %s::regclass",
            [f"payments_{table}_append_only", f"payments_{table}"],
        )
        assert cursor.fetchone() == (1,)


@pytest.mark.usefixtures("as_owner")
def test_an_entry_cannot_be_changed_nor_deleted():
    make.funds()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Entry.objects.update(text="rewritten")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Posting.objects.all()._raw_delete("default")
    assert selectors.balance(make.company()) == make.FUNDS


def test_a_key_is_booked_once():
    company = make.company(owner=make.trader())
    for _time in range(2):
        services.top_up(company, amount=Decimal("12.50"), by=None, at=make.AT, idempotency_key="same")
    assert selectors.balance(company) == Decimal("12.50")


def test_the_database_keeps_a_customer_within_the_limit():
    prepaid = account()
    make.funds(amount=Decimal(10))
    made = Entry.objects.create(idempotency_key="too much", kind=Entry.Kind.MOVE, at=make.AT, text="")
    with pytest.raises(IntegrityError, match="account_within_limit"), transaction.atomic():
        Posting.objects.create(entry=made, account=prepaid, debit=Decimal("10.01"))
    deferred = make.limit(account(Account.Kind.DEFERRED), Decimal(5))
    Posting.objects.create(entry=made, account=deferred, debit=Decimal(5))
    with pytest.raises(IntegrityError, match="account_within_limit"), transaction.atomic():
        Posting.objects.create(entry=made, account=deferred, debit=Decimal("0.01"))
    Posting.objects.create(entry=made, account=prepaid, credit=Decimal(5))


def test_a_payment_credits_revenue_tax_by_tax_as_charged():
    paid = make.paid()
    charged = selectors.charged_by_tax(paid)
    assert charged
    for tax, amount in charged.items():
        assert selectors.balance_of_administration(Account.Kind.REVENUE, tax_code=tax) == amount
    assert Payment.objects.get(declaration=paid).amount == sum(charged.values())
    assert selectors.balance(paid.trader) == make.FUNDS - sum(charged.values())


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["top_up", "to_guarantee", "to_deferred"]),
        st.decimals(min_value="0.01", max_value="500", places=2),
    ),
    max_size=8,
)


class Sequences(TestCase):
    """Any sequence of verbs, judged by another ledger: beancount books the same entries to the same balances."""

    @settings(max_examples=12)
    @given(STEPS)
    def test_beancount_comes_to_the_same_balances(self, steps: list[tuple[str, Decimal]]) -> None:
        company = make.company(owner=make.trader())
        services.open_accounts(company, at=make.AT)
        for place, (verb, amount) in enumerate(steps):
            self.do(company, verb, amount, key=f"step-{place}")
        connection.check_constraints()
        balances = beancount_balances()
        for account in Account.objects.filter(company=company):
            assert account.balance == balances.get(name_of(account), Decimal(0))
        assert selectors.balance_of_administration(Account.Kind.BANK) == balances.get("Assets:Bank", Decimal(0))
        assert sum(balances.values(), Decimal(0)) == 0

    def do(self, company, verb: str, amount: Decimal, *, key: str) -> None:
        if verb == "top_up":
            services.top_up(company, amount=amount, by=None, at=make.AT, idempotency_key=key)
            return
        target = Account.Kind.GUARANTEE if verb == "to_guarantee" else Account.Kind.DEFERRED
        before = selectors.balance(company)
        try:
            services.move(
                company,
                source=Account.Kind.PREPAID,
                target=target,
                amount=amount,
                by=make.trader(),
                at=make.AT,
                idempotency_key=key,
            )
        except Rejected:
            assert amount > before
        else:
            assert before >= amount


def beancount_balances() -> dict[str, Decimal]:
    """What beancount makes of the exported ledger; it refuses what does not balance or is not what our count says."""
    booked, errors, _options = loader.load_string("\n".join(ledger_text()))
    assert not errors
    sums: dict[str, inventory.Inventory] = {}
    for each in booked:
        for line in each.postings if isinstance(each, Transaction) else []:
            sums.setdefault(line.account, inventory.Inventory()).add_amount(line.units)
    return {name: -held.get_currency_units("TJS").number for name, held in sums.items()}


def test_every_kind_of_entry_goes_to_beancount_whatever_its_text(tmp_path: Path):
    make.released()
    company = make.company()
    services.top_up(company, amount=Decimal("0.01"), by=None, at=make.AT, idempotency_key='k"\\\n;')
    file = tmp_path / "ledger.beancount"
    call_command("export_ledger", str(file), verbosity=0)
    booked, errors, _options = loader.load_file(str(file))
    assert not errors
    transactions = [each for each in booked if isinstance(each, Transaction)]
    assert len(transactions) == Entry.objects.count()
    assert {each.meta.get("mrn") for each in transactions} > {None}
    file.write_text(re.sub(r"(balance .*  -[0-9]+)", r"\g<1>1", file.read_text()))
    assert loader.load_file(str(file))[1], "a balance that is another one is refused"
