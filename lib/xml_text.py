"""The text of an XML file, whatever encoding it is written in and whatever it says of it."""

import re

from django.utils.translation import gettext as _

from lib.sheets.encodings import encoding_of
from lib.violations import refuse

_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_BEFORE = re.compile(r"(?:\s|<!--.{0,10000}?-->)*", re.DOTALL)
_DECLARATION = re.compile(r"<\?xml[\s?]")
_ROOT = re.compile(r"<(?:[\w.-]+:)?ASYCUDA[\s/>]", re.IGNORECASE)
_HEAD = 12_000


def decoded(content: bytes) -> tuple[str, int]:
    """The text without what stands before its declaration, and how many lines that was.

    Text that is right in UTF-8 or UTF-16 is that, even where the file says another encoding. Raises Rejected X006.
    """
    text = _decoded(content).removeprefix("\ufeff")
    start = _end_of_what_stands_before(text)
    return text[start:], text.count("\n", 0, start)


def _end_of_what_stands_before(text: str) -> int:
    before = _BEFORE.match(text)
    assert before is not None
    return before.end()


def _decoded(content: bytes) -> str:
    found = _DECLARED.search(content[:_HEAD])
    said = found[1].decode("ascii") if found else "UTF-8"
    certain = encoding_of(content)
    for name in (certain if _is_unicode(certain) else None, None if _is_unicode(said) else said, certain):
        if name:
            try:
                return content.decode(name)
            except (UnicodeError, LookupError):
                continue
    sentence = _("The file says that it is written in %(said)s, but it is not. Save it in UTF-8, or export it again.")
    raise refuse("X006", "", sentence % {"said": said})


def _is_unicode(name: str | None) -> bool:
    return (name or "").lower().replace("_", "-").startswith(("utf", "ucs", "iso-10646"))


def looks_like_xml(content: bytes) -> bool:
    """Whether the beginning of a file is that of XML: a declaration, or the root of an ASYCUDA export."""
    head = content[:_HEAD]
    name = encoding_of(head[: len(head) // 4 * 4]) if b"\x00" in head else None
    text = head.decode(name or "latin-1", "replace").removeprefix("ï»¿").lstrip("\ufeff \t\r\n")
    text = text[_end_of_what_stands_before(text) :]
    return bool(_DECLARATION.match(text) or _ROOT.match(text))
