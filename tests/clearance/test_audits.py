"""Audits after release: opened on their day, planned, worked on, and closed by a second person after an assessment."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from accounts.models import OfficerRole, Role
from accounts.services import end_role
from clearance import services
from clearance.models import Audit, AuditStep, Case, Examination
from clearance.selectors import unsettled
from clearance.selectors.audits import audits_seen, effects_of, items_valued, values_beside
from clearance.selectors.people import powers_of
from clearance.services import corrections
from clearance.services.audits.opening import await_audit, free_audits, open_due
from declarations.models import Declaration
from lib.violations import Rejected
from notifications import services as notifications
from notifications.models import Message
from risk.models import Outcome, ValueGeneration, ValueRow
from risk.models.value import FIGURES
from tests import make
from tests.clearance import auditing, correcting
from tests.clearance import make as clearance
from tests.clearance.auditing import CONCLUSION, DUE, REASON, THEN
from tests.conftest import client_of

pytestmark = pytest.mark.django_db
S = Audit.Status


def code(verb: Any) -> str:
    with pytest.raises(Rejected) as refusal:
        verb()
    return refusal.value.violations[0].code


def test_a_file_released_blue_is_audited_once_after_its_delay() -> None:
    case = auditing.released_blue()
    audit = Audit.objects.get(mrn=case.mrn)
    assert (audit.status, audit.opens_on) == (S.WAITING, make.ON + auditing.DELAY)
    day_before = THEN - timedelta(days=1)
    assert open_due(at=day_before, limit=10) == 0
    assert [open_due(at=THEN, limit=10) for _again in range(2)] == [1, 0]
    audit.refresh_from_db()
    assert (audit.status, audit.opened_at) == (S.OPEN, THEN)
    assert await_audit(case, at=THEN) == audit, "a second message makes no second audit"
    assert not Audit.objects.filter(case=clearance.released()).exists(), "green is not audited"


def test_what_was_released_without_an_audit_to_come_is_found_by_the_sweep() -> None:
    case = clearance.paid("blue")
    services.release_if_clear(case.declaration_id, at=auditing.AT)
    assert not Audit.objects.exists(), "the country has no term"
    auditing.term()
    assert open_due(at=auditing.AT + timedelta(hours=1), limit=10) == 0
    assert Audit.objects.get(mrn=case.mrn).status == S.WAITING


def test_an_audit_in_order_is_closed_by_its_officer_and_the_trader_is_told() -> None:
    audit = auditing.underway()
    assert code(lambda: services.conclude_audit(audit, conclusion=CONCLUSION, by=auditing.auditor(), at=THEN)) == "C108"
    query = services.ask_in_audit(audit, question="Show the transfer.", due=DUE, by=auditing.auditor(), at=THEN)
    notifications.question_asked(query.pk, now=THEN)
    auditing.examined(audit)
    assert code(lambda: services.conclude_audit(audit, conclusion=CONCLUSION, by=auditing.auditor(), at=THEN)) == "C108"
    services.answer(query, text="Here it is.", files=[], by=make.trader(), at=THEN)
    notifications.question_answered(query.pk, now=THEN)
    closed = services.conclude_audit(audit, conclusion=CONCLUSION, by=auditing.auditor(), at=THEN)
    notifications.audit_closed(closed.pk, now=THEN)
    assert (closed.status, closed.found, closed.has_assessment) == (S.CLOSED, False, False)
    assert {"audit", "question"} <= set(make.trader().messages.values_list("kind", flat=True))
    assert Message.objects.filter(kind="answer", recipient=auditing.auditor()).exists()
    assert list(Outcome.objects.values_list("discrepancy", flat=True)) == [False], "flows back into the hit rates"
    with pytest.raises(DatabaseError), transaction.atomic():
        Audit.objects.filter(pk=closed.pk).update(conclusion="Other.")
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditStep.objects.filter(audit=closed).delete()


def test_an_assessment_is_that_of_the_correction_and_takes_a_second_officer() -> None:
    audit = auditing.examined(auditing.underway(), code="value")
    officer = auditing.auditor()
    assert code(lambda: services.conclude_audit(audit, conclusion=CONCLUSION, by=officer, at=THEN)) == "C108"
    proposal = corrections.propose(audit.case, findings=list(unsettled(audit.mrn)), by=officer, at=THEN)
    correcting.write(proposal, price="6000", by=officer)
    sent = corrections.send_proposal(proposal, reason="The transfer.", by=officer, at=THEN, on=make.ON)
    assert code(lambda: services.conclude_audit(audit, conclusion=CONCLUSION, by=officer, at=THEN)) == "C108"
    corrections.accept(sent, by=make.trader(), at=THEN, on=make.ON)
    newest = Declaration.objects.filter(mrn=audit.mrn).order_by("-version")[0]
    assert newest.version == 2, "the audit goes on upon the version that counts"
    concluded = services.conclude_audit(audit, conclusion=CONCLUSION, by=officer, at=THEN)
    assert (concluded.status, concluded.found, concluded.has_assessment) == (S.CONCLUDED, True, True)
    sent.refresh_from_db()
    effect = effects_of([concluded])[concluded.pk]
    assert (effect.findings, effect.duties, effect.fines) == (1, sent.difference, Decimal(0))
    assert code(lambda: services.confirm_audit(concluded, by=officer, at=THEN)) == "C109"
    services.send_audit_back(concluded, reason="Look at box 44.", by=auditing.second(), at=THEN)
    assert code(lambda: services.confirm_audit(concluded, by=auditing.second(), at=THEN)) == "C100"
    again = services.conclude_audit(audit, conclusion=CONCLUSION, by=officer, at=THEN)
    assert services.confirm_audit(again, by=auditing.second(), at=THEN).status == S.CLOSED


def test_a_file_corrected_meanwhile_keeps_its_examination() -> None:
    case = auditing.released_blue()
    claim = correcting.sent(case.declaration, price="600")
    open_due(at=THEN, limit=10)
    audit = auditing.underway(Audit.objects.get(mrn=case.mrn))
    corrections.decide(claim, end="accepted", text="It is right.", by=auditing.second(), at=THEN, on=make.ON)
    corrections.confirm(claim, by=correcting.second_officer(), at=THEN, on=make.ON)
    auditing.examined(audit)
    assert services.conclude_audit(audit, conclusion=CONCLUSION, by=auditing.auditor(), at=THEN).status == S.CLOSED


def test_who_may_audit() -> None:
    audit = auditing.opened()
    case = Case.objects.get(pk=audit.case_id)
    assert code(lambda: auditing.planned(audit, scope=[])) == "C106"
    assert code(lambda: auditing.planned(audit, due=make.ON - timedelta(days=1))) == "C104"
    assert code(lambda: auditing.planned(audit, officer=make.officer(office="TJ02"))) == "C101"
    assert code(lambda: services.begin_audit(audit, by=auditing.auditor(), at=THEN)) == "C100"
    assert code(lambda: services.choose_for_audit(case, reason=REASON, by=make.supervisor(), at=THEN)) == "C105"
    auditing.planned(audit)
    assert code(lambda: services.begin_audit(audit, by=auditing.second(), at=THEN)) == "C103"
    assert code(lambda: services.start_audit(case, by=auditing.second(), at=THEN)) == "C110"
    assert code(lambda: services.leave_audit(audit, reason=REASON, by=auditing.auditor(), at=THEN)) == "C004"
    assert services.leave_audit(audit, reason=REASON, by=make.supervisor(), at=THEN).status == S.LEFT
    yellow = correcting.at_moment("released")
    chosen = services.choose_for_audit(yellow, reason=REASON, by=make.supervisor(), at=THEN)
    assert code(lambda: auditing.planned(chosen, officer=yellow.decided_by)) == "C102"
    assert not audits_seen(powers_of(make.trader(), on=make.ON)).exists()


def test_an_audit_whose_officer_loses_the_role_is_planned_again_and_gone_on_with() -> None:
    audit = auditing.underway()
    role = OfficerRole.objects.get(user=auditing.auditor())
    end_role(role, reason="moved", by=make.officer(Role.ADMIN, None), on=make.ON, at=make.AT)
    assert code(lambda: services.conclude_audit(audit, conclusion=CONCLUSION, by=auditing.auditor(), at=THEN)) == "C101"
    assert [free_audits(at=THEN, limit=10) for _again in range(2)] == [1, 0]
    audit.refresh_from_db()
    assert (audit.status, audit.officer) == (S.OPEN, None)
    auditing.planned(audit, officer=auditing.second())
    assert services.begin_audit(audit, by=auditing.second(), at=THEN).officer == auditing.second()
    assert Examination.objects.filter(case__mrn=audit.mrn).count() == 1


def test_the_value_stands_beside_the_traders_own_history() -> None:
    before = clearance.paid()
    Case.objects.filter(pk=before.pk).update(lodged_at=make.AT - timedelta(days=1))
    audit = auditing.opened(lrn="V-9")
    (row,) = values_beside(audit.case, items_valued(audit.case))
    assert (row.count, row.typical, row.share) == (1, row.per_kg, 100)


def test_the_page_of_an_audit_shows_what_is_usual_as_the_page_of_the_file_does() -> None:
    audit = auditing.opened(lrn="V-9")
    item = audit.case.declaration.items.get()
    pages = {"audit": [audit.public_id], "case": [audit.case.declaration.public_id]}
    reader = client_of(make.officer(Role.AUDITOR, None))
    texts = {name: reader.get(reverse(name, args=args)).content.decode() for name, args in pages.items()}
    assert "no value control table of that day" in texts["audit"]
    figures = dict.fromkeys(FIGURES, Decimal(10))
    table = ValueGeneration.objects.create(on=make.ON, at=make.AT, since=make.SINCE, rows=1)
    ValueRow.objects.create(
        generation=table, flow=audit.case.declaration.flow, code=item.commodity_code[:6], origin="", measure="kg",
        unit="", count=12, **figures,
    )  # fmt: skip
    for name, args in pages.items():
        text = reader.get(reverse(name, args=args)).content.decode()
        assert "12 declarations of" in text, name
        assert "median 10" in text, name
    assert "The trader declared nothing of this code" in text or name == "case"


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_is_heard_at_each_verb() -> None:
    case, officer, boss = correcting.at_moment("released"), auditing.auditor(), make.supervisor()
    third = correcting.second_officer()

    def choose() -> Audit:
        return services.choose_for_audit(case, reason=REASON, by=boss, at=THEN)

    assert sorted(clearance.at_once(choose, choose)) == ["C105", "done"]
    audit = auditing.planned(Audit.objects.get(mrn=case.mrn))
    begun = clearance.at_once(
        lambda: services.begin_audit(audit, by=officer, at=THEN),
        lambda: services.leave_audit(audit, reason=REASON, by=boss, at=THEN),
    )
    assert begun.count("done") == 1
    assert "C100" in begun
    if begun[0] != "done":
        audit = auditing.underway(choose())
    auditing.examined(audit, code="value")

    def conclude() -> Audit:
        return services.conclude_audit(audit, conclusion=CONCLUSION, by=officer, at=THEN)

    services.fine(
        case, findings=list(unsettled(audit.mrn)), amount=Decimal(50), legal_basis="Art. 5", text="Late.",
        by=officer, at=THEN,
    )  # fmt: skip
    assert sorted(clearance.at_once(conclude, conclude)) == ["C100", "done"]
    ended = clearance.at_once(
        lambda: services.confirm_audit(audit, by=third, at=THEN),
        lambda: services.send_audit_back(audit, reason="No.", by=third, at=THEN),
    )
    assert sorted(ended) == ["C100", "done"]
    company = auditing.of_company()
    drawn = clearance.at_once(*[lambda: services.draw_files(company, by=officer, at=THEN)] * 2)
    assert sorted(drawn) == ["C100", "done"]
    assert Audit.objects.filter(company_audit=company).count() == 1
