"""Lists of goods in the words of those who write them: columns, totals, countries, units, codes and figures."""

import pytest
from django.test import Client
from django.urls import reverse

from declarations import reading
from declarations.boxes import BY_FIELD
from declarations.forms.goods import judge
from declarations.forms.goods_facts import differences_of
from declarations.forms.headings import field_named, is_total
from declarations.forms.paste import read_cells
from lib.country_codes import is_short_name, meant_by_short_name
from tests import make
from tests.declarations.test_form_paste import LAW, now, proposed

COLUMNS = {
    "commodity_code": [
        "H.S. Code", "HTS", "Tariff No.", "Commodity code (HS)", "TN VED", "ТНВЭД код", "Код ТНВЭД ТС",
        "Код ТН ВЭД ЕАЭС (10 знаков)", "Код тн вэд / HS code", "HS Code\nКод товара", "РАМЗИ МОЛ (HS)",
    ],
    "commercial_description": [
        "Goods description", "Item name", "Commodity description", "Наименование и описание товара",
        "Название товара", "Номенклатура", "Наименование / Bezeichnung", "Номгӯи мол", "Номгуи мол",
    ],
    "origin_country": [
        "Country of Origin (COO)", "C.O.O.", "Made in", "Страна-изготовитель", "Страна производства", "Мамлакат",
        "Кишвари истехсолкунанда",
    ],
    "packages_number": [
        "CTN", "No. of cartons", "No. of pkgs", "Qty (cartons)", "Кол-во коробок", "Кол-во (мест)",
        "Количество грузовых мест", "Total CTNS", "Чойхо",
    ],
    "packages_kind": ["Packing", "Type of package", "Вид упак.", "Тара"],
    "gross_mass": [
        "G.W.", "GW", "GW (KGS)", "Total G.W.", "Gross Wt", "Weight (gross)", "Общий вес брутто, кг", "Вазн (брутто)",
        "Gross weight / Вес брутто",
    ],
    "net_mass": ["N.W.", "NW kg", "N.W.(KGS)", "Net Wt.", "Общий вес нетто", "Вазни холис", "Вес, нетто"],
    "supplementary_quantity_1": ["Q'ty", "QTY, PCS", "Quantity (pcs)", "К-во", "Количество ед.", "Микдор", "Total qty",
                                 "TOTAL PCS", "Всего, шт."],
    "supplementary_unit_1": ["Units", "Ед. измерения", "ЕИ", "U.O.M.", "Вохиди ченак"],
    "number": ["№пп", "N п/п", "S/N", "Sl. No.", "Р/т", "Pos."],
}  # fmt: skip


@pytest.mark.parametrize(("field", "cell"), [(field, cell) for field, cells in COLUMNS.items() for cell in cells])
def test_a_column_is_known_by_its_short_and_its_foreign_name(field: str, cell: str) -> None:
    found = field_named(cell)
    assert found is not None
    assert found.field == field


@pytest.mark.parametrize(
    ("cell", "is_sum"),
    [
        ("Total (USD)", True), ("Total USD", True), ("Amount FOB, USD", True), ("Line total", True),
        ("Всего, USD", True),
        ("Общая стоимость", True), ("Арзиши умуми", True), ("Price (total)", True), ("U/Price", False),
        ("Price/pc", False), ("Unit price (per pc)", False), ("Цена за шт.", False), ("Цена за 1 шт, USD", False),
        ("Нарх барои як дона", False),
    ],
)  # fmt: skip
def test_a_price_of_one_is_told_from_a_sum(cell: str, is_sum: bool) -> None:
    found = field_named(cell)
    assert found is not None
    assert (found.field, found.is_sum) == ("item_price", is_sum)


@pytest.mark.parametrize(
    "cell",
    ["PCS/CTN", "Qty/CTN", "N.W./CTN", "Net weight (kg/ctn)", "Gross weight (per carton)", "Item", "Model", "Article",
     "Item code", "Total kg", "Всего кг", "Цвет товара", "Вес", "CBM", "Qty / Weight", "Country of destination",
     "Бренд"],
)  # fmt: skip
def test_what_holds_for_one_package_or_is_something_else_fills_no_box(cell: str) -> None:
    assert field_named(cell) is None


@pytest.mark.parametrize(
    "cell",
    ["SUB-TOTAL", "Page total", "Carried forward", "Total net weight:", "Total FOB, USD", "Подытог",
     "Итого по странице",
     "Всего к оплате с НДС", "Итого мест", "Хамаги", "ЧАМЪИ УМУМӢ", "Ҷамъ барои саҳифа"],
)  # fmt: skip
def test_totals_of_parts_and_of_all_are_known(cell: str) -> None:
    assert is_total(cell)


@pytest.mark.parametrize("cell", ["Net", "Итоги года, журнал", "Total station", "Вес", "Invoice", "Page"])
def test_other_words_are_no_totals(cell: str) -> None:
    assert not is_total(cell)


def test_a_packing_list_of_many_columns_is_laid_out_by_those_that_are_known() -> None:
    goods = read_cells(
        "Packing list 15\t\t\t\t\t\t\t\t\t\n"
        "Item\tModel\tColour\tH.S. Code\tSize\tQ'ty\tCTNS\tCBM\tN.W.\tG.W.\n"
        "1\tA-5\tred\t8517130000\tM\t40\t2\t0.1\t4.5\t5\n"
        "2\tA-6\tred\t8471300000\tM\t60\t3\t0.1\t5.5\t6\n"
        "Sub-total\t\t\t\t\t100\t5\t0.2\t10\t11\n"
        "Item\tModel\tColour\tH.S. Code\tSize\tQ'ty\tCTNS\tCBM\tN.W.\tG.W.\n"
        "3\tB-1\tred\t0902300009\tM\t50\t5\t0.1\t10\t12\n"
        "\t\t\t\t\t50\t5\t0.1\t10\t12\n"
        "Grand total\t\t\t\t\t150\t10\t0.3\t20\t23\n"
        "Freight\t\t\t\t\t\t\t\t\t\n",
        field="net_mass",
    )
    assert [row["commodity_code"] for row in goods.rows] == ["8517130000", "8471300000", "0902300009"]
    assert goods.rows[0] == {"commodity_code": "8517130000", "supplementary_quantity_1": "40", "packages_number": "2",
                             "net_mass": "4.5", "gross_mass": "5"}  # fmt: skip
    assert [each.line for each in goods.left_out] == [1, 2, 6, 5, 8, 9, 10]
    assert differences_of(goods) == []


def test_freight_below_the_totals_is_no_item_and_a_wrong_total_is_told() -> None:
    goods = read_cells("HS\tName\tNet\tAmount\n0902300009\tTea\t5\t100\nTotal\t\t5\t101\nFreight\tby sea\t\t20\n"
                       "Total with freight\t\t\t121", field="commodity_code")  # fmt: skip
    assert goods.numbers == [2]
    assert [(str(each.said), str(each.found)) for each in differences_of(goods)] == [("101", "100")]
    counted = read_cells("HS\tName\tNet\n0902300009\tTea\t5\nTotal\t\t5\n\tNuts\t6", field="commodity_code")
    assert counted.numbers == [2, 4], "what has a mass of its own is goods"


def test_goods_in_words_that_may_name_a_column_stay_goods() -> None:
    goods = read_cells("Tea\tCTN\tPCS\t5\nNuts\tCTN\tPCS\t6", field="commercial_description")
    assert len(goods.rows) == 2


# Countries ----------------------------------------------------------------------------------------------------
def test_a_country_is_known_by_its_short_names_in_any_order_and_case() -> None:
    names = {"P.R.C.": "CN", "China, P.R.": "CN", "CHINA (PRC)": "CN", "People's Republic of China": "CN",
             "Китайская Народная Респ.": "CN", "Made in PRC": "CN", "сделано в Киргизии": "KG",
             "Произведено в Киргизии": "KG", "Страна происхождения: Киргизия": "KG", "Киргизстан": "KG",
             "Чумхурии Точикистон": "TJ", "U.K.": "GB", "Соединённое Королевство": "GB"}  # fmt: skip
    assert proposed("origin_country", list(names)) == names


@pytest.mark.parametrize("text", ["Китай, Германия", "CN/DE", "Корея Северная Южная", "(", "Made in ", "сделано в "])
def test_no_country_is_guessed_where_two_or_none_are_named(text: str) -> None:
    assert proposed("origin_country", [text]) == {}


@pytest.mark.parametrize(("text", "meant"), [("РТ", "TJ"), ("РК", "KZ"), ("рк", "KZ"), ("ЕС", ""), ("КР", "")])
def test_a_short_name_in_cyrillic_is_not_taken_for_the_code_that_it_looks_like(text: str, meant: str) -> None:
    """РК is Kazakhstan and PK Pakistan; ЕС is the European Union and EC Ecuador."""
    assert is_short_name(text)
    assert meant_by_short_name(text) == meant
    with pytest.raises(reading.Unreadable, match="short name"):
        reading.value(BY_FIELD["item"]["origin_country"], text)
    goods = read_cells(text, field="origin_country")
    judge(goods, LAW)
    assert [fault.box for fault in goods.faults] == ["origin_country"]


def test_a_short_name_is_held_in_every_box_of_countries_until_somebody_says_which(as_trader: Client) -> None:
    draft = make.draft()
    address = reverse("declaration_fields", args=[draft.public_id])
    typed = {"export_country": "РК", "items[0].origin_country": "ЕС"}
    boxes = as_trader.post(address, typed, headers={"accept": "application/json"}).json()["boxes"]
    assert all("another country" in " ".join(box["faults"]) for box in boxes.values())
    assert now(draft)["held"] == typed
    # Letters that only look alike are still the code that was meant.
    as_trader.post(address, {"export_country": "СN"}, headers={"accept": "application/json"})
    assert now(draft)["export_country"] == "CN"


def test_the_short_name_is_proposed_as_its_country(as_trader: Client) -> None:
    draft = make.draft()
    address = reverse("declaration_items_read", args=[draft.public_id])
    answer = as_trader.post(address, {"cells": "РК\nРТ\nЕС\nКазокистон", "column": "origin_country"}).json()
    assert [(each["from"], each["to"]) for each in answer["proposals"]] == [
        ("РК", "KZ"), ("РТ", "TJ"), ("Казокистон", "KZ")]  # fmt: skip


# Codes and figures --------------------------------------------------------------------------------------------
def test_codes_and_figures_that_a_spreadsheet_wrote_for_people_are_proposed() -> None:
    assert proposed("commodity_code", ["8,517,130,000", "902,300,009", "8'517'130'000"]) == {
        "8,517,130,000": "8517130000", "902,300,009": "0902300009", "8'517'130'000": "8517130000"}  # fmt: skip
    assert proposed("item_price", ["(12)", "(1 234,50)", "12-", "1.200,50-"]) == {
        "(12)": "-12", "(1 234,50)": "-1 234,50", "12-": "-12", "1.200,50-": "-1.200,50"}  # fmt: skip
    assert proposed("item_price", ["12%", "1,5 %", "(1)(2)", "-(1)", "1-2-", "()", "-"]) == {}
    assert proposed("net_mass", ["(12)", "12-", "#DIV/0!", "#ДЕЛ/0!"]) == {}
