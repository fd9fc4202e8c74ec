"""What a version of a criterion would have done to past declarations, before it is switched on. Changes no score."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from declarations.models import Declaration, Snapshot
from risk import facts
from risk.models import Criterion, CriterionEvent
from risk.scoring import LANES, CriterionFact, Facts, Result
from risk.scoring import score as pure_score
from risk.services.criteria import record_replay
from risk.services.score import as_fact, criteria_on, draw_of

LIMIT = 2000
SAMPLE = 25
AT_ONCE = 500


@transaction.atomic
def replay(criterion: Criterion, *, last: int, at: datetime, by: User | None) -> CriterionEvent:
    """Score the `last` lodged declarations (at most 2,000) without and with the version; keep and return the result.

    `data` of the returned event: declarations, hits, selected, changed, before and after (counts by lane), sample.
    """
    before = criteria_on(at)
    after = [*(fact for fact in before if fact.code != criterion.code), as_fact(criterion)]
    outcomes = list(_replayed(min(last, LIMIT), before, after))
    return record_replay(criterion, data=_summary(criterion, outcomes), at=at, by=by)


Outcome = tuple[Declaration, Result, Result]


def _replayed(last: int, before: Sequence[CriterionFact], after: Sequence[CriterionFact]) -> Iterator[Outcome]:
    asked = frozenset(condition.field for fact in (*before, *after) for condition in fact.conditions)
    for declaration, known in _past(last, asked):
        draw = draw_of(declaration)
        yield declaration, pure_score(known, before, draw), pure_score(known, after, draw)


def _past(last: int, asked: frozenset[str]) -> Iterator[tuple[Declaration, Facts]]:
    """The last lodged declarations, the newest first, as they were lodged: a few queries for each few hundred."""
    keys = list(Snapshot.objects.order_by("-pk").values_list("pk", flat=True)[:last])
    for begin in range(0, len(keys), AT_ONCE):
        part = Snapshot.objects.filter(pk__in=keys[begin : begin + AT_ONCE]).select_related("declaration")
        rows = [(row.declaration, json.loads(row.content)) for row in part.order_by("-pk")]
        known = facts.of_many(rows, asked=asked)
        yield from ((declaration, one) for (declaration, _content), one in zip(rows, known, strict=True))


def _summary(criterion: Criterion, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    hits = [
        (declaration, old, new, hit)
        for declaration, old, new in outcomes
        for hit in new.hits
        if hit.code == criterion.code
    ]
    return {
        "declarations": len(outcomes),
        "hits": len(hits),
        "selected": sum(hit.selected for *_rest, hit in hits),
        "changed": sum(old.lane != new.lane for _declaration, old, new in outcomes),
        "before": _by_lane(old for _declaration, old, _new in outcomes),
        "after": _by_lane(new for _declaration, _old, new in outcomes),
        "sample": [
            {
                "mrn": declaration.mrn,
                "file": str(declaration.public_id),
                "items": list(hit.items),
                "selected": hit.selected,
                "before": old.lane,
                "after": new.lane,
            }
            for declaration, old, new, hit in hits[:SAMPLE]
        ],
    }


def _by_lane(results: Iterable[Result]) -> dict[str, int]:
    counted = Counter(result.lane for result in results)
    return {lane: counted[lane] for lane in LANES}
