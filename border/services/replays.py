"""Travellers of the last days as a replay of criteria reads them. What it counts, and what may go live, is risk's."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import QuerySet

from border.services.lanes import facts_of
from passengers.models import TravelDeclaration
from risk import services as risk
from risk.models import About, Replay


def replay_travellers(pk: int, *, at: datetime) -> None:
    """Count a replay on travellers to the end. Safe to run twice; changes no lane."""
    risk.run_replay(pk, _Travellers(), about=About.TRAVELLERS.value, at=at)


class _Travellers:
    """Those who stood at a post in the days of a replay; what was forgotten can no longer be asked."""

    def count(self, replay: Replay) -> int:
        return min(risk.MOST_REPLAYED, _presented(replay).count())

    def read(self, replay: Replay, *, asked: frozenset[str], most: int) -> Sequence[risk.Past]:
        rows = _presented(replay).order_by("-pk")
        if replay.cursor is not None:
            rows = rows.filter(pk__lt=replay.cursor)
        return [_past(each, asked) for each in rows.prefetch_related("lanes")[:most]]


def _past(declaration: TravelDeclaration, asked: frozenset[str]) -> risk.Past:
    """With the seed that drew its lane, so that the same luck is tried again."""
    assert declaration.presented_at is not None
    seed = next((lane.seed for lane in declaration.lanes.all()), declaration.public_id.hex)
    values = facts_of(declaration, at=declaration.presented_at)
    return risk.past_traveller(
        key=declaration.pk,
        values={name: value for name, value in values.items() if name in asked},
        office=declaration.presented_post,
        draw=seed,
        number=declaration.reference,
    )


def _presented(replay: Replay) -> QuerySet[TravelDeclaration]:
    since = replay.asked_at - timedelta(days=replay.days)
    days = {"presented_at__gte": since, "presented_at__lt": replay.asked_at}
    rows: QuerySet[TravelDeclaration] = TravelDeclaration.objects.filter(**days)
    return rows.filter(forgotten_at=None, version__gt=0)
