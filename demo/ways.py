"""Ways to pay in the demonstration: a deferred account whose statement is overdue, automatic payment, and a link."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import Role, User
from clearance import services as clearance
from declarations import services as declarations
from declarations.models import Declaration, Status
from demo.accounts import PEOPLE, POMIR, TERMINAL, ZARAFSHON
from demo.goods import Order, Writer
from demo.people import company_of, user_of
from payments import selectors, services
from payments.models import Account, AutoPayment
from risk import services as risk

LIMIT = Decimal(10_000_000)
NUMBER = 9001


def exist() -> bool:
    return bool(AutoPayment.objects.exists())


def begin(codes: Mapping[str, tuple[str, str]], *, on: date, at: datetime) -> None:
    """What two companies of the demonstration have arranged; statements are made as the worker makes them."""
    month_before = on.replace(day=1) - timedelta(days=1)
    _use_credit(codes, on=month_before.replace(day=1) - timedelta(days=12))
    _state(month_before.replace(day=1) - timedelta(days=1), made=month_before.replace(day=3))
    if on.day >= 3:
        _state(month_before, made=on.replace(day=3))
    services.remind_of_statements(on=on, at=at)
    company, by = company_of(ZARAFSHON), user_of(ZARAFSHON)
    each, daily = Decimal(3_000_000), Decimal(6_000_000)
    services.set_auto_payment(company, is_on=True, source="prepaid", each=each, daily=daily, by=by, at=at)
    unpaid = Declaration.objects.filter(status=Status.ASSESSED, payable__gt=0)
    for declaration in unpaid.filter(trader=company).order_by("pk")[:3]:
        services.pay_automatically(declaration.pk, at=at)
    pomir = unpaid.filter(trader=company_of(POMIR)).order_by("pk").first()
    if pomir is not None:
        services.make_link(pomir, by=user_of(POMIR), at=at)


def _use_credit(codes: Mapping[str, tuple[str, str]], *, on: date) -> None:
    """A declaration of that day, paid on credit."""
    at = timezone.make_aware(datetime.combine(on, time(10, 20)))
    company, by = company_of(POMIR), user_of(POMIR)
    account = services.open_account(company, Account.Kind.DEFERRED, at=at)
    first, second = (User.objects.get(email=person.email) for person in PEOPLE if person.role == Role.TREASURY)
    asked = services.ask_limit(account, limit=LIMIT, reason="Deferred payment granted", by=first, at=at)
    services.confirm_limit(asked, by=second, at=at)
    data: dict[str, Any] = Writer(codes, seed=9).write(Order(NUMBER, POMIR, POMIR, on, TERMINAL, "IM4", ""))
    done = declarations.lodge_at_once(declarant=company, data=data, on=on, at=at, by=by).declaration
    risk.score(done.pk, at=at)
    clearance.route(done.pk, at=at + timedelta(seconds=2))
    done.refresh_from_db()
    later = at + timedelta(minutes=30)
    services.pay_from_account(done, by=by, at=later, idempotency_key=f"demo-credit:{done.pk}", account=account)
    clearance.release_if_clear(done.pk, at=later)


def _state(last: date, *, made: date) -> None:
    rule = selectors.paying_rule(made)
    account = selectors.account_of(company_of(POMIR), Account.Kind.DEFERRED)
    assert rule is not None, "The country has terms of payment."
    assert account is not None, "It was opened."
    at = timezone.make_aware(datetime.combine(made, time(5, 20)))
    services.issue_statement(account.pk, last=last, rule=rule, at=at)
