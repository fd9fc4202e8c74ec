"""Sending a declaration: judged whole, kept word for word, and answered; as often as wanted until it is presented."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.followups import announce
from lib.pointers import pointer_to
from lib.violations import Rejected, Violation
from passengers import selectors
from passengers.content import Content, faults, read
from passengers.judgement import Answer, above_explanation, answer
from passengers.models import Status, TravelDeclaration
from passengers.selectors import law as law_of
from passengers.services import versions
from passengers.services.history import lock_open, record
from passengers.services.receipts import withdraw_receipts
from passengers.states import transition
from travel_receipts.models import Why


def looked_at(declaration: TravelDeclaration, *, on: date) -> Answer:
    """What the working copy would be answered today. Nothing is written."""
    return judged(read(declaration.draft), on=law_day(declaration, on=on), except_for=declaration.pk)


def faults_of(declaration: TravelDeclaration, *, on: date) -> list[Violation]:
    """What has to be mended in the working copy before it can be sent."""
    content = read(declaration.draft)
    found = faults(content, on=on)
    if not found and content.trip.post not in {post.code for post in law_of.posts(way=content.trip.way, on=on)}:
        sentence = _("Nobody crosses the border there this way. Choose another post.")
        found = [Violation("G004", "trip.post", sentence)]
    return found or list(_unexplained(content, on=law_day(declaration, on=on)))


def _unexplained(content: Content, *, on: date) -> Iterator[Violation]:
    """Above the limit from which cash is explained, each row says where it comes from and what it is for."""
    persons = above_explanation(content, on=on)
    for place, row in enumerate(content.money):
        if (row.person or 1) in persons:
            for name, sentence in (
                ("origin", _("So much money is explained: say where it comes from.")),
                ("purpose", _("So much money is explained: say what it is for.")),
            ):
                if not getattr(row, name):
                    yield Violation("G006", pointer_to("money", place, name), sentence)


def judged(content: Content, *, on: date, except_for: int | None) -> Answer:
    """The answer, with what these travellers used and declared before."""
    used = selectors.used_before(content, on=on, except_for=except_for)
    return answer(content, on=on, used=used, declared=selectors.declared_on_entry(content))


def law_day(declaration: TravelDeclaration, *, on: date) -> date:
    """The day whose law and rates count: that of the first sending, as long as it is valid."""
    if declaration.law_on and declaration.valid_until and on <= declaration.valid_until:
        return declaration.law_on
    return on


@transaction.atomic
def submit(declaration: TravelDeclaration, *, key: str, at: datetime, on: date) -> TravelDeclaration:
    """Send the working copy. The same key or the same content again changes nothing, however many phones send it.

    Raises Rejected with everything that has to be mended first; then nothing is written.
    """
    locked = lock_open(declaration.pk)
    if (key and locked.submit_key == key) or _is_sent_so(locked, on=on):
        return locked
    content, found = read(locked.draft), faults_of(locked, on=on)
    if found:
        raise Rejected(found)
    given = judged(content, on=law_day(locked, on=on), except_for=locked.pk)
    version = versions.write(locked, content, given, draft=locked.draft, by=None, at=at)
    withdraw_receipts(locked, why=Why.REVOKED, at=at)
    _take_over(locked, content, given, number=version.number, at=at, on=on, key=key)
    announce("travel.submitted", locked.pk)
    return locked


def _is_sent_so(locked: TravelDeclaration, *, on: date) -> bool:
    """Whether just this was sent already and is valid."""
    last = selectors.newest_version(locked)
    valid = locked.valid_until is not None and on <= locked.valid_until
    return valid and last is not None and last.content == locked.draft


def _take_over(
    locked: TravelDeclaration, content: Content, given: Answer, *, number: int, at: datetime, on: date, key: str
) -> None:
    """The columns that queues read, and the status that fits what is owed now."""
    valid = on <= locked.valid_until if locked.valid_until else False
    filling = {
        **columns_of(content, given, number=number),
        "submit_key": key,
        "submitted_at": locked.submitted_at or at,
        "reference": locked.reference or reference_of(locked, on=on),
        "valid_until": locked.valid_until if valid else on + timedelta(days=law_of.validity(on=on)),
    }
    data = {"version": number, "channel": given.channel, "payable": str(given.payable)}
    if locked.status == Status.DRAFT:
        transition(locked, Status.SUBMITTED, verb="submit", by=None, at=at, data=data, filling=filling)
    else:
        fill(locked, filling, at=at)
        record(locked, verb="change", by=None, at=at, data=data)
    follow_the_sum(locked, by=None, at=at)


def columns_of(content: Content, given: Answer, *, number: int) -> dict[str, object]:
    return {
        "version": number,
        "direction": content.trip.direction,
        "way": content.trip.way,
        "post": content.trip.post,
        "carriage": content.trip.carriage,
        "travel_day": content.trip.day,
        "channel": given.channel,
        "payable": given.payable,
        "currency": given.judged.currency,
        "law_on": given.on,
    }


def fill(locked: TravelDeclaration, filling: dict[str, object], *, at: datetime) -> None:
    for name, value in filling.items():
        setattr(locked, name, value)
    locked.updated_at = at
    locked.save(update_fields=[*filling, "updated_at"])


def reference_of(declaration: TravelDeclaration, *, on: date) -> str:
    """The number under which officers and banks know it; it opens nothing."""
    return f"P{on:%y}-{declaration.pk:07d}"


def follow_the_sum(locked: TravelDeclaration, *, by: User | None, at: datetime) -> None:
    """Move between SUBMITTED, TO_PAY and PAID as what is owed and what is paid ask; too much goes back."""
    due = locked.payable - locked.paid
    wanted = Status.TO_PAY if due > 0 else Status.PAID if locked.payable else Status.SUBMITTED
    way = {
        Status.SUBMITTED: {Status.TO_PAY: [Status.TO_PAY], Status.PAID: [Status.TO_PAY, Status.PAID]},
        Status.TO_PAY: {Status.PAID: [Status.PAID], Status.SUBMITTED: [Status.SUBMITTED]},
        Status.PAID: {Status.TO_PAY: [Status.TO_PAY], Status.SUBMITTED: [Status.SUBMITTED]},
    }
    for step in way.get(Status(locked.status), {}).get(wanted, ()):
        transition(locked, step, verb="sum", by=by, at=at, data={"payable": str(locked.payable)})
    if due < 0:
        announce("travel.overpaid", locked.pk)
