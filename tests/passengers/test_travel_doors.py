"""Every door of travellers, and who is told nothing there: a stranger, another traveller, whoever guesses, wrong roles.

The list of addresses is read from the routes: a new one has to be put into the table here, or this fails.
"""

import re
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

import passengers.urls
import payments.urls
from accounts.models import Role, User
from passengers import services
from passengers.models import CashExport, TravelDeclaration, Traveller, VehicleStay
from passengers.services import exports, stays
from tests import make
from tests.conftest import client_of
from tests.passengers import travelling as way
from tests.passengers.test_travel_leaving import bought, cash, claimed, entered
from tests.passengers.test_travel_stays import asked, crossed, with_car

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "told")]
SECRETS = ("Раҳмонов", "Фирӯз", "400123456", "A123BC", "XTA21129", "8,000", "8000")

# Open to everybody, and tell nothing of anybody.
PUBLIC = {
    "travel", "travel_begin", "travel_resume", "travel_statistics", "travel_law", "travel_privacy", "travel_kiosk",
    "travel_kiosk_switch", "travel_shell", "travel_worker", "travel_forget",
}  # fmt: skip
# Who has the link pays, and sees a number and a sum.
BY_LINK = {"travel_link"}
# The traveller's own, by the cookie of the browser that began or resumed it.
OWN: dict[str, tuple[Any, ...]] = {
    "travel_standing": (), "travel_review": (), "travel_cancel": (), "travel_receipt": (), "travel_find": (),
    "travel_photo": (uuid.uuid4(),), "travel_all": (), "travel_question": ("trip",), "travel_stay": (),
    "travel_claim": (), "travel_pay": (), "travel_paid": (uuid.uuid4(),), "travel_money": (), "travel_wallet": (),
    "travel_picture": (), "travel_slip": (), "travel_nothing": (), "travel_choose": (),
}  # fmt: skip
POST_DESK = {"travel_leaving", "travel_leaving_with", "travel_vehicle", "travel_vehicle_act"}
MONITOR_DESK = {"travel_cash", "travel_cash_person", "travel_cash_files", "travel_cash_schema", "travel_cash_file"}


def routes() -> set[str]:
    listed = [*passengers.urls.urlpatterns, *payments.urls.urlpatterns]
    return {str(each.name) for each in listed if str(each.name).startswith("travel")}


def test_every_route_stands_in_the_table() -> None:
    assert routes() == PUBLIC | BY_LINK | set(OWN) | POST_DESK | MONITOR_DESK


# The traveller's own ------------------------------------------------------------------------------------------
def other_traveller() -> Client:
    """A browser with a declaration of its own."""
    client = Client()
    way.begun(client)
    return client


def officer_of_another_post() -> Client:
    return client_of(make.officer(Role.EXAMINING, "TJ02", email="elsewhere@customs.example"))


def of(role: Role) -> Callable[[], Client]:
    return lambda: client_of(make.officer(role, None))


WITHOUT_COOKIE: dict[str, Callable[[], Client]] = {
    "stranger": Client,
    "other traveller": other_traveller,
    "trader": lambda: client_of(make.trader()),
    "officer of another post": officer_of_another_post,
    "financial monitor": of(Role.MONITOR),
    "auditor": of(Role.AUDITOR),
    "administrator": of(Role.ADMIN),
}


@pytest.mark.parametrize("name", OWN)
def test_a_declaration_opens_for_the_browser_of_its_traveller_alone(name: str) -> None:
    made = crossed(with_car())
    address = reverse(name, args=[made.public_id, *OWN[name]])
    for who, client in WITHOUT_COOKIE.items():
        for answer in (client().get(address), client().post(address)):
            assert answer.status_code in (404, 405), (who, answer.status_code)
            assert not tells(answer), who
    nowhere = reverse(name, args=[uuid.uuid4(), *OWN[name]])
    assert Client().get(nowhere).status_code == Client().get(address).status_code


def tells(answer: Any) -> list[str]:
    shown = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = shown.decode(errors="replace")
    # As a whole word: a token of the page may hold the same digits by chance.
    return [secret for secret in SECRETS if re.search(rf"(?<!\w){re.escape(secret)}(?!\w)", text)]


@pytest.mark.parametrize(
    "typed",
    [
        {"code": "good", "birth": "02.05.1990"},
        {"code": "ABCD-EFGH", "birth": "01.05.1990"},
        {"code": "", "birth": "01.05.1990"},
        {"code": "P26-0000001", "birth": "01.05.1990"},
        {"code": "good", "birth": "x"},
    ],
)
def test_a_wrong_code_and_a_wrong_birth_date_are_told_alike_and_open_nothing(typed: dict[str, str]) -> None:
    made, client = crossed(with_car()), Client()
    values = {**typed, "code": made.code if typed["code"] == "good" else typed["code"]}
    answer = client.post(reverse("travel_resume"), values)
    assert answer.status_code == 422
    assert not tells(answer)
    assert made.reference not in answer.content.decode()
    assert client.get(reverse("travel_stay", args=[made.public_id])).status_code == 404


def test_after_the_presentation_the_code_opens_what_stands_and_what_leaves() -> None:
    made, client = crossed(with_car()), Client()
    client.post(reverse("travel_resume"), {"code": made.code, "birth": "01.05.1990"})
    assert client.get(reverse("travel_stay", args=[made.public_id])).status_code == 200
    answer = client.get(reverse("travel_question", args=[made.public_id, "trip"]))
    assert answer["Location"] == reverse("travel_standing", args=[made.public_id])


# Officers -----------------------------------------------------------------------------------------------------
def desk_pages() -> Iterator[str]:
    """Every address of the officers' desk, with something behind it."""
    made = crossed(with_car())
    found = VehicleStay.objects.get()
    yield reverse("travel_leaving")
    yield reverse("travel_leaving") + f"?q={made.code}"
    yield reverse("travel_leaving_with", args=[made.public_id])
    yield reverse("travel_vehicle", args=[found.public_id])
    for verb in ("out", "grant", "refuse", "consequence"):
        yield reverse("travel_vehicle_act", args=[found.public_id, verb])


NOT_AT_A_POST = {
    **{role.value: of(role) for role in Role if role not in (Role.EXAMINING, Role.SUPERVISOR)},
    "trader": lambda: client_of(make.trader()),
}


@pytest.mark.parametrize("who", NOT_AT_A_POST)
def test_the_desk_of_the_post_is_for_officers_at_posts_alone(who: str) -> None:
    client = NOT_AT_A_POST[who]()
    for address in desk_pages():
        for answer in (client.get(address), client.post(address)):
            assert answer.status_code in (404, 405), (address, answer.status_code)
            assert not tells(answer)


def test_nobody_signed_in_is_sent_to_sign_in() -> None:
    for address in desk_pages():
        for answer in (Client().get(address), Client().post(address)):
            assert answer.status_code in (302, 405)
            assert not tells(answer)


def officer(role: Role, post: str | None = "TJ04") -> User:
    return make.officer(role, post, email=f"{role}.{post}@customs.example".lower())


def test_another_post_lets_a_vehicle_out_and_does_not_decide_on_its_term() -> None:
    crossed(with_car())
    found = VehicleStay.objects.get()
    asked(found)
    values = {"until": (make.ON + timedelta(days=30)).isoformat(), "reason": "Repair"}
    address = reverse("travel_vehicle_act", args=[found.public_id, "grant"])
    for wrong in (officer(Role.SUPERVISOR, "TJ05"), officer(Role.EXAMINING)):
        assert client_of(wrong).post(address, values).status_code == 404
    overdue = client_of(officer(Role.EXAMINING, "TJ05")).get(reverse("travel_leaving"))
    assert "A123BC" not in overdue.content.decode()
    right = client_of(officer(Role.SUPERVISOR)).post(address, values)
    assert right["Location"] == reverse("travel_vehicle", args=[found.public_id])
    out = reverse("travel_vehicle_act", args=[found.public_id, "out"])
    elsewhere = client_of(officer(Role.EXAMINING, "TJ05"))
    assert elsewhere.post(out, {"post": "TJ04"}).status_code == 422  # not the officer's post
    assert elsewhere.post(out, {"post": "TJ05"}).status_code == 302
    found.refresh_from_db()
    assert (found.status, found.ended_post) == ("left", "TJ05")


def test_what_an_officer_types_wrongly_is_said_beside_it() -> None:
    crossed(with_car())
    found = VehicleStay.objects.get()
    client = client_of(officer(Role.SUPERVISOR))
    asked(found)
    early = {"until": make.ON.isoformat(), "reason": "x"}
    answer = client.post(reverse("travel_vehicle_act", args=[found.public_id, "grant"]), early)
    assert answer.status_code == 422
    assert "Choose a day after" in answer.content.decode()
    late = {"consequence-kind": "warning", "consequence-reason": "x"}
    answer = client.post(reverse("travel_vehicle_act", args=[found.public_id, "consequence"]), late)
    assert answer.status_code == 422
    assert "has not ended" in answer.content.decode()
    assert client.get(reverse("travel_vehicle", args=[uuid.uuid4()])).status_code == 404


def test_a_claim_is_made_by_the_traveller_and_confirmed_at_the_exit() -> None:
    entry, traveller = bought("1500"), Client()
    traveller.post(reverse("travel_resume"), {"code": entry.code, "birth": "01.05.1990"})
    page = reverse("travel_claim", args=[entry.public_id])
    assert "Presents" in traveller.get(page).content.decode()
    assert traveller.post(page, {}).status_code == 422
    assert traveller.post(page, {"goods": "7"}).status_code == 422
    assert traveller.post(page, {"goods": "1"})["Location"] == page
    client = client_of(officer(Role.EXAMINING, way.POST))
    desk = reverse("travel_leaving_with", args=[entry.public_id])
    shown = client.get(desk).content.decode()
    assert "1,354.97" in shown or "1 354.97" in shown
    assert client.post(desk, {"act": "refuse", "refuse-post": way.POST}).status_code == 422
    assert client.post(desk, {"act": "confirm", "post": way.POST})["Location"] == desk
    assert "the money goes back" in client.get(desk).content.decode()
    assert "the money goes back" in traveller.get(page).content.decode()


def test_a_refused_claim_tells_why() -> None:
    entry = bought("1500")
    claimed(entry, 1)
    client = client_of(officer(Role.EXAMINING, way.POST))
    desk = reverse("travel_leaving_with", args=[entry.public_id])
    said = {"act": "refuse", "refuse-post": way.POST, "refuse-reason": "Other goods"}
    assert client.post(desk, said)["Location"] == desk
    assert "Other goods" in client.get(desk).content.decode()


# The financial monitor ----------------------------------------------------------------------------------------
def monitor_pages() -> Iterator[str]:
    entered(cash("8000"))
    by = make.officer(Role.MONITOR, None)
    asked_file = exports.ask_export(since=make.ON, until=make.ON, format=CashExport.Format.CSV, by=by, at=make.AT)
    made = exports.make_export(asked_file.pk, at=make.AT)
    yield reverse("travel_cash") + "?name="
    yield reverse("travel_cash_person", args=[Traveller.objects.latest("pk").pk])
    yield reverse("travel_cash_files")
    yield reverse("travel_cash_schema")
    yield reverse("travel_cash_file", args=[made.public_id])


@pytest.mark.parametrize("role", [role for role in Role if role != Role.MONITOR])
def test_cash_is_searched_by_the_financial_monitor_alone(role: Role) -> None:
    addresses = list(monitor_pages())
    client = client_of(make.officer(role, None, email="another@customs.example"))
    for address in addresses:
        for answer in (client.get(address), client.post(address)):
            assert answer.status_code in (404, 405), (address, answer.status_code)
            assert not tells(answer)
    assert all(client_of(make.officer(Role.MONITOR, None)).get(each).status_code == 200 for each in addresses)
    assert all(Client().get(each).status_code == 302 for each in addresses)


def test_a_person_without_cash_is_nobody_to_the_monitor() -> None:
    way.sent(way.draft())
    client = client_of(make.officer(Role.MONITOR, None))
    assert client.get(reverse("travel_cash_person", args=[Traveller.objects.get().pk])).status_code == 404


# Contacts and more time, through the door ---------------------------------------------------------------------
@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"act": "contact", "phone": "00992 90 123-45-67", "email": ""}, 302),
        ({"act": "contact", "phone": "12", "email": ""}, 422),
        ({"act": "contact", "phone": "", "email": "x"}, 422),
        ({"act": "extension", "until": "2027-01-20", "reason": "Repair"}, 302),
        ({"act": "extension", "until": "2026-11-24", "reason": "Repair"}, 422),
        ({"act": "extension", "until": "", "reason": ""}, 422),
        ({"act": "other"}, 422),
    ],
)
def test_the_traveller_asks_for_more_time_and_leaves_an_address(values: dict[str, str], status: int) -> None:
    made, client = crossed(with_car()), Client()
    client.post(reverse("travel_resume"), {"code": made.code, "birth": "01.05.1990"})
    answer = client.post(reverse("travel_stay", args=[made.public_id]), values)
    assert answer.status_code == status
    found = VehicleStay.objects.get()
    assert found.phone == ("+992901234567" if status == 302 and values["act"] == "contact" else "")
    assert found.extensions.exists() == (status == 302 and values["act"] == "extension")


def test_of_an_ended_stay_nothing_more_is_asked() -> None:
    made, client = crossed(with_car()), Client()
    client.post(reverse("travel_resume"), {"code": made.code, "birth": "01.05.1990"})
    found = VehicleStay.objects.get()
    stays.let_out(found, post="TJ04", by=make.officer(), at=make.AT, on=make.ON)
    page = reverse("travel_stay", args=[made.public_id])
    assert "has left" in client.get(page).content.decode().lower()
    assert client.post(page, {"act": "extension", "until": "2027-01-20", "reason": "x"}).status_code == 422
    without = crossed_on_foot()
    client.post(reverse("travel_resume"), {"code": without.code, "birth": "01.05.1990"})
    assert client.get(reverse("travel_stay", args=[without.public_id])).status_code == 404


def crossed_on_foot() -> TravelDeclaration:
    made = way.sent(way.draft())
    services.present(made, post=way.POST, by=make.officer(), at=make.AT, on=make.ON)
    return services.release(made, by=make.officer(), at=make.AT)
