"""The impact of a change set: asked for, worked out at once or by a worker, kept to be found again."""

from datetime import datetime, timedelta
from typing import Any

import structlog
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from accounts.models import User
from accounts.services.followups import announce
from declarations.models import ImpactReport, ImpactResult
from declarations.services import trial
from lib.violations import Rejected
from tariff_changes.models import ChangeSet
from tariffs.selectors import territory

log = structlog.get_logger("impact")
# So much is worked out while the person waits; more than that is a worker's.
AT_ONCE_DECLARATIONS = 40
AT_ONCE_ROWS = 1000
FAULTS_KEPT = 50
ABANDONED_AFTER = timedelta(minutes=3)
GIVEN_UP_AFTER = timedelta(days=1)


def ask_impact(change_set: ChangeSet, *, last: int, by: User, at: datetime) -> ImpactReport:
    """Ask what the set means for the `last` lodged declarations (1 to 5,000). A small answer is there at once."""
    with transaction.atomic():
        report = ImpactReport.objects.create(
            change_set=change_set, version=change_set.version, last=last, asked_by=by, asked_at=at
        )
        small = _is_small(change_set, last)
        if not small:
            announce("change_set.impact_asked", report.pk)
    if small:
        work_out_impact(report.pk, at=at)
    return report


def _is_small(change_set: ChangeSet, last: int) -> bool:
    if change_set.rows.count() > AT_ONCE_ROWS:
        return False
    concerned = trial.touched(trial.last_lodged(last), trial.prefixes_of(change_set))
    return len(concerned) <= AT_ONCE_DECLARATIONS


def work_out_impact(report_pk: int, *, at: datetime) -> None:
    """Answer a report; safe to run twice. What goes wrong is kept as the answer, so that nobody waits in vain."""
    report = ImpactReport.objects.select_related("change_set", "change_set__legal_act").get(pk=report_pk)
    if ImpactResult.objects.filter(report=report).exists():
        return
    edition = territory().edition
    data = {**_answer(report, at=at), "edition": edition}
    try:
        with transaction.atomic():
            ImpactResult.objects.create(report=report, at=at, data=data)
    except IntegrityError:
        log.info("impact was worked out twice", report=report_pk)


def _answer(report: ImpactReport, *, at: datetime) -> dict[str, Any]:
    try:
        return trial.work_out(
            report.change_set,
            on=localdate(at),
            last=report.last,
            progress=lambda done, of: _tell(report.pk, done, of),
        )
    except Rejected as rejected:
        return {
            "faults": [fault.as_dict() for fault in rejected.violations[:FAULTS_KEPT]],
            "fault_count": len(rejected.violations),
        }
    except Exception:
        log.exception("the impact could not be worked out", report=report.pk)
        return {"failed": True}


def finish_impacts(*, at: datetime) -> int:
    """Answer reports whose message was lost or whose worker ended; how many."""
    waiting = ImpactReport.objects.filter(
        result=None, asked_at__lt=at - ABANDONED_AFTER, asked_at__gt=at - GIVEN_UP_AFTER
    ).order_by("pk")
    left = [pk for pk in waiting.values_list("pk", flat=True) if progress_of(pk) is None]
    for pk in left:
        work_out_impact(pk, at=at)
    return len(left)


# How far it has come: of use while somebody looks, and no loss when it is gone.
def _tell(report_pk: int, done: int, of: int) -> None:
    cache.set(f"impact-{report_pk}", (done, of), timeout=int(ABANDONED_AFTER.total_seconds()))


def progress_of(report_pk: int) -> tuple[int, int] | None:
    """How many assessments are done, of how many; None where no worker has told lately."""
    found: tuple[int, int] | None = cache.get(f"impact-{report_pk}")
    return found
