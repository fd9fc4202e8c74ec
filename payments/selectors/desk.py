"""Reads of the cashier's desk: who may see it, what has come, what waits, and whose unmatched money may be."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils import timezone

from accounts.models import Role, User
from accounts.selectors import roles_of
from declarations.models import Declaration, Status
from lib.creditor_reference import near_numbers_in, numbers_in
from lib.figures import ZERO
from payments.models import Account, Attempt, BankEntry, BankFile, Entry, Posting, RefusedCallbacks, SuspenseItem
from payments.selectors.incoming import Owner, owners_of
from payments.selectors.money import balance_of_administration
from traders.models import Company, Standing

SEE_DESK = frozenset({Role.CASHIER, Role.TREASURY, Role.AUDITOR})
WITHOUT_END_AFTER = timedelta(minutes=15)
_MOST_SUGGESTIONS = 8
_WORD = re.compile(r"[^\W_]{4,}")


@dataclass(frozen=True, slots=True)
class Desk:
    """What somebody may do with the bank's money."""

    reads: bool
    acts: bool


def desk_of(user: User, *, on: date) -> Desk:
    """Cashiers act, treasury and auditors read; nobody else has this desk."""
    roles = roles_of(user, on=on)
    return Desk(reads=bool(roles & SEE_DESK), acts=Role.CASHIER in roles)


# What has come ------------------------------------------------------------------------------------------------
def bank_files() -> QuerySet[BankFile]:
    """Every file, latest first."""
    found: QuerySet[BankFile] = BankFile.objects.select_related("by").order_by("-pk")
    return found


def bank_file_for(key: uuid.UUID) -> BankFile:
    """Raises BankFile.DoesNotExist."""
    found: BankFile = bank_files().get(public_id=key)
    return found


def entries_of(file: BankFile) -> QuerySet[BankEntry]:
    """What the file told of for the first time, in its order."""
    found: QuerySet[BankEntry] = (
        BankEntry.objects.filter(file=file)
        .select_related("company", "declaration", "suspense__company")
        .defer("declaration__held", "declaration__kept")
        .order_by("pk")
    )
    return found


@dataclass(frozen=True, slots=True)
class Today:
    """Money of a day, as it was booked."""

    kind: str
    count: int
    sum: Decimal


def today(*, on: date) -> list[Today]:
    """What the day's entries brought to our account at the bank, kind by kind; below zero what went out."""
    rows = (
        _at_the_bank(on)
        .values("entry__kind")
        .annotate(count=Count("pk"), came=Sum("debit"), went=Sum("credit"))
        .order_by("entry__kind")
    )
    return [
        Today(str(Entry.Kind(row["entry__kind"]).label), row["count"], Decimal(row["came"] - row["went"]))
        for row in rows
    ]


def lines_of_today(*, on: date) -> QuerySet[Any]:
    """The lines that `today` adds up, in their order, each with the TIN of a customer whose account it touched."""
    customers = Account.objects.filter(postings__entry=OuterRef("entry"), company__isnull=False)
    rows = _at_the_bank(on).annotate(tin=Subquery(customers.values("company__tin")[:1]))
    return (
        rows.select_related("entry__declaration")
        .defer("entry__declaration__held", "entry__declaration__kept")
        .order_by("pk")
    )


def _at_the_bank(on: date) -> QuerySet[Posting]:
    begin = datetime.combine(on, time.min, tzinfo=timezone.get_current_timezone())
    found: QuerySet[Posting] = Posting.objects.filter(
        account__kind=Account.Kind.BANK, entry__at__gte=begin, entry__at__lt=begin + timedelta(days=1)
    )
    return found


def refused_callbacks(*, on: date) -> list[RefusedCallbacks]:
    """Call-backs of the last week that were not acted on."""
    return list(RefusedCallbacks.objects.filter(day__gt=on - timedelta(days=7)).order_by("-day", "why"))


def attempts_without_end(*, at: datetime) -> QuerySet[Attempt]:
    """Payments at the bank's page of which nobody knows the end, the oldest first."""
    found: QuerySet[Attempt] = (
        Attempt.objects.filter(status__in=Attempt.OPEN, created_at__lt=at - WITHOUT_END_AFTER)
        .select_related("company", "declaration")
        .order_by("pk")
    )
    return found


# What waits ---------------------------------------------------------------------------------------------------
def suspense_open() -> QuerySet[SuspenseItem]:
    """Money that awaits its owner or a second person, the oldest first."""
    found: QuerySet[SuspenseItem] = (
        SuspenseItem.objects.filter(status__in=(SuspenseItem.Status.OPEN, SuspenseItem.Status.PROPOSED))
        .select_related("bank_entry", "company", "proposed_by")
        .order_by("pk")
    )
    return found


def suspense_balance() -> Decimal:
    """What lies on the suspense account."""
    return balance_of_administration("suspense")


def suspense_item_for(key: uuid.UUID) -> SuspenseItem:
    """Raises SuspenseItem.DoesNotExist."""
    rows = SuspenseItem.objects.select_related(
        "bank_entry__file", "company", "declaration", "proposed_by", "decided_by", "entry"
    )
    found: SuspenseItem = rows.get(public_id=key)
    return found


def company_by_tin(tin: str) -> Company | None:
    """The confirmed company with this TIN."""
    return Company.objects.filter(tin=tin, standing=Standing.CONFIRMED).first()


def declaration_by_mrn(mrn: str) -> Declaration | None:
    """The version that counts, of any company: for the desk alone."""
    rows = Declaration.objects.filter(mrn=mrn).exclude(mrn="").exclude(status=Status.SUPERSEDED)
    return rows.defer("held", "kept").order_by("-version").first()


# Whose it may be ----------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Suggestion:
    """Whose money it may be, and why: "reference", "near", "amount", "payer" or "taken"."""

    company: Company
    declaration: Declaration | None
    why: str


def suggestions_for(item: SuspenseItem) -> list[Suggestion]:
    """The likeliest first; nothing is allotted by them."""
    found: dict[tuple[int, int | None], Suggestion] = {}
    for each in _suggested(item):
        key = (each.company.pk, each.declaration.pk if each.declaration else None)
        found.setdefault(key, each)
        if len(found) == _MOST_SUGGESTIONS:
            break
    return list(found.values())


def _suggested(item: SuspenseItem) -> Iterator[Suggestion]:
    entry = item.bank_entry
    if item.is_money_out:
        if item.company is not None:
            yield Suggestion(item.company, None, "taken")
        return
    text = " \n ".join((entry.payers_reference, entry.reference, entry.text))
    for why, numbers in (("reference", numbers_in(text)), ("near", near_numbers_in(text))):
        owners: dict[tuple[str, str], Owner] = owners_of(numbers)
        yield from (Suggestion(owner.company, owner.declaration, why) for owner in owners.values())
    yield from _by_amount(entry)
    yield from _by_payer(item)


def _by_amount(entry: BankEntry) -> Iterator[Suggestion]:
    """Declarations that wait for just this sum, of a company whose name has a word of the payer's."""
    words = {word.casefold() for word in _WORD.findall(entry.payer)}
    rows = Declaration.objects.filter(status=Status.ASSESSED, payable=entry.amount)
    for row in rows.select_related("trader", "declarant").defer("held", "kept").order_by("-pk")[:200]:
        for company in dict.fromkeys((row.trader, row.declarant)):
            names = " ".join((company.name, company.name_ru, company.name_tg)) if company else ""
            if company and words & {word.casefold() for word in _WORD.findall(names)}:
                yield Suggestion(company, row, "amount")


def _by_payer(item: SuspenseItem) -> Iterator[Suggestion]:
    """Companies for which money came from this account before, the latest first."""
    if not item.bank_entry.payer_account:
        return
    earlier = BankEntry.objects.filter(payer_account=item.bank_entry.payer_account).exclude(pk=item.bank_entry_id)
    named = earlier.filter(Q(company__isnull=False) | Q(suspense__status=SuspenseItem.Status.ALLOTTED))
    for row in named.select_related("company", "suspense__company").order_by("-pk")[:20]:
        company = row.company or row.suspense.company
        if company is not None:
            yield Suggestion(company, None, "payer")


def paid_in_today(*, on: date) -> Decimal:
    """What came in today less what went out."""
    return sum((each.sum for each in today(on=on)), ZERO)
