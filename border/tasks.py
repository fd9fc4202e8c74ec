"""Background work of the post: one primary key, one verb, safe to run twice."""

from celery import shared_task
from django.utils import timezone

from border import services


@shared_task
def replay(replay_pk: int) -> None:
    """Try criteria on the travellers of the last days, if the replay is about them."""
    services.replay_travellers(replay_pk, at=timezone.now())


@shared_task
def make_seeds() -> None:
    """Seeds of the days that will draw the travellers who send in the days ahead; their hashes are shown at once."""
    services.make_seeds(at=timezone.now())


@shared_task
def choose_lane(declaration_pk: int) -> None:
    """Find the lane of a declaration that was sent."""
    services.choose_lane(declaration_pk, at=timezone.now())
