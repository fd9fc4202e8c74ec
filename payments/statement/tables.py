"""A statement as a table, for a spreadsheet or another system. Headings are those of the machine door, in English."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from django.utils import timezone

from lib.figures import plain
from payments.statement.period import Statement, lines_of

MOST_IN_WORKBOOK = 50_000
COLUMNS = ("date", "time", "entry", "kind", "declaration", "text", "amount", "balance", "currency")


def table(statement: Statement) -> Iterator[Sequence[object]]:
    """Heading, opening balance, every line, closing balance."""
    currency = statement.account.currency
    yield COLUMNS
    yield (statement.first, "", "", "opening", "", "", "", _sum(statement.opening), currency)
    for line in lines_of(statement):
        at = timezone.localtime(line.at)
        yield (
            at.date(), f"{at:%H:%M:%S}", line.entry, line.kind_code, line.mrn, line.text, _sum(line.change),
            _sum(line.balance), currency,
        )  # fmt: skip
    yield (statement.last, "", "", "closing", "", "", "", _sum(statement.closing), currency)


def _sum(amount: Decimal) -> str:
    return plain(amount, least=2)
