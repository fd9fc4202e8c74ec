"""Where a change set or a list of exchange rates stands: which moves there are, and the one place that writes them.

A move is refused where the table does not know it, or where another transaction was quicker.
"""

from collections.abc import Mapping
from typing import Any

from tariff_changes.models import ChangeSet, ExchangeRateList

Status = ChangeSet.Status
RateStatus = ExchangeRateList.Status

MOVES: Mapping[Status, frozenset[Status]] = {
    Status.DRAFT: frozenset({Status.SUBMITTED, Status.WITHDRAWN}),
    Status.SUBMITTED: frozenset({Status.APPROVED, Status.DRAFT, Status.WITHDRAWN}),
    Status.APPROVED: frozenset({Status.PUBLISHED, Status.DRAFT, Status.WITHDRAWN}),
    Status.PUBLISHED: frozenset(),
    Status.WITHDRAWN: frozenset(),
}
# What a country's folder brings waits for nobody: it is published as soon as the rules have judged it.
MOVES_OF_A_LOAD: Mapping[Status, frozenset[Status]] = {Status.DRAFT: frozenset({Status.PUBLISHED})}

RATE_LIST_MOVES: Mapping[RateStatus, frozenset[RateStatus]] = {
    RateStatus.WAITING: frozenset({RateStatus.PUBLISHED, RateStatus.REFUSED}),
    RateStatus.PUBLISHED: frozenset(),
    RateStatus.REFUSED: frozenset(),
}


class WrongStatus(Exception):
    """The row is not in a status from which this move is possible."""


def move(change_set: ChangeSet, new: Status, **filled: Any) -> None:
    """Give the set its new status; `filled` are columns that become known, or empty again, with this step."""
    moves = MOVES_OF_A_LOAD if change_set.is_loaded else MOVES
    _write(change_set, new, moves.get(Status(change_set.status), frozenset()), filled)


def move_rate_list(rate_list: ExchangeRateList, new: RateStatus, **filled: Any) -> None:
    """The same for a list of exchange rates."""
    _write(rate_list, new, RATE_LIST_MOVES[RateStatus(rate_list.status)], filled)


def _write(row: Any, new: str, moves: frozenset[Any], filled: Mapping[str, Any]) -> None:
    old = row.status
    if new not in moves:
        raise WrongStatus(f"{row.pk}: {old} cannot become {new}")
    if type(row).objects.filter(pk=row.pk, status=old).update(status=new, **filled) != 1:
        raise WrongStatus(f"{row.pk} is no longer {old}")
    for name, value in {"status": new, **filled}.items():
        setattr(row, name, value)
