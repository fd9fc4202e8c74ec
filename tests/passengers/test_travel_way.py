"""The traveller's way through the door: rules before anything is typed, question by question, sent, paid, resumed."""

import gzip
import re
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from passengers import services
from passengers.models import Photo, Status, TravelDeclaration, Traveller
from tests import make
from tests.passengers import travelling as way

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "told")]
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000a49444154789c63000100000500010d0a2db40000000049454e44ae426082"
)


def declaration() -> TravelDeclaration:
    found: TravelDeclaration = TravelDeclaration.objects.get()
    return found


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]


@pytest.mark.parametrize("language", ["en", "ru", "tg"])
def test_the_rules_are_told_before_anything_is_typed(client: Client, language: str) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    shown = text(client.get(reverse("travel"), {"direction": "entry", "way": "air"}))
    words = {"en": "2 litres of alcohol", "ru": "2 литра алкоголя", "tg": "2 литр машрубот"}
    assert words[language] in shown
    assert "Order 544" in shown
    assert TravelDeclaration.objects.count() == 0


def test_whoever_is_under_eighteen_is_told_of_no_alcohol(client: Client) -> None:
    shown = text(client.get(reverse("travel"), {"direction": "entry", "way": "air", "age": "17"}))
    assert "litres of alcohol" not in shown
    assert "litres of alcohol" in text(client.get(reverse("travel"), {"direction": "entry", "way": "air", "age": "18"}))


def test_from_the_start_page_to_the_bank_and_back(client: Client, told: list[dict[str, object]]) -> None:
    key = way.begun(client)
    ticked = client.post(way.page(key, "carries"), {"carries-carries": ["goods", "money"]})
    assert ticked["Location"] == way.page(key, "trip")
    assert way.told_trip(client, key)["Location"] == way.page(key, "people")
    assert way.told_people(client, key)["Location"] == way.page(key, "money")
    money = way.as_rows("money", {"kind": "cash", "amount": "500", "currency": "USD", "person": "1"})
    assert client.post(way.page(key, "money"), money)["Location"] == way.page(key, "goods")
    goods = {"category": "CLOTHES", "description": "Presents", "mass": "30", "price": "1500", "currency": "USD"}
    done = client.post(way.page(key, "goods"), way.as_rows("goods", goods))
    assert done["Location"] == reverse("travel_review", args=[key])
    answer = text(client.get(done["Location"]))
    assert re.search(r"To pay: 1.354\.97.TJS", answer)
    assert "30% min 4 EUR/kg" in answer
    assert "9.0331" in answer
    sent = client.post(reverse("travel_review", args=[key]), {"key": "one"})
    assert sent["Location"] == reverse("travel_standing", args=[key])
    assert declaration().status == Status.TO_PAY
    onward = client.post(reverse("travel_review", args=[key]), {"key": "one", "pay": "1"})
    assert (onward.status_code, onward["Location"]) == (307, reverse("travel_pay", args=[key]))
    to_the_bank = client.post(reverse("travel_pay", args=[key]), {"key": "two"})
    assert to_the_bank["Location"] == f"{settings.BANK_URL}/pay/B-7/"
    assert (told[0]["amount"], told[0]["text"]) == (way.D("1354.97"), declaration().reference)
    attempt = declaration().attempts.get()
    way.arrives(attempt)
    back = client.get(reverse("travel_paid", args=[key, attempt.public_id]))
    assert back["Location"] == reverse("travel_standing", args=[key])
    assert declaration().status == Status.PAID


def test_nothing_ticked_means_nothing_to_declare(client: Client) -> None:
    assert "means: all you carry is free" in text(client.get(reverse("travel")))
    key = way.begun(client)
    way.told_trip(client, key)
    way.told_people(client, key)
    client.post(way.page(key, "carries"), {})
    client.post(reverse("travel_review", args=[key]), {"key": "one"})
    assert (declaration().status, declaration().channel) == (Status.SUBMITTED, "green")
    assert "Green: nothing is due" in text(client.get(reverse("travel_standing", args=[key])))


def test_what_is_missing_is_told_with_the_way_to_it_and_nothing_is_lost(client: Client) -> None:
    key = way.begun(client)
    way.told_people(client, key, {"family": "Ann", "document": ""})
    answer = client.post(reverse("travel_review", args=[key]), {"key": "one"})
    assert answer.status_code == 422
    assert "Write the date of birth." in text(answer)
    assert way.page(key, "people") in text(answer)
    assert 'value="Ann"' in text(client.get(way.page(key, "people")))
    assert declaration().status == Status.DRAFT


def test_a_wrong_field_keeps_what_was_typed(client: Client) -> None:
    key = way.begun(client)
    answer = way.told_people(client, key, {"family": "Ann", "birth": "31.02.1990"})
    assert answer.status_code == 422
    assert 'value="31.02.1990"' in text(answer)


def test_a_family_is_one_form_and_a_row_can_be_added_and_taken_away_without_script(client: Client) -> None:
    key = way.begun(client)
    way.told_trip(client, key)
    father = {"family": "A", "given": "B", "birth": "01.05.1990", "document": "1"}
    more = way.told_people(client, key, father, more="1")
    assert more["Location"].startswith(way.page(key, "people") + "?more=1")
    assert 'name="people-1-family"' in text(client.get(more["Location"]))
    way.told_people(client, key, father, {"given": "C", "birth": "01.05.2024"})
    assert [row["given"] for row in declaration().draft["people"]] == ["B", "C"]
    way.told_people(client, key, father, {"given": "C", "birth": "01.05.2024", "away": "1"})
    assert [row["given"] for row in declaration().draft["people"]] == ["B"]


def test_sixty_travel_in_one_form(client: Client) -> None:
    key = way.begun(client)
    way.told_trip(client, key)
    coach = [{"given": f"Person {n}", "birth": "01.05.1990", "document": str(n)} for n in range(60)]
    way.told_people(client, key, *coach)
    client.post(reverse("travel_review", args=[key]), {"key": "one"})
    assert Traveller.objects.count() == 60


def test_the_machine_readable_zone_fills_what_is_empty(client: Client) -> None:
    key = way.begun(client)
    zone = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
    for code, citizenship in (("UTO", ""), ("TJK", "TJ"), ("D<<", "DE")):
        way.told_people(client, key, {"given": "Анна", "zone": zone.replace("UTO7", f"{code}7")})
        (person,) = declaration().draft["people"]
        assert [person[name] for name in ("family", "given", "birth", "document", "citizenship")] == [
            "ERIKSSON", "Анна", "1974-08-12", "L898902C3", citizenship
        ]  # fmt: skip
    wrong = way.told_people(client, key, {"given": "Анна", "zone": zone.replace("7408122", "7408132")})
    assert wrong.status_code == 422


def test_a_photo_is_kept_where_the_price_is_unknown_and_what_is_none_is_refused(client: Client) -> None:
    key = way.begun(client)
    client.post(way.page(key, "carries"), {"carries-carries": ["goods"]})
    row = {"category": "CLOTHES", "description": "Shawl", "mass": "1", "price_unknown": "on"}
    photo = SimpleUploadedFile("shawl.png", PNG)
    client.post(way.page(key, "goods"), way.as_rows("goods", row) | {"goods-0-photo": photo})
    kept = Photo.objects.get()
    assert declaration().draft["goods"][0]["photo"] == str(kept.public_id)
    assert client.get(reverse("travel_photo", args=[key, kept.public_id])).status_code == 200
    lie = SimpleUploadedFile("shawl.png", b"MZ no picture")
    answer = client.post(way.page(key, "goods"), way.as_rows("goods", row) | {"goods-0-photo": lie})
    assert answer.status_code == 422
    assert "Files of this type are not accepted" in text(answer)
    assert "Shawl" in text(answer)
    assert Client().get(reverse("travel_photo", args=[key, kept.public_id])).status_code == 404


def test_a_photo_that_is_too_large_is_refused_and_what_was_typed_stays(client: Client, settings: Any) -> None:
    settings.UPLOAD_LIMIT_BYTES = 50
    key = way.begun(client)
    client.post(way.page(key, "carries"), {"carries-carries": ["goods"]})
    row = {"category": "CLOTHES", "description": "Shawl", "mass": "1", "price_unknown": "on"}
    photo = SimpleUploadedFile("shawl.png", PNG)
    answer = client.post(way.page(key, "goods"), way.as_rows("goods", row) | {"goods-0-photo": photo})
    assert answer.status_code == 422
    assert "This file is too large" in text(answer)
    assert "Shawl" in text(answer)


def test_the_picker_finds_goods_in_everyday_words(client: Client) -> None:
    key = way.begun(client)
    found = text(client.get(reverse("travel_find", args=[key]), {"q": "drone"}))
    assert 'value="DRONE"' in found
    client.post(reverse("travel_find", args=[key]), {"category": "DRONE", "description": "my drone"})
    (row,) = declaration().draft["goods"]
    assert (row["topic"], row["commodity"], row["description"]) == ("radio", "8806", "my drone")
    assert declaration().draft["carries"] == ["radio"]


def test_a_stranger_learns_nothing(client: Client) -> None:
    key = way.begun(client)
    for name, arguments in (
        ("travel_standing", []), ("travel_review", []), ("travel_question", ["trip"]), ("travel_all", []),
        ("travel_find", []), ("travel_money", []), ("travel_nothing", []),
    ):  # fmt: skip
        assert Client().get(reverse(name, args=[key, *arguments])).status_code == 404
    for name in ("travel_cancel", "travel_pay", "travel_review", "travel_choose", "travel_nothing"):
        assert Client().post(reverse(name, args=[key])).status_code == 404


def test_code_and_birth_date_open_it_on_another_phone_and_nothing_else_does(client: Client) -> None:
    made = way.with_clothes()
    address = reverse("travel_resume")
    opened = client.post(address, {"code": f"{made.code[:4].lower()} {made.code[4:]}", "birth": "1.5.1990"})
    assert opened["Location"] == reverse("travel_standing", args=[made.public_id])
    assert client.get(way.page(str(made.public_id), "goods")).status_code == 200
    for code, birth in ((made.code, "2.5.1990"), ("3333-3333", "1.5.1990"), ("", "1.5.1990")):
        assert Client().post(address, {"code": code, "birth": birth}).status_code == 422


def test_guessing_is_slow_from_one_address_and_for_one_code(client: Client) -> None:
    made = way.with_clothes()
    wrong = {"code": made.code, "birth": "2.5.1990"}
    answers = [client.post(reverse("travel_resume"), wrong).status_code for _try in range(12)]
    assert answers[0] == 422
    assert answers[-1] == 429
    many = [
        client.post(reverse("travel_resume"), wrong, REMOTE_ADDR=f"10.0.0.{number}").status_code for number in range(20)
    ]
    assert many[-1] == 429


def test_once_presented_the_code_opens_what_stands_and_nothing_else(client: Client) -> None:
    made = way.sent(way.draft())
    services.present(made, post=way.POST, by=make.officer(), at=way.LATER, on=make.ON)
    client.post(reverse("travel_resume"), {"code": made.code, "birth": "1.5.1990"})
    standing = reverse("travel_standing", args=[made.public_id])
    assert client.get(standing).status_code == 200
    assert client.get(way.page(str(made.public_id), "goods"))["Location"] == standing
    assert client.post(reverse("travel_cancel", args=[made.public_id]))["Location"] == standing
    made.refresh_from_db()
    assert made.status == Status.PRESENTED


def test_the_answer_is_said_in_the_language_of_whoever_reads_it(client: Client) -> None:
    drone = way.clothes("300", topic="radio", category="DRONE", unit="NAR", quantity="1")
    made = way.sent(way.draft(carries=["radio", "goods"], goods=[drone, way.clothes()]))
    client.post(reverse("travel_resume"), {"code": made.code, "birth": "1.5.1990"})
    for language, words in (("en", "A drone needs a permit"), ("tg", "Барои дрон иҷозати"), ("ru", "На дрон нужно")):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        shown = text(client.get(reverse("travel_standing", args=[made.public_id])))
        assert words in shown
        assert {"en": "Things and presents for", "tg": "Ашё ва туҳфаҳо", "ru": "Вещи и подарки"}[language] in shown


def test_all_questions_on_one_page_save_together(client: Client) -> None:
    key = way.begun(client, layout="all")
    trip = {"trip-direction": "entry", "trip-way": "air", "trip-post": way.POST, "trip-day": "2026-11-23"}
    people = way.as_rows("people", {"family": "A", "birth": "01.05.1990", "document": "1"})
    answer = client.post(reverse("travel_all", args=[key]), trip | people | {"send": "1"})
    assert answer["Location"] == reverse("travel_review", args=[key])
    assert client.post(answer["Location"], {"key": "one"}).status_code == 302


def test_pages_are_small(client: Client) -> None:
    """Over the wire: less than 60 kB at first, less than 15 kB for each further page."""
    weight = {name: len(gzip.compress((settings.BASE_DIR / "static" / name).read_bytes(), 6)) for name in (
        "css/travel.css", "js/travel.js", "img/favicon.svg")}  # fmt: skip
    key = way.begun(client)
    with translation.override("ru"):
        pages = [reverse("travel"), way.page(key, "trip"), way.page(key, "people"), reverse("travel_all", args=[key])]
        sizes = [len(gzip.compress(client.get(each).content, 6)) for each in pages]
    assert sum(weight.values()) + max(sizes) < 60_000
    assert max(sizes) < 15_000
