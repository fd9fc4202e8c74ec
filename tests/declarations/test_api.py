"""The machine door: drafts, lodging, files and history over HTTP; exact numbers; 404 for strangers."""

import json
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from clearance.models import Opening
from declarations.boxes import LEVELS
from declarations.models import Declaration, StoredFile
from tests import make
from tests.conftest import client_of
from tests.machines import make as machines
from tests.scans import PDF
from traders.models import Company

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/declarations/"


class Machine:
    """A program that calls the API with the token of a user."""

    def __init__(self, user: User) -> None:
        self.client = machines.own_door(user)

    def __call__(self, method: str, path: str, body: Any = None, *, kind: str = "application/json", **more: Any) -> Any:
        content = body if isinstance(body, bytes | str) else json.dumps(body)
        arguments = {} if body is None else {"data": content, "content_type": kind}
        return getattr(self.client, method)(f"{ROOT}{path}", **arguments, **more)

    def draft(self, **changes: Any) -> str:
        answer = self("post", "", make.data(**changes))
        assert answer.status_code == 201, answer.content
        return str(answer.json()["id"])


@pytest.fixture
def machine() -> Machine:
    return Machine(make.trader())


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def codes(answer: Any) -> list[tuple[str, str]]:
    return [(fault["code"], fault["pointer"]) for fault in answer.json()["violations"]]


# Who may come in ----------------------------------------------------------------------------------------------
def test_a_token_opens_the_door_and_nothing_else_does() -> None:
    make.trader()
    assert Client().get(ROOT).status_code == 401
    assert Client(headers={"authorization": "Bearer wrong"}).get(ROOT).status_code == 401
    assert Machine(make.trader())("get", "").status_code == 200


def test_a_stranger_meets_404_at_every_door(machine: Machine) -> None:
    key, stranger = machine.draft(), Machine(make.stranger())
    for method, path in (
        ("get", ""), ("put", ""), ("patch", ""), ("delete", ""), ("post", "lodge/"), ("post", "cancel/"),
        ("post", "amend/"), ("post", "copy/"), ("get", "charges/"), ("get", "events/"), ("get", "files/"),
        ("get", "violations/"), ("get", "preview/"),
    ):  # fmt: skip
        body = None if method in ("get", "delete") else {}
        assert stranger(method, f"{key}/{path}", body).status_code == 404, (method, path)
    assert machine("get", f"{key}/").status_code == 200


def test_an_officer_reads_a_lodged_declaration_and_writes_nothing(machine: Machine) -> None:
    key = machine("post", "lodge/", make.data()).json()["id"]
    officer = client_of(make.officer(Role.DOCUMENTARY))
    assert officer.get(f"{ROOT}{key}/").status_code == 200
    assert officer.post(f"{ROOT}{key}/cancel/", {"reason": "No."}, "application/json").status_code == 404
    assert codes(officer.post(ROOT, make.data(), "application/json")) == [("A002", "declarant_code")]
    assert Opening.objects.get().declaration.public_id == UUID(key), "that it was opened is written down"


# The draft ----------------------------------------------------------------------------------------------------
def test_a_draft_is_made_read_replaced_patched_and_thrown_away(machine: Machine) -> None:
    key = machine.draft(lrn="ONE")
    read = machine("get", f"{key}/").json()
    assert (read["status"], read["lrn"], read["source"], read["invoice_amount"]) == ("draft", "ONE", "api", "1200.00")
    replaced = machine("put", f"{key}/", {"lrn": "TWO"}).json()
    assert (replaced["lrn"], replaced["items"]) == ("TWO", [])
    patched = machine("patch", f"{key}/", {"items": [{"net_mass": "2.5"}]}).json()
    assert (patched["lrn"], make.without_keys(patched["items"])) == ("TWO", [{"net_mass": "2.5", "documents": []}])
    assert machine("delete", f"{key}/").status_code == 204
    assert machine("get", f"{key}/").status_code == 404


def test_what_is_read_may_be_sent_back_as_it_is(machine: Machine) -> None:
    key = machine.draft(items=[make.item(net_mass="12,5x")])
    read = machine("get", f"{key}/").json()
    assert read["held"] == {"items[0].net_mass": "12,5x"}
    again = machine("put", f"{key}/", read).json()
    assert again == read


def test_a_number_in_json_keeps_its_digits(machine: Machine) -> None:
    body = '{"invoice_amount": 1234567890123.4567, "items": [{"net_mass": 0.1, "item_price": 7}]}'
    made = machine("post", "", body).json()
    assert made["invoice_amount"] == "1234567890123.4567"
    assert (made["items"][0]["net_mass"], made["items"][0]["item_price"]) == ("0.1", "7.00")


@pytest.mark.parametrize(
    "body",
    ["{", "[]x", '{"invoice_amount": NaN}', "[" * 100_000, b"\xff\xfe{", '"text"', "[]", "null", "1"],
    ids=["open", "rest", "NaN", "deep", "bytes", "text", "list", "null", "number"],
)
def test_what_is_no_json_object_is_refused(machine: Machine, body: Any) -> None:
    answer = machine("post", "", body)
    assert answer.status_code in (400, 422)
    assert answer.json()["violations"]
    assert not Declaration.objects.exists()


def test_an_unknown_field_is_named(machine: Machine) -> None:
    answer = machine("post", "", {"items": [{"colour": "red"}], "\ud800": 1})
    assert answer.status_code == 422
    assert sorted(codes(answer)) == [("S001", ""), ("S001", "items[0].colour")]


def test_who_files_for_several_companies_names_the_one(machine: Machine) -> None:
    make.company("010000009", name="Second LLC", owner=make.trader())
    assert codes(machine("post", "", make.data())) == [("A001", "declarant_code")]
    assert machine("post", "", make.data(declarant_code="010000009")).status_code == 201
    assert codes(machine("post", "", make.data(declarant_code="999999999"))) == [("A002", "declarant_code")]


def test_a_copy_is_a_new_draft(machine: Machine) -> None:
    key = machine.draft()
    copied = machine("post", f"{key}/copy/").json()
    assert copied["id"] != key
    assert copied["source"] == "copy"


# The gate -----------------------------------------------------------------------------------------------------
def test_a_draft_is_judged_previewed_and_lodged(machine: Machine) -> None:
    key = machine.draft()
    assert machine("get", f"{key}/violations/").json() == {"violations": []}
    preview = machine("get", f"{key}/preview/").json()
    lodged = machine("post", f"{key}/lodge/")
    assert lodged.status_code == 201
    assert lodged.json()["status"] == "assessed"
    assert Decimal(lodged.json()["payable"]) == Decimal(preview["payable"])
    assert machine("post", f"{key}/lodge/").status_code == 200


def test_faults_are_named_with_code_pointer_and_sentence_and_nothing_is_lodged(machine: Machine) -> None:
    key = machine.draft(items=[make.item(net_mass="12,5x")], invoice_currency=None)
    for answer in (machine("post", f"{key}/lodge/"), machine("get", f"{key}/violations/")):
        assert ("D007", "items[0].net_mass") in codes(answer)
        assert ("D040", "invoice_currency") in codes(answer)
    assert machine("post", f"{key}/lodge/").status_code == 422
    assert machine("get", f"{key}/").json()["status"] == "draft"


def test_making_and_lodging_in_one_request_is_safe_to_repeat(machine: Machine) -> None:
    body = make.data(lrn="ONCE")
    first, second = machine("post", "lodge/", body), machine("post", "lodge/", body)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["mrn"] == second.json()["mrn"]
    assert first.json()["status"] == "assessed"
    assert Declaration.objects.count() == 1


def test_a_reference_used_for_other_content_is_told_and_nothing_is_made(machine: Machine) -> None:
    first = machine("post", "lodge/", make.data(lrn="ONCE")).json()
    answer = machine("post", "lodge/", make.data(lrn="ONCE", items=[make.item(net_mass="399")]))
    assert (answer.status_code, answer.json()["mrn"], answer.json()["id"]) == (409, first["mrn"], first["id"])
    assert codes(answer) == [("S018", "lrn")]
    draft = machine.draft(lrn="ONCE", items=[make.item(net_mass="399")])
    assert machine("post", f"{draft}/lodge/").status_code == 409
    assert ("S018", "lrn") in codes(machine("get", f"{draft}/violations/"))
    assert Declaration.objects.exclude(status="draft").count() == 1


def test_a_change_is_made_only_on_what_was_read_where_the_caller_says_so(machine: Machine) -> None:
    key = machine.draft()
    read = machine("get", f"{key}/").headers["ETag"]
    saved = machine("patch", f"{key}/", {"inland_mode": "2"}, headers={"If-Match": read})
    assert saved.status_code == 200
    for verb, address in (("put", f"{key}/"), ("patch", f"{key}/"), ("delete", f"{key}/"), ("post", f"{key}/lodge/")):
        answer = machine(verb, address, {"lrn": "LATE"}, headers={"If-Match": read})
        assert (answer.status_code, codes(answer)) == (412, [("S017", "")]), verb
    assert machine("get", f"{key}/").json()["lrn"] != "LATE"
    now = saved.headers["ETag"]
    assert machine("patch", f"{key}/", {"inland_mode": "3"}, headers={"If-Match": now}).status_code == 200
    assert machine("delete", f"{key}/", headers={"If-Match": "*"}).status_code == 204


def test_a_row_sent_back_with_its_key_stays_the_same_row(machine: Machine) -> None:
    key = machine.draft(items=[make.item(), make.item(), make.item()])
    items = machine("get", f"{key}/").json()["items"]
    kept = machine("patch", f"{key}/", {"items": [items[2], make.item(), items[0], items[0]]}).json()["items"]
    assert [kept[0]["key"], kept[2]["key"]] == [items[2]["key"], items[0]["key"]]
    assert len({item["key"] for item in kept}) == 4
    assert kept[0]["documents"][0]["key"] == items[2]["documents"][0]["key"]


def test_a_json_number_has_one_reading_and_a_text_with_two_is_held(machine: Machine) -> None:
    body = json.dumps(make.data(invoice_amount="1.000", items=[make.item(net_mass="NET", gross_mass="1,250")]))
    body = body.replace('"NET"', "3.125").replace('"40"', "4e1")
    made = machine("post", "", body).json()
    assert made["held"] == {"invoice_amount": "1.000", "items[0].gross_mass": "1,250"}
    assert (made["items"][0]["net_mass"], made["items"][0]["packages_number"]) == ("3.1250", "40")
    again = machine("put", f"{made['id']}/", made).json()
    assert again["held"] == made["held"]
    assert make.without_keys(again["items"]) == make.without_keys(made["items"])


def test_lodging_in_one_request_keeps_a_small_number_of_queries(machine: Machine) -> None:
    machine("post", "lodge/", make.data())
    with CaptureQueriesContext(connection) as captured:
        machine("post", "lodge/", make.data(items=[make.item() for _item in range(30)]))
    assert len(captured) <= 33, "the row of the outbox is one of them"


def test_the_sentences_come_in_the_language_that_is_asked_for(machine: Machine) -> None:
    machine.client.defaults["HTTP_ACCEPT_LANGUAGE"] = "ru"
    answer = machine("post", "lodge/", make.data(lrn=None))
    assert answer.headers["Content-Language"] == "ru"


# After the gate -----------------------------------------------------------------------------------------------
@pytest.fixture
def lodged(machine: Machine) -> dict[str, Any]:
    answer: dict[str, Any] = machine("post", "lodge/", make.data()).json()
    return answer


def test_charges_and_history_are_read_by_id_and_by_mrn(machine: Machine, lodged: dict[str, Any]) -> None:
    for key in (lodged["id"], lodged["mrn"]):
        charges = machine("get", f"{key}/charges/").json()
        assert [charge["tax_code"] for charge in charges] == ["DUTY", "VAT", "FEE"]
        assert [charge["item"] for charge in charges] == [1, 1, None]
        assert [event["verb"] for event in machine("get", f"{key}/events/").json()] == ["lodge", "assess"]


def test_a_declaration_is_cancelled_with_a_reason(machine: Machine, lodged: dict[str, Any]) -> None:
    assert codes(machine("post", f"{lodged['id']}/cancel/", {})) == [("S013", "reason")]
    assert machine("post", f"{lodged['id']}/cancel/", {"reason": "Sent back."}).json()["status"] == "cancelled"
    assert codes(machine("post", f"{lodged['id']}/cancel/", {"reason": "Again."})) == [("S011", "")]


def test_an_amendment_is_the_next_version(machine: Machine, lodged: dict[str, Any]) -> None:
    body = {**machine("get", f"{lodged['id']}/").json(), "reason": "Typing error.", "location_of_goods": "Terminal"}
    amended = machine("post", f"{lodged['id']}/amend/", body).json()
    assert (amended["mrn"], amended["version"], amended["location_of_goods"]) == (lodged["mrn"], 2, "Terminal")
    assert machine("get", f"{lodged['mrn']}/").json()["id"] == amended["id"]


# The list -----------------------------------------------------------------------------------------------------
def test_the_list_is_narrowed_by_status_reference_and_dates(machine: Machine, lodged: dict[str, Any]) -> None:
    draft = machine.draft(lrn="D-1")
    today = timezone.localdate().isoformat()

    def ids(query: str) -> list[str]:
        return [row["id"] for row in machine("get", f"?{query}").json()["results"]]

    assert ids("") == [draft, lodged["id"]]
    assert ids("status=draft") == [draft]
    assert ids("lrn=D-1") == [draft]
    assert ids(f"mrn={lodged['mrn'].lower()}") == [lodged["id"]]
    assert ids(f"lodged_from={today}&lodged_to={today}") == [lodged["id"]]
    assert ids("lodged_to=2020-01-01") == []


@pytest.mark.parametrize("query", ["status=odd", "lodged_from=yesterday", "cursor=zzz"])
def test_a_filter_that_cannot_be_read_is_refused(machine: Machine, query: str) -> None:
    assert machine("get", f"?{query}").status_code in (400, 404)


def test_the_list_costs_the_same_queries_however_long_it_is(machine: Machine) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert machine("get", "").status_code == 200
        return len(captured)

    machine.draft()
    before = queries()
    for _more in range(5):
        machine.draft(items=[make.item(), make.item()])
    assert queries() == before


# Files --------------------------------------------------------------------------------------------------------
def upload(machine: Machine, path: str, name: str, content: bytes) -> Any:
    return machine.client.post(f"{ROOT}{path}", data={"file": SimpleUploadedFile(name, content)})


def test_a_file_is_attached_and_listed_and_a_liar_is_refused(machine: Machine) -> None:
    key = machine.draft()
    stored = upload(machine, f"{key}/files/", "invoice.pdf", PDF)
    assert stored.status_code == 201
    assert machine("get", f"{key}/files/").json() == [stored.json()]
    assert codes(upload(machine, f"{key}/files/", "invoice.pdf", b"MZ\x90\x00")) == [("F003", "file")]
    assert codes(machine.client.post(f"{ROOT}{key}/files/", data={})) == [("F001", "file")]


SAD = (
    b"<?xml version='1.0'?><ASYCUDA><Identification><Type><Type_of_declaration>IM</Type_of_declaration></Type>"
    b"</Identification><Declarant><Reference><Number>XML-1</Number></Reference></Declarant>"
    b"<Oddity>kept</Oddity></ASYCUDA>"
)


def test_an_asycuda_file_becomes_a_draft_with_what_has_no_box_listed(machine: Machine) -> None:
    answer = upload(machine, "xml/", "sad.xml", SAD)
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert (made["declaration_type"], made["lrn"], made["source"]) == ("IM", "XML-1", "xml")
    assert "kept" in json.dumps(made["kept"])
    stored = StoredFile.objects.get()
    assert (stored.kind, stored.size) == ("xml", len(SAD))


def test_an_asycuda_file_may_be_the_body_itself(machine: Machine) -> None:
    assert machine("post", "xml/", SAD, kind="application/xml").status_code == 201
    assert machine("post", "xml/", SAD, kind="text/xml").status_code == 201
    assert machine("post", "xml/", SAD, kind="text/plain").status_code == 415


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    b"<ASYCUDA><Declarant>&b;</Declarant></ASYCUDA>"
)


@pytest.mark.parametrize(
    "content",
    [b"", b"<?xml version='1.0'?><ASYCUDA>", b"not xml", BOMB, b"<?xml version='1.0'?><html/>", b"%PDF-1.7"],
    ids=["empty", "cut", "text", "bomb", "other", "pdf"],
)
def test_a_hostile_file_is_refused_and_makes_nothing(machine: Machine, content: bytes) -> None:
    answer = upload(machine, "xml/", "sad.xml", content)
    assert answer.status_code == 422, answer.content
    assert answer.json()["violations"]
    assert not Declaration.objects.exists()


# The schema ---------------------------------------------------------------------------------------------------
@pytest.fixture
def schema() -> dict[str, Any]:
    answer = Client().get("/api/schema/?format=json", headers={"accept": "application/vnd.oai.openapi+json"})
    loaded: dict[str, Any] = json.loads(answer.content)
    return loaded


def test_the_schema_shows_every_box_with_its_number_and_label(schema: dict[str, Any]) -> None:
    parts = {
        "header": "DeclarationContent", "item": "DeclarationItem", "document": "DeclarationDocument",
        "container": "DeclarationContainer", "previous": "DeclarationPrevious", "supplier": "DeclarationSupplier",
    }  # fmt: skip
    for level, name in parts.items():
        fields = schema["components"]["schemas"][name]["properties"]
        for box in LEVELS[level]:
            assert fields[box.field]["description"].startswith(f"{box.label}. SAD box {box.box}.")


def test_the_page_about_the_api_opens_under_the_policy_of_all_pages() -> None:
    docs = Client().get("/api/docs/")
    assert docs.status_code == 200
    assert "script-src 'self'" in docs["Content-Security-Policy"]
    assert "'unsafe-inline'" not in docs["Content-Security-Policy"]


def test_every_door_of_declarations_is_in_the_schema(schema: dict[str, Any]) -> None:
    paths = {path.removeprefix(ROOT) for path in schema["paths"] if path.startswith(ROOT)}
    assert {"", "lodge/", "xml/", "{id}/", "{id}/lodge/", "{id}/charges/", "{id}/events/", "{id}/cancel/"} <= paths


def test_a_company_that_is_closed_files_nothing(machine: Machine) -> None:
    Company.objects.update(is_active=False)
    assert codes(machine("post", "lodge/", make.data())) == [("A002", "declarant_code")]


@pytest.mark.parametrize(
    ("language", "asked", "said"),
    [("ru", None, "Укажите причину"), ("", None, ""), ("ru", "en", "Give the reason."), ("tg", None, "Сабаб")],
)
def test_a_program_is_answered_in_the_language_of_its_person(language: str, asked: str | None, said: str) -> None:
    person = make.trader()
    person.language = language
    person.save(update_fields=["language"])
    headers = {"Authorization": f"Bearer {machines.own_token(person)}"} | ({"Accept-Language": asked} if asked else {})
    address = reverse("api-declaration-cancel", args=[make.assessed().public_id])
    refused = Client().post(address, {"reason": " "}, content_type="application/json", headers=headers)
    assert refused.status_code == 422
    assert said in refused.json()["violations"][0]["sentence"]
