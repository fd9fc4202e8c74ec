"""Requests that are sent again with the same `Idempotency-Key`: answered as the first time, and done once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from lib.violations import Conflict, Violation, refuse
from machines.models import Repeat

KEPT = timedelta(days=2)
LEASE = timedelta(minutes=1)
LONGEST_KEY = 100
MOST_KEPT_BYTES = 512 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request was answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def begin(user: User, key: str, *, digest: str, at: datetime) -> Answer | None:
    """None: this is the first time, go on. Else what the first one was answered.

    Raises Rejected M020 (the key is too long, or was used for something else), Conflict M021 (the first is under way).
    """
    if not 1 <= len(key) <= LONGEST_KEY or not key.isprintable():
        raise refuse("M020", "Idempotency-Key", _("A key has 1 to 100 printable characters."))
    try:
        with transaction.atomic():
            Repeat.objects.create(user=user, key=key, digest=digest, begun_at=at)
            return None
    except IntegrityError:
        kept = Repeat.objects.get(user=user, key=key)
    if kept.digest != digest:
        raise refuse("M020", "Idempotency-Key", _("This key was used for another request. Take a new one."))
    if kept.code is not None:
        return Answer(kept.code, kept.headers, bytes(kept.body))
    over = Repeat.objects.filter(pk=kept.pk, code__isnull=True, begun_at__lt=at - LEASE)
    if over.update(begun_at=at):  # whoever worked on it is gone
        return None
    sentence = _("The first request with this key is still being worked on. Ask again in a moment.")
    raise Conflict([Violation("M021", "Idempotency-Key", sentence)])


def keep(user: User, key: str, answer: Answer) -> None:
    """The answer, for whoever asks again; one too large to keep is forgotten, and the verb's own guard stands."""
    if len(answer.body) > MOST_KEPT_BYTES:
        forget(user, key)
        return
    Repeat.objects.filter(user=user, key=key).update(code=answer.status, headers=dict(answer.headers), body=answer.body)


def forget(user: User, key: str) -> None:
    """Nothing was done: the same key may be used again."""
    Repeat.objects.filter(user=user, key=key, code__isnull=True).delete()


def throw_away(*, at: datetime) -> int:
    """Keys older than the promise; how many."""
    return Repeat.objects.filter(begun_at__lt=at - KEPT).delete()[0]
