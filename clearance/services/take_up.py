"""What follows an assessment, in one visit: the lane, the file, and what needs nobody's money."""

from datetime import datetime

from django.db import transaction

from accounts.services.followups import announce
from clearance.models import Case
from clearance.services.release import release_if_clear
from clearance.services.route import open_case
from clearance.services.staff import allot_automatically
from declarations.models import Status
from declarations.services import lock_standing
from risk.services import score_locked


@transaction.atomic
def take_up(declaration_pk: int, *, at: datetime) -> Case | None:
    """Score the declaration and open its file under one lock; None if it is no longer before an officer.

    Where the trader was quicker and has paid, the missing file may be all that held the goods. A first version with
    something to pay waits for money; any other is announced, since it may have nothing due. Safe to repeat.
    """
    declaration = lock_standing(declaration_pk)
    if declaration.stands_as:
        return None  # It corrects what was released: no lane, no officer.
    case = open_case(declaration, score=score_locked(declaration, at=at), at=at)
    if case is None:
        return None
    allot_automatically(case, at=at)
    if declaration.status == Status.PAID:
        release_if_clear(declaration.pk, at=at)
    elif declaration.version > 1 or not (declaration.payable or declaration.guaranteed):
        announce("declaration.nothing_due", declaration.pk)
    return case
