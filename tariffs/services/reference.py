"""Verbs on the reference tables: keep a row of a code list, an everyday word.

Published law (nomenclature, taxes, measures) is not changed here.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import models, transaction
from tablib import Dataset

from accounts.models import User
from customs_portal.lib.table_history import written_by
from tariffs.models import Synonym
from tariffs.services import search
from tariffs.services.load_country import new_edition

# How the UNECE names the columns of Recommendations 20 and 21, and marks a row that is no longer used.
UNECE_COLUMNS = {"CommonCode": "code", "Code": "code", "Name": "name", "Symbol": "symbol"}
UNECE_WITHDRAWN = "X"


def as_ours(table: Dataset) -> None:
    """Give a UNECE list our column names, in place, and leave out the rows that it marks as withdrawn."""
    headers = list(table.headers or ())
    if "Status" not in headers:
        return
    status = headers.index("Status")
    rows = [row for row in table if row[status] != UNECE_WITHDRAWN]
    table.wipe()
    table.headers = [UNECE_COLUMNS.get(name, name) for name in headers]
    table.extend(rows)


@transaction.atomic
def keep(row: models.Model, *, by: User, at: datetime) -> None:
    """Write a row of a code list and tell every process that what it remembers is old."""
    written_by(by.pk)
    row.save()
    new_edition(at=at)


@transaction.atomic
def keep_synonym(row: Synonym, *, by: User, at: datetime) -> None:
    """Write an everyday word; the search finds it at once."""
    written_by(by.pk)
    row.term = " ".join(row.term.lower().split())
    before = Synonym.objects.filter(pk=row.pk).values_list("code", flat=True)
    changed = {row.code, *before}
    row.save()
    search.refresh(changed)
    new_edition(at=at)


@transaction.atomic
def drop_synonyms(rows: models.QuerySet[Synonym], *, by: User, at: datetime) -> None:
    """Take everyday words out of the search."""
    written_by(by.pk)
    changed = set(rows.values_list("code", flat=True))
    rows.delete()
    search.refresh(changed)
    new_edition(at=at)


@transaction.atomic
def after_import(model: type[models.Model], *, rows: Iterable[int] = (), at: datetime) -> None:
    """What has to follow when rows of `model` came in by a file; `rows` are the keys of those that are new."""
    if model is Synonym:
        search.refresh(Synonym.objects.filter(pk__in=list(rows)).values_list("code", flat=True))
    new_edition(at=at)
