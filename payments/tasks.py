"""Background work about money: each task looks at the facts, does what is due and may run twice."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from payments import selectors, services
from payments.services import revenue_charts

SWEPT_AT_ONCE = 200


@shared_task
def settle_if_nothing_due(declaration_pk: int) -> None:
    services.settle_if_nothing_due(declaration_pk, at=timezone.now())


@shared_task
def free_guarantee(declaration_pk: int) -> None:
    services.free_guarantee(declaration_pk, at=timezone.now())


@shared_task
def free_guarantees() -> None:
    """Find discharged stock whose follow-up was lost, and free the guarantee it no longer needs."""
    for declaration_pk in selectors.discharged_without_freeing(limit=SWEPT_AT_ONCE):
        services.free_guarantee(declaration_pk, at=timezone.now())


@shared_task
def keep_guarantees() -> None:
    """Each morning: hold what a verb has forgotten to free or to hold, call what is overdue, remind of what ends."""
    now = timezone.now()
    for declaration_pk in selectors.held_too_little(limit=SWEPT_AT_ONCE):
        services.free_guarantee(declaration_pk, at=now)
    for declaration_pk in selectors.overdue_to_call(on=timezone.localdate(now), limit=SWEPT_AT_ONCE):
        services.call_overdue(declaration_pk, by=None, at=now)
    services.remind_of_guarantees(at=now)


@shared_task
def issue_receipts(declaration_pk: int) -> None:
    services.issue_receipts(declaration_pk, at=timezone.now())


@shared_task
def ask_the_bank() -> None:
    """Find the payments whose call-back was lost, and the declarations whose follow-up was."""
    now = timezone.now()
    services.ask_about_open_attempts(begun_before=now - timedelta(seconds=45), at=now)
    services.ask_about_travel(begun_before=now - timedelta(seconds=45), at=now)
    for refund_pk in selectors.travel_refunds_ordered(before=now - timedelta(seconds=45)):
        services.send_refund(refund_pk, at=now)
    for link_pk in selectors.link_refunds_ordered(before=now - timedelta(seconds=45)):
        services.send_link_refund(link_pk, at=now)
    for travel_pk in selectors.travel_overpaid():
        services.give_back_travel(travel_pk, at=now)
    for declaration_pk in selectors.awaiting_nothing(before=now - timedelta(minutes=1)):
        services.settle_if_nothing_due(declaration_pk, at=now)


@shared_task
def book_bank_file(file_pk: int) -> None:
    """Read, judge and book a file of statements; safe to run twice."""
    services.book_file(file_pk, at=timezone.now())


@shared_task
def give_back_travel(declaration_pk: int) -> None:
    services.give_back_travel(declaration_pk, at=timezone.now())


@shared_task
def send_refund(refund_pk: int) -> None:
    services.send_refund(refund_pk, at=timezone.now())


@shared_task
def compare_day(closing_pk: int) -> None:
    """Set ledger, charges and bank of a day beside each other; safe to run twice."""
    services.compare_day(closing_pk, at=timezone.now())


@shared_task
def close_days() -> None:
    """Each night: compare and close every day that is over, until one has to wait for a person."""
    services.close_days(at=timezone.now())


@shared_task
def check_books(check_pk: int) -> None:
    """Read the whole ledger; safe to run twice."""
    services.check_books(check_pk, clock=timezone.now)


@shared_task
def count_revenue() -> None:
    """Count the days that grew, and draw the charts that say something else now."""
    now = timezone.now()
    services.count_revenue(at=now)
    revenue_charts.draw_charts(on=timezone.localdate(now), at=now)


@shared_task
def count_revenue_of(closing_pk: int) -> None:
    """Count a day that was closed, for the last time, and draw what says something else now."""
    now = timezone.now()
    if services.count_revenue(at=now, since=selectors.day_of_closing(closing_pk)):
        revenue_charts.draw_charts(on=timezone.localdate(now), at=now)


@shared_task
def issue_closing_paper(closing_pk: int) -> None:
    services.issue_closing_paper(closing_pk, at=timezone.now())


@shared_task
def issue_deferred_paper(statement_pk: int) -> None:
    services.issue_deferred_paper(statement_pk, at=timezone.now())


@shared_task
def pay_automatically(declaration_pk: int) -> None:
    services.pay_automatically(declaration_pk, at=timezone.now())


@shared_task
def settle_parts(attempt_pk: int) -> None:
    services.settle_parts(attempt_pk, at=timezone.now())


@shared_task
def send_link_refund(refund_pk: int) -> None:
    services.send_link_refund(refund_pk, at=timezone.now())


@shared_task
def state_deferred_payment() -> None:
    """Make the statements of the month that ended, then tell of those that are due soon or overdue."""
    on, now = timezone.localdate(), timezone.now()
    services.issue_statements(on=on, at=now)
    services.remind_of_statements(on=on, at=now)
