"""Canonical JSON into rows: read by the box table, checked for shape, built and inserted in bulk.

A fault of shape (an unknown name, a list where a text belongs, too many items) is refused; a text that cannot be read
is held.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from declarations import reading
from declarations.boxes import BY_FIELD
from declarations.models import (
    Container,
    Declaration,
    Item,
    ItemDocument,
    PreviousDeclaration,
    StoredFile,
    SupplierInvoice,
)
from declarations.reading import RowRead
from declarations.selectors import Content
from lib.bulk import insert_rows
from lib.pointers import field_of, pointer_to
from lib.row_keys import new_key
from lib.violations import Rejected, Violation

MOST = {"items": 999, "documents": 99, "containers": 999, "previous": 999, "suppliers": 999}
MOST_HELD, MOST_HELD_CHARACTERS = 2_000, 400_000
SCANS = ("file", "files")
MOST_SCANS = 50  # of one paper
LISTS = ("items", "containers", "previous", "suppliers")
STANDING = frozenset(
    {
        "id", "status", "version", "mrn", "customs_number", "tax_date", "lodged_at", "customs_value", "payable",
        "guaranteed", "source", "amends", "held", "kept",
    }
)  # fmt: skip


@dataclass(slots=True)
class DocumentRead:
    """A whole declaration as read, before it is written."""

    header: RowRead
    items: list[RowRead] = field(default_factory=list)
    documents: list[list[RowRead]] = field(default_factory=list)
    files: list[list[list[str]]] = field(default_factory=list)
    parts: dict[str, list[RowRead]] = field(default_factory=dict)

    def held(self) -> dict[str, str]:
        """Texts that could not be read, by pointer."""
        found = dict(self.header.held)
        for place, item in enumerate(self.items):
            found |= {pointer_to("items", place, name): text for name, text in item.held.items()}
            for number, document in enumerate(self.documents[place]):
                row = pointer_to("items", place, "documents", number)
                found |= {pointer_to(row, name): text for name, text in document.held.items()}
        for part, rows in self.parts.items():
            for place, row_read in enumerate(rows):
                found |= {pointer_to(part, place, name): text for name, text in row_read.held.items()}
        return found


# Shape --------------------------------------------------------------------------------------------------------
def read_document(data: Mapping[str, Any]) -> DocumentRead:
    """Read canonical JSON. Raises Rejected for faults of shape."""
    faults: list[Violation] = []
    _judge_row("header", data, "", {*LISTS, *STANDING}, faults)
    lists = {name: _rows(data.get(name), name, faults) for name in LISTS}
    for part in LISTS[1:]:
        for place, raw in enumerate(lists[part]):
            _judge_row(reading.LEVEL_OF_PART[part], raw, pointer_to(part, place), {"key"}, faults)
    papers = []
    for place, raw in enumerate(lists["items"]):
        _judge_row("item", raw, pointer_to("items", place), {"documents", "key"}, faults)
        papers.append(_rows(raw.get("documents"), pointer_to("items", place, "documents"), faults))
        for number, paper in enumerate(papers[-1]):
            _judge_row("document", paper, pointer_to("items", place, "documents", number), {*SCANS, "key"}, faults)
    if faults:
        raise Rejected(faults)
    read = DocumentRead(
        header=reading.row("header", data),
        items=[reading.row("item", raw) for raw in lists["items"]],
        documents=[[reading.row("document", paper) for paper in rows] for rows in papers],
        files=[[scans_named(paper) for paper in rows] for rows in papers],
        parts={part: [reading.row(reading.LEVEL_OF_PART[part], raw) for raw in lists[part]] for part in LISTS[1:]},
    )
    _read_held(read, data.get("held"))
    _judge_held(read.held())
    return read


def scans_named(paper: Mapping[str, Any]) -> list[str]:
    """The scans that a paper names, each once: `files`, or the one in `file`."""
    named = paper.get("files") or [paper.get("file") or ""]
    texts = [str(name) for name in named] if isinstance(named, list) else []
    return list(dict.fromkeys(text for text in texts if text))[:MOST_SCANS]


def _judge_held(held: Mapping[str, str]) -> None:
    """Raises Rejected if so much cannot be read that nobody would correct it by hand."""
    if len(held) > MOST_HELD or sum(map(len, held.values())) > MOST_HELD_CHARACTERS:
        sentence = _("{count} texts cannot be read. Correct them where they come from and send the declaration again.")
        raise Rejected([Violation("S007", next(iter(held)), sentence.format(count=len(held)))])


def _rows(raw: object, pointer: str, faults: list[Violation]) -> list[Mapping[str, Any]]:
    if raw is None:
        return []
    if not isinstance(raw, list) or not all(isinstance(row, Mapping) for row in raw):
        faults.append(Violation("S003", pointer, _("Send a list of objects here.")))
        return []
    limit = MOST[field_of(pointer)]
    if len(raw) > limit:
        faults.append(Violation("S004", pointer, _("There may be {limit} at the most.").format(limit=limit)))
        return []
    return raw


def _judge_row(level: str, raw: Mapping[str, Any], prefix: str, also: set[str], faults: list[Violation]) -> None:
    known = BY_FIELD[level]
    for name, written in raw.items():
        if name not in known:
            if name not in also:
                sentence = _("The declaration has no field of this name. See the schema of the API.")
                faults.append(Violation("S001", pointer_to(prefix, reading.clean(name))[:200], sentence))
        elif isinstance(written, dict | list):
            faults.append(Violation("S002", pointer_to(prefix, name), _("Send a text, a number, true or false here.")))


def _read_held(read: DocumentRead, held: object) -> None:
    """Held texts that come back with the document are read again, unless their box was filled meanwhile."""
    if not isinstance(held, Mapping):
        return
    for key, text in held.items():
        pointer = reading.pointer(str(key))
        row = _row_at(read, pointer) if pointer else None
        if pointer is None or row is None or row.values[pointer.field] != reading.empty(pointer.box):
            continue
        again = reading.row(pointer.level, {pointer.field: text})
        row.values[pointer.field] = again.values[pointer.field]
        row.held |= again.held


def _row_at(read: DocumentRead, pointer: reading.Pointer) -> RowRead | None:
    if not pointer.part:
        return read.header
    rows = read.items if pointer.part == "items" else read.parts[pointer.part]
    if pointer.place >= len(rows):
        return None
    if pointer.document is None:
        return rows[pointer.place]
    papers = read.documents[pointer.place]
    return papers[pointer.document] if pointer.document < len(papers) else None


# Rows ---------------------------------------------------------------------------------------------------------
def fill(declaration: Declaration, read: DocumentRead, *, by: User, at: datetime) -> Content:
    """The declaration's columns set and its parts built from what was read; nothing is written."""
    for name, value in read.header.values.items():
        setattr(declaration, name, value)
    declaration.held = read.held()
    declaration.updated_by, declaration.updated_at = by, at
    keys = _Keys()
    items = [
        Item(declaration=declaration, number=place, key=keys.of(row), **row.values)
        for place, row in enumerate(read.items, 1)
    ]
    files = files_named(declaration, (name for rows in read.files for names in rows for name in names))
    return Content(
        declaration=declaration,
        items=items,
        documents=[
            [
                document_of(item, place, keys.of(row), row, [files[name] for name in scans if name in files])
                for place, (row, scans) in enumerate(zip(rows, named, strict=True), 1)
            ]
            for item, rows, named in zip(items, read.documents, read.files, strict=True)
        ],
        containers=_built(Container, declaration, read.parts["containers"], keys),
        previous=_built(PreviousDeclaration, declaration, read.parts["previous"], keys),
        suppliers=_built(SupplierInvoice, declaration, read.parts["suppliers"], keys),
    )


def document_of(item: Item, place: int, key: str, row: RowRead, scans: Sequence[StoredFile]) -> ItemDocument:
    return ItemDocument(
        item=item,
        position=place,
        key=key,
        file=scans[0] if scans else None,
        more_files=[scan.public_id for scan in scans[1:]],
        **row.values,
    )


class _Keys:
    """Gives each row the key that it came with, or a new one: none is given twice."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def of(self, row: RowRead) -> str:
        key = row.key if row.key and row.key not in self._given else new_key()
        self._given.add(key)
        return key


def _built(model: Any, declaration: Declaration, rows: Sequence[RowRead], keys: _Keys) -> list[Any]:
    return [
        model(declaration=declaration, position=place, key=keys.of(row), **row.values)
        for place, row in enumerate(rows, 1)
    ]


def files_named(declaration: Declaration, names: Iterable[str]) -> dict[str, StoredFile]:
    """Stored files of this declaration, or of an earlier version of it, that its documents name."""
    named = set(filter(None, names))
    if not named:
        return {}
    own = Q(declaration_id=declaration.pk)
    mrn = declaration.mrn or (declaration.amends.mrn if declaration.amends else "")
    if mrn:
        own |= Q(declaration__mrn=mrn) | Q(declaration__amends__mrn=mrn, declaration__sent_at__isnull=False)
    return {str(file.public_id): file for file in StoredFile.objects.filter(own) if str(file.public_id) in named}


def insert(content: Content) -> None:
    """Write the parts of a declaration that is already written: one statement for each table."""
    insert_rows(content.items)
    insert_rows([paper for papers in content.documents for paper in papers])
    for rows in (content.containers, content.previous, content.suppliers):
        insert_rows(rows)


def clear(declaration: Declaration) -> None:
    """Delete all parts of a draft."""
    ItemDocument.objects.filter(item__declaration=declaration).delete()
    for model in (Item, Container, PreviousDeclaration, SupplierInvoice):
        model.objects.filter(declaration=declaration).delete()
