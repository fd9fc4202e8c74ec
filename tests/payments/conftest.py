"""What every test of money may ask for: a bank that takes every start."""

from typing import Any

import pytest
from django.conf import settings

from payments import bank


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the bank was told; it takes every start."""
    said: list[dict[str, Any]] = []

    def start(**message: Any) -> bank.Started:
        said.append(message)
        return bank.Started(bank_reference="B-7", url=f"{settings.BANK_URL}/pay/B-7/")

    monkeypatch.setattr(bank, "start", start)
    return said
