"""The stock account over the machine door: what came in, what is left, each movement; narrowed as one asks."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from declarations.services import ending
from tests import make
from tests.conftest import client_of
from tests.declarations.stock_steps import account, before_the_system, home_use, in_warehouse, released
from traders.models import Company

pytestmark = pytest.mark.django_db


def listed(client: Client, **narrowed: Any) -> list[str]:
    rows = client.get(reverse("api-stock-list"), narrowed).json()["results"]
    return [f"{row['number']}/{row['item_number']}" for row in rows]


def test_an_account_is_shown_with_what_came_in_what_is_left_and_its_movements() -> None:
    stock = in_warehouse()
    first = make.lodged(**home_use(stock, "150"))
    ending.cancel(first, reason="Withdrawn.", by=make.trader(), at=make.AT)
    released(make.lodged(**home_use(stock, "100")))
    shown = client_of(make.trader()).get(reverse("api-stock-detail", args=[account(stock).pk])).json()
    assert (shown["mrn"], shown["company"], shown["procedure"]) == (stock.mrn, make.TIN, "71")
    assert (shown["net_mass"], shown["net_mass_left"], shown["due"]) == ("400.000000", "300.000000", "2029-11-22")
    moved = [(row["kind"], row["net_mass"], row["discharged"]) for row in shown["movements"]]
    assert moved == [
        ("draw", "150.000000", False), ("give_back", "-150.000000", False), ("draw", "100.000000", True),
    ]  # fmt: skip
    assert [row["mrn"] for row in shown["movements"][:2]] == [first.mrn] * 2


def test_the_list_is_narrowed_by_number_goods_term_and_what_is_left() -> None:
    stock = in_warehouse({}, {})
    make.lodged(**home_use(stock, "400"))
    before_the_system(number=18, commodity_code="0902100009")
    before_the_system(number=19, confirmed=False)
    client = client_of(make.trader())
    own = stock.registration_number
    assert listed(client) == ["18/1", f"{own}/2", f"{own}/1"]
    assert listed(client, left="true") == ["18/1", f"{own}/2"]
    assert listed(client, left="false") == [f"{own}/1"]
    assert listed(client, number=stock.mrn) == [f"{own}/2", f"{own}/1"]
    assert listed(client, number=f"{stock.customs_number}/2") == [f"{own}/2"]
    assert listed(client, number="тj01/2024 R 18") == ["18/1"]
    assert listed(client, number="nonsense") == []
    assert listed(client, commodity="090210") == ["18/1"]
    assert listed(client, due_to="2027-01-31") == ["18/1"]
    assert listed(client, company=make.OTHER_TIN) == []


@pytest.mark.parametrize("count", [1, 6])
def test_an_account_takes_as_many_queries_for_one_movement_as_for_many(
    count: int, django_assert_max_num_queries: Any
) -> None:
    stock = in_warehouse()
    for _n in range(count):
        make.lodged(**home_use(stock, "10"))
    client = client_of(make.trader())
    with django_assert_max_num_queries(13):
        assert len(client.get(reverse("api-stock-detail", args=[account(stock).pk])).json()["movements"]) == count


def test_who_may_not_see_the_declaration_that_drew_reads_no_number_of_it() -> None:
    broker, principal = make.broker(), make.company(owner=make.trader())
    agent = Company.objects.get(tin=make.BROKER_TIN)
    make.mandate(principal=principal, agent=agent)
    stored = in_warehouse(declarant=agent, by=broker)
    drawn = make.lodged(**home_use(stored))
    address = reverse("api-stock-detail", args=[account(stored).pk])
    for reader, said in ((broker, ("", None)), (make.trader(), (drawn.mrn, 1))):
        (movement,) = client_of(reader).get(address).json()["movements"]
        assert (movement["mrn"], movement["item"]) == said
        assert movement["net_mass"].startswith("100")
