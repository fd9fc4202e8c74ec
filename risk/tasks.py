"""Background work of risk: one primary key, one verb, safe to run twice."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from risk import services


@shared_task
def replay(replay_pk: int) -> None:
    """Try criteria on the declarations of the last days, if the replay is about them."""
    services.replay_declarations(replay_pk, at=timezone.now())


@shared_task
def make_seeds() -> None:
    """Seeds of the random share for today and the days ahead; their hashes are shown at once."""
    now = timezone.now()
    services.make_seeds(on=timezone.localdate(now), at=now)


@shared_task
def count_hits() -> None:
    """Count what criteria selected and what came of it, of the days that changed."""
    services.count_hits(zone=settings.TIME_ZONE)
