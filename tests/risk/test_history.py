"""A company's past as fields of criteria: as of the day of lodging, in few queries, whatever came later."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test.utils import CaptureQueriesContext

from declarations.models import Declaration
from declarations.selectors import lodged_content
from risk import facts, services
from risk.boxes import FIRST_USES, HISTORY, OF_COMPANY
from risk.models import CompanyDay, FirstUse
from risk.scoring import Facts
from tests import make
from tests.risk import make as risk

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
OF_PAST = frozenset({*FIRST_USES, *(each.key for each in OF_COMPANY)})


def _scored(days: int, **changes: object) -> Declaration:
    at = make.AT + days * DAY
    declaration = make.assessed(on=make.ON, at=at, **changes)
    services.score(declaration.pk, at=at)
    return declaration


def _firsts(known: Facts) -> tuple[object, object, list[object], list[object]]:
    return (
        known.header["header.first_declaration"], known.header["header.first_sender"],
        [item.values["item.first_heading"] for item in known.items],
        [item.values["item.first_origin"] for item in known.items],
    )  # fmt: skip


def test_what_a_company_declares_for_the_first_time_is_known_as_of_the_day() -> None:
    first = _scored(-5)
    wheat = make.item(commodity_code="1001990000", origin_country="KZ")
    second = _scored(-2, exporter_name="YUNNAN  tea co\nKunming", items=[make.item(), wheat])
    third = _scored(-1, exporter_name="Altyn Don", items=[wheat])
    services.record_outcome(first, discrepancy=True, at=make.AT - 3 * DAY)
    assert services.take_in_history(at=make.AT) > 0

    rows = [(one, lodged_content(one)) for one in (first, second, third)]
    told = facts.of_many(rows, asked=OF_PAST)
    assert [_firsts(one) for one in told] == [
        (True, True, [True], [True]),
        (False, False, [False, True], [False, True]),
        (False, True, [False], [False]),
    ]
    counted = ("header.company_declarations", "header.company_discrepancies")
    assert [tuple(one.header[key] for key in counted) for one in told] == [
        (Decimal(0), Decimal(0)), (Decimal(1), Decimal(1)), (Decimal(2), Decimal(1)),
    ]  # fmt: skip

    kept = (list(FirstUse.objects.order_by("pk").values()), list(CompanyDay.objects.order_by("pk").values()))
    assert services.take_in_history(at=make.AT) == 0
    assert services.take_in_history(at=make.AT, anew=True) == 0
    assert (list(FirstUse.objects.order_by("pk").values()), list(CompanyDay.objects.order_by("pk").values())) == kept


def test_another_company_has_a_past_of_its_own() -> None:
    _scored(-2)
    services.take_in_history(at=make.AT)
    other = make.company(make.OTHER_TIN, name="Other Trade LLC", owner=make.stranger())
    stranger = _scored(-1, declarant=other, by=make.stranger(), consignee_code=make.OTHER_TIN)
    assert _firsts(facts.of_declaration(stranger, asked=OF_PAST)) == (True, True, [True], [True])


def test_the_past_of_many_declarations_costs_few_queries(django_assert_max_num_queries: CaptureQueriesContext) -> None:
    items = [make.item(commodity_code=code) for code in ("0902300009", "1001990000", "0902300009")]
    many = [_scored(-days, items=items[:days]) for days in (1, 2, 3)]
    services.compute_values(on=make.ON - 10 * DAY, at=make.AT)
    rows = [(one, lodged_content(one)) for one in many]
    with django_assert_max_num_queries(5):  # type: ignore[operator]
        facts.of_many(rows, asked={each.key for each in HISTORY})
    with django_assert_max_num_queries(4):  # type: ignore[operator]
        facts.of_many(rows[:1], asked={each.key for each in HISTORY})
    with django_assert_max_num_queries(0):  # type: ignore[operator]
        facts.of_many(rows, asked={"item.origin_country"})


def test_a_criterion_asks_for_the_past() -> None:
    conditions = [{"field": "item.first_heading", "op": "=", "value": "yes"}]
    risk.criterion(code="FIRST-HEADING", conditions=conditions)
    assert _scored(1).score.lane == "red"
    services.take_in_history(at=make.AT + 2 * DAY)
    assert _scored(3).score.lane == "green"
