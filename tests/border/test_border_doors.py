"""Who sees which traveller: every door agrees with the one judge, a stranger meets 404, each look is written down."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from border import selectors, services
from border.models import CargoHandover, GoodsAside
from passengers.models import PassengerView, TravelDeclaration
from passengers.services import note_view
from tests import make
from tests.border import posting as post
from tests.conftest import client_of
from tests.passengers import travelling as way

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "told")]


@dataclass(frozen=True)
class May:
    """`sees` the traveller at the post, `acts` on them, their `history`, `cargo` of the office, `looks` of others."""

    person: Callable[[], User]
    sees: bool = False
    acts: bool = False
    history: bool = False
    cargo: bool = False
    looks: bool = False
    any_post: bool = False


TABLE = {
    "trader": May(make.trader),
    "stranger": May(make.stranger),
    "documentary officer of the post": May(lambda: post.at_post(role=Role.DOCUMENTARY), cargo=True),
    "examining officer of the post": May(post.at_post, sees=True, acts=True, cargo=True, any_post=True),
    "supervisor of the post": May(
        lambda: post.at_post(role=Role.SUPERVISOR), sees=True, acts=True, history=True, cargo=True, any_post=True
    ),
    "examining officer of another post": May(lambda: post.at_post(post.OTHER), any_post=True),
    "examining officer of the country": May(
        lambda: post.at_post(None), sees=True, acts=True, cargo=True, any_post=True
    ),
    "auditor of the country": May(
        lambda: post.at_post(None, Role.AUDITOR), sees=True, history=True, cargo=True, looks=True, any_post=True
    ),
    "auditor of another post": May(lambda: post.at_post(post.OTHER, Role.AUDITOR), looks=True, any_post=True),
    "analyst": May(lambda: make.officer(Role.ANALYST, None)),
    "tariff officer": May(lambda: make.officer(Role.TARIFF, None)),
    "cashier": May(lambda: make.officer(Role.CASHIER, None)),
}


@pytest.fixture
def made() -> TravelDeclaration:
    """Somebody at the post, whose goods are looked at; nothing was decided."""
    post.quiet()
    return post.standing()


def found(answer: Any) -> bool:
    assert answer.status_code in (200, 302, 404, 409, 422), answer.status_code
    return bool(answer.status_code != 404)


def test_every_door_to_a_traveller_agrees_with_the_one_judge(made: TravelDeclaration) -> None:
    for who, may in TABLE.items():
        user = may.person()
        client = client_of(user)
        judged = selectors.travellers_for(user, on=make.ON, at=make.AT).filter(pk=made.pk).exists()
        assert judged == may.sees, who
        for name in ("traveller", "traveller_state"):
            assert found(client.get(reverse(name, args=[made.public_id]))) == may.sees, (who, name)
        assert found(client.get(reverse("traveller_history", args=[made.public_id]))) == may.history, who
        assert found(client.get(reverse("traveller_correction", args=[made.public_id]))) == may.acts, who
        queue = client.get(reverse("travellers"), {"post": post.POST})
        assert (queue.status_code == 200 and made.reference in queue.content.decode()) == may.sees, who
        assert found(queue) == may.any_post, who
        assert found(client.get(reverse("goods_aside"))) == may.any_post, who
        assert found(client.get(reverse("traveller_looks"))) == may.looks, who


@pytest.mark.parametrize("verb", ["present", "through", "examine", "go", "correct", "aside", "hand-over"])
def test_every_act_is_for_those_who_stand_at_the_post(made: TravelDeclaration, verb: str) -> None:
    for number, (who, may) in enumerate(TABLE.items()):
        if not may.acts:
            answer = post.act(client_of(may.person()), made, verb, key=f"k{number}", reason="x")
            assert answer.status_code == 404, who
    assert made.events.filter(verb__in=["examine", "correct", "release"]).count() == 0
    assert post.act(client_of(post.at_post()), made, verb, key="own", reason="x").status_code in (200, 422)


def test_a_code_opens_a_traveller_of_another_post_to_whoever_scanned_it_for_a_shift() -> None:
    post.quiet()
    made = way.sent(way.draft())
    officer = post.at_post(post.OTHER)
    client, page = client_of(officer), reverse("traveller", args=[made.public_id])
    assert client.get(page).status_code == 404
    assert client.get(reverse("traveller_find"), {"text": made.reference})["Location"] == page
    assert client.get(page).status_code == 200
    late = make.AT + timedelta(hours=13)
    assert not selectors.travellers_for(officer, on=make.ON, at=late).filter(pk=made.pk).exists()
    services.present(made, post="", by=post.at_post(), **post.WHEN)
    assert client.get(page).status_code == 404
    assert client.get(reverse("traveller_find"), {"text": made.code})["Location"] == reverse("travellers")
    services_refuse = post.act(client, made, "go")
    assert services_refuse.status_code == 404


def test_a_scan_by_somebody_who_does_not_work_at_a_post_opens_nothing() -> None:
    made = way.sent(way.draft())
    for role in (Role.DOCUMENTARY, Role.ANALYST):
        client = client_of(make.officer(role, None if role == Role.ANALYST else post.POST))
        assert client.get(reverse("traveller_find"), {"text": made.code}).status_code == 404
    auditor = client_of(post.at_post(post.OTHER, Role.AUDITOR))
    auditor.get(reverse("traveller_find"), {"text": made.code})
    assert auditor.get(reverse("traveller", args=[made.public_id])).status_code == 404


def test_goods_set_aside_and_cargo_are_seen_and_decided_by_those_of_the_post(made: TravelDeclaration) -> None:
    services.hand_over(made, office="", keys=["a1"], reason="shirts", seen=None, by=post.at_post(), **post.WHEN)
    aside, handover = GoodsAside.objects.get(), CargoHandover.objects.get()
    for who, may in TABLE.items():
        client = client_of(may.person())
        listed = client.get(reverse("goods_aside"))
        assert (listed.status_code == 200 and aside.number in listed.content.decode()) == may.sees, who
        for name in ("aside_decide", "aside_remind"):
            assert found(client.post(reverse(name, args=[aside.pk]))) == may.acts, (who, name)
        cargo = client.get(reverse("traveller_cargo"))
        assert (cargo.status_code == 200 and made.reference in cargo.content.decode()) == may.cargo, who
        gives = may.cargo and "auditor" not in who
        assert found(client.post(reverse("cargo_give", args=[handover.pk]), {"tin": ""})) == gives, who
    assert aside.status == "held"


def test_nobody_comes_in_without_signing_in(client: Client, made: TravelDeclaration) -> None:
    for address in (reverse("travellers"), reverse("traveller", args=[made.public_id]), reverse("goods_aside")):
        assert client.get(address)["Location"].startswith("/account/login/")
    assert client.get(reverse("travellers_worker")).status_code == 200


def test_photographs_are_seen_by_those_who_see_the_traveller() -> None:
    post.quiet()
    made = way.draft()
    key = "00000000-0000-4000-8000-000000000000"
    for who, may in TABLE.items():
        answer = client_of(may.person()).get(reverse("traveller_photo", args=[made.public_id, key]))
        assert answer.status_code == 404, who


# Who saw what -----------------------------------------------------------------------------------------------------
def test_each_look_is_written_down_once_in_ten_minutes(made: TravelDeclaration) -> None:
    officer = post.at_post(role=Role.SUPERVISOR)
    client = client_of(officer)
    for _time in range(2):
        client.get(reverse("traveller", args=[made.public_id]))
    client.get(reverse("traveller_history", args=[made.public_id]))
    client.get(reverse("travellers"), {"text": "Раҳмонов"})
    seen = sorted(PassengerView.objects.filter(by=officer).values_list("what", "text"))
    assert seen == [("declaration", ""), ("history", ""), ("search", "Раҳмонов")]
    note_view(made, what=PassengerView.What.DECLARATION, by=officer, at=make.AT + timedelta(minutes=11))
    assert PassengerView.objects.filter(what="declaration").count() == 2


def test_an_auditor_reads_who_looked_at_whom(made: TravelDeclaration) -> None:
    client_of(post.at_post()).get(reverse("traveller", args=[made.public_id]))
    auditor = client_of(post.at_post(None, Role.AUDITOR))
    page = auditor.get(reverse("traveller_looks"), {"text": made.reference}).content.decode()
    assert str(post.at_post()) in page
    other = client_of(post.at_post(post.OTHER, Role.AUDITOR)).get(reverse("traveller_looks")).content.decode()
    assert made.reference not in other


# The queue --------------------------------------------------------------------------------------------------------
def test_the_queue_tells_who_is_here_who_was_announced_and_who_went_through() -> None:
    post.quiet()
    announced = way.sent(way.draft())
    here = post.present(way.sent(way.draft(people=[way.ANN | {"family": "王", "given": "小明", "document": "E1"}])))
    through = post.present(way.sent(way.draft()))
    post.go(through)
    other_day = way.sent(way.draft(trip={"day": "2026-12-24"}))
    other_way = way.sent(way.draft(trip={"way": "road", "post": "TJ03", "carriage": "01 777 AB 01"}))
    client = client_of(post.at_post())
    text = client.get(reverse("travellers"), {"day": "2026-11-23"}).content.decode()
    assert "TK 254" in text
    shown = {made for made in (announced, here, through, other_day, other_way) if made.reference in text}
    assert shown == {announced, here}
    for stand, of in {"here": here, "announced": announced, "done": through}.items():
        text = client.get(reverse("travellers"), {"day": "2026-11-23", "stand": stand}).content.decode()
        assert [made.reference in text for made in (here, announced, through)] == [
            made == of for made in (here, announced, through)
        ]
    for said in ("小明", "e1", "王"):
        text = client.get(reverse("travellers"), {"text": said}).content.decode()
        assert (here.reference in text, announced.reference in text) == (True, False), said


def test_the_queue_costs_no_query_for_each_traveller(django_assert_max_num_queries: Any) -> None:
    post.quiet()
    for number in range(6):
        way.sent(way.draft(people=[way.ANN | {"document": f"40000000{number}"}]))
    client = client_of(post.at_post())
    client.get(reverse("travellers"))
    with django_assert_max_num_queries(24):
        assert client.get(reverse("travellers")).status_code == 200
