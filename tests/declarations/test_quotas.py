"""A declaration draws from its quotas when it is lodged, and gives back when it is cancelled, rejected or amended."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from declarations import assessment, selectors, services
from declarations.models import Declaration
from declarations.services import amend as amending
from declarations.services import ending
from lib.violations import Rejected
from tariffs.calculation import Draw
from tariffs.models import Quota, QuotaDraw
from tariffs.services import quotas
from tests import make
from tests.declarations.test_lodge import at_the_same_time

pytestmark = pytest.mark.django_db
D = Decimal
NUMBER = "090207"
VETERINARY = {"code": "853", "reference": "VET-1", "date": "2026-11-02"}


def poultry(net: str = "3000", **changes: Any) -> dict[str, Any]:
    """Cuts of chicken that name the quota."""
    plain = make.item()
    return make.item(
        **{
            "commodity_code": "0207141009", "commercial_description": "Cuts of chicken, frozen",
            "origin_country": "BR", "net_mass": net, "gross_mass": net, "item_price": "6000",
            "quota_code": NUMBER, "documents": [*plain["documents"], VETERINARY], **changes,
        }
    )  # fmt: skip


def quota() -> Quota:
    return Quota.objects.on(make.ON).get(number=NUMBER)


def leave(balance: str) -> None:
    """Somebody else has drawn all but `balance` tonnes."""
    rest = quota().balance - D(balance)
    quotas.draw([Draw(1, NUMBER, "TNE", rest, rest, rest)], drawn_for="SOMEBODY/1", on=make.ON, at=make.AT)


def held(declaration: Declaration) -> Decimal:
    rows = QuotaDraw.objects.filter(drawn_for=f"{declaration.mrn}/{declaration.version}")
    return sum(rows.values_list("quantity", flat=True), D(0))


def duty(declaration: Declaration) -> list[tuple[str, Decimal]]:
    rows = declaration.charges.filter(tax_code="DUTY")
    return [(row.rate_text, row.base) for row in rows]


def test_lodging_draws_what_the_item_weighs_and_charges_the_rate_of_the_quota() -> None:
    made = make.assessed(items=[poultry()])
    assert (quota().drawn, held(made)) == (3, 3)
    assert [rate for rate, _base in duty(made)] == ["5%"]


def test_what_the_balance_does_not_cover_is_a_second_line_at_the_usual_rate() -> None:
    leave("1")
    made = make.assessed(items=[poultry()])
    (within, beyond) = duty(made)
    assert (within[0], beyond[0]) == ("5%", "15% min 0.2 EUR/kg")
    assert within[1] + beyond[1] == made.customs_value
    assert quota().balance == 0
    formulas = [row.formula for row in made.charges.filter(tax_code="DUTY")]
    assert formulas[0].startswith(f"quota {NUMBER}, 1 of 3 t: ")
    assert formulas[1].startswith(f"beyond quota {NUMBER}, 2 of 3 t: ")


def test_items_of_one_declaration_share_the_balance_in_their_order() -> None:
    leave("4")
    made = make.assessed(items=[poultry(), poultry(), poultry()])
    drawn = QuotaDraw.objects.filter(drawn_for=f"{made.mrn}/1").order_by("item").values_list("item", "quantity")
    assert list(drawn) == [(1, 3), (2, 1)]


def test_an_item_without_the_number_draws_nothing() -> None:
    made = make.assessed(items=[poultry(quota_code=None)])
    assert (quota().drawn, [rate for rate, _base in duty(made)]) == (0, ["15% min 0.2 EUR/kg"])


def test_a_preview_shows_what_would_be_drawn_and_draws_nothing() -> None:
    leave("1")
    seen = assessment.preview(make.draft(items=[poultry()]), on=make.ON)
    assert seen.draws == (Draw(1, NUMBER, "TNE", D(3), D(1), D(1)),)
    assert quota().balance == 1


def test_a_declaration_that_is_refused_draws_nothing() -> None:
    with pytest.raises(Rejected):
        make.assessed(items=[poultry(origin_country="XX")])
    assert quota().drawn == 0


def test_lodging_twice_draws_once() -> None:
    draft = make.draft(items=[poultry()])
    for _again in range(2):
        services.lodge(draft, on=make.ON, at=make.AT, by=make.trader())
    assert quota().drawn == 3


def test_a_cancelled_declaration_gives_back() -> None:
    made = make.assessed(items=[poultry()])
    ending.cancel(made, reason="The buyer withdrew.", by=make.trader(), at=make.AT)
    assert (quota().drawn, held(made)) == (0, 0)


def test_a_rejected_declaration_gives_back() -> None:
    made = make.assessed(items=[poultry()])
    ending.reject(made, reason="The certificate is not genuine.", by=make.officer(), at=make.AT)
    assert (quota().drawn, held(made)) == (0, 0)


def amended(old: Declaration, *items: dict[str, Any]) -> Declaration:
    prices = sum((D(item["item_price"]) for item in items), D(0))
    data = {**selectors.as_dict(old), "items": list(items), "invoice_amount": str(prices)}
    return amending.amend(
        old, data=data, reason="Weighed again.", by=make.trader(), at=make.AT + timedelta(hours=1), on=make.ON
    )


def test_an_amendment_gives_back_the_old_draw_and_draws_anew() -> None:
    old = make.assessed(items=[poultry()])
    leave("0")
    new = amended(old, poultry("2000"))
    assert (held(old), held(new), quota().balance) == (0, 2, 1)
    assert [rate for rate, _base in duty(new)] == ["5%"], "its own share does not slip away"
    last = amended(new, poultry(quota_code=None))
    assert (held(new), held(last), quota().balance) == (0, 0, 3)


def test_an_amendment_that_is_refused_leaves_the_old_draw() -> None:
    old = make.assessed(items=[poultry()])
    with pytest.raises(Rejected):
        amended(old, poultry(origin_country="XX"))
    assert (held(old), quota().drawn) == (3, 3)


# Two at once --------------------------------------------------------------------------------------------------
def lodging(draft: Declaration) -> Callable[[], object]:
    return lambda: services.lodge(draft, on=make.ON, at=make.AT, by=make.trader())


@pytest.mark.django_db(transaction=True)
def test_lodgings_at_once_never_draw_more_than_there_is() -> None:
    leave("7")
    drafts = [make.draft(items=[poultry(), poultry("1000")]) for _n in range(4)]
    done = at_the_same_time(*(lodging(draft) for draft in drafts))
    assert all(isinstance(one, Declaration) for one in done), done
    assert quota().balance == 0
    assert sorted(held(one) for one in done if isinstance(one, Declaration)) == [0, 0, 3, 4]


@pytest.mark.django_db(transaction=True)
def test_cancelling_and_lodging_at_once_count_both() -> None:
    leave("3")
    first = make.assessed(items=[poultry()])
    second = make.draft(items=[poultry("2000")])

    def cancelling() -> object:
        return ending.cancel(first, reason="Withdrawn.", by=make.trader(), at=make.AT)

    done = at_the_same_time(cancelling, lodging(second))
    assert all(isinstance(one, Declaration) for one in done), done
    second.refresh_from_db()
    assert held(first) == 0
    assert held(second) in (0, 2)
    assert quota().balance == 3 - held(second)
