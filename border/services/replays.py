"""What a criterion would have done to travellers of the last days, before it goes live. Worked out in the worker."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.followups import announce
from border import selectors, states
from border.models import TravelReplay
from border.services.lanes import facts_of
from lib.violations import refuse
from passengers.models import TravelDeclaration
from risk import services as risk
from risk.models import About, Criterion

LONGEST_DAYS, MOST, AT_A_TIME, SAMPLE = 366, 100_000, 200, 25


@transaction.atomic
def ask_replay(criterion: Criterion, *, days: int, by: User, at: datetime) -> TravelReplay:
    """Let the worker try a version on the travellers of the last days. One at a time for a version: else the one that
    runs is given. Raises Rejected L014: it scores no travellers, or for longer than a year."""
    Criterion.objects.select_for_update().get(pk=criterion.pk)
    if criterion.about != About.TRAVELLERS or not 0 < days <= LONGEST_DAYS:
        raise refuse("L014", "days", _("Choose a criterion on travellers and a year at the most."))
    waiting = TravelReplay.objects.filter(criterion=criterion, status=TravelReplay.Status.WAITING)
    running: TravelReplay | None = waiting.first()
    if running is not None:
        return running
    made: TravelReplay = TravelReplay.objects.create(criterion=criterion, days=days, asked_by=by, asked_at=at)
    announce("travel.replay_asked", made.pk)
    return made


def run_replay(pk: int, *, at: datetime) -> TravelReplay:
    """Score the travellers without and with the version; safe to run twice. Changes no lane."""
    replay: TravelReplay = TravelReplay.objects.select_related("criterion").get(pk=pk)
    if replay.status != TravelReplay.Status.WAITING:
        return replay
    keys = list(_presented(replay).values_list("pk", flat=True)[:MOST])
    TravelReplay.objects.filter(pk=pk).update(total=len(keys), done=0)
    found = Found()
    for begin in range(0, len(keys), AT_A_TIME):
        for declaration in _read(keys[begin : begin + AT_A_TIME]):
            found.add(declaration, replay)
        TravelReplay.objects.filter(pk=pk).update(done=min(begin + AT_A_TIME, len(keys)))
    with transaction.atomic():
        if states.end_replay(replay, data=found.data, done=len(keys), total=len(keys), done_at=at):
            risk.record_replay(replay.criterion, data={"about": About.TRAVELLERS, **found.data}, at=at,
                               by=replay.asked_by)  # fmt: skip
    return replay


class Found:
    """Counts: travellers' declarations, hits, drawn, newly stopped, before and after by lane, and a sample."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._sample: list[dict[str, Any]] = []

    def add(self, declaration: TravelDeclaration, replay: TravelReplay) -> None:
        at = declaration.presented_at
        assert at is not None
        seed = next((lane.seed for lane in declaration.lanes.all()), declaration.public_id.hex)
        facts = facts_of(declaration, at=at)
        before, after, hit = risk.lanes_with(
            replay.criterion, facts, office=declaration.presented_post, draw=seed, at=replay.asked_at
        )
        newly = before != "red" == after
        self._counts.update({"travellers": 1, "people": int(facts["traveller.people"]), f"before_{before}": 1})
        self._counts.update({f"after_{after}": 1, "hits": hit is not None, "newly": newly})
        self._counts.update({"selected": bool(hit and hit["selected"])})
        if hit and len(self._sample) < SAMPLE:
            self._sample.append({"reference": declaration.reference, "selected": hit["selected"], "before": before,
                                 "after": after, "conditions": hit["conditions"]})  # fmt: skip

    @property
    def data(self) -> dict[str, Any]:
        lanes = {when: {lane: self._counts[f"{when}_{lane}"] for lane in ("green", "red")} for when in
                 ("before", "after")}  # fmt: skip
        counted = {name: self._counts[name] for name in ("travellers", "people", "hits", "selected", "newly")}
        return counted | lanes | {"sample": self._sample}


def _presented(replay: TravelReplay) -> Any:
    """Those who stood at a post in the days, the newest first; what was forgotten can no longer be asked."""
    since = replay.asked_at - timedelta(days=replay.days)
    rows = TravelDeclaration.objects.filter(presented_at__gte=since, presented_at__lt=replay.asked_at)
    return rows.filter(forgotten_at=None, version__gt=0).order_by("-presented_at", "-pk")


def _read(keys: list[int]) -> Iterator[TravelDeclaration]:
    yield from TravelDeclaration.objects.filter(pk__in=keys).prefetch_related("lanes").order_by("-presented_at", "-pk")


@transaction.atomic
def go_live(criterion: Criterion, *, knowing: bool, by: User, at: datetime, on: date) -> Criterion:
    """Switch a version on that was replayed. `knowing`: the person was told that it hit nothing, or everybody.

    Raises Rejected: L015 not replayed yet, L016 it hit nothing, L017 it would stop everybody.
    """
    Criterion.objects.select_for_update().get(pk=criterion.pk)
    last = selectors.last_replay(criterion)
    if last is None or last.status != TravelReplay.Status.DONE:
        raise refuse("L015", "", _("Replay this version on the travellers of the last days first."))
    if not knowing and not last.data["hits"]:
        sentence = _("It hit nothing in the replay. Look at its conditions, or say that it is meant so.")
        raise refuse("L016", "knowing", sentence)
    if not knowing and last.data["selected"] == last.data["travellers"]:
        sentence = _("It would stop every traveller. Look at its conditions, or say that it is meant so.")
        raise refuse("L017", "knowing", sentence)
    return risk.switch_on(criterion, on=on, at=at, by=by)
