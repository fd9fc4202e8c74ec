"""Templates: made from anything or nothing, filed from, and seen by those alone who serve the company."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from declarations import selectors, services
from declarations.models import Declaration, Status, Template
from lib.violations import Rejected
from tests import make
from tests.conftest import client_of
from traders.models import Company
from traders.services import revoke_mandate

pytestmark = pytest.mark.django_db


def template(name: str = "Tea", source: Declaration | None = None, **changes: Any) -> Template:
    data = None if source else make.data(**changes)
    return services.make_template(make.company(), name=name, source=source, data=data, by=make.trader(), at=make.AT)


def seen(user: User) -> list[str]:
    return [row.name for row in selectors.templates_of(user, on=make.ON).order_by("name")]


def refused(verb: Any, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(Rejected) as fault:
        verb(*args, **kwargs)
    return fault.value.violations[0].code


def test_a_template_is_made_from_a_declaration_named_filled_in_and_filed_from() -> None:
    make.trader()
    made = template(source=make.lodged())
    content = selectors.as_dict(made.declaration)
    assert {"lrn", "declarant_code", "declaration_date"}.isdisjoint(content)
    assert [paper["code"] for paper in content["items"][0]["documents"]] == ["380", "730"]
    assert not any("reference" in paper for paper in content["items"][0]["documents"])
    services.save_fields(made.declaration, fields={"border_mode": "2"}, by=make.colleague(), at=make.AT)
    changes = {"invoice_amount": "900", "items": [make.item(item_price="900")]}
    drafts = [
        services.file_from(made, declarant=make.company(), by=make.trader(), at=make.AT, changes=said)
        for said in ({}, changes)
    ]
    assert drafts[0].lrn not in ("", drafts[1].lrn)
    assert [(draft.status, draft.border_mode, draft.declarant_code) for draft in drafts] == [
        ("draft", "2", make.TIN)] * 2  # fmt: skip
    assert drafts[0].beginning.template == made
    services.lodge(drafts[1], on=make.ON, at=make.AT, by=make.trader())
    made.refresh_from_db()
    assert (made.times_used, made.last_used_at) == (2, make.AT)


def test_papers_that_end_while_they_lie_in_a_template_are_left_out_and_said() -> None:
    licence = {"code": "911", "reference": "L-1", "date": "2025-11-01"}
    make.trader()
    made = template(items=[make.item(documents=[{"code": "380"}])])
    services.patch_draft(made.declaration, data={"items": [make.item(documents=[licence, {"code": "380"}])]},
                         by=make.trader(), at=make.AT)  # fmt: skip
    draft = services.file_from(made, declarant=make.company(), by=make.trader(), at=make.AT)
    assert [paper["code"] for paper in selectors.as_dict(draft)["items"][0]["documents"]] == ["380"]
    left = draft.beginning.left_out
    assert [(row["code"], row["until"], row["items"]) for row in left] == [("911", "2026-11-01", [1])]


def test_a_template_has_a_name_of_its_own_and_is_no_declaration() -> None:
    trader = make.trader()
    made = template("Tea")
    assert refused(template, "  tEA ") == "F061"
    assert refused(template, " \u200b ") == "F060"
    assert refused(template, "x" * 81) == "F060"
    assert refused(template, "Wrong", boxes="?") == "S001"
    assert refused(services.lodge, made.declaration, on=make.ON, at=make.AT, by=trader) == "F063"
    file = {"kind": "attachment", "name": "a.pdf", "content": b"%PDF-1.4\n"}
    assert refused(services.store_file, made.declaration, by=trader, at=make.AT, **file) == "F064"
    assert made.declaration not in selectors.visible_to(trader, on=make.ON)
    assert not selectors.may_prepare(trader, made.declaration, on=make.ON)
    services.rename_template(made, name="Green tea")
    draft = services.file_from(made, declarant=make.company(), by=trader, at=make.AT)
    services.delete_template(made, by=trader, at=make.AT)
    assert not Template.objects.exists()
    draft.refresh_from_db()
    assert (draft.status, draft.beginning.template) == (Status.DRAFT, None)


def test_a_broker_sees_a_clients_templates_under_its_mandate_alone() -> None:
    trader, broker, firm = make.trader(), make.broker(), make.company(make.BROKER_TIN)
    template("Export", declaration_type="EX", general_procedure="1", exporter_code=make.TIN)
    tea = template("Tea")
    assert (seen(trader), seen(make.colleague()), seen(broker), seen(make.stranger())) == (
        ["Export", "Tea"], ["Export", "Tea"], [], [])  # fmt: skip
    mandate = make.mandate(principal=make.company(), agent=firm, procedures=("IM4",))
    assert seen(broker) == ["Tea"]
    assert selectors.draft_for(broker, tea.declaration.public_id, on=make.ON)
    assert selectors.agents_for(broker, make.company(), on=make.ON) == [firm]
    revoke_mandate(mandate, by=trader, at=make.AT)
    assert (seen(broker), selectors.agents_for(broker, make.company(), on=make.ON)) == ([], [])
    with pytest.raises(Declaration.DoesNotExist):
        selectors.draft_for(broker, tea.declaration.public_id, on=make.ON)


def test_every_door_of_a_template_and_of_the_address_book_is_closed_when_the_mandate_ended() -> None:
    trader, broker = make.trader(), make.broker()
    firm: Company = make.company(make.BROKER_TIN)
    mandate = make.mandate(principal=make.company(), agent=firm)
    tea = template("Tea")
    values = {"name": "Yunnan Tea Co", "roles": ["exporter"]}
    party = services.keep_party(make.company(), values=values, by=trader, on=make.ON, at=make.AT)
    key = tea.declaration.public_id
    draft = make.draft(declarant=firm, by=broker)
    suggest = reverse("declaration_parties", args=[draft.public_id]) + "?role=exporter"
    doors = [
        ("get", reverse("template", args=[key])),
        ("get", reverse("declaration_section", args=[key, "procedure"])),
        ("get", reverse("address", args=[party.pk])),
        ("post", reverse("template_file", args=[key])),
    ]
    client = client_of(broker)
    assert [getattr(client, verb)(address).status_code for verb, address in doors] == [200, 200, 200, 302]
    lists = [reverse("templates"), reverse("address_book"), suggest]
    assert ["Tea" in client.get(address).content.decode() for address in lists] == [True] * 3
    revoke_mandate(mandate, by=trader, at=timezone.now())
    assert [getattr(client, verb)(address).status_code for verb, address in doors] == [404] * 4
    assert ["Tea" in client.get(address).content.decode() for address in lists] == [False] * 3


def test_a_program_lists_makes_files_from_and_deletes_templates_and_is_told_what_is_left_out() -> None:
    trader, broker, firm = make.trader(), make.broker(), make.company(make.BROKER_TIN)
    make.mandate(principal=make.company(), agent=firm)
    door = client_of(broker)

    def ask(verb: str, address: str, data: Any = None) -> Any:
        return getattr(door, verb)(f"/api/v1/{address}", data, content_type="application/json")

    earlier = make.lodged(declarant=firm, by=broker)
    made = ask("post", "templates/", {"name": "Tea", "declaration": earlier.mrn}).json()
    assert (made["company"], made["procedure"], made["content"]["border_mode"]) == (make.TIN, "IM4", "3")
    assert [row["name"] for row in ask("get", "templates/?name=te").json()["results"]] == ["Tea"]
    address = f"templates/{made['id']}/"
    papers = [{"code": "380", "reference": "INV-99"}, {"code": "730", "reference": "CMR-9"}]
    begun = ask("post", f"{address}file/", {"lrn": "T-1", "items": [make.item(documents=papers)]})
    assert begun.status_code == 201
    said = begun.json()
    assert (said["lrn"], said["declarant_code"], said["left_out"]) == ("T-1", make.BROKER_TIN, [])
    assert ask("post", f"declarations/{begun.json()['id']}/lodge/").status_code == 201
    copied = ask("post", f"declarations/{earlier.mrn}/copy/").json()
    assert [(row["what"].split()[0], row["reason"], row["items"]) for row in copied["left_out"]] == [
        ("380", "consignment", "1"), ("730", "consignment", "1")]  # fmt: skip
    tin = make.TIN
    wrong = [{"company": tin, "name": ""}, {"company": tin, "content": []}, {"company": make.OTHER_TIN}, {"name": "X"}]
    told = [ask("post", "templates/", data).json()["violations"][0]["code"] for data in wrong]
    assert told == ["F060", "S003", "A002", "A001"]
    assert ask("post", f"{address}file/", {"nonsense": 1}).status_code == 422
    assert client_of(make.stranger()).get(f"/api/v1/{address}").status_code == 404
    assert client_of(trader).delete(f"/api/v1/{address}").status_code == 204
    assert ask("get", address).status_code == 404
