"""A vehicle on temporary import becomes an ordinary declaration: nothing is typed again, its term is kept till then."""

from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clearance.services import vehicles
from declarations import services as declarations
from declarations.models import Declaration
from declarations.selectors import canonical, content_of
from lib.violations import Rejected
from passengers.models import VehicleStay
from tests import make
from tests.conftest import client_of
from tests.passengers import travelling as way
from tests.passengers.test_travel_stays import crossed, with_car

pytestmark = pytest.mark.django_db
BIRTH = date(1990, 5, 1)


def here() -> VehicleStay:
    crossed(with_car(value="9000", currency="USD", engine="1596", first_registration="2019-03-01"))
    found: VehicleStay = VehicleStay.objects.get()
    return found


def begin(found: VehicleStay, birth: date = BIRTH) -> Declaration:
    firm = make.company()
    by = make.trader()
    code = found.declaration.code
    return vehicles.declare_vehicle(code, birth, declarant=firm, by=by, at=make.AT, on=make.ON)


def code_of(refused: pytest.ExceptionInfo[Rejected]) -> str:
    return refused.value.violations[0].code


def test_everything_that_is_known_goes_along() -> None:
    found = here()
    draft = begin(found)
    content = canonical(content_of(draft))
    (item,) = content["items"]
    assert item["commercial_description"] == "Lada Vesta, VIN XTA21129, A123BC 77, 2019-03-01"
    assert (str(item["item_price"]).rstrip("0").rstrip("."), content["invoice_currency"]) == ("9000", "USD")
    assert (item["supplementary_unit_1"], content["departure_nationality"]) == ("CMQ", "RU")
    assert "Раҳмонов Фирӯз" in content["exporter_name"]
    assert (item["extended_procedure"], item["national_procedure"]) == ("4000", "000")
    papers = [(paper["code"], paper["reference"]) for paper in item["documents"]]
    assert papers == [("999", found.declaration.reference), ("999", "400123456")]
    assert found.declaration.reference in content["comments"]
    found.refresh_from_db()
    assert (found.status, found.declared_as) == (VehicleStay.Status.HERE, draft.public_id)


def test_one_declaration_at_a_time_and_another_once_the_draft_is_thrown_away() -> None:
    found = here()
    draft = begin(found)
    with pytest.raises(Rejected) as twice:
        begin(found)
    assert code_of(twice) == "V002"
    declarations.discard_draft(draft, by=make.trader(), at=make.AT)
    assert begin(found).pk


def test_the_release_of_the_declaration_ends_the_stay_and_no_other_does() -> None:
    found = here()
    draft = begin(found)
    vehicles.end_stay(make.released().pk, at=make.AT)
    found.refresh_from_db()
    assert found.status == VehicleStay.Status.HERE
    for _twice in range(2):
        vehicles.end_stay(draft.pk, at=make.AT)
    found.refresh_from_db()
    assert found.status == VehicleStay.Status.CONVERTED


def test_the_release_is_followed_up() -> None:
    assert "clearance.tasks.end_vehicle_stay" in settings.FOLLOW_UPS["declaration.released"]


# The door -----------------------------------------------------------------------------------------------------
@pytest.fixture
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: make.AT)
    monkeypatch.setattr(timezone, "localdate", lambda *_value: make.ON)
    cache.clear()


def sent(client: Client, **typed: str) -> Any:
    return client.post(reverse("travel_convert"), typed)


@pytest.mark.usefixtures("_today")
def test_through_the_door_with_code_and_birth_date() -> None:
    found, firm = here(), make.company()
    client = client_of(make.trader())
    good = {"code": found.declaration.code, "birth": "1990-05-01", "declarant": str(firm.pk)}
    for wrong in ({"birth": "1990-05-02"}, {"code": "ABCD-EFGH"}, {"code": ""}, {"declarant": "0"}):
        answer = sent(client, **good | wrong)
        assert answer.status_code == 422
        assert "A123BC" not in answer.content.decode()
    done = sent(client, **good)
    assert done["Location"] == reverse("declaration_section", args=[Declaration.objects.get().public_id, "procedure"])


@pytest.mark.usefixtures("_today")
def test_whoever_declares_for_no_company_finds_nothing_there() -> None:
    make.company()
    for person in (make.user("nobody@example.com"), make.officer()):
        assert client_of(person).get(reverse("travel_convert")).status_code == 404
    assert Client().get(reverse("travel_convert")).status_code == 302


@pytest.mark.usefixtures("_today")
def test_guessing_is_slow() -> None:
    firm, client = make.company(), client_of(make.trader())
    typed = {"code": "ABCD-EFGH", "birth": "1990-05-01", "declarant": str(firm.pk)}
    answers = [sent(client, **typed).status_code for _try in range(12)]
    assert answers[:10] == [422] * 10
    assert 429 in answers


def test_a_traveller_without_a_vehicle_has_nothing_to_declare() -> None:
    made = way.sent(way.draft())
    with pytest.raises(Rejected) as refused:
        vehicles.declare_vehicle(made.code, BIRTH, declarant=make.company(), by=make.trader(), at=make.AT, on=make.ON)
    assert code_of(refused) == "V001"
    with pytest.raises(Rejected) as others:
        vehicles.declare_vehicle(made.code, BIRTH, declarant=make.company(), by=make.stranger(), at=make.AT, on=make.ON)
    assert code_of(others) == "V003"
