"""Release: only when the money is booked or secured, the lane known, and nothing open."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from clearance.models import Case, Examination
from clearance.selectors import open_correction, open_query, unsettled
from clearance.services.audits.opening import await_audit
from clearance.services.clock import AUTOMATIC
from clearance.services.closing import close_file
from clearance.services.route import open_case
from declarations import services as declarations
from declarations.models import Declaration, Status
from payments.selectors import expired_hold, is_settled
from risk.models import Score


@transaction.atomic
def release_if_clear(declaration_pk: int, *, at: datetime) -> bool:
    """Release the declaration if nothing is in the way; whether it was released now.

    In the way are: a status other than PAID, money that is not booked or secured, a
    guarantee that has expired, a lane not known, on yellow and
    red the officer's decision, a query without answer, an examination not finished, a discrepancy that
    nothing came of, a correction that waits. A correction after release that is paid stands again. Safe to repeat.
    """
    declaration = declarations.lock(declaration_pk)
    if declaration.status != Status.PAID:
        return False
    if declaration.stands_as:
        declarations.stand_again(declaration, at=at)
        return True
    score = Score.objects.filter(declaration=declaration).first()
    case = open_case(declaration, score=score, at=at)
    if case is None or case.closed_at is not None or not _is_clear(declaration, case):
        return False
    if expired_hold(declaration, on=timezone.localdate(at)) is not None:
        return False
    declarations.mark_released(declaration, by=case.decided_by, at=at)
    close_file(case, Case.End.RELEASED, at=at)
    await_audit(case, at=at)
    return True


def _is_clear(declaration: Declaration, case: Case) -> bool:
    decided = case.lane in AUTOMATIC or case.decided_at is not None
    if not decided or open_query(case) is not None or has_open_examination(case) or not is_settled(declaration):
        return False
    return open_correction(case.mrn) is None and not unsettled(case.mrn).exists()


def has_open_examination(case: Case) -> bool:
    """Whether an examination was begun, on whatever version, and not finished."""
    return Examination.objects.filter(case__declaration__mrn=case.mrn, finished_at=None).exists()
