"""What officers decide about stock: more time, acts of loss, goods from before the system.

The gate is here: who acts on stock of an office, and who is bound to it as a trader. The verbs are of declarations.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from clearance.selectors import acts_on_stock, is_bound_to, powers_of
from declarations.models import RefusedBalance, StockAccount, StockWriteOff, TermExtension
from declarations.services import stock_balances, stock_table, stock_terms, stock_write_offs
from declarations.services.stock_balances import Balance
from declarations.services.stock_write_offs import Act
from lib.violations import Rejected, Violation, refuse
from payments.services import call_lost, lock_with_stock


@transaction.atomic
def grant_extension(extension: TermExtension, *, until: date, note: str = "", by: User, at: datetime) -> TermExtension:
    """More time until the day. Raises Rejected: W050, W051, and what `stock_terms.grant_extension` refuses."""
    _may_decide(extension.account, by=by, at=at)
    return stock_terms.grant_extension(extension, until=until, note=note, by=by, at=at)


@transaction.atomic
def refuse_extension(extension: TermExtension, *, reason: str, by: User, at: datetime) -> TermExtension:
    """No more time. Raises Rejected: W050, W051, and what `stock_terms.refuse_extension` refuses."""
    _may_decide(extension.account, by=by, at=at)
    return stock_terms.refuse_extension(extension, reason=reason, by=by, at=at)


@transaction.atomic
def record_write_off(account: StockAccount, *, act: Act, by: User, at: datetime) -> StockWriteOff:
    """Record an act of loss, destruction or waste. Raises Rejected: W050, W051, and what the verb refuses."""
    _may_decide(account, by=by, at=at)
    return stock_write_offs.record_write_off(account, act=act, by=by, at=at)


@transaction.atomic
def confirm_write_off(write_off: StockWriteOff, *, by: User, at: datetime) -> StockWriteOff:
    """Confirm an act that another officer recorded; where duty is due on what is lost, it is charged at once.

    Raises Rejected: W050, W051, and what the verb refuses.
    """
    _may_decide(write_off.account, by=by, at=at)
    item = write_off.account.item
    if item is not None:
        lock_with_stock(item.declaration_id)
    done = stock_write_offs.confirm_write_off(write_off, by=by, at=at)
    if done.duty_due and done.movement is not None:
        call_lost(done.movement, text=done.duty_reason, by=by, at=at)
    return done


@transaction.atomic
def reject_write_off(write_off: StockWriteOff, *, reason: str, by: User, at: datetime) -> StockWriteOff:
    """Reject an act that another officer recorded. Raises Rejected: W050, W051, and what the verb refuses."""
    _may_decide(write_off.account, by=by, at=at)
    return stock_write_offs.reject_write_off(write_off, reason=reason, by=by, at=at)


@transaction.atomic
def enter_balance(balance: Balance, *, by: User, at: datetime) -> StockAccount:
    """Enter goods from before the system. Raises Rejected: W050, W051, and what `enter_balances` refuses, by field."""
    _may_enter([balance], by=by, at=at)
    try:
        [made] = stock_balances.enter_balances([balance], by=by, at=at)
    except Rejected as error:
        faults = [Violation(each.code, each.pointer.partition(".")[2], each.sentence) for each in error.violations]
        raise Rejected(faults) from error
    return _not_of_ones_own(made, by=by)


@transaction.atomic
def enter_table(content: bytes, *, name: str, by: User, at: datetime) -> list[StockAccount]:
    """Enter every row of a file, or none. Raises Rejected: W050, W051, and what `read_balances` refuses, by cell."""
    balances = check_table(content, name=name, by=by, at=at)
    made = stock_balances.enter_balances(balances, by=by, at=at)
    for account in {(each.company_id, each.mrn): each for each in made}.values():
        _not_of_ones_own(account, by=by)
    return made


def check_table(content: bytes, *, name: str, by: User, at: datetime) -> list[Balance]:
    """The rows of a file that could be entered so. Nothing is written. Raises Rejected as `enter_table` does."""
    balances = stock_table.read_balances(content, name=name, at=at)
    _may_enter(balances, by=by, at=at)
    return balances


@transaction.atomic
def confirm_balance(account: StockAccount, *, by: User, at: datetime) -> StockAccount:
    """Confirm what another officer entered. Raises Rejected: W050, W051, and what the verb refuses."""
    _may_decide(account, by=by, at=at)
    return stock_balances.confirm_balance(account, by=by, at=at)


@transaction.atomic
def refuse_balance(account: StockAccount, *, reason: str, by: User, at: datetime) -> RefusedBalance:
    """Reject what another officer entered. Raises Rejected: W050, W051, and what the verb refuses."""
    _may_decide(account, by=by, at=at)
    return stock_balances.refuse_balance(account, reason=reason, by=by, at=at)


# The gate -----------------------------------------------------------------------------------------------------
def _may_decide(account: StockAccount, *, by: User, at: datetime) -> None:
    on = timezone.localdate(at)
    if not acts_on_stock(powers_of(by, on=on), account.office_code):
        sentence = _("Only an officer who decides files of office {office} may do this.")
        raise refuse("W050", "", sentence.format(office=account.office_code))
    _not_of_ones_own(account, by=by)


def _not_of_ones_own(account: StockAccount, *, by: User) -> StockAccount:
    if is_bound_to(by, account):
        sentence = _("You are linked to {company} as a trader. Another officer acts on its stock.")
        raise refuse("W051", "", sentence.format(company=account.company))
    return account


def _may_enter(balances: Sequence[Balance], *, by: User, at: datetime) -> None:
    powers = powers_of(by, on=timezone.localdate(at))
    for office in sorted({balance.office_code for balance in balances}):
        if not acts_on_stock(powers, office):
            sentence = _("Only an officer who decides files of office {office} may do this.")
            raise refuse("W050", "office_code", sentence.format(office=office))
