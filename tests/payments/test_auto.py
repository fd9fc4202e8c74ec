"""Automatic payment: within its ceilings, once for each version, told, and off at any time."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from notifications import services as notifications
from notifications.models import Message
from payments import selectors, services
from payments.models import AutoPaid, AutoPayment, Payment
from tests import make
from tests.payments.money_steps import DEFERRED, D, refuses
from tests.payments.test_paying import amended
from tests.payments.ways_steps import account, books_are_whole, days, deferred, owed_on_credit, status

pytestmark = pytest.mark.django_db


def switch(**changes: Any) -> AutoPayment:
    setting = {"is_on": True, "source": "prepaid", "each": D(5000), "daily": D(100000), **changes}
    return services.set_auto_payment(make.company(owner=make.trader()), by=make.trader(), at=make.AT, **setting)


def judged(declaration: Any, *, at: Any = make.AT) -> str:
    services.pay_automatically(declaration.pk, at=at)
    row = AutoPaid.objects.filter(declaration=declaration).first()
    return row.verdict if row else ""


def test_what_is_assessed_is_paid_once_from_the_account_that_was_said() -> None:
    switch()
    make.funds()
    declaration = make.assessed()
    assert [judged(declaration) for _time in range(2)] == ["paid", "paid"]
    assert status(declaration) == "paid"
    payment = Payment.objects.get()
    assert (payment.means, payment.entry.by) == ("prepaid", None)
    assert selectors.auto_paid_on(make.company(), make.ON) == declaration.payable
    books_are_whole()


def test_it_follows_the_assessment_by_itself(follow_ups: Any) -> None:
    switch()
    make.funds()
    with follow_ups():
        declaration = make.assessed()
    assert AutoPaid.objects.get(declaration=declaration).verdict == "paid"


def test_without_a_setting_or_switched_off_nothing_happens() -> None:
    make.funds()
    assert judged(make.assessed()) == ""
    switch()
    switch(is_on=False)
    assert judged(make.assessed()) == ""
    assert AutoPayment.objects.count() == 2


def test_the_ceilings_of_a_declaration_and_of_a_day_leave_what_is_above_them() -> None:
    make.funds()
    first, second, third = make.assessed(), make.assessed(), make.assessed()
    due = first.payable
    switch(each=due - D("0.01"), daily=due)
    assert judged(first) == "each"
    switch(each=due, daily=2 * due - D("0.01"))
    assert judged(second) == "paid"
    assert judged(third) == "daily"
    assert judged(make.assessed(), at=make.AT + timedelta(days=1)) == "paid"
    assert [status(each) for each in (first, second, third)] == ["assessed", "paid", "assessed"]


def test_what_the_account_cannot_pay_is_left_with_the_code_of_the_reason() -> None:
    switch()
    declaration = make.assessed()
    assert judged(declaration) == "refused"
    assert AutoPaid.objects.get().reason == "P004"
    assert status(declaration) == "assessed"


def test_deferred_payment_may_be_the_source_until_it_is_blocked() -> None:
    owed_on_credit()
    switch(source="deferred")
    assert judged(make.assessed()) == "paid"
    late = make.assessed()
    assert judged(late, at=days(16)) == "refused"
    assert AutoPaid.objects.get(declaration=late).reason == "P040"
    assert account(DEFERRED).balance < 0


def test_a_new_version_is_judged_by_what_is_still_due() -> None:
    switch()
    make.funds()
    first = make.assessed()
    judged(first)
    second = amended(first, price="1300.00")
    assert judged(second) == "paid"
    assert AutoPaid.objects.get(declaration=second).amount == second.payable - first.payable


def test_settings_that_make_no_sense_and_strangers_are_refused() -> None:
    deferred()
    for changes, pointer in (({"source": "guarantee"}, "source"), ({"each": D(0)}, "each"), ({"daily": D(1)}, "daily")):
        with refuses(("P048", pointer)):
            switch(**changes)
    with refuses(("P003", "company")):
        services.set_auto_payment(
            make.company(), is_on=True, source="prepaid", each=D(1), daily=D(1), by=make.colleague(), at=make.AT
        )
    kept = switch()
    with pytest.raises(DatabaseError), transaction.atomic():
        AutoPayment.objects.filter(pk=kept.pk).update(each=1)


def test_who_pays_is_told_why_something_is_left() -> None:
    switch()
    judged(make.assessed())
    row = AutoPaid.objects.get()
    assert notifications.paid_automatically(row.pk, now=make.AT) == 1
    told = Message.objects.get(kind="auto_payment")
    assert (told.variant, told.params["reason"]) == ("refused", "P004")


def test_it_is_switched_on_and_off_on_its_page(as_trader: Client, as_stranger: Client) -> None:
    address = reverse("auto_payment", args=[make.TIN])
    filled = {"is_on": "on", "source": "prepaid", "each": "1 000,00", "daily": "2000"}
    assert as_stranger.get(address).status_code == as_stranger.post(address, filled).status_code == 404
    assert as_trader.get(address).status_code == 200
    assert as_trader.post(address, filled).status_code == 302
    setting = selectors.auto_payment_of(make.company())
    assert setting is not None
    assert (setting.is_on, setting.each, setting.daily) == (True, 1000, 2000)
    for wrong in ({"each": "-1"}, {"each": ""}, {"daily": "1"}, {"source": "guarantee"}):
        assert as_trader.post(address, {**filled, **wrong}).status_code == 422
    as_trader.post(address, {**filled, "is_on": ""})
    assert "off" in as_trader.get(address).content.decode()
    assert not selectors.auto_payment_of(make.company()).is_on  # type: ignore[union-attr]
