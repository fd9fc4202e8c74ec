"""Criteria for tests, made and switched on through the services."""

from typing import Any

from accounts.models import Role, User
from risk import services
from risk.models import Criterion
from risk.rules import Draft
from tests import make


def analyst() -> User:
    return make.officer(Role.ANALYST, None)


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
    """A criterion that is switched on; by default every tea is red."""
    made = services.make_criterion(draft(**changes), on=make.ON, at=make.AT, by=analyst())
    return services.switch_on(made, on=make.ON, at=make.AT, by=analyst())
