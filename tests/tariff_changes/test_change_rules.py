"""Each rule by its code: what it finds fault with, where it points, and what it lets pass."""

from datetime import date
from typing import Any

import pytest

from lib.violations import Violation
from tariff_changes import services as changes
from tariff_changes.models import ChangeSet
from tariffs.models import Commodity, CountryGroupMember, LegalAct, Measure, Quota, Tax
from tests.tariff_changes.change_steps import APPLES, AT, DAY, ON, START, act, apples, maker, published, replaced

pytestmark = pytest.mark.django_db
PEARS, PAINTINGS = "0808300000", "9701210000"
RATE = {"tax": "DUTY", "commodity": PEARS, "rate": "3%"}
BAN = {"kind": "prohibition", "flow": "import", "commodity": PEARS}
PAPER = {"kind": "restriction", "flow": "import", "commodity": PEARS, "document": "ST1"}
QUOTA = {"number": "09.0001", "volume": "100", "unit": "KGM", "name": "Pears"}
TAX = {
    "code": "GREEN", "sequence": "35", "scope": "item", "flow": "import", "base_includes_value": "yes",
    "decimals": "2", "rounding": "half_up", "is_suspended": "yes", "name": "Green levy",
}  # fmt: skip


def draft(*rows: tuple[str, str, int | None, dict[str, str]], legal_act: LegalAct | None = None) -> ChangeSet:
    """A set of the given rows: table, action, target, values."""
    change_set = changes.begin(title="Rules", takes_effect=START, legal_act=legal_act or act(), by=maker(), at=AT)
    for table, action, target, values in rows:
        changes.add_row(change_set, table=table, action=action, target=target, values=values, by=maker(), at=AT)
    return change_set


def create(table: str, **values: str) -> tuple[str, str, None, dict[str, str]]:
    return table, "create", None, values


def measure(**values: str) -> tuple[str, str, None, dict[str, str]]:
    return create("measure", **{**RATE, **values})


def line(code: str, *, on: date = ON) -> int:
    return int(Commodity.objects.on(on).get(code=code).pk)


def judged(*rows: Any, on: date = ON) -> list[tuple[str, str]]:
    """Code and pointer of every fault."""
    return pointed(changes.judge(draft(*rows), on=on))


def pointed(found: list[Violation]) -> list[tuple[str, str]]:
    return [(fault.code, fault.pointer) for fault in found]


def test_what_is_in_order_passes() -> None:
    assert (
        judged(
            create("legal_act", number="Order 700", title="On pears", date="2026-11-01"),
            create("tax", **TAX),
            create("quota", **QUOTA),
            measure(act="Order 700"),
            measure(tax="GREEN", excluded_commodities="080830", origin="CISFT", excluded_origins="RU AM"),
            measure(quota="09.0001", rate="Free"),
            measure(season_from="06-01", season_to="11-30", rate="9%"),
            create("measure", **BAN),
            create("measure", **PAPER),
        )
        == []
    )


def test_t401_no_two_rows_of_one_thing_share_a_day() -> None:
    known = {"tax": "DUTY", "commodity": APPLES, "rate": "7%"}
    assert judged(create("measure", **known)) == [("T401", "rows[1].valid_from")]
    assert judged(measure(), measure(rate="4%")) == [("T401", "rows[2].valid_from")]
    later = {"valid_from": (START + 31 * DAY).isoformat()}
    assert judged(measure(), measure(**later)) == [("T401", "rows[2].valid_from")]
    assert judged(measure(valid_to=(START + 30 * DAY).isoformat()), measure(**later)) == []
    assert judged(("measure", "end", apples(ON).pk, {}), create("measure", **known)) == []
    assert ("T401", "rows[1].valid_from") in judged(create("tax", **{**TAX, "sequence": "20"}))
    assert judged(create("group_member", group="CISFT", country="RU")) == [("T401", "rows[1].valid_from")]


def test_t402_a_measure_lies_within_its_line_tax_quota_and_act() -> None:
    sold_out = {**QUOTA, "valid_to": "2027-06-30"}
    assert judged(create("quota", **sold_out), measure(quota="09.0001", valid_to="2027-07-01")) == [
        ("T402", "rows[2].quota")
    ]
    assert judged(create("quota", **sold_out), measure(quota="09.0001", valid_to="2027-06-30")) == []
    assert judged(create("tax", **TAX, valid_to="2027-06-30"), measure(tax="GREEN")) == [("T402", "rows[2].tax")]
    new = create("commodity", code="0808300011", declarable="yes", description="Quinces")
    generic = ("commodity", "replace", line(PEARS), {"declarable": "no", "code": "08083000"})
    early = create("legal_act", number="Order 700", title="Late", date="2027-01-01")
    assert judged(early, measure(act="Order 700")) == [("T402", "rows[2].valid_from")]
    assert judged(generic, new) == []
    assert judged(generic, new, measure()) == [("T402", "rows[3].commodity")]


def test_t402_a_line_lies_within_the_line_above_and_takes_what_rests_on_it_along() -> None:
    assert judged(("commodity", "end", line("080830"), {})) == [("T402", "rows[1].code")]
    assert judged(("commodity", "end", line(APPLES), {})) == [("T402", "rows[1].code")], "its rate stays"
    both = ("commodity", "end", line(APPLES), {}), ("measure", "end", apples(ON).pk, {})
    assert judged(*both) == []
    late = {"code": "010122", "description": "Zebras", "valid_from": "2027-01-01"}
    below = {"code": "0101220000", "description": "Zebras", "declarable": "yes"}
    assert judged(create("commodity", **late), create("commodity", **below)) == [("T402", "rows[2].code")]
    below["valid_from"] = "2027-01-01"
    assert judged(create("commodity", **late), create("commodity", **below)) == []


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (measure(commodity="7700"), "commodity"),
        (measure(excluded_commodities="7700"), "excluded_commodities"),
        (measure(tax="NONE"), "tax"),
        (measure(origin="QQ"), "origin"),
        (measure(excluded_origins="RU QQ"), "excluded_origins"),
        (measure(document="QQ1"), "document"),
        (create("measure", **{**PAPER, "alternative_documents": "QQ1"}), "alternative_documents"),
        (measure(procedure="99"), "procedure"),
        (measure(national_procedure="QQ9"), "national_procedure"),
        (measure(quota="09.9999"), "quota"),
        (measure(rate="3 EUR/QQQ"), "rate"),
        (create("quota", **{**QUOTA, "unit": "QQQ"}), "unit"),
        (create("tax", **{**TAX, "base_taxes": "DUTY NONE"}), "base_taxes"),
        (create("group_member", group="NONE", country="RU"), "group"),
        (create("group_member", group="CISFT", country="QQ"), "country"),
        (create("commodity", code="7701", description="x"), "code"),
        (create("commodity", code="0808300019", description="x", supplementary_unit="QQQ", declarable="yes"),
         "supplementary_unit"),
    ],
)  # fmt: skip
def test_t403_what_a_row_names_is_known(row: Any, column: str) -> None:
    found = judged(row)
    assert any(fault in found for fault in [("T403", f"rows[1].{column}"), ("T405", f"rows[1].{column}")])


def test_t404_an_act_stands_behind_every_row() -> None:
    change_set = changes.begin(title="No act", takes_effect=START, by=maker(), at=AT)
    changes.add_row(change_set, table="measure", action="create", values=RATE, by=maker(), at=AT)
    assert pointed(changes.judge(change_set, on=ON)) == [("T404", "rows[1].act")]
    assert judged(measure(act="Order 999")) == [("T404", "rows[1].act")]
    changes.add_row(
        change_set, table="measure", action="replace", target=apples(ON).pk, values={"rate": "7%"}, by=maker(), at=AT
    )
    assert pointed(changes.judge(change_set, on=ON)) == [("T404", "rows[1].act")], "a replaced row keeps its act"


@pytest.mark.parametrize("rate", ["", "5 apples", "12% but", "EUR 5 per"])
def test_t405_a_rate_can_be_read_and_the_sentence_says_where_it_cannot(rate: str) -> None:
    found = changes.judge(draft(measure(rate=rate)), on=ON)
    assert pointed(found) == [("T405", "rows[1].rate")]
    assert rate in found[0].sentence


def test_t406_what_is_changed_stands_as_it_was_chosen() -> None:
    slow, row = replaced("7%"), ("measure", "end", apples(ON).pk, {})
    other = draft(row)
    published(other)
    (fault,) = changes.judge(slow, on=ON)
    assert (fault.code, fault.pointer) == ("T406", "rows[1]")
    chosen = slow.rows.get()
    changes.choose_again(chosen, version=chosen.version, by=maker(), at=AT)
    assert "T406" not in [found.code for found in changes.judge(slow, on=ON)]


def test_t407_the_day_is_still_to_come() -> None:
    assert judged(measure(), on=START) == []
    assert judged(measure(), on=START + DAY) == [("T407", "takes_effect")]


def test_t408_a_set_without_rows_changes_nothing() -> None:
    assert judged() == [("T408", "rows")]


def test_t409_a_season_has_two_ends() -> None:
    assert judged(measure(season_from="06-01")) == [("T409", "rows[1].season_to")]
    assert judged(measure(season_to="06-01")) == [("T409", "rows[1].season_from")]
    assert judged(measure(season_from="06-31", season_to="07-01")) == [("T409", "rows[1].season_from")]


def test_t410_no_code_is_longer_than_the_countrys() -> None:
    assert ("T410", "rows[1].commodity") in judged(measure(commodity=PEARS + "1"))
    assert ("T410", "rows[1].code") in judged(create("commodity", code=PEARS + "1", description="x", declarable="yes"))


def test_t411_a_line_may_be_declared_or_has_lines_below_it() -> None:
    below = create("commodity", code="0808300011", description="Quinces", declarable="yes")
    assert judged(below) == [], "a line beside the generic one of its subheading"
    eight = create("commodity", code="08083000", description="Quinces", declarable="yes")
    assert ("T411", "rows[1].declarable") in judged(eight)
    assert judged(create("commodity", code="0808300011", description="Quinces")) == [("T411", "rows[1].declarable")]
    assert judged(("commodity", "end", line(PEARS), {})) == [("T411", "rows[1].code")]
    assert judged(("commodity", "end", line(PEARS), {}), below) == []


def test_t413_a_cell_that_cannot_be_read_is_named() -> None:
    assert judged(measure(additive="perhaps", valid_from="1/2/2027")) == [
        ("T413", "rows[1].additive"), ("T413", "rows[1].valid_from"),
    ]  # fmt: skip
    assert judged(("measure", "end", apples(ON).pk, {"valid_to": "soon"})) == [("T413", "rows[1].valid_to")]


def test_t414_a_legal_act_is_not_ended_nor_renumbered() -> None:
    assert judged(("legal_act", "end", act().pk, {})) == [("T414", "rows[1]")]
    assert judged(("legal_act", "replace", act().pk, {"number": "Order 451"})) == [("T414", "rows[1].number")]


def test_t415_nothing_changes_before_the_day_of_the_set() -> None:
    assert judged(measure(valid_from=(START - DAY).isoformat())) == [("T415", "rows[1].valid_from")]
    early = {"valid_to": (START - 2 * DAY).isoformat()}
    assert judged(("measure", "end", apples(ON).pk, early)) == [("T415", "rows[1].valid_to")]
    assert judged(("measure", "end", apples(ON).pk, {"valid_to": (START - DAY).isoformat()})) == []


def test_t417_each_kind_of_measure_has_its_cells() -> None:
    assert judged(measure(flow="import")) == [("T417", "rows[1].flow")]
    assert judged(create("measure", **{**BAN, "flow": ""})) == [("T417", "rows[1].flow")]
    assert judged(create("measure", **{**PAPER, "document": ""})) == [("T417", "rows[1].document")]
    assert judged(create("measure", **{**BAN, "rate": "5%"})) == [("T417", "rows[1].rate")]
    assert judged(create("quota", **{**QUOTA, "volume": "0"})) == [("T417", "rows[1].volume")]


def test_t418_a_validity_ends_after_it_begins_and_an_end_is_earlier_than_the_one_there_is() -> None:
    assert ("T418", "rows[1].valid_to") in judged(measure(valid_to=(START - DAY).isoformat()))
    vat = Measure.objects.get(tax_code="VAT", valid_to=date(2026, 12, 31))
    assert judged(("measure", "end", vat.pk, {"valid_to": "2027-01-31"})) == [("T418", "rows[1].valid_to")]
    assert judged(("measure", "end", vat.pk, {"valid_to": "2026-12-30"})) == []


def test_t419_a_legal_act_stands_once() -> None:
    new = create("legal_act", number="Order 700", title="On pears")
    assert judged(new, new) == [("T419", "rows[2].number")]
    assert judged(create("legal_act", number="Order 450", title="Again")) == [("T419", "rows[1].number")]


def test_everything_the_database_refuses_is_refused_before_with_a_sentence() -> None:
    """Rows that break each constraint of the tables are found by the rules, so that publication never meets one."""
    wrong = [
        measure(commodity="x"), measure(rate=""), measure(season_from="06-01"), measure(valid_to="2026-01-01"),
        create("measure", **{**PAPER, "document": ""}), create("measure", **{**BAN, "tax": "DUTY"}),
        create("quota", **{**QUOTA, "volume": "-1"}), create("quota", **{**QUOTA, "number": ""}),
        create("commodity", code="8"), create("tax", **{**TAX, "sequence": "99999999999"}),
        create("group_member", group="CISFT", country="RU"),
    ]  # fmt: skip
    before = Tax.objects.count(), Quota.objects.count(), CountryGroupMember.objects.count()
    for row in wrong:
        assert judged(row), row
    assert (Tax.objects.count(), Quota.objects.count(), CountryGroupMember.objects.count()) == before
