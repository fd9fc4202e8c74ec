"""`manage load_tariff FILE`: a national tariff of ten-digit codes and rate texts, as a change set of two persons."""

from argparse import ArgumentParser
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import Role, User
from lib.violations import Rejected
from tariff_changes.services.load_tariff import Outcome, load_tariff
from tariffs.models import Measure
from tariffs.selectors import import_duty


class Command(BaseCommand):
    """Shows progress, then what was loaded, left out and ended; or every fault with its row and column."""

    help = "Load ten-digit codes with Russian names and import duty rates from one CSV table (docs/country.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--tax", default="", help="code of the tax (default: the country's import duty)")
        parser.add_argument("--act", default="", help="number of the legal act (default: that of the tax)")
        parser.add_argument(
            "--from",
            dest="start",
            type=date.fromisoformat,
            default=None,
            help="first day in force (default: today; tomorrow where rates of the tax have begun today)",
        )
        parser.add_argument("--by", default="", help="e-mail of the tariff officer who makes the change")
        parser.add_argument("--approved-by", default="", help="e-mail of the approving officer")

    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.localdate()
        duty = import_duty(on=options["start"] or today)
        if duty is None and not (options["tax"] and options["act"]):
            raise CommandError(
                "No import duty is in force on that date: name --tax and --act, or load a country first."
            )
        tax = options["tax"] or (duty.code if duty else "")
        act = options["act"] or (duty.legal_act.number if duty else "")
        start = options["start"] or _first_day(tax, today)
        if not options["file"].is_file():
            raise CommandError(f"There is no file {options['file']}.")
        by = officer(options["by"], Role.TARIFF, "--by")
        approved_by = officer(options["approved_by"], Role.APPROVING, "--approved-by")
        try:
            outcome = load_tariff(
                options["file"],
                tax=tax,
                act=act,
                start=start,
                by=by,
                approved_by=approved_by,
                at=timezone.now(),
                progress=self._progress,
            )
        except Rejected as rejected:
            for fault in rejected.violations:
                self.stderr.write(f"{fault.code} {fault.pointer}: {fault.sentence}")
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
        made = f"change set {outcome.change_set.pk}" if outcome.change_set else "nothing changes"
        self.stdout.write(f"{outcome.rows} rows read for {tax} under {act} from {start}: {made}")


def officer(email: str, role: Role, option: str) -> User:
    """The person with this address; in a demonstration, where none is named, its officer in the role."""
    if email:
        found = User.objects.filter(email__iexact=email).first()
        if found is None:
            raise CommandError(f"{option}: nobody has the e-mail address {email}.")
        return found
    if settings.DEMO:
        held = User.objects.filter(officer_roles__role=role, is_active=True).order_by("pk")
        if demonstration := held.first():
            return demonstration
    raise CommandError(f"Name the officer in the role “{role}”: {option} E-MAIL.")


def _first_day(tax: str, today: date) -> date:
    """A rate that began today has been charged already: it changes from tomorrow on."""
    began_today = Measure.objects.filter(tax_code=tax, valid_from=today).exists()
    return today + timedelta(days=1) if began_today else today
