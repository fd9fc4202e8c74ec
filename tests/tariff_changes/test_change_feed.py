"""The public record of changes: pages, Atom, JSON; what it tells and what it keeps to itself."""

from datetime import date, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from tariff_changes import services as changes
from tariff_changes.models import ChangeSet
from tariffs.models import LegalAct, Measure
from tests import make

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
APPLES = "0808108000"
LOADED = "Law of Tajikistan as loaded"


def duties(on: date, count: int) -> list[Measure]:
    rows = Measure.objects.on(on).filter(kind="rate", tax_code="DUTY", origin="", commodity_prefix__regex=r"^\d{10}$")
    return list(rows.order_by("-commodity_prefix")[:count])


def published(
    title: str, targets: list[Measure], *, rate: str = "7%", start: date, at: datetime | None = None
) -> ChangeSet:
    """A set that replaces the rates of `targets`, made by two officers and published."""
    at = at or timezone.now()
    maker, approver = make.officer(Role.TARIFF, None), make.officer(Role.APPROVING, None)
    act = LegalAct.objects.get(number="Order 450")
    held = changes.begin(title=title, takes_effect=start, legal_act=act, reason="kept inside", by=maker, at=at)
    for target in targets:
        changes.add_row(
            held, table="measure", action="replace", target=target.pk, values={"rate": rate}, by=maker, at=at
        )
    on = timezone.localdate(at)
    held = changes.submit(held, version=ChangeSet.objects.get(pk=held.pk).version, by=maker, at=at, on=on)
    held = changes.approve(held, version=held.version, by=approver, at=at, on=on)
    return changes.publish(held, by=approver, at=at, on=on)


@pytest.fixture
def start() -> date:
    return timezone.localdate() + timedelta(days=10)


@pytest.fixture
def apples(start: date) -> ChangeSet:
    target = Measure.objects.on(start).get(kind="rate", tax_code="DUTY", commodity_prefix=APPLES, origin="")
    return published("Duty on apples", [target], start=start)


def page(client: Client, name: str = "tariff_changes", *args: Any, **query: str) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def feed(client: Client, **query: str) -> ElementTree.Element:
    answer = client.get(reverse("tariff_changes_atom"), query)
    assert answer["Content-Type"].startswith("application/atom+xml")
    return ElementTree.fromstring(answer.content)


def titles(entries: list[ElementTree.Element]) -> list[str | None]:
    return [title for entry in entries if (title := entry.findtext(f"{ATOM}title")) != LOADED]


def test_where_nothing_is_published_the_page_and_the_feed_are_empty_and_stay_the_same(client: Client) -> None:
    nothing = {"code": "77"}
    assert "No published change is about 77" in page(client, **nothing)
    assert feed(client, **nothing).find(f"{ATOM}entry") is None
    address = reverse("tariff_changes_atom")
    assert client.get(address, nothing).content == client.get(address, nothing).content
    assert client.get(reverse("api_tariff_changes"), nothing).json()["results"] == []


def test_the_law_that_came_with_the_country_is_the_first_change_and_told_by_its_counts(client: Client) -> None:
    [entry] = client.get(reverse("api_tariff_changes")).json()["results"]
    assert entry["title"] == LOADED
    counts = {row["table"]: row["rows"] for row in entry["counts"]}
    assert counts["commodity"] > 12_000
    assert counts["measure"] == Measure.objects.count()
    shown = page(client)
    assert "loaded from the folder of the country" in shown
    assert "approved by" not in shown
    assert "<ins>" not in shown
    assert "takes effect" not in shown
    assert "<ins>" in page(client, "tariff_change", entry["id"])


def test_anyone_reads_what_changes_when_and_on_which_act(client: Client, apples: ChangeSet, start: date) -> None:
    shown = page(client)
    assert "Duty on apples" in shown
    assert "Order 450" in shown
    assert "7%</ins>" in shown
    assert "made by a tariff officer, approved by an approving officer" in shown
    assert reverse("commodity", args=[APPLES]) in shown
    assert "takes effect on" in shown
    assert reverse("tariff_changes") in client.get(reverse("tariff")).content.decode()
    assert reverse("tariff_changes_atom") in client.get(reverse("open_data")).content.decode()


def test_names_and_reasons_of_officers_stay_inside(client: Client, apples: ChangeSet) -> None:
    answers = [
        page(client),
        page(client, "tariff_change", apples.pk),
        client.get(reverse("tariff_changes_atom")).content.decode(),
        client.get(reverse("api_tariff_changes")).content.decode(),
        client.get(reverse("api_tariff_change", args=[apples.pk])).content.decode(),
    ]
    for answer in answers:
        assert "Duty on apples" in answer
        assert "kept inside" not in answer
        assert str(apples.made_by) not in answer
        assert str(apples.approved_by) not in answer


def test_what_is_not_published_does_not_exist_for_the_public(client: Client, start: date) -> None:
    maker = make.officer(Role.TARIFF, None)
    draft = changes.begin(title="Secret plans", takes_effect=start, by=maker, at=timezone.now())
    assert "Secret plans" not in page(client)
    assert client.get(reverse("tariff_change", args=[draft.pk])).status_code == 404
    assert client.get(reverse("api_tariff_change", args=[draft.pk])).status_code == 404


def test_the_feed_is_atom_with_ids_that_stay(client: Client, apples: ChangeSet, start: date) -> None:
    tea = Measure.objects.on(start).filter(tax_code="DUTY", commodity_prefix__startswith="0902").first()
    assert tea is not None
    later = published("Duty on tea", [tea], start=start)
    root = feed(client)
    assert root.tag == f"{ATOM}feed"
    entries = root.findall(f"{ATOM}entry")
    assert titles(entries) == ["Duty on tea", "Duty on apples"]
    for element in (root, *entries):
        assert (element.findtext(f"{ATOM}id") or "").startswith("tag:testserver,2026:tariff-change")
        assert datetime.fromisoformat(element.findtext(f"{ATOM}updated") or "")
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(set(ids)) == 3
    assert ids == [entry.findtext(f"{ATOM}id") for entry in feed(client).findall(f"{ATOM}entry")]
    assert root.find(f"{ATOM}author/{ATOM}name") is not None
    [own] = [link for link in root.findall(f"{ATOM}link") if link.get("rel") == "self"]
    assert own.get("href") == "http://testserver/tariff/changes.atom"
    assert [link.get("href") for link in entries[0].findall(f"{ATOM}link")] == [
        f"http://testserver{reverse('tariff_change', args=[later.pk])}"
    ]
    narrowed = feed(client, code="0808").findall(f"{ATOM}entry")
    assert titles(narrowed) == ["Duty on apples"]


def test_changes_are_filtered_by_the_beginning_of_a_code(client: Client, apples: ChangeSet) -> None:
    assert "Duty on apples" in page(client, code="0808 10")
    assert "Duty on apples" not in page(client, code="0902")
    for code, titles in (("0902", [LOADED]), ("08", ["Duty on apples", LOADED])):
        results = client.get(reverse("api_tariff_changes"), {"code": code}).json()["results"]
        assert [entry["title"] for entry in results] == titles


def test_programs_page_through_changes_and_their_rows(client: Client, start: date) -> None:
    targets = duties(start, 130)
    large = published("Many duties", targets, rate="97%", start=start)
    body = client.get(reverse("api_tariff_changes")).json()
    entry = body["results"][0]
    assert entry["counts"] == [{"table": "measure", "action": "replace", "rows": 130}]
    assert entry["takes_effect"] == start.isoformat()
    assert entry["legal_act"]["number"] == "Order 450"
    first = client.get(entry["rows_url"]).json()
    second = client.get(first["next"]).json()
    assert (first["count"], first["pages"], len(first["rows"]), len(second["rows"])) == (130, 2, 100, 30)
    assert second["next"] is None
    rows = [*first["rows"], *second["rows"]]
    assert {row["before"]["commodity"] for row in rows} == {target.commodity_prefix for target in targets}
    assert {row["after"]["rate"] for row in rows} == {"97%"}
    assert all("rate" in row["changed"] for row in rows)
    assert "30" in page(client, "tariff_change", large.pk, page="2")


def test_programs_ask_for_what_came_since(client: Client, start: date) -> None:
    one, two = duties(start, 2)
    now = timezone.now()
    published("First", [one], start=start, at=now - timedelta(hours=2))
    published("Second", [two], start=start, at=now)
    since = (now - timedelta(hours=1)).isoformat()
    body = client.get(reverse("api_tariff_changes"), {"since": since}).json()
    assert [entry["title"] for entry in body["results"] if entry["title"] != LOADED] == ["Second"]
    assert client.get(reverse("api_tariff_changes"), {"since": "yesterday"}).status_code == 400
    assert client.get(reverse("api_tariff_changes"), {"code": "08o8"}).status_code == 400


def test_the_schema_documents_the_changes(client: Client) -> None:
    schema = client.get(reverse("api-schema")).content.decode()
    assert "/api/v1/tariff/changes/:" in schema
    assert "/api/v1/tariff/changes/{id}/" in schema or "/api/v1/tariff/changes/{pk}/" in schema
    assert "operationId: tariff_change" in schema


def test_a_page_of_changes_asks_few_queries(client: Client, start: date, django_assert_max_num_queries: Any) -> None:
    for number, target in enumerate(duties(start, 6)):
        published(f"Set {number}", [target], start=start)
    with django_assert_max_num_queries(30):
        page(client)
