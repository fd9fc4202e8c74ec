"""Printed papers go again: after some days, with a draft that is thrown away, and when another state is asked for."""

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from declarations.models import Declaration, PrintedPaper

KEPT_FOR = timedelta(days=7)
THROWN_AWAY_AT_ONCE = 500


def throw_away_old(*, at: datetime) -> int:
    """Delete papers asked for a week ago and more, some hundreds at a time; how many."""
    old = PrintedPaper.objects.filter(asked_at__lt=at - KEPT_FOR).order_by("pk")[:THROWN_AWAY_AT_ONCE]
    return sum(forget(paper) for paper in old)


def forget_all(declaration: Declaration) -> None:
    """Delete every printed paper of a declaration."""
    for paper in PrintedPaper.objects.filter(declaration=declaration):
        forget(paper)


def forget(paper: PrintedPaper) -> bool:
    """Delete a paper and its file."""
    forget_file(paper)
    return paper.delete()[0] > 0


def forget_file(paper: PrintedPaper) -> None:
    """The file goes when the transaction is through: one that is undone leaves row and file as they were."""
    if name := paper.file.name:
        transaction.on_commit(partial(paper.file.storage.delete, name))
        paper.file = ""
