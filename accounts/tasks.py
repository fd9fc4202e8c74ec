"""The worker's side of the outbox, and of letters."""

from celery import shared_task
from django.utils import timezone

from accounts import selectors, services
from accounts.services import followups, letters

SWEEP_FOR_SECONDS = 40


@shared_task
def follow_up(key: int) -> None:
    """Do what a row of the outbox asks for; safe to run twice."""
    followups.visit(key)


@shared_task
def sweep_follow_ups() -> None:
    """Do what nobody came for."""
    followups.sweep(seconds=SWEEP_FOR_SECONDS)


@shared_task
def send_letter(key: int) -> None:
    """Send an e-mail that waits; safe to run twice."""
    letters.send_letter(key, at=timezone.now())


@shared_task
def send_invitation(key: int) -> None:
    """Write the letter of a person who has an account and no password yet."""
    services.send_invitation(selectors.person_of(key))
