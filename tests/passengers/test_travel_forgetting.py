"""Personal content is deleted when its term ends; totals, books and hashes stay, and nothing else can be changed."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction

from lib.base45 import decode
from lib.travel_receipt import initials
from passengers import selectors, services
from passengers.models import (
    CashRow,
    Charge,
    Event,
    PassengerView,
    Photo,
    TravelDeclaration,
    Traveller,
    TravelReceipt,
    Vehicle,
    VehicleStay,
    Version,
)
from passengers.services import figures, forgetting, stays
from passengers.services.viewing import note_view
from payments.models import Entry, Posting
from tests import make
from tests.passengers import travelling as way
from tests.passengers.test_travel_leaving import bought, cash, crossed, entered
from tests.passengers.test_travel_stays import stay
from tests.passengers.test_travel_way import PNG
from travel_receipts.services import make_key

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("told")]
NAME = "Раҳмонов"


@pytest.fixture
def key(settings: Any, tmp_path: Any) -> None:
    """A key that signs receipts."""
    settings.TRAVEL_KEYS_DIR = tmp_path / "keys"
    make_key(signs_from=make.AT, at=make.AT)


def after(days: int) -> Any:
    return make.AT + timedelta(days=days)


def emptied(made: TravelDeclaration) -> bool:
    made.refresh_from_db()
    return made.forgotten_at is not None


def everything() -> str:
    """All text of the tables of travellers, as the database holds it."""
    texts = []
    with connection.cursor() as cursor:
        for model in (TravelDeclaration, Version, Traveller, CashRow, Vehicle, Event, VehicleStay, TravelReceipt, Photo,
                      PassengerView):  # fmt: skip
            cursor.execute(f"SELECT row_to_json(t)::text FROM {model._meta.db_table} t")
            texts += [row[0] for row in cursor.fetchall()]
    return "\n".join(texts)


@pytest.mark.parametrize(("days", "gone"), [(1095, False), (1097, True)])
def test_the_term_is_a_row_of_law(days: int, gone: bool) -> None:
    made = bought("1500")
    forgetting.forget(at=after(days))
    assert emptied(made) is gone


@pytest.mark.parametrize(("days", "gone"), [(1097, False), (1825, False), (1827, True)])
def test_declarations_of_cash_are_kept_longer(days: int, gone: bool) -> None:
    made = entered(cash("8000"))
    forgetting.forget(at=after(days))
    assert emptied(made) is gone


def test_persons_are_gone_and_totals_books_and_hashes_stay(key: None) -> None:
    made = bought("1500")
    services.receipt_of(made, at=make.AT)
    note_view(made, what=PassengerView.What.DECLARATION, by=make.officer(), at=make.AT)
    hashes = list(Version.objects.values_list("sha256", flat=True))
    figures.count_day(make.ON, at=make.AT)
    before = (Posting.objects.count(), Entry.objects.count(), Charge.objects.count(), made.payable)
    for secret in (NAME, "Фирӯз", "400123456", "1990-05-01", "Presents"):
        assert secret in everything()
    forgetting.forget(at=after(1900))
    left = everything()
    for secret in (NAME, "Фирӯз", "400123456", "1990-05-01", "Presents", initials(NAME, "Фирӯз") + '"'):
        assert secret not in left
    made.refresh_from_db()
    assert before == (Posting.objects.count(), Entry.objects.count(), Charge.objects.count(), made.payable)
    assert hashes == list(Version.objects.values_list("sha256", flat=True))
    assert Traveller.objects.get().birth_date == date(1990, 1, 1)
    assert selectors.by_code(made.code, date(1990, 5, 1)) is None
    assert forgetting.forget(at=after(1901))["declarations"] == 0
    assert figures.count_day(make.ON, at=after(1901)) == 1


def test_a_draft_that_nobody_sent_is_forgotten_as_well() -> None:
    made = way.with_clothes()
    forgetting.forget(at=after(1100))
    assert emptied(made)


def test_what_still_waits_is_kept_whatever_its_age() -> None:
    found = stay()
    forgetting.forget(at=after(1900))
    assert not emptied(found.declaration)
    stays.record_consequence(
        found, kind="warning", number="7", reason="Late " + NAME, by=make.officer(), at=after(1900), on=make.ON
        + timedelta(days=1900),
    )  # fmt: skip
    stays.let_out(found, post="TJ04", by=make.officer(), at=after(1900), on=make.ON + timedelta(days=1900))
    forgetting.forget(at=after(1901))
    assert emptied(found.declaration)
    assert NAME not in everything()
    found.refresh_from_db()
    assert (found.plate, found.vin, found.status) == ("", "", "left")


def test_each_run_is_bounded() -> None:
    for _number in range(3):
        crossed(way.sent(way.draft()))
    assert [forgetting.forget(at=after(1200), most=2)["declarations"] for _run in range(3)] == [2, 1, 0]


def test_photographs_go_first(django_capture_on_commit_callbacks: Any) -> None:
    made = way.with_clothes()
    photo = services.keep_photo(made, name="shawl.png", content=PNG, at=make.AT)
    name = photo.file.name
    with django_capture_on_commit_callbacks(execute=True):
        forgetting.forget(at=after(182))
    photo.refresh_from_db()
    assert (photo.name, photo.file.name, len(photo.sha256)) == ("", "", 64)
    assert not default_storage.exists(name)
    assert not emptied(made)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda: Traveller.objects.update(family_name="Another"), "only be emptied"),
        (lambda: Version.objects.update(payable=1), "append-only"),
        (lambda: Event.objects.all().delete(), "append-only"),
        (lambda: CashRow.objects.update(amount=1), "append-only"),
        (lambda: Event.objects.update(verb="other"), "append-only"),
        (lambda: TravelDeclaration.objects.update(payable=1), "it has ended"),
    ],
)
def test_even_while_forgetting_nothing_else_can_be_written(change: Any, message: str) -> None:
    entered(cash("8000"))
    forgetting._allow()
    with pytest.raises(IntegrityError, match=message), transaction.atomic():
        change()


@pytest.mark.parametrize(
    "change",
    [
        lambda: Traveller.objects.update(family_name=""),
        lambda: Version.objects.update(content={}),
        lambda: CashRow.objects.update(details={}),
        lambda: TravelDeclaration.objects.update(draft={}, carriage="", forgotten_at=make.AT),
    ],
)
def test_outside_of_forgetting_nothing_is_emptied(change: Any) -> None:
    entered(cash("8000"))
    with pytest.raises(IntegrityError), transaction.atomic():
        change()


def test_the_qr_code_carries_no_name(key: None) -> None:
    receipt = services.receipt_of(way.sent(way.draft()), at=make.AT)
    assert receipt is not None
    content = decode(receipt.text.removeprefix("TR1:"))
    for part in (NAME, "Фирӯз", "400123456", "1990"):
        assert part.encode() not in content
