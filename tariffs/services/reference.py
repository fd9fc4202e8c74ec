"""Verbs on the reference tables: keep a row of a code list.

Published law (nomenclature, taxes, measures) is not changed here.
"""

from datetime import datetime

from django.db import models, transaction
from tablib import Dataset

from accounts.models import User
from lib.table_history import written_by
from tariffs.services.edition import new_edition

# How the UNECE names the columns of Recommendations 20 and 21, and marks a row that is no longer used.
UNECE_COLUMNS = {"CommonCode": "code", "Code": "code", "Name": "name", "Symbol": "symbol"}
UNECE_WITHDRAWN = "X"


def with_own_column_names(table: Dataset) -> None:
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
def after_import(*, at: datetime) -> None:
    """What has to follow when rows of a code list came in by a file."""
    new_edition(at=at)
