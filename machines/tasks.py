"""Background work of programs: one primary key, one verb; each looks at the facts and is safe to run twice."""

from celery import shared_task
from django.utils import timezone

from machines import services
from machines.kinds import Kind

SEND_FOR_SECONDS = 9  # beat comes each ten


@shared_task
def assessed(declaration_pk: int) -> None:
    services.happened(Kind.ASSESSED, declaration_pk, now=timezone.now())


@shared_task
def paid(declaration_pk: int) -> None:
    services.happened(Kind.PAID, declaration_pk, now=timezone.now())


@shared_task
def released(declaration_pk: int) -> None:
    services.happened(Kind.RELEASED, declaration_pk, now=timezone.now())


@shared_task
def rejected(declaration_pk: int) -> None:
    services.happened(Kind.REJECTED, declaration_pk, now=timezone.now())


@shared_task
def cancelled(declaration_pk: int) -> None:
    services.happened(Kind.CANCELLED, declaration_pk, now=timezone.now())


@shared_task
def amended(declaration_pk: int) -> None:
    services.happened(Kind.AMENDED, declaration_pk, now=timezone.now())


@shared_task
def exited(declaration_pk: int) -> None:
    services.happened(Kind.EXITED, declaration_pk, now=timezone.now())


@shared_task
def question_asked(query_pk: int) -> None:
    services.happened(Kind.QUERY_ASKED, query_pk, now=timezone.now())


@shared_task
def question_answered(query_pk: int) -> None:
    services.happened(Kind.QUERY_ANSWERED, query_pk, now=timezone.now())


@shared_task
def proposal_made(correction_pk: int) -> None:
    services.happened(Kind.PROPOSAL_MADE, correction_pk, now=timezone.now())


@shared_task
def correction_sent(correction_pk: int) -> None:
    services.happened(Kind.CORRECTION_SENT, correction_pk, now=timezone.now())


@shared_task
def correction_decided(correction_pk: int) -> None:
    services.happened(Kind.CORRECTION_DECIDED, correction_pk, now=timezone.now())


@shared_task
def send_due() -> None:
    """Send webhooks that are due, for some seconds; at once finished while another worker sends."""
    services.send_due(at=timezone.now(), seconds=SEND_FOR_SECONDS)


@shared_task
def send_now(sending_pk: int) -> None:
    """Something has come to wait: whatever is due is sent without waiting for beat."""
    send_due()


@shared_task
def send_to_failing() -> None:
    """The same for addresses whose last call failed and that have rested: who is sound does not wait for them."""
    services.send_due(at=timezone.now(), seconds=SEND_FOR_SECONDS, failing=True)


@shared_task
def tidy() -> None:
    """Throw away what is older than was promised: events, keys of requests, lent tokens."""
    services.tidy(at=timezone.now())
