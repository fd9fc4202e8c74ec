"""Background work of risk: each task does what is due and may run twice."""

from celery import shared_task
from django.utils import timezone

from risk import services


@shared_task
def take_in_history() -> None:
    """Each minute: companies' history takes in what was scored and found since the last run."""
    services.take_in_history(at=timezone.now())


@shared_task
def compute_values() -> None:
    """Each night: the value control table as of today."""
    now = timezone.now()
    services.compute_values(on=timezone.localdate(now), at=now)
