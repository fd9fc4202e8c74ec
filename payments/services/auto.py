"""Automatic payment: a company switches it on with ceilings; each assessed declaration is paid or left, once, and told.

It is off at any time; what it did and why it left something is kept, and so is every change of the setting.
"""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.followups import announce
from declarations import services as declarations
from declarations.models import Declaration, Status
from lib.violations import Rejected, refuse
from payments import selectors
from payments.models import Account, AutoPaid, AutoPayment
from payments.services.accounts import lock_accounts, open_account
from payments.services.pay import Order, settle
from traders.models import Company

SOURCES = (Account.Kind.PREPAID, Account.Kind.DEFERRED)


@transaction.atomic
def set_auto_payment(
    company: Company, *, is_on: bool, source: str, each: Decimal, daily: Decimal, by: User, at: datetime
) -> AutoPayment:
    """Say how the company pays by itself from now on.

    Raises Rejected: P003 `by` may not use the company's money, P048 a ceiling or the account makes no sense.
    """
    on = timezone.localtime(at).date()
    if not selectors.paying_companies(by, on=on).filter(pk=company.pk).exists():
        raise refuse("P003", "company", _("You may not use the money of this company."))
    if source not in SOURCES:
        raise refuse("P048", "source", _("Choose the prepaid or the deferred payment account."))
    if each <= 0:
        raise refuse("P048", "each", _("The amount must be more than zero."))
    if daily < each:
        raise refuse("P048", "daily", _("Allow at least as much for a day as for one declaration."))
    Company.objects.select_for_update(of=("self",)).get(pk=company.pk)
    made: AutoPayment = AutoPayment.objects.create(
        company=company, is_on=is_on, source=source, each=each, daily=daily, by=by, at=at
    )
    return made


@transaction.atomic
def pay_automatically(declaration_pk: int, *, at: datetime) -> AutoPaid | None:
    """Pay what is due on an assessed declaration if its company wants it; None where it does not, or nothing is due.

    Judged once for each version. Safe to repeat.
    """
    declaration = declarations.lock(declaration_pk)
    company = declaration.trader or declaration.declarant
    setting = selectors.auto_payment_of(company)
    due = selectors.due(declaration)
    if declaration.status != Status.ASSESSED or setting is None or not setting.is_on or due <= 0:
        return None
    account = open_account(company, setting.source, at=at)
    lock_accounts(account, open_account(company, Account.Kind.GUARANTEE, at=at))
    if AutoPaid.objects.filter(declaration=declaration).exists():
        return None
    day = timezone.localtime(at).date()
    verdict, reason = _verdict(declaration, setting, account, due=due, at=at)
    made: AutoPaid = AutoPaid.objects.create(
        declaration=declaration, setting=setting, verdict=verdict, amount=due, day=day, reason=reason[:250], at=at
    )
    announce("auto_payment.done", made.pk)
    return made


def _verdict(
    declaration: Declaration, setting: AutoPayment, account: Account, *, due: Decimal, at: datetime
) -> tuple[AutoPaid.Outcome, str]:
    """Pay if the ceilings allow it and the account can; else say why it is left, with the code of the refusal."""
    if due > setting.each:
        return AutoPaid.Outcome.ABOVE_EACH, ""
    if selectors.auto_paid_on(setting.company, timezone.localtime(at).date()) + due > setting.daily:
        return AutoPaid.Outcome.ABOVE_DAILY, ""
    try:
        with transaction.atomic():
            settle(declaration, Order(account=account, by=None, at=at, key=f"auto:{declaration.pk}"))
    except Rejected as refused:
        return AutoPaid.Outcome.REFUSED, ", ".join(dict.fromkeys(each.code for each in refused.violations))
    return AutoPaid.Outcome.PAID, ""
