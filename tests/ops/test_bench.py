"""Each part of the bench runs, one after another on one portal, with a few rows: what is not run falls behind."""

import json
import os
import subprocess
import sys

import pytest

from bench.__main__ import PARTS, processes
from tests.stack import Stack


@pytest.mark.parametrize("part", PARTS)
def test_a_part_runs_and_prints_its_table(stack: Stack, part: str) -> None:
    stack.mend()
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
    command = [sys.executable, "-m", f"bench.{part}"]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, done.stdout + done.stderr + stack.tail()
    assert "measured" in done.stdout
    assert "refused:" not in done.stdout
