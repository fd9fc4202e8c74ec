"""`manage load_exchange_rates FILE`: rates of the central bank, from its XML or from CSV."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from lib.violations import Rejected
from tariff_changes.models import ExchangeRateList
from tariff_changes.services.exchange_rates import bring_file


class Command(BaseCommand):
    """Says whether the rates are in force or wait for a person, or names every fault with its row."""

    help = "Load a file of exchange rates (XML as central banks of the CIS publish it, or CSV)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", default="", help="who publishes them (default: as the file says)")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        try:
            brought = bring_file(
                file.read_bytes(), name=file.name, source=options["source"], by=None, at=timezone.now()
            )
        except Rejected as rejected:
            for fault in rejected.violations:
                self.stderr.write(f"{fault.code} {fault.pointer}: {fault.sentence}")
            raise CommandError(f"{len(rejected.violations)} faults, no rate has changed.") from rejected
        count = brought.entries.count()
        if brought.status == ExchangeRateList.Status.PUBLISHED:
            self.stdout.write(f"{count} rates in force from {brought.valid_from}")
            return
        self.stdout.write(f"{count} rates from {brought.valid_from} wait for a person (list {brought.pk}):")
        if brought.missing:
            self.stdout.write(f"  T305 not in the file: {', '.join(brought.missing)}")
        for entry in brought.entries.all():
            if entry.flags:
                self.stdout.write(f"  {' '.join(entry.flags)} {entry.currency} {entry.change:+.2f} %")
