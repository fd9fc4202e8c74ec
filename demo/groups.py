"""Groups of processes that a start of the demonstration made, written down so that somebody can end them later.

    python -m demo.groups FOLDER    the guard: waits until its standard input ends, then ends the groups of FOLDER

It imports nothing but the standard library. A process that only took over a number is told apart by when it began.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

_FILE = "processes.json"


@dataclass(frozen=True)
class Group:
    """`leader` is the process that leads the group, and its number; `began` is its start in ticks since the boot."""

    name: str
    leader: int
    began: str


def group_of(name: str, leader: int) -> Group:
    return Group(name, leader, _began(leader))


def write_groups(folder: Path, groups: Iterable[Group]) -> None:
    """Replaces what was written down before, whole or not at all."""
    unfinished = folder / f"{_FILE}.unfinished"
    unfinished.write_text(json.dumps([asdict(group) for group in groups]))
    unfinished.rename(folder / _FILE)


def written_groups(folder: Path) -> list[Group]:
    """What a start wrote down, as far as it still runs."""
    try:
        groups = [Group(**row) for row in json.loads((folder / _FILE).read_text())]
    except (OSError, ValueError, TypeError):
        return []
    return [group for group in groups if _runs(group)]


def end_groups(groups: Iterable[Group], *, patience: float) -> None:
    """Ask each group to end, and kill after `patience` seconds what is left of it."""
    left = [group for group in groups if _runs(group)]
    for group in left:
        _signal(group, signal.SIGTERM)
    until = time.monotonic() + patience
    while (left := [group for group in left if _runs(group)]) and time.monotonic() < until:
        time.sleep(0.1)
    for group in left:
        _signal(group, signal.SIGKILL)


def _signal(group: Group, number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group.leader, number)


def _runs(group: Group) -> bool:
    """Whether a process of the group lives. A number is not given anew while a group of that number has members."""
    began = _began(group.leader)
    if began and group.began and began != group.began:
        return False
    return any(_is_of(path, group.leader) for path in Path("/proc").glob("[0-9]*"))


def _is_of(process: Path, group: int) -> bool:
    fields = _fields(process)
    return bool(fields) and fields[2] == str(group) and fields[0] != "Z"


def _began(pid: int) -> str:
    fields = _fields(Path(f"/proc/{pid}"))
    return fields[19] if fields else ""


def _fields(process: Path) -> list[str]:
    """The fields of /proc/PID/stat after the name of the program: state, parent, group, …, start as the 20th."""
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def main(folder: Path) -> None:
    """Wait for the end of the supervisor, then end what it left running."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    sys.stdin.buffer.read()
    end_groups(written_groups(folder), patience=8)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
