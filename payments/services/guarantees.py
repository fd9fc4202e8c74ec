"""A guarantee is freed as the stock it secures is discharged: in part or whole, never beyond it and never twice."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import ROUND_DOWN, Decimal, localcontext

from django.db import transaction

from declarations import services as declarations
from declarations.models import Declaration, StockAccount, StockDischarge
from lib.figures import ZERO, last_place, plain
from payments import selectors, states
from payments.models import GuaranteeFreed, Reservation
from payments.services.accounts import lock_accounts
from tariffs.selectors import national_currency

MEASURED_BY = (("net_mass", "supplementary_quantity"), ("packages",), ("value",))
PRECISION = 60
Done = Mapping[str, Decimal]


@transaction.atomic
def free_guarantee(declaration_pk: int, *, at: datetime) -> Declaration:
    """Free of the guarantee what the discharged stock of this declaration no longer needs secured.

    Safe to repeat: a discharge counts once (a key of the database). The history of the declaration says what was freed.
    """
    pk = selectors.newest_version(declaration_pk)
    declaration = declarations.lock(pk)
    waiting = StockDischarge.objects.filter(freed=None, movement__account__mrn=declaration.mrn)
    discharges = list(waiting.select_related("movement__account").order_by("pk"))
    if not discharges:
        return declaration
    held = selectors.held_for(declaration.mrn)
    if held is not None:
        lock_accounts(held.account)
    amounts = _freed_by(discharges, declaration)
    GuaranteeFreed.objects.bulk_create(
        GuaranteeFreed(discharge=one, mrn=declaration.mrn, amount=amount, at=at)
        for one, amount in zip(discharges, amounts, strict=True)
    )
    needed = selectors.guarantee_needed(declaration)
    if held is not None and held.amount > needed:
        hold_less(held, declaration, at=at)
        told = {"freed": plain(held.amount - needed, least=2)}
        declarations.record(declaration, verb="money_back", by=None, at=at, data=told)
    return declaration


def hold_less(held: Reservation, declaration: Declaration, *, at: datetime) -> None:
    """Void a reservation and hold on its account what the declaration needs now, if anything."""
    states.end_reservation(held, Reservation.Status.VOIDED, at=at)
    if needed := selectors.guarantee_needed(declaration):
        Reservation.objects.create(
            account=held.account, declaration=declaration, mrn=declaration.mrn, amount=needed, by=held.by, at=at
        )


def _freed_by(discharges: Iterable[StockDischarge], declaration: Declaration) -> list[Decimal]:
    """What each discharge frees: as much of its item's secured charges as it is of what came in, rounded down.

    The last one of an item frees the rest of it; the last one of all frees what is charged on the declaration too.
    """
    accounts = {row.item_number: row for row in StockAccount.objects.filter(mrn=declaration.mrn)}
    secured = selectors.secured_by_item(declaration)
    done = _discharged_before(accounts.values())
    place = last_place(national_currency().decimals)
    found = []
    for one in discharges:
        account = accounts[one.movement.account.item_number]
        amount, so_far = secured.get(account.item_number, ZERO), done[account.pk]
        before = _share(amount, account, so_far, place)
        for name in _measures(account):
            so_far[name] += getattr(one.movement, name)
        freed = _share(amount, account, so_far, place) - before
        whole = all(_is_whole(row, done[row.pk]) for row in accounts.values())
        if whole and secured.keys() - {None} <= accounts.keys():
            freed += secured.pop(None, ZERO)
        found.append(freed)
    return found


def _discharged_before(accounts: Iterable[StockAccount]) -> dict[int, dict[str, Decimal]]:
    """What was discharged of each account and has been counted, by measure."""
    done: dict[int, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    counted = StockDischarge.objects.filter(freed__isnull=False, movement__account__in=list(accounts))
    for one in counted.select_related("movement__account"):
        for name in _measures(one.movement.account):
            done[one.movement.account_id][name] += getattr(one.movement, name)
    return done


def _measures(account: StockAccount) -> list[str]:
    """What an account is measured by: mass and quantity as far as they came in, or else packages, or else value."""
    for names in MEASURED_BY:
        if there := [name for name in names if getattr(account, name)]:
            return there
    return []


def _is_whole(account: StockAccount, done: Done) -> bool:
    return all(done[name] >= getattr(account, name) for name in _measures(account))


def _share(amount: Decimal, account: StockAccount, done: Done, place: Decimal) -> Decimal:
    """The part of an amount that goes with what is discharged: the least by any measure, rounded down."""
    if _is_whole(account, done):
        return amount
    with localcontext() as context:
        context.prec = PRECISION
        parts = [amount * done[name] / Decimal(getattr(account, name)) for name in _measures(account)]
        return min(min(parts), amount).quantize(place, rounding=ROUND_DOWN)
