"""Background work of declarations: what a tariff change means for past ones, large papers, terms of stock."""

from celery import shared_task
from django.utils import timezone

from declarations.services import (
    goods,
    habits,
    history_checks,
    impacts,
    papers,
    printed,
    scans,
    stock_reminders,
    uploads,
)


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
def make_draft(file_pk: int) -> None:
    """Make the draft of one uploaded file; safe to run twice."""
    now = timezone.now()
    uploads.make_draft(file_pk, on=timezone.localdate(now), at=now)


@shared_task
def throw_away_papers() -> None:
    """Delete printed papers, tables of goods and earlier contents of drafts that are old."""
    printed.throw_away_old(at=timezone.now())
    goods.throw_away_old_goods(at=timezone.now())


@shared_task
def draw_first_pages(file_pk: int) -> None:
    """Draw the beginning of a paper that came in; safe to run twice."""
    scans.draw_first_pages(file_pk)


@shared_task
def draw_pages(file_pk: int) -> None:
    """Draw a paper that somebody looks at; safe to run twice."""
    scans.draw_pages(file_pk)


@shared_task
def check_file(file_pk: int) -> None:
    """Have a paper checked for viruses; where nobody answers the sweep comes back to it."""
    scans.check_file(file_pk, at=timezone.now())


@shared_task
def check_waiting_files() -> None:
    """Check papers for which the virus check was away."""
    scans.check_waiting(at=timezone.now())


@shared_task
def throw_away_pages() -> None:
    """Delete drawn pages at which nobody looks any more."""
    scans.throw_away_pages(at=timezone.now())


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


@shared_task
def learn(declaration_pk: int) -> None:
    """Count what a lodged declaration names into the habits of its company; safe to run twice."""
    habits.learn(declaration_pk, at=timezone.now())
