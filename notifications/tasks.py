"""Background work of notifications: one primary key, one verb; each looks at the facts and is safe to run twice.

Telling is three short statements and belongs to the quick work of a visit; sending waits for servers and is slow work.
"""

from celery import shared_task
from django.utils import timezone

from notifications import services
from notifications.services import vehicles

SEND_FOR_SECONDS = 9  # beat comes each ten: papers of the same queue get their turn


@shared_task
def question_asked(query_pk: int) -> None:
    services.question_asked(query_pk, now=timezone.now())


@shared_task
def question_answered(query_pk: int) -> None:
    services.question_answered(query_pk, now=timezone.now())


@shared_task
def file_kept_aside(file_pk: int) -> None:
    services.file_kept_aside(file_pk, now=timezone.now())


@shared_task
def reroute_asked(reroute_pk: int) -> None:
    services.reroute_asked(reroute_pk, now=timezone.now())


@shared_task
def allotted(case_pk: int) -> None:
    services.allotted(case_pk, now=timezone.now())


@shared_task
def audit_planned(audit_pk: int) -> None:
    services.audit_planned(audit_pk, now=timezone.now())


@shared_task
def audit_closed(audit_pk: int) -> None:
    services.audit_closed(audit_pk, now=timezone.now())


@shared_task
def company_audit_notified(audit_pk: int) -> None:
    services.company_audit_notified(audit_pk, now=timezone.now())


@shared_task
def company_audit_closed(audit_pk: int) -> None:
    services.company_audit_closed(audit_pk, now=timezone.now())


@shared_task
def assessed(declaration_pk: int) -> None:
    services.assessed(declaration_pk, now=timezone.now())


@shared_task
def paid(declaration_pk: int) -> None:
    services.paid(declaration_pk, now=timezone.now())


@shared_task
def released(declaration_pk: int) -> None:
    services.released(declaration_pk, now=timezone.now())


@shared_task
def rejected(declaration_pk: int) -> None:
    services.rejected(declaration_pk, now=timezone.now())


@shared_task
def cancelled(declaration_pk: int) -> None:
    services.cancelled(declaration_pk, now=timezone.now())


@shared_task
def amended(declaration_pk: int) -> None:
    services.amended(declaration_pk, now=timezone.now())


@shared_task
def exited(declaration_pk: int) -> None:
    services.exited(declaration_pk, now=timezone.now())


@shared_task
def refund_claimed(claim_pk: int) -> None:
    services.refund_claimed(claim_pk, now=timezone.now())


@shared_task
def refund_decided(claim_pk: int) -> None:
    services.refund_decided(claim_pk, now=timezone.now())


@shared_task
def bank_account_added(account_pk: int) -> None:
    services.bank_account_added(account_pk, now=timezone.now())


@shared_task
def pay_out_ended(pay_out_pk: int) -> None:
    services.pay_out_ended(pay_out_pk, now=timezone.now())


@shared_task
def tell_of_late_refunds() -> None:
    services.tell_of_late_refunds(now=timezone.now())


@shared_task
def stock_due(account_pk: int) -> None:
    services.stock_due(account_pk, now=timezone.now())


@shared_task
def stock_overdue(account_pk: int) -> None:
    services.stock_overdue(account_pk, now=timezone.now())


@shared_task
def extension_decided(account_pk: int) -> None:
    services.extension_decided(account_pk, now=timezone.now())


@shared_task
def guarantee_ending(guarantee_pk: int) -> None:
    services.guarantee_ending(guarantee_pk, now=timezone.now())


@shared_task
def guarantee_expired(guarantee_pk: int) -> None:
    services.guarantee_expired(guarantee_pk, now=timezone.now())


@shared_task
def guarantee_called(call_pk: int) -> None:
    services.guarantee_called(call_pk, now=timezone.now())


@shared_task
def levy_charged(levy_pk: int) -> None:
    services.levy_charged(levy_pk, now=timezone.now())


@shared_task
def proposal_made(correction_pk: int) -> None:
    services.proposal_made(correction_pk, now=timezone.now())


@shared_task
def proposal_answered(correction_pk: int) -> None:
    services.proposal_answered(correction_pk, now=timezone.now())


@shared_task
def correction_sent(correction_pk: int) -> None:
    services.correction_sent(correction_pk, now=timezone.now())


@shared_task
def correction_decided(correction_pk: int) -> None:
    services.correction_decided(correction_pk, now=timezone.now())


@shared_task
def money_kept(attempt_pk: int) -> None:
    services.money_kept(attempt_pk, now=timezone.now())


@shared_task
def payment_failed(attempt_pk: int) -> None:
    services.payment_failed(attempt_pk, now=timezone.now())


@shared_task
def deferred_notice(notice_pk: int) -> None:
    services.deferred_notice(notice_pk, now=timezone.now())


@shared_task
def paid_automatically(auto_paid_pk: int) -> None:
    services.paid_automatically(auto_paid_pk, now=timezone.now())


@shared_task
def receipt_issued(payment_pk: int) -> None:
    services.receipt_issued(payment_pk, now=timezone.now())


@shared_task
def company_decided(company_pk: int) -> None:
    services.company_decided(company_pk, now=timezone.now())


@shared_task
def mandate_given(mandate_pk: int) -> None:
    services.mandate_given(mandate_pk, now=timezone.now())


@shared_task
def mandate_revoked(mandate_pk: int) -> None:
    services.mandate_revoked(mandate_pk, now=timezone.now())


@shared_task
def role_given(role_pk: int) -> None:
    services.role_given(role_pk, now=timezone.now())


@shared_task
def send_code(phone_pk: int) -> None:
    """Send the code of a number that is to be confirmed."""
    services.send_code(phone_pk, now=timezone.now())


@shared_task
def send_waiting() -> None:
    """Send what is due, for some seconds; at once finished while another worker sends."""
    services.send_waiting(at=timezone.now(), seconds=SEND_FOR_SECONDS)


@shared_task
def tell_of_late_files() -> None:
    services.tell_of_late_files(now=timezone.now())


@shared_task
def tell_of_late_audits() -> None:
    services.tell_of_late_audits(now=timezone.now())


@shared_task
def tell_of_ending_mandates() -> None:
    services.tell_of_ending_mandates(on=timezone.localdate(), now=timezone.now())


@shared_task
def vehicle_due(stay_pk: int) -> None:
    vehicles.vehicle_due(stay_pk)


@shared_task
def vehicle_extension_decided(extension_pk: int) -> None:
    vehicles.vehicle_extension_decided(extension_pk)
