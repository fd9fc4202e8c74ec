"""Who sees which declaration. For anybody else it does not exist."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role, User
from declarations import selectors, services
from declarations.models import Declaration, StoredFile
from declarations.services.amend import amend
from tests import make
from traders.models import Company

pytestmark = pytest.mark.django_db


def sees(user: User, declaration: Declaration) -> bool:
    seen = selectors.visible_to(user, on=make.ON).filter(pk=declaration.pk).exists()
    try:
        found = selectors.declaration_for(user, str(declaration.public_id), on=make.ON) == declaration
    except Declaration.DoesNotExist:
        found = False
    assert seen == found
    return seen


def test_members_see_drafts_of_their_company_and_strangers_do_not() -> None:
    draft = make.draft()
    assert sees(make.trader(), draft)
    assert sees(make.colleague(), draft)
    assert not sees(make.stranger(), draft)


def test_a_member_whose_time_is_over_sees_nothing() -> None:
    draft, colleague = make.draft(), make.colleague()
    colleague.memberships.update(valid_to=make.SINCE)
    assert not sees(colleague, draft)


def test_the_principal_sees_what_its_broker_lodged_and_not_its_drafts() -> None:
    broker = make.broker()
    agent = Company.objects.get(tin=make.BROKER_TIN)
    make.mandate(principal=make.company(owner=make.trader()), agent=agent)
    draft = make.draft(declarant=agent, by=broker)
    assert not sees(make.trader(), draft)
    lodged = services.lodge(draft, on=make.ON, at=make.AT, by=broker)
    assert sees(make.trader(), lodged)
    assert sees(broker, lodged)
    assert not sees(make.stranger(), lodged)
    assert not selectors.may_prepare(make.trader(), lodged, on=make.ON)


@pytest.mark.parametrize(
    ("role", "office", "may"),
    [
        (Role.DOCUMENTARY, "TJ01", True),
        (Role.EXAMINING, "TJ01", True),
        (Role.SUPERVISOR, "TJ01", True),
        (Role.DOCUMENTARY, "TJ02", False),
        (Role.SUPERVISOR, None, True),
        (Role.AUDITOR, None, True),
        (Role.ANALYST, None, True),
        (Role.CASHIER, None, False),
        (Role.TARIFF, None, False),
    ],
)
def test_officers_see_lodged_declarations_of_their_offices_and_no_drafts(role: Role, office: str, may: bool) -> None:
    officer = make.officer(role, office)
    assert sees(officer, make.lodged()) == may
    assert not sees(officer, make.draft())


def test_a_declaration_is_found_by_its_mrn_in_its_newest_version() -> None:
    made = make.lodged()
    newer = amend(made, data=selectors.as_dict(made), reason="Typing error.", by=make.trader(), at=make.AT, on=make.ON)
    assert selectors.declaration_for(make.trader(), made.mrn.lower(), on=make.ON) == newer
    with pytest.raises(Declaration.DoesNotExist):
        selectors.declaration_for(make.stranger(), made.mrn, on=make.ON)


@pytest.mark.parametrize("key", ["", "x", "26TJ000001000099R0", "00000000-0000-0000-0000-000000000000"])
def test_a_key_that_names_nothing_finds_nothing(key: str) -> None:
    make.draft()
    with pytest.raises(Declaration.DoesNotExist):
        selectors.declaration_for(make.trader(), key, on=make.ON)


def test_drafts_are_written_by_owners_and_preparers_only() -> None:
    draft, colleague = make.draft(), make.colleague()
    assert selectors.draft_for(colleague, draft.public_id, on=make.ON) == draft
    colleague.memberships.update(right="payer")
    with pytest.raises(Declaration.DoesNotExist):
        selectors.draft_for(colleague, draft.public_id, on=make.ON)
    assert sees(colleague, draft)


def test_a_file_is_seen_by_those_who_see_its_declaration() -> None:
    stored = services.store_file(
        make.draft(), kind="attachment", name="a.pdf", content=b"%PDF-1.7 x", by=make.trader(), at=make.AT
    )
    assert selectors.file_for(make.trader(), str(stored.public_id), on=make.ON) == stored
    for user, key in ((make.stranger(), str(stored.public_id)), (make.trader(), "x")):
        with pytest.raises(StoredFile.DoesNotExist):
            selectors.file_for(user, key, on=make.ON)


def queries(read: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        read()
    return len(captured)


def test_reading_many_declarations_with_their_parts_costs_as_many_queries_as_reading_one() -> None:
    def read() -> object:
        rows = selectors.with_parts(selectors.visible_to(make.trader(), on=make.ON))
        return [selectors.as_dict(row) for row in rows]

    make.draft()
    before = queries(read)
    for _more in range(4):
        make.draft(items=[make.item(), make.item()])
    assert queries(read) == before
