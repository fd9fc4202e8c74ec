"""The statement of an account: its figures belong together, whatever was booked when, and every file says the same."""

import csv
import io
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from xml.etree import ElementTree

import openpyxl
import pypdf
import pytest
from django.test import Client
from django.urls import reverse

from payments import services
from payments.models import Account
from payments.statement import Statement, lines_of, statement_of
from payments.statement.camt053 import NAMESPACE
from payments.views import statements as views
from tests import make
from tests.payments.money_steps import move

pytestmark = pytest.mark.django_db
D = Decimal
DAY = date(2026, 11, 23)


def booked(*amounts: str, at: datetime = make.AT) -> Account:
    """The trader's prepaid account with these sums put on it, one each day from the first."""
    firm = make.company(owner=make.trader())
    for number, amount in enumerate(amounts):
        moment = at + timedelta(days=number)
        services.top_up(firm, amount=D(amount), by=None, at=moment, idempotency_key=f"s-{moment}-{amount}")
    found: Account = Account.objects.get(company=firm, kind=Account.Kind.PREPAID)
    return found


def of(account: Account, first: int, last: int) -> Statement:
    account.refresh_from_db()
    return statement_of(account, first=DAY + timedelta(days=first), last=DAY + timedelta(days=last))


def test_each_period_begins_where_the_one_before_it_ends_and_lines_lead_from_one_balance_to_the_other() -> None:
    account = booked("100", "20.50", "3")
    move("guarantee", "50")
    whole = of(account, 0, 2)
    assert (whole.opening, whole.credits, whole.debits, whole.closing) == (0, D("123.50"), 50, D("73.50"))
    periods = [of(account, day, day) for day in range(3)]
    assert [one.opening for one in periods[1:]] == [one.closing for one in periods[:-1]]
    assert periods[-1].closing == account.balance
    for one in [whole, *periods]:
        lines = list(lines_of(one))
        assert len(lines) == one.count
        assert [line.balance for line in lines][-1:] in ([], [one.closing])


def test_a_day_is_one_of_the_country_and_both_ends_belong_to_the_period() -> None:
    begin = datetime.fromisoformat("2026-11-23T00:00:00+05:00")
    booked("1", at=begin - timedelta(seconds=1))
    booked("2", at=begin)
    booked("4", at=begin + timedelta(hours=23, minutes=59, seconds=59))
    account = booked("8", at=begin + timedelta(hours=24))
    one = of(account, 0, 0)
    assert (one.opening, one.credits, one.closing) == (1, 6, 7)


def test_what_is_booked_while_a_file_is_written_is_not_in_it() -> None:
    account = booked("100")
    one = of(account, 0, 0)
    booked("5")
    assert [line.change for line in lines_of(one)] == [100]


def test_an_account_without_postings_has_a_statement() -> None:
    services.open_accounts(make.company(owner=make.trader()), at=make.AT)
    account = Account.objects.get(kind=Account.Kind.GUARANTEE)
    assert (of(account, 0, 9).closing, list(lines_of(of(account, 0, 9)))) == (0, [])


def taken(client: Client, account: Account, kind: str, first: str = "2026-11-23", last: str = "2026-11-30") -> bytes:
    answer = client.get(reverse("statement_file", args=[account.pk, kind]), {"first": first, "last": last})
    assert answer.status_code == 200
    assert answer["Content-Disposition"].endswith(f'.{kind}"')
    return b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]


def test_every_file_says_the_same(as_trader: Client) -> None:
    account = booked("100", "20.50")
    move("guarantee", "50")
    table = list(csv.DictReader(io.StringIO(taken(as_trader, account, "csv").decode("utf-8-sig"))))
    assert [row["amount"] for row in table] == ["", "100.00", "-50.00", "20.50", ""]
    assert [row["balance"] for row in table] == ["0.00", "100.00", "50.00", "70.50", "70.50"]
    sheet = openpyxl.load_workbook(io.BytesIO(taken(as_trader, account, "xlsx"))).active
    assert sheet is not None
    assert [list(row) for row in sheet.iter_rows(values_only=True, min_row=2)] == [
        [cell or None for cell in row.values()] for row in table
    ]
    text = pypdf.PdfReader(io.BytesIO(taken(as_trader, account, "pdf"))).pages[0].extract_text()
    assert all(figure in text for figure in ("100.00", "50.00", "70.50"))
    document = ElementTree.fromstring(taken(as_trader, account, "xml"))
    ns = {"c": NAMESPACE}
    signed = {"CRDT": 1, "DBIT": -1}
    sums = [
        D(entry.findtext("c:Amt", "", ns)) * signed[entry.findtext("c:CdtDbtInd", "", ns)]
        for entry in document.iterfind(".//c:Ntry", ns)
    ]
    balances = {
        one.findtext("c:Tp/c:CdOrPrtry/c:Cd", "", ns): D(one.findtext("c:Amt", "", ns))
        for one in document.iterfind(".//c:Bal", ns)
    }
    assert sums == [100, -50, D("20.50")]
    assert balances == {"OPBD": 0, "CLBD": D("70.50")}


@pytest.mark.parametrize(
    ("first", "last"), [("2026-11-24", "2026-11-23"), ("x", "2026-11-23"), ("1", ""), ("1999-01-01", "2026-01-01")]
)
def test_a_period_that_is_none_is_asked_for_again_with_what_was_typed(as_trader: Client, first: str, last: str) -> None:
    account = booked("1")
    answer = as_trader.get(reverse("statement_file", args=[account.pk, "pdf"]), {"first": first, "last": last})
    assert answer.status_code == 422
    assert f'value="{first}"' in answer.content.decode()


def test_a_period_with_too_many_lines_for_paper_is_offered_as_csv(
    as_trader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = booked("1", "2", "3")
    monkeypatch.setitem(views.KINDS, "pdf", replace(views.KINDS["pdf"], most=2))
    answer = as_trader.get(reverse("statement_file", args=[account.pk, "pdf"]), {"first": "2026-11-01"})
    assert answer.status_code == 422
    assert "has 3 lines, and such a file holds 2" in answer.content.decode()


def test_a_stranger_and_an_unknown_kind_of_file_find_nothing(as_trader: Client, as_stranger: Client) -> None:
    account = booked("1")
    assert as_stranger.get(reverse("statement_file", args=[account.pk, "csv"])).status_code == 404
    assert as_trader.get(reverse("statement_file", args=[account.pk, "exe"])).status_code == 404
