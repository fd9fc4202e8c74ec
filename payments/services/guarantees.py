"""A guarantee is freed as the stock it secures is discharged: in part or whole, never beyond it and never twice."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_DOWN, Decimal, localcontext

from django.db import transaction
from django.db.models import Exists, OuterRef

from declarations import services as declarations
from declarations.models import MEASURES, Declaration, StockAccount, StockDischarge, StockMovement
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
    discharges = list(waiting.order_by("pk"))
    if not discharges:
        return declaration
    held = selectors.held_for(declaration.mrn)
    if held is not None:
        lock_accounts(held.account)
    freed = max(_freed_in_all(declaration) - selectors.freed_of(declaration.mrn), ZERO)
    GuaranteeFreed.objects.bulk_create(
        GuaranteeFreed(discharge=one, mrn=declaration.mrn, amount=freed if one == discharges[-1] else ZERO, at=at)
        for one in discharges
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


def _freed_in_all(declaration: Declaration) -> Decimal:
    """What is secured no longer: of each item's secured charges the share that was discharged, rounded down.

    The last part of an item frees the rest of it; the last of all what is charged on the declaration too.
    """
    accounts = StockAccount.objects.filter(mrn=declaration.mrn)
    secured = selectors.secured_by_item(declaration)
    place = last_place(national_currency().decimals)
    done = _discharged(declaration.mrn)
    freed, whole = ZERO, set()
    for account in accounts:
        freed += _share(secured.get(account.item_number, ZERO), account, done[account.pk], place)
        if _is_whole(account, done[account.pk]):
            whole.add(account.item_number)
    return freed + secured.get(None, ZERO) if secured.keys() - {None} <= whole else freed


def _discharged(mrn: str) -> dict[int, dict[str, Decimal]]:
    """What was discharged of each account, by measure; what a correction gave back after all does not count."""
    rows = StockMovement.objects.filter(account__mrn=mrn)
    back = rows.filter(kind=StockMovement.Kind.GIVE_BACK, account=OuterRef("account"), item=OuterRef("item"))
    done: dict[int, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in rows.filter(~Exists(back), discharge__isnull=False):
        for name in MEASURES:
            done[row.account_id][name] += getattr(row, name)
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
