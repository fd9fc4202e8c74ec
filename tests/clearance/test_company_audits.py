"""The audit of a company: its seed recorded before the draw, its sample drawn again, told, concluded, closed by two."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from accounts.models import OfficerRole, Role
from accounts.services import end_role
from clearance import services
from clearance.models import Audit, Case, CompanyAudit
from clearance.selectors.audits import drawn_again, is_same_sample, notices_for, parts_of
from lib.violations import Rejected
from notifications import services as notifications
from payments.selectors import paper_of_books
from tests import make
from tests.clearance import auditing, correcting
from tests.clearance import make as clearance
from tests.clearance.auditing import CONCLUSION, THEN
from tests.conftest import client_of

pytestmark = pytest.mark.django_db
S = CompanyAudit.Status


def code(verb: Any) -> str:
    with pytest.raises(Rejected) as refusal:
        verb()
    return refusal.value.violations[0].code


def test_what_cannot_be_planned() -> None:
    assert code(lambda: auditing.of_company(period_to=make.SINCE - timedelta(days=1))) == "C111"
    assert code(lambda: auditing.of_company(by_value=0, by_lot=0)) == "C112"
    assert code(lambda: auditing.of_company(lead=make.officer(office="TJ02"))) == "C101"
    assert code(lambda: auditing.of_company(office_code="")) == "C004", "all offices take the whole country"
    empty = auditing.of_company()
    assert code(lambda: services.draw_files(empty, by=auditing.second(), at=THEN)) == "C113"
    assert code(lambda: services.draw_files(empty, by=auditing.auditor(), at=THEN)) == "C114"
    services.drop_company_audit(empty, reason=auditing.REASON, by=make.supervisor(), at=THEN)
    assert auditing.of_company().number.endswith("-0002"), "what was given up keeps its number and stays"


def test_the_sample_is_drawn_once_and_can_be_drawn_again_whatever_was_corrected_since() -> None:
    coming = auditing.released_blue()
    green = clearance.released(lrn="C-2")
    audit = auditing.of_company()
    seed = audit.seed
    assert (len(seed), audit.frame_hash) == (32, "")
    with pytest.raises(DatabaseError), transaction.atomic():
        CompanyAudit.objects.filter(pk=audit.pk).update(seed="0" * 32)
    drawn_at = auditing.AT  # before the correction below
    services.draw_files(audit, by=auditing.auditor(), at=drawn_at)
    assert code(lambda: services.draw_files(audit, by=auditing.auditor(), at=drawn_at)) == "C100"
    audit.refresh_from_db()
    parts = parts_of(audit)
    assert {part.mrn for part in parts} == {coming.mrn, green.mrn}
    assert Audit.objects.get(mrn=coming.mrn).status == Audit.Status.OPEN, "what was to come is opened, not doubled"
    correcting.by_trader(Case.objects.select_related("declaration").get(pk=green.pk), price="9000")
    again = drawn_again(audit)
    assert is_same_sample(audit, again, parts)
    assert code(lambda: services.leave_audit(parts[0], reason=auditing.REASON, by=make.supervisor(), at=THEN)) == "C107"


def test_from_the_notice_to_the_report() -> None:
    auditing.released_blue()
    audit = auditing.of_company()
    lead = auditing.auditor()
    services.draw_files(audit, by=lead, at=THEN)
    trader = make.trader()
    assert not notices_for(trader, on=make.ON).exists(), "nobody of the company knows before it is told"
    told = {"text": "Have the contracts ready.", "visit_from": auditing.DUE, "visit_to": auditing.DUE}
    services.notify_company(audit, **told, by=lead, at=THEN)
    services.issue_audit_notice(audit.pk, at=THEN)
    notifications.company_audit_notified(audit.pk, now=THEN)
    assert trader.messages.get(kind="audit").variant == "notice"
    conclude = {"conclusion": CONCLUSION, "by": lead, "at": THEN}
    assert code(lambda: services.conclude_company_audit(audit, **conclude)) == "C116"
    (part,) = parts_of(audit)
    services.plan_audit(part, officer=lead, scope=["value"], due=auditing.DUE, by=lead, at=THEN)
    services.begin_audit(part, by=lead, at=THEN)
    services.conclude_audit(auditing.examined(part), conclusion=CONCLUSION, by=lead, at=THEN)
    concluded = services.conclude_company_audit(audit, **conclude)
    assert code(lambda: services.confirm_company_audit(concluded, by=lead, at=THEN)) == "C109"
    closed = services.confirm_company_audit(concluded, by=auditing.second(), at=THEN)
    assert services.issue_audit_report(closed.pk, at=THEN) is not None
    with pytest.raises(DatabaseError), transaction.atomic():
        CompanyAudit.objects.filter(pk=audit.pk).update(conclusion="Other.")
    client = client_of(trader)
    shown = client.get("/audits/notices/").content.decode()
    assert CONCLUSION in shown
    assert auditing.REASON not in shown
    assert client.get(f"/audits/companies/{audit.public_id}/report.pdf").headers["Content-Type"] == "application/pdf"
    assert client.get(f"/audits/companies/{audit.public_id}/").status_code == 404
    assert client_of(make.stranger()).get(f"/audits/companies/{audit.public_id}/notice.pdf").status_code == 404
    assert paper_of_books("audit_report", audit.number) is not None


def test_an_audit_whose_lead_loses_the_role_says_so_until_a_supervisor_gives_it_to_another() -> None:
    audit, lead = auditing.of_company(), auditing.auditor()
    desk, said = client_of(make.supervisor()), "needs another lead"

    def shown() -> list[bool]:
        pages = (reverse("company_audits"), reverse("company_audit", args=[audit.public_id]))
        return [said in desk.get(page).content.decode() for page in pages]

    assert shown() == [False, False]
    role = OfficerRole.objects.get(user=lead)
    end_role(role, reason="moves on", by=make.officer(Role.ADMIN, None), on=make.ON, at=make.AT)
    assert shown() == [True, True]
    assert code(lambda: services.draw_files(audit, by=lead, at=THEN)) == "C101"
    services.give_company_audit(audit, lead=auditing.second(), due=auditing.DUE, by=make.supervisor(), at=THEN)
    assert shown() == [False, False]
