"""Payments at the bank's hosted page: begin one, book what arrived, ask for what was lost.

Money that arrived is booked whatever the state of the declaration; the bank's transaction is booked once, however
often, late or out of order the bank tells of it.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from prometheus_client import Counter

from accounts.models import User
from accounts.services import announce
from declarations import services as declarations
from declarations.models import Declaration, Status
from lib.figures import ZERO
from lib.money import round_money
from lib.violations import Rejected, refuse
from payments import bank, ledger, selectors, states
from payments.models import Account, Attempt, Callback, Entry
from payments.services import by_link, told_before, travel
from payments.services.accounts import administration, lock_accounts, open_account
from payments.services.callbacks import count_refused
from payments.services.holding import cannot_hold
from payments.services.pay import Order, can_secure, settle
from tariffs.selectors import currencies, national_currency
from traders.models import Company

log = structlog.get_logger("bank")
FORGOTTEN_AFTER = timedelta(hours=1)
REFUSED = Counter("portal_bank_callbacks_refused_total", "Call-backs without a valid signature.")


def start_bank_payment(
    *,
    company: Company,
    amount: Decimal,
    by: User,
    at: datetime,
    idempotency_key: str,
    declaration: Declaration | None = None,
    from_account: Decimal = ZERO,
) -> Attempt:
    """Begin a payment at the bank; the payer goes on to `redirect_url`. The same key gives the same attempt.

    Without a declaration the money tops up the prepaid account. `from_account` is what the payer agrees to take from
    there beside it. Raises Rejected: P001, P005, P009, P010 the bank cannot be reached.
    """
    attempt = _attempt_of(
        company=company,
        amount=amount,
        by=by,
        at=at,
        key=idempotency_key,
        declaration=declaration,
        from_account=from_account,
    )
    return go_to_the_bank(attempt, text=declaration.mrn if declaration else company.tin, at=at)


def go_to_the_bank(attempt: Attempt, *, text: str, at: datetime, return_url: str = "") -> Attempt:
    """Tell the bank of an attempt that it does not know yet; `text` is shown to the payer. Raises Rejected P010."""
    if attempt.status != Attempt.Status.CREATED:
        return attempt
    try:
        started = bank.start(
            reference=str(attempt.public_id),
            amount=round_money(attempt.amount, currencies().by_code[attempt.currency].decimals),
            currency=attempt.currency,
            text=text,
            language=get_language() or "en",
            return_url=settings.SITE_URL + (return_url or reverse("payment_return", args=[attempt.public_id])),
            callback_url=settings.SITE_URL + reverse("bank_callback"),
            at=at,
        )
    except bank.BankUnreachable as error:
        log.warning("bank not reached", attempt=str(attempt.public_id), error=str(error))
        states.end_attempt(attempt, Attempt.Status.FAILED, at=at)
        raise refuse(
            "P010", "", _("The bank cannot be reached. Nothing was paid; try again later or pay from an account.")
        ) from error
    states.wait_for_the_bank(attempt, bank_reference=started.bank_reference, redirect_url=started.url)
    attempt.refresh_from_db()
    return attempt


@transaction.atomic
def confirm(attempt: Attempt, *, transaction_id: str, amount: Decimal, currency: str, at: datetime) -> Entry:
    """Book money that arrived, once for each transaction of the bank, and pay the declaration it was meant for.

    It is booked as what arrived. It pays the declaration, or the version that has replaced it, if it covers what is due
    (with what the payer agreed to take from the account); else, or if the declaration was paid, cancelled or rejected
    meanwhile, it stays on the prepaid account.
    """
    attempt = Attempt.objects.select_for_update(of=("self",)).select_related("company", "by").get(pk=attempt.pk)
    declaration = version_that_counts(attempt.declaration_id) if attempt.declaration_id else None
    prepaid = open_account(attempt.company, Account.Kind.PREPAID, at=at)
    guarantee = open_account(attempt.company, Account.Kind.GUARANTEE, at=at)
    waiting = told_before.suspense_for(transaction_id, amount=amount, currency=currency)
    prepaid = lock_accounts(prepaid, guarantee)[prepaid.pk]
    key = f"bank:{transaction_id}"
    if entry := ledger.booked(key) or told_before.entry_for(transaction_id, amount=amount, currency=currency):
        states.end_attempt(attempt, Attempt.Status.SUCCEEDED, at=at)
        return entry
    if currency != attempt.currency:
        raise refuse("P011", "currency", _("Money in another currency cannot be booked."))
    if round_money(amount, currencies().by_code[currency].decimals) != amount:
        raise refuse("P012", "amount", _("The amount has more decimals than the currency."))
    occasion = ledger.Occasion(
        key=key, kind=Entry.Kind.TOP_UP, text=transaction_id, at=at, by=_booker(attempt), attempt=attempt
    )
    if waiting is not None:
        entry = told_before.book_from_suspense(waiting, attempt, prepaid=prepaid, occasion=occasion, at=at)
    elif attempt.link_id is not None:
        states.end_attempt(attempt, Attempt.Status.SUCCEEDED, at=at)
        return by_link.book_arrived(attempt, declaration, prepaid=prepaid, amount=amount, occasion=occasion)
    else:
        arrived = ledger.received(bank=administration(Account.Kind.BANK, at=at), prepaid=prepaid, amount=amount)
        entry = ledger.book(occasion, arrived)
    states.end_attempt(attempt, Attempt.Status.SUCCEEDED, at=at)
    if attempt.parts.exists():
        announce("payment.arrived", attempt.pk)
        return entry
    payable = declaration and selectors.is_payable(declaration)
    if not (declaration and payable and _pay_with(attempt, declaration, prepaid=prepaid, arrived=amount, at=at)):
        announce("payment.kept", attempt.pk)
    return entry


def _booker(attempt: Attempt) -> User | None:
    """Who is said to have booked: who began it; nobody we know where it was begun by a link."""
    return None if attempt.link_id is not None else attempt.by


def receive_callback(*, body: bytes, headers: Mapping[str, str], at: datetime) -> str:
    """Keep what is genuine and act on it. Returns "ok", "refused", "unreadable" or "unknown".

    What carries no valid signature is counted, not kept: anybody may send it, as often as they like.
    """
    if not bank.is_genuine(body, headers, at=at):
        REFUSED.inc()
        count_refused("refused", at=at)
        log.warning("call-back refused: its signature is wrong or stale")
        return "refused"
    Callback.objects.create(body=body, signature_ok=True, received_at=at)
    outcome = _outcome(body, at=at)
    if outcome != "ok":
        count_refused(outcome, at=at)
    return outcome


def _outcome(body: bytes, *, at: datetime) -> str:
    try:
        notice = bank.read_callback(body)
        attempt = Attempt.objects.filter(public_id=notice.reference).first()
    except (bank.Unreadable, ValidationError):
        log.warning("call-back unreadable")
        return "unreadable"
    if attempt is None and (by_traveller := selectors.travel_attempt(notice.reference)):
        return travel.act(by_traveller, notice, at=at)
    if attempt is None:
        log.warning("call-back for an unknown reference", reference=notice.reference)
        return "unknown"
    return _act(attempt, notice, at=at)


def ask(attempt: Attempt, *, at: datetime) -> Attempt:
    """Ask the bank how an open attempt ended, and do what its lost call-back would have done.

    An attempt of which the bank still knows no end after an hour is expired; money that comes later is booked all the
    same. Raises BankUnreachable.
    """
    for notice in bank.ask(reference=str(attempt.public_id), at=at):
        _act(attempt, notice, at=at)
    if at - attempt.created_at > FORGOTTEN_AFTER:
        _not_paid(attempt, Attempt.Status.EXPIRED, at=at)
    attempt.refresh_from_db()
    return attempt


def ask_about_open_attempts(*, begun_before: datetime, at: datetime) -> int:
    """Ask the bank about every attempt begun before then that has no end yet; returns how many were asked about."""
    asked = 0
    for attempt in selectors.open_attempts(before=begun_before)[:200]:
        try:
            ask(attempt, at=at)
        except bank.BankUnreachable as error:
            log.warning("bank not reached", error=str(error))
            break
        asked += 1
    return asked


def _act(attempt: Attempt, notice: bank.Notice, *, at: datetime) -> str:
    if notice.status == "succeeded":
        try:
            confirm(attempt, transaction_id=notice.transaction, amount=notice.amount, currency=notice.currency, at=at)
        except Rejected as refused:
            log.error("money could not be booked", attempt=str(attempt.public_id), why=str(refused))
            return "unreadable"
    elif notice.status == "failed":
        _not_paid(attempt, Attempt.Status.FAILED, at=at)
    return "ok"


@transaction.atomic
def _not_paid(attempt: Attempt, end: Attempt.Status, *, at: datetime) -> None:
    if states.end_attempt(attempt, end, at=at):
        announce("payment.failed", attempt.pk)


def version_that_counts(pk: int) -> Declaration:
    """The declaration, or the newest version where an amendment has replaced it; locked."""
    declaration = declarations.lock(pk)
    while declaration.status == Status.SUPERSEDED:
        declaration = declarations.lock(selectors.next_version(declaration))
    return declaration


def _pay_with(attempt: Attempt, declaration: Declaration, *, prepaid: Account, arrived: Decimal, at: datetime) -> bool:
    """Pay the declaration if what arrived, and what was agreed beside it, covers it; else leave the credit (False)."""
    due = selectors.due(declaration)
    if not 0 < due <= arrived + attempt.from_account:
        return False
    order = Order(
        account=prepaid,
        by=_booker(attempt),
        at=at,
        key=f"attempt:{attempt.public_id}",
        attempt=attempt,
        from_bank=arrived,
    )
    try:
        settle(declaration, order)
    except Rejected as refused:
        log.info("money stays on the account", mrn=declaration.mrn, why=str(refused))
        return False
    return True


@transaction.atomic
def _attempt_of(
    *,
    company: Company,
    amount: Decimal,
    by: User,
    at: datetime,
    key: str,
    declaration: Declaration | None,
    from_account: Decimal,
) -> Attempt:
    """The attempt of that key; a first one is judged and written while the payer's account is locked.

    The declaration is locked before: the row that names it would wait for it behind the account.
    """
    if declaration is not None:
        declarations.lock(declaration.pk)
    lock_accounts(open_account(company, Account.Kind.PREPAID, at=at))
    found: Attempt | None = Attempt.objects.filter(idempotency_key=key).first()
    if found:
        return found
    if amount <= 0:
        raise refuse("P009", "amount", _("The amount must be more than zero."))
    if declaration:
        check_payable(declaration, company, at=at)
    more = {"declaration": declaration, "from_account": from_account}
    return new_attempt(company=company, amount=amount, by=by, at=at, key=key, **more)


def new_attempt(*, company: Company, amount: Decimal, by: User, at: datetime, key: str, **more: Any) -> Attempt:
    """Write an attempt of which the bank is not told yet."""
    made: Attempt = Attempt.objects.create(
        idempotency_key=key,
        company=company,
        amount=amount,
        currency=national_currency().code,
        by=by,
        created_at=at,
        **more,
    )
    return made


def check_payable(declaration: Declaration, company: Company, *, at: datetime) -> None:
    """Raises Rejected: P001 nothing to pay, P005 or P020 no guarantee of the company can hold what is secured."""
    if not selectors.is_payable(declaration) or selectors.due(declaration) <= 0:
        raise refuse("P001", "", _("There is nothing to pay on this declaration in its present state."))
    if not can_secure(declaration, company, at=at):
        raise Rejected([cannot_hold(company, declaration, at=at)])
