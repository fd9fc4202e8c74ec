"""Target times of a country folder: `targets.csv`. A fault is named by file, row and column, and nothing is loaded."""

from datetime import datetime
from itertools import pairwise
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.services import Act, record_act
from clearance.models import Target
from lib.cells import day, one_of, whole
from lib.sheets import Column, Faults, read_table
from risk.models import Lane

FILE = "targets.csv"
_MOST_HOURS = 8760  # a year


def _hours(value: str) -> int:
    hours = whole(value)
    if not 0 < hours <= _MOST_HOURS:
        raise ValueError(_("Write a number of hours from 1 to %(most)d.") % {"most": _MOST_HOURS})
    return hours


COLUMNS = (
    Column("lane", one_of(*Lane.values)),
    Column("hours", _hours),
    Column("valid_from", day),
    Column("valid_to", day, required=False),
)


@transaction.atomic
def load_targets(folder: Path, *, at: datetime) -> int:
    """Replace the target times by those of `targets.csv` (lane, hours, valid_from, valid_to); return their number."""
    faults = Faults(FILE, code="K040")
    rows = read_table(folder / FILE, COLUMNS, faults)
    rows.sort(key=lambda pair: (pair[1]["lane"], pair[1]["valid_from"]))
    for (first, earlier), (second, later) in pairwise(rows):
        is_open = earlier["valid_to"] is None or earlier["valid_to"] >= later["valid_from"]
        if earlier["lane"] == later["lane"] and is_open:
            faults.add("K040", second.row, "valid_from", _("This overlaps row %(row)d.") % {"row": first.row})
    faults.refuse()
    Target.objects.all().delete()
    Target.objects.bulk_create(Target(**row) for _source, row in rows)
    record_act(Act.TABLE_LOADED, about=f"{FILE}: {len(rows)}", by=None, at=at)
    return len(rows)
