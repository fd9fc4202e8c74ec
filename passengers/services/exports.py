"""Files for the financial monitor: asked for a period, made in the worker, kept with their hash."""

import hashlib
import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.followups import announce
from lib.figures import plain
from lib.sheets import workbook, written
from lib.violations import refuse
from passengers.models import CashExport, PassengerView
from passengers.selectors import monitor
from passengers.services.viewing import note_view
from passengers.states import EXPORTS, move

LONGEST_DAYS, MOST_ROWS = 366, 100_000
SCHEMA_VERSION = 1


@transaction.atomic
def ask_export(*, since: date, until: date, format: str, by: User, at: datetime) -> CashExport:
    """Let the worker make a file. Raises Rejected G060: the period is turned round or longer than a year."""
    if not 0 <= (until - since).days < LONGEST_DAYS:
        raise refuse("G060", "until", _("Choose a period of a year at the most, its end not before its beginning."))
    assert format in CashExport.Format.values, format
    made: CashExport = CashExport.objects.create(since=since, until=until, format=format, asked_by=by, asked_at=at)
    note_view(None, what=PassengerView.What.EXPORT, by=by, at=at, text=str(made))
    announce("travel.export_asked", made.pk)
    return made


def make_export(pk: int, *, at: datetime) -> CashExport:
    """Make the file of one request; safe to run twice. More rows than a file holds: it fails, nothing is cut off."""
    export: CashExport = CashExport.objects.get(pk=pk)
    if export.status != CashExport.Status.WAITING:
        return export
    rows = list(islice(monitor.told(monitor.rows_between(export.since, export.until)), MOST_ROWS + 1))
    with transaction.atomic():
        locked: CashExport = CashExport.objects.select_for_update().get(pk=pk)
        if locked.status != CashExport.Status.WAITING:
            return locked
        if len(rows) > MOST_ROWS:
            move(EXPORTS, locked, CashExport.Status.FAILED, done_at=at)
            return locked
        content = _content(locked, rows)
        locked.file.save(f"{uuid.uuid4().hex}.{locked.format}", ContentFile(content), save=False)
        filling = {
            "file": locked.file.name,
            "rows": len(rows),
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "done_at": at,
        }
        move(EXPORTS, locked, CashExport.Status.DONE, **filling)
    return locked


def _content(export: CashExport, rows: Iterable[Mapping[str, Any]]) -> bytes:
    if export.format == CashExport.Format.JSON:
        records = [{name: _plain(value) for name, value in row.items()} for row in rows]
        head = {"schema": SCHEMA_VERSION, "since": str(export.since), "until": str(export.until)}
        return json.dumps(head | {"declarations": records}, ensure_ascii=False, indent=1).encode()
    table = chain([list(monitor.EXPORTED)], _cells(rows))
    if export.format == CashExport.Format.XLSX:
        return workbook(table)
    return ("\ufeff" + "".join(written(table))).encode()


def _cells(rows: Iterable[Mapping[str, Any]]) -> Iterator[list[str]]:
    for row in rows:
        yield [_plain(row[name]) for name in monitor.EXPORTED]


def _plain(value: Any) -> str:
    """Numbers without an exponent, days as 2026-11-23: text in every format, so that nothing is rounded."""
    return plain(value) if isinstance(value, Decimal) else "" if value is None else str(value)


def schema() -> dict[str, Any]:
    """The documented shape of the JSON file (json-schema.org, draft 2020-12); CSV and XLSX have the same columns."""
    fields = {name: {"type": "string", "description": words} for name, words in monitor.EXPORTED.items()}
    day = {"type": "string", "format": "date"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Declarations of cash and bearer instruments (FATF recommendation 32)",
        "type": "object",
        "required": ["schema", "since", "until", "declarations"],
        "properties": {
            "schema": {"const": SCHEMA_VERSION},
            "since": day,
            "until": day,
            "declarations": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": list(monitor.EXPORTED),
                    "properties": fields,
                    "additionalProperties": False,
                },
            },
        },
    }
