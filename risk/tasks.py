"""Background work of risk: each task does what is due and may run twice."""

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


@shared_task
def take_in_history() -> None:
    """Each minute: companies' history takes in what was scored and found since the last run."""
    services.take_in_history(at=timezone.now())


@shared_task
def compute_values() -> None:
    """Each night: the value control table as of today."""
    now = timezone.now()
    services.compute_values(on=timezone.localdate(now), at=now)


@shared_task
def train(model_pk: int) -> None:
    """Learn a model that was asked for."""
    services.run_training(model_pk, at=timezone.now())


@shared_task
def finish_trainings() -> None:
    """Learn what a lost message or a killed worker left unlearnt."""
    services.finish_trainings(at=timezone.now())


@shared_task
def report_drift() -> None:
    """Say how far the last month lies from what models in use have learnt, once for each month."""
    services.report_drift(at=timezone.now())
