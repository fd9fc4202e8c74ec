"""Pages of one file ask the same few questions of the database whatever the number of items, and none of them twice."""

from collections import Counter
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import OfficerRole, Role, User
from accounts.selectors import posts_of
from accounts.services import end_role
from tests import make
from tests.clearance import auditing
from tests.clearance import make as clearance
from tests.conftest import client_of

pytestmark = pytest.mark.django_db
MOST = {"declaration": 58, "case": 60, "queue": 14, "audit": 28}
# What money may ask again: it is computed from what is paid at three places of the trader's page.
AGAIN = 3


def asked(user: User, name: str, *args: Any) -> list[str]:
    """The queries of a page, once what a process remembers is known."""
    client, door = client_of(user), reverse(name, args=args)
    client.get(door)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(door).status_code == 200, name
    return [query["sql"] for query in caught.captured_queries]


def test_the_pages_of_a_file_ask_little_and_as_much_of_twenty_items_as_of_five() -> None:
    of: dict[str, list[int]] = {name: [] for name in MOST}
    for number in (5, 20):
        goods = [make.item() for _each in range(number)]
        case = clearance.paid("yellow", items=goods, lrn=f"Y{number}")
        audit = auditing.opened(items=goods, lrn=f"A{number}")
        file = case.declaration.public_id
        for user, name, *args in (
            (make.trader(), "declaration", file), (clearance.yellow_officer(), "case", file),
            (clearance.yellow_officer(), "queue"), (auditing.auditor(), "audit", audit.public_id),
        ):  # fmt: skip
            queries = asked(user, name, *args)
            of[name].append(len(queries))
            again = {sql: times for sql, times in Counter(queries).items() if times > AGAIN}
            assert not again, (name, again)
            rights = [sql for sql in queries if "accounts_officerrole" in sql or "traders_membership" in sql]
            assert max(Counter(rights).values()) == 1, name
    assert all(few == many for few, many in of.values()), of
    assert all(max(found) <= MOST[name] for name, found in of.items()), of


def test_what_a_person_may_is_read_again_by_what_may_write_and_by_the_next_request() -> None:
    officer = make.officer(Role.EXAMINING)
    case = clearance.paid("red")
    client, door = client_of(officer), reverse("case", args=[case.declaration.public_id])
    shown = client.get(door)
    assert (shown.status_code, shown.wsgi_request.user.facts) == (200, None), "forgotten with the answer"
    held = posts_of(officer, on=make.ON)
    role = OfficerRole.objects.get(user=officer)
    end_role(role, reason="moves on", by=make.officer(Role.ADMIN, None), on=make.ON, at=make.AT)
    assert held.roles != posts_of(officer, on=make.ON).roles, "outside of a request it is read each time"
    assert client.get(door).status_code == 404
    assert client.post(reverse("case_claim", args=[case.declaration.public_id])).status_code == 404
