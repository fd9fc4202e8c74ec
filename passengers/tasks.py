"""Background work of travellers: files for the financial monitor, reminders, totals, deletion in its time."""

from celery import shared_task
from django.utils import timezone

from passengers.services import chart, exports, figures, forgetting, stays


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
    now = timezone.now()
    figures.count_days(at=now)
    chart.draw_charts(on=timezone.localdate(now), at=now)


@shared_task
def forget() -> None:
    """Delete personal content whose term has ended."""
    forgetting.forget(at=timezone.now())
