"""Criteria of a country folder: `criteria.csv`. A fault is named by file, row and column, and nothing is loaded."""

import csv
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lib.violations import Rejected, Violation
from risk import rules
from risk.models import Criterion
from risk.rules import Draft
from risk.services.criteria import make_criterion, new_version, switch_on

FILE = "criteria.csv"
COLUMNS = (
    "code",
    "name",
    "name_ru",
    "name_tg",
    "lane",
    "conditions",
    "instruction",
    "instruction_ru",
    "instruction_tg",
    "share",
    "offices",
    "valid_from",
    "valid_to",
)


@transaction.atomic
def load_criteria(folder: Path, *, at: datetime) -> int:
    """Make and switch on what `criteria.csv` holds and the portal does not; return how many versions were made.

    A criterion whose newest version an analyst made is left alone. A second run changes nothing.
    Raises Rejected with pointers such as `criteria.csv:3:lane`.
    """
    on = timezone.localdate(at)
    drafts, faults = [], []
    for line, row in _rows(folder / FILE):
        draft, unreadable = _draft(row)
        found = unreadable or rules.violations(draft, on=on)
        faults += [Violation(each.code, f"{FILE}:{line}:{each.pointer}", each.sentence) for each in found]
        drafts.append(draft)
    if faults:
        raise Rejected(faults)
    return sum(_load(draft, on=on, at=at) for draft in drafts)


def _rows(path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        if missing := [column for column in COLUMNS if column not in (reader.fieldnames or ())]:
            sentence = _("The file lacks the columns %s.") % ", ".join(missing)
            raise Rejected([Violation("K030", f"{FILE}:1", sentence)])
        for row in reader:
            yield reader.line_num, {key: (value or "").strip() for key, value in row.items() if key}


def _draft(row: Mapping[str, str]) -> tuple[Draft, list[Violation]]:
    faults: list[Violation] = []
    share = Decimal(100)
    try:
        share = Decimal(row["share"] or "100")
    except InvalidOperation:
        faults.append(Violation("K031", "share", _("“%s” is not a number.") % row["share"]))
    dates: dict[str, date | None] = {"valid_from": None, "valid_to": None}
    for column in dates:
        try:
            dates[column] = date.fromisoformat(row[column]) if row[column] else None
        except ValueError:
            faults.append(Violation("K032", column, _("“%s” is not a date such as 2026-01-31.") % row[column]))
    if dates["valid_from"] is None and not faults:
        faults.append(Violation("K033", "valid_from", _("The first day is missing.")))
    texts = {column: row[column] for column in COLUMNS if column.startswith(("code", "name", "lane", "instruction"))}
    return Draft(
        **texts,
        conditions=conditions_from(row["conditions"]),
        share=share,
        offices=row["offices"].split(),
        valid_from=dates["valid_from"] or date.min,
        valid_to=dates["valid_to"],
    ), faults


def conditions_from(text: str) -> list[dict[str, str]]:
    """Conditions of the file: `item.origin_country in CN, TR; item.unit_value < 2`."""
    parts = [part.split(maxsplit=2) for part in text.split(";") if part.strip()]
    return [dict(zip(("field", "op", "value"), [*part, "", ""], strict=False)) for part in parts]


def _load(draft: Draft, *, on: date, at: datetime) -> bool:
    newest = Criterion.objects.filter(code=draft.code).order_by("-version").first()
    if newest is None:
        made = make_criterion(draft, on=on, at=at, by=None)
    elif newest.made_by_id or _same(newest, draft):
        return False
    else:
        made = new_version(newest, draft, on=on, at=at, by=None)
    _switch_on_as_dated(made, draft, on=on, at=at)
    return True


def _switch_on_as_dated(made: Criterion, draft: Draft, *, on: date, at: datetime) -> None:
    """A first version begins on the day the file says, be it past; a later one never reaches into the past."""
    begins = draft.valid_from if made.version == 1 else on
    switch_on(made, on=min(begins, on), at=at, by=None)


def _same(version: Criterion, draft: Draft) -> bool:
    compared = ("name", "name_ru", "name_tg", "lane", "instruction", "instruction_ru", "instruction_tg", "share")
    return (
        all(getattr(version, column) == getattr(draft, column) for column in compared)
        and list(version.conditions) == list(draft.conditions)
        and list(version.offices) == list(draft.offices)
    )
