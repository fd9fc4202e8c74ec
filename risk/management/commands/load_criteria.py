"""`manage load_criteria FOLDER`: the selectivity criteria of a country folder."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from lib.violations import Rejected
from risk import services


class Command(BaseCommand):
    help = "Load the selectivity criteria of a country folder (criteria.csv). A second run changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = services.load_criteria(options["folder"], at=timezone.now())
        except (Rejected, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{made} criteria loaded")
