"""Conditions that nothing declared can meet, or that say nothing, are refused when they are typed."""

from datetime import timedelta
from decimal import Decimal

import pytest

from lib.violations import Rejected, Violation
from risk import rules, services
from risk.models import RiskList, RiskListVersion
from risk.rules import possible
from risk.rules.reading import read_one
from risk.selectors import conditions_in_words
from risk.selectors.lists import lists_on
from tariffs.models import Commodity
from tests import make
from tests.risk import make as risk

pytestmark = pytest.mark.django_db

Row = tuple[str, str, str] | tuple[str, str, str, str]


def rows(*given: Row) -> list[dict[str, str]]:
    names = ("field", "op", "value", "group")
    return [dict(zip(names, each, strict=False)) for each in given]


def faults(*given: Row, **changes: object) -> list[Violation]:
    return rules.violations(risk.draft(conditions=rows(*given), **changes), on=make.ON)


CODE, ORIGIN, NET, GROSS = "item.commodity_code", "item.origin_country", "item.net_mass", "item.gross_mass"
PAPER, BOXES, VALUE = "document.code", "container.identity", "header.customs_value"


@pytest.mark.parametrize(
    ("code", "pointer", "given"),
    [
        # One condition that is never so.
        ("K060", "conditions[0].value", [(CODE, "=", "0902")]),
        ("K060", "conditions[0].value", [(CODE, "in", "0902300009, 220300")]),
        ("K060", "conditions[0].value", [(CODE, "!=", "22")]),
        ("K060", "conditions[0].value", [(CODE, "starts_with", "09023000091")]),
        ("K017", "conditions[0].value", [(CODE, "starts_with", "7701")]),
        ("K017", "conditions[0].value", [(CODE, "=", "tea")]),
        ("K017", "conditions[0].value", [(ORIGIN, "=", "XQ")]),
        ("K017", "conditions[0].value", [(ORIGIN, "starts_with", "CHN")]),
        ("K017", "conditions[0].value", [("header.office_code", "=", "TJ99")]),
        ("K017", "conditions[0].value", [("header.invoice_currency", "contains", "€")]),
        ("K060", "conditions[0].value", [("item.licence_number", "=", "L" * 200)]),
        ("K061", "conditions[0].value", [(NET, "<", "0")]),
        ("K061", "conditions[0].value", [(NET, "=", "-5")]),
        ("K061", "conditions[0].value", [("header.item_count", "=", "1,5")]),
        ("K061", "conditions[0].value", [("header.earlier_declarations", ">", "1000")]),
        ("K061", "conditions[0].op", [(CODE, "empty", "")]),
        ("K064", "conditions[0].value", [(NET, "between", "20 .. 10")]),
        ("K064", "conditions[0].value", [(NET, "between", "20")]),
        ("K016", "conditions[0].value", [(NET, "between", "ten .. 20")]),
        ("K064", "conditions[0].value", [(CODE, "between", "85 .. 84")]),
        ("K012", "conditions[0].op", [(PAPER, ">", "380")]),
        ("K012", "conditions[0].op", [(PAPER, "between", "380 .. 390")]),
        ("K012", "conditions[0].op", [("header.container_flag", "starts_with", "yes")]),
        ("K059", "conditions[0].value", [(ORIGIN, "in_list", "NO-SUCH-LIST")]),
        ("K058", "conditions[0].group", [(ORIGIN, "=", "CN", "Z")]),
        # Beyond what a column or a declaration holds.
        ("K061", "conditions[0].value", [(NET, ">", "1000000000000")]),
        ("K061", "conditions[0].value", [("item.item_price", ">=", "100000000000001")]),
        ("K061", "conditions[0].value", [("header.total_packages", ">", "999999999")]),
        ("K061", "conditions[0].value", [("header.item_count", ">", "999")]),
        ("K061", "conditions[0].value", [("header.item_count", "<", "1")]),
        ("K061", "conditions[0].value", [("header.item_count", "between", "1000 .. 2000")]),
        # No code of the tariff.
        ("K017", "conditions[0].value", [(CODE, "contains", "99999999")]),
        ("K017", "conditions[0].value", [(CODE, "between", "7700 .. 7799")]),
        ("K017", "conditions[0].value", [(CODE, "between", "7701 – 77")]),
        # A number with two readings, or as programs write them.
        ("K016", "conditions[0].value", [(NET, ">", "1,234")]),
        ("K016", "conditions[0].value", [(NET, "between", "1.234 .. 2000")]),
        ("K016", "conditions[0].value", [(NET, ">", "1e5")]),
        ("K016", "conditions[0].value", [(NET, ">", "1_000")]),
        # One that is always so.
        ("K063", "conditions[0].value", [("header.item_count", ">=", "1")]),
        ("K063", "conditions[0].value", [("header.item_count", "<=", "999")]),
        ("K063", "conditions[0].value", [("header.item_count", ">=", "0")]),
        ("K063", "conditions[0].op", [("header.office_code", "filled", "")]),
        # Those of one field that exclude each other.
        ("K062", "conditions[1].value", [(NET, ">", "10"), (NET, "<", "5")]),
        ("K062", "conditions[1].value", [(NET, ">", "10"), (NET, "<", "10")]),
        ("K062", "conditions[1].value", [(NET, "between", "1 .. 5"), (NET, "=", "6")]),
        ("K062", "conditions[2].value", [(NET, "between", "5 .. 5"), (ORIGIN, "=", "CN"), (NET, "!=", "5")]),
        ("K062", "conditions[1].value", [("header.item_count", ">", "1"), ("header.item_count", "<", "2")]),
        ("K062", "conditions[1].value", [(ORIGIN, "in", "CN, TR"), (ORIGIN, "not_in", "TR, CN")]),
        ("K062", "conditions[1].value", [(ORIGIN, "=", "CN"), (ORIGIN, "=", "TR")]),
        ("K062", "conditions[1].value", [(ORIGIN, "starts_with", "C"), (ORIGIN, "in", "TR, UZ")]),
        ("K062", "conditions[1].value", [(ORIGIN, "empty", ""), (ORIGIN, "=", "CN")]),
        ("K062", "conditions[1].value", [(CODE, "starts_with", "0902"), (CODE, "starts_with", "22")]),
        ("K062", "conditions[1].value", [(CODE, "=", "0902300009"), (CODE, "starts_with", "22")]),
        ("K062", "conditions[1].value", [(CODE, "between", "01 .. 08"), (CODE, "starts_with", "0902")]),
        ("K062", "conditions[1].value", [(PAPER, "in", "380, 730"), (PAPER, "not_in", "380, 730, 315")]),
        ("K062", "conditions[1].value", [(PAPER, "empty", ""), (PAPER, "=", "380")]),
        ("K062", "conditions[1].value", [(BOXES, "empty", ""), (BOXES, "starts_with", "MSKU")]),
        ("K062", "conditions[1].value", [("header.container_flag", "=", "yes"), ("header.container_flag", "=", "no")]),
        ("K062", "conditions[1].value", [("item.licence_number", "=", "A1"), ("item.licence_number", "contains", "B")]),
        # Those of kindred fields.
        ("K062", "conditions[1].value", [(NET, ">", "500"), (GROSS, "<", "100")]),
        ("K062", "conditions[1].value", [("item.customs_value", ">", "1000"), (VALUE, "<=", "1000")]),
        ("K062", "conditions[1].value", [(NET, ">", "500"), ("header.total_gross_mass", "<", "100")]),
        ("K062", "conditions[1].value", [("item.value_below_p10", "=", "yes"), ("item.value_below_p25", "=", "no")]),
        # Within one group, and with what belongs to every group.
        ("K062", "conditions[1].value", [(ORIGIN, "=", "CN", "A"), (ORIGIN, "=", "TR", "A")]),
        ("K062", "conditions[1].value", [(ORIGIN, "=", "CN"), (ORIGIN, "=", "TR", "A"), (NET, ">", "1", "B")]),
    ],
)
def test_what_cannot_be_met_is_refused_at_its_row(code: str, pointer: str, given: list[Row]) -> None:
    found = faults(*given)
    assert (code, pointer) in [(fault.code, fault.pointer) for fault in found], found
    assert all(fault.sentence and "%" not in fault.sentence for fault in found)


@pytest.mark.parametrize(
    "given",
    [
        [(CODE, "starts_with", "0902"), (CODE, "!=", "0902300009")],
        [(CODE, "starts_with", "09"), (CODE, "starts_with", "0902, 22")],
        [(CODE, "between", "0901 .. 0902"), (CODE, "contains", "300")],
        [(ORIGIN, "in", "CN, TR"), (ORIGIN, "not_in", "TR")],
        [(ORIGIN, "!=", "CN"), (ORIGIN, "!=", "TR")],
        [(NET, ">", "10"), (NET, "<", "10,0010")],
        [(NET, ">", "1,234.5")],
        [(NET, "<=", "999999999999.999999")],
        [("header.item_count", "=", "999")],
        [(CODE, "contains", "3000")],
        [("item.value_below_p10", "=", "no"), ("item.value_below_p25", "=", "yes")],
        [(NET, "between", "1 200,5 – 3 000")],
        [(PAPER, "=", "380"), (PAPER, "=", "730"), (PAPER, "not_in", "ST1")],
        [(BOXES, "starts_with", "MSKU"), (BOXES, "contains", "123")],
        [("item.commercial_description", "contains", "tea"), ("item.commercial_description", "contains", "green")],
        [(ORIGIN, "=", "CN", "A"), (ORIGIN, "=", "TR", "B")],
        [(NET, "<", "5", "A"), (NET, ">", "10", "B"), (CODE, "starts_with", "0902")],
        [("header.consignee_code", "filled", ""), ("item.licence_number", "empty", "")],
        [(NET, ">", "500"), (GROSS, ">", "100")],
    ],
)
def test_what_can_be_met_is_taken(given: list[Row]) -> None:
    assert faults(*given) == []


def test_a_condition_that_leaves_nothing_in_the_offices_of_the_criterion_is_refused() -> None:
    (fault,) = faults(("header.office_code", "=", "TJ02"), offices=["TJ01"])
    assert (fault.code, fault.pointer) == ("K062", "conditions[0].value")
    assert "offices" in fault.sentence
    assert faults(("header.office_code", "in", "TJ01, TJ02"), offices=["TJ01"]) == []


def test_the_sentence_offers_what_was_meant() -> None:
    (fault,) = faults((CODE, "=", "0902"))
    assert "Choose “starts with”" in fault.sentence


def test_many_conditions_are_a_list() -> None:
    assert [fault.code for fault in faults(*[(NET, ">", str(n)) for n in range(61)])] == ["K058"]


def test_groups_are_said_in_words_and_kept() -> None:
    made = risk.made(conditions=rows((CODE, "starts_with", "0902"), (ORIGIN, "=", "CN", "B"), (NET, ">", "5", "A"),
                                     (NET, "between", "1 .. 9", "B")))  # fmt: skip
    assert conditions_in_words(made) == [
        "Commodity code starts with 0902",
        "either: Net mass, kg above 5",
        "or: Country of origin is CN; Net mass, kg between 1 .. 9",
    ]


# Lists --------------------------------------------------------------------------------------------------------
def listed(code: str = "RISKY", kind: str = "country", entries: tuple[str, ...] = ("cn", "TR")) -> RiskListVersion:
    draft = services.ListDraft(code=code, kind=kind, name="Risky", entries=entries)
    return services.make_list(draft, valid_from=make.SINCE, note="first", on=make.ON, at=make.AT, by=risk.analyst())


def approved(version: RiskListVersion) -> RiskListVersion:
    return services.approve_list(version, on=make.ON, at=make.AT, by=risk.second_analyst())


def test_a_list_holds_once_a_second_analyst_has_approved_it_and_changes_by_versions() -> None:
    first = listed()
    assert lists_on(make.ON)["RISKY"].entries == frozenset()
    with pytest.raises(Rejected, match="K069"):
        services.approve_list(first, on=make.ON, at=make.AT, by=risk.analyst())
    approved(first)
    with pytest.raises(Rejected, match="K067"):
        approved(first)
    assert lists_on(make.ON)["RISKY"].entries == {"CN", "TR"}
    row = RiskList.objects.get()
    changed = services.change_list(
        row, entries=["UZ"], valid_from=make.ON, note="Turkey was clean.", on=make.ON, at=make.AT, by=risk.analyst()
    )
    assert lists_on(make.ON)["RISKY"].entries == {"CN", "TR"}
    better = services.change_list(
        row, entries=["UZ"], valid_from=make.ON, note="As before.", on=make.ON, at=make.AT, by=risk.analyst()
    )
    with pytest.raises(Rejected, match="K067"):
        approved(changed)
    approved(better)
    assert (lists_on(make.ON)["RISKY"].number, lists_on(make.ON)["RISKY"].entries) == (3, {"UZ"})


@pytest.mark.parametrize(
    ("kind", "entries"),
    [
        ("country", ("XQ",)), ("commodity", ("tea",)), ("commodity", ("09023000099",)), ("office", ("TJ99",)),
        ("trader", ()), ("text", ("x" * 81,)),
    ],
)  # fmt: skip
def test_what_cannot_stand_in_a_list_is_refused(kind: str, entries: tuple[str, ...]) -> None:
    with pytest.raises(Rejected, match="K066"):
        listed(kind=kind, entries=entries)


def test_a_condition_asks_for_a_list_of_its_field_and_follows_its_versions() -> None:
    assert [fault.code for fault in faults((ORIGIN, "in_list", "RISKY"))] == ["K059"]
    version = listed()
    assert "holds nothing" in faults((ORIGIN, "in_list", "RISKY"))[0].sentence
    approved(version)
    assert faults((ORIGIN, "in_list", "risky")) == []
    assert [fault.code for fault in faults((CODE, "in_list", "RISKY"))] == ["K059"]
    clash = faults((ORIGIN, "in_list", "RISKY"), (ORIGIN, "=", "UZ"))
    assert [fault.code for fault in clash] == ["K062"]
    risk.criterion(conditions=rows((ORIGIN, "in_list", "risky")))
    score = services.score(make.assessed().pk, at=make.AT)
    assert score is not None
    assert score.reasons[0]["conditions"] == [[ORIGIN, "in_list", "RISKY v1", "CN"]]
    approved(services.change_list(
        RiskList.objects.get(), entries=["UZ"], valid_from=make.ON, note="x", on=make.ON, at=make.AT, by=risk.analyst()
    ))  # fmt: skip
    later = services.score(make.assessed(lrn="L2").pk, at=make.AT)
    assert later is not None
    assert later.lane == "green"


def test_a_list_of_codes_takes_their_beginnings() -> None:
    approved(listed("TEAS", "commodity", ("0902", "0903 00")))
    condition = read_one(rows((CODE, "in_list", "TEAS"))[0], lists_on(make.ON))
    assert condition.begins
    domains = possible.Domains([condition], codes=lambda name: (), digits=10)
    assert domains.leave(CODE, [condition])
    risk.criterion(conditions=rows((CODE, "in_list", "TEAS")))
    score = services.score(make.assessed().pk, at=make.AT)
    assert score is not None
    assert score.lane == "red"


def test_codes_are_those_of_the_first_day_of_the_criterion() -> None:
    make.other_law(Commodity.objects.filter(code__startswith="0902"), valid_to=make.ON + timedelta(days=10))
    assert faults((CODE, "starts_with", "0902")) == []
    later = faults((CODE, "starts_with", "0902"), valid_from=make.ON + timedelta(days=30))
    assert [(fault.code, fault.pointer) for fault in later] == [("K017", "conditions[0].value")]


def test_what_was_kept_before_a_number_was_judged_so_is_read_as_it_was() -> None:
    kept = [read_one({"field": NET, "op": ">", "value": text}, {}).number for text in ("1,234", "1e5", "2.500")]
    assert kept == [Decimal("1.234"), Decimal(100_000), Decimal("2.5")]
