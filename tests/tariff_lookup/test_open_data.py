"""Open data: the whole tariff on a date as CSV and JSON, exactly what the tables hold, at addresses that stay."""

import csv
import io
import json
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tariff_lookup import open_data
from tariffs.columns import Table
from tariffs.models import Measure
from tariffs.services.edition import new_edition
from tests import make

pytestmark = pytest.mark.django_db


def fetched(client: Client, file: str, day: date = make.ON) -> str:
    answer = client.get(reverse("open_data_file", args=[day.isoformat(), file]))
    assert answer.status_code == 200
    return answer.getvalue().decode()


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("table", open_data.tables().values(), ids=lambda table: table.public)
def test_a_table_holds_every_row_in_force_and_no_other(client: Client, table: Table) -> None:
    rows = rows_of(fetched(client, f"{table.public}.csv"))
    expected = table.model.objects.on(make.ON) if table.dated else table.model.objects.all()
    assert len(rows) == expected.count()
    assert list(rows[0]) == list(open_data.columns_of(table)) if rows else True


def test_the_date_of_the_address_chooses_the_law(client: Client) -> None:
    def vat(day: date) -> set[str]:
        rows = rows_of(fetched(client, "measures.csv", day))
        return {row["rate"] for row in rows if row["tax"] == "VAT" and not row["commodity"] and row["rate"] != "Free"}

    assert "14%" in vat(date(2026, 12, 31))
    assert "14%" not in vat(date(2027, 1, 1))
    assert "13%" in vat(date(2027, 1, 1))


def test_json_holds_the_same_rows_as_the_tables(client: Client) -> None:
    whole = json.loads(fetched(client, "tariff.json"))
    assert whole["on"] == make.ON.isoformat()
    assert whole["licence"]["name"] == "CC-BY-4.0"
    for table in open_data.tables().values():
        assert len(whole[table.public]) == len(rows_of(fetched(client, f"{table.public}.csv"))), table.public
    measure = Measure.objects.on(make.ON).exclude(commodity_prefix="")[0]
    [written] = [row for row in whole["measures"] if row["id"] == measure.pk]
    assert (written["commodity"], written["rate"]) == (measure.commodity_prefix, measure.rate_text)
    assert written["act"] == measure.legal_act.number


def test_the_descriptor_names_every_column_of_every_file(client: Client) -> None:
    described = json.loads(fetched(client, "datapackage.json"))
    for resource in described["resources"]:
        header = next(csv.reader(io.StringIO(fetched(client, resource["path"]))))
        assert [field["name"] for field in resource["schema"]["fields"]] == header
    types = {field["name"]: field["type"] for field in described["resources"][1]["schema"]["fields"]}
    assert (types["id"], types["additive"], types["valid_from"]) == ("integer", "boolean", "date")


def test_an_address_without_a_date_leads_to_today(client: Client) -> None:
    answer = client.get(reverse("open_data_latest", args=["measures.csv"]))
    today = timezone.localdate().isoformat()
    assert answer.headers["Location"] == reverse("open_data_file", args=[today, "measures.csv"])


def test_what_has_not_changed_is_not_sent_again_until_the_law_changes(client: Client) -> None:
    address = reverse("open_data_file", args=[make.ON.isoformat(), "taxes.csv"])
    etag = client.get(address).headers["ETag"]
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 304
    new_edition()
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 200


def test_every_file_carries_its_licence_and_may_be_read_by_any_page(client: Client) -> None:
    answer = client.get(reverse("open_data_file", args=[make.ON.isoformat(), "measures.csv"]))
    assert 'rel="license"' in answer.headers["Link"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("address", ["2026-13-01/measures.csv", "2026-11-23/users.csv", "2026-11-23/measures", "x/y"])
def test_what_does_not_exist_is_not_found(client: Client, address: str) -> None:
    assert client.get(f"/open-data/tariff/{address}").status_code == 404


def test_the_page_links_every_file_of_the_chosen_day(client: Client) -> None:
    page = client.get(reverse("open_data"), {"on": "2027-01-01"}).content.decode()
    for table in open_data.tables().values():
        assert reverse("open_data_file", args=["2027-01-01", f"{table.public}.csv"]) in page
    assert "CC-BY" in page or "Creative Commons" in page
