"""`manage load_country FOLDER`: a country from plain tables, law and everyday words, whole or not at all."""

from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.services import Act, record_act
from lib.violations import Rejected
from tariff_changes.services.country.present import Tally
from tariff_changes.services.load_country import load_country
from tariff_lookup.services import index, words


@transaction.atomic
def load(folder: Path, *, at: datetime) -> tuple[dict[str, Tally], int]:
    """The law, then the words by which it is found, then the index of the search."""
    tallies = load_country(folder, at=at)
    added = words.load_words(folder)
    if added:
        index.rebuild()
    else:
        index.bring_up_to_date()
    if written := sum(tally.added + tally.changed for tally in tallies.values()) + added:
        record_act(Act.TABLE_LOADED, about=f"{folder.name}: {written}", by=None, at=at)
    return tallies, added


class Command(BaseCommand):
    """Prints a line for each table, or every fault with its file, row and column."""

    help = "Load a country's offices, codes, nomenclature, taxes, measures and rates from a folder (docs/country.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            tallies, words_added = load(options["folder"], at=timezone.now())
        except Rejected as rejected:
            for fault in rejected.violations:
                self.stderr.write(f"{fault.pointer}: {fault.sentence}")
            raise CommandError(f"{len(rejected.violations)} faults, nothing is loaded.") from rejected
        if options["verbosity"]:
            for name, tally in tallies.items():
                self.stdout.write(
                    f"{name:22} {tally.added:6} new {tally.changed:6} changed {tally.unchanged:6} unchanged"
                )
            self.stdout.write(f"{words.FILE:22} {words_added:6} new")
