"""`./portal test`: the fast tests on two processes in random order, then those that drive real processes.

`--fast` leaves the second part out, and of the first the tests that load a whole tariff or another country.

Arguments go to pytest. A part in which nothing was selected does not count against the whole.
"""

import subprocess
import sys

NOTHING_SELECTED = 5
PARTS = (
    ["-m", "not browser and not services", "-n", "2"],
    ["-m", "browser or services", "-p", "no:randomly"],
)


def main(arguments: list[str]) -> int:
    fast = [["-m", "not browser and not services and not long", "-n", "2"]]
    chosen = fast if "--fast" in arguments else list(PARTS)
    rest = [argument for argument in arguments if argument != "--fast"]
    codes = [subprocess.run([sys.executable, "-m", "pytest", "-q", *part, *rest]).returncode for part in chosen]
    failed = [code for code in codes if code not in (0, NOTHING_SELECTED)]
    return failed[0] if failed else min(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
