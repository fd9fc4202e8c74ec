"""Background work of figures: each is bounded, safe to run twice and finds by itself what is left to do."""

from celery import shared_task
from django.utils import timezone

from reporting import services


@shared_task
def count() -> None:
    """Count what happened since the last time; today's part of every figure."""
    now = timezone.now()
    services.count(on=timezone.localdate(now), at=now)


@shared_task
def count_closed_days() -> None:
    """Count the day that is over, and whatever was passed by."""
    now = timezone.now()
    services.count_closed_days(on=timezone.localdate(now), at=now)
