"""From stamped moments to steps, and which target holds: pure arithmetic, without database and clock.

The steps of a file follow each other without a gap or an overlap from the first lodging to its end, so that their sum
is the release time; time of which nothing is known is the office's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

Stretch = tuple[datetime, datetime]
OFFICE = "office"
AWAITED = {
    "lane": "office", "queue": "office", "check": "office", "examination": "office", "release": "office",
    "laboratory": "agency", "answer": "trader", "consent": "trader", "money": "money",
}  # fmt: skip


@dataclass(frozen=True)
class Visit:
    """The file of one version: what was stamped on it. `waits` are (what, since, until) in their order.

    `taken_at`: when an officer first took it up; `paid_at`: when it was paid or secured; `automatic`: no officer.
    """

    opened_at: datetime
    closed_at: datetime
    automatic: bool
    waits: Sequence[tuple[str, datetime, datetime]] = ()
    taken_at: datetime | None = None
    decided_at: datetime | None = None
    paid_at: datetime | None = None
    examined: Sequence[Stretch] = field(default=())
    at_laboratory: Sequence[Stretch] = field(default=())


@dataclass(frozen=True)
class Part:
    """A step of a file, from one moment to a later one."""

    step: str
    since: datetime
    until: datetime

    @property
    def awaits(self) -> str:
        return AWAITED[self.step]


def steps_of(lodged_at: datetime, visits: Sequence[Visit]) -> list[Part]:
    """The steps of a file through all its versions, from the first lodging to the last end."""
    parts: list[Part] = []
    clock = lodged_at
    for visit in visits:
        clock = _go_on(parts, "lane", clock, visit.opened_at)
        stretches = _automatic(visit) if visit.automatic else _worked_on(visit)
        for step, since, until in stretches:
            clock = _go_on(parts, "check", clock, min(since, visit.closed_at))
            clock = _go_on(parts, step, clock, min(until, visit.closed_at))
        clock = _go_on(parts, "release" if visit.automatic else "check", clock, visit.closed_at)
    return parts


def _go_on(parts: list[Part], step: str, clock: datetime, until: datetime) -> datetime:
    """Let the step last until then, if that is later than where the clock stands; where it stands afterwards."""
    if until <= clock:
        return clock
    if parts and parts[-1].step == step:
        parts[-1] = Part(step, parts[-1].since, until)
    else:
        parts.append(Part(step, clock, until))
    return until


def _automatic(visit: Visit) -> Iterable[tuple[str, datetime, datetime]]:
    """A file without an officer waits for the money, then for the portal."""
    if visit.paid_at is not None:
        yield "money", visit.opened_at, visit.paid_at


def _worked_on(visit: Visit) -> Iterable[tuple[str, datetime, datetime]]:
    for what, since, until in visit.waits:
        if what != OFFICE:
            yield what, since, until
            continue
        for begins, ends in _cut(since, until, visit):
            yield _at_the_office(begins, ends, visit), begins, ends


def _cut(since: datetime, until: datetime, visit: Visit) -> Iterable[Stretch]:
    """The stretch in pieces, at each moment at which something begins or ends."""
    known = [visit.taken_at, visit.decided_at]
    known += [moment for stretch in (*visit.examined, *visit.at_laboratory) for moment in stretch]
    inside = sorted({moment for moment in known if moment is not None and since < moment < until})
    return zip([since, *inside], [*inside, until], strict=True)


def _at_the_office(since: datetime, until: datetime, visit: Visit) -> str:
    if visit.decided_at is not None and since >= visit.decided_at:
        return "release"
    if any(begins <= since and until <= ends for begins, ends in visit.at_laboratory):
        return "laboratory"
    if any(begins <= since and until <= ends for begins, ends in visit.examined):
        return "examination"
    return "check" if visit.taken_at is not None and since >= visit.taken_at else "queue"


@dataclass(frozen=True)
class Promise:
    """A target in force: hours for an office, a lane, a regime; empty means each of them."""

    office_code: str
    lane: str
    regime: str
    hours: int


def best_promise(promises: Iterable[Promise], *, office_code: str, lane: str, regime: str) -> Promise | None:
    """The narrowest target that fits: the office counts before the lane, the lane before the regime."""
    asked = (office_code, lane, regime)

    def told(each: Promise) -> tuple[str, str, str]:
        return (each.office_code, each.lane, each.regime)

    fitting = [each for each in promises if all(mine in ("", its) for mine, its in zip(told(each), asked, strict=True))]
    return max(fitting, key=lambda each: tuple(bool(mine) for mine in told(each)), default=None)


def kept(took: timedelta, hours: int | None) -> bool | None:
    """Whether the time is within the target; None without one."""
    return None if hours is None else took <= timedelta(hours=hours)
