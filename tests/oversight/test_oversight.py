"""Who looks at the work of others: marks with their figures, all administrative acts, and who saw whose data."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import DatabaseError, connection, transaction
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import Look, Office, OfficerRole, Role, TableChange, User
from accounts.services import end_role, give_proposed_role, invite_person, note_look, propose_role
from clearance import services as clearance_services
from clearance.models import Case
from oversight import services
from oversight.models import Mark
from oversight.selectors import Asked, Wanted, acts, figures, looks, marks, pairs
from oversight.selectors.acts import SOURCES
from oversight.services import forget_looks
from payments.models import Account
from payments.services import open_account
from risk.services import switch_off
from tariffs.models import TravelTerm
from tests import make
from tests.clearance import make as clearance
from tests.conftest import client_of
from tests.risk import make as risk
from tests.test_tidy import APPS

pytestmark = pytest.mark.django_db
LATER = make.AT + timedelta(days=1)
WANTED = Wanted(make.ON, make.ON)
WHY = "The seller is known to us."


def auditor() -> User:
    return make.officer(Role.AUDITOR, None)


def security() -> Client:
    return client_of(make.officer(Role.SECURITY, None))


def text_of(client: Client, name: str, asked: str = "", *args: str) -> str:
    answer: Any = client.get(reverse(name, args=args) + asked)
    assert answer.status_code == 200, answer.status_code
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()


def decided(*, lrn: str, by: User, looked: timedelta | None) -> Case:
    """A yellow file that was released so long after its officer opened it; None: never opened."""
    case = clearance.taken(clearance.paid("yellow", lrn=lrn), by=by)
    if looked is not None:
        clearance_services.note_opening(case.declaration, by=by, at=make.AT)
    return clearance_services.decide_release(case, by=by, at=make.AT + (looked or timedelta(hours=1)))


# Integrity ----------------------------------------------------------------------------------------------------
def test_acts_that_deserve_a_question_become_figures_that_open_their_files() -> None:
    one, other = clearance.yellow_officer(), make.officer(email="other.documentary@customs.example")
    unseen = decided(lrn="a", by=one, looked=None)
    hasty = decided(lrn="b", by=one, looked=timedelta(seconds=20))
    decided(lrn="c", by=other, looked=timedelta(minutes=20))
    case = clearance.paid("red", lrn="d")
    clearance_services.reroute(case, lane="yellow", reason=WHY, by=make.supervisor(), at=make.AT)
    second = make.officer(Role.SUPERVISOR, email="second.supervisor@customs.example")
    clearance_services.agree_to_reroute(case.reroutes.get(), by=second, at=make.AT)
    assert services.mark_new_days(at=make.AT) > 0
    before = set(Mark.objects.values_list("kind", "source"))
    services.mark_new_days(at=LATER)
    assert set(Mark.objects.values_list("kind", "source")) == before, "looked through again, nothing comes twice"
    assert {kind for kind, _source in before} == {"unseen", "hasty", "down"}

    found = {(each.kind, each.officer): each for each in figures(WANTED)}
    mine = found[Mark.Kind.UNSEEN, one]
    assert (mine.number, mine.decisions, mine.share, mine.usual) == (1, 2, 50, 25), "the other officer has none"
    assert (Mark.Kind.HASTY, other) not in found
    [down] = marks(Wanted(make.ON, make.ON, kind="down"))
    assert (down.officer, down.second, down.mrn) == (make.supervisor(), second, case.mrn)
    assert pairs(WANTED) == []

    client = security()
    asked = f"?since={make.ON}&until={make.ON}"
    page = text_of(client, "integrity", asked)
    assert "a question, not a verdict" in page
    behind = text_of(client, "integrity_marks", f"{asked}&kind=unseen&officer={one.pk}")
    assert unseen.mrn in behind
    assert hasty.mrn not in behind
    assert client.get(reverse("case", args=[unseen.declaration.public_id])).status_code == 200, "security reads files"
    assert hasty.mrn in text_of(client, "integrity_marks_table", asked, "csv")
    assert "unseen,TJ01," in text_of(client, "integrity_table", asked, "csv")
    assert client.get(reverse("integrity") + "?since=2026-12-01&until=2026-11-01").status_code == 422
    assert Look.objects.filter(what="oversight", by__email__startswith="security").count() >= 5, "the look is recorded"
    with pytest.raises(DatabaseError), transaction.atomic():
        Mark.objects.all().delete()


def test_an_earlier_company_of_ones_own_is_asked_about_and_people_who_often_act_together() -> None:
    officer = clearance.yellow_officer()
    kept = make.company(owner=make.trader())
    membership = kept.memberships.model.objects.create(
        company=kept, user=officer, right="preparer", valid_from=make.SINCE, valid_to=make.SINCE + timedelta(days=9)
    )
    case = decided(lrn="own", by=officer, looked=timedelta(minutes=5))
    assert membership.company == case.declaration.trader
    first, second = (make.officer(Role.ADMIN, None, f"{name}.admin@customs.example") for name in ("one", "two"))
    for role in (Role.ANALYST, Role.MONITOR, Role.APPROVING):
        person = make.user(f"{role}@customs.example")
        asked = propose_role(person, role=role, office=None, reason="x", by=first, on=make.ON, at=make.AT)
        given = give_proposed_role(asked, by=second, on=make.ON, at=make.AT)
    end_role(given, reason="a mistake", by=second, on=make.ON, at=make.AT)
    services.mark_new_days(at=LATER)
    assert [each.mrn for each in marks(Wanted(make.ON, make.ON, kind="own"))] == [case.mrn]
    roles = next(each for each in figures(WANTED) if each.kind == Mark.Kind.ROLE)
    assert (roles.officer, roles.number, roles.decisions) == (second, 4, None)


@pytest.mark.parametrize("name", ["integrity", "integrity_marks", "oversight_acts", "oversight_looks"])
def test_the_pages_exist_for_the_auditor_and_internal_security_alone(name: str) -> None:
    for user, status in ((auditor(), 200), (make.supervisor(), 404), (make.trader(), 404)):
        assert client_of(user).get(reverse(name)).status_code == status
    assert Client().get(reverse(name)).status_code == 302


# Acts ---------------------------------------------------------------------------------------------------------
def test_every_kind_of_act_is_found_in_one_list_by_whom_to_whom_and_by_words(
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:
    chief, supervisor, officer = make.officer(Role.ADMIN, None), make.supervisor(), make.officer()
    invite_person(email="new@customs.example", full_name="New", language="ru", by=chief, at=make.AT)
    clearance_services.record_absence(officer, since=make.ON, until=None, reason="leave", by=supervisor, at=make.AT)
    clearance_services.set_skill(officer, office_code=make.OFFICE, goods="08", most=3, by=supervisor, at=make.AT)
    client_of(supervisor).post(reverse("allotment_switch", args=[make.OFFICE]), {"on": "1"})
    switch_off(risk.criterion(), reason="nothing came of it", at=make.AT, by=None)
    make.limit(open_account(make.company(), Account.Kind.DEFERRED, at=make.AT), Decimal("250000.50"))
    role = OfficerRole.objects.get(user=make.officer(Role.EXAMINING))
    end_role(role, reason="retires in spring", by=chief, on=make.ON, at=LATER)
    with django_assert_max_num_queries(4):
        newest = acts(Asked(until=make.ON + timedelta(days=1)))[0:50]
    assert newest[0].label == "role ended"
    assert newest == sorted(newest, key=lambda row: (row.at, row.pk), reverse=True)
    kinds = {row.kind for row in newest}
    assert {"absence recorded", "skill set", "role given"} <= kinds
    assert [row.kind for row in acts(Asked(words="retires"))[0:9]] == ["role ended"]
    assert {row.kind for row in acts(Asked(whose=officer.email, by=supervisor.email))[0:9]} == {
        "absence recorded", "skill set",
    }  # fmt: skip
    [switched] = acts(Asked(kind="allotment"))[0:9]
    assert (switched.about, switched.label, switched.by) == (
        make.OFFICE, "automatic allotment switched on", supervisor,
    )  # fmt: skip
    assert [row.about for row in acts(Asked(kind="limits"))[0:9]] == [f"{make.TIN} · 0 · 250000.5 · agreed"]
    assert next(row.label for row in acts(Asked(kind="criteria"))[0:9]) == "criterion switched off"
    assert acts(Asked(kind="people:role ended", since=make.ON + timedelta(days=2)))[0:9] == []
    page = text_of(client_of(auditor()), "oversight_acts", "?words=retires")
    assert "retires in spring" in page
    assert "role ended" in page
    assert "retires in spring" in text_of(client_of(auditor()), "oversight_acts_table", "?words=retires", "csv")


@pytest.mark.parametrize("name", ["oversight_acts", "oversight_looks"])
def test_a_search_that_finds_nothing_says_so(name: str) -> None:
    page = text_of(client_of(auditor()), name, "?whose=nobody@customs.example")
    assert "Change a filter, or look at everything." in page


def test_a_changed_table_is_called_by_what_it_holds() -> None:
    TableChange.objects.create(table="risk_officetarget", row=4, action="update", at=make.AT)
    [row] = acts(Asked(kind="tables"))[0:9]
    assert row.about == "target of an office · 4"


def _triggers() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        return {name for (name,) in cursor.fetchall()}


# Where the trace of a dated table or of a table in the admin is, if no trigger keeps its history.
TRACED = {
    "accounts.user": "people", "accounts.officerrole": "people", "accounts.roleproposal": "people",
    "traders.company": "people", "traders.membership": "rights", "traders.mandate": "rights",
    "risk.criterion": "criteria", "tariff_changes.exchangeratelist": "rates",
    "tariffs.exchangerate": "rates", "travel_receipts.signingkey": "people",
}  # fmt: skip
# What a declaration, a vehicle's stay or a guarantee says of itself: no act of an administration.
OF_A_FILE = {"passengers.vehiclestay", "payments.guarantee", "payments.guaranteeterms"}


def test_whatever_an_administrator_writes_leaves_a_trace_in_the_list() -> None:
    """Every table that the admin lets anybody write, and every dated table: a trigger, the law's guard, or a verb."""
    triggers, names = _triggers(), {each.name for each in SOURCES}
    request = RequestFactory().get("/")
    chief = make.officer(Role.ADMIN, None)
    chief.held_roles = frozenset({Role.ADMIN, Role.TARIFF})
    request.user = chief
    written = {
        model
        for model, desk in admin.site._registry.items()
        if any(may(request) for may in (desk.has_add_permission, desk.has_change_permission))
    }
    dated = {
        model
        for model in apps.get_models()
        if model._meta.app_label in APPS and any(field.name == "valid_from" for field in model._meta.fields)
    }
    assert User in written
    assert Office in dated
    without = []
    for model in written | dated:
        table, name = model._meta.db_table, model._meta.label_lower
        guarded = any(each.startswith(table) and each.endswith(("_history", "_published")) for each in triggers)
        if not guarded and TRACED.get(name) not in names and name not in OF_A_FILE:
            without.append(name)
    assert not without, sorted(without)


# Looks --------------------------------------------------------------------------------------------------------
def test_whoever_asks_who_saw_their_data_is_told_from_one_list() -> None:
    case, officer = clearance.claimed("yellow"), clearance.yellow_officer()
    client, watch = client_of(officer), client_of(auditor())
    client.get(reverse("case", args=[case.declaration.public_id]))
    client.get(reverse("files") + "?text=Somon&trader=" + make.TIN)
    b"".join(client.get(reverse("files_table", args=["csv"]) + "?trader=" + make.TIN).streaming_content)  # type: ignore[attr-defined]
    chief = client_of(make.officer(Role.ADMIN, None))
    chief.get(reverse("admin:accounts_user_change", args=[make.trader().pk]))
    chief.get(reverse("admin:traders_company_change", args=[make.company().pk]))
    seen = [(row.source.name, row.kind) for row in looks(Asked(whose=make.TIN))[0:9]]
    assert sorted(seen) == [("files", "opened"), ("other", "company"), ("other", "export"), ("other", "search")]
    assert [row.kind for row in looks(Asked(whose=case.mrn))[0:9]] == ["opened"]
    assert [row.kind for row in looks(Asked(whose=make.trader().email))[0:9]] == ["person"]
    assert len(looks(Asked(by=officer.email))[0:9]) == 3
    assert "text=Somon" in text_of(watch, "oversight_looks", "?by=" + officer.email).replace("&amp;", "&")
    assert case.mrn in text_of(watch, "oversight_looks_table", "?whose=" + case.mrn, "csv")
    with pytest.raises(DatabaseError), transaction.atomic():
        Look.objects.all().delete()


def test_words_of_a_search_go_after_the_term_of_the_log_and_the_look_stays() -> None:
    days = next(row.days for row in TravelTerm.objects.filter(kind="keep_views"))
    old, new = make.AT - timedelta(days=days + 2), make.AT
    for at in (old, new):
        note_look(Look.What.SEARCH, by=auditor(), at=at, text="Rahimov")
    assert forget_looks(at=make.AT) == 1
    assert forget_looks(at=make.AT) == 0
    assert [look.text for look in Look.objects.order_by("at")] == ["", "Rahimov"]
    with pytest.raises(DatabaseError), transaction.atomic():
        Look.objects.update(tin="010000009")
