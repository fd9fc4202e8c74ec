"""Travellers pay at the bank's hosted page without an account, and get back to the card what is not due.

What arrives is booked whatever the state of the declaration, as owed to the payer; then it pays what is due, and the
rest goes back. Each step is booked once, however often the bank tells of it.
"""

from datetime import datetime, timedelta
from decimal import Decimal

import structlog
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.services.followups import announce
from lib.figures import ZERO
from lib.money import round_money
from lib.violations import Rejected, refuse
from passengers import selectors as passenger_reads
from passengers import services as passengers
from passengers.models import Status, TravelDeclaration
from payments import bank, ledger, selectors, states
from payments.models import Account, Attempt, Entry, TravelAttempt, TravelPayment, TravelRefund
from payments.services.accounts import administration, revenue_accounts
from tariffs.selectors import currencies, national_currency

log = structlog.get_logger("bank")
FORGOTTEN_AFTER = timedelta(hours=1)


def start_travel_payment(
    declaration: TravelDeclaration, *, at: datetime, idempotency_key: str, back_to: str = ""
) -> TravelAttempt:
    """Begin a payment of what is due; the payer goes on to `redirect_url`. The same key gives the same attempt.

    The bank sends the payer back to the path `back_to`; without one, to the page of the declaration's own browser.

    Raises Rejected: P001 nothing is due, P010 the bank cannot be reached.
    """
    attempt = record_travel_attempt(declaration, at=at, idempotency_key=idempotency_key)
    if attempt.status != Attempt.Status.CREATED:
        return attempt
    try:
        started = bank.start(
            reference=str(attempt.public_id),
            amount=round_money(attempt.amount, currencies().by_code[attempt.currency].decimals),
            currency=attempt.currency,
            text=declaration.reference,
            language=get_language() or "en",
            return_url=settings.SITE_URL
            + (back_to or reverse("travel_paid", args=[declaration.public_id, attempt.public_id])),
            callback_url=settings.SITE_URL + reverse("bank_callback"),
            at=at,
        )
    except bank.BankUnreachable as error:
        log.warning("bank not reached", attempt=str(attempt.public_id), error=str(error))
        states.end_attempt(attempt, Attempt.Status.FAILED, at=at)
        raise refuse(
            "P010", "", _("The bank cannot be reached. Nothing was paid; try again in some minutes.")
        ) from error
    states.wait_for_the_bank(attempt, bank_reference=started.bank_reference, redirect_url=started.url)
    attempt.refresh_from_db()
    return attempt


@transaction.atomic
def record_travel_attempt(declaration: TravelDeclaration, *, at: datetime, idempotency_key: str) -> TravelAttempt:
    """The attempt of that key, for all that is due; the bank is not told of it yet. Raises Rejected P001."""
    locked = passengers.lock(declaration.pk)
    found: TravelAttempt | None = TravelAttempt.objects.filter(idempotency_key=idempotency_key).first()
    if found is not None:
        return found
    due = sum(selectors.travel_due_by_tax(locked).values(), ZERO)
    if due <= 0 or locked.status == Status.DRAFT:
        raise refuse("P001", "", _("There is nothing to pay on this declaration in its present state."))
    made: TravelAttempt = TravelAttempt.objects.create(
        idempotency_key=idempotency_key,
        declaration=locked,
        amount=due,
        currency=national_currency().code,
        created_at=at,
    )
    return made


@transaction.atomic
def confirm_travel(
    attempt: TravelAttempt, *, transaction_id: str, amount: Decimal, currency: str, at: datetime
) -> Entry:
    """Book money that arrived, once for each transaction of the bank; it pays what is due, the rest goes back."""
    attempt = TravelAttempt.objects.select_for_update(of=("self",)).get(pk=attempt.pk)
    declaration = passengers.lock(attempt.declaration_id)
    key = f"bank:{transaction_id}"
    if entry := ledger.booked(key):
        return entry
    if currency != attempt.currency:
        raise refuse("P011", "currency", _("Money in another currency cannot be booked."))
    if round_money(amount, currencies().by_code[currency].decimals) != amount:
        raise refuse("P012", "amount", _("The amount has more decimals than the currency."))
    owed = administration(Account.Kind.REFUNDS, at=at)
    occasion = ledger.Occasion(key=key, kind=Entry.Kind.TOP_UP, text=transaction_id, at=at, travel=declaration)
    arrived = ledger.received(bank=administration(Account.Kind.BANK, at=at), prepaid=owed, amount=amount)
    entry = ledger.book(occasion, arrived)
    states.end_attempt(attempt, Attempt.Status.SUCCEEDED, at=at)
    taxes = selectors.travel_due_by_tax(declaration)
    due = sum(taxes.values(), ZERO)
    used = due if 0 < due <= amount else ZERO
    if used:
        _pay(attempt, declaration, taxes=taxes, total=due, at=at)
    if amount > used:
        _order(attempt, amount - used, TravelRefund.Reason.NOT_DUE, key=f"rest:{transaction_id}", at=at)
    return entry


def _pay(
    attempt: TravelAttempt, declaration: TravelDeclaration, *, taxes: dict[str, Decimal], total: Decimal, at: datetime
) -> None:
    occasion = ledger.Occasion(
        key=f"travel:{attempt.public_id}:{declaration.version}",
        kind=Entry.Kind.PAYMENT,
        text=declaration.reference,
        at=at,
        travel=declaration,
    )
    owed = administration(Account.Kind.REFUNDS, at=at)
    entry = ledger.book(occasion, ledger.taken({owed: total}, revenue=revenue_accounts(taxes, at=at), taxes=taxes))
    TravelPayment.objects.create(
        declaration=declaration, attempt=attempt, version=declaration.version, amount=total, entry=entry, at=at
    )
    passengers.note_paid(declaration, paid=declaration.paid + total, at=at)


@transaction.atomic
def give_back_travel(declaration_pk: int, *, at: datetime) -> TravelDeclaration:
    """Take out of the revenue what is booked beyond what is owed, and order it back to the cards that paid.

    Safe to repeat: it looks at what is booked.
    """
    declaration = passengers.lock(declaration_pk)
    taxes = selectors.travel_due_by_tax(declaration)
    back = -sum(taxes.values(), ZERO)
    if not taxes or back < 0:
        return declaration
    claims = sum(claim.amount > 0 for claim in passenger_reads.claims_of(declaration))
    occasion = ledger.Occasion(
        key=f"travel-back:{declaration.pk}:{declaration.version}:{declaration.status}{claims or ''}",
        kind=Entry.Kind.CREDIT,
        text=declaration.reference,
        at=at,
        travel=declaration,
    )
    owed = administration(Account.Kind.REFUNDS, at=at)
    lines = ledger.taken({owed: -back}, revenue=revenue_accounts(taxes, at=at), taxes=taxes)
    entry = ledger.book(occasion, lines)
    cancelled = declaration.status == Status.CANCELLED
    less = TravelRefund.Reason.LEFT_AGAIN if claims else TravelRefund.Reason.LESS_DUE
    reason = TravelRefund.Reason.CANCELLED if cancelled else less
    left = back
    for attempt, held in selectors.travel_cards(declaration):
        part = min(left, held)
        if part > 0:
            _order(attempt, part, reason, key=f"back:{entry.pk}:{attempt.pk}", at=at)
        left -= part
    assert left == 0, "What is booked came from cards."
    if back:
        passengers.note_paid(declaration, paid=declaration.paid - back, at=at)
    return declaration


def _order(
    attempt: TravelAttempt, amount: Decimal, reason: TravelRefund.Reason, *, key: str, at: datetime
) -> TravelRefund:
    refund: TravelRefund = TravelRefund.objects.create(
        idempotency_key=key, attempt=attempt, amount=amount, reason=reason, at=at
    )
    announce("travel.refund_ordered", refund.pk)
    return refund


def send_refund(refund_pk: int, *, at: datetime) -> TravelRefund:
    """Ask the bank to send the money back, and book that it did. The bank does it once, however often it is asked."""
    refund: TravelRefund = TravelRefund.objects.select_related("attempt__declaration").get(pk=refund_pk)
    if refund.status == TravelRefund.Status.DONE:
        return refund
    attempt = refund.attempt
    try:
        bank.refund(
            reference=str(attempt.public_id),
            refund=str(refund.public_id),
            amount=round_money(refund.amount, currencies().by_code[attempt.currency].decimals),
            currency=attempt.currency,
            at=at,
        )
    except bank.BankUnreachable as error:
        log.warning("refund not sent yet", refund=str(refund.public_id), error=str(error))
        return refund
    return _sent(refund, at=at)


@transaction.atomic
def _sent(refund: TravelRefund, *, at: datetime) -> TravelRefund:
    if states.refund_sent(refund, at=at):
        occasion = ledger.Occasion(
            key=f"refund:{refund.public_id}",
            kind=Entry.Kind.REFUND,
            text=refund.attempt.declaration.reference,
            at=at,
            travel=refund.attempt.declaration,
        )
        owed, cash = administration(Account.Kind.REFUNDS, at=at), administration(Account.Kind.BANK, at=at)
        ledger.book(occasion, ledger.moved(source=owed, target=cash, amount=refund.amount))
    refund.refresh_from_db()
    return refund


def act(attempt: TravelAttempt, notice: bank.Notice, *, at: datetime) -> str:
    """Do what the bank's notice asks."""
    if notice.status == "succeeded":
        try:
            confirm_travel(
                attempt, transaction_id=notice.transaction, amount=notice.amount, currency=notice.currency, at=at
            )
        except Rejected as refused:
            log.error("money could not be booked", attempt=str(attempt.public_id), why=str(refused))
            return "unreadable"
    elif notice.status == "failed":
        states.end_attempt(attempt, Attempt.Status.FAILED, at=at)
    return "ok"


def ask_travel(attempt: TravelAttempt, *, at: datetime) -> TravelAttempt:
    """Ask the bank how an attempt ended, as its lost call-back would have told. Raises BankUnreachable."""
    for notice in bank.ask(reference=str(attempt.public_id), at=at):
        act(attempt, notice, at=at)
    if at - attempt.created_at > FORGOTTEN_AFTER:
        states.end_attempt(attempt, Attempt.Status.EXPIRED, at=at)
    attempt.refresh_from_db()
    return attempt


def ask_about_travel(*, begun_before: datetime, at: datetime) -> int:
    """Ask the bank about every open attempt of travellers; returns how many were asked about."""
    asked = 0
    for attempt in selectors.open_travel_attempts(before=begun_before)[:200]:
        try:
            ask_travel(attempt, at=at)
        except bank.BankUnreachable as error:
            log.warning("bank not reached", error=str(error))
            break
        asked += 1
    return asked
