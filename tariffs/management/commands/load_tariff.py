"""`manage load_tariff FILE`: a national tariff of ten-digit codes and rate texts, whole or not at all."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from customs_portal.lib.violations import Rejected
from tariffs.selectors import import_duty
from tariffs.services.load_tariff import Outcome, load_tariff


class Command(BaseCommand):
    """Shows progress, then what was loaded, left out and ended; or every fault with its row and column."""

    help = "Load ten-digit codes with Russian names and import duty rates from one CSV table (docs/country.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--tax", default="", help="code of the tax (default: the country's import duty)")
        parser.add_argument("--act", default="", help="number of the legal act (default: that of the tax)")
        parser.add_argument(
            "--from", dest="start", type=date.fromisoformat, default=None, help="first day in force (default: today)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        start = options["start"] or timezone.localdate()
        duty = import_duty(on=start)
        if duty is None and not (options["tax"] and options["act"]):
            raise CommandError(
                "No import duty is in force on that date: name --tax and --act, or load a country first."
            )
        tax = options["tax"] or (duty.code if duty else "")
        act = options["act"] or (duty.legal_act.number if duty else "")
        if not options["file"].is_file():
            raise CommandError(f"There is no file {options['file']}.")
        try:
            outcome = load_tariff(
                options["file"], tax=tax, act=act, start=start, at=timezone.now(), progress=self._progress
            )
        except Rejected as rejected:
            for fault in rejected.violations:
                self.stderr.write(f"{fault.pointer}: {fault.sentence}")
            raise CommandError(f"{len(rejected.violations)} faults, nothing is loaded.") from rejected
        self._report(outcome, tax=tax, act=act, start=start)

    def _progress(self, what: str, done: int, total: int) -> None:
        self.stdout.write(f"  {what}: {done} of {total}")
        self.stdout.flush()

    def _report(self, outcome: Outcome, *, tax: str, act: str, start: date) -> None:
        for name, tally in (("codes", outcome.commodities), ("rates", outcome.measures)):
            self.stdout.write(f"{name}: {tally.added} new, {tally.changed} changed, {tally.unchanged} unchanged")
        self.stdout.write(f"generic codes ended: {outcome.ended}")
        if outcome.bare:
            self.stdout.write(f"numbers without a unit, read as per cent: {', '.join(outcome.bare)}")
        self.stdout.write(f"left out as ambiguous: {len(outcome.flagged)}")
        for code in outcome.flagged:
            self.stdout.write(f"  {code}")
        self.stdout.write(f"{outcome.rows} rows read for {tax} under {act} from {start}")
