"""Travellers of the last days as a replay of criteria reads them. What it counts, and what may go live, is risk's."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

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
        found = list(rows.prefetch_related("lanes")[:most])
        draws = risk.draws_of((_drawn_on(each), each.reference) for each in found)
        return [_past(each, asked, draw) for each, draw in zip(found, draws, strict=True)]


def _drawn_on(declaration: TravelDeclaration) -> date:
    """The day that drew its lane, so that the same luck is tried again."""
    drawn = (lane.drawn_on for lane in declaration.lanes.all() if lane.drawn_on is not None)
    day = max(drawn, default=declaration.valid_until)
    assert day is not None, "what was sent is valid until some day"
    return day


def _past(declaration: TravelDeclaration, asked: frozenset[str], draw: Mapping[str, str]) -> risk.Past:
    assert declaration.presented_at is not None
    values = facts_of(declaration, at=declaration.presented_at)
    return risk.past_traveller(
        key=declaration.pk,
        values={name: value for name, value in values.items() if name in asked},
        office=declaration.presented_post,
        draw=draw,
        number=declaration.reference,
    )


def _presented(replay: Replay) -> QuerySet[TravelDeclaration]:
    since = replay.asked_at - timedelta(days=replay.days)
    days = {"presented_at__gte": since, "presented_at__lt": replay.asked_at}
    rows: QuerySet[TravelDeclaration] = TravelDeclaration.objects.filter(**days)
    return rows.filter(forgotten_at=None, version__gt=0)
