"""Nobody acts as an officer on a file to which he is bound as a trader: as member, through a mandate, by a step."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Office, Role, User
from accounts.services import appoint
from clearance import selectors, services
from clearance.models import Case
from clearance.selectors import Wanted
from declarations.services import record
from lib.violations import Rejected
from payments.services import pay_from_account
from risk.services import score
from tests import make
from tests.clearance import make as clearance
from tests.conftest import client_of
from traders.models import Company, Right
from traders.services import add_member, end_membership, revoke_mandate

pytestmark = pytest.mark.django_db
Bind = Callable[[User, Case], object]


def member_of(firm: Company, person: User, right: Right = Right.PAYER) -> None:
    add_member(firm, user=person, right=right, by=make.trader(), on=make.SINCE, at=make.AT)


def owner_of_a_company(person: User, tin: str = "010000099") -> Company:
    return make.company(tin, name="Own LLC", owner=person, kind=Company.Kind.BROKER)


def works_for_by_mandate(person: User, case: Case) -> None:
    make.mandate(principal=make.company(), agent=owner_of_a_company(person))


def was_member_when_it_was_lodged(person: User, case: Case) -> None:
    member_of(case.declaration.declarant, person)
    after = make.ON + timedelta(days=10)
    end_membership(person.memberships.get(), by=make.trader(), on=after, at=make.AT)


def is_named_in_a_box(person: User, case: Case) -> None:
    firm = owner_of_a_company(person, tin="010000098")
    assert case.declaration.financial_code == firm.tin


def made_a_step(person: User, case: Case) -> None:
    record(case.declaration, verb="answer", by=person, at=make.AT)


def paid_it(person: User, case: Case) -> None:
    make.funds(case.declaration.declarant)
    member_of(case.declaration.declarant, person)
    pay_from_account(case.declaration, by=person, at=make.AT, idempotency_key="x")
    person.memberships.all().delete()


BONDS: dict[str, Bind] = {
    "member of the declarant": lambda person, case: member_of(case.declaration.declarant, person),
    "works for a party by mandate": works_for_by_mandate,
    "was a member when it was lodged": was_member_when_it_was_lodged,
    "owner of a company named in a box": is_named_in_a_box,
    "made a step as a trader": made_a_step,
    "paid it": paid_it,
}


def officer(role: Role = Role.DOCUMENTARY) -> User:
    return make.officer(role, email="own.firm@customs.example")


def file(lane: str = "yellow") -> Case:
    return clearance.routed(lane, financial_code="010000098")


def codes(verb: Callable[[], object]) -> list[str]:
    with pytest.raises(Rejected) as refused:
        verb()
    return [fault.code for fault in refused.value.violations]


# The judge ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("bond", BONDS)
def test_whoever_is_bound_to_a_file_does_not_claim_it(bond: str) -> None:
    case, person = file(), officer()
    assert not selectors.is_linked(person, case)
    assert selectors.links_to(person, case) == []
    BONDS[bond](person, case)
    assert selectors.is_linked(person, case)
    assert selectors.links_to(person, case)
    assert codes(lambda: services.claim(case, by=person, at=make.AT)) == ["C008"]
    assert services.claim_next(Wanted(), by=person, at=make.AT) is None
    assert services.claim(case, by=clearance.yellow_officer(), at=make.AT).claimed_by == clearance.yellow_officer()


def test_members_and_agents_of_companies_without_a_part_in_it_are_free() -> None:
    case, person = file(), officer()
    agent = owner_of_a_company(person)
    make.mandate(principal=Company.objects.get(tin=make.OTHER_TIN) if make.stranger() else agent, agent=agent)
    gone = make.mandate(principal=make.company(), agent=agent)
    revoke_mandate(gone, by=make.trader(), at=make.AT - timedelta(days=2))
    assert not selectors.is_linked(person, case)
    assert services.claim(case, by=person, at=make.AT).claimed_by == person


def test_acting_as_an_officer_is_no_bond() -> None:
    held = clearance.queried().case
    assert not selectors.is_linked(clearance.yellow_officer(), held)


def test_the_next_file_is_the_next_that_he_may_act_on() -> None:
    person = officer()
    own = file()
    made_a_step(person, own)
    other = file()
    assert own.due_at <= other.due_at
    assert services.claim_next(Wanted(), by=person, at=make.AT) == other


# Each verb ----------------------------------------------------------------------------------------------------
VERBS: dict[str, Callable[[Case, User], object]] = {
    "ask": lambda case, by: services.ask(case, question="?", due=clearance.DUE, by=by, at=make.AT),
    "examine": lambda case, by: services.start_examination(case, kind="documents", by=by, at=make.AT),
    "release": lambda case, by: services.decide_release(case, by=by, at=make.AT),
    "reject": lambda case, by: services.reject(case, reason="no", by=by, at=make.AT),
}
SUPERVISORS_VERBS: dict[str, Callable[[Case, User], object]] = {
    "reroute": lambda case, by: services.reroute(case, lane="red", reason="The weight looks wrong.", by=by, at=make.AT),
    "allot": lambda case, by: services.allot(
        case, officer=clearance.yellow_officer(), reason="", by=by, at=make.AT
    ),
}  # fmt: skip


@pytest.mark.parametrize("verb", VERBS)
def test_whoever_is_bound_after_claiming_does_nothing_more_but_gives_the_file_back(verb: str) -> None:
    person = officer()
    case = services.claim(file(), by=person, at=make.AT)
    made_a_step(person, case)
    assert codes(lambda: VERBS[verb](case, person)) == ["C008"]
    assert services.give_back(case, by=person, at=make.AT).claimed_by is None


def test_a_question_and_an_examination_under_way_are_left_to_others() -> None:
    person = officer()
    case = services.claim(file(), by=person, at=make.AT)
    query = services.ask(case, question="?", due=clearance.DUE, by=person, at=make.AT)
    examination = services.start_examination(case, kind="documents", by=person, at=make.AT)
    finding = {"item_number": 0, "code": "conform"}
    services.record_finding(examination, **finding, by=person, at=make.AT)
    made_a_step(person, case)
    assert codes(lambda: services.withdraw(query, reason="x", by=person, at=make.AT)) == ["C008"]
    assert codes(lambda: services.record_finding(examination, **finding, by=person, at=make.AT)) == ["C008"]
    assert codes(lambda: services.finish_examination(examination, by=person, at=make.AT)) == ["C008"]


@pytest.mark.parametrize("verb", SUPERVISORS_VERBS)
def test_a_supervisor_who_is_bound_moves_nothing(verb: str) -> None:
    person, case = officer(Role.SUPERVISOR), file()
    made_a_step(person, case)
    assert codes(lambda: SUPERVISORS_VERBS[verb](case, person)) == ["C008"]
    SUPERVISORS_VERBS[verb](case, make.supervisor())


def test_a_file_is_not_allotted_to_whoever_is_bound_to_it() -> None:
    person, case = officer(), file()
    made_a_step(person, case)
    supervisor = make.supervisor()
    assert codes(lambda: services.allot(case, officer=person, reason="", by=supervisor, at=make.AT)) == ["C008"]


def test_an_amendment_that_names_his_company_takes_the_file_from_him() -> None:
    person = officer()
    firm = owner_of_a_company(person)
    case = services.claim(clearance.routed("yellow"), by=person, at=make.AT)
    newer = clearance.amended(case.declaration, financial_code=firm.tin)
    score(newer.pk, at=make.AT)
    after = services.route(newer.pk, at=make.AT)
    assert after is not None
    assert after.claimed_by is None


# Pages --------------------------------------------------------------------------------------------------------
def test_every_officers_door_refuses_and_says_why() -> None:
    person = officer()
    case = file()
    member_of(case.declaration.declarant, person)
    client = client_of(person)
    answer = client.post(reverse("case_claim", args=[case.declaration.public_id]))
    assert answer.status_code == 422
    assert "member of Somon Trade LLC" in answer.content.decode()
    case.refresh_from_db()
    assert case.claimed_by is None


def test_his_page_offers_no_verb_and_shows_no_criterion() -> None:
    person, case = officer(), file()
    text = client_of(person).get(reverse("case", args=[case.declaration.public_id])).content.decode()
    assert 'id="links"' not in text
    assert "All yellow" in text
    member_of(case.declaration.declarant, person)
    text = client_of(person).get(reverse("case", args=[case.declaration.public_id])).content.decode()
    assert 'id="links"' in text
    assert "All yellow" not in text
    assert reverse("case_claim", args=[case.declaration.public_id]) not in text


def test_as_a_trader_he_reads_his_own_declaration_as_traders_do() -> None:
    person, case = officer(), file()
    page = reverse("declaration", args=[case.declaration.public_id])
    assert client_of(person).get(page)["Location"] == reverse("case", args=[case.declaration.public_id])
    member_of(case.declaration.declarant, person)
    assert client_of(person).get(page).status_code == 200


def test_the_administrator_sees_what_binds_a_person() -> None:
    person, case = make.trader(), file()
    appoint(person, role=Role.DOCUMENTARY, office=Office.objects.get(code="TJ02"), on=make.SINCE, at=make.AT)
    make.mandate(principal=Company.objects.get(tin=make.OTHER_TIN) if make.stranger() else None, agent=make.company())
    page = reverse("admin:accounts_user_change", args=[person.pk])
    text = client_of(make.officer(Role.ADMIN, None)).get(page).content.decode()
    assert "member of Somon Trade LLC" in text
    assert "works for Other Trade LLC (010000002) through Somon Trade LLC" in text
    assert f"steps as a trader in {case.mrn}" in text
    nobody = reverse("admin:accounts_user_change", args=[make.officer().pk])
    assert "member of" not in client_of(make.officer(Role.ADMIN, None)).get(nobody).content.decode()
