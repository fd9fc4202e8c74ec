"""An XML file as a small tree that remembers which of its elements have been read."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser
from django.utils.translation import gettext as _

from lib.violations import Rejected, refuse
from lib.xml_text import decoded

LIMIT_BYTES = 20 * 1024 * 1024
LIMIT_ELEMENTS = 300_000  # a declaration of 999 items has 225,000
LIMIT_DEPTH = 30
LIMIT_OF_A_NAME = 999  # elements of one name under one element
LIMIT_TEXT = 20_000
LIMIT_ATTRIBUTES = 50
LIMIT_SECONDS = 15
_CHUNK = 1 << 16


@dataclass(slots=True)
class Node:
    """An element. `name` as written, `text` stripped; a `<null/>` child means empty and is left out."""

    name: str
    text: str = ""
    children: list["Node"] = field(default_factory=list)
    named: dict[str, list["Node"]] = field(default_factory=dict)
    is_read: bool = False

    @property
    def key(self) -> str:
        return key_of(self.name)

    def all(self, *names: str) -> list["Node"]:
        """Children by any of `names`, without regard to case."""
        return [child for name in names for child in self.named.get(key_of(name), ())]

    def find(self, path: str) -> "Node | None":
        """The element at `path` ("A/B[2]/C", counted from 1), the first one where no place is given."""
        node = self
        for key, place in _steps(path):
            same = node.named.get(key, ())
            if place >= len(same):
                return None
            node = same[place]
        return node

    def take(self, path: str) -> str:
        """The text at `path`, which counts as read; empty where there is none."""
        node = self.find(path)
        if node is None:
            return ""
        node.is_read = True
        return node.text

    def peek(self, path: str) -> str:
        """The text at `path`, which stays unread."""
        node = self.find(path)
        return node.text if node is not None else ""

    def unread(self, prefix: str = "") -> Iterator[tuple[str, str]]:
        """(path, text) of every element with a text that nobody took. Places are counted from 1."""
        places: dict[str, int] = {}
        for child in self.children:
            key = child.key
            places[key] = places.get(key, 0) + 1
            step = child.name + (f"[{places[key]}]" if len(self.named[key]) > 1 else "")
            path = f"{prefix}/{step}".lstrip("/")
            if child.text and not child.is_read:
                yield path, child.text
            yield from child.unread(path)


@lru_cache(maxsize=2_000)
def key_of(name: str) -> str:
    """Case, dots and namespaces drift between versions of the format: `A.I._code`, `AI_code`, `aw:AI_code`."""
    return name.lower().replace(".", "")


@lru_cache(maxsize=2_000)
def _steps(path: str) -> tuple[tuple[str, int], ...]:
    steps = []
    for step in path.split("/"):
        name, _bracket, place = step.rstrip("]").partition("[")
        steps.append((key_of(name), int(place or 1) - 1))
    return tuple(steps)


class _Builder:
    """Takes the events of the parser; refuses what no declaration has before it is kept."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self.open: list[Node] = []
        self.texts: list[list[str]] = []
        self.count = 0
        self.length = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.count += 1
        if self.count > LIMIT_ELEMENTS or len(self.open) >= LIMIT_DEPTH or len(attributes) > LIMIT_ATTRIBUTES:
            raise _too_large()
        node = Node(tag.rpartition("}")[2])
        if self.open:
            parent = self.open[-1]
            same = parent.named.setdefault(node.key, [])
            if len(same) >= LIMIT_OF_A_NAME:
                raise _too_many(node.name)
            same.append(node)
            parent.children.append(node)
        self.root = self.root or node
        self.open.append(node)
        self.texts.append([])
        self.length = 0

    def data(self, text: str) -> None:
        self.length += len(text)
        if self.length > LIMIT_TEXT:
            raise _too_long(self.open[-1].name)
        if self.texts:
            self.texts[-1].append(text)

    def end(self, tag: str) -> None:
        node = self.open.pop()
        node.text = "".join(self.texts.pop()).strip()
        self.length = 0
        if node.name == "null" and self.open and not node.children:
            self.open[-1].children.pop()
            self.open[-1].named[node.key].pop()

    def close(self) -> None:
        """Nothing is left to be done."""


def read(content: bytes) -> Node:
    """The root of an ASYCUDA export.

    Raises Rejected: X001 too large, X002 not XML, X003 document type or entities, X004 another root,
    X005 more of something than a declaration has, X006 an encoding that is not the one it says, X007 too slow.
    """
    if len(content) > LIMIT_BYTES:
        raise refuse("X001", "", _("The file is larger than 20 MB. Leave out what does not belong to the declaration."))
    text, lines_before = decoded(content)
    try:
        root = _tree(text)
    except DefusedXmlException as error:
        sentence = _("The file declares a document type or entities, which no ASYCUDA export does. It was not read.")
        raise refuse("X003", "", sentence) from error
    except ParseError as error:
        line, column = error.position
        raise _broken(line + lines_before, column + 1) from error
    if root is None:
        raise _broken(1, 1)
    if root.key != "asycuda":
        sentence = _("The file starts with <%(name)s>, not <ASYCUDA>. Upload an ASYCUDA World export.")
        raise refuse("X004", "", sentence % {"name": root.name[:60]})
    return root


def _tree(text: str) -> Node | None:
    builder, since = _Builder(), time.monotonic()
    parser = DefusedXMLParser(target=builder, encoding="utf-8", forbid_dtd=True)
    content = text.encode("utf-8", "surrogatepass")
    for start in range(0, len(content), _CHUNK):
        parser.feed(content[start : start + _CHUNK])
        if time.monotonic() - since > LIMIT_SECONDS:
            sentence = _("Reading this file takes too long. Split the declaration, or export it again.")
            raise refuse("X007", "", sentence)
    parser.close()
    return builder.root


def _broken(line: int, column: int) -> Rejected:
    sentence = _(
        "The file is not well-formed XML: it goes wrong at line %(line)d, character %(column)d. "
        "Export it again from the source system."
    )
    return refuse("X002", "", sentence % {"line": line, "column": column})


def _too_large() -> Rejected:
    return refuse("X005", "", _("The file nests deeper or has more elements than a declaration of 999 items."))


def _too_many(name: str) -> Rejected:
    sentence = _("The file has more than %(limit)d elements <%(name)s> in one place. A declaration has no more.")
    return refuse("X005", "", sentence % {"limit": LIMIT_OF_A_NAME, "name": name[:60]})


def _too_long(name: str) -> Rejected:
    sentence = _("The text of <%(name)s> is longer than %(limit)d characters. Shorten it in the source system.")
    return refuse("X005", "", sentence % {"limit": LIMIT_TEXT, "name": name[:60]})
