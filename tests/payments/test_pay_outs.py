"""Pay-outs: bank accounts of two people, orders that nothing else spends, files made once, what the bank says."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import xmlschema
from django.db import IntegrityError, connection, transaction

from lib.violations import Conflict
from payments import selectors, services
from payments.bank_files import pain001
from payments.models import Account, BankAccount, BankEntry, MoneyEvent, PayOut, SuspenseItem
from tests import make
from tests.payments.back_steps import (
    BANK,
    IBAN,
    NUMBER,
    SCAN,
    approved,
    bank_account,
    in_file,
    ordered,
    payer,
    treasury,
)
from tests.payments.money_steps import LATER, refuses
from tests.payments.statement_files import Told, booked, books, camt, mt940, open_items
from tests.payments.test_suspense import cashier

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture(autouse=True)
def _funds(settings: Any) -> None:
    settings.PAY_OUT_ALONE_UP_TO = D(500)
    make.trader()
    make.funds(amount=D(1000))


def balance() -> Decimal:
    return selectors.balance(make.company())


def on_its_way() -> Decimal:
    return selectors.balance_of_administration(Account.Kind.REFUNDS)


def now(pay_out: PayOut) -> PayOut:
    return PayOut.objects.get(pk=pay_out.pk)


# Bank accounts ------------------------------------------------------------------------------------------------
def add(number: str = NUMBER, code: str = BANK, **more: Any) -> BankAccount:
    told = services.Particulars(number, code)
    return services.add_bank_account(make.company(), told, by=make.trader(), at=make.AT, **more)


def test_an_account_counts_when_a_second_person_has_confirmed_it() -> None:
    second = payer()
    made = add(" gb82 west 1234 5698 7654 32 ", "")
    assert (made.number, made.is_iban, made.status) == (IBAN, True, "proposed")
    with refuses(("P117", "bank_account")):
        ordered(to=made)
    with refuses(("P114", "")):
        services.confirm_bank_account(made, by=make.trader(), at=LATER)
    with refuses(("P101", "")):
        services.confirm_bank_account(made, by=make.stranger(), at=LATER)
    assert services.confirm_bank_account(made, by=second, at=LATER).status == "confirmed"
    with pytest.raises(Conflict, match="P105"):
        services.confirm_bank_account(made, by=second, at=LATER)
    with refuses(("P112", "number")):
        add(IBAN, "")
    verbs = MoneyEvent.objects.filter(bank_account=made).values_list("verb", flat=True)
    assert list(verbs) == ["added", "confirmed"]


@pytest.mark.parametrize(
    ("number", "code", "fault"),
    [
        ("GB82WEST12345698765423", "", ("P110", "number")),
        ("GB82WEST123456987654", "", ("P110", "number")),
        ("ZZ82123", "", ("P110", "number")),
        ("2020697200000000004", BANK, ("P110", "number")),
        ("٢٠٢٠٦٩٧٢٠٠٠٠٠٠٠٠٠٠٤٢", BANK, ("P110", "number")),
        (NUMBER, "", ("P111", "bank_code")),
        (NUMBER, "12", ("P111", "bank_code")),
        (IBAN, "nonsense", ("P111", "bank_code")),
    ],
)
def test_a_number_that_is_none_is_refused(number: str, code: str, fault: tuple[str, str]) -> None:
    payer()
    with refuses(fault):
        add(number, code)


def test_a_company_of_one_person_has_it_confirmed_from_a_paper_by_an_officer() -> None:
    with refuses(("P113", "file")):
        add()
    made = add(papers=[SCAN])
    with refuses(("P102", "")):
        services.confirm_by_paper(made, by=make.supervisor(None), at=LATER)
    done = services.confirm_by_paper(made, by=treasury(), at=LATER)
    assert (done.status, done.by_customs) == ("confirmed", True)


def test_an_officer_does_not_confirm_where_colleagues_can_and_may_refuse_with_a_reason() -> None:
    payer()
    made = add(papers=[SCAN])
    with refuses(("P115", "")):
        services.confirm_by_paper(made, by=treasury(), at=LATER)
    with refuses(("P104", "reason")):
        services.refuse_bank_account(made, reason=" ", by=treasury(), at=LATER)
    assert services.refuse_bank_account(made, reason="Another holder.", by=treasury(), at=LATER).status == "refused"
    assert add().status == "proposed"


def test_nothing_of_an_account_changes_and_none_is_deleted() -> None:
    made = bank_account()
    for change in ("UPDATE payments_bankaccount SET number = 'X'", "DELETE FROM payments_bankaccount"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
    services.end_bank_account(made, by=make.trader(), at=LATER)
    with pytest.raises(Conflict, match=r"P105.*ended"):
        services.end_bank_account(made, by=make.trader(), at=LATER)


# Orders -------------------------------------------------------------------------------------------------------
def test_what_is_ordered_cannot_be_spent_and_goes_back_when_it_is_cancelled() -> None:
    found = ordered("700", key="k")
    assert ordered("700", key="k").pk == found.pk
    assert (balance(), on_its_way()) == (D(300), D(700))
    with refuses(("P004", "amount")):
        ordered("300.01")
    services.cancel_pay_out(found, by=payer(), at=LATER)
    assert (balance(), on_its_way(), now(found).status) == (D(1000), D(0), "cancelled")
    with pytest.raises(Conflict, match=r"P105.*cancelled"):
        services.cancel_pay_out(found, by=payer(), at=LATER)


@pytest.mark.parametrize(("amount", "code"), [("0", "P009"), ("-5", "P009"), ("0.001", "P107"), ("1000.01", "P004")])
def test_a_sum_that_is_none_is_refused(amount: str, code: str) -> None:
    to = bank_account()
    with refuses((code, "amount")):
        ordered(amount, to=to)


def test_above_the_set_sum_a_second_officer_approves() -> None:
    assert services.approve_pay_out(ordered("499.99"), by=treasury(), at=LATER).status == "approved"
    found = ordered("500.01")
    assert services.approve_pay_out(found, by=treasury(), at=LATER).status == "seconded"
    with refuses(("P118", "")):
        services.approve_pay_out(found, by=treasury(), at=LATER)
    assert services.approve_pay_out(found, by=treasury("second"), at=LATER).status == "approved"
    with pytest.raises(Conflict, match="P105"):
        services.approve_pay_out(found, by=treasury("third"), at=LATER)


def test_a_refusal_says_why_and_the_money_is_back() -> None:
    found = approved(ordered("100"))
    with refuses(("P104", "reason")):
        services.refuse_pay_out(found, reason="", by=treasury(), at=LATER)
    services.refuse_pay_out(found, reason="The account is blocked.", by=treasury(), at=LATER)
    assert (now(found).end_text, balance()) == ("The account is blocked.", D(1000))


# Files --------------------------------------------------------------------------------------------------------
def test_a_file_is_valid_made_once_and_its_sending_is_said_once() -> None:
    both = ordered("100.10"), ordered("200", to=bank_account(IBAN))
    file = in_file(*both)
    content = file.file.open("rb").read()
    pain001.judge(content)
    schema: Any = pain001._schema()
    told: Any = xmlschema.to_dict(content, schema)
    head = told["CstmrCdtTrfInitn"]["GrpHdr"]
    assert (head["MsgId"], head["NbOfTxs"], head["CtrlSum"]) == (file.message_id, "2", D("300.10"))
    [body] = told["CstmrCdtTrfInitn"]["PmtInf"]
    assert [each["PmtId"]["EndToEndId"] for each in body["CdtTrfTxInf"]] == [each.reference for each in both]
    assert {now(each).status for each in both} == {"in_file"}
    with refuses(("P131", "")):
        services.make_payment_file(by=treasury(), at=LATER)
    services.mark_file_sent(file, by=treasury(), at=LATER)
    with pytest.raises(Conflict, match=r"P133.*Officer treasury sent this file on"):
        services.mark_file_sent(file, by=treasury("second"), at=LATER)


def test_what_is_over_the_bound_goes_with_the_next_file(settings: Any) -> None:
    settings.PAYMENT_FILE_MOST = 2
    orders = [ordered("10") for _each in range(3)]
    assert in_file(*orders).count == 2
    assert services.make_payment_file(by=treasury(), at=LATER).count == 1


def test_a_text_that_no_message_can_hold_makes_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    found = approved(ordered("10"))
    monkeypatch.setattr(pain001, "NAMESPACE", "urn:other")
    with refuses(("P132", "")):
        services.make_payment_file(by=treasury(), at=LATER)
    assert now(found).status == "approved"


def test_an_account_that_is_ended_between_order_and_file_takes_its_orders_with_it() -> None:
    to = bank_account()
    kept, gone = approved(ordered("10", to=bank_account(IBAN))), approved(ordered("20", to=to))
    services.end_bank_account(to, by=payer(), at=LATER)
    assert (now(gone).status, balance()) == ("cancelled", D(990))
    file = services.make_payment_file(by=treasury(), at=LATER)
    assert list(file.pay_outs.all()) == [kept]
    services.end_bank_account(BankAccount.objects.get(number=IBAN), by=payer(), at=LATER)
    assert now(kept).status == "in_file"


# What the bank says -------------------------------------------------------------------------------------------
def left(pay_out: PayOut, **more: Any) -> Told:
    return Told(f"-{pay_out.amount:.2f}", "D1", end_to_end=pay_out.reference, **more)


def came_back(pay_out: PayOut, **more: Any) -> Told:
    told: dict[str, Any] = {"reversal": True, "end_to_end": pay_out.reference, "text": "AC04 account closed", **more}
    return Told(f"{pay_out.amount:.2f}", told.pop("bank_reference", "R1"), **told)


def by_text(pay_out: PayOut) -> bytes:
    return camt([Told(f"-{pay_out.amount:.2f}", "D1", text=f"order {pay_out.reference}.")])


@pytest.mark.parametrize("write", [lambda out: camt([left(out)]), lambda out: mt940([left(out)]), by_text])
def test_it_is_booked_when_the_statement_tells_of_it(write: Callable[[PayOut], bytes]) -> None:
    found = ordered("100")
    in_file(found)
    booked(write(found))
    done = now(found)
    assert (done.status, balance(), on_its_way()) == ("paid", D(900), D(0))
    assert done.debit == BankEntry.objects.get()
    assert not SuspenseItem.objects.exists()
    booked(camt([left(found)], number="2"))
    assert BankEntry.objects.count() == 1


@pytest.mark.parametrize("batch", [{"end_to_end": "FILE"}, {"text": "order FILE"}])
def test_one_debit_for_the_whole_file_is_all_of_its_pay_outs(batch: dict[str, str]) -> None:
    both = ordered("100"), ordered("50")
    file = in_file(*both)
    told = {name: text.replace("FILE", file.message_id) for name, text in batch.items()}
    booked(camt([Told("-150.00", "D1", **told)]))
    assert {now(each).status for each in both} == {"paid"}
    booked(camt([Told("150.00", "D1", reversal=True)], number="2"))
    assert {now(each).status for each in both} == {"returned"}
    assert (balance(), on_its_way()) == (D(1000), D(0))


def test_a_debit_told_in_parts_is_each_of_them() -> None:
    both = ordered("100"), ordered("50")
    in_file(*both)
    parts = tuple((f"{each.amount:.2f}", each.reference) for each in both)
    booked(camt([Told("-150.00", "D1", details=parts)]))
    assert {now(each).status for each in both} == {"paid"}


@pytest.mark.parametrize("flagged", [True, False])
@pytest.mark.parametrize("together", [True, False])
def test_what_bounces_is_back_on_the_balance_and_says_why(flagged: bool, together: bool) -> None:
    found = ordered("100")
    in_file(found)
    out, back = left(found), came_back(found, reversal=flagged)
    for number, told in enumerate([[out, back]] if together else [[out], [back]]):
        booked(camt(told, number=str(number)))
    done = now(found)
    assert (done.status, done.end_text, balance(), on_its_way()) == ("returned", "AC04 account closed", D(1000), D(0))
    assert books()["suspense"] == 0


def test_a_return_that_is_told_before_the_debit_ends_alike() -> None:
    found = ordered("100")
    in_file(found)
    booked(camt([came_back(found)]))
    assert (now(found).status, balance(), on_its_way()) == ("returned", D(1000), D(100))
    booked(camt([left(found)], number="2"))
    assert (now(found).status, balance(), on_its_way()) == ("returned", D(1000), D(0))


def test_bounce_after_bounce_the_first_is_the_companys_and_the_second_awaits_a_person() -> None:
    found = ordered("100")
    in_file(found)
    booked(camt([left(found), came_back(found)]))
    booked(camt([came_back(found, bank_reference="R2")], number="2"))
    assert (balance(), books()["suspense"]) == (D(1000), D(100))
    again = ordered("100")
    in_file(again)
    booked(camt([Told("-100.00", "D2", end_to_end=again.reference)], number="3"))
    booked(camt([came_back(again, bank_reference="R3")], number="4"))
    assert (now(again).status, balance()) == ("returned", D(1000))


def test_another_sum_under_our_reference_or_before_the_file_explains_nothing() -> None:
    found = ordered("100")
    booked(camt([Told("-100.00", "D0", end_to_end=found.reference)]))
    assert now(found).status == "ordered"
    in_file(found)
    booked(camt([Told("-100.01", "D1", end_to_end=found.reference)], number="2"))
    assert now(found).status == "in_file"
    assert {item.amount for item in open_items()} == {D(-100), D("-100.01")}
    [early] = [item for item in open_items() if item.amount == D(-100)]
    assert selectors.pay_outs_like(early) == [now(found)]
    services.explain_by_pay_out(early, found, by=treasury(), at=LATER)
    assert (now(found).status, on_its_way()) == ("paid", D(0))


def report(file: Any, *refused: PayOut, whole: bool = False, message: str = "") -> bytes:
    why = "<StsRsnInf><Rsn><Cd>AC01</Cd></Rsn><AddtlInf>No such account</AddtlInf></StsRsnInf>"
    each = "".join(
        f"<TxInfAndSts><OrgnlEndToEndId>{out.reference}</OrgnlEndToEndId><TxSts>RJCT</TxSts>{why}</TxInfAndSts>"
        for out in refused
    )
    state = f"<GrpSts>RJCT</GrpSts>{why}" if whole else "<GrpSts>PART</GrpSts>"
    return (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt><GrpHdr/>'
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{message or file.message_id}</OrgnlMsgId>{state}</OrgnlGrpInfAndSts>"
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>x</OrgnlPmtInfId>{each}</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"
    ).encode()


@pytest.mark.parametrize("whole", [True, False])
def test_what_the_bank_refuses_before_it_pays_is_back_and_said(whole: bool) -> None:
    one, other = ordered("100"), ordered("50")
    file = in_file(one, other)
    content = report(file, *([] if whole else [one]), whole=whole)
    assert services.take_report(file, content, by=treasury(), at=LATER) == (2 if whole else 1)
    assert services.take_report(file, content, by=treasury(), at=LATER) == 0
    assert (now(one).status, now(one).end_text) == ("returned", "AC01 No such account")
    assert now(other).status == ("returned" if whole else "in_file")
    assert balance() == D(1000) - (0 if whole else 50)
    booked(camt([left(one)]))
    assert [item.amount for item in open_items()] == [D(-100)], "the bank says otherwise: a person looks"


@pytest.mark.parametrize("content", [b"", b"nonsense", b"<a/>", b"<!DOCTYPE a><a/>", b"x" * 5_000_001])
def test_what_is_no_report_is_refused(content: bytes) -> None:
    file = in_file(ordered("100"))
    with refuses(("P134", "file")):
        services.take_report(file, content, by=treasury(), at=LATER)
    with refuses(("P135", "file")):
        services.take_report(file, report(file, message="PF99999999"), by=treasury(), at=LATER)


# Back to the sender -------------------------------------------------------------------------------------------
def unmatched(amount: str = "30.00") -> SuspenseItem:
    booked(camt([Told(amount, "B1", payer="Somebody")], number="9"))
    return open_items()[0]


def send_back(item: SuspenseItem, **more: Any) -> PayOut:
    told = {"number": "", "bank_code": BANK, "payee": "", "reason": "Meant for another office.", **more}
    return services.send_to_sender(item, by=cashier(), at=LATER, **told)


def test_nobodys_money_goes_back_to_the_account_it_came_from_by_two_people() -> None:
    item = unmatched()
    found = send_back(item, number="99999999999999999999")
    assert (found.number, found.payee, found.company) == (NUMBER, "Somebody", None)
    assert books()["suspense"] == 0
    with pytest.raises(Conflict, match="P105"):
        send_back(item)
    with refuses(("P102", "")):
        services.approve_pay_out(found, by=cashier(), at=LATER)
    in_file(found)
    booked(camt([Told("-30.00", "D1", end_to_end=found.reference)]))
    item.refresh_from_db()
    assert (now(found).status, item.status, on_its_way()) == ("paid", "back", D(0))
    booked(camt([Told("30.00", "R1", end_to_end=found.reference, reversal=True)], number="2"))
    assert now(found).status == "returned"
    [fresh] = open_items()
    assert fresh.amount == D(30)
    assert send_back(fresh, number=NUMBER, payee="Somebody").status == "ordered"


def test_who_ordered_it_or_the_treasury_stops_it_and_the_money_awaits_its_owner_again() -> None:
    item = unmatched()
    found = send_back(item)
    with refuses(("P119", "")):
        services.cancel_pay_out(found, by=cashier("second"), at=LATER)
    services.cancel_pay_out(found, by=cashier(), at=LATER)
    again = send_back(item)
    services.refuse_pay_out(again, reason="It is Somon's.", by=treasury(), at=LATER)
    item.refresh_from_db()
    assert (item.status, books()["suspense"], on_its_way()) == ("open", D(30), D(0))


def test_money_out_is_explained_as_the_banks_charges(settings: Any) -> None:
    settings.ALLOT_ALONE_UP_TO = D(10)
    booked(camt([Told("-5.00", "F1", text="fee"), Told("-50.00", "F2", text="fee of the year")]))
    small, large = open_items()
    services.explain_as_charges(small, reason="Fee for November.", by=cashier(), at=LATER)
    with refuses(("P142", "")):
        services.explain_as_charges(large, reason="Fee.", by=cashier(), at=LATER)
    services.explain_as_charges(large, reason="Fee of the year.", by=treasury(), at=LATER)
    with pytest.raises(Conflict, match="P105"):
        services.explain_as_charges(large, reason="Again.", by=treasury(), at=LATER)
    assert (books()["suspense"], selectors.balance_of_administration(Account.Kind.COSTS)) == (D(0), D(-55))
    item = unmatched()
    with refuses(("P140", "")):
        services.explain_as_charges(item, reason="x", by=treasury(), at=LATER)
