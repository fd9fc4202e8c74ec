"""The grid's door: what was done to items comes as steps, in order, each done once however often it is sent."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from declarations import services
from declarations.models import Declaration, RemovedItem
from declarations.selectors import as_dict
from lib.pointers import in_order
from lib.row_keys import new_key
from tests import make

A, B, C = "ra00000000000", "rb00000000000", "rc00000000000"


@pytest.fixture
def draft() -> Declaration:
    items = [make.item(packages_marks=mark, key=key) for mark, key in (("A", A), ("B", B), ("C", C))]
    return make.draft(items=[*items[:1], {**items[1], "net_mass": "12,5x"}, items[2]])


def send(client: Client, draft: Declaration, *steps: dict[str, Any], state: str = "") -> Any:
    body = json.dumps({"steps": steps, "state": state})
    address = reverse("declaration_items_steps", args=[draft.public_id])
    return client.post(address, body, content_type="application/json")


def put(name: str, text: str, *was: str) -> dict[str, Any]:
    return {"do": "set", "boxes": {name: text}, "was": {name: list(was)}}


def now(draft: Declaration) -> dict[str, Any]:
    return as_dict(Declaration.objects.get(pk=draft.pk))


def marks(draft: Declaration) -> str:
    return "".join(item.get("packages_marks", "-") for item in now(draft)["items"])


def test_steps_are_done_in_their_order_and_once(as_trader: Client, draft: Declaration) -> None:
    added, copied = new_key(), new_key()
    steps = [
        put(f"items[{A}].net_mass", "1 200,5", "400", "1 200,5"),
        {"do": "copy", "keys": [copied], "of": A},
        {"do": "add", "keys": [added]},
        put(f"items[{added}].packages_marks", "N", "", "N"),
        {"do": "remove", "keys": [B], "was": {f"items[{B}].net_mass": ["12,5x"]}},
    ]
    for _again in range(2):
        answer = send(as_trader, draft, *steps)
        assert answer.status_code == 200, answer.content
    said = answer.json()
    assert said["boxes"][f"items[{A}].net_mass"]["text"] == "1200.5"
    assert {row[0] for row in said["rows"]} == {copied, added}
    assert said["state"] == services.state_of(Declaration.objects.get(pk=draft.pk))
    items = now(draft)["items"]
    assert marks(draft) == "ACAN"
    assert [items[0]["net_mass"], items[2]["net_mass"], items[3]["origin_country"]] == ["1200.5", "1200.5", "CN"]
    assert len(items[2]["documents"]) == 2
    assert now(draft)["held"] == {}


def test_a_new_row_begins_with_what_the_page_shows_and_only_once(as_trader: Client, draft: Declaration) -> None:
    """The item before it has another origin by now; and what somebody writes into the new row stays."""
    key = new_key()
    own = {f"items[{key}].origin_country": "KZ", f"items[{key}].packages_kind": ""}
    begins = {**own, f"items[{C}].origin_country": "UZ"}
    step = {"do": "add", "keys": [key], "boxes": begins}
    answer = send(as_trader, draft, step).json()
    assert answer["boxes"] == {}
    last = now(draft)["items"]
    assert (last[3]["origin_country"], last[3].get("packages_kind"), last[2]["origin_country"]) == ("KZ", None, "CN")
    send(as_trader, draft, put(f"items[{key}].origin_country", "TJ", "KZ"))
    assert send(as_trader, draft, step).status_code == 200
    assert now(draft)["items"][3]["origin_country"] == "TJ"


def test_a_removed_item_comes_back_where_it_was_with_papers_and_held_texts(
    as_trader: Client, draft: Declaration
) -> None:
    before = now(draft)
    send(as_trader, draft, {"do": "remove", "keys": [A, B]})
    assert (marks(draft), now(draft)["held"]) == ("C", {})
    for _again in range(2):
        assert send(as_trader, draft, {"do": "restore", "keys": [A, B]}).status_code == 200
    assert {**now(draft), "key": None} == {**before, "key": None}
    assert not RemovedItem.objects.exists()
    answer = send(as_trader, draft, {"do": "restore", "keys": [new_key()]})
    assert [fault["code"] for fault in answer.json()["refused"]] == ["S030"]


def test_a_box_that_somebody_else_changed_is_told_and_the_rest_is_done(as_trader: Client, draft: Declaration) -> None:
    name, other = f"items[{A}].net_mass", f"items[{C}].net_mass"
    known = services.state_of(draft)
    services.save_fields(draft, fields={name: "390"}, by=make.colleague(), at=make.AT + timedelta(seconds=1))
    step = {"do": "set", "boxes": {name: "380", other: "5"}, "was": {name: ["400"], other: ["400"]}}
    answer = send(as_trader, draft, step, {"do": "remove", "keys": [A], "was": {name: ["380"]}}, state=known)
    said = answer.json()
    assert (answer.status_code, said["is_alone"]) == (409, False)
    assert [(fault["code"], fault["pointer"]) for fault in said["violations"]] == [("S015", name)]
    assert said["boxes"][name]["text"] == "390"
    assert [fault["code"] for fault in said["refused"]] == ["S015"], "what it says was not seen: it is not removed"
    assert [item.get("net_mass") for item in now(draft)["items"]] == ["390", None, "5"]
    assert send(as_trader, draft, put(name, "1", "390"), state=said["state"]).json()["is_alone"]
    assert as_trader.get(reverse("declaration_items", args=[draft.public_id])).json()["rows"][0][0] == A


NO_STEPS: list[tuple[Any, str]] = [
    (b"", "F030"), (b"[]", "F030"), (b"[" * 9000, "F030"), (b'{"steps": 5}', "F030"), (b"\xff", "F030"),
    *((json.dumps({"steps": [step]}).encode(), "F030") for step in (
        5, {}, {"do": "fly"}, {"do": "set"}, {"do": "set", "boxes": {"colour": "red"}},
        {"do": "set", "boxes": {"lrn": 5}}, {"do": "set", "boxes": {"lrn": "x"}, "was": {"lrn": 5}},
        {"do": "add"}, {"do": "add", "keys": "r"}, {"do": "add", "keys": ["1"]}, {"do": "copy", "keys": [A], "of": "1"},
        {"do": "remove", "keys": [A], "was": []}, {"do": ["set"]},
    )),
    (json.dumps({"steps": [{"do": "add", "keys": [A]}] * 1001}).encode(), "F031"),
    (json.dumps({"steps": [{"do": "add", "keys": [f"r{n:012}" for n in range(1000)]}]}).encode(), "F031"),
]  # fmt: skip


def test_what_are_no_steps_is_refused_and_nothing_is_written(as_trader: Client, draft: Declaration) -> None:
    before = now(draft)
    address = reverse("declaration_items_steps", args=[draft.public_id])
    for body, code in NO_STEPS:
        answer = as_trader.post(address, body, content_type="application/json")
        assert (answer.status_code, answer.json()["violations"][0]["code"]) == (422, code), body[:80]
    answer = send(as_trader, draft, {"do": "add", "keys": [f"r{n:012}" for n in range(997)]})
    assert [fault["code"] for fault in answer.json()["refused"]] == ["S004"]
    assert now(draft)["items"] == before["items"]


def test_nothing_is_kept_of_removed_items_once_it_is_lodged(as_trader: Client) -> None:
    draft = make.draft(items=[make.item(), make.item(key=B)], invoice_amount="1200")
    send(as_trader, draft, {"do": "remove", "keys": [B]})
    services.lodge(draft, on=make.ON, at=make.AT, by=make.trader())
    assert not RemovedItem.objects.exists()
    assert send(as_trader, draft, {"do": "restore", "keys": [B]}).status_code in (302, 409)


def test_pointers_follow_their_rows() -> None:
    before = ["a", "b", "c"]
    pointers = ["items[0].x", "items[2].documents[1].y", "items[1].z", "lrn", "previous[1].x"]
    assert in_order(pointers, part="items", before=before, after=["n", "c", "a"]) == {
        "items[0].x": "items[2].x", "items[2].documents[1].y": "items[1].documents[1].y", "lrn": "lrn",
        "previous[1].x": "previous[1].x",
    }  # fmt: skip


def test_a_save_asks_as_little_of_many_items_as_of_few(as_trader: Client, django_assert_num_queries: Any) -> None:
    few, many = make.draft(items=[make.item(key=A)]), make.draft(items=[make.item(key=A)] + [make.item()] * 60)
    counts = []
    for draft in (few, many):
        send(as_trader, draft, put(f"items[{A}].net_mass", "399", "400"))
        with django_assert_num_queries(100, exact=False) as asked:
            send(as_trader, draft, put(f"items[{A}].net_mass", "398", "399"), {"do": "add", "keys": [new_key()]})
        counts.append(len(asked.captured_queries))
    assert counts[0] == counts[1] < 50
