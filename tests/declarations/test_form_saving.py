"""Boxes are saved as they are left: by a script one at a time, by a form without a script a section at a time."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from declarations.models import Declaration
from declarations.selectors import as_dict
from tests import make

SCRIPT = {"accept": "application/json"}


def save(client: Client, draft: Declaration, **fields: str) -> Any:
    return client.post(reverse("declaration_fields", args=[draft.public_id]), fields, headers=SCRIPT)


def section(draft: Declaration, name: str) -> str:
    return reverse("declaration_section", args=[draft.public_id, name])


def now(draft: Declaration) -> dict[str, Any]:
    return as_dict(Declaration.objects.get(pk=draft.pk))


def test_a_box_is_saved_and_shown_as_it_was_read(as_trader: Client) -> None:
    draft = make.draft()
    answer = save(as_trader, draft, insurance="1 250,5").json()
    assert answer["boxes"]["insurance"]["text"] == "1250.50"
    assert now(draft)["insurance"] == "1250.50"


def test_a_text_that_cannot_be_read_is_held_shown_and_marked(as_trader: Client) -> None:
    draft = make.draft()
    box = save(as_trader, draft, **{"items[0].net_mass": "12,5x"}).json()["boxes"]["items[0].net_mass"]
    assert box["text"] == "12,5x"
    assert "12,5x" in box["faults"][0]
    page = as_trader.get(section(draft, "items"), {"page": "1"}).content.decode()
    assert 'value="12,5x"' in page
    assert '"12,5x"' in as_trader.get(section(draft, "items")).content.decode()
    save(as_trader, draft, **{"items[0].net_mass": "12.5"})
    assert now(draft)["held"] == {}
    assert now(draft)["items"][0]["net_mass"] == "12.5"


def test_a_code_says_what_it_means_or_that_it_is_unknown(as_trader: Client) -> None:
    draft = make.draft()
    boxes = save(as_trader, draft, export_country="KZ", trading_country="QQ").json()["boxes"]
    assert boxes["export_country"]["meaning"] == "Kazakhstan"
    beside = reverse("declaration_beside", args=[draft.public_id])
    said = as_trader.get(beside, {"section": "transport"}, headers={"hx-request": "true"}).context["said"]
    assert list(json.loads(said)) == ["trading_country"]


def test_a_row_that_is_gone_is_refused_and_nothing_else_is_saved(as_trader: Client) -> None:
    draft = make.draft()
    answer = save(as_trader, draft, **{"items[7].net_mass": "1", "insurance": "9"})
    assert answer.status_code == 422
    assert answer.json()["violations"][0]["code"] == "S005"
    assert "insurance" not in now(draft)


def test_without_a_script_the_whole_section_is_saved_by_its_button(as_trader: Client) -> None:
    draft = make.draft()
    answer = as_trader.post(section(draft, "value"), {"insurance": "10", "deduction": "ten", "then": "items"})
    assert answer["Location"] == section(draft, "items")
    assert now(draft)["insurance"] == "10.00"
    assert now(draft)["held"] == {"deduction": "ten"}
    assert "ten" in as_trader.get(section(draft, "value")).content.decode()


def test_without_a_script_an_item_is_saved_with_its_papers(as_trader: Client) -> None:
    draft = make.draft()
    page = reverse("declaration_item", args=[draft.public_id, 1])
    as_trader.post(page, {"items[0].net_mass": "390", "items[0].documents[0].reference": "INV-18"})
    item = now(draft)["items"][0]
    assert (item["net_mass"], item["documents"][0]["reference"]) == ("390", "INV-18")
    assert as_trader.get(reverse("declaration_item", args=[draft.public_id, 2])).status_code == 404


def test_figures_are_written_as_the_reader_writes_them(as_trader: Client) -> None:
    draft = make.draft(insurance="1250.50")
    assert 'value="1250.50"' in as_trader.get(section(draft, "value")).content.decode()
    russian = as_trader.get(section(draft, "value"), headers={"accept-language": "ru"}).content.decode()
    assert 'value="1250,50"' in russian


def test_boxes_that_seldom_matter_are_folded_and_reachable(as_trader: Client) -> None:
    draft = make.draft()
    folded = as_trader.get(section(draft, "value")).content.decode()
    assert '<details class="further">' in folded
    assert 'name="value_details"' in folded
    as_trader.post(reverse("declaration_boxes", args=[draft.public_id]), {"section": "value"})
    assert '<details class="further">' not in as_trader.get(section(draft, "value")).content.decode()


def test_a_box_that_holds_something_is_not_folded(as_trader: Client) -> None:
    page = as_trader.get(section(make.draft(value_details="VD 7"), "value")).content.decode()
    assert page.index("VD 7") < page.index('<details class="further">')


def test_what_is_missing_is_marked_only_after_the_first_review(as_trader: Client) -> None:
    draft = make.draft(office_code=None)
    assert "field--wrong" not in as_trader.get(section(draft, "procedure")).content.decode()
    assert "Choose the customs office" in as_trader.get(section(draft, "review")).content.decode()
    assert "field--wrong" in as_trader.get(section(draft, "procedure")).content.decode()


def test_the_outline_counts_what_is_missing_in_each_section(as_trader: Client) -> None:
    draft = make.draft(office_code=None)
    steps = {step.section.key: step.faults for step in as_trader.get(section(draft, "value")).context["steps"]}
    assert steps["procedure"] == 1
    assert steps["parties"] == 0


def test_transit_is_a_section_only_where_goods_go_in_transit(as_trader: Client) -> None:
    def keys(**changes: str) -> list[str]:
        context = as_trader.get(section(make.draft(**changes), "value")).context
        return [step.section.key for step in context["steps"]]

    assert "transit" not in keys()
    assert "transit" in keys(declaration_type="TR", general_procedure="8")


def test_duty_stands_beside_the_form_with_its_formula(as_trader: Client) -> None:
    page = as_trader.get(reverse("declaration_beside", args=[make.draft().public_id]), headers={"hx-request": "true"})
    assessment = page.context["assessment"]
    assert assessment.payable > Decimal(0)
    text = page.content.decode()
    assert all(charge.legal_basis.split(",")[0] in text for charge in assessment.charges)
    assert 'id="outline"' in text


def test_duty_says_in_words_what_is_still_needed(as_trader: Client) -> None:
    beer = make.item(commodity_code="2203000100", supplementary_unit_1=None)
    page = as_trader.get(reverse("declaration_beside", args=[make.draft(items=[beer]).public_id]))
    assert "Declare the quantity in" in page.content.decode()


@pytest.mark.parametrize("name", ["items", "documents", "review", "value"])
def test_a_page_asks_the_database_as_often_for_fifty_items_as_for_one(
    as_trader: Client, django_assert_num_queries: Any, name: str
) -> None:
    one, fifty = make.draft(), make.draft(items=[make.item() for _ in range(50)])
    as_trader.get(section(one, "review")), as_trader.get(section(fifty, "review"))
    with django_assert_num_queries(1000, exact=False) as few:
        as_trader.get(section(one, name))
    with django_assert_num_queries(len(few.captured_queries)):
        as_trader.get(section(fifty, name))
    assert len(few.captured_queries) < 45


def test_a_draft_is_discarded_after_one_more_question(as_trader: Client, trader: User) -> None:
    draft = make.draft()
    page = reverse("declaration_discard", args=[draft.public_id])
    assert as_trader.get(page).status_code == 200
    assert Declaration.objects.filter(pk=draft.pk).exists()
    assert as_trader.post(page)["Location"] == reverse("declarations")
    assert not Declaration.objects.filter(pk=draft.pk).exists()
