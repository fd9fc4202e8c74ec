"""Many declarations in one click: what can be paid is paid once, what cannot is named; by an account or the bank."""

from decimal import Decimal
from threading import Thread
from typing import Any

import pytest
from django.db import connection

from clearance import services as clearance
from payments import selectors, services
from payments.models import Attempt, Entry, Payment
from tests import make
from tests.payments.money_steps import D, move, pay, refuses
from tests.payments.test_paying import suspended
from tests.payments.ways_steps import account, arrives, books_are_whole, many, many_at_the_bank, status

pytestmark = pytest.mark.django_db


def test_several_are_paid_in_one_click_and_only_once_by_two() -> None:
    declarations = [make.assessed() for _each in range(3)]
    make.funds()
    first, second = many(declarations), many(declarations)
    assert [done.amount for done in first] == [each.payable for each in declarations]
    assert [done.amount for done in second] == [done.amount for done in first]
    assert not any(done.violations for done in (*first, *second))
    assert {status(each) for each in declarations} == {"paid"}
    assert Payment.objects.count() == 3
    books_are_whole()


def test_what_cannot_be_paid_is_named_and_the_rest_is_paid() -> None:
    good, cancelled, secured, last = make.assessed(), make.assessed(), suspended(), make.assessed()
    clearance.cancel(cancelled, reason="sent back", by=make.trader(), at=make.AT)
    make.funds()
    done = many([good, cancelled, secured, last])
    assert [[fault.code for fault in each.violations] for each in done] == [[], ["P001"], ["P005"], []]
    assert (status(good), status(secured), status(last)) == ("paid", "assessed", "paid")


def test_money_that_does_not_do_for_all_pays_the_first_ones() -> None:
    declarations = [make.assessed() for _each in range(3)]
    make.funds(amount=declarations[0].payable * 2)
    done = many(declarations)
    assert [bool(each.violations) for each in done] == [False, False, True]
    assert done[2].violations[0].code == "P004"


def test_nothing_and_too_much_at_once_are_refused() -> None:
    make.funds()
    with refuses(("P042", "declarations")):
        many([])
    with refuses(("P043", "declarations")):
        many([make.assessed()] * 201)


def test_one_payment_at_the_bank_settles_many(told: list[dict[str, Any]]) -> None:
    declarations = [make.assessed() for _each in range(3)]
    attempt, left_out = many_at_the_bank(declarations)
    assert attempt is not None
    assert not left_out
    assert told[0]["amount"] == sum(each.payable for each in declarations)
    arrives(attempt)
    assert {status(each) for each in declarations} == {"paid"}
    assert {each.attempt for each in Payment.objects.all()} == {attempt}
    assert selectors.balance(make.company()) == 0
    services.settle_parts(attempt.pk, at=make.AT)
    assert Payment.objects.count() == 3
    books_are_whole()


@pytest.mark.usefixtures("told")
def test_less_than_was_asked_for_pays_what_it_covers_and_takes_nothing_else_of_the_account() -> None:
    declarations = [make.assessed() for _each in range(2)]
    make.funds()
    attempt, _left = many_at_the_bank(declarations)
    assert attempt is not None
    arrives(attempt, attempt.amount - 1)
    assert [status(each) for each in declarations] == ["paid", "assessed"]
    assert selectors.left_of(attempt) == declarations[1].payable - 1
    assert selectors.balance(make.company()) == make.FUNDS + declarations[1].payable - 1
    assert [state.done for state in selectors.parts_of(attempt)] == [True, False]


@pytest.mark.usefixtures("told")
def test_what_was_paid_meanwhile_leaves_its_money_on_the_account() -> None:
    declarations = [make.assessed() for _each in range(2)]
    attempt, _left = many_at_the_bank(declarations)
    assert attempt is not None
    make.funds()
    pay(declarations[0])
    arrives(attempt)
    assert {status(each) for each in declarations} == {"paid"}
    assert selectors.balance(make.company()) == make.FUNDS
    arrives(attempt, transaction="TX2")
    assert selectors.balance(make.company()) == make.FUNDS + attempt.amount


@pytest.mark.usefixtures("told")
def test_two_clicks_on_the_way_to_the_bank_begin_one_attempt_and_what_cannot_be_paid_is_left_out() -> None:
    good, secured = make.assessed(), suspended()
    first, left_out = many_at_the_bank([good, secured], key="one")
    second, _left = many_at_the_bank([good, secured], key="one")
    assert first == second == Attempt.objects.get()
    assert [(each.declaration, each.violations[0].code) for each in left_out] == [(secured, "P005")]
    assert first is not None
    assert first.amount == good.payable


def test_the_guarantee_has_to_do_for_all_of_them_together(told: list[dict[str, Any]]) -> None:
    first, second = suspended(), suspended()
    make.funds()
    move("guarantee", str(first.guaranteed))
    attempt, left_out = many_at_the_bank([first, second])
    assert [each.declaration for each in left_out] == [second]
    assert attempt is not None
    assert told[0]["amount"] == first.payable


@pytest.mark.django_db(transaction=True)
def test_clicks_at_once_with_the_declarations_in_any_order_pay_each_once() -> None:
    declarations = [make.assessed() for _each in range(4)]
    make.funds()
    source, trader = account("prepaid"), make.trader()
    failures: list[object] = []

    def click(number: int) -> None:
        order = declarations if number % 2 else declarations[::-1]
        try:
            for done in services.pay_many(order, account=source, by=trader, at=make.AT, idempotency_key=f"k{number}"):
                failures.extend(fault for fault in done.violations if fault.code != "P001")
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    clicks = [Thread(target=click, args=[number]) for number in range(4)]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join(300)
    assert not failures
    assert Payment.objects.count() == Entry.objects.filter(kind=Entry.Kind.PAYMENT).count() == 4
    assert selectors.balance(make.company()) == make.FUNDS - sum((each.payable for each in declarations), D(0))
    assert Decimal(0) <= account("prepaid").balance
    books_are_whole()
