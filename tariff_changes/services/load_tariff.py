"""`load_tariff`: a national tariff from one table, as a change set made, submitted, approved and published at once.

Whole or not at all: two persons stand behind it as behind every change, and every rule judges it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accounts.models import User
from lib.violations import refuse
from tariff_changes import services as changes
from tariff_changes.models import ChangeSet
from tariff_changes.selectors.change_sets import legal_act
from tariff_changes.services.country.present import Tally

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a load did. `flagged` and `bare` are codes: left out as ambiguous, and bare numbers read as per cent.

    `change_set` is None where the table changes nothing.
    """

    rows: int
    commodities: Tally
    measures: Tally
    ended: int
    flagged: Sequence[str] = field(default_factory=tuple)
    bare: Sequence[str] = field(default_factory=tuple)
    change_set: ChangeSet | None = None


@transaction.atomic
def load_tariff(
    file: Path,
    *,
    tax: str,
    act: str,
    start: date,
    by: User,
    approved_by: User,
    at: datetime,
    progress: Progress = lambda what, done, total: None,
) -> Outcome:
    """Load the table for `tax`, resting on `act`, in force from `start`. Raises `Rejected` and then changes nothing."""
    resting_on = legal_act(act)
    if resting_on is None:
        raise refuse("T404", "act", _("No legal act has the number “%(number)s”.") % {"number": act})
    on = localdate(at)
    draft = changes.begin(title=file.name, takes_effect=start, legal_act=resting_on, by=by, at=at)
    difference = changes.read_file(file.read_bytes(), name=file.name, change_set=draft, tax=tax)
    progress(_("rows read"), difference.rows, difference.rows)
    outcome = _outcome(difference, draft)
    if not difference.proposed:
        transaction.set_rollback(True)
        return outcome
    changes.take_over(draft, difference, by=by, at=at)
    progress(_("rows taken over"), len(difference.proposed), len(difference.proposed))
    draft.refresh_from_db()
    changes.submit(draft, version=draft.version, by=by, at=at, on=on)
    progress(_("judged and submitted"), len(difference.proposed), len(difference.proposed))
    changes.approve(draft, version=draft.version, by=approved_by, at=at, on=on)
    progress(_("approved"), len(difference.proposed), len(difference.proposed))
    changes.publish(draft, by=approved_by, at=at, on=on)
    progress(_("codes written"), outcome.commodities.written, difference.rows)
    progress(_("rates written"), outcome.measures.written, difference.rows)
    return outcome


def _outcome(difference: changes.Difference, draft: ChangeSet) -> Outcome:
    lines = difference.rows - len(difference.flagged)
    return Outcome(
        rows=difference.rows,
        commodities=_tally(difference, "commodity", lines),
        measures=_tally(difference, "measure", lines),
        ended=len(difference.of("commodity", "end")),
        flagged=difference.flagged,
        bare=difference.bare,
        change_set=draft if difference.proposed else None,
    )


def _tally(difference: changes.Difference, table: str, lines: int) -> Tally:
    added, changed = len(difference.of(table, "create")), len(difference.of(table, "replace"))
    of_the_file = sum(row.source_row is not None for row in difference.of(table))
    return Tally(added, changed, lines - of_the_file)
