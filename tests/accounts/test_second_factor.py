"""Officers work with a second factor; traders may."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import Role, User
from accounts.services import take_away_second_factor
from demo.accounts import code_at
from tests import make
from tests.conftest import client_of

pytestmark = pytest.mark.django_db

SET_UP = "/account/2fa/totp/activate/"


def test_an_officer_without_second_factor_is_sent_to_set_it_up(officer: User) -> None:
    take_away_second_factor(officer, by=make.officer(Role.ADMIN, None), at=make.AT)
    client = client_of(officer)
    for path in ("/", "/profile/", "/companies/", "/admin/"):
        assert client.get(path)["Location"] == SET_UP


def test_an_officer_with_second_factor_goes_on(as_officer: Client) -> None:
    assert as_officer.get("/profile/").status_code == 200


def test_the_machine_door_refuses_an_officer_without_second_factor(officer: User) -> None:
    take_away_second_factor(officer, by=make.officer(Role.ADMIN, None), at=make.AT)
    response = client_of(officer).get("/api/v1/declarations/")
    assert response.status_code == 403
    assert response.json()["violations"][0]["code"] == "A003"


def test_a_trader_needs_none(as_trader: Client) -> None:
    assert as_trader.get("/profile/").status_code == 200


def test_set_up_and_the_way_out_stay_open(officer: User) -> None:
    take_away_second_factor(officer, by=make.officer(Role.ADMIN, None), at=make.AT)
    client = client_of(officer)
    assert client.get("/account/2fa/").status_code == 200
    assert client.post("/language/", {"language": "ru"}).status_code == 302
    assert client.post("/account/logout/")["Location"] == "/"


def test_the_password_alone_does_not_sign_an_officer_in(officer: User) -> None:
    client = Client()
    response = client.post("/account/login/", {"login": officer.email, "password": make.PASSWORD})
    assert response["Location"] == "/account/2fa/authenticate/"
    assert client.get("/profile/")["Location"].startswith("/account/login/")
    wrong = client.post("/account/2fa/authenticate/", {"code": "000000"})
    assert wrong.status_code == 200
    right = client.post("/account/2fa/authenticate/", {"code": code_at(make.TOTP_SECRET)})
    assert right["Location"] == "/desk/"
    assert client.get("/profile/").status_code == 200


def test_a_new_officer_sets_up_the_second_factor_right_after_signing_in(officer: User) -> None:
    take_away_second_factor(officer, by=make.officer(Role.ADMIN, None), at=make.AT)
    client = Client()
    client.post("/account/login/", {"login": officer.email, "password": make.PASSWORD})
    page = client.get(SET_UP)
    assert page.status_code == 200
    code = code_at(page.context["form"].secret)
    assert client.post(SET_UP, {"code": code})["Location"] == "/account/2fa/recovery-codes/"
    assert Authenticator.objects.filter(user=officer, type=Authenticator.Type.TOTP).exists()


def test_only_an_administrator_takes_a_second_factor_away(officer: User) -> None:
    admin = make.officer(Role.ADMIN, office=None)
    action = {"action": "take_away_second_factor", "_selected_action": [officer.pk]}
    client_of(officer).post("/admin/accounts/user/", action)
    assert Authenticator.objects.filter(user=officer).exists()
    client_of(admin).post("/admin/accounts/user/", action)
    assert not Authenticator.objects.filter(user=officer).exists()


def test_a_trader_with_a_second_factor_is_asked_for_it(trader: User) -> None:
    TOTP.activate(trader, make.TOTP_SECRET)
    response = Client().post("/account/login/", {"login": trader.email, "password": make.PASSWORD})
    assert response["Location"] == "/account/2fa/authenticate/"


def test_the_keys_of_a_person_are_listed_with_the_day_of_their_last_use(trader: User) -> None:
    request = RequestFactory().get("/account/2fa/webauthn/")
    request.user = trader
    used = Authenticator(pk=7, user=trader, type=Authenticator.Type.WEBAUTHN)
    used.created_at, used.last_used_at = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 9, 4, 5, tzinfo=UTC)
    used.wrap = lambda: SimpleNamespace(is_passwordless=True, name="Blue key")
    page = render_to_string("mfa/webauthn/authenticator_list.html", {"authenticators": [used]}, request)
    assert "Added on 1\xa0Mar\xa02026" in page
    assert "Last used 9\xa0Mar\xa02026,\xa009:05" in page
    assert "Passkey" in page
    assert reverse("mfa_remove_webauthn", args=[7]) in page
    assert "No security keys" in render_to_string("mfa/webauthn/authenticator_list.html", {}, request)
