"""Reads that booking a bank statement needs: whose a reference is, what a movement takes back, what has come."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, Sum

from declarations.models import Declaration, Status
from lib.creditor_reference import COMPANY, DECLARATION, STATEMENT
from lib.figures import ZERO
from payments.models import Account, BankEntry, DeferredStatement, Entry, Payment, Posting, SuspenseItem
from payments.selectors.deferred import deferred_statement_numbered
from traders.models import Company, Standing


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose money it is, and for which declaration or statement of deferred payment it came."""

    company: Company
    declaration: Declaration | None = None
    deferred: DeferredStatement | None = None


def owners_of(numbers: Collection[tuple[str, str]]) -> dict[tuple[str, str], Owner]:
    """Who is meant by references; what names nobody is left out."""
    tins = {number for kind, number in numbers if kind == COMPANY}
    mrns = {number for kind, number in numbers if kind == DECLARATION}
    companies = Company.objects.filter(tin__in=tins, standing=Standing.CONFIRMED) if tins else []
    found = {(COMPANY, company.tin): Owner(company) for company in companies}
    if mrns:
        rows = Declaration.objects.filter(mrn__in=mrns).exclude(status=Status.SUPERSEDED)
        for row in rows.select_related("trader", "declarant").defer("held", "kept").order_by("version"):
            found[(DECLARATION, row.mrn)] = Owner(row.trader or row.declarant, row)
    for number in {number for kind, number in numbers if kind == STATEMENT}:
        stated = deferred_statement_numbered(number)
        if stated is not None and stated.account.company is not None:
            found[(STATEMENT, number)] = Owner(stated.account.company, deferred=stated)
    return found


def booked_from_bank_page(rows: Sequence[BankEntry]) -> dict[str, Entry]:
    """Entries that a call-back of the bank's page booked, by the transaction that the rows name too."""
    named = {name for row in rows if row.amount > 0 for name in (row.bank_reference, row.payers_reference) if name}
    keys = [f"bank:{name}" for name in named]
    return {row.idempotency_key[5:]: row for row in Entry.objects.filter(idempotency_key__in=keys)}


def posting_of_customer(entry: Entry) -> Posting | None:
    """The posting of an entry on a customer's prepaid account."""
    rows = Posting.objects.filter(entry=entry, account__kind=Account.Kind.PREPAID).select_related("account__company")
    found: Posting | None = rows.first()
    return found


def brought_by(entry: Entry) -> Decimal:
    """What an entry says that came to our account at the bank."""
    rows = Posting.objects.filter(entry=entry, account__kind=Account.Kind.BANK)
    return Decimal(rows.aggregate(sum=Sum("debit"))["sum"] or ZERO)


def orphan_reversals(*, lock: bool = False) -> list[SuspenseItem]:
    """What the bank took back before it told of it, and that nobody has allotted: oldest first."""
    rows = SuspenseItem.objects.filter(
        status__in=(SuspenseItem.Status.OPEN, SuspenseItem.Status.PROPOSED),
        bank_entry__is_reversal=True,
        bank_entry__mate=None,
        bank_entry__taken_back_by=None,
    ).order_by("pk")
    return list((rows.select_for_update(of=("self",)) if lock else rows).select_related("bank_entry"))


def taken_back_by(reversal: BankEntry) -> BankEntry | None:
    """The movement that a reversal takes back: by the bank's reference, else by the payer's where only one fits."""
    rows = (
        BankEntry.objects.filter(
            account=reversal.account, amount=-reversal.amount, is_reversal=False, mate=None, taken_back_by=None
        )
        .select_related("company")
        .order_by("pk")
    )
    if reversal.bank_reference:
        found: BankEntry | None = rows.filter(bank_reference=reversal.bank_reference).first()
        if found is not None:
            return found
    if not reversal.payers_reference:
        return None
    fitting = list(rows.filter(payers_reference=reversal.payers_reference)[:2])
    return fitting[0] if len(fitting) == 1 else None


def lock_suspense_of(entries: Sequence[BankEntry]) -> list[SuspenseItem]:
    """The suspense items of movements, and those that wait for what they took back; locked, lowest key first."""
    rows = SuspenseItem.objects.select_for_update(of=("self",)).filter(
        Q(bank_entry__in=entries) | Q(pk__in=[item.pk for item in orphan_reversals()])
    )
    return list(rows.select_related("company").order_by("pk"))


def suspense_of(entry: BankEntry, *, lock: bool = False) -> SuspenseItem | None:
    """The suspense item of a movement, if its money went there."""
    rows = SuspenseItem.objects.filter(bank_entry=entry)
    found: SuspenseItem | None = (rows.select_for_update() if lock else rows).first()
    if found is not None and found.company_id:
        found.company = Company.objects.get(pk=found.company_id)
    return found


def told_by_statement(transaction: str, *, amount: Decimal, currency: str) -> BankEntry | None:
    """What a statement told of a transaction at the bank's page, unless it was taken back."""
    rows = BankEntry.objects.filter(
        Q(bank_reference=transaction) | Q(payers_reference=transaction),
        amount=amount,
        currency=currency,
        is_reversal=False,
        taken_back_by=None,
    )
    found: BankEntry | None = rows.select_related("entry").order_by("pk").first()
    return found


def came_for(mrn: str, company: Company) -> Decimal:
    """What came by transfer for any version of an MRN to the company's account and has not paid it yet."""
    told = BankEntry.objects.filter(declaration__mrn=mrn, company=company, is_reversal=False, taken_back_by=None)
    allotted = SuspenseItem.objects.filter(
        declaration__mrn=mrn, company=company, status=SuspenseItem.Status.ALLOTTED, bank_entry__taken_back_by=None
    )
    used = Payment.objects.filter(declaration__mrn=mrn, company=company, means=Payment.Means.TRANSFER)
    sums = [rows.aggregate(sum=Sum("amount"))["sum"] or ZERO for rows in (told, allotted, used)]
    return Decimal(sums[0] + sums[1] - sums[2])


def transfers_waiting(mrn: str) -> list[BankEntry]:
    """What came by transfer for an MRN and lies on a prepaid account, whether or not it is enough."""
    rows = BankEntry.objects.filter(Q(declaration__mrn=mrn) | Q(suspense__declaration__mrn=mrn), taken_back_by=None)
    return list(rows.exclude(is_reversal=True).select_related("company").order_by("pk")[:20])
