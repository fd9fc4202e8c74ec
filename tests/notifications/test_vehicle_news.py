"""A traveller whose vehicle is here for a time is reminded where an address was left, in the traveller's language."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Letter
from notifications import gateways
from notifications.services import vehicles
from passengers.models import VehicleStay
from passengers.services import stays
from tests import make
from tests.passengers.test_travel_stays import asked, stay

pytestmark = pytest.mark.django_db


@pytest.fixture
def sms(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, str]]:
    sent: list[tuple[str, str, str]] = []

    class Phone:
        def send(self, number: str, text: str, *, key: str) -> str:
            sent.append((number, text, key))
            return "1"

    monkeypatch.setattr(gateways, "connected", Phone)
    return sent


def with_contact(**contact: str) -> VehicleStay:
    return stays.leave_contact(stay(), **{"phone": "", "email": "", **contact}, at=make.AT)


def test_by_sms_and_by_letter(sms: list[Any]) -> None:
    found = with_contact(phone="+992900000001", email="a@example.com")
    vehicles.vehicle_due(found.pk)
    ((number, text, key),) = sms
    assert number == "+992900000001"
    assert found.plate in text
    assert str(found.leave_by) in key
    letter = Letter.objects.get()
    assert (letter.to, found.plate in letter.subject) == ("a@example.com", True)


def test_whoever_has_left_is_not_reminded(sms: list[Any]) -> None:
    found = with_contact(phone="+992900000001")
    stays.let_out(found, post="TJ04", by=make.officer(), at=make.AT, on=make.ON)
    vehicles.vehicle_due(found.pk)
    assert not sms


def test_without_an_address_nothing_is_sent(sms: list[Any]) -> None:
    vehicles.vehicle_due(stay().pk)
    assert not sms
    assert not Letter.objects.exists()


@pytest.mark.parametrize(("granted", "word"), [(True, "is granted"), (False, "is refused")])
def test_a_decision_is_told(sms: list[Any], granted: bool, word: str) -> None:
    found = with_contact(phone="+992900000001")
    extension = asked(found)
    by = make.supervisor()
    if granted:
        until = make.ON + timedelta(days=30)
        stays.grant_extension(extension, until=until, reason="Ok", by=by, at=make.AT, on=make.ON)
    else:
        stays.refuse_extension(extension, reason="No", by=by, at=make.AT)
    vehicles.vehicle_extension_decided(extension.pk)
    assert word in sms[0][1]


def test_a_gateway_that_is_away_sends_nothing_by_letter_either(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def send(self, number: str, text: str, *, key: str) -> str:
            raise gateways.Away("no line")

    monkeypatch.setattr(gateways, "connected", Broken)
    found = with_contact(phone="+992900000001", email="a@example.com")
    with pytest.raises(gateways.Away):
        vehicles.vehicle_due(found.pk)
    assert not Letter.objects.exists()
