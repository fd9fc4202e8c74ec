"""Corrections through the doors: pages of trader and officer, and the API."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from clearance.models import Correction, Outcome
from clearance.services import corrections
from declarations.models import Penalty, Status
from tests import make
from tests.clearance import correcting
from tests.clearance import make as clearance
from tests.conftest import client_of

pytestmark = pytest.mark.django_db
State = Correction.Status


def text_of(client: Client, name: str, *keys: Any) -> str:
    answer = client.get(reverse(name, args=keys))
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def press(client: Client, name: str, *keys: Any, **fields: Any) -> Any:
    return client.post(reverse(name, args=keys), fields)


def act(client: Client, correction: Correction, verb: str, **fields: Any) -> Any:
    named = {f"{verb}-{name}": value for name, value in fields.items()}
    return client.post(reverse("correction_act", args=[correction.draft.public_id, verb]), named)


def test_an_amendment_is_begun_edited_compared_and_sent_in_the_browser(as_trader: Client) -> None:
    case = correcting.at_moment("paid")
    key = case.declaration.public_id
    assert "will be credited to" in text_of(as_trader, "declaration", key), "what cancelling does to the money"
    answer = press(as_trader, "declaration_amend", key)
    made = Correction.objects.get()
    draft = made.draft.public_id
    assert answer.url == reverse("declaration_edit", args=[draft])
    assert press(as_trader, "declaration_amend", key).url == answer.url, "a second click goes on with it"
    form = text_of(as_trader, "declaration_section", draft, "procedure")
    assert f"amendment of {case.mrn}" in form
    assert 'name="lrn"' in form
    assert "readonly" in form
    fields = {"items[0].item_price": "600", "invoice_amount": "600", "lrn": made.draft.lrn}
    assert as_trader.post(reverse("declaration_fields", args=[draft]), fields).status_code == 200
    assert as_trader.post(reverse("declaration_fields", args=[draft]), {"lrn": "X"}).status_code == 422
    assert as_trader.get(reverse("declaration_section", args=[draft, "review"])).url == reverse(
        "correction", args=[draft]
    )
    assert f"amendment of {case.mrn}" in text_of(as_trader, "declarations")
    page = text_of(as_trader, "correction", draft)
    assert "600.00" in page
    assert "1,200.00" in page or "1200.00" in page
    assert "will be credited to" in page
    assert act(as_trader, made, "send").status_code == 422
    assert act(as_trader, made, "send", reason="The invoice was wrong.").status_code == 302
    new = correcting.newest(case)
    assert (new.version, new.status, new.pk) == (2, Status.PAID, made.draft_id)
    versions = text_of(as_trader, "declaration_versions", new.public_id)
    assert "600.00" in versions
    assert text_of(client_of(correcting.officer()), "declaration_versions", new.public_id)


def test_a_draft_of_an_amendment_is_discarded(as_trader: Client) -> None:
    case = correcting.at_moment("paid")
    press(as_trader, "declaration_amend", case.declaration.public_id)
    made = Correction.objects.get()
    answer = press(as_trader, "declaration_discard", made.draft.public_id)
    assert answer.url == reverse("declaration", args=[case.declaration.public_id])
    assert not Correction.objects.exists()


def test_a_claim_is_decided_by_two_officers_in_the_browser(as_trader: Client) -> None:
    case = correcting.at_moment("released")
    claim = correcting.sent(case.declaration, price="600")
    key = claim.draft.public_id
    assert as_trader.get(reverse("declaration_edit", args=[key])).status_code == 302, "it is looked at"
    assert "Withdraw" in text_of(as_trader, "correction", key)
    one, other = client_of(correcting.officer()), client_of(correcting.second_officer())
    assert case.mrn in text_of(one, "correction_queue")
    assert act(one, claim, "decide", end="accepted").status_code == 422
    assert act(one, claim, "decide", end="accepted", text="It is right.").status_code == 302
    told = act(one, claim, "confirm")
    assert told.status_code == 422
    assert "Another officer confirms it" in told.content.decode()
    assert act(other, claim, "confirm").status_code == 302
    claim.refresh_from_db()
    assert claim.status == State.ACCEPTED
    assert "It is right." in text_of(as_trader, "correction", key)
    assert case.mrn not in text_of(one, "correction_queue")


def test_a_discrepancy_is_proposed_contested_and_judged_in_the_browser(as_trader: Client) -> None:
    case = correcting.at_moment("paid")
    finding = correcting.found(case)
    officer, key = client_of(correcting.officer()), case.declaration.public_id
    assert "Discrepancies to settle" in text_of(officer, "case", key)
    answer = press(officer, "case_propose", key, **{"propose-findings": [finding.pk]})
    made = Correction.objects.get()
    assert answer.url == reverse("declaration_edit", args=[made.draft.public_id])
    assert as_trader.get(reverse("correction", args=[made.draft.public_id])).status_code == 404, "not sent yet"
    assert as_trader.get(reverse("declaration", args=[made.draft.public_id])).status_code == 404
    fields = {"items[0].item_price": "2400", "invoice_amount": "2400"}
    assert officer.post(reverse("declaration_fields", args=[made.draft.public_id]), fields).status_code == 200
    assert act(officer, made, "propose", reason="The payment says more.").status_code == 302
    assert "Customs propose a correction" in text_of(as_trader, "desk")
    assert act(as_trader, made, "contest", reason="The rest was freight.").status_code == 302
    assert act(client_of(correcting.second_officer()), made, "uphold", text="It was not.").status_code == 302
    assert correcting.newest(case).version == 2
    assert "Upheld" in text_of(as_trader, "correction", made.draft.public_id)


def test_a_fine_is_decided_contested_and_dropped_in_the_browser(as_trader: Client) -> None:
    case = correcting.at_moment("released")
    officer, key = client_of(correcting.officer()), case.declaration.public_id
    assert press(officer, "case_audit", key).status_code == 302
    page = text_of(officer, "case", key)
    assert "Record the finding" in page
    begun = case.examinations.get(kind="audit")
    given = {"finding-item_number": 1, "finding-code": "quantity", "finding-text": "Two cartons more."}
    assert press(officer, "case_finding", key, begun.pk, **given).status_code == 302
    assert press(officer, "case_finish", key, begun.pk).status_code == 302
    finding = begun.findings.get()
    fine = {"findings": [finding.pk], "amount": "1 250,50", "legal_basis": "Code, art. 5", "text": "Two too many."}
    wrong = {f"fine-{name}": value for name, value in {**fine, "amount": "much"}.items()}
    assert press(officer, "case_fine", key, **wrong).status_code == 422
    assert press(officer, "case_fine", key, **{f"fine-{name}": each for name, each in fine.items()}).status_code == 302
    penalty = Penalty.objects.get()
    page = text_of(as_trader, "declaration", key)
    assert "1,250.50" in page
    assert "Two too many." in text_of(as_trader, "declaration", key)
    assert "Fine" in text_of(as_trader, "pay", key)
    assert press(as_trader, "fine_contest", penalty.pk, **{"contest-reason": "They were empty."}).status_code == 302
    other = client_of(correcting.second_officer())
    assert "They were empty." in text_of(other, "correction_queue")
    assert press(other, "fine_judge", penalty.pk, "drop", **{"judge-text": "They were."}).status_code == 302
    penalty.refresh_from_db()
    assert penalty.status == Penalty.Status.DROPPED


def test_a_discrepancy_is_closed_with_a_reason_in_the_browser() -> None:
    case = correcting.at_moment("paid")
    finding = correcting.found(case)
    officer, key = client_of(correcting.officer()), case.declaration.public_id
    told = press(officer, "case_release", key).content.decode()
    assert "A discrepancy was found" in told
    assert press(officer, "case_close_findings", key, **{"close-findings": [finding.pk]}).status_code == 422
    given = {"close-findings": [finding.pk], "close-reason": "The scales were wrong."}
    assert press(officer, "case_close_findings", key, **given).status_code == 302
    assert Outcome.objects.get().reason == "The scales were wrong."
    assert press(officer, "case_release", key).status_code == 302


def test_what_was_refused_is_begun_again_with_its_content(as_trader: Client) -> None:
    case = correcting.at_moment("paid")
    draft = correcting.drafted(case.declaration, price="600")
    clearance.amended(case.declaration, comments="By machine.")
    told = act(as_trader, draft, "send", reason="Mistake.")
    assert told.status_code == 422
    assert "amended meanwhile" in told.content.decode()
    assert press(as_trader, "correction_again", draft.draft.public_id).status_code == 302
    assert Correction.objects.get().draft.items.get().item_price == 600


# The machine door ---------------------------------------------------------------------------------------------
def api(name: str, *keys: Any) -> str:
    return reverse(f"api-{name}", args=keys)


def test_a_correction_is_made_changed_sent_and_withdrawn_by_machine(as_trader: Client) -> None:
    case = correcting.at_moment("released")
    made = as_trader.post(api("declaration-correct", case.declaration.public_id))
    assert made.status_code == 200, made.content
    key = made.json()["id"]
    draft = as_trader.get(api("declaration-detail", key)).json()
    items = [{**draft["items"][0], "item_price": "600"}]
    changed = as_trader.patch(
        api("declaration-detail", key), {"items": items, "invoice_amount": "600"}, content_type="application/json"
    )
    assert changed.status_code == 200, changed.content
    shown = as_trader.get(api("correction-detail", key)).json()
    assert {row["name"] for row in shown["changes"]} >= {"Invoice total"}
    assert any(row["difference"].startswith("-") for row in shown["taxes"])
    empty = as_trader.post(api("correction-send", key), {}, content_type="application/json")
    assert [fault["code"] for fault in empty.json()["violations"]] == ["C005"]
    sent = as_trader.post(api("correction-send", key), {"reason": "Mistake."}, content_type="application/json")
    assert (sent.status_code, sent.json()["status"], sent.json()["kind"]) == (200, "sent", "claim")
    assert [row["id"] for row in as_trader.get(api("correction-list")).json()["results"]] == [key]
    assert as_trader.post(api("correction-withdraw", key)).json()["status"] == "withdrawn"
    assert as_trader.post(api("correction-withdraw", key)).status_code == 409


def test_a_proposal_is_answered_by_machine(as_trader: Client) -> None:
    case = correcting.at_moment("paid")
    key = correcting.proposed(case, price="2400").draft.public_id
    contested = as_trader.post(api("correction-contest", key), {"reason": "No."}, content_type="application/json")
    assert contested.json()["status"] == "contested"
    assert as_trader.post(api("correction-accept", key)).status_code == 409
    assert as_trader.post(api("correction-accept-contested", key)).json()["status"] == "accepted"
    assert correcting.newest(case).version == 2


# Strangers ----------------------------------------------------------------------------------------------------
def test_strangers_and_the_other_side_meet_404(as_stranger: Client, as_trader: Client) -> None:
    claim = correcting.sent(correcting.at_moment("released").declaration, price="600")
    key = claim.draft.public_id
    elsewhere = client_of(make.officer(office="TJ02"))
    for client in (as_stranger, elsewhere):
        for address in (
            reverse("correction", args=[key]),
            reverse("declaration_versions", args=[claim.declaration.public_id]),
            api("correction-detail", key),
        ):
            assert client.get(address).status_code == 404, address
        for verb in ("withdraw", "decide", "confirm", "send"):
            assert act(client, claim, verb).status_code == 404
    assert act(as_trader, claim, "decide", end="accepted", text="x").status_code == 404
    assert act(client_of(correcting.officer()), claim, "withdraw").status_code == 404
    assert corrections.withdraw(claim, by=make.trader(), at=make.AT).status == State.WITHDRAWN
