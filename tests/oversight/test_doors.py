"""Who saw whose data is written down behind every door that takes a key of somebody's, by one mechanism."""

import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import ResolverMatch, URLResolver, get_resolver, reverse

from accounts.models import Look, Role, User
from accounts.selectors import roles_of
from clearance.models import Opening
from declarations.models import FileView
from declarations.services import lodge, receive_file
from oversight import services
from oversight.middleware import LooksMiddleware
from oversight.selectors import Asked, looks
from oversight.selectors.doors import RULES, is_known, rule_of
from passengers.models import PassengerView
from tests import make
from tests.border import posting as post
from tests.clearance import make as clearance
from tests.conftest import client_of
from tests.passengers import travelling as way
from tests.scans import JPEG

pytestmark = pytest.mark.django_db
SAMPLES: dict[str, Any] = {"int": 70_000, "uuid": uuid.UUID(int=1), "day": "2026-11-23"}


def doors() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every route that takes a key, with keys that nothing has."""

    def walk(resolver: URLResolver, before: str) -> Iterator[tuple[str, dict[str, Any]]]:
        for each in resolver.url_patterns:
            route = before + str(each.pattern).removeprefix("^")
            if isinstance(each, URLResolver):
                yield from walk(each, route)
            elif keys := _keys(route):
                yield route, keys

    yield from walk(get_resolver(), "")


def _keys(route: str) -> dict[str, Any]:
    plain = {"pk": "70000", "object_id": "70000"}
    named = re.findall(r"<(?:(\w+):)?(\w+)>", route)
    return {name: SAMPLES.get(kind, plain.get(name, "nobody")) for kind, name in named}


def written() -> int:
    return sum(table.objects.count() for table in (Opening, FileView, PassengerView, Look))


def shown(route: str, keys: dict[str, Any], by: User, *, at: str = "/", status: int = 200, token: str = "") -> int:
    """A door that answered so at this address; the status that came out. With a token nobody has asked for roles."""
    request: HttpRequest = RequestFactory(headers={"authorization": token} if token else {}).get(at)
    by.held_roles = frozenset() if token else frozenset(roles_of(by, on=make.ON))
    request.user = by
    request.resolver_match = ResolverMatch(_nothing, (), keys, route=route)
    return LooksMiddleware(lambda _request: HttpResponse(status=status))(request).status_code


def _nothing() -> None:
    """A view that nobody calls."""


def test_a_door_that_takes_a_key_is_known() -> None:
    """Add a door's beginning to `oversight.selectors.doors`: whose data it shows, or that it shows nobody's."""
    routes = [route for route, _keys in doors()]
    assert [route for route in routes if not is_known(route)] == []
    assert [one for one, _finder in RULES if not any(route.startswith(one) for route in routes)] == [], "no such door"


def test_what_stands_behind_every_such_door_leaves_a_record_when_an_officer_sees_it() -> None:
    """Whatever the view does: a door added later is written down too, at least with its address."""
    officer, silent = make.officer(Role.AUDITOR, None), []
    asked = [(route, keys) for route, keys in doors() if rule_of(route) is not None]
    for place, (route, keys) in enumerate([*asked, ("things/<int:pk>/", {"pk": 1})]):
        before = written()
        shown(route, keys, officer, at=f"/door/{place}/")
        silent += [route] if written() != before + 1 else []
    assert silent == []
    assert len(asked) > 150
    before = written()
    shown("queue/<uuid:key>/", {"key": uuid.UUID(int=1)}, make.trader(), at="/a/")
    shown("queue/<uuid:key>/", {"key": uuid.UUID(int=1)}, officer, at="/b/", status=404)
    shown("tariff/<str:code>/", {"code": "0902"}, officer, at="/c/")
    assert written() == before, "a trader, what was not found, the law"
    shown("travel/open/<str:token>/", {"token": "secret"}, officer, at="/travel/open/secret/")
    assert not Look.objects.filter(text__contains="secret").exists()
    before = written()
    for by in (officer, make.trader()):
        shown("api/v1/files/<uuid:key>/", {"key": uuid.UUID(int=2)}, by, at="/api/v1/f/", token="Bearer t")
    assert written() == before + 1


def test_a_page_is_shown_though_the_log_cannot_be_written(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_given: object, **_more: object) -> None:
        raise DatabaseError("cannot execute INSERT in a read-only transaction")

    monkeypatch.setattr(services, "note_look", refuse)
    assert shown("treasury/entries/<int:pk>/", {"pk": 1}, make.treasury(), at="/e/") == 200
    assert "look not written" in caplog.text
    assert "/e/" in caplog.text


@pytest.fixture
def world(settings: Any, tmp_path: Any) -> dict[str, Any]:
    """Data of a company, of a traveller and of a colleague."""
    settings.MEDIA_ROOT = tmp_path
    draft = make.draft()
    scan = receive_file(draft, name="a.jpg", content=JPEG, by=make.trader(), at=make.AT)
    case = clearance.paid("yellow")
    other = lodge(draft, on=make.ON, at=make.AT, by=make.trader())
    claimed = make.claim("020000005", owner=make.stranger())
    account = case.declaration.declarant.accounts.order_by("pk").first()
    return {"case": case, "scan": scan, "other": other, "claimed": claimed, "account": account,
            "traveller": way.sent(way.draft()), "colleague": make.officer()}  # fmt: skip


def test_who_saw_whose_data_tells_of_pages_programs_money_travellers_and_tables(world: dict[str, Any]) -> None:
    case, account, traveller = world["case"], world["account"], world["traveller"]
    file, mrn, tin = case.declaration.public_id, case.mrn, case.declaration.declarant.tin
    auditor, treasury = make.officer(Role.AUDITOR, None), make.treasury()
    admin = make.officer(Role.ADMIN, None)
    doors_of: tuple[tuple[User, str, list[Any], str], ...] = (
        (make.officer(), "case", [file], mrn),
        (auditor, "declaration_versions", [file], mrn),
        (make.supervisor(), "declaration_xml", [file], mrn),
        (make.officer(Role.ANALYST, None), "api-declaration-charges", [file], mrn),
        (make.officer(Role.SECURITY, None), "api-declaration-events", [mrn], mrn),
        (make.officer(Role.EXAMINING), "api-xml", [file], mrn),
        (auditor, "file", [world["scan"].public_id], world["other"].mrn),
        (treasury, "treasury_account", [account.pk], tin),
        (make.second_treasury(), "account_table", [account.pk, "csv"], tin),
        (post.at_post(), "traveller", [traveller.public_id], traveller.reference),
        (auditor, "traveller_history", [traveller.public_id], traveller.reference),
        (make.supervisor(), "claim", [world["claimed"].pk], world["claimed"].tin),
        (admin, "admin:accounts_user_change", [world["colleague"].pk], world["colleague"].email),
    )
    for by, name, args, whose in doors_of:
        known = looks(Asked(by=by.email, whose=whose)).count()
        client = client_of(by)
        for _twice in range(2):
            assert client.get(reverse(name, args=args)).status_code == 200, name
            assert looks(Asked(by=by.email, whose=whose)).count() == known + 1, f"{name} leaves one row"
    before = written()
    trader = client_of(make.trader())
    assert trader.get(reverse("declaration", args=[file])).status_code == 200
    assert trader.get(reverse("api-declaration-charges", args=[file])).status_code == 200
    assert client_of(make.officer(office="TJ04")).get(reverse("case", args=[file])).status_code == 404
    assert written() == before, "one's own, and what was not shown"


@pytest.mark.parametrize(
    ("name", "asked", "what"),
    [
        ("files", {"text": "tea"}, Look.What.SEARCH),
        ("declarations", {"text": "tea"}, Look.What.SEARCH),
        ("declarations", {"company": make.TIN}, Look.What.SEARCH),
        ("declaration_find", {"text": "tea"}, Look.What.SEARCH),
        ("api-declaration-list", {"text": "tea"}, Look.What.SEARCH),
        ("api-declaration-list", {"trader": make.TIN}, Look.What.SEARCH),
        ("stock_overdue_csv", {"company": "Somon"}, Look.What.EXPORT),
    ],
)
def test_what_an_officer_looks_for_is_written_by_whatever_list(
    name: str, asked: dict[str, str], what: Look.What
) -> None:
    officer, before = make.officer(), Look.objects.count()
    for _twice in range(2):
        client_of(officer).get(reverse(name), asked)
    look = Look.objects.get(by=officer)
    assert (look.what, look.text) == (what, f"{reverse(name)}?{'&'.join(map('='.join, asked.items()))}")
    client_of(officer).get(reverse(name).replace("overdue.csv", "overdue/"))
    client_of(make.trader()).get(reverse(name), asked)
    assert Look.objects.count() == before + 1, "nothing was asked for, and a trader looks at what is one's own"
