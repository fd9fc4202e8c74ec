"""The treasury's pages: the treasury acts, auditors read, nobody else has them; all leads down to the bank."""

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from accounts.models import Role
from clearance import services as clearance
from declarations.selectors import charges_of
from payments import services
from payments.models import Account, BooksCheck, Closing, Difference, Entry, LimitChange
from payments.selectors import all_accounts
from tests import make
from tests.clearance import make as files
from tests.conftest import client_of
from tests.payments.money_steps import DEFERRED, GUARANTEE, refuses
from tests.payments.test_closing import NIGHT, booked_without_a_charge, closed, compared
from tests.payments.test_suspense import item

pytestmark = pytest.mark.django_db
D = Decimal
PAGES = [
    "/treasury/", "/treasury/accounts/", "/treasury/limits/", "/treasury/suspense/", "/treasury/days/",
    "/treasury/revenue/", "/treasury/revenue/office/", "/treasury/entries/", "/treasury/books/",
    "/treasury/accounts.csv", "/treasury/accounts.xlsx", "/treasury/entries.csv", "/treasury/limits.csv",
    "/treasury/suspense.csv", "/treasury/days.xlsx", "/treasury/revenue/rows.csv",
]  # fmt: skip


def account(kind: str = DEFERRED) -> Account:
    return services.open_account(make.company(owner=make.trader()), kind, at=make.AT)


def address_of(name: str) -> str:
    """The address of a page about a row."""
    return {
        "account": lambda: reverse("treasury_account", args=[account().pk]),
        "account file": lambda: reverse("account_table", args=[account().pk, "csv"]),
        "entry": lambda: reverse("entry", args=[Entry.objects.latest("pk").pk]),
        "day": lambda: reverse("closing", args=[compared().day]),
        "day file": lambda: reverse("closing_table", args=[compared().day, "csv"]),
    }[name]()


@pytest.mark.parametrize("path", [*PAGES, "account", "account file", "entry", "day", "day file"])
def test_treasury_and_auditors_read_every_page_and_for_anybody_else_it_does_not_exist(path: str) -> None:
    make.paid()
    address = path if path.startswith("/") else address_of(path)
    for person, status in (
        (make.treasury(), 200),
        (make.officer(Role.AUDITOR, None), 200),
        (make.officer(Role.CASHIER, None), 404),
        (make.supervisor(), 404),
        (make.trader(), 404),
    ):
        assert client_of(person).get(address).status_code == status, person
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize("verb", ["limit", "confirm", "compare", "close", "explain"])
def test_only_the_treasury_acts(verb: str) -> None:
    make.paid()
    booked_without_a_charge()
    closing = compared()
    asked = services.ask_limit(account(GUARANTEE), limit=D(5), reason="x", by=make.second_treasury(), at=make.AT)
    difference = Difference.objects.filter(status=Difference.Status.OPEN).get()
    address, data = {
        "limit": (reverse("treasury_limit", args=[account().pk]), {"limit": "100", "reason": "agreed"}),
        "confirm": (reverse("treasury_limit_verb", args=[asked.pk, "confirm"]), {}),
        "compare": (reverse("ask_closing"), {"day": closing.day.isoformat()}),
        "close": (reverse("close_day", args=[closing.day]), {}),
        "explain": (reverse("difference_verb", args=[difference.pk, "explain"]), {"note": "A test."}),
    }[verb]
    for person, status in (
        (make.officer(Role.AUDITOR, None), 403),
        (make.officer(Role.CASHIER, None), 404),
        (make.trader(), 404),
        (make.treasury(), 422 if verb == "close" else 302),
    ):
        assert client_of(person).post(address, data).status_code == status, person


def test_a_limit_is_asked_for_by_one_and_confirmed_by_another() -> None:
    deferred = account()
    one, other = client_of(make.treasury()), client_of(make.second_treasury())
    page = reverse("treasury_account", args=[deferred.pk])
    assert one.post(f"{page}limit/", {"limit": "1,200.555", "reason": "x"}).status_code == 422
    one.post(f"{page}limit/", {"limit": "1 200,50", "reason": "Contract 7"})
    asked = LimitChange.objects.get()
    assert one.post(f"{page}limit/", {"limit": "9", "reason": "x"}).status_code == 409
    confirm = reverse("treasury_limit_verb", args=[asked.pk, "confirm"])
    assert one.post(confirm).status_code == 422
    deferred.refresh_from_db()
    assert deferred.limit == 0
    assert other.post(confirm).status_code == 302
    assert other.post(confirm).status_code == 409
    deferred.refresh_from_db()
    assert deferred.limit == D("1200.50")
    assert "Contract 7" in one.get("/treasury/limits/").content.decode()


def test_a_limit_that_is_refused_changes_nothing_and_another_one_may_be_asked_for() -> None:
    asked = services.ask_limit(account(), limit=D(9), reason="x", by=make.treasury(), at=make.AT)
    services.refuse_limit(asked, by=make.treasury(), at=make.AT)
    assert account().limit == 0
    with refuses(("P014", "")):
        services.confirm_limit(asked, by=make.second_treasury(), at=make.AT)
    for limit in (D(-1), D(0)):
        with refuses(("P013", "limit")):
            services.ask_limit(account(), limit=limit, reason="x", by=make.treasury(), at=make.AT)
    services.ask_limit(account(), limit=D(8), reason="x", by=make.treasury(), at=make.AT)


def test_the_database_refuses_a_limit_that_the_same_person_confirms_and_a_second_decision() -> None:
    asked = services.ask_limit(account(), limit=D(9), reason="x", by=make.treasury(), at=make.AT)
    row = LimitChange.objects.filter(pk=asked.pk)
    with pytest.raises(IntegrityError, match="limit_change_confirmed_by_another"), transaction.atomic():
        row.update(status="confirmed", decided_by=make.treasury(), decided_at=make.AT)
    services.confirm_limit(asked, by=make.second_treasury(), at=make.AT)
    for changes in ({"status": "refused"}, {"new": 7}, {"reason": "other"}):
        with pytest.raises(IntegrityError, match="decided once"), transaction.atomic():
            row.update(**changes)


def test_accounts_are_found_by_company_tin_kind_and_state() -> None:
    make.paid()
    limited = make.limit(account(GUARANTEE), D(50))
    prepaid = Account.objects.get(company=make.company(), kind=Account.Kind.PREPAID)
    assert set(all_accounts(search="somon")) == set(all_accounts(search=make.TIN)) == {prepaid, limited}
    assert list(all_accounts(only="limited")) == [limited]
    assert set(all_accounts(kind="bank")) == set(Account.objects.filter(kind="bank"))
    assert not all_accounts(only="overdrawn")
    services.ask_limit(limited, limit=D(60), reason="x", by=make.treasury(), at=make.AT)
    assert list(all_accounts(only="asked")) == [limited]
    table = client_of(make.treasury()).get("/treasury/accounts.csv?kind=bank")
    rows = list(csv.DictReader(io.StringIO(table.getvalue().decode())))
    assert [(row["kind"], D(row["balance"])) for row in rows] == [("bank", -make.FUNDS)]


def test_an_entry_leads_to_its_charges_with_formulas_and_to_the_bank_s_entry_and_file() -> None:
    paid = make.paid()
    auditor = client_of(make.officer(Role.AUDITOR, None))
    entry = Entry.objects.get(declaration=paid)
    page = auditor.get(reverse("entry", args=[entry.pk])).content.decode()
    charge = paid.charges.filter(payable=True).first()
    assert charge is not None
    assert str(charge.formula.splitlines()[0])[:20] in page
    assert paid.mrn in page
    assert reverse("declaration", args=[paid.public_id]) in page
    with override("ru"):
        words = charges_of(paid)[0].tax_name
    auditor.cookies["django_language"] = "ru"
    assert words != charge.tax_name
    assert words in auditor.get(reverse("entry", args=[entry.pk])).content.decode(), "in the reader's words"
    auditor.cookies["django_language"] = "en"
    row = item("75.00").bank_entry
    told = auditor.get(reverse("entry", args=[row.entry_id])).content.decode()
    assert row.file.name in told
    assert row.place in told
    found = auditor.get("/treasury/entries/", {"q": paid.mrn}).content.decode()
    assert reverse("entry", args=[entry.pk]) in found


def test_an_entry_that_pays_a_fee_leads_to_its_formula() -> None:
    case, officer = files.claimed(), files.yellow_officer()
    fee = clearance.charge_fee(case, code="SAMPLE", quantity=D(2), text="Samples of tea.", by=officer, at=make.AT)
    services.pay_from_account(case.declaration, by=make.trader(), at=make.AT, idempotency_key="fee")
    page = client_of(make.treasury()).get(reverse("entry", args=[Entry.objects.latest("pk").pk])).content.decode()
    assert "Samples of tea." in page
    assert fee.formula[:12] in page


def test_a_day_is_compared_explained_and_closed_on_its_page() -> None:
    make.paid()
    booked_without_a_charge()
    treasury = client_of(make.treasury())
    treasury.post("/treasury/days/compare/", {"day": make.ON.isoformat()})
    page = reverse("closing", args=[make.ON])
    assert treasury.get(page)["Refresh"]
    services.compare_day(Closing.objects.get().pk, at=NIGHT)
    odd = Difference.objects.get(status=Difference.Status.OPEN)
    assert "cannot be closed" in treasury.get(page).content.decode()
    assign = reverse("difference_verb", args=[odd.pk, "assign"])
    assert treasury.post(assign, {"note": "Ask."}).status_code == 422
    assert treasury.post(assign, {"note": "Ask.", "person": make.trader().pk}).status_code == 422
    treasury.post(assign, {"note": "Ask the bank.", "person": make.second_treasury().pk})
    assert treasury.post(f"{page}close/").status_code == 302
    shown = treasury.get(page).content.decode()
    assert Closing.objects.get().digest in shown
    assert "Ask the bank." in shown
    assert "Ask the bank." in treasury.get(f"{page}closing.csv").getvalue().decode()
    tomorrow = (NIGHT + timedelta(days=4000)).date().isoformat()
    assert treasury.post("/treasury/days/compare/", {"day": tomorrow}).status_code == 422


@pytest.mark.usefixtures("as_owner")
def test_the_check_of_the_books_finds_what_was_changed_behind_the_ledger() -> None:
    make.paid()
    closing = closed()
    auditor = client_of(make.officer(Role.AUDITOR, None))
    assert auditor.post("/treasury/books/check/").status_code == 302
    assert auditor.get("/treasury/books/")["Refresh"]
    services.check_books(BooksCheck.objects.get().pk, clock=lambda: NIGHT)
    assert "the books are right" in auditor.get("/treasury/books/").content.decode()
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE payments_entry DISABLE TRIGGER USER")
        cursor.execute("UPDATE payments_entry SET text = 'rewritten' WHERE id = (SELECT min(id) FROM payments_entry)")
        cursor.execute("ALTER TABLE payments_entry ENABLE TRIGGER USER")
    prepaid = Account.objects.filter(company=make.company(), kind=Account.Kind.PREPAID)
    prepaid.update(balance=D(3))
    check = services.check_books_now(clock=lambda: NIGHT)
    assert [(fault["kind"], fault["row"]) for fault in check.found] == [
        ("balance", prepaid.get().pk),
        ("day", closing.pk),
    ]
    assert "a closed day has changed" in auditor.get("/treasury/books/").content.decode()
