"""The file of a declaration: opened when its lane is known, closed when the declaration has ended."""

from datetime import datetime

from django.db import transaction
from django.db.models import Count, Window
from django.utils import timezone

from accounts.models import User
from clearance.models import Case, WaitsFor
from clearance.selectors import is_linked, is_under_way, open_query, powers_of, was_raised_by_hand
from clearance.services.asked_anew import go_on_asking
from clearance.services.clock import AUTOMATIC, due_at
from clearance.services.closing import close_file
from declarations.models import Declaration, Status
from declarations.services import lock, record
from lib.bulk import insert_rows
from payments.services import settle_if_nothing_due
from risk.models import Lane, Score

_OPEN = (Status.ASSESSED, Status.PAID)
_ENDS: dict[str, Case.End] = {
    Status.RELEASED: Case.End.RELEASED,
    Status.EXITED: Case.End.RELEASED,
    Status.REJECTED: Case.End.REJECTED,
    Status.CANCELLED: Case.End.CANCELLED,
    Status.SUPERSEDED: Case.End.SUPERSEDED,
}


@transaction.atomic
def route(declaration_pk: int, *, at: datetime) -> Case | None:
    """Open the file once the lane is known, and move on a declaration with nothing to pay; None without a lane.

    An amended declaration keeps its first lodging, its officer if that one may act on it, and what an officer has
    begun: see `open_case`. Safe to repeat.
    """
    declaration = lock(declaration_pk)
    score = Score.objects.filter(declaration=declaration).first()
    case = open_case(declaration, score=score, at=at)
    if case is not None and declaration.status == Status.ASSESSED and not declaration.payable:
        settle_if_nothing_due(declaration.pk, at=at)
    return case


def open_case(declaration: Declaration, *, score: Score | None, at: datetime) -> Case | None:
    """The file of the locked declaration, made if its score is there.

    An amendment does not undo what officers did: a question that waits for its answer is asked of the new version, and
    where one waits, something is looked at or was found, or a supervisor has raised the lane, the lane does not sink.
    """
    if case := Case.objects.filter(declaration=declaration).order_by().first():
        return case
    if score is None or declaration.status not in _OPEN or declaration.stands_as:
        return None
    earlier = Case.objects.filter(declaration__mrn=declaration.mrn).order_by("-pk")
    before = earlier.first() if declaration.version > 1 else None
    if before is None:
        return _make(declaration, lane=score.lane, before=None, at=at)
    made = _make(declaration, lane=_not_lower(score.lane, before), before=before, at=at)
    if made.lane != score.lane:
        record(declaration, verb="lane_kept", by=None, at=at, data={"from": score.lane, "to": made.lane})
    go_on_asking(before, made, at=at)
    if before.closed_at is None:
        close_file(before, Case.End.SUPERSEDED, at=at)
    return made


def _not_lower(lane: str, before: Case) -> str:
    """The lane of the score, or that of the version before where officers have begun something on it."""
    lanes = list(Lane.values)
    if lanes.index(lane) >= lanes.index(before.lane):
        return lane
    begun = open_query(before) is not None or is_under_way(before.mrn) or was_raised_by_hand(before.mrn)
    return before.lane if begun else lane


def open_again(declaration: Declaration, *, at: datetime) -> Case | None:
    """The file of a version that corrects a released one, closed as it is opened; None if there never was a file.

    The caller holds the declaration's lock.
    """
    before = Case.objects.filter(declaration__mrn=declaration.mrn).order_by("-pk").first()
    if before is None:
        return None
    made = _make(declaration, lane=before.lane, before=before, at=at)
    close_file(made, Case.End.CORRECTED, at=at)
    return made


@transaction.atomic
def close_ended(declaration_pk: int, *, at: datetime) -> None:
    """Close the file of a declaration that was cancelled, rejected, replaced or released."""
    declaration = lock(declaration_pk)
    case = Case.objects.filter(declaration=declaration, closed_at=None).first()
    if case is not None and declaration.status in _ENDS:
        close_file(case, _ENDS[declaration.status], at=at)


def _make(declaration: Declaration, *, lane: str, before: Case | None, at: datetime) -> Case:
    items = declaration.items.order_by("number").values_list("commercial_description", "commodity_code")
    goods, code, count = items.annotate(count=Window(Count("pk"))).first() or ("", "", 0)
    trader = declaration.trader or declaration.declarant
    assert declaration.lodged_at is not None, "A scored declaration was lodged."
    case = Case(
        declaration=declaration,
        office_code=declaration.office_code,
        lane=lane,
        lodged_at=before.lodged_at if before else declaration.lodged_at,
        opened_at=at,
        clock_from=at,
        waits_for=WaitsFor.MONEY if lane in AUTOMATIC else WaitsFor.OFFICE,
        waits_since=at,
        due_at=due_at(lane, opened_at=at),
        mrn=declaration.mrn,
        trader_name=trader.name,
        trader_tin=trader.tin,
        goods=" ".join(goods.split())[:200],
        procedure=declaration.procedure,
        commodity_code=code,
        item_count=count,
        customs_value=declaration.customs_value,
    )
    insert_rows([case])
    if before is not None and before.claimed_by is not None and _goes_on(before.claimed_by, case, at=at):
        case.claimed_by, case.claimed_at = before.claimed_by, at
        case.save(update_fields=["claimed_by", "claimed_at"])
    return case


def _goes_on(officer: User, case: Case, *, at: datetime) -> bool:
    """Whether the officer of the version before may work on this one."""
    return powers_of(officer, on=timezone.localdate(at)).may_act(case) and not is_linked(officer, case)
