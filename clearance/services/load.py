"""Target times and terms of audits of a country folder: `targets.csv`, `audit_terms.csv`.

A fault is named by file, row and column, and nothing is loaded.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.services import Act, record_act
from clearance.models import AuditTerm, Target
from lib.cells import day, flag, one_of, or_empty, text, whole
from lib.sheets import Column, Faults, read_table
from risk.models import Lane

FILE, AUDIT_FILE = "targets.csv", "audit_terms.csv"
_MOST_HOURS = 8760  # a year
_MOST_DAYS = 3660


def _hours(value: str) -> int:
    hours = whole(value)
    if not 0 < hours <= _MOST_HOURS:
        raise ValueError(_("Write a number of hours from 1 to %(most)d.") % {"most": _MOST_HOURS})
    return hours


def _days(value: str) -> int:
    days = whole(value)
    if not 0 < days <= _MOST_DAYS:
        raise ValueError(_("Write a number of days from 1 to %(most)d.") % {"most": _MOST_DAYS})
    return days


COLUMNS = (
    Column("lane", one_of(*Lane.values)),
    Column("hours", _hours),
    Column("valid_from", day),
    Column("valid_to", day, required=False),
)
AUDIT_COLUMNS = (
    Column("office_code", or_empty(text(8)), required=False),
    Column("delay_days", _days),
    Column("work_days", _days),
    Column("act", or_empty(text(60)), required=False),
    Column("is_example", or_empty(flag, False), required=False),
    Column("valid_from", day),
    Column("valid_to", day, required=False),
)


@transaction.atomic
def load_targets(folder: Path, *, at: datetime) -> int:
    """Replace the target times by those of `targets.csv` (lane, hours, valid_from, valid_to); return their number."""
    rows = _read(folder / FILE, COLUMNS, key="lane")
    Target.objects.all().delete()
    Target.objects.bulk_create(Target(**row) for row in rows)
    record_act(Act.TABLE_LOADED, about=f"{FILE}: {len(rows)}", by=None, at=at)
    return len(rows)


@transaction.atomic
def load_audit_terms(folder: Path, *, at: datetime) -> int:
    """As `load_targets`, of `audit_terms.csv`; a country without the file has no audits of the blue lane."""
    if not (folder / AUDIT_FILE).exists():
        return 0
    rows = _read(folder / AUDIT_FILE, AUDIT_COLUMNS, key="office_code")
    AuditTerm.objects.all().delete()
    AuditTerm.objects.bulk_create(AuditTerm(**row) for row in rows)
    record_act(Act.TABLE_LOADED, about=f"{AUDIT_FILE}: {len(rows)}", by=None, at=at)
    return len(rows)


def _read(path: Path, columns: Sequence[Column], *, key: str) -> list[dict[str, Any]]:
    """The rows of a dated table. Raises Rejected K040 for a fault, and where two rows of one `key` share a day."""
    faults = Faults(path.name, code="K040")
    rows = read_table(path, columns, faults)
    rows.sort(key=lambda pair: (pair[1][key] or "", pair[1]["valid_from"]))
    for (first, earlier), (second, later) in pairwise(rows):
        is_open = earlier["valid_to"] is None or earlier["valid_to"] >= later["valid_from"]
        if earlier[key] == later[key] and is_open:
            faults.add("K040", second.row, "valid_from", _("This overlaps row %(row)d.") % {"row": first.row})
    faults.refuse()
    return [row for _source, row in rows]
