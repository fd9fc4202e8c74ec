"""`manage.py prepare_demo`: migrations, static files, the demonstration country and its data."""

import hashlib
import time
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from tariffs.models import Territory


class Command(BaseCommand):
    help = "Bring the demonstration's database and static files up to date."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--people-alone", action="store_true", help="no declarations")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("this writes demonstration data: it runs with DEMO=1 alone")
        country = settings.BASE_DIR / "countries" / "tj"
        self._step("bringing the tables up to date", "migrate", verbosity=0)
        collected = settings.STATIC_ROOT.with_name(f"{settings.STATIC_ROOT.name}-collected")
        loaded = settings.DATA_DIR / "country-loaded"
        if not Territory.objects.exists():
            loaded.unlink(missing_ok=True)
        self._unless_known(collected, _static_state(), self._collect)
        self._unless_known(loaded, _content_of(country), lambda: self._load(country))
        chosen = {"people_alone": options["people_alone"]}
        self._step("making the demonstration's people and declarations", "seed_demo", **chosen)

    def _collect(self) -> None:
        self._step("collecting static files", "collectstatic", interactive=False, verbosity=0)

    def _load(self, country: Path) -> None:
        self._step("loading the demonstration country", "load_country", str(country), verbosity=0)
        for command in ("load_criteria", "load_targets", "load_paying_rules"):
            call_command(command, str(country), stdout=self.stdout)

    def _unless_known(self, stamp: Path, state: str, work: Callable[[], None]) -> None:
        """Do `work` unless it was done before for exactly this state."""
        if not stamp.exists() or stamp.read_text() != state:
            work()
            stamp.parent.mkdir(parents=True, exist_ok=True)
            stamp.write_text(state)

    def _step(self, title: str, command: str, *arguments: str, **options: Any) -> None:
        started = time.monotonic()
        self.stdout.write(title)
        self.stdout.flush()
        call_command(command, *arguments, stdout=self.stdout, **options)
        self.stdout.write(f"  done in {time.monotonic() - started:.1f} s")
        self.stdout.flush()


def _static_state() -> str:
    """Changes with the project's own files and with the packages that bring further ones."""
    own = [path for path in sorted((settings.BASE_DIR / "static").rglob("*")) if path.is_file()]
    lines = [f"{path} {path.stat().st_mtime_ns} {path.stat().st_size}" for path in own]
    lock = (settings.BASE_DIR / "requirements" / "base.txt").read_bytes()
    return hashlib.sha256("\n".join(lines).encode() + lock).hexdigest()


def _content_of(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()
