"""Figures in the background are those that a naive count over the same files gives; late outcomes change their day."""

import itertools
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, connection, transaction

from accounts.models import Role
from clearance import services as clearance_services
from clearance.models import Case
from reporting import selectors, services
from reporting.models import ClosedFile, Figure, FileStep, OfficerFigure, Period, ReleaseTarget, Tally, Waiting
from tests import make
from tests.clearance import make as clearance

pytestmark = pytest.mark.django_db
KEYS = ("office_code", "lane", "regime")


def hour(number: float) -> datetime:
    return make.AT + timedelta(hours=number)


def release_green(hours: float, **changes: object) -> Case:
    case = clearance.paid("green", **changes)
    assert clearance_services.release_if_clear(case.declaration_id, at=hour(hours))
    return Case.objects.get(pk=case.pk)


def release_yellow() -> Case:
    """One hour at the office, five for the trader's answer, one at the office, two for the money."""
    officer = clearance.yellow_officer()
    case = clearance.taken(clearance.routed("yellow"), by=officer)
    query = clearance_services.ask(case, question="Which?", due=clearance.DUE, by=officer, at=hour(1))
    clearance_services.answer(query, text="This.", by=make.trader(), at=hour(6))
    clearance_services.decide_release(case, by=officer, at=hour(7))
    clearance.pay(case.declaration)
    assert clearance_services.release_if_clear(case.declaration_id, at=hour(9))
    return Case.objects.get(pk=case.pk)


def a_few_files() -> list[Case]:
    """Released green and yellow, imports and an export; one withdrawn, one that waits."""
    found = [
        release_green(1),
        release_green(2),
        release_green(9),
        release_green(4, **clearance.EXPORT),
        release_yellow(),
    ]
    withdrawn = clearance.routed("green")
    clearance_services.cancel(withdrawn.declaration, reason="Sent in error.", by=make.trader(), at=hour(1))
    clearance.claimed("yellow")
    return found


def count(*, on: date = make.ON, at: datetime | None = None) -> list[str]:
    return services.count(on=on, at=at or hour(11))


def percentile(times: Iterable[timedelta], share: Fraction) -> timedelta:
    """Interpolated between neighbours, as textbooks do."""
    ordered = sorted(times)
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * float(place - low)


def test_figures_are_what_a_naive_count_gives() -> None:
    released = a_few_files()
    count()
    rows = {row.case_id: row for row in ClosedFile.objects.all()}
    assert len(rows) == 6
    files = [
        ({"office_code": case.office_code, "lane": case.lane, "regime": rows[case.pk].regime}, case)
        for case in released
    ]
    assert {told["regime"] for told, _case in files} == {"IM 4", "EX 1"}
    expected = {}
    for kept in itertools.product([True, False], repeat=3):
        cells: dict[tuple[str, ...], list[Case]] = {}
        for told, case in files:
            cell = tuple(told[key] if keep else "" for key, keep in zip(KEYS, kept, strict=True))
            cells.setdefault(cell, []).append(case)
        for cell, cases in cells.items():
            assert all(case.closed_at for case in cases)
            times = [case.closed_at - case.lodged_at for case in cases if case.closed_at]
            expected[cell] = (len(times), percentile(times, Fraction(1, 2)), percentile(times, Fraction(9, 10)))
    for key in (make.ON.isoformat(), f"{make.ON:%Y-%m}", "d30", "d90"):
        found = Figure.objects.filter(period__key=key, step="", awaits="")
        assert {
            (row.office_code, row.lane, row.regime): (row.files, row.median, row.p90) for row in found
        } == expected, key
    assert expected["", "", ""] == (5, timedelta(hours=4), timedelta(hours=9))


def test_a_files_steps_say_for_whom_it_waited_and_add_up() -> None:
    case = release_yellow()
    count()
    waited: dict[str, timedelta] = {}
    for step in FileStep.objects.filter(file=case.pk):
        waited[step.awaits] = waited.get(step.awaits, timedelta()) + step.until - step.since
    assert waited == {"office": timedelta(hours=2), "trader": timedelta(hours=5), "money": timedelta(hours=2)}
    of_waiters = Figure.objects.filter(period__key="d30", office_code="", lane="", regime="", step="")
    assert {row.awaits: row.total for row in of_waiters.exclude(awaits="")} == waited
    own = OfficerFigure.objects.get(period__key="d30")
    assert (own.officer, own.files) == (clearance.yellow_officer(), 1)
    assert (own.median, own.office_median) == (timedelta(hours=9), timedelta(hours=2))


def test_to_count_twice_changes_nothing_and_counts_of_files_are_right() -> None:
    a_few_files()
    count()
    before = list(Figure.objects.order_by("pk").values_list("period__key", *KEYS, "step", "awaits", "files"))
    assert count(at=hour(11) + timedelta(minutes=1)) == [make.ON.isoformat()], "what holds more rests"
    count(at=hour(12))
    after = Figure.objects.order_by("pk").values_list("period__key", *KEYS, "step", "awaits", "files")
    assert sorted(after) == sorted(before)
    tallies = Tally.objects.filter(period__key="d30", office_code="", lane="")
    assert {(row.about, row.key): row.files for row in tallies} == {
        ("lodged", ""): 7, ("ended", "released"): 5, ("ended", "cancelled"): 1, ("arm", "criteria"): 1,
    }  # fmt: skip
    assert Tally.objects.get(period__key="d30", about="lodged", office_code="TJ01", lane="green").files == 5
    assert [(row.waits, row.lane, row.files) for row in Waiting.objects.all()] == [("office", "yellow", 1)]


def test_a_late_outcome_changes_the_day_on_which_the_file_ended() -> None:
    case = release_green(1)
    services.count_closed_days(on=make.ON, at=hour(11))
    day = Tally.objects.filter(period__key=make.ON.isoformat(), about="ended", office_code="", lane="")
    assert [(row.files, row.examined, row.found) for row in day] == [(1, 0, 0)]
    later = hour(24 * 40)
    audit = clearance_services.start_audit(case, by=make.supervisor(), at=later)
    clearance_services.record_finding(
        audit, item_number=1, code="value", text="The invoice was twice as high.", by=make.supervisor(), at=later
    )
    clearance_services.finish_examination(audit, by=make.supervisor(), at=later)
    on = make.ON + timedelta(days=40)
    assert make.ON.isoformat() in services.count(on=on, at=later)
    assert [(row.files, row.examined, row.found) for row in day.all()] == [(1, 1, 1)]
    assert Tally.objects.get(period__key=make.ON.isoformat(), about="finding", office_code="", lane="").key == "value"
    assert not Figure.objects.filter(period__key="d30").exists(), "the days have moved on"


def test_a_day_is_the_offices_and_ends_at_their_midnight() -> None:
    midnight = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)
    for lrn, at in (("a", midnight - timedelta(minutes=1)), ("b", midnight)):
        case = clearance.paid("green", lrn=lrn)
        assert clearance_services.release_if_clear(case.declaration_id, at=at)
    services.count(on=date(2026, 11, 24), at=midnight)
    days = Figure.objects.filter(period__span="day", office_code="", lane="", regime="", step="", awaits="")
    assert {row.period.key: row.files for row in days.select_related("period")} == {"2026-11-23": 1, "2026-11-24": 1}
    lodged = Tally.objects.filter(period__span="day", about="lodged", office_code="", lane="")
    assert {row.period.key: row.files for row in lodged.select_related("period")} == {"2026-11-23": 2}


def test_an_empty_portal_counts_nothing_and_what_was_passed_by_is_found_at_night() -> None:
    services.count_closed_days(on=make.ON, at=hour(0))
    assert not Figure.objects.exists()
    assert not Tally.objects.exists()
    assert Period.objects.filter(stale=True).count() == 0
    release_green(1)
    count(at=hour(24 * 3), on=make.ON + timedelta(days=3))
    early = release_green(-200)
    assert count(at=hour(24 * 3 + 1), on=make.ON + timedelta(days=3))
    with pytest.raises(ObjectDoesNotExist):
        ClosedFile.objects.get(pk=early.pk)
    services.count_closed_days(on=make.ON + timedelta(days=4), at=hour(24 * 4))
    assert ClosedFile.objects.get(pk=early.pk).day == date(2026, 11, 15)


def target(hours: int = 4, *, on: date = make.ON, office: str = make.OFFICE, **changes: object) -> ReleaseTarget:
    told = {"lane": "", "regime": "", "reason": "Agreed with the carriers.", "by": make.supervisor(), "at": make.AT}
    return services.set_target(office_code=office, hours=hours, valid_from=on, **(told | changes))  # type: ignore[arg-type]


def test_targets_that_held_in_a_period_are_told_and_no_later_one() -> None:
    tomorrow, in_a_week = (make.ON + timedelta(days=days) for days in (1, 7))
    target(4)
    target(9, office="", by=make.officer(Role.DIRECTOR, None))
    target(2, on=tomorrow, reason="Fewer papers are needed.")
    target(1, on=in_a_week, reason="No papers are needed.")
    release_green(1)

    def told(key: str, office: str = make.OFFICE) -> tuple[int, ...]:
        period = Period.objects.get(key=key)
        times = selectors.times_of(period, None, selectors.Cell(office=office), on=tomorrow, public=False)
        return times.whole.targets if times.whole else ()

    count(on=tomorrow, at=hour(30))
    assert told("d30") == (4, 2)
    assert told(f"{make.ON}") == (4,), "that of the day, whatever holds today"
    assert told("d30", office="") == (9,)
    assert told(f"{make.ON:%Y-%m}") == (4, 2, 1)


def test_a_target_counts_from_its_day_on_and_the_one_before_is_kept() -> None:
    target(4)
    for hours in (1, 4, 9):
        release_green(hours)
    count()
    whole = Figure.objects.get(period__key="d30", office_code="", lane="", regime="", step="", awaits="")
    assert (whole.targeted, whole.within) == (3, 2)
    tomorrow = make.ON + timedelta(days=1)
    target(2, on=tomorrow, reason="Fewer papers are needed.")
    assert [(row.hours, row.valid_from, row.valid_to) for row in ReleaseTarget.objects.order_by("pk")] == [
        (4, make.ON, make.ON), (2, tomorrow, None),
    ]  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE reporting_releasetarget SET hours = 1 WHERE valid_to IS NULL")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM reporting_releasetarget")
