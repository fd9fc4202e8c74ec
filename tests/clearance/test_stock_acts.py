"""Acts on stock and goods from before the system: one officer records, a second confirms, nothing falls below zero."""

import threading
import time
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts.models import Role
from clearance.services import stock as desk
from declarations.models import Levy, RefusedBalance, StockAccount, StockDischarge, StockMovement, StockWriteOff
from declarations.services.stock_balances import Balance
from declarations.services.stock_table import as_table, read_balances
from declarations.services.stock_write_offs import Act
from lib.violations import Rejected
from payments.models import GuaranteeCall, Reservation
from payments.selectors import due, held_for
from payments.services import free_guarantee
from tests import make
from tests.clearance.test_stock_terms import refused
from tests.declarations.stock_steps import account, before_the_system, home_use, in_warehouse
from tests.declarations.test_lodge import at_the_same_time
from traders.models import Right
from traders.services import add_member

pytestmark = pytest.mark.django_db
D = Decimal
LOSS = Act(
    kind="loss", act_number="17-A", act_date=make.ON, packages=D(4), net_mass=D("40.5"), value=D(100),
    duty_reason="Fire, as the act says.",
)  # fmt: skip


def recorded(stock: StockAccount, act: Act = LOSS) -> StockWriteOff:
    return desk.record_write_off(stock, act=act, by=make.officer(), at=make.AT)


def confirm(act: StockWriteOff) -> StockWriteOff:
    return desk.confirm_write_off(act, by=make.supervisor(), at=make.AT)


def left(stock: StockAccount) -> Decimal:
    return StockAccount.objects.get(pk=stock.pk).net_mass_left


# Acts ---------------------------------------------------------------------------------------------------------
def test_goods_leave_the_account_when_a_second_officer_confirms_the_act_and_are_discharged() -> None:
    stock = account(in_warehouse())
    act = recorded(stock)
    assert left(stock) == 400
    movement = confirm(act).movement
    assert movement is not None
    assert left(stock) == D("359.5")
    assert (movement.kind, movement.act, movement.by, movement.second) == (
        "loss", "17-A 23.11.2026", make.officer(), make.supervisor(),
    )  # fmt: skip
    assert StockDischarge.objects.filter(movement=movement).exists()
    assert stock.item is not None
    assert list(stock.item.declaration.events.order_by("pk").values_list("verb", flat=True))[-2:] == [
        "record_write_off", "write_off",
    ]  # fmt: skip


def test_duty_on_a_loss_without_excuse_is_charged_and_the_guarantee_pays_that_part() -> None:
    stock = in_warehouse()
    whole = held_for(stock.mrn).amount
    act = recorded(account(stock), replace(LOSS, net_mass=D(100), duty_due=True, duty_reason="Theft is no excuse."))
    movement = confirm(act).movement
    assert StockDischarge.objects.filter(movement=movement).exists()
    call = GuaranteeCall.objects.get()
    part = (whole / 4).quantize(D("0.01"), rounding="ROUND_DOWN")
    assert (call.cause, call.amount, call.posted, call.text) == ("loss", part, part, "Theft is no excuse.")
    assert held_for(stock.mrn).amount == whole - part
    statuses = Reservation.objects.filter(mrn=stock.mrn).order_by("pk").values_list("status", flat=True)
    assert list(statuses) == ["voided", "posted", "held"]
    assert sum(Levy.objects.values_list("amount", flat=True)) == part
    stock.refresh_from_db()
    assert due(stock) == 0
    free_guarantee(stock.pk, at=make.AT)
    assert held_for(stock.mrn).amount == whole - part, "what is called is not freed too"


def test_of_goods_from_before_the_system_no_duty_is_known() -> None:
    act = recorded(before_the_system(), replace(LOSS, duty_due=True, duty_reason="Theft is no excuse."))
    assert confirm(act).movement is not None
    assert not Levy.objects.exists()


def test_more_than_is_left_is_refused_to_the_last_digit_when_recorded_and_when_confirmed() -> None:
    stock = before_the_system()
    with pytest.raises(Rejected) as refusal:
        recorded(stock, replace(LOSS, net_mass=D("400.000001")))
    [fault] = refusal.value.violations
    assert (fault.code, fault.pointer) == ("W021", "net_mass")
    assert "holds 400; 0.000001 more" in fault.sentence
    act = recorded(stock, replace(LOSS, net_mass=D(350)))
    make.lodged(**home_use(stock, "100"))
    assert refused(confirm, act) == ["W021"]
    assert left(stock) == 300
    assert StockWriteOff.objects.get(pk=act.pk).status == "recorded"


def test_an_act_says_what_it_must_say() -> None:
    stock = before_the_system()
    for code, change in {
        "W020": {"packages": D(0), "net_mass": D(0), "value": D(0)},
        "W022": {"act_number": " "},
        "W023": {"act_date": date(2026, 11, 24)},
        "W027": {"duty_reason": ""},
    }.items():
        assert refused(recorded, stock, replace(LOSS, **change)) == [code]  # type: ignore[arg-type]
    recorded(stock)
    assert refused(recorded, stock) == ["W024"]


def test_nobody_confirms_an_act_of_ones_own() -> None:
    act = recorded(before_the_system())
    assert refused(desk.confirm_write_off, act, by=make.officer(), at=make.AT) == ["W026"]
    with pytest.raises(IntegrityError), transaction.atomic():
        StockWriteOff.objects.filter(pk=act.pk).update(decided_by=make.officer())
    assert refused(desk.confirm_write_off, act, by=make.officer(Role.SUPERVISOR, "TJ02"), at=make.AT) == ["W050"]


def test_a_rejected_act_takes_nothing_and_may_be_recorded_anew() -> None:
    stock = before_the_system()
    act = desk.reject_write_off(recorded(stock), reason="No stamp.", by=make.supervisor(), at=make.AT)
    assert (act.status, act.decision, left(stock)) == ("rejected", "No stamp.", 400)
    assert refused(confirm, act) == ["W025"]
    assert confirm(recorded(stock)).status == "confirmed"


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_who_confirm_an_act_at_once_one_writes_it_off() -> None:
    stock = before_the_system()
    act, seconds = recorded(stock), (make.supervisor(), make.officer(Role.EXAMINING))
    done = at_the_same_time(
        *[
            lambda by=by: desk.confirm_write_off(StockWriteOff.objects.get(pk=act.pk), by=by, at=make.AT)  # type: ignore[misc]
            for by in seconds
        ]
    )
    [told] = [each for each in done if isinstance(each, Rejected)]
    assert [fault.code for fault in told.violations] == ["W025"]
    assert (StockMovement.objects.filter(account=stock).count(), left(stock)) == (1, D("359.5"))


# Goods from before the system ---------------------------------------------------------------------------------
def balance(**changes: Any) -> Balance:
    make.company()
    values: dict[str, Any] = {
        "tin": make.TIN, "office_code": make.OFFICE, "year": 2024, "series": "R", "number": 17, "item_number": 1,
        "procedure": "71", "commodity_code": "0902300009", "origin_country": "CN", "packages": D(40),
        "net_mass": D(400), "value": D(12000), "due": date(2027, 1, 31),
    }  # fmt: skip
    return Balance(**values | changes)


def enter(**changes: Any) -> StockAccount:
    return desk.enter_balance(balance(**changes), by=make.officer(), at=make.AT)


def test_an_entry_can_be_drawn_on_once_a_second_officer_has_confirmed_it() -> None:
    stock = enter()
    with pytest.raises(Rejected):
        make.lodged(**home_use(stock))
    assert refused(desk.confirm_balance, stock, by=make.officer(), at=make.AT) == ["W038"]
    desk.confirm_balance(stock, by=make.supervisor(), at=make.AT)
    make.lodged(**home_use(stock))
    assert left(stock) == 300
    assert refused(desk.confirm_balance, stock, by=make.supervisor(), at=make.AT) == ["W037"]
    assert refused(desk.refuse_balance, stock, reason="x", by=make.supervisor(), at=make.AT) == ["W037"]


def test_a_rejected_entry_is_kept_with_its_reason_and_its_number_is_free_again() -> None:
    desk.refuse_balance(enter(), reason="The year is wrong.", by=make.supervisor(), at=make.AT)
    kept = RefusedBalance.objects.get()
    assert (kept.reason, kept.data["net_mass"], kept.data["due"]) == ("The year is wrong.", "400", "2027-01-31")
    assert not StockAccount.objects.exists()
    with pytest.raises(DatabaseError), transaction.atomic():
        RefusedBalance.objects.update(reason="x")
    assert enter().net_mass == 400


def test_what_is_wrong_with_an_entry_is_named_by_its_field() -> None:
    enter()
    there = in_warehouse()
    assert (there.registration_year, there.registration_number) == (2026, 1)
    declared = {"year": 2026, "number": 1, "series": there.registration_series}
    for fault, change in {
        ("W030", "tin"): {"tin": "999999999"},
        ("W032", "number"): {},
        ("W033", "commodity_code"): {"commodity_code": "9902300009"},
        ("W034", "procedure"): {"procedure": "40"},
        ("W035", "net_mass"): {"net_mass": D(0), "packages": D(0)},
        ("W036", "due"): {"due": None},
        ("W040", "year"): {"year": 2027},
        ("W041", "origin_country"): {"origin_country": "XX"},
        ("W042", "supplementary_unit"): {"supplementary_quantity": D(3)},
    }.items():
        other = {} if fault == ("W032", "number") else {"number": 99}
        with pytest.raises(Rejected) as refusal:
            enter(**other | change)
        assert [(each.code, each.pointer) for each in refusal.value.violations] == [fault]
    assert refused(enter, **declared) == ["W032"]
    assert refused(enter, **declared, item_number=2) == ["W032"]
    assert refused(enter, office_code="TJ02", number=99) == ["W050"]


def test_nobody_enters_goods_of_a_company_one_works_for() -> None:
    add_member(make.company(), user=make.officer(), right=Right.PAYER, by=make.trader(), on=make.SINCE, at=make.AT)
    assert refused(enter) == ["W051"]
    assert not StockAccount.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_enter_the_same_at_once_one_is_told() -> None:
    one, officer = balance(), make.officer()
    done = at_the_same_time(*[lambda: desk.enter_balance(one, by=officer, at=make.AT) for _click in range(2)])
    [told] = [each for each in done if isinstance(each, Rejected)]
    assert ([fault.code for fault in told.violations], StockAccount.objects.count()) == (["W032"], 1)


@pytest.mark.django_db(transaction=True)
def test_of_one_who_confirms_and_one_who_rejects_at_once_one_is_told() -> None:
    stock, seconds = enter(), (make.supervisor(), make.officer(Role.EXAMINING))
    done = at_the_same_time(
        lambda: desk.confirm_balance(stock, by=seconds[0], at=make.AT),
        lambda: desk.refuse_balance(stock, reason="No.", by=seconds[1], at=make.AT),
    )
    [told] = [each for each in done if isinstance(each, Rejected)]
    assert [fault.code for fault in told.violations] == ["W037"]
    assert StockAccount.objects.confirmed().count() + RefusedBalance.objects.count() == 1


def until_somebody_waits() -> None:
    """Returns when another connection waits for a lock."""
    with connection.cursor() as cursor:
        for _try in range(200):
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
            time.sleep(0.02)


@pytest.mark.django_db(transaction=True)
def test_an_officer_who_waited_for_another_is_told_what_was_decided_meanwhile() -> None:
    stock, seconds, decided = enter(), (make.supervisor(), make.officer(Role.EXAMINING)), threading.Event()

    def confirm_slowly() -> None:
        with transaction.atomic():
            desk.confirm_balance(stock, by=seconds[0], at=make.AT)
            decided.set()
            until_somebody_waits()

    def reject() -> None:
        assert decided.wait(timeout=10)
        desk.refuse_balance(stock, reason="No.", by=seconds[1], at=make.AT)

    _confirmed, told = at_the_same_time(confirm_slowly, reject)
    assert isinstance(told, Rejected)
    assert [fault.code for fault in told.violations] == ["W037"]
    assert str(seconds[0]) in told.violations[0].sentence


# A table ------------------------------------------------------------------------------------------------------
def test_a_table_is_checked_cell_by_cell_and_entered_whole_or_not_at_all() -> None:
    right = as_table([balance(), balance(item_number=2, due=None)])
    with pytest.raises(Rejected) as refusal:
        desk.enter_table(right.encode(), name="a.csv", by=make.officer(), at=make.AT)
    assert [(each.code, each.pointer) for each in refusal.value.violations] == [("W036", "a.csv:3:due")]
    first, last = right.replace("2027-01-31", "soon").rsplit(",400,", 1)
    unread = f"{first},4x0,{last}"
    with pytest.raises(Rejected) as refusal:
        read_balances(unread.encode(), name="a.csv", at=make.AT)
    assert {each.pointer for each in refusal.value.violations} == {"a.csv:2:due", "a.csv:3:net_mass"}
    assert not StockAccount.objects.exists()
    whole = as_table([balance(), balance(item_number=2)])
    assert read_balances(whole.encode(), name="a.csv", at=make.AT) == [balance(), balance(item_number=2)]
    assert len(desk.enter_table(whole.encode(), name="a.csv", by=make.officer(), at=make.AT)) == 2


def test_a_table_that_names_an_item_twice_or_is_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    twice = as_table([balance(), balance()])
    with pytest.raises(Rejected) as refusal:
        read_balances(twice.encode(), name="a.csv", at=make.AT)
    assert [(each.code, each.pointer) for each in refusal.value.violations] == [("W032", "a.csv:3:number")]
    monkeypatch.setattr("declarations.services.stock_table.MOST_ROWS", 1)
    assert refused(read_balances, twice.encode(), name="a.csv", at=make.AT) == ["W044"]
    monkeypatch.setattr("declarations.services.stock_table.MOST_BYTES", 10)
    assert refused(read_balances, twice.encode(), name="a.csv", at=make.AT) == ["F002"]
