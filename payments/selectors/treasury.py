"""Reads of the treasury and of auditors: every account, every entry down to what explains it, limits, money by age."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet, Sum

from accounts.models import Role, User
from accounts.selectors import roles_of
from declarations.models import Charge, Levy
from declarations.selectors import charges_of
from declarations.selectors.levies import levies_of
from lib.figures import ZERO
from lib.spelling import searched
from payments.models import (
    Account,
    Attempt,
    BankEntry,
    Closing,
    Difference,
    Entry,
    LimitChange,
    Payment,
    Posting,
    SuspenseItem,
)
from payments.selectors.desk import Desk
from traders.models import Company

SEE_BOOKS = frozenset({Role.TREASURY, Role.AUDITOR})
AGES = (1, 7, 30, 90)  # days; each is where an age ends, the last age has no end


def books_of(user: User, *, on: date) -> Desk:
    """The treasury acts, auditors read; nobody else has these pages."""
    roles = roles_of(user, on=on)
    return Desk(reads=bool(roles & SEE_BOOKS), acts=Role.TREASURY in roles)


# Accounts -----------------------------------------------------------------------------------------------------
def all_accounts(*, search: str = "", kind: str = "", only: str = "") -> QuerySet[Account]:
    """Accounts of customers and of the administration; `only`: "overdrawn", "limited", "held" or "asked"."""
    found: QuerySet[Account] = Account.objects.select_related("company").order_by(
        F("company__name").asc(nulls_first=True), "kind", "pk"
    )
    if text := search.strip():
        named = Company.objects.filter(
            Q(name__icontains=text) | Q(name_ru__icontains=text) | Q(name_tg__icontains=text)
            | Q(tin__startswith=searched(text))
        )  # fmt: skip
        found = found.filter(Q(company__in=named) | Q(tax_code__iexact=text))
    if kind:
        found = found.filter(kind=kind)
    conditions = {
        "overdrawn": Q(company__isnull=False, balance__lt=0),
        "limited": Q(limit__gt=0),
        "held": Q(reserved__gt=0),
        "asked": Q(limit_changes__status=LimitChange.Status.ASKED),
    }
    return found.filter(conditions[only]) if only in conditions else found


def any_account(pk: int) -> Account:
    """Raises Account.DoesNotExist."""
    found: Account = Account.objects.select_related("company").get(pk=pk)
    return found


def balances_of_administration(accounts: Sequence[Account]) -> dict[int, Decimal]:
    """Credits less debits of those of `accounts` that no company owns; they are summed when asked for."""
    own = [account.pk for account in accounts if account.company_id is None]
    rows = Posting.objects.filter(account__in=own).values("account").annotate(sum=Sum(F("credit") - F("debit")))
    return {row["account"]: row["sum"] for row in rows.order_by()}


def postings_of(account: Account) -> QuerySet[Posting]:
    """Postings of any account, the latest first, each with its entry."""
    rows: QuerySet[Posting] = Posting.objects.filter(account=account).select_related(
        "entry__declaration", "entry__travel"
    )
    return rows.defer("entry__declaration__held", "entry__declaration__kept").order_by("-pk")


@dataclass(frozen=True, slots=True)
class KindSum:
    """Accounts of one kind together."""

    kind: str
    label: str
    count: int
    balance: Decimal
    reserved: Decimal


def sums_by_kind() -> list[KindSum]:
    """All accounts by kind; of the administration's the balance is summed from their postings."""
    rows = Account.objects.values("kind").annotate(n=Count("pk"), held=Sum("balance"), reserved=Sum("reserved"))
    own = Posting.objects.filter(account__company=None).values("account__kind")
    booked = {row["account__kind"]: row["sum"] for row in own.annotate(sum=Sum(F("credit") - F("debit"))).order_by()}
    return [
        KindSum(
            row["kind"], str(Account.Kind(row["kind"]).label), row["n"], booked.get(row["kind"], row["held"]),
            row["reserved"],
        )
        for row in rows.order_by("kind")
    ]  # fmt: skip


# Limits -------------------------------------------------------------------------------------------------------
def limit_changes(*, waiting: bool = False) -> QuerySet[LimitChange]:
    """Every change of a limit, or those that wait for a second person; the latest first."""
    found: QuerySet[LimitChange] = LimitChange.objects.select_related("account__company", "by", "decided_by")
    return (found.filter(status=LimitChange.Status.ASKED) if waiting else found).order_by("-pk")


# Suspense by age ----------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Age:
    """Money that has awaited its owner for at least `since` days and less than `until` (None: longer)."""

    since: int
    until: int | None
    count: int
    sum: Decimal


def suspense_by_age(*, at: datetime) -> list[Age]:
    """What lies on the suspense account, by how long."""
    found = []
    waiting = SuspenseItem.objects.filter(status__in=(SuspenseItem.Status.OPEN, SuspenseItem.Status.PROPOSED))
    for since, until in zip((0, *AGES), (*AGES, None), strict=True):
        rows = waiting.filter(opened_at__lte=at - timedelta(days=since))
        if until is not None:
            rows = rows.filter(opened_at__gt=at - timedelta(days=until))
        sums = rows.aggregate(n=Count("pk"), total=Sum("amount"))
        found.append(Age(since, until, sums["n"], sums["total"] or ZERO))
    return found


# Entries ------------------------------------------------------------------------------------------------------
def all_entries(
    *, search: str = "", kind: str = "", first: datetime | None = None, before: datetime | None = None
) -> QuerySet[Entry]:
    """Entries of the ledger, the latest first; `search` is a number, a key, an MRN, a reference or a TIN."""
    found: QuerySet[Entry] = Entry.objects.select_related("declaration", "travel", "by")
    if text := search.strip():
        named = Q(idempotency_key=text) | Q(declaration__mrn=searched(text)) | Q(travel__reference=searched(text))
        named |= Q(pk__in=Posting.objects.filter(account__company__tin=searched(text)).values("entry"))
        if text.isdecimal() and len(text) < 18:
            named |= Q(pk=int(text))
        found = found.filter(named)
    if kind:
        found = found.filter(kind=kind)
    if first:
        found = found.filter(at__gte=first)
    if before:
        found = found.filter(at__lt=before)
    return found.defer("declaration__held", "declaration__kept").order_by("-pk")


@dataclass(frozen=True)
class EntryExplained:
    """An entry with all that it rests on: charges of its declaration and what came after them, in the reader's words;
    the payment, the bank's entry and its file.
    """

    entry: Entry
    postings: list[Posting]
    payments: list[Payment]
    charges: list[Charge]
    levies: list[Levy]
    bank_entry: BankEntry | None
    attempts: list[Attempt]
    differences: list[Difference]
    closing: Closing | None


def entry_explained(pk: int) -> EntryExplained:
    """Raises Entry.DoesNotExist."""
    entry: Entry = Entry.objects.select_related("declaration", "travel", "by").get(pk=pk)
    bank = BankEntry.objects.filter(Q(entry=entry) | Q(suspense__entry=entry))
    taxes = list(
        Posting.objects.filter(entry=entry, account__kind="revenue").values_list("account__tax_code", flat=True)
    )
    charges = charges_of(entry.declaration) if entry.declaration else []
    levies = levies_of(entry.declaration) if entry.declaration else []
    payments = list(Payment.objects.filter(entry=entry).select_related("company", "attempt", "receipt").order_by("pk"))
    attempts = [payment.attempt for payment in payments if payment.attempt]
    return EntryExplained(
        entry=entry,
        postings=list(Posting.objects.filter(entry=entry).select_related("account__company").order_by("pk")),
        payments=payments,
        charges=[charge for charge in charges if charge.tax_code in taxes],
        levies=[levy for levy in levies if levy.tax_code in taxes],
        bank_entry=bank.select_related("file", "mate", "company").order_by("pk").first(),
        attempts=attempts,
        differences=list(Difference.objects.filter(entry=entry).select_related("closing").order_by("pk")),
        closing=Closing.objects.filter(begins__lte=entry.at, ends__gt=entry.at, status=Closing.Status.CLOSED).first(),
    )


def money_of(mrn: str) -> QuerySet[Entry]:
    """Every entry on any version of a declaration, in their order."""
    return all_entries().filter(declaration__mrn=mrn).exclude(declaration__mrn="").order_by("pk")
