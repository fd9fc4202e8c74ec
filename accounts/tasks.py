"""The worker's side of the outbox."""

from celery import shared_task

from accounts.services import followups

SWEEP_FOR_SECONDS = 40


@shared_task
def follow_up(key: int) -> None:
    """Do what a row of the outbox asks for; safe to run twice."""
    followups.visit(key)


@shared_task
def sweep_follow_ups() -> None:
    """Do what nobody came for."""
    followups.sweep(seconds=SWEEP_FOR_SECONDS)
