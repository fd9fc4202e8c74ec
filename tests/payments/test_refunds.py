"""Claims of refunds: what may be claimed, two officers, a clock, and where the money goes."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from clearance import services as clearance
from clearance.services import corrections
from declarations.models import Declaration, Event, Status
from lib.violations import Conflict
from payments import selectors, services
from payments.models import Account, Entry, PayOut, RefundClaim
from tariffs.models import RefundRule
from tests import make
from tests.clearance import correcting
from tests.clearance import make as files
from tests.payments.back_steps import (
    IBAN,
    SCAN,
    bank_account,
    claim,
    decided,
    payer,
    proposed,
    treasury,
)
from tests.payments.money_steps import LATER, balances, refuses

pytestmark = pytest.mark.django_db
D = Decimal


def balance() -> Decimal:
    return selectors.balance(make.company())


# What is claimed ----------------------------------------------------------------------------------------------
def test_what_is_granted_is_credited_to_who_paid_and_nothing_is_due_after_it() -> None:
    declaration = make.released()
    before = balance()
    found = claim(declaration)
    assert (found.status, found.due) == ("sent", LATER.date() + timedelta(days=30))
    assert balance() == before
    done = decided(found)
    declaration.refresh_from_db()
    assert (done.status, balance()) == ("granted", before + (declaration.payable or 0))
    assert (selectors.due(declaration), declaration.status) == (0, Status.RELEASED)
    assert done.entry is not None
    assert done.entry.kind == Entry.Kind.CREDIT
    verbs = Event.objects.filter(declaration=declaration).values_list("verb", flat=True)
    assert {"claim_refund", "grant_refund"} <= set(verbs)


def test_a_part_is_granted_tax_by_tax() -> None:
    declaration = make.released()
    tax, paid = next(iter(selectors.paid_positive(declaration.mrn).items()))
    before = balance()
    found = claim(declaration, by_tax={tax: paid}, amount=D(0))
    done = decided(found, amount="10")
    assert (done.granted, done.is_partly, balance() - before) == (D(10), True, D(10))
    assert selectors.paid_by_tax(declaration.mrn)[tax] == paid - 10
    again = claim(declaration, by_tax={tax: paid - 10}, amount=D(0))
    decided(again)
    assert selectors.paid_by_tax(declaration.mrn)[tax] == 0
    with refuses(("P126", f"taxes.{tax}")):
        claim(declaration, by_tax={tax: D(1)}, amount=D(0))


def test_the_same_key_is_one_claim_and_one_claim_is_open_at_a_time() -> None:
    declaration = make.released()
    assert claim(declaration, key="k").pk == claim(declaration, key="k").pk
    with refuses(("P123", "")):
        claim(declaration)


@pytest.mark.parametrize(
    ("wanted", "code", "pointer"),
    [
        ({"amount": D("99999999")}, "P126", "amount"),
        ({"amount": D(0)}, "P009", "amount"),
        ({"amount": D("1.005")}, "P107", "amount"),
        ({"reason": " \x00 "}, "P104", "reason"),
        ({"kind": "relief"}, "P121", "kind"),
        ({"kind": "generosity"}, "P120", "kind"),
        ({"kind": "remission"}, "P125", "file"),
        ({"kind": "remission", "papers": [("a.pdf", b"MZ")]}, "F003", "file"),
        ({"by_tax": {"ZZZ": D(1)}}, "P126", "taxes.ZZZ"),
    ],
)
def test_what_cannot_be_claimed_is_refused_with_a_sentence(wanted: dict[str, Any], code: str, pointer: str) -> None:
    declaration = make.released()
    with refuses((code, pointer)):
        claim(declaration, **wanted)
    assert not RefundClaim.objects.exists()


def test_strangers_and_who_has_not_paid_claim_nothing() -> None:
    declaration = make.released()
    with refuses(("P101", "")):
        claim(declaration, by=make.stranger())
    with refuses(("P101", "")):
        claim(declaration, by=make.colleague())


def test_after_its_term_nothing_is_claimed() -> None:
    declaration = make.released()
    make.other_law(RefundRule.objects.filter(kind="not_owed"), claim_days=1)
    late = make.AT + timedelta(days=3)
    with refuses(("P124", "kind")):
        services.claim_refund(
            declaration, company=make.company(), by=make.trader(), at=late, idempotency_key="x",
            wanted=services.Wanted("not_owed", "Twice.", amount=D(1)),
        )  # fmt: skip


# Two officers -------------------------------------------------------------------------------------------------
def test_two_officers_decide_and_nothing_counts_before_the_second() -> None:
    declaration = make.released()
    before = balance()
    found = proposed(claim(declaration))
    assert (found.status, balance()) == ("proposed", before)
    with refuses(("P129", "")):
        services.confirm_refund(found, by=treasury(), at=LATER)
    with refuses(("P102", "")):
        services.confirm_refund(found, by=make.supervisor(None), at=LATER)
    services.send_back_refund(found, text="The paper is of another year.", by=treasury("second"), at=LATER)
    found.refresh_from_db()
    assert (found.status, found.granted, found.advice) == ("sent", None, "")
    refused = decided(found, "refused")
    assert (refused.status, refused.entry, balance()) == ("refused", None, before)


def test_a_refund_is_decided_once() -> None:
    found = proposed(claim(make.released()))
    services.confirm_refund(found, by=treasury("second"), at=LATER)
    for again in (
        lambda: services.confirm_refund(found, by=treasury("third"), at=LATER),
        lambda: proposed(found),
        lambda: services.withdraw_refund(found, by=make.trader(), at=LATER),
    ):
        with pytest.raises(Conflict, match=r"P105.*granted"):
            again()
    assert Entry.objects.filter(kind=Entry.Kind.CREDIT).count() == 1


def test_an_officer_who_works_for_the_company_does_not_decide() -> None:
    found = claim(make.released())
    officer = treasury("tied")
    make.company().memberships.create(user=officer, right="payer", valid_from=make.SINCE)
    with refuses(("P103", "")):
        proposed(found, by=officer)


def test_the_company_withdraws_until_it_is_decided() -> None:
    declaration = make.released()
    found = proposed(claim(declaration))
    assert services.withdraw_refund(found, by=make.trader(), at=LATER).pk == found.pk
    with pytest.raises(Conflict, match=r"P105.*withdrawn"):
        services.confirm_refund(found, by=treasury("second"), at=LATER)
    assert claim(declaration).status == "sent"


def test_no_more_is_granted_than_is_still_paid_when_it_is_confirmed() -> None:
    declaration = make.paid()
    found = proposed(claim(declaration))
    files.amended(declaration, items=[make.item(item_price="900.00")], invoice_amount="900.00")
    with pytest.raises(Conflict, match="P130"):
        services.confirm_refund(found, by=treasury("second"), at=LATER)
    assert Entry.objects.filter(idempotency_key__startswith="refund:").count() == 0


def test_the_database_refuses_one_officer_and_a_grant_that_is_not_booked() -> None:
    found = proposed(claim(make.released()))
    for wrong in ("ended_by_id = advised_by_id", "ended_by_id = sent_by_id"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE payments_refundclaim SET status = 'granted', ended_at = now(), {wrong}")
    for change in ("amount = 1", "mrn = 'X'", "reason = ''"):
        refused = pytest.raises(IntegrityError, match="stays as it was")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE payments_refundclaim SET {change} WHERE id = %s", [found.pk])


# Beside other things --------------------------------------------------------------------------------------------
def test_a_correction_after_a_grant_gives_back_only_what_is_still_paid() -> None:
    declaration = make.released()
    before = balance()
    paid = declaration.payable or D(0)
    decided(claim(declaration, amount=D(50)))
    sent = correcting.sent(declaration, price="900.00")
    corrections.decide(sent, end="accepted", text="Yes.", by=correcting.officer(), at=correcting.AT, on=make.ON)
    corrections.confirm(sent, by=correcting.second_officer(), at=correcting.AT, on=make.ON)
    new = Declaration.objects.get(mrn=declaration.mrn, version=2)
    assert selectors.due(new) == 0
    assert new.status == Status.RELEASED
    assert balance() - before == paid - sum(selectors.paid_by_tax(new.mrn).values())


def test_what_was_paid_on_credit_goes_back_to_that_account() -> None:
    declaration = make.assessed()
    firm = make.company()
    deferred = services.open_account(firm, Account.Kind.DEFERRED, at=make.AT)
    make.limit(deferred, D(100000))
    services.pay_from_account(declaration, by=make.trader(), at=make.AT, idempotency_key="d", account=deferred)
    to = bank_account()
    done = decided(claim(declaration, pay_to=to))
    assert done.status == "granted"
    assert balances()["deferred"] == 0
    assert not PayOut.objects.exists()


def test_on_wish_what_is_granted_is_on_its_way_to_the_bank_at_once() -> None:
    declaration = make.released()
    before = balance()
    to = bank_account(IBAN)
    done = decided(claim(declaration, pay_to=to))
    out = PayOut.objects.get(claim=done)
    assert (out.status, out.amount, out.number) == ("approved", declaration.payable, IBAN)
    assert {out.first_by_id, out.approved_by_id} == {treasury().pk, treasury("second").pk}
    assert balance() == before


def test_a_bank_account_that_was_ended_meanwhile_leaves_the_money_on_the_balance() -> None:
    declaration = make.released()
    before = balance()
    to = bank_account()
    found = proposed(claim(declaration, pay_to=to))
    services.end_bank_account(to, by=payer(), at=LATER)
    services.confirm_refund(found, by=treasury("second"), at=LATER)
    assert not PayOut.objects.exists()
    assert balance() - before == declaration.payable


def test_papers_are_scans_and_bounded() -> None:
    found = claim(make.released(), kind="remission", papers=[SCAN])
    services.add_refund_paper(found, name="b.pdf", content=SCAN[1], by=make.trader(), at=LATER)
    for _more in range(8):
        services.add_refund_paper(found, name="b.pdf", content=SCAN[1], by=make.trader(), at=LATER)
    with refuses(("P106", "file")):
        services.add_refund_paper(found, name="b.pdf", content=SCAN[1], by=make.trader(), at=LATER)


def test_the_clock_is_by_the_law_and_what_is_late_is_found() -> None:
    make.other_law(RefundRule.objects.filter(kind="not_owed"), decide_days=5)
    found = claim(make.released())
    assert found.due == LATER.date() + timedelta(days=5)
    assert list(selectors.claims_overdue(on=found.due)) == []
    assert list(selectors.claims_overdue(on=found.due + timedelta(days=1))) == [found]


def test_what_goes_back_on_cancellation_is_credited_at_once_and_is_no_claim() -> None:
    declaration = make.paid()
    clearance.cancel(declaration, reason="wrong", by=make.trader(), at=LATER)
    [line] = selectors.credited_at_once(make.trader(), on=make.ON)
    assert line.credit == declaration.payable
    with refuses(("P126", "amount")):
        claim(declaration)
