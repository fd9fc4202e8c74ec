"""`./portal mutate MODULE`: which faults the tests of a module would not notice.

./portal mutate tariffs/rates                 all mutants in random order, for at most 30 minutes
./portal mutate payments/services --minutes 60 --sample 200
./portal mutate tariffs/rates --only reading.py:120-180
"""

import argparse
import os
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from customs_portal.embedded import servers
from tests.mutation.modules import MODULES, ROOT, sources
from tests.mutation.mutants import Mutant, mutants_of
from tests.mutation.session import KILLED, LEFT, SURVIVED, TIMEOUT, UNTESTED, Run

COLUMNS = (KILLED, TIMEOUT, SURVIVED, UNTESTED, LEFT)


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="portal mutate", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("module", choices=MODULES, metavar="MODULE", help=", ".join(MODULES))
    parser.add_argument("--minutes", type=float, default=30, help="how long to go on (30)")
    parser.add_argument("--sample", type=int, default=0, help="how many mutants at most (all)")
    parser.add_argument("--seed", type=int, default=0, help="another order, another sample")
    parser.add_argument("--only", default="", help="one file, or lines of it: duty.py:20-40")
    parser.add_argument("--quick", action="store_true", help="leave out mutants that need a process of their own")
    return parser.parse_args(arguments)


def chosen(options: argparse.Namespace) -> list[Mutant]:
    """The mutants in random order, so that a run that ends early is a fair sample."""
    name, _, lines = options.only.partition(":")
    first, _, last = lines.partition("-")
    found = [
        mutant
        for path in sources(options.module)
        if path.name.endswith(name)
        for mutant in mutants_of(path)
        if not first or int(first) <= mutant.line <= int(last or first)
    ]
    random.Random(options.seed).shuffle(found)
    return found[: options.sample or None]


def tested(options: argparse.Namespace, mutants: Sequence[Mutant]) -> Run:
    """Run them all; what pytest and the tests print goes to a file beside the report."""
    module = MODULES[options.module]
    printed = os.fdopen(os.dup(1), "w", buffering=1)
    run = Run(module, mutants, options.minutes, say=lambda text: print(text, file=printed), quick=options.quick)
    tests = [path for path in module.tests if (ROOT / path).exists()]
    arguments = ["-q", "--tb=native", "-p", "no:randomly", "-p", "no:cacheprovider", *tests]
    folder(options).mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="portal-mutate-")))
        data.chmod(0o711)
        if module.database:
            os.environ.update(stack.enter_context(servers(data, lasting=False)).places)
        log = stack.enter_context((folder(options) / "pytest.log").open("w"))
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
        run.watch()
        pytest.main(arguments, plugins=[run])
    os.dup2(printed.fileno(), 1)
    return run


def folder(options: argparse.Namespace) -> Path:
    return ROOT / ".portal" / "mutation" / str(options.module).replace("/", "-").removesuffix(".py")


def report(run: Run) -> str:
    counts = {path: Counter[str]() for path in sorted({mutant.path for mutant in run.mutants})}
    for mutant, result in run.results:
        counts[mutant.path][result] += 1
    rows = [(str(path.relative_to(ROOT)), count) for path, count in counts.items()]
    rows.append(("all", sum((count for _, count in rows), Counter[str]())))
    lines = [f"{'':44}{'mutants':>9}" + "".join(f"{column:>12}" for column in COLUMNS)]
    lines += [
        f"{name:44}{sum(count.values()):9}" + "".join(f"{count[column]:12}" for column in COLUMNS)
        for name, count in rows
    ]
    if left := len(run.mutants) - len(run.results):
        lines.append(f"{left} more were not tried: give more --minutes.")
    return "\n".join(lines)


def survivors(run: Run) -> str:
    """Where each survivor is, and what it changed."""
    alive = [(mutant, result) for mutant, result in run.results if result in (SURVIVED, UNTESTED)]
    alive.sort(key=lambda pair: (pair[0].path, pair[0].line, pair[0].difference()))
    return "\n\n".join(
        f"{mutant.path.relative_to(ROOT)}:{mutant.line} {result}\n{mutant.difference()}" for mutant, result in alive
    )


def main(arguments: Sequence[str]) -> int:
    options = parse(arguments)
    run = tested(options, chosen(options))
    if run.refused:
        print(f"The tests do not pass as they are:\n{run.refused}")
        return 1
    if not run.results:
        print(f"Nothing was tried; {folder(options) / 'pytest.log'} says why.")
        return 1
    table, list_of_survivors = report(run), survivors(run)
    (folder(options) / "report.txt").write_text(f"{table}\n\n{list_of_survivors}\n", encoding="utf-8")
    print(f"\n{list_of_survivors}\n\n{table}\n\nSurvivors: {folder(options) / 'report.txt'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
