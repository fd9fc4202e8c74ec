"""`manage load_edition`: a new edition of the Harmonized System as a draft change set."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.models import Role
from lib.violations import Rejected
from tariff_changes import services as changes
from tariff_changes.management.commands.load_tariff import officer
from tariff_changes.models import ChangeSet
from tariff_changes.selectors.change_sets import legal_act


class Command(BaseCommand):
    """Leaves a draft, and prints what it holds and what a person has to decide; or every fault of the files."""

    help = "Read a new edition of the nomenclature and its correlation table into a draft (docs/tariff-changes.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--nomenclature", type=Path, required=True, help="CSV or XLSX: code, description, …")
        parser.add_argument("--correlation", type=Path, required=True, help="CSV or XLSX: old_code, new_code")
        parser.add_argument("--from", dest="start", type=date.fromisoformat, required=True, help="first day in force")
        parser.add_argument("--act", default="", help="number of the legal act")
        parser.add_argument("--by", default="", help="e-mail of the tariff officer who makes the change")

    def handle(self, *args: Any, **options: Any) -> None:
        files = [options["nomenclature"], options["correlation"]]
        for file in files:
            if not file.is_file():
                raise CommandError(f"There is no file {file}.")
        try:
            draft, difference = self._draft(files, options)
        except Rejected as rejected:
            for fault in rejected.violations:
                self.stderr.write(f"{fault.code} {fault.pointer}: {fault.sentence}")
            raise CommandError(f"{len(rejected.violations)} faults, nothing is taken over.") from rejected
        for what, number in sorted(difference.counts.items()):
            self.stdout.write(f"{what}: {number}")
        for notice in difference.notices:
            self.stdout.write(f"look at {notice.pointer}: {notice.sentence}")
        open_questions = sum(bool(row.to_decide) for row in difference.proposed)
        self.stdout.write(f"change set {draft.pk}: {len(difference.proposed)} rows, {open_questions} to be decided")

    @transaction.atomic
    def _draft(self, files: list[Path], options: dict[str, Any]) -> tuple[ChangeSet, changes.Difference]:
        by, at = officer(options["by"], Role.TARIFF, "--by"), timezone.now()
        act = legal_act(options["act"]) if options["act"] else None
        if options["act"] and act is None:
            raise CommandError(f"No legal act has the number {options['act']}.")
        draft = changes.begin(title=files[0].name, takes_effect=options["start"], legal_act=act, by=by, at=at)
        difference = changes.read_edition(
            files[0].read_bytes(),
            files[1].read_bytes(),
            names=(files[0].name, files[1].name),
            change_set=draft,
        )
        changes.take_over(draft, difference, by=by, at=at)
        return draft, difference
