"""`manage compare_sad FILE…`: historic ASYCUDA exports recomputed under the loaded country, line by line."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from declarations.comparison import (
    DIFFERS,
    EQUAL,
    WITHIN,
    ComparedLine,
    Comparison,
    Figures,
    compare,
    consignment_of_draft,
    law_with_rates_of,
    with_currencies_named,
)
from declarations.sad_xml import ParsedSad, parse
from lib.violations import Rejected
from tariffs.selectors import law_for

_ROW = "{item:>4}  {name:<17} {theirs:<44} {ours:<44} {verdict}"


class Command(BaseCommand):
    help = "Recompute ASYCUDA exports and print each line of the file beside ours; exit status 1 if any differs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--rates-from-file", action="store_true", help="take tax and exchange rates from the file")
        parser.add_argument(
            "--on",
            type=date.fromisoformat,
            metavar="YYYY-MM-DD",
            help="date whose law applies (default: the date of assessment in the file, else today)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        counted: Counter[str] = Counter()
        differs = False
        for path in options["files"]:
            parsed = self._read(path)
            if options["rates_from_file"]:
                parsed = with_currencies_named(parsed)
            on = options["on"] or parsed["stated"]["date"] or timezone.localdate()
            law = law_for(consignment_of_draft(parsed["draft"]), on=on)
            if options["rates_from_file"]:
                law = law_with_rates_of(parsed, law)
            comparison = compare(parsed, law)
            self._print(path, on, comparison)
            counted.update(line.verdict for line in comparison.taxes)
            differs = differs or comparison.differs
        self.stdout.write(_summary(counted))
        if differs:
            raise SystemExit(1)

    def _read(self, path: Path) -> ParsedSad:
        try:
            return parse(path.read_bytes())
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        except Rejected as error:
            raise CommandError(f"{path}: {error}") from error

    def _print(self, path: Path, on: date, comparison: Comparison) -> None:
        self.stdout.write(f"{path.name}, law of {on.isoformat()}")
        self.stdout.write(_ROW.format(item="item", name="line", theirs="file", ours="here", verdict=""))
        for need in comparison.needs:
            self.stdout.write(f"      not computed: {need}")
        for line in (*comparison.values, *comparison.taxes, *comparison.totals):
            self.stdout.write(_row(line))
        values = Counter(line.verdict for line in comparison.values)
        self.stdout.write(f"values: {_summary(values)}")


def _row(line: ComparedLine) -> str:
    verdict = line.verdict if line.verdict != DIFFERS else f"{DIFFERS}: {', '.join(line.differing)}"
    return _ROW.format(
        item=line.item or "", name=line.name, theirs=_text(line.file), ours=_text(line.ours), verdict=verdict
    )


def _text(figures: Figures | None) -> str:
    if figures is None:
        return "-"
    if not figures.rate:
        return f"{figures.amount}"
    return f"{figures.base} x {figures.rate} = {figures.amount}"


def _summary(counted: Counter[str]) -> str:
    return f"{counted.total()} lines, {counted[EQUAL]} equal, {counted[WITHIN]} within 0.01, {counted[DIFFERS]} differ"
