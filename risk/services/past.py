"""Lodged declarations as a replay reads them: the newest first, in portions, with the fields that are asked for."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from declarations.models import Snapshot
from risk import facts
from risk.models import About, Replay
from risk.services.draws import draws_of
from risk.services.replay import MOST, Past, run_replay

_COLUMNS = (
    "pk", "content", "at", "declaration_id", "declaration__mrn", "declaration__public_id", "declaration__trader_id",
    "declaration__customs_value", "declaration__score__drawn_on",
)  # fmt: skip


def replay_declarations(pk: int, *, at: datetime) -> None:
    """Count a replay on declarations to the end. Safe to run twice."""
    run_replay(pk, LodgedDeclarations(), about=About.DECLARATIONS.value, at=at)


class LodgedDeclarations:
    """Snapshots of the days of a replay. What is asked of a trader is remembered for the run."""

    def __init__(self) -> None:
        self._earlier: dict[int | None, int] = {}

    def count(self, replay: Replay) -> int:
        return min(MOST, _lodged(replay).count())

    def read(self, replay: Replay, *, asked: frozenset[str], most: int) -> Sequence[Past]:
        rows = _lodged(replay).order_by("-pk")
        if replay.cursor is not None:
            rows = rows.filter(pk__lt=replay.cursor)
        found = list(rows.values_list(*_COLUMNS, named=True)[:most])
        values = self._item_values([row.declaration_id for row in found], asked)
        draws = draws_of((row.declaration__score__drawn_on or row.at.date(), row.declaration__mrn) for row in found)
        return [
            Past(
                key=row.pk,
                facts=facts.of_content(
                    json.loads(row.content),
                    customs_value=row.declaration__customs_value,
                    item_values=values.get(row.declaration_id, {}),
                    earlier=self._earlier_of(row.declaration__trader_id) if facts.EARLIER in asked else 0,
                    asked=asked,
                ),
                draw=draw,
                number=row.declaration__mrn,
                file=str(row.declaration__public_id),
            )
            for row, draw in zip(found, draws, strict=True)
        ]

    def _item_values(self, keys: list[int], asked: frozenset[str]) -> dict[int, dict[int, Any]]:
        return facts.item_values(keys) if facts.ITEM_VALUES.intersection(asked) else {}

    def _earlier_of(self, trader: int | None) -> int:
        if trader not in self._earlier:
            self._earlier[trader] = facts.earlier_releases(trader)
        return self._earlier[trader]


def _lodged(replay: Replay) -> QuerySet[Snapshot]:
    since = replay.asked_at - timedelta(days=replay.days)
    return Snapshot.objects.filter(at__gte=since, at__lte=replay.asked_at)
