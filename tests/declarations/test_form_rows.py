"""Rows in the browser: items and papers added, copied, removed and pasted; containers; files that lie."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from declarations import services
from declarations.forms.papers import read_ranges
from declarations.models import Declaration
from declarations.selectors import as_dict
from lib.figures import ranges
from tests import make
from tests.scans import PDF


def press(client: Client, draft: Declaration, name: str, do: str, **more: Any) -> Any:
    address = reverse("declaration_section", args=[draft.public_id, name])
    return client.post(address, {"do": do, **more}, follow=True)


def now(draft: Declaration) -> dict[str, Any]:
    return as_dict(Declaration.objects.get(pk=draft.pk))


def codes(draft: Declaration) -> list[str]:
    return [item.get("commodity_code", "") for item in now(draft)["items"]]


def three() -> Declaration:
    return make.draft(items=[make.item(commodity_code=f"090230000{n}") for n in range(3)])


def test_items_are_added_copied_and_removed(as_trader: Client) -> None:
    draft = three()
    press(as_trader, draft, "items", "add_item")
    assert codes(draft)[3] == ""
    assert now(draft)["items"][3]["extended_procedure"] == "4000"
    press(as_trader, draft, "items", "copy_item:2")
    assert codes(draft)[4] == "0902300001"
    assert len(now(draft)["items"][4]["documents"]) == 2
    press(as_trader, draft, "items", "remove_item:1")
    assert codes(draft) == ["0902300001", "0902300002", "", "0902300001"]


@pytest.mark.parametrize(
    "do",
    [
        "remove_item:9",
        "remove_item:x",
        "remove_item:²",
        "remove_part:containers:²",
        "copy_item:0",
        "copy_item:9",
        "fly_away",
    ],
)
def test_a_button_of_a_row_that_is_gone_changes_nothing(as_trader: Client, do: str) -> None:
    draft = three()
    assert press(as_trader, draft, "items", do).status_code == 200
    assert len(codes(draft)) == 3


def test_boxes_typed_before_a_button_was_pressed_are_saved_with_it(as_trader: Client) -> None:
    draft = three()
    press(as_trader, draft, "items", "remove_item:1", **{"items[1].net_mass": "77"})
    assert now(draft)["items"][0]["net_mass"] == "77"


def test_rows_are_pasted_without_a_script_too(as_trader: Client) -> None:
    draft = three()
    press(as_trader, draft, "items", "paste", cells="0808108000\tApples\tKZ\n2203000100\tBeer\tDE")
    assert codes(draft)[3:] == ["0808108000", "2203000100"]
    assert now(draft)["items"][4]["extended_procedure"] == "4000", "what usually stays the same is taken over"
    page = press(as_trader, draft, "items", "paste", cells="Код ТН ВЭД\tНаименование\nИтого\t\n")
    assert "There is nothing to paste." in page.content.decode()
    assert len(codes(draft)) == 5
    back = reverse("declaration_bring_back", args=[draft.public_id])
    as_trader.post(back, {"state": services.state_of(Declaration.objects.get(pk=draft.pk))})
    assert len(codes(draft)) == 3, "one click takes the rows back"


def test_no_more_than_999_items_are_pasted_and_one_is_told(as_trader: Client) -> None:
    draft = three()
    page = press(as_trader, draft, "items", "paste", cells="\n".join(["0808108000"] * 1000))
    assert len(codes(draft)) == 999
    assert "4 lines were left out" in page.content.decode()


def test_999_items_are_paged(as_trader: Client) -> None:
    draft = make.draft(items=[make.item(documents=[]) for _ in range(120)])
    address = reverse("declaration_section", args=[draft.public_id, "items"])
    last = as_trader.get(address, {"page": "3"}).content.decode()
    assert "items-100-net_mass" in last
    assert "items-99-net_mass" not in last


def test_the_totals_tell_when_the_items_do_not_sum_to_the_invoice(as_trader: Client) -> None:
    draft = make.draft(invoice_amount="5000")
    address = reverse("declaration_section", args=[draft.public_id, "items"])
    assert as_trader.get(address).context["totals"]["agrees"]["item_price"] is False
    press(as_trader, draft, "value", "", invoice_amount="1200")
    assert as_trader.get(address).context["totals"]["agrees"]["item_price"] is True


# Papers -------------------------------------------------------------------------------------------------------
def papers(client: Client, draft: Declaration) -> list[Any]:
    address = reverse("declaration_section", args=[draft.public_id, "documents"])
    return list(client.get(address).context["papers"])


def test_equal_papers_of_several_items_are_one_line(as_trader: Client) -> None:
    shown = papers(as_trader, three())
    assert [(paper.controls[0].text, paper.numbers) for paper in shown] == [("380", "1-3"), ("730", "1-3")]


def test_a_change_in_one_line_goes_to_all_items_it_serves(as_trader: Client) -> None:
    draft = three()
    as_trader.post(
        reverse("declaration_fields", args=[draft.public_id]),
        {"items[0].documents[0].reference": "INV-18", "alike": "1"},
    )
    assert {item["documents"][0]["reference"] for item in now(draft)["items"]} == {"INV-18"}
    as_trader.post(reverse("declaration_fields", args=[draft.public_id]), {"items[0].documents[0].reference": "INV-19"})
    assert [item["documents"][0]["reference"] for item in now(draft)["items"]] == ["INV-19", "INV-18", "INV-18"]


def test_a_paper_with_its_file_is_added_to_the_items_named(as_trader: Client) -> None:
    draft = three()
    file = SimpleUploadedFile("origin.pdf", PDF, "application/pdf")
    new = {"new.code": "861", "new.reference": "ST-1 7", "new.date": "2026-11-01", "new_items": "1, 3"}
    press(as_trader, draft, "documents", "add_paper", new_file=file, **new)
    added = [item["documents"][2:] for item in now(draft)["items"]]
    assert added[1] == []
    assert make.without_keys(added[0]) == make.without_keys(added[2])
    assert added[0][0]["reference"] == "ST-1 7"
    opened = as_trader.get(reverse("file", args=[added[0][0]["file"]]))
    assert b"".join(opened.streaming_content) == PDF


def test_a_paper_is_put_to_all_items_and_taken_from_all(as_trader: Client) -> None:
    draft = three()
    press(as_trader, draft, "documents", "add_paper", **{"new.code": "861", "new_items": "2"})
    press(as_trader, draft, "documents", "for_all_items:items[1].documents[2]")
    assert [len(item["documents"]) for item in now(draft)["items"]] == [3, 3, 3]
    press(as_trader, draft, "documents", "remove_paper:items[0].documents[2]")
    assert [len(item["documents"]) for item in now(draft)["items"]] == [2, 2, 2]


def test_a_file_is_attached_to_a_paper_that_is_there(as_trader: Client) -> None:
    draft = three()
    pointer = "items[0].documents[0]"
    file = {f"file:{pointer}": SimpleUploadedFile("invoice.pdf", PDF)}
    press(as_trader, draft, "documents", f"attach:{pointer}", **file)
    assert len({item["documents"][0]["file"] for item in now(draft)["items"]}) == 1


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("invoice.pdf", b"MZ\x90\x00", "not accepted"),
        ("invoice.pdf", b"\x89PNG\r\n\x1a\n" + b"0" * 40, "content is of the type"),
        ("empty.pdf", b"", "empty"),
    ],
)
def test_a_file_that_lies_is_refused_and_no_paper_is_made(
    as_trader: Client, name: str, content: bytes, says: str
) -> None:
    draft = three()
    page = press(
        as_trader, draft, "documents", "add_paper", **{"new.code": "861", "new_file": SimpleUploadedFile(name, content)}
    )
    assert says in page.content.decode()
    assert [len(item["documents"]) for item in now(draft)["items"]] == [2, 2, 2]


def test_a_file_too_large_is_refused_unread(as_trader: Client, settings: Any) -> None:
    settings.UPLOAD_LIMIT_BYTES = 1024 * 1024
    draft = three()
    file = SimpleUploadedFile("big.pdf", PDF + b"0" * settings.UPLOAD_LIMIT_BYTES)
    page = press(as_trader, draft, "documents", "add_paper", **{"new.code": "861", "new_file": file})
    assert "too large" in page.content.decode()


def test_items_that_do_not_exist_get_no_paper(as_trader: Client) -> None:
    draft = three()
    for wrong in ("0", "4", "1-9", "two"):
        page = press(as_trader, draft, "documents", "add_paper", **{"new.code": "861", "new_items": wrong})
        assert "item numbers that exist" in page.content.decode()
    assert [len(item["documents"]) for item in now(draft)["items"]] == [2, 2, 2]


def test_item_numbers_are_written_and_read_as_ranges() -> None:
    assert ranges([1, 2, 3, 7]) == "1-3, 7"
    assert read_ranges("1-3, 7", most=9) == [1, 2, 3, 7]
    assert read_ranges("", most=2) == [1, 2]
    assert read_ranges("3-1", most=9) is None


def test_containers_earlier_declarations_and_invoices_are_rows_too(as_trader: Client) -> None:
    draft = three()
    for section, part in (("transport", "containers"), ("documents", "previous"), ("documents", "suppliers")):
        press(as_trader, draft, section, f"add_part:{part}")
        assert len(now(draft)[part]) == 1
        press(as_trader, draft, section, f"remove_part:{part}:0")
        assert now(draft)[part] == []
    press(as_trader, draft, "transport", "add_part:containers")
    press(as_trader, draft, "transport", "", **{"containers[0].identity": "CSQU3054383"})
    assert make.without_keys(now(draft)["containers"]) == [{"identity": "CSQU3054383"}]


def test_papers_of_one_item_are_added_and_removed_on_its_page(as_trader: Client) -> None:
    draft = three()
    address = reverse("declaration_item", args=[draft.public_id, 2])
    assert as_trader.post(address, {"do": "add_document:2"})["Location"] == address
    assert [len(item["documents"]) for item in now(draft)["items"]] == [2, 3, 2]
    as_trader.post(address, {"do": "remove_document:2:0"})
    assert [paper.get("code") for paper in now(draft)["items"][1]["documents"]] == ["730", None]
