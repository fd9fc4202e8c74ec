"""`manage verify_history`: reads all history against its chains and names what is not as it was written."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from declarations.selectors import chain
from declarations.services.history_checks import check_now


class Command(BaseCommand):
    help = "Read history against its chains; exit status 1 if a row was changed, is missing or was added."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--since", type=date.fromisoformat, metavar="YYYY-MM-DD", help="only what was lodged, anchored since"
        )

    def handle(self, *args: Any, since: date | None, **options: Any) -> None:
        check = check_now(
            since=since,
            clock=timezone.now,
            told=lambda fault: self.stdout.write(in_words(fault)),
            progress=lambda at, of: self.stderr.write(f"{at:,} of {of:,}"),
        )
        read = f"{check.declarations:,} declarations, {check.rows:,} rows, {check.anchors:,} nights"
        self.stdout.write(f"{read}: {check.faults:,} faults")
        if check.faults:
            raise SystemExit(1)


def in_words(fault: chain.Fault) -> str:
    """One line for one fault."""
    where = f"{fault.table} {fault.row}" if fault.row is not None else ""
    place = f"place {fault.place}" if fault.place is not None else ""
    what = f"{fault.kind.label}: {', '.join(fault.groups)}" if fault.groups else str(fault.kind.label)
    return "  ".join(filter(None, [fault.name, place, where, what]))
