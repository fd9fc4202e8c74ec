"""Files on their way into a change set: kept between the dry run and the take-over, under the hash of their content.

Nothing of the user's name reaches the disk. What was taken over, or given up, is removed.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from lib.violations import refuse
from tariff_changes import services as changes
from tariff_changes.models import ChangeSet
from tariff_changes.services import Difference

_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that is kept for a set, and how it is read.

    `table` names whose rows it holds; empty is a whole national tariff. With `correlation`, the hash of a second kept
    file, it is a new edition of the nomenclature.
    """

    sha256: str
    name: str
    table: str = ""
    tax: str = ""
    end_missing: bool = False
    correlation: str = ""
    correlation_name: str = ""


def keep(change_set: ChangeSet, content: bytes) -> str:
    """Keep a file for a set; the SHA-256 by which it is found again."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = _path(change_set, sha256)
    if not default_storage.exists(path):
        default_storage.save(path, ContentFile(content))
    return sha256


def is_kept(change_set: ChangeSet, file: KeptFile) -> bool:
    """Whether the file, and the second one that belongs to it, are still there."""
    hashes = [file.sha256, *([file.correlation] if file.correlation else [])]
    return all(_HASH.fullmatch(sha256) and default_storage.exists(_path(change_set, sha256)) for sha256 in hashes)


def compare(change_set: ChangeSet, file: KeptFile) -> Difference:
    """The dry run: what the kept file would change. Writes nothing. Raises Rejected for its faults, T437 if gone."""
    content = _content(change_set, file.sha256)
    if file.correlation:
        second = _content(change_set, file.correlation)
        return changes.read_edition(content, second, names=(file.name, file.correlation_name), change_set=change_set)
    return changes.read_file(
        content,
        name=file.name,
        change_set=change_set,
        table=file.table,
        tax=file.tax,
        end_missing=file.end_missing,
    )


def take_over(change_set: ChangeSet, file: KeptFile, *, version: int, by: User, at: datetime) -> int:
    """Compare a kept file once more and put its rows into the draft; how many.

    Raises Rejected: T423 where the set is not what the dry run was made against, T437 where the file is gone, and
    whatever the file or the set is refused for.
    """
    with transaction.atomic():
        held = ChangeSet.objects.select_for_update(of=("self",)).select_related("legal_act").get(pk=change_set.pk)
        if held.version != version:
            sentence = _("Somebody has changed the set since the file was compared. Look at the comparison again.")
            raise refuse("T423", "", sentence)
        count = changes.take_over(held, compare(held, file), by=by, at=at)
    give_up(change_set, file)
    return count


def give_up(change_set: ChangeSet, file: KeptFile) -> None:
    """Forget a file and the second one that belongs to it."""
    for sha256 in (file.sha256, file.correlation):
        if _HASH.fullmatch(sha256):
            default_storage.delete(_path(change_set, sha256))


def _content(change_set: ChangeSet, sha256: str) -> bytes:
    path = _path(change_set, sha256)
    if not _HASH.fullmatch(sha256) or not default_storage.exists(path):
        raise refuse("T437", "", _("The file is not kept any more. Upload it again."))
    with default_storage.open(path, "rb") as file:
        content: bytes = file.read()
    return content


def _path(change_set: ChangeSet, sha256: str) -> str:
    return f"change-sets/{change_set.pk}/{sha256}"
