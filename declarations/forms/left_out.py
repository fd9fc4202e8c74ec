"""What was left out of a draft that was made from an earlier declaration or a template, in the reader's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from declarations import reading
from declarations.forms import sections
from declarations.models import Beginning
from declarations.services.carrying import ENDED, SCAN_MISSING, SCAN_UNSAFE
from lib.figures import ranges
from lib.languages import day_text
from tariffs import selectors as tariff


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A line of what was left out: its box, what it said, why, and the items that it served.

    `reason` is one of `services.carrying.REASONS`; `pointer` says where it lay in the earlier document.
    """

    reason: str
    pointer: str
    box: str
    what: str
    text: str
    why: str
    items: str = ""


def left_out(beginning: Beginning, *, on: date) -> list[LeftOut]:
    """What was left out, in the reader's words."""
    names = tariff.code_list("document_type", on=on)
    return [_line(row, names) for row in beginning.left_out]


def _line(row: Mapping[str, Any], names: Mapping[str, str]) -> LeftOut:
    if "file" in row:
        return _scan(row, names)
    return _paper(row, names) if "code" in row else _box(row)


def _paper(row: Mapping[str, Any], names: Mapping[str, str]) -> LeftOut:
    why = _("It belongs to the earlier consignment.")
    if row["reason"] == ENDED:
        why = _("It held until {day}.").format(day=day_text(date.fromisoformat(row["until"])))
    items = ranges(row["items"])
    return LeftOut(row["reason"], row["pointer"], "44", _kind(row, names), _numbered(row), why, items)


def _kind(row: Mapping[str, Any], names: Mapping[str, str]) -> str:
    return f"{row['code']} {names.get(row['code']) or row['name']}".strip()


def _numbered(row: Mapping[str, Any]) -> str:
    """The number and the day of a paper. A day that could not be read is not there."""
    return " · ".join(filter(None, [row["reference"], row["date"] and day_text(date.fromisoformat(row["date"]))]))


def _scan(row: Mapping[str, Any], names: Mapping[str, str]) -> LeftOut:
    """A scan of a paper that was taken over itself."""
    why = _("It was sent by the company that filed the earlier declaration. Send it yourself.")
    if row["reason"] == SCAN_MISSING:
        why = _("The file is no longer there. Send it again.")
    elif row["reason"] == SCAN_UNSAFE:
        why = _("A virus was found in the file. Send another one.")
    paper = " ".join(filter(None, [_kind(row, names), _numbered(row)]))
    what = _("Scan of: {paper}").format(paper=paper)
    return LeftOut(row["reason"], row["pointer"], "44", what, row["file"], why, ranges(row["items"]))


def _box(row: Mapping[str, Any]) -> LeftOut:
    found = reading.pointer(row["pointer"])
    place = sections.item_of(row["pointer"])
    why, items = _("It belongs to the earlier consignment."), "" if place is None else str(place + 1)
    if found is not None:
        return LeftOut(row["reason"], row["pointer"], found.box.box, str(found.box.label), row["text"], why, items)
    box, label = {"containers": ("31", _("Container"))}.get(
        row["pointer"].partition("[")[0], ("40", _("Earlier declaration"))
    )
    return LeftOut(row["reason"], row["pointer"], box, label, row["text"], why, items)
