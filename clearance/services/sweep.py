"""The sweep: finds in PostgreSQL what a lost message left undone, and does it. Bounded, and safe to run at any time."""

from collections.abc import Callable, Iterable
from datetime import datetime

import structlog

from clearance import selectors
from clearance.services.audits.opening import free_audits, open_due
from clearance.services.note import issue_exit_note, issue_release_note
from clearance.services.release import release_if_clear
from clearance.services.route import close_ended, route
from clearance.services.staff import allot_free, free_orphans
from payments.selectors import ended_with_money
from payments.services import give_back
from risk.selectors import unscored
from risk.services import score

BATCH = 200
log = structlog.get_logger("sweep")


def sweep(*, at: datetime) -> dict[str, int]:
    """Do what is left over, in the order of a declaration's life; counts by verb.

    A declaration that fails is logged and does not stop the others.
    """
    done = {
        "score": _each(unscored(limit=BATCH), lambda pk: score(pk, at=at)),
        "route": _each(selectors.scored_without_case(limit=BATCH), lambda pk: route(pk, at=at)),
        "release": _each(selectors.clear_but_not_released(limit=BATCH), lambda pk: release_if_clear(pk, at=at)),
        "stand_again": _each(selectors.paid_after_release(limit=BATCH), lambda pk: release_if_clear(pk, at=at)),
        "close": _each(selectors.ended_but_open(limit=BATCH), lambda pk: close_ended(pk, at=at)),
        "give_back": _each(ended_with_money(limit=BATCH), lambda pk: give_back(pk, at=at)),
        "orphans": free_orphans(at=at, limit=BATCH),
        "audits": open_due(at=at, limit=BATCH),
        "orphaned_audits": free_audits(at=at, limit=BATCH),
        "allot": allot_free(at=at, limit=BATCH),
        "release_note": _each(
            selectors.released_without_note(at=at, limit=BATCH), lambda pk: issue_release_note(pk, at=at)
        ),
        "exit_note": _each(selectors.exported_without_note(at=at, limit=BATCH), lambda pk: issue_exit_note(pk, at=at)),
    }
    if any(done.values()):
        log.info("swept", **done)
    return done


def _each(found: Iterable[int], verb: Callable[[int], object]) -> int:
    count = 0
    for pk in found:
        try:
            verb(pk)
            count += 1
        except Exception:
            log.exception("sweep failed", declaration=pk)
    return count
