"""At the way out: cash of the entry goes out once, and what was paid for goods that leave again goes back once."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from lib.figures import ZERO
from lib.violations import Rejected
from passengers import selectors, services
from passengers.calculation import CashHeld, CashLine, take_out
from passengers.models import CashOut, CashRow, ExitClaim, TravelDeclaration
from passengers.services import claims
from payments import selectors as money
from payments import services as payments
from payments.models import TravelRefund
from tariffs.calculation import ExchangeRateFact, Law
from tests import make
from tests.passengers import travelling as way
from tests.passengers.test_travel_money import books

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("told")]
D = Decimal
WHY = {"origin": "wages", "purpose": "living"}


def cash(amount: str, currency: str = "USD", **more: Any) -> dict[str, Any]:
    return {"person": 1, "kind": "cash", "currency": currency, "amount": amount, **WHY, **more}


def entered(*money: dict[str, Any], **parts: Any) -> TravelDeclaration:
    return crossed(way.sent(way.draft(carries=["money"], money=list(money), **parts)))


def leaving(*money: dict[str, Any], **parts: Any) -> TravelDeclaration:
    trip = {"direction": "exit"}
    return way.sent(way.draft(trip=trip, carries=["money"], money=list(money), **parts))


def crossed(made: TravelDeclaration, *, at: Any = way.LATER, on: Any = make.ON) -> TravelDeclaration:
    services.present(made, post=way.POST, by=make.officer(), at=at, on=on)
    return services.release(made, by=make.officer(), at=at)


def left(entry: TravelDeclaration) -> list[str]:
    version = selectors.newest_version(entry)
    assert version is not None
    return [f"{each.left:.2f}" for each in selectors.cash_of_entry(version)]


def code(refused: pytest.ExceptionInfo[Rejected]) -> str:
    return refused.value.violations[0].code


# Cash ---------------------------------------------------------------------------------------------------------
def test_what_came_in_goes_out_once() -> None:
    entry = entered(cash("8000"))
    crossed(leaving(cash("5000")))
    assert left(entry) == ["3000.00"]
    assert crossed(leaving(cash("3000"))).status == "released"  # so much goes out by itself and counts for nothing
    assert left(entry) == ["3000.00"]
    with pytest.raises(Rejected) as refused:
        crossed(leaving(cash("3500")))
    assert code(refused) == "G041"


def test_two_exits_that_were_judged_at_once_do_not_both_take_it() -> None:
    entry = entered(cash("8000"))
    one, other = leaving(cash("8000")), leaving(cash("8000"))
    crossed(one)
    with pytest.raises(Rejected) as refused:
        crossed(other)
    assert (code(refused), left(entry)) == ("G041", ["0.00"])


def test_cash_of_two_entries_adds_up_and_the_oldest_goes_first() -> None:
    first = entered(cash("4000"))
    second = entered(cash("6000", "USD"), cash("1000", "EUR"))
    crossed(leaving(cash("5000")))
    assert (left(first), left(second)) == (["0.00"], ["5000.00", "1000.00"])


def test_another_currency_is_counted_by_its_value() -> None:
    entry = entered(cash("8000", "EUR"))
    crossed(leaving(cash("5000", "USD")))
    (row,) = CashOut.objects.all()
    assert D(3500) < row.amount < D(5000)
    assert left(entry) == [f"{8000 - row.amount:.2f}"]


@pytest.mark.parametrize("other", [{"birth": "1991-05-01"}, {"document": "400123457"}])
def test_of_somebody_else_nothing_goes_out(other: dict[str, str]) -> None:
    entered(cash("8000"))
    with pytest.raises(Rejected) as refused:
        crossed(leaving(cash("5000"), people=[way.ANN | other]))
    assert code(refused) == "G041"


def test_the_database_lets_no_more_out_than_came_in() -> None:
    entry = entered(cash("8000"))
    row, by = CashRow.objects.get(version__declaration=entry), make.officer()
    CashOut.objects.create(row=row, declaration=leaving(cash("1")), amount=D(7999), by=by, at=make.AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        CashOut.objects.create(row=row, declaration=leaving(cash("2")), amount=D(2), by=by, at=make.AT)


LAW = Law(make.ON, "TJS", 2, {c: ExchangeRateFact(c, D(r), make.ON) for c, r in (("USD", "10.5"), ("EUR", "11.9"))},
          (), {})  # fmt: skip
SUMS = st.decimals("0.01", "99999", places=2)
KINDS = st.sampled_from(["cash", "bearer", "gold"])
CURRENCIES = st.sampled_from(["TJS", "USD", "EUR", "XXX"])


@given(
    held=st.lists(st.tuples(KINDS, CURRENCIES, SUMS), max_size=6),
    out=st.lists(st.lists(st.tuples(KINDS, CURRENCIES, SUMS), max_size=4), max_size=4),
)
def test_whatever_goes_out_however_often_is_never_more_than_came_in(held: Any, out: Any) -> None:
    rows = [CashHeld(key, kind, currency, amount) for key, (kind, currency, amount) in enumerate(held)]
    went = dict.fromkeys(range(len(rows)), ZERO)
    for lines in out:
        rest = [CashHeld(row.key, row.kind, row.currency, row.amount - went[row.key]) for row in rows]
        taken = take_out([row for row in rest if row.amount > 0], [CashLine(1, *line) for line in lines], LAW)
        for key, amount in taken.items():
            went[key] += amount
    assert all(0 <= went[row.key] <= row.amount for row in rows)


def test_above_the_limit_it_is_explained_before_it_is_sent() -> None:
    bare = {"person": 1, "kind": "cash", "currency": "USD", "amount": "12000"}
    with pytest.raises(Rejected) as refused:
        way.sent(way.draft(carries=["money"], money=[bare]))
    assert {(each.code, each.pointer) for each in refused.value.violations} == {
        ("G006", "money[0].origin"), ("G006", "money[0].purpose"),
    }  # fmt: skip
    assert way.sent(way.draft(carries=["money"], money=[bare | {"amount": "10000"}])).version == 1


# Claims -------------------------------------------------------------------------------------------------------
def bought(*prices: str) -> TravelDeclaration:
    goods = [way.clothes(price, key=f"k{place}", mass="10") for place, price in enumerate(prices)]
    return crossed(way.paid(way.sent(way.draft(carries=["goods"], goods=goods))))


def claimed(entry: TravelDeclaration, *goods: int, days: int = 10) -> ExitClaim:
    at, on = make.AT + timedelta(days=days), make.ON + timedelta(days=days)
    return claims.claim(entry, goods=goods, at=at, on=on)


def confirmed(found: ExitClaim, days: int = 10) -> ExitClaim:
    at, on = make.AT + timedelta(days=days), make.ON + timedelta(days=days)
    done = claims.confirm_claim(found, post=way.POST, by=make.officer(), at=at, on=on)
    payments.give_back_travel(found.declaration_id, at=at)
    return done


def test_what_was_paid_for_goods_that_leave_goes_back_once_with_its_formula() -> None:
    entry = bought("1500")
    entry.refresh_from_db()
    paid = entry.paid
    done = confirmed(claimed(entry, 1))
    assert done.amount == paid
    (share,) = done.shares.all()
    assert share.formula == f"{paid:.2f} − 0 = {paid:.2f}"
    refund = TravelRefund.objects.get()
    assert (refund.amount, refund.reason) == (paid, TravelRefund.Reason.LEFT_AGAIN)
    assert books()["revenue"] == "0.00"
    payments.give_back_travel(entry.pk, at=make.AT)
    assert TravelRefund.objects.count() == 1
    entry.refresh_from_db()
    assert (entry.paid, entry.status) == (0, "released")
    assert not money.travel_overpaid()
    with pytest.raises(Rejected) as again:
        claimed(entry, 1)
    assert code(again) == "G050"


def test_goods_that_leave_one_after_the_other_give_back_no_more_than_was_paid() -> None:
    entry = bought("900", "800", "700")
    entry.refresh_from_db()
    paid = entry.paid
    amounts = []
    for place in (1, 2):
        done = confirmed(claimed(entry, place))
        amounts.append(done.amount)
        entry.refresh_from_db()
    assert sum(amounts) == paid  # the last good is within the allowance by itself
    with pytest.raises(Rejected) as refused:
        claimed(entry, 3)
    assert code(refused) == "G050"
    assert TravelRefund.objects.count() == 2


def test_too_late_and_twice_nothing_goes_back() -> None:
    entry = bought("1500")
    with pytest.raises(Rejected) as late:
        claimed(entry, 1, days=91)
    assert code(late) == "G050"
    found = claimed(entry, 1, days=90)
    with pytest.raises(Rejected) as second:
        claimed(entry, 1)
    assert code(second) == "G051"
    with pytest.raises(Rejected) as too_late:
        confirmed(found, days=91)
    assert code(too_late) == "G053"
    confirmed(found, days=90)
    with pytest.raises(Rejected) as twice:
        confirmed(found)
    assert code(twice) == "G052"


def test_a_claim_that_an_officer_refuses_gives_nothing_and_may_be_made_again() -> None:
    entry = bought("1500")
    claims.refuse_claim(claimed(entry, 1), post=way.POST, reason="Other goods", by=make.officer(), at=make.AT)
    assert not TravelRefund.objects.exists()
    assert claimed(entry, 1).status == ExitClaim.Status.CLAIMED


@pytest.mark.parametrize("goods", [(), (2,), (1, 2), (0,)])
def test_only_goods_that_were_declared_are_claimed(goods: tuple[int, ...]) -> None:
    entry = bought("1500")
    with pytest.raises(Rejected) as refused:
        claimed(entry, *goods)
    assert code(refused) == "G050"


# Cases a lawyer can read --------------------------------------------------------------------------------------
CASES = yaml.safe_load((Path(__file__).parent / "leaving_cases.yaml").read_text(encoding="utf-8"))


def _line(text: str) -> tuple[str, str, Decimal]:
    kind, currency, amount = text.split()
    return kind, currency, D(amount)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["rule"])
def test_case(case: dict[str, Any]) -> None:
    assert case["source"]
    rates = {name: ExchangeRateFact(name, D(rate), make.ON) for name, rate in case.get("rates", {}).items()}
    held = [CashHeld(key, *_line(text)) for key, text in enumerate(case["held"])]
    lines = [CashLine(1, *_line(text)) for text in case["out"]]
    taken = take_out(held, lines, Law(make.ON, "EUR", 2, rates, (), {}))
    assert [row.amount - taken.get(row.key, ZERO) for row in held] == [D(str(each)) for each in case["left"]]
