"""Background work of declarations: what a change of the tariff means for past ones."""

from celery import shared_task
from django.utils import timezone

from declarations.services import impacts


@shared_task
def work_out_impact(report_pk: int) -> None:
    """Answer one report; safe to run twice."""
    impacts.work_out_impact(report_pk, at=timezone.now())


@shared_task
def finish_impacts() -> None:
    """Answer what lost messages left unanswered."""
    impacts.finish_impacts(at=timezone.now())
