"""What is to be collected: files that ended and are not here yet, with all that was stamped on their versions."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from clearance.models import Case, Examination, Finding, Sample, Wait
from clearance.services.clock import AUTOMATIC
from declarations.models import Declaration, Event, Status
from reporting.calculation import Promise, Visit
from reporting.models import ClosedFile, ReleaseTarget
from risk.models import Hit, Outcome

ENDS = (Case.End.RELEASED, Case.End.REJECTED, Case.End.CANCELLED)
CRITERIA, RANDOM = "criteria", "random"
_TAKEN, _PAID = ("claim", "allot"), "pay"


def local_day(at: datetime) -> date:
    """The day at the offices, whatever the time zone of the reader."""
    return timezone.localtime(at, timezone.get_default_timezone()).date()


def regime_of(declaration: Declaration) -> str:
    """Box 1 as revenue counts it: "IM 4"."""
    return f"{declaration.declaration_type} {declaration.general_procedure}".strip() or "-"


def uncollected(*, since: datetime | None, limit: int) -> list[Case]:
    """Files that ended at or after `since` (None: ever) and are not collected, the first to end first."""
    known = ClosedFile.objects.filter(case=OuterRef("pk"))
    ended = Case.objects.filter(~Exists(known), closed_as__in=ENDS).select_related("declaration")
    if since is not None:
        ended = ended.filter(closed_at__gte=since)
    return list(ended.defer("declaration__held", "declaration__kept").order_by("closed_at", "pk")[:limit])


def promises_on(days: Iterable[date]) -> dict[date, list[Promise]]:
    """The targets in force on each of the days."""
    wanted = set(days)
    rows = list(ReleaseTarget.objects.filter(valid_from__lte=max(wanted))) if wanted else []
    return {
        day: [
            Promise(row.office_code, row.lane, row.regime, row.hours)
            for row in rows
            if row.valid_from <= day and (row.valid_to is None or row.valid_to >= day)
        ]
        for day in wanted
    }


def visits_of(ended: Sequence[Case]) -> dict[str, list[Visit]]:
    """By MRN what was stamped on each version of the ended files, in their order: so many reads for any number."""
    last = {case.mrn: case.pk for case in ended}
    chain = Case.objects.filter(declaration__mrn__in=list(last), closed_at__isnull=False)
    cases = [case for case in chain.order_by("declaration__version", "pk") if case.pk <= last[case.mrn]]
    keys, declarations = [case.pk for case in cases], [case.declaration_id for case in cases]
    waits: dict[int, list[tuple[str, datetime, datetime]]] = defaultdict(list)
    for row in Wait.objects.filter(case__in=keys).order_by("pk"):
        waits[row.case_id].append((row.what, row.since, row.until))
    taken, paid = _moments(declarations)
    examined, sampled = _examinations(keys)
    found: dict[str, list[Visit]] = defaultdict(list)
    for case in cases:
        assert case.closed_at is not None
        end = case.closed_at
        # What was routed away from an officer has waited for more than the office.
        automatic = case.lane in AUTOMATIC and len(waits[case.pk]) <= 1
        found[case.mrn].append(
            Visit(
                opened_at=case.opened_at,
                closed_at=end,
                automatic=automatic,
                waits=waits[case.pk],
                taken_at=taken.get(case.declaration_id),
                decided_at=case.decided_at,
                paid_at=paid.get(case.declaration_id),
                examined=[(since, until or end) for since, until in examined[case.pk]],
                at_laboratory=sampled[case.pk],
            )
        )
    return found


def _moments(declarations: Sequence[int]) -> tuple[dict[int, datetime], dict[int, datetime]]:
    """When an officer first took the file of each declaration, and when it was paid."""
    taken: dict[int, datetime] = {}
    paid: dict[int, datetime] = {}
    events = Event.objects.filter(declaration__in=declarations)
    for key, at in events.filter(verb__in=_TAKEN).order_by("at", "pk").values_list("declaration", "at"):
        taken.setdefault(key, at)
    for key, at in events.filter(new_status=Status.PAID).order_by("at", "pk").values_list("declaration", "at"):
        paid.setdefault(key, at)
    return taken, paid


_Stretches = dict[int, list[tuple[datetime, datetime]]]


def _examinations(cases: Sequence[int]) -> tuple[dict[int, list[tuple[datetime, datetime | None]]], _Stretches]:
    """By file when it was examined, and when the laboratory had a sample whose result came."""
    examined: dict[int, list[tuple[datetime, datetime | None]]] = defaultdict(list)
    before_release = Examination.objects.filter(case__in=cases).exclude(kind=Examination.Kind.AUDIT)
    for key, since, until in before_release.values_list("case", "started_at", "finished_at"):
        examined[key].append((since, until))
    sampled: _Stretches = defaultdict(list)
    samples = Sample.objects.filter(examination__case__in=cases, result_at__isnull=False)
    for key, since, until in samples.order_by("pk").values_list("examination__case", "taken_at", "result_at"):
        sampled[key].append((since, until))
    return examined, sampled


@dataclass
class Found:
    """What came of a declaration so far."""

    examined: bool = False
    found: bool = False
    findings: set[str] = field(default_factory=set)


def outcomes_of(mrns: Iterable[str]) -> dict[str, Found]:
    """What was examined and found of the declarations, on any of their versions."""
    wanted = list(mrns)
    told: dict[str, Found] = defaultdict(Found)
    outcomes = Outcome.objects.filter(declaration__mrn__in=wanted)
    for mrn, discrepancy in outcomes.values_list("declaration__mrn", "discrepancy"):
        told[mrn].examined = True
        told[mrn].found |= discrepancy
    findings = Finding.objects.filter(
        examination__case__declaration__mrn__in=wanted, examination__finished_at__isnull=False
    )
    for mrn, code in findings.exclude(code=Finding.Code.CONFORM).values_list("examination__case__mrn", "code"):
        told[mrn].findings.add(code)
    return told


def arms_of(mrns: Iterable[str]) -> dict[str, list[str]]:
    """By which ways of selection risk chose the declarations: by a criterion's conditions, or at random."""
    chosen: dict[str, set[str]] = defaultdict(set)
    hits = Hit.objects.filter(score__declaration__mrn__in=list(mrns), selected=True)
    for mrn, conditions in hits.values_list("score__declaration__mrn", "criterion__conditions"):
        chosen[mrn].add(CRITERIA if conditions else RANDOM)
    return {mrn: sorted(arms) for mrn, arms in chosen.items()}


def told_since(outcome: int, *, limit: int) -> list[tuple[int, str]]:
    """Key and MRN of outcomes told after that one, the first told first."""
    rows = Outcome.objects.filter(pk__gt=outcome).order_by("pk")
    return list(rows.values_list("pk", "declaration__mrn")[:limit])


def month_of(day: date) -> tuple[date, date]:
    """First and last day of the month."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
