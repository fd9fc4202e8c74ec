"""Suspended duty that falls due: what is overdue or lost is charged, its guarantee pays, the rest goes on."""

import uuid
from datetime import datetime, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Role
from clearance import services as clearance
from declarations.models import Declaration, Levy
from declarations.services import stock as stock_verbs
from lib.figures import ZERO
from payments import selectors, services
from payments.models import Account, GuaranteeCall, GuaranteeFreed, Payment, Posting, Reservation
from payments.tasks import keep_guarantees
from tariffs.models import Procedure
from tests import make
from tests.declarations.stock_steps import account, home_use, in_warehouse, released
from tests.payments.money_steps import GUARANTEE, pay, refuses
from tests.payments.test_guarantees import free, held
from tests.payments.test_paying import suspended

pytestmark = pytest.mark.django_db
D = Decimal


def overdue(*items: dict[str, Any], days: int = 20) -> tuple[Declaration, datetime]:
    """Goods in a warehouse, and a moment so many days after their term."""
    stock = in_warehouse(*items)
    due = account(stock).due
    assert due is not None
    return stock, make.AT + (due - make.ON + timedelta(days=days))


def call(stock: Declaration, at: datetime, **more: Any) -> GuaranteeCall | None:
    return services.call_overdue(stock.pk, by=make.officer(Role.TREASURY, None), at=at, **more)


def charged(stock: Declaration, kind: str = "called") -> Decimal:
    return sum(Levy.objects.filter(mrn=stock.mrn, kind=kind).values_list("amount", flat=True), ZERO)


def test_what_is_overdue_is_charged_tax_by_tax_and_the_guarantee_pays_it() -> None:
    stock, at = overdue()
    whole = held(stock)
    made = call(stock, at)
    assert made is not None
    assert (made.amount, made.posted, charged(stock)) == (whole, whole, whole)
    assert held(stock) == 0
    assert [row.status for row in Reservation.objects.filter(mrn=stock.mrn)] == ["posted"]
    by_tax = dict(stock.charges.filter(payable=False).values_list("tax_code").annotate(Sum("amount")))
    assert dict(Levy.objects.filter(kind="called").values_list("tax_code", "amount")) == by_tax
    guarantee = selectors.account_of(make.company(), GUARANTEE)
    assert guarantee is not None
    assert (guarantee.reserved, guarantee.balance) == (0, -whole), "the guarantor owes what was taken"
    stock.refresh_from_db()
    interest = charged(stock, "interest")
    assert interest == (whole * 20 * D("0.0005")).quantize(D("0.01"), rounding="ROUND_HALF_UP")
    assert selectors.due(stock) == interest > 0, "what is called is paid, the interest is due"
    assert selectors.is_payable(stock)
    assert Payment.objects.get(means="guarantee").amount == whole
    call_command("check_levies", stdout=StringIO())
    for levy in Levy.objects.all():
        assert levy.formula.endswith(f"= {levy.amount:,.2f}".replace(",", "\u00a0")), levy.formula
        assert levy.legal_basis


def test_a_part_that_left_in_time_is_not_called_and_nothing_is_called_twice() -> None:
    stock, at = overdue()
    whole = held(stock)
    released(make.lodged(**home_use(stock, "100")))
    made = call(stock, at)
    freed = sum(GuaranteeFreed.objects.filter(call=None).values_list("amount", flat=True), ZERO)
    assert made is not None
    assert made.posted + freed == whole
    assert account(stock).is_empty
    free(stock)
    keep_guarantees()
    assert GuaranteeCall.objects.count() == 1
    with refuses(("P024", "")):
        call(stock, at)


def test_where_no_guarantee_was_asked_for_the_duty_is_due_all_the_same() -> None:
    Procedure.objects.filter(code="7100").update(without_guarantee=True)
    stock, at = overdue()
    made = call(stock, at)
    assert made is not None
    assert (made.posted, made.reservation, made.entry) == (0, None, None)
    stock.refresh_from_db()
    assert made.amount == charged(stock) > 0
    assert selectors.due(stock) == charged(stock) + charged(stock, "interest")


def test_the_sweep_calls_what_nobody_called_after_the_days_of_grace(settings: Any, time_machine: Any) -> None:
    stock, at = overdue(days=31)
    time_machine.move_to(at - timedelta(days=1))
    keep_guarantees()
    assert not GuaranteeCall.objects.exists()
    time_machine.move_to(at)
    keep_guarantees()
    made = GuaranteeCall.objects.get()
    assert (made.by, made.cause, made.mrn) == (None, "overdue", stock.mrn)


def test_what_was_paid_late_bears_interest_with_the_payment_once() -> None:
    stock, at = overdue()
    call(stock, at)
    stock.refresh_from_db()
    services.pay_from_account(stock, by=make.trader(), at=at + timedelta(days=60), idempotency_key="late")
    assert selectors.due(Declaration.objects.get(pk=stock.pk)) == 0, "interest bears no interest"


def test_a_charge_that_comes_to_another_sum_is_named() -> None:
    stock, at = overdue()
    call(stock, at)
    wrong = Levy.objects.filter(kind="interest").get()
    wrong.pk, wrong.key, wrong.public_id, wrong.amount = None, "other", uuid.uuid4(), wrong.amount + 1
    Levy.objects.bulk_create([wrong])
    told = StringIO()
    with pytest.raises(CommandError, match="1 charges"):
        call_command("check_levies", stdout=told)
    assert told.getvalue().startswith(f"other ({stock.mrn}): ")


def test_what_the_guarantee_had_no_room_for_is_held_when_it_has() -> None:
    stock = in_warehouse()
    whole = held(stock)
    guarantee = selectors.account_of(make.company(), GUARANTEE)
    drawn = released(make.lodged(**home_use(stock, "200")))
    free(stock)
    half = held(stock)
    make.limit(guarantee, half + 5)
    stock_verbs.give_back(drawn, by=make.officer(), at=make.AT)
    free(stock)
    assert held(stock) == half + 5 < whole
    assert selectors.held_too_little(limit=9) == [stock.pk]
    make.limit(guarantee, D(1_000_000))
    keep_guarantees()
    assert held(stock) == whole
    assert selectors.held_too_little(limit=9) == []


def test_the_database_keeps_a_levy_as_it_was_charged() -> None:
    stock, at = overdue()
    call(stock, at)
    with pytest.raises(Exception, match="refused"):
        Levy.objects.filter(mrn=stock.mrn).update(amount=1)


steps = st.lists(st.sampled_from(["out", "back", "free", "sweep", "call", "less", "cancel"]), min_size=1, max_size=9)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=steps)
def test_in_any_order_what_is_held_freed_and_called_is_what_was_reserved(story: list[str]) -> None:
    with transaction.atomic():
        stock, at = overdue()
        whole, drawn = held(stock), []
        for place, step in enumerate(story):
            if step == "out" and not account(stock).is_empty:
                net = min(D(130), account(stock).net_mass_left)
                drawn.append(released(make.lodged(**home_use(stock, str(net), packages_written_off="0"))))
            elif step == "back" and drawn:
                stock_verbs.give_back(drawn.pop(), by=make.officer(), at=at)
            elif step == "less" and drawn:
                stock_verbs.give_back(drawn.pop(), by=make.officer(), at=at)
                drawn.append(released(make.lodged(**home_use(stock, "10", packages_written_off="0"))))
            elif step == "free":
                free(stock)
            elif step == "sweep":
                for pk in selectors.discharged_without_freeing(limit=9):
                    services.free_guarantee(pk, at=at)
            elif step == "cancel":
                other = pay(suspended(), key=f"other-{stock.pk}-{place}")
                assert selectors.held_for(other.mrn) is not None
                clearance.cancel(other, reason="wrong goods", by=make.trader(), at=at)
            elif step == "call" and not account(stock).is_empty:
                call(stock, at)
            _adds_up(stock, whole)
        free(stock)
        _adds_up(stock, whole)
        transaction.set_rollback(True)


def _adds_up(stock: Declaration, whole: Decimal) -> None:
    rows = GuaranteeFreed.objects.filter(mrn=stock.mrn)
    freed = sum(rows.filter(call=None).values_list("amount", flat=True), ZERO)
    called = sum(rows.exclude(call=None).values_list("amount", flat=True), ZERO)
    assert held(stock) >= 0
    assert held(stock) + freed + called == whole
    assert called == sum(GuaranteeCall.objects.filter(mrn=stock.mrn).values_list("posted", flat=True), ZERO)
    guarantee = Account.objects.get(company=make.company(), kind=GUARANTEE)
    assert guarantee.reserved == held(stock)
    assert guarantee.balance == -called
    booked = Posting.objects.filter(entry__declaration__mrn=stock.mrn, entry__kind="call", account__kind="revenue")
    assert (booked.aggregate(s=Sum("credit"))["s"] or ZERO) == called
