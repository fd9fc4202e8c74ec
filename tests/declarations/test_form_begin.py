"""How a draft begins and how it ends: new with all that is known, copied, from a file; reviewed and lodged."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from declarations.models import Declaration, Status
from declarations.selectors import as_dict
from tariffs.models import Procedure
from tests import make
from tests.conftest import client_of

NEW, UPLOAD = reverse("declaration_new"), reverse("declaration_upload")
SMALL = b"""<?xml version="1.0"?><ASYCUDA><Identification><Type><Type_of_declaration>IM</Type_of_declaration>
<Declaration_gen_procedure_code>4</Declaration_gen_procedure_code></Type></Identification>
<Valuation><Weight><Gross_weight>12x</Gross_weight></Weight></Valuation><Moon><Phase>full</Phase></Moon>
<Item><Tarification><HScode><Commodity_code>0902300000</Commodity_code></HScode></Tarification></Item></ASYCUDA>"""


def begin(client: Client, procedure: str = "IM4", client_key: str = "") -> dict[str, Any]:
    form = client.get(NEW).context["form"]
    key = client_key or form.fields["client_key"].choices[0][0]
    answer = client.post(NEW, {"client_key": key, "procedure": procedure})
    assert answer.status_code == 302, answer.content.decode()
    return as_dict(Declaration.objects.latest("pk"))


def test_a_new_import_knows_the_trader_the_date_and_a_reference(as_trader: Client) -> None:
    made = begin(as_trader)
    assert made["declaration_type"] + made["general_procedure"] == "IM4"
    assert made["consignee_code"] == made["declarant_code"] == make.TIN
    assert "Rudaki" in made["consignee_name"]
    assert "exporter_code" not in made
    assert made["declaration_date"] == timezone.localdate().isoformat()
    assert made["destination_country"] == "TJ"
    assert made["items"][0]["extended_procedure"] == "4000"


def test_a_new_export_has_the_trader_as_exporter(as_trader: Client) -> None:
    made = begin(as_trader, "EX1")
    assert made["exporter_code"] == make.TIN
    assert "consignee_code" not in made
    assert made["items"][0]["extended_procedure"] == "1000"


def test_two_new_declarations_have_two_references(as_trader: Client) -> None:
    assert begin(as_trader)["lrn"] != begin(as_trader)["lrn"]


def test_office_and_currency_are_those_used_last(as_trader: Client) -> None:
    make.draft(office_code="TJ02", invoice_currency="EUR")
    made = begin(as_trader)
    assert (made["office_code"], made["invoice_currency"]) == ("TJ02", "EUR")


def test_a_broker_files_for_whom_a_mandate_is_in_force_and_for_nobody_else(trader: User) -> None:
    broker = make.broker()
    firm, client = make.company(make.BROKER_TIN), client_of(broker)
    assert len(client.get(NEW).context["clients"]) == 1
    mandate = make.mandate(principal=make.company(), agent=firm)
    choices = [client_.key for client_ in client.get(NEW).context["clients"]]
    assert choices == [f"{firm.pk}-{firm.pk}", f"{firm.pk}-{make.company().pk}"]
    made = begin(client, client_key=choices[1])
    assert (made["declarant_code"], made["consignee_code"]) == (make.BROKER_TIN, make.TIN)
    mandate.valid_to = timezone.localdate() - timedelta(days=1)
    mandate.save(update_fields=["valid_to"])
    assert client.post(NEW, {"client_key": choices[1], "procedure": "IM4"}).status_code == 422


def test_who_prepares_for_no_company_is_told_what_to_do(db: None) -> None:
    page = client_of(make.user("nobody@example.com")).get(NEW).content.decode()
    assert "Register your company" in page


def test_an_earlier_declaration_is_copied_with_a_reference_of_its_own(as_trader: Client) -> None:
    earlier = make.lodged()
    answer = as_trader.post(reverse("declaration_copy", args=[earlier.public_id]))
    made = Declaration.objects.latest("pk")
    assert answer["Location"] == reverse("declaration_begun", args=[made.public_id])
    assert (made.status, made.mrn) == (Status.DRAFT, "")
    assert made.lrn not in ("", earlier.lrn)
    goods = [{**item, "documents": []} for item in make.without_keys(as_dict(earlier)["items"])]
    assert make.without_keys(as_dict(made)["items"]) == goods
    said = as_trader.get(answer["Location"]).content.decode()
    assert "INV-17" in said
    assert "CMR-204" in said
    assert said.count("It belongs to the earlier consignment.") == 2


def test_an_earlier_declaration_is_found_to_be_copied(as_trader: Client) -> None:
    earlier, other = make.draft(), make.draft(exporter_name="Bursa Tekstil")
    copy = {each: reverse("declaration_copy", args=[each.public_id]) for each in (earlier, other)}
    page = as_trader.get(reverse("declaration_find"), {"text": "bursa"}).content.decode()
    assert (copy[other] in page, copy[earlier] in page) == (True, False)
    stranger = client_of(make.stranger()).get(reverse("declaration_find"), {"text": "bursa"}).content.decode()
    assert copy[other] not in stranger


def test_a_copy_is_held_against_the_law_of_today(as_trader: Client) -> None:
    papers = [{"code": "315", "reference": "C-1", "date": "2026-01-05"}]
    earlier = make.draft(items=[make.item(documents=papers, commodity_code="0902300099")])
    answer = as_trader.post(reverse("declaration_copy", args=[earlier.public_id]), follow=True)
    said = answer.content.decode()
    assert "Nothing: all papers still hold." in said
    assert "0902300099" in said  # there is no such line in the nomenclature
    right = make.draft(items=[make.item(documents=papers)], departure_identity=None, departure_nationality=None)
    answer = as_trader.post(reverse("declaration_copy", args=[right.public_id]))
    assert answer["Location"].rpartition("#")[0].endswith(("/edit/transport/", "/edit/documents/"))


# From a file --------------------------------------------------------------------------------------------------
def send(client: Client, content: bytes, name: str = "sad.xml") -> Any:
    return client.post(UPLOAD, {"file": SimpleUploadedFile(name, content, "text/xml")})


def test_a_file_becomes_a_draft_and_shows_what_it_kept_and_could_not_read(as_trader: Client) -> None:
    answer = send(as_trader, SMALL)
    made = Declaration.objects.latest("pk")
    assert answer["Location"] == reverse("declaration_uploaded", args=[made.public_id])
    page = as_trader.get(answer["Location"]).content.decode()
    assert "Moon" in page
    assert "full" in page
    assert "12x" in page
    assert made.files.get().kind == "xml"
    assert as_dict(made)["items"][0]["commodity_code"] == "0902300000"


BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><ASYCUDA>&c;</ASYCUDA>'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bomb.xml", BOMB),
        ("words.xml", b"Dear customs, please let me in."),
        ("cut.xml", b"<?xml version='1.0'?><ASYCUDA><Item>"),
        ("other.xml", b"<?xml version='1.0'?><invoice/>"),
        ("empty.xml", b""),
        ("sad.xml", b"%PDF-1.4\n"),
        ("sad.pdf", SMALL),
    ],
)
def test_a_file_that_is_none_is_refused_with_a_reason_and_makes_nothing(
    as_trader: Client, name: str, content: bytes
) -> None:
    answer = send(as_trader, content, name)
    assert answer.status_code == 422
    assert answer.context["violations"][0].sentence
    assert not Declaration.objects.exists()


def test_fifty_megabytes_are_refused(as_trader: Client) -> None:
    answer = send(as_trader, b"<?xml version='1.0'?><ASYCUDA>" + b" " * (50 * 1024 * 1024))
    assert answer.status_code == 422
    assert "too large" in answer.content.decode()


def test_without_a_file_one_is_asked_for_it(as_trader: Client) -> None:
    assert "Choose a file" in as_trader.post(UPLOAD, {}).content.decode()


def test_real_exports_become_drafts(as_trader: Client, shared_data: Path) -> None:
    for file in sorted((shared_data / "asycuda").glob("*.xml")):
        answer = send(as_trader, file.read_bytes(), file.name)
        assert answer.status_code == 302, file.name
        assert as_trader.get(answer["Location"]).status_code == 200
        made = Declaration.objects.latest("pk")
        for name in ("items", "documents", "review"):
            assert as_trader.get(reverse("declaration_section", args=[made.public_id, name])).status_code == 200


# Lodging ------------------------------------------------------------------------------------------------------
def lodge(client: Client, draft: Declaration, **fields: str) -> Any:
    return client.post(reverse("declaration_lodge", args=[draft.public_id]), fields)


def test_a_complete_draft_is_lodged_and_a_second_click_does_no_harm(as_trader: Client) -> None:
    draft = make.draft()
    for _click in range(2):
        answer = lodge(as_trader, draft, true_and_complete="1")
        assert answer["Location"] == reverse("declaration", args=[draft.public_id])
    draft.refresh_from_db()
    assert draft.status == Status.ASSESSED
    assert Declaration.objects.count() == 1


def test_it_is_not_lodged_before_one_says_it_is_true(as_trader: Client) -> None:
    draft = make.draft()
    answer = lodge(as_trader, draft)
    assert answer["Location"] == reverse("declaration_section", args=[draft.public_id, "review"])
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


def test_what_is_wrong_is_listed_with_the_way_to_its_box(as_trader: Client) -> None:
    draft = make.draft(office_code=None, items=[make.item(net_mass="12,5x")])
    assert lodge(as_trader, draft, true_and_complete="1")["Location"].endswith("/review/")
    page = as_trader.get(reverse("declaration_section", args=[draft.public_id, "review"]))
    ways = {fault.violation.pointer: fault.href for fault in page.context["faults"]}
    assert ways["office_code"] == reverse("declaration_section", args=[draft.public_id, "procedure"]) + "#office_code"
    assert ways["items[0].net_mass"] == reverse("declaration_item", args=[draft.public_id, 1]) + "#items-0-net_mass"
    item = as_trader.get(reverse("declaration_item", args=[draft.public_id, 1])).content.decode()
    assert 'id="items-0-net_mass"' in item
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


@pytest.mark.parametrize("changes", [{}, {"delivery_terms_place": "Khujand"}])
def test_a_reference_lodged_before_is_named_and_the_draft_stays(as_trader: Client, changes: dict[str, str]) -> None:
    first = make.lodged(lrn="SAME")
    second = make.draft(lrn="SAME", **changes)
    page = as_trader.post(
        reverse("declaration_lodge", args=[second.public_id]), {"true_and_complete": "1"}, follow=True
    ).content.decode()
    assert first.mrn in page
    assert "You can lodge" not in page, "the summary says what the gate would do"
    assert reverse("declaration_section", args=[second.public_id, "procedure"]) + "#lrn" in page
    second.refresh_from_db()
    assert second.status == Status.DRAFT


def test_the_sad_is_printed_for_its_company_and_not_for_a_stranger(
    as_trader: Client, as_stranger: Client, follow_ups: Callable[[], AbstractContextManager[None]]
) -> None:
    lodged, draft = make.lodged(), make.draft()
    for kind in ("sad", "notice"):
        with follow_ups():
            as_trader.get(reverse("declaration_paper", args=[lodged.public_id, kind]))
        answer = as_trader.get(reverse("declaration_paper", args=[lodged.public_id, kind]))
        assert b"".join(answer.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
        assert as_stranger.get(reverse("declaration_paper", args=[lodged.public_id, kind])).status_code == 404
    assert as_trader.get(reverse("declaration_paper", args=[draft.public_id, "notice"])).status_code == 404
    assert as_trader.get(reverse("declaration_paper", args=[draft.public_id, "poem"])).status_code == 404


def test_code_lists_are_in_the_readers_language(as_trader: Client) -> None:
    address = reverse("declaration_codes", args=["country"])
    assert ["KZ", "Kazakhstan"] in as_trader.get(address).json()["codes"]
    assert ["KZ", "Казахстан"] in as_trader.get(address, headers={"accept-language": "ru"}).json()["codes"]
    assert as_trader.get(reverse("declaration_codes", args=["users"])).status_code == 404


def test_every_beginning_offers_a_procedure_that_exists_and_belongs_to_box_1(as_trader: Client) -> None:
    on = timezone.localdate()
    form = as_trader.get(NEW).context["form"]
    offered = [code for code, _label in form.fields["procedure"].choices]
    assert "IM6" in offered
    for pair in offered:
        made = begin(as_trader, pair)
        found = Procedure.objects.on(on).get(code=made["items"][0]["extended_procedure"], is_national=False)
        assert found.general_procedure == pair


def test_a_country_without_a_procedure_is_not_asked_for_it(as_trader: Client) -> None:
    Procedure.objects.filter(general_procedure="IM5").delete()
    Procedure.objects.filter(code="6010").delete()
    form = as_trader.get(NEW).context["form"]
    assert "IM5" not in [code for code, _label in form.fields["procedure"].choices]
    assert begin(as_trader, "IM6")["items"][0]["extended_procedure"] == "6021"
