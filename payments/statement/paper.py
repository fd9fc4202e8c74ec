"""A statement on paper, in the active language."""

from datetime import datetime

from lib.languages import in_language
from lib.papers import print_pdf
from payments.statement.period import Statement, lines_of
from tariffs.selectors import amounts_context, territory

MOST_ON_PAPER = 2000


def paper(statement: Statement, *, at: datetime) -> bytes:
    """The statement as PDF; `at` is when it was made."""
    context = {
        "statement": statement,
        "account": statement.account,
        "lines": list(lines_of(statement)),
        "territory": in_language(territory()),
        "at": at,
        **amounts_context(),
    }
    return print_pdf("papers/statement.html", context)
