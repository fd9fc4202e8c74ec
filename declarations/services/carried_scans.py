"""Scans that go with a copy: each is a file of the new draft, bound to the lines that hold for it.

One that cannot go is said with its paper and the reason, so that nobody learns only at the gate that it is not there.
"""

import os
import shutil
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from accounts.models import User
from declarations.models import Declaration, ItemDocument, StoredFile
from declarations.services.carrying import PAPER, SCAN_MISSING, SCAN_OF_ANOTHER, SCAN_UNSAFE
from declarations.services.content import files_named, scans_named
from declarations.services.scans import random_name
from lib.pointers import pointer_to

Items = Sequence[Mapping[str, Any]]

KEPT = (
    "kind", "name", "document_code", "content_type", "size", "sha256", "sent_sha256", "pages", "safety", "checked_at",
)  # fmt: skip


def take_scans(
    draft: Declaration, *, earlier: Declaration, before: Items, items: Items, by: User, at: datetime
) -> list[dict[str, Any]]:
    """Copy the scans of `earlier` that papers of `items`, the draft's own, name, and bind them to their lines.

    Where another company files, none goes. Else a file in which a virus was found stays behind, and one that is no
    longer on the disk: its line has no scan then. Returns what stayed behind as rows of `Beginning.left_out`, whose
    pointers are into `before`, the items of the earlier document.
    """
    named = [[scans_named(paper) for paper in item["documents"]] for item in items]
    every = {name for papers in named for names in papers for name in names}
    files = files_named(earlier, every)
    behind = {name: why for name in every if (why := _why_not(files.get(name), draft, earlier))}
    taken = {name: _taken(scan, draft, by=by, at=at) for name, scan in files.items() if name not in behind}
    changed = []
    for line in ItemDocument.objects.filter(item__declaration=draft).select_related("item"):
        scans = [taken[name] for name in named[line.item.number - 1][line.position - 1] if name in taken]
        if scans:
            line.file, line.more_files = scans[0], [scan.public_id for scan in scans[1:]]
            changed.append(line)
    ItemDocument.objects.bulk_update(changed, ["file", "more_files"], batch_size=500)
    return _said(before, items, behind, {name: scan.name for name, scan in files.items()})


def _why_not(scan: StoredFile | None, draft: Declaration, earlier: Declaration) -> str:
    """Why a scan cannot go with the copy; nothing if it can."""
    if draft.declarant_id != earlier.declarant_id:
        return SCAN_OF_ANOTHER
    if scan is not None and scan.safety == scan.Safety.FOUND:
        return SCAN_UNSAFE
    return "" if scan is not None and scan.file.storage.exists(str(scan.file.name)) else SCAN_MISSING


def _said(before: Items, items: Items, behind: Mapping[str, str], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Each scan that stayed behind, once for equal papers of several items, with the items that it proved."""
    said: dict[tuple[str, ...], dict[str, Any]] = {}
    for place, item in enumerate(items):
        for paper in item["documents"]:
            facts = {field: str(paper.get(field) or "") for field in PAPER}
            for name in filter(behind.get, scans_named(paper)):
                pointer = pointer_to("items", place, "documents", before[place]["documents"].index(paper))
                row = {"reason": behind[name], "pointer": pointer, **facts, "file": names.get(name, ""), "items": []}
                numbers = said.setdefault((name, *facts.values()), row)["items"]
                numbers += [place + 1] if place + 1 not in numbers else []
    return list(said.values())


def _taken(scan: StoredFile, draft: Declaration, *, by: User, at: datetime) -> StoredFile:
    made = StoredFile(declaration=draft, by=by, at=at, **{name: getattr(scan, name) for name in KEPT})
    made.file.name = made.file.field.generate_filename(made, random_name(draft))
    _same_content(Path(scan.file.path), Path(made.file.path))
    made.save(force_insert=True)
    return made


def _same_content(old: Path, new: Path) -> None:
    """A second name for the same bytes, which nobody writes again; a copy where the disk knows no second names."""
    new.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(old, new)
    except OSError:
        shutil.copyfile(old, new)
