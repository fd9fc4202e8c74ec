"""What waits in the outbox goes out at least once, and its reader sees it once, whatever the server does meanwhile.

The mail server is a real one on a port (`mail_server`); only the clock is moved by hand.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from notifications import gateways, services
from notifications.kinds import Mail
from notifications.models import Delivery, Message
from notifications.services import send as sending
from tests import make as people
from tests.notifications import mail_server as mail
from tests.notifications import make
from tests.notifications.mail_server import MailServer, mail_server
from traders.services import end_membership

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with mail_server(settings) as running:
        yield running


def subjects(server: MailServer) -> list[str]:
    return [str(letter["Subject"]) for letter in server.taken]


def test_a_message_goes_out_at_once_in_the_recipients_words_with_a_link(server: MailServer) -> None:
    make.told(make.person())
    assert make.send() == 1
    (letter,) = server.taken
    assert letter["To"] == "reader@example.com"
    assert letter["Subject"] == "Question on 26TJ01ABC"
    text = letter.get_content()
    assert "by 1\xa0Dec\xa02026" in text
    assert f"/messages/{Message.objects.get().pk}/" in text
    assert "/messages/choices/" in text
    assert make.states() == ["sent"]
    assert make.send() == 0


def test_one_line_carries_all_letters(server: MailServer) -> None:
    for number in range(45):
        make.told(make.person(), occurrence=f"query:{number}")
    assert make.send() == 45
    assert server.connections == 1
    assert len({letter["Message-ID"] for letter in server.taken}) == 45


def test_a_mailbox_that_does_not_exist_is_not_tried_again(server: MailServer) -> None:
    server.behaviours = [mail.REFUSES]
    make.told(make.person())
    make.send()
    assert make.states() == ["failed"]
    assert "550" in Delivery.objects.get().fault
    assert Message.objects.get().read_at is None


@pytest.mark.parametrize("trouble", [mail.NOT_NOW, mail.HANGS])
def test_a_server_in_trouble_is_asked_again_and_given_up_at_last(server: MailServer, trouble: str) -> None:
    server.behaviours = [trouble]
    make.told(make.person())
    for _each in sending.PAUSES[:-1]:
        assert make.send() == 0
        assert make.states() == ["waiting"]
        assert make.send() == 0, "it waits before the next try"
        make.time_passes()
    make.send()
    assert make.states() == ["given_up"]
    assert server.connections == len(sending.PAUSES)
    assert Message.objects.filter(read_at=None).count() == 1, "the inbox still holds it"


def test_a_server_that_hangs_holds_up_one_letter_and_costs_the_others_no_try(server: MailServer) -> None:
    server.behaviours = [mail.HANGS]
    for number in range(3):
        make.told(make.person(), occurrence=f"query:{number}")
    make.send()
    assert server.connections == 1
    assert sorted(Delivery.objects.values_list("tries", flat=True)) == [0, 0, 1]
    server.behaviours = [mail.TAKES]
    make.time_passes()
    assert make.send() == 3


def test_what_the_server_took_and_did_not_confirm_is_the_same_letter_to_its_reader(server: MailServer) -> None:
    server.behaviours = [mail.DROPS_BEFORE_ANSWER, mail.TAKES]
    make.told(make.person())
    make.send()
    make.time_passes()
    make.send()
    first, second = server.taken
    assert first["Message-ID"] == second["Message-ID"]
    assert make.states() == ["sent"]


def test_a_line_dropped_after_each_letter_is_opened_again(server: MailServer) -> None:
    server.behaviours = [mail.DROPS_AFTER_ANSWER]
    for number in range(3):
        make.told(make.person(), occurrence=f"query:{number}")
    assert make.send() == 3
    assert make.states() == ["sent"] * 3
    assert len(server.taken) == 3


def test_a_refused_letter_does_not_stop_the_next(server: MailServer) -> None:
    server.behaviours = [mail.REFUSES, mail.TAKES]
    for number in range(2):
        make.told(make.person(), occurrence=f"query:{number}")
    assert make.send() == 1
    assert make.states() == ["failed", "sent"]


def test_a_sender_killed_before_it_marks_is_followed_by_another_after_its_lease(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crash between sending and marking: nothing is lost, and the letter has the same Message-ID."""
    make.told(make.person())

    def killed(*_arguments: Any, **_names: Any) -> bool:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(sending, "end_delivery", killed)
        with pytest.raises(SystemExit):
            make.send()
    assert make.states() == ["waiting"]
    assert make.send() == 0, "the lease of the one that was killed still holds"
    make.time_passes(sending.LEASE)
    assert make.send() == 1
    assert len({letter["Message-ID"] for letter in server.taken}) == 1


def test_a_day_comes_in_one_letter_without_what_was_read(server: MailServer) -> None:
    reader, other = make.person(), people.stranger()
    reader.language = "ru"
    reader.save(update_fields=["language"])
    for user in (reader, other):
        make.choose(user, mail=Mail.DAILY)
        for number in range(3):
            make.told(user, occurrence=f"query:{number}", mrn=f"MRN{number}")
    services.read_message(Message.objects.get(recipient=reader, occurrence="query:1"), at=make.now())
    assert make.send() == 0, "not before the morning"
    make.time_passes()
    assert make.send() == 2
    letter = next(each for each in server.taken if each["To"] == reader.email)
    assert [f"MRN{number}" in letter.get_content() for number in range(3)] == [True, False, True]
    assert sorted(make.states()) == ["dropped", *["sent"] * 5]
    services.read_all(other, at=make.now())
    make.told(other, occurrence="query:9")
    services.read_all(other, at=make.now())
    make.time_passes()
    assert make.send() == 0, "no letter where there is nothing"


def test_a_digest_whose_server_failed_comes_again_under_the_same_name(server: MailServer) -> None:
    server.behaviours = [mail.DROPS_BEFORE_ANSWER, mail.TAKES]
    make.choose(make.person(), mail=Mail.DAILY)
    make.told(make.person())
    make.time_passes()
    make.send()
    make.time_passes()
    make.send()
    assert len(server.taken) == 2
    assert len({letter["Message-ID"] for letter in server.taken}) == 1


def test_whoever_lost_the_right_meanwhile_is_not_written_to(server: MailServer) -> None:
    declaration = people.lodged()
    colleague = people.colleague()
    make.told(colleague, declaration=declaration.pk)
    for membership in colleague.memberships.all():
        end_membership(membership, by=people.trader(), on=people.ON, at=people.AT)
    make.send()
    assert make.states() == ["dropped"]
    assert server.taken == []


# SMS ----------------------------------------------------------------------------------------------------------
class Mast:
    """A gateway that does what a test says."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str]] = []
        self.trouble: Exception | None = None

    def send(self, number: str, text: str, *, key: str) -> str:
        if self.trouble is not None:
            raise self.trouble
        self.sent.append((number, text, key))
        return "ref"


@pytest.fixture
def mast(monkeypatch: pytest.MonkeyPatch) -> Mast:
    made = Mast()
    monkeypatch.setattr(gateways, "connected", lambda: made)
    return made


def test_an_sms_goes_to_a_confirmed_number_alone(mast: Mast) -> None:
    reader = make.person()
    make.number_of(reader)
    make.choose(reader, inbox=True, sms=True)
    make.told(reader)
    make.send()
    ((number, text, _key),) = mast.sent
    assert (number, text) == ("+992901234567", "Customs: question on 26TJ01ABC. Answer by 1 Dec 2026.")
    services.forget_number(reader)
    make.told(reader, occurrence="query:2")
    assert Delivery.objects.count() == 1


def test_a_gateway_that_is_away_is_asked_again(mast: Mast) -> None:
    reader = make.person()
    make.number_of(reader)
    make.choose(reader, inbox=True, sms=True)
    make.told(reader)
    mast.trouble = gateways.Away("no answer")
    make.send()
    assert make.states() == ["waiting"]
    mast.trouble = None
    make.time_passes()
    make.send()
    assert make.states() == ["sent"]
    assert Delivery.objects.get().reference == "ref"


def test_the_file_gateway_writes_a_line(settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path
    reference = gateways.FileGateway().send("+992901234567", "Салом", key="k")
    line = (tmp_path / "sms.jsonl").read_text()
    assert reference in line
    assert "Салом" in line


# What the database refuses ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE notifications_message SET params = '{}'",
        "DELETE FROM notifications_message",
        "DELETE FROM notifications_delivery",
        "UPDATE notifications_message SET read_at = NULL",
        "UPDATE notifications_delivery SET status = 'waiting', ended_at = NULL",
    ],
)
def test_what_was_told_and_sent_stays(server: MailServer, statement: str) -> None:
    make.told(make.person())
    make.send()
    services.read_all(make.person(), at=make.now())
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
