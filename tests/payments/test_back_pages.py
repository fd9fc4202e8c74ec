"""Pages and machine door of money that goes back: the ways of a claim, a bank account, a pay-out; who sees what."""

import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from notifications import services as notifications
from notifications.kinds import Kind
from notifications.models import Message
from payments import selectors, services
from payments.models import BankAccount, PaymentFile, PayOut, RefundClaim, SuspenseItem
from tests import make
from tests.conftest import client_of
from tests.payments.back_steps import (
    BANK,
    IBAN,
    NUMBER,
    SCAN,
    bank_account,
    claim,
    decided,
    in_file,
    ordered,
    payer,
    proposed,
    treasury,
)
from tests.payments.money_steps import LATER
from tests.payments.statement_files import Told, booked, camt, open_items
from tests.payments.test_suspense import cashier

pytestmark = pytest.mark.django_db
D = Decimal


def scan() -> SimpleUploadedFile:
    return SimpleUploadedFile(*SCAN)


def post(person: User, name: str, *args: Any, **data: Any) -> Any:
    return client_of(person).post(reverse(name, args=args), data)


def page(person: User, name: str, *args: Any) -> str:
    answer = client_of(person).get(reverse(name, args=args))
    assert answer.status_code == 200, (name, answer.status_code)
    return str(answer.content.decode())


# The way of a claim -------------------------------------------------------------------------------------------
def test_a_claim_is_sent_decided_and_read_on_its_pages() -> None:
    declaration = make.released()
    assert "Claim a refund" in page(make.trader(), "declaration", declaration.public_id)
    form = page(make.trader(), "refund_claim_new", declaration.public_id)
    assert "Asked for by correcting the declaration" in form
    sent = {"key": uuid.uuid4(), "kind": "remission", "amount": "100", "reason": "Fire in the store."}
    missing = post(make.trader(), "refund_claim_new", declaration.public_id, **sent)
    assert missing.status_code == 422
    assert "a paper is needed" in missing.content.decode()
    done = post(make.trader(), "refund_claim_new", declaration.public_id, **sent, file=[scan(), scan()])
    assert done.status_code == 302
    found = RefundClaim.objects.get()
    assert (found.amount, found.papers.count()) == (D(100), 2)
    again = post(make.trader(), "refund_claim_new", declaration.public_id, **sent, file=[scan()])
    assert again.url == done.url
    desk = page(treasury(), "back_desk")
    assert found.number in desk
    shares = {f"granted_{line.tax_code}": "0" for line in found.lines.all()}
    tax = next(iter(shares))
    wrong = post(treasury(), "refund_claim_verb", found.public_id, "propose", end="granted", text="x", **shares)
    assert wrong.status_code == 422
    told = {"end": "granted", "text": "Proved.", **shares, tax: "40"}
    assert post(treasury(), "refund_claim_verb", found.public_id, "propose", **told).status_code == 302
    assert "Proved." not in page(make.trader(), "refund_claim", found.public_id)
    assert post(treasury(), "refund_claim_verb", found.public_id, "confirm").status_code == 422
    assert "proposes to grant" in page(treasury("second"), "refund_claim", found.public_id)
    assert post(treasury("second"), "refund_claim_verb", found.public_id, "confirm").status_code == 302
    assert post(treasury("third"), "refund_claim_verb", found.public_id, "confirm").status_code == 409
    read = page(make.trader(), "refund_claim", found.public_id)
    assert "granted in part" in read
    assert "Proved." in read
    assert "Officer treasury" not in read
    assert "granted on claim" in page(make.trader(), "declaration", declaration.public_id)
    assert found.number in page(make.trader(), "money_back")
    paper = found.papers.first()
    assert client_of(make.trader()).get(reverse("money_paper", args=[paper.public_id])).status_code == 200
    assert client_of(make.stranger()).get(reverse("money_paper", args=[paper.public_id])).status_code == 404


def test_a_claim_is_sent_back_withdrawn_and_gets_more_papers() -> None:
    found = proposed(claim(make.released()))
    key = found.public_id
    assert post(treasury("second"), "refund_claim_verb", key, "back", reason="").status_code == 422
    assert post(treasury("second"), "refund_claim_verb", key, "back", reason="Not proved.").status_code == 302
    assert post(make.trader(), "refund_claim_verb", key, "papers", file=[scan()]).status_code == 302
    assert post(make.trader(), "refund_claim_verb", key, "withdraw").status_code == 302
    assert post(make.trader(), "refund_claim_verb", key, "nonsense").status_code == 404


# Bank accounts and pay-outs -----------------------------------------------------------------------------------
def test_a_bank_account_is_added_confirmed_and_ended_on_its_pages() -> None:
    second = payer()
    make.funds(amount=D(50))
    told = {"company": make.company().pk, "number": IBAN[:-1] + "9"}
    assert "check digits" in post(make.trader(), "bank_accounts", **told).content.decode()
    assert post(make.trader(), "bank_accounts", **(told | {"number": IBAN})).status_code == 302
    account = BankAccount.objects.get()
    assert "No confirmed bank account" in page(make.trader(), "pay_out_new")
    assert "It is right: confirm" not in page(make.trader(), "bank_account", account.public_id)
    assert "It is right: confirm" in page(second, "bank_account", account.public_id)
    assert post(second, "bank_account_verb", account.public_id, "confirm").status_code == 302
    order = {"key": uuid.uuid4(), "bank_account": account.pk, "amount": "50.01"}
    assert post(make.trader(), "pay_out_new", **order).status_code == 422
    assert post(make.trader(), "pay_out_new", **(order | {"amount": "49.99"})).status_code == 302
    found = PayOut.objects.get()
    assert "set aside" in page(make.trader(), "pay_out", found.public_id)
    assert post(second, "bank_account_verb", account.public_id, "end").status_code == 302
    assert "It was cancelled" in page(make.trader(), "pay_out", found.public_id)


def test_the_treasury_confirms_from_a_paper_or_refuses() -> None:
    told = services.Particulars(NUMBER, BANK)
    account = services.add_bank_account(make.company(), told, papers=[SCAN], by=make.trader(), at=make.AT)
    assert account.shown in page(treasury(), "back_desk")
    assert "The paper shows it" in page(treasury(), "bank_account", account.public_id)
    assert post(treasury(), "bank_account_verb", account.public_id, "refuse", reason="").status_code == 422
    assert post(treasury(), "bank_account_verb", account.public_id, "approve").status_code == 302
    assert post(treasury(), "bank_account_verb", account.public_id, "approve").status_code == 409
    assert "by an officer" in page(make.trader(), "bank_account", account.public_id)


def test_a_pay_out_goes_through_the_treasury_to_the_bank_and_back() -> None:
    make.trader()
    make.funds(amount=D(1000))
    found, other = ordered("100"), ordered("70")
    assert found.reference in page(treasury(), "back_desk")
    assert post(treasury(), "pay_out_verb", other.public_id, "refuse", reason="No.").status_code == 302
    assert post(treasury(), "payment_file_make").status_code == 422
    assert post(treasury(), "pay_out_verb", found.public_id, "approve").status_code == 302
    made = post(treasury(), "payment_file_make")
    file = PaymentFile.objects.get()
    assert made.url == reverse("payment_file", args=[file.public_id])
    table = reverse("payment_file_table", args=[file.public_id, "csv"])
    assert found.reference in client_of(treasury()).get(table).getvalue().decode()  # type: ignore[attr-defined]
    assert client_of(make.trader()).get(table).status_code == 404
    answer = post(treasury(), "payment_file_content", file.public_id)
    assert found.reference in b"".join(answer.streaming_content).decode()
    assert post(treasury(), "payment_file_sent", file.public_id).status_code == 302
    twice = post(treasury("second"), "payment_file_sent", file.public_id)
    assert twice.status_code == 409
    assert "it would be paid twice" in twice.content.decode()
    told = page(treasury("second"), "payment_file", file.public_id)
    assert "It must not be sent again" in told
    assert "Downloaded" in told
    booked(camt([Told("-100.00", "D1", end_to_end=found.reference)]))
    assert "The bank has paid it" in page(make.trader(), "pay_out", found.public_id)
    booked(camt([Told("100.00", "R1", end_to_end=found.reference, reversal=True, text="AC04 closed")], number="2"))
    assert "AC04 closed" in page(make.trader(), "pay_out", found.public_id)


def test_a_cashier_sends_back_what_is_nobodys_and_explains_what_went_out() -> None:
    make.trader()
    make.funds(amount=D(1000))
    paid = ordered("30")
    in_file(paid)
    booked(camt([Told("9.00", "B1"), Told("-30.00", "D1", text="transfer"), Told("-2.00", "D2", text="fee")]))
    came, left, fee = open_items()
    assert "Send back to the sender" in page(cashier(), "suspense_item", came.public_id)
    assert post(cashier(), "suspense_back", came.public_id, reason="Not ours", bank_code="1").status_code == 422
    assert post(cashier(), "suspense_back", came.public_id, reason="Not ours", bank_code=BANK).status_code == 302
    out = PayOut.objects.get(suspense=came)
    assert "set aside" in page(cashier(), "pay_out", out.public_id)
    assert out.reference in page(cashier(), "suspense_item", came.public_id)
    assert paid.reference in page(treasury(), "suspense_explain", left.public_id)
    assert "It was this one" not in page(cashier(), "suspense_explain", left.public_id)
    assert post(cashier(), "suspense_explain", left.public_id, pay_out=paid.reference).status_code == 422
    assert post(treasury(), "suspense_explain", left.public_id, pay_out=paid.reference).status_code == 302
    assert post(cashier(), "suspense_explain", fee.public_id).status_code == 422
    assert post(cashier(), "suspense_explain", fee.public_id, reason="Fee").status_code == 302
    assert {each.status for each in SuspenseItem.objects.all()} == {"sending", "known"}
    for kind in ("csv", "xlsx"):
        for table in ("claims", "pay-outs"):
            assert client_of(treasury()).get(reverse("back_table", args=[table, kind])).status_code == 200


# Who sees what ------------------------------------------------------------------------------------------------
def things() -> dict[str, Any]:
    found = decided(claim(make.released()))
    out = ordered("10")
    file = in_file(out)
    return {"claim": found, "account": out.bank_account, "out": out, "file": file}


WHO = {
    "payer": (payer, True, False),
    "colleague": (make.colleague, False, False),
    "stranger": (make.stranger, False, False),
    "treasury": (treasury, True, True),
    "auditor": (lambda: make.officer(Role.AUDITOR, None), True, True),
    "cashier": (cashier, False, False),
    "supervisor": (lambda: make.supervisor(None), False, False),
}


@pytest.mark.parametrize("who", WHO)
def test_strangers_and_wrong_roles_find_nothing(who: str) -> None:
    kept = things()
    person, sees, desk = WHO[who]
    client = client_of(person())
    shown = [
        ("refund_claim", kept["claim"]), ("bank_account", kept["account"]), ("pay_out", kept["out"]),
    ]  # fmt: skip
    for name, thing in shown:
        answer = client.get(reverse(name, args=[thing.public_id]))
        assert answer.status_code == (200 if sees else 404), (name, answer.status_code)
    for address in (reverse("back_desk"), reverse("payment_file", args=[kept["file"].public_id])):
        assert client.get(address).status_code == (200 if desk else 404), address
    for name in ("payment_file_content", "payment_file_sent"):
        done = client.post(reverse(name, args=[kept["file"].public_id])).status_code
        assert done == {"treasury": 200 if name.endswith("content") else 302, "auditor": 403}.get(who, 404)
    for name, thing, verb in (
        ("refund_claim_verb", kept["claim"], "confirm"), ("pay_out_verb", kept["out"], "approve"),
        ("bank_account_verb", kept["account"], "approve"),
    ):  # fmt: skip
        status = client.post(reverse(name, args=[thing.public_id, verb])).status_code
        assert status == (
            404 if not sees else 409 if who == "treasury" else 422 if name != "bank_account_verb" else 409
        )


# The machine door ---------------------------------------------------------------------------------------------
def api(person: User, name: str, *args: Any, data: Any = None, once: str | None = None) -> Any:
    """Each door is asked under a key of its own: one key is for one request."""
    client, address = client_of(person), reverse(name, args=args)
    once = name if once is None else once
    if data is None:
        return client.get(address)
    return client.post(address, data, content_type="application/json", headers={"Idempotency-Key": once})


def test_a_program_claims_lists_and_withdraws() -> None:
    declaration = make.released()
    tax = next(iter(selectors.paid_positive(declaration.mrn)))
    told = {"ground": "not_owed", "reason": "Twice.", "taxes": [{"tax_code": tax, "amount": "5.00"}]}
    assert api(make.stranger(), "api-refund-new", declaration.mrn, data=told).status_code == 404
    assert api(make.colleague(), "api-refund-new", declaration.mrn, data=told).status_code == 404
    assert api(make.trader(), "api-refund-new", declaration.mrn, data=told, once="").status_code == 422
    first = api(make.trader(), "api-refund-new", declaration.mrn, data=told).json()
    assert api(make.trader(), "api-refund-new", declaration.mrn, data=told).json() == first
    assert (first["status"], first["amount"], first["granted"]) == ("sent", "5.0000", None)
    assert [each["number"] for each in api(make.trader(), "api-refunds").json()["results"]] == [first["number"]]
    assert api(make.stranger(), "api-refunds").json()["results"] == []
    assert api(make.stranger(), "api-refund", first["public_id"]).status_code == 404
    papers = reverse("api-refund-papers", args=[first["public_id"]])
    scan = {"file": SimpleUploadedFile(*SCAN)}
    assert client_of(make.stranger()).post(papers, scan, headers={"Idempotency-Key": "s"}).status_code == 404
    assert client_of(make.trader()).post(papers, {}, headers={"Idempotency-Key": "n"}).status_code == 422
    scan = {"file": SimpleUploadedFile(*SCAN)}
    kept = client_of(make.trader()).post(papers, scan, headers={"Idempotency-Key": "p"}).json()
    assert client_of(make.trader()).get(papers).json() == [kept]
    content = reverse("api-refund-paper", args=[first["public_id"], kept["public_id"]])
    assert b"".join(client_of(make.trader()).get(content).streaming_content) == SCAN[1]
    assert client_of(make.stranger()).get(content).status_code == 404
    assert api(make.stranger(), "api-refund-withdraw", first["public_id"], data={}).status_code == 404
    assert api(make.trader(), "api-refund-withdraw", first["public_id"], data={}).json()["status"] == "withdrawn"
    assert api(make.trader(), "api-refund-withdraw", first["public_id"], data={}, once="again").status_code == 409


def test_a_program_orders_and_cancels_a_pay_out() -> None:
    make.trader()
    make.funds(amount=D(100))
    to = bank_account()
    [listed] = api(make.trader(), "api-bank-accounts").json()
    told = {"bank_account": listed["public_id"], "amount": "60.00"}
    assert api(make.stranger(), "api-pay-outs", data=told).status_code == 422
    first = api(make.trader(), "api-pay-outs", data=told).json()
    assert api(make.trader(), "api-pay-outs", data=told).json() == first
    assert (first["number"], first["status"], selectors.balance(make.company())) == (to.number, "ordered", D(40))
    assert api(make.trader(), "api-pay-outs", data=told, once="other").status_code == 422
    assert api(make.stranger(), "api-pay-out-cancel", first["public_id"], data={}).status_code == 404
    assert api(make.trader(), "api-pay-out-cancel", first["public_id"], data={}).json()["status"] == "cancelled"
    assert len(api(make.trader(), "api-pay-outs").json()["results"]) == 1


# News ---------------------------------------------------------------------------------------------------------
def heard(kind: Kind) -> set[tuple[str, str]]:
    return set(Message.objects.filter(kind=kind).values_list("recipient__email", "variant"))


def test_people_are_told_of_claims_decisions_accounts_and_pay_outs() -> None:
    second, officer = payer(), treasury()
    account = bank_account(confirmed=False)
    notifications.bank_account_added(account.pk, now=LATER)
    assert heard(Kind.BANK_ACCOUNT) == {(second.email, "")}
    services.confirm_bank_account(account, by=second, at=LATER)
    found = claim(make.released())
    notifications.refund_claimed(found.pk, now=LATER)
    for days in (4, 3, 2):
        notifications.tell_of_late_refunds(now=LATER + (found.due - LATER.date()) - timedelta(days=days))
        told = {(officer.email, ""), (officer.email, "soon")} if days < 4 else {(officer.email, "")}
        assert heard(Kind.REFUND_CLAIMED) == told, "three days before, once"
    late = timezone.now().replace(year=LATER.year + 1)
    notifications.tell_of_late_refunds(now=late)
    notifications.tell_of_late_refunds(now=late)
    assert heard(Kind.REFUND_CLAIMED) == {(officer.email, what) for what in ("", "soon", "late")}
    decided(found)
    notifications.refund_decided(found.pk, now=LATER)
    assert heard(Kind.REFUND) == {("trader@example.com", ""), (second.email, "")}
    out = ordered("10")
    in_file(out)
    booked(camt([Told("-10.00", "D1", end_to_end=out.reference)]))
    notifications.pay_out_ended(out.pk, now=LATER)
    booked(camt([Told("10.00", "R1", end_to_end=out.reference, reversal=True)], number="2"))
    notifications.pay_out_ended(out.pk, now=LATER)
    assert heard(Kind.PAY_OUT) == {
        (email, what) for email in ("trader@example.com", second.email) for what in ("", "returned")
    }
    assert "Money back" in page(make.trader(), "money_back")
    assert client_of(make.trader()).get(reverse("messages")).status_code == 200
