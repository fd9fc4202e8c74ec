"""Many things in one click: declarations from an account, each in a transaction of its own; or by one bank payment.

What cannot be paid is named with its reason, and the rest is paid. The same key again pays nothing twice.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import announce
from declarations.models import Declaration
from lib.figures import ZERO
from lib.violations import Rejected, Violation, refuse
from payments import ledger, selectors
from payments.models import Account, Attempt, AttemptPart, DeferredStatement
from payments.services.accounts import lock_accounts, open_account
from payments.services.attempts import go_to_the_bank, new_attempt, version_that_counts
from payments.services.deferred import pay_in
from payments.services.holding import cannot_hold
from payments.services.pay import Order, pay_from_account, settle
from traders.models import Company

log = structlog.get_logger("bank")
MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a declaration: `amount` was due and is paid, unless there are `violations`."""

    declaration: Declaration
    amount: Decimal
    violations: list[Violation] = field(default_factory=list)


def pay_many(
    declarations: Sequence[Declaration], *, account: Account, by: User, at: datetime, idempotency_key: str
) -> list[Done]:
    """Pay each of the declarations from the account, in their order, as far as it can be paid.

    Raises Rejected: P042 nothing was chosen, P043 too much at once.
    """
    _check_number(declarations)
    done: list[Done] = []
    for due in selectors.with_due(declarations):
        key = f"{idempotency_key}:{due.declaration.pk}"
        try:
            paid = pay_from_account(due.declaration, by=by, at=at, idempotency_key=key, account=account)
            done.append(Done(paid, due.amount or selectors.paid_under(key)))
        except Rejected as refused:
            done.append(Done(due.declaration, due.amount, refused.violations))
    return done


def start_bank_payment_of_many(
    declarations: Sequence[Declaration], *, company: Company, by: User, at: datetime, idempotency_key: str
) -> tuple[Attempt | None, list[Done]]:
    """Begin one payment at the bank for all declarations that can be paid; the others are named.

    Raises Rejected: P010 the bank cannot be reached, P042, P043.
    """
    _check_number(declarations)
    attempt, left_out = _attempt_for(declarations, company=company, by=by, at=at, key=idempotency_key)
    if attempt is not None:
        text = _("{count} declarations").format(count=attempt.parts.count())
        attempt = go_to_the_bank(attempt, text=text, at=at)
    return attempt, left_out


def start_bank_payment_of_statement(
    statement: DeferredStatement, *, by: User, at: datetime, idempotency_key: str
) -> Attempt:
    """Begin a payment at the bank of what is open of a statement. Raises Rejected: P009 nothing is, P010."""
    company = statement.account.company
    assert company is not None, "Statements are of customers."
    attempt = _attempt_for_statement(statement, company=company, by=by, at=at, key=idempotency_key)
    return go_to_the_bank(attempt, text=statement.number, at=at)


@transaction.atomic
def _attempt_for(
    declarations: Sequence[Declaration], *, company: Company, by: User, at: datetime, key: str
) -> tuple[Attempt | None, list[Done]]:
    keys = [each.pk for each in declarations]
    locked = Declaration.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    list(locked.values_list("pk", flat=True))  # Before the account, as everywhere: the parts name them.
    lock_accounts(open_account(company, Account.Kind.PREPAID, at=at))
    if found := Attempt.objects.filter(idempotency_key=key).first():
        return found, []
    parts, left_out = _judged(declarations, company, at=at)
    if not parts:
        return None, left_out
    total = sum((part.amount for part in parts), ZERO)
    made = new_attempt(company=company, amount=total, by=by, at=at, key=key)
    AttemptPart.objects.bulk_create(
        AttemptPart(attempt=made, declaration=part.declaration, amount=part.amount) for part in parts
    )
    return made, left_out


def _judged(declarations: Sequence[Declaration], company: Company, *, at: datetime) -> tuple[list[Done], list[Done]]:
    """What can be paid for the company, and what cannot; each guarantee has to do for all that it is to hold."""
    on, taken = timezone.localdate(at), defaultdict[int, Decimal](Decimal)
    parts: list[Done] = []
    left_out: list[Done] = []
    for due in selectors.with_due(declarations):
        to_secure = max(selectors.to_secure(due.declaration), ZERO)
        guarantee = selectors.guarantee_for(company, due.declaration, on=on) if to_secure else None
        fault: Violation | None = None
        if company.pk not in (due.declaration.trader_id, due.declaration.declarant_id):
            fault = Violation("P003", "account", _("You may not pay from this account."))
        elif not selectors.is_payable(due.declaration) or due.amount <= 0:
            sentence = _("There is nothing to pay on this declaration in its present state.")
            fault = Violation("P001", "", sentence)
        elif to_secure and (guarantee is None or taken[guarantee.pk] + to_secure > guarantee.available):
            fault = cannot_hold(company, due.declaration, at=at)
        if fault is None:
            parts.append(Done(due.declaration, due.amount))
            if guarantee is not None:
                taken[guarantee.pk] += to_secure
        else:
            left_out.append(Done(due.declaration, due.amount, [fault]))
    return parts, left_out


@transaction.atomic
def _attempt_for_statement(
    statement: DeferredStatement, *, company: Company, by: User, at: datetime, key: str
) -> Attempt:
    lock_accounts(open_account(company, Account.Kind.PREPAID, at=at))
    found: Attempt | None = Attempt.objects.filter(idempotency_key=key).first()
    if found is not None:
        return found
    to_pay = selectors.still_open(statement)
    if to_pay <= 0:
        raise refuse("P009", "amount", _("Nothing of this statement is left to be paid."))
    made = new_attempt(company=company, amount=to_pay, by=by, at=at, key=key)
    AttemptPart.objects.create(attempt=made, statement=statement, amount=to_pay)
    return made


def settle_parts(attempt_pk: int, *, at: datetime) -> None:
    """Pay what an attempt was meant for with what it has brought, one thing after another; safe to repeat.

    What cannot be paid any more, or is not covered, stays on the prepaid account.
    """
    attempt = Attempt.objects.get(pk=attempt_pk)
    for part in attempt.parts.order_by("pk"):
        _settle_part(part, at=at)
    if selectors.left_of(attempt) > 0:
        announce("payment.kept", attempt.pk)


@transaction.atomic
def _settle_part(part: AttemptPart, *, at: datetime) -> None:
    attempt = Attempt.objects.select_for_update(of=("self",)).select_related("company", "by").get(pk=part.attempt_id)
    key = f"attempt:{attempt.public_id}:{part.pk}"
    if ledger.booked(key):
        return
    if part.statement is not None:
        pay_in(part.statement, most=selectors.left_of(attempt), by=attempt.by, at=at, key=key, attempt=attempt)
        return
    assert part.declaration_id is not None, "A part is for one thing."
    declaration = version_that_counts(part.declaration_id)
    due = selectors.due(declaration)
    if not selectors.is_payable(declaration) or not 0 < due <= selectors.left_of(attempt):
        return
    prepaid = open_account(attempt.company, Account.Kind.PREPAID, at=at)
    try:
        with transaction.atomic():
            settle(declaration, Order(prepaid, by=attempt.by, at=at, key=key, attempt=attempt, from_bank=due))
    except Rejected as refused:
        log.info("money stays on the account", mrn=declaration.mrn, why=str(refused))


def _check_number(declarations: Sequence[Declaration]) -> None:
    if not declarations:
        raise refuse("P042", "declarations", _("Choose what you want to pay."))
    if len(declarations) > MOST_AT_ONCE:
        sentence = _("Choose {most} declarations at most at once.").format(most=MOST_AT_ONCE)
        raise refuse("P043", "declarations", sentence)
