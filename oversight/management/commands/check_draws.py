"""`manage check_draws SINCE UNTIL`: reckons every draw of the random share again from the published seeds."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from oversight import selectors

MOST = 10_000_000


class Command(BaseCommand):
    help = "Reckon every draw of the days SINCE to UNTIL again, as far as they are over; fail where one does not agree."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("since", type=date.fromisoformat, help="first day, such as 2026-11-01")
        parser.add_argument("until", type=date.fromisoformat, help="last day")

    def handle(self, *args: Any, since: date, until: date, **options: Any) -> None:
        found = selectors.check_draws(since=since, until=until, on=timezone.localdate(), most=MOST)
        for fault in found.faults:
            self.stdout.write(f"{fault.number} {fault.code}: {fault.sentence}")
        self.stdout.write(f"{found.lanes} lanes, {found.draws} draws reckoned again, {found.drawn} drawn")
        if found.faults:
            raise CommandError(f"{len(found.faults)} draws do not agree with what was published")
