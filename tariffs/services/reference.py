"""Verbs on the reference tables: keep a row of a code list.

Published law (nomenclature, taxes, measures) is not changed here.
"""

from django.db import models, transaction
from tablib import Dataset

from accounts.models import User
from lib.table_history import written_by

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
def keep(row: models.Model, *, by: User) -> None:
    """Write a row of a code list, in the name of `by`."""
    written_by(by.pk)
    row.save()
