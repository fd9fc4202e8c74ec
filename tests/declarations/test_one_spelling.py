"""A code is one, however its letters were typed, and by whichever door it came."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from clearance import selectors as clearance
from declarations import selectors, services
from declarations.models import Declaration
from risk.rules import read
from tariffs.columns import LAW
from tests import make
from tests.machines import make as machines

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/declarations/"
WRITTEN, MEANT = "\u0421SQU 305438-3", "CSQU3054383"
CODES = {"export_country": "\u0421N", "invoice_currency": "\u0415UR", "delivery_terms_code": "СIР", "border_mode": "٣"}
PLAIN = {"export_country": "CN", "invoice_currency": "EUR", "delivery_terms_code": "CIP", "border_mode": "3"}


def kept(declaration: Declaration) -> dict[str, Any]:
    return selectors.as_dict(Declaration.objects.get(pk=declaration.pk))


def machine() -> Client:
    return machines.own_door(make.trader())


def test_by_json_and_by_the_form(as_trader: Client) -> None:
    make.company(owner=make.trader())
    content = {**make.data(**CODES), "containers": [{"identity": WRITTEN}, {"identity": "csqu3054383"}]}
    answer = machine().post(ROOT, json.dumps(content), content_type="application/json").json()
    assert [row["identity"] for row in answer["containers"]] == [MEANT, MEANT]
    assert PLAIN.items() <= answer.items()
    draft = Declaration.objects.get(public_id=answer["id"])
    fields = {
        "containers[0].identity": "HUPB 012345-3",
        "departure_identity": "А123ВС 77",
        "items[0].origin_country": "СN",
    }
    assert as_trader.post(reverse("declaration_fields", args=[draft.public_id]), fields).status_code == 200
    now = kept(draft)
    assert (now["containers"][0]["identity"], now["departure_identity"]) == ("HUPB0123453", "A123BC 77")
    assert now["items"][0]["origin_country"] == "CN"
    assert "D032" not in {fault.code for fault in services.check(draft, on=make.ON)}
    for section in ("transport", "review"):
        assert as_trader.get(reverse("declaration_section", args=[draft.public_id, section])).status_code == 200


def test_a_letter_without_a_twin_is_held_and_named(as_trader: Client) -> None:
    draft = make.draft()
    address = reverse("declaration_fields", args=[draft.public_id])
    boxes = as_trader.post(address, {"export_country": "CЖ"}, headers={"accept": "application/json"}).json()["boxes"]
    assert "“Ж”, is a Cyrillic letter" in boxes["export_country"]["faults"][0]
    assert kept(draft)["held"] == {"export_country": "CЖ"}


def test_what_was_stored_before_is_judged_and_opens_no_error_page(as_trader: Client) -> None:
    draft = make.draft(container_flag=True, containers=[{"identity": MEANT}])
    draft.containers.update(identity="\u0421SQU3054383")
    assert "D032" in {fault.code for fault in services.check(draft, on=make.ON)}
    assert as_trader.get(reverse("declaration_section", args=[draft.public_id, "transport"])).status_code == 200


def test_by_xml() -> None:
    content = f"<ASYCUDA><Container><Container_identity>{WRITTEN}</Container_identity></Container></ASYCUDA>"
    make.company(owner=make.trader())
    made = machine().post(f"{ROOT}xml/", {"file": SimpleUploadedFile("a.xml", content.encode("utf-16"))}).json()
    assert [row["identity"] for row in made["containers"]] == [MEANT]


def test_an_mrn_and_a_tin_are_found_however_they_are_typed() -> None:
    lodged = make.lodged()
    typed = f" {lodged.mrn[:9].lower()}\u200b{lodged.mrn[9:].lower().replace('t', 'т')} "
    assert selectors.declaration_for(make.trader(), typed, on=make.ON) == lodged
    door = machine()
    assert [row["mrn"] for row in door.get(ROOT, {"mrn": typed}).json()["results"]] == [lodged.mrn]
    assert [row["mrn"] for row in door.get(ROOT, {"office": "тj01", "trader": "01 0000 001"}).json()["results"]] == [
        lodged.mrn
    ]
    filters = clearance.Filters(text=typed)
    assert list(clearance.declarations_list(make.trader(), filters, on=make.ON)) == [lodged]


def test_a_criterion_asks_in_the_spelling_that_declarations_have() -> None:
    [plate] = read([{"field": "header.departure_identity", "op": "=", "value": "а123вс 77"}], {})
    [code] = read([{"field": "item.commodity_code", "op": "=", "value": "0902 30 000 9, ０８０８"}], {})
    assert (plate.values, code.values) == (("A123BC 77",), ("0902300009", "0808"))


def test_a_cell_of_the_law_is_read_in_the_same_spelling() -> None:
    columns = LAW["measure"].by_name
    assert columns["origin"].read("СN") == "CN"
    assert columns["commodity"].read("0902 30 000 9") == "0902300009"
    assert columns["commodity"].read("٠٩٠٢") == "0902"
    with pytest.raises(ValueError, match="Cyrillic"):
        columns["origin"].read("ЖN")
