"""An administrator invites a person by e-mail; the person chooses a password, once, and a role takes two as ever."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import AdministrativeAct, Role, User
from accounts.services import create_person, give_proposed_role, invite_again, propose_role
from lib.violations import Rejected
from tests import make
from tests.conftest import client_of

FollowUps = Callable[[], AbstractContextManager[None]]
pytestmark = pytest.mark.django_db
EMAIL = "new@customs.example"
NEW = {"new_password1": "a quiet harbour", "new_password2": "a quiet harbour"}


@pytest.fixture
def link(follow_ups: FollowUps) -> str:
    """As an administrator adds a person in the admin, in Russian: the link of the letter."""
    admin = client_of(make.officer(Role.ADMIN, None))
    content = {"email": EMAIL, "full_name": "New Officer", "language": "ru", "time_zone": "Asia/Dushanbe"}
    inlines = {f"officer_roles-{name}_FORMS": "0" for name in ("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM")}
    with follow_ups():
        answer = admin.post("/admin/accounts/user/add/", {**content, "is_active": "on", **inlines})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    (letter,) = mail.outbox
    assert letter.to == [EMAIL]
    found = re.search(r"http://127.0.0.1:8000(/invited/\S+)", letter.body)
    assert found
    return found[1]


def test_the_link_sets_a_password_once_and_the_person_signs_in_with_it(link: str) -> None:
    client = Client()
    page = client.get(link)
    assert page.status_code == 200
    assert page["Referrer-Policy"] == "no-referrer"
    assert client.post(link, NEW | {"new_password2": "another"}).status_code == 422
    assert client.post(link, NEW)["Location"] == "/account/login/"
    assert client.get(link).status_code == 404
    assert client.post(link, NEW).status_code == 404
    answer = client.post("/account/login/", {"login": EMAIL, "password": NEW["new_password1"]})
    assert answer.status_code == 302
    assert client.session.get("_auth_user_id") == str(User.objects.get(email=EMAIL).pk)


def test_an_invited_officer_gets_the_role_from_two_and_sets_up_a_second_factor(link: str) -> None:
    person, admin = User.objects.get(email=EMAIL), make.officer(Role.ADMIN, None)
    second = make.officer(Role.ADMIN, None, email="second@customs.example")
    on, at = timezone.localdate(), timezone.now()
    proposal = propose_role(person, role=Role.CASHIER, office=None, reason="New", by=admin, on=on, at=at)
    give_proposed_role(proposal, by=second, on=on, at=at)
    client = Client()
    client.post(link, NEW)
    client.post("/account/login/", {"login": EMAIL, "password": NEW["new_password1"]})
    assert client.get("/payments/")["Location"].startswith("/account/2fa/totp/activate/")


def test_the_link_holds_a_week_and_nothing_else_opens_the_page(link: str) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert Client().get(link).status_code == 404
    assert Client().get(link[:-2] + "x/").status_code == 404
    User.objects.filter(email=EMAIL).update(is_active=False)
    assert Client().get(link).status_code == 404


def test_the_letter_is_sent_again_to_whoever_has_no_password_alone(link: str, follow_ups: FollowUps) -> None:
    person, admin = User.objects.get(email=EMAIL), make.officer(Role.ADMIN, None)
    with follow_ups():
        invite_again(person, by=admin, at=make.AT)
    assert [letter.to for letter in mail.outbox] == [[EMAIL], [EMAIL]]
    assert AdministrativeAct.objects.filter(verb="person invited", person=person, by=admin).exists()
    with pytest.raises(Rejected, match="A018"):
        invite_again(make.trader(), by=admin, at=make.AT)


def test_a_command_that_makes_a_person_writes_no_letter(follow_ups: FollowUps) -> None:
    with follow_ups():
        create_person(email="x@example.com", password=None, full_name="", by=None, at=make.AT)
    assert mail.outbox == []
