"""The signed receipt says what stands, once for each answer; what it said before counts no more."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lib.travel_receipt import Answer, Outcome
from passengers import services
from passengers.models import TravelReceipt
from tests import make
from tests.passengers import travelling as travel
from travel_receipts.selectors import checked
from travel_receipts.services import make_key

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _key(tmp_path: Any, settings: Any) -> None:
    settings.TRAVEL_KEYS_DIR = tmp_path / "keys"
    make_key(signs_from=make.AT, at=make.AT)


def receipt(made: Any) -> TravelReceipt:
    found = services.receipt_of(made, at=travel.LATER)
    assert found is not None
    return found


def outcome(of: TravelReceipt) -> Outcome:
    return checked(of.text, at=travel.LATER).outcome


def test_nothing_to_declare_is_signed_once_and_says_so() -> None:
    made = travel.sent(travel.draft())
    first = receipt(made)
    assert receipt(made) == first
    verdict = checked(first.text, at=travel.LATER)
    assert (verdict.outcome, verdict.receipt.answer) == (Outcome.GENUINE, Answer.NOTHING_DUE)  # type: ignore[union-attr]
    assert verdict.receipt.reference == made.reference  # type: ignore[union-attr]
    assert len(first.text) <= 300


def test_what_is_to_be_paid_has_a_receipt_when_it_is_paid_with_the_sum(told: list[dict[str, Any]]) -> None:
    made = travel.sent(travel.with_clothes())
    assert services.receipt_of(made, at=travel.LATER) is None
    attempt = travel.begin_payment(made)
    travel.arrives(attempt)
    made.refresh_from_db()
    said = checked(receipt(made).text, at=travel.LATER).receipt
    assert said is not None
    assert (said.answer, said.minor_units, said.decimals) == (Answer.PAID, int(made.paid * 100), 2)


def test_a_change_and_a_cancellation_withdraw_what_was_signed() -> None:
    made = travel.sent(travel.draft())
    first = receipt(made)
    made = travel.sent(services.save_part(made, part="people", value=[travel.ANN | {"given": "Анна"}], at=travel.LATER))
    assert outcome(first) == Outcome.REVOKED
    second = receipt(made)
    assert outcome(second) == Outcome.GENUINE
    services.cancel(made, at=travel.LATER)
    assert outcome(second) == Outcome.REVOKED
    made.refresh_from_db()
    assert services.receipt_of(made, at=travel.LATER) is None


def test_after_the_release_another_receipt_proves_what_came_in() -> None:
    officer = make.officer()
    made = travel.sent(travel.draft())
    first = receipt(made)
    services.present(made, post=travel.POST, by=officer, at=travel.LATER, on=make.ON)
    made = services.release(made, by=officer, at=travel.LATER)
    assert outcome(first) == Outcome.USED
    said = checked(receipt(made).text, at=travel.LATER)
    assert (said.outcome, said.receipt.answer) == (Outcome.GENUINE, Answer.RELEASED)  # type: ignore[union-attr]


def test_without_a_key_the_page_stands_and_shows_no_code(settings: Any, tmp_path: Any) -> None:
    made = travel.sent(travel.draft())
    settings.TRAVEL_KEYS_DIR = tmp_path / "elsewhere"
    assert services.receipt_of(made, at=travel.LATER) is None


def test_the_page_shows_the_code_and_prints_it_for_whoever_may_open_it(client: Client, today: None) -> None:
    made = travel.sent(travel.draft())
    address = reverse("travel_receipt", args=[made.public_id])
    assert client.get(address).status_code == 404
    entered = {"code": made.code, "birth": "1990-05-01"}
    client.post(reverse("travel_resume"), entered)
    page = client.get(reverse("travel_standing", args=[made.public_id])).content.decode()
    assert "Show this at the post" in page
    assert "<svg" in page
    assert client.get(address).content.startswith(b"%PDF")
