"""Exchange rates come from the central bank's file or by hand with a second person; what stands out is flagged."""

from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from lib.violations import Rejected
from tariff_changes.models import ExchangeRateList
from tariff_changes.services import exchange_rates as services
from tariff_changes.services.exchange_rates import RateRow, read_rates
from tariffs.models import ExchangeRate
from tariffs.selectors import exchange_rate, exchange_rate_history, exchange_rates_in_force
from tests import make
from tests.conftest import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def last() -> date:
    """The day on which the latest rates of the demonstration began."""
    return ExchangeRate.objects.latest("valid_from").valid_from


@pytest.fixture
def first_person(db: None) -> User:
    return make.officer(Role.TARIFF, None)


@pytest.fixture
def second_person(db: None) -> User:
    return make.officer(Role.APPROVING, None)


def valcurs(day: date, *, factor: str = "1.001", without: tuple[str, ...] = (), only: tuple[str, ...] = ()) -> bytes:
    """A file of every rate in force, each changed by `factor`, as the central bank writes it."""
    rates = [row for row in ExchangeRate.objects.on(day) if row.currency not in without]
    lines = "".join(
        f'<Valute ID="1"><CharCode>{row.currency}</CharCode><Nominal>{row.nominal}</Nominal>'
        f"<Name>x</Name><Value>{row.rate * Decimal(factor):.6f}</Value></Valute>"
        for row in rates
        if not only or row.currency in only
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><ValCurs Date="{day}" name="Bank">{lines}</ValCurs>'.encode()


def bring(content: bytes, by: User | None = None) -> ExchangeRateList:
    return services.bring_file(content, name="rates.xml", source="", by=by, at=make.AT)


# A file -------------------------------------------------------------------------------------------------------
def test_a_file_in_which_nothing_stands_out_is_in_force_at_once(last: date) -> None:
    day = last + timedelta(days=1)
    before = exchange_rate("USD", on=last)
    brought = bring(valcurs(day))
    after = exchange_rate("USD", on=day)
    assert brought.status == "published"
    assert before is not None
    assert after is not None
    assert after.rate == pytest.approx(before.rate * Decimal("1.001"), abs=Decimal("0.000001"))
    assert (after.since, after.source) == (day, "Bank")
    assert exchange_rate("USD", on=last) == before


@pytest.mark.parametrize(
    ("days", "options", "flag"),
    [
        (1, {"factor": "1.2"}, "T303"),
        (30, {}, "T304"),
        (1, {"without": ("USD",)}, "T305"),
    ],
    ids=["jump", "gap", "missing"],
)
def test_what_stands_out_waits_for_a_second_person(
    last: date, first_person: User, second_person: User, days: int, options: dict[str, object], flag: str
) -> None:
    day = last + timedelta(days=days)
    brought = bring(valcurs(day, **options), by=first_person)  # type: ignore[arg-type]
    flags = {code for entry in brought.entries.all() for code in entry.flags} | ({"T305"} if brought.missing else set())
    assert (brought.status, flag in flags) == ("waiting", True)
    assert not ExchangeRate.objects.filter(valid_from=day).exists()
    services.confirm(brought, by=second_person, at=make.AT)
    assert ExchangeRate.objects.filter(valid_from=day).count() == brought.entries.count()


def test_the_form_of_other_central_banks_is_read_too() -> None:
    text = (
        '<?xml version="1.0" encoding="windows-1251"?><ValCurs Date="26.11.2026" name="Банк">'
        "<Valute><NumCode>840</NumCode><CharCode>USD</CharCode><Nominal>10</Nominal><Value>92,3450</Value></Valute>"
        "</ValCurs>"
    )
    read = read_rates(text.encode("cp1251"))
    assert (read.valid_from, read.source) == (date(2026, 11, 26), "Банк")
    assert read.rows == (RateRow("USD", 10, Decimal("92.3450")),)


def test_csv_is_read() -> None:
    read = read_rates(b"currency,nominal,rate,valid_from\nUSD,1,9.5,2026-12-01\nUZS,1000,0.75,2026-12-01\n")
    assert [row.currency for row in read.rows] == ["USD", "UZS"]


ENTITY = b'<!DOCTYPE x [<!ENTITY a "b">]><ValCurs Date="2026-12-01"><Valute><CharCode>&a;</CharCode></Valute></ValCurs>'


@pytest.mark.parametrize(
    ("content", "code", "pointer"),
    [
        (b"", "T308", "rates:1:"),
        (b"<broken", "T308", "rates:1:"),
        (ENTITY, "T308", "rates:1:"),
        (b"<Other/>", "T308", "rates:1:"),
        (b'<ValCurs Date="2026-12-01"></ValCurs>', "T308", "rates:1:"),
        (b'<ValCurs Date="soon"><Valute/></ValCurs>', "T308", "rates:1:Date"),
        (b"currency,nominal,rate,valid_from\nUSD,1,nine,2026-12-01\n", "T307", "rates:2:rate"),
        (b"currency,nominal,rate,valid_from\nUSD,0,9,2026-12-01\n", "T307", "rates:2:nominal"),
        (b"currency,nominal,rate,valid_from\nUSD,1,-9,2026-12-01\n", "T307", "rates:2:rate"),
        (b"currency,nominal,rate,valid_from\nUSD,1,9,2026-12-01\nUSD,1,9,2026-12-01\n", "T306", "rates:3:currency"),
        (b"currency,nominal,rate,valid_from\nUSD,1,9,2026-12-01\nEUR,1,9,2026-12-02\n", "T308", "rates:1:valid_from"),
        (b"currency,nominal,rate\nUSD,1,9\n", "T308", "rates:1:"),
        ("currency,nominal,rate,valid_from\nдоллар,1,9,2026-12-01\n".encode("cp1251"), "T308", "rates:2:currency"),
        (b"x" * (1024 * 1024 + 1), "T308", "rates:1:"),
    ],
)
def test_a_bad_file_is_refused_with_its_place(content: bytes, code: str, pointer: str) -> None:
    with pytest.raises(Rejected) as refused:
        read_rates(content, name="rates")
    assert (refused.value.violations[0].code, refused.value.violations[0].pointer) == (code, pointer)


def test_a_rate_that_stands_or_an_unknown_currency_refuses_the_whole_file(last: date) -> None:
    count = ExchangeRate.objects.count()
    for content, code in ((valcurs(last), "T302"), (valcurs(last + timedelta(days=1)).replace(b"USD", b"QQQ"), "T301")):
        with pytest.raises(Rejected) as refused:
            bring(content)
        assert code in {fault.code for fault in refused.value.violations}
    assert (ExchangeRate.objects.count(), ExchangeRateList.objects.count()) == (count, 0)


def test_a_rate_between_two_that_stand_holds_until_the_later_one_begins(last: date) -> None:
    later = exchange_rate("USD", on=last)
    day = last - timedelta(days=1)
    brought = bring(valcurs(day))
    assert brought.status == "published"
    assert ExchangeRate.objects.get(currency="USD", valid_from=day).valid_to == day
    assert exchange_rate("USD", on=last) == later


def test_a_day_that_has_passed_gets_no_other_rate_where_later_ones_stand() -> None:
    day = make.ON - timedelta(days=3)
    assert not ExchangeRate.objects.filter(currency="USD", valid_from=day).exists()
    with pytest.raises(Rejected) as refused:
        bring(valcurs(day))
    assert refused.value.violations[0].code == "T302"


# By hand ------------------------------------------------------------------------------------------------------
def by_hand(last: date, by: User) -> ExchangeRateList:
    day = last + timedelta(days=1)
    return services.bring_by_hand([RateRow("USD", 1, Decimal("9.3"))], valid_from=day, source="NBT", by=by, at=make.AT)


def test_what_a_person_typed_needs_another_person(last: date, first_person: User, second_person: User) -> None:
    brought = by_hand(last, first_person)
    assert brought.status == "waiting"
    with pytest.raises(Rejected) as refused:
        services.confirm(brought, by=first_person, at=make.AT)
    assert refused.value.violations[0].code == "T311"
    services.confirm(brought, by=second_person, at=make.AT)
    found = exchange_rate("USD", on=last + timedelta(days=1))
    assert found is not None
    assert found.rate == Decimal("9.3")


def test_the_database_refuses_one_person_in_both_parts(last: date, first_person: User) -> None:
    brought = by_hand(last, first_person)
    with pytest.raises(IntegrityError), transaction.atomic():
        ExchangeRateList.objects.filter(pk=brought.pk).update(decided_by=first_person, status="published")
    with pytest.raises(IntegrityError), transaction.atomic():
        ExchangeRateList.objects.filter(pk=brought.pk).update(status="published")


def test_a_published_rate_is_not_changed_and_not_deleted() -> None:
    rate = ExchangeRate.objects.filter(currency="USD")
    with pytest.raises(IntegrityError), transaction.atomic():
        rate.update(rate=Decimal("1"))
    with pytest.raises(IntegrityError), transaction.atomic():
        rate.delete()


def test_two_lists_for_one_day_cannot_both_be_published(last: date, first_person: User, second_person: User) -> None:
    one, other = by_hand(last, first_person), by_hand(last, first_person)
    services.confirm(one, by=second_person, at=make.AT)
    with pytest.raises(Rejected) as refused:
        services.confirm(other, by=second_person, at=make.AT)
    assert refused.value.violations[0].code == "T302"
    with pytest.raises(Rejected):
        services.confirm(one, by=second_person, at=make.AT)


def test_a_list_that_is_put_aside_changes_no_rate_and_keeps_its_reason(
    last: date, first_person: User, second_person: User
) -> None:
    count = ExchangeRate.objects.count()
    brought = by_hand(last, first_person)
    with pytest.raises(Rejected):
        services.turn_down(brought, reason=" ", by=second_person, at=make.AT)
    put = services.turn_down(brought, reason="a slip of the pen", by=second_person, at=make.AT)
    assert (put.status, put.note, ExchangeRate.objects.count()) == ("refused", "a slip of the pen", count)


# What the public sees -----------------------------------------------------------------------------------------
def test_the_rate_of_any_day_is_public_and_an_old_one_is_marked(client: Client, last: date) -> None:
    fresh = client.get(reverse("exchange_rates"), {"on": last.isoformat()}).content.decode()
    stale = client.get(reverse("exchange_rates"), {"on": (last + timedelta(days=40)).isoformat()}).content.decode()
    assert "40 days old" in stale
    assert "days old" not in fresh
    assert all(not row.is_old for row in exchange_rates_in_force(on=last))


def test_history_counts_days_and_marks_those_that_stood_long(last: date) -> None:
    newest, before = exchange_rate_history("USD", on=last + timedelta(days=3))[:2]
    assert (newest.days, newest.is_long) == (4, False)
    assert newest.change is not None
    assert before.days == (newest.rate.valid_from - before.rate.valid_from).days
    assert exchange_rate_history("USD", on=last + timedelta(days=30))[0].is_long


# Doors --------------------------------------------------------------------------------------------------------
def test_two_officers_upload_look_and_confirm_in_the_browser(
    last: date, first_person: User, second_person: User
) -> None:
    file = SimpleUploadedFile("rates.xml", valcurs(last + timedelta(days=1), factor="1.5"))
    one, two = client_of(first_person), client_of(second_person)
    shown = one.post(reverse("upload_rates"), {"file": file}, follow=True).content.decode()
    assert "a jump of more than 10 %" in shown
    assert "Another person confirms it" in shown
    [brought] = ExchangeRateList.objects.all()
    assert one.post(reverse("confirm_rates", args=[brought.pk])).status_code == 422
    assert two.post(reverse("confirm_rates", args=[brought.pk])).status_code == 302
    assert two.get(reverse("rate_lists")).status_code == 200
    brought.refresh_from_db()
    assert brought.status == "published"


def test_typed_rates_keep_what_was_typed_when_something_is_wrong(first_person: User, last: date) -> None:
    client = client_of(first_person)
    fields = {
        "valid_from": (last + timedelta(days=1)).isoformat(),
        "source": "NBT",
        "form-TOTAL_FORMS": "2",
        "form-INITIAL_FORMS": "0",
        "form-0-currency": "usd",
        "form-0-nominal": "1",
        "form-0-rate": "9,35",
        "form-1-currency": "QQQ",
        "form-1-nominal": "1",
        "form-1-rate": "1.5",
    }
    answer = client.post(reverse("type_rates"), fields)
    assert answer.status_code == 422
    assert "QQQ is not in the list of currencies" in answer.content.decode()
    assert 'value="9,35"' in answer.content.decode()
    answer = client.post(reverse("type_rates"), {**fields, "form-1-currency": "", "form-1-rate": ""})
    assert answer.status_code == 302
    [brought] = ExchangeRateList.objects.all()
    assert [(entry.currency, entry.rate) for entry in brought.entries.all()] == [("USD", Decimal("9.35"))]


def test_lists_do_not_exist_for_others(as_trader: Client, client: Client, first_person: User, last: date) -> None:
    brought = by_hand(last, first_person)
    for address in (reverse("rate_lists"), reverse("rate_list", args=[brought.pk])):
        assert as_trader.get(address).status_code == 404
        assert client.get(address).status_code == 302
    auditor = client_of(make.officer(Role.AUDITOR, None))
    assert auditor.get(reverse("rate_list", args=[brought.pk])).status_code == 200
    assert auditor.post(reverse("confirm_rates", args=[brought.pk])).status_code == 404
    assert client_of(make.officer()).get(reverse("rate_lists")).status_code == 404


def test_the_command_says_whether_rates_are_in_force_or_wait(tmp_path: Path, last: date) -> None:
    file, said = tmp_path / "rates.xml", StringIO()
    file.write_bytes(valcurs(last + timedelta(days=1), factor="2"))
    call_command("load_exchange_rates", file, stdout=said)
    assert "wait for a person" in said.getvalue()
    assert "T303 USD +100.00 %" in said.getvalue()
    file.write_bytes(valcurs(last + timedelta(days=1)))
    call_command("load_exchange_rates", file, stdout=said)
    assert "in force from" in said.getvalue()
    with pytest.raises(CommandError, match="no rate has changed"):
        call_command("load_exchange_rates", file, stdout=said, stderr=StringIO())
