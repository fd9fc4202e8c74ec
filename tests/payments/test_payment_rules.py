"""Rules of money that are easily lost: who booked what and when, what is refused, what is held and given back."""

from datetime import timedelta
from decimal import Decimal

import pytest

from clearance import services as clearance
from declarations.models import Status
from payments import selectors, services
from payments.models import Account, Entry, LimitChange, Payment, Reservation
from tariffs.models import Measure
from tests import make
from tests.payments.money_steps import DEFERRED, GUARANTEE, LATER, PREPAID, D, balances, move, pay, refuses
from tests.payments.test_paying import amended, suspended

pytestmark = pytest.mark.django_db


# Accounts -----------------------------------------------------------------------------------------------------
def test_a_company_has_three_accounts_in_the_country_s_currency_opened_once() -> None:
    company = make.company(owner=make.trader())
    first = services.open_accounts(company, at=make.AT)
    again = services.open_accounts(company, at=LATER)
    assert [account.pk for account in again] == [account.pk for account in first]
    assert {account.kind for account in first} == {PREPAID, DEFERRED, GUARANTEE}
    assert {(account.currency, account.opened_at) for account in again} == {("TJS", make.AT)}


def test_the_administration_s_accounts_are_opened_with_the_first_money_in_the_country_s_currency() -> None:
    make.paid()
    administration = Account.objects.filter(company=None)
    assert {account.kind for account in administration} == {Account.Kind.BANK, Account.Kind.REVENUE}
    assert {(account.currency, account.opened_at) for account in administration} == {("TJS", make.AT)}


def test_a_change_of_limit_is_kept_with_both_limits_the_reason_and_the_person() -> None:
    account = services.open_account(make.company(owner=make.trader()), DEFERRED, at=make.AT)
    for limit, reason in ((D(500), "agreed"), (D(800), "raised")):
        account = make.limit(account, limit, reason=reason, at=LATER)
        assert account.limit == Account.objects.get(pk=account.pk).limit == limit
    kept = LimitChange.objects.order_by("pk").values_list("account", "old", "new", "reason", "by", "at")
    person = make.treasury().pk
    assert list(kept) == [
        (account.pk, D(0), D(500), "agreed", person, LATER),
        (account.pk, D(500), D(800), "raised", person, LATER),
    ]


def test_a_limit_may_fall_to_what_is_in_use_and_no_further() -> None:
    declaration = suspended()
    make.funds()
    guarantee = services.open_account(make.company(), GUARANTEE, at=make.AT)

    def limited(limit: Decimal) -> Account:
        return make.limit(guarantee, limit)

    limited(declaration.guaranteed + 1)
    pay(declaration)
    assert limited(declaration.guaranteed).limit == declaration.guaranteed
    with refuses(("P008", "limit")):
        limited(declaration.guaranteed - D("0.01"))


def test_money_received_is_booked_from_the_bank_with_its_text_person_and_time() -> None:
    company = make.company(owner=make.trader())
    entry = services.top_up(company, amount=D(5), by=make.trader(), at=LATER, idempotency_key="slip", text="Slip 7")
    assert (entry.kind, entry.text, entry.by, entry.at) == (Entry.Kind.TOP_UP, "Slip 7", make.trader(), LATER)
    assert (entry.idempotency_key, entry.declaration) == ("slip", None)
    assert {(row.account.kind, row.debit, row.credit) for row in entry.postings.all()} == {
        (Account.Kind.BANK, 5, 0),
        (PREPAID, 0, 5),
    }
    assert services.top_up(company, amount=D(9), by=None, at=LATER, idempotency_key="slip") == entry


@pytest.mark.parametrize("amount", ["0", "-1"])
def test_nothing_or_less_is_neither_received_nor_moved(amount: str) -> None:
    make.trader()
    make.funds()
    with refuses(("P009", "amount")):
        services.top_up(make.company(), amount=D(amount), by=None, at=make.AT, idempotency_key="none")
    with refuses(("P009", "amount")):
        move(GUARANTEE, amount)
    assert Entry.objects.count() == 1


def test_a_move_is_booked_once_with_its_person_and_time_and_may_take_everything() -> None:
    make.trader()
    make.funds(amount=D(100))
    entry = move(GUARANTEE, "100", key="all")
    assert move(GUARANTEE, "100", key="all") == entry
    assert (entry.kind, entry.by, entry.at, entry.text) == (Entry.Kind.MOVE, make.trader(), make.AT, "")
    assert balances() == {PREPAID: 0, GUARANTEE: 100}
    with refuses(("P004", "amount")):
        move(GUARANTEE, "0.01")


def test_money_that_is_held_cannot_be_moved_away() -> None:
    declaration = suspended()
    make.funds()
    move(GUARANTEE, str(declaration.guaranteed + 5))
    pay(declaration)
    with refuses(("P004", "amount")):
        move(PREPAID, "5.01", source=GUARANTEE)
    move(PREPAID, "5", source=GUARANTEE)
    assert balances()[GUARANTEE] == declaration.guaranteed


# Paying -------------------------------------------------------------------------------------------------------
def test_a_payment_says_for_whom_from_which_account_by_whom_and_when() -> None:
    declaration = make.assessed()
    make.funds()
    pay(declaration, key="once")
    payment = Payment.objects.get()
    assert (payment.declaration, payment.company, payment.at) == (declaration, make.company(), make.AT)
    assert (payment.means, payment.attempt) == (Payment.Means.PREPAID, None)
    entry = payment.entry
    assert (entry.kind, entry.text, entry.idempotency_key) == (Entry.Kind.PAYMENT, declaration.mrn, "once")
    assert (entry.by, entry.at, entry.declaration) == (make.trader(), make.AT, declaration)
    event = declaration.events.get(verb="pay")
    assert (event.by, event.at) == (make.trader(), make.AT)


def test_a_payment_from_the_deferred_account_says_so() -> None:
    declaration = make.assessed()
    deferred = services.open_account(make.company(), DEFERRED, at=make.AT)
    make.limit(deferred, declaration.payable)
    pay(declaration, account=deferred)
    assert Payment.objects.get().means == Payment.Means.DEFERRED
    assert balances()[DEFERRED] == -declaration.payable


def test_charges_are_not_paid_from_the_guarantee_account() -> None:
    declaration = make.assessed()
    make.funds()
    move(GUARANTEE, str(declaration.payable))
    guarantee = selectors.account_of(make.company(), GUARANTEE)
    with refuses(("P003", "account")):
        pay(declaration, account=guarantee)


def test_what_is_paid_is_paid_whatever_key_comes_next() -> None:
    declaration = make.paid()
    with refuses(("P001", "")):
        pay(declaration, key="another")
    assert Payment.objects.count() == 1


def test_a_guarantee_that_is_not_there_is_named() -> None:
    declaration = suspended()
    make.funds()
    with refuses(("P005", "guarantee")):
        pay(declaration)


def test_a_guarantee_is_held_for_its_declaration_by_the_payer() -> None:
    declaration = suspended()
    make.funds()
    move(GUARANTEE, str(declaration.guaranteed))
    pay(declaration)
    held = Reservation.objects.get()
    assert (held.declaration, held.mrn, held.amount) == (declaration, declaration.mrn, declaration.guaranteed)
    assert (held.by, held.at, held.status, held.ended_at) == (
        make.trader(), make.AT, Reservation.Status.HELD, None,
    )  # fmt: skip
    assert held.account == selectors.account_of(make.company(), GUARANTEE)


def test_an_amendment_that_needs_more_guarantee_gives_the_old_one_back_and_asks_for_the_difference_alone() -> None:
    first = suspended()
    make.funds()
    move(GUARANTEE, str(first.guaranteed))
    pay(first)
    second = amended(first, price="2400.00")
    more = second.guaranteed - first.guaranteed
    assert more > 0
    move(GUARANTEE, str(more - D("0.01")))
    with refuses(("P005", "guarantee")):
        pay(second, key="second")
    move(GUARANTEE, "0.01")
    assert pay(second, key="second").status == Status.PAID
    assert list(Reservation.objects.order_by("pk").values_list("status", "amount", "ended_at")) == [
        (Reservation.Status.VOIDED, first.guaranteed, make.AT),
        (Reservation.Status.HELD, second.guaranteed, None),
    ]
    assert selectors.account_of(make.company(), GUARANTEE).available == 0


def test_an_amendment_that_needs_less_guarantee_is_settled_by_itself_and_frees_the_rest() -> None:
    first = suspended()
    make.funds()
    move(GUARANTEE, str(first.guaranteed))
    pay(first)
    second = amended(first, price="600.00")
    assert second.status == Status.PAID
    guarantee = selectors.account_of(make.company(), GUARANTEE)
    assert guarantee.reserved == second.guaranteed
    assert guarantee.available == first.guaranteed - second.guaranteed > 0
    assert second.events.get(verb="pay").at == make.AT


def test_a_declaration_that_still_needs_a_guarantee_is_not_settled_by_itself() -> None:
    declaration = suspended()
    assert services.settle_if_nothing_due(declaration.pk, at=make.AT).status == Status.ASSESSED


def test_credit_goes_to_the_prepaid_account_of_who_paid_with_the_declaration_s_number() -> None:
    second = amended(make.paid(), price="600.00")
    entry = Entry.objects.get(kind=Entry.Kind.CREDIT)
    assert (entry.text, entry.at, entry.by, entry.declaration) == (second.mrn, make.AT, None, second)
    assert entry.postings.filter(account__kind=PREPAID, account__company=make.company()).get().credit > 0
    assert Payment.objects.filter(declaration=second).count() == 0


def test_without_money_and_without_guarantee_both_are_named() -> None:
    with refuses(("P004", "account"), ("P005", "guarantee")):
        pay(suspended())


def test_who_may_pay_is_judged_on_the_day_of_the_payment() -> None:
    declaration = make.assessed()
    make.funds()
    before = make.AT - timedelta(days=365)
    with refuses(("P003", "account")):
        services.pay_from_account(declaration, by=make.trader(), at=before, idempotency_key="early")
    account = selectors.account_of(make.company(), PREPAID)
    with refuses(("P003", "account")):
        services.pay_from_account(declaration, by=make.trader(), at=before, idempotency_key="early", account=account)


def test_nobody_pays_from_the_account_of_a_company_that_is_not_theirs() -> None:
    declaration = make.assessed()
    make.stranger()
    theirs = services.open_account(make.company(make.OTHER_TIN), PREPAID, at=make.AT)
    with refuses(("P003", "account")):
        pay(declaration, account=theirs)


def test_what_has_ended_is_not_paid() -> None:
    declaration = make.assessed()
    make.funds()
    clearance.cancel(declaration, reason="sent back", by=make.trader(), at=make.AT)
    with refuses(("P001", "")):
        pay(declaration)


def test_a_guarantee_alone_moves_a_declaration_on_and_the_same_key_again_changes_nothing() -> None:
    make.other_law(Measure.objects.filter(tax_code="FEE"))
    declaration = suspended()
    make.trader()
    make.funds()
    move(GUARANTEE, str(declaration.guaranteed))
    assert declaration.payable == 0
    assert [pay(declaration, key="same").status for _time in range(2)] == [Status.PAID, Status.PAID]
    assert Reservation.objects.count() == 1


def test_a_declaration_without_any_charge_is_settled_by_itself() -> None:
    make.other_law(Measure.objects.all())
    declaration = make.assessed()
    assert (declaration.payable, declaration.guaranteed) == (0, 0)
    assert services.settle_if_nothing_due(declaration.pk, at=LATER).status == Status.PAID
    assert not Entry.objects.exists()


def test_an_amendment_that_needs_the_same_guarantee_keeps_it() -> None:
    first, other = suspended(), suspended()
    make.funds()
    move(GUARANTEE, str(first.guaranteed + other.guaranteed))
    pay(first, key="first")
    pay(other, key="other")
    kept = Reservation.objects.get(mrn=first.mrn)
    second = amended(first, price="1200.00")
    assert services.settle_if_nothing_due(second.pk, at=LATER).status == Status.PAID
    assert list(Reservation.objects.filter(mrn=first.mrn)) == [kept]
    third = amended(second, price="600.00")
    services.settle_if_nothing_due(third.pk, at=LATER)
    assert Reservation.objects.filter(mrn=first.mrn).count() == 2
    assert Reservation.objects.get(mrn=other.mrn).status == Reservation.Status.HELD


def test_a_guarantee_of_less_than_one_is_held_too() -> None:
    secured = suspended()
    make.funds()
    move(GUARANTEE, str(secured.guaranteed))
    pay(secured)
    more = amended(secured, price="1200.05")
    assert 0 < more.guaranteed - secured.guaranteed < 1
    assert services.settle_if_nothing_due(more.pk, at=LATER).status == Status.ASSESSED
    make.other_law(Measure.objects.filter(tax_code="VAT"))
    make.other_law(Measure.objects.filter(tax_code="DUTY"), rate_text="5%")
    small = make.assessed(
        general_procedure="7", items=[make.item(extended_procedure="7100", item_price="1.00")], warehouse="W-01"
    )
    assert 0 < small.guaranteed < 1
    move(GUARANTEE, str(small.guaranteed))
    pay(small, key="small")
    assert Reservation.objects.get(mrn=small.mrn).amount == small.guaranteed
