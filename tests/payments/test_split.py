"""One declaration by several means: paid when all is covered, in part until then, and nothing half lost."""

from typing import Any

import pytest

from clearance import services as clearance
from payments import selectors, services
from payments.models import Account, Entry, Payment, Receipt
from payments.services.pay import first_taxes
from tests import make
from tests.payments.money_steps import D, begin, confirm, move, pay, refuses
from tests.payments.test_paying import amended, suspended
from tests.payments.ways_steps import account, books_are_whole, deferred, status

pytestmark = pytest.mark.django_db


def split(declaration: Any, key: str = "split", **kinds: Any) -> Any:
    shares = {account(kind): D(str(share)) for kind, share in kinds.items()}
    return services.pay_split(declaration, shares=shares, by=make.trader(), at=make.AT, idempotency_key=key)


def test_shares_that_cover_everything_pay_the_declaration_at_once() -> None:
    declaration = make.assessed()
    make.funds(amount=D(100))
    move("guarantee", "20")
    deferred()
    rest = declaration.payable - 30
    for _time in range(2):
        assert split(declaration, prepaid=10, guarantee=20, deferred=rest).status == "paid"
    assert {each.means: each.amount for each in Payment.objects.all()} == {
        "prepaid": 10, "deposit": 20, "deferred": rest,
    }  # fmt: skip
    assert Entry.objects.filter(declaration=declaration).count() == 1
    books_are_whole()


@pytest.mark.usefixtures("told")
def test_a_part_is_booked_and_the_rest_paid_at_the_bank() -> None:
    declaration = make.assessed()
    make.funds(amount=D(10))
    assert split(declaration, prepaid=10).status == "assessed"
    assert selectors.due(declaration) == declaration.payable - 10
    event = declaration.events.get(verb="pay_part")
    assert event.data["amount"] == "10.00"
    attempt = begin(declaration=declaration, amount=str(declaration.payable - 10))
    confirm(attempt, str(attempt.amount))
    assert status(declaration) == "paid"
    assert selectors.paid_by_tax(declaration.mrn) == selectors.charged_by_tax(declaration)
    assert sorted(each.means for each in Payment.objects.all()) == ["bank", "prepaid"]
    books_are_whole()


def test_a_part_is_given_back_to_the_accounts_it_came_from_when_the_declaration_ends() -> None:
    declaration = make.assessed()
    make.funds(amount=D(30))
    move("guarantee", "20")
    deferred()
    split(declaration, prepaid=10, guarantee=20, deferred=5)
    assert account("deferred").balance == -5
    clearance.cancel(declaration, reason="sent back", by=make.trader(), at=make.AT)
    assert [account(kind).balance for kind in ("prepaid", "guarantee", "deferred")] == [10, 20, 0]
    books_are_whole()


def test_the_first_taxes_are_paid_first_and_a_receipt_says_which() -> None:
    assert first_taxes({"A": D(5), "B": D(-2), "C": D(4)}, D(3)) == {"B": -2, "A": 5}
    assert first_taxes({"A": D(5), "B": D(4)}, D(7)) == {"A": 5, "B": 2}
    declaration = make.assessed()
    make.funds(amount=D(10))
    split(declaration, prepaid=10)
    services.issue_receipts(declaration.pk, at=make.AT)
    assert Receipt.objects.get().payment.amount == 10


def test_shares_that_make_no_sense_are_refused_and_change_nothing() -> None:
    declaration = make.assessed()
    make.funds()
    for shares in ({}, {"prepaid": 0}, {"prepaid": -1}, {"prepaid": declaration.payable + 1}):
        with refuses(("P041", "shares")):
            split(declaration, **shares)
    theirs = services.open_account(make.company(make.OTHER_TIN, owner=make.stranger()), "prepaid", at=make.AT)
    with refuses(("P003", "account")):
        services.pay_split(declaration, shares={theirs: D(1)}, by=make.trader(), at=make.AT, idempotency_key="theirs")
    deferred("5")
    with refuses(("P004", "account")):
        split(declaration, prepaid=1, deferred=6)
    clearance.cancel(declaration, reason="sent back", by=make.trader(), at=make.AT)
    with refuses(("P001", "")):
        split(declaration, prepaid=1)
    assert not Payment.objects.exists()


def test_of_the_guarantee_account_only_money_that_holds_nothing_is_taken() -> None:
    secured, other = suspended(), make.assessed()
    make.funds()
    move("guarantee", str(secured.guaranteed + 5))
    guarantee = account("guarantee")
    make.limit(guarantee, D(500))
    pay(secured)
    with refuses(("P004", "account")):
        split(other, guarantee="5.01")
    split(other, guarantee=5)
    assert account("guarantee").balance == secured.guaranteed


def test_a_part_is_not_taken_while_the_guarantee_cannot_hold_what_is_secured() -> None:
    declaration = suspended()
    make.funds()
    with refuses(("P005", "guarantee")):
        split(declaration, prepaid=1)
    move("guarantee", str(declaration.guaranteed))
    split(declaration, prepaid=1)
    assert account("guarantee").reserved == 0
    assert split(declaration, key="rest", prepaid=declaration.payable - 1).status == "paid"
    assert account("guarantee").reserved == declaration.guaranteed


def test_a_part_counts_on_the_version_that_replaces_it() -> None:
    first = make.assessed()
    make.funds()
    split(first, prepaid=10)
    second = amended(first, price="2400.00")
    assert selectors.due(second) == second.payable - 10
    pay(second)
    assert selectors.paid_by_tax(second.mrn) == selectors.charged_by_tax(second)
    assert Account.objects.get(pk=account("prepaid").pk).balance == make.FUNDS - second.payable
