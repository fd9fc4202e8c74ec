"""Verbs about programs, their tokens, the feed of events and webhooks."""

from datetime import datetime

from machines.services.endpoints import add_endpoint, end_endpoint, send_again, send_test
from machines.services.feed import happened, thin_out
from machines.services.programs import (
    add_program,
    end_program,
    forget_lent,
    new_secret,
    scopes_of,
)
from machines.services.repeats import Answer, begin, forget, keep, throw_away
from machines.services.sending import send_due
from machines.services.tokens import end_token, issue_own_token, issue_token, used


def tidy(*, at: datetime) -> None:
    """Throw away what is older than was promised."""
    thin_out(at=at)
    throw_away(at=at)
    forget_lent(at=at)


__all__ = [
    "Answer", "add_endpoint", "add_program", "begin", "end_endpoint", "end_program", "end_token", "forget", "happened",
    "issue_own_token", "issue_token", "keep", "new_secret", "scopes_of", "send_again", "send_due", "send_test", "tidy",
    "used",
]  # fmt: skip
