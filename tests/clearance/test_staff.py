"""A supervisor's verbs about people: hand-over, absence, automatic allotment; and a role that ends over held files."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import OfficerRole, Role, User
from accounts.services import appoint, change_person, end_role
from clearance import selectors, services
from clearance.models import Absence, Case, Reroute, Skill
from clearance.services.staff import fit
from lib.violations import Rejected
from notifications.models import Message
from notifications.services import allotted
from tests import make
from tests.clearance import make as clearance
from tests.conftest import client_of

pytestmark = pytest.mark.django_db


def second() -> User:
    return make.officer(Role.DOCUMENTARY, email="second@customs.example")


def holder(case: Case) -> User | None:
    return Case.objects.select_related("claimed_by").get(pk=case.pk).claimed_by


def code(act: Callable[[], object]) -> str:
    with pytest.raises(Rejected) as refused:
        act()
    return refused.value.violations[0].code


@pytest.mark.parametrize(
    ("goods", "most", "held", "expected"),
    [
        (None, 15, 14, 0), (None, 15, 15, None), ([], 3, 2, 0), ([], 3, 3, None), (["09"], 5, 0, 2),
        (["09", "0902"], 5, 4, 4), (["84"], 5, 0, None), (["09"], 0, 0, None),
    ],
)  # fmt: skip
def test_who_fits(goods: list[str] | None, most: int, held: int, expected: int | None) -> None:
    skill = None if goods is None else Skill(goods=goods, most=most)
    assert fit(skill, "0902300001", held) == expected


def test_files_are_allotted_by_skill_and_load_where_it_is_switched_on() -> None:
    boss, first, other = make.supervisor(), clearance.yellow_officer(), second()
    one, two, three = (clearance.paid("yellow", lrn=name) for name in ("a", "b", "c"))
    assert services.sweep(at=make.AT)["allot"] == 0, "it is off"
    services.switch_allotment("TJ01", is_on=True, by=boss, at=make.AT)
    assert code(lambda: services.switch_allotment("TJ02", is_on=True, by=boss, at=make.AT)) == "C004"
    assert code(lambda: services.set_skill(other, office_code="TJ01", goods="x", most=1, by=boss, at=make.AT)) == "C092"
    services.set_skill(other, office_code="TJ01", goods="09, 84", most=1, by=boss, at=make.AT)
    assert services.sweep(at=make.AT)["allot"] == 3
    assert [holder(case) for case in (one, two, three)] == [other, first, first], "the skilled one first, until full"
    assert [allotted(one.pk, now=make.AT), allotted(one.pk, now=make.AT)] == [1, 0]
    assert Message.objects.get(kind="allotted").recipient == other
    away = services.record_absence(first, since=make.ON, until=None, by=boss, at=make.AT)
    four = clearance.paid("yellow", lrn="d")
    assert services.sweep(at=make.AT)["allot"] == 0, "one is away, one is full"
    services.end_absence(away, by=boss, at=make.AT)
    assert services.sweep(at=make.AT)["allot"] == 1
    assert holder(four) == first


def test_files_are_handed_over_and_what_cannot_be_is_said() -> None:
    boss, first, other = make.supervisor(), clearance.yellow_officer(), second()
    held = [clearance.claimed("yellow", lrn=name) for name in ("a", "b")]
    red = clearance.claimed("red", by=boss, lrn="r")
    assert code(lambda: services.hand_files_over(first, to=first, reason="leave", by=boss, at=make.AT)) == "C091"
    assert services.hand_files_over(first, to=other, reason="leave", by=boss, at=make.AT).done == 2
    assert {holder(case) for case in held} == {other}
    taken = services.hand_files_over(boss, to=other, reason="leave", by=boss, at=make.AT)
    assert (taken.done, [mrn for mrn, _why in taken.refused]) == (0, [red.mrn]), "not the officer's lane"
    assert services.hand_files_over(other, to=None, reason="leave", by=boss, at=make.AT).done == 2
    page = client_of(boss)
    ticked = {"chosen": [case.declaration.public_id for case in held], "officer": first.pk}
    assert page.post(reverse("allot_many"), ticked).status_code == 302
    assert {holder(case) for case in held} == {first}
    assert first.full_name in page.get(reverse("load")).content.decode()
    away = {"away-officer": first.pk, "away-since": "2026-12-05", "away-until": "2026-12-01"}
    assert page.post(reverse("absence"), away).status_code == 422
    for name in ("allot_many", "hand_over", "absence", "skill"):
        assert client_of(first).post(reverse(name)).status_code == 404


def test_a_role_that_ends_gives_its_undecided_files_back() -> None:
    held, decided = clearance.claimed("yellow", lrn="a"), clearance.taken(
        clearance.routed("yellow", lrn="b"), by=clearance.yellow_officer()
    )  # fmt: skip
    officer = clearance.yellow_officer()
    services.decide_release(decided, by=officer, at=make.AT)
    assert services.sweep(at=make.AT)["orphans"] == 0
    end_role(
        OfficerRole.objects.get(user=officer),
        reason="moves on",
        by=make.officer(Role.ADMIN, None),
        on=make.ON,
        at=make.AT,
    )
    assert code(lambda: services.ask(held, question="?", due=clearance.DUE, by=officer, at=make.AT)) == "C002"
    assert services.sweep(at=make.AT)["orphans"] == 1
    assert (holder(held), holder(decided)) == (None, officer)


def test_the_queue_is_arranged_and_filters_are_kept_under_a_name() -> None:
    case, officer = clearance.claimed("yellow"), clearance.yellow_officer()
    client = client_of(officer)
    client.get(reverse("queue") + "?held=mine&lane=yellow")
    assert client.post(reverse("queue_view_keep"), {"view-name": " Mine,  yellow "}).status_code == 302
    (view,) = selectors.views_of(officer)
    assert (view.name, view.filters) == ("Mine, yellow", {"held": "mine", "lane": "yellow"})
    client.post(reverse("queue_arrange"), {"columns": ["tin", "lane"]})
    page = client.get(reverse("queue") + "?show=all").content.decode()
    assert case.trader_tin in page
    assert case.trader_name not in page
    assert "data-desk-keys" not in page, "keys are switched off"
    assert client_of(second()).post(reverse("queue_view_forget", args=[view.pk])).status_code == 404
    client.post(reverse("queue_view_forget", args=[view.pk]))
    for number in range(12):
        services.keep_view(name=f"v{number}", filters={}, by=officer)
    assert client.post(reverse("queue_view_keep"), {"view-name": "one more"}).status_code == 422


def test_after_a_decision_the_next_file_opens() -> None:
    officer = clearance.yellow_officer()
    one, two = clearance.claimed("yellow", lrn="a"), clearance.claimed("yellow", lrn="b")
    free = clearance.paid("yellow", lrn="c")
    client, pages = client_of(officer), [reverse("case", args=[case.declaration.public_id]) for case in (two, free)]
    for case, after in zip((one, two), pages, strict=True):
        door = reverse("case_release", args=[case.declaration.public_id])
        assert client.post(door, {"release-note": ""}).headers["Location"] == after
    door = reverse("case_next")
    assert client.post(door, {"but": str(two.declaration.public_id)}).headers["Location"] == pages[1]
    services.claim(free, by=second(), at=make.AT + timedelta(hours=1))
    assert client.post(door).headers["Location"] == reverse("queue")


def test_a_file_goes_to_nobody_who_had_a_hand_in_its_lane() -> None:
    boss, other, officer = make.supervisor(), second(), clearance.yellow_officer()
    office = OfficerRole.objects.get(user=boss).office
    appoint(boss, role=Role.DOCUMENTARY, office=office, on=make.ON, at=make.AT)
    colleague = make.officer(Role.SUPERVISOR, email="second.supervisor@customs.example")
    case = clearance.examined()
    services.reroute(case, lane="yellow", reason="The seller is known.", by=boss, at=make.AT)
    services.agree_to_reroute(Reroute.objects.get(), by=colleague, at=make.AT)
    for each in (officer, other):
        services.record_absence(each, since=make.ON, until=make.ON, by=boss, at=make.AT)
    services.switch_allotment("TJ01", is_on=True, by=boss, at=make.AT)
    assert services.sweep(at=make.AT)["allot"] == 0, "who asked for the lane is left alone, and all others are away"
    for person in (boss, colleague):
        verb = partial(services.allot, case, officer=person, reason="", by=boss, at=make.AT)
        assert code(verb) == "C089"
    tomorrow = make.AT + timedelta(days=1)
    assert services.allot(case, officer=other, reason="", by=boss, at=tomorrow).claimed_by == other


def test_an_absence_is_of_days_to_come_and_recorded_once() -> None:
    boss, officer = make.supervisor(), clearance.yellow_officer()

    def away(since: int, until: int | None) -> Absence:
        days = (make.ON + timedelta(days=each) if each is not None else None for each in (since, until))
        first, last = days
        assert first is not None
        return services.record_absence(officer, since=first, until=last, by=boss, at=make.AT)

    assert code(lambda: away(-9, -1)) == "C090", "it is over"
    begun = away(-3, 2)
    for since, until in ((-3, 2), (0, None), (2, 9), (-9, -3 + 3), (-9, None)):
        assert code(lambda since=since, until=until: away(since, until)) == "C093", (since, until)  # type: ignore[misc]
    away(3, 5)
    away(9, None)
    assert code(lambda: away(30, 31)) == "C093", "it is away for good by then"
    services.end_absence(begun, by=boss, at=make.AT)
    assert not Absence.objects.on(make.ON).filter(officer=officer).exists(), "back is back"
    away(0, 0)


def test_nothing_is_handed_to_an_officer_who_is_away() -> None:
    boss, first, other = make.supervisor(), clearance.yellow_officer(), second()
    case = clearance.claimed("yellow")
    away = services.record_absence(other, since=make.ON, until=make.ON, by=boss, at=make.AT)
    assert code(lambda: services.allot(case, officer=other, reason="", by=boss, at=make.AT)) == "C093"
    taken = services.hand_files_over(first, to=other, reason="leave", by=boss, at=make.AT)
    assert (taken.done, [mrn for mrn, _why in taken.refused], holder(case)) == (0, [case.mrn], first)
    tomorrow = make.AT + timedelta(days=1)
    assert services.allot(case, officer=other, reason="", by=boss, at=tomorrow).claimed_by == other, "back by then"
    services.end_absence(away, by=boss, at=make.AT)
    assert services.hand_files_over(other, to=None, reason="leave", by=boss, at=make.AT).done == 1


def test_what_is_beyond_one_hand_over_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clearance.services.staff.AT_ONCE", 2)
    monkeypatch.setattr("clearance.views.supervisor.SAID", 1)
    boss, first, other = make.supervisor(), clearance.yellow_officer(), second()
    for name in "abc":
        clearance.claimed("yellow", lrn=name)
    sent = {"hand-officer": first.pk, "hand-to": other.pk, "hand-reason": "leave"}
    text = client_of(boss).post(reverse("hand_over"), sent, follow=True).content.decode()
    assert all(words in text for words in ("2 files were handed over.", "1 is left: repeat it."))
    services.record_absence(first, since=timezone.localdate(), until=None, by=boss, at=timezone.now())
    back = {"hand-officer": other.pk, "hand-to": first.pk, "hand-reason": "back"}
    text = client_of(boss).post(reverse("hand_over"), back, follow=True).content.decode()
    assert all(words in text for words in ("0 files were handed over.", "1 more was refused.", "This officer is away"))


def test_the_files_of_a_closed_account_go_back_to_the_queue() -> None:
    officer, case = clearance.yellow_officer(), clearance.claimed("yellow")
    change_person(officer, changes={"is_active": False}, by=make.officer(Role.ADMIN, None), at=make.AT)
    assert services.sweep(at=make.AT)["orphans"] == 1
    assert holder(case) is None
    assert services.sweep(at=make.AT)["orphans"] == 0
