"""Background work of travellers: files for the financial monitor, reminders, totals, and what is deleted in its time."""

from celery import shared_task
from django.utils import timezone

from passengers.services import exports, figures, forgetting, stays


@shared_task
def make_export(export_pk: int) -> None:
    """Make one file; safe to run twice."""
    exports.make_export(export_pk, at=timezone.now())


@shared_task
def remind_of_vehicles() -> None:
    """Announce vehicles that have to leave soon."""
    stays.remind(at=timezone.now())


@shared_task
def count_travellers() -> None:
    """Count the last days for the public page."""
    figures.count_days(at=timezone.now())


@shared_task
def forget() -> None:
    """Delete personal content whose term has ended."""
    forgetting.forget(at=timezone.now())
