"""Papers about books of money, signed and kept: the closing of a day, the statement of a month. Made by the worker.

A statement's paper is made with it, a day's when somebody looks at the day: few days are ever printed.
"""

from datetime import datetime

from django.db import transaction

from accounts.models import FollowUp
from accounts.services import announce
from declarations import services as declarations
from declarations.models import IssuedPaper
from payments.models import Closing, DeferredStatement
from payments.selectors import paper_of_books
from payments.statement import closing_paper, deferred_paper


@transaction.atomic
def ask_closing_paper(closing: Closing) -> None:
    """Have the paper of a closed day made, unless it is there or was asked for."""
    if closing.status != Closing.Status.CLOSED or paper_of_books(IssuedPaper.Kind.CLOSING, closing.day.isoformat()):
        return
    if not FollowUp.objects.filter(event="closing.paper_asked", subject=closing.pk).exists():
        announce("closing.paper_asked", closing.pk)


def issue_closing_paper(closing_pk: int, *, at: datetime) -> IssuedPaper | None:
    """The paper of a day, made once; None while the day is not closed."""
    closing: Closing = Closing.objects.select_related("closed_by").get(pk=closing_pk)
    if closing.status != Closing.Status.CLOSED:
        return None
    return declarations.issue_of_books(
        kind=IssuedPaper.Kind.CLOSING,
        number=closing.day.isoformat(),
        render=lambda issued: closing_paper(closing, issued),
        at=at,
    )


def issue_deferred_paper(statement_pk: int, *, at: datetime) -> IssuedPaper:
    """The paper of a statement of deferred payment, made once."""
    statement: DeferredStatement = DeferredStatement.objects.select_related("account__company").get(pk=statement_pk)
    return declarations.issue_of_books(
        kind=IssuedPaper.Kind.DEFERRED,
        number=statement.number,
        render=lambda issued: deferred_paper(statement, issued),
        at=at,
    )
