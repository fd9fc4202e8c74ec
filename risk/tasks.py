"""Background work of risk."""

from celery import shared_task
from django.utils import timezone

from risk import services


@shared_task
def score(declaration_pk: int) -> None:
    """Score one lodged declaration; safe to run twice."""
    services.score(declaration_pk, at=timezone.now())
