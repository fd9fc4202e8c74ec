"""Claiming, asking, examining, re-routing: what an officer may do, and what is refused."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import Role
from clearance import selectors, services
from clearance.models import Case, Examination, Query
from clearance.selectors import Wanted
from declarations.models import Declaration, Event, Status, StoredFile
from lib.violations import Rejected
from risk.models import Outcome
from tests import make
from tests.clearance import make as clearance
from tests.scans import PDF

pytestmark = pytest.mark.django_db


# Claim --------------------------------------------------------------------------------------------------------
def test_an_officer_claims_a_free_file_and_gives_it_back() -> None:
    officer = clearance.yellow_officer()
    case = services.claim(clearance.paid("yellow"), by=officer, at=make.AT)
    assert case.claimed_by == officer
    assert services.give_back(case, by=officer, at=make.AT).claimed_by is None
    verbs = Event.objects.filter(declaration=case.declaration_id).values_list("verb", flat=True)
    assert {"claim", "give_back"} <= set(verbs)


def test_the_second_officer_is_told_who_holds_the_file() -> None:
    case = clearance.claimed("yellow")
    colleague = make.officer(Role.DOCUMENTARY, email="second@customs.example")
    with pytest.raises(Rejected, match="Officer documentary has held this file since"):
        services.claim(case, by=colleague, at=clearance.LATER)


def test_claiming_ones_own_file_again_is_no_fault() -> None:
    case = clearance.claimed("yellow")
    assert services.claim(case, by=clearance.yellow_officer(), at=clearance.LATER).claimed_at == case.claimed_at


def test_an_officer_of_another_office_or_lane_cannot_claim() -> None:
    case = clearance.paid("yellow")
    for officer in (make.officer(Role.DOCUMENTARY, "TJ02"), clearance.red_officer(), make.officer(Role.AUDITOR, None)):
        with pytest.raises(Rejected, match="C002"):
            services.claim(case, by=officer, at=make.AT)
    assert services.claim(case, by=make.supervisor(), at=make.AT).claimed_by == make.supervisor()


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_who_claim_one_file_at_once_one_gets_it() -> None:
    case = clearance.paid("yellow")
    officers = [make.officer(Role.DOCUMENTARY, email=f"officer{number}@customs.example") for number in range(2)]
    start = Barrier(2)

    def try_to_claim(place: int) -> str:
        try:
            start.wait(timeout=10)
            services.claim(Case.objects.get(pk=case.pk), by=officers[place], at=make.AT)
            return "got"
        except Rejected as error:
            return error.violations[0].code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        results = sorted(pool.map(try_to_claim, range(2)))
    assert results == ["C003", "got"]
    assert Event.objects.filter(declaration=case.declaration_id, verb="claim").count() == 1


def test_the_next_file_is_the_free_one_with_the_nearest_target() -> None:
    first = clearance.paid("yellow", lrn="first")
    second = clearance.paid("yellow", lrn="second")
    officer = clearance.yellow_officer()
    assert services.claim_next(Wanted(), by=officer, at=make.AT) == first
    assert services.claim_next(Wanted(), by=officer, at=make.AT) == second
    assert services.claim_next(Wanted(), by=officer, at=make.AT) is None


def test_a_red_file_is_not_next_for_a_documentary_officer() -> None:
    clearance.paid("red")
    assert services.claim_next(Wanted(), by=clearance.yellow_officer(), at=make.AT) is None


# Question and answer ------------------------------------------------------------------------------------------
def test_a_question_waits_for_the_trader_and_its_answer_brings_papers() -> None:
    query = clearance.queried()
    assert Case.objects.get(pk=query.case_id).waits_for == "answer"
    answer = services.answer(
        query, text="It is attached.", files=[("contract.pdf", PDF)], by=make.trader(), at=clearance.LATER
    )
    case = Case.objects.get(pk=query.case_id)
    assert case.waits_for == "office"
    assert [each.file.name for each in answer.attachments.all()] == ["contract.pdf"]
    assert StoredFile.objects.get(name="contract.pdf").declaration_id == case.declaration_id


def test_a_stranger_does_not_answer() -> None:
    query = clearance.queried()
    with pytest.raises(Rejected, match="C013"):
        services.answer(query, text="Hello", by=make.stranger(), at=make.AT)


def test_a_file_that_lies_about_its_type_is_refused_and_nothing_is_written() -> None:
    query = clearance.queried()
    with pytest.raises(Rejected) as refused, transaction.atomic():
        services.answer(query, text="See", files=[("contract.pdf", b"MZ\x90")], by=make.trader(), at=make.AT)
    assert refused.value.violations[0].pointer == "papers[0]"
    assert not StoredFile.objects.filter(name="contract.pdf").exists()
    assert selectors.open_query(query.case) == query


def test_a_question_is_answered_once() -> None:
    query = clearance.queried()
    services.answer(query, text="Yes", by=make.trader(), at=make.AT)
    with pytest.raises(Rejected, match="C012"):
        services.answer(query, text="No", by=make.trader(), at=make.AT)


def test_one_question_is_open_at_a_time() -> None:
    query = clearance.queried()
    with pytest.raises(Rejected, match="C010"):
        services.ask(query.case, question="And?", due=clearance.DUE, by=clearance.yellow_officer(), at=make.AT)
    services.withdraw(query, reason="found it", by=clearance.yellow_officer(), at=make.AT)
    services.ask(query.case, question="And?", due=clearance.DUE, by=clearance.yellow_officer(), at=make.AT)
    assert Query.objects.filter(case=query.case).count() == 2


def test_a_question_has_words_and_a_day_to_come() -> None:
    case, officer = clearance.claimed("yellow"), clearance.yellow_officer()
    with pytest.raises(Rejected, match="C005"):
        services.ask(case, question="  ", due=clearance.DUE, by=officer, at=make.AT)
    with pytest.raises(Rejected, match="C011"):
        services.ask(case, question="When?", due=make.SINCE, by=officer, at=make.AT)


@pytest.mark.usefixtures("as_owner")
def test_a_question_is_never_rewritten() -> None:
    query = clearance.queried()
    with pytest.raises(IntegrityError), transaction.atomic():
        Query.objects.filter(pk=query.pk).update(question="Another one")


# Examination --------------------------------------------------------------------------------------------------
def test_findings_decide_the_outcome_and_flow_back_to_risk() -> None:
    case = clearance.examined("quantity", "42 cartons, 40 declared")
    assert Examination.objects.get(case=case).outcome == "discrepancy"
    assert Outcome.objects.get(declaration=case.declaration_id).discrepancy
    case = clearance.examined(lrn="second")
    assert Examination.objects.get(case=case).outcome == "conform"
    assert not Outcome.objects.get(declaration=case.declaration_id).discrepancy


def test_a_finding_names_an_item_that_is_there_and_explains_a_discrepancy() -> None:
    case, officer = clearance.claimed("red"), clearance.red_officer()
    examination = services.start_examination(case, kind="goods", by=officer, at=make.AT)
    for item, code, refusal in [(7, "conform", "C023"), (1, "nonsense", "C024"), (1, "value", "C025")]:
        with pytest.raises(Rejected, match=refusal):
            services.record_finding(examination, item_number=item, code=code, by=officer, at=make.AT)
    with pytest.raises(Rejected, match="C026"):
        services.finish_examination(examination, by=officer, at=make.AT)


def test_a_finished_examination_is_closed_for_good() -> None:
    case, officer = clearance.examined(), clearance.red_officer()
    examination = Examination.objects.get(case=case)
    with pytest.raises(Rejected, match="C022"):
        services.record_finding(examination, item_number=1, code="conform", by=officer, at=make.AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Examination.objects.filter(pk=examination.pk).update(note="another")


def test_an_examination_is_begun_once() -> None:
    case, officer = clearance.claimed("red"), clearance.red_officer()
    services.start_examination(case, kind="goods", by=officer, at=make.AT)
    with pytest.raises(Rejected, match="C021"):
        services.start_examination(case, kind="goods", by=officer, at=make.AT)


# Supervisor ---------------------------------------------------------------------------------------------------
def test_a_supervisor_re_routes_with_a_reason_and_the_file_goes_back_to_the_queue() -> None:
    case = clearance.claimed("yellow")
    with pytest.raises(Rejected, match="C060"):
        services.reroute(case, lane="red", reason="", by=make.supervisor(), at=make.AT)
    moved = services.reroute(case, lane="red", reason="Weight looks wrong", by=make.supervisor(), at=make.AT)
    assert (moved.lane, moved.claimed_by) == ("red", None)
    event = Event.objects.get(declaration=case.declaration_id, verb="reroute")
    assert (event.note, event.data) == ("Weight looks wrong", {"from": "yellow", "to": "red"})


def test_nobody_but_a_supervisor_of_the_office_re_routes_or_allots() -> None:
    case = clearance.claimed("yellow")
    for officer in (clearance.yellow_officer(), make.supervisor("TJ02")):
        with pytest.raises(Rejected, match="C004"):
            services.reroute(case, lane="red", reason="why not", by=officer, at=make.AT)
        with pytest.raises(Rejected, match="C004"):
            services.allot(case, officer=officer, reason="", by=officer, at=make.AT)


def test_a_file_is_allotted_to_an_officer_who_can_act_on_it() -> None:
    case = clearance.claimed("yellow")
    colleague = make.officer(Role.DOCUMENTARY, email="second@customs.example")
    case = services.allot(case, officer=colleague, reason="leave", by=make.supervisor(), at=make.AT)
    assert case.claimed_by == colleague
    with pytest.raises(Rejected, match="C006"):
        services.allot(case, officer=clearance.red_officer(), reason="", by=make.supervisor(), at=make.AT)


def test_a_closed_file_is_never_worked_on() -> None:
    case = clearance.released()
    with pytest.raises(Rejected, match="C001"):
        services.ask(case, question="Why?", due=clearance.DUE, by=clearance.yellow_officer(), at=make.AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(lane="red")


def test_the_load_counts_files_by_office_and_by_officer() -> None:
    clearance.claimed("yellow", lrn="a")
    clearance.paid("red", lrn="b")
    powers = selectors.powers_of(make.supervisor(), on=make.ON)
    (office,) = selectors.load_of(powers, at=make.AT)
    assert (office.office_code, office.yellow, office.red, office.free) == ("TJ01", 1, 1, 1)
    assert list(office.ages) == [2, 0, 0, 0, 0]
    holders = selectors.holders_of(powers, at=make.AT, on=make.ON)
    assert [(row.officer, row.files) for row in holders][:1] == [(clearance.yellow_officer(), 1)]


def test_an_amendment_shows_what_it_changed() -> None:
    case = clearance.routed("yellow")
    new = clearance.amended(case.declaration, comments="corrected")
    (change,) = selectors.differences(new)
    assert (str(change.label), change.before, change.after) == ("Comments", "", "corrected")
    assert selectors.differences(Declaration.objects.get(mrn=new.mrn, version=1)) == []
    assert new.status == Status.ASSESSED
