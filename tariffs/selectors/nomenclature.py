"""Reads of the nomenclature."""

from collections.abc import Iterable
from datetime import date

from tariffs.models import Commodity


def commodity(code: str, *, on: date) -> Commodity | None:
    """The line of the nomenclature with exactly this code, in force on a date."""
    found: Commodity | None = Commodity.objects.on(on).filter(code=code).first()
    return found


def declarable(codes: Iterable[str], *, on: date) -> set[str]:
    """Those of `codes` that may be declared on a date. One query however many."""
    return set(Commodity.objects.on(on).filter(code__in=set(codes), declarable=True).values_list("code", flat=True))


def path_to(code: str, *, on: date) -> list[Commodity]:
    """The lines above and including `code`, from its chapter down."""
    prefixes = [code[:length] for length in range(2, len(code) + 1)]
    return list(Commodity.objects.on(on).filter(code__in=prefixes).order_by("code"))
