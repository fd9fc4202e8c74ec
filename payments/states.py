"""How a payment at the bank and a guarantee that is held may end, and the one place that writes it."""

from datetime import datetime
from typing import Any

from lib.moves import Moves, Table
from payments.models import Attempt, BankFile, LinkRefund, Reservation, SuspenseItem, TravelAttempt, TravelRefund

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
            {SuspenseItem.Status.PROPOSED, SuspenseItem.Status.ALLOTTED, SuspenseItem.Status.REVERSED}
        ),
        SuspenseItem.Status.PROPOSED: frozenset(
            {SuspenseItem.Status.OPEN, SuspenseItem.Status.ALLOTTED, SuspenseItem.Status.REVERSED}
        ),
        SuspenseItem.Status.ALLOTTED: frozenset(),
        SuspenseItem.Status.REVERSED: frozenset(),
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


def link_refund_sent(refund: LinkRefund, *, at: datetime) -> bool:
    """The bank has sent the money of a link back; whether this was the first to hear of it."""
    return LINK_REFUND.write(refund.pk, LinkRefund.Status.DONE, done_at=at)
