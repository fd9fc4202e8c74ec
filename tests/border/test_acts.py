"""At the post: presented, looked at, corrected while both versions stay, paid by the traveller's phone, let through."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from border import selectors, services
from border.models import CargoHandover, GoodsAside, TravelAct
from border.views.phone import OPEN_SALT
from declarations.models import Declaration
from lib.travel_receipt import Answer, Outcome
from lib.violations import Rejected
from passengers import selectors as travellers
from passengers import services as passengers
from passengers.models import Status, TravelDeclaration
from payments import selectors as payments
from tests import make
from tests.border import posting as post
from tests.conftest import client_of
from tests.passengers import travelling as way
from travel_receipts.selectors import checked
from travel_receipts.services import make_key

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "told")]


@pytest.fixture(autouse=True)
def _no_luck() -> None:
    post.quiet()


def again(made: TravelDeclaration) -> TravelDeclaration:
    made.refresh_from_db()
    return made


def refused(verb: Any) -> str:
    with pytest.raises(Rejected) as error:
        verb()
    return error.value.violations[0].code


def test_who_declared_nothing_is_presented_and_goes_on_in_one_act() -> None:
    made = way.sent(way.draft())
    assert services.let_through(made, post=post.POST, by=post.at_post(), **post.WHEN) == "Let through."
    assert (again(made).status, made.presented_post) == (Status.RELEASED, post.POST)


def test_who_owes_is_presented_and_waits_until_it_is_paid() -> None:
    made = way.sent(way.with_clothes())
    said = services.let_through(made, post=post.POST, by=post.at_post(), **post.WHEN)
    assert said == "Presented, not let through: The sum due is not paid yet."
    assert again(made).status == Status.PRESENTED
    way.paid(made)
    assert post.go(made).status == Status.RELEASED


def test_a_correction_stands_beside_what_was_said_and_the_difference_is_paid() -> None:
    made = way.paid(way.sent(way.with_clothes()))
    corrected = post.dearer(post.present(made), "1700")
    assert (corrected.status, corrected.version) == (Status.TO_PAY, 2)
    first, second = made.versions.order_by("number")
    assert [first.content["goods"][0]["price"], second.content["goods"][0]["price"]] == ["1500", "1700"]
    assert (second.reason, second.by) == ("The invoice.", post.at_post())
    assert refused(lambda: post.go(made)) == "G015"
    way.paid(again(made), transaction="TX2")
    assert post.go(made).status == Status.RELEASED


def test_a_correction_that_was_mistaken_is_corrected_again() -> None:
    made = way.paid(way.sent(way.with_clothes()))
    post.dearer(post.present(made), "17000")
    assert post.dearer(again(made), "1500").payable == made.paid
    assert post.go(made).status == Status.RELEASED
    assert made.versions.count() == 3


def test_an_act_on_another_version_than_was_seen_is_a_conflict() -> None:
    made = way.paid(way.sent(way.with_clothes()))
    post.dearer(post.present(made), "1200")
    assert refused(lambda: post.go(made, seen=1)) == "L001"
    assert again(made).closed_at is None


def test_goods_that_are_kept_are_no_longer_owed_for_and_wait_by_the_laws_term() -> None:
    aside = post.put_aside(post.standing())
    made = again(aside.declaration)
    assert (made.status, made.payable, made.version) == (Status.GOODS_KEPT, 0, 2)
    assert (aside.status, aside.keep_until, aside.term) == ("held", make.ON + timedelta(days=60), "STORE")
    assert aside.number == f"K{made.reference[1:]}-1"
    assert aside.what == "Presents"


@pytest.mark.parametrize(
    ("kind", "status", "end"),
    [("returned", "sent_back", Status.GOODS_RETURNED), ("retained", "retained", Status.RETAINED)],
)
def test_goods_that_are_sent_back_or_retained_wait_for_nothing(kind: str, status: str, end: Status) -> None:
    aside = post.put_aside(post.standing(), kind=kind)
    assert (aside.status, aside.keep_until) == (status, None)
    assert again(aside.declaration).status == end


@pytest.mark.parametrize("kind", ["kept", "returned", "retained"])
def test_whoever_goes_on_without_the_goods_has_crossed_all_the_same(kind: str, tmp_path: Any, settings: Any) -> None:
    """The cash may go out again, the vehicle has its term, the receipt proves both for as long as data are kept."""
    settings.TRAVEL_KEYS_DIR = tmp_path / "keys"
    make_key(signs_from=make.AT, at=make.AT)
    cash = {"person": 1, "kind": "cash", "currency": "USD", "amount": "8000"}
    car = {"kind": "car", "plate": "А123ВС 77", "country": "RU", "purpose": "temporary"}
    carried = {"carries": ["goods", "money", "vehicle"], "goods": [way.clothes()], "money": [cash], "vehicle": car}
    made = post.present(way.sent(way.draft(trip={"way": "road", "post": "TJ04"}, **carried)))
    made = again(post.put_aside(made, kind=kind).declaration)
    out = passengers.read(way.draft(trip={"direction": "exit"}).draft)
    assert [line.amount for line in travellers.declared_on_entry(out)] == [8000]
    assert [stay.leave_by for stay in travellers.stays_of(made)] == [make.ON + timedelta(days=15)]
    receipt = passengers.receipt_of(made, at=way.LATER)
    assert receipt is not None
    said = checked(receipt.text, at=way.LATER + timedelta(days=400))
    assert (said.outcome, said.receipt and said.receipt.answer) == (Outcome.GENUINE, Answer.RELEASED)


def test_what_is_due_on_the_other_goods_is_paid_before_the_traveller_goes_on() -> None:
    goods = [way.clothes(), way.clothes("1800", key="a2", description="Shoes")]
    made = post.present(way.sent(way.draft(carries=["goods"], goods=goods)))
    aside = post.put_aside(made, keys=("a1",))
    assert (again(made).status, made.payable > 0) == (Status.TO_PAY, True)
    assert refused(lambda: post.go(made)) == "G015"
    way.paid(made)
    assert post.go(made).status == Status.GOODS_KEPT
    assert GoodsAside.objects.get() == aside


@pytest.mark.parametrize(
    ("change", "code"), [({"keys": ()}, "L006"), ({"reason": " "}, "G013"), ({"by": "other"}, "L002")]
)
def test_goods_are_set_aside_with_words_and_a_reason_at_the_officers_post(change: dict[str, Any], code: str) -> None:
    made = post.standing()
    if change.get("by"):
        change["by"] = post.at_post(post.OTHER)
    assert refused(lambda: post.put_aside(made, **change)) == code
    assert (again(made).status, GoodsAside.objects.count()) == (Status.PRESENTED, 0)


def test_goods_of_somebody_who_was_not_presented_are_not_set_aside() -> None:
    assert refused(lambda: post.put_aside(way.sent(way.with_clothes()))) == "L007"


def test_goods_are_given_back_once_their_storage_is_paid() -> None:
    aside = post.put_aside(post.standing())
    made, back = aside.declaration, GoodsAside.Status.GIVEN_BACK

    def ask(days: int) -> Any:
        when = {"at": way.LATER + timedelta(days=days), "on": make.ON + timedelta(days=days)}
        return services.decide_aside(aside, end=back, reason="Came for it.", by=post.at_post(), **when).status

    assert [ask(10), ask(10)] == ["held", "held"]
    assert [(levy.amount, levy.formula) for levy in travellers.levies_of(made)] == [(42, "6.00 × (10 - 3) × 1 = 42.00")]
    way.paid(again(made), transaction="S1")
    assert (again(made).paid, made.status) == (42, Status.GOODS_KEPT)
    assert ask(11) == "held"  # a day more, and again a sum
    assert travellers.still_due(again(made)) == 6
    way.paid(made, transaction="S2")
    assert (ask(11), payments.travel_overpaid()) == ("given_back", [])


def test_the_end_of_kept_goods_is_decided_once_and_stays() -> None:
    aside = post.put_aside(post.standing())
    services.remind_of_aside(aside, by=post.at_post(), **post.WHEN)
    end = GoodsAside.Status.GIVEN_BACK
    services.decide_aside(aside, end=end, reason="Paid elsewhere.", by=post.at_post(), **post.WHEN)
    again_decided = lambda: services.decide_aside(aside, end=end, reason="x", by=post.second(), **post.WHEN)  # noqa: E731
    assert refused(again_decided) == "L008"
    assert refused(lambda: services.remind_of_aside(aside, by=post.at_post(), **post.WHEN)) == "L008"
    with pytest.raises(IntegrityError), transaction.atomic():
        GoodsAside.objects.update(end_note="changed")


def test_what_is_cargo_is_handed_over_and_becomes_a_draft_in_which_nothing_is_typed_again() -> None:
    made = post.standing()
    handover = services.hand_over(
        made, office="", keys=["a1"], reason="300 shirts", seen=1, by=post.at_post(), **post.WHEN
    )
    assert again(made).status == Status.GOODS_KEPT
    make.company(owner=make.trader())
    services.give_to_declarant(handover, tin=make.TIN, by=post.at_post(), **post.WHEN)
    draft = Declaration.objects.get(public_id=CargoHandover.objects.get().draft_key)
    item = draft.items.get()
    assert (item.commercial_description, str(item.net_mass.normalize()), item.item_price) == ("Presents", "3E+1", 1500)
    assert (draft.office_code, draft.invoice_currency, draft.border_mode) == (post.POST, "USD", "4")
    twice = lambda: services.give_to_declarant(handover, tin=make.TIN, by=post.at_post(), **post.WHEN)  # noqa: E731
    assert refused(twice) == "L010"


def test_a_handover_needs_goods_and_a_company_that_files() -> None:
    made = post.standing()
    none = {"office": "", "keys": ["zz"], "reason": "x", "seen": None, "by": post.at_post()}
    assert refused(lambda: services.hand_over(made, **none, **post.WHEN)) == "L009"
    handover = services.hand_over(made, **none | {"keys": ["a1"]}, **post.WHEN)
    nobody = lambda: services.give_to_declarant(handover, tin="9", by=post.at_post(), **post.WHEN)  # noqa: E731
    assert refused(nobody) == "L011"


# Through the door -----------------------------------------------------------------------------------------------
def test_the_phone_lets_a_traveller_through_in_two_taps() -> None:
    made, client = way.sent(way.draft()), client_of(post.at_post())
    found = client.get(reverse("traveller_find"), {"text": made.code})
    assert found["Location"] == reverse("traveller", args=[made.public_id])
    said = post.act(client, made, "through").json()
    assert (said["done"], said["sentence"], said["again"]) == (True, "Let through.", False)
    assert again(made).status == Status.RELEASED


def test_the_same_key_is_answered_as_the_first_time_and_nothing_is_done_twice() -> None:
    made, client = way.sent(way.draft()), client_of(post.at_post())
    first, second = post.act(client, made, "present").json(), post.act(client, made, "present").json()
    assert (first["again"], second["again"]) == (False, True)
    assert (first["sentence"], second["sentence"]) == ("Presented.", "Presented.")
    assert made.events.filter(verb="present").count() == 1


def test_a_refusal_is_kept_under_its_key_too() -> None:
    made, client = post.standing(), client_of(post.at_post())
    first = post.act(client, made, "go")
    way.paid(made)
    second = post.act(client, made, "go")
    assert (first.status_code, second.status_code, second.json()["again"]) == (422, 422, True)
    assert post.act(client, made, "go", key="k2").json()["done"]


def test_a_key_that_was_used_for_something_else_is_refused() -> None:
    made, client = post.standing(), client_of(post.at_post())
    post.act(client, made, "examine")
    other = post.act(client, made, "examine", note="other").json()
    stranger = post.act(client_of(post.second()), made, "examine").json()
    assert [each["violations"][0]["code"] for each in (other, stranger)] == ["L003", "L003"]
    with pytest.raises(IntegrityError), transaction.atomic():
        TravelAct.objects.update(answer={"violations": [], "sentence": "other"})


def test_an_act_that_comes_late_keeps_the_phones_clock() -> None:
    made, client = way.sent(way.draft()), client_of(post.at_post())
    told = make.AT - timedelta(minutes=20)
    post.act(client, made, "present", told_at=str(int(told.timestamp())))
    assert TravelAct.objects.get().told_at == told


def test_the_form_of_a_correction_changes_adds_and_takes_out() -> None:
    made, client = post.standing(), client_of(post.at_post())
    page = client.get(reverse("traveller_correction", args=[made.public_id])).content.decode()
    assert 'value="Presents"' in page
    fields = {
        "people-0-family": "Раҳмонов", "people-0-given": "Фирӯз", "people-0-birth": "1990-05-01",
        "people-0-document": "400123456",
        "goods-0-category": "CLOTHES", "goods-0-description": "Presents", "goods-0-mass": "30", "goods-0-price": "1200",
        "goods-0-currency": "USD",
        "goods-1-category": "CLOTHES", "goods-1-description": "Shoes", "goods-1-mass": "2", "goods-1-price": "50",
        "goods-1-currency": "USD",
        "money-0-amount": "500", "money-0-currency": "USD", "reason": "Shoes were not declared.",
    }  # fmt: skip
    assert post.act(client, made, "correct", **fields).json()["done"]
    content = made.versions.get(number=2).content
    assert [row["price"] for row in content["goods"]] == ["1200", "50"]
    assert content["goods"][0]["commodity"] == "62"
    assert [(row["amount"], row["currency"]) for row in content["money"]] == [("500", "USD")]
    assert set(content["carries"]) == {"goods", "money"}
    gone = {**fields, "goods-1-away": "on", "key": "k2", "version": "2", "reason": "They are worn."}
    assert post.act(client, made, "correct", **gone).json()["done"]
    assert len(made.versions.get(number=3).content["goods"]) == 1


def test_without_a_script_a_refusal_is_shown_on_the_page_and_nothing_typed_is_lost() -> None:
    made, client = post.standing(), client_of(post.at_post())
    answer = client.post(reverse("traveller_act", args=[made.public_id, "go"]), {"key": "a", "version": "1"})
    assert answer.status_code == 422
    assert "The sum due is not paid yet." in answer.content.decode()
    typed = {"goods-0-category": "CLOTHES", "goods-0-description": "Silk", "goods-0-price": "x", "reason": "r"}
    answer = client.post(reverse("traveller_act", args=[made.public_id, "correct"]), {"key": "b", **typed})
    assert answer.status_code == 422
    assert 'value="Silk"' in answer.content.decode()


def test_the_travellers_phone_opens_the_declaration_by_the_officers_code_for_a_quarter_of_an_hour(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = post.standing()
    page = client_of(post.at_post()).get(reverse("traveller", args=[made.public_id])).content.decode()
    assert '<svg viewBox="0 0 ' in page, "the code fills its box"
    token = signing.dumps(made.pk, salt=OPEN_SALT)
    standing = reverse("travel_standing", args=[made.public_id])
    assert client.get(standing).status_code == 404
    assert client.get(reverse("travel_open", args=["x" + token])).status_code == 404
    assert client.get(reverse("travel_open", args=[token]))["Location"] == standing
    assert "Pay" in client.get(standing).content.decode()
    monkeypatch.setattr("border.views.phone.OPENS_FOR", -1)
    assert client.get(reverse("travel_open", args=[token])).status_code == 404


def test_a_receipt_checked_without_a_line_lets_through_once_when_there_is_one() -> None:
    made, client = way.sent(way.draft()), client_of(post.at_post())
    sent = {"text": made.reference, "key": "off-1"}
    said = [
        client.post(reverse("traveller_through_unseen"), sent, headers={"Accept": "application/json"}).json()
        for _time in range(2)
    ]
    assert [(each["sentence"], each["again"]) for each in said] == [("Let through.", False), ("Let through.", True)]
    none = client.post(reverse("traveller_through_unseen"), {"text": "P26-9"}, headers={"Accept": "application/json"})
    assert (none.status_code, none.json()["violations"][0]["code"]) == (422, "L013")


def test_the_receipt_for_goods_is_printed_for_officer_and_traveller(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[dict[str, Any]] = []

    def printed(_template: str, context: dict[str, Any]) -> bytes:
        said.append(context)
        return b"%PDF-1.7"

    monkeypatch.setattr("border.views.goods.print_pdf", printed)
    aside = post.put_aside(post.standing())
    assert client_of(post.at_post()).get(reverse("aside_receipt", args=[aside.pk])).content == b"%PDF-1.7"
    phone, token = Client(), signing.dumps(aside.declaration_id, salt=OPEN_SALT)
    address = reverse("travel_kept", args=[aside.declaration.public_id])
    assert phone.get(address).status_code == 404
    phone.get(reverse("travel_open", args=[token]))
    assert address in phone.get(reverse("travel_standing", args=[aside.declaration.public_id])).content.decode()
    assert phone.get(address).content == b"%PDF-1.7"
    assert [context["names"] for context in said] == [["Раҳмонов Фирӯз"]] * 2


def test_an_officer_fills_in_the_form_for_somebody_without_a_phone_under_the_officers_name() -> None:
    officer = post.at_post()
    client = client_of(officer)
    answer = client.post(reverse("traveller_begin"), {"direction": "entry", "way": "air"})
    made = TravelDeclaration.objects.get()
    assert answer["Location"] == way.page(str(made.public_id), "trip")
    assert made.events.get(verb="begin").by == officer
    assert client.get(answer["Location"]).status_code == 200
    assert client.post(reverse("traveller_begin"), {"direction": "x", "way": "air"})["Location"] == "/travellers/"


def test_the_clock_of_goods_that_wait() -> None:
    aside = post.put_aside(post.standing())
    ends = aside.keep_until
    days = [selectors.Clock(aside, on=ends + timedelta(days=more)) for more in (-20, -7, 0, 1)]
    assert [(each.days, each.is_soon, each.is_over) for each in days] == [
        (20, False, False), (7, True, False), (0, True, False), (-1, False, True),
    ]  # fmt: skip
