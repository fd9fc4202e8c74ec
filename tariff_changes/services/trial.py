"""A change set tried out: for the length of a block the law reads as if the set were published, then as before.

The rows are written by the code that publishes, inside a transaction that is always undone. Other transactions see
nothing of it; those that write law wait for the end of the block. What is remembered within it stands under an edition
that is never given again.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from lib.violations import refuse
from tariff_changes.models import ChangeSet
from tariff_changes.rules import JudgedRow
from tariff_changes.services.journey import refuse_faults
from tariff_changes.services.law_lock import may_write_law
from tariff_changes.services.publication import write


class _Undo(Exception):
    """Ends every trial."""


@contextmanager
def as_published(change_set: ChangeSet, *, on: date) -> Iterator[None]:
    """Within the block the set is law. Raises Rejected with every fault that would stop its publication on `on`."""
    try:
        with transaction.atomic():
            _write(refuse_faults(change_set, on=on).rows)
            yield
            raise _Undo
    except _Undo:
        pass


def _write(rows: Sequence[JudgedRow]) -> None:
    try:
        with may_write_law():
            write(rows)
    except DatabaseError as error:
        raise refuse("T401", "", _("The tables refuse the change set: %(why)s") % {"why": error}) from error
