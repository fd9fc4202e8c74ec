"""Reads about paying: everything that is due for a reader, what a payment at the bank still holds, links, settings."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum, Value

from accounts.models import User
from declarations.models import FINE, Charge, Declaration, Levy, Penalty, Status
from lib.figures import ZERO
from payments.models import (
    Account,
    Attempt,
    AttemptPart,
    AutoPaid,
    AutoPayment,
    Entry,
    LinkRefund,
    PayLink,
    Payment,
    Posting,
    RefundClaim,
    RefundLine,
    Reservation,
)
from payments.selectors.money import ENDED, is_payable, paying_companies
from traders.models import Company

STANDING = (Status.PAID, Status.RELEASED, Status.EXITED)


@dataclass(frozen=True, slots=True)
class Due:
    """A declaration and what is to be paid on it now."""

    declaration: Declaration
    amount: Decimal


def due_for(user: User, *, on: date, most: int) -> list[Due]:
    """What is due on declarations of every company `user` may pay for, the oldest first."""
    companies = paying_companies(user, on=on).values("pk")
    fined = Penalty.objects.filter(mrn=OuterRef("mrn"), status__in=Penalty.OWED)
    levied = Levy.objects.filter(mrn=OuterRef("mrn"), status=Levy.Status.OWED)
    later = Q(status__in=STANDING) & (Q(version__gt=1) | Exists(fined) | Exists(levied))
    rows = (
        Declaration.objects.filter(Q(trader__in=companies) | Q(declarant__in=companies))
        .filter(Q(status=Status.ASSESSED) | later)
        .select_related("trader", "declarant")
        .defer("held", "kept")
        .order_by("pk")[: most * 2]
    )
    return [each for each in with_due(list(rows)) if each.amount > 0][:most]


def payable_by(user: User, keys: Sequence[uuid.UUID], *, on: date) -> list[Declaration]:
    """Of the declarations with these keys those `user` may pay for, in the order of the keys."""
    companies = paying_companies(user, on=on).values("pk")
    rows = Declaration.objects.filter(Q(trader__in=companies) | Q(declarant__in=companies), public_id__in=keys)
    rows = rows.exclude(status=Status.DRAFT).select_related("trader", "declarant").defer("held", "kept")
    found = {row.public_id: row for row in rows}
    return [found[key] for key in dict.fromkeys(keys) if key in found]


def with_due(declarations: Sequence[Declaration]) -> list[Due]:
    """What is due on each, read for all of them at once: as `selectors.due` says it of one."""
    mrns = [each.mrn for each in declarations]
    after = _by_mrn(
        Penalty.objects.filter(mrn__in=mrns, status__in=Penalty.OWED).annotate(tax=Value(FINE)),
        Levy.objects.filter(mrn__in=mrns, status=Levy.Status.OWED).annotate(tax=F("tax_code")),
    )
    lines = RefundLine.objects.filter(claim__status=RefundClaim.Status.GRANTED, claim__mrn__in=mrns, granted__gt=0)
    granted = _by_mrn(lines.annotate(mrn=F("claim__mrn"), tax=F("tax_code"), amount=F("granted")))
    charged: dict[int, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    rows = Charge.objects.filter(declaration__in=declarations, payable=True).order_by()
    for key, tax, amount in rows.values_list("declaration", "tax_code").annotate(sum=Sum("amount")):
        charged[key][tax] += amount
    paid = (
        Posting.objects.filter(entry__declaration__mrn__in=mrns, account__kind=Account.Kind.REVENUE)
        .order_by()
        .values_list("entry__declaration__mrn")
        .annotate(sum=Sum(F("credit") - F("debit")))
    )
    gone = dict(paid)
    due = []
    for each in declarations:
        sums = {} if each.status in ENDED else _added(charged[each.pk], after[each.mrn])
        less = granted[each.mrn]
        wanted = sum((max(amount - less.get(tax, ZERO), ZERO) for tax, amount in sums.items()), ZERO)
        due.append(Due(each, wanted - gone.get(each.mrn, ZERO)))
    return due


def _by_mrn(*rows: QuerySet[Any]) -> dict[str, dict[str, Decimal]]:
    """Sums of `amount` by `mrn` and `tax`."""
    sums: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for found in rows:
        for mrn, tax, amount in found.order_by().values_list("mrn", "tax").annotate(sum=Sum("amount")):
            sums[mrn][tax] += amount
    return sums


def _added(first: Mapping[str, Decimal], second: Mapping[str, Decimal]) -> dict[str, Decimal]:
    return {tax: first.get(tax, ZERO) + second.get(tax, ZERO) for tax in {**first, **second}}


def held_on(accounts: Iterable[Account]) -> QuerySet[Reservation]:
    """What is held on the accounts now, and for which declaration; the oldest first."""
    held: QuerySet[Reservation] = Reservation.objects.filter(account__in=accounts, status=Reservation.Status.HELD)
    return held.select_related("declaration", "account").defer("declaration__held", "declaration__kept").order_by("pk")


def entry_for(user: User, pk: int, *, on: date) -> Entry:
    """An entry that touched an account of a company `user` may pay for; raises Entry.DoesNotExist for a stranger."""
    own = Posting.objects.filter(entry=OuterRef("pk"), account__company__in=paying_companies(user, on=on))
    found: Entry = (
        Entry.objects.filter(Exists(own))
        .select_related("declaration", "attempt", "by", "bank_entry__file")
        .defer("declaration__held", "declaration__kept")
        .get(pk=pk)
    )
    return found


# One payment at the bank for many things ----------------------------------------------------------------------


def arrived_of(attempt: Attempt) -> Decimal:
    """What an attempt has brought to the prepaid account."""
    rows = Posting.objects.filter(entry__attempt=attempt, account__kind=Account.Kind.PREPAID, credit__gt=0)
    return Decimal(rows.aggregate(sum=Sum("credit"))["sum"] or ZERO)


def left_of(attempt: Attempt) -> Decimal:
    """What of it has paid nothing yet."""
    paid = Payment.objects.filter(attempt=attempt).aggregate(sum=Sum("amount"))["sum"] or ZERO
    moved = Posting.objects.filter(
        entry__attempt=attempt, entry__kind=Entry.Kind.MOVE, account__kind=Account.Kind.PREPAID
    ).aggregate(sum=Sum("debit"))["sum"]
    return arrived_of(attempt) - Decimal(paid) - Decimal(moved or ZERO)


def paid_under(key: str) -> Decimal:
    """What an entry with this key has paid."""
    return Decimal(Payment.objects.filter(entry__idempotency_key=key).aggregate(sum=Sum("amount"))["sum"] or ZERO)


@dataclass(frozen=True, slots=True)
class PartState:
    """A part of an attempt, what has become of it, and its payment if it was paid by it."""

    part: AttemptPart
    payment: Payment | None
    done: bool


def parts_of(attempt: Attempt) -> list[PartState]:
    """What an attempt was meant for, and what of it was paid with its money."""
    paid = {each.declaration.mrn: each for each in attempt.payments.select_related("declaration")}
    moved = Entry.objects.filter(attempt=attempt, kind=Entry.Kind.MOVE).exists()
    rows = attempt.parts.select_related("declaration", "statement").order_by("pk")
    return [
        PartState(
            row,
            payment := paid.get(row.declaration.mrn) if row.declaration else None,
            done=payment is not None or (row.declaration is None and moved),
        )
        for row in rows
    ]


# Automatic payment --------------------------------------------------------------------------------------------


def auto_payment_of(company: Company) -> AutoPayment | None:
    """How the company pays by itself; None if it never said so. `is_on` says whether it does."""
    found: AutoPayment | None = AutoPayment.objects.filter(company=company).select_related("by").first()
    return found


def auto_payments_of(company: Company) -> QuerySet[AutoPayment]:
    """Every change of it, latest first."""
    found: QuerySet[AutoPayment] = AutoPayment.objects.filter(company=company).select_related("by")
    return found


def auto_paid_of(company: Company) -> QuerySet[AutoPaid]:
    """What it did, latest first."""
    found: QuerySet[AutoPaid] = AutoPaid.objects.filter(setting__company=company).select_related("declaration")
    return found.defer("declaration__held", "declaration__kept")


def auto_paid_on(company: Company, day: date) -> Decimal:
    """What was paid by itself for a company on a day."""
    rows = AutoPaid.objects.filter(setting__company=company, day=day, verdict=AutoPaid.Outcome.PAID)
    return Decimal(rows.aggregate(sum=Sum("amount"))["sum"] or ZERO)


# Links --------------------------------------------------------------------------------------------------------


def pay_link(token: str) -> PayLink | None:
    """The link with this token, whether or not it is still good."""
    found: PayLink | None = PayLink.objects.filter(token=token).select_related("declaration", "company").first()
    return found


def is_good(link: PayLink, *, at: datetime) -> bool:
    return link.withdrawn_at is None and link.until > at


def pay_links_of(declaration: Declaration, *, at: datetime) -> QuerySet[PayLink]:
    """Links of a declaration that are still good, latest first."""
    found: QuerySet[PayLink] = PayLink.objects.filter(declaration__mrn=declaration.mrn, withdrawn_at=None, until__gt=at)
    return found


def link_attempt(link: PayLink, key: uuid.UUID) -> Attempt | None:
    """An attempt to pay by this link."""
    rows = Attempt.objects.filter(link=link).select_related("declaration", "company")
    found: Attempt | None = rows.filter(public_id=key).first()
    return found


def link_refunds_of(attempt: Attempt) -> QuerySet[LinkRefund]:
    found: QuerySet[LinkRefund] = LinkRefund.objects.filter(attempt=attempt).order_by("pk")
    return found


def link_refunds_ordered(*, before: datetime) -> list[int]:
    """Primary keys of refunds that the bank has not sent yet."""
    rows = LinkRefund.objects.filter(status=LinkRefund.Status.ORDERED, at__lt=before).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:200])


def newest_of(declaration: Declaration) -> Declaration:
    """The version that stands now."""
    rows = Declaration.objects.filter(mrn=declaration.mrn).order_by("-version").defer("held", "kept")
    found: Declaration = rows[:1].get()
    return found


def may_be_paid(declaration: Declaration) -> bool:
    """Whether money for it would pay something now."""
    return is_payable(declaration) and with_due([declaration])[0].amount > 0
