"""What tests of travellers may ask for: a bank that takes and sends back everything, doors on the day of the tests."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from payments import bank
from tests import make


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the bank was told."""
    said: list[dict[str, Any]] = []

    def start(**message: Any) -> bank.Started:
        said.append(message)
        return bank.Started(bank_reference="B-7", url=f"{settings.BANK_URL}/pay/B-7/")

    monkeypatch.setattr(bank, "start", start)
    monkeypatch.setattr(bank, "refund", lambda **message: said.append(message))
    return said


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The doors live on the day of the tests."""
    monkeypatch.setattr(timezone, "now", lambda: make.AT)
    monkeypatch.setattr(timezone, "localdate", lambda *_value: make.ON)
    cache.clear()
    yield
    cache.clear()
