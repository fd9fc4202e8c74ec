"""A guarantee goes down as the stock it secures is discharged: by its share, to the end, never twice."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from declarations import services as declarations
from declarations.models import Declaration, Status, StockMovement
from declarations.services import stock as stock_verbs
from declarations.states import transition
from lib.figures import ZERO
from payments import selectors, services
from payments.models import GuaranteeFreed, Reservation
from payments.tasks import free_guarantees
from tariffs.models import Procedure
from tests import make
from tests.declarations.stock_steps import account, goods, home_use, in_warehouse, released, row_on
from tests.declarations.test_lodge import at_the_same_time
from tests.payments.money_steps import GUARANTEE

pytestmark = pytest.mark.django_db
D = Decimal
LATER = make.AT + timedelta(days=1)
OUT = {
    "declaration_type": "EX", "general_procedure": "3", "exporter_code": make.TIN, "consignee_code": None,
    "export_country": "TJ", "destination_country": "UZ",
}  # fmt: skip


def held(stock: Declaration) -> Decimal:
    found = selectors.held_for(stock.mrn)
    return found.amount if found else ZERO


def reserved() -> Decimal:
    found = selectors.account_of(make.company(), GUARANTEE)
    assert found is not None
    return found.reserved


def free(stock: Declaration) -> None:
    services.free_guarantee(stock.pk, at=LATER)


def test_a_part_that_is_released_frees_its_part_of_the_guarantee() -> None:
    stock = in_warehouse()
    whole = held(stock)
    assert whole == stock.guaranteed == reserved() > 0
    drawn = make.lodged(**home_use(stock, "100"))
    free(stock)
    assert held(stock) == whole, "what is only lodged is still secured"
    released(drawn)
    free(stock)
    assert held(stock) == reserved() == whole - (whole / 4).quantize(D("0.01"), rounding="ROUND_DOWN")


def test_the_last_part_frees_the_rest_and_the_history_says_so() -> None:
    stock = in_warehouse()
    for net in ("133", "133", "134"):
        released(make.lodged(**home_use(stock, net, packages_written_off="1")))
        free(stock)
    assert (held(stock), reserved()) == (0, 0)
    freed = [event.data["freed"] for event in stock.events.filter(verb="money_back").order_by("pk")]
    assert sum(map(D, freed)) == stock.guaranteed
    assert [row.status for row in Reservation.objects.filter(mrn=stock.mrn)] == ["voided"] * 3


def test_each_item_frees_its_own_charges_alone() -> None:
    stock = in_warehouse({}, {"item_price": "3600"})
    by_item = selectors.secured_by_item(stock)
    assert by_item[2] > by_item[1] > 0
    item = goods("400", packages_number="40")
    released(make.lodged(items=[item], previous=[row_on(stock, item_number="2")]))
    free(stock)
    assert held(stock) == (stock.guaranteed or 0) - by_item[2]


def test_freeing_again_frees_nothing_and_the_sweep_finds_what_was_forgotten() -> None:
    stock = in_warehouse()
    released(make.lodged(**home_use(stock, "100")))
    free_guarantees()
    once = held(stock)
    assert once < (stock.guaranteed or 0)
    assert selectors.discharged_without_freeing(limit=5) == []
    for _again in range(2):
        free(stock)
    assert held(stock) == once


def test_a_re_export_frees_only_when_the_goods_have_left() -> None:
    stock = in_warehouse()
    out = make.item(extended_procedure="3171", net_mass="400", gross_mass="400", packages_number="40")
    made = released(make.lodged(items=[out], previous=[row_on(stock)], **OUT))
    free(stock)
    assert held(stock) == stock.guaranteed
    transition(made, Status.EXITED, verb="exit", by=make.officer(), at=LATER)
    for _again in range(2):
        declarations.discharge(made, by=make.officer(), at=LATER)
    free(stock)
    assert held(stock) == 0


def test_what_an_officer_lets_go_under_an_act_is_freed_when_it_is_discharged() -> None:
    stock = in_warehouse()
    lost = StockMovement.objects.create(
        account=account(stock), kind="destruction", net_mass=D(200), act="A-1", by=make.officer(), at=LATER
    )
    free(stock)
    assert held(stock) == stock.guaranteed
    declarations.discharge_movements([lost], by=make.officer(), at=LATER)
    free(stock)
    half = ((stock.guaranteed or ZERO) / 2).quantize(D("0.01"), rounding="ROUND_DOWN")
    assert held(stock) == (stock.guaranteed or ZERO) - half


def test_a_correction_after_release_that_draws_less_holds_again_and_frees_nothing_twice() -> None:
    stock = in_warehouse()
    first = released(make.lodged(**home_use(stock, "200")))
    free(stock)
    half = held(stock)
    stock_verbs.give_back(first, by=make.officer(), at=LATER)
    assert selectors.discharged_without_freeing(limit=5) == [stock.pk]
    free_guarantees()
    assert held(stock) == reserved() == stock.guaranteed, "what came back to the warehouse is secured again"
    assert selectors.discharged_without_freeing(limit=5) == []
    second = released(make.lodged(**home_use(stock, "100")))
    free(stock)
    assert half < held(stock) < (stock.guaranteed or ZERO)
    assert [event.data for event in stock.events.filter(verb="hold")] == [
        {"held_again": f"{(stock.guaranteed or ZERO) - half:.2f}"}
    ]
    stock_verbs.give_back(second, by=make.officer(), at=LATER)
    released(make.lodged(**home_use(stock, "300")))
    free(stock)
    quarter = (stock.guaranteed or ZERO) / 4
    assert quarter <= held(stock) < quarter + D("0.01")
    assert account(stock).net_mass_left == 100


def test_a_pair_that_asks_for_no_guarantee_holds_none() -> None:
    Procedure.objects.filter(code="7100").update(without_guarantee=True)
    stock = in_warehouse()
    assert (stock.guaranteed, held(stock)) == (0, 0)
    assert stock.charges.filter(payable=False).exists()
    released(make.lodged(**home_use(stock, "400")))
    free(stock)
    assert GuaranteeFreed.objects.get().amount == 0


def test_the_database_refuses_to_free_twice_or_beyond_what_is_secured() -> None:
    stock = in_warehouse()
    released(make.lodged(**home_use(stock, "400")))
    discharge = StockMovement.objects.get().discharge
    with pytest.raises(IntegrityError), transaction.atomic():
        GuaranteeFreed.objects.create(
            discharge=discharge, mrn=stock.mrn, amount=(stock.guaranteed or ZERO) + D("0.01"), at=LATER
        )
    free(stock)
    with pytest.raises(IntegrityError), transaction.atomic():
        GuaranteeFreed.objects.create(discharge=discharge, mrn=stock.mrn, amount=D(0), at=LATER)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(st.integers(1, 160), min_size=1, max_size=4), at_once=st.booleans())
def test_whatever_is_discharged_what_is_held_is_at_least_what_is_still_there(parts: list[int], at_once: bool) -> None:
    with transaction.atomic():
        stock = in_warehouse()
        whole, there = held(stock), D(400)
        for part in parts:
            net = min(D(part), there)
            if not net:
                break
            released(make.lodged(**home_use(stock, str(net), packages_written_off="0")))
            there -= net
            if not at_once:
                free(stock)
        free(stock)
        assert held(stock) - whole * there / 400 < len(parts) * D("0.01")
        assert held(stock) >= whole * there / 400
        assert (held(stock) == 0) == (there == 0)
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_free_once() -> None:
    stock = in_warehouse()
    released(make.lodged(**home_use(stock, "100")))
    again: Callable[[], Any] = lambda: services.free_guarantee(stock.pk, at=LATER)  # noqa: E731
    done = at_the_same_time(again, again)
    assert all(isinstance(one, Declaration) for one in done), done
    assert GuaranteeFreed.objects.count() == 1
    assert held(stock) == reserved()
