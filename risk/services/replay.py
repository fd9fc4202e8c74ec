"""What criteria would have done to what is past, before one goes live. Counted in the worker, in portions; changes no
score.

A portion is one transaction that holds the row of the replay: whoever goes on after a worker was killed, or runs beside
another, begins behind the last portion that was written, and nothing is counted twice.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.followups import announce
from lib.violations import refuse
from risk import states
from risk.models import Criterion, Lane, Replay
from risk.scoring import LANES, Compiled, CriterionFact, Draw, Facts, HitFact, Result, Value, highest
from risk.scoring import score as pure_score
from risk.selectors.lists import lists_on
from risk.services.criteria import record_replay
from risk.services.score import as_fact, as_reason, criteria_on

LONGEST_DAYS, MOST, AT_A_TIME, SAMPLE = 366, 100_000, 500, 25
STOPPED_IN = (Lane.YELLOW, Lane.RED)


@dataclass(frozen=True, slots=True)
class Past:
    """Something that was scored or could have been: its key, facts and draw, and what a page names it by."""

    key: int
    facts: Facts
    draw: Draw
    number: str
    file: str = ""


def past_traveller(*, key: int, values: Mapping[str, Value], office: str, draw: Draw, number: str) -> Past:
    """A traveller's declaration; `values` by the keys of `boxes.OF_TRAVELLERS`."""
    return Past(key, Facts(office, values, ()), draw, number)


class Source(Protocol):
    """Where what is past comes from, the newest first."""

    def count(self, replay: Replay) -> int:
        """How many there are."""

    def read(self, replay: Replay, *, asked: frozenset[str], most: int) -> Sequence[Past]:
        """The next ones behind `replay.cursor`, with the fields that criteria ask for; none at the end."""


# Asked, gone on with, stopped ---------------------------------------------------------------------------------
@transaction.atomic
def ask_replay(criterion: Criterion | None, *, about: str = "", days: int, by: User, at: datetime) -> Replay:
    """Let the worker try a version, or all criteria in force `about` something, on what the last days brought.

    One at a time for each: else the one that runs is given. Raises Rejected K057: for longer than a year.
    """
    if not 0 < days <= LONGEST_DAYS:
        raise refuse("K057", "days", _("Choose a year at the most."))
    about = criterion.about if criterion is not None else about
    _ask_in_turn(about)
    running = Replay.objects.filter(criterion=criterion, about=about, status=Replay.Status.WAITING)
    known: Replay | None = running.first()
    if known is not None:
        return known
    made: Replay = Replay.objects.create(criterion=criterion, about=about, days=days, asked_by=by, asked_at=at)
    announce("criteria.replay_asked", made.pk)
    return made


def _ask_in_turn(about: str) -> None:
    """Whoever asks second waits for the first, and is given the replay that runs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"risk.replay.{about}"])


def stop_replay(replay: Replay, *, at: datetime) -> bool:
    """Leave a replay as far as it came; whether it ran until now. The worker ends behind its portion."""
    return states.stop_replay(replay, done_at=at)


def run_replay(pk: int, source: Source, *, about: str, at: datetime) -> None:
    """Count to the end what was asked about declarations or travellers, unless it has ended. Safe to run twice."""
    replay: Replay = Replay.objects.select_related("criterion").get(pk=pk)
    if replay.about != about or replay.status != Replay.Status.WAITING:
        return
    judge = _judge_of(replay)
    if replay.total is None:
        Replay.objects.filter(pk=pk, total=None).update(total=source.count(replay))
    while _portion(pk, source, judge, at=at):
        pass


@transaction.atomic
def _portion(pk: int, source: Source, judge: "Judge", *, at: datetime) -> bool:
    """Count the next ones; whether there may be more."""
    replay: Replay = Replay.objects.select_for_update(of=("self",)).select_related("criterion").get(pk=pk)
    if replay.status != Replay.Status.WAITING:
        return False
    some = source.read(replay, asked=judge.asked, most=min(AT_A_TIME, MOST - replay.done))
    found = Found(replay.data)
    for past in some:
        judge.count(past, found)
    data = found.data
    filling = {"data": data, "done": replay.done + len(some)}
    if some:
        Replay.objects.filter(pk=pk).update(**filling, cursor=some[-1].key)
        return True
    if states.end_replay(replay, **filling, total=replay.done, done_at=at) and replay.criterion is not None:
        figures = {name: data[name] for name in ("total", "hits", "selected", "changed")}
        record_replay(replay.criterion, data={"replay": pk, **figures}, at=at, by=replay.asked_by)
    return False


# Judging and counting -----------------------------------------------------------------------------------------
class Judge(Protocol):
    asked: frozenset[str]

    def count(self, past: Past, found: "Found") -> None:
        """Score it and add what came of it."""


def _judge_of(replay: Replay) -> Judge:
    in_force = criteria_on(replay.asked_at, about=replay.about)
    if replay.criterion is None:
        return Survey(in_force)
    version = as_fact(replay.criterion, lists_on(timezone.localdate(replay.asked_at)))
    return Comparison(version, in_force)


class Comparison:
    """One version: what would be without and with it. Others are asked only where it or the one before is met."""

    def __init__(self, version: CriterionFact, in_force: Sequence[CriterionFact]) -> None:
        self._others = Compiled(fact for fact in in_force if fact.code != version.code)
        self._before = Compiled(fact for fact in in_force if fact.code == version.code)
        self._version = Compiled([version])
        self.asked = self._others.fields | self._before.fields | self._version.fields

    def count(self, past: Past, found: "Found") -> None:
        before = pure_score(past.facts, self._before, past.draw).hits
        after = pure_score(past.facts, self._version, past.draw).hits
        if not before and not after:
            found.add_untouched()
            return
        others = pure_score(past.facts, self._others, past.draw).hits
        found.add(
            before=highest((*others, *before)),
            after=highest((*others, *after)),
            hit=after[0] if after else None,
            past=past,
        )


class Survey:
    """All criteria in force: how often each is met, selects, and is the only one that does."""

    def __init__(self, in_force: Sequence[CriterionFact]) -> None:
        self._all = Compiled(in_force)
        self.asked = self._all.fields

    def count(self, past: Past, found: "Found") -> None:
        result = pure_score(past.facts, self._all, past.draw)
        found.add_all(result)


class Found:
    """What was counted so far, as it is kept with the replay."""

    def __init__(self, kept: Mapping[str, Any]) -> None:
        self._counts: Counter[str] = Counter({name: kept.get(name, 0) for name in _COUNTED})
        self._before, self._after = (Counter(kept.get(when, {})) for when in ("before", "after"))
        self._codes: dict[str, list[int]] = {code: list(figures) for code, figures in kept.get("codes", {}).items()}
        self._sample: list[dict[str, Any]] = list(kept.get("sample", ()))

    def add_untouched(self) -> None:
        """One that neither the version nor the one before it meets: its lane stays as it is."""
        self._counts["total"] += 1

    def add(self, *, before: str, after: str, hit: HitFact | None, past: Past) -> None:
        self._counts["total"] += 1
        self._before[before] += 1
        self._after[after] += 1
        self._counts["changed"] += before != after
        self._counts["newly"] += before not in STOPPED_IN and after in STOPPED_IN
        if hit is None:
            return
        self._counts["hits"] += 1
        self._counts["selected"] += hit.selected
        if len(self._sample) < SAMPLE:
            about = as_reason(hit)
            row = {"number": past.number, "file": past.file, "before": before, "after": after}
            self._sample.append(row | {name: about[name] for name in ("items", "selected", "conditions")})

    def add_all(self, result: Result) -> None:
        self._counts["total"] += 1
        self._after[result.lane] += 1
        selected = [hit for hit in result.hits if hit.selected]
        self._counts["hits"] += bool(result.hits)
        self._counts["selected"] += bool(selected)
        for hit in result.hits:
            figures = self._codes.setdefault(hit.code, [0, 0, 0])
            figures[0] += 1
            figures[1] += hit.selected
            figures[2] += hit.selected and len(selected) == 1

    @property
    def data(self) -> dict[str, Any]:
        lanes = {
            when: {lane: counted[lane] for lane in LANES}
            for when, counted in (("before", self._before), ("after", self._after))
        }
        return dict(self._counts) | lanes | {"sample": self._sample} | ({"codes": self._codes} if self._codes else {})


_COUNTED = ("total", "hits", "selected", "changed", "newly")
