"""What the financial monitor may ask: declarations of cash by person, document, period and sum, with totals per person.

Sums are told in national currency at the rate of the day whose law each declaration stands under.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet, Sum

from accounts.models import Role, User
from accounts.selectors import has_role
from lib.figures import ZERO
from lib.spelling import searched
from passengers.calculation import value_of
from passengers.models import CROSSED, CashExport, CashOut, CashRow, Traveller
from passengers.selectors import law as law_of
from passengers.selectors.visibility import Authority, may_see

MOST_ROWS, MOST_PEOPLE = 20_000, 100
# The columns of a file for the monitor: each is a key of the table of visibility, with what it says.
EXPORTED: Mapping[str, str] = {
    "reference": "number of the declaration",
    "direction": "entry or exit",
    "way": "air, rail, road or foot",
    "post": "code of the customs post",
    "carriage": "flight, train or plate",
    "country": "ISO 3166 country of departure or destination",
    "day": "day of the crossing, ISO 8601",
    "family_name": "family name of the carrier, as written",
    "given_name": "given name of the carrier, as written",
    "patronymic": "patronymic of the carrier, as written",
    "birth_date": "date of birth of the carrier, ISO 8601",
    "citizenship": "ISO 3166 country",
    "residence": "ISO 3166 country",
    "document_number": "number of the carrier's document",
    "document_country": "ISO 3166 country that issued it",
    "address": "address of the stay",
    "kind": "cash, bearer (negotiable instrument) or gold",
    "instrument": "cheque, bill, order, security, card or other",
    "issuer": "issuer of the instrument",
    "number": "number of the instrument",
    "currency": "ISO 4217",
    "amount": "in that currency, a decimal number",
    "national": "the amount in national currency at the rate of the day",
    "weight": "weight of gold, grams",
    "origin": "wages, business, sale, gift, loan or other",
    "owner": "owner, where it is not the carrier",
    "recipient": "who receives it",
    "purpose": "living, business, property, treatment, travel or other",
    "via": "countries on the way",
    "apart": "with_me, unaccompanied or carrier",
    "taken_out": "of cash that came in: how much has gone out again",
}


def is_monitor(user: User, *, on: date) -> bool:
    """Whether the person may search declarations of cash."""
    return has_role(user, Role.MONITOR, on=on)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is searched for; empty parts leave it open. `least` is in national currency, of a person in the period."""

    name: str = ""
    document: str = ""
    since: date | None = None
    until: date | None = None
    direction: str = ""
    least: Decimal | None = None

    def kept(self) -> dict[str, str]:
        return {name: str(value) for name in self.__slots__ if (value := getattr(self, name))}


@dataclass(slots=True)
class Carrier:
    """A person across crossings, known by document and birth date. `sums` by direction in national currency."""

    traveller: Traveller
    crossings: set[int] = field(default_factory=set)
    sums: dict[str, Decimal] = field(default_factory=dict)
    last: date | None = None

    @property
    def total(self) -> Decimal:
        return sum(self.sums.values(), ZERO)

    @property
    def count(self) -> int:
        return len(self.crossings)

    @property
    def entered(self) -> Decimal:
        return self.sums.get("entry", ZERO)

    @property
    def left(self) -> Decimal:
        return self.sums.get("exit", ZERO)


@dataclass(frozen=True, slots=True)
class Found:
    """`more`: the search was cut off, its totals are not whole; ask for less."""

    people: Sequence[Carrier]
    more: bool


def search_cash(asked: Asked) -> Found:
    """Carriers with their totals, the largest first. At most so many rows are read and people told."""
    rows = list(_rows(asked).select_related("traveller", "version__declaration").order_by("-pk")[: MOST_ROWS + 1])
    people: dict[tuple[str, str, date], Carrier] = {}
    for row in rows[:MOST_ROWS]:
        person, declaration = row.traveller, row.version.declaration
        name = "" if person.document_number else person.search
        carrier = people.setdefault((person.document_number, name, person.birth_date), Carrier(person))
        carrier.crossings.add(declaration.pk)
        way = declaration.direction
        carrier.sums[way] = carrier.sums.get(way, ZERO) + national_value(row)
        carrier.last = max(filter(None, (carrier.last, declaration.travel_day)), default=None)
    least = asked.least or ZERO
    found = sorted((each for each in people.values() if each.total >= least), key=lambda each: -each.total)
    return Found(found[:MOST_PEOPLE], len(rows) > MOST_ROWS or len(found) > MOST_PEOPLE)


def national_value(row: CashRow) -> Decimal:
    """The row in national currency at the rate of its day; a currency without a rate is told as it is."""
    return value_of(row.amount, row.currency, law_of.exchange_law(on=row.version.law_on))


def _rows(asked: Asked) -> QuerySet[CashRow]:
    """Rows of the last version of each declaration that was presented and has ended, and is not emptied."""
    rows: QuerySet[CashRow] = CashRow.objects.filter(
        version__number=F("version__declaration__version"),
        version__declaration__status__in=CROSSED,
        version__declaration__forgotten_at=None,
    )
    if asked.name:
        for word in asked.name.casefold().split()[:6]:
            rows = rows.filter(traveller__search__contains=word)
    if asked.document:
        rows = rows.filter(traveller__document_number=searched(asked.document))
    if asked.since:
        rows = rows.filter(version__declaration__travel_day__gte=asked.since)
    if asked.until:
        rows = rows.filter(version__declaration__travel_day__lte=asked.until)
    if asked.direction:
        rows = rows.filter(version__declaration__direction=asked.direction)
    return rows


def crossings_of(traveller_pk: int) -> tuple[Traveller | None, Sequence[Mapping[str, Any]]]:
    """The person of this row, and every declaration of cash of the same document and birth date, the latest first."""
    person: Traveller | None = Traveller.objects.filter(
        pk=traveller_pk, cash__isnull=False, version__declaration__forgotten_at=None
    ).first()
    if person is None:
        return None, ()
    same = Q(traveller__document_number=person.document_number, traveller__birth_date=person.birth_date)
    if not person.document_number:
        same &= Q(traveller__search=person.search)
    rows = _rows(Asked()).filter(same).order_by("-version__declaration__travel_day", "pk")[:500]
    return person, list(told(rows))


def rows_between(since: date, until: date) -> QuerySet[CashRow]:
    """The rows of a period, in the order of their files."""
    return _rows(Asked(since=since, until=until)).order_by("version__declaration__travel_day", "pk")


def told(rows: QuerySet[CashRow]) -> Iterator[dict[str, Any]]:
    """Each row as the monitor sees it: the columns of a file, none that the table of visibility does not open."""
    seen = [key for key in EXPORTED if may_see(Authority.MONITOR, key)]
    portion = rows.select_related("traveller", "version__declaration")
    for row in portion.iterator(chunk_size=500):
        known = _facts(row)
        yield {key: known[key] for key in seen}


def _facts(row: CashRow) -> dict[str, Any]:
    declaration, person = row.version.declaration, row.traveller
    trip = row.version.content.get("trip", {})
    names = ("family_name", "given_name", "patronymic", "citizenship", "residence", "document_number",
             "document_country")  # fmt: skip
    out = CashOut.objects.filter(row=row).aggregate(total=Sum("amount"))["total"] if declaration.version else None
    return (
        dict.fromkeys(EXPORTED, "")
        | {key: str(value) for key, value in row.details.items() if key in EXPORTED}
        | {name: getattr(person, name) for name in names}
        | {name: getattr(declaration, name) for name in ("reference", "direction", "way", "post", "carriage")}
        | {
            "birth_date": person.birth_date,
            "day": declaration.travel_day,
            "country": str(trip.get("country", "")),
            "address": str(trip.get("address", "")),
            "kind": row.kind,
            "currency": row.currency,
            "amount": row.amount,
            "national": national_value(row),
            "taken_out": out or ZERO,
        }
    )


def latest_files(most: int) -> Sequence[CashExport]:
    """The files that were asked for last."""
    return list(CashExport.objects.select_related("asked_by")[:most])


def file_by_key(key: uuid.UUID) -> CashExport | None:
    """A file that is made and was not deleted."""
    rows = CashExport.objects.filter(public_id=key, status=CashExport.Status.DONE).exclude(file="")
    found: CashExport | None = rows.first()
    return found
