"""The signed receipt: made when it is first asked for, withdrawn by the verb after which it says what is no more."""

import hashlib
import json
from datetime import datetime, time, timedelta

import structlog
from django.db import transaction
from django.utils import timezone

from lib.travel_receipt import HASH_BYTES, Answer, Direction, Receipt, initials
from passengers import selectors
from passengers.content import read
from passengers.models import CROSSED, Channel, Status, TravelDeclaration, TravelReceipt, Version
from passengers.selectors import law as law_of
from passengers.services.history import lock
from tariffs.models import TravelTerm
from tariffs.selectors import national_currency
from travel_receipts import services as signing
from travel_receipts.models import Why
from travel_receipts.selectors import NoSigningKey

log = structlog.get_logger("travel_receipts")


def answer_of(declaration: TravelDeclaration) -> Answer | None:
    """What the receipt says of a declaration as it stands; None while there is nothing to show."""
    if declaration.status in CROSSED:
        return Answer.RELEASED
    if declaration.status not in (Status.SUBMITTED, Status.PAID):
        return None
    if declaration.channel == Channel.RED:
        return Answer.TO_BE_SEEN
    return Answer.PAID if declaration.status == Status.PAID else Answer.NOTHING_DUE


@transaction.atomic
def receipt_of(declaration: TravelDeclaration, *, at: datetime) -> TravelReceipt | None:
    """The receipt of the newest version, signed at the first call; None where there is nothing to show, or no key."""
    locked = lock(declaration.pk)
    answer, version = answer_of(locked), selectors.newest_version(locked)
    if answer is None or version is None:
        return None
    known: TravelReceipt | None = TravelReceipt.objects.filter(
        declaration=locked, version=version.number, answer=answer
    ).first()
    if known is not None:
        return known
    try:
        text = signing.issue(_said(locked, version, answer, at=at), at=at)
    except NoSigningKey as missing:
        log.error("no receipt can be signed", why=str(missing))
        return None
    made: TravelReceipt = TravelReceipt.objects.create(
        declaration=locked, version=version.number, answer=answer, text=text, at=at
    )
    return made


def withdraw_receipts(locked: TravelDeclaration, *, why: Why, at: datetime) -> None:
    """What was signed so far counts no more. The caller holds the lock and the transaction."""
    for receipt in TravelReceipt.objects.filter(declaration=locked, ended_at=None):
        signing.withdraw(receipt.text, why=why, at=at)
    TravelReceipt.objects.filter(declaration=locked, ended_at=None).update(ended_at=at)


def _said(locked: TravelDeclaration, version: Version, answer: Answer, *, at: datetime) -> Receipt:
    assert locked.valid_until is not None, "what was sent is valid until some day"
    currency = national_currency()
    people = read(version.content).people
    text = json.dumps(version.content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return Receipt(
        reference=locked.reference,
        answer=answer,
        minor_units=int(locked.paid.scaleb(currency.decimals)),
        decimals=currency.decimals,
        currency=currency.code,
        direction=Direction.EXIT if locked.direction == "exit" else Direction.ENTRY,
        post=locked.post,
        issued_at=at.replace(microsecond=0),
        valid_until=_end_of(locked, answer),
        travellers=len(people),
        initials=initials(people[0].family, people[0].given),
        declaration=hashlib.sha256(text.encode()).digest()[:HASH_BYTES],
    )


def _end_of(locked: TravelDeclaration, answer: Answer) -> datetime:
    """The last second of the last day, by the country's clock.

    Once the traveller has crossed, the receipt proves what was brought in, for as long as the declaration is kept.
    """
    day = locked.valid_until
    assert day is not None
    if answer is Answer.RELEASED and locked.closed_at:
        crossed = timezone.localdate(locked.closed_at)
        kept = law_of.term(TravelTerm.Kind.KEEPING, on=crossed)
        day = max(day, crossed + timedelta(days=kept.days)) if kept else day
    zone = timezone.get_current_timezone()
    return datetime.combine(day, time.min, tzinfo=zone) + timedelta(days=1, seconds=-1)
