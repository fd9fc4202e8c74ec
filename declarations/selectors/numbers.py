"""Numbers of declarations as people write them: in small letters, with gaps, dashes, and Cyrillic letters for Latin."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from declarations.models import PreviousDeclaration
from lib.spelling import folded

_MRN = re.compile(r"[0-9]{2}[A-Z]{2}[A-Z0-9]{14}")
_CUSTOMS_NUMBER = re.compile(r"([A-Z0-9]{1,8})[\W_]+([0-9]{4})[\W_]+([A-Z]{0,2})[\W_]*([0-9]{1,9})")


def written_mrn(text: str) -> str:
    """An MRN, or its beginning, as the portal keeps it; empty if there is nothing in `text` that could be of one."""
    return re.sub(r"[\W_]", "", folded(text))


def of_number(text: str) -> Q:
    """Declarations with this MRN or customs number, all versions; none if `text` is neither."""
    mrn = written_mrn(text)
    if _MRN.fullmatch(mrn):
        return Q(mrn=mrn)
    parts = _CUSTOMS_NUMBER.fullmatch(folded(text).strip())
    if parts is None:
        return Q(pk__in=[])
    office, year, series, serial = parts.groups()
    numbered = Q(office_code=office, registration_year=int(year), registration_number=int(serial))
    return numbered & Q(registration_series=series) if series else numbered


# Items of earlier declarations, as box 40 names them ----------------------------------------------------------
_ITEM = r"(?:[^0-9A-Z]+[^0-9]*([0-9]{1,3}))?[\W_]*"
_EARLIER_MRN = re.compile(rf"[\W_]*([0-9]{{2}}[\W_]*[A-Z]{{2}}(?:[\W_]*[A-Z0-9]){{14}}){_ITEM}")
_EARLIER_NUMBER = re.compile(
    r"[\W_]*(?:NO?[\W_]+)??(?:([A-Z][A-Z0-9]{1,7})[\W_]+)?([0-9]{4})[\W_]+([A-Z]{0,3})[\W_]*([0-9]{1,9})" + _ITEM
)
_LARGEST = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Earlier:
    """An item of an earlier declaration as somebody named it: by MRN, or by number. What was left out is empty."""

    mrn: str = ""
    office: str = ""
    year: int | None = None
    series: str = ""
    number: int | None = None
    item: int | None = None

    def __str__(self) -> str:
        number = f"{self.series}{self.number}"
        return self.mrn or "/".join(part for part in (self.office, str(self.year), number) if part)

    def fits(self, *, mrn: str, office: str, year: int | None, series: str, number: int | None) -> bool:
        """Whether a declaration with this number is meant."""
        if self.mrn:
            return self.mrn == mrn
        return (
            (self.year, self.number) == (year, number) and self.office in ("", office) and self.series in ("", series)
        )


def earlier_in_text(text: str) -> Earlier | None:
    """What box 40 of an item names: `TJ01/2026/R/123/1`, `2026 R 123`, an MRN, with an item or not; None: neither."""
    written = folded(text)
    if found := _EARLIER_MRN.fullmatch(written):
        mrn, item = found.groups()
        return Earlier(mrn=written_mrn(mrn), item=int(item) if item else None)
    if found := _EARLIER_NUMBER.fullmatch(written):
        office, year, series, number, item = found.groups()
        return Earlier("", office or "", int(year), series, int(number), int(item) if item else None)
    return None


def earlier_in_row(row: PreviousDeclaration) -> Earlier | None:
    """What a row of box 40 names; None while year or number is missing."""
    if row.year is None or row.number is None:
        return None
    return Earlier("", folded(row.office_code), row.year, folded(row.serial), row.number, row.item_number)


def any_of(names: Iterable[Earlier], *, year: str, number: str) -> Q:
    """Rows that may be among those named, by few conditions however many there are; `Earlier.fits` then says which."""
    mrns, years, numbers = keys_of(names)
    return Q(mrn__in=mrns) | Q(**{f"{year}__in": years, f"{number}__in": numbers})


def keys_of(names: Iterable[Earlier]) -> tuple[list[str], list[int], list[int]]:
    """The MRNs, and the years and numbers, that are named."""
    mrns: set[str] = set()
    years: set[int] = set()
    numbers: set[int] = set()
    for name in names:
        if name.mrn:
            mrns.add(name.mrn)
        elif name.year is not None and name.number is not None and max(name.year, name.number) <= _LARGEST:
            years.add(name.year)
            numbers.add(name.number)
    return sorted(mrns), sorted(years), sorted(numbers)
