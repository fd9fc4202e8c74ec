"""What the bank's statements tell of is booked once: to its owner, to suspense, or back; in whatever order it comes."""

import io
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from declarations.models import Declaration, Status
from lib.violations import Rejected
from payments import selectors, services
from payments.models import Account, BankEntry, BankFile, Entry, Payment, SuspenseItem
from payments.services import bank_files
from tests import make
from tests.payments.money_steps import begin, confirm
from tests.payments.statement_files import (
    Told,
    booked,
    books,
    camt,
    mt940,
    of_company,
    of_declaration,
    open_items,
    received,
)

pytestmark = pytest.mark.django_db
D = Decimal
Made = Sequence[Any]


@pytest.fixture(autouse=True)
def _a_company() -> None:
    make.trader()


def balance() -> Decimal:
    return selectors.balance(make.company())


def test_money_with_a_companys_reference_tops_up_its_account_and_other_money_waits_in_suspense() -> None:
    kept = booked(camt([Told("250.50", "B1", reference=of_company()), Told("9.00", "B2", text="for something")]))
    assert (kept.status, kept.form, kept.total, kept.done, kept.new) == ("booked", "camt.053.001.08", 2, 2, 2)
    assert balance() == D("250.50")
    assert books() == {"bank": D("259.50"), "prepaid": D("250.50"), "suspense": D("9.00")}
    [item] = open_items()
    assert item.bank_entry.text == "for something"
    [statement] = kept.statements.all()
    assert (statement.opening, statement.closing, statement.entries) == (D(1000), D("1259.50"), 2)


@pytest.mark.parametrize("again", [
    camt([Told("250.50", "B1", reference=of_company())], number="2"),
    camt([Told("250.50", "B1", reference=of_company())], form="054", version=2),
    camt([Told("250.50", "B1", reference=of_company())], version=4),
    mt940([Told("250.50", "B1", reference=of_company())]),
])  # fmt: skip
def test_an_entry_is_booked_once_whichever_file_tells_of_it(again: bytes) -> None:
    first = camt([Told("250.50", "B1", reference=of_company())])
    for contents in ([first, again], [again, first]):
        for content in contents:
            booked(content)
        assert balance() == D("250.50")
        assert BankEntry.objects.count() == 1


def test_the_same_file_is_kept_and_booked_once(announced: list[tuple[str, int]]) -> None:
    content = camt([Told("250.50", "B1", reference=of_company())])
    kept = booked(content)
    again, new = services.receive_file(
        name="again.xml", content=io.BytesIO(content), source="folder", by=None, at=make.AT
    )
    assert (again.pk, new) == (kept.pk, False)
    services.book_file(kept.pk, at=make.AT)
    assert balance() == D("250.50")
    assert kept.file.open("rb").read() == content


def test_alike_entries_without_the_banks_reference_are_each_booked_and_a_notification_of_them_waits() -> None:
    twice = [Told("5.00", reference=of_company())] * 2
    booked(camt(twice, form="054"))
    assert balance() == 0
    booked(camt(twice))
    booked(camt(twice, number="2"))
    assert balance() == D(10)


def test_a_batch_goes_to_each_of_its_owners_and_comes_again_without_its_details() -> None:
    make.stranger()
    parts = (("10.00", of_company()), ("20.00", of_company(make.OTHER_TIN)), ("5.00", "unknown"))
    booked(camt([Told("35.00", "B1", details=parts)], form="054"))
    booked(camt([Told("35.00", "B1")]))
    assert balance() == D(10)
    assert selectors.balance(make.company(make.OTHER_TIN)) == D(20)
    assert books() == {"bank": D(35), "prepaid": D(30), "suspense": D(5)}


def test_a_text_with_references_of_two_companies_is_nobodys_until_a_person_has_read_it() -> None:
    make.stranger()
    booked(camt([Told("5.00", "B1", text=f"{of_company()} {of_company(make.OTHER_TIN)}")]))
    assert books() == {"bank": D(5), "prepaid": D(0), "suspense": D(5)}


# Declarations -------------------------------------------------------------------------------------------------
def due_of(declaration: Declaration) -> Decimal:
    return selectors.due(declaration)


def test_a_transfer_that_covers_what_is_due_pays_the_declaration() -> None:
    declaration = make.assessed()
    due = due_of(declaration)
    booked(camt([Told(str(due + 1), "B1", reference=of_declaration(declaration.mrn))]))
    declaration.refresh_from_db()
    assert declaration.status == Status.PAID
    payment = Payment.objects.get(declaration=declaration)
    assert (payment.amount, payment.means) == (due, Payment.Means.TRANSFER)
    assert balance() == 1


def test_a_transfer_that_does_not_cover_it_stays_and_the_rest_pays_together_with_it() -> None:
    declaration = make.assessed()
    due, reference = due_of(declaration), of_declaration(declaration.mrn)
    booked(camt([Told("1.00", "B1", text=f"за {declaration.mrn}")]))
    declaration.refresh_from_db()
    assert (declaration.status, balance()) == (Status.ASSESSED, D(1))
    assert [each.amount for each in selectors.transfers_waiting(declaration.mrn)] == [D(1)]
    booked(camt([Told(str(due - 1), "B2", reference=reference)], number="2"))
    declaration.refresh_from_db()
    assert (declaration.status, balance()) == (Status.PAID, D(0))


def test_money_for_a_declaration_that_is_paid_stays_on_the_account() -> None:
    declaration = make.paid()
    before = balance()
    booked(camt([Told("7.00", "B1", reference=of_declaration(declaration.mrn))]))
    assert balance() == before + 7


# What the bank takes back -------------------------------------------------------------------------------------
TAKEN = Told("-250.50", "B1", reversal=True)
CAME = Told("250.50", "B1", reference=of_company())


@pytest.mark.parametrize("order", [[CAME, TAKEN], [TAKEN, CAME]])
@pytest.mark.parametrize("apart", [True, False])
def test_what_is_taken_back_is_gone_whichever_is_told_first(order: list[Told], apart: bool) -> None:
    for number, portion in enumerate([[order[0]], [order[1]]] if apart else [order]):
        booked(camt(portion, number=str(number)))
    assert books() == {"bank": D(0), "prepaid": D(0), "suspense": D(0)}
    assert open_items() == []


def test_what_was_spent_before_it_is_taken_back_is_a_debt_that_a_cashier_takes_from_its_owner() -> None:
    booked(camt([CAME]))
    services.move(
        make.company(), source="prepaid", target="guarantee", amount=D("250.50"), by=make.trader(), at=make.AT,
        idempotency_key="m",
    )  # fmt: skip
    booked(camt([TAKEN], number="2"))
    assert books() == {"bank": D(0), "prepaid": D(0), "suspense": D("-250.50")}
    [item] = open_items()
    assert item.company == make.company()
    cashier = make.officer("cashier", None)
    with pytest.raises(Rejected, match="P004"):
        services.allot(item, company=make.company(), declaration=None, reason="", by=cashier, at=make.AT)
    booked(camt([Told("300.00", "B3", reference=of_company())], number="3"))
    services.allot(item, company=make.company(), declaration=None, reason="", by=cashier, at=make.AT)
    assert books() == {"bank": D(300), "prepaid": D("49.50"), "suspense": D(0)}


def test_what_was_never_known_and_is_taken_back_leaves_nothing_to_do() -> None:
    booked(camt([Told("9.00", "B9"), Told("-9.00", "B9", reversal=True)]))
    assert books() == {"bank": D(0), "prepaid": D(0), "suspense": D(0)}
    assert open_items() == []


def test_a_return_found_by_the_payers_reference_alone_must_fit_one_movement() -> None:
    booked(camt([Told("9.00", "B1", reference=of_company(), end_to_end="1"), Told("9.00", "B2", end_to_end="1")]))
    booked(camt([Told("-9.00", "B3", end_to_end="1", reversal=True)], number="2"))
    assert books() == {"bank": D(9), "prepaid": D(9), "suspense": D(0)}
    assert len(open_items()) == 2


def test_what_the_banks_page_has_told_of_is_not_booked_again_by_the_statement(told: list[dict[str, Any]]) -> None:
    entry = confirm(begin(amount="10"), "10", transaction="TX77")
    booked(camt([Told("10.00", "TX77", payer="card"), Told("10.00", "TX78")]))
    assert BankEntry.objects.get(bank_reference="TX77").entry == entry
    assert books() == {"bank": D(20), "prepaid": D(10), "suspense": D(10)}


@pytest.mark.parametrize("reference", ["", of_company()])
def test_a_call_back_that_comes_after_the_statement_finds_the_money_that_is_booked(
    reference: str, told: list[dict[str, Any]]
) -> None:
    attempt = begin(amount="10")
    booked(camt([Told("10.00", "TX77", reference=reference)]))
    for _time in range(2):
        confirm(attempt, "10", transaction="TX77")
    attempt.refresh_from_db()
    assert attempt.status == "succeeded"
    assert books() == {"bank": D(10), "prepaid": D(10), "suspense": D(0)}
    assert open_items() == []


# Faults -------------------------------------------------------------------------------------------------------
def test_a_file_with_a_fault_is_kept_and_nothing_of_it_is_booked() -> None:
    content = camt([CAME, Told("1.00", "B2")], closing="9999.00")
    kept = booked(content)
    assert kept.status == BankFile.Status.REFUSED
    assert kept.fault == {
        "code": "B007", "pointer": "statements[0].closing", "values": {"found": "9999.00", "wanted": "1251.50"},
    }  # fmt: skip
    assert kept.file.open("rb").read() == content
    assert not BankEntry.objects.exists()
    assert not Entry.objects.exists()


def test_an_empty_and_a_too_large_file_are_refused_at_the_door(settings: Any) -> None:
    with pytest.raises(Rejected, match="F001"):
        received(b"")
    settings.STATEMENT_LIMIT_BYTES = 1024 * 1024
    with pytest.raises(Rejected, match="B010"):
        received(b" " * (1024 * 1024 + 1))


def test_a_worker_that_dies_in_the_middle_leaves_whole_portions_and_the_next_one_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    declaration = make.assessed()
    entries = [Told("1.00", f"B{number}", reference=of_company()) for number in range(7)]
    entries.append(Told(str(due_of(declaration)), "B9", reference=of_declaration(declaration.mrn)))
    kept = received(camt(entries))
    monkeypatch.setattr(bank_files, "AT_ONCE", 3)
    real, calls = bank_files.book_movements, []

    def dies(*args: Any, **more: Any) -> None:
        calls.append(1)
        real(*args, **more)
        if len(calls) == 2:
            raise RuntimeError("killed")

    monkeypatch.setattr(bank_files, "book_movements", dies)
    with pytest.raises(RuntimeError):
        services.book_file(kept.pk, at=make.AT)
    kept.refresh_from_db()
    assert (kept.status, kept.done, balance()) == ("booking", 3, D(3))
    services.book_file(kept.pk, at=make.AT)
    kept.refresh_from_db()
    declaration.refresh_from_db()
    assert (kept.status, kept.done, kept.new, balance()) == ("booked", 8, 8, D(7))
    assert declaration.status == Status.PAID


def _write_again(row: BankEntry) -> None:
    row.pk, row.entry = None, Entry.objects.create(idempotency_key="x", kind="move", text="", at=make.AT)
    row.save(force_insert=True)


@pytest.mark.usefixtures("as_owner")
def test_the_database_keeps_what_came_as_it_came() -> None:
    kept = booked(camt([Told("9.00", "B1")]))
    for change in (
        lambda: BankEntry.objects.update(amount=1),
        lambda: BankFile.objects.filter(pk=kept.pk).update(name="x"),
        lambda: SuspenseItem.objects.update(amount=1),
        lambda: SuspenseItem.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    with pytest.raises(IntegrityError, match="bank_entry_once"), transaction.atomic():
        _write_again(BankEntry.objects.get())


# In any order -------------------------------------------------------------------------------------------------
@st.composite
def histories(draw: st.DrawFn) -> list[list[Told]]:
    """Statements in any order: money of known and unknown owners, some of it taken back, and entries told again."""
    told: list[Told] = []
    for number in range(draw(st.integers(1, 6))):
        cents = draw(st.integers(1, 50_000))
        amount = f"{D(cents) / 100:.2f}"
        reference = draw(st.sampled_from([of_company(), of_company(make.OTHER_TIN), "", "RF99C010000001"]))
        came = Told(
            amount, f"B{number}", reference=reference, end_to_end=draw(st.sampled_from(["", f"E{number}", "E"]))
        )
        told.append(came)
        if draw(st.booleans()):
            told.append(Told(f"-{amount}", f"B{number}", reversal=True, reference=reference))
        if draw(st.integers(0, 3)) == 0:
            told.append(Told(f"-{amount}", f"F{number}", text="fee"))
    told = draw(st.permutations(told))
    files = []
    while told:
        size = draw(st.integers(1, len(told)))
        files.append(list(told[:size]))
        told = told[size:]
    again = draw(st.lists(st.sampled_from(files), max_size=2))
    return draw(st.permutations([*files, *again]))


class InAnyOrder(TestCase):
    @given(files=histories(), spends=st.booleans())
    @settings(max_examples=8, deadline=None)
    def test_the_books_are_even_and_nothing_is_booked_twice(self, files: list[list[Told]], spends: bool) -> None:
        make.trader()
        make.stranger()
        told = {(each.amount, each.bank_reference): each for file in files for each in file}
        for number, file in enumerate(files):
            written = camt if number % 3 else mt940
            content = written(file) if written is mt940 else camt(file, number=str(number), version=2 + number % 7)
            assert booked(content).status in ("booked",)
            if spends and (held := selectors.balance(make.company())) > 0:
                services.move(
                    make.company(), source="prepaid", target="guarantee", amount=held, by=make.trader(), at=make.AT,
                    idempotency_key=uuid.uuid4().hex,
                )  # fmt: skip
        connection.check_constraints()
        now = books()
        guarantee = sum((each.balance for each in Account.objects.filter(kind="guarantee")), D(0))
        assert (
            now["bank"] == sum(D(each.amount) for each in told.values()) == now["prepaid"] + guarantee + now["suspense"]
        )
        assert BankEntry.objects.count() == len(told)
        assert now["suspense"] == sum((each.amount for each in open_items()), D(0))
        if not spends:  # what came with a right reference and was not taken back is its owner's
            taken = {each.bank_reference for each in told.values() if each.reversal}
            for tin in (make.TIN, make.OTHER_TIN):
                own = [each for each in told.values() if each.reference == of_company(tin) and not each.reversal]
                left = sum((D(each.amount) for each in own if each.bank_reference not in taken), D(0))
                assert selectors.balance(make.company(tin)) == left
