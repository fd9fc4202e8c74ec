"""Keys: one signs at a time, the next is public before it signs, old ones verify on, a withdrawn one does not."""

import stat
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from lib import travel_receipt
from lib.travel_receipt import Outcome
from tests.travel_receipts.make import AT, receipt
from travel_receipts import selectors, services
from travel_receipts.models import SigningKey, Why, WithdrawnReceipt

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def issue(at: datetime) -> str:
    return services.issue(receipt(issued_at=at, valid_until=at + 30 * DAY), at=at)


def outcome(text: str, *, at: datetime) -> Outcome:
    return selectors.checked(text, at=at).outcome


def test_the_private_half_is_a_file_for_the_portals_own_user_alone(keys_folder: Path) -> None:
    key = services.make_key(signs_from=AT, at=AT)
    (file,) = keys_folder.iterdir()
    assert file.name == f"{key.key_id}.pem"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(keys_folder.stat().st_mode) == 0o700
    assert "PRIVATE" in file.read_text()


def test_a_new_key_signs_from_its_day_on_and_the_old_one_verifies_for_ever() -> None:
    old = services.make_key(signs_from=AT, at=AT)
    new = services.make_key(signs_from=AT + 7 * DAY, at=AT + DAY)
    old.refresh_from_db()
    assert old.signs_until == new.signs_from
    before, after = issue(AT + 6 * DAY), issue(AT + 7 * DAY)
    assert travel_receipt.base45.decode(before[4:])[:4].hex() == old.key_id
    assert travel_receipt.base45.decode(after[4:])[:4].hex() == new.key_id
    assert {outcome(text, at=AT + 20 * DAY) for text in (before, after)} == {Outcome.GENUINE}


def test_an_old_key_in_strange_hands_signs_nothing_of_today(keys_folder: Path) -> None:
    old = services.make_key(signs_from=AT, at=AT)
    private = selectors.private_half(old)
    services.make_key(signs_from=AT + DAY, at=AT + DAY)
    late = receipt(issued_at=AT + 2 * DAY)
    assert private is not None
    assert outcome(travel_receipt.signed_text(late, by=private), at=AT + 2 * DAY) == Outcome.OUT_OF_TERM


def test_what_a_withdrawn_key_signed_counts_no_more_and_its_file_is_gone(
    keys_folder: Path, django_capture_on_commit_callbacks: object
) -> None:
    key = services.make_key(signs_from=AT, at=AT)
    text = issue(AT)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        services.withdraw_key(key.key_id, at=AT + DAY)
    assert outcome(text, at=AT + DAY) == Outcome.KEY_WITHDRAWN
    assert list(keys_folder.iterdir()) == []
    with pytest.raises(selectors.NoSigningKey):
        issue(AT + DAY)
    services.make_key(signs_from=AT + DAY, at=AT + DAY)
    assert outcome(issue(AT + DAY), at=AT + DAY) == Outcome.GENUINE


def test_a_key_whose_file_is_missing_or_another_one_signs_nothing(keys_folder: Path) -> None:
    first = services.make_key(signs_from=AT, at=AT)
    second = services.make_key(signs_from=AT, at=AT)
    selectors.key_file(first.key_id).replace(selectors.key_file(second.key_id))
    with pytest.raises(selectors.NoSigningKey, match="another key"):
        issue(AT)
    selectors.key_file(second.key_id).unlink()
    with pytest.raises(selectors.NoSigningKey, match="is not here"):
        issue(AT)


def test_the_command_makes_rotates_withdraws_and_shows() -> None:
    call_command("travel_keys", "make", stdout=(first := StringIO()))
    call_command("travel_keys", "make", stdout=StringIO())
    keys = list(SigningKey.objects.all())
    assert first.getvalue().startswith(keys[0].key_id)
    assert keys[1].signs_from - keys[0].signs_from >= timedelta(days=7) - timedelta(minutes=1)
    call_command("travel_keys", "withdraw", keys[1].key_id, stdout=StringIO())
    call_command("travel_keys", "show", stdout=(shown := StringIO()))
    assert "withdrawn" in shown.getvalue().splitlines()[1]
    with pytest.raises(CommandError):
        call_command("travel_keys", "withdraw", "00000000")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE travel_receipts_signingkey SET public = repeat('0', 64)",
        "UPDATE travel_receipts_signingkey SET signs_from = signs_from - interval '1 day'",
        "UPDATE travel_receipts_signingkey SET withdrawn_at = NULL",
        "UPDATE travel_receipts_signingkey SET signs_until = NULL, withdrawn_at = withdrawn_at",
        "DELETE FROM travel_receipts_signingkey",
        "DELETE FROM travel_receipts_withdrawnreceipt",
        "UPDATE travel_receipts_withdrawnreceipt SET why = 'used'",
    ],
)
def test_the_database_keeps_keys_and_withdrawn_receipts_as_they_are(as_owner: None, change: str) -> None:
    services.withdraw_key(services.make_key(signs_from=AT, at=AT).key_id, at=AT)
    services.make_key(signs_from=AT, at=AT)
    services.withdraw(issue(AT), why=Why.REVOKED, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_the_database_refuses_two_keys_without_end() -> None:
    services.make_key(signs_from=AT, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        SigningKey.objects.create(key_id="0" * 8, public="0" * 64, signs_from=AT, made_at=AT)


def test_a_receipt_is_withdrawn_once_and_only_if_it_is_ours() -> None:
    services.make_key(signs_from=AT, at=AT)
    text = issue(AT)
    for _ in range(2):
        services.withdraw(text, why=Why.USED, at=AT + DAY)
    assert WithdrawnReceipt.objects.count() == 1
    assert outcome(text, at=AT + DAY) == Outcome.USED
    services.withdraw(text, why=Why.REVOKED, at=AT + DAY)
    assert outcome(text, at=AT + DAY) == Outcome.REVOKED
    with pytest.raises(services.NotOurs):
        services.withdraw("TR1:" + "0" * 120, why=Why.USED, at=AT)
