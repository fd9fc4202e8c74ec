"""Background work of risk: one primary key, one verb; each is safe to run twice."""

from celery import shared_task
from django.utils import timezone

from risk.services import drift
from risk.services import train as training


@shared_task
def train(model_pk: int) -> None:
    """Learn a model that was asked for."""
    training.run_training(model_pk, at=timezone.now())


@shared_task
def finish_trainings() -> None:
    """Learn what a lost message or a killed worker left unlearnt."""
    training.finish_trainings(at=timezone.now())


@shared_task
def report_drift() -> None:
    """Say how far the last month lies from what models in use have learnt, once for each month."""
    drift.report_drift(at=timezone.now())
