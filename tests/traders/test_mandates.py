"""Mandates: who may file for whom, under which procedures, from when and until when."""

from datetime import date, timedelta

import pytest
from django.test import Client

from accounts.models import User
from lib.violations import Rejected
from tests import make
from tests.conftest import client_of
from traders.models import Company, CompanyEvent, Mandate
from traders.selectors import may_act_for, principals_of
from traders.services import give_mandate, revoke_mandate

pytestmark = pytest.mark.django_db

TODAY = date.today()
PAGE = f"/companies/{make.TIN}/"


@pytest.fixture
def principal(trader: User) -> Company:
    return make.company()


@pytest.fixture
def agent(db: None) -> Company:
    make.broker()
    return Company.objects.get(tin=make.BROKER_TIN)


def test_without_a_mandate_only_oneself(principal: Company, agent: Company) -> None:
    assert may_act_for(agent=principal, principal=principal, procedure="IM4", on=TODAY)
    assert not may_act_for(agent=agent, principal=principal, procedure="IM4", on=TODAY)


def test_a_mandate_holds_on_its_days_and_for_its_procedures(principal: Company, agent: Company, trader: User) -> None:
    last = TODAY + timedelta(days=30)
    give_mandate(
        principal, agent=agent, by=trader, at=make.AT, valid_from=TODAY, valid_to=last, procedures=["IM4", "EX1"]
    )

    def may(procedure: str, on: date) -> bool:
        return may_act_for(agent=agent, principal=principal, procedure=procedure, on=on)

    assert may("IM4", TODAY)
    assert may("EX1", last)
    assert not may("IM7", TODAY)
    assert not may("IM4", TODAY - timedelta(days=1))
    assert not may("IM4", last + timedelta(days=1))
    assert list(principals_of(agent, on=TODAY)) == [principal]


def test_a_mandate_without_procedures_is_for_all_and_never_the_other_way_round(
    principal: Company, agent: Company, trader: User
) -> None:
    give_mandate(principal, agent=agent, by=trader, at=make.AT, valid_from=TODAY)
    assert may_act_for(agent=agent, principal=principal, procedure="TR8", on=TODAY)
    assert not may_act_for(agent=principal, principal=agent, procedure="TR8", on=TODAY)


@pytest.mark.parametrize(
    ("code", "changes"),
    [("T021", {"valid_to": TODAY - timedelta(days=1)}), ("T022", {"procedures": ["IM4", "nonsense"]})],
)
def test_a_faulty_mandate_is_refused(
    principal: Company, agent: Company, trader: User, code: str, changes: dict[str, object]
) -> None:
    with pytest.raises(Rejected) as refused:
        give_mandate(principal, agent=agent, by=trader, at=make.AT, **({"valid_from": TODAY} | changes))
    assert [violation.code for violation in refused.value.violations] == [code]
    assert not Mandate.objects.exists()


def test_t020_a_company_gives_itself_none(principal: Company, trader: User) -> None:
    with pytest.raises(Rejected) as refused:
        give_mandate(principal, agent=principal, by=trader, at=make.AT, valid_from=TODAY)
    assert [violation.code for violation in refused.value.violations] == ["T020"]


def test_the_owner_gives_a_mandate_by_tin_and_revokes_it(as_trader: Client, principal: Company, agent: Company) -> None:
    given = {"agent_tin": agent.tin, "valid_from": TODAY.isoformat(), "procedures": ["IM4"]}
    assert as_trader.post(PAGE + "mandates/", given)["Location"] == PAGE
    mandate = Mandate.objects.get()
    assert principal.name in client_of(make.broker()).get("/companies/").content.decode()
    as_trader.post(f"{PAGE}mandates/{mandate.pk}/revoke/")
    assert not may_act_for(agent=agent, principal=principal, procedure="IM4", on=TODAY)
    for company in (principal, agent):
        verbs = list(company.events.filter(about__contains="→").values_list("verb", flat=True))
        assert verbs == [CompanyEvent.Verb.MANDATE_REVOKED, CompanyEvent.Verb.MANDATE_GIVEN]


def test_t023_the_agent_must_be_registered(as_trader: Client) -> None:
    response = as_trader.post(PAGE + "mandates/", {"agent_tin": "019999999", "valid_from": TODAY.isoformat()})
    assert response.status_code == 422
    assert response.context["mandate_form"].errors.keys() == {"agent_tin"}


def test_the_agent_cannot_revoke_what_it_was_given(as_trader: Client, principal: Company, agent: Company) -> None:
    mandate = make.mandate(principal=principal, agent=agent)
    broker = client_of(make.broker())
    assert broker.post(f"/companies/{agent.tin}/mandates/{mandate.pk}/revoke/").status_code == 404
    assert broker.post(f"{PAGE}mandates/{mandate.pk}/revoke/").status_code == 404
    mandate.refresh_from_db()
    assert mandate.revoked_at is None


def test_revoking_twice_is_told_once(principal: Company, agent: Company, trader: User) -> None:
    mandate = make.mandate(principal=principal, agent=agent)
    revoke_mandate(mandate, by=trader, at=make.AT)
    revoke_mandate(mandate, by=trader, at=make.AT)
    assert principal.events.filter(verb=CompanyEvent.Verb.MANDATE_REVOKED).count() == 1
