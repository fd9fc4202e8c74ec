"""Everyday words of the tariff search: kept by officers, or read from the table synonyms.csv of a country."""

from datetime import datetime
from pathlib import Path

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from lib.bulk import copy_in
from lib.cells import Column, matching, phrases
from lib.country_folder import tables_named
from lib.table_history import written_by
from lib.tables import Faults, read_table
from tariff_lookup.models import Synonym
from tariff_lookup.services import index
from tariffs.services.edition import new_edition

FILE = "synonyms.csv"
LANGUAGES = ("en", "ru", "tg")
COLUMNS = (
    Column("code", matching(r"\d{2,11}", _("Write two to eleven digits."))),
    *(Column(language, phrases(120), required=False) for language in LANGUAGES),
)


@transaction.atomic
def load_words(folder: Path) -> int:
    """Add the words of a country folder that are not there yet and return how many. Raises `Rejected` with faults.

    The index is not made here.
    """
    faults = Faults()
    rows = [row for file in tables_named(folder, FILE) for _source, row in read_table(file, COLUMNS, faults)]
    faults.refuse()
    known = set(Synonym.objects.values_list("term", "language", "code"))
    wanted = {
        (term.lower(), language, row["code"]): None for row in rows for language in LANGUAGES for term in row[language]
    }
    new = sorted(wanted.keys() - known)
    copy_in(Synonym, [{"term": term, "language": language, "code": code} for term, language, code in new])
    return len(new)


@transaction.atomic
def keep_synonym(row: Synonym, *, by: User, at: datetime) -> None:
    """Write an everyday word; the search finds it at once."""
    written_by(by.pk)
    row.term = " ".join(row.term.lower().split())
    before = Synonym.objects.filter(pk=row.pk).values_list("code", flat=True)
    changed = {row.code, *before}
    row.save()
    index.refresh(changed)
    new_edition(at=at)


@transaction.atomic
def drop_synonyms(rows: models.QuerySet[Synonym], *, by: User, at: datetime) -> None:
    """Take everyday words out of the search."""
    written_by(by.pk)
    changed = set(rows.values_list("code", flat=True))
    rows.delete()
    index.refresh(changed)
    new_edition(at=at)


@transaction.atomic
def after_import(*, rows: "list[int]", at: datetime) -> None:
    """What has to follow when everyday words came in by a file; `rows` are the keys of those that are new."""
    index.refresh(Synonym.objects.filter(pk__in=rows).values_list("code", flat=True))
    new_edition(at=at)
