"""Stock accounts as people look at them: lists, one account with all that happened to it, and whose term ends when.

Which accounts a person sees is said by `stock_visible_to` alone.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings
from django.db.models import F, Q, QuerySet

from accounts.models import User
from declarations.models import (
    Declaration,
    ExtendedTerm,
    ExtensionPaper,
    RefusedBalance,
    StockAccount,
    StockMovement,
    StockWriteOff,
    TermExtension,
)
from declarations.selectors.access import visible_to
from declarations.selectors.numbers import any_of, earlier_in_text, written_mrn
from declarations.selectors.served import PREPARE
from declarations.selectors.stock import stock_visible_to
from lib.codes import digits_of
from lib.languages import in_language
from tariffs.models import Procedure
from tariffs.selectors import procedures
from traders.models import Company
from traders.selectors import companies_of

OFFERED = 200
HOME_USE = "4"
_SHORTEST_CODE = 4
_EMPTY = Q(net_mass_left=0, supplementary_quantity_left=0) & (
    Q(net_mass__gt=0) | Q(supplementary_quantity__gt=0) | Q(packages_left=0, value_left=0)
)


# Lists --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class StockFilters:
    """Filters of a list; an empty one filters nothing. `state` is "left", "soon", "overdue" or "empty"."""

    text: str = ""
    state: str = ""
    procedure: str = ""
    company: str = ""


def stock_list(user: User, wanted: StockFilters, *, on: date) -> QuerySet[StockAccount]:
    """Accounts that `user` sees and that fit, the newest first; of those whose term matters, the nearest term."""
    return _fitting(stock_visible_to(user, on=on), wanted, on=on)


def stock_of_offices(within: Q, wanted: StockFilters, *, on: date) -> QuerySet[StockAccount]:
    """As `stock_list`, of the offices that `within` names by `office_code`."""
    return _fitting(StockAccount.objects.confirmed().filter(within).select_related("company"), wanted, on=on)


def _fitting(rows: QuerySet[StockAccount], wanted: StockFilters, *, on: date) -> QuerySet[StockAccount]:
    rows = rows.filter(_found(wanted.text))
    if wanted.procedure:
        rows = rows.filter(procedure=wanted.procedure)
    if wanted.company:
        rows = rows.filter(Q(company__tin=wanted.company) | Q(company__name__icontains=wanted.company))
    if wanted.state == "empty":
        return rows.filter(_EMPTY)
    if wanted.state:
        rows = rows.with_stock()  # type: ignore[attr-defined]
    if wanted.state == "overdue":
        return rows.filter(due__lt=on).order_by("due", "pk")
    if wanted.state == "soon":
        return rows.filter(due__gte=on, due__lte=on + timedelta(days=settings.STOCK_DUE_SOON_DAYS)).order_by(
            "due", "pk"
        )
    return rows


def _found(text: str) -> Q:
    """Accounts by number, MRN, commodity code or words of the goods."""
    text = text.strip()
    if not text:
        return Q()
    earlier = earlier_in_text(text)
    if earlier is not None:
        found = any_of([earlier], year="year", number="number")
        return found & Q(item_number=earlier.item) if earlier.item else found
    digits = digits_of(text) or ""
    found = Q(description__icontains=text)
    if len(digits) >= _SHORTEST_CODE:
        found |= Q(commodity_code__startswith=digits)
    if text.isdecimal() and len(text) <= 9:
        found |= Q(number=int(text))
    if len(mrn := written_mrn(text)) >= _SHORTEST_CODE:
        found |= Q(mrn__startswith=mrn)
    return found


def procedure_names(*, on: date) -> dict[str, str]:
    """Procedures that open an account, by their two digits, in the reader's language."""
    names: dict[str, str] = {}
    for row in procedures(on=on).filter(opens_account=True).order_by("code"):
        names.setdefault(row.requested, in_language(row))
    return names


# One account --------------------------------------------------------------------------------------------------
def stock_account_for(user: User, key: int, *, on: date) -> StockAccount:
    """The account with this primary key, if `user` may see it. Raises StockAccount.DoesNotExist otherwise."""
    rows = stock_visible_to(user, on=on)
    return rows.select_related("company", "item__declaration__declarant", "entered_by", "confirmed_by").get(pk=key)


@dataclass(frozen=True, slots=True)
class ShownMovement:
    """A movement with what was left after it. `declaration` is the one that drew, None if the reader may not see it."""

    row: StockMovement
    left: Decimal
    declaration: Declaration | None


def movements_shown(account: StockAccount, *, to: User, on: date) -> list[ShownMovement]:
    """Every movement, the oldest first; declarations only as their own gate shows them."""
    rows = list(
        StockMovement.objects.filter(account=account)
        .select_related("item", "by", "second", "discharge", "write_off")
        .order_by("pk")
    )
    drawing = {row.item.declaration_id for row in rows if row.item is not None}
    seen = {one.pk: one for one in visible_to(to, on=on).filter(pk__in=drawing).as_rows()} if drawing else {}
    measure = "net_mass" if account.net_mass else "supplementary_quantity"
    left, shown = getattr(account, measure), []
    for row in rows:
        left -= getattr(row, measure)
        shown.append(ShownMovement(row, left, seen.get(row.item.declaration_id) if row.item is not None else None))
    return shown


def opening_of(account: StockAccount, *, to: User, on: date) -> Declaration | None:
    """The declaration that brought the goods in, if the reader may see it."""
    if account.item is None:
        return None
    return visible_to(to, on=on).filter(pk=account.item.declaration_id).as_rows().first()


def same_number(account: StockAccount) -> QuerySet[StockAccount]:
    """The accounts of one declaration: of every item that it brought in, by item."""
    found: QuerySet[StockAccount] = StockAccount.objects.filter(
        office_code=account.office_code, year=account.year, series=account.series, number=account.number
    )
    return found.order_by("item_number")


def extensions_of(account: StockAccount) -> QuerySet[TermExtension]:
    """Requests for more time that concern the account: its own, and those for its whole declaration."""
    whole = Q(whole_declaration=True, account__in=same_number(account).filter(company=account.company_id))
    rows: QuerySet[TermExtension] = TermExtension.objects.filter(Q(account=account) | whole)
    return rows.select_related("asked_by", "decided_by").prefetch_related("papers")


def terms_of(account: StockAccount) -> QuerySet[ExtendedTerm]:
    """The extensions that the account has had, the oldest first."""
    return ExtendedTerm.objects.filter(account=account).select_related("extension")


def write_offs_of(account: StockAccount) -> QuerySet[StockWriteOff]:
    """Acts on the account, decided or not, the newest first."""
    rows: QuerySet[StockWriteOff] = StockWriteOff.objects.filter(account=account)
    return rows.select_related("recorded_by", "decided_by")


def paper_of_extension(user: User, key: uuid.UUID, *, on: date) -> ExtensionPaper:
    """A paper of a request, for whoever sees the account. Raises ExtensionPaper.DoesNotExist otherwise."""
    seen = stock_visible_to(user, on=on)
    return ExtensionPaper.objects.get(public_id=key, extension__account__in=seen.values("pk"))


def procedure_of(account: StockAccount, *, on: date) -> Procedure | None:
    """The row of the table of procedures that says how the account's term is extended on the day."""
    opening = procedures(on=on).filter(opens_account=True)
    if account.item is not None:
        return opening.filter(code=account.item.extended_procedure).first()
    return opening.filter(code__startswith=account.procedure).order_by("code").first()


def procedures_that_draw(account: StockAccount, *, on: date) -> list[Procedure]:
    """Procedures under which goods may come out of the account, home use (4…) first."""
    rows = procedures(on=on).filter(draws_stock=True, code__endswith=account.procedure).exclude(general_procedure="")
    return sorted(rows, key=lambda row: (not row.code.startswith(HOME_USE), row.code))


# Who may ask --------------------------------------------------------------------------------------------------
def may_ask_for_stock(user: User, account: StockAccount, *, on: date) -> bool:
    """Whether `user` prepares for the company whose stock it is, or for the one that filed its declaration."""
    keys = {account.company_id}
    if account.item is not None:
        keys.add(account.item.declaration.declarant_id)
    return companies_of(user, *PREPARE, on=on).filter(pk__in=keys).exists()


# A declaration and stock --------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class DrawnStock:
    """A movement of a declaration, and whether the reader may look at the account."""

    row: StockMovement
    is_seen: bool


def stock_opened_by(declaration: Declaration, *, to: User, on: date) -> list[StockAccount]:
    """Accounts that the declaration's items opened, by item, as far as the reader may see them."""
    return list(stock_visible_to(to, on=on).filter(item__declaration=declaration).order_by("item_number"))


def stock_drawn_by(declaration: Declaration, *, to: User, on: date) -> list[DrawnStock]:
    """What the declaration's items drew and gave back, by item; accounts only as their own gate shows them."""
    rows = StockMovement.objects.filter(item__declaration=declaration)
    moved = list(rows.select_related("account", "item").order_by("item__number", "pk"))
    wanted = {row.account_id for row in moved}
    seen = set(stock_visible_to(to, on=on).filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else set()
    return [DrawnStock(row, row.account_id in seen) for row in moved]


def stock_offered(companies: Iterable[Company], *, on: date) -> Sequence[StockAccount]:
    """Accounts of the companies with something left, the nearest term first: what box 40 may name."""
    rows = StockAccount.objects.confirmed().with_stock().filter(company__in=list(companies))
    return list(rows.exclude(due__lt=on).order_by(F("due").asc(nulls_last=True), "pk")[:OFFERED])


# What waits for an officer ------------------------------------------------------------------------------------
def extension_of(within: Q, key: int) -> TermExtension:
    """A request of these offices, decided or not. Raises TermExtension.DoesNotExist otherwise."""
    mine = StockAccount.objects.filter(within).values("pk")
    rows = TermExtension.objects.select_related("account__company", "account__item__declaration", "decided_by")
    return rows.get(pk=key, account__in=mine)


def write_off_of(within: Q, key: int) -> StockWriteOff:
    """An act on stock of these offices, decided or not. Raises StockWriteOff.DoesNotExist otherwise."""
    mine = StockAccount.objects.filter(within).values("pk")
    rows = StockWriteOff.objects.select_related("account__company", "account__item__declaration", "decided_by")
    return rows.get(pk=key, account__in=mine)


def balance_of(within: Q, key: int) -> StockAccount:
    """Goods from before the system, entered or confirmed. Raises StockAccount.DoesNotExist otherwise."""
    rows = StockAccount.objects.select_related("company", "entered_by", "confirmed_by")
    found: StockAccount = rows.filter(within).get(pk=key, is_opening_balance=True)
    return found


def extensions_waiting(within: Q) -> QuerySet[TermExtension]:
    """Requests of the offices that `within` names (by `office_code`), the longest waiting first."""
    mine = StockAccount.objects.filter(within).values("pk")
    rows: QuerySet[TermExtension] = TermExtension.objects.filter(status=TermExtension.Status.ASKED, account__in=mine)
    return rows.select_related("account__company", "asked_by").order_by("pk")


def write_offs_waiting(within: Q) -> QuerySet[StockWriteOff]:
    """Acts that a second officer has to confirm, the longest waiting first."""
    mine = StockAccount.objects.filter(within).values("pk")
    rows: QuerySet[StockWriteOff] = StockWriteOff.objects.filter(status=StockWriteOff.Status.RECORDED, account__in=mine)
    return rows.select_related("account__company", "recorded_by").order_by("pk")


def balances_waiting(within: Q) -> QuerySet[StockAccount]:
    """Goods from before the system that a second officer has to confirm, the longest waiting first."""
    rows: QuerySet[StockAccount] = StockAccount.objects.filter(within, is_opening_balance=True, confirmed_by=None)
    return rows.select_related("company", "entered_by").order_by("pk")


def balances_refused(within: Q) -> QuerySet[RefusedBalance]:
    """Entries that a second officer refused, the newest first."""
    rows: QuerySet[RefusedBalance] = RefusedBalance.objects.filter(within)
    return rows.select_related("entered_by", "refused_by")
