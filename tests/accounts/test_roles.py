"""Officers' roles: dated, per office, and what they open in the admin."""

import re
from datetime import date, timedelta
from functools import partial
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client

from accounts.models import AdministrativeAct, Office, OfficerRole, Role, RoleProposal, User
from accounts.rules import APART, apart
from accounts.selectors import has_role, is_officer, posts_of
from accounts.services import (
    appoint,
    change_person,
    create_officer,
    end_role,
    give_proposed_role,
    propose_role,
    refuse_proposed_role,
)
from lib.violations import Rejected
from tests import make
from tests.clearance.make import at_once
from tests.conftest import client_of
from tests.syntax import calls

pytestmark = pytest.mark.django_db

TODAY = make.ON
TOMORROW = TODAY + timedelta(days=1)


def admin(name: str = "first") -> User:
    return make.officer(Role.ADMIN, office=None, email=f"{name}@customs.example")


def proposed(person: User, role: Role = Role.ANALYST, *, by: User | None = None) -> RoleProposal:
    return propose_role(person, role=role, office=None, reason="moves here", by=by or admin(), on=TODAY, at=make.AT)


def code_of(refused: pytest.ExceptionInfo[Rejected]) -> str:
    return refused.value.violations[0].code


def test_a_role_ends_at_once_and_stays_in_the_past(officer: User) -> None:
    held = OfficerRole.objects.get(user=officer)
    end_role(held, reason="moves on", by=admin(), on=TODAY, at=make.AT)
    assert not is_officer(officer, on=TODAY)
    assert is_officer(officer, on=TODAY - timedelta(days=1))


def test_a_role_that_began_today_ends_and_leaves_its_trace(officer: User) -> None:
    given = give_proposed_role(proposed(officer, Role.TARIFF), by=admin("second"), on=TODAY, at=make.AT)
    end_role(given, reason="moves on", by=admin(), on=TODAY, at=make.AT)
    assert not has_role(officer, Role.TARIFF, on=TODAY)
    assert has_role(officer, Role.DOCUMENTARY, on=TODAY)
    kept = OfficerRole.objects.get(pk=given.pk)
    assert (kept.valid_from, kept.ended_at, kept.ended_by) == (TODAY, make.AT, admin())
    again = appoint(officer, role=Role.TARIFF, office=None, on=TODAY, at=make.AT)
    assert again.pk != kept.pk


def test_an_equal_role_is_given_once(officer: User) -> None:
    office = Office.objects.get(code=make.OFFICE)
    again = appoint(officer, role=Role.DOCUMENTARY, office=office, on=TODAY, at=make.AT)
    assert list(OfficerRole.objects.filter(user=officer)) == [again]


def test_a_role_takes_two_persons(officer: User) -> None:
    proposal = proposed(officer, Role.TARIFF)
    assert not has_role(officer, Role.TARIFF, on=TODAY)
    for nobody in (admin(), officer):
        with pytest.raises(Rejected) as refused:
            give_proposed_role(proposal, by=nobody, on=TODAY, at=make.AT)
        assert code_of(refused) == "A015"
    give_proposed_role(proposal, by=admin("second"), on=TODAY, at=make.AT)
    assert has_role(officer, Role.TARIFF, on=TODAY)
    with pytest.raises(Rejected) as refused:
        give_proposed_role(proposal, by=admin("second"), on=TODAY, at=make.AT)
    assert code_of(refused) == "A014"


def test_a012_nobody_proposes_for_themselves() -> None:
    with pytest.raises(Rejected) as refused:
        proposed(admin(), Role.APPROVING, by=admin())
    assert code_of(refused) == "A012"


def test_a_refused_proposal_gives_nothing_and_may_come_again(officer: User) -> None:
    proposal = proposed(officer, Role.TARIFF)
    with pytest.raises(Rejected) as refused:
        proposed(officer, Role.TARIFF, by=admin("second"))
    assert code_of(refused) == "A013"
    refuse_proposed_role(proposal, by=admin(), at=make.AT)
    assert not has_role(officer, Role.TARIFF, on=TODAY)
    assert proposed(officer, Role.TARIFF).pk != proposal.pk


@pytest.mark.parametrize(
    ("held", "wanted"),
    [
        (Role.DOCUMENTARY, Role.CASHIER),
        (Role.SUPERVISOR, Role.ADMIN),
        (Role.AUDITOR, Role.TARIFF),
        (Role.CASHIER, Role.TREASURY),
        (Role.TREASURY, Role.CASHIER),
        (Role.TARIFF, Role.APPROVING),
        (Role.ANALYST, Role.EXAMINING),
        (Role.SECURITY, Role.DIRECTOR),
        (Role.AUDITOR, Role.SECURITY),
        (Role.DIRECTOR, Role.TREASURY),
    ],
)
def test_a010_roles_that_stand_against_each_other(held: Role, wanted: Role) -> None:
    person = make.officer(held, office=None)
    for refuses in (
        lambda: proposed(person, wanted),
        lambda: appoint(person, role=wanted, office=None, on=TODAY, at=make.AT),
    ):
        with pytest.raises(Rejected) as refused:
            refuses()
        assert code_of(refused) == "A010"
        sentence = str(refused.value.violations[0].sentence)
        assert str(held.label) in sentence
        assert str(wanted.label) in sentence
        assert str(apart(held, wanted, on=TODAY).reason) in sentence  # type: ignore[union-attr]


def test_a_role_that_came_meanwhile_counts_when_the_second_person_decides() -> None:
    person = make.user("both@example.com")
    one, other = proposed(person, Role.DOCUMENTARY), proposed(person, Role.CASHIER)
    give_proposed_role(one, by=admin("second"), on=TODAY, at=make.AT)
    with pytest.raises(Rejected) as refused:
        give_proposed_role(other, by=admin("second"), on=TODAY, at=make.AT)
    assert code_of(refused) == "A010"


def test_no_role_stands_against_itself_and_every_pair_both_ways() -> None:
    assert not any(apart(role, role, on=TODAY) for role in Role)
    pairs = [(one, two) for each in APART for one in each.one for two in each.other]
    assert all(apart(one, two, on=TODAY) and apart(two, one, on=TODAY) for one, two in pairs)
    assert all(apart(Role.SECURITY, role, on=TODAY) for role in set(Role) - {Role.SECURITY}), "it only reads"
    assert not apart(Role.DOCUMENTARY, Role.EXAMINING, on=TODAY)
    assert not apart(Role.DIRECTOR, Role.APPROVING, on=TODAY)
    assert not apart(Role.CASHIER, Role.TREASURY, on=date(2025, 12, 31)), "a rule holds from its day on"


def test_the_database_keeps_the_same_roles_apart_as_the_table() -> None:
    person = make.user("pair@customs.example")
    refused = set()
    for one in Role:
        for two in set(Role) - {one}:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT set_config('portal.appointing', 'on', true)")
                try:
                    with transaction.atomic():
                        for role in (one, two):
                            OfficerRole.objects.create(user=person, role=role, valid_from=TODAY)
                except IntegrityError:
                    refused.add((one, two))
                transaction.set_rollback(True)
    assert refused == {(one, two) for one in Role for two in Role if apart(one, two, on=TODAY)}


def test_a016_the_last_administrator_stays() -> None:
    last = OfficerRole.objects.get(user=admin())
    with pytest.raises(Rejected) as refused:
        end_role(last, reason="moves on", by=admin(), on=TODAY, at=make.AT)
    assert code_of(refused) == "A016"
    admin("second")
    end_role(last, reason="moves on", by=admin("second"), on=TODAY, at=make.AT)
    assert not has_role(admin(), Role.ADMIN, on=TODAY)


def test_a016_an_administrator_whose_account_is_closed_gives_no_role() -> None:
    change_person(admin("second"), changes={"is_active": False}, by=admin(), at=make.AT)
    with pytest.raises(Rejected) as refused:
        end_role(OfficerRole.objects.get(user=admin()), reason="moves on", by=admin(), on=TODAY, at=make.AT)
    assert code_of(refused) == "A016"


@pytest.mark.django_db(transaction=True)
def test_a016_of_two_administrators_who_end_each_others_role_at_once_one_stays() -> None:
    roles = [OfficerRole.objects.get(user=admin(name)) for name in ("first", "second")]
    told = at_once(*(
        partial(end_role, role, reason="moves on", by=other.user, on=TODAY, at=make.AT)
        for role, other in zip(roles, reversed(roles), strict=True)
    ))  # fmt: skip
    assert sorted(told) == ["A016", "done"]
    assert OfficerRole.objects.on(TODAY).filter(role=Role.ADMIN).count() == 1


@pytest.mark.usefixtures("as_owner")
def test_the_database_refuses_a_role_of_one_person_and_every_way_to_lose_its_trace(officer: User) -> None:
    held, proposal = OfficerRole.objects.get(user=officer), proposed(officer, Role.TARIFF)
    act = AdministrativeAct.objects.latest("pk")
    ended = OfficerRole.objects.get(user=make.supervisor())
    end_role(ended, reason="moves on", by=admin(), on=TODAY, at=make.AT)
    for write in (
        lambda: OfficerRole.objects.create(user=officer, role=Role.TARIFF, valid_from=TODAY),
        lambda: OfficerRole.objects.create(user=officer, role=Role.TARIFF, valid_from=TODAY, proposal=proposal),
        lambda: OfficerRole.objects.filter(pk=held.pk).update(role=Role.ADMIN),
        lambda: OfficerRole.objects.filter(pk=held.pk).delete(),
        lambda: OfficerRole.objects.filter(pk=ended.pk).update(ended_by=officer),
        lambda: RoleProposal.objects.filter(pk=proposal.pk).delete(),
        lambda: OfficerRole.objects.filter(pk=ended.pk).delete(),
        lambda: OfficerRole.objects.filter(pk=ended.pk).update(end_reason="other", valid_to=None),
        lambda: OfficerRole.objects.filter(pk=held.pk).update(valid_from=TODAY),
        lambda: AdministrativeAct.objects.filter(pk=act.pk).update(about=""),
        lambda: AdministrativeAct.objects.filter(pk=act.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            write()
    own = {"decided_by": admin(), "decided_at": make.AT}
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleProposal.objects.filter(pk=proposal.pk).update(outcome="given", **own)


def test_a030_one_person_ends_a_role_with_a_reason_and_its_holders_session_opens_nothing_more() -> None:
    person = make.officer(Role.ANALYST, office=None)
    held, session = OfficerRole.objects.get(user=person), client_of(person)
    assert session.get("/risk/criteria/").status_code == 200
    with pytest.raises(Rejected) as refused:
        end_role(held, reason=" ", by=admin(), on=TODAY, at=make.AT)
    assert code_of(refused) == "A030"
    end_role(held, reason="left the service", by=admin(), on=TODAY, at=make.AT)
    assert OfficerRole.objects.get(pk=held.pk).end_reason == "left the service"
    assert session.get("/risk/criteria/").status_code == 404
    act = AdministrativeAct.objects.get(verb="role ended")
    assert (act.person, act.by, "left the service" in act.about) == (person, admin(), True)


def test_a_role_is_written_by_its_verbs_alone_and_given_alone_by_the_commands_that_say_so() -> None:
    """The door of two persons; beside it the command for the first administrators and the demonstration."""
    root = Path(__file__).resolve().parent.parent.parent
    made, given = set(), set()
    for app in ("accounts", "clearance", "customs_portal", "demo", "machines", "traders"):
        for path in (root / app).rglob("*.py"):
            called = {re.sub(r".*services\.", "", name) for _node, name in calls(path)}
            place = str(path.relative_to(root))
            if called & {"OfficerRole", "OfficerRole.objects.create", "OfficerRole.objects.bulk_create"}:
                made.add(place)
            if called & {"appoint", "create_officer"}:
                given.add(place)
    assert made == {"accounts/services/roles.py"}
    assert given == {
        "accounts/services/roles.py", "accounts/management/commands/appoint_administrator.py", "demo/people.py",
    }  # fmt: skip


def test_the_first_administrators_come_from_a_command() -> None:
    said = StringIO()
    for email in ("one@customs.example", "two@customs.example"):
        call_command("appoint_administrator", email, stdout=said)
    assert OfficerRole.objects.filter(role=Role.ADMIN, proposal=None).count() == 2
    call_command("appoint_administrator", "one@customs.example", stdout=said)
    assert OfficerRole.objects.filter(role=Role.ADMIN).count() == 2
    with pytest.raises(CommandError, match="A010"):
        call_command("appoint_administrator", make.officer().email, stdout=said)
    with pytest.raises(CommandError):
        call_command("appoint_administrator", "no address", stdout=said)
    with pytest.raises(NotImplementedError, match="appoint_administrator"):
        User.objects.create_superuser(email="root@customs.example", password=make.PASSWORD)


def test_an_account_on_an_address_that_was_never_verified_becomes_no_officer_and_stands_in_nobodys_way() -> None:
    early = User.objects.create_user("chief@customs.example", make.PASSWORD)
    for refuses in (
        lambda: proposed(early),
        lambda: appoint(early, role=Role.ADMIN, office=None, on=TODAY, at=make.AT),
    ):
        with pytest.raises(Rejected) as refused:
            refuses()
        assert code_of(refused) == "A017"
    call_command("appoint_administrator", early.email, stdout=StringIO())
    early.refresh_from_db()
    assert has_role(early, Role.ADMIN, on=date.today())
    assert not early.has_usable_password()


def test_a_role_without_office_counts_in_every_office(officer: User) -> None:
    chief = make.officer(Role.SUPERVISOR, office=None)
    own, all_offices = posts_of(officer, on=TODAY), posts_of(chief, on=TODAY)
    for office in Office.objects.on(TODAY):
        assert own.sees(office.code) is (office.code == make.OFFICE)
        assert all_offices.sees(office.code)


def test_a001_one_person_for_one_address(officer: User) -> None:
    with pytest.raises(Rejected) as refused:
        create_officer(
            email=officer.email.upper(),
            password=None,
            full_name="",
            role=Role.ANALYST,
            office=None,
            on=TODAY,
            at=make.AT,
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
    end_role(OfficerRole.objects.get(user=admin()), reason="x", by=admin("second"), on=date.today(), at=make.AT)
    assert client_of(admin()).get("/admin/", follow=True).status_code == 404


PROPOSALS, ROLES = "/admin/accounts/roleproposal/", "/admin/accounts/officerrole/"


def test_two_administrators_give_a_role_one_ends_it_and_all_of_it_is_found_in_the_log() -> None:
    one, two = client_of(admin()), client_of(admin("second"))
    person = make.user("new@example.com")
    office = Office.objects.get(code=make.OFFICE)
    wanted = {"user": person.pk, "role": "examining", "office": office.pk, "reason": "Order 14 of 20 November"}
    assert one.post(PROPOSALS + "add/", wanted).status_code == 302
    proposal = RoleProposal.objects.get(user=person)
    give = {"action": "give", "_selected_action": [proposal.pk]}
    answer = one.post(PROPOSALS, give, follow=True)
    assert "Another administrator has to decide" in answer.content.decode()
    assert not is_officer(person, on=date.today())
    two.post(PROPOSALS, give)
    held = OfficerRole.objects.get(user=person)
    assert held.proposal == proposal
    one.post(ROLES, {"action": "end_roles", "_selected_action": [held.pk], "reason": "Order 15"})
    assert not is_officer(person, on=date.today())
    found = client_of(make.officer(Role.AUDITOR, office=None)).get(
        "/admin/accounts/administrativeact/?q=new@example.com"
    )
    text = found.content.decode()
    assert all(word in text for word in ("Order 14 of 20 November", "role proposed", "role given", "role ended"))


def test_what_a_proposal_lacks_stands_beside_its_field() -> None:
    client = client_of(admin())
    page = client.post(PROPOSALS + "add/", {"user": admin().pk, "role": "approving", "reason": "I like to"})
    assert "Nobody proposes a role for themselves" in page.content.decode()
    page = client.post(PROPOSALS + "add/", {"user": make.officer().pk, "role": "cashier", "reason": "short of people"})
    assert "One person may not be cashier as well" in page.content.decode()
    assert client.post(PROPOSALS + "add/", {"role": "nothing"}).status_code == 200
    assert not RoleProposal.objects.exists()


def test_an_administrator_does_nothing_to_their_own_account_and_everything_else_is_logged() -> None:
    one, client = admin(), client_of(admin())
    person = make.user("new@example.com")
    for action in ("take_away_second_factor", "unlock"):
        client.post("/admin/accounts/user/", {"action": action, "_selected_action": [one.pk, person.pk]})
    page = f"/admin/accounts/user/{person.pk}/change/"
    inline = {"officer_roles-TOTAL_FORMS": "0", "officer_roles-INITIAL_FORMS": "0"}
    client.post(page, inline | {"full_name": "New Name", "language": "ru", "time_zone": "Asia/Dushanbe"})
    person.refresh_from_db()
    assert (person.full_name, person.is_active) == ("New Name", False)
    assert client.post(f"/admin/accounts/user/{one.pk}/change/", {"full_name": "Mine"}).status_code == 403
    acts = AdministrativeAct.objects.filter(by=one).exclude(verb="role given")
    assert not acts.filter(person=one).exists()
    assert set(acts.values_list("verb", flat=True)) == {"second factor", "unlocked", "person changed"}


def _given(person: User, *, begins: date) -> OfficerRole:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.appointing', 'on', true)")
        given = OfficerRole.objects.create(user=person, role=Role.ANALYST, valid_from=begins)
        cursor.execute("SELECT set_config('portal.appointing', 'off', true)")
    return given


def test_a019_a_closed_account_that_holds_roles_is_opened_by_nobody_alone(officer: User) -> None:
    one, client = admin(), client_of(admin())
    page = f"/admin/accounts/user/{officer.pk}/change/"
    inline = {"officer_roles-TOTAL_FORMS": "0", "officer_roles-INITIAL_FORMS": "0"}
    content = inline | {"full_name": "An Officer", "language": "ru", "time_zone": "Asia/Dushanbe"}
    assert client.post(page, content | {"is_active": "on"}).status_code == 302, "an open account stays open"
    client.post(page, content)
    refused = client.post(page, content | {"is_active": "on"})
    assert "End them first; two administrators give them anew." in refused.content.decode()
    with pytest.raises(Rejected) as rejected:
        change_person(officer, changes={"is_active": True}, by=one, at=make.AT)
    assert code_of(rejected) == "A019"
    officer.refresh_from_db()
    assert not officer.is_active
    for role in OfficerRole.objects.filter(user=officer):
        end_role(role, reason="moves on", by=one, on=date.today(), at=make.AT)
    coming = _given(officer, begins=date.today() + timedelta(days=9))
    assert client.post(page, content | {"is_active": "on"}).status_code == 200, "it would begin by itself"
    end_role(coming, reason="moves on", by=one, on=date.today(), at=make.AT)
    assert client.post(page, content | {"is_active": "on"}).status_code == 302
    officer.refresh_from_db()
    assert officer.is_active
    assert not is_officer(officer, on=date.today())


@pytest.mark.parametrize("path", ["officerrole/add/", "administrativeact/add/"])
def test_roles_and_the_log_are_written_by_no_form(path: str) -> None:
    assert client_of(admin()).get("/admin/accounts/" + path).status_code == 403
