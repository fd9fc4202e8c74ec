"""The client in docs/ does what it says against the real processes: files, waits, pays, prints."""

import json
import os
import subprocess
import sys
from pathlib import Path

from demo.accounts import PEOPLE, POMIR
from tests import make
from tests.stack import Stack

ROOT = Path(__file__).resolve().parents[2]
MAKE_PROGRAM = """
from django.utils import timezone
from accounts.models import User
from machines.services import add_program
from traders.selectors import companies_of
person = User.objects.get(email="{email}")
company = companies_of(person, on=timezone.localdate()).first()
made = add_program(company, name="client", rights=["preparer", "payer"], by=person, on=timezone.localdate(),
                   at=timezone.now())
print(made[1], made[2], company.tin)
"""


def test_the_reference_client_files_waits_pays_and_prints(stack: Stack, tmp_path: Path) -> None:
    stack.mend()
    client, secret, tin = stack.manage("shell", "-v", "0", "-c", MAKE_PROGRAM.format(email=PEOPLE[0].email)).split()[
        -3:
    ]
    content = make.data(lrn="client", declarant_code=tin, consignee_code=tin, consignee_name=POMIR.box)
    (tmp_path / "declaration.json").write_text(json.dumps(content, default=str))
    done = subprocess.run(
        [
            sys.executable,
            str(ROOT / "docs" / "client.py"),
            str(tmp_path / "declaration.json"),
            str(tmp_path / "papers"),
        ],
        env={**os.environ, "PORTAL": stack.url, "CLIENT_ID": client, "CLIENT_SECRET": secret, "WAIT_SECONDS": "60"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr + stack.tail()
    assert "declaration.released" in done.stdout
    papers = sorted(path.name for path in (tmp_path / "papers").iterdir())
    assert any(name.startswith("release-note") for name in papers), papers
    assert all((tmp_path / "papers" / name).stat().st_size for name in papers)
