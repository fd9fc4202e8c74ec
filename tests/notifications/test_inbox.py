"""The inbox, its doors, the choices and the number for SMS: a person's own, and nobody else's."""

import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import Role
from notifications import gateways, services
from notifications.kinds import Kind, Mail, Ways
from notifications.models import Choice, Message, Phone
from notifications.selectors import choices_of
from notifications.services.phones import CODES_A_DAY, MOST_WRONG, code_of
from tests import make as people
from tests.clearance import make as files
from tests.conftest import client_of
from tests.notifications import make
from tests.payments.money_steps import refuses
from traders.services import end_membership

FollowUps = Callable[[], AbstractContextManager[None]]
pytestmark = pytest.mark.django_db
INBOX, CHOICES, API = "/messages/", "/messages/choices/", "/api/v1/messages/"


def text_of(client: Client, address: str = INBOX) -> str:
    return client.get(address).content.decode()


def count_in_header(client: Client) -> int:
    found = re.search(r'inbox-link__count num">(\d+)', text_of(client, "/"))
    return int(found[1]) if found else 0


def test_the_header_counts_what_is_unread_and_the_list_shows_it(as_trader: Client) -> None:
    trader = people.trader()
    for number in range(3):
        make.told(trader, occurrence=f"query:{number}", mrn=f"MRN{number}")
    assert count_in_header(as_trader) == 3
    page = text_of(as_trader)
    assert page.index("Question on MRN2") < page.index("Question on MRN0")
    first = Message.objects.get(occurrence="query:0")
    assert (
        as_trader.post(f"{INBOX}{first.pk}/read/", {"next": f"{INBOX}?unread=on"})["Location"] == f"{INBOX}?unread=on"
    )
    assert "Question on MRN0" not in text_of(as_trader, f"{INBOX}?unread=on")
    assert "Question on MRN0" in text_of(as_trader, INBOX)
    as_trader.post(f"{INBOX}read/")
    assert count_in_header(as_trader) == 0


def test_nobody_is_sent_elsewhere(as_trader: Client) -> None:
    assert as_trader.post(f"{INBOX}read/", {"next": "https://evil.example/"})["Location"] == INBOX


def test_the_list_is_filtered_by_kind(as_trader: Client) -> None:
    make.told(people.trader(), Kind.QUESTION)
    make.told(people.trader(), Kind.MONEY_DUE)
    page = text_of(as_trader, f"{INBOX}?kind=money_due")
    assert "due on 26TJ01ABC" in page
    assert "Question on" not in page
    assert "Question on" in text_of(as_trader, f"{INBOX}?kind=nonsense")
    assert "Nothing fits" in text_of(as_trader, f"{INBOX}?kind=stock_due")


def test_the_list_asks_no_more_for_more_lines(as_trader: Client, django_assert_max_num_queries: Any) -> None:
    for number in range(25):
        make.told(people.trader(), occurrence=f"query:{number}")
    with django_assert_max_num_queries(14):
        as_trader.get(INBOX)


def test_a_line_leads_to_its_thing_which_asks_by_itself_who_may_see_it(follow_ups: FollowUps) -> None:
    colleague = people.colleague()
    with follow_ups():
        query = files.queried()
    message = Message.objects.get(kind=Kind.QUESTION, recipient=colleague)
    client = client_of(colleague)
    answer = client.get(f"{INBOX}{message.pk}/", follow=True)
    assert answer.redirect_chain[0][0] == f"/declarations/{query.case.declaration.public_id}/"
    assert query.question in answer.content.decode()
    message.refresh_from_db()
    assert message.read_at is not None
    for membership in colleague.memberships.all():
        end_membership(membership, by=people.trader(), on=people.ON, at=people.AT)
    assert client.get(f"{INBOX}{message.pk}/", follow=True).status_code == 404


def test_doors_to_a_message_open_to_its_recipient_alone() -> None:
    make.told(people.trader())
    message = Message.objects.get()
    doors = [
        ("get", f"{INBOX}{message.pk}/"),
        ("post", f"{INBOX}{message.pk}/read/"),
        ("post", f"{API}{message.pk}/read/"),
    ]
    others = [people.stranger(), people.colleague(), people.officer(), people.officer(Role.ADMIN, None)]
    for other in others:
        client = client_of(other)
        for method, address in doors:
            assert getattr(client, method)(address).status_code == 404, (other, address)
        assert "26TJ01ABC" not in text_of(client)
        assert client.get(API).json()["results"] == []
        client.post(f"{INBOX}read/")
        client.post(f"{API}read/")
    message.refresh_from_db()
    assert message.read_at is None
    for address in (INBOX, CHOICES, f"{INBOX}{message.pk}/"):
        assert "/account/login/" in Client().get(address)["Location"]
    assert Client().get(API).status_code in (401, 403)


def test_machines_read_messages_and_mark_them(as_trader: Client) -> None:
    for number in range(2):
        make.told(people.trader(), occurrence=f"query:{number}", mrn=f"MRN{number}")
    rows = as_trader.get(API, headers={"Accept-Language": "en"}).json()["results"]
    assert [row["title"] for row in rows] == ["Question on MRN1", "Question on MRN0"]
    assert set(rows[0]) == {
        "id", "kind", "variant", "at", "read_at", "declaration", "company", "title", "text", "todo",
    }  # fmt: skip
    assert as_trader.post(f"{API}{rows[0]['id']}/read/").status_code == 204
    unread = as_trader.get(f"{API}?unread=true").json()["results"]
    assert [row["title"] for row in unread] == ["Question on MRN0"]
    assert as_trader.post(f"{API}read/").status_code == 204
    assert as_trader.get(f"{API}?unread=1&kind=question").json()["results"] == []


# Choices ------------------------------------------------------------------------------------------------------
def test_choices_are_kept_and_each_kind_of_person_sees_its_own(as_trader: Client, as_officer: Client) -> None:
    page = text_of(as_trader, CHOICES)
    assert 'name="question-mail"' in page
    assert 'name="answer-mail"' not in page
    assert 'name="answer-mail"' in text_of(as_officer, CHOICES)
    wanted = {f"{kind.value}-inbox": "on" for kind in choices_of(people.trader())}
    as_trader.post(CHOICES, wanted | {"question-mail": "daily", "money_due-inbox": ""})
    made = choices_of(people.trader())
    assert made[Kind.QUESTION] == Ways(inbox=True, mail=Mail.DAILY)
    assert made[Kind.MONEY_DUE] == Ways(inbox=False)
    assert made[Kind.RELEASED] == Ways(inbox=True)
    assert as_trader.post(CHOICES, {"question-mail": "hourly"}).status_code == 422


def test_sms_is_chosen_after_the_number_is_confirmed() -> None:
    with refuses(("N001", "sms")):
        make.choose(make.person(), sms=True)
    make.number_of(make.person())
    make.choose(make.person(), sms=True)
    assert Choice.objects.get().sms


# A number -----------------------------------------------------------------------------------------------------
def test_a_number_counts_when_its_code_was_typed(
    as_trader: Client, follow_ups: FollowUps, settings: Any, tmp_path: Any
) -> None:
    settings.DATA_DIR = tmp_path
    with follow_ups():
        as_trader.post(f"{CHOICES}phone/", {"number": "00992 90 123-45-67"})
    sent = json.loads((tmp_path / "sms.jsonl").read_text())
    assert sent["to"] == "+992901234567"
    code = re.search(r"\d{6}", sent["text"])
    assert code
    wrong = f"{(int(code[0]) + 1) % 10**6:06d}"
    assert as_trader.post(f"{CHOICES}code/", {"code": wrong}).status_code == 422
    assert 'name="question-sms"' not in text_of(as_trader, CHOICES)
    assert as_trader.post(f"{CHOICES}code/", {"code": f" {code[0][:3]} {code[0][3:]}"}).status_code == 302
    assert 'name="question-sms"' in text_of(as_trader, CHOICES)
    as_trader.post(f"{CHOICES}phone/", {"forget": "1", "number": ""})
    assert not Phone.objects.exists()


def test_a_code_cannot_be_guessed() -> None:
    phone = services.ask_for_code(make.person(), number="+992901234567", at=make.now())
    right = code_of(phone)
    for number in range(MOST_WRONG):
        with refuses(("N005", "code")):
            services.confirm_number(make.person(), code=f"{(int(right) + 1 + number) % 10**6:06d}", at=make.now())
    with refuses(("N006", "code")):
        services.confirm_number(make.person(), code=right, at=make.now())


def test_a_code_holds_for_minutes_and_belongs_to_its_number() -> None:
    phone = services.ask_for_code(make.person(), number="+992901234567", at=make.now())
    with refuses(("N006", "code")):
        services.confirm_number(make.person(), code=code_of(phone), at=make.now() + timedelta(minutes=11))
    other = services.ask_for_code(make.person(), number="+992907654321", at=make.now())
    assert code_of(phone) != code_of(other)


def test_codes_are_not_sent_without_end() -> None:
    for _each in range(CODES_A_DAY):
        services.ask_for_code(make.person(), number="+992901234567", at=make.now())
    with refuses(("N003", "number")):
        services.ask_for_code(make.person(), number="+992901234567", at=make.now())


@pytest.mark.parametrize("number", ["", "901234567", "+9929012", "+0992901234567", "+992 90 x", "+" + "9" * 16])
def test_what_is_no_number_is_said_to_be_none(number: str) -> None:
    with refuses(("N002", "number")):
        services.ask_for_code(make.person(), number=number, at=make.now())


def test_without_a_gateway_no_sms_is_offered(as_trader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateways, "connected", lambda: None)
    assert "message_phone" not in text_of(as_trader, CHOICES)
    assert f"{CHOICES}phone/" not in text_of(as_trader, CHOICES)
    with refuses(("N004", "number")):
        services.ask_for_code(make.person(), number="+992901234567", at=make.now())
