"""Law for travellers changes like any other: two persons, rules that say what is wrong, published, open data."""

import csv
import io
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from lib.violations import Rejected
from passengers.selectors import law
from tariff_changes import services as changes
from tariff_changes.models import ChangeSet
from tariff_changes.selectors import change_sets as reads
from tariffs.columns import LAW
from tariffs.models import TravelAllowance
from tests.tariff_changes.change_steps import AT, DAY, ON, START, begun, maker, published, submitted

pytestmark = pytest.mark.django_db
GIFTS = {
    "code": "GIFTS", "direction": "entry", "categories": "TOYS", "amount": "5", "unit": "NAR", "above": "rate",
    "rate": "10%", "tax": "TRAVEL", "name": "Five toys",
}  # fmt: skip


def with_row(table: str, action: str = "create", target: int | None = None, **values: str) -> ChangeSet:
    held = begun()
    changes.add_row(held, table=table, action=action, target=target, values=values, by=maker(), at=AT)
    return reads.change_set(held.pk) or held


def faults(held: ChangeSet) -> set[tuple[str, str]]:
    """What speaks against the set when it is submitted, by code and column."""
    try:
        with transaction.atomic():
            submitted(held)
            transaction.set_rollback(True)
    except Rejected as refused:
        return {(fault.code, fault.pointer.rpartition(".")[2]) for fault in refused.violations}
    return set()


def test_a_new_allowance_counts_from_its_day() -> None:
    published(with_row("travel_allowance", **GIFTS))
    codes = {row.code for row in law.allowances(direction="entry", way="air", on=START)}
    assert "GIFTS" in codes
    assert "GIFTS" not in {row.code for row in law.allowances(direction="entry", way="air", on=START - DAY)}


def test_a_changed_amount_ends_the_row_before() -> None:
    row = TravelAllowance.objects.on(ON).get(code="ALCOHOL")
    published(with_row("travel_allowance", "replace", row.pk, amount="3"))
    assert [str(each.amount) for each in TravelAllowance.objects.filter(code="ALCOHOL").order_by("valid_from")] == [
        "2.0000",
        "3.0000",
    ]
    assert TravelAllowance.objects.on(START).get(code="ALCOHOL").amount == 3


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"rate": ""}, ("T417", "rate")),
        ({"tax": ""}, ("T417", "tax")),
        ({"above": "full"}, ("T417", "rate")),
        ({"unit": "MONEY"}, ("T417", "currency")),
        ({"currency": "USD"}, ("T417", "currency")),
        ({"categories": "NONSENSE"}, ("T403", "categories")),
        ({"unit": "ZZZ"}, ("T403", "unit")),
        ({"code": "ALCOHOL", "categories": "BEER"}, ("T401", "valid_from")),
    ],
)
def test_what_is_wrong_is_said_at_its_cell(wrong: dict[str, str], fault: tuple[str, str]) -> None:
    assert fault in faults(with_row("travel_allowance", **(GIFTS | wrong)))


def test_rows_of_a_group_are_one_rule() -> None:
    held = with_row("travel_allowance", **(GIFTS | {"group": "G"}))
    more = GIFTS | {"code": "MORE", "group": "G", "rate": "20%"}
    changes.add_row(held, table="travel_allowance", action="create", values=more, by=maker(), at=AT)
    assert ("T417", "rate") in faults(reads.change_set(held.pk) or held)


def test_a_post_names_an_office() -> None:
    assert ("T403", "code") in faults(with_row("travel_post", code="XX99", way="air", name="Nowhere"))
    assert faults(with_row("travel_post", code="TJ13", way="air", name="Khorog airport")) == set()


def test_nobody_changes_it_by_hand() -> None:
    for change in (
        lambda: TravelAllowance.objects.update(amount=1000),
        lambda: TravelAllowance.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


@pytest.mark.parametrize("name", [name for name in LAW if name.startswith(("travel", "cash"))])
def test_each_table_is_open_data_with_its_acts(client: Client, name: str) -> None:
    address = reverse("open_data_file", args=[ON.isoformat(), f"{LAW[name].public}.csv"])
    rows: list[dict[str, Any]] = list(csv.DictReader(io.StringIO(client.get(address).getvalue().decode())))
    assert rows
    assert all(row["act"] and row["example"] in ("yes", "no") for row in rows)
