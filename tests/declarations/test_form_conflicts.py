"""Two windows or two persons at one draft: rows keep their identity, and nobody overwrites what he has not seen."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from declarations import services
from declarations.models import Declaration
from declarations.selectors import as_dict
from lib.row_keys import new_key
from tests import make

SCRIPT = {"accept": "application/json"}
MARKS = "ABC"


@pytest.fixture
def draft(as_trader: Client) -> Declaration:
    return make.draft(
        items=[make.item(packages_marks=mark) for mark in MARKS],
        containers=[{"identity": "CSQU3054383"}, {"identity": "MSCU6639870"}],
    )


def now(draft: Declaration) -> dict[str, Any]:
    return as_dict(Declaration.objects.get(pk=draft.pk))


def key(draft: Declaration, place: int, part: str = "items") -> str:
    return str(now(draft)[part][place]["key"])


def save(
    client: Client, draft: Declaration, fields: dict[str, str], was: dict[str, Any] | None = None, **more: Any
) -> Any:
    data = {**fields, "was": json.dumps(was or {}), **more}
    return client.post(reverse("declaration_fields", args=[draft.public_id]), data, headers=SCRIPT)


def press(client: Client, draft: Declaration, section: str, do: str, was: dict[str, Any] | None = None) -> str:
    address = reverse("declaration_section", args=[draft.public_id, section])
    return str(client.post(address, {"do": do, "was": json.dumps(was or {})}, follow=True).content.decode())


# Rows ---------------------------------------------------------------------------------------------------------
def test_a_save_lands_in_its_row_wherever_that_has_moved(as_trader: Client, draft: Declaration) -> None:
    third, second_box = key(draft, 2), key(draft, 1, "containers")
    press(as_trader, draft, "items", f"remove_item:{key(draft, 0)}")
    press(as_trader, draft, "transport", f"remove_part:containers:{key(draft, 0, 'containers')}")
    fields = {f"items[{third}].net_mass": "77", f"containers[{second_box}].description": "Tea"}
    assert save(as_trader, draft, fields).status_code == 200
    assert [(item["packages_marks"], item["net_mass"]) for item in now(draft)["items"]] == [("B", "400"), ("C", "77")]
    assert now(draft)["containers"][0]["description"] == "Tea"


def test_a_text_for_a_row_that_is_gone_is_shown_and_goes_nowhere(as_trader: Client, draft: Declaration) -> None:
    first, paper = key(draft, 0), now(draft)["items"][1]["documents"][0]["key"]
    lost = f"items[{first}].net_mass"
    paper_name = f"items[{key(draft, 1)}].documents[{paper}].reference"
    services.remove_document(draft, item=1, document=0, by=make.colleague(), at=make.AT)
    press(as_trader, draft, "items", f"remove_item:{first}")
    answer = save(as_trader, draft, {lost: "7,5", paper_name: "INV-9", "insurance": "12"})
    assert answer.status_code == 409
    assert {(fault["code"], fault["pointer"]) for fault in answer.json()["violations"]} == {
        ("S016", lost), ("S016", paper_name),
    }  # fmt: skip
    assert "7,5" in answer.json()["violations"][0]["sentence"]
    assert now(draft)["insurance"] == "12.00", "what nobody else has touched is saved"
    assert "INV-9" not in json.dumps(now(draft))


def test_rows_are_copied_removed_and_given_papers_by_their_keys(as_trader: Client, draft: Declaration) -> None:
    second, third = key(draft, 1), key(draft, 2)
    press(as_trader, draft, "items", f"remove_item:{key(draft, 0)}")
    press(as_trader, draft, "items", f"copy_item:{third}")
    assert [item["packages_marks"] for item in now(draft)["items"]] == ["B", "C", "C"]
    assert len({item["key"] for item in now(draft)["items"]}) == 3
    address = reverse("declaration_item", args=[draft.public_id, 1])
    as_trader.post(address, {"do": f"add_document:{second}"})
    gone = now(draft)["items"][0]["documents"][0]["key"]
    as_trader.post(address, {"do": f"remove_document:{second}:{gone}"})
    assert [paper.get("code") for paper in now(draft)["items"][0]["documents"]] == ["730", None]


@pytest.mark.parametrize("do", ["remove_item:{}", "copy_item:{}", "add_document:{}", "remove_part:containers:{}"])
def test_a_button_of_a_row_that_was_removed_elsewhere_does_nothing(
    as_trader: Client, draft: Declaration, do: str
) -> None:
    before = make.without_keys(now(draft))
    assert "removed meanwhile" in press(as_trader, draft, "items", do.format(new_key()))
    assert make.without_keys(now(draft)) == before


def test_a_row_that_someone_has_changed_is_not_removed_unseen(as_trader: Client, draft: Declaration) -> None:
    first = key(draft, 0)
    name = f"items[{first}].net_mass"
    services.save_fields(draft, fields={name: "390"}, by=make.colleague(), at=make.AT)
    assert "was changed meanwhile" in press(as_trader, draft, "items", f"remove_item:{first}", {name: "400"})
    assert len(now(draft)["items"]) == 3
    press(as_trader, draft, "items", f"remove_item:{first}", {name: "390"})
    assert len(now(draft)["items"]) == 2


def test_a_row_made_in_the_browser_is_made_once_however_often_it_is_sent(as_trader: Client, draft: Declaration) -> None:
    made, paper, box = new_key(), new_key(), new_key()
    rows = [f"items[{made}]", f"items[{made}].documents[{paper}]", f"containers[{box}]"]
    fields = {f"items[{made}].net_mass": "5", f"containers[{box}].identity": "MSKU0000000"}
    for _again in range(2):
        assert save(as_trader, draft, fields, {name: [""] for name in fields}, new=rows).status_code == 200
    last = now(draft)["items"][-1]
    assert (len(now(draft)["items"]), last["net_mass"], last["key"], last["origin_country"]) == (4, "5", made, "CN")
    assert [document["key"] for document in last["documents"]] == [paper]
    assert [row["identity"] for row in now(draft)["containers"]][2:] == ["MSKU0000000"]


@pytest.mark.parametrize("row", ["items[1]", "colours[r0123456789ab]", "items", "items[r0123456789ab].documents[1]"])
def test_only_rows_of_the_declaration_are_made(as_trader: Client, draft: Declaration, row: str) -> None:
    assert save(as_trader, draft, {}, new=[row]).status_code == 422
    assert len(now(draft)["items"]) == 3


# Boxes --------------------------------------------------------------------------------------------------------
def test_a_box_that_someone_else_changed_is_asked_about_and_not_overwritten(
    as_trader: Client, draft: Declaration
) -> None:
    name = f"items[{key(draft, 0)}].net_mass"
    services.save_fields(
        draft, fields={name: "390", "delivery_terms_place": "Khujand"}, by=make.colleague(), at=make.AT
    )
    was = {name: ["400"], "delivery_terms_place": ["Dushanbe"], "insurance": [""]}
    typed = {name: "380", "delivery_terms_place": "Bokhtar", "insurance": "9"}
    answer = save(as_trader, draft, typed, was)
    assert answer.status_code == 409
    for fault in answer.json()["violations"]:
        assert fault["code"] == "S015"
        assert typed[fault["pointer"]] in fault["sentence"]
        assert answer.json()["boxes"][fault["pointer"]]["text"] in fault["sentence"]
    assert (now(draft)["items"][0]["net_mass"], now(draft)["delivery_terms_place"]) == ("390", "Khujand")
    assert now(draft)["insurance"] == "9.00"
    assert save(as_trader, draft, {name: "380"}, {name: ["390"]}).status_code == 200
    assert now(draft)["items"][0]["net_mass"] == "380"


@pytest.mark.parametrize(
    ("held", "was", "typed", "status"),
    [
        ("1200.5", "1 200,50", "7", 200),  # the same number in another notation
        ("12,5x", "12,5x", "7", 200),  # a text that could not be read
        ("12,5x", "12,5", "7", 409),
        ("7", "400", "7.00", 200),  # both wrote the same
        ("7", ["400", "7"], "8", 200),  # an answer was lost: the box may hold what was sent
        ("", "400", "7", 409),  # emptied by someone
        ("7", "400", "400", 200),  # nothing was typed: what the other wrote stays
    ],
)
def test_what_a_save_builds_on_is_compared_as_it_is_read(
    as_trader: Client, draft: Declaration, held: str, was: Any, typed: str, status: int
) -> None:
    name = f"items[{key(draft, 0)}].net_mass"
    services.save_fields(draft, fields={name: held}, by=make.colleague(), at=make.AT)
    assert save(as_trader, draft, {name: typed}, {name: was}).status_code == status
    if typed == "400":
        assert now(draft)["items"][0]["net_mass"] == "7"


def test_a_page_saved_by_its_button_changes_only_what_was_typed(as_trader: Client, draft: Declaration) -> None:
    address = reverse("declaration_section", args=[draft.public_id, "value"])
    shown = as_trader.get(address).context["was"].shown
    services.save_fields(draft, fields={"insurance": "55", "deduction": "1"}, by=make.colleague(), at=make.AT)
    typed = {**shown, "other_cost": "3", "deduction": "2"}
    page = as_trader.post(address, {**typed, "was": json.dumps(shown)}, follow=True).content.decode()
    saved = now(draft)
    assert (saved["insurance"], saved["other_cost"], saved["deduction"]) == ("55.00", "3.00", "1.00")
    assert re.search(r"You typed “2”. Meanwhile this box was changed to “1.00”", page)


def test_a_text_of_several_lines_that_nobody_typed_in_is_left_alone(as_trader: Client, draft: Declaration) -> None:
    address = reverse("declaration_section", args=[draft.public_id, "items"])
    name = f"items[{key(draft, 0)}].commercial_description"
    services.save_fields(draft, fields={name: "Black tea\nin packets"}, by=make.trader(), at=make.AT)
    page = as_trader.get(address, {"page": "1"}).content.decode()
    assert "Black tea\nin packets</textarea>" in page, "a box of one line would lose where the line ends"
    services.save_fields(draft, fields={name: "Green tea"}, by=make.colleague(), at=make.AT)
    was = json.dumps({name: "Black tea\nin packets"})
    page = as_trader.post(address, {name: "Black tea\r\nin packets", "was": was}, follow=True).content.decode()
    assert "You typed “" not in page
    assert now(draft)["items"][0]["commercial_description"] == "Green tea"


@pytest.mark.parametrize("was", ["", "no json", "[]", '{"insurance": 5}', '{"insurance": {"a": 1}}', "[" * 5000])
def test_bases_that_are_none_do_no_harm(as_trader: Client, draft: Declaration, was: str) -> None:
    answer = as_trader.post(
        reverse("declaration_fields", args=[draft.public_id]), {"inland_mode": "2", "was": was}, headers=SCRIPT
    )
    assert answer.status_code == 200
    assert now(draft)["inland_mode"] == "2"


def test_equal_papers_are_changed_together_and_another_one_stays(as_trader: Client, draft: Declaration) -> None:
    papers = [item["documents"][0]["key"] for item in now(draft)["items"]]
    names = [f"items[{key(draft, n)}].documents[{papers[n]}].reference" for n in range(3)]
    services.save_fields(draft, fields={names[2]: "INV-18"}, by=make.colleague(), at=make.AT)
    assert save(as_trader, draft, {names[0]: "INV-19"}, {names[0]: ["INV-17"]}, alike="1").status_code == 200
    references = [item["documents"][0]["reference"] for item in now(draft)["items"]]
    assert references == ["INV-19", "INV-19", "INV-18"]
    assert save(as_trader, draft, {names[0]: "INV-20"}, {names[0]: ["INV-17"]}, alike="1").status_code == 409
