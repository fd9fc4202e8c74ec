"""The doors of the ways to pay: several at once, shares, one booking explained; for strangers they do not exist."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clearance import services as clearance
from payments import selectors, services
from payments.models import Attempt, AutoPayment, Entry, PayLink, Payment
from tests import make
from tests.conftest import client_of
from tests.payments.money_steps import D, move
from tests.payments.test_paying import suspended
from tests.payments.ways_steps import account, arrives, deferred, owed_on_credit, status, terms

pytestmark = pytest.mark.django_db
DUE = reverse("due")


def filled(client: Client, means: str, **more: Any) -> dict[str, Any]:
    """The form of everything due, with the first means whose value starts so."""
    page = client.get(DUE)
    way = next(each.value for each in page.context["page"].ways if each.value.startswith(means))
    return {"key": str(page.context["form"]["key"].value()), "means": way, "which": "chosen", **more}


def test_what_was_ticked_is_paid_and_the_answer_says_what_became_of_each(as_trader: Client) -> None:
    make.funds()
    good, secured, other = make.assessed(), suspended(), make.assessed()
    form = filled(as_trader, "account:", chosen=[str(good.public_id), str(secured.public_id)])
    answers = [as_trader.post(DUE, form).content.decode() for _time in range(2)]
    assert [status(each) for each in (good, secured, other)] == ["paid", "assessed", "assessed"]
    for answer in answers:
        assert "P005" in answer
        assert "One declaration is paid" in answer
        assert other.mrn not in answer
    assert Payment.objects.count() == 1


def test_all_that_is_due_is_paid_in_one_click(as_trader: Client) -> None:
    make.funds()
    declarations = [make.assessed() for _each in range(3)]
    assert selectors.due_for(make.trader(), on=make.ON, most=9)[0].amount == declarations[0].payable
    as_trader.post(DUE, filled(as_trader, "account:", which="all"))
    assert {status(each) for each in declarations} == {"paid"}
    assert "Nothing is due" in as_trader.get(DUE).content.decode()


@pytest.mark.usefixtures("told")
def test_all_that_is_due_goes_over_the_bank_and_its_page_says_what_was_paid(as_trader: Client) -> None:
    declarations = [make.assessed() for _each in range(2)]
    form = filled(as_trader, "bank:", which="all")
    places = {as_trader.post(DUE, form)["Location"] for _time in range(2)}
    attempt = Attempt.objects.get()
    assert places == {attempt.redirect_url}
    arrives(attempt, attempt.amount - 1)
    shown = as_trader.get(reverse("payment_return", args=[attempt.public_id])).content.decode()
    assert declarations[0].mrn in shown
    assert declarations[1].mrn in shown
    assert shown.count("tag--green") == 1


@pytest.mark.usefixtures("told")
def test_who_is_left_out_of_a_payment_at_the_bank_is_named_before_it(as_trader: Client) -> None:
    good, secured = make.assessed(), suspended()
    shown = as_trader.post(DUE, filled(as_trader, "bank:", which="all")).content.decode()
    assert "P005" in shown
    assert secured.mrn in shown
    assert Attempt.objects.get().redirect_url in shown
    assert Attempt.objects.get().amount == good.payable


def test_a_form_that_makes_no_sense_pays_nothing(as_trader: Client, as_stranger: Client) -> None:
    make.funds()
    declaration = make.assessed()
    form = filled(as_trader, "account:")
    assert as_trader.post(DUE, form).status_code == 422
    assert as_trader.post(DUE, {**form, "means": "account:999", "which": "all"}).status_code == 422
    assert as_trader.post(DUE, {**form, "which": "none"}).status_code == 422
    assert as_trader.post(DUE, {**form, "chosen": ["x"]}).status_code == 404
    theirs = filled(as_stranger, "bank:", chosen=[str(declaration.public_id)])
    assert as_stranger.post(DUE, theirs).status_code == 422
    assert client_of(make.colleague()).get(DUE).status_code == 404
    assert not Payment.objects.exists()


@pytest.mark.usefixtures("told")
def test_shares_are_taken_on_their_page_and_the_rest_goes_over_the_bank(as_trader: Client, as_stranger: Client) -> None:
    declaration = make.assessed()
    make.funds(amount=D(30))
    move("guarantee", "10")
    address = reverse("split", args=[declaration.public_id])
    assert as_stranger.get(address).status_code == 404
    page = as_trader.get(address)
    prepaid, guarantee = account("prepaid"), account("guarantee")
    form = {
        "key": str(page.context["form"]["key"].value()), f"share-{prepaid.pk}": "20,00",
        f"share-{guarantee.pk}": "10", "rest": "bank",
    }  # fmt: skip
    places = {as_trader.post(address, form)["Location"] for _time in range(2)}
    attempt = Attempt.objects.get()
    assert places == {attempt.redirect_url}
    assert attempt.amount == declaration.payable - 30
    services.confirm(attempt, transaction_id="TX", amount=attempt.amount, currency="TJS", at=make.AT)
    assert status(declaration) == "paid"
    assert as_trader.get(address).status_code == 302


def test_shares_may_leave_the_rest_for_later_and_faults_are_said(as_trader: Client) -> None:
    declaration = make.assessed()
    make.funds(amount=D(30))
    address = reverse("split", args=[declaration.public_id])
    key = str(as_trader.get(address).context["form"]["key"].value())
    share = f"share-{account('prepaid').pk}"
    for wrong in ("", "31", "-1", "x"):
        assert as_trader.post(address, {"key": key, share: wrong, "rest": "later"}).status_code == 422
    assert as_trader.post(address, {"key": key, share: "30", "rest": "later"}).status_code == 302
    shown = as_trader.get(reverse("pay", args=[declaration.public_id])).content.decode()
    assert "Split over several means" in shown
    assert selectors.due(declaration) == declaration.payable - 30


def test_a_blocked_deferred_account_is_offered_as_blocked(as_trader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    _source, statement = owed_on_credit()
    monkeypatch.setattr(timezone, "localdate", lambda *_when: make.ON.replace(month=12, day=20))
    shown = as_trader.get(reverse("pay", args=[make.assessed().public_id])).content.decode()
    assert "blocked: a statement is overdue" in shown
    assert statement.due_on.day == 18


def test_each_line_of_an_account_leads_to_a_booking_that_explains_itself(
    as_trader: Client, as_stranger: Client
) -> None:
    declaration = make.paid()
    shown = as_trader.get(reverse("account", args=[account("prepaid").pk])).content.decode()
    for entry in Entry.objects.all():
        address = reverse("own_entry", args=[entry.pk])
        assert address in shown
        assert as_trader.get(address).status_code == 200
        assert as_stranger.get(address).status_code == 404
    paid = as_trader.get(reverse("own_entry", args=[Entry.objects.latest("pk").pk])).content.decode()
    assert declaration.mrn in paid
    assert "VAT" in paid


def test_holds_stand_on_the_account_that_bears_them(as_trader: Client) -> None:
    declaration = suspended()
    make.funds()
    move("guarantee", str(declaration.guaranteed))
    services.pay_from_account(declaration, by=make.trader(), at=make.AT, idempotency_key="held")
    shown = as_trader.get(reverse("account", args=[account("guarantee").pk])).content.decode()
    assert "Held for" in shown
    assert declaration.mrn in shown


# The machine door ---------------------------------------------------------------------------------------------
KEY = {"Idempotency-Key": "k-1"}


def post(client: Client, address: str, content: Any, **more: Any) -> Any:
    return client.post(address, content, content_type="application/json", headers=KEY, **more)


def test_a_machine_pays_many_and_is_told_of_each(as_trader: Client, as_stranger: Client) -> None:
    make.funds()
    good, cancelled = make.assessed(), make.assessed()
    clearance.cancel(cancelled, reason="sent back", by=make.trader(), at=make.AT)
    asked = {"declarations": [good.mrn, str(cancelled.public_id), "nobody's"], "account": account("prepaid").pk}
    answers = [post(as_trader, "/api/v1/payments/many/", asked).json() for _time in range(2)]
    assert [[fault["code"] for fault in row["violations"]] for row in answers[0]] == [[], ["P001"], ["P049"]]
    assert answers[0] == answers[1]
    assert (answers[0][0]["mrn"], Decimal(answers[0][0]["amount"])) == (good.mrn, good.payable)
    assert post(as_stranger, "/api/v1/payments/many/", asked).status_code == 422
    assert as_trader.post("/api/v1/payments/many/", asked, content_type="application/json").status_code == 422


def test_a_machine_pays_by_shares(as_trader: Client, as_stranger: Client) -> None:
    make.funds()
    declaration = make.assessed()
    address = f"/api/v1/declarations/{declaration.mrn}/pay/split/"
    asked = {"shares": [{"account": account("prepaid").pk, "amount": "10.00"}]}
    answers = [post(as_trader, address, asked).json() for _time in range(2)]
    assert answers[0] == answers[1]
    assert (answers[0]["status"], Decimal(answers[0]["due"])) == ("assessed", declaration.payable - 10)
    assert post(as_stranger, address, asked).status_code == 404
    assert post(as_trader, address, {"shares": asked["shares"] * 2}).status_code == 422


def test_a_machine_sets_automatic_payment(as_trader: Client, as_stranger: Client) -> None:
    address = f"/api/v1/payments/automatic/{make.TIN}/"
    asked = {"is_on": True, "source": "prepaid", "each": "1000.00", "daily": "2000.00"}
    make.company(owner=make.trader())
    assert as_trader.get(address).status_code == 404
    assert as_trader.put(address, asked, content_type="application/json").json()["daily"] == "2000.0000"
    assert as_trader.get(address).json()["is_on"] is True
    assert as_trader.put(address, {**asked, "daily": "1"}, content_type="application/json").status_code == 422
    assert as_stranger.get(address).status_code == 404
    assert as_stranger.put(address, asked, content_type="application/json").status_code == 404
    assert AutoPayment.objects.count() == 1


def test_a_machine_reads_statements_and_makes_links(as_trader: Client, as_stranger: Client) -> None:
    _source, statement = owed_on_credit()
    rows = as_trader.get("/api/v1/payments/deferred-statements/").json()["results"]
    assert [(row["number"], Decimal(row["open"])) for row in rows] == [(statement.number, statement.total)]
    assert as_stranger.get("/api/v1/payments/deferred-statements/").json()["results"] == []
    address = f"/api/v1/declarations/{make.assessed().mrn}/pay/links/"
    made = as_trader.post(address)
    assert made.status_code == 201
    assert PayLink.objects.get().token in made.json()["address"]
    assert [row["address"] for row in as_trader.get(address).json()] == [made.json()["address"]]
    assert as_stranger.post(address).status_code == as_stranger.get(address).status_code == 404


def test_pages_keep_their_number_of_queries(as_trader: Client, django_assert_max_num_queries: Any) -> None:
    terms()
    deferred()
    make.funds()
    for _each in range(6):
        make.assessed()
    for address in (DUE, reverse("payments")):
        with django_assert_max_num_queries(45):
            assert as_trader.get(address).status_code == 200
