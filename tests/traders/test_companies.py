"""Companies: registered by TIN, with members whose rights are dated, and a history that only grows."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from accounts.models import User
from lib.violations import Rejected
from tests import make
from tests.conftest import client_of
from traders.models import Company, CompanyEvent, Membership, Right
from traders.selectors import companies_of, rights_of, ties_of
from traders.services import add_member, change_company, end_membership

pytestmark = pytest.mark.django_db

TODAY = date.today()
PAGE = f"/companies/{make.TIN}/"


def codes(refused: pytest.ExceptionInfo[Rejected]) -> list[str]:
    return [violation.code for violation in refused.value.violations]


def register(client: Client, **changes: str) -> object:
    return client.post("/companies/register/", {"tin": "010009999", "name": "New Trade LLC"} | changes)


def test_who_registers_a_company_owns_it() -> None:
    person = make.user("new@example.com")
    response = register(client_of(person), tin="010 009 999", name_ru="ООО «Новое»")
    assert response["Location"] == "/companies/010009999/"
    company = Company.objects.get(tin="010009999")
    assert (company.name_ru, company.country, company.kind) == ("ООО «Новое»", "TJ", "trader")
    assert rights_of(person, company, on=TODAY) == set(Right)
    assert company.events.filter(verb=CompanyEvent.Verb.REGISTERED, by=person).count() == 1
    assert company.standing == "claimed"


@pytest.mark.parametrize("tin", ["12345678", "1234567890", "12345678X"])
def test_t001_a_tin_has_the_shape_of_the_territory(as_trader: Client, tin: str) -> None:
    response = register(as_trader, tin=tin)
    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"tin"}
    assert not Company.objects.filter(name="New Trade LLC").exists()


def test_t002_a_tin_is_registered_once(trader: User, as_stranger: Client) -> None:
    response = register(as_stranger, tin=make.TIN)
    assert response.status_code == 422
    assert Company.objects.get(tin=make.TIN).name == "Somon Trade LLC"


def test_registering_needs_a_signed_in_person() -> None:
    assert register(Client())["Location"].startswith("/account/login/")


def test_nobody_makes_themselves_a_broker(as_trader: Client) -> None:
    register(as_trader, kind="broker")
    assert Company.objects.get(tin="010009999").kind == "trader"


def test_a_member_sees_the_company_and_a_stranger_does_not(as_trader: Client, as_stranger: Client) -> None:
    assert as_trader.get(PAGE).status_code == 200
    assert as_stranger.get(PAGE).status_code == 404
    assert as_stranger.get("/companies/999999999/").status_code == 404
    assert "Somon Trade" not in as_stranger.get("/companies/").content.decode()


@pytest.mark.parametrize("path", ["members/", "members/1/end/", "mandates/", "mandates/1/revoke/"])
def test_only_the_owner_changes_members_and_mandates(as_stranger: Client, path: str) -> None:
    colleague = client_of(make.colleague())
    assert colleague.get(PAGE).status_code == 200
    assert colleague.post(PAGE + path).status_code == 404
    assert as_stranger.post(PAGE + path).status_code == 404


def test_a_right_that_is_held_is_not_given_twice(trader: User) -> None:
    company = make.company()
    add_member(company, user=trader, right=Right.PAYER, by=trader, on=TODAY, at=make.AT)
    assert company.memberships.filter(user=trader, right=Right.PAYER).count() == 1


def test_an_ended_right_ends_at_once_and_stays_in_the_past(as_trader: Client) -> None:
    colleague = make.colleague()
    held = Membership.objects.get(user=colleague)
    assert as_trader.post(f"{PAGE}members/{held.pk}/end/")["Location"] == PAGE
    assert not companies_of(colleague, on=TODAY).exists()
    assert companies_of(colleague, on=TODAY - timedelta(days=1)).exists()
    assert client_of(colleague).get(PAGE).status_code == 404


def test_a_right_that_ends_on_its_first_day_leaves_its_row(as_trader: Client) -> None:
    person = make.user("some.hours@example.com")
    held = add_member(make.company(), user=person, right=Right.PAYER, by=make.trader(), on=TODAY, at=make.AT)
    as_trader.post(f"{PAGE}members/{held.pk}/end/")
    assert not companies_of(person, on=TODAY).exists()
    assert Membership.objects.filter(pk=held.pk).exists()
    assert [(tie.since, tie.until) for tie in ties_of(person)] == [(TODAY, TODAY)]
    assert add_member(make.company(), user=person, right=Right.PAYER, by=make.trader(), on=TODAY, at=make.AT) != held


def test_t012_the_last_owner_stays(trader: User) -> None:
    company = make.company()
    owner = company.memberships.get(user=trader, right=Right.OWNER)
    with pytest.raises(Rejected) as refused:
        end_membership(owner, by=trader, on=TODAY, at=make.AT)
    assert codes(refused) == ["T012"]
    add_member(company, user=make.colleague(), right=Right.OWNER, by=trader, on=TODAY, at=make.AT)
    end_membership(owner, by=trader, on=TODAY, at=make.AT)
    assert Right.OWNER not in rights_of(trader, company, on=TODAY)


@pytest.mark.usefixtures("as_owner")
def test_the_history_only_grows(trader: User) -> None:
    event = make.company().events.first()
    for write in (event.delete, lambda: CompanyEvent.objects.filter(pk=event.pk).update(about="nothing")):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            write()


def test_what_changes_in_a_company_is_told(trader: User) -> None:
    company = make.company()
    change_company(company, changes={"phone": "+992 1", "name": company.name}, by=trader, at=make.AT)
    told = company.events.filter(verb=CompanyEvent.Verb.CHANGED)
    assert [event.about for event in told] == ["phone:  → +992 1"]
    change_company(company, changes={"phone": "+992 1"}, by=trader, at=make.AT)
    assert told.count() == 1


def test_the_pages_ask_the_same_number_of_questions_however_many_members(
    as_trader: Client, django_assert_max_num_queries: object, trader: User
) -> None:
    company = make.company()
    with django_assert_max_num_queries(20) as few:  # type: ignore[operator]
        as_trader.get(PAGE)
    for number in range(5):
        person = make.user(f"person{number}@example.com")
        add_member(company, user=person, right=Right.PREPARER, by=trader, on=TODAY, at=make.AT)
    with django_assert_max_num_queries(len(few)):  # type: ignore[operator]
        as_trader.get(PAGE)
