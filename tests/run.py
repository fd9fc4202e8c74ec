"""`./portal test`: the database's tests on two processes in random order, and beside them those of the real processes.

    ./portal test              both parts at once: the one computes, the other waits much
    ./portal test --fast       the first part without the tests that load a whole tariff or another country
    ./portal test --server     those alone that ask what may differ between servers of PostgreSQL
    ./portal test --no-server  both parts without those: they are run on another server

Further arguments go to pytest. A part in which nothing was selected does not count against the whole.
"""

import os
import secrets
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

NOTHING_SELECTED = 5
ON_TWO = ("-n", "2", "--dist", "worksteal")
COMPUTING = ("-m", "not browser and not services", *ON_TWO)
FAST = ("-m", "not browser and not services and not long", *ON_TWO)
ELSEWHERE = ("-m", "not browser and not services and not server", *ON_TWO)
WAITING = ("-m", "browser or services", "-p", "no:randomly")
SERVER = ("-m", "server", *ON_TWO)
ALONE = {"--fast": FAST, "--server": SERVER}
NO_SERVER = "--no-server"
# The browser and the real processes come first at the processors; the tests that compute take what is left.
BEHIND = 10


def main(arguments: list[str]) -> int:
    rest = [argument for argument in arguments if argument not in (*ALONE, NO_SERVER)]
    alone = [part for name, part in ALONE.items() if name in arguments]
    computing = ELSEWHERE if NO_SERVER in arguments else COMPUTING
    codes = [run(part, rest) for part in alone] if alone else run_both(computing, rest)
    failed = [code for code in codes if code not in (0, NOTHING_SELECTED)]
    return failed[0] if failed else min(codes)


def run(part: Sequence[str], rest: Sequence[str]) -> int:
    process = subprocess.Popen(command(part, rest), env=environment())
    with ended(process):
        return process.wait()


def run_both(computing: Sequence[str], rest: Sequence[str]) -> list[int]:
    """The second part's output follows when the first has ended. Both are one run: they clone one template."""
    os.environ.setdefault("PORTAL_TEST_RUN", f"{os.getpid()}x{secrets.token_hex(4)}")
    with tempfile.TemporaryFile() as said:
        waiting = subprocess.Popen(command(WAITING, rest), env=environment(), stdout=said, stderr=said)
        os.nice(BEHIND)
        try:
            with ended(waiting):
                return [run(computing, rest), waiting.wait()]
        finally:
            said.seek(0)
            sys.stdout.buffer.write(said.read())
            sys.stdout.flush()


@contextmanager
def ended(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Whoever is interrupted here takes `process` along, with all that it has started."""
    try:
        yield
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()


def command(part: Sequence[str], rest: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "pytest", "-q", "--durations=10", *part, *rest]


def environment() -> dict[str, str]:
    """Python keeps what it has compiled: a run starts dozens of processes that would each compile the project anew."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def leave(number: int, frame: object) -> None:
    sys.exit(128 + number)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, leave)
    sys.exit(main(sys.argv[1:]))
