"""Judges a stranger's PDF, in a process of its own (`pdf_bounds`): whether it opens, acts by itself or carries files.

What is judged is what the drawing library has understood: it saves the document anew, and that copy is walked.
"""

import io
from collections.abc import Iterator
from typing import Any

import pypdfium2
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, IndirectObject
from pyhanko.pdf_utils.reader import PdfFileReader
from pypdfium2 import raw

from lib.pdf_bounds import Answer, answer

MOST_PAGES, MOST_OBJECTS = 300, 200_000
# What a paper has no use for: a reader runs, sends, fetches or opens it.
ACTIVE_KEYS = frozenset({"/JS", "/JavaScript", "/XFA", "/RichMediaContent", "/RichMediaSettings"})
ACTIVE_ACTIONS = frozenset(
    {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/Rendition", "/Movie", "/Sound",
     "/RichMediaExecute", "/GoTo3DView"}
)  # fmt: skip
FILE_KEYS = frozenset({"/EmbeddedFiles", "/EF"})


def judged(content: bytes) -> Answer:
    """`fault` (empty: none) and `pages`; and the PDF without its lock where it opens without a password."""
    try:
        opened = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        locked = getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD
        return {"fault": "locked" if locked else "broken", "pages": 0}, []
    pages, was_locked = len(opened), raw.FPDF_GetSecurityHandlerRevision(opened) != -1
    if not 0 < pages <= MOST_PAGES:
        return {"fault": "pages" if pages else "broken", "pages": pages}, []
    plain = _saved(opened)
    return {"fault": _active(plain), "pages": pages}, [plain] if was_locked else []


def _saved(opened: pypdfium2.PdfDocument) -> bytes:
    """The document as the drawing library has understood it, unlocked: what is judged is what is shown."""
    kept = io.BytesIO()
    opened.save(kept, flags=raw.FPDF_REMOVE_SECURITY)
    return kept.getvalue()


def _active(plain: bytes) -> str:
    """ "script", "files" or nothing."""
    reader = PdfFileReader(io.BytesIO(plain), strict=False)
    for node in _dictionaries(reader.trailer_view):
        keys = set(node.keys())
        if keys & FILE_KEYS:
            return "files"
        if keys & ACTIVE_KEYS or str(node["/S"] if "/S" in keys else "") in ACTIVE_ACTIONS:
            return "script"
    return ""


def _dictionaries(root: Any) -> Iterator[Any]:
    """Every dictionary that can be reached, streams too; raises ValueError for more than a paper has."""
    waiting: list[Any] = [root]
    seen: set[tuple[int, int]] = set()
    count = 0
    while waiting:
        node = waiting.pop()
        if isinstance(node, IndirectObject):
            if (place := (node.idnum, node.generation)) in seen:
                continue
            seen.add(place)
            node = node.get_object()  # type: ignore[no-untyped-call]
        count += 1
        if count > MOST_OBJECTS * 10 or len(seen) > MOST_OBJECTS:
            raise ValueError("more than a paper has")
        if isinstance(node, DictionaryObject) or (hasattr(node, "raw_get") and hasattr(node, "keys")):
            yield node
            waiting += [node.raw_get(key) for key in node.keys()]  # noqa: SIM118 (values would be looked up)
        elif isinstance(node, ArrayObject):
            waiting += [node.raw_get(place) for place in range(len(node))]


if __name__ == "__main__":
    answer(judged)
