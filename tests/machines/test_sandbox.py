"""The sandbox company: the first letter of the reference chooses what becomes of a declaration."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Role
from clearance import services as clearance
from clearance.models import Case, Correction, Query
from declarations.models import Declaration, Status
from demo import sandbox
from demo.accounts import CHIEFS, ROBOT, SANDBOX
from tests import make
from tests.clearance import make as files

pytestmark = pytest.mark.django_db


def paid(lrn: str, lane: str = "green") -> Declaration:
    for email in (ROBOT, *CHIEFS):
        make.officer(Role.SUPERVISOR, None, email=email)
    owner = make.user("sandbox@demo.example")
    company = make.company(SANDBOX.tin, name=SANDBOX.name, owner=owner)
    case = files.routed(lane, declarant=company, by=owner, lrn=lrn, consignee_code=SANDBOX.tin)
    sandbox.play(case.declaration_id, at=make.AT)
    make.funds(company)
    files.pay_from_account(case.declaration, by=owner, at=make.AT, idempotency_key=lrn)
    sandbox.play(case.declaration_id, at=make.AT)
    sandbox.play(case.declaration_id, at=make.AT)
    return Declaration.objects.get(pk=case.declaration_id)


@pytest.mark.parametrize(
    ("letter", "lane", "status"),
    [
        ("G", "green", Status.PAID),  # what has no officer is released by the portal itself
        ("G", "red", Status.RELEASED),
        ("y", "green", Status.RELEASED),
        ("R", "green", Status.RELEASED),
        ("X", "green", Status.REJECTED),
        ("Q", "red", Status.PAID),
        ("P", "green", Status.PAID),
        ("1", "yellow", Status.PAID),
    ],
)
def test_the_letter_chooses(letter: str, lane: str, status: Status) -> None:
    assert paid(f"{letter}-1", lane).status == status


def test_a_question_is_asked_and_its_answer_releases() -> None:
    declaration = paid("Q-1")
    query = Query.objects.get(case__declaration=declaration)
    now = timezone.now()
    owner = make.user("sandbox@demo.example")
    clearance.answer(query, text="This one.", by=owner, at=make.AT + timedelta(hours=1))
    sandbox.play_answer(query.pk, at=now)
    assert Declaration.objects.get(pk=declaration.pk).status == Status.RELEASED


def test_a_correction_is_proposed_and_once_accepted_and_paid_releases() -> None:
    declaration = paid("P-1")
    proposed = Correction.objects.get(declaration=declaration)
    assert proposed.status == Correction.Status.SENT
    owner, on = make.user("sandbox@demo.example"), timezone.localdate(make.AT)
    clearance.corrections.accept(proposed, by=owner, at=make.AT, on=on)
    newest = Declaration.objects.get(mrn=declaration.mrn, version=2)
    clearance.take_up(newest.pk, at=make.AT)
    files.pay_from_account(newest, by=owner, at=make.AT, idempotency_key="the difference")
    sandbox.play(newest.pk, at=make.AT)
    assert Declaration.objects.get(pk=newest.pk).status == Status.RELEASED


def test_nobody_else_is_played_with() -> None:
    make.officer(Role.SUPERVISOR, None, email=ROBOT)
    case = files.paid("yellow", lrn="X-1")
    sandbox.play(case.declaration_id, at=make.AT)
    assert Case.objects.get(pk=case.pk).closed_at is None
