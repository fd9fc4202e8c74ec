"""Paying a declaration: in full or not at all, once, with its guarantee, by those who may."""

from decimal import Decimal
from threading import Thread

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from clearance import services as clearance
from declarations.models import Status
from declarations.selectors import canonical, content_of
from lib.violations import Rejected
from payments import selectors, services
from payments.models import Account, Entry, Payment, Reservation
from tests import make

pytestmark = pytest.mark.django_db


def page(declaration) -> str:
    return reverse("pay", args=[declaration.public_id])


def form(client: Client, declaration, *, starts: str) -> dict[str, str]:
    """The page's own form, with the first means whose value starts so."""
    answer = client.get(page(declaration))
    means = next(offer.value for offer in answer.context["offered"] if offer.value.startswith(starts))
    return {"key": str(answer.context["form"]["key"].value()), "means": means}


def suspended(**changes):
    """A declaration whose charges are secured, not paid."""
    return make.assessed(
        general_procedure="7", items=[make.item(extended_procedure="7100")], warehouse="W-01", **changes
    )


def amended(declaration, *, price: str):
    """A new version in which the only item costs `price`."""
    content = canonical(content_of(declaration))
    content["invoice_amount"] = content["items"][0]["item_price"] = price
    return clearance.amend(
        declaration, data=content, reason="price was wrong", by=make.trader(), at=make.AT, on=make.ON
    )


def test_a_payer_pays_from_the_prepaid_account(as_trader: Client):
    declaration = make.assessed()
    make.funds()
    due = selectors.due(declaration)
    assert due == declaration.payable > 0
    answer = as_trader.post(page(declaration), form(as_trader, declaration, starts="account:"), follow=True)
    declaration.refresh_from_db()
    assert declaration.status == Status.PAID
    assert selectors.balance(make.company()) == make.FUNDS - due
    assert selectors.due(declaration) == 0
    assert declaration.mrn in answer.content.decode()


def test_sending_the_form_twice_pays_once(as_trader: Client):
    declaration = make.assessed()
    make.funds()
    filled = form(as_trader, declaration, starts="account:")
    for _time in range(2):
        assert as_trader.post(page(declaration), filled).status_code == 302
    assert Payment.objects.count() == 1
    assert selectors.balance(make.company()) == make.FUNDS - declaration.payable


def test_too_little_money_pays_nothing_and_says_so(as_trader: Client):
    declaration = make.assessed()
    make.funds(amount=declaration.payable - Decimal("0.01"))
    answer = as_trader.post(page(declaration), form(as_trader, declaration, starts="account:"))
    assert answer.status_code == 422
    assert "P004" in answer.content.decode()
    assert not Payment.objects.exists()
    make.funds(amount=declaration.payable)
    services.top_up(make.company(), amount=Decimal("0.01"), by=None, at=make.AT, idempotency_key="the rest")
    assert as_trader.post(page(declaration), form(as_trader, declaration, starts="account:")).status_code == 302


def test_the_deferred_account_pays_down_to_its_limit():
    declaration = make.assessed()
    deferred = services.open_account(make.company(), Account.Kind.DEFERRED, at=make.AT)

    def pay():
        return services.pay_from_account(
            declaration, by=make.trader(), at=make.AT, idempotency_key="deferred", account=deferred
        )

    make.limit(deferred, declaration.payable - 1)
    with pytest.raises(Rejected, match="P004"):
        pay()
    make.limit(deferred, declaration.payable)
    assert pay().status == Status.PAID
    assert selectors.account_of(make.company(), Account.Kind.DEFERRED).balance == -declaration.payable
    with pytest.raises(Rejected, match="P008"):
        make.limit(deferred, Decimal(1))


def test_a_stranger_and_a_colleague_without_the_right_see_nothing(as_stranger: Client):
    declaration = make.assessed()
    colleague = Client()
    colleague.force_login(make.colleague(), backend="allauth.account.auth_backends.AuthenticationBackend")
    for client in (as_stranger, colleague):
        assert client.get(page(declaration)).status_code == 404
        assert client.post(page(declaration), {"means": "account:1"}).status_code == 404


def test_nobody_pays_from_a_stranger_s_account():
    declaration = make.assessed()
    make.stranger()
    theirs = make.company(make.OTHER_TIN)
    make.funds(theirs)
    account = selectors.account_of(theirs, Account.Kind.PREPAID)
    with pytest.raises(Rejected, match="P003"):
        services.pay_from_account(declaration, by=make.trader(), at=make.AT, idempotency_key="theirs", account=account)
    with pytest.raises(Rejected, match="P003"):
        services.pay_from_account(declaration, by=make.stranger(), at=make.AT, idempotency_key="me")


def test_a_cancelled_declaration_takes_no_money():
    declaration = make.assessed()
    make.funds()
    clearance.cancel(declaration, reason="sent back", by=make.trader(), at=make.AT)
    with pytest.raises(Rejected, match="P001"):
        services.pay_from_account(declaration, by=make.trader(), at=make.AT, idempotency_key="late")
    assert selectors.balance(make.company()) == make.FUNDS


def test_secured_charges_are_held_in_full_or_not_at_all():
    declaration = suspended()
    make.funds()
    assert declaration.guaranteed > 0

    def pay():
        return services.pay_from_account(declaration, by=make.trader(), at=make.AT, idempotency_key="held")

    services.move(
        make.company(),
        source=Account.Kind.PREPAID,
        target=Account.Kind.GUARANTEE,
        amount=declaration.guaranteed - Decimal("0.01"),
        by=make.trader(),
        at=make.AT,
        idempotency_key="almost",
    )
    with pytest.raises(Rejected, match="P005"):
        pay()
    assert not Reservation.objects.exists()
    assert not Payment.objects.exists()
    services.move(
        make.company(),
        source=Account.Kind.PREPAID,
        target=Account.Kind.GUARANTEE,
        amount=Decimal("0.01"),
        by=make.trader(),
        at=make.AT,
        idempotency_key="the rest",
    )
    assert pay().status == Status.PAID
    assert pay().status == Status.PAID
    guarantee = selectors.account_of(make.company(), Account.Kind.GUARANTEE)
    assert guarantee.reserved == declaration.guaranteed
    assert guarantee.available == 0
    assert selectors.is_settled(declaration)


def test_an_amendment_asks_for_the_difference_alone():
    first = make.paid()
    paid = first.payable
    second = amended(first, price="2400.00")
    assert second.payable > paid
    assert selectors.due(second) == second.payable - paid
    services.pay_from_account(second, by=make.trader(), at=make.AT, idempotency_key="difference")
    assert [payment.amount for payment in selectors.payments_of(second)] == [paid, second.payable - paid]
    assert selectors.paid_by_tax(second.mrn) == selectors.charged_by_tax(second)


def test_what_was_paid_too_much_becomes_credit():
    first = make.paid()
    paid, before = first.payable, selectors.balance(make.company())
    second = amended(first, price="600.00")
    assert selectors.due(second) == 0
    for _time in range(2):
        services.settle_if_nothing_due(second.pk, at=make.AT)
    second.refresh_from_db()
    assert second.status == Status.PAID
    assert selectors.balance(make.company()) == before + paid - second.payable
    assert Entry.objects.filter(kind=Entry.Kind.CREDIT).count() == 1


def test_a_declaration_with_something_due_is_not_settled_by_itself():
    declaration = make.assessed()
    services.settle_if_nothing_due(declaration.pk, at=make.AT)
    declaration.refresh_from_db()
    assert declaration.status == Status.ASSESSED


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_pay_once():
    declaration = make.assessed()
    make.funds()
    trader, failures = make.trader(), []

    def click(number: int) -> None:
        try:
            services.pay_from_account(declaration, by=trader, at=make.AT, idempotency_key="click")
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    clicks = [Thread(target=click, args=[number]) for number in range(4)]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join()
    assert not failures
    assert Payment.objects.count() == 1
    assert selectors.balance(make.company()) == make.FUNDS - declaration.payable


def test_the_machine_door_pays_once_for_each_key(as_trader: Client):
    declaration = make.assessed()
    make.funds()
    address = f"/api/v1/declarations/{declaration.public_id}/pay/"
    assert as_trader.post(address).status_code == 422
    answers = [as_trader.post(address, headers={"Idempotency-Key": "k-1"}) for _time in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["status"] == "paid"
    listed = as_trader.get("/api/v1/payments/").json()["results"]
    assert [row["mrn"] for row in listed] == [declaration.mrn]
    accounts = {row["kind"]: row for row in as_trader.get("/api/v1/payments/accounts/").json()}
    assert Decimal(accounts["prepaid"]["balance"]) == make.FUNDS - declaration.payable


def test_the_machine_door_shows_a_stranger_nothing(as_stranger: Client):
    declaration = make.paid()
    address = f"/api/v1/declarations/{declaration.public_id}/pay/"
    assert as_stranger.post(address, headers={"Idempotency-Key": "k-1"}).status_code == 404
    assert as_stranger.get("/api/v1/payments/").json()["results"] == []
    assert all(row["company"] == make.OTHER_TIN for row in as_stranger.get("/api/v1/payments/accounts/").json())


def test_the_receipt_is_made_once_and_only_for_the_payer(as_trader: Client, as_stranger: Client):
    declaration = make.paid()
    payment = Payment.objects.get(declaration=declaration)
    address = reverse("receipt", args=[payment.public_id])
    papers = [b"".join(as_trader.get(address).streaming_content) for _time in range(2)]
    assert papers[0] == papers[1]
    assert papers[0].startswith(b"%PDF")
    assert as_stranger.get(address).status_code == 404


def test_pages_of_accounts_keep_their_number_of_queries(as_trader: Client, django_assert_max_num_queries):
    for number in range(3):
        make.funds()
        services.pay_from_account(make.assessed(), by=make.trader(), at=make.AT, idempotency_key=f"pay-{number}")
    prepaid = selectors.account_of(make.company(), Account.Kind.PREPAID)
    for address in (reverse("payments"), reverse("account", args=[prepaid.pk])):
        with django_assert_max_num_queries(40):
            assert as_trader.get(address).status_code == 200


def test_the_statement_runs_from_the_first_posting_to_the_balance(as_trader: Client, as_stranger: Client):
    make.paid()
    prepaid = selectors.account_of(make.company(), Account.Kind.PREPAID)
    postings = list(selectors.statement(prepaid))
    assert [posting.running for posting in postings] == [prepaid.balance, make.FUNDS]
    address = reverse("account", args=[prepaid.pk])
    assert as_trader.get(address).status_code == 200
    assert as_stranger.get(address).status_code == 404


def test_money_moves_between_a_company_s_own_accounts(as_trader: Client):
    make.funds(amount=Decimal(100))
    key = as_trader.get(reverse("move")).context["form"]["key"].value()
    filled = {"key": key, "company": make.company().pk, "target": "guarantee", "amount": "40,50"}
    for _time in range(2):
        assert as_trader.post(reverse("move"), filled).status_code == 302
    assert selectors.balance(make.company()) == Decimal("59.50")
    refused = as_trader.post(reverse("move"), {**filled, "key": "00000000-0000-0000-0000-000000000001", "amount": "60"})
    assert refused.status_code == 422
    assert "P004" in refused.content.decode()


@pytest.mark.parametrize("written", ["{mrn}", " {small} ", "{dashed}", "{gaps}", "{cyrillic}", "{customs}", "{loose}"])
def test_a_number_from_a_paper_leads_to_the_payment_however_it_is_written(as_trader: Client, written: str):
    declaration = make.assessed()
    mrn, office = declaration.mrn, declaration.office_code
    number = written.format(
        mrn=mrn,
        small=mrn.lower(),
        dashed="-".join((mrn[:2], mrn[2:4], mrn[4:])),
        gaps=f"{mrn[:6]} {mrn[6:12]}\N{NO-BREAK SPACE}{mrn[12:]}",
        cyrillic=mrn.replace("T", "Т"),
        customs=declaration.customs_number,
        loose=f"{office.lower()} / {declaration.registration_year} / С 000{declaration.registration_number}",
    )
    found = as_trader.get(reverse("pay_find"), {"number": number})
    assert (found.status_code, found["Location"]) == (302, page(declaration))
    assert as_trader.get(f"/declarations/{number.strip()}/pay/")["Location"] == page(declaration)
    make.funds()
    paid = as_trader.post(f"/api/v1/declarations/{number.strip()}/pay/", headers={"Idempotency-Key": "k-1"})
    assert paid.json()["status"] == "paid"


def test_a_number_that_is_not_the_reader_s_says_so(as_trader: Client, as_stranger: Client):
    declaration = make.assessed()
    for client, number in ((as_stranger, declaration.mrn), (as_trader, "26TJ000001000099R9"), (as_trader, "<'%")):
        answer = client.get(reverse("pay_find"), {"number": number})
        assert answer.status_code == 404
        assert "There is no declaration with this number that you may pay." in answer.content.decode()
    assert as_trader.get(reverse("pay_find")).status_code == 200
