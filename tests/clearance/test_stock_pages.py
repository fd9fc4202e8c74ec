"""Pages of stock: what they show to whom, what is kept on a fault, the paper, the tables, a draw that is begun."""

import csv
import hashlib
import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from accounts.models import Role
from clearance.services import stock as desk
from declarations import selectors, services
from declarations.models import Declaration, IssuedPaper, StockAccount, TermExtension
from declarations.services.stock_table import as_table
from tests import make
from tests.clearance.test_pages import queries_of, text_of
from tests.clearance.test_stock_acts import LOSS, balance, recorded
from tests.clearance.test_stock_terms import LONGER, ask
from tests.conftest import client_of
from tests.declarations.stock_steps import account, before_the_system, home_use, in_warehouse
from tests.scans import PDF

pytestmark = pytest.mark.django_db


def page_of(stock: StockAccount) -> str:
    return reverse("stock_account", args=[stock.pk])


@pytest.fixture
def as_officer() -> Client:
    return client_of(make.officer())


# The list and the account -------------------------------------------------------------------------------------
def test_an_empty_list_says_what_to_do(as_trader: Client) -> None:
    assert "No stock yet" in text_of(as_trader, reverse("stock"))


def test_the_list_is_searched_by_number_code_goods_and_state(as_trader: Client) -> None:
    tea = before_the_system(description="Black tea")
    late = before_the_system(
        number=18, commodity_code="6907219009", description="Tiles", due=timezone.localdate() - timedelta(days=1)
    )
    soon = before_the_system(number=19, description="Ink", due=timezone.localdate() + timedelta(days=3))
    for asked, found in {
        "text=TJ01/2024/R17": [tea], "text=2024 R 17/1": [tea], "text=0902": [tea, soon], "text=tiles": [late],
        "state=overdue": [late], "state=soon": [soon], "state=empty": [], "text=18": [late], "procedure=71": [tea],
    }.items():  # fmt: skip
        text = text_of(as_trader, f"{reverse('stock')}?{asked}")
        for each in found:
            assert page_of(each) in text, asked
    assert page_of(late) not in text_of(as_trader, f"{reverse('stock')}?text=0902")


def test_the_list_takes_as_many_queries_for_many_accounts_as_for_one(as_trader: Client) -> None:
    before_the_system()
    few = queries_of(as_trader, reverse("stock"))
    for number in range(20, 30):
        before_the_system(number=number)
    assert queries_of(as_trader, reverse("stock")) == few


def test_an_account_shows_its_movements_and_links_to_declarations_only_as_their_gate_allows() -> None:
    stock = before_the_system()
    drawn = make.lodged(**home_use(stock))
    address = reverse("declaration", args=[drawn.public_id])
    for person in (make.trader(), make.officer()):
        text = text_of(client_of(person), page_of(stock))
        assert address in text
        assert drawn.mrn in text
    broker, made = make.broker(), in_warehouse()
    assert make.company("010000003").pk
    filed = before_the_system(number=20)
    text = text_of(client_of(make.trader()), page_of(filed))
    assert "Nothing has been taken out yet" in text
    assert client_of(broker).get(page_of(account(made))).status_code == 404


def test_a_declaration_shows_what_it_opened_and_what_it_drew(as_trader: Client) -> None:
    stock = in_warehouse()
    drawn = make.lodged(**home_use(stock))
    for made in (stock, drawn):
        assert page_of(account(stock)) in text_of(as_trader, reverse("declaration", args=[made.public_id]))


def test_the_account_is_printed_in_each_language(as_trader: Client) -> None:
    stock = before_the_system()
    make.lodged(**home_use(stock))
    for language in ("en", "ru", "tg"):
        as_trader.cookies["language"] = language
        answer = as_trader.get(reverse("stock_paper", args=[stock.pk]), headers={"accept-language": language})
        assert answer["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF")


def test_the_paper_of_an_account_that_a_declaration_opened_is_checked_by_its_code(
    as_trader: Client, client: Client
) -> None:
    stock = account(in_warehouse())
    for _twice in range(2):
        content = as_trader.get(reverse("stock_paper", args=[stock.pk])).content
    paper = IssuedPaper.objects.get(kind=IssuedPaper.Kind.STOCK)
    text = "".join(PdfReader(io.BytesIO(content)).pages[0].extract_text().split())
    assert paper.token in text
    shown = client.get(reverse("verify_token", args=[paper.token])).content.decode()
    assert "Stock account" in shown
    assert hashlib.sha256(content).hexdigest() in shown


# More time ----------------------------------------------------------------------------------------------------
def test_a_request_that_is_refused_keeps_what_was_typed(as_trader: Client) -> None:
    stock = before_the_system()
    late = {"ask-until": "2029-01-01", "ask-reason": "The buyer is late."}
    answer = as_trader.post(reverse("stock_ask", args=[stock.pk]), late)
    assert answer.status_code == 422
    for text in ("2029-01-01", "The buyer is late.", "365 days at most, until"):
        assert text in answer.content.decode()
    paper = SimpleUploadedFile("contract.pdf", PDF)
    right = {**late, "ask-until": LONGER.isoformat(), "ask-papers": paper}
    assert as_trader.post(reverse("stock_ask", args=[stock.pk]), right).status_code == 302
    stored = TermExtension.objects.get().papers.get()
    address = reverse("stock_extension_paper", args=[stored.public_id])
    assert as_trader.get(address).status_code == 200
    assert client_of(make.stranger()).get(address).status_code == 404


def test_an_officer_finds_the_request_and_grants_it(as_officer: Client) -> None:
    stock = before_the_system()
    asked = ask(stock)
    assert page_of(stock) in text_of(as_officer, reverse("stock_waiting"))
    given = {"grant-until": LONGER.isoformat()}
    assert as_officer.post(reverse("stock_grant", args=[asked.pk]), given).status_code == 302
    assert StockAccount.objects.get(pk=stock.pk).due == LONGER
    again = as_officer.post(reverse("stock_refuse", args=[asked.pk]), {"refuse-reason": "No."})
    assert again.status_code == 422
    assert "has already decided" in again.content.decode()


# Officers -----------------------------------------------------------------------------------------------------
def test_the_overdue_list_is_of_the_officers_offices_and_leaves_as_a_table(as_officer: Client) -> None:
    past = timezone.localdate() - timedelta(days=3)
    late = before_the_system(due=past, description="=1+1")
    before_the_system(number=18)
    elsewhere = before_the_system(number=19, due=past, office_code="TJ02")
    text = text_of(as_officer, reverse("stock_overdue"))
    assert page_of(late) in text
    assert page_of(elsewhere) not in text
    assert page_of(late) not in text_of(as_officer, f"{reverse('stock_overdue')}?company=Other")
    answer = as_officer.get(f"{reverse('stock_overdue_csv')}?company={make.TIN}")
    header, row = csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")))  # type: ignore[attr-defined]
    shown = dict(zip(header, row, strict=True))
    assert (shown["number"], shown["days_late"], shown["description"]) == (late.customs_number, "3", "'=1+1")


def test_an_act_that_is_refused_keeps_every_field_and_names_what_is_left(as_officer: Client) -> None:
    stock = before_the_system()
    typed = {
        "act-kind": "loss", "act-act_number": "17-A", "act-act_date": make.ON.isoformat(), "act-net_mass": "400,001",
        "act-duty_reason": "Fire.", "act-packages": "40",
    }  # fmt: skip
    answer = as_officer.post(reverse("stock_record", args=[stock.pk]), {**typed, "act-net_mass": "400.0001"})
    assert answer.status_code == 422
    for text in ("17-A", "400.0001", "Fire.", "holds 400; 0.0001 more"):
        assert text in answer.content.decode()
    act = recorded(stock, LOSS)
    second = client_of(make.supervisor())
    assert second.post(reverse("stock_act_confirm", args=[act.pk])).status_code == 302
    assert StockAccount.objects.get(pk=stock.pk).net_mass_left < 400


def test_goods_from_before_the_system_are_entered_confirmed_and_rejected_on_pages(as_officer: Client) -> None:
    make.company()
    typed = {
        "tin": make.TIN, "office_code": make.OFFICE, "year": "2024", "series": "r", "number": "17", "item_number": "1",
        "procedure": "71", "commodity_code": "0902 30 000 9", "net_mass": "1 200,5", "due": "31.01.2027",
    }  # fmt: skip
    wrong = as_officer.post(reverse("stock_balance_new"), {**typed, "tin": "999999999"})
    assert wrong.status_code == 422
    for text in ("1 200,5", "31.01.2027", "No confirmed company"):
        assert text in wrong.content.decode()
    assert as_officer.post(reverse("stock_balance_new"), typed).status_code == 302
    stock = StockAccount.objects.get()
    assert (stock.series, stock.commodity_code, stock.net_mass) == ("R", "0902300009", make.Decimal("1200.5"))
    own = as_officer.post(reverse("stock_balance_confirm", args=[stock.pk]))
    assert own.status_code == 422
    second = client_of(make.supervisor())
    reason = {"reject-reason": "The mass is wrong."}
    assert second.post(reverse("stock_balance_reject", args=[stock.pk]), reason).status_code == 302
    text = text_of(as_officer, reverse("stock_waiting"))
    assert "The mass is wrong." in text
    again = text_of(
        as_officer, text.split("stock/before/new/")[2].split('"')[0].join([reverse("stock_balance_new"), ""])
    )
    assert "1200.5" in again
    assert second.post(reverse("stock_balance_confirm", args=[stock.pk])).status_code == 404


def test_a_table_is_checked_first_and_entered_from_what_was_checked(as_officer: Client) -> None:
    address = reverse("stock_balance_table")
    table = as_table([balance(description="Tea, black"), balance(item_number=2)])
    wrong = SimpleUploadedFile("old.csv", table.replace("0902300009", "99", 1).encode())
    answer = as_officer.post(address, {"file": wrong})
    assert answer.status_code == 422
    assert "old.csv:2:commodity_code" in answer.content.decode()
    checked = as_officer.post(address, {"file": SimpleUploadedFile("old.csv", table.encode())})
    assert checked.status_code == 200
    assert not StockAccount.objects.exists()
    entered = as_officer.post(address, {"enter": "1", "name": "old.csv", "table": checked.context["table"]})
    assert entered.status_code == 302
    assert StockAccount.objects.get(item_number=1).description == "Tea, black"
    assert StockAccount.objects.count() == 2


# Drawing on it ------------------------------------------------------------------------------------------------
def test_draw_on_this_begins_a_declaration_with_box_40_filled_that_can_be_lodged(as_trader: Client) -> None:
    stock = account(in_warehouse())
    assert as_trader.post(reverse("stock_draw", args=[stock.pk]), {"procedure": "4053"}).url == page_of(stock)  # type: ignore[attr-defined]
    answer = as_trader.post(reverse("stock_draw", args=[stock.pk]), {"procedure": "4071"})
    draft = Declaration.objects.get(status="draft")
    assert str(draft.public_id) in answer.url  # type: ignore[attr-defined]
    data = selectors.as_dict(draft)
    [row] = data["previous"]
    assert (draft.procedure, row["number"], row["item_number"]) == ("IM4", stock.number, 1)
    filled = make.data(items=[{**make.item(), **data["items"][0], "documents": make.item()["documents"]}])
    filled["previous"] = data["previous"]
    lodged = services.lodge_at_once(
        declarant=make.company(), data=filled, on=make.ON, at=make.AT, by=make.trader()
    ).declaration
    assert lodged.items.get().stock_movements.get().net_mass == 400
    assert StockAccount.objects.get(pk=stock.pk).is_empty


def test_box_40_is_offered_what_is_left_of_the_companies_stock_and_nobody_elses(as_trader: Client) -> None:
    stock, drawn = before_the_system(), before_the_system(number=18)
    make.lodged(**home_use(drawn, "400"))
    offered = as_trader.get(reverse("declaration_codes", args=["stock"])).json()["codes"]
    assert [code for code, _words in offered] == [stock.box_40]
    assert "400 kg left" in offered[0][1]
    for person in (make.stranger(), make.officer()):
        assert client_of(person).get(reverse("declaration_codes", args=["stock"])).json()["codes"] == []


def test_whoever_only_reads_is_offered_no_verb() -> None:
    stock = before_the_system()
    text = text_of(client_of(make.officer(Role.AUDITOR, None)), page_of(stock))
    assert reverse("stock_record", args=[stock.pk]) not in text
    assert client_of(make.officer(Role.AUDITOR, None)).get(reverse("stock_balance_new")).status_code == 404
    act = desk.record_write_off(stock, act=LOSS, by=make.officer(), at=make.AT)
    refusal = client_of(make.officer(Role.AUDITOR, None)).post(reverse("stock_act_confirm", args=[act.pk]))
    assert refusal.status_code == 422
