"""The desk of audits through the door: planned, worked on, answered by the trader, closed by a second officer."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import Role
from clearance.models import Audit, CompanyAudit
from tests import make
from tests.clearance import auditing
from tests.clearance.auditing import CONCLUSION, DUE, REASON, THEN
from tests.conftest import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now() -> Any:
    with time_machine.travel(THEN.astimezone(UTC) + timedelta(hours=1), tick=False):
        yield datetime.now(UTC)


def fresh(audit: Audit) -> Audit:
    return Audit.objects.get(pk=audit.pk)


def post(client: Client, audit: Audit, verb: str, **data: Any) -> int:
    return client.post(f"/audits/files/{audit.public_id}/{verb}/", data).status_code


def test_an_audit_from_desk_to_desk(django_assert_max_num_queries: Any) -> None:
    audit = auditing.opened()
    page = f"/audits/files/{audit.public_id}/"
    boss, officer, second = map(client_of, (make.supervisor(), auditing.auditor(), auditing.second()))
    with django_assert_max_num_queries(16):
        assert audit.mrn in boss.get("/audits/?held=free").content.decode()
    plan = {"plan-officer": auditing.auditor().pk, "plan-scope": ["value"], "plan-due": DUE.isoformat(),
            "plan-plan": "Ask the bank."}  # fmt: skip
    assert post(officer, audit, "plan", **plan) == 422
    assert post(boss, audit, "plan", **(plan | {"plan-scope": []})) == 422
    assert post(boss, audit, "plan", **plan) == 302
    assert post(officer, audit, "begin") == 302
    assert post(officer, audit, "ask", **{"ask-question": "Show the transfer.", "ask-due": DUE.isoformat()}) == 302
    trader = client_of(make.trader())
    assert "Show the transfer." in trader.get("/desk/").content.decode()
    declaration = audit.case.declaration.public_id
    shown = trader.get(f"/declarations/{declaration}/").content.decode()
    assert "Show the transfer." in shown
    assert "Ask the bank." not in shown
    query = audit.queries.get()
    answer = f"/declarations/{declaration}/answer/{query.pk}/"
    assert trader.post(answer, {"answer-text": "Here it is."}).status_code == 302
    assert "Here it is." in officer.get(page).content.decode()
    examination = audit.case.examinations.get()
    found = f"{page}found/{examination.pk}/"
    finding = {
        "finding-item_number": "1",
        "finding-code": "value",
        "finding-value": "9 000,50",
        "finding-text": "More.",
    }
    assert officer.post(found, finding | {"finding-item_number": "0"}).status_code == 422
    assert officer.post(found, finding).status_code == 302
    assert str(examination.findings.get().value) == "9000.5000"
    assert officer.post(f"{page}finish/{examination.pk}/", {}).status_code == 302
    body = officer.get(page).content.decode()
    assert "9,000.50" in body
    assert "Propose a correction" in body
    fine = {"fine-findings": [examination.findings.get().pk], "fine-amount": "250", "fine-legal_basis": "Art. 5",
            "fine-text": "More was paid."}  # fmt: skip
    assert officer.post(f"/queue/{declaration}/fine/", fine).status_code == 302
    assert post(officer, audit, "conclude", **{"conclude-conclusion": CONCLUSION}) == 302
    assert fresh(audit).has_assessment
    assert "250.00" in second.get(page).content.decode()
    assert post(officer, audit, "confirm") == 422
    assert post(second, audit, "confirm") == 302
    assert CONCLUSION in trader.get(f"/declarations/{declaration}/").content.decode()
    assert "Audits after release" in second.get(f"/queue/{declaration}/").content.decode()
    assert audit.mrn in second.get("/queue/search/?finding=value").content.decode()


def test_who_reads_and_who_does_not() -> None:
    audit = auditing.planned()
    page = f"/audits/files/{audit.public_id}/"
    reader = client_of(make.officer(Role.AUDITOR, None))
    body = reader.get(page).content.decode()
    assert "Ask for the transfer." in body
    assert "Begin the audit" not in body
    assert post(reader, audit, "begin") == 422
    elsewhere = client_of(make.supervisor("TJ02"))
    assert elsewhere.get(page).status_code == 404
    assert audit.mrn not in elsewhere.get("/audits/?state=all").content.decode()
    assert client_of(make.trader()).get(page).status_code == 404
    assert client_of(make.trader()).get("/audits/").status_code == 404
    assert 'id="audit-load"' in client_of(make.supervisor()).get("/queue/load/").content.decode()


def test_the_audit_of_a_company_through_the_door(django_assert_max_num_queries: Any) -> None:
    audit = auditing.opened()
    boss, lead = client_of(make.supervisor()), client_of(auditing.auditor())
    plan = {
        "tin": make.TIN, "office_code": make.OFFICE, "period_from": make.SINCE.isoformat(),
        "period_to": make.ON.isoformat(), "reason": REASON, "scope": ["value"], "lead": auditing.auditor().pk,
        "team": [auditing.second().pk], "by_value": "1", "by_lot": "1", "due": DUE.isoformat(),
    }  # fmt: skip
    assert boss.get("/audits/companies/new/").status_code == 200
    assert lead.get("/audits/companies/new/").status_code == 404
    assert boss.post("/audits/companies/new/", plan | {"tin": "000"}).status_code == 422
    assert boss.post("/audits/companies/new/", plan).status_code == 302
    made = CompanyAudit.objects.get()
    page = f"/audits/companies/{made.public_id}/"
    assert made.seed in boss.get(page).content.decode()
    assert lead.post(f"{page}draw/").status_code == 302
    with django_assert_max_num_queries(32):
        body = lead.get(f"{page}?again=1").content.decode()
    assert audit.mrn in body
    assert "the same frame, the same files" in body
    told = {"notify-text": "Contracts.", "notify-visit_from": DUE.isoformat(), "notify-visit_to": DUE.isoformat()}
    assert lead.post(f"{page}notify/", told | {"notify-text": ""}).status_code == 422
    assert lead.post(f"{page}notify/", told).status_code == 302
    assert made.number in boss.get("/audits/companies/").content.decode()
    assert made.number in client_of(make.trader()).get("/desk/").content.decode()
