"""Each verb, killed before and after each of its commits: when it was asked again and swept, all is as if never killed.

A person whose verb left no trace asks again; whoever sees that it was done does not. What the verb set to work is done
by the sweep.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from celery import current_app
from django.db.models import Q, Sum
from django.db.models.functions import Now

from accounts.models import FollowUp, Role
from accounts.services import followups
from clearance import services as clearance
from clearance.models import Case, Correction, ExitConfirmation
from clearance.services import corrections
from declarations import services
from declarations.models import Charge, Declaration, Event, IssuedPaper, Levy, Status, StockAccount, StockMovement
from lib import papers
from notifications.models import Message
from payments import selectors
from payments import services as payments
from payments.models import (
    BankAccount,
    BankFile,
    Closing,
    ClosingOffice,
    Difference,
    GuaranteeFreed,
    MoneyEvent,
    PaymentFile,
    PayOut,
    Posting,
    RefundClaim,
    Reservation,
    Revenue,
)
from payments.selectors import books
from payments.services import revenue_charts
from risk.models import Score
from tests import make
from tests.clearance import correcting
from tests.clearance import make as files
from tests.databases import Databases
from tests.declarations import stock_steps
from tests.ops.killing import moments
from tests.payments import back_steps as back
from tests.payments.money_steps import LATER, move
from tests.payments.statement_files import Told, booked, camt
from tests.payments.test_paying import suspended

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_server]


@dataclass(frozen=True)
class Verb:
    """`begin` makes a declaration, `do` is the verb under test. On yellow what is paid waits for an officer.

    What follows a payment on green, as far as the release note, is the same whoever paid: it is killed after "pay" and
    "lodge what is paid automatically".
    """

    begin: Callable[[], Declaration]
    do: Callable[[Declaration], Any]
    lane: str = "yellow"


def lodge(declaration: Declaration) -> Declaration:
    return services.lodge(declaration, on=make.ON, at=make.AT, by=make.trader())


def pay(declaration: Declaration) -> Declaration:
    key = f"kill-{declaration.pk}"
    return payments.pay_from_account(declaration, by=make.trader(), at=make.AT, idempotency_key=key)


def cancel(declaration: Declaration) -> Declaration:
    return clearance.cancel(declaration, reason="wrong goods", by=make.trader(), at=make.AT)


def amend(price: str) -> Callable[[Declaration], Declaration]:
    changes = {"items": [make.item(item_price=price)], "invoice_amount": price}
    return lambda declaration: files.amended(declaration, **changes)


def with_an_officer() -> Declaration:
    declaration = make.paid()
    files.taken(Case.objects.get(declaration=declaration), by=files.yellow_officer())
    return declaration


def release(declaration: Declaration) -> Case:
    case = Case.objects.get(declaration=declaration)
    return clearance.decide_release(case, by=files.yellow_officer(), at=make.AT)


def reject(declaration: Declaration) -> Declaration:
    case = Case.objects.get(declaration=declaration)
    return clearance.reject(case, reason="not so", by=files.yellow_officer(), at=make.AT)


def secured() -> Declaration:
    return pay(suspended())


def out_of_stock() -> Declaration:
    """A draft that takes a kilogram of goods from before the system."""
    stock = StockAccount.objects.first() or stock_steps.before_the_system()
    return make.draft(**stock_steps.home_use(stock, "1"))


def drawn_and_paid() -> Declaration:
    return pay(lodge(out_of_stock()))


def drawn_with_an_officer() -> Declaration:
    declaration = drawn_and_paid()
    files.taken(Case.objects.get(declaration=declaration), by=files.yellow_officer())
    return declaration


def released_export() -> Declaration:
    declaration = make.paid(**files.EXPORT)
    files.taken(Case.objects.get(declaration=declaration), by=files.yellow_officer())
    release(declaration)
    return declaration


def leave(declaration: Declaration) -> object:
    gate = make.officer(Role.EXAMINING, files.EXIT_OFFICE)
    return clearance.confirm_exit(declaration, vehicle="01 777 AB 01", packages=40, by=gate, at=files.LATER)


def claimed_after_release() -> Declaration:
    """The trader asks for a lower price; the first officer has agreed."""
    declaration = with_an_officer()
    release(declaration)
    sent = correcting.sent(Declaration.objects.get(pk=declaration.pk), price="900.00")
    corrections.decide(sent, end="accepted", text="It is right.", by=correcting.officer(), at=correcting.AT, on=make.ON)
    return declaration


def confirm_claim(declaration: Declaration) -> object:
    claim = Correction.objects.get(declaration=declaration)
    return corrections.confirm(claim, by=correcting.second_officer(), at=correcting.AT, on=make.ON)


def proposed() -> Declaration:
    declaration = with_an_officer()
    correcting.proposed(Case.objects.get(declaration=declaration), price="1500.00")
    return declaration


def accept(declaration: Declaration) -> object:
    proposal = Correction.objects.get(declaration=declaration)
    return corrections.accept(proposal, by=make.trader(), at=correcting.AT, on=make.ON)


def released() -> Declaration:
    declaration = with_an_officer()
    release(declaration)
    return Declaration.objects.get(pk=declaration.pk)


def claim_back(declaration: Declaration) -> RefundClaim:
    key, to = f"kill-{declaration.pk}", BankAccount.objects.get()
    return back.claim(declaration, key=key, amount=Decimal(50), pay_to=to)


def claimed_back() -> Declaration:
    declaration = released()
    claim_back(declaration)
    return declaration


def propose_refund(declaration: Declaration) -> RefundClaim:
    return back.proposed(RefundClaim.objects.get(mrn=declaration.mrn))


def proposed_back() -> Declaration:
    declaration = claimed_back()
    propose_refund(declaration)
    return declaration


def grant(declaration: Declaration) -> RefundClaim:
    found = RefundClaim.objects.get(mrn=declaration.mrn)
    return payments.confirm_refund(found, by=back.treasury("second"), at=LATER)


def granted() -> Declaration:
    declaration = proposed_back()
    grant(declaration)
    return declaration


def make_file(_declaration: Declaration) -> PaymentFile:
    return payments.make_payment_file(by=back.treasury(), at=LATER)


def in_a_file() -> Declaration:
    declaration = granted()
    make_file(declaration)
    return declaration


def told_by_bank(sign: str) -> Callable[[Declaration], BankFile]:
    """The statement with the debit of the pay-out, or with its return."""

    def book(declaration: Declaration) -> BankFile:
        out = PayOut.objects.get(claim__mrn=declaration.mrn)
        told = Told(f"{sign}50.00", f"{sign}{out.pk}", end_to_end=out.reference, reversal=not sign)
        return booked(camt([told], number=f"{sign}{out.pk}"))

    return book


def paid_out() -> Declaration:
    declaration = in_a_file()
    told_by_bank("-")(declaration)
    return declaration


def call(declaration: Declaration) -> object:
    by = make.officer(Role.TREASURY, None)
    return payments.call_overdue(declaration.pk, text="The term is over.", by=by, at=make.AT + timedelta(days=1200))


def charge(declaration: Declaration) -> object:
    case = Case.objects.get(declaration=declaration)
    return clearance.charge_fee(
        case, code="SAMPLE", quantity=Decimal(2), text="Samples", by=files.yellow_officer(), at=make.AT
    )


def charged_and_paid() -> Declaration:
    declaration = with_an_officer()
    charge(declaration)
    return payments.pay_from_account(
        declaration, by=make.trader(), at=make.AT, idempotency_key=f"kill-fee-{declaration.pk}"
    )


def drop(declaration: Declaration) -> object:
    levy = Levy.objects.get(mrn=declaration.mrn)
    return clearance.drop_levy(levy, text="It was one.", by=correcting.second_officer(), at=make.AT)


def pay_two(declaration: Declaration) -> object:
    """The click of a page that shows two declarations; the other one is paid after this one."""
    other = Declaration.objects.filter(status=Status.ASSESSED).exclude(pk=declaration.pk).order_by("-pk")[:1]
    account = selectors.account_of(make.company(), "prepaid")
    assert account is not None
    return payments.pay_many(
        [declaration, *other], account=account, by=make.trader(), at=make.AT, idempotency_key=f"kill-{declaration.pk}"
    )


def one_of_two() -> Declaration:
    make.assessed()
    return make.assessed()


def share(amount: Decimal) -> Callable[[Declaration], object]:
    """Take so much of what is due, or all that is left of it (0), from the prepaid account."""

    def pay_share(declaration: Declaration) -> object:
        account = selectors.account_of(make.company(), "prepaid")
        assert account is not None
        shares = {account: amount or selectors.due(declaration)}
        key = f"kill-{declaration.pk}-{amount}"
        return payments.pay_split(declaration, shares=shares, by=make.trader(), at=make.AT, idempotency_key=key)

    return pay_share


def paid_in_part() -> Declaration:
    declaration = make.assessed()
    share(Decimal(10))(declaration)
    return declaration


def automatic() -> Declaration:
    each, daily = Decimal(10**6), Decimal(10**8)
    payments.set_auto_payment(
        make.company(), is_on=True, source="prepaid", each=each, daily=daily, by=make.trader(), at=make.AT
    )
    return make.draft()


VERBS = {
    "pay many": Verb(one_of_two, pay_two),
    "pay a share": Verb(make.assessed, share(Decimal(10))),
    "pay the last share": Verb(paid_in_part, share(Decimal(0))),
    "lodge what is paid automatically": Verb(automatic, lodge, lane="green"),
    "lodge": Verb(make.draft, lodge, lane="green"),
    "pay": Verb(make.assessed, pay, lane="green"),
    "pay what is secured": Verb(suspended, pay),
    "cancel what is paid": Verb(make.paid, cancel),
    "cancel what is secured": Verb(secured, cancel),
    "amend upwards": Verb(make.paid, amend("1500.00")),
    "amend downwards": Verb(make.paid, amend("900.00")),
    "release": Verb(with_an_officer, release),
    "reject": Verb(with_an_officer, reject),
    "draw on stock": Verb(out_of_stock, lodge),
    "cancel what drew": Verb(drawn_and_paid, cancel),
    "release what drew": Verb(drawn_with_an_officer, release),
    "confirm the exit": Verb(released_export, leave),
    "confirm a claim after release": Verb(claimed_after_release, confirm_claim),
    "accept a proposal": Verb(proposed, accept),
    "claim a refund": Verb(released, claim_back),
    "propose a refund": Verb(claimed_back, propose_refund),
    "grant a refund and pay it out": Verb(proposed_back, grant),
    "make a payment file": Verb(granted, make_file),
    "book what was paid out": Verb(in_a_file, told_by_bank("-")),
    "book what bounced": Verb(paid_out, told_by_bank("")),
    "call what is overdue": Verb(secured, call, lane="green"),
    "charge a fee": Verb(with_an_officer, charge),
    "drop a fee that was paid": Verb(charged_and_paid, drop),
}


@pytest.mark.parametrize("name", VERBS)
def test_a_verb_that_is_killed_at_any_commit_is_whole_after_asking_again_and_the_sweep(
    name: str, monkeypatch: pytest.MonkeyPatch, databases: Databases
) -> None:
    verb = VERBS[name]
    _prepare(monkeypatch, lane=verb.lane)
    never_killed = verb.begin()
    verb.do(never_killed)
    repair()
    expected = facts(never_killed)
    declaration = verb.begin()
    repair()
    begun = databases.as_it_stands()
    for moment in moments():
        if not databases.brought_back(begun):
            declaration = verb.begin()
            repair()
        declaration = Declaration.objects.get(pk=declaration.pk)
        trace = _trace(declaration)
        came_so_far = moment.kills(lambda d=declaration: verb.do(d))  # type: ignore[misc]
        if _trace(declaration) == trace:
            assert came_so_far
            assert moment.at_commit == 1, "what is committed has left its trace"
            verb.do(declaration)
        repair()
        assert facts(declaration) == expected, (name, moment)


def test_a_night_that_is_killed_at_any_commit_has_closed_its_day_after_the_next_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _prepare(monkeypatch, lane="green")
    monkeypatch.setattr(revenue_charts, "draw_charts", lambda **_when: [])  # drawn anew whenever rows are others
    payments.close_days(at=make.AT + timedelta(days=1))
    never_killed, night = a_day(1)
    night()
    expected = _closed_on(never_killed)
    assert expected["closings"] == [("closed", 1, 0, 0)]
    assert expected["revenue"]
    for number, moment in enumerate(moments(), start=2):
        day, night = a_day(number)
        moment.kills(night)
        repair()
        night()
        assert _closed_on(day) == expected, moment
    assert list(books.faults()) == []


def a_day(number: int) -> tuple[date, Callable[[], object]]:
    """A day on which something was paid, and the night after it."""
    at = make.AT + timedelta(days=number)
    payments.pay_from_account(make.assessed(), by=make.trader(), at=at, idempotency_key=f"day-{number}")
    return at.date(), partial(payments.close_days, at=at + timedelta(days=1))


def _closed_on(day: date) -> dict[str, Any]:
    """What is known of a day, without the names of its declarations."""
    repair()
    closings, offices = Closing.objects.filter(day=day), ClosingOffice.objects.filter(closing__day=day)
    return {
        "closings": list(closings.values_list("status", "entries", "came", "went")),
        "offices": list(offices.values_list("office_code", "declarations", "charged", "booked", "due", "revenue")),
        "differences": sorted(Difference.objects.filter(closing__day=day).values_list("kind", "status")),
        "revenue": sorted(Revenue.objects.filter(day=day).values_list("tax_code", "amount")),
    }


def _prepare(monkeypatch: pytest.MonkeyPatch, *, lane: str) -> None:
    """Follow-ups are done at once by whoever commits, as by a worker at his elbow; papers are not what is tested."""
    current_app.loader.import_default_modules()
    monkeypatch.setattr(followups, "_send", lambda due: followups.visit(due.key))
    monkeypatch.setattr(papers, "_print", lambda *_asked, **_named: b"%PDF-1.7\n")
    for person in (make.trader, files.yellow_officer, files.red_officer, correcting.second_officer, back.treasury):
        person()
    back.treasury("second")
    make.officer(Role.EXAMINING, files.EXIT_OFFICE)
    files.all_on(lane)
    make.funds()
    move("guarantee", "2000000")
    back.bank_account()


def repair() -> None:
    """What beat and worker do in their time, until nothing is left to do."""
    for _round in range(20):
        FollowUp.objects.update(due_at=Now() - timedelta(minutes=1))
        done = followups.sweep(seconds=30)
        swept = clearance.sweep(at=make.AT + timedelta(hours=2))
        if not done and not any(swept.values()):
            assert not FollowUp.objects.exists()
            return
    raise AssertionError("the sweep finds something to do for ever")


def _trace(declaration: Declaration) -> tuple[str, int, list[Any]]:
    current = Declaration.objects.get(pk=declaration.pk)
    events = Event.objects.filter(declaration__mrn=current.mrn).count()
    return current.status, events, [*_back(declaration), BankFile.objects.count()]


def _back(declaration: Declaration) -> list[Any]:
    """Claims of refunds and what is paid out of them, with what was written of it."""
    claims = RefundClaim.objects.filter(mrn=Declaration.objects.get(pk=declaration.pk).mrn)
    outs = PayOut.objects.filter(claim__in=claims)
    events = MoneyEvent.objects.filter(Q(claim__in=claims) | Q(pay_out__in=outs)).order_by("pk")
    return [
        *claims.values_list("status", "granted"),
        *outs.values_list("status", "amount"),
        *events.values_list("verb", "by__email"),
    ]


def facts(declaration: Declaration) -> dict[str, Any]:
    """What is known of the declaration and its versions, without names that differ from one to the next."""
    declaration = Declaration.objects.get(pk=declaration.pk)
    versions = Declaration.objects.filter(mrn=declaration.mrn)
    postings = Posting.objects.filter(entry__declaration__in=versions)
    sums = postings.values_list("account__kind", "account__tax_code").annotate(Sum("debit"), Sum("credit"))
    held = Reservation.objects.filter(mrn=declaration.mrn)
    moved = StockMovement.objects.filter(item__declaration__in=versions)
    owed = Posting.objects.filter(entry__pay_out_ordered__claim__mrn=declaration.mrn)
    return {
        "versions": list(versions.order_by("version").values_list("version", "status", "payable", "guaranteed")),
        "history": sorted(Event.objects.filter(declaration__in=versions).values_list("verb", "new_status")),
        "charges": sorted(Charge.objects.filter(declaration__in=versions).values_list("tax_code", "amount")),
        "money": sorted(sums),
        "later": sorted(Levy.objects.filter(mrn=declaration.mrn).values_list("kind", "tax_code", "amount", "status")),
        "freed": sum(GuaranteeFreed.objects.filter(mrn=declaration.mrn).values_list("amount", flat=True)),
        "held": sorted(held.values_list("amount", "status")),
        "files": sorted(Case.objects.filter(declaration__in=versions).values_list("lane", "closed_as")),
        "stock": sorted((row.kind, row.net_mass, hasattr(row, "discharge")) for row in moved),
        "exits": ExitConfirmation.objects.filter(declaration__in=versions).count(),
        "told": sorted(Message.objects.filter(declaration__in=versions).values_list("kind", "recipient__email")),
        "back": _back(declaration),
        "owed": sorted(owed.values_list("debit", "credit")),
        "scores": Score.objects.filter(declaration__in=versions).count(),
        "notes": IssuedPaper.objects.filter(declaration__in=versions, kind="release_note").count(),
    }
