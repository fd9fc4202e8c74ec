"""Criteria and models for tests, made and switched on through the services."""

import json
import zlib
from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from accounts.models import Role, User
from risk import services
from risk.learning.lines import Line
from risk.models import Criterion, Model, Replay
from risk.rules import Draft
from risk.services.train import keep, learnt
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


@cache
def lines(count: int = 400) -> list[Line]:
    """Tea of China on earlier days: a tenth at a quarter of the usual value per kg, and those were wrong."""
    chance = Random(7)
    made = []
    for number in range(count):
        wrong = chance.random() < 0.1
        mass = float(chance.randint(100, 900))
        price = mass * (8 if wrong else 33) * chance.uniform(0.8, 1.2)
        made.append(
            Line(
                file=f"F{number}", on=make.ON.toordinal() - 1 - (count - number) // 4, office=make.OFFICE,
                code="0902300009", origin="CN", departure="CN", regime="4000", mode="3", importer=make.TIN,
                mass=mass, gross=mass * 1.05, price=price, wrong=wrong,
            )
        )  # fmt: skip
    return made


@cache
def content() -> tuple[bytes, dict[str, Any]]:
    """The file of a small model and its figures, learnt once for all tests."""
    return learnt(lines())


def model(**other: Any) -> Model:
    """A model that is ready; its file holds what was learnt, with these parts of another hand."""
    asked = services.ask_training(days=100, by=analyst(), at=make.AT)
    learnt_now, figures = content()
    if other:
        learnt_now = zlib.compress(json.dumps(json.loads(zlib.decompress(learnt_now)) | other).encode())
    assert keep(asked, learnt_now, figures, at=make.AT)
    return asked


def champion(**shares: Any) -> Model:
    """A model in use that may choose what `shares` say (red above 92, yellow above 80)."""
    made = services.propose_model(model(), by=analyst(), at=make.AT)
    given = {"office": "", "valid_from": make.ON, "red_above": 92, "yellow_above": 80, "explore": 10}
    services.set_threshold(**(given | shares), by=analyst(), at=make.AT)
    return services.activate_model(made, by=second_analyst(), at=make.AT + timedelta(minutes=1))
