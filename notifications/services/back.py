"""News of money that goes back: a claim for the treasury, its decision, a bank account to confirm, a pay-out's end."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from accounts.models import OfficerRole, Role
from lib.figures import plain
from notifications.kinds import Kind
from notifications.services.declarations import PAY
from notifications.services.tell import News, People, tell
from payments.models import BankAccount, PayOut, RefundClaim
from payments.selectors import claims_due, claims_overdue

_LATE_AT_ONCE = 200
REMIND_BEFORE = timedelta(days=3)


def refund_claimed(pk: int, *, now: datetime) -> int:
    """To the treasury, unless it has ended meanwhile."""
    claim = RefundClaim.objects.get(pk=pk)
    if not claim.is_open:
        return 0
    return tell(_of_claim(claim, Kind.REFUND_CLAIMED, f"refund:{pk}", "", claim.sent_at), _treasury(now), now=now)


def refund_decided(pk: int, *, now: datetime) -> int:
    """What was granted, or that it was refused, to those who use the company's money."""
    claim = RefundClaim.objects.select_related("company").get(pk=pk)
    if claim.ended_at is None or claim.status == RefundClaim.Status.WITHDRAWN:
        return 0
    variant = "" if claim.status == RefundClaim.Status.GRANTED else "refused"
    news = _of_claim(claim, Kind.REFUND, f"refund:{pk}", variant, claim.ended_at)
    return tell(news, People(companies=[claim.company_id], rights=PAY), now=now)


def tell_of_late_refunds(*, now: datetime) -> int:
    """To the treasury, once for each claim whose clock runs out soon, and once when it has run out."""
    on, told = timezone.localdate(now), 0
    for claim in claims_due(after=on, until=on + REMIND_BEFORE)[:_LATE_AT_ONCE]:
        told += tell(_of_claim(claim, Kind.REFUND_CLAIMED, f"soon:{claim.pk}", "soon", now), _treasury(now), now=now)
    for claim in claims_overdue(on=on)[:_LATE_AT_ONCE]:
        at = timezone.make_aware(datetime.combine(claim.due, time.max))
        told += tell(_of_claim(claim, Kind.REFUND_CLAIMED, f"late:{claim.pk}", "late", at), _treasury(now), now=now)
    return told


def bank_account_added(pk: int, *, now: datetime) -> int:
    """To the others who use the company's money: one of them confirms it."""
    account = BankAccount.objects.select_related("company").get(pk=pk)
    if account.status != BankAccount.Status.PROPOSED:
        return 0
    params = {"company": str(account.company), "number": account.shown}
    news = News(Kind.BANK_ACCOUNT, f"bank-account:{pk}", account.added_at, params, company=account.company_id)
    return tell(news, People(companies=[account.company_id], rights=PAY, but=account.added_by_id), now=now)


def pay_out_ended(pk: int, *, now: datetime) -> int:
    """Paid, sent back by the bank, or refused by the treasury, to those who use the company's money."""
    found = PayOut.objects.select_related("company").get(pk=pk)
    variants = {PayOut.Status.PAID: "", PayOut.Status.RETURNED: "returned", PayOut.Status.REFUSED: "refused"}
    status = PayOut.Status(found.status)
    if found.company is None or status not in variants:
        return 0
    params = {"amount": plain(found.amount), "number": found.reference, "decision": found.end_text}
    news = News(
        Kind.PAY_OUT, f"pay-out:{pk}:{found.status}", found.ended_at or now, params, variants[status],
        company=found.company_id,
    )  # fmt: skip
    return tell(news, People(companies=[found.company_id], rights=PAY), now=now)


def _of_claim(claim: RefundClaim, kind: Kind, occurrence: str, variant: str, at: datetime) -> News:
    params = {
        "mrn": claim.mrn, "number": claim.number, "amount": plain(claim.granted or claim.amount),
        "due": claim.due.isoformat(),
    }  # fmt: skip
    return News(kind, occurrence, at, params, variant, company=claim.company_id)


def _treasury(now: datetime) -> People:
    roles = OfficerRole.objects.on(timezone.localdate(now)).filter(role=Role.TREASURY)
    return People(users=roles.values_list("user_id", flat=True))
