"""Reads of the closing of a day: its bounds, what is to be compared, and every difference that ledger and bank show."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.models import Case, Count, F, Q, QuerySet, Sum, When

from accounts.models import OfficerRole, Role, User
from declarations.models import FINE, Charge, Declaration, Status
from lib.figures import ZERO, plain
from passengers.models import TravelDeclaration
from payments.models import (
    Account,
    Attempt,
    BankEntry,
    BankStatement,
    Closing,
    ClosingOffice,
    Difference,
    Entry,
    Posting,
    SuspenseItem,
)
from payments.selectors.money import charged_by_tax, due_by_tax, paid_by_tax
from payments.selectors.travel import travel_due_by_tax, travel_paid_by_tax

Kind = Difference.Kind
_AT_ONCE = 1000


def bounds(day: date) -> tuple[datetime, datetime]:
    """When a day of the books begins and ends, in the country's zone whatever the reader's."""
    zone = ZoneInfo(settings.TIME_ZONE)
    begins = datetime.combine(day, time.min, tzinfo=zone)
    return begins, datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone)


def book_day(at: datetime) -> date:
    """The day of the books on which an instant falls."""
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


# Which days ---------------------------------------------------------------------------------------------------
def closings() -> QuerySet[Closing]:
    """Every day that was compared or closed, the latest first."""
    found: QuerySet[Closing] = Closing.objects.select_related("closed_by", "asked_by").order_by("-day")
    return found


def closing_of(day: date) -> Closing | None:
    found: Closing | None = closings().filter(day=day).first()
    return found


def day_of_closing(pk: int) -> date:
    day: date = Closing.objects.values_list("day", flat=True).get(pk=pk)
    return day


def last_closed() -> Closing | None:
    """The latest day that is closed."""
    found: Closing | None = closings().filter(status=Closing.Status.CLOSED).first()
    return found


def first_open_entry() -> Entry | None:
    """The first entry by date that no closed day holds."""
    last = last_closed()
    rows = Entry.objects.filter(at__gte=last.ends) if last else Entry.objects.all()
    found: Entry | None = rows.order_by("at").first()
    return found


def days_to_close(*, before: date, limit: int) -> list[date]:
    """Days with entries that are over and not closed, the oldest first."""
    found: list[date] = []
    last = last_closed()
    since = last.ends if last else None
    while len(found) < limit:
        rows = Entry.objects.filter(at__gte=since) if since else Entry.objects.all()
        first = rows.order_by("at").values_list("at", flat=True).first()
        if first is None or book_day(first) >= before:
            break
        found.append(book_day(first))
        since = bounds(found[-1])[1]
    return found


def entries_within(closing: Closing) -> QuerySet[Entry]:
    found: QuerySet[Entry] = Entry.objects.filter(at__gte=closing.begins, at__lt=closing.ends)
    return found


# What the day was ---------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Sums:
    """Money of a day by the ledger and by the bank's statements; what went out is positive too."""

    entries: int
    came: Decimal
    went: Decimal
    told_came: Decimal
    told_went: Decimal


def sums_of(closing: Closing) -> Sums:
    bank = Posting.objects.filter(entry__in=entries_within(closing), account__kind=Account.Kind.BANK)
    ledger = bank.aggregate(came=Sum("debit"), went=Sum("credit"))
    told = BankEntry.objects.filter(entry__at__gte=closing.begins, entry__at__lt=closing.ends).aggregate(
        came=Sum("amount", filter=Q(amount__gt=0)), went=Sum("amount", filter=Q(amount__lt=0))
    )
    return Sums(
        entries_within(closing).count(),
        ledger["came"] or ZERO,
        ledger["went"] or ZERO,
        told["came"] or ZERO,
        -(told["went"] or ZERO),
    )


@dataclass(slots=True)
class OfficeSums:
    """As `payments.models.ClosingOffice`."""

    entries: int = 0
    revenue: Decimal = ZERO
    declarations: int = 0
    charged: Decimal = ZERO
    booked: Decimal = ZERO
    due: Decimal = ZERO


def revenue_by_office(closing: Closing) -> dict[str, OfficeSums]:
    """What was booked as revenue on the day, by the code of the office of the declaration."""
    found: dict[str, OfficeSums] = {}
    for column in ("declaration__office_code", "travel__post", None):
        rows = Posting.objects.filter(entry__in=entries_within(closing), account__kind=Account.Kind.REVENUE)
        if column is None:
            rows = rows.filter(entry__declaration=None, entry__travel=None)
            counted = [
                ("", *rows.aggregate(n=Count("entry", distinct=True), total=Sum(F("credit") - F("debit"))).values())
            ]
        else:
            rows = rows.filter(**{f"entry__{column.partition('__')[0]}__isnull": False})
            named = rows.values(code=F(f"entry__{column}")).annotate(
                n=Count("entry", distinct=True), total=Sum(F("credit") - F("debit"))
            )
            counted = [(row["code"], row["n"], row["total"]) for row in named.order_by()]
        for code, number, total in counted:
            if number:
                sums = found.setdefault(code, OfficeSums())
                sums.entries += number
                sums.revenue += total
    return found


def mrns_of(closing: Closing) -> list[str]:
    """Declarations whose money moved, or that were lodged, on the day."""
    booked = entries_within(closing).filter(declaration__isnull=False).values_list("declaration__mrn", flat=True)
    lodged = Declaration.objects.filter(lodged_at__gte=closing.begins, lodged_at__lt=closing.ends)
    return sorted({*booked.distinct(), *lodged.values_list("mrn", flat=True)} - {""})


def travel_of(closing: Closing) -> list[int]:
    """Travellers' declarations whose money moved on the day."""
    moved = entries_within(closing).filter(travel__isnull=False)
    return sorted(set(moved.values_list("travel", flat=True)))


# Differences --------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Found:
    """A difference as it was found; see `payments.models.Difference`."""

    key: str
    kind: Difference.Kind
    amount: Decimal
    text: str = ""
    office_code: str = ""
    entry: Entry | None = None
    bank_entry: BankEntry | None = None
    declaration: Declaration | None = None
    attempt: Attempt | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """A declaration: what is charged, what is booked, what is still to be paid, and the difference there is."""

    office_code: str
    charged: Decimal
    booked: Decimal
    due: Decimal
    found: Found | None


def version_that_counts(mrn: str) -> Declaration | None:
    rows = Declaration.objects.filter(mrn=mrn).exclude(status=Status.SUPERSEDED).defer("held", "kept")
    return rows.order_by("-version").first()


def compare(declaration: Declaration) -> Compared:
    """The charges that stand on a declaration beside what the ledger holds as revenue for it, at this moment."""
    charged, booked = charged_by_tax(declaration), paid_by_tax(declaration.mrn)
    due = sum(due_by_tax(declaration).values(), ZERO)
    found = None
    if due < 0:
        found = _of(declaration, Kind.POSTING, -due)
    elif due > 0 and declaration.status != Status.ASSESSED:
        found = _of(declaration, Kind.OWED if _came_later(declaration, charged) else Kind.CHARGE, due)
    return Compared(
        declaration.office_code,
        sum(charged.values(), ZERO),
        sum(booked.values(), ZERO),
        max(due, ZERO) if found is None or found.kind == Kind.OWED else ZERO,
        found,
    )


def _came_later(declaration: Declaration, charged: dict[str, Decimal]) -> bool:
    """Whether something was charged after the release: by a correction, as a fine, or beside the assessment."""
    assessed = set(Charge.objects.filter(declaration=declaration).values_list("tax_code", flat=True))
    return declaration.version > 1 or FINE in charged or bool(charged.keys() - assessed)


def _of(declaration: Declaration, kind: Difference.Kind, amount: Decimal) -> Found:
    return Found(
        f"{kind}:{declaration.mrn}", kind, amount, declaration.mrn, declaration.office_code, declaration=declaration
    )


def compare_travel(pk: int) -> Compared:
    """As `compare`, of a traveller's declaration."""
    declaration = TravelDeclaration.objects.get(pk=pk)
    booked = sum(travel_paid_by_tax(declaration).values(), ZERO)
    due = sum(travel_due_by_tax(declaration).values(), ZERO)
    post = declaration.post
    kind = Kind.POSTING
    found = Found(f"{kind}:{declaration.reference}", kind, -due, declaration.reference, post) if due < 0 else None
    return Compared(post, booked + due, booked, max(due, ZERO), found)


def differences_of_bank(closing: Closing) -> Iterator[Found]:
    """What ledger and bank do not say alike about the day."""
    yield from _untold(closing)
    yield from _other_sums(closing)
    yield from _gaps(closing)
    yield from _waiting(closing)
    yield from _without_charge(closing)


def _untold(closing: Closing) -> Iterator[Found]:
    rows = Posting.objects.filter(
        entry__in=entries_within(closing), account__kind=Account.Kind.BANK, entry__bank_entry=None
    ).select_related("entry__declaration")
    for row in rows.order_by("pk").iterator(chunk_size=_AT_ONCE):
        card = row.entry.idempotency_key.startswith(("bank:", "refund:", "link-refund:"))
        kind = Kind.CARD if card else Kind.NOT_TOLD
        office = row.entry.declaration.office_code if row.entry.declaration else ""
        yield Found(f"{kind}:{row.entry_id}", kind, row.debit - row.credit, row.entry.text, office, entry=row.entry)


def _other_sums(closing: Closing) -> Iterator[Found]:
    rows = (
        BankEntry.objects.filter(entry__at__gte=closing.begins, entry__at__lt=closing.ends)
        .annotate(
            booked=Sum(
                F("entry__postings__debit") - F("entry__postings__credit"),
                filter=Q(entry__postings__account__kind=Account.Kind.BANK),
            )
        )
        .exclude(booked=F("amount"))
        .select_related("entry")
    )
    for row in rows.order_by("pk"):
        booked = row.booked or ZERO
        text = f"{plain(booked, least=2)} ≠ {plain(row.amount, least=2)}"
        yield Found(f"sum:{row.pk}", Kind.SUM, booked - row.amount, text, entry=row.entry, bank_entry=row)


def _gaps(closing: Closing) -> Iterator[Found]:
    """Statements that came on the day and do not begin with the balance at which the one before them ended."""
    rows = BankStatement.objects.filter(
        file__at__gte=closing.begins, file__at__lt=closing.ends, opening__isnull=False, file__status="booked"
    )
    for row in rows.order_by("pk"):
        earlier = BankStatement.objects.filter(
            account=row.account, currency=row.currency, closing__isnull=False, file__status="booked", pk__lt=row.pk
        )
        before = earlier.filter(last__lt=row.last).order_by("-last", "-pk").first() if row.last else None
        if before is not None and before.closing != row.opening:
            yield Found(
                f"gap:{row.pk}", Kind.GAP, row.opening - before.closing, f"{before} → {row} · {row.account}"[:250]
            )


def _waiting(closing: Closing) -> Iterator[Found]:
    waiting = (SuspenseItem.Status.OPEN, SuspenseItem.Status.PROPOSED)
    items = SuspenseItem.objects.filter(status__in=waiting, opened_at__gte=closing.begins, opened_at__lt=closing.ends)
    for item in items.select_related("bank_entry__entry").order_by("pk").iterator(chunk_size=_AT_ONCE):
        row = item.bank_entry
        yield Found(f"suspense:{item.pk}", Kind.SUSPENSE, item.amount, row.payer, entry=row.entry, bank_entry=row)
    attempts = Attempt.objects.filter(
        status__in=Attempt.OPEN, created_at__gte=closing.begins, created_at__lt=closing.ends
    ).select_related("company", "declaration")
    for attempt in attempts.order_by("pk").iterator(chunk_size=_AT_ONCE):
        office = attempt.declaration.office_code if attempt.declaration else ""
        text = f"{attempt.company} · {attempt.bank_reference or attempt.public_id}"[:250]
        yield Found(f"attempt:{attempt.pk}", Kind.ATTEMPT, attempt.amount, text, office, attempt=attempt)


def _without_charge(closing: Closing) -> Iterator[Found]:
    """Revenue that belongs to no declaration at all, nor is interest of a deferred account, which explains itself."""
    rows = Posting.objects.filter(
        entry__in=entries_within(closing), entry__declaration=None, entry__travel=None, account__kind="revenue"
    ).exclude(entry__kind=Entry.Kind.INTEREST)
    rows = rows.select_related("entry")
    for row in rows.order_by("pk"):
        yield Found(f"posting:{row.pk}", Kind.POSTING, row.credit - row.debit, row.entry.text, entry=row.entry)


# Balances -----------------------------------------------------------------------------------------------------
_BALANCES = """
SELECT account.id, account.balance - coalesce(booked.total, 0), account.reserved - coalesce(held.total, 0)
FROM payments_account account
LEFT JOIN LATERAL (
    SELECT sum(credit - debit) AS total FROM payments_posting WHERE account_id = account.id
) booked ON true
LEFT JOIN LATERAL (
    SELECT sum(amount) AS total FROM payments_reservation WHERE account_id = account.id AND status = 'held'
) held ON true
WHERE account.company_id IS NOT NULL AND (%s::bigint[] IS NULL OR account.id = ANY (%s::bigint[]))
AND (account.balance <> coalesce(booked.total, 0) OR account.reserved <> coalesce(held.total, 0))
ORDER BY account.id
"""


def wrong_balances(accounts: Sequence[int] | None = None) -> list[tuple[Account, Decimal, Decimal]]:
    """Customers' accounts (of these, or all) whose balance or reserve is not what was booked or is held; by how much.

    One statement, so that it sees one moment.
    """
    keys = list(accounts) if accounts is not None else None
    with connection.cursor() as cursor:
        cursor.execute(_BALANCES, [keys, keys])
        rows = cursor.fetchall()
    known = Account.objects.select_related("company").in_bulk([pk for pk, _balance, _reserved in rows])
    return [(known[pk], balance, reserved) for pk, balance, reserved in rows]


def differences_of_balances(closing: Closing) -> Iterator[Found]:
    """Accounts that moved on the day and whose balance or reserve is another one than was booked or is held."""
    moved = Posting.objects.filter(entry__in=entries_within(closing), account__company__isnull=False)
    keys = sorted(set(moved.values_list("account", flat=True)))
    for account, balance, reserved in wrong_balances(keys) if keys else []:
        yield Found(f"balance:{account.pk}", Kind.BALANCE, balance or reserved, str(account)[:250])


# The hash of a day --------------------------------------------------------------------------------------------
def digest_of(closing: Closing, *, before: str) -> str:
    """The hash of every entry and posting of the day in their order, begun with the hash of the day `before`."""
    digest = hashlib.sha256(f"{closing.day}|{before}\n".encode())
    rows = entries_within(closing).prefetch_related("postings").order_by("pk")
    for entry in rows.iterator(chunk_size=_AT_ONCE):
        parts = [
            str(entry.pk), entry.idempotency_key, entry.kind, entry.at.astimezone(UTC).isoformat(),
            str(entry.by_id), entry.text, str(entry.declaration_id), str(entry.travel_id),
        ]  # fmt: skip
        for line in sorted(entry.postings.all(), key=lambda each: each.pk):
            parts += [str(line.pk), str(line.account_id), plain(line.debit), plain(line.credit)]
        digest.update(("\x1f".join(parts) + "\n").encode())
    return digest.hexdigest()


# What a page shows --------------------------------------------------------------------------------------------
def offices_of(closing: Closing) -> QuerySet[ClosingOffice]:
    found: QuerySet[ClosingOffice] = ClosingOffice.objects.filter(closing=closing).order_by("office_code")
    return found


def total_of_offices(closing: Closing) -> dict[str, Decimal | int]:
    """All offices of a closing together."""
    names = ("entries", "revenue", "declarations", "charged", "booked", "due")
    sums = ClosingOffice.objects.filter(closing=closing).aggregate(**{name: Sum(name) for name in names})
    return {name: value or 0 for name, value in sums.items()}


def differences_of(closing: Closing) -> QuerySet[Difference]:
    """Differences of a day that are still there: what is to be explained first."""
    found: QuerySet[Difference] = (
        Difference.objects.filter(closing=closing)
        .exclude(status=Difference.Status.GONE)
        .annotate(
            rank=Case(
                When(status=Difference.Status.OPEN, then=0), When(status=Difference.Status.ASSIGNED, then=1), default=2
            )
        )
        .select_related("declaration", "entry", "bank_entry", "assigned_to")
        .defer("declaration__held", "declaration__kept")
        .prefetch_related("notes__by", "notes__assigned_to")
        .order_by("rank", "pk")
    )
    return found


def difference_for(pk: int) -> Difference:
    """Raises Difference.DoesNotExist."""
    found: Difference = Difference.objects.select_related("closing", "assigned_to").get(pk=pk)
    return found


def waiting_differences() -> QuerySet[Difference]:
    """Differences of any day that wait for a person, the oldest first."""
    waiting = (Difference.Status.OPEN, Difference.Status.ASSIGNED)
    found: QuerySet[Difference] = Difference.objects.filter(status__in=waiting)
    return found.select_related("closing", "assigned_to").order_by("closing__day", "pk")


def people_for_differences(*, on: date) -> QuerySet[User]:
    """Who may look into a difference: cashiers, treasury and supervisors of the day."""
    roles = OfficerRole.objects.on(on).filter(role__in=(Role.CASHIER, Role.TREASURY, Role.SUPERVISOR))
    return User.objects.filter(pk__in=roles.values("user"), is_active=True).order_by("full_name", "email")
