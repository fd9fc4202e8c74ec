"""Parts of the bench run, one after another on one portal, with a few rows: what is not run falls behind."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.__main__ import PARTS, processes
from tests.stack import Stack

# Too long for every run: what they do is done by stories of their own, in tests/browser and tests/machines.
BY_HAND = {"grid", "again", "goods", "scans", "passports", "mixed", "webhooks"}


@dataclass(frozen=True)
class Ran:
    """What the parts have printed, each in a file of this folder, and which of them failed."""

    folder: Path
    failed: list[str]
    said: str


@pytest.fixture(scope="module")
def ran(stack: Stack, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Ran:
    """The parts that were selected, in one process: to start eleven takes longer than what they do."""
    stack.mend()
    folder = tmp_path_factory.mktemp("bench")
    variables = {
        **os.environ,
        **stack.variables,
        "DATABASE_URL": stack.postgres.owner_url,
        "BENCH_SMALL": "1",
        "BENCH_URL": stack.url,
        "BENCH_PROCESSES": json.dumps(processes(stack)),
        "LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "customs_portal.settings",
    }
    items = [item for item in request.session.items if item.path == request.path]
    selected = [str(item.callspec.params["part"]) for item in items if isinstance(item, pytest.Function)]
    command = [sys.executable, "-m", "bench.together", str(folder), *selected]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr + stack.tail()
    return Ran(folder, done.stdout.split(), stack.tail())


@pytest.mark.parametrize("part", [part for part in PARTS if part not in BY_HAND])
def test_a_part_runs_and_prints_its_table(ran: Ran, part: str) -> None:
    printed = (ran.folder / f"{part}.txt").read_text()
    assert part not in ran.failed, printed + ran.said
    assert "measured" in printed
    assert "refused:" not in printed
