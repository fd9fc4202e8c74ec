"""Terms of payment of a country folder: `paying_rules.csv`. A fault is named; nothing is loaded then."""

from collections.abc import Callable
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.services import Act, record_act
from lib.cells import day, text, whole
from lib.sheets import Column, Faults, read_table
from payments.models import PayingRule

FILE = "paying_rules.csv"


def _between(least: int, most: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        number = whole(value)
        if not least <= number <= most:
            raise ValueError(_("Write a number from {least} to {most}.").format(least=least, most=most))
        return number

    return read


COLUMNS = (
    Column("statement_day", _between(1, 28)),
    Column("due_days", _between(1, 365)),
    Column("remind_days", _between(0, 365)),
    Column("link_days", _between(1, 365)),
    Column("legal_basis", text(250)),
    Column("valid_from", day),
    Column("valid_to", day, required=False),
)


@transaction.atomic
def load_paying_rules(folder: Path, *, at: datetime) -> int:
    """Replace the terms by those of `paying_rules.csv`; return their number."""
    faults = Faults(FILE, code="K041")
    rows = read_table(folder / FILE, COLUMNS, faults)
    rows.sort(key=lambda pair: pair[1]["valid_from"])
    for (first, earlier), (second, later) in pairwise(rows):
        if earlier["valid_to"] is None or earlier["valid_to"] >= later["valid_from"]:
            faults.add("K041", second.row, "valid_from", _("This overlaps row %(row)d.") % {"row": first.row})
    faults.refuse()
    PayingRule.objects.all().delete()
    PayingRule.objects.bulk_create(PayingRule(**row) for _source, row in rows)
    record_act(Act.TABLE_LOADED, about=f"{FILE}: {len(rows)}", by=None, at=at)
    return len(rows)
