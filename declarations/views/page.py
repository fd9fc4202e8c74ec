"""What every page of the form shows around its section: outline with counts of faults, controls, switches."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest

from accounts.requests import person
from declarations import reading, selectors, services
from declarations.forms import sections
from declarations.forms.controls import Controls, named
from declarations.models import Declaration
from declarations.services.identity import UNCHANGED
from lib.pointers import whole_number
from lib.violations import Violation
from traders.models import Company

ALL_BOXES = "all_boxes"
CHECKED = "checked_drafts"
REMEMBERED = 20


@dataclass(frozen=True, slots=True)
class Step:
    """A section in the outline."""

    section: sections.Section
    number: int
    faults: int
    is_current: bool
    is_checked: bool = True


@dataclass(slots=True)
class Sheet:
    """A draft read once: its canonical JSON, all its faults, and those that are shown beside their boxes."""

    declaration: Declaration
    draft: Mapping[str, Any]
    faults: list[Violation]
    on: date
    is_checked: bool = True

    def controls(self, request: HttpRequest, *, used: Mapping[str, Sequence[str]] | None = None) -> Controls:
        """Before the first check only what is written wrongly is marked: an empty form is not a list of faults.

        `used` are codes that short lists offer first.
        """
        fixed = UNCHANGED if self.declaration.amends_id is not None else ()
        marked = self.marked(request)
        return Controls(self.draft, held=self.declaration.held, faults=marked, on=self.on, fixed=fixed, used=used)

    def marked(self, request: HttpRequest) -> list[Violation]:
        """The faults that are shown beside their boxes."""
        checked = str(self.declaration.public_id) in request.session.get(CHECKED, [])
        return [fault for fault in self.faults if checked or self.is_written(fault.pointer)]

    def is_written(self, pointer: str) -> bool:
        """Whether the box holds something, read or not; a list or a row is no box."""
        value = written_at(self.draft, pointer)
        return pointer in self.declaration.held or not (value in (None, "") or isinstance(value, list | Mapping))

    def outline(self, current: str) -> list[Step]:
        counts = sections.faults_by_section(self.faults)
        listed = sections.sections_for(self.draft)
        return [
            Step(section, number, counts.get(section.key, 0), section.key == current, self.is_checked)
            for number, section in enumerate(listed, start=1)
        ]


def read(declaration: Declaration, *, on: date) -> Sheet:
    """The draft with its faults: a constant number of queries. What a template does not say yet is no fault of it."""
    sheet = Sheet(declaration, selectors.as_dict(declaration), services.check(declaration, on=on), on)
    if declaration.is_template:
        sheet.faults = [fault for fault in sheet.faults if sheet.is_written(fault.pointer)]
    return sheet


def company_of(request: HttpRequest, sheet: Sheet) -> Company | None:
    """The company whose address book and habits the draft draws on."""
    return selectors.served_by_draft(person(request), sheet.declaration, on=sheet.on)


def unchecked(declaration: Declaration, draft: Mapping[str, Any], *, on: date) -> Sheet:
    """A draft of which it is not known yet what is wrong: to check it takes longer than a page may."""
    return Sheet(declaration, draft, [], on, is_checked=False)


def said_beside(sheet: Sheet, marked: Sequence[Violation], place: str) -> dict[str, list[str]]:
    """What is wrong with boxes of one page of the form, by their names: a section's key, or a pointer to an item."""
    said: dict[str, list[str]] = {}
    for fault in marked:
        here = (
            fault.pointer.startswith(place)
            if place.startswith("items")
            else sections.section_of(fault.pointer) == place
        )
        if here and reading.pointer(fault.pointer) is not None:
            said.setdefault(named(sheet.draft, fault.pointer), []).append(str(fault.sentence))
    return said


def written_at(draft: Mapping[str, Any], pointer: str) -> Any:
    """The value that `pointer` names in canonical JSON, None where there is none."""
    value: Any = draft
    for step in pointer.replace("[", ".").replace("]", "").split("."):
        if isinstance(value, list):
            place = whole_number(step)
            value = value[place] if place is not None and place < len(value) else None
        elif isinstance(value, Mapping):
            value = value.get(step)
    return value


def bases_of(request: HttpRequest) -> dict[str, list[str]]:
    """The texts on which a save builds, by the name of the box: JSON in `was`, a text or several for each."""
    try:
        said = json.loads(request.POST.get("was", ""))
    except (ValueError, RecursionError):
        return {}
    if not isinstance(said, dict):
        return {}
    return {
        name: [str(text) for text in (texts if isinstance(texts, list) else [texts])] for name, texts in said.items()
    }


def remember_check(request: HttpRequest, declaration: Declaration) -> None:
    """From the first review on, everything that is missing is marked beside its box."""
    checked = [*request.session.get(CHECKED, [])]
    key = str(declaration.public_id)
    if key not in checked:
        request.session[CHECKED] = [*checked, key][-REMEMBERED:]


def _before(declaration: Declaration) -> dict[str, Any]:
    """What comes back by one click, if a table was written into the draft."""
    return {"table_before": selectors.before_of(declaration), "state": services.state_of(declaration)}


def frame(request: HttpRequest, sheet: Sheet, current: str) -> dict[str, Any]:
    """The context that all pages of the form share."""
    steps = sheet.outline(current)
    keys = [step.section.key for step in steps]
    place = keys.index(current) if current in keys else 0
    return {
        **(_before(sheet.declaration) if current == "items" else {}),
        "declaration": sheet.declaration,
        "draft": sheet.draft,
        "steps": steps,
        "section": sections.BY_KEY[current],
        "before": steps[place - 1] if place else None,
        "after": steps[place + 1] if place + 1 < len(steps) else None,
        "all_boxes": bool(request.session.get(ALL_BOXES)),
        "items_count": len(sheet.draft["items"]),
    }
