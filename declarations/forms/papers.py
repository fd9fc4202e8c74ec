"""Papers of a declaration, seen once each: equal papers of several items are one line with the items it serves."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from declarations.boxes import BY_FIELD, DOCUMENT
from declarations.forms.controls import Control, Controls, named
from declarations.models import StoredFile
from lib.figures import ranges
from lib.pointers import pointer_to

# What a line of the table of papers shows; a paper on the page of its item shows every box.
SHOWN = tuple(BY_FIELD["document"][name] for name in ("code", "reference", "date", "name"))
EVERY_BOX = (*SHOWN, *(box for box in DOCUMENT if box not in SHOWN))


@dataclass(frozen=True, slots=True)
class Paper:
    """`name` is that of the first of the equal papers and stands for all; `places` are (item, document) from zero."""

    name: str
    places: tuple[tuple[int, int], ...]
    controls: tuple[Control, ...]
    scans: tuple[StoredFile, ...]
    faults: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Kind and number, as a list of lines to choose from names it."""
        return " ".join(control.text for control in self.controls[:2] if control.text) or "—"

    @property
    def numbers(self) -> str:
        """The items served, as in "1-4, 7"."""
        return ranges(item + 1 for item, _place in self.places)


def papers_of(draft: Mapping[str, Any], held: Mapping[str, str]) -> dict[str, list[tuple[int, int]]]:
    """Equal papers by the pointer of the first: its places in the items."""
    groups: dict[tuple[Any, ...], list[tuple[int, int]]] = {}
    for item, row in enumerate(draft.get("items", [])):
        for place, document in enumerate(row.get("documents", [])):
            pointer = pointer_to("items", item, "documents", place)
            key = tuple(str(held.get(pointer_to(pointer, b.field), document.get(b.field) or "")) for b in SHOWN)
            groups.setdefault((*key, *named_scans(document)), []).append((item, place))
    return {pointer_to("items", found[0][0], "documents", found[0][1]): found for found in groups.values()}


def named_scans(document: Mapping[str, Any]) -> list[str]:
    """The ids of a paper's scans in canonical JSON."""
    files = document.get("files") or [document.get("file") or ""]
    return [str(each) for each in files if each]


def shown_papers(controls: Controls, *, held: Mapping[str, str], files: Mapping[str, StoredFile]) -> list[Paper]:
    """The lines of the table of papers; `files` are those of the declaration by their public ids."""
    papers = []
    for pointer, places in papers_of(controls.draft, held).items():
        item, place = places[0]
        document = controls.draft["items"][item]["documents"][place]
        papers.append(
            Paper(
                named(controls.draft, pointer),
                tuple(places),
                tuple(controls.of(SHOWN, row=document, prefix=pointer)),
                tuple(files[each] for each in named_scans(document) if each in files),
                tuple(controls.faults.get(pointer_to(pointer, "file"), ())),
            )
        )
    return papers


def places_of(name: str, draft: Mapping[str, Any], held: Mapping[str, str]) -> list[tuple[int, int]]:
    """The places of all papers equal to the one with this name or pointer; none if there is no such paper."""
    for pointer, places in papers_of(draft, held).items():
        if name in (pointer, named(draft, pointer)):
            return places
    return []


def for_all_alike(
    fields: Mapping[str, str], bases: Mapping[str, list[str]], draft: Mapping[str, Any], held: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, list[str]]]:
    """What is written into one of several equal papers goes into all of them, on the same bases."""
    groups = papers_of(draft, held)
    groups |= {named(draft, pointer): places for pointer, places in groups.items()}
    texts: dict[str, str] = {}
    spread = dict(bases)
    for name, text in fields.items():
        paper, _dot, box = name.rpartition(".")
        alike = [
            pointer_to(named(draft, pointer_to("items", item, "documents", place)), box)
            for item, place in groups.get(paper, ())
        ]
        for other in alike or [name]:
            texts[other] = text
            if name in bases:
                spread[other] = bases[name]
    return texts, spread


def read_ranges(text: str, *, most: int) -> list[int] | None:
    """Item numbers from "1-3, 7"; empty means all up to `most`; None if it cannot be read or names no item."""
    if not text.strip():
        return list(range(1, most + 1))
    numbers: set[int] = set()
    for part in re.split(r"[,;\s]+", text.strip()):
        found = re.fullmatch(r"(\d{1,3})(?:[-\N{EN DASH}](\d{1,3}))?", part)
        if not found:
            return None
        numbers |= set(range(int(found[1]), int(found[2] or found[1]) + 1))
    return sorted(numbers) if numbers and min(numbers) >= 1 and max(numbers) <= most else None
