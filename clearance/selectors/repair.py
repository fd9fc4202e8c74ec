"""What a lost message left behind, in bounded batches: each read finds work that a task should have done."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from clearance.models import FOR_THE_TRADER, Case, Correction, Finding
from declarations.models import Declaration, IssuedPaper, Status
from risk.models import Lane, Score

LOOK_BACK = timedelta(days=30)


def scored_without_case(*, limit: int) -> list[int]:
    """Declarations whose lane is known and that have no file yet."""
    rows = Score.objects.filter(declaration__status__in=(Status.ASSESSED, Status.PAID), declaration__case__isnull=True)
    return list(rows.order_by("pk").values_list("declaration_id", flat=True)[:limit])


def clear_but_not_released(*, limit: int) -> list[int]:
    """Paid declarations that need no officer, or on which the officer has decided, and that no correction holds."""
    free = Q(lane__in=(Lane.GREEN, Lane.BLUE)) | Q(decided_at__isnull=False)
    free &= ~Q(waits_for__in=FOR_THE_TRADER)
    rows = Case.objects.filter(free, closed_at=None, declaration__status=Status.PAID)
    waits = Correction.objects.open().filter(mrn=OuterRef("mrn"))
    found = Finding.objects.filter(examination__case__mrn=OuterRef("mrn"), settled=None)
    rows = rows.exclude(Exists(waits)).exclude(Exists(found.exclude(code=Finding.Code.CONFORM)))
    return list(rows.order_by("pk").values_list("declaration_id", flat=True)[:limit])


def paid_after_release(*, limit: int) -> list[int]:
    """Corrections after release that are paid and do not stand again."""
    rows = Declaration.objects.filter(status=Status.PAID).exclude(stands_as="")
    return list(rows.order_by("pk").values_list("pk", flat=True)[:limit])


def released_without_note(*, at: datetime, limit: int) -> list[int]:
    """Declarations released in the last 30 days whose release note was not issued."""
    return _without(IssuedPaper.Kind.RELEASE_NOTE, Q(), at=at, limit=limit)


def exported_without_note(*, at: datetime, limit: int) -> list[int]:
    """Exports released in the last 30 days whose exit note was not issued."""
    leaves = Q(declaration__declaration_type__startswith="EX")
    return _without(IssuedPaper.Kind.EXIT_NOTE, leaves, at=at, limit=limit)


def _without(kind: IssuedPaper.Kind, wanted: Q, *, at: datetime, limit: int) -> list[int]:
    issued = IssuedPaper.objects.filter(declaration=OuterRef("declaration"), kind=kind)
    rows = Case.objects.filter(~Exists(issued), wanted, closed_as=Case.End.RELEASED, closed_at__gte=at - LOOK_BACK)
    return list(rows.order_by("closed_at").values_list("declaration_id", flat=True)[:limit])


def ended_but_open(*, limit: int) -> list[int]:
    """Open files whose declaration was cancelled, rejected, replaced or released elsewhere."""
    ended = (Status.CANCELLED, Status.REJECTED, Status.SUPERSEDED, Status.RELEASED, Status.EXITED)
    rows = Case.objects.filter(closed_at=None, declaration__status__in=ended)
    return list(rows.order_by("pk").values_list("declaration_id", flat=True)[:limit])
