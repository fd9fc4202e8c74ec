"""Background work of declarations: what a tariff change means for past ones, large papers, terms of stock."""

from celery import shared_task
from django.utils import timezone

from declarations.services import goods, history_checks, impacts, papers, printed, stock_reminders


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
    """Print one paper; safe to run twice."""
    papers.print_paper(paper_pk, at=timezone.now())


@shared_task
def throw_away_papers() -> None:
    """Delete printed papers, tables of goods and earlier contents of drafts that are old."""
    printed.throw_away_old(at=timezone.now())
    goods.throw_away_old_goods(at=timezone.now())


@shared_task
def check_history(check_pk: int) -> None:
    """Read history against its chains for a minute; safe to run twice."""
    history_checks.work_on_check(check_pk)


@shared_task
def nightly() -> None:
    """Anchor the day in the chain of nights, and have all history read."""
    now = timezone.now()
    history_checks.anchor_history(on=timezone.localdate(now), at=now)
    history_checks.ask_check(by=None, at=now)


@shared_task
def remind_of_stock() -> None:
    """Announce terms of stock that end soon or have ended."""
    stock_reminders.remind_of_terms(at=timezone.now())
