"""Bank messages in XML, read as a stream: an element is kept until its entry is over, and within bounds.

A message of 100,000 entries needs the memory of one. Entities and document types are refused.
"""

from collections.abc import Iterator, Mapping
from typing import IO
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from payments.bank_files.faults import FaultyFile

LIMIT_DEPTH = 40
LIMIT_ELEMENTS = 100_000  # of one entry; one that is made of 4,000 payments has as many
LIMIT_TEXT = 10_000
LIMIT_ATTRIBUTES = 20
_CHUNK = 1 << 16
_WITHOUT_AN_ELEMENT = 1_000_000


class Node:
    """An element: name without namespace, text, children in their order."""

    __slots__ = ("children", "currency", "name", "text")

    def __init__(self, name: str, currency: str = "") -> None:
        self.name, self.currency, self.text = name, currency, ""
        self.children: list[Node] = []

    def all(self, path: str) -> list["Node"]:
        """Every element at `path` ("A/B/C")."""
        found = [self]
        for step in path.split("/"):
            found = [child for node in found for child in node.children if child.name == step]
        return found

    def find(self, path: str) -> "Node | None":
        """The first element at `path`."""
        return next(iter(self.all(path)), None)

    def take(self, *paths: str) -> str:
        """The text at the first of `paths` that has one."""
        return next((node.text for path in paths for node in self.all(path) if node.text), "")


class _Builder:
    """Takes the parser's events. What is over is put into `ready` and leaves the tree."""

    def __init__(self, over: frozenset[str]) -> None:
        self.over = over
        self.open: list[Node] = []
        self.ready: list[tuple[str, Node]] = []
        self.root = ""
        self.kept = self.length = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.kept += 1
        if self.kept > LIMIT_ELEMENTS:
            raise FaultyFile("B003", detail=f"> {LIMIT_ELEMENTS} <>")
        if len(self.open) >= LIMIT_DEPTH or len(attributes) > LIMIT_ATTRIBUTES:
            raise FaultyFile("B003", detail=f"<{tag.rpartition('}')[2][:40]}> in {len(self.open)} <>")
        node = Node(tag.rpartition("}")[2], attributes.get("Ccy", ""))
        if self.open:
            self.open[-1].children.append(node)
        else:
            self.root = tag
        if node.name in self.over:
            self.ready.append(("begun", self.open[-1] if self.open else node))
        self.open.append(node)
        self.length = 0

    def data(self, text: str) -> None:
        self.length += len(text)
        if self.length > LIMIT_TEXT:
            raise FaultyFile("B003", detail=f"<{self.open[-1].name[:40]}> > {LIMIT_TEXT}")
        if self.open:
            self.open[-1].text += text

    def end(self, _tag: str) -> None:
        node = self.open.pop()
        node.text = node.text.strip()
        self.length = 0
        if node.name in self.over:
            if self.open:
                self.open[-1].children.pop()
            self.kept = len(self.open) + sum(len(each.children) for each in self.open)
            self.ready.append(("over", node))

    def close(self) -> None:
        """Nothing is left to be done."""


class Stream:
    """A message in portions: `events` yields ("begun", parent) and ("over", element) for the names in `over`."""

    def __init__(self, file: IO[bytes], over: frozenset[str]) -> None:
        self.file, self.builder = file, _Builder(over)

    @property
    def namespace(self) -> str:
        """Of the root; empty before it was read."""
        return self.builder.root.partition("}")[0].removeprefix("{")

    def events(self) -> Iterator[tuple[str, Node]]:
        """Raises FaultyFile B002 for what is no XML or ends too early, B003 for what is out of bounds."""
        parser, fed = DefusedXMLParser(target=self.builder, forbid_dtd=True), 0
        try:
            while chunk := self.file.read(_CHUNK):
                parser.feed(chunk)
                fed += len(chunk)
                if fed - max(0, parser.parser.CurrentByteIndex) > _WITHOUT_AN_ELEMENT:
                    raise FaultyFile("B003", detail=f"> {_WITHOUT_AN_ELEMENT} B")
                ready, self.builder.ready = self.builder.ready, []
                yield from ready
            parser.close()
        except ParseError as error:
            raise FaultyFile("B002", detail=str(error)) from error
        except DefusedXmlException as error:
            raise FaultyFile("B003", detail="<!DOCTYPE>") from error
        except (LookupError, UnicodeError, ValueError) as error:
            raise FaultyFile("B002", detail=str(error)) from error
        yield from self.builder.ready
