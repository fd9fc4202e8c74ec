"""The financial monitor: search with totals per person across crossings, files with their hash, every look logged."""

import csv
import hashlib
import io
import json
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from lib.violations import Rejected
from passengers.models import CashExport, PassengerView, Traveller
from passengers.selectors import monitor
from passengers.selectors.visibility import FIELDS, Authority
from passengers.services import exports
from tests import make
from tests.conftest import client_of
from tests.passengers import travelling as way
from tests.passengers.test_travel_leaving import cash, crossed, entered, leaving

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "told")]
ZOE = {"family": "Müller", "given": "Zoë", "birth": "1979-12-24", "document": "C01X0006H", "citizenship": "DE",
       "residence": "DE"}  # fmt: skip


def desk() -> Client:
    return client_of(make.officer(Role.MONITOR, None))


def crossings() -> None:
    entered(cash("8000"))
    crossed(leaving(cash("5000")))
    entered(cash("20000", "EUR", owner="ООО Сомон", recipient="A"), people=[ZOE])
    way.sent(way.draft(carries=["money"], money=[cash("9999")]))  # never presented: nobody's business yet


def names(**asked: Any) -> list[str]:
    return [str(each.traveller) for each in monitor.search_cash(monitor.Asked(**asked)).people]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["Müller Zoë", "Раҳмонов Фирӯз"]),
        ({"name": "раҳмонов"}, ["Раҳмонов Фирӯз"]),
        ({"name": "zoë müller"}, ["Müller Zoë"]),
        ({"document": "c01x0006h"}, ["Müller Zoë"]),
        ({"least": way.D(150000)}, ["Müller Zoë"]),
        ({"direction": "exit"}, ["Раҳмонов Фирӯз"]),
        ({"since": make.ON + timedelta(days=1)}, []),
        ({"until": make.ON}, ["Müller Zoë", "Раҳмонов Фирӯз"]),
        ({"name": "nobody"}, []),
    ],
)
def test_a_search_by_person_document_period_and_sum(asked: dict[str, Any], found: list[str]) -> None:
    crossings()
    assert names(**asked) == found


def test_totals_of_a_person_go_across_crossings() -> None:
    crossings()
    (one,) = monitor.search_cash(monitor.Asked(document="400123456")).people
    assert one.count == 2
    assert one.entered / 8000 == one.left / 5000 > 1


def test_the_pages_show_it_and_log_who_asked_for_what() -> None:
    crossings()
    client = desk()
    shown = client.get(reverse("travel_cash"), {"name": "Müller"}).content.decode()
    assert "Müller Zoë" in shown
    person = Traveller.objects.filter(family_name="Müller").latest("pk")
    page = client.get(reverse("travel_cash_person", args=[person.pk])).content.decode()
    assert "ООО Сомон" in page
    looks = PassengerView.objects.order_by("pk").values_list("what", "text")
    assert list(looks) == [("search", "name Müller"), ("crossings", "")]
    assert client.get(reverse("travel_cash"), {"least": "x"}).status_code == 422


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
def test_a_file_is_made_in_the_background_with_its_hash_and_each_fetch_is_logged(kind: str) -> None:
    crossings()
    client = desk()
    values = {"since": make.ON.isoformat(), "until": make.ON.isoformat(), "format": kind}
    client.post(reverse("travel_cash_files"), values)
    asked = CashExport.objects.get()
    assert "is being made" in client.get(reverse("travel_cash_files")).content.decode()
    exports.make_export(asked.pk, at=make.AT)
    made = exports.make_export(asked.pk, at=make.AT)
    answer = client.get(reverse("travel_cash_file", args=[made.public_id]))
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert (made.rows, hashlib.sha256(content).hexdigest()) == (3, made.sha256)
    assert made.sha256 in PassengerView.objects.get(text__contains=made.sha256).text
    rows = read(kind, content)
    assert {row["family_name"] for row in rows} == {"Раҳмонов", "Müller"}
    assert [row["taken_out"] for row in rows if row["amount"] == "8000"] == ["5000"]
    assert set(rows[0]) == set(monitor.EXPORTED)


def read(kind: str, content: bytes) -> list[dict[str, str]]:
    if kind == "csv":
        return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    if kind == "json":
        found: list[dict[str, str]] = json.loads(content)["declarations"]
        return found
    head, *rows = openpyxl.load_workbook(io.BytesIO(content)).active.values
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_too_many_rows_make_no_file_that_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    crossings()
    monkeypatch.setattr(exports, "MOST_ROWS", 2)
    by = make.officer(Role.MONITOR, None)
    asked = exports.ask_export(since=make.ON, until=make.ON, format="csv", by=by, at=make.AT)
    made = exports.make_export(asked.pk, at=make.AT)
    assert (made.status, made.file.name) == (CashExport.Status.FAILED, "")


@pytest.mark.parametrize("days", [-1, 366])
def test_the_period_of_a_file_is_bounded(days: int) -> None:
    by, until = make.officer(Role.MONITOR, None), make.ON + timedelta(days=days)
    with pytest.raises(Rejected):
        exports.ask_export(since=make.ON, until=until, format="csv", by=by, at=make.AT)


def test_nothing_is_told_that_the_public_table_does_not_open() -> None:
    opened = {key for field in FIELDS if Authority.MONITOR in field.seen_by for key in field.keys}
    assert set(monitor.EXPORTED) <= opened
    keys = [key for field in FIELDS for key in field.keys]
    assert len(keys) == len(set(keys))
