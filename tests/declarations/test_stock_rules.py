"""What box 40 may not name, each refusal by its code, the cell it points at, and a sentence that says what is there."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from declarations import selectors, services
from declarations.models import Declaration
from declarations.selectors import Earlier, earlier_in_text
from declarations.services import ending
from tariffs.models import Procedure
from tests import make
from tests.declarations.stock_steps import account, before_the_system, goods, home_use, in_warehouse, row_on
from traders.models import Company

pytestmark = pytest.mark.django_db
D = Decimal
CODES = {"D066", *(f"D{number}" for number in range(110, 123))}
POINTER = "previous[0].number"


def faults(data: dict[str, Any], *, on: date = make.ON) -> list[tuple[str, str, str]]:
    """What the check page and the API say of a draft: code, pointer, sentence. Nothing is refused as it is typed."""
    draft = services.create_draft(declarant=make.company(), by=make.trader(), at=make.AT, data=data)
    found = [(one.code, one.pointer, str(one.sentence)) for one in services.check(draft, on=on)]
    assert len({(code, pointer) for code, pointer, _sentence in found}) == len(found)
    return found


def codes(data: dict[str, Any], **more: Any) -> list[tuple[str, str]]:
    return [(code, pointer) for code, pointer, _sentence in faults(data, **more)]


def of_text(text: str, **changes: Any) -> dict[str, Any]:
    return make.data(items=[goods(previous_document=text, **changes)])


# How a number is read -----------------------------------------------------------------------------------------
MRN = "26TJ000001000001R3"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("TJ01/2026/R/123/1", Earlier("", "TJ01", 2026, "R", 123, 1)),
        ("TJ01/2026/R123", Earlier("", "TJ01", 2026, "R", 123)),
        ("2026 R 123", Earlier("", "", 2026, "R", 123)),
        ("2026/123/7", Earlier("", "", 2026, "", 123, 7)),
        (" tj01 - 2026 - с 0123 , № 2 ", Earlier("", "TJ01", 2026, "C", 123, 2)),
        ("№ ТЈ01/2026/С/123", Earlier("", "TJ01", 2026, "C", 123)),
        (MRN, Earlier(MRN)),
        ("26 ТJ 000001 000001 R3", Earlier(MRN)),
        (f"{MRN.lower()}/12", Earlier(MRN, item=12)),
        (f"{MRN}, товар 3", Earlier(MRN, item=3)),
        ("an earlier one", None),
        ("TJ01/26/R/1", None),
        ("26TJ00000100", None),
        ("", None),
    ],
)
def test_an_earlier_number_is_read_as_people_write_it(text: str, read: Earlier | None) -> None:
    assert earlier_in_text(text) == read


# Which one ----------------------------------------------------------------------------------------------------
def test_a_right_draw_breaks_no_rule() -> None:
    stock = in_warehouse()
    assert faults(home_use(stock)) == []
    assert faults(of_text(f"{stock.customs_number}/1")) == []


def test_a_text_that_names_nothing_is_refused() -> None:
    assert codes(of_text("the tea of last spring")) == [("D110", "items[0].previous_document")]


def test_a_number_that_is_nowhere_is_refused_and_a_slip_of_one_digit_is_told() -> None:
    stock = in_warehouse()
    assert codes(home_use(stock, number="999")) == [("D111", POINTER)]
    entered = before_the_system(number=12345)
    ((code, pointer, sentence),) = faults(home_use(entered, number="12346"))
    assert (code, pointer) == ("D111", POINTER)
    assert "TJ01/2024/R12346" in sentence
    assert "Is TJ01/2024/R12345 meant?" in sentence
    assert "TJ01/2024/R12345" in faults(home_use(entered, number="12354"))[0][2], "two digits changed places"
    assert "meant" not in faults(home_use(entered, number="12366"))[0][2]
    assert "TJ01/2024/R12345 · 1" in faults(home_use(entered, item_number="2"))[0][2]
    wrong = stock.mrn[:11] + str((int(stock.mrn[11]) + 1) % 10) + stock.mrn[12:]
    assert stock.mrn in faults(of_text(wrong))[0][2]


def test_a_stranger_does_not_learn_that_a_declaration_exists() -> None:
    stranger = make.stranger()
    theirs = before_the_system(company=Company.objects.get(tin=make.OTHER_TIN), number=12345)
    assert stranger
    (there,), (nowhere,) = faults(home_use(theirs)), faults(home_use(theirs, number="54321"))
    assert there[:2] == nowhere[:2] == ("D111", POINTER)
    assert there[2].replace("12345", "54321") == nowhere[2]
    assert "meant" not in faults(home_use(theirs, number="12346"))[0][2]


def test_one_of_several_offices_or_items_has_to_be_named() -> None:
    before_the_system()
    other = before_the_system(office_code="TJ02")
    assert codes(of_text("2024 R 17")) == [("D112", "items[0].previous_document")]
    before_the_system(office_code="TJ02", item_number=2)
    text = f"{other.customs_number}"
    assert codes(of_text(text)) == [("D112", "items[0].previous_document")]
    before_the_system(number=18)
    before_the_system(number=18, item_number=2, commodity_code="0902100009")
    assert codes(of_text("TJ01/2024/R18")) == [], "the only item with these goods is meant"


def test_a_declaration_that_is_not_released_or_has_ended_is_refused_with_its_state() -> None:
    made = make.assessed(general_procedure="7", warehouse="W", items=[make.item(extended_procedure="7100")])
    ((code, pointer, sentence),) = faults(home_use(made))
    assert (code, pointer) == ("D113", POINTER)
    assert "is assessed" in sentence
    ending.cancel(made, reason="Withdrawn.", by=make.trader(), at=make.AT)
    assert "is cancelled" in faults(home_use(made))[0][2]


def test_a_declaration_without_stock_and_an_item_that_is_not_there_are_refused() -> None:
    stock, sold = in_warehouse(), make.released()
    assert codes(home_use(stock, item_number="2")) == [("D114", "previous[0].item_number")]
    assert codes(home_use(sold)) == [("D114", "previous[0].item_number")]


def test_stock_of_another_procedure_is_refused() -> None:
    entered = before_the_system(procedure="53")
    assert codes(home_use(entered)) == [("D115", "items[0].extended_procedure")]
    assert codes(make.data(items=[goods(extended_procedure="4053")], previous=[row_on(entered)])) == []


# Which goods --------------------------------------------------------------------------------------------------
def test_other_goods_are_refused_unless_they_were_processed() -> None:
    stock = before_the_system(commodity_code="6911100000", origin_country="UZ")
    assert codes(home_use(stock)) == [("D116", "items[0].commodity_code"), ("D117", "items[0].origin_country")]
    processed = before_the_system(number=18, commodity_code="6911100000", origin_country="UZ", procedure="51")
    assert codes(make.data(items=[goods(extended_procedure="4051")], previous=[row_on(processed)])) == []


def test_goods_whose_code_is_no_longer_in_force_keep_their_heading() -> None:
    assert codes(home_use(before_the_system(commodity_code="0902309990"))) == []
    assert codes(home_use(before_the_system(number=18, commodity_code="0901999999")))[0][0] == "D116"


# How much -----------------------------------------------------------------------------------------------------
def test_more_than_is_left_is_refused_with_what_is_left_to_the_last_digit() -> None:
    stock = before_the_system(net_mass=D("400.000100"), supplementary_unit="LTR", supplementary_quantity=D("12.5"))
    row = {"packages_written_off": "40", "supplementary_quantity_written_off": "12.5"}
    ((code, pointer, sentence),) = faults(home_use(stock, "400.0002", **row))
    assert (code, pointer) == ("D066", "previous[0].mass_written_off")
    assert "packages: 40, 400.0001 kg, 12.5 LTR, value: 12000" in sentence
    assert "0.0001 kg more" in sentence
    assert codes(home_use(stock, "400.0001", **row)) == []
    row = {"packages_written_off": "41", "supplementary_quantity_written_off": "13", "value_written_off": "12000.01"}
    assert [pointer for _code, pointer in codes(home_use(stock, "100", **row))] == [
        f"previous[0].{name}_written_off" for name in ("packages", "supplementary_quantity", "value")
    ]
    text = of_text("TJ01/2024/R/17/1", net_mass="401", gross_mass="401", packages_number="1",
                   supplementary_unit_1="LTR", supplementary_quantity_1="1")  # fmt: skip
    assert ("D066", "items[0].net_mass") in codes(text)


def test_items_of_one_declaration_count_together() -> None:
    stock = in_warehouse()
    rows = [row_on(stock), row_on(stock, current_item="2")]
    assert codes(make.data(items=[goods("200"), goods("200")], previous=rows)) == []
    found = codes(make.data(items=[goods("200"), goods("201", packages_number="20")], previous=rows))
    assert found == [("D066", "previous[1].mass_written_off")]


def test_nothing_left_is_said() -> None:
    stock = in_warehouse()
    make.lodged(**home_use(stock, "400"))
    ((code, pointer, sentence),) = faults(home_use(stock))
    assert (code, pointer) == ("D118", POINTER)
    assert str(account(stock)) in sentence


def test_what_is_overdue_is_refused_from_the_day_after_its_term() -> None:
    stock = before_the_system(due=make.ON)
    assert codes(home_use(stock)) == []
    late = before_the_system(due=date(2026, 11, 22), number=18)
    ((code, pointer, sentence),) = faults(home_use(late))
    assert (code, pointer) == ("D119", POINTER)
    assert "22.11.2026" in sentence


def test_an_item_names_an_account_once() -> None:
    stock = in_warehouse()
    rows = [row_on(stock, packages_written_off="5", mass_written_off="50") for _n in range(2)]
    assert codes(make.data(items=[goods("100")], previous=rows)) == [("D120", "previous[1].number")]


def test_how_much_is_drawn_has_to_be_said_where_it_cannot_be_told() -> None:
    first, second = in_warehouse(), in_warehouse()
    rows = [row_on(first, mass_written_off="100"), row_on(second)]
    assert codes(make.data(items=[goods("100")], previous=rows)) == [("D121", "previous[1].mass_written_off")]
    counted = before_the_system(supplementary_unit="LTR", supplementary_quantity=D(10))
    assert codes(home_use(counted)) == [("D121", "previous[0].supplementary_quantity_written_off")]
    assert codes(home_use(counted, supplementary_quantity_written_off="-1")) == [
        ("D121", "previous[0].supplementary_quantity_written_off")
    ]


def test_goods_that_stay_the_same_are_written_off_in_full() -> None:
    stock = in_warehouse()
    assert codes(home_use(stock, "100", mass_written_off="99.9")) == [("D122", "items[0].net_mass")]
    Procedure.objects.filter(code="4071").update(goods_may_differ=True)
    services.check(make.draft(), on=make.ON)
    assert codes(home_use(stock, "100", mass_written_off="99.9")) == []
    Procedure.objects.filter(code="4071").update(relief=True)
    assert codes(home_use(stock, "100", mass_written_off="99.9")) == [("D122", "items[0].net_mass")]


# Through the doors --------------------------------------------------------------------------------------------
def test_the_check_the_gate_and_the_page_say_the_same() -> None:
    stock = in_warehouse()
    draft = make.draft(**home_use(stock, "401", packages_written_off="40"))
    client = Client()
    client.force_login(make.trader())
    page = f"/api/v1/declarations/{draft.public_id}"
    shown = client.get(f"{page}/violations/").json()["violations"]
    refused = client.post(f"{page}/lodge/")
    assert refused.status_code == 422
    assert refused.json()["violations"] == shown
    assert [(one["code"], one["pointer"]) for one in shown] == [("D066", "previous[0].mass_written_off")]


def test_an_unregistered_trader_is_told_so_and_nothing_more() -> None:
    stock = in_warehouse()
    data = {**home_use(stock), "consignee_code": "999999999"}
    assert [code for code, _pointer in codes(data)] == ["D012"]


def test_a_draft_may_stay_incomplete() -> None:
    draft = make.draft(items=[goods()], previous=[{"office_code": "TJ01"}, {}])
    assert selectors.content_of(draft).previous
    draft = make.draft(**home_use(in_warehouse(), "500"))
    assert Declaration.objects.get(pk=draft.pk).status == "draft"


@pytest.mark.parametrize("count", [1, 40])
def test_draws_are_looked_up_by_as_many_queries_for_one_item_as_for_many(
    count: int, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    stock = before_the_system(net_mass=D(40_000), packages=D(4_000))
    rows = [row_on(stock, current_item=str(place)) for place in range(1, count + 1)]
    draft = make.draft(items=[goods("10") for _n in range(count)], previous=rows)
    services.check(draft, on=make.ON)
    with django_assert_max_num_queries(22):
        assert services.check(Declaration.objects.get(pk=draft.pk), on=make.ON) == []
