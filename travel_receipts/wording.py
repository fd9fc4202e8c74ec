"""What the answers of the check mean, and what the numbers of a receipt stand for, in the reader's words."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lib.travel_receipt import Answer, Direction, Outcome

Text = str | Promise


@dataclass(frozen=True)
class Saying:
    """A word, what it means and what to do; `tone` is that of a notice."""

    tone: str
    title: Text
    meaning: Text
    advice: Text


OUTCOMES: dict[Outcome, Saying] = {
    Outcome.GENUINE: Saying(
        "good",
        _("Genuine"),
        _("Customs signed this receipt, it is valid now, and this list does not name it as used or revoked."),
        _("Compare what it says with the traveller and the goods."),
    ),
    Outcome.FORGED: Saying(
        "error",
        _("Forged or altered"),
        _("The signature does not fit what the receipt says: somebody made it up or changed it."),
        _("Do not accept it. Look the declaration up, and tell the head of the shift."),
    ),
    Outcome.REVOKED: Saying(
        "error",
        _("Revoked"),
        _("The declaration was changed, cancelled or paid back after this receipt was issued."),
        _("Ask for the newer receipt, or look the declaration up."),
    ),
    Outcome.USED: Saying(
        "error",
        _("Already used"),
        _("This receipt was presented at the border before."),
        _("Look the declaration up: somebody else may show a copy."),
    ),
    Outcome.EXPIRED: Saying(
        "warn",
        _("Expired"),
        _("Customs signed this receipt, but the days for which it is valid are over."),
        _("Let the traveller declare again; what was paid stays paid until it is given back."),
    ),
    Outcome.NOT_YET: Saying(
        "warn",
        _("From the future"),
        _("The receipt says that it was issued later than now: the clock of this device is wrong."),
        _("Set the clock of the device and check again."),
    ),
    Outcome.UNKNOWN_KEY: Saying(
        "error",
        _("Signed by nobody we know"),
        _("No key that this device has heard of signed it: it is forged, or the key is newer than what it knows."),
        _("Connect the device, wait until it has heard anew, and check again. Else do not accept it."),
    ),
    Outcome.KEY_WITHDRAWN: Saying(
        "error",
        _("The key was withdrawn"),
        _("Others may have had the key that signed this receipt. Nothing that it signed counts any more."),
        _("Look the declaration up and let a new receipt be made."),
    ),
    Outcome.OUT_OF_TERM: Saying(
        "error",
        _("Signed outside the term of the key"),
        _("The receipt says that it was issued on a day on which its key did not sign."),
        _("Do not accept it. Look the declaration up, and tell the head of the shift."),
    ),
    Outcome.DAMAGED: Saying(
        "warn",
        _("Not readable"),
        _("The code is not whole, or not written as receipts are."),
        _("Scan it again, larger and in better light. Else look the declaration up by its reference."),
    ),
    Outcome.FOREIGN: Saying(
        "warn",
        _("Not a receipt of this portal"),
        _("The code holds something else: a ticket, an address, a paper of another authority."),
        _("Ask for the QR code of the customs receipt."),
    ),
    Outcome.NEWER: Saying(
        "warn",
        _("A newer kind of receipt"),
        _("The receipt is of a later version than this page can read."),
        _("Open this page once with a line, so that it renews itself, and check again."),
    ),
}

ANSWERS: dict[Answer, Text] = {
    Answer.NOTHING_DUE: _("nothing to pay"),
    Answer.PAID: _("paid"),
    Answer.TO_BE_SEEN: _("red: to be seen by an officer"),
    Answer.RELEASED: _("released"),
}

DIRECTIONS: dict[Direction, Text] = {Direction.ENTRY: _("into the country"), Direction.EXIT: _("out of the country")}
