"""News of money: booked, kept on the account, failed at the bank, and the receipt."""

from datetime import datetime

from django.db.models import Max, Sum

from lib.figures import plain
from notifications import selectors
from notifications.kinds import Kind
from notifications.services.declarations import PAY, parties, standing
from notifications.services.tell import News, People, tell
from payments.models import Attempt, AutoPaid, DeferredNotice, Payment
from payments.selectors import still_open


def paid(pk: int, *, now: datetime) -> int:
    """What was taken for the declaration, to those who pay; a guarantee alone is no payment."""
    found = Payment.objects.filter(declaration_id=pk).aggregate(sum=Sum("amount"), last=Max("pk"), at=Max("at"))
    if not found["last"]:
        return 0
    declaration = standing(pk)
    params = {"mrn": declaration.mrn, "amount": plain(found["sum"])}
    news = News(Kind.PAYMENT, f"payment:{found['last']}", found["at"], params, declaration=pk)
    return tell(news, parties(declaration, PAY), now=now)


def money_kept(pk: int, *, now: datetime) -> int:
    """What came from the bank and paid no declaration: it stays on the prepaid account."""
    attempt = Attempt.objects.select_related("company").get(pk=pk)
    if attempt.status != Attempt.Status.SUCCEEDED or Payment.objects.filter(attempt=attempt).exists():
        return 0
    params = {"amount": plain(attempt.amount), "company": str(attempt.company)}
    at = attempt.finished_at or now
    news = News(Kind.PAYMENT, f"attempt:{pk}", at, params, "kept", company=attempt.company_id)
    return tell(news, People(companies=[attempt.company_id], rights=PAY), now=now)


def payment_failed(pk: int, *, now: datetime) -> int:
    """To whoever began it, unless the money came after all, or it was somebody unknown who had a link."""
    attempt = Attempt.objects.get(pk=pk)
    if attempt.status not in (Attempt.Status.FAILED, Attempt.Status.EXPIRED) or attempt.link_id is not None:
        return 0
    news = News(
        Kind.PAYMENT_FAILED,
        f"attempt:{pk}",
        attempt.finished_at or now,
        {"amount": plain(attempt.amount)},
        declaration=attempt.declaration_id,
        company=attempt.company_id,
    )
    return tell(news, People(users=[attempt.by_id]), now=now)


def receipt_issued(pk: int, *, now: datetime) -> int:
    """To those who pay, if anybody has chosen to hear of receipts. `pk` is the payment's."""
    if selectors.nobody_chose(Kind.RECEIPT):
        return 0
    payment = Payment.objects.select_related("receipt", "declaration").get(pk=pk)
    receipt, declaration = payment.receipt, payment.declaration
    params = {"mrn": declaration.mrn, "amount": plain(payment.amount), "number": receipt.number}
    news = News(Kind.RECEIPT, f"receipt:{receipt.pk}", receipt.at, params, declaration=declaration.pk)
    return tell(news, parties(declaration, PAY), now=now)


def deferred_notice(pk: int, *, now: datetime) -> int:
    """That a statement of deferred payment is made, due soon or overdue, to those who pay, while anything is open."""
    notice = DeferredNotice.objects.select_related("statement__account__company").get(pk=pk)
    statement = notice.statement
    company, to_pay = statement.account.company, still_open(statement)
    if company is None or to_pay <= 0:
        return 0
    params = {
        "number": statement.number,
        "amount": plain(to_pay),
        "day": statement.due_on.isoformat(),
        "company": str(company),
    }
    variant = "" if notice.kind == DeferredNotice.Kind.MADE else str(notice.kind)
    news = News(Kind.DEFERRED, f"deferred:{pk}", notice.at, params, variant, company=company.pk)
    return tell(news, People(companies=[company.pk], rights=PAY), now=now)


def paid_automatically(pk: int, *, now: datetime) -> int:
    """Why automatic payment has left a declaration, to those who pay; what it paid is told as every payment."""
    left = AutoPaid.objects.select_related("setting__company").get(pk=pk)
    if left.verdict == AutoPaid.Outcome.PAID:
        return 0
    declaration, company = standing(left.declaration_id), left.setting.company
    params = {
        "mrn": declaration.mrn,
        "amount": plain(left.amount),
        "company": str(company),
        "reason": left.reason,
    }
    news = News(
        Kind.AUTO_PAYMENT, f"auto:{pk}", left.at, params, str(left.verdict), declaration=left.declaration_id
    )  # fmt: skip
    return tell(news, People(companies=[company.pk], rights=PAY), now=now)
