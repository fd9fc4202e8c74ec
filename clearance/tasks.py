"""Background work of clearance: one primary key, one verb; each is safe to run twice."""

from celery import shared_task
from django.utils import timezone

from clearance import services
from clearance.services import vehicles


@shared_task
def take_up(declaration_pk: int) -> None:
    """Find the lane of an assessed declaration and open its file."""
    services.take_up(declaration_pk, at=timezone.now())


@shared_task
def release_if_clear(declaration_pk: int) -> None:
    """Release a declaration that nothing holds back."""
    services.release_if_clear(declaration_pk, at=timezone.now())


@shared_task
def issue_release_note(declaration_pk: int) -> None:
    """Print the release note of a released declaration, and the exit note if its goods leave the country."""
    services.issue_release_note(declaration_pk, at=timezone.now())
    services.issue_exit_note(declaration_pk, at=timezone.now())


@shared_task
def end_vehicle_stay(declaration_pk: int) -> None:
    """End the temporary import of the vehicle that a released declaration speaks of."""
    vehicles.end_stay(declaration_pk, at=timezone.now())


@shared_task
def issue_audit_notice(audit_pk: int) -> None:
    """Print the notice of the audit of a company."""
    services.issue_audit_notice(audit_pk, at=timezone.now())


@shared_task
def issue_audit_report(audit_pk: int) -> None:
    """Print the report of a closed audit of a company."""
    services.issue_audit_report(audit_pk, at=timezone.now())


@shared_task
def sweep() -> None:
    """Do what lost messages left undone."""
    services.sweep(at=timezone.now())
