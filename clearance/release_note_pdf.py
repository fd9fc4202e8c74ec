"""Release note and exit note as PDF, each with the QR that leads to its check."""

from typing import Any

from clearance.selectors import exit_office
from declarations.models import IssuedPaper
from lib.languages import in_language
from lib.papers import print_pdf, qr_drawing
from tariffs.selectors import code_list, territory

_ITEMS_SHOWN = 25


def render(note: IssuedPaper) -> bytes:
    """The release note, in the active language; it has its number, token and time, its files come after."""
    return print_pdf("papers/release_note.html", _context(note))


def render_exit(note: IssuedPaper) -> bytes:
    """The exit note, which the office of exit scans when the goods leave."""
    return print_pdf("papers/exit_note.html", _context(note))


def _context(note: IssuedPaper) -> dict[str, Any]:
    declaration = note.declaration
    assert declaration is not None, "A note is of a declaration."
    leaves_by = exit_office(declaration)
    offices = code_list("office", on=declaration.tax_date) if declaration.tax_date else {}
    items = list(declaration.items.order_by("number")[: _ITEMS_SHOWN + 1])
    return {
        "note": note,
        "d": declaration,
        "territory": in_language(territory()),
        "office": offices.get(declaration.office_code, ""),
        "items": items[:_ITEMS_SHOWN],
        "more": max(declaration.items.count() - _ITEMS_SHOWN, 0),
        "containers": declaration.containers.exclude(identity=""),
        "exit_office": f"{leaves_by} {offices.get(leaves_by, '')}".strip(),
        "address": note.address,
        "qr": qr_drawing(note.address),
    }
