"""Background work of the post: one primary key, one verb, safe to run twice."""

from celery import shared_task
from django.utils import timezone

from border import services


@shared_task
def replay(replay_pk: int) -> None:
    """Try a criterion on the travellers of the last days; safe to run twice."""
    services.run_replay(replay_pk, at=timezone.now())


@shared_task
def choose_lane(declaration_pk: int) -> None:
    """Find the lane of a declaration that was sent."""
    services.choose_lane(declaration_pk, at=timezone.now())
