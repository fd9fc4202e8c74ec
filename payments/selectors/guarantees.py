"""Reads about guarantees: which can secure a declaration, what each holds since when and until when, who sees which."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db.models import Case, Count, Exists, F, IntegerField, Min, OuterRef, Q, QuerySet, Value, When

from accounts.models import Role, User
from accounts.selectors import roles_of
from declarations.models import Declaration, Status, StockAccount
from lib.figures import ZERO
from payments.models import (
    Account,
    Guarantee,
    GuaranteeCall,
    GuaranteeFreed,
    GuaranteePaper,
    GuaranteeReminder,
    GuaranteeTerms,
    Reservation,
)
from payments.selectors.money import PAYING_RIGHTS, guarantee_needed, held_for, to_secure
from traders.models import Company
from traders.selectors import companies_of

SEE_GUARANTEES = frozenset({Role.TREASURY, Role.AUDITOR})
ENDING_WITHIN = timedelta(days=30)
_HELD = Reservation.Status.HELD


# Which can secure ---------------------------------------------------------------------------------------------
def in_force(guarantee: Guarantee, *, on: date) -> bool:
    """Whether it can secure anything on the day."""
    return guarantee.valid_from <= on and (guarantee.valid_to is None or on <= guarantee.valid_to)


def guarantees_of(company: Company, mrn: str) -> list[Guarantee]:
    """What may secure the declaration: what is for it alone, undertakings that end first, the company's deposit."""
    order = Case(
        When(scope=Guarantee.Scope.INDIVIDUAL, then=Value(0)),
        When(form=Guarantee.Form.UNDERTAKING, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    rows = Guarantee.objects.filter(Q(mrn="") | Q(mrn=mrn), account__company=company)
    return list(rows.select_related("account__company").order_by(order, "valid_to", "pk"))


def guarantee_for(company: Company, declaration: Declaration, *, on: date) -> Account | None:
    """The account that can hold what the declaration needs: the one that holds it now, or else the first that can."""
    held = held_for(declaration.mrn)
    wanted = guarantee_needed(declaration)
    found = [row for row in guarantees_of(company, declaration.mrn) if in_force(row, on=on)]
    found.sort(key=lambda row: held is None or row.account_id != held.account_id)
    for row in found:
        has = held.amount if held and held.account_id == row.account_id else ZERO
        if row.account.available + has >= wanted:
            return row.account
    return None


def others_that_can_hold(companies: Iterable[Company], declaration: Declaration, *, on: date) -> list[Guarantee]:
    """Guarantees of these companies that could hold what another one holds for the declaration now."""
    held = held_for(declaration.mrn)
    if held is None:
        return []
    wanted = guarantee_needed(declaration)
    found = [row for company in companies for row in guarantees_of(company, declaration.mrn) if in_force(row, on=on)]
    return [row for row in found if row.account_id != held.account_id and row.account.available >= wanted]


def expired_of(company: Company, mrn: str, *, on: date) -> Guarantee | None:
    """An undertaking that would secure the declaration if it had not expired, the latest one."""
    rows = [row for row in guarantees_of(company, mrn) if row.valid_to and row.valid_to < on and row.account.limit]
    return rows[-1] if rows else None


def expired_hold(declaration: Declaration, *, on: date) -> Guarantee | None:
    """The guarantee that holds what the declaration needs, if it has expired."""
    if not declaration.guaranteed:
        return None
    rows = Guarantee.objects.filter(account__reservations__mrn=declaration.mrn, account__reservations__status=_HELD)
    found: Guarantee | None = rows.filter(valid_to__lt=on).first()
    return found


# Who sees which -----------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class TreasuryPowers:
    """What somebody may do with every company's guarantees."""

    reads: bool
    acts: bool


def treasury_powers(user: User, *, on: date) -> TreasuryPowers:
    """The treasury acts, auditors read."""
    roles = roles_of(user, on=on)
    return TreasuryPowers(bool(roles & SEE_GUARANTEES), Role.TREASURY in roles)


def guarantees_visible_to(user: User, *, on: date) -> QuerySet[Guarantee]:
    """Every guarantee for treasury and auditors; for others those of the companies that they pay for."""
    rows: QuerySet[Guarantee] = Guarantee.objects.select_related("account__company", "by")
    if treasury_powers(user, on=on).reads:
        return rows
    return rows.filter(account__company__in=companies_of(user, *PAYING_RIGHTS, on=on).confirmed())


def guarantee_by_key(user: User, key: uuid.UUID, *, on: date) -> Guarantee:
    """One of those that `user` sees; raises Guarantee.DoesNotExist."""
    return guarantees_visible_to(user, on=on).get(public_id=key)


def guarantees_list(user: User, *, search: str, state: str, on: date) -> QuerySet[Guarantee]:
    """Those with something on them or of a guarantor, by words of the search and by state, the soonest end first."""
    rows = guarantees_visible_to(user, on=on).annotate(
        holds=Count("account__reservations", filter=Q(account__reservations__status=_HELD), distinct=True),
        waits=Exists(GuaranteeTerms.objects.filter(guarantee=OuterRef("pk"), status="proposed")),
    )
    for word in search.split():
        rows = rows.filter(
            Q(reference__icontains=word)
            | Q(guarantor__icontains=word)
            | Q(mrn__iexact=word)
            | Q(account__company__name__icontains=word)
            | Q(account__company__tin=word)
            | Exists(Reservation.objects.filter(account=OuterRef("account"), mrn__iexact=word))
        )
    conditions = {
        "holding": Q(holds__gt=0),
        "ending": Q(valid_to__gte=on, valid_to__lte=on + ENDING_WITHIN),
        "expired": Q(valid_to__lt=on, holds__gt=0),
        "waiting": Q(waits=True),
        "": Q(form=Guarantee.Form.UNDERTAKING) | ~Q(account__balance=0) | Q(holds__gt=0) | ~Q(account__limit=0),
    }
    return rows.filter(conditions.get(state, conditions[""])).order_by(
        "-waits", F("valid_to").asc(nulls_last=True), "pk"
    )


def terms_of(guarantee: Guarantee) -> QuerySet[GuaranteeTerms]:
    """What was proposed and decided, the latest first."""
    return guarantee.terms.select_related("by", "decided_by").order_by("-pk")


def terms_by_key(guarantee: Guarantee, pk: int) -> GuaranteeTerms:
    """Raises GuaranteeTerms.DoesNotExist."""
    return guarantee.terms.get(pk=pk)


def paper_of_guarantee(guarantee: Guarantee, key: uuid.UUID) -> GuaranteePaper:
    """Raises GuaranteePaper.DoesNotExist."""
    return guarantee.papers.get(public_id=key)


# What it holds ------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Hold:
    """What a guarantee holds for a declaration: since when, until when its goods are to be accounted for."""

    reservation: Reservation
    guarantee: Guarantee
    declaration: Declaration
    since: datetime | None
    due: date | None
    overdue: bool
    freed: Decimal
    called: Decimal
    expired: bool


def holds_of(guarantee: Guarantee) -> QuerySet[Reservation]:
    """What it holds now, the oldest first."""
    found: QuerySet[Reservation] = guarantee.account.reservations.filter(status=_HELD)
    return found.select_related("account__guarantee").order_by("pk")


def explained(reservations: Iterable[Reservation], *, on: date) -> list[Hold]:
    """Each hold with its declaration and dates: a few queries, however many they are."""
    rows = list(reservations)
    mrns = [row.mrn for row in rows]
    newest = {
        row.mrn: row for row in Declaration.objects.filter(mrn__in=mrns).defer("held", "kept").order_by("version")
    }
    since = dict(Reservation.objects.filter(mrn__in=mrns).order_by().values_list("mrn").annotate(first=Min("at")))
    stock = StockAccount.objects.filter(mrn__in=mrns, due__isnull=False).with_stock()
    due = dict(stock.order_by().values_list("mrn").annotate(first=Min("due")))
    freed: dict[str, Decimal] = defaultdict(Decimal)
    called: dict[str, Decimal] = defaultdict(Decimal)
    for mrn, call, amount in GuaranteeFreed.objects.filter(mrn__in=mrns).values_list("mrn", "call", "amount"):
        (called if call else freed)[mrn] += amount
    return [
        Hold(
            reservation=row,
            guarantee=row.account.guarantee,
            declaration=newest[row.mrn],
            since=since.get(row.mrn),
            due=due.get(row.mrn),
            overdue=bool(due.get(row.mrn) and due[row.mrn] < on),
            freed=freed[row.mrn],
            called=called[row.mrn],
            expired=not in_force(row.account.guarantee, on=on),
        )
        for row in rows
    ]


def ended_holds_of(guarantee: Guarantee) -> QuerySet[Reservation]:
    """What it held once and was given back or taken, the latest first."""
    return guarantee.account.reservations.exclude(status=_HELD).select_related("declaration", "call").order_by("-pk")


def calls_of(mrn: str) -> QuerySet[GuaranteeCall]:
    """What was called on a declaration, the oldest first."""
    found: QuerySet[GuaranteeCall] = GuaranteeCall.objects.filter(mrn=mrn).select_related("by").order_by("pk")
    return found


def call_by_key(pk: int) -> GuaranteeCall:
    """Raises GuaranteeCall.DoesNotExist."""
    found: GuaranteeCall = GuaranteeCall.objects.select_related("declaration", "reservation__account").get(pk=pk)
    return found


def hold_shown(declaration: Declaration, *, on: date) -> Hold | None:
    """What is held for the declaration, for its page."""
    held = held_for(declaration.mrn)
    return explained([held], on=on)[0] if held else None


def overdue_stock(mrn: str, *, on: date) -> QuerySet[StockAccount]:
    """Accounts that the declaration opened, whose term is over and on which something is left."""
    rows: QuerySet[StockAccount] = StockAccount.objects.filter(mrn=mrn, item__isnull=False, due__lt=on).with_stock()
    return rows.exclude(mrn="").order_by("pk")


# What a sweep looks for ---------------------------------------------------------------------------------------
def overdue_to_call(*, on: date, limit: int) -> list[int]:
    """Declarations whose stock has been overdue for longer than customs wait before they call the guarantee."""
    last = on - timedelta(days=settings.GUARANTEE_CALLED_AFTER_DAYS)
    rows = StockAccount.objects.filter(item__isnull=False, due__lt=last).with_stock().order_by("due")
    keys = rows.values_list("item__declaration_id", flat=True)
    return list(dict.fromkeys(keys[: limit * 10]))[:limit]


def held_too_little(*, limit: int) -> list[int]:
    """Released declarations for which less is held than they need, or more: what a verb should have seen to."""
    held = Reservation.objects.filter(mrn=OuterRef("mrn"), status=_HELD)
    rows = Declaration.objects.filter(status__in=(Status.RELEASED, Status.EXITED), guaranteed__gt=0)
    rows = rows.filter(Exists(StockAccount.objects.filter(mrn=OuterRef("mrn")).with_stock()) | Exists(held))
    found = [row.pk for row in rows.defer("held", "kept").order_by("-pk")[: limit * 10] if to_secure(row)]
    return found[:limit]


def to_remind_of(kind: GuaranteeReminder.Kind, *, on: date) -> QuerySet[Guarantee]:
    """Guarantees that hold something and end soon, or have expired, of which nobody was told with this last day."""
    said = GuaranteeReminder.objects.filter(guarantee=OuterRef("pk"), kind=kind, valid_to=OuterRef("valid_to"))
    holds = Reservation.objects.filter(account=OuterRef("account"), status=_HELD)
    days = (
        Q(valid_to__lt=on)
        if kind == GuaranteeReminder.Kind.EXPIRED
        else Q(valid_to__gte=on, valid_to__lte=on + ENDING_WITHIN)
    )
    rows: QuerySet[Guarantee] = Guarantee.objects.filter(days, Exists(holds)).filter(~Exists(said))
    return rows.order_by("pk")
