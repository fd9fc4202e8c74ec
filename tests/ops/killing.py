"""A process that dies at a chosen commit: just before it, so that the transaction is lost, or just after it.

What the process would have done next, on_commit hooks and follow-ups too, does not happen, as when the machine's power
fails. The database server ends what was not committed.
"""

import os
import time
import traceback
from collections.abc import Callable, Iterator

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

KILLED, WENT_THROUGH, FAILED = 9, 0, 1
_SECONDS = 60


def moments(most: int = 40) -> Iterator[tuple[int, bool]]:
    """Before and after the first commit, the second, …"""
    for number in range(1, most + 1):
        yield number, True
        yield number, False


def died(work: Callable[[], object], *, at_commit: int, before: bool) -> bool:
    """Do `work` in a process of its own that dies there; whether it came so far. Raises if the work itself failed."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        _work_and_die(work, at_commit=at_commit, before=before)
    status = _ended(child)
    assert status != FAILED, "the work failed in its own process, see above"
    return status == KILLED


def _work_and_die(work: Callable[[], object], *, at_commit: int, before: bool) -> None:
    count = 0
    commit = BaseDatabaseWrapper._commit

    def counted(connection: BaseDatabaseWrapper) -> None:
        nonlocal count
        count += 1
        if count == at_commit and before:
            os._exit(KILLED)
        commit(connection)
        if count == at_commit:
            os._exit(KILLED)

    BaseDatabaseWrapper._commit = counted
    try:
        work()
    except BaseException:
        traceback.print_exc()
        os._exit(FAILED)
    os._exit(WENT_THROUGH)


def _ended(child: int) -> int:
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.005)
    os.kill(child, 9)
    os.waitpid(child, 0)
    raise AssertionError(f"the work took more than {_SECONDS} s")
