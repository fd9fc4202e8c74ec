"""Background work of the public tariff: the search follows the law."""

from celery import shared_task

from tariff_lookup.services import index


@shared_task
def follow_law(change_set_pk: int) -> None:
    """Bring the search up to date with what was published; safe to run twice."""
    index.bring_up_to_date()


@shared_task
def sweep() -> None:
    """Do what lost messages left undone."""
    index.bring_up_to_date()
