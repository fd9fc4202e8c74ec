"""Stock under suspension: what went in comes out again, once; what is undone gives back; the database counts."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from declarations import services
from declarations.models import Declaration, StockAccount, StockDischarge, StockMovement
from declarations.services import ending
from lib.violations import Rejected
from tariffs.models import Procedure
from tests import make
from tests.declarations.stock_steps import (
    account,
    amended,
    before_the_system,
    goods,
    held,
    home_use,
    in_warehouse,
    left,
    released,
    row_on,
)
from tests.declarations.test_lodge import at_the_same_time

pytestmark = pytest.mark.django_db
D = Decimal


# Opening ------------------------------------------------------------------------------------------------------
def test_release_opens_an_account_for_each_item_with_its_quantities_value_and_term() -> None:
    made = in_warehouse({}, {"net_mass": "7.5", "gross_mass": "8", "packages_number": "1"})
    first, second = account(made, 1), account(made, 2)
    assert (first.packages_left, first.net_mass_left, first.procedure) == (40, 400, "71")
    assert first.value_left == first.value == made.items.get(number=1).valuation.customs_value
    assert (second.net_mass, second.customs_number, second.mrn) == (D("7.5"), made.customs_number, made.mrn)
    assert first.company == made.trader
    assert first.due == make.ON + timedelta(days=1095)


def test_nothing_is_opened_before_release_nor_by_home_use() -> None:
    make.assessed(general_procedure="7", warehouse="W", items=[make.item(extended_procedure="7100")])
    make.released()
    assert not StockAccount.objects.exists()


def test_without_a_term_there_is_no_due_date() -> None:
    Procedure.objects.filter(code="7100").update(term_days=None)
    assert account(in_warehouse()).due is None


# Drawing ------------------------------------------------------------------------------------------------------
def test_lodging_draws_the_items_own_quantities_and_value_in_proportion() -> None:
    stock = in_warehouse()
    value = account(stock).value
    made = make.lodged(**home_use(stock, "100"))
    share = (value / 4).quantize(D("0.01"), rounding="ROUND_DOWN")
    assert left(stock) == (30, 300, 0, value - share)
    assert held(made) == 100


def test_what_a_row_writes_off_is_what_is_drawn() -> None:
    stock = in_warehouse()
    make.lodged(**home_use(stock, "100", packages_written_off="0", mass_written_off="100.25", value_written_off="1"))
    assert left(stock) == (40, D("299.75"), 0, account(stock).value - 1)


def test_the_last_draw_takes_what_is_left_of_the_value() -> None:
    stock = in_warehouse()
    for net in ("130", "130", "140"):
        make.lodged(**home_use(stock, net))
    assert left(stock) == (0, 0, 0, 0)
    assert account(stock).is_empty
    assert not StockAccount.objects.with_stock().exists()


@pytest.mark.parametrize(
    "write",
    [
        lambda one: f"{one.office_code}/{one.registration_year}/C/{one.registration_number}/1",
        lambda one: f"{one.customs_number}/1",
        lambda one: f"{one.registration_year} c {one.registration_number}",
        lambda one: f"№ тj01-{one.registration_year} С {one.registration_number}, поз. 1",
        lambda one: one.mrn,
        lambda one: f"{one.mrn.lower()} / 1",
        lambda one: f"{one.mrn[:2]} {one.mrn[2:4]} {one.mrn[4:10]}-{one.mrn[10:]} item 1",
    ],
)
def test_the_items_text_draws_as_well_as_a_row(write: Callable[[Declaration], str]) -> None:
    stock = in_warehouse()
    make.lodged(items=[goods("100", previous_document=write(stock))])
    assert account(stock).net_mass_left == 300


def test_several_rows_and_items_draw_on_several_accounts() -> None:
    first, second = in_warehouse(), in_warehouse({}, {"packages_number": "4", "net_mass": "40", "gross_mass": "40"})
    rows = [
        row_on(first, packages_written_off="10", mass_written_off="100"),
        row_on(second, packages_written_off="5", mass_written_off="50"),
        row_on(second, item_number="2", current_item="2"),
    ]
    make.lodged(items=[goods("150"), goods("40")], previous=rows)
    assert [account(*one).net_mass_left for one in ((first, 1), (second, 1), (second, 2))] == [300, 350, 0]


def test_goods_from_before_the_system_are_drawn_once_they_are_confirmed() -> None:
    waiting = before_the_system(number=18, confirmed=False)
    with pytest.raises(Rejected) as refused:
        make.lodged(**home_use(waiting))
    assert [fault.code for fault in refused.value.violations] == ["D111"]
    entered = before_the_system()
    make.lodged(**home_use(entered))
    entered.refresh_from_db()
    assert entered.net_mass_left == 300


def test_lodging_twice_draws_once_and_a_refused_declaration_draws_nothing() -> None:
    stock = in_warehouse()
    draft = make.draft(**home_use(stock))
    for _again in range(2):
        services.lodge(draft, on=make.ON, at=make.AT, by=make.trader())
    with pytest.raises(Rejected):
        make.lodged(**{**home_use(stock), "invoice_amount": "1"})
    assert account(stock).net_mass_left == 300


def test_both_ways_of_lodging_draw() -> None:
    stock = in_warehouse()
    services.lodge_at_once(declarant=make.company(), data=home_use(stock), on=make.ON, at=make.AT, by=make.trader())
    assert account(stock).net_mass_left == 300


def test_a_declaration_that_drew_is_judged_as_if_its_draw_were_still_there() -> None:
    stock = in_warehouse()
    made = make.lodged(**home_use(stock, "400"))
    made.refresh_from_db()
    assert services.check(Declaration.objects.get(pk=made.pk), on=make.ON) == []
    assert [fault.code for fault in services.check(make.draft(**home_use(stock)), on=make.ON)] == ["D118"]


# Giving back --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("end", [ending.cancel, ending.reject])
def test_a_declaration_that_ends_gives_back_what_it_drew(end: Callable[..., Any]) -> None:
    stock = in_warehouse()
    before = left(stock)
    made = make.lodged(**home_use(stock, "133.3"))
    assert left(stock) != before
    end(made, reason="Withdrawn.", by=make.trader(), at=make.AT)
    assert (left(stock), held(made)) == (before, 0)


def test_an_amendment_gives_back_and_draws_anew() -> None:
    stock = in_warehouse()
    old = make.lodged(**home_use(stock, "400"))
    new = amended(old, items=[goods("150")])
    assert (held(old), held(new), account(stock).net_mass_left) == (0, 150, 250)
    last = amended(new, items=[make.item()], previous=[])
    assert (held(new), held(last), account(stock).net_mass_left) == (0, 0, 400)


def test_an_amendment_that_is_refused_leaves_the_old_draw() -> None:
    stock = in_warehouse()
    old = make.lodged(**home_use(stock, "300"))
    with pytest.raises(Rejected) as refused:
        amended(old, items=[goods("400.1", packages_number="1")])
    assert [fault.code for fault in refused.value.violations] == ["D066"]
    assert (held(old), account(stock).net_mass_left) == (300, 100)


# What the database refuses ------------------------------------------------------------------------------------
def movement(stock: StockAccount, made: Declaration, **changes: Any) -> StockMovement:
    values = {"account": stock, "item": made.items.get(), "kind": "draw", "net_mass": D(1), "at": make.AT}
    return StockMovement(**{**values, **changes})


@pytest.mark.parametrize(
    "changes",
    [
        {"net_mass": D("400.000001")},
        {"value": D("1000000")},
        {"packages": D(-1)},
        {"net_mass": D(0)},
        {"kind": "give_back", "net_mass": D(-1)},
        {"kind": "loss"},
        {"item": None},
    ],
    ids=["overdrawn", "value", "negative", "nothing", "never drawn", "loss by an item", "draw by nobody"],
)
def test_the_database_refuses(changes: dict[str, Any]) -> None:
    stock, made = in_warehouse(), make.lodged()
    with pytest.raises(IntegrityError), transaction.atomic():
        movement(account(stock), made, **changes).save()
    assert account(stock).net_mass_left == 400


def test_the_database_refuses_the_same_draw_twice_and_gives_back_exactly_that_once() -> None:
    stock, made = in_warehouse(), make.lodged()
    movement(account(stock), made).save()
    for again in (
        {},
        {"kind": "give_back", "net_mass": D("-0.5")},
        {"kind": "give_back", "net_mass": D(-2)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            movement(account(stock), made, **again).save()
    movement(account(stock), made, kind="give_back", net_mass=D(-1)).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        movement(account(stock), made, kind="give_back", net_mass=D(-1)).save()
    assert account(stock).net_mass_left == 400


def test_movements_stay_and_so_does_what_came_in() -> None:
    stock = in_warehouse()
    make.lodged(**home_use(stock))
    for statement in (
        lambda: StockMovement.objects.update(net_mass=1),
        lambda: StockMovement.objects.all().delete(),
        lambda: StockAccount.objects.update(net_mass=500),
        lambda: StockAccount.objects.update(company=make.company(make.OTHER_TIN, owner=make.stranger())),
        lambda: StockAccount.objects.all().delete(),
        lambda: StockAccount.objects.update(due=make.ON),
    ):
        with pytest.raises((IntegrityError, Exception)), transaction.atomic():
            statement()
    StockAccount.objects.update(net_mass_left=400)
    assert account(stock).net_mass_left == 300


def test_an_opening_balance_may_be_mended_until_it_is_confirmed_by_a_second_officer() -> None:
    entered = before_the_system(confirmed=False)
    StockAccount.objects.filter(pk=entered.pk).update(net_mass=300)
    with pytest.raises(IntegrityError), transaction.atomic():
        movement(entered, make.lodged()).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        StockAccount.objects.filter(pk=entered.pk).update(confirmed_by=entered.entered_by)
    StockAccount.objects.filter(pk=entered.pk).update(confirmed_by=make.supervisor())
    entered.refresh_from_db()
    assert entered.net_mass_left == 300
    with pytest.raises(IntegrityError), transaction.atomic():
        StockAccount.objects.filter(pk=entered.pk).update(net_mass=400)


# Discharging --------------------------------------------------------------------------------------------------
def test_what_was_drawn_is_discharged_on_release_and_told(announced: list[tuple[str, int]],
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:  # fmt: skip
    stock = in_warehouse()
    made = make.lodged(**home_use(stock))
    assert not StockDischarge.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        released(made)
    assert StockDischarge.objects.get().movement.net_mass == 100
    assert ("payments.tasks.free_guarantee", stock.pk) in announced


def test_what_was_given_back_is_not_discharged() -> None:
    stock = in_warehouse()
    made = make.lodged(**home_use(stock))
    ending.cancel(made, reason="Withdrawn.", by=make.trader(), at=make.AT)
    for row in StockMovement.objects.all():
        with pytest.raises(IntegrityError), transaction.atomic():
            StockDischarge.objects.create(movement=row, at=make.AT)


# Two at once --------------------------------------------------------------------------------------------------
def lodging(draft: Declaration) -> Callable[[], object]:
    return lambda: services.lodge(draft, on=make.ON, at=make.AT, by=make.trader())


@pytest.mark.django_db(transaction=True)
def test_of_two_draws_on_the_last_kilogram_at_once_one_holds() -> None:
    stock = in_warehouse()
    make.lodged(**home_use(stock, "399", packages_written_off="39"))
    drafts = [make.draft(**home_use(stock, "1", packages_written_off="1")) for _n in range(2)]
    done = at_the_same_time(*(lodging(draft) for draft in drafts))
    assert sorted(type(one).__name__ for one in done) == ["Declaration", "Rejected"], done
    (refused,) = (one for one in done if isinstance(one, Rejected))
    assert [fault.code for fault in refused.violations] == ["D118"]
    assert left(stock)[:2] == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_drawing_the_last_kilogram_while_its_first_draw_is_cancelled_counts_both() -> None:
    stock = in_warehouse()
    first = make.lodged(**home_use(stock, "400"))
    second = make.draft(**home_use(stock, "400"))

    def cancelling() -> object:
        return ending.cancel(first, reason="Withdrawn.", by=make.trader(), at=make.AT)

    cancelled, drawn = at_the_same_time(cancelling, lodging(second))
    assert isinstance(cancelled, Declaration), cancelled
    second.refresh_from_db()
    assert held(first) == 0
    assert held(second) == (400 if isinstance(drawn, Declaration) else 0)
    assert account(stock).net_mass_left == 400 - held(second)
