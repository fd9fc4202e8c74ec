"""An account's statement for a period: what it was, every line, what it is; on paper, as a table, as a bank message."""

from payments.statement.camt053 import bank_message
from payments.statement.closing_paper import closing_paper
from payments.statement.deferred_paper import deferred_paper, transfer_of
from payments.statement.paper import MOST_ON_PAPER, paper
from payments.statement.period import Line, Statement, lines_of, statement_of
from payments.statement.tables import MOST_IN_WORKBOOK, table

__all__ = [
    "MOST_IN_WORKBOOK",
    "MOST_ON_PAPER",
    "Line",
    "Statement",
    "bank_message",
    "closing_paper",
    "deferred_paper",
    "lines_of",
    "paper",
    "statement_of",
    "table",
    "transfer_of",
]
