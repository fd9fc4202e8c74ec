"""Many rows into a table at once, by COPY: a change set of 30,000 rows is written in seconds."""

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import Field, Model

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copy_in(model: type[Model], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert `rows` (values by field name; a row that is referred to as itself) and return their primary keys.

    Constraints and triggers of the table hold as for any other insert. A field that is not named takes its default.
    """
    if not rows:
        return []
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    pks = _primary_keys(model, len(rows))
    lines = (_line(pk, row, fields) for pk, row in zip(pks, rows, strict=True))
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in (model._meta.pk, *fields) if field)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN", io.StringIO("".join(lines)))
    return pks


def _primary_keys(model: type[Model], number: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, number],
        )
        return [pk for (pk,) in cursor.fetchall()]


def _line(pk: int, row: Mapping[str, Any], fields: Iterable["Field[Any, Any]"]) -> str:
    cells = (_cell(row[field.name] if field.name in row else field.get_default()) for field in fields)
    return "\t".join([str(pk), *cells]) + "\n"


def _cell(value: Any) -> str:
    """A value as COPY reads it."""
    if value is None:
        return r"\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, str):
        return value.translate(_ESCAPES)
    if isinstance(value, Model):
        return str(value.pk)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list):
        quoted = (str(part).replace("\\", "\\\\").replace('"', '\\"') for part in value)
        return ("{" + ",".join(f'"{part}"' for part in quoted) + "}").translate(_ESCAPES)
    if isinstance(value, Mapping):
        return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False).translate(_ESCAPES)
    return str(value)
