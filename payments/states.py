"""How a payment at the bank and a guarantee that is held may end, and the one place that writes it."""

from datetime import datetime
from typing import Any

from lib.moves import Moves, Table
from payments.models import (
    Attempt,
    BankAccount,
    BankFile,
    Closing,
    Difference,
    GuaranteeTerms,
    LimitChange,
    LinkRefund,
    PaymentFile,
    PayOut,
    RefundClaim,
    Reservation,
    SuspenseItem,
    TravelAttempt,
    TravelRefund,
)

# Money that arrived is booked whatever was said before: every end but success gives way to success.
_OF_ATTEMPT: Table = {
    Attempt.Status.CREATED: frozenset(
        {Attempt.Status.PENDING, Attempt.Status.SUCCEEDED, Attempt.Status.FAILED, Attempt.Status.EXPIRED}
    ),
    Attempt.Status.PENDING: frozenset({Attempt.Status.SUCCEEDED, Attempt.Status.FAILED, Attempt.Status.EXPIRED}),
    Attempt.Status.FAILED: frozenset({Attempt.Status.SUCCEEDED}),
    Attempt.Status.EXPIRED: frozenset({Attempt.Status.SUCCEEDED}),
    Attempt.Status.SUCCEEDED: frozenset(),
}
ATTEMPT = Moves(Attempt, "status", _OF_ATTEMPT)
TRAVEL_ATTEMPT = Moves(TravelAttempt, "status", _OF_ATTEMPT)
TRAVEL_REFUND = Moves(
    TravelRefund,
    "status",
    {
        TravelRefund.Status.ORDERED: frozenset({TravelRefund.Status.DONE}),
        TravelRefund.Status.DONE: frozenset(),
    },
)
LINK_REFUND = Moves(
    LinkRefund,
    "status",
    {
        LinkRefund.Status.ORDERED: frozenset({LinkRefund.Status.DONE}),
        LinkRefund.Status.DONE: frozenset(),
    },
)
RESERVATION = Moves(
    Reservation,
    "status",
    {
        Reservation.Status.HELD: frozenset({Reservation.Status.POSTED, Reservation.Status.VOIDED}),
        Reservation.Status.POSTED: frozenset(),
        Reservation.Status.VOIDED: frozenset(),
    },
)
TERMS = Moves(
    GuaranteeTerms,
    "status",
    {
        GuaranteeTerms.Status.PROPOSED: frozenset({GuaranteeTerms.Status.AGREED, GuaranteeTerms.Status.REFUSED}),
        GuaranteeTerms.Status.AGREED: frozenset(),
        GuaranteeTerms.Status.REFUSED: frozenset(),
    },
)

BANK_FILE = Moves(
    BankFile,
    "status",
    {
        BankFile.Status.RECEIVED: frozenset({BankFile.Status.BOOKING, BankFile.Status.REFUSED}),
        BankFile.Status.BOOKING: frozenset({BankFile.Status.BOOKED}),
        BankFile.Status.BOOKED: frozenset(),
        BankFile.Status.REFUSED: frozenset(),
    },
)
SUSPENSE = Moves(
    SuspenseItem,
    "status",
    {
        SuspenseItem.Status.OPEN: frozenset(
            {
                SuspenseItem.Status.PROPOSED,
                SuspenseItem.Status.ALLOTTED,
                SuspenseItem.Status.REVERSED,
                SuspenseItem.Status.SENDING,
                SuspenseItem.Status.EXPLAINED,
            }
        ),
        SuspenseItem.Status.SENDING: frozenset({SuspenseItem.Status.OPEN, SuspenseItem.Status.SENT_BACK}),
        SuspenseItem.Status.SENT_BACK: frozenset(),
        SuspenseItem.Status.EXPLAINED: frozenset(),
        SuspenseItem.Status.PROPOSED: frozenset(
            {SuspenseItem.Status.OPEN, SuspenseItem.Status.ALLOTTED, SuspenseItem.Status.REVERSED}
        ),
        SuspenseItem.Status.ALLOTTED: frozenset(),
        SuspenseItem.Status.REVERSED: frozenset(),
    },
)
LIMIT = Moves(
    LimitChange,
    "status",
    {
        LimitChange.Status.ASKED: frozenset({LimitChange.Status.CONFIRMED, LimitChange.Status.REFUSED}),
        LimitChange.Status.CONFIRMED: frozenset(),
        LimitChange.Status.REFUSED: frozenset(),
    },
)
CLOSING = Moves(
    Closing,
    "status",
    {
        Closing.Status.ASKED: frozenset({Closing.Status.COMPARED}),
        Closing.Status.COMPARED: frozenset({Closing.Status.ASKED, Closing.Status.CLOSED}),
        Closing.Status.CLOSED: frozenset(),
    },
)
# What is found no more when the day is compared again is gone; found once more, it begins anew.
DIFFERENCE = Moves(
    Difference,
    "status",
    {
        Difference.Status.OPEN: frozenset(
            {Difference.Status.ASSIGNED, Difference.Status.EXPLAINED, Difference.Status.GONE}
        ),
        Difference.Status.ASSIGNED: frozenset({Difference.Status.EXPLAINED, Difference.Status.GONE}),
        Difference.Status.EXPLAINED: frozenset({Difference.Status.GONE}),
        Difference.Status.GONE: frozenset({Difference.Status.OPEN, Difference.Status.EXPLAINED}),
    },
)


REFUND_CLAIM = Moves(
    RefundClaim,
    "status",
    {
        RefundClaim.Status.SENT: frozenset({RefundClaim.Status.PROPOSED, RefundClaim.Status.WITHDRAWN}),
        RefundClaim.Status.PROPOSED: frozenset(
            {
                RefundClaim.Status.SENT,
                RefundClaim.Status.GRANTED,
                RefundClaim.Status.REFUSED,
                RefundClaim.Status.WITHDRAWN,
            }
        ),
        RefundClaim.Status.GRANTED: frozenset(),
        RefundClaim.Status.REFUSED: frozenset(),
        RefundClaim.Status.WITHDRAWN: frozenset(),
    },
)
BANK_ACCOUNT = Moves(
    BankAccount,
    "status",
    {
        BankAccount.Status.PROPOSED: frozenset(
            {BankAccount.Status.CONFIRMED, BankAccount.Status.REFUSED, BankAccount.Status.ENDED}
        ),
        BankAccount.Status.CONFIRMED: frozenset({BankAccount.Status.ENDED}),
        BankAccount.Status.REFUSED: frozenset(),
        BankAccount.Status.ENDED: frozenset(),
    },
)
_STOPPED = {PayOut.Status.REFUSED, PayOut.Status.CANCELLED}
PAY_OUT = Moves(
    PayOut,
    "status",
    {
        PayOut.Status.ORDERED: frozenset({PayOut.Status.SECONDED, PayOut.Status.APPROVED, *_STOPPED}),
        PayOut.Status.SECONDED: frozenset({PayOut.Status.APPROVED, *_STOPPED}),
        PayOut.Status.APPROVED: frozenset({PayOut.Status.IN_FILE, *_STOPPED}),
        PayOut.Status.IN_FILE: frozenset({PayOut.Status.PAID, PayOut.Status.RETURNED}),
        PayOut.Status.PAID: frozenset({PayOut.Status.RETURNED}),
        PayOut.Status.RETURNED: frozenset(),
        PayOut.Status.REFUSED: frozenset(),
        PayOut.Status.CANCELLED: frozenset(),
    },
)
PAYMENT_FILE = Moves(
    PaymentFile,
    "status",
    {
        PaymentFile.Status.MADE: frozenset({PaymentFile.Status.SENT}),
        PaymentFile.Status.SENT: frozenset(),
    },
)


def _moves_of(attempt: Attempt | TravelAttempt) -> Moves:
    return ATTEMPT if isinstance(attempt, Attempt) else TRAVEL_ATTEMPT


def wait_for_the_bank(attempt: Attempt | TravelAttempt, *, bank_reference: str, redirect_url: str) -> bool:
    """The bank has begun the payment; its page is at `redirect_url`."""
    known = {"bank_reference": bank_reference, "redirect_url": redirect_url}
    return _moves_of(attempt).write(attempt.pk, Attempt.Status.PENDING, **known)


def end_attempt(attempt: Attempt | TravelAttempt, end: Attempt.Status, *, at: datetime) -> bool:
    """The payment has ended so, unless another end came first that does not give way."""
    return _moves_of(attempt).write(attempt.pk, end, finished_at=at)


def end_reservation(reservation: Reservation, end: Reservation.Status, *, at: datetime) -> bool:
    """The guarantee is no longer held; a trigger frees the account."""
    return RESERVATION.write(reservation.pk, end, ended_at=at)


def decide_terms(terms: GuaranteeTerms, end: GuaranteeTerms.Status, **decided: Any) -> bool:
    """A second officer has agreed to the terms of a guarantee, or refused them."""
    return TERMS.write(terms.pk, end, **decided)


def begin_to_book(file: BankFile, *, form: str, total: int) -> bool:
    """The file was read whole and is booked from now on."""
    return BANK_FILE.write(file.pk, BankFile.Status.BOOKING, form=form, total=total)


def end_file(file: BankFile, *, at: datetime) -> bool:
    """Everything in the file is booked."""
    return BANK_FILE.write(file.pk, BankFile.Status.BOOKED, finished_at=at)


def refuse_file(file: BankFile, *, fault: dict[str, object], at: datetime) -> bool:
    """The file cannot be used; nothing of it was booked."""
    return BANK_FILE.write(file.pk, BankFile.Status.REFUSED, fault=fault, finished_at=at)


def propose_owner(item: SuspenseItem, **whose: Any) -> bool:
    """A cashier says whose money it is; another one has to agree."""
    return SUSPENSE.write(item.pk, SuspenseItem.Status.PROPOSED, **whose)


def drop_proposal(item: SuspenseItem) -> bool:
    """Nobody has said whose money it is."""
    nobody: dict[str, Any] = {"company": None, "declaration": None, "proposed_by": None, "reason": ""}
    return SUSPENSE.write(item.pk, SuspenseItem.Status.OPEN, **nobody)


def allot_item(item: SuspenseItem, **whose: Any) -> bool:
    """The money has its owner."""
    return SUSPENSE.write(item.pk, SuspenseItem.Status.ALLOTTED, **whose)


def reverse_item(item: SuspenseItem, *, at: datetime) -> bool:
    """The bank took the money back, or brought back what it took."""
    return SUSPENSE.write(item.pk, SuspenseItem.Status.REVERSED, ended_at=at)


def refund_sent(refund: TravelRefund, *, at: datetime) -> bool:
    """The bank has sent the money back to the card; whether this was the first to hear of it."""
    return TRAVEL_REFUND.write(refund.pk, TravelRefund.Status.DONE, done_at=at)


def decide_limit(change: LimitChange, end: LimitChange.Status, **by_whom: Any) -> bool:
    """A second person has said what becomes of a limit that was asked for."""
    return LIMIT.write(change.pk, end, **by_whom)


def ask_to_compare(closing: Closing, **asked: Any) -> bool:
    """The day is to be compared again."""
    return CLOSING.write(closing.pk, Closing.Status.ASKED, done=0, total=0, **asked)


def compared(closing: Closing, **found: Any) -> bool:
    """Every declaration of the day, the bank and the balances are compared."""
    return CLOSING.write(closing.pk, Closing.Status.COMPARED, **found)


def close(closing: Closing, **how: Any) -> bool:
    """The day is closed for good."""
    return CLOSING.write(closing.pk, Closing.Status.CLOSED, **how)


def move_difference(difference: Difference, to: Difference.Status, **filling: Any) -> bool:
    """What became of a difference."""
    return DIFFERENCE.write(difference.pk, to, **filling)


# Money that goes back ------------------------------------------------------------------------------------------


def move_item(item_pk: int, end: SuspenseItem.Status, **told: Any) -> bool:
    """Money on the suspense account is on its way to its sender, is open again, has gone, or is explained."""
    return SUSPENSE.write(item_pk, end, **told)


def move_claim(claim: RefundClaim, new: RefundClaim.Status, *, old: RefundClaim.Status, **told: Any) -> bool:
    """A claim of a refund goes on; whether it was this step that moved it."""
    return REFUND_CLAIM.write(claim.pk, new, only_from=[old], **told)


def move_bank_account(account: BankAccount, new: BankAccount.Status, **told: Any) -> bool:
    """A company's account at a bank is confirmed, refused or ended."""
    return BANK_ACCOUNT.write(account.pk, new, **told)


def move_pay_out(pay_out: PayOut, new: PayOut.Status, **told: Any) -> bool:
    """A pay-out goes on; whether it was this step that moved it."""
    return PAY_OUT.write(pay_out.pk, new, **told)


def send_file(file: PaymentFile, **told: Any) -> bool:
    """A person has sent the file to the bank; whether this was the first to say so."""
    return PAYMENT_FILE.write(file.pk, PaymentFile.Status.SENT, **told)


def link_refund_sent(refund: LinkRefund, *, at: datetime) -> bool:
    """The bank has sent the money of a link back; whether this was the first to hear of it."""
    return LINK_REFUND.write(refund.pk, LinkRefund.Status.DONE, done_at=at)
