"""What a program does besides filing: contests fines, reads of audits, asks for more time, takes goods out of stock."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.utils import timezone

from clearance import services
from declarations.models import Declaration, Status, StockAccount, TermExtension
from declarations.services import stock_terms
from machines.kinds import Scope
from tests import make
from tests.clearance import auditing, correcting
from tests.clearance.test_outcomes import fined
from tests.declarations import stock_steps
from tests.declarations.stock_steps import account, in_warehouse
from tests.machines import make as machines
from tests.scans import PDF
from traders.models import Right

pytestmark = pytest.mark.django_db
DUE = timezone.localdate() + timedelta(days=60)
LONGER = DUE + timedelta(days=100)


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def door(*scopes: Scope, rights: tuple[Right, ...] = ()) -> Client:
    program, _client, _secret = machines.program("ERP", *rights)
    return machines.door(machines.token(program, *scopes))


def before_the_system(**changes: Any) -> StockAccount:
    return stock_steps.before_the_system(due=DUE, **changes)


def stranger() -> Client:
    return machines.own_door(make.stranger())


def sent(client: Client, address: str, **body: Any) -> tuple[int, Any]:
    answer = client.post(address, body, content_type="application/json")
    return answer.status_code, answer.json()


# Fines --------------------------------------------------------------------------------------------------------
def test_a_program_reads_a_fine_and_contests_it_once() -> None:
    case = correcting.at_moment("released")
    correcting.found(case)
    fine = fined(case)
    client, address = door(), f"/api/v1/declarations/{case.mrn}/fines/"
    (shown,) = client.get(address).json()
    assert (shown["status"], shown["amount"], shown["text"]) == ("standing", "250.0000", "Two cartons too many.")
    contest = f"{address}{fine.pk}/contest/"
    status, problem = sent(client, contest, reason=" ")
    assert (status, problem["pointer"]) == (422, "reason")
    assert sent(client, contest, reason="They were empty.")[1]["status"] == "contested"
    assert sent(client, contest, reason="Once more.")[1]["code"] == "S025"
    services.uphold_fine(fine, text="They were full.", by=correcting.second_officer(), at=make.AT)
    assert client.get(address).json()[0]["decision"] == "They were full."


def test_nobody_contests_a_fine_of_others_nor_one_under_another_number_nor_without_the_right() -> None:
    case = correcting.at_moment("released")
    correcting.found(case)
    fine = fined(case)
    other = make.lodged(lrn="other")
    for client, mrn in ((stranger(), case.mrn), (door(), other.mrn)):
        assert sent(client, f"/api/v1/declarations/{mrn}/fines/{fine.pk}/contest/", reason="Not mine.")[0] == 404
    assert stranger().get(f"/api/v1/declarations/{case.mrn}/fines/").status_code == 404
    reading = machines.door(machines.token(machines.program("Reader")[0], Scope.DECLARATIONS_READ))
    assert sent(reading, f"/api/v1/declarations/{case.mrn}/fines/{fine.pk}/contest/", reason="x")[0] == 403
    fine.refresh_from_db()
    assert fine.status == "standing"


# Audits -------------------------------------------------------------------------------------------------------
def test_a_program_reads_of_an_audit_once_its_company_is_told_and_the_conclusion_once_it_has_ended() -> None:
    auditing.released_blue()
    audit, lead, client = auditing.of_company(), auditing.auditor(), door()
    services.draw_files(audit, by=lead, at=auditing.THEN)

    def listed(by: Client = client) -> list[dict[str, Any]]:
        return list(by.get("/api/v1/audits/").json()["results"])

    address = f"/api/v1/audits/{audit.public_id}/"
    assert listed() == []
    assert client.get(f"{address}notice/").status_code == 404
    told: dict[str, Any] = {"text": "Have the contracts ready.", "visit_from": auditing.DUE, "visit_to": auditing.DUE}
    services.notify_company(audit, **told, by=lead, at=auditing.THEN)
    assert client.get(f"{address}notice/").status_code == 404, "not made yet"
    services.issue_audit_notice(audit.pk, at=auditing.THEN)
    (shown,) = listed()
    assert (shown["notice"], shown["conclusion"], shown["company"]) == ("Have the contracts ready.", "", make.TIN)
    paper = client.get(f"{address}notice/", headers={"accept-language": "ru"})
    assert b"".join(paper.streaming_content).startswith(b"%PDF")  # type: ignore[arg-type]
    assert paper["Content-Disposition"].endswith('-ru.pdf"')
    assert client.get(f"{address}report/").status_code == client.get(f"{address}other/").status_code == 404
    assert listed(stranger()) == []
    assert stranger().get(f"{address}notice/").status_code == 404


def test_what_an_audit_concludes_is_not_told_before_a_second_officer_has_closed_it() -> None:
    auditing.released_blue()
    audit, lead, client = auditing.of_company(), auditing.auditor(), door()
    services.draw_files(audit, by=lead, at=auditing.THEN)
    told: dict[str, Any] = {"text": "Have the contracts ready.", "visit_from": auditing.DUE, "visit_to": auditing.DUE}
    services.notify_company(audit, **told, by=lead, at=auditing.THEN)
    for part in audit.parts.all():
        services.plan_audit(part, officer=lead, scope=["value"], due=auditing.DUE, by=lead, at=auditing.THEN)
        services.begin_audit(part, by=lead, at=auditing.THEN)
        done = auditing.examined(part)
        services.conclude_audit(done, conclusion=auditing.CONCLUSION, by=lead, at=auditing.THEN)
    services.conclude_company_audit(audit, conclusion=auditing.CONCLUSION, by=lead, at=auditing.THEN)

    def conclusion() -> str:
        (row,) = client.get("/api/v1/audits/").json()["results"]
        return str(row["conclusion"])

    assert conclusion() == ""
    audit.refresh_from_db()
    services.confirm_company_audit(audit, by=auditing.second(), at=auditing.THEN)
    assert conclusion() == auditing.CONCLUSION


# Stock --------------------------------------------------------------------------------------------------------
def test_more_time_is_asked_for_with_papers_or_by_json() -> None:
    stock, client = before_the_system(), door()
    address = f"/api/v1/stock/{stock.pk}/"
    paper = SimpleUploadedFile("letter.pdf", PDF, "application/pdf")
    made = client.post(f"{address}more-time/", {"until": LONGER, "reason": "The buyer is late.", "papers": [paper]})
    assert made.status_code == 201, made.content
    asked = TermExtension.objects.get()
    assert [each.name for each in asked.papers.all()] == ["letter.pdf"]
    assert sent(client, f"{address}more-time/", until=str(LONGER), reason="Again.")[1]["code"] == "W005"
    (shown,) = client.get(address).json()["extensions"]
    assert (shown["id"], shown["status"], shown["granted_until"]) == (asked.pk, "asked", None)
    second = before_the_system(number=18)
    status, body = sent(client, f"/api/v1/stock/{second.pk}/more-time/", until=str(LONGER), reason="Late.")
    assert (status, body["until_wanted"]) == (201, str(LONGER))


@pytest.mark.parametrize(
    ("body", "status", "code", "pointer"),
    [
        ({"until": "31.01.2027", "reason": "x"}, 400, "H400", "until"),
        ({"until": str(LONGER)}, 400, "H400", "reason"),
        ({"until": str(DUE), "reason": "x"}, 422, "W007", "until"),
        ({"until": "2099-01-01", "reason": "x"}, 422, "W008", "until"),
    ],
)
def test_what_is_wrong_with_a_request_for_time_is_said_with_its_place(
    body: dict[str, str], status: int, code: str, pointer: str
) -> None:
    stock = before_the_system()
    told, problem = sent(door(), f"/api/v1/stock/{stock.pk}/more-time/", **body)
    assert (told, problem["code"], problem["pointer"]) == (status, code, pointer)
    assert not TermExtension.objects.exists()


def test_too_many_papers_are_refused_unread() -> None:
    stock = before_the_system()
    papers = [SimpleUploadedFile(f"{n}.pdf", PDF) for n in range(stock_terms.MOST_PAPERS + 1)]
    told = {"until": str(LONGER), "reason": "Late.", "papers": papers}
    assert door().post(f"/api/v1/stock/{stock.pk}/more-time/", told).json()["code"] == "W012"


def test_a_draft_takes_everything_out_of_an_account_under_the_procedure_that_is_named() -> None:
    stock = account(in_warehouse())
    client = door()
    address = f"/api/v1/stock/{stock.pk}/"
    procedures = client.get(address).json()["procedures"]
    assert procedures[0].startswith("4")
    status, draft = sent(client, f"{address}draw/", procedure=procedures[0])
    assert status == 201
    assert draft["items"][0]["extended_procedure"] == procedures[0]
    assert (draft["previous"][0]["mass"], draft["previous"][0]["number"]) == ("400", stock.number)
    assert Declaration.objects.get(public_id=draft["id"]).status == Status.DRAFT
    assert sent(client, f"{address}draw/")[1]["items"][0]["extended_procedure"] == procedures[0]
    status, problem = sent(client, f"{address}draw/", procedure="1000")
    assert (status, problem["code"], problem["pointer"]) == (422, "W046", "procedure")


def test_an_account_is_printed_for_a_program_and_a_key_that_fails_is_said() -> None:
    stock, client = account(in_warehouse()), door()
    assert client.get(f"/api/v1/stock/{stock.pk}/paper/").content.startswith(b"%PDF")
    with override_settings(SIGNING_FILE="/nowhere/key.p12"):
        failed = client.get(f"/api/v1/stock/{stock.pk}/paper/")
    assert (failed.status_code, failed.json()["code"]) == (503, "H503")


def test_stock_of_others_is_nothing_and_a_payer_asks_for_nothing() -> None:
    stock = before_the_system()
    for client, answer in ((stranger(), 404), (door(rights=(Right.PAYER,)), 403)):
        for verb in ("more-time", "draw"):
            status, _body = sent(client, f"/api/v1/stock/{stock.pk}/{verb}/", until=str(LONGER), reason="x")
            assert status == answer, verb
    assert stranger().get(f"/api/v1/stock/{stock.pk}/paper/").status_code == 404
