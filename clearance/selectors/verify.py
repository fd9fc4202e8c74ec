"""Whether a release note is genuine, from the token in its QR. Tells nothing about a token that is not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from accounts.models import Office
from clearance.models import ReleaseNote
from declarations.models import Declaration


@dataclass(frozen=True)
class Genuine:
    """What a genuine note says: enough to compare with the paper and the goods, no price and no person.

    `sha256` is that of each language's file, by its code.
    """

    number: str
    mrn: str
    issued_at: datetime
    office: Office | None
    office_code: str
    sha256: Sequence[tuple[str, str]]
    goods: Sequence[tuple[int, str, str]]
    item_count: int
    packages: int | None


def genuine_note(token: str) -> Genuine | None:
    """The note with this token, None if there is none."""
    note = ReleaseNote.objects.select_related("declaration", "file", "file_ru", "file_tg").filter(token=token).first()
    if note is None:
        return None
    declaration = note.declaration
    items = declaration.items.order_by("number").values_list("number", "commodity_code", "commercial_description")
    return Genuine(
        number=note.number,
        mrn=declaration.mrn,
        issued_at=note.issued_at,
        office=Office.objects.filter(code=declaration.office_code).first(),
        office_code=declaration.office_code,
        sha256=[(each, note.file_in(each).sha256) for each, _name in settings.LANGUAGES],
        goods=list(items[:5]),
        item_count=declaration.items.count(),
        packages=declaration.total_packages,
    )


def note_of(declaration: Declaration) -> ReleaseNote | None:
    """The release note of a declaration, once it is printed; of a correction that of the version that was released."""
    notes = ReleaseNote.objects.select_related("file", "file_ru", "file_tg")
    if declaration.stands_as:
        return notes.filter(declaration__mrn=declaration.mrn).order_by("-pk").first()
    return notes.filter(declaration=declaration).first()
