"""Reads about travellers' money: their tries at the bank's page, what is due, which card gets back what."""

import uuid
from datetime import datetime
from decimal import Decimal

from django.db.models import F, Q, QuerySet, Sum

from lib.figures import ZERO
from passengers.models import Charge as TravelCharge
from passengers.models import Status as TravelStatus
from passengers.models import TravelDeclaration
from passengers.selectors import given_back_by_tax, levied_by_tax, with_given_back
from payments.models import Account, Posting, TravelAttempt, TravelPayment, TravelRefund


def travel_attempt(key: uuid.UUID | str) -> TravelAttempt | None:
    """A traveller's attempt by its key; raises ValidationError where that is none."""
    found: TravelAttempt | None = TravelAttempt.objects.filter(public_id=key).select_related("declaration").first()
    return found


def travel_paid_with(attempt: TravelAttempt) -> bool:
    """Whether the declaration was paid with this attempt, and nothing of it is on its way back."""
    return attempt.payments.exists() and not attempt.refunds.exists()


def open_travel_attempts(*, before: datetime) -> QuerySet[TravelAttempt]:
    """As `open_attempts`, those of travellers."""
    found: QuerySet[TravelAttempt] = TravelAttempt.objects.filter(status__in=TravelAttempt.OPEN, created_at__lt=before)
    return found.order_by("pk")


def travel_paid_by_tax(declaration: TravelDeclaration) -> dict[str, Decimal]:
    """What the ledger holds as revenue of a traveller's declaration, tax by tax."""
    rows = (
        Posting.objects.filter(entry__travel=declaration, account__kind=Account.Kind.REVENUE)
        .values("account__tax_code")
        .annotate(total=Sum(F("credit") - F("debit")))
        .order_by("account__tax_code")
    )
    return {row["account__tax_code"]: row["total"] for row in rows}


def travel_due_by_tax(declaration: TravelDeclaration) -> dict[str, Decimal]:
    """Charges of the last version and levies after it, less what goods that left again give back, less what is booked;
    negative where too much is. Nothing is due once cancelled.
    """
    charged: dict[str, Decimal] = {}
    if declaration.status != TravelStatus.CANCELLED:
        rows = TravelCharge.objects.filter(version__declaration=declaration, version__number=declaration.version)
        charged = dict(rows.values("tax_code").annotate(total=Sum("amount")).values_list("tax_code", "total"))
        for tax, more in levied_by_tax(declaration).items():
            charged[tax] = charged.get(tax, ZERO) + more
        for tax, back in given_back_by_tax(declaration).items():
            charged[tax] = charged.get(tax, ZERO) - back
    paid = travel_paid_by_tax(declaration)
    rest = {tax: charged.get(tax, ZERO) - paid.get(tax, ZERO) for tax in sorted({*charged, *paid})}
    return {tax: amount for tax, amount in rest.items() if amount}


def travel_due(declaration: TravelDeclaration) -> Decimal:
    """What is to be paid now; nothing where nothing is, or it has ended or never been sent."""
    if declaration.status == TravelStatus.DRAFT:
        return ZERO
    return max(sum(travel_due_by_tax(declaration).values(), ZERO), ZERO)


def travel_cards(declaration: TravelDeclaration) -> list[tuple[TravelAttempt, Decimal]]:
    """Attempts that paid, the latest first, each with what of it has not gone back yet."""
    paid = TravelPayment.objects.filter(declaration=declaration).values("attempt").annotate(total=Sum("amount"))
    totals = dict(paid.order_by().values_list("attempt", "total"))
    back = dict(
        TravelRefund.objects.filter(attempt__in=totals)
        .exclude(reason=TravelRefund.Reason.NOT_DUE)
        .values("attempt")
        .annotate(total=Sum("amount"))
        .order_by()
        .values_list("attempt", "total")
    )
    attempts = TravelAttempt.objects.in_bulk(totals)
    left = [(attempts[pk], totals[pk] - back.get(pk, ZERO)) for pk in sorted(totals, reverse=True)]
    return [(attempt, amount) for attempt, amount in left if amount > 0]


def travel_payments(declaration: TravelDeclaration) -> QuerySet[TravelPayment]:
    found: QuerySet[TravelPayment] = TravelPayment.objects.filter(declaration=declaration).order_by("pk")
    return found


def travel_refunds(declaration: TravelDeclaration) -> QuerySet[TravelRefund]:
    found: QuerySet[TravelRefund] = TravelRefund.objects.filter(attempt__declaration=declaration).order_by("pk")
    return found


def travel_refunds_ordered(*, before: datetime) -> list[int]:
    """Primary keys of refunds that the bank has not sent yet."""
    rows = TravelRefund.objects.filter(status=TravelRefund.Status.ORDERED, at__lt=before).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:200])


def travel_overpaid() -> list[int]:
    """Primary keys of travellers' declarations for which more is booked than they owe."""
    more = Q(paid__gt=F("payable") + F("levied") - F("given_back")) | Q(status=TravelStatus.CANCELLED, paid__gt=0)
    return list(
        with_given_back(TravelDeclaration.objects.all()).filter(more).order_by("pk").values_list("pk", flat=True)[:200]
    )
