"""Nobody locks anybody else out: wrong passwords count by account and address, and a known device goes on working."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.core import mail
from django.test import Client, RequestFactory

from accounts.models import User
from lib.limits import asked_this_minute
from lib.requests import client as client_address
from tests import make
from tests.conftest import client_of

pytestmark = pytest.mark.django_db
FollowUps = Callable[[], AbstractContextManager[None]]
ATTACKER, OWNER = "203.0.113.9", "198.51.100.7"


def sign_in(browser: Client, email: str, password: str = make.PASSWORD, *, at: str = OWNER) -> int:
    form = {"login": email, "password": password}
    return int(browser.post("/account/login/", form, REMOTE_ADDR=at).status_code)


def attack(email: str, *, at: str = ATTACKER, times: int = 5) -> None:
    for _attempt in range(times):
        sign_in(Client(), email, "wrong", at=at)


def test_wrong_passwords_from_elsewhere_do_not_lock_the_owner_out(trader: User) -> None:
    attack(trader.email, times=12)
    assert sign_in(Client(), trader.email, at=ATTACKER) == 429
    assert sign_in(Client(), trader.email) == 302


def test_a_known_device_is_let_through_where_others_are_paused(trader: User) -> None:
    mine = Client()
    assert sign_in(mine, trader.email) == 302
    attack(trader.email, at=OWNER)
    assert sign_in(Client(), trader.email) == 429
    del mine.cookies["sessionid"]
    assert sign_in(mine, trader.email) == 302


def test_a_known_device_is_known_for_its_people_alone_and_is_paused_in_its_turn(trader: User, stranger: User) -> None:
    mine = Client()
    sign_in(mine, trader.email)
    device = mine.cookies["device"].value
    attack(stranger.email, at=OWNER)
    thief = Client()
    thief.cookies["device"] = device
    assert sign_in(thief, stranger.email) == 429
    for _attempt in range(16):
        sign_in(thief, trader.email, "wrong")
    assert sign_in(thief, trader.email) == 429


@pytest.mark.parametrize("cookie", ["", "x", "a:b:c", "WyJ4Il0:1u:nonsense"])
def test_a_device_that_is_not_ours_is_unknown(trader: User, cookie: str) -> None:
    attack(trader.email, at=OWNER)
    browser = Client()
    browser.cookies["device"] = cookie
    assert sign_in(browser, trader.email) == 429


def test_the_owner_is_told_once_a_day_and_nobody_where_there_is_no_account(trader: User, follow_ups: FollowUps) -> None:
    with follow_ups():
        attack(trader.email, times=8)
        attack(trader.email, at="203.0.113.77")
        attack("nobody@example.com")
    told = [letter for letter in mail.outbox if "Wrong passwords" in letter.subject]
    assert [letter.to for letter in told] == [[trader.email]]
    assert ATTACKER in told[0].body


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", "198.51.100.7"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "10.1.1.1, 203.0.113.9", "203.0.113.9"),
        (2, "10.1.1.1, 203.0.113.9, 192.0.2.4", "203.0.113.9"),
        (2, "203.0.113.9", "198.51.100.7"),
        (1, "", ""),
        (1, "unknown", ""),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        (1, "::ffff:203.0.113.9", "203.0.113.9"),
    ],
)
def test_the_address_is_what_the_trusted_proxy_wrote(settings: Any, proxies: int, forwarded: str, address: str) -> None:
    settings.PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR=OWNER, HTTP_X_FORWARDED_FOR=forwarded)
    assert client_address(request) == address


def test_behind_the_proxy_people_are_told_apart(settings: Any, trader: User) -> None:
    settings.PROXIES = 1
    for _attempt in range(6):
        form = {"login": trader.email, "password": "wrong"}
        Client().post("/account/login/", form, headers={"X-Forwarded-For": f"{OWNER}, {ATTACKER}"})
    right = {"login": trader.email, "password": make.PASSWORD}
    assert Client().post("/account/login/", right, headers={"X-Forwarded-For": OWNER}).status_code == 302
    spoofed = {"X-Forwarded-For": f"{OWNER}, {ATTACKER}"}
    assert Client().post("/account/login/", right, headers=spoofed).status_code == 429


def test_limits_count_clients_not_the_proxy_they_share(settings: Any, trader: User) -> None:
    settings.PROXIES = 1
    for _time in range(31):
        last = Client().get("/verify/unknown/", headers={"X-Forwarded-For": ATTACKER})
    assert last.status_code == 429
    assert Client().get("/verify/unknown/", headers={"X-Forwarded-For": OWNER}).status_code == 404
    assert client_of(trader).get("/verify/unknown/", headers={"X-Forwarded-For": ATTACKER}).status_code == 404
    request = RequestFactory().get("/")
    assert [asked_this_minute(request, "x"), asked_this_minute(request, "x"), asked_this_minute(request, "y")] == [
        1,
        2,
        1,
    ]
