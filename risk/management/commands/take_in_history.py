"""`manage.py take_in_history [--anew]`: companies' first uses and counts by day, from what was scored."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from risk import services


class Command(BaseCommand):
    help = "Take what was scored and found since the last run into companies' history; the worker does it each minute."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--anew", action="store_true", help="read everything again; changes nothing that is right")

    def handle(self, *args: Any, **options: Any) -> None:
        written = services.take_in_history(at=timezone.now(), anew=options["anew"])
        self.stdout.write(f"{written:,} first uses written")
