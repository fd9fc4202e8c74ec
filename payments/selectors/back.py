"""Reads about money that goes back: claims of refunds, companies' bank accounts, pay-outs and their files.

A company's people with the right to pay see theirs; the treasury acts on all, auditors read all.
"""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Role, User
from accounts.selectors import roles_of
from declarations.models import Declaration, Status
from lib.figures import ZERO
from payments.models import (
    Account,
    BankAccount,
    Entry,
    MoneyPaper,
    Payment,
    PaymentFile,
    PayOut,
    Posting,
    RefundClaim,
    SuspenseItem,
)
from payments.selectors.money import PAYING_RIGHTS, account_of, due, paid_by_tax, payers_of, paying_companies
from tariffs.models import RefundRule
from tariffs.selectors import refund_rules
from traders.models import Company
from traders.selectors import memberships_of

SEE_BACK = frozenset({Role.TREASURY, Role.AUDITOR})


@dataclass(frozen=True, slots=True)
class BackDesk:
    """What somebody may do with money that goes back."""

    reads: bool
    acts: bool


def back_desk_of(user: User, *, on: date) -> BackDesk:
    """The treasury acts, auditors read; nobody else has this desk."""
    roles = roles_of(user, on=on)
    return BackDesk(reads=bool(roles & SEE_BACK), acts=Role.TREASURY in roles)


# What may be claimed -------------------------------------------------------------------------------------------
def paid_positive(mrn: str) -> dict[str, Decimal]:
    """What lies as revenue of an MRN, tax by tax, without taxes of which nothing does."""
    return {tax: amount for tax, amount in paid_by_tax(mrn).items() if amount > 0}


def paid_by_company(mrn: str, company: Company) -> Decimal:
    """What the company has paid for an MRN less what it got back."""
    rows: QuerySet[Posting] = Posting.objects.filter(entry__declaration__mrn=mrn, account__company=company)
    return Decimal(rows.aggregate(sum=Coalesce(Sum(F("debit") - F("credit")), ZERO))["sum"])


def open_claim_on(mrn: str) -> RefundClaim | None:
    """The claim on an MRN that is not decided."""
    found: RefundClaim | None = RefundClaim.objects.filter(mrn=mrn, status__in=RefundClaim.OPEN).first()
    return found


def last_day_to_claim(mrn: str, company: Company, rule: RefundRule) -> date | None:
    """Until when the company may claim on this ground; None: without a term."""
    return _day_of(rule, _last_paid(mrn, company)) if rule.claim_days is not None else None


def _last_paid(mrn: str, company: Company) -> datetime | None:
    paid = Payment.objects.filter(declaration__mrn=mrn, company=company)
    last: datetime | None = paid.aggregate(last=Max("at"))["last"]
    return last


def _day_of(rule: RefundRule, last: datetime | None) -> date | None:
    if rule.claim_days is None or last is None:
        return None
    return timezone.localdate(last) + timedelta(days=rule.claim_days)


@dataclass(frozen=True)
class Ground:
    """A ground of the law, and the last day on which it may be claimed."""

    rule: RefundRule
    last: date | None
    is_over: bool


@dataclass(frozen=True)
class Claimable:
    """What a company may claim of a declaration; `taxes` is what was paid, `most` what of it this company paid."""

    company: Company
    taxes: dict[str, Decimal]
    most: Decimal
    grounds: Sequence[Ground]
    still_due: bool
    open_claim: RefundClaim | None

    @property
    def is_possible(self) -> bool:
        return self.most > 0 and not self.still_due and self.open_claim is None


def claimable_by(user: User, declaration: Declaration, *, on: date, owed: Decimal | None = None) -> list[Claimable]:
    """What each company that `user` pays for may claim of the declaration; those that paid nothing are left out.

    `owed`: what is `due`, if it is known.
    """
    found = []
    for company in payers_of(user, declaration, on=on):
        most = paid_by_company(declaration.mrn, company)
        if most > 0:
            paid = _last_paid(declaration.mrn, company)
            lasts = [(rule, _day_of(rule, paid)) for rule in refund_rules(on=on)]
            grounds = [Ground(rule, last, is_over=last is not None and last < on) for rule, last in lasts]
            taxes, still_due = paid_positive(declaration.mrn), (due(declaration) if owed is None else owed) > 0
            found.append(Claimable(company, taxes, most, grounds, still_due, open_claim_on(declaration.mrn)))
    return found


# The company's pages -------------------------------------------------------------------------------------------
def claims_for(user: User, *, on: date) -> QuerySet[RefundClaim]:
    """Claims of every company `user` may pay for, the latest first."""
    rows: QuerySet[RefundClaim] = RefundClaim.objects.filter(company__in=paying_companies(user, on=on))
    return rows.select_related("company", "pay_out").order_by("-pk")


def claim_for(user: User, key: uuid.UUID, *, on: date) -> RefundClaim:
    """One of `claims_for`, or any for the treasury and auditors. Raises RefundClaim.DoesNotExist."""
    rows = RefundClaim.objects.all() if back_desk_of(user, on=on).reads else claims_for(user, on=on)
    whole = rows.select_related("company", "declaration", "pay_to", "pay_out", "sent_by", "advised_by", "ended_by")
    found: RefundClaim = whole.prefetch_related("lines", "papers", "events__by").get(public_id=key)
    return found


@dataclass(frozen=True)
class RefundsOf:
    """What the page of a declaration says of claims: those of the reader's companies, and whether one can be made."""

    claims: list[RefundClaim]
    may_claim: bool


def refunds_of(declaration: Declaration, user: User, *, on: date, owed: Decimal | None = None) -> RefundsOf:
    """The claims on any version of the declaration that `user` may see. `owed`: what is `due`, if it is known."""
    claims = list(claims_for(user, on=on).filter(mrn=declaration.mrn)) if declaration.mrn else []
    stands = declaration.status in (Status.PAID, Status.RELEASED, Status.EXITED)
    offers = claimable_by(user, declaration, on=on, owed=owed) if stands else []
    return RefundsOf(claims, may_claim=any(offer.is_possible for offer in offers))


def credited_at_once(user: User, *, on: date) -> QuerySet[Posting]:
    """What was credited without a claim, on accounts of every company `user` may pay for; the latest first."""
    rows: QuerySet[Posting] = Posting.objects.filter(
        account__company__in=paying_companies(user, on=on),
        entry__kind=Entry.Kind.CREDIT,
        entry__refund=None,
        credit__gt=0,
    )
    return rows.select_related("account__company", "entry__declaration").order_by("-pk")


def bank_accounts_for(user: User, *, on: date) -> QuerySet[BankAccount]:
    """Bank accounts of every company `user` may pay for, those that count first."""
    rows: QuerySet[BankAccount] = BankAccount.objects.filter(company__in=paying_companies(user, on=on))
    return rows.select_related("company", "added_by", "confirmed_by").order_by("company", "-status", "-pk")


def bank_account_for(user: User, key: uuid.UUID, *, on: date) -> BankAccount:
    """One of `bank_accounts_for`, or any for the treasury and auditors. Raises BankAccount.DoesNotExist."""
    rows = BankAccount.objects.all() if back_desk_of(user, on=on).reads else bank_accounts_for(user, on=on)
    whole = rows.select_related("company", "added_by", "confirmed_by", "ended_by")
    found: BankAccount = whole.prefetch_related("papers", "events__by").get(public_id=key)
    return found


def confirmed_accounts(companies: QuerySet[Company] | Sequence[Company]) -> QuerySet[BankAccount]:
    """To which accounts of these companies money may go."""
    rows: QuerySet[BankAccount] = BankAccount.objects.filter(company__in=companies, status=BankAccount.Status.CONFIRMED)
    return rows.select_related("company").order_by("company", "pk")


def is_alone(company: Company, *, on: date) -> bool:
    """Whether there is but one person who may use the company's money; programs are no persons."""
    rows = memberships_of(company, on=on).filter(right__in=PAYING_RIGHTS, user__is_active=True, user__is_program=False)
    return rows.order_by().values("user").distinct().count() < 2


def pay_outs_for(user: User, *, on: date) -> QuerySet[PayOut]:
    """Pay-outs of every company `user` may pay for, the latest first."""
    rows: QuerySet[PayOut] = PayOut.objects.filter(company__in=paying_companies(user, on=on))
    return rows.select_related("company", "claim").order_by("-pk")


def pay_out_for(user: User, key: uuid.UUID, *, on: date) -> PayOut:
    """One of `pay_outs_for`; any for the treasury and auditors; what goes to a sender also for cashiers.

    Raises PayOut.DoesNotExist.
    """
    roles = roles_of(user, on=on)
    rows = PayOut.objects.all() if roles & SEE_BACK else pay_outs_for(user, on=on)
    if Role.CASHIER in roles and not roles & SEE_BACK:
        rows = rows | PayOut.objects.filter(suspense__isnull=False)
    whole = rows.select_related(
        "company", "bank_account", "claim", "file", "suspense", "ordered_by", "first_by", "approved_by", "ended_by",
        "debit", "bounce",
    )  # fmt: skip
    found: PayOut = whole.prefetch_related("events__by").get(public_id=key)
    return found


def under_way(company: Company) -> Decimal:
    """What has left the company's balance and has not left customs."""
    rows: QuerySet[PayOut] = PayOut.objects.filter(company=company, status__in=PayOut.UNDER_WAY)
    return Decimal(rows.aggregate(sum=Coalesce(Sum("amount"), ZERO))["sum"])


def available_to(company: Company) -> Decimal:
    """What the company may have paid out."""
    account = account_of(company, Account.Kind.PREPAID)
    return account.available if account else ZERO


def money_paper_for(user: User, key: uuid.UUID, *, on: date) -> MoneyPaper:
    """A paper of a claim or bank account that `user` may see. Raises MoneyPaper.DoesNotExist."""
    rows: QuerySet[MoneyPaper] = MoneyPaper.objects.all()
    if not back_desk_of(user, on=on).reads:
        mine = paying_companies(user, on=on)
        rows = rows.filter(Q(claim__company__in=mine) | Q(bank_account__company__in=mine))
    found: MoneyPaper = rows.get(public_id=key)
    return found


# The treasury's desk -------------------------------------------------------------------------------------------
def claims_to_decide() -> QuerySet[RefundClaim]:
    """Claims that wait for a first or second officer, by customs' clock."""
    rows: QuerySet[RefundClaim] = RefundClaim.objects.filter(status__in=RefundClaim.OPEN).select_related(
        "company", "advised_by"
    )
    return rows.order_by("due", "pk")


def claims_due(*, after: date, until: date) -> QuerySet[RefundClaim]:
    """Claims whose clock runs out in these days, the last one included."""
    return claims_to_decide().filter(due__gte=after, due__lte=until)


def claims_overdue(*, on: date) -> QuerySet[RefundClaim]:
    """Claims whose clock has run out."""
    return claims_to_decide().filter(due__lt=on)


def claims_ended() -> QuerySet[RefundClaim]:
    """Claims that have ended, the latest first."""
    rows: QuerySet[RefundClaim] = RefundClaim.objects.exclude(status__in=RefundClaim.OPEN)
    return rows.select_related("company", "pay_out").order_by("-ended_at", "-pk")


def accounts_to_confirm() -> QuerySet[BankAccount]:
    """Bank accounts that wait for an officer: those with a paper."""
    papers = MoneyPaper.objects.filter(bank_account=OuterRef("pk"))
    rows: QuerySet[BankAccount] = BankAccount.objects.filter(Exists(papers), status=BankAccount.Status.PROPOSED)
    return rows.select_related("company", "added_by").order_by("pk")


def pay_outs_to_approve() -> QuerySet[PayOut]:
    """Pay-outs that wait for an officer, the oldest first."""
    waiting = (PayOut.Status.ORDERED, PayOut.Status.SECONDED)
    rows: QuerySet[PayOut] = PayOut.objects.filter(status__in=waiting)
    return rows.select_related("company", "ordered_by", "first_by").order_by("pk")


def pay_outs_approved() -> QuerySet[PayOut]:
    """Pay-outs that go with the next file, the oldest first."""
    rows: QuerySet[PayOut] = PayOut.objects.filter(status=PayOut.Status.APPROVED)
    return rows.select_related("company", "approved_by").order_by("pk")


def pay_outs_ended() -> QuerySet[PayOut]:
    """Pay-outs that are in a file or have ended, the latest first."""
    rows: QuerySet[PayOut] = PayOut.objects.exclude(status__in=PayOut.BEFORE_FILE)
    return rows.select_related("company", "file").order_by("-pk")


def payment_files() -> QuerySet[PaymentFile]:
    """Every payment file, the latest first."""
    found: QuerySet[PaymentFile] = PaymentFile.objects.select_related("made_by", "sent_by").order_by("-pk")
    return found


def payment_file_for(key: uuid.UUID) -> PaymentFile:
    """Raises PaymentFile.DoesNotExist."""
    found: PaymentFile = payment_files().prefetch_related("events__by").get(public_id=key)
    return found


def pay_outs_in(file: PaymentFile) -> QuerySet[PayOut]:
    """What the file holds, in its order."""
    rows: QuerySet[PayOut] = PayOut.objects.filter(file=file)
    return rows.select_related("company").order_by("pk")


def pay_out_of_item(item: SuspenseItem) -> PayOut | None:
    """The latest order to send this money back."""
    found: PayOut | None = PayOut.objects.filter(suspense=item).order_by("-pk").first()
    return found


def pay_outs_like(item: SuspenseItem) -> list[PayOut]:
    """What money that went out unknown may have been: pay-outs of just this sum that the bank has not told of."""
    rows: QuerySet[PayOut] = PayOut.objects.filter(status=PayOut.Status.IN_FILE, amount=-item.amount, debit=None)
    return list(rows.select_related("company").order_by("pk")[:8])


def pay_outs_named(names: Collection[str], *, files: Collection[int], debits: Collection[int]) -> list[PayOut]:
    """The pay-outs with these references, in these files, or paid by these entries of the bank."""
    return list(PayOut.objects.filter(Q(reference__in=names) | Q(file__in=files) | Q(debit__in=debits)).order_by("pk"))
