"""Members come by a letter to an address that has to be theirs; nobody learns who has an account."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail, signing
from django.test import Client

from accounts.models import User
from tests import make
from tests.conftest import client_of
from traders.models import CompanyEvent, Invitation, Right
from traders.selectors import rights_of
from traders.services import end_membership

pytestmark = pytest.mark.django_db
FollowUps = Callable[[], AbstractContextManager[None]]

PAGE = f"/companies/{make.TIN}/"
EMAIL = "payer@example.com"


def invite(client: Client, email: str = EMAIL, *rights: str) -> object:
    return client.post(PAGE + "members/", {"email": email, "rights": rights or ["payer"]}, follow=True)


@pytest.fixture
def link(as_trader: Client, follow_ups: FollowUps) -> str:
    """The link of a letter to the address, which may or may not have an account."""
    with follow_ups():
        invite(as_trader)
    (letter,) = mail.outbox
    assert letter.to == [EMAIL]
    found = re.search(r"http://127.0.0.1:8000(/invitations/\S+)", letter.body)
    assert found
    return found[1]


def rights_in_the_company(person: User) -> set[str]:
    return rights_of(person, make.company(), on=date.today())


def test_whoever_verified_the_address_takes_the_rights_once(link: str) -> None:
    person = make.user(EMAIL)
    client = client_of(person)
    assert "Somon Trade LLC" in client.get(link).content.decode()
    assert rights_in_the_company(person) == set()
    assert client.post(link)["Location"] == PAGE
    assert rights_in_the_company(person) == {"payer"}
    assert client.get(link).status_code == 404
    held = person.memberships.get()
    end_membership(held, by=make.trader(), on=date.today(), at=make.AT)
    assert client.post(link).status_code == 404
    assert rights_in_the_company(person) == set()


def test_an_address_that_is_not_verified_takes_nothing(link: str) -> None:
    early = User.objects.create_user(EMAIL, make.PASSWORD)
    EmailAddress.objects.create(user=early, email=EMAIL, verified=False, primary=True)
    client = client_of(early)
    assert client.get(link).status_code == 403
    assert client.post(link).status_code == 422
    assert rights_in_the_company(early) == set()


def test_the_link_is_of_no_use_to_another_person(link: str, as_stranger: Client) -> None:
    page = as_stranger.get(link)
    assert page.status_code == 403
    assert "Somon" not in page.content.decode()
    assert as_stranger.post(link).status_code == 422
    assert Client().get(link)["Location"].startswith("/account/login/")


def test_a_link_ends_after_seven_days_or_when_it_is_withdrawn(link: str, as_trader: Client) -> None:
    client = client_of(make.user(EMAIL))
    with time_machine.travel(timedelta(days=7, minutes=1) + Invitation.objects.get().invited_at):
        assert client_of(make.user(EMAIL)).get(link).status_code == 404
    as_trader.post(f"{PAGE}invitations/{Invitation.objects.get().pk}/withdraw/")
    assert client.get(link).status_code == 404
    assert make.company().events.filter(verb=CompanyEvent.Verb.INVITATION_WITHDRAWN).count() == 1


@pytest.mark.parametrize("token", ["x", "a:b:c", "%00", "signed for something else"])
def test_what_is_no_link_of_ours_opens_nothing(as_trader: Client, token: str) -> None:
    token = signing.dumps(1, salt="another") if " " in token else token
    assert as_trader.get(f"/invitations/{token}/").status_code in (400, 404)


def test_the_link_ends_with_the_ownership_of_who_sent_it(link: str) -> None:
    owner, person = make.trader(), make.user(EMAIL)
    colleague = make.colleague()
    make.add_member(make.company(), user=colleague, right=Right.OWNER, by=owner, on=date.today(), at=make.AT)
    own = make.company().memberships.get(user=owner, right=Right.OWNER)
    end_membership(own, by=colleague, on=date.today(), at=make.AT)
    assert client_of(person).post(link).status_code == 422
    assert rights_in_the_company(person) == set()


def test_the_answer_tells_nobody_who_has_an_account(as_trader: Client) -> None:
    make.user("known@example.com")
    texts = []
    for email in ("known@example.com", "nobody@example.com"):
        response = invite(as_trader, email)
        assert response.status_code == 200  # type: ignore[attr-defined]
        page = response.content.decode().replace(email, "…")  # type: ignore[attr-defined]
        texts.append(re.findall(r"A letter with an invitation[^<]*", page))
    assert texts[0] == texts[1] != []


def test_a_second_invitation_takes_the_place_of_the_first(as_trader: Client) -> None:
    invite(as_trader)
    invite(as_trader, EMAIL.upper(), "owner")
    assert list(Invitation.objects.filter(withdrawn_at=None).values_list("rights", flat=True)) == [["owner"]]


def test_t013_invitations_that_wait_are_limited(as_trader: Client) -> None:
    for number in range(20):
        invite(as_trader, f"person{number}@example.com")
    response = as_trader.post(PAGE + "members/", {"email": "one.more@example.com", "rights": ["payer"]})
    assert response.status_code == 422
    assert Invitation.objects.count() == 20
