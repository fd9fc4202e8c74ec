"""What a file of statements says, as values: a statement begins, money moves, the statement ends."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lib.figures import plain


@dataclass(frozen=True, slots=True)
class Begun:
    """The head of a statement. A notification (camt.054) has no balances."""

    number: str
    account: str
    currency: str
    first: date | None
    last: date | None
    opening: Decimal | None
    closing: Decimal | None
    has_balances: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One payment of a movement. `amount` is positive; `references` are texts in which a reference may stand."""

    amount: Decimal
    payers_reference: str = ""
    references: tuple[str, ...] = ()
    text: str = ""
    payer: str = ""
    payer_account: str = ""


@dataclass(frozen=True, slots=True)
class Movement:
    """Money that moved on our account. `amount` is what came in, below zero what went out.

    `nth` counts alike movements without a reference of the bank in one statement.
    """

    place: str
    account: str
    amount: Decimal
    currency: str
    is_reversal: bool
    value_date: date
    bank_reference: str
    parts: tuple[Part, ...]
    nth: int = 0

    @property
    def key(self) -> str:
        """What names this movement in every file that tells of it.

        The bank's own reference does, with account, amount and value date; where it gives none, all that is said.
        """
        sure = [self.account, plain(self.amount), self.currency, self.value_date.isoformat()]
        if self.bank_reference:
            return _digest([*sure, "reference", self.bank_reference])
        told = [[part.payers_reference, *part.references, part.text, part.payer_account] for part in self.parts]
        return _digest([*sure, "told", str(self.nth), *(each for part in told for each in part)])


@dataclass(frozen=True, slots=True)
class Ended:
    """The statement is over."""

    place: str


Event = Begun | Movement | Ended


def _digest(parts: Sequence[str]) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
