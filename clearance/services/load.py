"""Target times of a country folder: `targets.csv`. A fault is named by file, row and column, and nothing is loaded."""

import csv
from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from clearance.models import Target
from lib.violations import Rejected, Violation
from risk.models import Lane

FILE = "targets.csv"


@transaction.atomic
def load_targets(folder: Path) -> int:
    """Replace the target times by those of `targets.csv` (lane, hours, valid_from, valid_to); return their number."""
    rows, faults = [], []
    with (folder / FILE).open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        for row in reader:
            try:
                rows.append(_target({key: (value or "").strip() for key, value in row.items() if key}))
            except (KeyError, ValueError) as error:
                faults.append(Violation("K040", f"{FILE}:{reader.line_num}", _("Not readable: %s.") % error))
    if faults:
        raise Rejected(faults)
    Target.objects.all().delete()
    Target.objects.bulk_create(rows)
    return len(rows)


def _target(row: dict[str, str]) -> Target:
    return Target(
        lane=Lane(row["lane"]).value,
        hours=int(row["hours"]),
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
    )
