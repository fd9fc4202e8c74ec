"""The closing of a day on paper, in the active language: what was compared, what differs and why, and its hash."""

from declarations.models import IssuedPaper
from lib.languages import in_language
from lib.papers import print_pdf, qr_drawing
from payments import selectors
from payments.models import Closing
from payments.statement.paper import MOST_ON_PAPER
from tariffs.selectors import amounts_context, territory


def closing_paper(closing: Closing, issued: IssuedPaper) -> bytes:
    """The paper of a closed day. The CSV of the page has every difference; the paper the first of very many."""
    differences = selectors.differences_of(closing)
    context = {
        "closing": closing,
        "number": issued.number,
        "issued_at": issued.issued_at,
        "offices": selectors.offices_of(closing),
        "total": selectors.total_of_offices(closing),
        "names": selectors.names_of("office"),
        "differences": differences[:MOST_ON_PAPER],
        "more": max(differences.count() - MOST_ON_PAPER, 0),
        "territory": in_language(territory()),
        "address": issued.address,
        "qr": qr_drawing(issued.address),
        **amounts_context(),
    }
    return print_pdf("papers/closing.html", context)
