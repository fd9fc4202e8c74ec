"""History is a chain: whatever the owner of the database changes in it behind the triggers' back is found and named."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import FollowUp, Role
from declarations.models import Anchor, Chain, Declaration, Event, HistoryCheck, HistoryFault, Snapshot
from declarations.selectors import as_dict, chain
from declarations.services import amend as amending
from declarations.services import history_checks, record
from tests import make
from tests.conftest import client_of

pytestmark = pytest.mark.django_db
Kind = HistoryFault.Kind
NEXT_DAY = make.ON + timedelta(days=1)
OTHER = {
    "at": "at + interval '1 second'", "by_id": "NULL", "verb": "verb || 'x'", "old_status": "'x'",
    "new_status": "'x'", "note": "note || ' '", "data": """data || '{"more": 1}'""",
    "content": "content || ' '", "sha256": "repeat('0', 64)", "place": "place + 100", "chain": "sha256(chain)",
    "marks": "sha256(marks)", "id": "id + 100000",
}  # fmt: skip
TABLES = {"event": Event, "snapshot": Snapshot}
COLUMNS = [(table, str(field.column)) for table, model in TABLES.items() for field in model._meta.concrete_fields]


@contextmanager
def without_triggers() -> Iterator[Any]:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield cursor
        cursor.execute("SET LOCAL session_replication_role = origin")


def faults() -> list[chain.Fault]:
    return chain.read_stretch(0, chain.last_declaration()).faults


def paid_with_a_remark() -> Declaration:
    made = make.paid()
    record(
        made, verb="query", by=make.officer(), at=make.AT, note="Почему «так»?\n\tA \\ line", data={"a": [1, "é\x7f"]}
    )
    return made


def amended(old: Declaration) -> Declaration:
    return amending.amend(old, data=as_dict(old), reason="A slip", by=make.trader(), at=make.AT, on=make.ON)


def test_what_the_verbs_write_is_in_order_and_the_database_counts_as_python_does() -> None:
    made = paid_with_a_remark()
    new = amended(make.assessed())
    assert faults() == []
    rows = [*Event.objects.filter(declaration=made), Snapshot.objects.get(declaration=made)]
    assert sorted(row.place for row in rows) == list(range(1, len(rows) + 1))
    assert Chain.objects.get(declaration=made).length == len(rows)
    before = Chain.objects.get(declaration__mrn=new.mrn, declaration__version=1)
    assert bytes(Chain.objects.get(declaration=new).beginning) == bytes(before.head)


def test_every_column_of_history_is_in_the_chain() -> None:
    for table, model in TABLES.items():
        hashed = {column for _group, columns in chain.GROUPS[table] for column in columns}
        assert hashed | {"place", "chain", "marks"} == {field.column for field in model._meta.concrete_fields}


@given(st.lists(st.none() | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))))
def test_the_database_hashes_any_text_as_python_does(texts: list[str | None]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT history_hash(%s::text[])", [texts])
        assert bytes(cursor.fetchone()[0]) == chain.hash_of(texts)


@pytest.mark.usefixtures("as_owner")
@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_a_changed_column_is_found_and_named(table: str, column: str) -> None:
    made, other = paid_with_a_remark(), make.draft()
    row = TABLES[table].objects.filter(declaration=made).order_by("place").first()
    assert row is not None
    value = f"{other.pk}" if column == "declaration_id" else OTHER[column]
    with without_triggers() as cursor:
        cursor.execute(f"UPDATE declarations_{table} SET {column} = {value} WHERE id = %s", [row.pk])
    found = faults()
    name = f"{made.mrn}/{made.version}"
    if column in ("declaration_id", "place"):
        assert {fault.kind for fault in found} >= {Kind.ADDED, Kind.MISSING}
        assert any(fault.row == row.pk for fault in found)
        assert any(fault.name == name and fault.place == row.place for fault in found)
        return
    (fault,) = [fault for fault in found if fault.table]
    assert fault.name == name
    assert (fault.table, fault.row) == (table, row.pk + (100_000 if column == "id" else 0))
    group = next((group for group, columns in chain.GROUPS[table] if column in columns), column)
    assert fault.groups == ((group,) if column != "chain" else ())
    assert fault.kind == (Kind.LINK if column == "chain" else Kind.CHANGED)


@pytest.mark.usefixtures("as_owner")
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("place", ["first", "last"])
def test_a_row_taken_out_is_found(table: str, place: str) -> None:
    made = paid_with_a_remark()
    row = getattr(TABLES[table].objects.filter(declaration=made).order_by("place"), place)()
    with without_triggers() as cursor:
        cursor.execute(f"DELETE FROM declarations_{table} WHERE id = %s", [row.pk])
    assert chain.Fault(f"{made.mrn}/1", Kind.MISSING, place=row.place) in faults()


@pytest.mark.usefixtures("as_owner")
@pytest.mark.parametrize("place", [0, 1_000])
def test_a_row_put_in_is_found(place: int) -> None:
    made = make.assessed()
    with without_triggers() as cursor:
        cursor.execute(
            "INSERT INTO declarations_event (declaration_id, at, verb, old_status, new_status, note, data, place)"
            " VALUES (%s, now(), 'release', 'paid', 'released', '', '{}', %s) RETURNING id",
            [made.pk, place],
        )
        (key,) = cursor.fetchone()
    assert [(fault.kind, fault.row) for fault in faults()] == [(Kind.ADDED, key)]


@pytest.mark.usefixtures("as_owner")
def test_a_status_that_no_row_tells_of_is_found() -> None:
    made = make.assessed()
    with without_triggers() as cursor:
        cursor.execute("UPDATE declarations_declaration SET status = 'released' WHERE id = %s", [made.pk])
    assert [fault.kind for fault in faults()] == [Kind.STATUS]


@pytest.mark.usefixtures("as_owner")
def test_a_version_cut_off_from_the_one_before_is_found() -> None:
    new = amended(make.assessed())
    with without_triggers() as cursor:
        cursor.execute("UPDATE declarations_chain SET beginning = sha256('') WHERE declaration_id = %s", [new.pk])
    assert Kind.BEGINNING in {fault.kind for fault in faults()}


@pytest.mark.usefixtures("as_owner")
def test_a_declaration_that_is_gone_with_all_its_rows_is_found_by_the_nights() -> None:
    gone, kept = make.assessed(), make.assessed()
    history_checks.anchor_history(on=make.ON, at=make.AT)
    record(kept, verb="query", by=None, at=make.AT)
    second = history_checks.anchor_history(on=NEXT_DAY, at=make.AT)
    assert second.heads == 1
    assert [fault for night in Anchor.objects.all() for fault in chain.read_anchor(night)] == []
    with without_triggers() as cursor:
        for table in ("event", "snapshot", "chain"):
            cursor.execute(f"DELETE FROM declarations_{table} WHERE declaration_id = %s", [gone.pk])
        cursor.execute("DELETE FROM declarations_declaration WHERE id = %s", [gone.pk])
    assert faults() == []
    (fault,) = chain.read_anchor(Anchor.objects.get(day=make.ON))
    assert (fault.name, fault.kind) == (f"{gone.mrn}/1", Kind.ANCHORED)
    with without_triggers() as cursor:
        cursor.execute("DELETE FROM declarations_anchoredhead WHERE name = %s", [f"{gone.mrn}/1"])
    assert [fault.kind for fault in chain.read_anchor(Anchor.objects.get(day=make.ON))] == [Kind.ANCHOR]
    assert chain.read_anchor(second) == []


@pytest.mark.usefixtures("as_owner")
@pytest.mark.parametrize("statement", ["UPDATE declarations_chain SET length = 9", "DELETE FROM declarations_chain"])
def test_the_end_of_a_chain_is_written_by_its_rows_alone(statement: str) -> None:
    make.assessed()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_check_goes_stretch_by_stretch_and_is_kept() -> None:
    make.assessed()
    history_checks.anchor_history(on=make.ON, at=make.AT)
    check = history_checks.ask_check(by=make.officer(), at=make.AT)
    assert history_checks.ask_check(by=None, at=make.AT) == check
    assert FollowUp.objects.filter(event="history.check_asked", subject=check.pk).count() == 1
    history_checks.work_on_check(check.pk, clock=lambda: make.AT)
    check.refresh_from_db()
    assert (check.finished_at, check.declarations, check.rows, check.anchors, check.faults) == (make.AT, 1, 3, 1, 0)
    history_checks.work_on_check(check.pk)
    assert HistoryCheck.objects.get().finished_at == make.AT


@pytest.mark.usefixtures("as_owner")
def test_the_command_names_what_it_finds_and_fails() -> None:
    made = make.assessed()
    call_command("verify_history", stdout=StringIO(), stderr=StringIO())
    event = Event.objects.filter(declaration=made).first()
    assert event is not None
    with without_triggers() as cursor:
        cursor.execute("UPDATE declarations_event SET note = 'x', at = now() WHERE id = %s", [event.pk])
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("verify_history", stdout=out, stderr=StringIO())
    assert ended.value.code == 1
    assert f"{made.mrn}/1" in out.getvalue()
    assert f"event {event.pk}" in out.getvalue()
    assert "who, note" in out.getvalue()
    kept = HistoryCheck.objects.order_by("pk").last()
    assert kept is not None
    assert [(fault.row, fault.groups) for fault in kept.found.all()] == [(event.pk, "who note")]
    call_command("verify_history", since=date(2027, 1, 1), stdout=StringIO(), stderr=StringIO())


def test_the_page_is_for_auditors_and_a_check_asked_for_there_is_done_by_the_worker(follow_ups: Any) -> None:
    make.assessed()
    assert client_of(make.officer()).get(reverse("history")).status_code == 404
    assert client_of(make.trader()).post(reverse("history_check")).status_code == 404
    client = client_of(make.officer(Role.AUDITOR, None))
    with follow_ups():
        assert client.post(reverse("history_check")).status_code == 302
    assert "as it was written" in client.get(reverse("history")).content.decode()
    check = history_checks.ask_check(by=None, at=make.AT)
    page = client.get(reverse("history"))
    assert "being read" in page.content.decode()
    assert page["Refresh"]
    HistoryFault.objects.create(check_run=check, name="X/1", table="event", row=7, kind="changed", groups="who note")
    assert "time or person, note" in client.get(reverse("history_of_check", args=[check.pk])).content.decode()


@pytest.mark.usefixtures("as_owner")
@pytest.mark.parametrize("together", [1, 2, 500])
def test_a_gap_in_the_keys_costs_nothing_and_each_declaration_is_read_once(
    together: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain, "STRETCH", together)
    make.lodged(lrn="G-1")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval('declarations_declaration_id_seq', max(id) + 9000000) FROM declarations_declaration"
        )
    for number in (2, 3, 4):
        make.lodged(lrn=f"G-{number}")
    reached: list[int] = []
    check = history_checks.check_now(
        since=None, clock=lambda: make.AT, told=lambda _fault: None, progress=lambda at, _of: reached.append(at)
    )
    assert (check.declarations, check.faults) == (4, 0)
    assert len(reached) <= 4 / together + 1
    assert reached[-1] == check.last
