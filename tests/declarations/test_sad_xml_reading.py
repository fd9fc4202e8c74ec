"""ASYCUDA exports are read tolerantly, nothing of them is dropped, and what is hostile is refused."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import translation

from declarations.sad_xml import LIMIT_BYTES, parse
from declarations.sad_xml.parsing import LONGEST_KEPT, MOST_KEPT
from declarations.sad_xml.tree import read
from lib.violations import Rejected
from lib.xml_text import looks_like_xml

REAL = [
    ("al_im4_1_item.xml", 1),
    ("al_im4_40_items.xml", 40),
    ("al_im7_1_item.xml", 1),
    ("gd_ex9_1_item.xml", 1),
    ("gd_im7_3_items.xml", 3),
    ("jm_im4.xml", 0),
    ("np_im4_119_items.xml", 119),
]


def export(inner: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>') -> bytes:
    return f"{head}<ASYCUDA>{inner}</ASYCUDA>".encode()


def texts(value: object) -> list[str]:
    """Every text of a canonical draft, however deep."""
    if isinstance(value, dict):
        return [text for inner in value.values() for text in texts(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in texts(inner)]
    return [str(value)]


@pytest.mark.parametrize(("name", "items"), REAL)
def test_every_text_of_a_real_export_is_in_a_box_or_kept(shared_data: Path, name: str, items: int) -> None:
    content = (shared_data / "asycuda" / name).read_bytes()
    every = [text for _path, text in read(content).unread()]
    parsed = parse(content)
    assert len(parsed["draft"]["items"]) == items
    boxed = texts(parsed["draft"])
    kept = [row["value"] for row in parsed["kept"]]
    assert len(every) > 40
    assert len(kept) < len(every), "boxes took something"
    numbers = {Decimal(text) for text in boxed if text.replace(".", "", 1).isdigit()}
    joined = "\n".join(boxed)
    for text in every:
        assert text in kept or text in joined or text in ("true", "false") or "/" in text or Decimal(text) in numbers


def test_the_grenada_file_states_its_tax_lines(shared_data: Path) -> None:
    stated = parse((shared_data / "asycuda" / "gd_im7_3_items.xml").read_bytes())["stated"]
    lines = [line for item in stated["items"] for line in item["lines"]]
    assert len(lines) == 9
    assert (stated["payable"], stated["guaranteed"]) == (Decimal("370.36"), Decimal("1336.36"))
    assert sum(line["amount"] for line in lines if line["payable"]) == Decimal("370.36")


def test_an_empty_value_is_read_in_all_three_ways_of_writing_it() -> None:
    for empty in ("<Exporter_code/>", "<Exporter_code> \n\t</Exporter_code>", "<Exporter_code><null/></Exporter_code>"):
        parsed = parse(export(f"<Traders><Exporter>{empty}<Exporter_name>A\nB</Exporter_name></Exporter></Traders>"))
        assert "exporter_code" not in parsed["draft"]
        assert parsed["draft"]["exporter_name"] == "A\nB"
        assert parsed["kept"] == []


def test_case_and_dots_of_names_do_not_matter() -> None:
    item = "<Item><Tarification><A.I._code>X1</A.I._code></Tarification><FREE_text_1>note</FREE_text_1></Item>"
    other = "<item><tarification><AI_code>X1</AI_code></tarification><Free_Text_1>note</Free_Text_1></item>"
    for inner in (item, other):
        draft = parse(export(inner))["draft"]
        assert draft["items"][0]["additional_information_code"] == "X1"
        assert draft["items"][0]["free_text_1"] == "note"


def test_a_commodity_code_is_joined_with_its_first_precision() -> None:
    code = "<Commodity_code>85044000</Commodity_code><Precision_1>00</Precision_1><Precision_4>Z</Precision_4>"
    draft = parse(export(f"<Item><Tarification><HScode>{code}</HScode></Tarification></Item>"))["draft"]
    assert draft["items"][0]["commodity_code"] == "8504400000"
    assert draft["items"][0]["additional_code_4"] == "Z"


def test_dates_are_read_month_first_and_day_first_where_that_cannot_be() -> None:
    def day(text: str) -> str:
        inner = f"<Property><Date_of_declaration>{text}</Date_of_declaration></Property>"
        return str(parse(export(inner))["draft"]["declaration_date"])

    assert day("3/31/15") == "2015-03-31"
    assert day("16/09/2013") == "2013-09-16"
    assert day("some day") == "some day", "a text that is no date goes on, to be held in the draft"


def test_an_amount_with_more_decimals_than_the_box_keeps_its_original() -> None:
    parsed = parse(export("<Item><Tarification><Item_price>61.09833333333333</Item_price></Tarification></Item>"))
    assert parsed["draft"]["items"][0]["item_price"] == "61.0983"
    path = "Item[1]/Tarification/Item_price"
    assert parsed["kept"] == [{"path": path, "value": "61.09833333333333"}]


def test_costs_of_items_are_input_only_where_they_are_not_apportioned() -> None:
    cost = "<item_insurance><Amount_foreign_currency>7</Amount_foreign_currency></item_insurance>"
    item = f"<Item><Valuation_item>{cost}</Valuation_item></Item>"

    def parsed(mode: str) -> object:
        head = f"<Valuation><Calculation_working_mode>{mode}</Calculation_working_mode></Valuation>"
        return parse(export(head + item))["draft"]["items"][0].get("insurance")

    assert parsed("2") == "7"
    assert parsed("0") is None


def test_a_byte_order_mark_and_an_unknown_element_are_no_hindrance() -> None:
    parsed = parse(b"\xef\xbb\xbf" + export("<Strange><Thing a='1'>x</Thing></Strange>"))
    assert parsed["kept"] == [{"path": "Strange/Thing", "value": "x"}]


BOMB = '<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE b [<!ENTITY x SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "X002"),
        (b"%PDF-1.7 not xml", "X002"),
        (b"PK\x03\x04\x00\x00", "X002"),
        (b"<ASYCUDA><Item></ASYCUDA>", "X002"),
        (b'<?xml version="1.0" encoding="no-such-code"?><ASYCUDA>\xe9</ASYCUDA>', "X006"),
        (b'<?xml version="1.0" encoding="UTF-8"?><ASYCUDA>\xe9t\xe9</ASYCUDA>', "X006"),
        (b"<ASYCUDA>" + b"<Item/>" * 1000 + b"</ASYCUDA>", "X005"),
        (b"<ASYCUDA>" + b"<Item><a/><b/><c/></Item>" * 75_000 + b"</ASYCUDA>", "X005"),
        (b"<ASYCUDA><Free_text_1>" + b"x" * 20_001 + b"</Free_text_1></ASYCUDA>", "X005"),
        (b"<ASYCUDA " + b" ".join(b'a%d="1"' % n for n in range(51)) + b"/>", "X005"),
        (export("&b;", BOMB), "X003"),
        (export("&x;", OUTSIDE), "X003"),
        (b"<html><body>Log in</body></html>", "X004"),
        (export("<a>" * 40 + "</a>" * 40), "X005"),
        (b"<ASYCUDA>" + b" " * LIMIT_BYTES + b"</ASYCUDA>", "X001"),
    ],
    ids=[
        "empty", "pdf", "zip", "torn", "encoding", "lie", "items", "elements", "text", "attributes", "bomb",
        "external-entity", "html", "deep", "large",
    ],
)  # fmt: skip
def test_what_is_no_export_is_refused_with_a_code_and_a_sentence(content: bytes, code: str) -> None:
    with pytest.raises(Rejected) as refused:
        parse(content)
    assert [violation.code for violation in refused.value.violations] == [code]
    assert len(refused.value.violations[0].sentence) > 20


def test_a_refusal_speaks_the_readers_language_and_names_the_place() -> None:
    with translation.override("ru"), pytest.raises(Rejected) as refused:
        parse(b"<ASYCUDA>\n<Item></ASYCUDA>")
    sentence = refused.value.violations[0].sentence
    assert "2" in sentence
    assert "mismatched" not in sentence


# What exporters write -----------------------------------------------------------------------------------------
DRAFT = {"exporter_name": "Чой ҶДММ", "items": [], "containers": [], "previous": [], "suppliers": []}
BODY = "<ASYCUDA><Traders><Exporter><Exporter_name>Чой ҶДММ</Exporter_name></Exporter></Traders></ASYCUDA>"
RUSSIAN = BODY.replace("Чой ҶДММ", "Общество с ограниченной ответственностью Чайный торговый дом")


@pytest.mark.parametrize(
    "content",
    [
        BODY.encode(), b"\xef\xbb\xbf" + BODY.encode(), BODY.encode("utf-16"), BODY.encode("utf-16-le"),
        b"\xff\xfe" + f'<?xml version="1.0" encoding="UTF-16"?>{BODY}'.encode("utf-16-le"),
        b"\xfe\xff" + f'<?xml version="1.0" encoding="UTF-16"?>{BODY}'.encode("utf-16-be"),
        f'<?xml version="1.0" encoding="utf-16"?>{BODY}'.encode(),
        f'<?xml version="1.0" encoding="windows-1251"?>{BODY}'.encode(),
        f'<?xml version="1.0" encoding="no-such-code"?>{BODY}'.encode(),
        f'\n\n<!-- made\nby hand --> <?xml version="1.0"?>{BODY}'.encode(),
        f"<!-- made by hand -->{BODY}".encode(),
        BODY.replace("<ASYCUDA", '<ASYCUDA xmlns="urn:sad"').encode(),
        BODY.replace("<", "<a:").replace("<a:/", "</a:").replace("<a:ASYCUDA", '<a:ASYCUDA xmlns:a="urn:sad"').encode(),
    ],
    ids=range(13),
)  # fmt: skip
def test_encodings_marks_comments_and_namespaces_are_no_hindrance(content: bytes) -> None:
    assert looks_like_xml(content)
    assert parse(content)["draft"] == DRAFT


@pytest.mark.parametrize("said", ["windows-1251", "UTF-8", "koi8-r"])
def test_russian_in_an_old_encoding_is_read_whatever_the_file_says(said: str) -> None:
    content = f'<?xml version="1.0" encoding="{said}"?>{RUSSIAN}'.encode("koi8-r" if said == "koi8-r" else "cp1251")
    assert "ответственностью" in parse(content)["draft"]["exporter_name"]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Oui", True), ("Y", True), ("да", True), ("ҳа", True), ("TRUE", True), ("1\u200b", True), ("Non", False),
        ("нет", False), ("0", False), ("perhaps", "perhaps"),
    ],
)  # fmt: skip
def test_flags_are_read_in_the_languages_of_exporters(text: str, meant: object) -> None:
    draft = parse(export(f"<Transport><Container_flag>{text}</Container_flag></Transport>"))["draft"]
    assert draft["container_flag"] == meant


def test_one_day_shows_the_order_of_all_and_without_it_nothing_is_guessed() -> None:
    def days(*texts: str) -> list[str]:
        papers = "".join(
            f"<Attached_documents><Attached_document_date>{text}</Attached_document_date></Attached_documents>"
            for text in texts
        )
        [item] = parse(export(f"<Item>{papers}</Item>"))["draft"]["items"]
        return [paper["date"] for paper in item["documents"]]

    assert days("05/09/2026", "23/09/2026") == ["2026-09-05", "2026-09-23"]
    assert days("05/09/2026", "09/23/2026") == ["2026-05-09", "2026-09-23"]
    assert days("05/09/2026") == ["05/09/2026"]
    assert days("05/09/2026", "23/09/2026", "09/23/2026")[0] == "05/09/2026"
    assert days("3/4/15") == ["2015-03-04"]
    assert days("3/4/15", "31/3/15") == ["2015-04-03", "2015-03-31"]
    assert days("3/4/15", "05/09/2026", "23/09/2026")[:2] == ["2015-03-04", "2026-09-05"]
    assert days("2026-09-05", "5.9.2026", "5/5/99") == ["2026-09-05", "2026-09-05", "1999-05-05"]


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("1,235,802.45", "1235802.45"), ("1 420,5", "1420.5"), ("1234567,89", "1234567.89"), ("1.420,5", "1420.5"),
        ("1,400", "1,400"), ("1.0E7", "10000000"), ("4e-05", "0"), ("\u200b1200.00", "1200"), ("١٢٠٠", "1200"),
        ("NaN", "NaN"), ("1e999", "1e999"), ("1e99", "1e99"),
    ],
)  # fmt: skip
def test_figures_are_read_in_the_notations_of_exporters(text: str, figure: str) -> None:
    [item] = parse(export(f"<Item><Tarification><Item_price>{text}</Item_price></Tarification></Item>"))["draft"][
        "items"
    ]
    assert item["item_price"] == figure


@pytest.mark.parametrize(
    ("code", "precision", "whole"),
    [
        ("0902300009", "000", "0902300009"), ("0902.30.000.9", "00", "0902.30.000.9"), ("09023000", "09", "0902300009"),
        ("\u200b09023000", "09\u200e", "\u200b0902300009"), ("0902300009", "123", "0902300009123"),
    ],
)  # fmt: skip
def test_zeros_behind_a_whole_code_are_kept_beside_it(code: str, precision: str, whole: str) -> None:
    inner = f"<Commodity_code>{code}</Commodity_code><Precision_1>{precision}</Precision_1>"
    parsed = parse(export(f"<Item><Tarification><HScode>{inner}</HScode></Tarification></Item>"))
    assert parsed["draft"]["items"][0]["commodity_code"] == whole
    assert bool(parsed["kept"]) == (whole == code)


def test_a_price_in_the_invoice_of_the_item_alone_is_its_price() -> None:
    invoice = "<Item_Invoice><Amount_foreign_currency>5.57</Amount_foreign_currency></Item_Invoice>"
    item = f"<Item><Valuation_item>{invoice}</Valuation_item></Item>"
    assert parse(export(item))["draft"]["items"][0]["item_price"] == "5.57"


def test_what_is_kept_is_bounded_and_says_how_much_more_there_is() -> None:
    parsed = parse(export("".join(f"<a{n}>x</a{n}>" for n in range(MOST_KEPT + 10)) + f"<b>{'y' * 15_000}</b>"))
    assert len(parsed["kept"]) == MOST_KEPT + 1
    assert parsed["kept"][-1]["value"].startswith("11 more")
    [long] = parse(export(f"<b>{'y' * 15_000}</b>"))["kept"]
    assert len(long["value"]) == LONGEST_KEPT + 1
