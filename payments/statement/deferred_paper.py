"""The statement of a month of deferred payment on paper, in the active language, with what a transfer needs."""

from lib.bank_transfer import Transfer
from lib.languages import in_language
from lib.papers import print_pdf
from payments import selectors
from payments.models import DeferredStatement
from tariffs.selectors import amounts_context, territory


def deferred_paper(statement: DeferredStatement, *, transfer: Transfer) -> bytes:
    """The statement as PDF. What it says was fixed when it was made."""
    context = {
        "statement": statement,
        "account": statement.account,
        "postings": list(selectors.postings_stated(statement)),
        "transfer": transfer,
        "territory": in_language(territory()),
        **amounts_context(),
    }
    return print_pdf("papers/deferred_statement.html", context)
