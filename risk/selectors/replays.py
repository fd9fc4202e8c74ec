"""Reads about replays: the newest of a version, those that run."""

from django.db.models import QuerySet

from risk.models import Criterion, Replay


def last_replay(criterion: Criterion) -> Replay | None:
    """The newest replay of a version, done, running or stopped."""
    found: Replay | None = Replay.objects.filter(criterion=criterion).select_related("asked_by").first()
    return found


def replay_of(criterion: Criterion, pk: int) -> Replay | None:
    """A replay of a version by its key; None where it is of another."""
    found: Replay | None = None
    if pk < 2**63:
        found = Replay.objects.filter(criterion=criterion, pk=pk).select_related("asked_by").first()
    return found


def replay_by_key(pk: int) -> Replay:
    """One replay. Raises Replay.DoesNotExist."""
    found: Replay = Replay.objects.select_related("asked_by", "criterion").get(pk=pk)
    return found


def replays_of_all(about: str) -> QuerySet[Replay]:
    """Replays of all criteria in force, the newest first."""
    rows: QuerySet[Replay] = Replay.objects.filter(criterion=None, about=about).select_related("asked_by")
    return rows
