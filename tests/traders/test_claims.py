"""A company is a claim until an officer, or a connected register, has confirmed it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import AdministrativeAct, Role, User
from declarations import services as declarations
from declarations.selectors import visible_to
from lib.violations import Rejected
from notifications.models import Message
from payments.selectors import paying_companies
from tests import make
from tests.conftest import client_of
from tests.scans import PDF
from traders import services
from traders.models import Company, CompanyEvent, Standing
from traders.register import Entry
from traders.selectors import companies_of

pytestmark = pytest.mark.django_db
FollowUps = Callable[[], AbstractContextManager[None]]

TIN = "010000077"
TODAY = date.today()


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def claimant() -> User:
    return make.user("claimant@example.com", "Said Claimant")


@pytest.fixture
def claim(claimant: User) -> Company:
    return make.claim(TIN, name="Claimed LLC", owner=claimant)


def upload(client: Client, name: str = "certificate.pdf", content: bytes = PDF) -> Any:
    return client.post(f"/companies/{TIN}/papers/", {"file": SimpleUploadedFile(name, content)})


def codes(refused: pytest.ExceptionInfo[Rejected]) -> list[str]:
    return [violation.code for violation in refused.value.violations]


def test_a_claim_saves_drafts_and_neither_lodges_nor_pays(claim: Company, claimant: User) -> None:
    changes = {"consignee_code": TIN, "consignee_name": "Claimed LLC"}
    draft = make.draft(declarant=claim, by=claimant, **changes)
    with pytest.raises(Rejected) as refused:
        declarations.lodge(draft, on=make.ON, at=make.AT, by=claimant)
    assert "D019" in codes(refused)
    assert not paying_companies(claimant, on=TODAY).exists()
    assert client_of(claimant).get("/payments/").status_code in (200, 404)
    services.confirm_company(claim, by=make.supervisor(), at=make.AT)
    draft.declarant.refresh_from_db()
    assert declarations.lodge(draft, on=make.ON, at=make.AT, by=claimant).mrn
    assert paying_companies(claimant, on=TODAY).exists()


def test_nobody_declares_for_a_claim(claim: Company) -> None:
    with pytest.raises(Rejected) as refused:
        make.lodged(consignee_code=TIN)
    assert "D012" in codes(refused)


def test_t006_a_claim_gives_no_mandate_and_invites_nobody(claim: Company, claimant: User) -> None:
    with pytest.raises(Rejected) as refused:
        services.invite(claim, email="x@example.com", rights=["owner"], language="en", by=claimant, at=make.AT)
    assert codes(refused) == ["T006"]
    broker = make.broker().memberships.first()
    assert broker
    with pytest.raises(Rejected) as refused:
        services.give_mandate(claim, agent=broker.company, by=claimant, at=make.AT, valid_from=make.ON)
    assert codes(refused) == ["T006"]
    form = {"agent_tin": TIN, "valid_from": "2026-11-23"}
    assert client_of(make.trader()).post(f"/companies/{make.TIN}/mandates/", form).status_code == 422


def test_the_claimant_reads_how_it_stands_and_sends_papers(claim: Company, claimant: User) -> None:
    client = client_of(claimant)
    assert "Not yet confirmed" in client.get(f"/companies/{TIN}/").content.decode()
    assert upload(client)["Location"] == f"/companies/{TIN}/"
    paper = claim.papers.get()
    assert b"".join(client.get(f"/papers/{paper.public_id}/").streaming_content) == PDF  # type: ignore[attr-defined]
    assert client_of(make.supervisor()).get(f"/papers/{paper.public_id}/").status_code == 200
    for other in (make.stranger(), make.officer(Role.CASHIER, None)):
        assert client_of(other).get(f"/papers/{paper.public_id}/").status_code == 404


@pytest.mark.parametrize(("name", "content"), [("a.pdf", b""), ("a.pdf", b"MZ"), ("a.png", PDF), ("a.xml", b"<?xml?>")])
def test_a_paper_is_a_scan(claim: Company, claimant: User, name: str, content: bytes) -> None:
    assert upload(client_of(claimant), name, content).status_code == 422
    assert not claim.papers.exists()


def test_an_officer_confirms_from_the_queue(claim: Company, claimant: User, follow_ups: FollowUps) -> None:
    officer = make.supervisor()
    client = client_of(officer)
    assert "Claimed LLC" in client.get("/claims/").content.decode()
    page = client.get(f"/claims/{claim.pk}/").content.decode()
    assert claimant.email in page
    with follow_ups():
        assert client.post(f"/claims/{claim.pk}/decide/", {"confirm": "1"})["Location"] == "/claims/"
    claim.refresh_from_db()
    assert claim.standing == Standing.CONFIRMED
    assert "No company waits" in client.get("/claims/").content.decode()
    assert [told.recipient for told in Message.objects.filter(kind="company", company=claim)] == [claimant]
    assert claim.events.filter(verb=CompanyEvent.Verb.CONFIRMED, by=officer).exists()
    assert AdministrativeAct.objects.filter(verb="company confirmed", by=officer, about__contains=TIN).exists()
    assert client.post(f"/claims/{claim.pk}/decide/", {"refuse": "1", "decision": "late"}).status_code == 422


def test_a_refusal_needs_a_sentence_which_the_claimant_reads(claim: Company, claimant: User) -> None:
    client, why = client_of(make.officer()), "The certificate is of another company."
    assert client.post(f"/claims/{claim.pk}/decide/", {"refuse": "1"}).status_code == 422
    client.post(f"/claims/{claim.pk}/decide/", {"refuse": "1", "decision": why})
    assert not companies_of(claimant, on=TODAY).exists()
    assert why in client_of(claimant).get("/companies/").content.decode()
    draft = make.draft(declarant=claim, by=claimant)
    again = make.claim(TIN, name="Better papers LLC", owner=claimant)
    assert (again.pk, again.name, again.standing, again.decision) == (claim.pk, "Better papers LLC", "claimed", "")
    assert draft in visible_to(claimant, on=TODAY)


def test_nobody_else_decides_and_nobody_on_their_own_company(claim: Company, claimant: User) -> None:
    for person in (claimant, make.officer(Role.CASHIER, None), make.officer(Role.AUDITOR, None)):
        assert client_of(person).get("/claims/").status_code == 404
        assert client_of(person).post(f"/claims/{claim.pk}/decide/", {"confirm": "1"}).status_code == 404
    officer = make.supervisor()
    own = make.claim(TIN, name="Mine", owner=officer)
    for company in (own, claim):
        with pytest.raises(Rejected) as refused:
            services.confirm_company(company, by=officer, at=make.AT)
        assert codes(refused) == ["T009"]
    assert client_of(make.supervisor()).get("/claims/999999/").status_code == 404


def test_two_claims_stand_until_one_is_confirmed(claim: Company, claimant: User) -> None:
    other = make.claim(TIN, name="The real one", owner=make.user("real@example.com"))
    assert "Others with this TIN" in client_of(make.supervisor()).get(f"/claims/{claim.pk}/").content.decode()
    services.confirm_company(other, by=make.supervisor(), at=make.AT)
    claim.refresh_from_db()
    assert (claim.standing, bool(claim.decision)) == (Standing.REFUSED, True)
    with pytest.raises(Rejected) as refused:
        services.confirm_company(claim, by=make.supervisor(), at=make.AT)
    assert codes(refused) == ["T007"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Company.objects.filter(pk=claim.pk).update(standing=Standing.CONFIRMED)


def test_t004_t005_one_person_claims_a_tin_once_and_few_at_a_time(claim: Company, claimant: User) -> None:
    with pytest.raises(Rejected) as refused:
        make.claim(TIN, owner=claimant)
    assert codes(refused) == ["T004"]
    for number in range(4):
        make.claim(f"01000008{number}", owner=claimant)
    with pytest.raises(Rejected) as refused:
        make.claim("010000089", owner=claimant)
    assert codes(refused) == ["T005"]


def test_an_administrator_changes_particulars_and_never_the_standing(claim: Company) -> None:
    administrator = client_of(make.officer(Role.ADMIN, None))
    empty = {
        f"{name}-{part}_FORMS": "0"
        for name in ("memberships", "mandates_given", "events")
        for part in ("TOTAL", "INITIAL")
    }
    form = {"name": "Other", "kind": "broker", "standing": "confirmed", "is_active": "on", **empty}
    answer = administrator.post(f"/admin/traders/company/{claim.pk}/change/", form)
    assert answer.status_code == 302
    claim.refresh_from_db()
    assert (claim.kind, claim.standing) == ("broker", "claimed")
    assert AdministrativeAct.objects.filter(verb="company changed").exists()


class KnownRegister:
    """A register of a country, as one might connect it."""

    def look_up(self, tin: str) -> Entry | None:
        return Entry("Claimed LLC", "Dushanbe", entitled=("claimant@example.com",)) if tin == TIN else None


def test_a_connected_register_confirms_whom_it_names_and_tells_officers_of_the_rest(
    settings: Any, follow_ups: FollowUps, claimant: User
) -> None:
    settings.COMPANY_REGISTER = "tests.traders.test_claims.KnownRegister"
    with follow_ups():
        entitled, rival = make.claim(TIN, owner=claimant), make.claim(TIN, owner=make.stranger())
        unknown = make.claim("010000078", owner=claimant)
    for company in (entitled, rival, unknown):
        company.refresh_from_db()
    assert (entitled.standing, rival.standing, unknown.standing) == ("confirmed", "refused", "claimed")
    assert unknown.register_entry == {}
    assert "does not know this TIN" in client_of(make.supervisor()).get(f"/claims/{unknown.pk}/").content.decode()
