"""`manage load_paying_rules FOLDER`: the terms of payment of a country folder."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from lib.violations import Rejected
from payments import services


class Command(BaseCommand):
    help = "Load the terms of payment of a country folder (paying_rules.csv), in place of those that are there."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = services.load_paying_rules(options["folder"], at=timezone.now())
        except (Rejected, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{loaded} terms of payment loaded")
