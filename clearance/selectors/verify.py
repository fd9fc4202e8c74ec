"""Whether a paper is genuine and still stands, from the token in its QR. Tells nothing about a token that is not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import Office
from clearance.models import ExitConfirmation
from clearance.selectors.exits import exit_of
from declarations.models import Declaration, IssuedPaper, Status
from declarations.selectors import versions_of

_FILES_SHOWN = 9


@dataclass(frozen=True)
class Genuine:
    """What a genuine paper says: enough to compare with the paper and the goods, no price and no person.

    `sha256` is that of each file, after the code of its language; `counts` is the version that counts now, if it is
    another one; `exit` is there once the goods have left. A paper about books of money has no MRN and none of this.
    """

    paper: IssuedPaper
    mrn: str
    version: int
    status: str
    counts: int | None
    issued_at: datetime
    office: Office | None
    office_code: str
    sha256: Sequence[tuple[str, str]]
    goods: Sequence[tuple[int, str, str]]
    item_count: int
    packages: int | None
    exit: ExitConfirmation | None

    @property
    def stands(self) -> bool:
        """Whether the declaration is neither ended without release nor replaced."""
        return self.status not in (Status.CANCELLED, Status.REJECTED, Status.SUPERSEDED)


def genuine_paper(token: str) -> Genuine | None:
    """The paper with this token, None if there is none."""
    paper = IssuedPaper.objects.select_related("declaration").filter(token=token).first()
    if paper is None:
        return None
    declaration = paper.declaration
    files = list(paper.files.order_by("-pk").values_list("language", "sha256")[:_FILES_SHOWN])
    if declaration is None:
        return Genuine(paper, "", 0, "", None, paper.issued_at, None, "", files, [], 0, None, None)
    items = declaration.items.order_by("number").values_list("number", "commodity_code", "commercial_description")
    last = versions_of(declaration).last()
    return Genuine(
        paper=paper,
        mrn=declaration.mrn,
        version=declaration.version,
        status=declaration.status,
        counts=last.version if last is not None and last.pk != declaration.pk else None,
        issued_at=paper.issued_at,
        office=Office.objects.filter(code=declaration.office_code).first(),
        office_code=declaration.office_code,
        sha256=files,
        goods=list(items[:5]),
        item_count=declaration.items.count(),
        packages=declaration.total_packages,
        exit=exit_of(declaration),
    )


def note_of(declaration: Declaration, kind: str = IssuedPaper.Kind.RELEASE_NOTE) -> IssuedPaper | None:
    """The release note of a declaration, or another paper it has once; of a correction that of the released version."""
    issued = IssuedPaper.objects.filter(kind=kind)
    if declaration.stands_as:
        return issued.filter(declaration__mrn=declaration.mrn).order_by("-pk").first()
    return issued.filter(declaration=declaration).first()
