"""A box cannot be forgotten: every door knows every row of the box table. A new row is asked of each door by itself.

The declaration of these tests holds a value of its own in every box of every level, so that a door which leaves one
out is found by the value that is missing.
"""

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from clearance.selectors import document_of
from declarations import reading, sad_pdf, services
from declarations.api import schema
from declarations.boxes import BY_FIELD, LEVELS, Box
from declarations.forms import sections
from declarations.models import Declaration
from declarations.sad_xml import build, parse
from declarations.selectors import as_dict, canonical, changes_between, content_of
from declarations.services.carrying import BOUND, DRAWN, PER_DECLARATION
from lib.languages import day_text
from lib.pointers import as_id
from risk import facts
from risk.boxes import FIELDS
from tests import make
from tests.conftest import client_of

pytestmark = pytest.mark.django_db
PARTS = {"item": "items", "container": "containers", "previous": "previous", "supplier": "suppliers"}
# Where a box decides how others are read, it says what lets them all speak: costs of its own for each item.
SAID = {
    ("header", "declaration_type"): "TR",
    ("header", "general_procedure"): "8",
    ("header", "working_mode"): 2,
    ("header", "declarant_code"): make.TIN,
    ("item", "commodity_code"): "0902300009",
}


def value_of(box: Box, level: str, place: int) -> Any:
    """A canonical value that no other box has, as far as the size of the box allows."""
    if (level, box.field) in SAID:
        return SAID[level, box.field]
    number = 1000 + place
    match box.kind:
        case "amount":
            return f"{number}.25"
        case "quantity":
            return f"{number}.125"
        case "integer":
            return number % 10 ** min(box.size, 6) or 7
        case "date":
            return (date(2020, 1, 1) + timedelta(days=place)).isoformat()
        case "flag":
            return True
    alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ"
    short = alphabet[place % 24] + alphabet[place // 24 % 24] + alphabet[place // 576 % 24]
    return short[: box.size] if box.size < 8 else f"Q{number}{short}"[: box.size]


def row(level: str) -> dict[str, Any]:
    first = 1 + sum(len(boxes) for boxes in list(LEVELS.values())[: list(LEVELS).index(level)])
    return {box.field: value_of(box, level, place) for place, box in enumerate(LEVELS[level], first)}


def full() -> dict[str, Any]:
    """Canonical JSON with every box filled."""
    rows = {part: [row(level)] for level, part in PARTS.items()}
    rows["items"][0]["documents"] = [row("document")]
    rows["containers"][0]["item_number"] = rows["previous"][0]["current_item"] = 1
    return {**row("header"), **rows}


@pytest.fixture
def draft() -> Declaration:
    return services.create_draft(declarant=make.company(owner=make.trader()), by=make.trader(), at=make.AT, data=full())


def declared(content: dict[str, Any]) -> Iterator[tuple[str, Box, Any]]:
    """Pointer, box and value of every box of a document."""
    for box in LEVELS["header"]:
        yield box.field, box, content.get(box.field)
    for level, part in PARTS.items():
        for box in LEVELS[level]:
            yield f"{part}[0].{box.field}", box, content[part][0].get(box.field)
    for box in LEVELS["document"]:
        yield f"items[0].documents[0].{box.field}", box, content["items"][0]["documents"][0].get(box.field)


POINTERS = [pointer for pointer, _box, _value in declared(full())]


# Data ---------------------------------------------------------------------------------------------------------
def test_every_box_is_kept_and_comes_back(draft: Declaration) -> None:
    content = canonical(content_of(Declaration.objects.get(pk=draft.pk)))
    assert draft.held == {}
    assert content == full()
    assert make.without_keys(as_dict(draft)).items() >= content.items()


def test_every_box_is_copied_but_what_belongs_to_one_declaration(draft: Declaration) -> None:
    made = services.copy(draft, declarant=draft.declarant, by=make.trader(), at=make.AT)
    copied = canonical(content_of(made))
    lists = {"items", "containers", "previous", "suppliers"}
    changed = {name for name in full() if copied.get(name) != full()[name]} - lists
    assert changed <= {*PER_DECLARATION, *BOUND["header"]}
    for part, bound in (("items", {*BOUND["item"], *DRAWN, "documents"}), ("suppliers", {*BOUND["suppliers"]})):
        kept, was = copied[part][0], full()[part][0]
        assert {name for name in was if kept.get(name) != was[name]} <= bound
    assert (copied["containers"], made.beginning.earlier) == ([], draft)
    left = {row["pointer"] for row in made.beginning.left_out}
    assert left >= {"containers[0]", "items[0].summary_declaration", "suppliers[0].invoice_number", "seals_identity"}


def test_every_box_is_frozen_in_the_snapshot_and_compared_between_versions() -> None:
    before, after = {**full(), "containers": [{}], "previous": [{}], "suppliers": [{}]}, full()
    before = {**before, "items": [{"documents": [{}]}]}
    for box in LEVELS["header"]:
        before.pop(box.field)
    changes = {(change.box, str(change.label)) for change in changes_between(before, after)}
    assert changes == {(box.box, str(box.label)) for boxes in LEVELS.values() for box in boxes}


def test_the_snapshot_is_the_canonical_content() -> None:
    lodged = make.lodged()
    assert json.loads(lodged.snapshot.content).items() >= canonical(content_of(lodged)).items()


# Machines -----------------------------------------------------------------------------------------------------
def test_the_api_takes_and_gives_every_box(as_trader: Client) -> None:
    answer = as_trader.post(reverse("api-declaration-list"), full(), content_type="application/json")
    assert answer.status_code == 201, answer.content
    shown = as_trader.get(reverse("api-declaration-detail", args=[answer.json()["id"]])).json()
    for pointer, _box, value in declared(full()):
        assert next(found for at, _b, found in declared(shown) if at == pointer) == value, pointer


def test_the_schema_of_the_api_names_every_box() -> None:
    serializers = {
        "header": schema.ContentSerializer,
        "item": schema.ItemSerializer,
        "document": schema.DocumentSerializer,
        "container": schema.ContainerSerializer,
        "previous": schema.PreviousSerializer,
        "supplier": schema.SupplierSerializer,
    }
    for level, boxes in LEVELS.items():
        assert set(serializers[level]().fields) >= {box.field for box in boxes}, level


def test_every_box_goes_out_as_xml_and_comes_back(draft: Declaration) -> None:
    parsed = parse(build(draft, on=make.ON))
    for pointer, _box, value in declared(full()):
        found = next(found for at, _b, found in declared(parsed["draft"]) if at == pointer)
        assert str(found) == str(value), pointer


# People -------------------------------------------------------------------------------------------------------
def boxes_on(text: str) -> set[str]:
    """The boxes of a page."""
    return set(re.findall(r'<(?:input|select|textarea) id="([^"]+)"', text))


def test_every_box_stands_on_a_page_of_the_form(as_trader: Client, draft: Declaration) -> None:
    pages = [reverse("declaration_section", args=[draft.public_id, section.key]) for section in sections.SECTIONS]
    pages.append(reverse("declaration_item", args=[draft.public_id, 1]))
    text = "".join(as_trader.get(page).content.decode() for page in pages)
    assert {as_id(pointer) for pointer in POINTERS} - boxes_on(text) == set()


def test_an_empty_box_stands_on_its_page_too(as_trader: Client) -> None:
    empty = services.create_draft(
        declarant=make.company(owner=make.trader()), by=make.trader(), at=make.AT,
        data={"declaration_type": "TR", "items": [{"documents": [{}]}], "containers": [{}], "previous": [{}],
              "suppliers": [{}]},
    )  # fmt: skip
    pages = [reverse("declaration_section", args=[empty.public_id, section.key]) for section in sections.SECTIONS]
    pages.append(reverse("declaration_item", args=[empty.public_id, 1]))
    text = "".join(as_trader.get(page).content.decode() for page in pages)
    assert {as_id(pointer) for pointer in POINTERS} - boxes_on(text) == set()


@pytest.mark.parametrize("pointer", POINTERS)
def test_a_fault_of_a_box_finds_its_page_its_number_and_its_label(pointer: str) -> None:
    found = reading.pointer(pointer)
    assert found is not None
    assert found.box == BY_FIELD[found.level][found.field]
    assert str(found) == pointer
    assert str(found.box.label)
    assert sections.box_number(pointer) == found.box.box
    assert sections.section_of(pointer) in sections.BY_KEY
    assert sections.section_of(pointer) != "review"


def shown(value: Any) -> str:
    return re.sub(r"[\s,\u00a0]", "", str(value))


def _printed(box: Box, value: Any) -> str:
    """A value as the SAD writes it; a flag is 1."""
    if box.kind == "flag":
        return "1"
    return day_text(date.fromisoformat(value)) if box.kind == "date" else str(value)


def test_the_printed_sad_shows_every_box(draft: Declaration, monkeypatch: pytest.MonkeyPatch) -> None:
    printed: list[str] = []

    def keep(template: str, context: dict[str, Any], **_how: Any) -> bytes:
        printed.append(render_to_string(template, context))
        return b""

    monkeypatch.setattr("declarations.sad_pdf.sad.print_pdf", keep)
    sad_pdf.render_sad(draft)
    text = shown(unescape(re.sub(r"<[^>]+>", " ", printed[0])))
    missing = [pointer for pointer, box, value in declared(full()) if shown(_printed(box, value)) not in text]
    assert missing == []


def test_the_officer_reads_every_box(draft: Declaration) -> None:
    document = document_of(draft, on=make.ON)
    read = {
        "header": [fact for _title, facts_ in document.sections for fact in facts_],
        "item": document.items[0].facts,
        **{part: [fact for each in rows for fact in each] for part, rows in document.parts.items()},
    }
    for level, key in (("header", "header"), ("item", "item"), ("container", "containers"), ("previous", "previous"),
                       ("supplier", "suppliers")):  # fmt: skip
        assert {str(fact.label) for fact in read[key]} == {str(box.label) for box in LEVELS[level]}, level


def test_the_officers_page_prints_what_it_reads() -> None:
    lodged = make.lodged(containers=[{"identity": "CSQU3054383", "description": "Packets of tea"}], container_flag=True)
    text = client_of(make.officer()).get(reverse("declaration", args=[lodged.public_id])).content.decode()
    assert "CSQU3054383" in text
    assert "Packets of tea" in text


# Risk ---------------------------------------------------------------------------------------------------------
def test_a_criterion_may_ask_for_every_box_that_the_table_says(draft: Declaration) -> None:
    wanted = {f"{level}.{box.field}": box for level, boxes in LEVELS.items() for box in boxes if box.risk}
    assert set(wanted) <= set(FIELDS)
    seen = facts.of_declaration(draft)
    held = {**seen.header, **seen.items[0].values}
    assert set(wanted) - set(held) == set()
