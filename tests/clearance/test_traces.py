"""A decision leaves a trace: instructions are checked, a lane takes two, an examination keeps what it saw."""

import base64
import io
import uuid
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.models import Role, User
from clearance import selectors, services
from clearance.models import Case, Examination, ExaminationPhoto, Finding, Presence, Reroute, Sample
from clearance.selectors import Wanted
from lib.violations import Rejected
from notifications.models import Message
from notifications.services import reroute_asked
from risk.services import score
from tests import make
from tests.clearance import make as clearance
from tests.conftest import client_of

pytestmark = pytest.mark.django_db
WHY = "The seller is known to us."


def code(act: Callable[[], object]) -> str:
    with pytest.raises(Rejected) as refused, transaction.atomic():
        act()
    return refused.value.violations[0].code


def picture(kind: str = "JPEG") -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(kept, kind)
    return kept.getvalue()


def second_supervisor() -> User:
    return make.officer(Role.SUPERVISOR, email="second.supervisor@customs.example")


# Instructions -------------------------------------------------------------------------------------------------
def test_yellow_is_released_when_each_instruction_was_checked() -> None:
    case, officer = clearance.instructed("yellow"), clearance.yellow_officer()
    assert code(lambda: services.decide_release(case, by=officer, at=make.AT)) == "C083"
    clearance.checked(case, by=officer)
    assert services.decide_release(case, by=officer, at=make.AT).closed_as == Case.End.RELEASED
    other = clearance.instructed("red", lrn="red")
    begun = services.start_examination(other, kind="goods", by=clearance.red_officer(), at=make.AT)
    services.record_finding(begun, item_number=1, code="conform", by=clearance.red_officer(), at=make.AT)
    assert code(lambda: services.finish_examination(begun, by=clearance.red_officer(), at=make.AT)) == "C083"


def test_what_differs_is_a_finding_that_holds_the_release_until_it_is_settled() -> None:
    case, officer = clearance.instructed("yellow"), clearance.yellow_officer()
    (asked,) = selectors.unchecked(case)

    def check(result: str, text: str = "", **more: object) -> object:
        criterion = asked.reason.criterion
        return services.check_instruction(
            case, criterion=criterion, result=result, text=text, by=officer, at=make.AT, **more
        )  # type: ignore[arg-type]

    assert code(lambda: check("impossible")) == "C005"
    assert code(lambda: check("maybe")) == "C082"
    assert code(lambda: check("discrepancy", "x")) == "C024"
    assert not Examination.objects.exists(), "what was refused has begun nothing"
    first = check("discrepancy", "The stamp is missing.", code="document", item_number=1)
    assert check("discrepancy", "The stamp is missing.", code="document", item_number=1) == first
    assert code(lambda: services.decide_release(case, by=officer, at=make.AT)) == "C031"
    services.finish_examination(Examination.objects.get(), by=officer, at=make.AT)
    assert code(lambda: services.decide_release(case, by=officer, at=make.AT)) == "C034"
    found = list(Finding.objects.all())
    services.close_findings(case, findings=found, reason="The stamp came by post.", by=officer, at=make.AT)
    assert services.decide_release(case, by=officer, at=make.AT).closed_as == Case.End.RELEASED


# Lanes --------------------------------------------------------------------------------------------------------
def test_downwards_takes_a_second_person_and_neither_releases_the_file() -> None:
    case, first, second = clearance.examined(), make.supervisor(), second_supervisor()

    def down(reason: str) -> Case:
        return services.reroute(case, lane="yellow", reason=reason, by=first, at=make.AT)

    assert [code(partial(down, reason)) for reason in ("", "ok ok ok ok", "aaaaaaaaaaaaaaaa")] == ["C060"] * 3
    assert down(WHY).lane == "red"
    asked = Reroute.objects.get()
    assert reroute_asked(asked.pk, now=make.AT) == 2, "the examining officer and the other supervisor"
    told = set(Message.objects.values_list("recipient__email", flat=True))
    assert told == {second.email, clearance.red_officer().email}
    assert code(lambda: services.agree_to_reroute(asked, by=first, at=make.AT)) == "C085"
    assert code(lambda: services.agree_to_reroute(asked, by=clearance.yellow_officer(), at=make.AT)) == "C002"
    assert services.agree_to_reroute(asked, by=second, at=make.AT).lane == "yellow"
    assert code(lambda: services.agree_to_reroute(asked, by=second, at=make.AT)) == "C043"
    for person in (first, second):
        assert services.claim_next(Wanted(), by=person, at=make.AT) is None
        held = services.claim(Case.objects.get(pk=case.pk), by=person, at=make.AT)
        assert code(partial(services.decide_release, held, by=person, at=make.AT)) == "C089"
        with pytest.raises(IntegrityError), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(decided_by=person, decided_at=make.AT)
        services.give_back(held, by=person, at=make.AT)
    free = services.claim_next(Wanted(), by=clearance.yellow_officer(), at=make.AT)
    assert free is not None
    assert services.decide_release(free, by=clearance.yellow_officer(), at=make.AT).closed_as == Case.End.RELEASED


@pytest.mark.parametrize("end", ["released", "rejected", "superseded"])
def test_a_change_of_lane_that_waits_ends_with_the_file(end: str) -> None:
    case, officer = clearance.examined(), clearance.red_officer()
    services.reroute(case, lane="yellow", reason=WHY, by=make.supervisor(), at=make.AT)
    if end == "released":
        services.decide_release(case, by=officer, at=make.AT)
    elif end == "rejected":
        services.reject(case, reason="The goods may not come in.", by=officer, at=make.AT)
    else:
        new = clearance.amended(case.declaration)
        score(new.pk, at=make.AT)
        services.route(new.pk, at=make.AT)
    assert Case.objects.get(pk=case.pk).closed_at is not None
    asked = Reroute.objects.get()
    assert (asked.outcome, asked.answer) == ("refused", "The file ended before a second officer had decided.")
    assert case.declaration.events.filter(verb="refuse_reroute", by=None).exists()
    assert code(lambda: services.agree_to_reroute(asked, by=second_supervisor(), at=make.AT)) == "C001"


def test_the_database_lets_nobody_agree_with_oneself() -> None:
    case = clearance.claimed("red")
    services.reroute(case, lane="yellow", reason=WHY, by=make.supervisor(), at=make.AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reroute.objects.update(outcome="done", decided_by=make.supervisor(), decided_at=make.AT)
    services.refuse_reroute(Reroute.objects.get(), reason="I was mistaken there.", by=make.supervisor(), at=make.AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reroute.objects.update(reason="another")


# Examination --------------------------------------------------------------------------------------------------
def posted(client: Client, verb: str, case: Case, pk: int, prefix: str, **fields: object) -> int:
    door = reverse(verb, args=[case.declaration.public_id, pk])
    return client.post(door, {f"{prefix}-{name}": value for name, value in fields.items()}).status_code


def test_an_examination_keeps_what_was_counted_sampled_and_signed_once_however_often_it_is_sent() -> None:
    case, officer = clearance.claimed("red"), clearance.red_officer()
    begun = services.start_examination(case, kind="goods", by=officer, at=make.AT)
    client, key = client_of(officer), uuid.uuid4()
    counted = {
        "item_number": 1,
        "code": "conform",
        "packages": 40,
        "gross_mass": "1 234,5",
        "net_mass": "1\u00a0200,25",
    }
    drawn = "data:image/png;base64," + base64.b64encode(picture("PNG")).decode()
    for _again in range(2):
        assert posted(client, "case_finding", case, begun.pk, "finding", key=key, **counted) == 302
        assert posted(client, "case_sample", case, begun.pk, "sample", key=key, item_number=1, number="S-1",
                      quantity="200 g", laboratory="Central", question="composition") == 302  # fmt: skip
        assert posted(client, "case_presence", case, begun.pk, "presence", key=key, name="A. Rahimov",
                      capacity="carrier", signed="drawn", drawing=drawn) == 302  # fmt: skip
    assert posted(client, "case_facts", case, begun.pk, "facts", containers="TCLU4265447", seals="TJ 17") == 302
    finding = Finding.objects.get()
    assert (finding.packages, str(finding.gross_mass), str(finding.net_mass)) == (40, "1234.500000", "1200.250000")
    signature = Presence.objects.get()
    assert Image.open(signature.signature.open()).size == (40, 30)
    assert posted(client, "case_presence", case, begun.pk, "presence", key=uuid.uuid4(), name="B", capacity="carrier",
                  signed="drawn", drawing="data:image/png;base64,AAAA") == 422  # fmt: skip
    for signed in ("drawn", "refused"):
        assert posted(client, "case_presence", case, begun.pk, "presence", key=uuid.uuid4(), name="B",
                      capacity="carrier", signed=signed) == 422  # fmt: skip
    page = client.get(reverse("case", args=[case.declaration.public_id])).content.decode()
    for shown in ("TCLU4265447", "TJ 17", "S-1", "A. Rahimov", "40 packages counted"):
        assert shown in page
    shown = reverse("case_picture", args=[case.declaration.public_id, signature.public_id])
    assert client.get(shown).headers["Content-Type"] == "image/jpeg"
    assert client_of(make.officer(Role.EXAMINING, "TJ02")).get(shown).status_code == 404


def test_of_two_officers_on_one_file_each_verb_refuses_the_one_who_does_not_hold_it() -> None:
    case, officer = clearance.claimed("red"), clearance.red_officer()
    begun = services.start_examination(case, kind="goods", by=officer, at=make.AT)
    said = {"by": make.officer(Role.EXAMINING, email="second@customs.example"), "at": make.AT}
    taken = {"item_number": 1, "number": "S", "quantity": "1", "laboratory": "L", "question": "?"}
    signed = {"name": "A", "capacity": "carrier", "signed": "paper"}
    facts = {"place": "", "containers": "", "seals": "", "seals_put": ""}
    verbs: list[Callable[[], object]] = [
        partial(services.check_instruction, case, criterion=0, result="conform", **said),
        partial(services.keep_facts, begun, **facts, **said),
        partial(services.keep_photo, begun, content=picture(), key=uuid.uuid4(), **said),
        partial(services.take_sample, begun, key=uuid.uuid4(), **taken, **said),
        partial(services.record_presence, begun, key=uuid.uuid4(), **signed, **said),
        partial(services.record_finding, begun, item_number=1, code="conform", **said),
        partial(services.finish_examination, begun, **said),
        partial(services.start_examination, case, kind="documents", **said),
        partial(services.ask, case, question="?", due=clearance.DUE, **said),
        partial(services.close_findings, case, findings=[], reason=WHY, **said),
        partial(services.fine, case, findings=[], amount=Decimal(1), legal_basis="Art. 1", text=WHY, **said),
        partial(services.charge_fee, case, code="X", quantity=Decimal(1), text=WHY, **said),
        partial(services.corrections.propose, case, findings=[], **said),
        partial(services.claim, case, **said),
        partial(services.give_back, case, **said),
        partial(services.reject, case, reason=WHY, **said),
        partial(services.decide_release, case, **said),
    ]  # type: ignore[list-item]
    assert [code(verb) for verb in verbs] == ["C003"] * len(verbs)


def test_a_sample_that_does_not_conform_after_release_is_an_audit() -> None:
    case, officer = clearance.claimed("red"), clearance.red_officer()
    begun = services.start_examination(case, kind="goods", by=officer, at=make.AT)
    services.record_finding(begun, item_number=1, code="conform", by=officer, at=make.AT)
    sample = services.take_sample(
        begun, key=uuid.uuid4(), item_number=1, number="S", quantity="1 kg", laboratory="L", question="?", by=officer,
        at=make.AT,
    )  # fmt: skip
    services.finish_examination(begun, by=officer, at=make.AT)
    assert services.decide_release(case, by=officer, at=make.AT).closed_as == Case.End.RELEASED

    def result(**said: object) -> Sample:
        return services.record_sample_result(sample, by=officer, at=clearance.LATER, **said)  # type: ignore[arg-type]

    assert code(lambda: result(conforms=False, result="Polyester")) == "C024"
    assert result(conforms=False, result="Polyester", code="description").finding == Finding.objects.last()
    assert Examination.objects.get(kind="audit").findings.get().text == "Polyester"
    assert code(lambda: result(conforms=True, result="Cotton")) == "C087"
    with pytest.raises(IntegrityError), transaction.atomic():
        Sample.objects.update(result="Cotton")


def test_a_phone_sends_photographs_by_a_link_that_ends_with_the_examination(client: Client) -> None:
    case, officer = clearance.claimed("red"), clearance.red_officer()
    begun = services.start_examination(case, kind="goods", by=officer, at=make.AT)
    page = client_of(officer).get(reverse("case_photo_link", args=[case.declaration.public_id, begun.pk]))
    assert "<svg" in page.content.decode()
    early, door = (
        reverse("phone_photos", args=[selectors.photo_link(begun, by=officer, at=at)])
        for at in (timezone.now(), timezone.now() + timedelta(hours=1))
    )
    assert [client.get(each).status_code for each in (early, door)] == [200, 200]
    end = reverse("case_photo_link_end", args=[case.declaration.public_id, begun.pk])
    assert client_of(officer).post(end).status_code == 302
    assert [client.get(each).status_code for each in (early, door)] == [410, 200], "a later one holds"

    def send(content: bytes, key: uuid.UUID) -> int:
        file = io.BytesIO(content)
        file.name = "photo.jpg"
        return client.post(door, {"key": key, "photo": file}, headers={"accept": "application/json"}).status_code

    key, whole = uuid.uuid4(), picture()
    assert [send(whole, key), send(whole, key)] == [200, 200]
    assert ExaminationPhoto.objects.get().by == officer
    for wrong in (whole[: len(whole) // 2], b"%PDF-1.7 not a photograph", b"MZ\x90"):
        assert send(wrong, uuid.uuid4()) == 422
    assert client.get(reverse("phone_photos", args=["forged"])).status_code == 410
    services.give_back(case, by=officer, at=make.AT)
    assert client.get(door).status_code == 410
    assert send(whole, uuid.uuid4()) == 410, "the officer no longer holds the file"
    services.claim(case, by=officer, at=make.AT)
    services.record_finding(begun, item_number=1, code="conform", by=officer, at=make.AT)
    services.finish_examination(begun, by=officer, at=make.AT)
    assert send(whole, uuid.uuid4()) == 410
    assert ExaminationPhoto.objects.count() == 1
