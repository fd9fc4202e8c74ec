"""The demonstration's supervisor: what dies is started again, and nothing outlives it, however it ends."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from customs_portal.embedded import Redis, Servers, Unavailable, sole_use
from demo.groups import Group, end_groups, group_of, written_groups
from tests.stack import wait_for

pytestmark = pytest.mark.services
ROOT = Path(__file__).parents[2]
SCRIPT = """
import os, signal, sys
from pathlib import Path
from customs_portal.embedded import leave
from demo.supervisor import Service, Supervisor
signal.signal(signal.SIGTERM, leave)
Supervisor(
    folder=Path(sys.argv[1]), environment=os.environ, screen=sys.stdout, services={"one": Service(sys.argv[2:])}
).run()
"""
WITH_A_CHILD = "import subprocess, time; subprocess.Popen(['sleep', '600']); time.sleep(600)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {WITH_A_CHILD}"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "logs").mkdir()
    yield tmp_path
    end_groups(written_groups(tmp_path), patience=0)


def supervise(folder: Path, code: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", SCRIPT, str(folder), sys.executable, "-c", code]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def members(group: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group and fields[0] != "Z":
            found.append(int(path.parent.name))
    return found


def leader(folder: Path, *, other_than: int = 0) -> int:
    """The number of the group once both of its processes run."""

    def of_two() -> int:
        numbers = [group.leader for group in written_groups(folder)]
        return next((number for number in numbers if number != other_than and len(members(number)) == 2), 0)

    return wait_for(of_two, "the service")


def children_of(process: int) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def test_what_dies_is_started_again_without_what_it_left(folder: Path) -> None:
    supervisor = supervise(folder, WITH_A_CHILD)
    first = leader(folder)
    os.kill(first, signal.SIGKILL)
    second = leader(folder, other_than=first)
    wait_for(lambda: not members(first), "the child of the first to end")
    supervisor.terminate()
    said, _ = supervisor.communicate(timeout=20)
    assert b"one ended (-9) and is started again" in said
    assert not members(second)
    assert written_groups(folder) == []


@pytest.mark.parametrize("code", [WITH_A_CHILD, STUBBORN])
def test_nothing_outlives_a_supervisor_that_was_killed(folder: Path, code: str) -> None:
    supervisor = supervise(folder, code)
    group = leader(folder)
    supervisor.kill()
    wait_for(lambda: not members(group), "the guard to end the group")


def test_what_outlives_the_guard_as_well_is_found_and_ended(folder: Path) -> None:
    supervisor = supervise(folder, WITH_A_CHILD)
    group = leader(folder)
    guards = [pid for pid in children_of(supervisor.pid) if pid != group]
    for pid in (*guards, supervisor.pid):
        os.kill(pid, signal.SIGKILL)
    supervisor.wait()
    os.kill(group, signal.SIGKILL)  # its child still runs
    wait_for(lambda: len(members(group)) == 1, "the leader to end")
    left = written_groups(folder)
    assert [found.leader for found in left] == [group]
    end_groups(left, patience=5)
    assert not members(group)
    assert written_groups(folder) == []


def test_a_number_that_another_process_has_taken_over_is_let_alone() -> None:
    mine = group_of("mine", os.getpid())
    end_groups([Group("older", mine.leader, began="1")], patience=0)
    assert Path(f"/proc/{os.getpid()}").exists()


def test_a_service_that_never_comes_up_is_given_up(folder: Path) -> None:
    supervisor = supervise(folder, "raise SystemExit(3)")
    said, _ = supervisor.communicate(timeout=30)
    assert supervisor.returncode == 1
    assert b"one ends again and again; see" in said


def test_a_redis_that_died_comes_back_where_it_was(tmp_path: Path) -> None:
    redis = Redis(logs=tmp_path)
    try:
        redis.start()
        running, url = Servers({"REDIS_URL": redis.url}, redis=redis), redis.url
        assert running.mend() == []
        assert redis.process is not None
        redis.process.kill()
        redis.process.wait()
        assert running.mend() == ["Redis"]
        assert redis.url == url
        assert running.mend() == []
    finally:
        redis.close()


def test_a_second_start_names_the_process_that_holds_the_data(tmp_path: Path) -> None:
    with sole_use(tmp_path), pytest.raises(Unavailable, match=rf"process {os.getpid()}"), sole_use(tmp_path):
        pass
