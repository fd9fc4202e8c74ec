"""A process of its own that opens one PDF of a stranger: it may use little memory and time, and write no file.

Run by its path (`lib.pdfs` does): the PDF comes in, one line of JSON and bytes go out. It knows nothing of the portal.
"""

import io
import json
import resource
import sys
from collections.abc import Iterator
from typing import Any

import pypdfium2
from pypdfium2 import raw

MEMORY, SECONDS = 1_500_000_000, 20
MOST_PAGES, MOST_OBJECTS = 300, 200_000
LONGEST, QUALITY = 2000, 72
# What a paper has no use for: a reader runs, sends, fetches or opens it.
ACTIVE_KEYS = frozenset({"/JS", "/JavaScript", "/XFA", "/RichMediaContent", "/RichMediaSettings"})
ACTIVE_ACTIONS = frozenset(
    {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/Rendition", "/Movie", "/Sound",
     "/RichMediaExecute", "/GoTo3DView"}
)  # fmt: skip
FILE_KEYS = frozenset({"/EmbeddedFiles", "/EF"})


def bounded() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def judged(content: bytes) -> tuple[dict[str, Any], bytes]:
    """`fault` (empty: none) and `pages`; and the PDF without its lock where it opens without a password."""
    try:
        opened = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        locked = getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD
        return {"fault": "locked" if locked else "broken", "pages": 0}, b""
    pages, was_locked = len(opened), raw.FPDF_GetSecurityHandlerRevision(opened) != -1
    if not 0 < pages <= MOST_PAGES:
        return {"fault": "pages" if pages else "broken", "pages": pages}, b""
    plain = _saved(opened)
    return {"fault": _active(plain), "pages": pages}, plain if was_locked else b""


def _saved(opened: pypdfium2.PdfDocument) -> bytes:
    """The document as the drawing library has understood it, unlocked: what is judged is what is shown."""
    kept = io.BytesIO()
    opened.save(kept, flags=raw.FPDF_REMOVE_SECURITY)
    return kept.getvalue()


def _active(plain: bytes) -> str:
    """ "script", "files" or nothing."""
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415 (drawing does without it)

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
    from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, IndirectObject  # noqa: PLC0415

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


def drawn(content: bytes, first: int, last: int) -> Iterator[bytes]:
    """Pages as JPEG pictures, numbered from one."""
    opened = pypdfium2.PdfDocument(content)
    opened.init_forms()  # what was typed into a form is drawn too
    for number in range(first, min(last, len(opened)) + 1):
        page = opened[number - 1]
        width, height = page.get_size()
        scale = LONGEST / max(width, height, 1.0)
        kept = io.BytesIO()
        page.render(scale=scale).to_pil().convert("RGB").save(kept, "JPEG", quality=QUALITY)
        yield kept.getvalue()


def answer(head: dict[str, Any], *parts: bytes) -> None:
    out = sys.stdout.buffer
    out.write(json.dumps({**head, "sizes": [len(part) for part in parts]}).encode() + b"\n")
    for part in parts:
        out.write(part)


def main(verb: str, *numbers: str) -> None:
    bounded()
    content = sys.stdin.buffer.read()
    try:
        if verb == "judge":
            head, plain = judged(content)
            answer(head, plain)
        else:
            answer({"fault": ""}, *drawn(content, int(numbers[0]), int(numbers[1])))
    except Exception as error:
        answer({"fault": "broken", "pages": 0, "why": type(error).__name__})


if __name__ == "__main__":
    main(*sys.argv[1:])
