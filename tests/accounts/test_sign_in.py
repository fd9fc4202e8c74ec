"""Signing in by e-mail: where one lands, what repeated failures do, and in which language one goes on."""

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User
from tests import make

pytestmark = pytest.mark.django_db

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


def test_who_signs_up_registers_a_company_next() -> None:
    client = Client()
    client.post("/language/", {"language": "tg"})
    secret = "a long new password 7"
    response = client.post("/account/signup/", {"email": "New@example.com", "password1": secret, "password2": secret})
    assert response["Location"] == "/companies/register/"
    person = User.objects.get(email="new@example.com")
    assert (person.is_staff, person.language) == (False, "tg")


def test_the_demonstration_lists_its_accounts_and_production_does_not(settings: object) -> None:
    assert "demo-accounts" not in Client().get(LOGIN).content.decode()
    engine = {**settings.TEMPLATES[0], "OPTIONS": {**settings.TEMPLATES[0]["OPTIONS"]}}  # type: ignore[attr-defined]
    engine["OPTIONS"]["context_processors"] = [*engine["OPTIONS"]["context_processors"], "demo.context.accounts"]
    settings.TEMPLATES = [engine]  # type: ignore[attr-defined]
    settings.DEMO = True  # type: ignore[attr-defined]
    page = Client().get(LOGIN).content.decode()
    assert "demo-accounts" in page
    assert "trader@demo.example" in page
