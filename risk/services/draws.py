"""The random share: seeds for each day and lane, made ahead; a draw follows from its day and the number drawn.

A declaration is drawn by the day on which it was first lodged, a traveller by the last day on which one may be
presented: nobody knows a seed while what it draws can still be changed.
"""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from declarations.models import Declaration
from risk.models import DrawSeed, Lane

AHEAD_DAYS = 2


@transaction.atomic
def make_seeds(*, on: date, at: datetime) -> None:
    """Seeds of the day and of those ahead, so that their hashes are shown before anything is drawn. Safe to repeat."""
    days = [on + timedelta(days=ahead) for ahead in range(AHEAD_DAYS + 1)]
    known = set(DrawSeed.objects.filter(day__in=days).values_list("day", "lane"))
    wanted = [(day, lane) for day in days for lane in Lane.values if (day, lane) not in known]
    DrawSeed.objects.bulk_create([_seed(day, lane, at=at) for day, lane in wanted], ignore_conflicts=True)


def _seed(day: date, lane: str, *, at: datetime) -> DrawSeed:
    seed = secrets.token_hex(32)
    return DrawSeed(day=day, lane=lane, seed=seed, sha256=hashlib.sha256(seed.encode()).hexdigest(), made_at=at)


def draw_of(declaration: Declaration, *, at: datetime) -> tuple[date, dict[str, str]]:
    """The day that draws for a declaration, and what is drawn from by lane: "seed|MRN".

    The day is that on which the first version was lodged: an amendment is no second ticket. A day without seeds yet
    gets them now.
    """
    day = timezone.localdate(_first_lodged(declaration) or at)
    return day, draw_on(day, number=declaration.mrn, at=at)


def draw_on(day: date, *, number: str, at: datetime) -> dict[str, str]:
    """What the day draws from by lane: "seed|number". A day without seeds yet gets them now."""
    seeds = _seeds(day)
    if len(seeds) < len(Lane.values):
        make_seeds(on=day, at=at)
        seeds = _seeds(day)
    return {lane: f"{seeds[lane]}|{number}" for lane in Lane.values}


def draws_of(rows: Iterable[tuple[date, str]]) -> list[dict[str, str]]:
    """What is drawn from by lane, by day and number of each; a day that had no seeds draws from its name."""
    given = list(rows)
    known: dict[date, dict[str, str]] = {}
    for day, lane, seed in DrawSeed.objects.filter(day__in={day for day, _number in given}).values_list(
        "day", "lane", "seed"
    ):
        known.setdefault(day, {})[lane] = seed
    return [{lane: f"{known.get(day, {}).get(lane, day)}|{number}" for lane in Lane.values} for day, number in given]


def _first_lodged(declaration: Declaration) -> datetime | None:
    if declaration.version == 1:
        return declaration.lodged_at
    first = Declaration.objects.filter(mrn=declaration.mrn, version=1).order_by()
    return first.values_list("lodged_at", flat=True).first() or declaration.lodged_at


def _seeds(day: date) -> dict[str, str]:
    return dict(DrawSeed.objects.filter(day=day).order_by().values_list("lane", "seed"))
