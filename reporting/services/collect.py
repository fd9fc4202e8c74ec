"""Ended files become rows with their steps; what is found later changes them, and the periods they belong to.

Nothing is written where an officer works: the background reads what the verbs have stamped.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from clearance.models import Case
from reporting.calculation import best_promise, kept, steps_of
from reporting.models import ClosedFile, Count, FileStep
from reporting.selectors import facts
from reporting.services.periods import make_stale
from reporting.services.turn import turn_of_counting

BATCH = 500
BATCHES = 20
# A transaction that began earlier may commit later: what was passed by is looked at again for so long.
OVERLAP = timedelta(hours=6)
OUTCOMES_AGAIN = 200


def collect_ended(*, all_of_them: bool = False) -> int:
    """Collect files that ended, at most ten thousand at a time; how many. `all_of_them`: whenever they ended."""
    collected = 0
    for _turn in range(BATCHES):
        taken = _collect_batch(ever=all_of_them)
        collected += taken
        if taken < BATCH:
            break
    return collected


@transaction.atomic
def _collect_batch(*, ever: bool) -> int:
    count = turn_of_counting()
    since = None if ever or count.ended_until is None else count.ended_until - OVERLAP
    ended = facts.uncollected(since=since, limit=BATCH)
    if ended:
        _write(ended)
        last = ended[-1].closed_at
        assert last is not None
        count.ended_until = max(count.ended_until or last, last)
        count.save(update_fields=["ended_until"])
    return len(ended)


def _write(ended: Sequence[Case]) -> None:
    visits = facts.visits_of(ended)
    outcomes, arms = facts.outcomes_of(visits), facts.arms_of(visits)
    promises = facts.promises_on(facts.local_day(case.lodged_at) for case in ended)
    files, steps = [], []
    for case in ended:
        assert case.closed_at is not None
        told, regime = outcomes[case.mrn], facts.regime_of(case.declaration)
        held = promises[facts.local_day(case.lodged_at)]
        target = best_promise(held, office_code=case.office_code, lane=case.lane, regime=regime)
        took, hours = case.closed_at - case.lodged_at, target.hours if target else None
        files.append(
            ClosedFile(
                case=case, mrn=case.mrn, day=facts.local_day(case.closed_at), ended_as=case.closed_as,
                office_code=case.office_code, lane=case.lane, regime=regime, trader_tin=case.trader_tin,
                decided_by=case.decided_by, lodged_at=case.lodged_at, ended_at=case.closed_at, took=took,
                target_hours=hours, within=kept(took, hours), examined=told.examined, found=told.found,
                findings=sorted(told.findings), arms=arms.get(case.mrn, []),
            )
        )  # fmt: skip
        parts = steps_of(case.lodged_at, visits[case.mrn])
        steps += [
            FileStep(file_id=case.pk, step=part.step, awaits=part.awaits, since=part.since, until=part.until)
            for part in parts
        ]
    ClosedFile.objects.bulk_create(files)
    FileStep.objects.bulk_create(steps, batch_size=2000)
    make_stale(file.day for file in files)


def follow_outcomes(*, all_of_them: bool = False) -> int:
    """Take over what was found since, on files that are here already; how many changed. Days that change are stale."""
    changed = 0
    for turn in range(BATCHES):
        seen, taken = _follow_batch(anew=all_of_them and turn == 0)
        changed += taken
        if seen < BATCH:
            break
    return changed


@transaction.atomic
def _follow_batch(*, anew: bool) -> tuple[int, int]:
    count = turn_of_counting()
    after = 0 if anew else count.last_outcome
    told = facts.told_since(max(0, after - OUTCOMES_AGAIN), limit=BATCH + OUTCOMES_AGAIN)
    changed = _take_over({mrn for _key, mrn in told})
    if told:
        count.last_outcome = told[-1][0]
        count.save(update_fields=["last_outcome"])
    return len([key for key, _mrn in told if key > after]), changed


def _take_over(mrns: Iterable[str]) -> int:
    files = list(ClosedFile.objects.filter(mrn__in=list(mrns)))
    outcomes = facts.outcomes_of(file.mrn for file in files)
    changed = []
    for file in files:
        told = outcomes[file.mrn]
        now = (told.examined, told.found, sorted(told.findings))
        if (file.examined, file.found, file.findings) != now:
            file.examined, file.found, file.findings = now
            changed.append(file)
    ClosedFile.objects.bulk_update(changed, ["examined", "found", "findings"])
    make_stale(file.day for file in changed)
    return len(changed)


def counted(*, at: datetime) -> None:
    """Say as of when the figures are."""
    Count.objects.update_or_create(pk=1, defaults={"at": at})
