"""Drafts: saved whole and field by field, in any state of completeness, with nothing lost."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import models

from declarations import selectors, services
from declarations.boxes import LEVELS
from declarations.models import Container, Declaration, Item, ItemDocument, PreviousDeclaration, SupplierInvoice
from lib.violations import Rejected
from tests import make

pytestmark = pytest.mark.django_db
TABLES: dict[str, type[models.Model]] = {
    "header": Declaration,
    "item": Item,
    "document": ItemDocument,
    "container": Container,
    "previous": PreviousDeclaration,
    "supplier": SupplierInvoice,
}
OWN_COLUMNS = {
    "Declaration": {
        "id", "public_id", "declarant", "trader", "status", "version", "mrn", "registration_year",
        "registration_series", "registration_number", "tax_date", "lodged_at", "customs_value", "payable", "guaranteed",
        "source", "held", "amends", "sent_at", "stands_as",
        "kept", "created_by", "created_at", "updated_by", "updated_at",
    },
    "Item": {"id", "declaration", "number", "key"},
    "ItemDocument": {"id", "item", "position", "key", "file", "more_files"},
}  # fmt: skip
COLUMN_OF = {
    "code": models.CharField, "text": models.CharField, "lines": models.CharField, "amount": models.DecimalField,
    "quantity": models.DecimalField, "integer": models.PositiveIntegerField, "date": models.DateField,
    "flag": models.BooleanField,
}  # fmt: skip


# The box table ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("level", LEVELS)
def test_the_columns_of_each_table_are_the_rows_of_the_box_table(level: str) -> None:
    model = TABLES[level]
    own = OWN_COLUMNS.get(model.__name__, {"id", "declaration", "position", "key"})
    columns = {field.name: field for field in model._meta.concrete_fields if field.name not in own}
    assert set(columns) == {box.field for box in LEVELS[level]}
    for box in LEVELS[level]:
        column = columns[box.field]
        assert isinstance(column, COLUMN_OF[box.kind]), box.field
        assert column.max_length in (None, box.size), box.field


# Whole drafts -------------------------------------------------------------------------------------------------
def test_an_empty_draft_names_the_company_that_files() -> None:
    draft = services.create_draft(declarant=make.company(owner=make.trader()), by=make.trader(), at=make.AT)
    assert draft.declarant_code == make.TIN
    assert draft.declarant_name.startswith("Somon Trade LLC")
    assert draft.status == "draft"


def everything() -> dict[str, Any]:
    return make.data(
        container_flag=True,
        containers=[{"identity": "CSQU3054383", "gross_mass": "420.5"}],
        previous=[{"office_code": "TJ01", "year": 2026, "number": 7, "current_item": 1}],
        suppliers=[{"link": "A", "invoice_amount": "1200.00"}],
        items=[make.item(), make.item(item_price="0.5", net_mass="1.234567")],
    )


def test_what_is_saved_is_read_back_equal() -> None:
    draft = make.draft(**everything())
    once = selectors.canonical(selectors.content_of(Declaration.objects.get(pk=draft.pk)))
    services.save_draft(draft, data=selectors.as_dict(draft), by=make.trader(), at=make.AT)
    assert selectors.canonical(selectors.content_of(Declaration.objects.get(pk=draft.pk))) == once
    assert once["items"][1]["item_price"] == "0.50"
    assert once["items"][1]["net_mass"] == "1.234567"
    assert once["containers"] == [{"identity": "CSQU3054383", "gross_mass": "420.5"}]


def test_a_figure_of_zero_is_declared_and_not_lost() -> None:
    draft = make.draft(insurance="0", total_packages="0", items=[make.item(packages_number="0")])
    read = selectors.as_dict(Declaration.objects.get(pk=draft.pk))
    assert (read["insurance"], read["total_packages"], read["items"][0]["packages_number"]) == ("0.00", 0, "0")


def test_saving_replaces_the_whole_content() -> None:
    draft = make.draft(**everything())
    services.save_draft(draft, data={"lrn": "X"}, by=make.trader(), at=make.AT)
    assert selectors.canonical(selectors.content_of(Declaration.objects.get(pk=draft.pk))) == {
        "lrn": "X", "items": [], "containers": [], "previous": [], "suppliers": [],
    }  # fmt: skip


def test_patching_replaces_only_what_is_named() -> None:
    draft = make.draft(invoice_amount="1200,5x", lrn="KEEP")
    services.patch_draft(draft, data={"inland_mode": "2"}, by=make.trader(), at=make.AT)
    patched = selectors.as_dict(Declaration.objects.get(pk=draft.pk))
    assert (patched["inland_mode"], patched["lrn"], len(patched["items"])) == ("2", "KEEP", 1)
    assert patched["held"] == {"invoice_amount": "1200,5x"}
    services.patch_draft(draft, data={"invoice_amount": "1200.5"}, by=make.trader(), at=make.AT)
    assert selectors.as_dict(Declaration.objects.get(pk=draft.pk))["held"] == {}


def test_a_text_that_cannot_be_read_is_held_shown_and_saved_again_unharmed() -> None:
    draft = make.draft(items=[make.item(), make.item(net_mass="12,5x", documents=[{"code": "380", "date": "soon"}])])
    held = {"items[1].net_mass": "12,5x", "items[1].documents[0].date": "soon"}
    assert draft.held == held
    again = services.save_draft(draft, data=selectors.as_dict(draft), by=make.trader(), at=make.AT)
    assert again.held == held


@pytest.mark.parametrize(
    ("data", "code", "pointer"),
    [
        ({"colour": "red"}, "S001", "colour"),
        ({"items": [{"colour": "red"}]}, "S001", "items[0].colour"),
        ({"lrn": ["A"]}, "S002", "lrn"),
        ({"items": {"0": {}}}, "S003", "items"),
        ({"items": ["x"]}, "S003", "items"),
        ({"items": [{"documents": "x"}]}, "S003", "items[0].documents"),
        ({"items": [{}] * 1000}, "S004", "items"),
    ],
)
def test_a_document_of_the_wrong_shape_is_refused_with_the_place(data: Any, code: str, pointer: str) -> None:
    with pytest.raises(Rejected) as refused:
        services.create_draft(declarant=make.company(owner=make.trader()), by=make.trader(), at=make.AT, data=data)
    assert [(fault.code, fault.pointer) for fault in refused.value.violations] == [(code, pointer)]


def test_a_copy_has_the_same_goods_and_a_reference_of_its_own() -> None:
    lodged = make.lodged()
    draft = services.copy(lodged, declarant=lodged.declarant, by=make.trader(), at=make.AT)
    copied, original = selectors.as_dict(draft), selectors.as_dict(lodged)
    assert (copied["status"], copied["source"], copied["mrn"]) == ("draft", "copy", "")
    assert copied["lrn"] not in ("", original["lrn"])
    assert copied["declaration_date"] == "2026-11-23"
    goods = [{**item, "documents": []} for item in make.without_keys(original["items"])]
    assert make.without_keys(copied["items"]) == goods  # invoice and waybill were those of the earlier consignment
    assert {item["key"] for item in copied["items"]}.isdisjoint(item["key"] for item in original["items"])


@pytest.mark.parametrize("verb", ["save_draft", "save_fields", "add_item", "discard_draft"])
def test_a_lodged_declaration_is_no_longer_edited(verb: str) -> None:
    arguments: dict[str, Any] = {"save_draft": {"data": {}}, "save_fields": {"fields": {"lrn": "X"}}}.get(verb, {})
    with pytest.raises(Rejected) as refused:
        getattr(services, verb)(make.lodged(), by=make.trader(), at=make.AT, **arguments)
    assert refused.value.violations[0].code == "S010"


# Single fields ------------------------------------------------------------------------------------------------
def save(draft: Declaration, **fields: str) -> list[str]:
    later = make.AT + timedelta(minutes=1)
    faults = services.save_fields(draft, fields=fields, by=make.colleague(), at=later)
    draft.refresh_from_db()
    return [fault.pointer for fault in faults]


def test_a_field_is_saved_as_typed_wherever_it_lies() -> None:
    draft = make.draft(**everything())
    fields = {
        "invoice_amount": "1 200,50", "items[1].net_mass": "1,234.5", "items[0].documents[1].date": "01.11.2026",
        "containers[0].gross_mass": "7,5", "previous[0].year": "2025", "suppliers[0].name": "Yunnan Tea",
        "container_flag": "нет",
    }  # fmt: skip
    assert save(draft, **fields) == []
    assert draft.invoice_amount == Decimal("1200.50")
    assert draft.items.get(number=2).net_mass == Decimal("1234.5")
    assert draft.items.get(number=1).documents.get(position=2).date.isoformat() == "2026-11-01"
    assert draft.containers.get().gross_mass == Decimal("7.5")
    assert draft.previousdeclarations.get().year == 2025
    assert draft.supplierinvoices.get().name == "Yunnan Tea"
    assert draft.container_flag is False
    assert draft.updated_by == make.colleague()


def test_a_field_that_cannot_be_read_is_held_until_it_is_mended() -> None:
    draft = make.draft()
    assert save(draft, **{"items[0].net_mass": "12,5x", "inland_mode": "2"}) == ["items[0].net_mass"]
    assert draft.held == {"items[0].net_mass": "12,5x"}
    assert (draft.items.get().net_mass, draft.inland_mode) == (None, "2")
    assert save(draft, **{"items[0].net_mass": "12,5"}) == []
    assert draft.held == {}


@pytest.mark.parametrize("pointer", ["status", "mrn", "items[0].declaration_id", "items[9].net_mass", "held", "a b"])
def test_nothing_but_boxes_of_rows_that_are_there_can_be_written(pointer: str) -> None:
    draft = make.draft()
    with pytest.raises(Rejected):
        save(draft, **{pointer: "1"})
    draft.refresh_from_db()
    assert draft.updated_by == make.trader()


# Rows ---------------------------------------------------------------------------------------------------------
def act(verb: Any, draft: Declaration, **arguments: Any) -> Any:
    return verb(draft, by=make.trader(), at=make.AT, **arguments)


def test_items_come_and_go_and_keep_their_order() -> None:
    draft = make.draft(items=[make.item(packages_marks=mark) for mark in "ABC"])
    act(services.save_fields, draft, fields={"items[2].net_mass": "x"})
    act(services.remove_item, draft, item=1)
    assert list(draft.items.values_list("number", "packages_marks")) == [(1, "A"), (2, "C")]
    draft.refresh_from_db()
    assert draft.held == {"items[1].net_mass": "x"}
    added = act(services.add_item, draft)
    assert (added.number, added.extended_procedure, added.commodity_code) == (3, "4000", "")
    twin = act(services.copy_item, draft, item=0)
    assert (twin.number, twin.packages_marks, twin.documents.count()) == (4, "A", 2)


def test_documents_and_parts_come_and_go() -> None:
    draft = make.draft()
    act(services.remove_document, draft, item=0, document=0)
    act(services.add_document, draft, item=0)
    assert list(draft.items.get().documents.values_list("position", "code")) == [(1, "730"), (2, "")]
    for part, related in (("containers", "containers"), ("previous", "previousdeclarations"),
                          ("suppliers", "supplierinvoices")):  # fmt: skip
        act(services.add_part, draft, part=part)
        act(services.add_part, draft, part=part)
        act(services.remove_part, draft, part=part, place=0)
        assert list(getattr(draft, related).values_list("position", flat=True)) == [1]


@pytest.mark.parametrize(
    ("verb", "arguments"),
    [
        (services.remove_item, {"item": 5}),
        (services.copy_item, {"item": 5}),
        (services.add_document, {"item": 5}),
        (services.remove_document, {"item": 0, "document": 5}),
        (services.remove_part, {"part": "containers", "place": 0}),
    ],
)
def test_a_row_that_is_not_there_is_named(verb: Any, arguments: dict[str, Any]) -> None:
    with pytest.raises(Rejected) as refused:
        act(verb, make.draft(), **arguments)
    assert refused.value.violations[0].code == "S005"


def test_there_are_999_items_at_the_most() -> None:
    draft = make.draft(items=[make.item(documents=[])] * 999)
    with pytest.raises(Rejected):
        act(services.add_item, draft)
    with pytest.raises(Rejected):
        act(services.copy_item, draft, item=0)
