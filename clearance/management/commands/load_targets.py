"""`manage load_targets FOLDER`: the target times of a country folder, and its terms of audits."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from clearance import services
from lib.violations import Rejected


class Command(BaseCommand):
    help = "Load target times and terms of audits of a country folder, in place of those that are there."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            at = timezone.now()
            loaded = services.load_targets(options["folder"], at=at)
            terms = services.load_audit_terms(options["folder"], at=at)
        except (Rejected, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{loaded} target times loaded, {terms} terms of audits")
