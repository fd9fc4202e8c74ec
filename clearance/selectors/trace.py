"""What a decision has to leave behind: instructions with their checks, and who changed the lane of a file."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from clearance.models import OFFICER_LANES, Case, InstructionCheck, Reroute
from clearance.selectors.people import LANES_OF, Powers
from risk.models import Lane, Score
from risk.selectors import ReasonInWords, reasons_in_words


@dataclass(frozen=True)
class Instruction:
    """What a criterion that put the file before an officer asks for, with its newest check, if there is one."""

    reason: ReasonInWords
    check: InstructionCheck | None


def instructions_of(case: Case) -> Sequence[Instruction]:
    """The instructions that the file is to be checked by, in the reader's language; none where no criterion has one."""
    score = Score.objects.filter(declaration_id=case.declaration_id).first()
    return instructions_among(case, reasons_in_words(score) if score else [])


def instructions_among(case: Case, hits: Sequence[ReasonInWords]) -> Sequence[Instruction]:
    """`instructions_of`, where the reasons of the file's score are known."""
    reasons = [each for each in hits if _asks(each)]
    if not reasons:
        return []
    rows = InstructionCheck.objects.filter(case=case).select_related("by", "finding").order_by("pk")
    newest = {row.criterion_id: row for row in rows}
    return [Instruction(reason, newest.get(reason.criterion)) for reason in reasons]


def unchecked(case: Case) -> Sequence[Instruction]:
    """Instructions of the file that nobody has recorded a check of."""
    return [each for each in instructions_of(case) if each.check is None]


def rerouted_by(user: User) -> Q:
    """Files, by their `mrn`, whose lane `user` has changed or agreed to change. The one judge of it."""
    had_a_hand = Q(asked_by=user) | Q(decided_by=user)
    done = Reroute.objects.filter(had_a_hand, mrn=OuterRef("mrn"), outcome=Reroute.Outcome.DONE)
    return Q(Exists(done))


def was_rerouted_by(user: User, case: Case) -> bool:
    """Whether `user` may not release the file, for having a hand in its lane."""
    return Case.objects.filter(rerouted_by(user), pk=case.pk).exists()


def was_raised_by_hand(mrn: str) -> bool:
    """Whether the last change of lane, on any version of the file, was to more control."""
    done = Reroute.objects.filter(mrn=mrn, outcome=Reroute.Outcome.DONE).order_by("-decided_at", "-pk")
    lanes: list[str] = list(done.values_list("lane_to", flat=True)[:1])
    return lanes == [Lane.RED]


def open_reroute(case: Case) -> Reroute | None:
    """The change of lane that waits for a second officer."""
    found: Reroute | None = Reroute.objects.filter(case=case, outcome="").select_related("asked_by").first()
    return found


def reroutes_waiting(powers: Powers, *, by: User) -> QuerySet[Reroute]:
    """Changes of lane that wait for a second officer, and that `by` may decide about."""
    rows = Reroute.objects.filter(powers.within(), outcome="", case__closed_at=None).exclude(asked_by=by)
    offices = {office for role, office in powers.roles if role in LANES_OF}
    mine = Q(pk__in=[])
    for office in offices:
        lanes = Q(lane_from__in=sorted(powers.lanes(office or "")))
        mine |= lanes if office is None else lanes & Q(office_code=office)
    found: QuerySet[Reroute] = rows.filter(mine).select_related("case__declaration", "asked_by")
    return found.order_by("asked_at", "pk")


def _asks(reason: ReasonInWords) -> bool:
    return reason.selected and bool(reason.instruction) and reason.lane in OFFICER_LANES
