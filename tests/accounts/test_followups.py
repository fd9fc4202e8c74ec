"""The outbox: what an event sets to work is neither lost nor done for a verb that was undone."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
import structlog
from celery import current_app
from django.db import transaction
from django.db.models.functions import Now
from kombu.exceptions import OperationalError

from accounts.models import FollowUp
from accounts.services import followups
from accounts.services.followups import Due, announce
from lib.breaker import Breaker

pytestmark = pytest.mark.django_db
Done = list[tuple[str, int]]


@pytest.fixture
def done(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Done:
    """Three made-up tasks: the first announces that the second is due, the third is slow. What was done, in order."""
    settings.FOLLOW_UPS = {"begun": ["t.first"], "first.done": ["t.second", "t.slow"], "broken": ["t.broken"]}
    settings.SLOW_FOLLOW_UPS = frozenset({"t.slow"})
    seen: Done = []

    def first(pk: int) -> None:
        with transaction.atomic():
            seen.append(("t.first", pk))
            announce("first.done", pk)

    def broken(pk: int) -> None:
        seen.append(("t.broken", pk))
        raise ValueError("a fault of the task")

    tasks = {"t.first": first, "t.second": note(seen, "t.second"), "t.slow": note(seen, "t.slow"), "t.broken": broken}
    for name, run in tasks.items():
        monkeypatch.setitem(current_app.tasks, name, type("Made", (), {"run": staticmethod(run)}))
    return seen


def note(seen: Done, name: str) -> Callable[[int], None]:
    return lambda pk: seen.append((name, pk))


def make_due() -> None:
    FollowUp.objects.update(due_at=Now() - timedelta(minutes=1))


def test_an_event_of_a_verb_that_is_undone_is_undone_with_it(done: Done) -> None:
    with suppress(RuntimeError), transaction.atomic():
        announce("begun", 7)
        raise RuntimeError("the verb fails after it announced")
    assert not FollowUp.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_one_visit_does_what_follows_too_and_leaves_what_is_slow_to_a_visit_of_its_own(
    done: Done, announced: Done
) -> None:
    announce("begun", 7)
    assert announced == [("t.first", 7)]
    assert followups.visit(FollowUp.objects.get().pk) == 2
    assert done == [("t.first", 7), ("t.second", 7)]
    assert announced == [("t.first", 7), ("t.slow", 7)]
    assert FollowUp.objects.get().task == "t.slow"


@pytest.mark.django_db(transaction=True)
def test_what_nobody_came_for_is_done_by_the_sweep_and_nothing_before_its_time(done: Done) -> None:
    announce("begun", 8)
    assert followups.sweep(seconds=5) == 0
    make_due()
    followups.sweep(seconds=5)
    make_due()
    followups.sweep(seconds=5)
    assert done == [("t.first", 8), ("t.second", 8), ("t.slow", 8)]
    assert not FollowUp.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_fails_keeps_its_row_and_its_reason_is_tried_again_later_and_stops_nothing_else(done: Done) -> None:
    announce("broken", 1)
    announce("begun", 2)
    make_due()
    followups.sweep(seconds=5)
    left = FollowUp.objects.get(event="broken")
    assert (left.tries, "a fault of the task" in left.fault) == (1, True)
    assert ("t.first", 2) in done
    assert followups.sweep(seconds=5) == 0, "it is not tried again at once"
    make_due()
    followups.sweep(seconds=5)
    left.refresh_from_db()
    assert (left.tries, done.count(("t.broken", 1))) == (2, 2)


@pytest.mark.django_db(transaction=True)
def test_whoever_does_it_the_log_names_the_request_that_set_it_to_work(done: Done) -> None:
    with structlog.contextvars.bound_contextvars(request_id="asked-1"):
        announce("begun", 9)
    make_due()
    with structlog.testing.capture_logs(processors=[structlog.contextvars.merge_contextvars]) as lines:
        followups.sweep(seconds=5)
    told = [(line["event_"], line["subject"], line["request_id"]) for line in lines if line["event"] == "followed up"]
    assert told == [("begun", 9, "asked-1"), ("first.done", 9, "asked-1")]


def test_a_row_that_was_done_meanwhile_is_not_done_again(done: Done) -> None:
    assert followups.visit(12345) == 0
    assert done == []


def test_a_broker_that_is_away_is_left_alone_for_a_while(monkeypatch: pytest.MonkeyPatch, done: Done) -> None:
    monkeypatch.undo()
    asked: list[str] = []

    def refuse(producer: object, task: str, **named: object) -> None:
        asked.append(task)
        raise OperationalError("nobody there")

    monkeypatch.setattr(followups, "breaker", Breaker(pause=60))
    monkeypatch.setattr(followups, "_publish", refuse)
    for _each in range(3):
        followups._send(Due(1, "begun", 1))
    assert asked == ["accounts.tasks.follow_up"] * 2, "once more on a new line, then not again"


def test_the_first_message_after_a_failure_also_calls_the_sweep(monkeypatch: pytest.MonkeyPatch, done: Done) -> None:
    monkeypatch.undo()
    sent: list[str] = []
    breaker = Breaker(pause=0)
    breaker.failed()
    monkeypatch.setattr(followups, "breaker", breaker)
    monkeypatch.setattr(followups, "_publish", lambda producer, task, **named: sent.append(task))
    followups._send(Due(1, "begun", 1))
    followups._send(Due(1, "begun", 1))
    assert sent == ["accounts.tasks.follow_up", "accounts.tasks.sweep_follow_ups", "accounts.tasks.follow_up"]
