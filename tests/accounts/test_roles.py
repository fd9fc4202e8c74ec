"""Officers' roles: dated, per office, and what they open in the admin."""

from datetime import date, timedelta

import pytest
from django.test import Client

from accounts.models import Office, OfficerRole, Role, User
from accounts.selectors import has_role, is_officer, posts_of
from accounts.services import create_officer, end_role, give_role
from lib.violations import Rejected
from tests import make
from tests.conftest import client_of

pytestmark = pytest.mark.django_db

TODAY = make.ON
TOMORROW = TODAY + timedelta(days=1)


def test_a_role_ends_at_once_and_stays_in_the_past(officer: User) -> None:
    held = OfficerRole.objects.get(user=officer)
    end_role(held, on=TODAY)
    assert not is_officer(officer, on=TODAY)
    assert is_officer(officer, on=TODAY - timedelta(days=1))


def test_a_role_that_began_today_is_taken_back(officer: User) -> None:
    give_role(officer, role=Role.ANALYST, office=None, on=TODAY)
    end_role(OfficerRole.objects.get(user=officer, role=Role.ANALYST), on=TODAY)
    assert not has_role(officer, Role.ANALYST, on=TODAY)
    assert has_role(officer, Role.DOCUMENTARY, on=TODAY)


def test_an_equal_role_is_given_once(officer: User) -> None:
    office = Office.objects.get(code=make.OFFICE)
    again = give_role(officer, role=Role.DOCUMENTARY, office=office, on=TODAY)
    assert list(OfficerRole.objects.filter(user=officer)) == [again]


def test_a_role_without_office_counts_in_every_office(officer: User) -> None:
    chief = make.officer(Role.SUPERVISOR, office=None)
    own, all_offices = posts_of(officer, on=TODAY), posts_of(chief, on=TODAY)
    for office in Office.objects.on(TODAY):
        assert own.sees(office.code) is (office.code == make.OFFICE)
        assert all_offices.sees(office.code)


def test_a001_one_person_for_one_address(officer: User) -> None:
    with pytest.raises(Rejected) as refused:
        create_officer(
            email=officer.email.upper(), password=None, full_name="", role=Role.ANALYST, office=None, on=TODAY
        )
    assert refused.value.violations[0].code == "A001"


@pytest.mark.parametrize(
    ("role", "opened", "closed"),
    [
        (Role.ADMIN, "/admin/accounts/user/", "/admin/payments/"),
        (Role.AUDITOR, "/admin/traders/company/", "/admin/accounts/officerrole/add/"),
    ],
)
def test_the_admin_opens_what_the_role_keeps(role: Role, opened: str, closed: str) -> None:
    client = client_of(make.officer(role, office=None))
    assert client.get(opened).status_code == 200
    assert client.get(closed).status_code in (403, 404)


def test_the_admin_does_not_exist_for_traders_and_other_officers(as_trader: Client, as_officer: Client) -> None:
    for client in (as_trader, as_officer):
        assert client.get("/admin/", follow=True).status_code == 404
        assert client.get("/admin/accounts/user/", follow=True).status_code == 404


def test_the_admin_asks_for_the_portals_own_sign_in() -> None:
    response = Client().get("/admin/", follow=True)
    assert response.redirect_chain[-1][0] == "/account/login/?next=/admin/"


def test_the_admin_closes_with_the_role() -> None:
    admin = make.officer(Role.ADMIN, office=None)
    end_role(OfficerRole.objects.get(user=admin), on=date.today())
    assert client_of(admin).get("/admin/", follow=True).status_code == 404


def test_an_administrator_gives_a_role_and_ends_it() -> None:
    client = client_of(make.officer(Role.ADMIN, office=None))
    person = make.user("new@example.com")
    office = Office.objects.get(code=make.OFFICE)
    client.post("/admin/accounts/officerrole/add/", {"user": person.pk, "role": "examining", "office": office.pk})
    held = OfficerRole.objects.get(user=person)
    client.post("/admin/accounts/officerrole/", {"action": "end_roles", "_selected_action": [held.pk]})
    assert not is_officer(person, on=date.today())
