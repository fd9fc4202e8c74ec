"""`./portal test`: the database's tests on two processes in random order, and beside them those of the real processes.

    ./portal test              both parts at once: one waits much, the other computes much
    ./portal test --fast       the first part alone, without the tests that load a whole tariff or another country
    ./portal test --server     those alone that ask what may differ between servers of PostgreSQL

Arguments go to pytest. A part in which nothing was selected does not count against the whole.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence

NOTHING_SELECTED = 5
COMPUTING = ("-m", "not browser and not services", "-n", "2", "--dist", "worksteal")
FAST = ("-m", "not browser and not services and not long", *COMPUTING[2:])
WAITING = ("-m", "browser or services", "-p", "no:randomly")
SERVER = ("-m", "server", "-p", "no:randomly")
CHOICES = {"--fast": (FAST,), "--server": (SERVER,)}
# The real processes and the browser have the first claim to a processor: people do not wait for them either.
WAY_LEFT = 10


def main(arguments: list[str]) -> int:
    chosen = next((parts for name, parts in CHOICES.items() if name in arguments), (COMPUTING, WAITING))
    rest = [argument for argument in arguments if argument not in CHOICES]
    first, *others = chosen
    with tempfile.TemporaryFile() as said:
        beside = [subprocess.Popen(command(part, rest), stdout=said, stderr=said) for part in others]
        if beside:
            os.nice(WAY_LEFT)
        codes = [subprocess.run(command(first, rest)).returncode]
        codes += [process.wait() for process in beside]
        said.seek(0)
        sys.stdout.buffer.write(said.read())
    failed = [code for code in codes if code not in (0, NOTHING_SELECTED)]
    return failed[0] if failed else min(codes)


def command(part: Sequence[str], rest: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "pytest", "-q", "--durations=10", *part, *rest]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
