"""Nothing to declare on one page, and the choice that the law leaves for a thing: pay, leave it, declare as cargo."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from passengers.models import Status, TravelDeclaration
from tests.passengers import travelling as way

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "told")]
TRIP = {"trip-direction": "entry", "trip-way": "air", "trip-post": way.POST, "trip-day": "2026-11-23"}
PERSON = {"family": "Раҳмонов", "given": "Фирӯз", "birth": "01.05.1990", "document": "400123456"}


def text(response: Any) -> str:
    return str(response.content.decode())


def declaration() -> TravelDeclaration:
    found: TravelDeclaration = TravelDeclaration.objects.get()
    return found


def opened(client: Client, made: TravelDeclaration) -> TravelDeclaration:
    client.post(reverse("travel_resume"), {"code": made.code, "birth": "1.5.1990"})
    return made


def test_nothing_to_declare_is_one_tap_and_one_page(client: Client) -> None:
    begun = client.post(reverse("travel_begin"), {"direction": "entry", "way": "air", "nothing": "1"})
    page = begun["Location"]
    assert page.endswith("/nothing/")
    assert "means: all you carry is free" in text(client.get(page))
    sent = client.post(page, TRIP | way.as_rows("people", PERSON) | {"key": "one"})
    assert sent["Location"] == reverse("travel_standing", args=[declaration().public_id])
    assert (declaration().status, declaration().channel) == (Status.SUBMITTED, "green")
    assert "Green: nothing is due" in text(client.get(sent["Location"]))
    assert client.get(page)["Location"] == reverse("travel_review", args=[declaration().public_id])


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [({"people-0-birth": "31.02.1990"}, "This is not a date"), ({"trip-post": ""}, "Choose the post")],
)
def test_what_is_wrong_or_missing_there_is_told_and_nothing_is_lost(
    client: Client, wrong: dict[str, str], sentence: str
) -> None:
    page = client.post(reverse("travel_begin"), {"direction": "entry", "way": "air", "nothing": "1"})["Location"]
    answer = client.post(page, TRIP | way.as_rows("people", PERSON) | wrong)
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert "Раҳмонов" in text(answer)
    assert declaration().status == Status.DRAFT


def test_a_thing_may_be_left_or_declared_as_cargo_instead_of_paid_for(client: Client) -> None:
    made = opened(client, way.with_clothes())
    review = reverse("travel_review", args=[made.public_id])
    assert "You need not pay" in text(client.get(review))
    for choice, heading in (("leave", "You leave it at the post"), ("cargo", "You declare it as cargo")):
        chosen = client.post(reverse("travel_choose", args=[made.public_id]), {"choice-0": choice})
        assert chosen["Location"] == review
        shown = text(client.get(review))
        assert heading in shown
        assert "To pay" not in shown
    client.post(reverse("travel_choose", args=[made.public_id]), {"choice-0": "pay"})
    assert "To pay" in text(client.get(review))
    client.post(reverse("travel_choose", args=[made.public_id]), {"choice-0": "burn", "choice-7": "leave"})
    assert declaration().draft["goods"][0]["choice"] == "pay"


def test_nothing_is_chosen_where_nothing_is_at_stake(client: Client) -> None:
    made = opened(client, way.with_clothes("500"))
    assert "You need not pay" not in text(client.get(reverse("travel_review", args=[made.public_id])))


def test_the_answer_repeats_what_was_said(client: Client) -> None:
    money = [{"person": "1", "kind": "cash", "currency": "TJS", "amount": "1000000"}]
    made = opened(client, way.draft(carries=["money", "goods"], money=money, goods=[way.clothes("1500")]))
    shown = text(client.get(reverse("travel_review", args=[made.public_id])))
    for said in ("TK 254", "Раҳмонов Фирӯз", "1000000 TJS", "Presents: 1500 USD"):
        assert said in shown


def test_what_is_picked_in_the_tariff_falls_into_its_category(client: Client) -> None:
    made = opened(client, way.draft())
    client.post(reverse("travel_find", args=[made.public_id]), {"commodity": "8517130000", "description": "iphone"})
    (row,) = declaration().draft["goods"]
    assert (row["category"], row["topic"], row["commodity"]) == ("PHONE", "phones", "8517130000")
