"""Rules of scans: those the law asks for are there, and none that counts was kept aside by the virus check."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from declarations.facts import Case
from declarations.models import ItemDocument
from declarations.rules.rule import OF_CASE
from lib.pointers import pointer_to
from lib.rules import Finding
from tariffs.selectors import legal_basis


def _lines(case: Case) -> Iterator[tuple[str, str, ItemDocument]]:
    """Each document with the pointer to it and the procedure of its item."""
    for place, (item, documents) in enumerate(zip(case.content.items, case.content.documents, strict=True)):
        for number, paper in enumerate(documents):
            yield pointer_to("items", place, "documents", number), item.extended_procedure, paper


@OF_CASE.rule("D140")
def what_the_law_wants_to_see_comes_with_its_scan(case: Case) -> Iterator[Finding]:
    if not case.scans_asked:
        return
    for pointer, procedure, paper in _lines(case):
        asked = case.scans_asked.get((paper.code, procedure)) or case.scans_asked.get((paper.code, ""))
        if asked and paper.file is None:
            sentence = _("A scan of document {code} has to come with the declaration ({act}). Attach it to this line.")
            yield f"{pointer}.file", sentence.format(code=paper.code, act=legal_basis(asked))


@OF_CASE.rule("D141")
def no_scan_was_kept_aside(case: Case) -> Iterator[Finding]:
    if not case.kept_aside:
        return
    for pointer, _procedure, paper in _lines(case):
        named = {*paper.more_files} | ({paper.file.public_id} if paper.file else set())
        if named & case.kept_aside:
            yield f"{pointer}.file", _("A virus was found in this scan. Take it from the line and send another one.")
