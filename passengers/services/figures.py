"""Counts the days: totals by post, way and direction, counted anew as long as the day may still change."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from lib.figures import ZERO
from passengers.models import Channel, Event, Status, TravelDeclaration, TravelFigures

# So many days back are counted each time: declarations of older days have ended.
DAYS_AGAIN = 3
HITS = (Status.GOODS_KEPT, Status.GOODS_RETURNED, Status.RETAINED)


@dataclass(slots=True)
class _Count:
    declared: int = 0
    payers: int = 0
    red: int = 0
    hits: int = 0
    paid: Decimal = ZERO
    minutes: list[int] = field(default_factory=list)


def count_days(*, at: datetime, days: int = DAYS_AGAIN) -> int:
    """Count the last days; how many rows there are. Safe to repeat."""
    today = timezone.localdate(at)
    return sum(count_day(today - timedelta(days=back), at=at) for back in range(days))


@transaction.atomic
def count_day(day: date, *, at: datetime) -> int:
    """The declarations presented on a day, counted in the place of what was counted before.

    A day from which something was emptied is not counted anew: its totals stay as they are.
    """
    begin = timezone.make_aware(datetime.combine(day, time.min))
    rows = TravelDeclaration.objects.filter(presented_at__gte=begin, presented_at__lt=begin + timedelta(days=1))
    if rows.filter(forgotten_at__isnull=False).exists():
        kept: int = TravelFigures.objects.filter(day=day).count()
        return kept
    corrected = Event.objects.filter(declaration=OuterRef("pk"), verb="correct")
    counts = _counted(rows.annotate(was_corrected=Exists(corrected)).iterator(chunk_size=2000))
    TravelFigures.objects.filter(day=day).delete()
    TravelFigures.objects.bulk_create(
        TravelFigures(
            day=day,
            post=post,
            way=way,
            direction=direction,
            declared=count.declared,
            payers=count.payers,
            paid=count.paid,
            red=count.red,
            hits=count.hits,
            minutes=sorted(count.minutes),
            counted_at=at,
        )
        for (post, way, direction), count in counts.items()
    )
    return len(counts)


def _counted(rows: Iterable[Any]) -> dict[tuple[str, str, str], _Count]:
    counts: dict[tuple[str, str, str], _Count] = defaultdict(_Count)
    for row in rows:
        count = counts[row.presented_post, row.way, row.direction]
        count.declared += 1
        count.payers += row.paid > 0
        count.paid += row.paid
        count.red += row.channel == Channel.RED
        count.hits += bool(row.was_corrected or row.status in HITS)
        if row.status == Status.RELEASED and row.closed_at and row.presented_at:
            count.minutes.append(int((row.closed_at - row.presented_at).total_seconds() // 60))
    return counts
