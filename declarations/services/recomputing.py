"""Charges computed once more from the content as lodged, word for word, under the law of its day; nothing stays."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from declarations import facts
from declarations.models import Charge, Declaration
from declarations.services import quotas
from declarations.services.content import fill, read_document
from tariffs.calculation import assess
from tariffs.selectors import law_for

_BESIDE = ("mrn", "version", "customs_number", "tax_date")  # what the snapshot says beside the content
Line = tuple[int | None, str, Decimal, bool]


@dataclass(frozen=True, slots=True)
class Recomputed:
    """A declaration whose charges come out otherwise: lines (item, tax, amount, payable) as booked, and as computed."""

    declaration: Declaration
    stands: list[Line]
    computed: list[Line]


def recompute(*, at: datetime) -> Iterator[Recomputed | None]:
    """Each lodged version in turn: None where its charges are the same to the last diram."""
    lodged = Declaration.objects.filter(snapshot__isnull=False).select_related("snapshot", "declarant", "trader")
    for declaration in lodged.order_by("pk").iterator(chunk_size=100):
        yield recomputed(declaration, at=at)


def recomputed(declaration: Declaration, *, at: datetime) -> Recomputed | None:
    """What differs, if anything does. What the version drew on quotas is lent back to it meanwhile."""
    assert declaration.tax_date is not None, "a lodged declaration has a tax date"
    told = json.loads(declaration.snapshot.content)
    read = read_document({name: value for name, value in told.items() if name not in _BESIDE})
    again = Declaration(
        declarant=declaration.declarant, trader=declaration.trader, created_by=declaration.created_by,
        stands_as=declaration.stands_as,
    )  # fmt: skip
    content = fill(again, read, by=declaration.updated_by or declaration.created_by, at=at)
    with transaction.atomic():
        quotas.give_back(declaration, at=at)
        consignment = facts.consignment(content)
        assessed = assess(consignment, law_for(consignment, on=declaration.tax_date))
        transaction.set_rollback(True)
    computed: list[Line] = [
        (charge.item, charge.tax_code, charge.amount, charge.payable) for charge in assessed.charges
    ]
    rows = Charge.objects.filter(declaration=declaration).order_by("sequence")
    stands: list[Line] = list(rows.values_list("item__number", "tax_code", "amount", "payable"))
    return None if stands == computed else Recomputed(declaration, stands, computed)
