"""Background work of the demonstration alone."""

from celery import shared_task
from django.utils import timezone

from demo import sandbox


@shared_task
def play(declaration_pk: int) -> None:
    """Do what the reference of a sandbox declaration asks for."""
    sandbox.play(declaration_pk, at=timezone.now())


@shared_task
def play_answer(query_pk: int) -> None:
    sandbox.play_answer(query_pk, at=timezone.now())
