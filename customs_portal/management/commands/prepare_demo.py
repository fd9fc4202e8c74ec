"""`manage.py prepare_demo`: migrations, static files, the demonstration country and its data."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError


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
        self._step("collecting static files", "collectstatic", interactive=False, verbosity=0)
        self._step("loading the demonstration country", "load_country", str(country))
        for command in ("load_criteria", "load_targets"):
            call_command(command, str(country), stdout=self.stdout)
        chosen = {"people_alone": options["people_alone"]}
        self._step("making the demonstration's people and declarations", "seed_demo", **chosen)

    def _step(self, title: str, command: str, *arguments: str, **options: Any) -> None:
        started = time.monotonic()
        self.stdout.write(title)
        self.stdout.flush()
        call_command(command, *arguments, stdout=self.stdout, **options)
        self.stdout.write(f"  done in {time.monotonic() - started:.1f} s")
        self.stdout.flush()
