"""Cells from a spreadsheet: the clipboard's own quoting, names of columns, totals, and what may be read in two ways."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from declarations.forms.goods import judge
from declarations.forms.headings import field_named, is_total
from declarations.forms.meant import Law
from declarations.forms.paste import read_cells
from declarations.models import Declaration
from declarations.selectors import as_dict
from lib.row_keys import new_key
from lib.sheets import read_clipboard
from lib.violations import Rejected
from tests import make


def paste(client: Client, draft: Declaration, cells: str, column: str = "commodity_code") -> Any:
    """As the grid does from its first row on: it asks what the cells mean, then puts that in, with rows for it."""
    read = client.post(address_of("read", draft), {"cells": cells, "column": column}).json()
    keys = [item["key"] for item in now(draft)["items"]]
    added = [new_key() for _row in read["rows"][len(keys) :]]
    rows = zip([*keys, *added], read["rows"], strict=False)
    boxes = {f"items[{key}].{name}": text for key, row in rows for name, text in row.items()}
    steps = [*([{"do": "add", "keys": added}] if added else []), {"do": "set", "boxes": boxes}]
    answer = client.post(address_of("steps", draft), json.dumps({"steps": steps}), content_type="application/json")
    assert answer.status_code == 200, answer.content
    return read


def address_of(name: str, draft: Declaration) -> str:
    return reverse(f"declaration_items_{name}", args=[draft.public_id])


def now(draft: Declaration) -> dict[str, Any]:
    return as_dict(Declaration.objects.get(pk=draft.pk))


# The clipboard ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a\tb\r\nc\td\r\n", [["a", "b"], ["c", "d"]]),
        ('"a\nb"\tc', [["a\nb", "c"]]),
        ('"a\tb"\tc', [["a\tb", "c"]]),
        ('"say ""yes"""\tc', [['say "yes"', "c"]]),
        ('5" pipe\tc', [['5" pipe', "c"]]),
        ('"Lipton" tea\tc\n"Ahmad" tea\td', [['"Lipton" tea', "c"], ['"Ahmad" tea', "d"]]),
        ('"never closed\tc\nd\te', [['"never closed', "c"], ["d", "e"]]),
        ('""\t""', [["", ""]]),
        ("a\n\nb\n\n\n", [["a"], [""], ["b"]]),
        ("\ufeffa\rb", [["a"], ["b"]]),
        ("", [[""]]),
    ],
)
def test_cells_are_read_as_a_spreadsheet_quotes_them(text: str, rows: list[list[str]]) -> None:
    assert list(read_clipboard(text)) == rows


@pytest.mark.parametrize("text", ['"\t' * 200_000, '"""\t' * 100_000, '""x\t' * 100_000, '"a""' * 100_000])
def test_quotation_marks_that_close_nothing_cost_no_time(text: str) -> None:
    assert sum(len(row) for row in read_clipboard(text)) >= 1


def test_a_name_of_several_lines_stays_one_item(as_trader: Client, shared_data: Path) -> None:
    draft = make.draft(items=[])
    cells = (shared_data / "cases" / "p01_multiline_cell.tsv").read_text()
    assert paste(as_trader, draft, cells)["notes"] == []
    goods = [(item["commercial_description"], item["item_price"]) for item in now(draft)["items"]]
    assert goods == [("Black tea\nin packets of 100 g", "1200.00"), ("Green tea", "300.00")]


# Names of columns and totals ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("cell", "field"),
    [
        ("Код ТН ВЭД", "commodity_code"), ("33 Commodity code", "commodity_code"), ("HS Code", "commodity_code"),
        ("Нетто, кг", "net_mass"), ("Вес брутто (кг)", "gross_mass"), ("Номи мол", "commercial_description"),
        ("Страна происхождения", "origin_country"), ("Сумма, USD", "item_price"), ("№", "number"),
        ("№ п/п", "number"), ("Кол-во мест", "packages_number"), ("Рамзи мол", "commodity_code"),
    ],
)  # fmt: skip
def test_a_column_is_known_by_the_names_that_people_give_it(cell: str, field: str) -> None:
    found = field_named(cell)
    assert found is not None
    assert found.field == field


@pytest.mark.parametrize("cell", ["Black tea", "CN", "4000", "0902300009", "Код красный", "", "Сумка"])
def test_goods_are_no_names_of_columns(cell: str) -> None:
    assert field_named(cell) is None


@pytest.mark.parametrize("cell", ["Итого", "ИТОГО:", "Всего по инвойсу", "Total", "Grand total, USD", "Ҳамагӣ", "Жами"])
def test_totals_are_known(cell: str) -> None:
    assert is_total(cell)


@pytest.mark.parametrize("cell", ["Total station", "Тотальный", "Итоговая ведомость", "Black tea", "", "12", "Суммы"])
def test_goods_are_no_totals(cell: str) -> None:
    assert not is_total(cell)


def test_a_table_with_names_and_totals_is_laid_out_by_its_names(as_trader: Client) -> None:
    draft = make.draft(items=[])
    cells = (
        "Invoice 17 of 2 November\n"
        "№\tКод ТН ВЭД\tНаименование товара\tСтрана\tЦвет\tНетто, кг\tЦена\tСумма, USD\n"
        "1\t2\t3\t4\t5\t6\t7\t8\n"
        '1\t0902300009\t"Чай\nчёрный"\tCN\tчёрный\t400\t3,0\t1200,00\n'
        "\t\t\t\t\t\t\t\n"
        "2\t6911100000\tПосуда\tCN\tбелый\t2 700\t3,11\t8400,50\n"
        "\tИтого\t\t\t\t3 100\t\t9600,50\n"
    )
    notes = paste(as_trader, draft, cells, column="net_mass")["notes"]
    assert len(notes) == 3
    assert "“Цвет”, “Цена”" in notes[1]
    fields = ("commodity_code", "commercial_description", "origin_country", "net_mass", "item_price")
    assert [[item[name] for name in fields] for item in now(draft)["items"]] == [
        ["0902300009", "Чай\nчёрный", "CN", "400", "1200.00"],
        ["6911100000", "Посуда", "CN", "2700", "8400.50"],
    ]


def test_one_column_with_its_name_goes_where_the_name_says(as_trader: Client) -> None:
    draft = make.draft(items=[make.item(), make.item()])
    assert paste(as_trader, draft, "Брутто\n111\n222", column="net_mass")["notes"]
    assert [(item["gross_mass"], item["net_mass"]) for item in now(draft)["items"]] == [("111", "400"), ("222", "400")]


def test_a_name_that_is_goods_stays_an_item() -> None:
    assert read_cells("9015300000\tTotal station\tCN", field="commodity_code").rows == [
        {"commodity_code": "9015300000", "commercial_description": "Total station", "origin_country": "CN"}
    ]
    rows = read_cells("Tea\nCoffee", field="commercial_description").rows
    assert [row["commercial_description"] for row in rows] == ["Tea", "Coffee"]


# What was meant -----------------------------------------------------------------------------------------------
class Lists:
    """A few codes in place of the law's lists."""

    names_of = {
        "country": {"CN": "China", "GB": "United Kingdom", "KG": "Kyrgyzstan", "TJ": "Tajikistan", "NE": "Niger"},
        "unit": {"NAR": "number of articles", "KGM": "kilogram", "MTK": "square metre"},
        "package_kind": {"CT": "carton", "PX": "pallet"},
        "currency": {"USD": "US dollar", "TJS": "somoni"},
    }

    def known(self, name: str) -> frozenset[str]:
        return frozenset(self.names_of[name])

    def names(self, name: str) -> dict[str, str]:
        return self.names_of[name]


TARIFF = ("0902300009", "8517130000", "8517140000", "8471300000")


def between(low: str, high: str) -> list[str]:
    return [code for code in TARIFF if low <= code <= high]


LAW = Law(Lists(), between=between, used=lambda low, high: between(low, high)[:1])


def proposed(column: str, texts: list[str]) -> dict[str, str]:
    goods = read_cells("\n".join(texts), field=column)
    judge(goods, LAW)
    return {each.old: each.new for each in goods.proposals}


@pytest.mark.parametrize(
    ("column", "meant"),
    [
        ("commodity_code", {"902300009": "0902300009", "9,023E+08": "0902300009", "8,51713E+09": "8517130000",
                            "8.4713E+09": "8471300000", '="0902300009"': "0902300009", "'902300009": "0902300009",
                            "0x902300009": "0902300009", "HS 0902 30 000 9": "0902300009", "О902З00009": "0902300009",
                            "8,517E+09": "8517130000"}),
        ("origin_country", {"Китай": "", "КНР": "CN", "china": "CN", "CHN": "CN", "156": "CN", "UK": "GB",
                            "Made in China": "CN", "Kyrgyzstan (KG)": "KG", "КИРГИЗИЯ": "KG", "РТ": "TJ"}),
        ("supplementary_unit_1", {"шт.": "NAR", "pcs": "NAR", "796": "NAR", "м²": "MTK", "кв.м": "MTK", "кг": "KGM"}),
        ("packages_kind", {"CTNS": "CT", "картон": "CT", "паллет": "PX", "10 ctn": "CT"}),
        ("net_mass", {"1,200": "1200", "400 кг": "400", "12,345.6": "", "kg 7": "7", "1,23,456.00": "123456.00"}),
        ("item_price", {"$1,200.50": "1,200.50", "1200.50 USD": "1200.50", "1 200,50 сомонӣ": "1 200,50", "3.000": ""}),
    ],
)  # fmt: skip
def test_what_was_meant_is_proposed(column: str, meant: dict[str, str]) -> None:
    assert proposed(column, list(meant)) == {text: code for text, code in meant.items() if code}


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("commodity_code", "0902300009"), ("commodity_code", "Tea"), ("commodity_code", "9E99"),
        ("origin_country", "CN"), ("origin_country", "Атлантида"), ("origin_country", "999"), ("packages_kind", "CT"),
        ("item_price", "=B2*C2"), ("item_price", "#REF!"), ("item_price", "1 + 2"), ("commercial_description", "кг"),
    ],
)  # fmt: skip
def test_what_is_right_or_nobody_knows_is_left_alone(column: str, text: str) -> None:
    assert proposed(column, [text]) == {}


@pytest.mark.parametrize(
    ("table", "rows", "left_out"),
    [
        ("HS\tName\n1\tTea\n", [{"commodity_code": "1", "commercial_description": "Tea"}], [1]),
        ("Seller\tLtd\n\nHS code\tWeight, kg\t\n\tGross\tNet\n09\t5\t4\nTotal\t5\t4\nSigned\t\t",
         [{"commodity_code": "09", "gross_mass": "5", "net_mass": "4"}], [1, 3, 6, 7]),
        ("HS\tDescription\tNet\n09\tTea\t5\n08\tNuts\t6\n\t\t11",
         [{"commodity_code": "09", "commercial_description": "Tea", "net_mass": "5"},
          {"commodity_code": "08", "commercial_description": "Nuts", "net_mass": "6"}], [1, 4]),
        ("09\tTea\n\tNuts", [{"commodity_code": "09", "commercial_description": "Tea"},
                            {"commodity_code": "", "commercial_description": "Nuts"}], []),
    ],
)  # fmt: skip
def test_rows_that_are_no_items_are_named(table: str, rows: list[dict[str, str]], left_out: list[int]) -> None:
    goods = read_cells(table, field="commodity_code")
    assert goods.rows == rows
    assert [each.line for each in goods.left_out] == left_out


def test_an_empty_row_among_items_that_are_there_keeps_its_place() -> None:
    """Masses of five items, of which the third has none: those of the fourth are not put beside the third."""
    table = "1\t2\n3\t4\n\t\n5\t6\n\t\n"
    masses = [(row["gross_mass"], row["net_mass"]) for row in read_cells(table, field="gross_mass", over=5).rows]
    assert masses == [("1", "2"), ("3", "4"), ("", ""), ("5", "6")]
    assert len(read_cells(table, field="gross_mass", over=2).rows) == 3, "below what is there an empty row is no item"
    named = read_cells(f"Gross\tNet\n{table}", field="gross_mass", over=5)
    assert len(named.rows) == 3, "a table with names is a table of its own"


def test_the_door_reads_and_writes_nothing(as_trader: Client) -> None:
    draft = make.draft()
    before = now(draft)
    address = address_of("read", draft)
    cells = 'Код ТН ВЭД\tНаименование\tСтрана\n902300009\t"Чай\nчёрный"\tКитай\nИтого\t\t'
    answer = as_trader.post(address, {"cells": cells, "column": "net_mass"}).json()
    assert answer["rows"] == [
        {"commodity_code": "902300009", "commercial_description": "Чай\nчёрный", "origin_country": "Китай"}
    ]
    assert [(each["box"], each["from"], each["to"]) for each in answer["proposals"]] == [
        ("commodity_code", "902300009", "0902300009"), ("origin_country", "Китай", "CN"),
    ]  # fmt: skip
    assert [(each["row"], each["box"], each["code"]) for each in answer["faults"]] == [
        (0, "commodity_code", "S006"), (0, "origin_country", "S006"),
    ]  # fmt: skip
    assert [each["line"] for each in answer["left_out"]] == [1, 3]
    assert now(draft) == before
    assert as_trader.post(address, {"cells": "x" * 2_000_001}).json()["violations"][0]["code"] == "F015"


# What has two readings ----------------------------------------------------------------------------------------
def test_numbers_are_read_where_they_have_one_reading_and_held_where_not(as_trader: Client, shared_data: Path) -> None:
    draft = make.draft(items=[])
    lines = (shared_data / "cases" / "p06_numbers.tsv").read_text().splitlines()
    paste(as_trader, draft, "\n".join(lines), column="item_price")
    saved = now(draft)
    read = {line: item["item_price"] for line, item in zip(lines, saved["items"], strict=True) if "item_price" in item}
    held = {lines[place] for place in range(len(lines)) if f"items[{place}].item_price" in saved["held"]}
    assert {"1,200", "1.200", "3.000", "1,23,456.00", "#REF!", "=B2*C2", "-", "н/д", "1200.50 USD"} <= held
    assert read["1.200,50"] == read["1,200.50"] == read["1 200,50"] == "1200.50"
    assert read["12,345.6"] == "12345.60"
    assert len(read) + len(held) == len(lines), "nothing is lost"


def test_codes_that_a_spreadsheet_spoilt_are_held_with_what_they_may_have_been(as_trader: Client) -> None:
    draft = make.draft(items=[])
    codes = ["902300009", "9,023E+08", "901110000.0", "8471300000.0", "0902.30.000 9", "847130.00", "9E9"]
    paste(as_trader, draft, "\n".join(codes))
    saved = now(draft)
    assert [item.get("commodity_code") for item in saved["items"]] == [
        None, None, "0901110000", "8471300000", "0902300009", "84713000", None,
    ]  # fmt: skip
    assert [saved["held"].get(f"items[{n}].commodity_code") for n in (0, 1, 6)] == [codes[n] for n in (0, 1, 6)]
    page = as_trader.get(reverse("declaration_section", args=[draft.public_id, "items"])).content.decode()
    assert "0902300009" in page
    assert "0901110000" in page


def test_a_name_of_a_country_is_held_and_a_mark_of_nothing_is_nothing(as_trader: Client) -> None:
    draft = make.draft(items=[])
    paste(as_trader, draft, "\n".join(["China", "CHN", "cn", "CN ", "156", "н/д", "-"]), column="origin_country")
    saved = now(draft)
    assert [item.get("origin_country") for item in saved["items"]] == [None, None, "CN", "CN", None, None, None]
    assert set(saved["held"]) == {f"items[{n}].origin_country" for n in (0, 1, 4)}


@pytest.mark.parametrize("text", ["1.000", "1,000", "3.125"])
def test_one_or_a_thousand_is_asked_about_in_a_box_too(as_trader: Client, text: str) -> None:
    draft = make.draft()
    for address, data in (
        ("declaration_fields", {"items[0].net_mass": text}), ("declaration_fields", {"insurance": text}),
    ):  # fmt: skip
        (box,) = as_trader.post(reverse(address, args=[draft.public_id]), data).json()["boxes"].values()
        assert box["text"] == text
        assert "two ways" in " ".join(box["faults"])
    assert set(now(draft)["held"]) == {"items[0].net_mass", "insurance"}


@pytest.mark.parametrize("language", ["en", "ru", "tg"])
def test_what_a_page_shows_is_read_back_as_the_same_number(as_trader: Client, language: str) -> None:
    draft = make.draft(items=[make.item(net_mass="3.1250", item_price="1200.1250")])
    address = reverse("declaration_section", args=[draft.public_id, "items"])
    shown = json.loads(
        as_trader.get(address, {"page": "1"}, headers={"accept-language": language}).context["was"].bases
    )
    as_trader.post(address, shown, headers={"accept-language": language})
    saved = now(draft)
    assert saved["held"] == {}
    assert (saved["items"][0]["net_mass"], saved["items"][0]["item_price"]) == ("3.1250", "1200.125")


# Bounds -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("text", ["x" * 2_000_001, "\n".join("x" * 20_001)])
def test_too_much_at_a_time_is_refused(text: str) -> None:
    with pytest.raises(Rejected, match="F015"):
        read_cells(text, field="commodity_code")


def test_cells_beyond_the_last_column_are_left_out_and_it_is_said() -> None:
    goods = read_cells("1200\textra", field="item_price")
    assert goods.rows == [{"item_price": "1200"}]
    assert len(goods.notes) == 1
