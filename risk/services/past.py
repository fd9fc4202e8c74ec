"""Lodged declarations as a replay reads them: the newest first, in portions, with the fields that are asked for."""

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from declarations.models import Snapshot
from risk import facts
from risk.models import About, Replay
from risk.services.draws import draws_of
from risk.services.replay import MOST, Past, run_replay


def replay_declarations(pk: int, *, at: datetime) -> None:
    """Count a replay on declarations to the end. Safe to run twice."""
    run_replay(pk, LodgedDeclarations(), about=About.DECLARATIONS.value, at=at)


class LodgedDeclarations:
    """Snapshots of the days of a replay."""

    def count(self, replay: Replay) -> int:
        return min(MOST, _lodged(replay).count())

    def read(self, replay: Replay, *, asked: frozenset[str], most: int) -> Sequence[Past]:
        rows = _lodged(replay).select_related("declaration", "declaration__score").order_by("-pk")
        if replay.cursor is not None:
            rows = rows.filter(pk__lt=replay.cursor)
        found = [(row, row.declaration, json.loads(row.content)) for row in rows[:most]]
        known = facts.of_many([(declaration, content) for _row, declaration, content in found], asked=asked)
        draws = draws_of((_drawn_on(row), declaration.mrn) for row, declaration, _content in found)
        return [
            Past(row.pk, one, draw, declaration.mrn, str(declaration.public_id))
            for (row, declaration, _content), one, draw in zip(found, known, draws, strict=True)
        ]


def _drawn_on(row: Snapshot) -> date:
    """The day that drew its lane, or would have."""
    score = getattr(row.declaration, "score", None)
    return (score.drawn_on if score is not None else None) or timezone.localdate(row.at)


def _lodged(replay: Replay) -> QuerySet[Snapshot]:
    since = replay.asked_at - timedelta(days=replay.days)
    return Snapshot.objects.filter(at__gte=since, at__lte=replay.asked_at)
