"""Criteria for tests, made and switched on through the services."""

from datetime import datetime, timedelta
from typing import Any

from accounts.models import Role, User
from risk import services
from risk.models import Criterion, Replay
from risk.rules import Draft
from tests import make

LATER = make.AT + timedelta(hours=1)


def analyst() -> User:
    return make.officer(Role.ANALYST, None)


def second_analyst() -> User:
    return make.officer(Role.ANALYST, None, "second.analyst@customs.example")


def draft(**changes: Any) -> Draft:
    given = {
        "code": "TEA", "name": "Tea of China", "lane": "red", "instruction": "Open a packet.",
        "conditions": [{"field": "item.commodity_code", "op": "starts_with", "value": "0902"}],
        "valid_from": make.SINCE,
    }  # fmt: skip
    return Draft(**(given | changes))


def made(**changes: Any) -> Criterion:
    """A criterion that is switched off."""
    return services.make_criterion(draft(**changes), on=make.ON, at=make.AT, by=analyst())


def criterion(**changes: Any) -> Criterion:
    """A criterion that is switched on, as a country's file brings it; by default every tea is red."""
    made = services.make_criterion(draft(**changes), on=make.ON, at=make.AT, by=None)
    return services.switch_on(made, on=make.ON, at=make.AT, by=None)


def replayed(version: Criterion, *, days: int = 30, at: datetime = LATER) -> Replay:
    """The version tried on declarations, as the worker does it."""
    asked = services.ask_replay(version, days=days, by=analyst(), at=at)
    services.replay_declarations(asked.pk, at=at)
    asked.refresh_from_db()
    return asked


def live(**changes: Any) -> Criterion:
    """A criterion that one analyst made and proposed, and another approved."""
    version = made(**changes)
    replayed(version)
    services.propose(version, reason="It is meant so.", at=LATER, by=analyst())
    return services.approve(version, on=make.ON, at=LATER, by=second_analyst())
