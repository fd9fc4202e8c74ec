"""A process that dies at a chosen commit: just before it, so that the transaction is lost, or just after it.

What the process would have done next, on_commit hooks and follow-ups too, does not happen, as when the machine's power
fails. The database server ends what was not committed.
"""

import os
import re
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

KILLED, KILLED_AND_WROTE, WENT_THROUGH, FAILED = 9, 10, 0, 1
_WRITES = re.compile(r"\b(INSERT|UPDATE|DELETE)\b")
_SECONDS, _MOST = 60, 40


@dataclass
class Moment:
    """Before or after a commit of the verb; what comes of it says which moments are left to try."""

    at_commit: int
    before: bool
    left: "deque[Moment]" = field(repr=False)

    def kills(self, work: Callable[[], object]) -> bool:
        """Do `work` in a process of its own that dies here; whether it came so far. Raises if the work failed."""
        outcome = _outcome(work, at_commit=self.at_commit, before=self.before)
        if self.before and outcome != WENT_THROUGH:
            assert self.at_commit < _MOST, "the verb never came to an end"
            self.left.append(Moment(self.at_commit + 1, True, self.left))
        if self.before and outcome != KILLED:
            assert self.at_commit > 1, "nothing was committed"
            self.left.append(Moment(self.at_commit - 1, False, self.left))
        return outcome != WENT_THROUGH


def moments() -> Iterator[Moment]:
    """Before each commit and after the last.

    What lasts after a commit lasts before the next one too: so after a commit is tried where something was written
    between the two without a transaction, as a follow-up that is done is forgotten.
    """
    left: deque[Moment] = deque()
    left.append(Moment(1, True, left))
    while left:
        yield left.popleft()


def _outcome(work: Callable[[], object], *, at_commit: int, before: bool) -> int:
    connections.close_all()
    child = os.fork()
    if child == 0:
        _work_and_die(work, at_commit=at_commit, before=before)
    status = _ended(child)
    assert status != FAILED, "the work failed in its own process, see above"
    return status


def _work_and_die(work: Callable[[], object], *, at_commit: int, before: bool) -> None:
    count, wrote = 0, False
    commit = BaseDatabaseWrapper._commit

    def counted(connection: BaseDatabaseWrapper) -> None:
        nonlocal count, wrote
        count += 1
        if count == at_commit and before:
            os._exit(KILLED_AND_WROTE if wrote and count > 1 else KILLED)
        commit(connection)
        if count == at_commit:
            os._exit(KILLED)
        wrote = False

    def seen(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        nonlocal wrote
        wrote = wrote or (not connection.in_atomic_block and _WRITES.search(sql) is not None)
        return execute(sql, *rest)

    BaseDatabaseWrapper._commit = counted
    connection.execute_wrappers.append(seen)
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
