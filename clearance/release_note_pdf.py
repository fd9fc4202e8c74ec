"""The release note as PDF, with the QR that leads to its check."""

from django.conf import settings
from django.urls import reverse

from clearance.models import ReleaseNote
from lib.languages import in_language
from lib.papers import print_pdf, qr_drawing
from tariffs.selectors import code_list, territory

_ITEMS_SHOWN = 25


def render(note: ReleaseNote) -> bytes:
    """The paper, in the active language, of a note that has its number, token and time; its files come after."""
    declaration = note.declaration
    address = settings.SITE_URL + reverse("verify_token", args=[note.token])
    offices = code_list("office", on=declaration.tax_date) if declaration.tax_date else {}
    items = list(declaration.items.order_by("number")[: _ITEMS_SHOWN + 1])
    context = {
        "note": note,
        "d": declaration,
        "territory": in_language(territory()),
        "office": offices.get(declaration.office_code, ""),
        "items": items[:_ITEMS_SHOWN],
        "more": max(declaration.items.count() - _ITEMS_SHOWN, 0),
        "containers": declaration.containers.exclude(identity=""),
        "address": address,
        "qr": qr_drawing(address),
    }
    return print_pdf("papers/release_note.html", context)
