"""Each rule by its code: a declaration that breaks it, beside the same declaration that does not."""

from collections.abc import Callable
from typing import Any

import pytest

from declarations import rules, services
from tests import make
from tests.declarations.test_stock_rules import CODES as STOCK_CODES
from traders.models import Company

pytestmark = pytest.mark.django_db

Data = dict[str, Any]
CONTAINER = {"identity": "CSQU3054383", "item_number": "1"}
PREVIOUS = {"office_code": "TJ01", "year": "2026", "number": "7", "item_number": "1", "current_item": "1"}
INVOICE = {"code": "380", "reference": "INV-17", "date": "2026-11-02"}
WAYBILL = {"code": "730", "reference": "CMR-204", "date": "2026-11-10"}
HUGE = "9" * 13


def header(**changes: Any) -> Data:
    return make.data(**changes)


def one(**changes: Any) -> Data:
    """A declaration with one changed item."""
    return make.data(items=[make.item(**changes)])


def export(**changes: Any) -> Data:
    goods = make.item(extended_procedure="1000", origin_country="TJ")
    base = {
        "declaration_type": "EX", "general_procedure": "1", "exporter_code": make.TIN, "consignee_code": None,
        "export_country": "TJ", "destination_country": "CN", "items": [goods],
    }  # fmt: skip
    return make.data(**{**base, **changes})


def transit(**changes: Any) -> Data:
    base = {
        "declaration_type": "TR", "general_procedure": "8", "principal_code": make.TIN,
        "transit_destination_office": "TJ02", "transit_destination_country": "TJ",
        "items": [make.item(extended_procedure="8000")],
    }  # fmt: skip
    return make.data(**{**base, **changes})


def warehousing(**changes: Any) -> Data:
    base = {"general_procedure": "7", "warehouse": "W-1", "items": [make.item(extended_procedure="7100")]}
    return make.data(**{**base, **changes})


def papers(*documents: Data, **changes: Any) -> Data:
    return one(documents=list(documents), **changes)


def units(unit: str | None, quantity: str | None) -> Data:
    return one(supplementary_unit_1=unit, supplementary_quantity_1=quantity)


# code: (what is wrong, the pointer of the fault, what is right)
CASES: dict[str, tuple[Data, str, Data]] = {}


def case(code: str, wrong: Callable[[], Data], pointer: str, right: Callable[[], Data] = make.data) -> None:
    CASES[code] = (wrong(), pointer, right())


def _general() -> None:
    case("D001", lambda: header(declaration_type="XX"), "declaration_type")
    case("D002", lambda: header(general_procedure=None), "general_procedure")
    case("D003", lambda: header(office_code="TJ99"), "office_code")
    case("D004", lambda: header(lrn=None), "lrn")
    case(
        "D005", lambda: header(declaration_date="2026-11-24"), "declaration_date",
        lambda: header(declaration_date="2026-11-23"),
    )  # fmt: skip
    case("D009", lambda: header(guarantee_date="1999-01-05"), "guarantee_date",
         lambda: header(guarantee_date="2020-01-05"))  # fmt: skip
    case("D006", lambda: {**header(invoice_amount="1"), "items": []}, "items")
    case("D007", lambda: one(net_mass="12,5x"), "items[0].net_mass", lambda: one(net_mass="12,5"))
    case("D008", lambda: header(general_procedure="9"), "general_procedure")


def _parties() -> None:
    case("D010", lambda: header(consignee_code=None), "consignee_code")
    case("D011", lambda: header(consignee_code="12345"), "consignee_code")
    case("D012", lambda: header(consignee_code="999999999"), "consignee_code")
    case("D013", lambda: header(consignee_code="010000009"), "consignee_code")
    case("D015", lambda: header(consignee_code=make.OTHER_TIN), "consignee_code")
    case("D016", lambda: header(declarant_code=make.OTHER_TIN), "declarant_code")
    case("D017", lambda: header(exporter_name=None), "exporter_name")
    case("D018", lambda: header(financial_code="1"), "financial_code", lambda: header(financial_code=make.TIN))


def _transport() -> None:
    case("D020", lambda: header(trading_country="XX"), "trading_country")
    case("D021", lambda: header(insurance_currency="ZZZ"), "insurance_currency")
    case("D022", lambda: header(inland_mode="88"), "inland_mode", lambda: header(inland_mode="3"))
    case("D023", lambda: header(border_office_code="TJ98"), "border_office_code",
         lambda: header(border_office_code="TJ03"))  # fmt: skip
    case("D024", lambda: header(export_country=None), "export_country")
    case("D025", lambda: export(destination_country=None), "destination_country", export)
    case("D026", lambda: header(destination_country="UZ"), "destination_country",
         lambda: header(destination_country=None))  # fmt: skip
    case("D027", lambda: header(border_mode=None), "border_mode")
    case("D028", lambda: header(departure_nationality=None), "departure_nationality",
         lambda: header(departure_nationality=None, border_mode="2"))  # fmt: skip
    case("D029", lambda: header(departure_identity=None), "departure_identity")
    boxed = lambda **row: header(container_flag=True, containers=[{**CONTAINER, **row}])  # noqa: E731
    case("D030", lambda: header(container_flag=True), "containers", boxed)
    case("D031", lambda: header(containers=[CONTAINER]), "container_flag", boxed)
    case("D032", lambda: boxed(identity="CSQU3054384"), "containers[0].identity", boxed)
    case("D033", lambda: header(container_flag=True, containers=[CONTAINER, CONTAINER]), "containers[1].identity",
         boxed)  # fmt: skip
    case("D034", lambda: boxed(item_number="2"), "containers[0].item_number", boxed)
    case("D035", lambda: header(total_packages="41"), "total_packages", lambda: header(total_packages="40"))
    case("D036", lambda: header(total_gross_mass="421"), "total_gross_mass", lambda: header(total_gross_mass="420"))


def _value() -> None:
    case("D040", lambda: header(invoice_currency=None), "invoice_currency")
    case("D041", lambda: header(invoice_amount=None), "invoice_amount")
    case("D042", lambda: header(invoice_amount="1200.01"), "invoice_amount")
    case("D043", lambda: header(delivery_terms_code="XXX"), "delivery_terms_code")
    left_out = {"delivery_terms_code": "EXW", "external_freight": "0", "insurance": "0"}
    case("D044", lambda: header(**{**left_out, "external_freight": None}), "external_freight",
         lambda: header(**left_out))  # fmt: skip
    case("D045", lambda: header(**{**left_out, "insurance": None}), "insurance", lambda: header(**left_out))
    case("D046", lambda: header(insurance="10"), "insurance_currency",
         lambda: header(insurance="10", insurance_currency="EUR"))  # fmt: skip
    case("D047", lambda: one(insurance_currency="ZZZ"), "items[0].insurance_currency")
    case("D048", lambda: header(invoice_currency="KPW"), "invoice_currency")
    case("D049", lambda: header(working_mode="3"), "working_mode", lambda: header(working_mode="1"))
    case("D050", lambda: header(insurance="-1", insurance_currency="USD"), "insurance")
    case("D051", lambda: one(licence_amount="-1"), "items[0].licence_amount", lambda: one(licence_amount="1"))
    case("D052", lambda: header(deduction="1201", deduction_currency="USD"), "items[0].item_price",
         lambda: header(deduction="1200", deduction_currency="USD"))  # fmt: skip
    case("D053", lambda: make.data(items=[make.item(item_price=HUGE) for _number in range(3)]), "invoice_amount")
    case("D054", lambda: header(working_mode="2", insurance="10", insurance_currency="USD"), "insurance",
         lambda: header(working_mode="0", insurance="10", insurance_currency="USD"))  # fmt: skip
    case("D055", lambda: header(transaction_nature_1="A"), "transaction_nature_1",
         lambda: header(transaction_nature_1="1"))  # fmt: skip


def _procedures() -> None:
    case("D060", lambda: one(extended_procedure="4999"), "items[0].extended_procedure")
    case("D061", lambda: one(extended_procedure="7100"), "items[0].extended_procedure")
    case("D062", lambda: one(national_procedure="999"), "items[0].national_procedure")
    case("D063", lambda: one(extended_procedure="4071"), "items[0].previous_document",
         lambda: one(extended_procedure="4071", previous_document="26TJ000001000001R3"))  # fmt: skip
    before = lambda **row: header(previous=[{**PREVIOUS, **row}])  # noqa: E731
    case("D064", lambda: before(current_item="2"), "previous[0].current_item", before)
    case("D065", lambda: before(number=None), "previous[0].number", before)
    case("D067", lambda: warehousing(warehouse=None), "warehouse", warehousing)
    case("D068", lambda: transit(transit_destination_office=None), "transit_destination_office", transit)
    processed = lambda *papers: header(  # noqa: E731
        general_procedure="5", items=[make.item(extended_procedure="5100", documents=[INVOICE, WAYBILL, *papers])]
    )
    case("D104", processed, "items[0].documents", lambda: processed({"code": "315", "reference": "K-1"}))
    mixed = [make.item(), make.item(extended_procedure="7100")]
    case("D069", lambda: make.data(items=mixed), "items")


def _goods() -> None:
    case("D070", lambda: one(commodity_code=None), "items[0].commodity_code")
    case("D071", lambda: one(commodity_code="0902"), "items[0].commodity_code")
    case("D072", lambda: one(commercial_description=None), "items[0].commercial_description")
    case("D073", lambda: one(origin_country="XX"), "items[0].origin_country")
    case("D074", lambda: one(gross_mass="0"), "items[0].gross_mass")
    case("D075", lambda: one(net_mass=None), "items[0].net_mass")
    case("D076", lambda: one(net_mass="420.0010"), "items[0].net_mass", lambda: one(net_mass="420"))
    case("D077", lambda: one(item_price="0"), "items[0].item_price")
    case("D078", lambda: one(packages_kind=None), "items[0].packages_kind")
    case("D079", lambda: one(packages_kind="QQQ"), "items[0].packages_kind")
    case("D080", lambda: one(packages_number="0"), "items[0].packages_number")
    beer = {"commodity_code": "2203000100"}
    litres = {"supplementary_unit_1": "LTR", "supplementary_quantity_1": "400"}
    case("D081", lambda: one(**beer), "items[0].supplementary_unit_1", lambda: one(**beer, **litres))
    case("D082", lambda: units("NAR", None), "items[0].supplementary_quantity_1", lambda: units("NAR", "5"))
    twice = lambda unit: one(  # noqa: E731
        supplementary_unit_1="LTR",
        supplementary_quantity_1="60",
        supplementary_unit_2=unit,
        supplementary_quantity_2="5",
    )
    case("D088", lambda: twice("LTR"), "items[0].supplementary_unit_2", lambda: twice("CMQ"))
    case("D083", lambda: units("ZZZZ", "5"), "items[0].supplementary_unit_1", lambda: units("NAR", "5"))
    case("D084", lambda: one(**beer), "items[0].supplementary_quantity_1", lambda: one(**beer, **litres))
    case("D085", lambda: one(valuation_method="7"), "items[0].valuation_method", lambda: one(valuation_method="6"))
    case("D086", lambda: one(rate_of_adjustment="0"), "items[0].rate_of_adjustment",
         lambda: one(rate_of_adjustment="1.2"))  # fmt: skip
    packed = lambda kind: header(container_flag=True, containers=[{**CONTAINER, "packages_kind": kind}])  # noqa: E731
    case("D087", lambda: packed("QQQ"), "containers[0].packages_kind", lambda: packed("CT"))


def _papers() -> None:
    case("D090", lambda: papers(WAYBILL), "items[0].documents")
    case("D091", lambda: papers(INVOICE), "items[0].documents",
         lambda: papers(INVOICE, summary_declaration="AWB 172-1"))  # fmt: skip
    odd = lambda **changes: papers(INVOICE, WAYBILL, {"code": "271", "reference": "PL-1", **changes})  # noqa: E731
    case("D092", lambda: odd(code="ZZZ"), "items[0].documents[2].code", odd)
    case("D093", lambda: odd(reference=""), "items[0].documents[2].reference", odd)
    case("D094", lambda: odd(date="2026-11-24"), "items[0].documents[2].date", lambda: odd(date="2026-11-23"))
    case("D095", lambda: papers(INVOICE, WAYBILL, INVOICE), "items[0].documents[2].reference",
         lambda: papers(INVOICE, WAYBILL, {**INVOICE, "reference": "INV-18"}))  # fmt: skip
    case("D096", lambda: one(preference="CIS", origin_country="KZ"), "items[0].preference",
         lambda: papers(INVOICE, WAYBILL, {"code": "ST1", "reference": "KZ-1"}, origin_country="KZ"))  # fmt: skip
    case("D097", lambda: one(preference="NONE"), "items[0].preference")
    supplied = lambda **row: header(suppliers=[{"link": "A", "invoice_number": "S-1", **row}])  # noqa: E731
    case("D098", lambda: supplied(date="2026-11-24"), "suppliers[0].date", lambda: supplied(date="2026-11-20"))
    linked = lambda link: make.data(  # noqa: E731
        items=[make.item(supplier_link=link)], suppliers=[{"link": "A", "invoice_number": "S-1"}]
    )
    case("D099", lambda: linked("B"), "items[0].supplier_link", lambda: linked("A"))


def _tariff() -> None:
    apples = lambda *more: papers(  # noqa: E731
        INVOICE, WAYBILL, *more, commodity_code="0808108000", commercial_description="Apples"
    )
    case("D100", apples, "items[0].documents", lambda: apples({"code": "851", "reference": "PH-1"}))
    case("D101", lambda: one(commodity_code="2524100000"), "items[0].commodity_code",
         lambda: one(commodity_code="2524900000"))  # fmt: skip
    case("D102", lambda: one(quota_code="999999"), "items[0].quota_code")
    case("D103", lambda: one(quota_code="091701"), "items[0].quota_code",
         lambda: one(commodity_code="1701991009", quota_code="091701"))  # fmt: skip


for _section in (_general, _parties, _transport, _value, _procedures, _goods, _papers, _tariff):
    _section()


def found(data: Data) -> dict[str, list[str]]:
    """What lodging finds wrong: pointers by code."""
    draft = services.create_draft(declarant=make.company(), by=make.trader(), at=make.AT, data=data)
    by_code: dict[str, list[str]] = {}
    for violation in services.check(draft, on=make.ON):
        assert violation.sentence, violation.code
        by_code.setdefault(violation.code, []).append(violation.pointer)
    return by_code


@pytest.fixture
def register() -> None:
    make.trader()
    make.stranger()
    owner = make.user("closed@example.com")
    closed = make.company("010000009", name="Closed LLC", owner=owner)
    Company.objects.filter(pk=closed.pk).update(is_active=False)


@pytest.mark.parametrize("code", sorted(CASES))
def test_the_rule_speaks_where_it_is_broken_and_is_silent_where_it_is_not(register: None, code: str) -> None:
    wrong, pointer, right = CASES[code]
    assert pointer in found(wrong).get(code, [])
    assert code not in found(right)


@pytest.mark.parametrize(
    ("code", "data"),
    [
        ("D005", lambda: header(declaration_date="1999-11-23")),
        ("D005", lambda: header(declaration_date="2026-10-23")),
        ("D009", lambda: header(transit_signature_date="2026-11-24")),
        ("D094", lambda: papers({**INVOICE, "date": "1999-11-23"}, WAYBILL)),
        ("D094", lambda: papers(INVOICE, {**WAYBILL, "date": "2015-12-31"})),
        ("D094", lambda: papers(INVOICE, WAYBILL, {"code": "ST1", "reference": "A", "date": "1926-11-23"})),
        ("D098", lambda: make.data(suppliers=[{"link": "A", "invoice_number": "S", "date": "1999-01-01"}])),
        ("D065", lambda: header(previous=[{**PREVIOUS, "year": "1899"}])),
        ("D065", lambda: header(previous=[{**PREVIOUS, "year": "2027"}])),
        ("D007", lambda: header(declaration_date="0024-11-23")),
        ("D007", lambda: header(declaration_date="23.11.26")),
    ],
)
def test_a_day_of_another_age_is_judged(register: None, code: str, data: Callable[[], Data]) -> None:
    assert code in found(data())


@pytest.mark.parametrize(
    "data",
    [
        lambda: header(declaration_date="2026-10-25"),
        lambda: papers(INVOICE, WAYBILL, {"code": "ST1", "reference": "A", "date": "1994-11-23"}),
    ],
)
def test_a_day_that_may_be_is_left_alone(register: None, data: Callable[[], Data]) -> None:
    assert found(data()) == {}


@pytest.mark.parametrize("data", [make.data, export, transit, warehousing], ids=["import", "export", "transit", "IM7"])
def test_a_right_declaration_breaks_no_rule(register: None, data: Callable[[], Data]) -> None:
    assert found(data()) == {}


def test_a_declarant_that_is_closed_may_not_lodge(register: None) -> None:
    draft = make.draft()
    assert "D014" not in {violation.code for violation in services.check(draft, on=make.ON)}
    Company.objects.filter(pk=draft.declarant_id).update(is_active=False)
    draft.declarant.refresh_from_db()
    assert "D014" in {violation.code for violation in services.check(draft, on=make.ON)}


def test_a_declarant_that_is_not_yet_confirmed_may_not_lodge(register: None) -> None:
    draft = make.draft()
    assert "D019" not in {violation.code for violation in services.check(draft, on=make.ON)}
    claim = make.claim("010000055", owner=make.trader())
    waiting = make.draft(declarant=claim, by=make.trader())
    assert "D019" in {violation.code for violation in services.check(waiting, on=make.ON)}


SCAN_CODES = {"D140", "D141"}  # tests/declarations/test_scans.py


def test_every_rule_of_the_registry_is_tried_both_ways() -> None:
    codes = [rule.code for rule in (*rules.OF_CASE, *rules.OF_ASSESSMENT)]
    assert len(codes) == len(set(codes)) >= 40
    assert set(codes) == set(CASES) | STOCK_CODES | SCAN_CODES | {"D014", "D019"}


def test_a_mandate_opens_the_way_for_its_procedures_only(register: None) -> None:
    broker = make.broker()
    agent = Company.objects.get(tin=make.BROKER_TIN)
    draft = make.draft(declarant=agent, by=broker)
    assert {violation.code for violation in services.check(draft, on=make.ON)} == {"D015"}
    make.mandate(principal=make.company(), agent=agent, procedures=("IM7",))
    assert {violation.code for violation in services.check(draft, on=make.ON)} == {"D015"}
    make.mandate(principal=make.company(), agent=agent, procedures=("IM4",))
    assert services.check(draft, on=make.ON) == []


def test_a_faulty_declaration_of_999_items_is_answered_with_a_thousand_faults_at_the_most(register: None) -> None:
    draft = make.draft(items=[make.item(net_mass=None, origin_country=None, item_price=None) for _n in range(999)])
    assert len(services.check(draft, on=make.ON)) == rules.MOST_SHOWN


def test_a_missing_paper_is_named_with_its_code_its_note_and_the_act(register: None) -> None:
    fish = one(commodity_code="0302110000", commercial_description="Trout")
    draft = services.create_draft(declarant=make.company(), by=make.trader(), at=make.AT, data=fish)
    (sentence,) = [found.sentence for found in services.check(draft, on=make.ON) if found.code == "D100"]
    assert "veterinary certificate (853) or sanitary certificate (852)" in sentence
    assert "Issued by the veterinary service of the country of export" in sentence
    assert "Legal basis: Example · Example rate for demonstration, not published law." in sentence


def test_a_paper_without_its_number_or_at_another_item_does_not_count(register: None) -> None:
    apples = {"commodity_code": "0808108000", "commercial_description": "Apples"}
    unnumbered = papers(INVOICE, WAYBILL, {"code": "851"}, **apples)
    assert "items[0].documents" in found(unnumbered)["D100"]
    elsewhere = make.data(
        items=[make.item(documents=[INVOICE, WAYBILL, {"code": "851", "reference": "PH-1"}]), make.item(**apples)]
    )
    assert found(elsewhere)["D100"] == ["items[1].documents"]
