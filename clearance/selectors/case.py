"""A file with its parts: queries, examinations, what an amendment changed, and the trader's record."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise

from clearance.models import Case, Examination, Query
from declarations.boxes import BY_FIELD
from declarations.models import Declaration, Snapshot

_LEVEL_OF = {"items": "item", "documents": "document", "containers": "container", "previous": "previous",
             "suppliers": "supplier"}  # fmt: skip
_UNDECLARED = ("id", "status", "version", "mrn", "customs_number", "tax_date", "lodged_at", "held", "kept", "source",
               "customs_value", "payable", "guaranteed")  # fmt: skip


@dataclass(frozen=True)
class Record:
    """How earlier files of a trader ended, counted over at most 1,000."""

    files: int
    released: int
    rejected: int
    examined: int
    discrepancies: int


@dataclass(frozen=True)
class Change:
    """A field that an amendment changed; `where` is such as "2" or "2.1", the item and its document."""

    label: str | Promise
    box: str
    where: str
    before: str
    after: str


def case_of(declaration: Declaration) -> Case | None:
    """The file of this version, once its lane is known."""
    return Case.objects.filter(declaration=declaration).select_related("claimed_by", "decided_by").first()


def queries_of(case: Case) -> QuerySet[Query]:
    """Questions with their answers and attachments, the oldest first: three queries however many there are."""
    related = Query.objects.filter(case__mrn=case.mrn).select_related("asked_by", "answer__by", "case__declaration")
    return related.prefetch_related("answer__attachments__file").order_by("pk")


def open_query(case: Case) -> Query | None:
    """The question that waits for its answer."""
    return Query.objects.filter(case=case, answer__isnull=True).order_by("pk").first()


def examinations_of(case: Case) -> QuerySet[Examination]:
    """Examinations with their findings, on every version of the declaration."""
    related = Examination.objects.filter(case__mrn=case.mrn).select_related("officer")
    return related.prefetch_related("findings__by").order_by("pk")


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


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """What the one canonical content declares otherwise than the other, box by box."""
    return list(_compared("header", "", before, after))


def _compared(level: str, where: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for field in dict.fromkeys((*before, *after)):
        old, new = before.get(field, ""), after.get(field, "")
        if field in _LEVEL_OF:
            yield from _rows(_LEVEL_OF[field], where, old or [], new or [])
        elif old != new and field not in _UNDECLARED:
            box = BY_FIELD[level].get(field)
            yield Change(box.label if box else field, box.box if box else "", where, str(old), str(new))


def _rows(level: str, where: str, before: list[Any], after: list[Any]) -> Iterator[Change]:
    for place in range(max(len(before), len(after))):
        old = before[place] if place < len(before) else {}
        new = after[place] if place < len(after) else {}
        yield from _compared(level, f"{where}.{place + 1}".lstrip("."), old, new)
