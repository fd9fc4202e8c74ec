"""Money that came by a link: it pays the declaration, or goes back to the card; never to somebody else's account.

Who pays by a link pays for the company: what comes back after that is the company's.
"""

from datetime import datetime
from decimal import Decimal

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.services.followups import announce
from declarations.models import Declaration
from lib.figures import ZERO
from lib.money import round_money
from lib.violations import Rejected, refuse
from payments import bank, ledger, selectors, states
from payments.models import Account, Attempt, Entry, LinkRefund, Payment
from payments.services.accounts import administration
from payments.services.pay import Order, settle
from tariffs.selectors import currencies

log = structlog.get_logger("bank")


def book_arrived(
    attempt: Attempt, declaration: Declaration | None, *, prepaid: Account, amount: Decimal, occasion: ledger.Occasion
) -> Entry:
    """Book money that arrived; what does not pay the declaration is ordered back. The caller holds the locks."""
    assert declaration is not None, "A link is of a declaration."
    at, cash, owed = occasion.at, administration(Account.Kind.BANK, at=occasion.at), _owed(occasion.at)
    due = selectors.due(declaration)
    try:
        with transaction.atomic():
            if not selectors.is_payable(declaration) or not 0 < due <= amount:
                raise refuse("P001", "", _("There is nothing to pay on this declaration in its present state."))
            lines = [ledger.Line(cash, -amount), ledger.Line(prepaid, due), ledger.Line(owed, amount - due)]
            entry = ledger.book(occasion, lines)
            key, means = f"attempt:{attempt.public_id}", Payment.Means.LINK
            order = Order(prepaid, by=None, at=at, key=key, attempt=attempt, from_bank=due, bank_means=means)
            settle(declaration, order)
            used = due
    except Rejected as refused:
        log.info("money goes back to the card", mrn=declaration.mrn, why=str(refused))
        entry, used = ledger.book(occasion, ledger.received(bank=cash, prepaid=owed, amount=amount)), ZERO
    if amount > used:
        made = LinkRefund.objects.create(attempt=attempt, arrived=entry, amount=amount - used, at=at)
        announce("link.refund_ordered", made.pk)
    return entry


def send_link_refund(refund_pk: int, *, at: datetime) -> LinkRefund:
    """Ask the bank to send the money back, and book that it did. The bank does it once, however often it is asked."""
    refund: LinkRefund = LinkRefund.objects.select_related("attempt").get(pk=refund_pk)
    if refund.status == LinkRefund.Status.DONE:
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
def _sent(refund: LinkRefund, *, at: datetime) -> LinkRefund:
    if states.link_refund_sent(refund, at=at):
        occasion = ledger.Occasion(
            key=f"link-refund:{refund.public_id}", kind=Entry.Kind.REFUND, text="", at=at, attempt=refund.attempt
        )
        cash = administration(Account.Kind.BANK, at=at)
        ledger.book(occasion, ledger.moved(source=_owed(at), target=cash, amount=refund.amount))
    refund.refresh_from_db()
    return refund


def _owed(at: datetime) -> Account:
    return administration(Account.Kind.REFUNDS, at=at)
