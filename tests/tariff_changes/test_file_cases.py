"""Files as people of the trade send them: read as they are meant, or refused by a sentence, at every door."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from lib.violations import Rejected
from tariff_changes import services as changes
from tariff_changes.models import ChangeSet
from tariff_changes.services.exchange_rates import RateRow, bring_file, read_rates
from tariffs.models import Commodity, Country, DocumentType, ExchangeRate, LegalAct
from tests import make
from tests.conftest import client_of
from tests.lib.test_damaged_files import BOMBS, DAMAGED
from tests.lib.workbooks import workbook

pytestmark = pytest.mark.django_db
START = date(2026, 12, 1)
APPLES, PEARS = "0808108000", "0808300000"


def draft() -> ChangeSet:
    act = LegalAct.objects.get(number="Order 450")
    return changes.begin(
        title="A file", takes_effect=START, legal_act=act, by=make.officer(Role.TARIFF, None), at=make.AT
    )


def read(content: str | bytes, *, table: str = "measure", **options: Any) -> changes.Difference:
    raw = content.encode() if isinstance(content, str) else content
    return changes.read_file(raw, name="file.csv", table=table, change_set=draft(), **options)


def faults(content: str | bytes, **options: Any) -> list[tuple[str, str, str]]:
    with pytest.raises(Rejected) as refusal:
        read(content, **options)
    return [(fault.code, fault.pointer, fault.sentence) for fault in refusal.value.violations]


# A national tariff --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("head", ["code10,duty_rate_text", "Код ТН ВЭД;Ставка"])
def test_a_file_of_rates_alone_changes_rates_and_empties_no_name(head: str) -> None:
    sign = ";" if ";" in head else ","
    before = dict(Commodity.objects.filter(code=APPLES).values_list("code", "description_ru"))
    assert before[APPLES]
    found = read(f"{head}\n{APPLES}{sign}7%\n", table="")
    assert found.of("commodity") == []
    assert [row.values["rate"] for row in found.of("measure")] == ["7%"]


@pytest.mark.parametrize("name", ["", "N/A", "null", "-"])
def test_a_name_that_the_file_does_not_say_stays(name: str) -> None:
    content = f"code10,heading_ru,name_ru,duty_rate_text,ambiguous_duplicate\n{APPLES},{name},{name},7%,{name}\n"
    assert read(content, table="").of("commodity") == []


def test_a_new_line_without_a_name_is_asked_about() -> None:
    [(code, pointer, sentence)] = faults("code10,duty_rate_text\n0808300077,7%\n", table="")
    assert (code, pointer) == ("T432", "file.csv:2:name_ru")
    assert "0808300077" in sentence


@pytest.mark.parametrize("word", ["oui", "x", "+", "2", "возможно", "да/нет"])
def test_an_unknown_word_for_yes_or_no_is_named_and_never_no(word: str) -> None:
    content = f"code10,duty_rate_text,ambiguous_duplicate\n{APPLES},7%,{word}\n"
    [(code, pointer, sentence)] = faults(content, table="")
    assert (code, pointer) == ("T432", "file.csv:2:ambiguous_duplicate")
    assert f"“{word}”" in sentence


@pytest.mark.parametrize("word", ["да", "ҳа", "бале", "YES", "ИСТИНА"])
def test_yes_in_three_languages_leaves_a_doubtful_line_out(word: str) -> None:
    content = f"code10,duty_rate_text,ambiguous_duplicate\n{APPLES},7%,{word}\n{PEARS},7%,нет\n"
    found = read(content, table="")
    assert found.flagged == (APPLES,)


def test_a_code_that_lost_its_first_zero_is_asked_about_where_the_whole_one_exists() -> None:
    lost = APPLES[1:]
    [(code, pointer, sentence)] = faults(f"tax,commodity,rate\nDUTY,{lost},7%\n")
    assert (code, pointer) == ("T432", "file.csv:2:commodity")
    assert f"0{lost}" in sentence


def test_a_column_or_cell_that_says_nothing_wipes_nothing_and_an_empty_cell_empties() -> None:
    assert read(f"tax,commodity,rate\nDUTY,{APPLES},7%\n").proposed[0].values == {"rate": "7%"}
    assert read(f"tax,commodity,rate,note,valid_to\nDUTY,{APPLES},7%,N/A,null\n").proposed[0].values == {"rate": "7%"}
    names = read(f"code,description,description_ru\n{APPLES},Apples,не указано\n", table="commodity").proposed[0].values
    assert "description_ru" not in names
    emptied = read(f"code,description_ru\n{APPLES},\n", table="commodity").proposed[0].values
    assert emptied == {"description_ru": ""}


# The cases that were collected --------------------------------------------------------------------------------


@pytest.fixture
def cases(shared_data: Path) -> Path:
    folder = shared_data / "cases"
    if not folder.is_dir():
        pytest.skip(f"the collected cases are not at {folder}")
    return folder


@pytest.mark.parametrize("name", ["s02_title_rows_merged.xlsx", "s12_two_sheets_first_readme.xlsx"])
def test_a_collected_sheet_with_titles_or_a_sheet_before_it_is_read(cases: Path, name: str) -> None:
    [row] = read((cases / name).read_bytes()).proposed
    about = {**row.seen, **row.values}
    assert (about["commodity"], about["rate"]) == ("0902300009", "7%")


@pytest.mark.parametrize(
    ("name", "rates"),
    [
        ("s07_whole_percent_formats.xlsx", ["5%", "5%", "15%", "5%", "12.5%"]),
        ("s09_whole_ru.csv", ["7,5%", "10%, но не менее 0,15 евро за 1 кг", "0,1 евро за 1 кг"]),
        ("s11_whole_rates_only.csv", ["7%", "5%"]),
    ],
)
def test_a_collected_tariff_changes_rates_and_no_name(cases: Path, name: str, rates: list[str]) -> None:
    found = read((cases / name).read_bytes(), table="")
    assert found.of("commodity") == []
    assert [row.values["rate"] for row in found.of("measure") if row.source_row] == rates


def test_the_collected_file_in_windows_1251_is_refused_by_its_cell(cases: Path) -> None:
    [(code, pointer, sentence)] = faults((cases / "s13_cp1251.csv").read_bytes())
    assert (code, pointer) == ("T430", "file.csv:2:note_ru")
    assert "Windows-1251" in sentence


@pytest.mark.parametrize("name", ["r01_semicolon.csv", "r02_tab.csv"])
def test_collected_rates_with_semicolons_tabs_and_decimal_commas_are_read(cases: Path, name: str) -> None:
    found = read_rates((cases / name).read_bytes(), name=name)
    assert found.valid_from == date(2026, 12, 5)
    assert found.rows == (
        RateRow("USD", 1, Decimal("9.3")), RateRow("EUR", 1, Decimal("10.75")), RateRow("RUB", 10, Decimal("1.05")),
    )  # fmt: skip


def test_the_collected_file_of_a_central_bank_is_read(cases: Path) -> None:
    found = read_rates((cases / "r06_cbr_cp1251_xdr.xml").read_bytes())
    assert {row.currency: (row.nominal, row.rate) for row in found.rows}["IRR"] == (1_000_000, Decimal("7.6543"))


# Exchange rates -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        "Курсы Национального банка;;;\nВалюта;Номинал;Курс;Дата\nUSD;1;9,3012;05.12.2026\n"
        "IRR;1 000 000;7,6543;05.12.2026\n",
        "currency\tnominal\trate\tvalid_from\r\nUSD\t1\t9.3012\t2026-12-05\r\nIRR\t1000000\t7.6543\t2026-12-05\r\n",
        "Currency,Nominal,Rate,Valid from\nusd,,9.3012,25/12/2026\nIRR,1000000,7.6543,25/12/2026\n",
    ],
)  # fmt: skip
def test_rates_in_a_table_of_any_program(content: str) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        found = read_rates(content.encode(encoding))
        assert found.rows == (RateRow("USD", 1, Decimal("9.3012")), RateRow("IRR", 1_000_000, Decimal("7.6543")))


VALCURS = (
    '<ValCurs Date="05.12.2026" name="Bank"><Valute><CharCode>USD</CharCode><Nominal>1</Nominal><Value>1,125</Value>'
    "</Valute></ValCurs>"
)


@pytest.mark.parametrize(
    "content",
    [
        VALCURS.encode(),
        VALCURS.replace("1,125", "1.125").encode(),
        b"\xff\xfe" + f'<?xml version="1.0" encoding="UTF-16"?>{VALCURS}'.encode("utf-16-le"),
        VALCURS.replace("<ValCurs", '<ValCurs xmlns="urn:bank"').encode(),
        f'\n<!-- rates -->\n<?xml version="1.0"?>{VALCURS}'.encode(),
    ],
)
def test_the_xml_of_a_bank_in_other_clothes(content: bytes) -> None:
    assert read_rates(content).rows == (RateRow("USD", 1, Decimal("1.125")),)


@pytest.mark.parametrize(
    ("content", "pointer", "says"),
    [
        ("currency,rate\nUSD,9\n", "rates.csv:1:", "lacks: nominal, valid_from"),
        ("currency,nominal,rate,valid_from\nUSD,1,1.125,2026-12-05\n", "rates.csv:2:rate", "two ways"),
        ("currency,nominal,rate,valid_from\nUSD,1,9.5,05/12/2026\n", "rates.csv:2:valid_from", "two different days"),
        ("currency,nominal,rate,valid_from\nUSD,1,N/A,2026-12-05\n", "rates.csv:2:rate", "not a number"),
        ("currency,nominal,rate,valid_from\nN/A,1,9.5,2026-12-05\n", "rates.csv:2:currency", "N/A"),
        ("currency,nominal,rate,valid_from\nUSD,1,9.5,\n", "rates.csv:2:valid_from", "empty"),
        ('<ValCurs Date="05/12/2026"/>', "rates.csv:1:Date", "two different days"),
        ("<ValCurs><Valute></ValCurs>", "rates.csv:1:", "broken in line 1"),
        ('<?xml version="1.0" encoding="klingon"?><ValCurs/>', "rates.csv:1:", "encoding"),
    ],
)
def test_rates_that_cannot_be_read_are_named_with_what_to_do(content: str, pointer: str, says: str) -> None:
    with pytest.raises(Rejected) as refusal:
        read_rates(content.encode(), name="rates.csv")
    [fault] = refusal.value.violations
    assert fault.pointer == pointer
    assert says in fault.sentence


def test_rates_of_a_workbook_are_in_force_at_once() -> None:
    last = ExchangeRate.objects.latest("valid_from").valid_from
    day = last + timedelta(days=1)
    lines = "".join(
        f"{row.currency};{row.nominal};{f'{row.rate:.4f}'.replace('.', ',')};{day:%d.%m.%Y}\n"
        for row in ExchangeRate.objects.on(last)
    )
    content = f"Курсы валют\nВалюта;Номинал;Курс;Дата\n{lines}".encode("utf-16")
    brought = bring_file(content, name="rates.csv", source="Bank", by=None, at=make.AT)
    assert brought.status == "published"


# Doors --------------------------------------------------------------------------------------------------------


@pytest.fixture
def tariff_officer(db: None) -> Client:
    return client_of(make.officer(Role.TARIFF, None))


def test_a_damaged_file_is_refused_at_every_door_and_none_answers_500(tariff_officer: Client) -> None:
    change_set = draft()
    hostile = {name: workbook(**BOMBS[name]()) for name in ("entities", "elements inside each other", "many sheets")}
    some = {name: DAMAGED[name] for name in sorted(DAMAGED)[::4]}  # tests/lib tries every one of them at the reader
    for content in {**some, **hostile}.values():
        file = {"file": SimpleUploadedFile("rates.xlsx", content)}
        upload = reverse("change_set_upload", args=[change_set.pk])
        answer = tariff_officer.post(upload, {**file, "table": "measure"}, follow=True)
        assert answer.status_code in (200, 422)
        assert answer.context.get("faults") or answer.context["form"].errors["file"]
        file["file"].seek(0)
        assert tariff_officer.post(reverse("upload_rates"), file).status_code == 422
        codes = {"import_file": SimpleUploadedFile("list.xlsx", content), "format": "1"}
        answer = tariff_officer.post(reverse("admin:tariffs_country_import"), codes)
        assert answer.status_code == 200
        assert answer.context["form"].errors["import_file"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig"])
def test_a_code_list_comes_in_from_any_program(tariff_officer: Client, encoding: str) -> None:
    confirmed(tariff_officer, "country", "code;name;name_ru\nQZ;Atlantis;Атлантида\n".encode(encoding))
    assert Country.objects.get(code="QZ").name_ru == "Атлантида"


@pytest.mark.parametrize(("word", "value"), [("yes", True), ("да", True), ("ҳа", True), ("нет", False), ("", False)])
def test_yes_and_no_in_a_code_list(tariff_officer: Client, word: str, value: bool) -> None:
    confirmed(tariff_officer, "documenttype", f"code,name,proves_origin\nQZ9,A paper,{word}\n".encode())
    assert DocumentType.objects.get(code="QZ9").proves_origin is value


@pytest.mark.parametrize("word", ["oui", "maybe", "2"])
def test_an_unknown_word_in_a_code_list_is_refused(tariff_officer: Client, word: str) -> None:
    shown = looked_at(tariff_officer, "documenttype", f"code,name,proves_origin\nQZ9,A paper,{word}\n".encode())
    assert f"“{word}” is neither yes nor no" in shown.content.decode()
    assert shown.context.get("confirm_form") is None


def looked_at(client: Client, table: str, content: bytes) -> Any:
    """What an import would do, before it is confirmed."""
    file = SimpleUploadedFile("list.csv", content)
    return client.post(reverse(f"admin:tariffs_{table}_import"), {"import_file": file, "format": "0"})


def confirmed(client: Client, table: str, content: bytes) -> None:
    shown = looked_at(client, table, content)
    answer = client.post(reverse(f"admin:tariffs_{table}_process_import"), shown.context["confirm_form"].initial)
    assert answer.status_code == 302
