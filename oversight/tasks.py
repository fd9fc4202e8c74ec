"""Background work of oversight; safe to run twice."""

from celery import shared_task
from django.utils import timezone

from oversight import services


@shared_task
def mark() -> None:
    """Look through the acts of new days."""
    services.mark_new_days(at=timezone.now())


@shared_task
def forget() -> None:
    """Empty the words of old searches."""
    services.forget_looks(at=timezone.now())
