"""Pages of figures: who sees which, the same numbers on page and in tables, few queries for any number of files."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role, User
from clearance import services as clearance_services
from reporting import services
from reporting.models import ClosedFile, Figure, Period, ReleaseTarget, Tally
from reporting.selectors import Row, Times
from reporting.views import drawings
from tests import make
from tests.clearance import make as clearance
from tests.conftest import client_of

pytestmark = pytest.mark.django_db
NOW = make.AT + timedelta(hours=9, minutes=30)
MOST_QUERIES = 10
OFFICERS, OFFICES, COUNTRY = "figures_own", "figures_office", "figures"


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def release(hours: float, **changes: Any) -> None:
    case = clearance.paid("green", **changes)
    assert clearance_services.release_if_clear(case.declaration_id, at=make.AT + timedelta(hours=hours))


def count() -> None:
    Period.objects.update(at=None)
    services.count(on=make.ON, at=NOW)


def of_companies(*tins: str) -> None:
    """Let the ended files belong to these companies in turn, as if they had lodged them."""
    for place, row in enumerate(ClosedFile.objects.order_by("pk")):
        ClosedFile.objects.filter(pk=row.pk).update(trader_tin=tins[place % len(tins)])
    Period.objects.update(stale=True)
    count()


def page(client: Client, name: str, **query: str) -> str:
    answer = client.get(reverse(name), query)
    assert answer.status_code == 200, (name, answer.status_code)
    return " ".join(answer.content.decode().split())


def table(client: Client, name: str, **query: str) -> list[dict[str, str]]:
    answer = client.get(reverse(name, args=["csv"]), query)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))


def director() -> User:
    return make.officer(Role.DIRECTOR, None)


def test_release_times_are_published_unless_they_would_tell_of_a_company(client: Client) -> None:
    assert "Nothing was released in this period" in page(client, "release_times")
    assert client.get(reverse("release_times_table", args=["csv"])).status_code == 404
    for hours in (1, 2, 3, 4, 6):
        release(hours)
    count()
    assert "Too few files to be published" in page(client, "release_times"), "all of one company"
    assert table(client, "release_times_table") == []
    assert "Too little was released" in page(client, "home")
    of_companies("1", "2", "3")
    shown = page(client, "release_times")
    assert "<dd>3 h 0 min</dd>" in shown
    assert "<dd>5 h 12 min</dd>" in shown
    assert 'role="img"' in shown
    assert "11.26" in shown
    [whole] = [row for row in table(client, "release_times_table") if not any(row[key] for key in CELL)]
    assert (whole["files"], whole["median_minutes"], whole["p90_minutes"]) == ("5", "180", "312")
    assert re.search(
        r'<th scope="row"> all </th> <td class="num">5</td> <td class="num">3 h 0 min', page(client, "home")
    )
    for query in ("period=d7", "office=XX", "lane=pink", "period=b30"):
        answer = client.get(f"{reverse('release_times')}?{query}")
        assert (answer.status_code, "to filter by" in answer.content.decode()) == (404, True), query
    assert "Nothing was released" in page(client, "release_times", lane="red")


CELL = ("office", "lane", "regime", "step", "waits_for")


def test_each_role_sees_its_own_figures_and_a_stranger_none(client: Client, as_trader: Client) -> None:
    release(1)
    count()
    seen = {
        director(): {COUNTRY, OFFICES},
        make.officer(Role.AUDITOR, None): {COUNTRY, OFFICES},
        make.officer(Role.ANALYST, None): {OFFICES},
        make.supervisor(): {OFFICES, OFFICERS},
        make.officer(): {OFFICERS},
        make.officer(Role.CASHIER, None): set(),
    }
    for user, names in seen.items():
        visitor = client_of(user)
        answers = {name: visitor.get(reverse(name)).status_code for name in (COUNTRY, OFFICES, OFFICERS)}
        assert answers == {name: 200 if name in names else 404 for name in answers}, user
        tables = {visitor.get(reverse(name, args=["csv"])).status_code for name in TABLES}
        assert tables == {200 if OFFICES in names else 404}, user
    for name in (COUNTRY, OFFICES, OFFICERS, "release_targets"):
        assert as_trader.get(reverse(name)).status_code == 404
        assert client.get(reverse(name)).status_code == 302
    elsewhere = client_of(make.supervisor("TJ02"))
    assert elsewhere.get(f"{reverse(OFFICES)}?office=TJ01").status_code == 404
    assert table(elsewhere, "figures_times_table") == []
    assert [row["office"] for row in table(elsewhere, "figures_counts_table")] == []


TABLES = ("figures_times_table", "figures_counts_table", "release_targets_table")


def asked(client: Client, name: str) -> int:
    """Queries on tables of figures, files and money; those that every page has, as for the session, left out."""
    page(client, name)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        page(client, name)
    of_every_page = ("django_session", "accounts_user", "notifications_", "accounts_officerrole", "SAVEPOINT")
    return sum(not any(word in query["sql"] for word in of_every_page) for query in caught.captured_queries)


def test_pages_ask_little_whatever_the_number_of_files(client: Client) -> None:
    boss, chief = client_of(director()), client_of(make.supervisor())
    doors = [(client, "release_times"), (boss, COUNTRY), (chief, OFFICES), (chief, OFFICERS), (boss, "release_targets")]
    release(1)
    count()
    few = [asked(*door) for door in doors]
    clearance.claimed("yellow", by=clearance.yellow_officer())
    for hours in (2, 3):
        release(hours)
    release(4, **clearance.EXPORT)
    of_companies("1", "2")
    assert [asked(*door) for door in doors] == few
    assert max(few) <= MOST_QUERIES, few


def test_the_director_sees_money_ages_and_selection(client: Client) -> None:
    release(1)
    clearance.claimed("yellow")
    count()
    shown = page(client_of(director()), COUNTRY)
    assert "Waiting files by age" in shown
    assert "There was no revenue in these days." in shown
    assert "1 file was lodged" not in shown
    assert "2 files were lodged in 30 days." in shown
    counts = table(client_of(director()), "figures_counts_table")
    ended = [row for row in counts if (row["about"], row["office"], row["lane"]) == ("ended", "", "")]
    assert [(row["which"], row["files"], row["examined"]) for row in ended] == [("released", "1", "0")]
    Tally.objects.filter(about="ended", key="released").update(examined=10, found=5)
    shown = page(client_of(director()), COUNTRY)
    assert shown.count("23.7 – 76.3&nbsp;%") == 2, "of all, and of those released: the rate with its interval"
    counts = table(client_of(director()), "figures_counts_table")
    [ended] = [row for row in counts if (row["about"], row["office"], row["lane"]) == ("ended", "", "")]
    assert [ended[name] for name in ("hit_rate", "hit_rate_from", "hit_rate_to")] == ["50.0", "23.7", "76.3"]
    own = page(client_of(clearance.yellow_officer()), OFFICERS)
    assert "Nothing that you decided has been counted yet." in own


def test_a_target_is_set_by_whom_it_is_entrusted_to(client: Client) -> None:
    url = reverse("release_targets")
    told = {
        "office_code": "TJ01", "lane": "", "regime": "", "hours": "4", "valid_from": "2026-11-23",
        "reason": "Agreed with the carriers.",
    }  # fmt: skip
    chief = client_of(make.supervisor())
    assert chief.post(url, told | {"office_code": "TJ02"}).status_code == 422
    assert chief.post(url, told | {"office_code": ""}).status_code == 422
    assert client_of(make.officer(Role.AUDITOR, None)).post(url, told).status_code == 404
    for wrong, said in (
        ({"reason": "So."}, "Say in a sentence why"),
        ({"valid_from": "2026-11-22"}, "the past was promised otherwise"),
        ({"hours": "0"}, "greater than or equal to 1"),
    ):
        answer = chief.post(url, told | wrong)
        assert answer.status_code == 422
        assert said in answer.content.decode()
    assert not ReleaseTarget.objects.exists()
    assert chief.post(url, told).status_code == 302
    assert "There is a target for the same" in chief.post(url, told).content.decode()
    assert client_of(director()).post(url, told | {"office_code": "", "hours": "48"}).status_code == 302
    release(5)
    count()
    shown = page(chief, OFFICES)
    assert "The target is 4 h" in shown
    assert "<dd>0&nbsp;%</dd>" in shown
    assert "Agreed with the carriers." in page(chief, "release_targets")
    assert [row["hours"] for row in table(chief, "release_targets_table")] == ["48", "4"]


def test_an_officer_takes_away_the_own_files_and_nobody_elses() -> None:
    officer = clearance.yellow_officer()
    case = clearance.claimed("yellow", by=officer)
    clearance_services.decide_release(case, by=officer, at=make.AT + timedelta(hours=2))
    release(1)
    count()
    [row] = table(client_of(officer), "figures_own_table")
    assert (row["mrn"], row["ended_as"], row["minutes"], row["minutes_at_customs"]) == (
        case.mrn,
        "released",
        "120",
        "120",
    )
    assert table(client_of(make.supervisor()), "figures_own_table") == []
    assert client_of(director()).get(reverse("figures_own_table", args=["csv"])).status_code == 404
    shown = page(client_of(officer), OFFICERS)
    assert "1 file in 30 days." in shown
    assert '<td class="num" data-label="At customs, median"> 2 h 0 min </td>' in shown


def test_where_a_part_is_hidden_medians_are_drawn_and_no_shares() -> None:
    def row(key: str, hours: int, *, hidden: bool = False) -> Row:
        time = timedelta(hours=hours)
        return Row(key, Figure(files=9, median=time, p90=time, total=time, awaits=key), hidden=hidden)

    whole = row("", 4)
    shown = drawings.waiters_chart(Times(whole=whole, waiters=[row("office", 3), row("trader", 1)]))
    assert [bar.value for bar in shown.bars] == ["75.0 %", "25.0 %"]
    hidden = drawings.waiters_chart(Times(whole=whole, waiters=[row("office", 3), row("trader", 1, hidden=True)]))
    assert [(bar.label, bar.value) for bar in hidden.bars] == [("customs", "3 h 0 min")]
