"""Reads about money: accounts and balances, what is due on a declaration, who may pay it, statements."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Case, Exists, F, Max, OuterRef, Q, QuerySet, Sum, Value, When, Window
from django.db.models.functions import Coalesce

from accounts.models import User
from declarations.models import Charge, Declaration, Status
from declarations.selectors import visible_to
from lib.figures import ZERO
from passengers.models import Charge as TravelCharge
from passengers.models import Status as TravelStatus
from passengers.models import TravelDeclaration
from payments.models import (
    Account,
    Attempt,
    Entry,
    Payment,
    Posting,
    Receipt,
    Reservation,
    TravelAttempt,
    TravelPayment,
    TravelRefund,
)
from traders.models import Company, Right
from traders.selectors import companies_of

PAYING_RIGHTS = (Right.OWNER, Right.PAYER)
ENDED = (Status.CANCELLED, Status.REJECTED)


def account_of(company: Company, kind: str) -> Account | None:
    """The company's account of that kind, None until it is opened."""
    found: Account | None = Account.objects.filter(company=company, kind=kind).first()
    return found


def balance(company: Company) -> Decimal:
    """What the company has on its prepaid account, in national currency."""
    account = account_of(company, Account.Kind.PREPAID)
    return account.balance if account else ZERO


def balance_of_administration(kind: str, *, tax_code: str = "") -> Decimal:
    """Credits less debits of an account of the administration, summed from its postings."""
    sums = Posting.objects.filter(account__company=None, account__kind=kind, account__tax_code=tax_code).aggregate(
        total=Coalesce(Sum(F("credit") - F("debit")), ZERO)
    )
    return Decimal(sums["total"])


def paying_companies(user: User, *, on: date) -> QuerySet[Company]:
    """Companies whose money `user` may see and use on the day."""
    return companies_of(user, *PAYING_RIGHTS, on=on).confirmed()


def payers_of(user: User, declaration: Declaration, *, on: date) -> list[Company]:
    """Of the trader and the declarant, in this order, those `user` may pay for."""
    allowed = {company.pk: company for company in paying_companies(user, on=on)}
    wanted = dict.fromkeys((declaration.trader_id, declaration.declarant_id))
    return [allowed[key] for key in wanted if key is not None and key in allowed]


def may_pay(user: User, declaration: Declaration, *, on: date) -> bool:
    """Whether `user` may pay this declaration for its trader or its declarant."""
    return bool(payers_of(user, declaration, on=on))


def accounts_for(user: User, *, on: date) -> QuerySet[Account]:
    """Accounts of every company `user` may pay for."""
    found: QuerySet[Account] = (
        Account.objects.filter(company__in=paying_companies(user, on=on))
        .select_related("company")
        .order_by("company", "pk")
    )
    return found


def account_for(user: User, pk: int, *, on: date) -> Account:
    """One of `accounts_for`; raises Account.DoesNotExist for a stranger."""
    return accounts_for(user, on=on).get(pk=pk)


def charged_by_tax(declaration: Declaration) -> dict[str, Decimal]:
    """The payable charges of this version, tax by tax; none once it is cancelled or rejected."""
    if declaration.status in ENDED:
        return {}
    rows = Charge.objects.filter(declaration=declaration, payable=True).values("tax_code").annotate(total=Sum("amount"))
    return {row["tax_code"]: row["total"] for row in rows.order_by("tax_code")}


def paid_by_tax(mrn: str) -> dict[str, Decimal]:
    """What the ledger holds as revenue from all versions of an MRN, tax by tax."""
    if not mrn:
        return {}
    rows = (
        Posting.objects.filter(entry__declaration__mrn=mrn, account__kind=Account.Kind.REVENUE)
        .values("account__tax_code")
        .annotate(total=Sum(F("credit") - F("debit")))
        .order_by("account__tax_code")
    )
    return {row["account__tax_code"]: row["total"] for row in rows}


def due_by_tax(declaration: Declaration) -> dict[str, Decimal]:
    """Charges of this version less what was paid on all versions; negative where too much was paid."""
    charged, paid = charged_by_tax(declaration), paid_by_tax(declaration.mrn)
    rest = {tax: charged.get(tax, ZERO) - paid.get(tax, ZERO) for tax in sorted({*charged, *paid})}
    return {tax: amount for tax, amount in rest.items() if amount}


def due(declaration: Declaration) -> Decimal:
    """What is still to be paid; negative when too much was paid."""
    return sum(due_by_tax(declaration).values(), ZERO)


def held_for(mrn: str) -> Reservation | None:
    """The guarantee held for an MRN."""
    found: Reservation | None = Reservation.objects.filter(mrn=mrn, status=Reservation.Status.HELD).first()
    return found


def guarantee_needed(declaration: Declaration) -> Decimal:
    """What must be held for this version; nothing once it is cancelled or rejected."""
    return ZERO if declaration.status in ENDED else declaration.guaranteed or ZERO


def to_secure(declaration: Declaration) -> Decimal:
    """How much more guarantee this version needs than is held; negative when too much is held."""
    held = held_for(declaration.mrn)
    return guarantee_needed(declaration) - (held.amount if held else ZERO)


def payers_to_give_back_to(mrn: str, amount: Decimal) -> dict[Account, Decimal]:
    """The accounts that paid for an MRN, who paid last first, each with its share of `amount` to be given back."""
    rows = (
        Posting.objects.filter(entry__declaration__mrn=mrn, account__company__isnull=False)
        .values("account")
        .annotate(paid=Sum(F("debit") - F("credit")), last=Max("pk"))
        .filter(paid__gt=0)
        .order_by("-last")
    )
    shares: dict[int, Decimal] = {}
    for row in rows:
        shares[row["account"]] = min(row["paid"], amount - sum(shares.values(), ZERO))
    accounts = Account.objects.in_bulk(shares)
    return {accounts[pk]: share for pk, share in shares.items() if share > 0}


def given_back(mrn: str) -> QuerySet[Posting]:
    """What was given back on any version of an MRN, account by account, oldest first."""
    found: QuerySet[Posting] = (
        Posting.objects.filter(
            entry__declaration__mrn=mrn, entry__kind=Entry.Kind.CREDIT, account__company__isnull=False, credit__gt=0
        )
        .select_related("account__company", "entry")
        .order_by("pk")
    )
    return found


@dataclass(frozen=True)
class Returned:
    """What became of the money of a declaration: given back, no longer held, and still under way at the bank."""

    postings: list[Posting]
    freed: Decimal
    under_way: list[Attempt]


def returned(declaration: Declaration) -> Returned:
    """What a page says about money that goes back; the last two are empty unless it was cancelled or rejected."""
    ended = declaration.status in ENDED
    voided = Reservation.objects.filter(mrn=declaration.mrn, status=Reservation.Status.VOIDED).order_by("pk")
    last = voided.last() if ended else None
    return Returned(
        postings=list(given_back(declaration.mrn)),
        freed=last.amount if last else ZERO,
        under_way=list(open_attempts_on(declaration.mrn)) if ended else [],
    )


def ended_with_money(*, limit: int) -> list[int]:
    """Primary keys of declarations that were cancelled or rejected while money is still booked or held for them."""
    held = Reservation.objects.filter(mrn=OuterRef("mrn"), status=Reservation.Status.HELD)
    booked = (
        Posting.objects.filter(entry__declaration__mrn=OuterRef("mrn"), account__kind=Account.Kind.REVENUE)
        .values("entry__declaration__mrn")
        .annotate(total=Sum(F("credit") - F("debit")))
        .exclude(total=0)
    )
    found = Declaration.objects.filter(Q(Exists(held)) | Q(Exists(booked)), status__in=ENDED)
    return list(found.order_by("pk").values_list("pk", flat=True)[:limit])


def is_settled(declaration: Declaration) -> bool:
    """Whether everything charged is paid and everything guaranteed is held."""
    if declaration.status in (Status.DRAFT, Status.LODGED):
        return False
    return due(declaration) <= 0 and to_secure(declaration) <= 0


def awaiting_nothing(*, before: datetime) -> Iterable[int]:
    """Primary keys of declarations lodged before then and assessed at nothing that nobody has moved on."""
    return (
        Declaration.objects.filter(status=Status.ASSESSED, payable=0, guaranteed=0, lodged_at__lt=before)
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def next_version(declaration: Declaration) -> int:
    """The primary key of the version that took this one's place."""
    newer = Declaration.objects.filter(mrn=declaration.mrn, version=declaration.version + 1)
    return int(newer.values_list("pk", flat=True).get())


def payments_of(declaration: Declaration) -> QuerySet[Payment]:
    """Payments on any version of the declaration."""
    found: QuerySet[Payment] = (
        Payment.objects.filter(declaration__mrn=declaration.mrn)
        .exclude(declaration__mrn="")
        .select_related("declaration", "company", "receipt")
        .defer("declaration__held", "declaration__kept")
        .order_by("pk")
    )
    return found


def payments_for(user: User, *, on: date) -> QuerySet[Payment]:
    """Payments of every company `user` may pay for, latest first."""
    found: QuerySet[Payment] = (
        Payment.objects.filter(company__in=paying_companies(user, on=on))
        .select_related("declaration", "company", "receipt")
        .defer("declaration__held", "declaration__kept")
        .order_by("-pk")
    )
    return found


def payment_for(user: User, key: uuid.UUID, *, on: date) -> Payment:
    """A payment of a declaration that `user` may see: its receipt is a paper of the declaration.

    Raises Payment.DoesNotExist for a stranger.
    """
    found: Payment = Payment.objects.select_related("declaration", "company", "receipt").get(
        public_id=key, declaration__in=visible_to(user, on=on)
    )
    return found


def receipt_of(payment: Payment) -> Receipt | None:
    found: Receipt | None = Receipt.objects.filter(payment=payment).select_related("file", "file_ru", "file_tg").first()
    return found


def payments_without_receipt(declaration_pk: int) -> QuerySet[Payment]:
    """Payments of the declaration for which no receipt was issued yet."""
    found: QuerySet[Payment] = Payment.objects.filter(declaration_id=declaration_pk, receipt=None).order_by("pk")
    return found


def attempt_for(user: User, key: uuid.UUID, *, on: date) -> Attempt:
    """An attempt of a company `user` may pay for; raises Attempt.DoesNotExist for a stranger."""
    found: Attempt = (
        Attempt.objects.filter(company__in=paying_companies(user, on=on))
        .select_related("declaration", "company")
        .get(public_id=key)
    )
    return found


def open_attempts(*, before: datetime) -> QuerySet[Attempt]:
    """Attempts begun before then of which the bank has not told the end, oldest first."""
    found: QuerySet[Attempt] = Attempt.objects.filter(status__in=Attempt.OPEN, created_at__lt=before).order_by("pk")
    return found


def open_attempts_on(mrn: str) -> QuerySet[Attempt]:
    """Attempts to pay for any version of an MRN that still wait for the bank, latest first."""
    found: QuerySet[Attempt] = Attempt.objects.filter(declaration__mrn=mrn, status=Attempt.Status.PENDING)
    return found.select_related("company").order_by("-pk")


def open_attempts_of(companies: Iterable[Company]) -> QuerySet[Attempt]:
    """Attempts of `companies` that still wait for the bank, latest first."""
    found: QuerySet[Attempt] = (
        Attempt.objects.filter(company__in=companies, status=Attempt.Status.PENDING)
        .select_related("declaration", "company")
        .order_by("-pk")
    )
    return found


def statement(account: Account) -> QuerySet[Posting]:
    """Postings of a customer's account, latest first, each with the `running` balance after it."""
    running = Window(Sum(F("credit") - F("debit")), order_by=F("pk").asc())
    found: QuerySet[Posting] = (
        Posting.objects.filter(account=account)
        .annotate(
            running=running,
            change=Case(When(credit__gt=0, then=F("credit")), default=Value(ZERO) - F("debit")),
        )
        .select_related("entry__declaration")
        .order_by("-pk")
    )
    return found


# Travellers -----------------------------------------------------------------------------------------------------


def travel_attempt(key: uuid.UUID | str) -> TravelAttempt | None:
    """A traveller's attempt by its key; raises ValidationError where that is none."""
    found: TravelAttempt | None = TravelAttempt.objects.filter(public_id=key).select_related("declaration").first()
    return found


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
    """Charges of the last version less what is booked; negative where too much is. Nothing is due once cancelled."""
    charged: dict[str, Decimal] = {}
    if declaration.status != TravelStatus.CANCELLED:
        rows = TravelCharge.objects.filter(version__declaration=declaration, version__number=declaration.version)
        charged = dict(rows.values("tax_code").annotate(total=Sum("amount")).values_list("tax_code", "total"))
    paid = travel_paid_by_tax(declaration)
    rest = {tax: charged.get(tax, ZERO) - paid.get(tax, ZERO) for tax in sorted({*charged, *paid})}
    return {tax: amount for tax, amount in rest.items() if amount}


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
    more = Q(paid__gt=F("payable")) | Q(status=TravelStatus.CANCELLED, paid__gt=0)
    return list(TravelDeclaration.objects.filter(more).order_by("pk").values_list("pk", flat=True)[:200])
