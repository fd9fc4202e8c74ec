"""Where a change set or a list of exchange rates stands: which moves there are, and the one place that writes them.

A move is refused where the table does not know it, or where another transaction was quicker.
"""

from collections.abc import Mapping
from typing import Any

from lib.moves import Moves
from tariff_changes.models import ChangeSet, ExchangeRateList

Status = ChangeSet.Status
RateStatus = ExchangeRateList.Status

NOWHERE: frozenset[Status] = frozenset()
OF_A_SET = Moves(
    ChangeSet,
    "status",
    {
        Status.DRAFT: frozenset({Status.SUBMITTED, Status.WITHDRAWN}),
        Status.SUBMITTED: frozenset({Status.APPROVED, Status.DRAFT, Status.WITHDRAWN}),
        Status.APPROVED: frozenset({Status.PUBLISHED, Status.DRAFT, Status.WITHDRAWN}),
        Status.PUBLISHED: NOWHERE,
        Status.WITHDRAWN: NOWHERE,
    },
)
# What a country's folder brings waits for nobody: it is published as soon as the rules have judged it.
OF_A_LOAD = Moves(ChangeSet, "status", {**dict.fromkeys(Status, NOWHERE), Status.DRAFT: frozenset({Status.PUBLISHED})})
OF_A_RATE_LIST = Moves(
    ExchangeRateList,
    "status",
    {
        RateStatus.WAITING: frozenset({RateStatus.PUBLISHED, RateStatus.REFUSED}),
        RateStatus.PUBLISHED: frozenset(),
        RateStatus.REFUSED: frozenset(),
    },
)


class WrongStatus(Exception):
    """The row is not in a status from which this move is possible."""


def move(change_set: ChangeSet, new: Status, **filled: Any) -> None:
    """Give the set its new status; `filled` are columns that become known, or empty again, with this step."""
    _write(OF_A_LOAD if change_set.is_loaded else OF_A_SET, change_set, new, filled)


def move_rate_list(rate_list: ExchangeRateList, new: RateStatus, **filled: Any) -> None:
    """The same for a list of exchange rates."""
    _write(OF_A_RATE_LIST, rate_list, new, filled)


def _write(moves: Moves, row: Any, new: str, filled: Mapping[str, Any]) -> None:
    old = row.status
    if not moves.may(old, new):
        raise WrongStatus(f"{row.pk}: {old} cannot become {new}")
    if not moves.write(row.pk, new, only_from=[old], **filled):
        raise WrongStatus(f"{row.pk} is no longer {old}")
    for name, value in {"status": new, **filled}.items():
        setattr(row, name, value)
