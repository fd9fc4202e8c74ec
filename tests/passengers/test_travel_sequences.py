"""Whatever a traveller changes, pays and cancels: what was paid less what went back is what is owed."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lib.violations import Rejected
from passengers import services
from passengers.models import Status, TravelDeclaration
from payments import services as payments
from payments.models import Entry, TravelAttempt, TravelPayment, TravelRefund
from payments.selectors import travel_due
from tests.passengers import travelling as way

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("told")]
ZERO = Decimal(0)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("price"), st.sampled_from(["500", "1001", "1500", "2300"])),
        st.tuples(st.just("choice"), st.sampled_from(["pay", "leave", "cargo"])),
        st.tuples(st.just("begin"), st.just("")),
        st.tuples(st.just("arrives"), st.sampled_from(["right", "less", "more"])),
        st.tuples(st.just("settle"), st.just("")),
        st.tuples(st.just("cancel"), st.just("")),
    ),
    max_size=9,
)


class Way:
    """A declaration with the money that the bank has taken and sent back for it."""

    def __init__(self) -> None:
        self.made: TravelDeclaration = way.sent(way.with_clothes("1500"))
        self.goods = way.clothes("1500")
        self.taken, self.steps = ZERO, 0

    def do(self, what: str, how: str) -> None:
        self.steps += 1
        if what in ("price", "choice"):
            self.change({what: how})
        elif what == "begin":
            self.begin()
        elif what == "arrives":
            self.arrive(how)
        elif what == "settle":
            self.settle()
        elif self.made.status != Status.CANCELLED:
            services.cancel(self.made, at=way.LATER)
        self.made.refresh_from_db()

    def change(self, values: dict[str, str]) -> None:
        self.goods |= values
        try:
            saved = services.save_part(self.made, part="goods", value=[dict(self.goods)], at=way.LATER)
            way.sent(saved, at=way.LATER + timedelta(seconds=self.steps))
        except Rejected:
            assert self.made.status == Status.CANCELLED

    def begin(self) -> None:
        try:
            way.begin_payment(self.made)
        except Rejected:
            assert travel_due(self.made) == 0

    def arrive(self, how: str) -> None:
        """The bank tells of money for one of the tries, in time or late, whatever has been changed since."""
        attempt = TravelAttempt.objects.filter(declaration=self.made).order_by("?").first()
        if attempt is None:
            return
        amount = attempt.amount + {"right": ZERO, "less": Decimal("-0.01"), "more": Decimal("7.5")}[how]
        for _time in range(2):  # it tells everything twice
            way.arrives(attempt, amount, transaction=f"TX{self.made.pk}-{self.steps}")
        self.taken += amount

    def settle(self) -> None:
        """What follow-ups and the sweep do."""
        payments.give_back_travel(self.made.pk, at=way.LATER)
        for refund in TravelRefund.objects.filter(attempt__declaration=self.made):
            payments.send_refund(refund.pk, at=way.LATER)

    def kept(self) -> Decimal:
        sent_back = TravelRefund.objects.filter(attempt__declaration=self.made, status=TravelRefund.Status.DONE)
        return self.taken - sum(sent_back.values_list("amount", flat=True), ZERO)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps=STEPS)
def test_paid_less_sent_back_is_never_more_than_what_is_owed(steps: list[tuple[str, str]]) -> None:
    one = Way()
    for what, how in steps:
        one.do(what, how)
    one.settle()
    made = one.made
    made.refresh_from_db()
    owed = ZERO if made.status == Status.CANCELLED else made.payable
    paid_for_it = owed - travel_due(made)
    assert one.kept() == made.paid == paid_for_it
    assert made.status == Status.CANCELLED or (made.status == Status.TO_PAY) == (made.paid < owed)
    if made.status == Status.PAID:
        assert made.paid == owed
    assert made.paid <= owed
    assert sum(TravelPayment.objects.filter(declaration=made).values_list("amount", flat=True), ZERO) >= made.paid
    for entry in Entry.objects.filter(travel=made):
        sides = list(entry.postings.values_list("debit", "credit"))
        assert sum(debit for debit, _credit in sides) == sum(credit for _debit, credit in sides)
