"""Scans that go with a copy: each is a file of the new draft, bound to the lines that hold for it."""

import os
import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from accounts.models import User
from declarations.models import Declaration, ItemDocument, StoredFile
from declarations.services.content import files_named
from declarations.services.scans import random_name

KEPT = (
    "kind", "name", "document_code", "content_type", "size", "sha256", "sent_sha256", "pages", "safety", "checked_at",
)  # fmt: skip


def take_scans(
    draft: Declaration, *, earlier: Declaration, named: Sequence[Sequence[Sequence[str]]], by: User, at: datetime
) -> None:
    """Copy the scans of `earlier` that lines of the draft name, by item and line, and bind them to these lines.

    A file in which a virus was found stays behind, and one that is no longer on the disk: its line has no scan then.
    """
    files = files_named(earlier, (name for papers in named for names in papers for name in names))
    sound = {name: scan for name, scan in files.items() if scan.safety != scan.Safety.FOUND}
    there = {name: scan for name, scan in sound.items() if scan.file.storage.exists(str(scan.file.name))}
    taken = {name: _taken(scan, draft, by=by, at=at) for name, scan in there.items()}
    changed = []
    for line in ItemDocument.objects.filter(item__declaration=draft).select_related("item"):
        scans = [taken[name] for name in named[line.item.number - 1][line.position - 1] if name in taken]
        if scans:
            line.file, line.more_files = scans[0], [scan.public_id for scan in scans[1:]]
            changed.append(line)
    ItemDocument.objects.bulk_update(changed, ["file", "more_files"], batch_size=500)


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
