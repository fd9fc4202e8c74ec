"""The worker's side of companies: letters of invitation, and questions to a connected register."""

from celery import shared_task
from django.utils import timezone

from traders import selectors, services


@shared_task
def send_invitation(key: int) -> None:
    """Write the letter of an invitation that is still open."""
    for invitation in selectors.invitations_to_send(key, at=timezone.now()):
        services.send_invitation(invitation)


@shared_task
def ask_register(key: int) -> None:
    """Ask the connected register about a claim, if one is connected."""
    services.ask_register(selectors.company_of(key), at=timezone.now())
