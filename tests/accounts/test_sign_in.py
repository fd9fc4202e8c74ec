"""Signing in by e-mail: where one lands, what repeated failures do, and in which language one goes on."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client

from accounts.models import Letter, User
from accounts.selectors import has_verified
from accounts.services.letters import Away, send_letter
from tests import make

pytestmark = pytest.mark.django_db
FollowUps = Callable[[], AbstractContextManager[None]]

LOGIN = "/account/login/"


def sign_in(client: Client, email: str, password: str = make.PASSWORD, after: str = "") -> object:
    return client.post(LOGIN, {"login": email, "password": password, "next": after})


def test_a_trader_signs_in_by_email_in_any_case(trader: User) -> None:
    client = Client()
    response = sign_in(client, "Trader@Example.COM")
    assert response["Location"] == "/desk/"
    assert client.session["_auth_user_id"] == str(trader.pk)


def test_a_wrong_password_signs_nobody_in(trader: User) -> None:
    client = Client()
    assert sign_in(client, trader.email, "wrong").status_code == 200
    assert "_auth_user_id" not in client.session


def test_a_session_that_ended_leads_back_to_the_page(trader: User) -> None:
    client = Client()
    asked = client.get("/companies/")
    assert asked["Location"] == "/account/login/?next=/companies/"
    assert b'name="next" value="/companies/"' in client.get(asked["Location"]).content
    assert sign_in(client, trader.email, after="/companies/")["Location"] == "/companies/"


def test_a_part_of_a_page_sends_the_whole_page_to_the_login(as_trader: Client) -> None:
    part = {"HX-Request": "true", "HX-Current-URL": "http://testserver/declarations/?lane=red"}
    response = Client().get("/companies/", headers=part)
    assert response.status_code == 204
    assert response["HX-Redirect"] == "/account/login/?next=%2Fdeclarations%2F%3Flane%3Dred"
    assert as_trader.get("/companies/", headers=part).status_code == 200


def test_signing_in_leads_to_no_other_site(trader: User) -> None:
    assert sign_in(Client(), trader.email, after="https://evil.example/")["Location"] == "/desk/"


def test_five_wrong_passwords_pause_the_account_and_four_do_not(trader: User) -> None:
    client = Client()
    for _attempt in range(4):
        assert sign_in(client, trader.email, "wrong").status_code == 200
    fifth = sign_in(client, trader.email, "wrong")
    assert fifth.status_code == 429
    assert "Signing in is paused" in fifth.content.decode()
    assert sign_in(client, trader.email).status_code == 429
    assert "_auth_user_id" not in client.session


def test_a_right_password_forgets_the_wrong_ones(trader: User) -> None:
    client = Client()
    for _attempt in range(4):
        sign_in(client, trader.email, "wrong")
    assert sign_in(client, trader.email).status_code == 302
    other = Client()
    for _attempt in range(4):
        assert sign_in(other, trader.email, "wrong").status_code == 200


def test_the_pause_of_one_account_leaves_others_alone(trader: User, stranger: User) -> None:
    client = Client()
    for _attempt in range(5):
        sign_in(client, trader.email, "wrong")
    assert sign_in(client, stranger.email).status_code == 302


def test_after_signing_in_the_pages_are_in_ones_own_language(trader: User) -> None:
    User.objects.filter(pk=trader.pk).update(language="ru")
    client = Client()
    response = sign_in(client, trader.email)
    assert response.cookies[settings.LANGUAGE_COOKIE_NAME].value == "ru"
    assert 'lang="ru"' in client.get("/profile/").content.decode()


SECRET = "a long new password 7"


def sign_up(client: Client, email: str) -> object:
    return client.post("/account/signup/", {"email": email, "password1": SECRET, "password2": SECRET})


def test_an_address_means_nothing_until_its_letter_was_opened(follow_ups: FollowUps) -> None:
    client = Client()
    client.post("/language/", {"language": "tg"})
    client.post("/language/", {"language": "en"})
    with follow_ups():
        assert sign_up(client, "New@example.com")["Location"] == "/account/confirm-email/"  # type: ignore[index]
    person = User.objects.get(email="new@example.com")
    assert (person.is_staff, person.language) == (False, "en")
    sign_in(client, person.email, SECRET)
    assert "_auth_user_id" not in client.session
    link = re.search(r"http://testserver(/account/confirm-email/\S+)", mail.outbox[0].body)
    assert link
    assert client.get(link[1]).status_code == 200
    assert not has_verified(person, person.email)
    client.post(link[1])
    assert has_verified(person, person.email)
    assert sign_in(Client(), person.email, SECRET)["Location"] == "/desk/"  # type: ignore[index]


def test_signing_up_tells_nobody_who_has_an_account(trader: User, follow_ups: FollowUps) -> None:
    answers = []
    for email in (trader.email, "nobody@example.com"):
        with follow_ups():
            response = sign_up(Client(), email)
        answers.append((response.status_code, response["Location"]))  # type: ignore[attr-defined,index]
    assert answers[0] == answers[1]
    known, unknown = (letter for letter in mail.outbox)
    assert "has an account already" in known.body
    assert "confirm that it is yours" in unknown.body


def test_a_new_password_is_set_by_a_letter_and_asked_for_alike(trader: User, follow_ups: FollowUps) -> None:
    answers = []
    for email in (trader.email, "nobody@example.com"):
        with follow_ups():
            answers.append(Client().post("/account/password/reset/", {"email": email})["Location"])
    assert answers[0] == answers[1]
    assert ["new password for your account" in letter.body for letter in mail.outbox] == [True, False]


def test_no_secret_of_a_letter_lands_in_the_log(trader: User, caplog: pytest.LogCaptureFixture) -> None:
    client = Client()
    for path in ("/account/password/reset/key/1-secret/", "/account/confirm-email/secret/", "/invitations/secret/"):
        client.get(path)
    client.get("/verify/secret/")
    assert "answered" in caplog.text
    assert "secret" not in caplog.text


def test_a_mail_server_that_is_away_keeps_no_request_waiting_and_loses_no_letter(
    trader: User, settings: Any, announced: list[tuple[str, int]]
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert Client().post("/account/password/reset/", {"email": trader.email}).status_code == 302
    letter = Letter.objects.latest("pk")
    with pytest.raises(Away):
        send_letter(letter.pk, at=letter.written_at)
    assert Letter.objects.filter(pk=letter.pk).exists()
    send_letter(letter.pk, at=letter.written_at + timedelta(days=1, minutes=1))
    assert not Letter.objects.filter(pk=letter.pk).exists()


def test_the_demonstration_lists_its_accounts_and_production_does_not(settings: object) -> None:
    assert "demo-accounts" not in Client().get(LOGIN).content.decode()
    engine = {**settings.TEMPLATES[0], "OPTIONS": {**settings.TEMPLATES[0]["OPTIONS"]}}  # type: ignore[attr-defined]
    engine["OPTIONS"]["context_processors"] = [*engine["OPTIONS"]["context_processors"], "demo.context.accounts"]
    settings.TEMPLATES = [engine]  # type: ignore[attr-defined]
    settings.DEMO = True  # type: ignore[attr-defined]
    page = Client().get(LOGIN).content.decode()
    assert "demo-accounts" in page
    assert "trader@demo.example" in page
