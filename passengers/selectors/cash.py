"""Cash that was declared on entry: what of it has gone out again, and what may still go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, Q, Sum

from lib.figures import ZERO
from lib.spelling import searched
from passengers.calculation import CashHeld, CashLine
from passengers.content import Content
from passengers.models import CROSSED, CashOut, CashRow, TravelDeclaration, Version
from tariffs.models import Direction


@dataclass(frozen=True, slots=True)
class Held:
    """A row of cash of an entry and what is left of it; `person` is the traveller of the exit who has it."""

    row: CashRow
    left: Decimal
    person: int = 0

    @property
    def out(self) -> Decimal:
        return self.row.amount - self.left

    def as_fact(self) -> CashHeld:
        return CashHeld(self.row.pk, self.row.kind, self.row.currency, self.left)


def _left(rows: Sequence[CashRow]) -> dict[int, Decimal]:
    taken = CashOut.objects.filter(row__in=rows).values("row").annotate(total=Sum("amount"))
    out = dict(taken.order_by().values_list("row", "total"))
    return {row.pk: row.amount - out.get(row.pk, ZERO) for row in rows}


def cash_of_entry(version: Version) -> list[Held]:
    """The rows of cash of a version, each with what of it may still go out."""
    rows = list(CashRow.objects.filter(version=version).select_related("traveller").order_by("pk"))
    left = _left(rows)
    return [Held(row, left[row.pk], row.traveller.position) for row in rows]


def held_by(content: Content) -> list[Held]:
    """What is left of the cash that these travellers declared at entries, the oldest entry first.

    Whose goods were kept at the post has come in all the same, with the cash.

    A traveller is known by the number of the document and the date of birth together.
    """
    owners: dict[tuple[str, date], int] = {
        (searched(each.document), each.birth): place
        for place, each in enumerate(content.people, start=1)
        if each.document and each.birth
    }
    if content.trip.direction != Direction.EXIT or not owners:
        return []
    known = Q()
    for document, birth in owners:
        known |= Q(traveller__document_number=document, traveller__birth_date=birth)
    rows = list(
        CashRow.objects.filter(
            known,
            version__declaration__direction=Direction.ENTRY,
            version__declaration__status__in=CROSSED,
            version__number=F("version__declaration__version"),
        )
        .select_related("traveller", "version")
        .order_by("version__declaration__closed_at", "pk")
    )
    left = _left(rows)
    return [
        Held(row, left[row.pk], owners[row.traveller.document_number, row.traveller.birth_date])
        for row in rows
        if left[row.pk] > 0
    ]


def declared_on_entry(content: Content) -> list[CashLine]:
    """Cash that these travellers declared on entry and have not taken out: it may go out again."""
    return [CashLine(each.person, each.row.kind, each.row.currency, each.left) for each in held_by(content)]


def entries_of(held: Sequence[Held]) -> list[int]:
    """Primary keys of the entries, in the order in which they are locked."""
    return sorted({each.row.version.declaration_id for each in held})


def exits_of(declaration: TravelDeclaration) -> Sequence[CashOut]:
    """What of the cash of an entry went out, and with which exits."""
    rows = CashOut.objects.filter(row__version__declaration=declaration)
    return list(rows.select_related("declaration", "row").order_by("at", "pk"))
