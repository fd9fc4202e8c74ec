"""More time for stock: asked for before the term is over, decided by an officer, within what the law allows."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Role, User
from clearance.services import stock as desk
from declarations.models import ExtendedTerm, StockAccount, StockReminder, TermExtension
from declarations.services import stock_terms
from declarations.services.stock_reminders import remind_of_terms
from lib.violations import Rejected
from tariffs.models import Procedure
from tests import make
from tests.declarations.stock_steps import account, before_the_system, home_use, in_warehouse
from tests.declarations.test_lodge import at_the_same_time
from tests.scans import PDF
from traders.models import Right
from traders.services import add_member

pytestmark = pytest.mark.django_db
DUE = date(2027, 1, 31)
LONGER = DUE + timedelta(days=100)


def ask(
    stock: StockAccount, until: date = LONGER, *, by: User | None = None, on: date = make.ON, **more: object
) -> TermExtension:
    at = make.AT + (on - make.ON)
    given = {"reason": "The buyer is late.", **more}
    return stock_terms.ask_extension(stock, until=until, by=by or make.trader(), at=at, **given)  # type: ignore[arg-type]


def grant(asked: TermExtension, until: date = LONGER, *, by: User | None = None) -> TermExtension:
    return desk.grant_extension(asked, until=until, by=by or make.officer(), at=make.AT)


def refused(verb: object, *args: object, **given: object) -> list[str]:
    """Codes with which the verb refuses."""
    with pytest.raises(Rejected) as refusal:
        verb(*args, **given)  # type: ignore[operator]
    return [fault.code for fault in refusal.value.violations]


def due(stock: StockAccount) -> date | None:
    return StockAccount.objects.get(pk=stock.pk).due


# Asking -------------------------------------------------------------------------------------------------------
def test_the_term_runs_longer_when_the_office_grants_it_and_the_row_says_from_when_to_when() -> None:
    stock = before_the_system()
    asked = ask(stock)
    assert due(stock) == DUE
    granted = grant(asked, DUE + timedelta(days=50))
    assert (granted.status, granted.granted_until, due(stock)) == (
        "granted",
        DUE + timedelta(days=50),
        granted.granted_until,
    )
    row = ExtendedTerm.objects.get(extension=asked)
    assert (row.due_before, row.due_after) == (DUE, DUE + timedelta(days=50))


def test_on_the_last_day_more_time_can_be_asked_for_and_on_the_next_it_cannot() -> None:
    assert ask(before_the_system(), on=DUE).status == "asked"
    late = before_the_system(number=18)
    with pytest.raises(Rejected) as refusal:
        ask(late, on=DUE + timedelta(days=1))
    [fault] = refusal.value.violations
    assert fault.code == "W004"
    assert "31\u00a0Jan\u00a02027" in fault.sentence


def test_a_request_made_in_time_is_granted_after_the_term() -> None:
    stock = before_the_system()
    asked = ask(stock, on=DUE)
    at = make.AT + (DUE - make.ON) + timedelta(days=9)
    assert desk.grant_extension(asked, until=LONGER, by=make.officer(), at=at).status == "granted"


def test_one_request_is_open_at_a_time_for_an_item_or_for_its_whole_declaration() -> None:
    first, second = before_the_system(), before_the_system(item_number=2)
    asked = ask(first, whole_declaration=True)
    assert refused(ask, second) == ["W005"]
    desk.refuse_extension(asked, reason="No.", by=make.officer(), at=make.AT)
    ask(second)
    assert refused(ask, first, whole_declaration=True) == ["W005"]
    ask(first)
    with pytest.raises(IntegrityError), transaction.atomic():
        TermExtension.objects.create(
            account=first, until_wanted=LONGER, reason="x", asked_by=make.trader(), asked_at=make.AT
        )


def test_a_request_for_the_declaration_extends_every_item_with_an_earlier_term() -> None:
    first, second = before_the_system(), before_the_system(item_number=2)
    later = before_the_system(item_number=3, due=LONGER + timedelta(days=1))
    other = before_the_system(number=18)
    grant(ask(first, whole_declaration=True))
    assert [due(each) for each in (first, second)] == [LONGER, LONGER]
    assert (due(later), due(other)) == (LONGER + timedelta(days=1), DUE)


def test_an_item_that_had_its_extensions_is_named_when_more_is_asked_for_the_whole_declaration() -> None:
    first, second = before_the_system(), before_the_system(item_number=2)
    grant(ask(second, DUE + timedelta(days=1)), DUE + timedelta(days=1))
    with pytest.raises(Rejected) as refusal:
        ask(first, whole_declaration=True)
    [fault] = refusal.value.violations
    assert (fault.code, str(second) in fault.sentence) == ("W009", True)
    assert ask(first, DUE + timedelta(days=1), whole_declaration=True).status == "asked"


def test_the_table_of_procedures_says_how_often_and_by_how_much() -> None:
    stock = before_the_system()
    assert refused(ask, stock, DUE) == ["W007"]
    assert refused(ask, stock, DUE + timedelta(days=366)) == ["W008"]
    asked = ask(stock, DUE + timedelta(days=365))
    assert refused(grant, asked, DUE + timedelta(days=366)) == ["W008"]
    grant(asked, DUE + timedelta(days=10))
    assert refused(ask, stock) == ["W009"]
    make.other_law(Procedure.objects.filter(code="7100"), extensions=2)
    assert ask(stock).status == "asked"


def test_only_a_preparer_of_the_company_or_of_its_declarant_asks() -> None:
    stock = before_the_system()
    payer = make.user("payer@example.com")
    add_member(make.company(), user=payer, right=Right.PAYER, by=make.trader(), on=make.SINCE, at=make.AT)
    for person in (payer, make.stranger(), make.officer()):
        assert refused(ask, stock, by=person) == ["W001"]
    assert ask(stock, by=make.colleague()).status == "asked"


def test_papers_come_with_the_request_and_a_wrong_one_undoes_it() -> None:
    stock = before_the_system()
    assert refused(ask, stock, files=[("a.pdf", PDF), ("b.pdf", b"")]) == ["F001"]
    assert not TermExtension.objects.exists()
    assert ask(stock, files=[("contract.pdf", PDF)]).papers.get().name == "contract.pdf"


# Deciding -----------------------------------------------------------------------------------------------------
def test_a_refusal_gives_its_reason_and_leaves_the_term() -> None:
    stock = before_the_system()
    asked = ask(stock)
    assert refused(desk.refuse_extension, asked, reason=" ", by=make.officer(), at=make.AT) == ["W006"]
    done = desk.refuse_extension(asked, reason="No grounds.", by=make.officer(), at=make.AT)
    assert (done.status, done.decision, due(stock)) == ("refused", "No grounds.", DUE)
    assert ask(stock).status == "asked"


def test_officers_of_another_office_auditors_and_those_bound_to_the_company_do_not_decide() -> None:
    asked = ask(before_the_system())
    for person in (make.officer(Role.DOCUMENTARY, "TJ02"), make.officer(Role.AUDITOR, None), make.stranger()):
        assert refused(grant, asked, by=person) == ["W050"]
    bound = make.officer(email="bound@customs.example")
    add_member(make.company(), user=bound, right=Right.PAYER, by=make.trader(), on=make.SINCE, at=make.AT)
    assert refused(grant, asked, by=bound) == ["W051"]


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_who_decide_at_once_one_does_and_the_other_is_told() -> None:
    stock = before_the_system()
    asked, officers = ask(stock), (make.officer(), make.supervisor())
    done = at_the_same_time(
        lambda: grant(TermExtension.objects.get(pk=asked.pk), by=officers[0]),
        lambda: desk.refuse_extension(TermExtension.objects.get(pk=asked.pk), reason="No.", by=officers[1], at=make.AT),
    )
    [told] = [each for each in done if isinstance(each, Rejected)]
    assert [fault.code for fault in told.violations] == ["W010"]
    assert ExtendedTerm.objects.count() == (1 if due(stock) == LONGER else 0)


def test_the_term_of_an_account_is_moved_by_nothing_else() -> None:
    stock = before_the_system()
    with pytest.raises(IntegrityError, match="by an extension alone"), transaction.atomic():
        StockAccount.objects.filter(pk=stock.pk).update(due=LONGER)
    asked = ask(stock)
    with pytest.raises(IntegrityError, match="is not due on"), transaction.atomic():
        ExtendedTerm.objects.create(
            extension=asked, account=stock, due_before=DUE - timedelta(days=1), due_after=LONGER
        )
    assert due(stock) == DUE


def test_steps_stand_in_the_history_of_the_declaration_that_opened_the_account() -> None:
    made = in_warehouse()
    term = account(made).due
    assert term is not None
    grant(ask(account(made), term + timedelta(days=9)), term + timedelta(days=5))
    assert list(made.events.order_by("pk").values_list("verb", flat=True))[-2:] == ["ask_extension", "extend"]


# Reminders ----------------------------------------------------------------------------------------------------
def test_each_term_is_announced_once_before_it_ends_and_once_after(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[tuple[str, int]] = []
    monkeypatch.setattr("declarations.services.stock_reminders.announce", lambda event, key: said.append((event, key)))
    stock = before_the_system()
    before_the_system(number=18, confirmed=False)
    for days in (-20, -14, -14, 0, 1, 1, 5):
        remind_of_terms(at=make.AT + (DUE - make.ON) + timedelta(days=days))
    assert said == [("stock.due_soon", stock.pk), ("stock.overdue", stock.pk)]
    assert StockReminder.objects.count() == 2


def test_a_longer_term_is_announced_anew_and_an_empty_account_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[tuple[str, int]] = []
    monkeypatch.setattr("declarations.services.stock_reminders.announce", lambda event, key: said.append((event, key)))
    stock, drawn = before_the_system(), before_the_system(number=18)
    make.lodged(**home_use(drawn, "400"))
    remind_of_terms(at=make.AT + (DUE - make.ON))
    grant(ask(stock))
    remind_of_terms(at=make.AT + (LONGER - make.ON))
    assert said == [("stock.due_soon", stock.pk)] * 2


@pytest.mark.django_db(transaction=True)
def test_two_who_remind_at_once_say_it_once() -> None:
    before_the_system()
    at = make.AT + (DUE - make.ON)
    assert sum(at_the_same_time(lambda: remind_of_terms(at=at), lambda: remind_of_terms(at=at))) == 1
