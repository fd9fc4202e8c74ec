"""`manage.py compute_values [--on 2026-06-30]`: the value control table of today, or of a past day."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_date

from risk import services


class Command(BaseCommand):
    help = "Compute the value control table as of today, or as of a past day so that a replay of later days has it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", help="the day, as 2026-06-30; today without it")

    def handle(self, *args: Any, **options: Any) -> None:
        now, asked = timezone.now(), options["on"]
        try:
            on = parse_date(asked) if asked else timezone.localdate(now)
        except ValueError:
            on = None
        if on is None or on > timezone.localdate(now):
            raise CommandError(f"K079 on: “{asked}” is no day up to today. Write it as 2026-06-30.")
        made = services.compute_values(on=on, at=now)
        self.stdout.write(f"as of {made.on}: {made.rows:,} lines from {made.declarations:,} declarations")
