"""Reads of the nomenclature."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from lib.codes import beginnings
from tariffs.models import Commodity

LONGEST = 11


def commodity(code: str, *, on: date) -> Commodity | None:
    """The line of the nomenclature with exactly this code, in force on a date."""
    found: Commodity | None = Commodity.objects.on(on).filter(code=code).first()
    return found


def declarable(codes: Iterable[str], *, on: date) -> set[str]:
    """Those of `codes` that may be declared on a date. One query however many."""
    return set(Commodity.objects.on(on).filter(code__in=set(codes), declarable=True).values_list("code", flat=True))


def declarable_between(low: str, high: str, *, on: date, most: int) -> list[str]:
    """The declarable codes from `low` to `high` that have as many digits, `most` of them."""
    between = Commodity.objects.on(on).filter(declarable=True, code__gte=low, code__lte=high, code__length=len(low))
    return list(between.order_by("code").values_list("code", flat=True)[:most])


def is_within_a_code(digits: str, *, on: date) -> bool:
    """Whether some declarable code has these digits, wherever they stand in it."""
    return Commodity.objects.on(on).filter(declarable=True, code__contains=digits).exists()


def path_to(code: str, *, on: date) -> list[Commodity]:
    """The lines above and including `code`, from its chapter down."""
    return list(Commodity.objects.on(on).filter(code__in=beginnings(code, shortest=2)).order_by("code"))


@dataclass(frozen=True, slots=True)
class NearLines:
    """Lines that may be meant by a code that cannot be declared; `known` is as much of the code as exists."""

    known: str
    lines: list[Commodity]


def lines_near(code: str, *, on: date, most: int = 12) -> NearLines:
    """The declarable lines below a code, or below the longest part of it (four digits at least) that is in force."""
    parts = beginnings(code[:LONGEST], shortest=4)
    known = list(Commodity.objects.on(on).filter(code__in=parts).order_by("-code__length")[:1])
    if not known:
        return NearLines("", [])
    below = Commodity.objects.on(on).filter(code__startswith=known[0].code, declarable=True).order_by("code")
    return NearLines(known[0].code, list(below[:most]))
