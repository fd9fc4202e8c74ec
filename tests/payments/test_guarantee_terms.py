"""Guarantees as the treasury keeps them: two officers, validity, room, reminders, and who sees which."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from clearance.services import claim, decide_release, release_if_clear, route
from declarations.models import Status
from lib.figures import plain
from lib.violations import Rejected
from notifications.models import Message
from notifications.services import guarantee_ending, guarantee_expired
from notifications.wording import place_of
from payments import selectors, services
from payments.models import Account, Guarantee, GuaranteeReminder, GuaranteeTerms, LimitChange, Reservation
from payments.tasks import keep_guarantees
from risk.services import score
from tests import make
from tests.clearance import make as files
from tests.declarations.stock_steps import in_warehouse
from tests.payments.money_steps import GUARANTEE, pay, refuses
from tests.payments.test_paying import suspended
from tests.scans import PNG

pytestmark = pytest.mark.django_db
D = Decimal
END = make.ON + timedelta(days=60)


def treasury(number: int = 1) -> User:
    return make.officer(Role.TREASURY, None, email=f"treasury{number}@customs.example")


def entered(**changes: Any) -> Guarantee:
    told = {
        "company": make.company(owner=make.trader()), "guarantor": "Orien Bank", "reference": "G-17",
        "limit": D(100_000), "valid_from": make.SINCE, "valid_to": END,
    }  # fmt: skip
    return services.enter_guarantee(services.Undertaking(**{**told, **changes}), by=treasury(), at=make.AT)


def agreed(**changes: Any) -> Guarantee:
    guarantee = entered(**changes)
    return services.agree_terms(guarantee.terms.get(), by=treasury(2), at=make.AT)


def test_an_undertaking_counts_when_a_second_officer_has_agreed_and_the_limit_says_who() -> None:
    guarantee = entered()
    declaration = suspended()
    make.funds()
    with refuses(("P005", "guarantee")):
        pay(declaration)
    with refuses(("P030", "")):
        services.agree_terms(guarantee.terms.get(), by=treasury(), at=make.AT)
    services.agree_terms(guarantee.terms.get(), by=treasury(2), at=make.AT)
    with refuses(("P031", "")):
        services.agree_terms(guarantee.terms.get(), by=treasury(2), at=make.AT)
    change = LimitChange.objects.get(account=guarantee.account)
    assert (change.by, change.decided_by, change.new) == (treasury(), treasury(2), 100_000)
    assert pay(declaration).status == Status.PAID
    held = Reservation.objects.get()
    assert held.account == guarantee.account
    assert held.account.guarantee == guarantee
    assert held.amount == declaration.guaranteed


def test_only_the_treasury_enters_and_what_makes_no_sense_is_refused() -> None:
    told = services.Undertaking(make.company(owner=make.trader()), " ", "", D(1), make.SINCE, END, mrn="26TJ99")
    with refuses(("P025", "")):
        services.enter_guarantee(told, by=make.officer(), at=make.AT)
    with refuses(("P026", "guarantor"), ("P026", "reference"), ("P028", "mrn")):
        services.enter_guarantee(told, by=treasury(), at=make.AT)
    with refuses(("P026", "valid_to")):
        entered(valid_to=date(2025, 1, 1))
    entered()
    with refuses(("P027", "reference")):
        entered(reference="g-17", guarantor="Orien  bank")


def test_an_expired_undertaking_secures_nothing_and_the_sentence_says_which_and_when() -> None:
    agreed(valid_to=make.ON - timedelta(days=1))
    make.funds()
    with pytest.raises(Rejected) as refused:
        pay(suspended())
    [fault] = refused.value.violations
    assert (fault.code, fault.pointer) == ("P020", "guarantee")
    assert "G-17" in str(fault.sentence)
    assert "22" in str(fault.sentence)


def test_an_exhausted_undertaking_secures_nothing_more() -> None:
    make.funds()
    first = suspended()
    agreed(limit=first.guaranteed or D(0))
    pay(first)
    with refuses(("P005", "guarantee")):
        pay(suspended(), key="second")


def test_an_individual_guarantee_secures_its_declaration_alone_and_first() -> None:
    make.funds()
    agreed()
    first, other = suspended(), suspended()
    own = agreed(reference="G-18", mrn=first.mrn)
    pay(other, key="other")
    pay(first, key="first")
    held = {
        row.mrn: row.account.guarantee.reference for row in Reservation.objects.select_related("account__guarantee")
    }
    assert held == {first.mrn: "G-18", other.mrn: "G-17"}
    with refuses(("P022", "guarantee")):
        services.hold_elsewhere(other, own, by=make.trader(), at=make.AT)


def test_nothing_is_released_against_an_expired_guarantee_until_another_one_holds() -> None:
    files.all_on("yellow")
    make.funds()
    agreed()
    declaration = suspended()
    score(declaration.pk, at=make.AT)
    case = route(declaration.pk, at=make.AT)
    assert case is not None
    pay(declaration)
    officer = files.yellow_officer()
    later = make.AT + timedelta(days=61)
    claim(case, by=officer, at=later)
    files.checked(case, by=officer)
    with refuses(("P020", "guarantee")):
        decide_release(case, by=officer, at=later)
    assert not release_if_clear(declaration.pk, at=later)
    other = agreed(reference="G-19", valid_to=END + timedelta(days=90))
    with refuses(("P003", "guarantee")):
        services.hold_elsewhere(declaration, other, by=make.colleague(), at=later)
    services.hold_elsewhere(declaration, other, by=make.trader(), at=later)
    decide_release(case, by=officer, at=later)
    declaration.refresh_from_db()
    assert declaration.status == Status.RELEASED
    assert selectors.held_for(declaration.mrn).account.guarantee == other


def test_who_is_concerned_is_reminded_once_of_an_end_that_comes_and_of_one_that_came(time_machine: Any) -> None:
    guarantee = agreed()
    make.funds()
    pay(suspended())
    for day, kind in ((END - timedelta(days=31), ""), (END - timedelta(days=20), "ending"), (END, "ending")):
        time_machine.move_to(make.AT + (day - make.ON))
        keep_guarantees()
        assert [row.kind for row in GuaranteeReminder.objects.all()] == ([kind] if kind else [])
    time_machine.move_to(make.AT + (END - make.ON) + timedelta(days=1))
    for _again in range(2):
        keep_guarantees()
    assert set(GuaranteeReminder.objects.values_list("guarantee", "kind")) == {
        (guarantee.pk, "ending"), (guarantee.pk, "expired"),
    }  # fmt: skip


def test_a_message_leads_to_the_page_of_the_guarantee() -> None:
    guarantee = agreed()
    assert guarantee_ending(guarantee.pk, now=make.AT) >= 3
    assert guarantee_expired(guarantee.pk, now=make.AT) >= 3
    assert guarantee_expired(guarantee.pk, now=make.AT) == 0
    told = Message.objects.filter(kind="guarantee", variant="expired")
    assert {make.trader().pk, treasury().pk, treasury(2).pk} <= set(told.values_list("recipient", flat=True))
    assert place_of(told.first()) == reverse("guarantee", args=[guarantee.public_id])


def test_the_database_deletes_no_guarantee_and_moves_its_end_by_agreed_terms_alone() -> None:
    guarantee = agreed()
    for change in (
        lambda: Guarantee.objects.filter(pk=guarantee.pk).update(valid_to=END + timedelta(days=1)),
        lambda: Guarantee.objects.filter(pk=guarantee.pk).update(reference="other"),
        lambda: GuaranteeTerms.objects.update(limit=5),
        lambda: GuaranteeTerms.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    with pytest.raises(IntegrityError), transaction.atomic():
        GuaranteeTerms.objects.create(
            guarantee=guarantee, limit=1, valid_to=END, reason="x", by=treasury(), at=make.AT, status="agreed",
            decided_by=treasury(), decided_at=make.AT,
        )  # fmt: skip
    services.propose_terms(guarantee, limit=D(5), valid_to=END, reason="less", by=treasury(), at=make.AT)
    with refuses(("P029", "")):
        services.propose_terms(guarantee, limit=D(6), valid_to=END, reason="more", by=treasury(), at=make.AT)
    services.refuse_terms(guarantee.terms.last(), reason="no letter", by=treasury(2), at=make.AT)
    assert Account.objects.get(pk=guarantee.account_id).limit == 100_000


# Doors --------------------------------------------------------------------------------------------------------
def client(user: User) -> Client:
    made = Client()
    made.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return made


def test_the_treasury_enters_by_the_form_and_a_second_officer_agrees(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    make.trader()
    form = {
        "tin": make.TIN, "guarantor": "Orien Bank", "reference": "G-17", "limit": "100 000", "valid_from": "2026-01-01",
        "valid_to": "2027-01-31", "reason": "letter", "mrn": "",
    }  # fmt: skip
    first, second = client(treasury()), client(treasury(2))
    assert first.post(reverse("guarantee_new"), form | {"tin": "019999999"}).status_code == 422
    answer = first.post(reverse("guarantee_new"), form)
    guarantee = Guarantee.objects.get(form="undertaking")
    page = reverse("guarantee", args=[guarantee.public_id])
    assert answer.url == page
    decide = reverse("guarantee_decide", args=[guarantee.public_id, guarantee.terms.get().pk, "agree"])
    assert first.post(decide).status_code == 422
    assert second.post(decide).status_code == 302
    assert "Orien Bank" in second.get(page).content.decode()
    scan = SimpleUploadedFile("letter.png", PNG)
    assert first.post(reverse("guarantee_add_paper", args=[guarantee.public_id]), {"file": scan}).status_code == 302
    paper = guarantee.papers.get()
    got = client(make.trader()).get(reverse("guarantee_paper", args=[guarantee.public_id, paper.public_id]))
    assert b"".join(got.streaming_content).startswith(b"\xff\xd8")  # written anew, as JPEG
    listed = first.get(reverse("guarantees_table", args=["csv"]), {"search": "orien"})
    assert b"G-17" in b"".join(listed.streaming_content)


@pytest.mark.parametrize("who", ["stranger", "colleague", "officer", "cashier", "auditor", "trader"])
def test_who_sees_a_guarantee_and_who_acts_on_it(who: str) -> None:
    guarantee = agreed()
    persons: dict[str, Any] = {
        "stranger": make.stranger, "colleague": make.colleague, "officer": make.officer, "trader": make.trader,
        "cashier": lambda: make.officer(Role.CASHIER, None), "auditor": lambda: make.officer(Role.AUDITOR, None),
    }  # fmt: skip
    browser, sees = client(persons[who]()), who in ("auditor", "trader")
    page = reverse("guarantee", args=[guarantee.public_id])
    assert browser.get(page).status_code == (200 if sees else 404)
    listed = browser.get(reverse("guarantees"))
    assert listed.status_code == (200 if sees or who == "stranger" else 404)
    assert (b"Orien Bank" in listed.content) == sees
    refused = 403 if who == "auditor" else 404
    assert browser.get(reverse("guarantee_new")).status_code == refused
    for name, args in (
        ("guarantee_terms", []), ("guarantee_add_paper", []), ("guarantee_decide", [1, "agree"]),
        ("guarantee_call", ["26TJ1"]),
    ):  # fmt: skip
        assert browser.post(reverse(name, args=[guarantee.public_id, *args])).status_code == refused, name


def test_the_page_says_what_holds_it_since_when_and_due_when() -> None:
    stock = in_warehouse()
    guarantee = Guarantee.objects.get(account__company=make.company(), account__kind=GUARANTEE)
    text = client(make.trader()).get(reverse("guarantee", args=[guarantee.public_id])).content.decode()
    assert stock.mrn in text
    assert reverse("declaration", args=[stock.public_id]) in text
    shown = client(make.trader()).get(reverse("declaration", args=[stock.public_id])).content.decode()
    assert reverse("guarantee", args=[guarantee.public_id]) in shown
    table = client(make.trader()).get(reverse("guarantee_holds", args=[guarantee.public_id, "csv"]))
    assert f"{stock.mrn},{plain(stock.guaranteed, least=2)},{make.ON}" in table.getvalue().decode()  # type: ignore[attr-defined]
    listed = client(make.trader()).get(reverse("api-guarantees")).json()["results"]
    assert str(guarantee.public_id) in {each["public_id"] for each in listed}
    told = client(make.trader()).get(reverse("api-guarantee", args=[guarantee.public_id])).json()
    [hold] = told["holds"]
    assert (hold["mrn"], D(hold["amount"]), D(told["reserved"])) == (stock.mrn, stock.guaranteed, stock.guaranteed)
    assert (hold["since"][:10], hold["overdue"], hold["due"] > hold["since"]) == (str(make.ON), False, True)
    assert client(make.stranger()).get(reverse("api-guarantee", args=[guarantee.public_id])).status_code == 404
