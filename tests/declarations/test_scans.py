"""Scans: bound to lines of box 44, checked for viruses, drawn, looked at, and asked for by the law."""

import hashlib
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from declarations import facts, services
from declarations.forms.left_out import left_out
from declarations.forms.papers import named_scans
from declarations.models import Declaration, FileView, StoredFile
from declarations.selectors import as_dict, unbound_scans
from declarations.services import scans as verbs
from declarations.views import phone
from lib import clamd
from lib.violations import Conflict, Rejected
from tariffs.models import LegalAct, ScanRule
from tests import make
from tests.conftest import client_of
from tests.scans import JPEG, PDF, PNG, picture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def sent(draft: Declaration, name: str = "a.jpg", content: bytes = JPEG, **more: Any) -> StoredFile:
    return services.receive_file(draft, name=name, content=content, by=make.trader(), at=make.AT, **more)


def lines(draft: Declaration, code: str) -> list[str]:
    items = as_dict(Declaration.objects.get(pk=draft.pk))["items"]
    return [paper["key"] for item in items for paper in item["documents"] if paper["code"] == code]


def named(draft: Declaration) -> list[list[str]]:
    items = as_dict(Declaration.objects.get(pk=draft.pk))["items"]
    return [named_scans(paper) for item in items for paper in item["documents"]]


def two_items() -> Declaration:
    return make.draft(items=[make.item(), make.item(commodity_code="0902300009")])


def who() -> dict[str, Any]:
    return {"by": make.trader(), "at": make.AT}


def test_one_scan_proves_lines_of_several_items_and_a_line_has_several_scans() -> None:
    draft = two_items()
    code = as_dict(draft)["items"][0]["documents"][0]["code"]
    first, second = sent(draft), sent(draft, "b.png", PNG)
    for scan in (first, second, first):
        services.bind_scan(draft, scan, lines=lines(draft, code), **who())
    both = [str(first.public_id), str(second.public_id)]
    assert named(draft)[0] == both
    assert named(draft).count(both) == 2
    assert unbound_scans(draft, as_dict(Declaration.objects.get(pk=draft.pk))) == []
    draft = services.save_draft(draft, data=as_dict(Declaration.objects.get(pk=draft.pk)), **who())
    assert named(draft)[0] == both
    services.unbind_scan(draft, first, lines=lines(draft, code)[:1], **who())
    assert named(draft)[0] == both[1:]
    services.drop_scan(draft, second, **who())
    assert [each for each in named(draft) if each] == [both[:1]]
    assert not StoredFile.objects.filter(pk=second.pk).exists()


def test_scans_of_papers_that_hold_go_with_a_copy_and_live_on_their_own(monkeypatch: Any) -> None:
    invoice, lasting = named_types()
    papers = [{"code": code, "reference": "7", "date": "2026-11-01"} for code in (invoice, lasting, lasting)]
    draft = make.draft(items=[make.item(documents=papers), make.item(documents=papers[1:2])])
    first, second = sent(draft), sent(draft, "b.png", picture(colour="red"))
    monkeypatch.setattr(clamd, "is_configured", lambda: True)
    monkeypatch.setattr(clamd, "look", lambda content: "Eicar")
    infected = sent(draft, "c.pdf", PDF)
    lasting_lines = lines(draft, lasting)
    for scan in (second, first):
        services.bind_scan(draft, scan, lines=lasting_lines[1:], **who())
    services.bind_scan(draft, infected, lines=[*lasting_lines[:1], *lines(draft, invoice)], **who())
    assert verbs.check_file(infected.pk, at=make.AT)
    earlier = Declaration.objects.get(pk=draft.pk)
    made = services.copy(earlier, declarant=earlier.declarant, **who())
    copies = {scan.sha256: scan for scan in made.files.all()}
    both = [str(copies[scan.sha256].public_id) for scan in (second, first)]
    assert named(made) == [[], both, both]
    assert stayed(made) == [("scan_unsafe", "items[0].documents[1]", "c.pdf", "1")]
    Path(first.file.path).unlink()
    again = services.copy(earlier, declarant=earlier.declarant, **who())
    assert [len(names) for names in named(again)] == [0, 1, 1], "what is no longer there does not stop the copy"
    assert stayed(again)[1:] == [("scan_missing", "items[0].documents[2]", "a.jpg", "1-2")]
    page = client_of(make.trader()).get(reverse("declaration_begun", args=[again.public_id])).content.decode()
    assert "A virus was found in the file. Send another one." in page
    assert "The file is no longer there. Send it again." in page
    services.discard_draft(earlier, **who())
    with copies[second.sha256].file.open("rb") as file:
        assert hashlib.sha256(file.read()).hexdigest() == second.sha256
    other = services.copy(made, declarant=make.company("020000002"), **who())
    assert other.files.count() == 0
    assert [reason for reason, *_rest in stayed(other)] == ["scan_of_another"] * 2


def stayed(draft: Declaration) -> list[tuple[str, str, str, str]]:
    """The scans that did not go with the copy, as the page and a program are told."""
    rows = left_out(Declaration.objects.get(pk=draft.pk).beginning, on=make.ON)
    return [(row.reason, row.pointer, row.text, row.items) for row in rows if row.reason.startswith("scan")]


def named_types() -> tuple[str, str]:
    """Codes of an invoice and of a paper that holds for more than one consignment."""
    types = facts.document_types(on=make.ON)
    lasting = next(
        code for code, one in types.items()
        if not (one.is_invoice or one.is_transport or one.one_consignment) and one.valid_days is None
    )  # fmt: skip
    return next(code for code, one in types.items() if one.is_invoice), lasting


def test_a_line_that_is_gone_is_told_and_nothing_is_bound() -> None:
    draft = two_items()
    with pytest.raises(Conflict) as gone:
        services.bind_scan(draft, sent(draft), lines=["rnone"], **who())
    assert gone.value.violations[0].code == "F094"


# The virus check ----------------------------------------------------------------------------------------------
def test_a_file_waits_until_it_is_checked_and_what_is_found_is_kept_aside(
    settings: Any, monkeypatch: pytest.MonkeyPatch, as_trader: Client, announced: list[tuple[str, int]]
) -> None:
    settings.CLAMD_URL = "tcp://127.0.0.1:1"
    draft = two_items()
    clean, ill = sent(draft), sent(draft, "b.png", PNG)
    services.bind_scan(draft, ill, lines=lines(draft, as_dict(draft)["items"][0]["documents"][0]["code"]), **who())
    assert clean.safety == StoredFile.Safety.WAITING
    assert verbs.check_waiting(at=make.AT) == 0  # nobody answers: they wait on
    assert as_trader.get(reverse("file", args=[clean.public_id])).status_code == 409
    assert as_trader.get(reverse("file_page", args=[clean.public_id, 1])).status_code == 200
    verdicts = iter(["", "Eicar"])
    monkeypatch.setattr(clamd, "look", lambda _content: next(verdicts))
    assert verbs.check_waiting(at=make.AT) == 2
    clean.refresh_from_db()
    ill.refresh_from_db()
    assert (clean.safety, ill.safety, ill.found) == ("clean", "found", "Eicar")
    assert as_trader.get(reverse("file", args=[clean.public_id])).status_code == 200
    for door, *more in (("file",), ("file_view",), ("file_page", 1)):
        assert as_trader.get(reverse(door, args=[ill.public_id, *more])).status_code == 409
    assert "D141" in {fault.code for fault in services.check(Declaration.objects.get(pk=draft.pk), on=make.ON)}
    with pytest.raises(Rejected) as aside:
        services.bind_scan(draft, ill, lines=[], **who())
    assert aside.value.violations[0].code == "F090"


# The law ------------------------------------------------------------------------------------------------------
def test_the_law_asks_for_a_scan_and_lodging_says_which_line_lacks_it() -> None:
    draft = two_items()
    code = as_dict(draft)["items"][0]["documents"][0]["code"]
    make.other_law(ScanRule.objects.filter(document_code="MVD"), document_code=code, procedure="4000")
    assert LegalAct.objects.exists()
    faults = [fault for fault in services.check(draft, on=make.ON) if fault.code == "D140"]
    assert [fault.pointer for fault in faults] == ["items[0].documents[0].file", "items[1].documents[0].file"]
    services.bind_scan(draft, sent(draft), lines=lines(draft, code), **who())
    assert "D140" not in {fault.code for fault in services.check(Declaration.objects.get(pk=draft.pk), on=make.ON)}


# Doors --------------------------------------------------------------------------------------------------------
def test_many_files_are_sent_each_by_itself_and_repeated_ones_are_there_once(as_trader: Client) -> None:
    draft = two_items()
    address = reverse("declaration_scans", args=[draft.public_id])

    def send(name: str, content: bytes, key: str, **more: str) -> Any:
        return as_trader.post(address, {"file": SimpleUploadedFile(name, content), "key": key, **more})

    assert send("a.jpg", JPEG, "k1").status_code == 201
    bad = send("b.exe", b"MZ\x90\x00", "k2")
    assert (bad.status_code, bad.json()["violations"][0]["code"]) == (422, "F003")
    assert send("a.jpg", JPEG, "k1").json()["id"] == str(draft.files.get().public_id)
    line = f"items[{as_dict(draft)['items'][0]['key']}].documents[{as_dict(draft)['items'][0]['documents'][0]['key']}]"
    assert send("c.png", PNG, "k3", line=line).status_code == 201
    assert as_trader.get(address).json() == {"scans": 2, "waiting": 0, "aside": 0}
    page = as_trader.get(reverse("declaration_section", args=[draft.public_id, "documents"])).content.decode()
    assert page.count('data-drag-scan="') == 1
    assert client_of(make.stranger()).get(address).status_code == 404


def test_a_phone_sends_by_a_link_that_ends_with_time_and_with_the_draft(as_trader: Client, monkeypatch: Any) -> None:
    draft = two_items()
    shown = as_trader.post(reverse("declaration_phone", args=[draft.public_id])).content.decode()
    assert "<svg" in shown
    address = "/scan/" + shown.split("/scan/")[1].split('"')[0]
    somebody = Client()
    assert somebody.get(address).status_code == 200
    taken = picture("JPEG", (900, 600))
    sends = {"file": SimpleUploadedFile("photo-1.jpg", taken), "key": "p1"}
    assert somebody.post(address, sends, headers={"accept": "application/json"}).status_code == 201
    assert draft.files.get().by == make.trader()
    plain = somebody.post(address, {"file": SimpleUploadedFile("a.heic", b"\x00\x00\x00\x18ftypheic")})
    assert plain.status_code == 422
    assert somebody.get(address[:-3] + "x/").status_code == 410
    monkeypatch.setattr(phone, "GOOD_FOR", timedelta(minutes=-1))
    assert somebody.get(address).status_code == 410
    monkeypatch.undo()
    services.discard_draft(draft, **who())
    assert somebody.get(address).status_code == 410


def test_a_link_for_a_phone_is_ended_by_the_one_who_made_it_and_by_the_lodging(as_trader: Client) -> None:
    draft, phone_of = two_items(), Client()

    def made(client: Client) -> str:
        shown = client.post(reverse("declaration_phone", args=[draft.public_id])).content.decode()
        return "/scan/" + shown.split("/scan/")[1].split('"')[0]

    colleague = client_of(make.colleague())
    mine, also_mine, theirs = made(as_trader), made(as_trader), made(colleague)
    end = reverse("declaration_phone_end", args=[draft.public_id])
    assert client_of(make.stranger()).post(end).status_code == 404
    assert as_trader.post(end).status_code == 200
    assert [phone_of.get(each).status_code for each in (mine, also_mine, theirs)] == [410, 410, 200]
    assert "This link has ended" in phone_of.get(mine).content.decode()
    sends = {"file": SimpleUploadedFile("photo-1.jpg", JPEG), "key": "p1"}
    told = phone_of.post(mine, sends, headers={"accept": "application/json"})
    assert (told.status_code, told.json()["violations"][0]["code"]) == (410, "F093")
    again = made(as_trader)
    assert [phone_of.get(each).status_code for each in (mine, again)] == [410, 200]
    services.lodge(draft, on=make.ON, **who())
    assert [phone_of.get(each).status_code for each in (again, theirs)] == [410, 410]


def test_pages_are_drawn_once_and_each_look_of_customs_is_written_down(
    as_trader: Client, as_officer: Client, follow_ups: Any
) -> None:
    draft = two_items()
    with follow_ups():
        scan = sent(draft, "invoice.pdf", PDF)
    lodged = services.lodge(draft, on=make.ON, **who())
    page = reverse("file_page", args=[scan.public_id, 1])
    for _again in range(2):
        answer = as_officer.get(page)
        assert answer.status_code == 200
        assert max(Image.open(io.BytesIO(b"".join(answer.streaming_content))).size) == 2000  # type: ignore[attr-defined]
    assert [(look.by.email, look.what) for look in FileView.objects.all()] == [(make.officer().email, "pages")]
    assert as_officer.get(reverse("file_page", args=[scan.public_id, 2])).status_code == 404
    assert client_of(make.stranger()).get(page).status_code == 404
    verbs.throw_away_pages(at=make.AT.replace(year=make.AT.year + 1))
    with follow_ups():
        assert as_officer.get(page).status_code == 202
    assert as_officer.get(page).status_code == 200
    view = as_officer.get(reverse("file_view", args=[scan.public_id]), {"page": "9", "turn": "450", "zoom": "x"})
    assert 'scan-alone--100 scan-alone--turn-90"' in view.content.decode()
    assert lodged.mrn in view.content.decode()
