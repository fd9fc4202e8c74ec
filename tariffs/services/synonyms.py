"""Loads the everyday words of tariff search from a table `code,en,ru,tg`, words separated by semicolons."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from customs_portal.lib.violations import Rejected, Violation
from tariffs.models import Synonym
from tariffs.services import search

LANGUAGES = ("en", "ru", "tg")
_CODE = re.compile(r"\d{2,11}")
_LONGEST = 120


@transaction.atomic
def load(file: Path) -> int:
    """Replace all everyday words by those of `file`, rebuild the search, and return how many words there are.

    Raises Rejected, naming file, row and column, and loads nothing if a row cannot be read.
    """
    found: set[tuple[str, str, str]] = set()
    faults: list[Violation] = []
    with file.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        if missing := [name for name in ("code", *LANGUAGES) if name not in (reader.fieldnames or [])]:
            raise Rejected([_fault(file, 1, name, _("This column is missing.")) for name in missing])
        for row in reader:
            faults += _faults(row, file=file, line=reader.line_num)
            found.update(_terms(row))
    if faults:
        raise Rejected(faults)
    Synonym.objects.all().delete()
    Synonym.objects.bulk_create(
        Synonym(term=term, language=language, code=code) for code, language, term in sorted(found)
    )
    search.rebuild()
    return len(found)


def _terms(row: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    for language in LANGUAGES:
        for term in (row[language] or "").split(";"):
            if term.strip():
                yield row["code"], language, " ".join(term.lower().split())


def _faults(row: dict[str, str], *, file: Path, line: int) -> Iterator[Violation]:
    if not _CODE.fullmatch(row["code"] or ""):
        yield _fault(file, line, "code", _("A code has two to eleven digits, without dots."))
    if not any((row[language] or "").strip() for language in LANGUAGES):
        yield _fault(file, line, "en", _("The row has no word in any language."))
    for language in LANGUAGES:
        if any(len(term.strip()) > _LONGEST for term in (row[language] or "").split(";")):
            yield _fault(file, line, language, _("A word or phrase is longer than 120 characters."))


def _fault(file: Path, line: int, column: str, sentence: str) -> Violation:
    return Violation("T101", f"{file.name}:{line}:{column}", sentence)
