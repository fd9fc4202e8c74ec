"""Rules of money that are easily lost: who booked what and when, what the bank is told, what is held and given back."""

import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from declarations.models import Declaration, Status, StoredFile
from lib.signature import headers
from lib.violations import Rejected
from payments import bank, selectors, services
from payments.models import Account, Attempt, Callback, Entry, LimitChange, Payment, Reservation
from tests import make
from tests.payments.test_paying import amended, suspended

pytestmark = pytest.mark.django_db
D = Decimal
LATER = make.AT + timedelta(hours=2)
PREPAID, DEFERRED, GUARANTEE = Account.Kind.PREPAID, Account.Kind.DEFERRED, Account.Kind.GUARANTEE


def move(target: str, amount: str, *, source: str = PREPAID, key: str = "") -> Entry:
    return services.move(
        make.company(owner=make.trader()),
        source=source,
        target=target,
        amount=D(amount),
        by=make.trader(),
        at=make.AT,
        idempotency_key=key or uuid.uuid4().hex,
    )


def balances() -> dict[str, Decimal]:
    return {account.kind: account.balance for account in Account.objects.filter(company=make.company())}


def pay(declaration: Declaration, *, key: str = "pay", **more: Any) -> Declaration:
    return services.pay_from_account(declaration, by=make.trader(), at=make.AT, idempotency_key=key, **more)


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
        account = services.set_limit(account, limit=limit, reason=reason, by=make.supervisor(), at=LATER)
        assert account.limit == Account.objects.get(pk=account.pk).limit == limit
    kept = LimitChange.objects.order_by("pk").values_list("account", "old", "new", "reason", "by", "at")
    person = make.supervisor().pk
    assert list(kept) == [
        (account.pk, D(0), D(500), "agreed", person, LATER),
        (account.pk, D(500), D(800), "raised", person, LATER),
    ]


def test_a_limit_may_fall_to_what_is_in_use_and_no_further() -> None:
    declaration = suspended()
    make.funds()
    guarantee = services.open_account(make.company(), GUARANTEE, at=make.AT)

    def limited(limit: Decimal) -> Account:
        return services.set_limit(guarantee, limit=limit, reason="agreed", by=make.supervisor(), at=make.AT)

    limited(declaration.guaranteed + 1)
    pay(declaration)
    assert limited(declaration.guaranteed).limit == declaration.guaranteed
    with pytest.raises(Rejected, match="P008") as refused:
        limited(declaration.guaranteed - D("0.01"))
    assert refused.value.violations[0].pointer == "limit"


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
    with pytest.raises(Rejected, match="P009") as refused:
        services.top_up(make.company(), amount=D(amount), by=None, at=make.AT, idempotency_key="none")
    assert refused.value.violations[0].pointer == "amount"
    with pytest.raises(Rejected, match="P009"):
        move(GUARANTEE, amount)
    assert Entry.objects.count() == 1


def test_a_move_is_booked_once_with_its_person_and_time_and_may_take_everything() -> None:
    make.trader()
    make.funds(amount=D(100))
    entry = move(GUARANTEE, "100", key="all")
    assert move(GUARANTEE, "100", key="all") == entry
    assert (entry.kind, entry.by, entry.at, entry.text) == (Entry.Kind.MOVE, make.trader(), make.AT, "")
    assert balances() == {PREPAID: 0, GUARANTEE: 100}
    with pytest.raises(Rejected, match="P004") as refused:
        move(GUARANTEE, "0.01")
    assert refused.value.violations[0].pointer == "amount"


def test_money_that_is_held_cannot_be_moved_away() -> None:
    declaration = suspended()
    make.funds()
    move(GUARANTEE, str(declaration.guaranteed + 5))
    pay(declaration)
    with pytest.raises(Rejected, match="P004"):
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
    services.set_limit(deferred, limit=declaration.payable, reason="agreed", by=make.supervisor(), at=make.AT)
    pay(declaration, account=deferred)
    assert Payment.objects.get().means == Payment.Means.DEFERRED
    assert balances()[DEFERRED] == -declaration.payable


def test_charges_are_not_paid_from_the_guarantee_account() -> None:
    declaration = make.assessed()
    make.funds()
    move(GUARANTEE, str(declaration.payable))
    guarantee = selectors.account_of(make.company(), GUARANTEE)
    with pytest.raises(Rejected, match="P003") as refused:
        pay(declaration, account=guarantee)
    assert refused.value.violations[0].pointer == "account"


def test_what_is_paid_is_paid_whatever_key_comes_next() -> None:
    declaration = make.paid()
    with pytest.raises(Rejected, match="P001"):
        pay(declaration, key="another")
    assert Payment.objects.count() == 1


def test_a_guarantee_that_is_not_there_is_named() -> None:
    declaration = suspended()
    make.funds()
    with pytest.raises(Rejected) as refused:
        pay(declaration)
    assert [(fault.code, fault.pointer) for fault in refused.value.violations] == [("P005", "guarantee")]


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
    with pytest.raises(Rejected, match="P005"):
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
    settled = services.settle_if_nothing_due(second.pk, at=LATER)
    assert settled.status == Status.PAID
    guarantee = selectors.account_of(make.company(), GUARANTEE)
    assert guarantee.reserved == second.guaranteed
    assert guarantee.available == first.guaranteed - second.guaranteed > 0
    assert settled.events.get(verb="pay").at == LATER


def test_a_declaration_that_still_needs_a_guarantee_is_not_settled_by_itself() -> None:
    declaration = suspended()
    assert services.settle_if_nothing_due(declaration.pk, at=make.AT).status == Status.ASSESSED


def test_credit_goes_to_the_prepaid_account_of_who_paid_with_the_declaration_s_number() -> None:
    second = amended(make.paid(), price="600.00")
    services.settle_if_nothing_due(second.pk, at=LATER)
    entry = Entry.objects.get(kind=Entry.Kind.CREDIT)
    assert (entry.text, entry.at, entry.by, entry.declaration) == (second.mrn, LATER, None, second)
    assert entry.postings.filter(account__kind=PREPAID, account__company=make.company()).get().credit > 0
    assert Payment.objects.filter(declaration=second).count() == 0


# At the bank --------------------------------------------------------------------------------------------------
@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the bank was told; it takes every start."""
    said: list[dict[str, Any]] = []

    def start(**message: Any) -> bank.Started:
        said.append(message)
        return bank.Started(bank_reference="B-7", url=f"{settings.BANK_URL}/pay/B-7/")

    monkeypatch.setattr(bank, "start", start)
    return said


def begin(*, declaration: Declaration | None = None, amount: str = "10", key: str = "", **more: Any) -> Attempt:
    return services.start_bank_payment(
        company=make.company(owner=make.trader()),
        declaration=declaration,
        amount=D(amount),
        by=make.trader(),
        at=make.AT,
        idempotency_key=key or uuid.uuid4().hex,
        **more,
    )


def test_the_bank_is_told_what_is_paid_and_where_the_payer_returns(told: list[dict[str, Any]]) -> None:
    with translation.override("ru"):
        begun = begin(amount="10.5")
    assert told == [
        {
            "reference": str(begun.public_id),
            "amount": D("10.50"),
            "currency": "TJS",
            "text": make.TIN,
            "language": "ru",
            "return_url": settings.SITE_URL + reverse("payment_return", args=[begun.public_id]),
            "callback_url": settings.SITE_URL + reverse("bank_callback"),
            "at": make.AT,
        }
    ]
    assert str(told[0]["amount"]) == "10.50"
    assert (begun.status, begun.bank_reference) == (Attempt.Status.PENDING, "B-7")
    assert begun.redirect_url == f"{settings.BANK_URL}/pay/B-7/"


def test_an_attempt_keeps_who_pays_what_and_one_key_begins_one(told: list[dict[str, Any]]) -> None:
    declaration = make.assessed()
    begun = begin(declaration=declaration, amount="7", key="one", from_account=D(3))
    assert begin(declaration=declaration, amount="9", key="one") == begun
    assert len(told) == 1
    assert told[0]["text"] == declaration.mrn
    assert (begun.company, begun.declaration, begun.by) == (make.company(), declaration, make.trader())
    assert (begun.amount, begun.from_account, begun.currency) == (7, 3, "TJS")
    assert (begun.created_at, begun.finished_at, begun.idempotency_key) == (make.AT, None, "one")


@pytest.mark.parametrize("amount", ["0", "-1"])
def test_an_attempt_over_nothing_is_refused(amount: str, told: list[dict[str, Any]]) -> None:
    with pytest.raises(Rejected, match="P009") as refused:
        begin(amount=amount)
    assert refused.value.violations[0].pointer == "amount"
    assert (told, Attempt.objects.count()) == ([], 0)


def test_an_attempt_is_not_begun_for_what_is_paid_or_cannot_be_secured(told: list[dict[str, Any]]) -> None:
    with pytest.raises(Rejected, match="P001"):
        begin(declaration=make.paid())
    secured = suspended()
    make.funds()
    move(GUARANTEE, str(secured.guaranteed - D("0.01")))
    with pytest.raises(Rejected, match="P005"):
        begin(declaration=secured)
    assert told == []
    move(GUARANTEE, "0.01")
    assert begin(declaration=secured).status == Attempt.Status.PENDING


def test_a_failed_start_ends_the_attempt_at_that_time(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(**said: Any) -> bank.Started:
        raise bank.BankUnreachable("refused")

    monkeypatch.setattr(bank, "start", unreachable)
    with pytest.raises(Rejected, match="P010") as refused:
        begin()
    assert refused.value.violations[0].pointer == ""
    attempt = Attempt.objects.get()
    assert (attempt.status, attempt.finished_at) == (Attempt.Status.FAILED, make.AT)


def confirm(attempt: Attempt, amount: str, *, transaction: str = "TX1", at: Any = LATER) -> Entry:
    return services.confirm(attempt, transaction_id=transaction, amount=D(amount), currency="TJS", at=at)


def test_money_from_the_bank_is_booked_under_its_transaction(told: list[dict[str, Any]]) -> None:
    begun = begin()
    entry = confirm(begun, "10")
    assert confirm(begun, "10") == entry
    assert (entry.idempotency_key, entry.kind, entry.text) == ("bank:TX1", Entry.Kind.TOP_UP, "TX1")
    assert (entry.at, entry.by, entry.declaration) == (LATER, make.trader(), None)
    begun.refresh_from_db()
    assert (begun.status, begun.finished_at) == (Attempt.Status.SUCCEEDED, LATER)
    assert selectors.balance(make.company()) == 10


def test_money_in_another_currency_is_not_booked(told: list[dict[str, Any]]) -> None:
    begun = begin()
    with pytest.raises(Rejected, match="P011") as refused:
        services.confirm(begun, transaction_id="TX1", amount=D(10), currency="EUR", at=LATER)
    assert refused.value.violations[0].pointer == "currency"
    assert not Entry.objects.exists()


def test_a_declaration_paid_at_the_bank_is_paid_by_who_began_it_when_the_money_came(
    told: list[dict[str, Any]],
) -> None:
    declaration = make.assessed()
    begun = begin(declaration=declaration, amount=str(declaration.payable))
    confirm(begun, str(declaration.payable))
    payment = Payment.objects.get()
    assert (payment.at, payment.company, payment.attempt) == (LATER, make.company(), begun)
    assert payment.entry.idempotency_key == f"attempt:{begun.public_id}"
    assert payment.entry.by == make.trader()


def test_no_more_is_taken_from_the_account_than_the_payer_agreed_to(told: list[dict[str, Any]]) -> None:
    declaration = make.assessed()
    make.funds()
    arrived = declaration.payable - 10
    begun = begin(declaration=declaration, amount=str(arrived), from_account=D("9.99"))
    confirm(begun, str(arrived))
    declaration.refresh_from_db()
    assert declaration.status == Status.ASSESSED
    assert selectors.balance(make.company()) == make.FUNDS + arrived


def arrive(body: bytes, *, at: Any = make.AT, secret: str = "") -> str:
    signed = headers(body, timestamp=int(at.timestamp()), secret=secret or settings.BANK_SECRET)
    values = {name.lower(): value for name, value in signed.items()}
    stamp = next(value for name, value in values.items() if "timestamp" in name)
    signature = next(value for name, value in values.items() if "signature" in name)
    return services.receive_callback(body=body, timestamp=stamp, signature=signature, at=at)


def test_what_the_bank_sends_is_kept_as_it_came_with_its_time() -> None:
    assert arrive(b"{}", at=LATER) == "unreadable"
    assert arrive(b"[]", secret="guessed") == "refused"
    kept = Callback.objects.order_by("pk").values_list("body", "signature_ok", "received_at")
    assert [(bytes(body), genuine, at) for body, genuine, at in kept] == [(b"{}", True, LATER), (b"[]", False, make.AT)]


def test_a_failed_attempt_ends_when_the_bank_says_so(
    told: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, other = begin(), begin()
    monkeypatch.setattr(bank, "ask", lambda **said: [bank.Notice(said["reference"], "failed")])
    soon = make.AT + timedelta(minutes=5)
    assert services.ask(begun, at=soon).status == Attempt.Status.FAILED
    begun.refresh_from_db()
    other.refresh_from_db()
    assert (begun.finished_at, other.status) == (soon, Attempt.Status.PENDING)


def test_an_attempt_expires_only_after_a_full_hour_and_alone(
    told: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, other = begin(), begin()
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(bank, "ask", lambda **said: asked.append(said) or [])
    hour = make.AT + timedelta(hours=1)
    assert services.ask(begun, at=hour).status == Attempt.Status.PENDING
    assert services.ask(begun, at=hour + timedelta(seconds=1)).status == Attempt.Status.EXPIRED
    assert begun.finished_at == hour + timedelta(seconds=1)
    assert asked[0] == {"reference": str(begun.public_id), "at": hour}
    other.refresh_from_db()
    assert other.status == Attempt.Status.PENDING


def test_asking_stops_at_a_bank_that_does_not_answer_and_counts_what_was_asked(
    told: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = [begin() for _number in range(3)]
    calls: list[str] = []

    def ask(*, reference: str, at: Any) -> list[bank.Notice]:
        calls.append(reference)
        if len(calls) == 2:
            raise bank.BankUnreachable("refused")
        return []

    monkeypatch.setattr(bank, "ask", ask)
    assert services.ask_about_open_attempts(begun_before=LATER, at=make.AT + timedelta(minutes=1)) == 1
    assert len(calls) == 2
    assert set(calls) <= {str(attempt.public_id) for attempt in attempts}
    monkeypatch.setattr(bank, "ask", lambda **said: [])
    assert services.ask_about_open_attempts(begun_before=LATER, at=make.AT + timedelta(minutes=1)) == 3


# Receipts -----------------------------------------------------------------------------------------------------
def test_a_receipt_has_the_year_and_number_of_its_payment_and_is_a_file_of_the_declaration() -> None:
    declaration = make.paid()
    (receipt,) = services.issue_receipts(declaration.pk, at=LATER)
    payment = Payment.objects.get()
    assert receipt.number == f"R2026-{payment.pk:07d}"
    assert (receipt.payment, receipt.at) == (payment, LATER)
    file = receipt.file
    assert (file.kind, file.name) == (StoredFile.Kind.RECEIPT, f"receipt-{receipt.number}.pdf")
    assert (file.declaration, file.by) == (declaration, make.trader())
    assert services.issue_receipts(declaration.pk, at=LATER) == []
    assert services.issue_receipt(payment, at=LATER) == receipt
