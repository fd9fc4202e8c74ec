"""Unmatched money: suggestions, one cashier or two, who comes second, and the desk's pages, files and tables."""

import io
import os
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from declarations.models import Declaration, Status
from lib.creditor_reference import in_groups
from lib.violations import Conflict, Rejected
from payments import selectors, services
from payments.models import BankFile, Payment, RefusedCallbacks, SuspenseItem
from payments.services.attempts import new_attempt
from tests import make
from tests.conftest import client_of
from tests.payments.money_steps import LATER, begin, refuses
from tests.payments.statement_files import Told, booked, books, camt, of_company, of_declaration, open_items

pytestmark = pytest.mark.django_db
D = Decimal


def cashier(name: str = "cashier") -> User:
    return make.officer(Role.CASHIER, None, email=f"{name}@customs.example")


def item(amount: str = "9.00", **told: Any) -> SuspenseItem:
    make.trader()
    booked(camt([Told(amount, "B1", **told)]))
    return open_items()[0]


def allot(
    found: SuspenseItem, *, by: User | None = None, declaration: Declaration | None = None, tin: str = make.TIN
) -> SuspenseItem:
    company = make.company(tin)
    return services.allot(
        found, company=company, declaration=declaration, reason="told so", by=by or cashier(), at=LATER
    )


# Suggestions --------------------------------------------------------------------------------------------------
def told_of(found: SuspenseItem) -> list[tuple[str, str, str]]:
    return [
        (each.why, each.company.tin, each.declaration.mrn if each.declaration else "")
        for each in selectors.suggestions_for(found)
    ]


def test_a_reference_with_one_wrong_digit_is_suggested() -> None:
    right = of_company()
    wrong = right[:-1] + str((int(right[-1]) + 1) % 10)
    assert ("near", make.TIN, "") in told_of(item(text=f"payment {in_groups(wrong)} tea"))


def test_a_declaration_with_this_sum_and_name_is_suggested_and_one_of_another_name_is_not() -> None:
    declaration = make.assessed()
    due = str(selectors.due(declaration))
    assert told_of(item(due, payer="ООО SOMON TRADE", text="tea")) == [("amount", make.TIN, declaration.mrn)]
    booked(camt([Told(due, "B2", payer="Nobody Ltd", payer_account="")], number="2"))
    assert told_of(open_items()[1]) == []


def test_who_was_paid_for_from_this_account_before_is_suggested() -> None:
    found = item(payer="Somebody")
    assert told_of(found) == []
    booked(camt([Told("5.00", "B2", reference=of_company())], number="2"))
    assert told_of(found) == [("payer", make.TIN, "")]


def test_of_several_references_in_the_text_each_is_suggested() -> None:
    make.stranger()
    found = item(text=f"{of_company()} {of_company(make.OTHER_TIN)}", payer_account="")
    assert {(why, tin) for why, tin, _mrn in told_of(found)} == {("reference", make.TIN), ("reference", make.OTHER_TIN)}


# One cashier or two -------------------------------------------------------------------------------------------
def test_a_small_sum_is_allotted_by_one_cashier_and_pays_what_it_came_for() -> None:
    declaration = make.assessed()
    done = allot(item(str(selectors.due(declaration)), payer=""), declaration=declaration)
    declaration.refresh_from_db()
    assert (done.status, declaration.status) == ("allotted", Status.PAID)
    assert Payment.objects.get(declaration=declaration).means == Payment.Means.TRANSFER
    assert books()["suspense"] == 0


def test_above_the_set_sum_another_cashier_agrees(settings: Any) -> None:
    settings.ALLOT_ALONE_UP_TO = D("8.99")
    found = item()
    company = make.company()
    assert allot(found).status == SuspenseItem.Status.PROPOSED
    assert books()["suspense"] == D(9)
    with refuses(("B021", "")):
        services.confirm_allotment(found, company=company, by=cashier(), at=LATER)
    services.confirm_allotment(found, company=company, by=cashier("second"), at=LATER)
    assert books() == {"bank": D(9), "prepaid": D(9), "suspense": D(0)}


def test_a_proposal_that_is_dropped_leaves_the_money_open(settings: Any) -> None:
    settings.ALLOT_ALONE_UP_TO = D(1)
    found = item()
    allot(found)
    assert services.drop_proposal(found).status == SuspenseItem.Status.OPEN
    with pytest.raises(Conflict, match="B020"):
        services.confirm_allotment(found, company=make.company(), by=cashier("second"), at=LATER)


def test_of_two_cashiers_the_first_wins_and_the_second_is_told_by_name() -> None:
    make.stranger()
    found = item()
    allot(found, by=cashier("first"))
    with pytest.raises(Conflict, match=r"B020.*Officer cashier was first.*Somon Trade"):
        allot(found, by=cashier("second"), tin=make.OTHER_TIN)
    assert selectors.balance(make.company()) == D(9)


def test_what_the_bank_takes_back_meanwhile_is_no_longer_allotted() -> None:
    found = item()
    booked(camt([Told("-9.00", "B1", reversal=True)], number="2"))
    with pytest.raises(Conflict, match="B020"):
        allot(found)


def test_money_that_went_out_and_anothers_declaration_are_refused() -> None:
    declaration = make.assessed()
    make.stranger()
    found = item()
    with refuses(("B022", "declaration")):
        allot(found, tin=make.OTHER_TIN, declaration=declaration)
    booked(camt([Told("-5.00", "F1", text="fee")], number="2"))
    with refuses(("B023", "")):
        allot(open_items()[1])


# The desk -----------------------------------------------------------------------------------------------------
READERS: dict[str, Callable[[], User]] = {
    "cashier": cashier,
    "treasury": lambda: make.officer(Role.TREASURY, None),
    "auditor": lambda: make.officer(Role.AUDITOR, None),
}
STRANGERS: dict[str, Callable[[], User]] = {
    "trader": make.trader,
    "documentary": make.officer,
    "supervisor": lambda: make.supervisor(None),
    "analyst": lambda: make.officer(Role.ANALYST, None),
    "tariff": lambda: make.officer(Role.TARIFF, None),
    "admin": lambda: make.officer(Role.ADMIN, None),
}


TABLES = ("suspense", "files", "today", "attempts", "call-backs")


def test_doors_of_the_desk_agree() -> None:
    found = item()
    key, file = found.public_id, found.bank_entry.file.public_id
    reading = [
        reverse("cashier"), reverse("bank_files"), reverse("bank_file", args=[file]),
        reverse("bank_file_content", args=[file]), reverse("suspense_item", args=[key]),
        *(reverse("desk_table", args=[name, kind]) for name in TABLES for kind in ("csv", "xlsx")),
        *(reverse("bank_file_table", args=[file, kind]) for kind in ("csv", "xlsx")),
    ]  # fmt: skip
    acting = [
        reverse("bank_files"),
        *(reverse("suspense_verb", args=[key, verb]) for verb in ("allot", "confirm", "drop")),
    ]
    for who, person in {**READERS, **STRANGERS}.items():
        client = client_of(person())
        for address in reading:
            assert client.get(address).status_code == (200 if who in READERS else 404), (who, address)
        for address in acting:
            wanted = {"cashier": {409, 422}, "treasury": {403}, "auditor": {403}}.get(who, {404})
            assert client.post(address).status_code in wanted, (who, address)
        navigation = client.get(reverse("tariff")).content.decode()
        assert (f'href="{reverse("cashier")}"' in navigation) == (who in READERS), who
    found.refresh_from_db()
    assert found.status == SuspenseItem.Status.OPEN


def test_a_cashier_sends_a_file_sees_its_state_and_allots_what_is_unmatched() -> None:
    make.trader()
    client = client_of(cashier())
    content = camt([Told("9.00", "B1", payer="=1+1", text="tea")])
    answer = client.post(reverse("bank_files"), {"file": SimpleUploadedFile("s.xml", content)}, follow=True)
    assert "waits to be read" in answer.content.decode()
    kept = BankFile.objects.get()
    services.book_file(kept.pk, at=make.AT)
    again = client.post(reverse("bank_files"), {"file": SimpleUploadedFile("t.xml", content)}, follow=True)
    assert "This file came before" in again.content.decode()
    [found] = open_items()
    assert "=1+1" in client.get(reverse("cashier")).content.decode()
    table = b"".join(client.get(reverse("desk_table", args=["suspense", "csv"])).streaming_content)  # type: ignore[attr-defined]
    assert b"'=1+1" in table
    make.stranger()
    other, now = make.company(make.OTHER_TIN), timezone.now()
    services.top_up(other, amount=D(3), by=None, at=now, idempotency_key="today")
    begun = now - timedelta(hours=1)
    attempt = new_attempt(company=other, amount=D(5), by=make.trader(), at=begun, key="begun")
    for name, told in (
        ("today", f"3.00,{make.OTHER_TIN}"),
        ("attempts", str(attempt.public_id)),
        ("call-backs", "why"),
    ):
        assert told in client.get(reverse("desk_table", args=[name, "csv"])).getvalue().decode(), name
    form = {"tin": make.TIN, "mrn": "", "reason": "asked the payer"}
    unknown = client.post(reverse("suspense_verb", args=[found.public_id, "allot"]), {**form, "tin": "999999999"})
    assert unknown.status_code == 422
    client.post(reverse("suspense_verb", args=[found.public_id, "allot"]), form)
    assert selectors.balance(make.company()) == D(9)
    late = client.post(reverse("suspense_verb", args=[found.public_id, "allot"]), form)
    assert late.status_code == 409
    assert "was first" in late.content.decode()


def test_the_desk_says_what_is_wrong_with_a_file_and_gives_it_back_as_it_came() -> None:
    content = camt([Told("9.00", "B1")], closing="1.00")
    kept = booked(content)
    client = client_of(cashier())
    page = client.get(reverse("bank_file", args=[kept.public_id])).content.decode()
    assert "B007" in page
    assert "statements[0].closing" in page
    answer = client.get(reverse("bank_file_content", args=[kept.public_id]))
    assert b"".join(answer.streaming_content) == content  # type: ignore[attr-defined]


def test_the_desk_counts_refused_call_backs_and_shows_payments_without_an_end(told: list[dict[str, Any]]) -> None:
    for _time in range(3):
        assert services.receive_callback(body=b"{}", headers={}, at=make.AT) == "refused"
    assert RefusedCallbacks.objects.get().count == 3
    begin(amount="77")
    assert [each.amount for each in selectors.attempts_without_end(at=LATER)] == [D(77)]


def test_the_trader_reads_the_reference_on_the_pay_page_the_account_and_hears_of_money_that_is_too_little() -> None:
    declaration = make.assessed()
    booked(camt([Told("1.00", "B1", reference=of_declaration(declaration.mrn))]))
    client = client_of(make.trader())
    page = client.get(reverse("pay", args=[declaration.public_id])).content.decode()
    assert in_groups(of_declaration(declaration.mrn)) in page
    assert "came under this reference" in page
    account = selectors.account_of(make.company(), "prepaid")
    assert account is not None
    assert in_groups(of_company()) in client.get(reverse("account", args=[account.pk])).content.decode()


def test_files_are_taken_from_a_folder_once(tmp_path: Path) -> None:
    for name, content in (("a.xml", camt([Told("9.00", "B1")])), ("empty.xml", b""), (".hidden", b"x")):
        (tmp_path / name).write_bytes(content)
        os.utime(tmp_path / name, (1, 1))
    (tmp_path / "new.xml").write_bytes(b"half")
    out, err = io.StringIO(), io.StringIO()
    call_command("take_statements", str(tmp_path), stdout=out, stderr=err)
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()) == [
        ".hidden", "new.xml", "refused/empty.xml", "taken/a.xml",
    ]  # fmt: skip
    assert BankFile.objects.get().source == BankFile.Source.FOLDER
    assert "F001" in err.getvalue()


def test_an_allotment_is_refused_to_a_company_that_does_not_exist() -> None:
    with pytest.raises(Rejected):
        services.confirm_allotment(item(), company=make.company(), by=cashier(), at=LATER)
