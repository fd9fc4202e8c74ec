"""CPU time of the portal's processes, read from /proc, and a loop of fixed work that says how fast the machine is."""

import os
import time
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")


def used(roots: Mapping[str, int]) -> dict[str, float]:
    """Milliseconds of CPU that each process has used with all its children, living and ended; by the names given."""
    own: dict[int, float] = {}
    children: dict[int, list[int]] = defaultdict(list)
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            fields = (folder / "stat").read_text().rpartition(") ")[2].split()
        except OSError:  # ended just now
            continue
        children[int(fields[1])].append(int(folder.name))
        own[int(folder.name)] = sum(map(int, fields[11:15])) * TICK_MS
    return {name: sum(own.get(process, 0.0) for process in _tree(root, children)) for name, root in roots.items()}


def _tree(root: int, children: Mapping[int, list[int]]) -> list[int]:
    found = [root]
    for process in found:
        found += children.get(process, [])
    return found


def reference_loop() -> float:
    """Milliseconds of CPU for a fixed piece of work of the portal's kind (decimals, texts, dictionaries); best of 5."""
    return min(_once() for _ in range(5))


def _once() -> float:
    started = time.process_time()
    total, seen = Decimal(0), {}
    for number in range(100_000):
        text = f"{number % 977:05d}"
        total += Decimal(text) * Decimal("0.18")
        seen[text] = total
    return (time.process_time() - started) * 1000
