"""Five hundred criteria of many kinds for the parts that score: headings, origins, values, parties, lists of lots."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from bench import size
from risk import services
from risk.models import Criterion
from tariffs.models import Commodity, Country

COUNT = size(500, 24)


@contextmanager
def in_force() -> Iterator[list[Criterion]]:
    """So many criteria are switched on beside those of the country; afterwards they are off again."""
    at = timezone.now()
    made = [_live(number, conditions, at=at) for number, conditions in enumerate(_conditions())]
    try:
        yield made
    finally:
        for version in made:
            services.switch_off(version, reason="The measurement is done.", at=timezone.now(), by=None)


def _live(number: int, conditions: list[dict[str, str]], *, at: Any) -> Criterion:
    on: date = timezone.localdate(at)
    known = Criterion.objects.filter(code=f"BENCH-{number}").first()
    if known is not None:
        return services.switch_on(known, on=on, at=at, by=None)
    share = Decimal(100) if conditions else Decimal(1)
    draft = services.Draft(
        code=f"BENCH-{number}", name=f"Measured {number}", lane=("yellow", "red", "blue")[number % 3],
        instruction="Look.", conditions=conditions, share=share, valid_from=on,
    )  # fmt: skip
    return services.switch_on(services.make_criterion(draft, on=on, at=at, by=None), on=on, at=at, by=None)


def _conditions() -> Iterator[list[dict[str, str]]]:
    """Two of three begin with a code, every fifth compares numbers alone, some are groups, a few are by chance."""
    today = timezone.localdate()
    codes = Commodity.objects.on(today).filter(declarable=True).order_by("code").values_list("code", flat=True)
    headings = sorted({code[:4] for code in codes})
    countries = list(Country.objects.order_by("code").values_list("code", flat=True))
    for number in range(COUNT):
        heading, origin = headings[number % len(headings)], countries[number % len(countries)]
        by_code = {"field": "item.commodity_code", "op": "starts_with", "value": heading}
        by_origin = {"field": "item.origin_country", "op": "in", "value": f"{origin}, CN"}
        cheap = {"field": "item.unit_value", "op": "<", "value": str(1 + number % 40)}
        heavy = {"field": "item.net_mass", "op": "between", "value": f"{number} .. {number + 500}"}
        yield [
            [by_code, cheap],
            [by_code, by_origin],
            [by_code, by_origin | {"group": "A"}, heavy | {"group": "B"}],
            [cheap, {"field": "header.customs_value", "op": ">", "value": str(100_000 + number * 1000)}],
            [by_origin, {"field": "item.commercial_description", "op": "contains", "value": f"lot {number}"}],
        ][number % 5] if number % 50 else []  # fmt: skip
