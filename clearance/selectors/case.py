"""A file with its parts: queries, examinations, what an amendment changed, and the trader's record."""

import json
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from clearance.models import Case, Examination, Query
from declarations.models import Declaration, Snapshot
from declarations.selectors import Change, changes_between


@dataclass(frozen=True)
class Record:
    """How earlier files of a trader ended, counted over at most 1,000."""

    files: int
    released: int
    rejected: int
    examined: int
    discrepancies: int


def case_of(declaration: Declaration) -> Case | None:
    """The file of this version, once its lane is known."""
    return Case.objects.filter(declaration=declaration).select_related("claimed_by", "decided_by").first()


def newest_of(mrn: str) -> Case:
    """The file of the newest version that has one."""
    return Case.objects.filter(declaration__mrn=mrn).order_by("-pk")[0]


def queries_of(case: Case) -> QuerySet[Query]:
    """Questions with their answers and attachments, the oldest first: three queries however many there are."""
    related = Query.objects.filter(case__declaration__mrn=case.mrn).select_related(
        "asked_by", "answer__by", "case__declaration"
    )
    return related.prefetch_related("answer__attachments__file").order_by("pk")


def open_query(case: Case) -> Query | None:
    """The question that waits for its answer."""
    return Query.objects.filter(case=case, answer__isnull=True).order_by("pk").first()


def examinations_of(case: Case) -> QuerySet[Examination]:
    """Examinations with their findings, on every version of the declaration."""
    related = Examination.objects.filter(case__declaration__mrn=case.mrn).select_related("officer")
    return related.prefetch_related(
        "findings__by", "findings__settled__by", "photos", "samples__taken_by", "samples__result_by", "presences"
    ).order_by("pk")


def record_of(case: Case) -> Record:
    """What became of the trader's other files."""
    latest = Case.objects.filter(trader_tin=case.trader_tin).exclude(mrn=case.mrn).order_by("-pk")[:1000]
    done = Examination.objects.filter(case=OuterRef("pk"), finished_at__isnull=False)
    counted = (
        Case.objects.filter(pk__in=latest.values("pk"))
        .annotate(was_examined=Exists(done), was_wrong=Exists(done.filter(outcome=Examination.Result.DISCREPANCY)))
        .aggregate(
            files=Count("pk"),
            released=Count("pk", filter=Q(closed_as=Case.End.RELEASED)),
            rejected=Count("pk", filter=Q(closed_as=Case.End.REJECTED)),
            examined=Count("pk", filter=Q(was_examined=True)),
            discrepancies=Count("pk", filter=Q(was_wrong=True)),
        )
    )
    return Record(**counted)


def differences(declaration: Declaration) -> list[Change]:
    """What this version declares otherwise than the one before it; empty for a first version."""
    if declaration.version == 1:
        return []
    versions = (declaration.version - 1, declaration.version)
    rows = Snapshot.objects.filter(declaration__mrn=declaration.mrn, declaration__version__in=versions)
    contents = [json.loads(text) for text in rows.order_by("declaration__version").values_list("content", flat=True)]
    return changes_between(*contents) if len(contents) == 2 else []
