"""Background work of declarations: what a tariff change means for past ones, large papers, terms of stock."""

from celery import shared_task
from django.utils import timezone

from declarations.services import impacts, papers, stock_reminders


@shared_task
def work_out_impact(report_pk: int) -> None:
    """Answer one report; safe to run twice."""
    impacts.work_out_impact(report_pk, at=timezone.now())


@shared_task
def finish_impacts() -> None:
    """Answer what lost messages left unanswered."""
    impacts.finish_impacts(at=timezone.now())


@shared_task
def print_paper(paper_pk: int) -> None:
    """Print one large paper; safe to run twice."""
    papers.print_large(paper_pk)


@shared_task
def throw_away_papers() -> None:
    """Delete large papers that are old."""
    papers.throw_away_old(at=timezone.now())


@shared_task
def remind_of_stock() -> None:
    """Announce terms of stock that end soon or have ended."""
    stock_reminders.remind_of_terms(at=timezone.now())
