"""The statement of a month of deferred payment on paper, in the active language, with what a transfer needs."""

from declarations.models import IssuedPaper
from lib.bank_transfer import Transfer, transfer_for
from lib.creditor_reference import STATEMENT
from lib.languages import in_language
from lib.papers import print_pdf, qr_drawing
from payments import selectors
from payments.models import DeferredStatement
from payments.statement.paper import MOST_ON_PAPER
from tariffs.selectors import amounts_context, territory


def transfer_of(statement: DeferredStatement) -> Transfer:
    """What is written on a transfer that pays the statement."""
    return transfer_for(STATEMENT, statement.number.removeprefix("DS").replace("-", ""))


def deferred_paper(statement: DeferredStatement, issued: IssuedPaper) -> bytes:
    """The statement as PDF. What it says was fixed when it was made."""
    postings = selectors.postings_stated(statement)
    context = {
        "statement": statement,
        "account": statement.account,
        "postings": list(postings[:MOST_ON_PAPER]),
        "more": max(postings.count() - MOST_ON_PAPER, 0),
        "transfer": transfer_of(statement),
        "address": issued.address,
        "qr": qr_drawing(issued.address),
        "territory": in_language(territory()),
        **amounts_context(),
    }
    return print_pdf("papers/deferred_statement.html", context)
