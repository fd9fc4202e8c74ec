"""Who hears of what, by which verb, and never twice of the same."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.utils import timezone, translation

from accounts.models import Office, Role
from accounts.services import give_proposed_role, propose_role
from clearance import services as clearance
from clearance.models import Case
from clearance.services import corrections
from declarations.models import StockAccount
from lib.short_messages import parts
from notifications import services, tasks
from notifications.kinds import OFFICERS, TRADERS, WORDS, Kind, Mail, Ways
from notifications.models import Delivery, Message
from notifications.wording import place_of, said
from payments import bank
from payments import services as payments
from tariffs.selectors import national_currency
from tests import make
from tests.clearance import auditing, correcting
from tests.clearance import make as files
from tests.declarations import stock_steps
from tests.notifications import make as told
from tests.payments import money_steps
from traders.models import Company
from traders.services import give_mandate, revoke_mandate

FollowUps = Callable[[], AbstractContextManager[None]]
pytestmark = pytest.mark.django_db


def heard(kind: Kind) -> set[str]:
    """Addresses of those who were told of it."""
    return set(Message.objects.filter(kind=kind).values_list("recipient__email", flat=True))


def brokered() -> Case:
    """A broker's paid yellow file for the trader's company, which an officer holds."""
    broker = make.broker()
    agent = Company.objects.get(tin=make.BROKER_TIN)
    make.mandate(principal=make.company(owner=make.trader()), agent=agent)
    case = files.routed("yellow", declarant=agent, by=broker)
    make.funds(agent)
    files.pay_from_account(case.declaration, by=broker, at=make.AT, idempotency_key="p")
    return clearance.claim(Case.objects.get(pk=case.pk), by=files.yellow_officer(), at=make.AT)


def test_a_question_reaches_both_companies_and_the_answer_the_officer(follow_ups: FollowUps) -> None:
    case = brokered()
    make.stranger()
    with follow_ups():
        query = clearance.ask(
            case, question="Why?", due=timezone.localdate(), by=files.yellow_officer(), at=timezone.now()
        )
    assert heard(Kind.QUESTION) == {"broker@example.com", "trader@example.com"}
    with follow_ups():
        clearance.answer(query, text="So.", by=make.broker(), at=timezone.now())
    assert heard(Kind.ANSWER) == {files.yellow_officer().email}
    assert {each.declaration_id for each in Message.objects.filter(kind=Kind.ANSWER)} == {case.declaration_id}


def test_an_event_whose_task_runs_again_is_told_and_sent_once(follow_ups: FollowUps) -> None:
    case = brokered()
    with follow_ups():
        query = clearance.ask(case, question="Why?", due=make.ON, by=files.yellow_officer(), at=make.AT)
    before = Message.objects.count(), Delivery.objects.count()
    for _each in range(3):
        tasks.question_asked(query.pk)
    assert (Message.objects.count(), Delivery.objects.count()) == before


def test_a_question_answered_meanwhile_or_taken_back_is_no_news() -> None:
    query = files.queried()
    clearance.withdraw(query, reason="A mistake", by=files.yellow_officer(), at=make.AT)
    tasks.question_asked(query.pk)
    tasks.question_answered(query.pk)
    assert not Message.objects.exists()


def test_a_life_is_told_step_by_step(follow_ups: FollowUps) -> None:
    """Due, paid, released: to those who pay, and to everybody of the company."""
    colleague = make.colleague()
    make.funds()
    with follow_ups():
        declaration = make.lodged()
    assert heard(Kind.MONEY_DUE) == {"trader@example.com"}, "a preparer pays nothing"
    assert Decimal(Message.objects.get(kind=Kind.MONEY_DUE).params["amount"]) == declaration.payable
    with follow_ups():
        files.pay(declaration)
    assert heard(Kind.PAYMENT) == {"trader@example.com"}
    assert heard(Kind.RELEASED) == {"trader@example.com", colleague.email}
    assert heard(Kind.RECEIPT) == set(), "nobody chose it"


def test_a_receipt_is_told_to_whoever_chose_it(follow_ups: FollowUps) -> None:
    told.choose(make.trader(), Kind.RECEIPT, inbox=True, mail="", sms=False)
    with follow_ups():
        make.paid()
    assert heard(Kind.RECEIPT) == {"trader@example.com"}


def test_a_kind_switched_off_leaves_no_row(follow_ups: FollowUps) -> None:
    told.choose(make.trader(), Kind.MONEY_DUE, inbox=False, mail="", sms=False)
    with follow_ups():
        make.lodged()
    assert not Message.objects.filter(kind=Kind.MONEY_DUE).exists()


def test_a_rejection_is_told_and_ones_own_cancellation_is_not(follow_ups: FollowUps) -> None:
    colleague = make.colleague()
    with follow_ups():
        clearance.reject(files.claimed(), reason="Forged", by=files.yellow_officer(), at=make.AT)
        clearance.cancel(make.lodged(), reason="Sold elsewhere", by=make.trader(), at=make.AT)
    assert heard(Kind.REJECTED) == {"trader@example.com", colleague.email}
    assert heard(Kind.AMENDED) == {colleague.email}


def test_an_amendment_tells_the_others_and_what_is_due_more(follow_ups: FollowUps) -> None:
    colleague = make.colleague()
    paid = make.paid()
    item = make.item(item_price="1300.00", documents=None)
    with follow_ups():
        new = files.amended(paid, invoice_amount="1300.00", items=[item | {"documents": make.item()["documents"]}])
    assert heard(Kind.AMENDED) == {colleague.email}
    due = Message.objects.get(kind=Kind.MONEY_DUE, declaration=new)
    assert new.payable is not None
    assert paid.payable is not None
    assert Decimal(due.params["amount"]) == new.payable - paid.payable


def test_what_came_of_a_payment_at_the_bank_is_told(follow_ups: FollowUps, monkeypatch: pytest.MonkeyPatch) -> None:
    started = bank.Started(bank_reference="B-7", url="http://bank.example/")
    monkeypatch.setattr(bank, "start", lambda **_told: started)
    lost, kept, used = money_steps.begin(amount="5"), money_steps.begin(amount="7"), make.lodged()
    assert used.payable
    pays = money_steps.begin(amount=str(used.payable), declaration=used)
    monkeypatch.setattr(bank, "ask", lambda **_asked: [])
    with follow_ups():
        payments.ask(lost, at=make.AT + timedelta(minutes=30))
    assert heard(Kind.PAYMENT_FAILED) == set(), "it is still open"
    with follow_ups():
        payments.ask(lost, at=make.AT + timedelta(hours=2))
        money_steps.confirm(kept, "7", transaction="T1")
        money_steps.confirm(pays, str(used.payable), transaction="T2")
    assert heard(Kind.PAYMENT_FAILED) == {"trader@example.com"}
    booked = Message.objects.filter(kind=Kind.PAYMENT).order_by("pk")
    assert [each.variant for each in booked] == ["kept", ""], "the one that paid is told as a payment alone"


def test_a_mandate_is_told_to_the_other_side_and_before_it_ends(follow_ups: FollowUps) -> None:
    trader, broker = make.trader(), make.broker()
    agent = Company.objects.get(tin=make.BROKER_TIN)
    last = make.ON + timedelta(days=14)
    with follow_ups():
        mandate = give_mandate(make.company(), agent=agent, by=trader, at=make.AT, valid_from=make.SINCE, valid_to=last)
    assert heard(Kind.MANDATE) == {broker.email}
    days = [(timedelta(days=number), expected) for number, expected in ((-1, 0), (0, 2), (5, 0), (11, 2), (13, 0))]
    for later, expected in days:
        now = make.AT + later
        assert services.tell_of_ending_mandates(on=make.ON + later, now=now) == expected, later
    with follow_ups():
        revoke_mandate(mandate, by=trader, at=make.AT)
    assert Message.objects.filter(recipient=broker, variant="revoked").count() == 1
    assert services.tell_of_ending_mandates(on=last, now=make.AT) == 0


def test_a_role_that_two_administrators_gave_is_told(follow_ups: FollowUps) -> None:
    person, admin, other = make.user("new@customs.example"), make.officer(Role.ADMIN, None), None
    other = make.officer(Role.ADMIN, None, email="second@customs.example")
    office = Office.objects.get(code=make.OFFICE)
    at, on = timezone.now(), timezone.localdate()
    with follow_ups():
        proposal = propose_role(person, role=Role.DOCUMENTARY, office=office, reason="New", by=admin, on=on, at=at)
        give_proposed_role(proposal, by=other, on=on, at=at)
    assert heard(Kind.ROLE) == {person.email}
    told.send()
    assert [letter.to for letter in mail.outbox] == [[person.email]]
    assert "documentary officer” (TJ01)" in mail.outbox[0].body


def test_a_late_file_is_told_to_its_supervisors_once() -> None:
    case = files.routed("yellow")
    chief, elsewhere = make.supervisor(), make.supervisor("TJ02")
    late = case.due_at + timedelta(hours=1)
    assert services.tell_of_late_files(now=case.due_at - timedelta(minutes=1)) == 0
    assert services.tell_of_late_files(now=late) == 1
    assert services.tell_of_late_files(now=late) == 0
    assert heard(Kind.LATE) == {chief.email}
    assert elsewhere.email not in heard(Kind.LATE)


def test_an_overdue_audit_is_told_once_to_its_officer_and_the_supervisors_of_the_office() -> None:
    audit = auditing.planned()
    chief, elsewhere = make.supervisor(), make.supervisor("TJ02")
    last = timezone.make_aware(datetime.combine(audit.due, time(22)))
    after = last + timedelta(hours=9)
    assert services.tell_of_late_audits(now=last) == 0, "the whole of its last day is its own"
    assert services.tell_of_late_audits(now=after) == 2
    assert services.tell_of_late_audits(now=after + timedelta(days=1)) == 0
    assert heard(Kind.LATE) == {auditing.auditor().email, chief.email}
    assert elsewhere.email not in heard(Kind.LATE)
    message = Message.objects.filter(kind=Kind.LATE, recipient=chief).get()
    assert place_of(message) == f"/audits/files/{audit.public_id}/"
    assert audit.mrn in said(message, national=national_currency()).title
    assert Delivery.objects.filter(message=message, channel="email", daily=True).exists(), "it is in the outbox"


def test_an_overdue_audit_that_nobody_has_taken_or_that_is_of_a_company_is_told_too() -> None:
    audit = auditing.opened()
    of_company = auditing.of_company(due=audit.due)
    chief, after = make.supervisor(), timezone.make_aware(datetime.combine(audit.due, time(9))) + timedelta(days=1)
    assert of_company.due < after.date()
    assert services.tell_of_late_audits(now=after) == 3
    places = {place_of(message) for message in Message.objects.filter(kind=Kind.LATE, recipient=chief)}
    assert places == {f"/audits/files/{audit.public_id}/", f"/audits/companies/{of_company.public_id}/"}
    lead = Message.objects.get(kind=Kind.LATE, recipient=of_company.lead)
    assert str(of_company.company) in said(lead, national=national_currency()).text


def test_each_step_of_a_proposal_is_told_once_to_the_other_side() -> None:
    made = correcting.proposed(correcting.at_moment("released"), price="1500.00")
    for _twice in range(2):
        tasks.proposal_made(made.pk)
    assert heard(Kind.PROPOSAL) == {"trader@example.com"}
    corrections.contest(made, reason="The invoice is right.", by=make.trader(), at=correcting.AT)
    for _twice in range(2):
        tasks.proposal_answered(made.pk)
    assert heard(Kind.PROPOSAL_ANSWERED) == {correcting.officer().email}
    assert Message.objects.count() == 2


def test_a_correction_after_release_is_told_to_the_office_and_its_end_to_the_trader() -> None:
    made = correcting.sent(correcting.at_moment("released").declaration, price="900.00")
    tasks.correction_sent(made.pk)
    assert correcting.officer().email in heard(Kind.CORRECTION_SENT)
    assert "trader@example.com" not in heard(Kind.CORRECTION_SENT)
    correcting.second_officer()
    correcting.consented(made)
    tasks.correction_decided(made.pk)
    assert heard(Kind.CORRECTION_DECIDED) == {"trader@example.com"}


def test_terms_of_stock_are_told_to_its_company_once_for_each_term() -> None:
    account = StockAccount.objects.get(item__declaration=stock_steps.in_warehouse())
    for task in (tasks.stock_due, tasks.stock_due, tasks.stock_overdue):
        task(account.pk)
    assert heard(Kind.STOCK_DUE) == {"trader@example.com"}
    assert sorted(Message.objects.filter(kind=Kind.STOCK_DUE).values_list("variant", flat=True)) == ["", "overdue"]


def test_an_exit_is_told_to_the_trader() -> None:
    tasks.exited(correcting.at_moment("exited").declaration_id)
    assert heard(Kind.EXITED) == {"trader@example.com"}


def test_old_news_stand_in_the_inbox_and_are_not_sent() -> None:
    query = files.queried()
    services.question_asked(query.pk, now=make.AT + timedelta(days=3))
    assert Message.objects.count() == 1
    assert not Delivery.objects.exists()


def test_the_daily_letter_is_for_the_next_morning_of_the_portals_zone() -> None:
    told.choose(told.person(), mail=Mail.DAILY)
    told.told(told.person())
    due = timezone.localtime(Delivery.objects.get().due_at, timezone.get_default_timezone())
    assert (due.hour, due.minute) == (8, 0)
    assert timedelta(0) < due - told.now() <= timedelta(days=1)


# Words --------------------------------------------------------------------------------------------------------
FILLING = {
    "guarantee": "BG-2026/117 · Orienbank",
    "mrn": "26TJ0200000001234A", "due": "2026-12-01", "amount": "1234567.89", "day": "2026-12-01", "number": "R1",
    "version": 2, "company": "Somon (1)", "principal": "Somon (1)", "agent": "Safar (2)", "role": "documentary",
    "office": "TJ01", "decision": "Seen.", "reason": "P004", "name": "invoice.pdf", "found": "Eicar-Signature",
    "first": "2026-06-01", "last": "2026-11-30", "visit": "2026-12-10",
}  # fmt: skip


def test_every_kind_has_words_and_somebody_who_reads_them() -> None:
    assert {kind for kind, _variant in WORDS} == set(Kind)
    assert set(OFFICERS) | set(TRADERS) == set(Kind)


@pytest.mark.parametrize("language", ["en", "ru", "tg"])
def test_no_place_of_the_words_stays_empty_and_an_sms_stays_short(language: str) -> None:
    national = national_currency()
    for kind, variant in WORDS:
        with translation.override(language):
            words = said(Message(kind=kind, variant=variant, params=FILLING), national=national)
        for text in (words.title, words.text, words.todo, words.short):
            assert text
            assert "{" not in text, (kind, variant)
        assert len(words.short) <= 160
        assert parts(words.short) <= 2, (words.short, len(words.short))


def test_what_is_sent_is_in_the_inbox_too() -> None:
    services.choose_ways(told.person(), {Kind.QUESTION: Ways(inbox=False, mail=Mail.AT_ONCE)})
    told.told(told.person())
    assert (Message.objects.count(), Delivery.objects.count()) == (1, 1)
