"""What is learnt from lodged declarations: codes that stand first in the pickers, parties of the address book."""

from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from declarations import selectors, services
from declarations.models import Party, UsedCode
from declarations.services.address_book import key_of
from lib.violations import Rejected
from tests import make
from tests.conftest import client_of

pytestmark = pytest.mark.django_db


def learnt(**changes: Any) -> None:
    made = make.lodged(**changes)
    for _again in range(2):
        services.learn(made.pk, at=make.AT)


def test_the_codes_used_most_and_last_stand_first_and_a_declaration_counts_once() -> None:
    for goods in ([make.item(), make.item()], [make.item()], [make.item(), make.item(packages_kind="BX")]):
        learnt(items=goods)
    used = selectors.used_codes(make.company(), on=make.ON)
    assert (used["commodity"], used["package_kind"]) == (["0902300009"], ["CT", "BX"])
    assert used["country"][0] == "CN"
    assert {"380", "730"} == set(used["document_type"])
    row = UsedCode.objects.get(code_list="package_kind", code="CT")
    assert (row.times, row.last_on) == (3, make.ON)
    UsedCode.objects.filter(pk=row.pk).update(last_on=make.ON - timedelta(days=400))
    assert selectors.used_codes(make.company(), on=make.ON)["package_kind"] == ["BX", "CT"]
    assert selectors.used_codes(make.company(make.OTHER_TIN, owner=make.stranger()), on=make.ON) == {}
    assert [code for code, _name in selectors.used_goods(["1", "0902300009"], on=make.ON)] == ["0902300009"]


def test_pickers_and_short_lists_offer_first_what_the_company_used(as_trader: Client) -> None:
    learnt()
    draft = make.draft()
    said = as_trader.get(reverse("declaration_used", args=[draft.public_id])).json()
    assert said["codes"]["document_type"] == ["380", "730"]
    assert [code for code, name in said["goods"] if "tea" in name.lower()] == ["0902300009"]
    page = as_trader.get(reverse("declaration_section", args=[draft.public_id, "transport"])).content.decode()
    often = page.partition('<optgroup label="Used most and last">')[2].partition("</optgroup>")[0]
    assert 'value="3"' in often
    assert client_of(make.stranger()).get(reverse("declaration_used", args=[draft.public_id])).status_code == 404


def test_parties_are_kept_when_a_declaration_that_names_them_is_lodged_and_an_ended_one_stays_ended() -> None:
    suppliers = [{"name": "Hengtong Mills", "street": "Road 8", "city": "Yiwu", "country": "CN", "invoice_number": "7"}]
    learnt(suppliers=suppliers)
    rows = {party.name: party for party in Party.objects.filter(company=make.company())}
    assert {name: (party.roles, party.address, party.country) for name, party in rows.items()} == {
        "Yunnan Tea Co": (["exporter"], "Kunming, China", "CN"),
        "Somon Trade LLC": (["consignee"], "Rudaki Avenue 10, Dushanbe", ""),
        "Hengtong Mills": (["supplier"], "Road 8\nYiwu", "CN"),
    }
    services.end_party(rows["Yunnan Tea Co"], by=make.trader(), at=make.AT)
    learnt(exporter_name="YUNNAN  Tea Co.\nElsewhere")
    again = Party.objects.get(pk=rows["Yunnan Tea Co"].pk)
    assert (again.times_used, again.address, again.ended_at) == (2, "Kunming, China", make.AT)
    offered = selectors.parties_offered(make.company(), role="exporter", text="")
    assert [party.name for party in offered] == ["Somon Trade LLC", "Hengtong Mills"]
    assert selectors.parties_offered(make.company(), role="exporter", text="yiwu mills") == [offered[1]]


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ({"name": "Yunnan Tea", "country": "cn"}, []),
        ({"name": " \u200b-. "}, ["F065"]),
        ({"name": "N" * 176, "address": "A" * 351, "tax_number": "9" * 21}, ["F066", "F066", "F066"]),
        ({"name": "N", "country": "XX", "roles": ["emperor"]}, ["F066", "F068"]),
        ({"name": "Тоҷик\x00 & <b>"}, []),
    ],
)
def test_an_address_that_somebody_keeps_is_judged(values: dict[str, Any], codes: list[str]) -> None:
    make.trader()
    said = {"roles": ["exporter"], **values}
    with nullcontext() if not codes else pytest.raises(Rejected) as refused:
        kept = services.keep_party(make.company(), values=said, by=make.trader(), on=make.ON, at=make.AT)
        assert kept.country == said.get("country", "").upper()
    assert [fault.code for fault in (refused.value.violations if refused else ())] == codes


def test_what_is_typed_in_a_party_box_is_kept_at_a_press_and_the_press_saves_the_page(as_trader: Client) -> None:
    draft = make.draft()
    keep = reverse("declaration_keep_party", args=[draft.public_id, "exporter"])
    as_trader.post(keep, {"exporter_name": "Bursa Tekstil A.S.\nBursa, Türkiye", "exporter_code": "TR-77"})
    draft.refresh_from_db()
    kept = Party.objects.get()
    assert (draft.exporter_code, kept.name, kept.address, kept.tax_number) == (
        "TR-77", "Bursa Tekstil A.S.", "Bursa, Türkiye", "TR-77")  # fmt: skip
    page = as_trader.get(reverse("declaration_parties", args=[draft.public_id]), {"role": "exporter", "q": "burs"})
    assert "Bursa Tekstil" in page.content.decode()
    row = as_trader.get(reverse("declaration_parties", args=[draft.public_id]), {"role": "supplier"}).content.decode()
    assert "&quot;street&quot;: &quot;Bursa, Türkiye&quot;" in row
    changed = {"name": "Bursa Tekstil", "roles": ["exporter", "supplier"], "country": "TR", "tax_number": "TR-77"}
    assert as_trader.post(reverse("address", args=[kept.pk]), changed).status_code == 302
    assert as_trader.post(reverse("address_end", args=[kept.pk])).status_code == 302
    kept.refresh_from_db()
    assert (kept.roles, kept.key, kept.ended_by) == (
        ["exporter", "supplier"], key_of("bursa TEKSTIL", "tr77"), make.trader())  # fmt: skip
    assert as_trader.post(reverse("address_book"), {"name": "Bursa  tekstil", **changed}).status_code == 302
    kept.refresh_from_db()
    assert kept.ended_at is None
