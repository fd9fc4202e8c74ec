"""The sandbox company: whoever writes software against the portal chooses an outcome by the first letter of the LRN.

An officer of the demonstration does by the verbs of all officers what the letter says, as soon as it can be done. So a
program meets the real statuses, messages and webhooks, and no production code knows of it.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from accounts.models import User
from clearance import services
from clearance.models import Case, Correction, Query
from clearance.selectors import case_of, open_reroute, unchecked, unsettled
from declarations.models import Declaration, Status
from demo.accounts import CHIEFS, ROBOT, SANDBOX
from demo.correcting import dearer
from risk.models import Lane

Act = Callable[[Case, datetime], None]
_BY_ROBOT = "The sandbox does what the first letter of the reference says."
_ANSWER_DAYS = 7
_TOO_LOW = Decimal("1.1")


def play(declaration_pk: int, *, at: datetime) -> None:
    """Do what is due on a declaration of the sandbox company; nothing on any other. Safe to repeat."""
    declaration = Declaration.objects.select_related("declarant").get(pk=declaration_pk)
    letter = (declaration.lrn or " ")[0].upper()
    case = case_of(declaration) if declaration.declarant.tin == SANDBOX.tin and letter in OUTCOMES else None
    if case is None or case.closed_at is not None:
        return
    lane, act = OUTCOMES[letter]
    lane = lane or (Lane.YELLOW if case.lane == Lane.RED else case.lane)
    if case.lane != lane:
        case = _to_lane(case, lane, at)
    if declaration.status == Status.PAID and case.lane in (Lane.YELLOW, Lane.RED):
        act(services.claim(case, by=robot(), at=at), at)


def play_answer(query_pk: int, *, at: datetime) -> None:
    """What follows the answer to a question of the sandbox."""
    play(Query.objects.select_related("case").get(pk=query_pk).case.declaration_id, at=at)


def _to_lane(case: Case, lane: str, at: datetime) -> Case:
    """Who changes the lane does not release the file, and to less control it takes two: others than the robot do it."""
    services.reroute(case, lane=lane, reason=_BY_ROBOT, by=_officer(CHIEFS[0]), at=at)
    asked = open_reroute(case)
    if asked is not None:
        services.agree_to_reroute(asked, by=_officer(CHIEFS[1]), at=at)
    return Case.objects.select_related("declaration").get(pk=case.pk)


def _check(case: Case, at: datetime) -> None:
    """Everything that the criteria ask for is in order."""
    for each in unchecked(case):
        services.check_instruction(case, criterion=each.reason.criterion, result="conform", by=robot(), at=at)


def _release(case: Case, at: datetime) -> None:
    _check(case, at)
    services.decide_release(case, note=_BY_ROBOT, by=robot(), at=at)


def _ask(case: Case, at: datetime) -> None:
    """Release after an answer; ask where nothing was asked."""
    asked = Query.objects.filter(case=case).first()
    if asked is None:
        due = timezone.localdate(at) + timedelta(days=_ANSWER_DAYS)
        services.ask(case, question="Which contract is this?", due=due, by=robot(), at=at)
    elif hasattr(asked, "answer"):
        _release(case, at)


def _examine(case: Case, at: datetime) -> None:
    if not case.examinations.exists():
        examination = services.start_examination(case, kind="goods", by=robot(), at=at)
        services.record_finding(examination, item_number=1, code="conform", by=robot(), at=at)
        _check(case, at)
        services.finish_examination(examination, note=_BY_ROBOT, by=robot(), at=at)
    _release(Case.objects.get(pk=case.pk), at)


def _propose(case: Case, at: datetime) -> None:
    """The value is found too low and a correction proposed; release once the proposal was accepted and is paid."""
    if Correction.objects.filter(mrn=case.mrn).exists():
        if not unsettled(case.mrn):
            _release(case, at)
        return
    examination = services.start_examination(case, kind="documents", by=robot(), at=at)
    services.record_finding(examination, item_number=1, code="value", text=_BY_ROBOT, by=robot(), at=at)
    services.finish_examination(examination, note=_BY_ROBOT, by=robot(), at=at)
    made = services.corrections.propose(case, findings=list(unsettled(case.mrn)), by=robot(), at=at)
    dearer(made, factor=_TOO_LOW, by=robot(), at=at)
    on = timezone.localdate(at)
    services.corrections.send_proposal(made, reason=_BY_ROBOT, by=robot(), at=at, on=on)


def _reject(case: Case, at: datetime) -> None:
    services.reject(case, reason=_BY_ROBOT, by=robot(), at=at)


# Letter: the lane the file goes to ("": any but red), and what the officer does once it is paid.
OUTCOMES: dict[str, tuple[str, Act]] = {
    "G": ("", _release),
    "Y": (Lane.YELLOW, _release),
    "Q": (Lane.YELLOW, _ask),
    "R": (Lane.RED, _examine),
    "P": (Lane.YELLOW, _propose),
    "X": (Lane.YELLOW, _reject),
}


def robot() -> User:
    """The officer who plays."""
    return _officer(ROBOT)


def _officer(email: str) -> User:
    return User.objects.get(email=email)
