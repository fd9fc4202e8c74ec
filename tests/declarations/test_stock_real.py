"""Real exports of a warehouse: an EX9 that draws on what lies there from before the system, entered by two officers."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from declarations import selectors, services
from declarations.models import Declaration, StockAccount
from lib.violations import Rejected
from tariffs.models import Procedure
from tests import make
from tests.countries import load_instead
from tests.declarations.stock_steps import before_the_system
from tests.declarations.test_real_exports import register
from traders.models import Company
from traders.services import give_mandate

pytestmark = pytest.mark.django_db
D = Decimal
DAY, AT = date(2015, 4, 14), datetime(2015, 4, 14, 12, tzinfo=UTC)


@pytest.fixture
def _grenada(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    load_instead("gd")


def drafted(file: Path) -> Declaration:
    broker = make.user("broker@example.com")
    return services.draft_from_xml(
        declarant=register("659767", broker), name=file.name, content=file.read_bytes(), by=broker, at=AT
    )


def entered(file: Declaration, company: Company) -> list[StockAccount]:
    """What lies there of the file, as its registration (C 9998 of 31 March 2015) and items say."""
    return [
        before_the_system(
            company=company, office_code="GDSGO", year=2015, series="C", number=9998, item_number=item.number,
            procedure="70", commodity_code=item.commodity_code, origin_country=item.origin_country,
            packages=item.packages_number, net_mass=item.net_mass, supplementary_unit=item.supplementary_unit_1,
            supplementary_quantity=item.supplementary_quantity_1, value=item.item_price, due=date(2017, 3, 30),
            entered_by=make.user("first@customs.example"), confirmed_by=make.user("second@customs.example"),
        )
        for item in file.items.order_by("number")
    ]  # fmt: skip


def faults_of_stock(draft: Declaration) -> list[tuple[str, str]]:
    found = services.check(Declaration.objects.get(pk=draft.pk), on=DAY)
    return [(one.code, one.pointer) for one in found if one.code == "D066" or "D110" <= one.code <= "D122"]


@pytest.mark.usefixtures("_grenada")
def test_an_export_from_a_warehouse_draws_on_what_it_names(shared_data: Path) -> None:
    ex9 = drafted(shared_data / "asycuda" / "gd_ex9_1_item.xml")
    firm = register(ex9.exporter_code, make.user("broker@example.com"))
    assert faults_of_stock(ex9) == [("D111", "previous[0].number")]
    there = {
        "company": firm, "office_code": "GDSGO", "year": 2014, "series": "C", "item_number": 5, "procedure": "70",
        "commodity_code": "6108999000", "origin_country": "US", "supplementary_unit": "NMB", "due": None,
        "packages": D(1), "value": D("11.14"),
    }  # fmt: skip
    one = before_the_system(**there, number=24985, net_mass=D("0.3"), supplementary_quantity=D(2))
    assert faults_of_stock(ex9) == []
    (draw,) = selectors.draws_of(
        selectors.content_of(Declaration.objects.get(pk=ex9.pk)),
        procedures={row.code: row for row in Procedure.objects.all()},
        company=firm,
    )
    assert draw.account == one
    assert draw.taken == selectors.Quantities(D(0), D("0.3"), D(2), D("5.57"))


@pytest.mark.usefixtures("_grenada")
def test_the_ex9_draws_on_the_im7_that_was_entered_as_goods_from_before_the_system(shared_data: Path) -> None:
    im7, ex9 = (drafted(shared_data / "asycuda" / f"gd_{name}.xml") for name in ("im7_3_items", "ex9_1_item"))
    broker = make.user("broker@example.com")
    firm = register(ex9.exporter_code, broker)
    give_mandate(firm, agent=ex9.declarant, by=broker, at=AT, valid_from=date(2010, 1, 1))
    first, second, _third = entered(im7, firm)
    content = selectors.as_dict(ex9)
    (item,), (row,) = content["items"], content["previous"]
    item |= {"commodity_code": "8504400000", "origin_country": "CN", "national_procedure": "000", "net_mass": "15.1350"}
    item |= {"gross_mass": "16", "packages_number": "1"}
    row |= {"year": 2015, "number": 9998, "item_number": 1, "mass_written_off": "15.1350"}
    row |= {"supplementary_quantity_written_off": "1", "value_written_off": None}
    content |= {"consignee_name": "Ocean Stores\nBridgetown", "delivery_terms_code": "FOB", "total_packages": None}
    drawn = services.save_draft(ex9, data=content, by=broker, at=AT)
    with pytest.raises(Rejected) as refused:
        services.lodge(services.save_draft(ex9, data={**content, "previous": [{**row, "item_number": 2}]}, by=broker,
                                           at=AT), on=DAY, at=AT, by=broker)  # fmt: skip
    assert {"D066", "D117"} == {one.code for one in refused.value.violations}
    lodged = services.lodge(services.save_draft(drawn, data=content, by=broker, at=AT), on=DAY, at=AT, by=broker)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.net_mass_left, first.supplementary_quantity_left) == (D("15.135"), 1)
    assert first.value_left == D("936.65"), "half of 1873.30 went with half of the mass"
    assert second.net_mass_left == second.net_mass
    assert lodged.status == "assessed"
