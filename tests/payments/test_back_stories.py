"""Money that goes back at random and at once: whatever is done in whatever order, the books are whole."""

import contextlib
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import Sum
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from clearance import services as clearance
from declarations.models import Declaration, Status
from lib.figures import ZERO
from lib.violations import Rejected
from payments import selectors, services
from payments.models import Account, BankAccount, BankEntry, Entry, Payment, PayOut, Posting, RefundClaim
from tests import make
from tests.declarations.test_lodge import at_the_same_time
from tests.payments.back_steps import bank_account, claim, in_file, ordered, payer, proposed, treasury
from tests.payments.money_steps import LATER
from tests.payments.statement_files import Told, booked, books, camt

D = Decimal
STEPS = [
    "top up", "lodge and pay", "cancel", "claim", "propose", "confirm", "send back", "withdraw", "order", "approve",
    "refuse", "stop", "file", "paid", "bounce", "bounce first", "twice", "end account",
]  # fmt: skip


class Stories(TestCase):
    """Any sequence of steps by traders, the treasury and the bank; each may be refused, none may break the books."""

    @settings(max_examples=8, deadline=None)
    @given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 7)), min_size=6, max_size=24))
    def test_whatever_happens_the_books_are_whole(self, steps: list[tuple[str, int]]) -> None:
        make.trader()
        payer()
        make.funds(amount=D(3000))
        self.told, self.came = 0, D(3000)
        for step, choice in steps:
            with contextlib.suppress(Rejected):
                getattr(self, step.replace(" ", "_"))(choice)
            self.judge()
        connection.check_constraints()

    # What is true at every moment -----------------------------------------------------------------------------
    def judge(self) -> None:
        lines = Posting.objects.aggregate(debit=Sum("debit"), credit=Sum("credit"))
        assert lines["debit"] == lines["credit"]
        prepaid = selectors.balance(make.company())
        assert prepaid >= 0
        out = PayOut.objects.filter(status__in=PayOut.UNDER_WAY).aggregate(sum=Sum("amount"))["sum"] or ZERO
        late = PayOut.objects.filter(status="returned", debit=None).aggregate(sum=Sum("amount"))["sum"] or ZERO
        assert selectors.balance_of_administration(Account.Kind.REFUNDS) == out + late
        got = PayOut.objects.filter(status="paid").aggregate(sum=Sum("amount"))["sum"] or ZERO
        charged = ZERO
        for declaration in Declaration.objects.exclude(status=Status.DRAFT):
            asked, paid = selectors.charged_by_tax(declaration), selectors.paid_by_tax(declaration.mrn)
            assert all(amount >= 0 for amount in paid.values())
            if declaration.status != Status.ASSESSED:
                assert selectors.due(declaration) == 0
                charged += sum(asked.values(), ZERO)
        assert self.came - got == charged + prepaid + out
        assert books()["suspense"] == 0
        assert books()["bank"] == charged + prepaid + out + late

    # Steps ----------------------------------------------------------------------------------------------------
    def _one(self, rows: Any, choice: int) -> Any:
        found = list(rows.order_by("pk"))
        if not found:
            raise Rejected([])
        return found[choice % len(found)]

    def top_up(self, choice: int) -> None:
        firm, key = make.company(), uuid.uuid4().hex
        services.top_up(firm, amount=D(choice + 1), by=None, at=make.AT, idempotency_key=key)
        self.came += choice + 1

    def lodge_and_pay(self, _choice: int) -> None:
        declaration = make.assessed()
        services.pay_from_account(declaration, by=make.trader(), at=make.AT, idempotency_key=uuid.uuid4().hex)

    def cancel(self, choice: int) -> None:
        found = self._one(Declaration.objects.filter(status__in=(Status.ASSESSED, Status.PAID)), choice)
        clearance.cancel(found, reason="so", by=make.trader(), at=LATER)

    def claim(self, choice: int) -> None:
        claim(self._one(Declaration.objects.filter(status=Status.PAID), choice), amount=D(10 * (choice + 1)))

    def propose(self, choice: int) -> None:
        proposed(self._one(RefundClaim.objects.all(), choice), ["granted", "granted", "refused"][choice % 3])

    def confirm(self, choice: int) -> None:
        services.confirm_refund(self._one(RefundClaim.objects.all(), choice), by=treasury("second"), at=LATER)

    def send_back(self, choice: int) -> None:
        found = self._one(RefundClaim.objects.all(), choice)
        services.send_back_refund(found, text="No.", by=treasury("second"), at=LATER)

    def withdraw(self, choice: int) -> None:
        services.withdraw_refund(self._one(RefundClaim.objects.all(), choice), by=make.trader(), at=LATER)

    def order(self, choice: int) -> None:
        to = BankAccount.objects.filter(status="confirmed").first() or bank_account()
        ordered(str(100 * (choice + 1)), to=to)

    def approve(self, choice: int) -> None:
        services.approve_pay_out(self._one(PayOut.objects.all(), choice), by=treasury(), at=LATER)

    def refuse(self, choice: int) -> None:
        services.refuse_pay_out(self._one(PayOut.objects.all(), choice), reason="No.", by=treasury(), at=LATER)

    def stop(self, choice: int) -> None:
        services.cancel_pay_out(self._one(PayOut.objects.all(), choice), by=make.trader(), at=LATER)

    def file(self, _choice: int) -> None:
        services.make_payment_file(by=treasury("second"), at=LATER)

    def _tell(self, *entries: Told) -> None:
        self.told += 1
        booked(camt(entries, number=str(self.told)))

    def _left(self, out: PayOut) -> Told:
        return Told(f"-{out.amount:.2f}", f"D{out.pk}", end_to_end=out.reference)

    def _back(self, out: PayOut) -> Told:
        return Told(f"{out.amount:.2f}", f"R{out.pk}", end_to_end=out.reference, reversal=True)

    def paid(self, choice: int) -> None:
        self._tell(self._left(self._one(PayOut.objects.filter(status__in=("in_file", "returned")), choice)))

    def bounce(self, choice: int) -> None:
        self._tell(self._back(self._one(PayOut.objects.filter(status="paid"), choice)))

    def bounce_first(self, choice: int) -> None:
        self._tell(self._back(self._one(PayOut.objects.filter(status="in_file"), choice)))

    def twice(self, choice: int) -> None:
        out = self._one(PayOut.objects.filter(status__in=("paid", "in_file")), choice)
        self._tell(self._left(out))
        before = BankEntry.objects.count()
        self._tell(self._left(out))
        assert BankEntry.objects.count() == before

    def end_account(self, choice: int) -> None:
        services.end_bank_account(self._one(BankAccount.objects.all(), choice), by=payer(), at=LATER)


# At the same time -----------------------------------------------------------------------------------------------
@pytest.mark.server
@pytest.mark.django_db(transaction=True)
def test_of_two_officers_and_of_two_orders_at_once_one_wins() -> None:
    declaration = make.released()
    second, third = treasury("second"), treasury("third")
    found = proposed(claim(declaration, amount=D(50)))

    def confirm_by(officer: Any) -> Any:
        return lambda: services.confirm_refund(RefundClaim.objects.get(pk=found.pk), by=officer, at=LATER)

    answers = at_the_same_time(confirm_by(second), confirm_by(third))
    assert sorted(isinstance(each, Rejected) for each in answers) == [False, True]
    assert Entry.objects.filter(idempotency_key=f"refund:{found.pk}").count() == 1
    to = bank_account()
    all_of_it = selectors.balance(make.company())
    answers = at_the_same_time(*[lambda: ordered(f"{all_of_it:.2f}", to=to)] * 2)
    assert sorted(isinstance(each, Rejected) for each in answers) == [False, True]
    out = PayOut.objects.get()
    in_file(out)
    assert Payment.objects.count() == 1
    assert (selectors.balance(make.company()), out.amount) == (ZERO, all_of_it)


@pytest.mark.server
@pytest.mark.django_db(transaction=True)
def test_an_account_that_is_ended_while_the_file_is_made_is_either_in_it_or_back() -> None:
    make.trader()
    make.funds(amount=D(500))
    to = bank_account()
    out = ordered("100", to=to)
    services.approve_pay_out(out, by=treasury(), at=LATER)
    officer, second = treasury(), payer()
    at_the_same_time(
        lambda: services.make_payment_file(by=officer, at=LATER),
        lambda: services.end_bank_account(BankAccount.objects.get(pk=to.pk), by=second, at=LATER),
    )
    out.refresh_from_db()
    expected = {"in_file": D(400), "cancelled": D(500)}
    assert selectors.balance(make.company()) == expected[out.status]
