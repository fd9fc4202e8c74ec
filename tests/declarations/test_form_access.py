"""Who may open and change a draft in the browser: its company's preparers; for anybody else it does not exist."""

from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from declarations import services
from declarations.models import Declaration
from tests import make
from tests.conftest import client_of
from traders.models import Right
from traders.services import add_member

SECTIONS = ("procedure", "parties", "transport", "value", "items", "documents", "payment", "transit", "review")


def address(name: str, declaration: Declaration, *more: object) -> str:
    return reverse(name, args=[declaration.public_id, *more])


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_opens_for_the_trader_and_for_a_colleague(as_trader: Client, section: str) -> None:
    draft = make.draft()
    assert as_trader.get(address("declaration_section", draft, section)).status_code == 200
    assert client_of(make.colleague()).get(address("declaration_section", draft, section)).status_code == 200


@pytest.mark.parametrize(
    "name", ["declaration_edit", "declaration_beside", "declaration_discard", "declaration_uploaded"]
)
def test_a_stranger_meets_404(as_stranger: Client, trader: User, name: str) -> None:
    assert as_stranger.get(address(name, make.draft())).status_code == 404


def test_a_stranger_changes_nothing(as_stranger: Client, trader: User) -> None:
    draft = make.draft()
    for name in (
        "declaration_fields",
        "declaration_lodge",
        "declaration_discard",
        "declaration_copy",
        "declaration_items_read",
        "declaration_goods_file",
        "declaration_bring_back",
    ):
        assert as_stranger.post(address(name, draft), {"exporter_name": "Mine"}).status_code == 404
    draft.refresh_from_db()
    assert draft.exporter_name.startswith("Yunnan")


def test_an_officer_does_not_edit(officer: User) -> None:
    client, draft = client_of(officer), make.draft()
    assert client.get(address("declaration_section", draft, "value")).status_code == 404
    assert client.post(address("declaration_fields", draft), {"exporter_name": "Mine"}).status_code == 404


def test_a_member_who_only_pays_does_not_edit(trader: User) -> None:
    payer = make.user("payer@example.com")
    add_member(make.company(), user=payer, right=Right.PAYER, by=trader, on=make.SINCE, at=make.AT)
    assert client_of(payer).get(address("declaration_section", make.draft(), "value")).status_code == 404


def test_who_is_not_signed_in_logs_in_and_comes_back(client: Client, trader: User) -> None:
    page = address("declaration_section", make.draft(), "value")
    answer = client.get(page)
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"?next={page}")


def test_a_script_without_a_session_is_told_so_and_nothing_is_saved(client: Client, trader: User) -> None:
    draft = make.draft()
    page = f"http://testserver{address('declaration_section', draft, 'value')}?page=2"
    answer = client.post(
        address("declaration_fields", draft),
        {"exporter_name": "X"},
        headers={"accept": "application/json", "referer": page},
    )
    assert answer.status_code == 401
    assert unquote(answer.json()["log_in"]).endswith("/edit/value/?page=2")
    assert "session has ended" in answer.json()["violations"][0]["sentence"]
    draft.refresh_from_db()
    assert draft.exporter_name.startswith("Yunnan")


@pytest.mark.parametrize("door", ["declaration_fields", "declaration_items_read", "declaration_scans"])
def test_a_script_is_told_in_words_of_a_draft_that_is_not_there_for_it(as_stranger: Client, door: str) -> None:
    answer = as_stranger.post(address(door, make.draft()), {"x": "y"}, headers={"accept": "application/json"})
    assert answer.status_code == 404
    assert "no longer here" in answer.json()["violations"][0]["sentence"]
    assert as_stranger.post(address(door, make.draft()), {"x": "y"}).status_code == 404


def test_what_is_lodged_is_not_edited_but_shown(as_trader: Client) -> None:
    lodged = make.lodged()
    answer = as_trader.get(address("declaration_section", lodged, "value"))
    assert answer.status_code == 302
    assert answer["Location"] == address("declaration", lodged)
    saved = as_trader.post(
        address("declaration_fields", lodged), {"exporter_name": "X"}, headers={"accept": "application/json"}
    )
    assert saved.status_code == 409
    assert saved.json()["moved"] == address("declaration", lodged)


def test_a_section_that_is_none_is_not_found(as_trader: Client) -> None:
    assert as_trader.get(address("declaration_section", make.draft(), "weather")).status_code == 404


def test_a_file_opens_for_its_company_and_not_for_a_stranger(
    as_trader: Client, as_stranger: Client, trader: User
) -> None:
    stored = services.store_file(
        make.draft(), kind="attachment", name="invoice.pdf", content=b"%PDF-1.4\n", by=trader, at=make.AT
    )
    page = reverse("file", args=[stored.public_id])
    answer = as_trader.get(page)
    assert b"".join(answer.streaming_content) == b"%PDF-1.4\n"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert as_stranger.get(page).status_code == 404


def test_a_file_that_could_carry_a_script_is_saved_and_not_shown(as_trader: Client, trader: User) -> None:
    stored = services.store_file(
        make.draft(), kind="attachment", name="sad.xml", content=b"<?xml version='1.0'?><a/>", by=trader, at=make.AT
    )
    assert as_trader.get(reverse("file", args=[stored.public_id]))["Content-Disposition"].startswith("attachment")
