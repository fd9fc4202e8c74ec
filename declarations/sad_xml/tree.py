"""An XML file as a small tree that remembers which of its elements have been read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse
from django.utils.translation import gettext as _

from lib.violations import Rejected, refuse

LIMIT_BYTES = 20 * 1024 * 1024
LIMIT_ELEMENTS = 600_000
LIMIT_DEPTH = 30
_STEP = re.compile(r"(?P<name>[^\[]+)(\[(?P<place>\d+)\])?")


@dataclass(slots=True)
class Node:
    """An element. `name` as written, `text` stripped; a `<null/>` child means empty and is left out."""

    name: str
    text: str = ""
    children: list["Node"] = field(default_factory=list)
    is_read: bool = False

    @property
    def key(self) -> str:
        return key_of(self.name)

    def all(self, *names: str) -> list["Node"]:
        """Children by any of `names`, without regard to case."""
        keys = {key_of(name) for name in names}
        return [child for child in self.children if child.key in keys]

    def find(self, path: str) -> "Node | None":
        """The element at `path` ("A/B[2]/C", counted from 1), the first one where no place is given."""
        node: Node | None = self
        for step in path.split("/"):
            match = _STEP.fullmatch(step)
            assert node is not None
            assert match is not None
            same = node.all(match["name"])
            place = int(match["place"] or 1) - 1
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
        totals: dict[str, int] = {}
        for child in self.children:
            totals[child.key] = totals.get(child.key, 0) + 1
        places: dict[str, int] = {}
        for child in self.children:
            places[child.key] = places.get(child.key, 0) + 1
            step = child.name + (f"[{places[child.key]}]" if totals[child.key] > 1 else "")
            path = f"{prefix}/{step}".lstrip("/")
            if child.text and not child.is_read:
                yield path, child.text
            yield from child.unread(path)


def key_of(name: str) -> str:
    """Case and dots drift between versions of the format: `A.I._code`, `AI_code`."""
    return name.lower().replace(".", "")


def read(content: bytes) -> Node:
    """The root of an ASYCUDA export.

    Raises Rejected: X001 too large, X002 not XML, X003 document type or entities, X004 another root,
    X005 too deep or too many elements.
    """
    if len(content) > LIMIT_BYTES:
        raise refuse("X001", "", _("The file is larger than 20 MB. Leave out what does not belong to the declaration."))
    try:
        root = _tree(content)
    except DefusedXmlException as error:
        sentence = _("The file declares a document type or entities, which no ASYCUDA export does. It was not read.")
        raise refuse("X003", "", sentence) from error
    except (ParseError, ValueError, LookupError) as error:
        sentence = _("The file is not well-formed XML (%(fault)s). Export it again from the source system.")
        raise refuse("X002", "", sentence % {"fault": error}) from error
    if root.key != "asycuda":
        sentence = _("The file starts with <%(name)s>, not <ASYCUDA>. Upload an ASYCUDA World export.")
        raise refuse("X004", "", sentence % {"name": root.name[:60]})
    return root


def _tree(content: bytes) -> Node:
    open_nodes: list[Node] = []
    root: Node | None = None
    count = 0
    for event, element in iterparse(BytesIO(content), events=("start", "end"), forbid_dtd=True):
        if event == "start":
            count += 1
            node = Node(element.tag)
            if len(open_nodes) >= LIMIT_DEPTH or count > LIMIT_ELEMENTS:
                raise _too_large()
            if open_nodes:
                open_nodes[-1].children.append(node)
            root = root or node
            open_nodes.append(node)
        else:
            _close(open_nodes, element)
    if root is None:
        raise ValueError(_("empty file"))
    return root


def _close(open_nodes: list[Node], element: Element) -> None:
    node = open_nodes.pop()
    node.text = (element.text or "").strip()
    element.clear()
    if node.name == "null" and open_nodes and not node.children:
        open_nodes[-1].children.pop()


def _too_large() -> Rejected:
    return refuse("X005", "", _("The file nests deeper or has more elements than a declaration of 999 items."))
