"""What gives way after scoring: to a company's profile, and to what an office can take. Pure; every step is recorded.

An authorised operator's yellow from general criteria becomes blue. Hits of criteria that may yield become blue when the
office has taken its files of the hour or day. A company to watch is spared nothing, and a random share gives way to no
capacity.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from risk.scoring import LANES, HitFact, Result

OFFICERS_LANES = ("red", "yellow")
LOWER = "blue"
# What a profile does to hits: the lane that general criteria are lowered from. A watch keeps every hit where it is.
SPARED_FROM: Mapping[str, str] = {"aeo": "yellow"}
KEEPS = frozenset({"watch"})


@dataclass(frozen=True, slots=True)
class Marks:
    """What a criterion allows. `is_random`: it has no conditions, so that its hits are a random share."""

    general: bool = False
    may_yield: bool = False
    is_random: bool = False


@dataclass(frozen=True, slots=True)
class Full:
    """An office that has taken what it can of a lane: how many files, of how many, in the "hour" or the "day"."""

    took: int
    most: int
    per: str


@dataclass(frozen=True, slots=True)
class Yielded:
    """Why a hit gave way: the lane it had, and the profile, or the room that was full (None: as the version before)."""

    lane: str
    profile: str = ""
    full: Full | None = None

    def as_dict(self) -> dict[str, object]:
        """As the score keeps it."""
        if self.profile:
            return {"lane": self.lane, "profile": self.profile}
        if self.full is None:
            return {"lane": self.lane, "before": True}
        return {"lane": self.lane, "took": self.full.took, "most": self.full.most, "per": self.full.per}


@dataclass(frozen=True, slots=True)
class Settled:
    """The result with what gave way, by primary key of the criterion."""

    result: Result
    yielded: Mapping[int, Yielded]


def officers_hits(result: Result) -> tuple[HitFact, ...]:
    """The selected hits that put the declaration before an officer."""
    return tuple(hit for hit in result.hits if hit.selected and hit.lane in OFFICERS_LANES)


def by_profile(settled: Settled, marks: Mapping[int, Marks], profiles: frozenset[str]) -> Settled:
    """Lower what a profile of the company spares it."""
    if profiles & KEEPS:
        return settled
    for profile, lane in SPARED_FROM.items():
        if profile in profiles:
            spared = [hit for hit in officers_hits(settled.result) if hit.lane == lane and marks[hit.pk].general]
            settled = _lowered(settled, {hit.pk: Yielded(lane, profile=profile) for hit in spared})
    return settled


def by_capacity(
    settled: Settled,
    marks: Mapping[int, Marks],
    *,
    profiles: frozenset[str],
    full: Mapping[str, Full],
    before: frozenset[str] | None,
) -> Settled:
    """Lower the hits of the highest lane if the office is full and each of them may yield; then those of the next.

    `full` are the lanes without room. `before` are, for an amendment, the codes that gave way in the version before it
    (None: a first version): an amendment is no second ticket, neither past an officer nor to one.
    """
    if profiles & KEEPS:
        return settled
    for lane in OFFICERS_LANES:
        hits = [hit for hit in officers_hits(settled.result) if hit.lane == lane]
        if not hits or settled.result.lane != lane or not all(_may_yield(marks[hit.pk]) for hit in hits):
            continue
        gives_way = lane in full if before is None else all(hit.code in before for hit in hits)
        if gives_way:
            room = full[lane] if before is None else None
            settled = _lowered(settled, {hit.pk: Yielded(lane, full=room) for hit in hits})
    return settled


def _may_yield(marks: Marks) -> bool:
    return marks.may_yield and not marks.is_random


def _lowered(settled: Settled, yielded: Mapping[int, Yielded]) -> Settled:
    hits = tuple(replace(hit, lane=LOWER) if hit.pk in yielded else hit for hit in settled.result.hits)
    lane = max((hit.lane for hit in hits if hit.selected), key=LANES.index, default="green")
    return Settled(replace(settled.result, lane=lane, hits=hits), {**settled.yielded, **yielded})
