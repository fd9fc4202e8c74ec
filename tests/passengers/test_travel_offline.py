"""What a phone without a line rests on: a shell of every question, and savings that may be sent twice."""

import gzip
import re
import uuid
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from passengers import services
from passengers.models import TravelDeclaration
from passengers.views.offline import FILES, STEPS
from tests.passengers import travelling as way

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "told")]
CHOSEN = "3f0c1f6e-6f0a-4c52-9d5a-2a8b7c1d9e10"


def text(response: Any) -> str:
    return str(response.content.decode())


def declaration() -> TravelDeclaration:
    found: TravelDeclaration = TravelDeclaration.objects.get()
    return found


def test_the_shell_has_every_question_and_names_nobody(client: Client) -> None:
    made = way.with_clothes()
    client.post(reverse("travel_resume"), {"code": made.code, "birth": "1.5.1990"})
    response = client.get(reverse("travel_shell"))
    shown = text(response)
    for step in STEPS:
        assert f'data-step="{step}"' in shown
    for secret in ("Раҳмонов", made.code, str(made.public_id)):
        assert secret not in shown
    assert len(gzip.compress(response.content, 6)) < 15_000


def test_the_worker_keeps_every_file_that_the_pages_name(client: Client) -> None:
    worker = text(client.get(reverse("travel_worker")))
    page = text(client.get(way.page(way.begun(client), "trip")))
    for file in re.findall(r'(?:src|href)="(/static/[^"]+)"', page):
        assert file in worker
    for name in FILES:
        for imported in re.findall(r'from "\./([a-z-]+\.js)"', (settings.BASE_DIR / "static" / name).read_text()):
            assert f"/static/js/{imported}" in worker


def test_a_saving_that_is_sent_late_again_changes_nothing(client: Client) -> None:
    key = way.begun(client)
    first = way.as_rows("people", {"given": "Ann", "birth": "01.05.1990"}) | {"phones-key": str(uuid.uuid4())}
    client.post(way.page(key, "people"), first)
    way.told_people(client, key, {"given": "Anna", "birth": "01.05.1990"})
    assert client.post(way.page(key, "people"), first).status_code == 302
    assert [row["given"] for row in declaration().draft["people"]] == ["Anna"]


def test_the_same_beginning_twice_is_one_declaration(client: Client) -> None:
    asked = {"direction": "exit", "way": "road", "key": CHOSEN, "carries-carries": ["goods", "money"]}
    for _time in range(2):
        assert Client().post(reverse("travel_begin"), asked)["Location"] == way.page(CHOSEN, "trip")
    assert declaration().draft == {"trip": {"direction": "exit", "way": "road"}, "carries": ["goods", "money"]}


def test_a_key_of_somebody_elses_declaration_opens_nothing(client: Client) -> None:
    made = way.draft()
    answer = client.post(reverse("travel_begin"), {"direction": "entry", "way": "air", "key": str(made.public_id)})
    assert str(made.public_id) not in answer["Location"]
    assert client.get(reverse("travel_standing", args=[made.public_id])).status_code == 404


@pytest.mark.parametrize("key", ["", "no key", "00000000-0000-0000-0000-000000000000", "x" * 5000])
def test_a_key_that_is_none_is_not_used(client: Client, key: str) -> None:
    answer = client.post(reverse("travel_begin"), {"direction": "entry", "way": "air", "key": key})
    assert declaration().public_id.version == 4
    assert str(declaration().public_id) in answer["Location"]


def test_keys_of_savings_are_kept_for_a_while_alone() -> None:
    made = way.draft()
    for number in range(130):
        made = services.save_part(made, part="carries", value=[], at=way.LATER, key=str(number))
    assert len(made.saved_keys) == 100


def test_a_browser_forgets_what_it_opened(client: Client) -> None:
    key = way.begun(client)
    assert client.get(way.page(key, "trip")).status_code == 200
    client.post(reverse("travel_forget"))
    assert client.get(way.page(key, "trip")).status_code == 404
    assert TravelDeclaration.objects.count() == 1
