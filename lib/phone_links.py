"""Links by which a phone sends pictures to what somebody works on at a desk: signed and short-lived.

Whoever has the link may do what it names in the name of the person who made it, and nothing else. Whether that person
still may is asked anew each time by the verb; whether it was ended before its time, by `accounts.selectors`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing

GOOD_FOR = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class PhoneLink:
    """What a link is for, by the key of its row, who made it, and when."""

    subject: str
    person: int
    made_at: datetime


def make(purpose: str, *, subject: object, person: int, at: datetime) -> str:
    """A token for one purpose; that of another purpose cannot be read with it."""
    return signing.dumps([str(subject), person, at.isoformat()], salt=f"phone-link:{purpose}")


def read(purpose: str, token: str, *, good_for: timedelta = GOOD_FOR) -> PhoneLink | None:
    """What the token is for; None if it was made for something else, changed, or is older than `good_for`."""
    try:
        subject, person, made_at = signing.loads(token, salt=f"phone-link:{purpose}", max_age=good_for)
        return PhoneLink(subject, person, datetime.fromisoformat(made_at))
    except (signing.BadSignature, TypeError, ValueError):
        return None
