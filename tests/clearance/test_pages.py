"""Pages of traders and officers: who may open them, what they say, and how many queries they take."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from clearance import services
from clearance.models import Answer, Case, Examination
from declarations.models import Declaration, Status
from risk.models import Criterion
from tests import make
from tests.clearance import make as clearance
from tests.conftest import client_of
from tests.scans import PDF

pytestmark = pytest.mark.django_db


def text_of(client: Client, address: str) -> str:
    page = client.get(address)
    assert page.status_code == 200, (address, page.status_code)
    return page.content.decode()


def queries_of(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def file_page(case: Case) -> str:
    return reverse("declaration", args=[case.declaration.public_id])


def case_page(case: Case, verb: str = "case", *more: int) -> str:
    return reverse(verb, args=[case.declaration.public_id, *more])


# Trader -------------------------------------------------------------------------------------------------------
def test_a_new_person_is_told_to_begin_with_a_company() -> None:
    assert "Begin with your company" in text_of(client_of(make.user("new@example.com")), reverse("desk"))


def test_the_desk_shows_queries_payments_and_drafts(as_trader: Client) -> None:
    draft = make.draft(lrn="my-draft")
    due = make.assessed(lrn="to-pay")
    query = clearance.queried(lrn="asked")
    text = text_of(as_trader, reverse("desk"))
    for shown in (draft.lrn, due.mrn, query.question, query.case.mrn):
        assert shown in text


def test_a_strangers_desk_shows_none_of_it(as_stranger: Client) -> None:
    case = clearance.queried().case
    assert case.mrn not in text_of(as_stranger, reverse("desk"))
    assert case.mrn not in text_of(as_stranger, reverse("declarations"))
    assert as_stranger.get(file_page(case)).status_code == 404


def test_an_officer_is_sent_to_the_queue(as_officer: Client) -> None:
    assert as_officer.get(reverse("desk")).headers["Location"] == reverse("queue")


def test_the_list_filters_by_stage_and_text(as_trader: Client) -> None:
    draft, lodged = make.draft(lrn="AAA-1"), make.assessed(lrn="BBB-2")
    listed = reverse("declarations")
    assert draft.lrn in text_of(as_trader, f"{listed}?stage=drafts")
    assert lodged.mrn not in text_of(as_trader, f"{listed}?stage=drafts")
    assert lodged.mrn in text_of(as_trader, f"{listed}?text=bbb")
    assert "Nothing fits these filters" in text_of(as_trader, f"{listed}?text=zzz")


def test_a_draft_opens_its_form(as_trader: Client) -> None:
    draft = make.draft()
    answer = as_trader.get(reverse("declaration", args=[draft.public_id]))
    assert answer.headers["Location"] == reverse("declaration_edit", args=[draft.public_id])


@pytest.mark.parametrize(
    ("lane", "paid", "words"),
    [
        ("green", False, "Waiting for payment"),
        ("green", True, "About to be released"),
        ("yellow", True, "Documents being checked"),
        ("red", True, "Goods to be examined"),
    ],
)
def test_the_file_says_in_plain_words_what_comes_next(as_trader: Client, lane: str, paid: bool, words: str) -> None:
    case = (clearance.paid if paid else clearance.routed)(lane)
    assert words in text_of(as_trader, file_page(case))


def test_the_trader_never_reads_the_criterion_the_lane_or_the_officer(as_trader: Client) -> None:
    case = clearance.instructed("yellow")
    services.reroute(case, lane="red", reason="Weight looks wrong", by=make.supervisor(), at=make.AT)
    text = text_of(as_trader, file_page(case))
    for kept_back in ("All yellow", "Open a packet.", "Weight looks wrong", "Officer documentary", "tag--red"):
        assert kept_back not in text


def test_a_question_is_answered_on_the_page_with_a_paper(as_trader: Client) -> None:
    query = clearance.queried()
    door = reverse("answer", args=[query.case.declaration.public_id, query.pk])
    paper = SimpleUploadedFile("contract.pdf", PDF)
    answer = as_trader.post(door, {"answer-text": "Here it is.", "answer-papers": [paper]})
    assert answer.status_code == 302
    text = text_of(as_trader, file_page(query.case))
    assert "Here it is." in text
    assert "contract.pdf" in text


def test_an_answer_that_is_refused_keeps_what_was_typed(as_trader: Client) -> None:
    query = clearance.queried()
    door = reverse("answer", args=[query.case.declaration.public_id, query.pk])
    liar = SimpleUploadedFile("contract.pdf", b"MZ\x90 not a paper")
    page = as_trader.post(door, {"answer-text": "Here it is.", "answer-papers": [liar]})
    assert page.status_code == 422
    assert "Here it is." in page.content.decode()
    assert not Answer.objects.exists()


def test_a_stranger_cannot_answer_or_cancel(as_stranger: Client) -> None:
    query = clearance.queried()
    key = query.case.declaration.public_id
    assert as_stranger.post(reverse("answer", args=[key, query.pk]), {"answer-text": "x"}).status_code == 404
    assert as_stranger.post(reverse("declaration_cancel", args=[key]), {"cancel-reason": "x"}).status_code == 404


def test_a_trader_cancels_with_a_reason(as_trader: Client) -> None:
    case = clearance.routed("green")
    door = reverse("declaration_cancel", args=[case.declaration.public_id])
    assert as_trader.post(door, {"cancel-reason": " "}).status_code == 422
    assert as_trader.post(door, {"cancel-reason": "Wrong goods"}).status_code == 302
    assert Declaration.objects.get(pk=case.declaration_id).status == Status.CANCELLED
    assert "Cancelled" in text_of(as_trader, file_page(case))


def test_the_file_is_downloaded_as_xml(as_trader: Client) -> None:
    case = clearance.routed("green")
    answer = as_trader.get(reverse("declaration_xml", args=[case.declaration.public_id]))
    assert answer.status_code == 200
    assert b"<ASYCUDA" in answer.content


def test_the_release_note_is_offered_once_it_is_there(as_trader: Client) -> None:
    assert "Print the release note" in text_of(as_trader, file_page(clearance.released()))


# Officer ------------------------------------------------------------------------------------------------------
def test_the_queue_shows_own_offices_and_lanes_that_need_an_officer(as_officer: Client) -> None:
    here, green = clearance.paid("yellow", lrn="a"), clearance.paid("green", lrn="g")
    text = text_of(as_officer, reverse("queue"))
    assert here.mrn in text
    assert here.trader_name in text
    assert "All yellow" in text
    assert green.mrn not in text
    elsewhere = client_of(make.officer(Role.DOCUMENTARY, "TJ02"))
    assert here.mrn not in text_of(elsewhere, reverse("queue"))


def test_filters_of_the_queue_stay(as_officer: Client) -> None:
    case = clearance.paid("yellow")
    assert case.mrn not in text_of(as_officer, reverse("queue") + "?lane=red")
    assert as_officer.get(reverse("queue")).headers["Location"] == reverse("queue") + "?lane=red"
    assert case.mrn in text_of(as_officer, reverse("queue") + "?show=all")
    assert as_officer.get(reverse("queue")).status_code == 200


def test_for_traders_and_strangers_there_is_no_queue(as_trader: Client) -> None:
    case = clearance.claimed("yellow")
    for address in (reverse("queue"), reverse("load"), case_page(case)):
        assert as_trader.get(address).status_code == 404
    assert as_trader.post(case_page(case, "case_release")).status_code == 404


def test_the_file_of_another_office_does_not_exist() -> None:
    case = clearance.paid("yellow")
    elsewhere = client_of(make.officer(Role.DOCUMENTARY, "TJ02"))
    assert elsewhere.get(case_page(case)).status_code == 404
    assert elsewhere.post(case_page(case, "case_claim")).status_code == 404


def test_an_auditor_reads_and_changes_nothing() -> None:
    case = clearance.paid("yellow")
    auditor = client_of(make.officer(Role.AUDITOR, None))
    assert "Claim the file" not in text_of(auditor, case_page(case))
    assert auditor.post(case_page(case, "case_claim")).status_code == 422
    assert Case.objects.get(pk=case.pk).claimed_by is None


def test_a_yellow_file_from_claim_to_release(as_officer: Client, as_trader: Client) -> None:
    case = clearance.paid("yellow")
    assert as_officer.post(reverse("claim_next")).headers["Location"] == case_page(case)
    asked = {"ask-question": "Where is the contract?", "ask-due": str(timezone.localdate() + timedelta(days=5))}
    assert as_officer.post(case_page(case, "case_ask"), asked).status_code == 302
    assert "Waiting for your answer" in text_of(as_trader, file_page(case))
    door = reverse("answer", args=[case.declaration.public_id, Case.objects.get(pk=case.pk).queries.get().pk])
    as_trader.post(door, {"answer-text": "Sent by post."})
    assert "Sent by post." in text_of(as_officer, case_page(case))
    assert as_officer.post(case_page(case, "case_release"), {"release-note": ""}).status_code == 422
    criterion = Criterion.objects.get(code="ALL-YELLOW").pk
    checked = {"check-criterion": criterion, "check-result": "conform"}
    assert as_officer.post(case_page(case, "case_check"), checked).status_code == 302
    assert as_officer.post(case_page(case, "case_release"), {"release-note": ""}).status_code == 302
    assert "Released" in text_of(as_trader, file_page(case))


def test_a_red_file_with_a_finding(as_trader: Client) -> None:
    case = clearance.claimed("red")
    officer = client_of(clearance.red_officer())
    assert officer.post(case_page(case, "case_release"), {"release-note": ""}).status_code == 422
    officer.post(case_page(case, "case_examine"), {"examine-kind": "goods"})
    examination = Examination.objects.get(case=case)
    wrong = {"finding-item_number": "1", "finding-code": "quantity", "finding-text": "42 cartons"}
    assert officer.post(case_page(case, "case_finding", examination.pk), wrong).status_code == 302
    assert officer.post(case_page(case, "case_finish", examination.pk), {"finish-note": ""}).status_code == 302
    assert "quantity or mass differs" in text_of(officer, case_page(case))
    assert officer.post(case_page(case, "case_release"), {"release-note": "empty cartons"}).status_code == 422
    closed = {"close-findings": [examination.findings.get().pk], "close-reason": "Two cartons were empty."}
    assert officer.post(case_page(case, "case_close_findings"), closed).status_code == 302
    assert officer.post(case_page(case, "case_release"), {"release-note": ""}).status_code == 302
    assert Declaration.objects.get(pk=case.declaration_id).status == Status.RELEASED


def test_a_question_that_is_refused_keeps_what_was_typed(as_officer: Client) -> None:
    case = clearance.claimed("yellow")
    page = as_officer.post(case_page(case, "case_ask"), {"ask-question": "Long question", "ask-due": "2020-01-01"})
    assert page.status_code == 422
    assert "Long question" in page.content.decode()
    assert "The day for the answer is past." in page.content.decode()


def test_a_supervisor_sees_who_holds_what() -> None:
    clearance.claimed("yellow")
    text = text_of(client_of(make.supervisor()), reverse("load"))
    assert "Officer documentary" in text
    assert client_of(clearance.yellow_officer()).get(reverse("load")).status_code == 404


# Queries ------------------------------------------------------------------------------------------------------
def test_lists_take_the_same_number_of_queries_whatever_their_length(as_officer: Client, as_trader: Client) -> None:
    counts: list[dict[str, int]] = []
    for start, stop in ((0, 2), (2, 8)):
        for number in range(start, stop):
            clearance.paid("yellow", lrn=f"q{number}")
            make.draft(lrn=f"d{number}")
            make.assessed(lrn=f"a{number}")
        counts.append(
            {
                "queue": queries_of(as_officer, reverse("queue")),
                "list": queries_of(as_trader, reverse("declarations")),
                "desk": queries_of(as_trader, reverse("desk")),
            }
        )
    assert counts[0] == counts[1]


def test_a_file_takes_the_same_number_of_queries_whatever_its_items(as_officer: Client, as_trader: Client) -> None:
    few = clearance.claimed("yellow", lrn="few")
    many = clearance.claimed("yellow", lrn="many", items=[make.item() for _ in range(15)])
    assert queries_of(as_officer, case_page(few)) == queries_of(as_officer, case_page(many))
    assert queries_of(as_trader, file_page(few)) == queries_of(as_trader, file_page(many))
