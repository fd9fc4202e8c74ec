"""Criteria of a country folder: `criteria.csv`. A fault is named by file, row and column, and nothing is loaded."""

import re
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from lib.cells import day, decimal, text, words
from lib.sheets import Column, Faults, Row, read_table
from risk import rules
from risk.models import About, Criterion
from risk.rules import Draft
from risk.services.criteria import make_criterion, new_version, switch_on

FILE = "criteria.csv"


def _about(value: str) -> str:
    """What is scored: declarations where the cell is empty."""
    return value or About.DECLARATIONS.value


_TEXTS = (
    Column("code", text(20)),
    Column("name", text(200)),
    Column("name_ru", text(200), required=False),
    Column("name_tg", text(200), required=False),
    Column("lane", text(10)),
    Column("instruction", str, required=False),
    Column("instruction_ru", str, required=False),
    Column("instruction_tg", str, required=False),
)


def _share(value: str) -> Decimal:
    """Per cent of the hits; all of them where the cell is empty."""
    return decimal(value) if value else Decimal(100)


COLUMNS = (
    *_TEXTS,
    Column("conditions", str, required=False),
    Column("share", _share, required=False),
    Column("offices", words, required=False),
    Column("valid_from", day),
    Column("valid_to", day, required=False),
    Column("about", _about, required=False),
)


@transaction.atomic
def load_criteria(folder: Path, *, at: datetime) -> int:
    """Make and switch on what `criteria.csv` holds and the portal does not; return how many versions were made.

    A criterion whose newest version an analyst made is left alone. A second run changes nothing.
    Raises Rejected with pointers such as `criteria.csv:3:lane`.
    """
    on = timezone.localdate(at)
    faults = Faults(FILE, code="K030")
    rows = read_table(folder / FILE, COLUMNS, faults)
    drafts = [_draft(row) for _source, row in rows]
    judged = Faults(FILE)
    for (source, _row), draft in zip(rows, drafts, strict=True):
        for each in rules.violations(draft, on=on):
            judged.add(each.code, source.row, each.pointer, each.sentence)
    faults.take(judged)
    faults.refuse()
    return sum(_load(draft, on=on, at=at) for draft in drafts)


def _draft(row: Row) -> Draft:
    texts = {column.name: row[column.name] for column in _TEXTS}
    return Draft(
        **texts,
        conditions=conditions_from(row["conditions"]),
        share=row["share"],
        offices=row["offices"],
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
        about=row["about"],
    )


_GROUP = re.compile(r"(?:(?P<group>[A-Z]):)?\s*(?P<rest>.*)", re.DOTALL)


def conditions_from(text: str) -> list[dict[str, str]]:
    """Conditions of the file: `item.origin_country in CN, TR; item.unit_value < 2`.

    `A: item.net_mass > 5; B: item.gross_mass > 6` are two groups: all of one of them hold.
    """
    return [_condition(part.strip()) for part in text.split(";") if part.strip()]


def _condition(text: str) -> dict[str, str]:
    found = _GROUP.fullmatch(text)
    assert found is not None, "The pattern takes any text."
    parts = found["rest"].split(maxsplit=2)
    read = dict(zip(("field", "op", "value"), [*parts, "", ""], strict=False))
    return read | ({"group": found["group"]} if found["group"] else {})


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
    compared = (
        *("about", "name", "name_ru", "name_tg", "lane", "share"),
        *("instruction", "instruction_ru", "instruction_tg"),
    )
    return (
        all(getattr(version, column) == getattr(draft, column) for column in compared)
        and list(version.conditions) == list(draft.conditions)
        and list(version.offices) == list(draft.offices)
    )
