"""`manage load_country FOLDER`: the law of a country from plain tables, whole or not at all."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from customs_portal.lib.violations import Rejected
from tariffs.services.load_country import load_country


class Command(BaseCommand):
    """Prints a line for each table, or every fault with its file, row and column."""

    help = "Load a country's offices, codes, nomenclature, taxes, measures and rates from a folder (docs/country.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            tallies = load_country(options["folder"], at=timezone.now())
        except Rejected as rejected:
            for fault in rejected.violations:
                self.stderr.write(f"{fault.pointer}: {fault.sentence}")
            raise CommandError(f"{len(rejected.violations)} faults, nothing is loaded.") from rejected
        if options["verbosity"]:
            for name, tally in tallies.items():
                self.stdout.write(
                    f"{name:22} {tally.added:6} new {tally.changed:6} changed {tally.unchanged:6} unchanged"
                )
